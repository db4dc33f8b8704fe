import { randomUUID } from 'node:crypto';
import { A, HOME, PASSWORD, PLACE, ROLES, expect, placeNamed, test } from '../desk';

const PLACES = {
    user: [PLACE.my, PLACE.report],
    technician: [PLACE.jobs, PLACE.pool, PLACE.my, PLACE.report],
    admin: [PLACE.tickets, PLACE.people, PLACE.my, PLACE.report],
};

for (const role of ROLES) {
    test(`${A[role]} signs in, is sent home and sees the places of that role`, async ({ page, desk }) => {
        await desk.open('/');
        await expect(page).toHaveURL('/sign-in');
        await expect(page).toHaveTitle(/^登录 · /);

        await desk.signIn(role);

        await expect(page).toHaveURL(HOME[role]);
        await expect(desk.places.getByRole('link')).toHaveText(PLACES[role].map(placeNamed));
        const current = desk.places.locator('[aria-current=page]');
        await expect(current).toHaveText(placeNamed(PLACES[role][0]!));
        await expect(page.getByRole('heading', { level: 1 })).toHaveText(PLACES[role][0]!);
        await expect(desk.rows).toHaveCount(10);
    });
}

test('somebody who follows a link signs in first and comes back to it', async ({ page, desk }) => {
    const wanted = `/tickets?list=done&campus=${encodeURIComponent('江安')}&page=2`;
    await desk.open(wanted);
    expect(new URL(page.url()).pathname).toBe('/sign-in');

    await desk.signIn('admin');

    await expect(page).toHaveURL(wanted);
    await desk.isOnTab('done');
    await expect(page.getByLabel('校区')).toHaveValue('江安');
});

test('whoever goes back after signing out is shown nothing of what was there', async ({ page, desk }) => {
    await desk.open('/sign-in');
    await desk.signIn('user');
    await desk.alive();
    const number = await desk.numbers.first().innerText();
    await desk.open(`/tickets/${number}`);
    const phone = await desk.main.locator('dt:text-is("电话") + dd').innerText();
    await desk.open('/my');
    await desk.signOut();

    for (let step = 0; step < 3; step++) {
        await page.goBack();
        await expect(page.getByLabel('密码', { exact: true })).toBeVisible();
        expect(await page.content()).not.toContain(phone);
    }
});

for (const elsewhere of ['https://evil.example/', '/\\evil.example']) {
    test(`nobody is sent to ${elsewhere} after signing in`, async ({ page, desk }) => {
        await desk.open(`/sign-in?return_to=${encodeURIComponent(elsewhere)}`);
        await desk.signIn('user');
        await expect(page).toHaveURL('/my');
    });
}

test('somebody with a wrong password reads why, finds the name still there, and gets in at the second try', async ({
    page,
    desk,
    watch,
}) => {
    await desk.open('/my?list=done');
    watch.expectFailure(401, '/sign-in');
    const answer = page.waitForResponse(response => response.request().method() === 'POST');

    await desk.signIn('user', 'not the password');

    expect((await answer).status()).toBe(401);
    await expect(desk.main.getByRole('alert')).toContainText('账号或密码不对');
    await expect(page.getByLabel('账号', { exact: true })).toHaveValue('user');
    await expect(page.getByLabel('密码', { exact: true })).toHaveValue('');
    await desk.alive();

    await page.getByLabel('密码', { exact: true }).fill(PASSWORD);
    await page.getByLabel('密码', { exact: true }).press('Enter');

    await expect(page).toHaveURL('/my?list=done');
    await desk.isOnTab('done');
});

test('somebody who is refused and then changes the language still comes back to where they were going', async ({
    page,
    desk,
    watch,
}) => {
    await desk.open('/my?list=done');
    watch.expectFailure(401, '/sign-in');
    await desk.signIn('user', 'not the password');
    await expect(desk.main.getByRole('alert')).toBeVisible();

    await page.getByRole('button', { name: 'English' }).click();
    await page.getByLabel('Account', { exact: true }).fill('user');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await desk.main.getByRole('button', { name: 'Sign in' }).click();

    await expect(page).toHaveURL('/my?list=done');
});

test('somebody who guesses is told to wait, whether or not the account exists', async ({ page, desk, watch }) => {
    const nobody = `nobody-${randomUUID()}`;
    watch.expectFailure(401, '/sign-in');
    watch.expectFailure(429, '/sign-in');
    await desk.open('/sign-in');
    const alert = desk.main.getByRole('alert');
    for (let guess = 1; guess <= 5; guess++) {
        const answer = page.waitForResponse(response => response.request().method() === 'POST');
        await desk.signIn(nobody, `guess ${guess}`);
        expect((await answer).status()).toBe(401);
        await expect(alert).toContainText('账号或密码不对');
    }

    const answer = page.waitForResponse(response => response.request().method() === 'POST');
    await desk.signIn(nobody, 'guess 6');

    const response = await answer;
    expect(response.status()).toBe(429);
    expect(Number(response.headers()['retry-after'])).toBeGreaterThan(0);
    await expect(alert).toHaveText(/^尝试次数太多，请等 \d+ 秒后再试。$/);
    await expect(page.getByLabel('账号', { exact: true })).toHaveValue(nobody);
});

test('somebody who signs out is shown no tickets by the back button', async ({ page, desk }) => {
    await desk.open('/sign-in');
    await desk.signIn('user');
    await expect(desk.rows).toHaveCount(10);
    await desk.alive();

    await desk.signOut();
    await page.goBack();

    await expect(page.getByLabel('密码', { exact: true })).toBeVisible();
    await expect(desk.rows).toHaveCount(0);
    await expect(page.getByText('周雨晴')).toHaveCount(0);
});

test.describe('with a session', () => {
    test.use({ role: 'technician' });

    test('somebody signed in is sent home from the sign-in page', async ({ page, desk }) => {
        await desk.open('/sign-in');
        await expect(page).toHaveURL('/jobs');
    });

    test('the name of the desk leads home', async ({ page, desk }) => {
        await desk.open('/account');
        await page.getByRole('banner').getByRole('link').first().click();
        await expect(page).toHaveURL('/jobs');
        await expect(desk.rows).toHaveCount(10);
    });
});
