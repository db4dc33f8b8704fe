import { PASSWORD, ROLES, expect, test, type Desk } from '../desk';

const field = (desk: Desk, label: string) => desk.page.getByLabel(label, { exact: true });

async function change(desk: Desk, current: string, wanted: string, repeated: string): Promise<number> {
    const { page } = desk;
    await field(desk, '当前密码').fill(current);
    await field(desk, '新密码').fill(wanted);
    await field(desk, '再输一次新密码').fill(repeated);
    const answer = page.waitForResponse(response => response.request().method() === 'POST');
    await page.getByRole('button', { name: '修改密码' }).click();
    const status = (await answer).status();
    await desk.alive();
    return status;
}

test.describe('a technician', () => {
    test.use({ role: 'technician' });

    test('reads who they are', async ({ page, desk, api }) => {
        await desk.open('/jobs');
        await desk.openMenu('账号与密码');
        await page.getByRole('link', { name: '账号与密码' }).click();
        await expect(page).toHaveURL('/account');
        await expect(page).toHaveTitle(/^账号与密码 · /);
        await expect(desk.main.locator('dd')).toHaveText(['陈工', String(await api.uid('technician')), '技术员']);
    });

    test('is told at the field what is wrong with a new password', async ({ desk, watch }) => {
        watch.expectFailure(422, '/account');
        await desk.open('/account');
        for (const [at, message, current, wanted, repeated] of [
            ['当前密码', '当前密码不对，再输一次', 'not it at all', 'a new password', 'a new password'],
            ['新密码', '太短了，至少 8 个字符', PASSWORD, 'short', 'short'],
            ['新密码', '太长了，最多 1024 字节', PASSWORD, '长'.repeat(400), '长'.repeat(400)],
            ['再输一次新密码', '两次输入的新密码不一样', PASSWORD, 'a new password', 'another one'],
        ] as const) {
            expect(await change(desk, current, wanted, repeated), message).toBe(422);

            await expect(field(desk, at), message).toHaveAttribute('aria-invalid', 'true');
            await expect(field(desk, at)).toHaveAccessibleDescription(new RegExp(message));
            await expect(desk.main.locator('[aria-invalid=true]'), message).toHaveCount(1);
            // A password is never written into a page.
            for (const label of ['当前密码', '新密码', '再输一次新密码']) {
                await expect(field(desk, label), message).toHaveValue('');
            }
        }
    });

    test('needs the password for another phone number, and loses nothing typed', async ({ page, desk, watch }) => {
        watch.expectFailure(422, '/account/profile');
        await desk.open('/account');
        await field(desk, '电话').fill('15400009999');

        await page.getByRole('button', { name: '保存资料' }).click();

        await expect(desk.main.getByRole('alert')).toContainText('你的密码');
        await expect(field(desk, '电话')).toHaveValue('15400009999');
        await expect(field(desk, '你的密码')).toHaveValue('');
        await expect(field(desk, '你的密码')).toHaveAttribute('aria-invalid', 'true');
    });
});

// Somebody else for every project, so that they do not lock each other out.
const CHANGERS: Record<string, number> = { desktop: 0, 'no-js': 1 };

test('somebody changes the password: this browser stays, the others are signed out, only the new one opens', async ({
    page,
    desk,
    watch,
    api,
    browser,
    baseURL,
    javaScriptEnabled,
}, { project }) => {
    // A telephone number is as good as a name; one that is on several tickets of
    // a person is their own. The accounts of the other tests are left alone.
    const busy = await Promise.all(ROLES.map(role => api.uid(role)));
    const strangers = (await api.everything()).filter(ticket => !busy.includes(ticket.user_id));
    const phones = strangers.map(ticket => `${ticket.user_id} ${ticket.user_phone}`);
    const own = [...new Set(phones.filter((phone, index) => phones.indexOf(phone) !== index))];
    const phone = own[CHANGERS[project.name]!]!.split(' ')[1]!;
    const renewed = 'one long sentence is fine';

    const other = await browser.newContext({ baseURL, javaScriptEnabled, locale: 'zh-CN' });
    const elsewhere = await other.newPage();
    await elsewhere.goto('/sign-in');
    await elsewhere.getByLabel('账号', { exact: true }).fill(phone);
    await elsewhere.getByLabel('密码', { exact: true }).fill(PASSWORD);
    await elsewhere.getByLabel('密码', { exact: true }).press('Enter');
    await expect(elsewhere).toHaveURL('/my');

    await desk.open('/account');
    await desk.signIn(phone);
    await expect(page).toHaveURL('/account');
    await desk.alive();
    expect(await change(desk, PASSWORD, renewed, renewed)).toBe(303);
    await expect(desk.main.getByRole('status')).toHaveText('密码已修改。其他设备已退出登录。');

    await desk.open('/my');
    await expect(page).toHaveURL('/my');
    await elsewhere.goto('/my');
    await expect(elsewhere).toHaveURL(/\/sign-in\?/);
    await other.close();

    await desk.alive();
    await desk.signOut();
    watch.expectFailure(401, '/sign-in');
    await desk.signIn(phone, PASSWORD);
    await expect(desk.main.getByRole('alert')).toContainText('账号或密码不对');
    await desk.alive();
    await desk.signIn(phone, renewed);
    await expect(page).toHaveURL('/my');

    // As it was, so that the test can run again.
    await desk.open('/account');
    expect(await change(desk, renewed, PASSWORD, PASSWORD)).toBe(303);
});

test('whoever is signed out signs in before they see an account', async ({ page, desk }) => {
    await desk.open('/account');
    await expect(page).toHaveURL('/sign-in?return_to=%2Faccount');
    await desk.signIn('user');
    await expect(page).toHaveURL('/account');
});
