// With the memory of whole pages that browsers have and Playwright turns off.

import { expect, test } from '../desk';

test.use({
    launchOptions: async ({ launchOptions }, use) => {
        await use({ ...launchOptions, ignoreDefaultArgs: ['--disable-back-forward-cache'] });
    },
});

test('somebody who signs out is shown no tickets, however the browser goes back', async ({ page, desk }) => {
    await desk.open('/sign-in');
    await desk.signIn('user');
    await expect(desk.rows).toHaveCount(10);
    await desk.alive();
    await desk.openMenu('账号与密码');
    await page.getByRole('button', { name: '退出登录' }).click();
    await page.waitForURL('**/sign-in');

    await page.evaluate(() => history.back());

    await expect(page.getByLabel('密码', { exact: true })).toBeVisible();
    await expect(desk.rows).toHaveCount(0);
});
