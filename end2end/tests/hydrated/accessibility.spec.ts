import { findings } from '../axe';
import { A, expect, remember, test } from '../desk';
import { BY_ROLE, addressOf } from '../pages';

for (const [role, stops] of BY_ROLE) {
    test.describe(role ? `for ${A[role]}` : 'for somebody signed out', () => {
        test.use({ role });
        // Axe reads a whole page four times over.
        test.slow();
        for (const stop of stops) {
            test(`axe finds nothing on the page “${stop.name}”, in both languages and themes`, async ({
                page,
                desk,
                api,
                context,
                baseURL,
            }) => {
                const address = await addressOf(stop, api);
                await desk.open(address, stop.status);
                await expect(page.locator(stop.shows).first()).toBeVisible();
                expect(await findings(page), 'Chinese, light by the system').toEqual([]);
                await page.emulateMedia({ colorScheme: 'dark' });
                expect(await findings(page, 'colours'), 'Chinese, dark by the system').toEqual([]);

                // The chosen theme wins over the system's.
                await remember(context, baseURL!, 'language', 'en');
                await remember(context, baseURL!, 'theme', 'light');
                await desk.open(address, stop.status);
                await expect(page.locator('html[lang=en][data-theme=light]')).toBeVisible();
                expect(await findings(page, 'colours'), 'English, light by choice').toEqual([]);

                await page.emulateMedia({ colorScheme: 'light' });
                await remember(context, baseURL!, 'theme', 'dark');
                await desk.open(address, stop.status);
                await expect(page.locator('html[lang=en][data-theme=dark]')).toBeVisible();
                await expect(page.locator(stop.shows).first()).toBeVisible();
                expect(await findings(page), 'English, dark by choice').toEqual([]);
            });
        }
    });
}

test('axe finds nothing on a sign-in that was refused', async ({ page, desk, watch }) => {
    await desk.open('/sign-in');
    watch.expectFailure(401, '/sign-in');
    await desk.signIn('user', 'not the password');
    await expect(desk.main.getByRole('alert')).toBeVisible();
    expect(await findings(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await findings(page, 'colours')).toEqual([]);
});

test.describe('for a technician', () => {
    test.use({ role: 'technician' });

    test('axe finds nothing on a password change that was refused, nor in open menus', async ({ page, desk, watch }) => {
        await desk.open('/account');
        watch.expectFailure(422, '/account');
        await page.getByLabel('当前密码').fill('whatever');
        await page.getByLabel('新密码', { exact: true }).fill('short');
        await page.getByLabel('再输一次新密码').fill('short');
        await page.getByRole('button', { name: '修改密码' }).click();
        await expect(page.locator('.field__error')).toBeVisible();
        expect(await findings(page)).toEqual([]);

        await desk.open('/inbox');
        for (const menu of ['主题', '账号与密码']) {
            await desk.openMenu(menu);
            await expect(page.locator('.menu__panel:visible')).toHaveCount(1);
            expect(await findings(page), menu).toEqual([]);
        }
    });
});
