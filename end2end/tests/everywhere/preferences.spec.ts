import { PLACE, expect, placeNamed, test } from '../desk';

test('somebody signed out reads the language of their browser', async ({ page, desk, browser, baseURL, javaScriptEnabled }) => {
    await desk.open('/sign-in');
    await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');

    const context = await browser.newContext({ locale: 'en-GB', baseURL, javaScriptEnabled });
    const english = await context.newPage();
    await english.goto('/sign-in');
    await expect(english.locator('html')).toHaveAttribute('lang', 'en');
    await expect(english.getByRole('heading', { level: 1 })).toHaveText('Sign in');
    await context.close();
});

test.describe('an admin', () => {
    test.use({ role: 'admin' });

    test('switches to English where they are, is remembered, and switches back', async ({ page, desk, api }) => {
        await desk.open('/tickets?list=done&page=2');

        await page.getByRole('button', { name: 'English' }).click();

        await expect(page).toHaveURL('/tickets?list=done&page=2');
        await expect(page.locator('html')).toHaveAttribute('lang', 'en');
        await expect(page).toHaveTitle(/^All tickets: Done, Page 2 · /);
        await desk.alive();
        const { data, total } = await api.tickets('admin', { list: 'done', page: 2 });
        await expect(page.getByRole('region', { name: 'Results' }).getByRole('status')).toHaveText(
            `11–20 of ${total.toLocaleString('en')}`,
        );
        await page.getByRole('rowheader').getByRole('link').first().click();
        await expect(page).toHaveTitle(new RegExp(`^Ticket ${data[0]!.id} · `));
        await page.goto('/account');
        await expect(page.getByRole('heading', { level: 1 })).toHaveText('Account and password');
        await expect(page.locator('html')).toHaveAttribute('lang', 'en');

        await page.getByRole('button', { name: '中文' }).click();
        await expect(page).toHaveURL('/account');
        await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
        await expect(page.getByRole('heading', { level: 1 })).toHaveText('账号与密码');
    });

    test('chooses a theme, is remembered on every page, and goes back to that of the system', async ({ page, desk }) => {
        const root = page.locator('html');
        const scheme = () => root.evaluate(element => getComputedStyle(element).colorScheme);
        await desk.open('/tickets?limit=20');
        await expect(root).not.toHaveAttribute('data-theme');
        const light = await root.evaluate(element => getComputedStyle(element).backgroundColor);

        await desk.openMenu('主题');
        await page.getByRole('button', { name: '深色' }).click();
        await expect(page).toHaveURL('/tickets?limit=20');
        await expect(root).toHaveAttribute('data-theme', 'dark');
        expect(await scheme()).toBe('dark');
        expect(await root.evaluate(element => getComputedStyle(element).backgroundColor)).not.toBe(light);

        await desk.open('/account');
        await expect(root).toHaveAttribute('data-theme', 'dark');
        await desk.openMenu('主题');
        await expect(page.getByRole('button', { name: '深色' })).toHaveAttribute('aria-pressed', 'true');
        await page.getByRole('button', { name: '浅色' }).click();
        await expect(root).toHaveAttribute('data-theme', 'light');
        await page.emulateMedia({ colorScheme: 'dark' });
        expect(await scheme()).toBe('light');

        await desk.openMenu('主题');
        await page.getByRole('button', { name: '跟随系统' }).click();
        await expect(root).not.toHaveAttribute('data-theme');
        expect(await scheme()).toBe('light dark');
    });
});

test.describe('a user', () => {
    test.use({ role: 'user' });

    test('keeps language and theme when the session ends', async ({ page, desk, context }) => {
        await desk.open('/my');
        await page.getByRole('button', { name: 'English' }).click();
        await expect(page.getByRole('heading', { level: 1 })).toHaveText('My repairs');
        await context.clearCookies({ name: /session/ });
        await page.goto('/my');
        await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in');
    });

    test('finds the notes of the interface in both languages', async ({ page, desk }) => {
        const response = await page.goto('/api/docs');
        expect(response?.status()).toBe(200);
        await expect(page).toHaveTitle(/^接口文档 · /);
        await expect(page.getByRole('heading', { level: 2 })).toContainText(['查询工单', '登录']);
        await expect(desk.places.getByRole('link')).toHaveText([placeNamed(PLACE.my), PLACE.report]);

        await desk.main.getByRole('link', { name: '/v1/user/login', exact: true }).click();
        await expect(page).toHaveTitle(/^登录 · /);
        await expect(page.getByRole('heading', { name: '/v1/user/login' })).toBeInViewport();

        await page.getByRole('button', { name: 'English' }).click();
        await expect(page).toHaveTitle(/^Sign-in · /);
    });
});
