// Sessions that end while somebody writes, and browsers that several people use.

import type { Locator, Page } from '@playwright/test';
import { A, type Desk, PASSWORD, expect, test } from '../desk';
import { fillReport, isFiled, ownBrand, submit } from '../report';

const message = (page: Page): Locator => page.getByLabel('留言');
const send = (page: Page): Promise<void> => page.getByRole('button', { name: '发送留言' }).click();
const history = (page: Page): Locator => page.locator('.timeline__item');

async function signInHere(desk: Desk, login: string): Promise<void> {
    await expect(desk.main.getByRole('alert')).toContainText('登录已失效');
    await desk.signIn(login);
}

test.describe(A.user, () => {
    test.use({ role: 'user' });

    test('finds a message again that was sent after the session had ended', async ({ page, desk, api, context, watch }) => {
        const ticket = await api.file('user');
        const words = '第一行 <b>\n"第二行" &amp; 100%';
        await desk.open(`/tickets/${ticket}`);
        await message(page).fill(words);
        await context.clearCookies();
        watch.expectFailure(401, `/tickets/${ticket}/message`);
        await send(page);

        await signInHere(desk, 'user');

        await expect(page.getByRole('heading', { level: 1 })).toHaveText('测试本 · 清灰');
        await expect(desk.main.getByRole('alert')).toContainText('还没有提交');
        await expect(message(page)).toHaveValue(words);
        await expect(history(page)).toHaveCount(1);
        await desk.alive();
        await send(page);
        await expect(page).toHaveURL(`/tickets/${ticket}`);
        await expect(history(page).last()).toContainText('"第二行" &amp; 100%');
    });

    test('finds a report again, and files it', async ({ page, desk, context, watch }) => {
        const brand = ownBrand();
        await desk.open('/tickets/new');
        await fillReport(page, brand);
        await page.getByLabel('哪里不对').fill('风扇很响\n开机十分钟后');
        await context.clearCookies();
        watch.expectFailure(401, '/tickets/new');
        await submit(page);

        await signInHere(desk, 'user');

        await expect(page.getByLabel('品牌')).toHaveValue(brand);
        await expect(page.getByLabel('哪里不对')).toHaveValue('风扇很响\n开机十分钟后');
        await desk.alive();
        await submit(page);
        await isFiled(page, brand);
    });

    test('sends nothing in the name of whoever has signed in in the same browser meanwhile', async ({
        page,
        desk,
        context,
        watch,
        newcomer,
    }) => {
        const brand = ownBrand();
        await desk.open('/tickets/new');
        await fillReport(page, brand);
        await context.clearCookies();
        await context.addCookies((await newcomer('technician')).cookies);
        watch.expectFailure(409, '/tickets/new');

        await submit(page);

        await expect(desk.main.getByRole('alert').filter({ hasText: '现在登录的是别人' })).toBeVisible();
        await expect(page.getByLabel('品牌')).toHaveValue(brand);
        await desk.open('/my');
        await expect(desk.main.getByText(brand)).toHaveCount(0);
    });

    test('keeps a message that waits for its sign-in while the language changes', async ({ page, desk, api, context, watch }) => {
        const ticket = await api.file('user');
        const words = '门牌 3-201 "后门"';
        await desk.open(`/tickets/${ticket}`);
        await message(page).fill(words);
        await context.clearCookies();
        watch.expectFailure(401, `/tickets/${ticket}/message`);
        await send(page);
        watch.expectFailure(401, '/sign-in');

        await page.getByRole('button', { name: 'English' }).click();
        await expect(desk.main.getByRole('alert')).toContainText('You were signed out');
        await page.getByRole('button', { name: '中文' }).click();
        await signInHere(desk, 'user');

        await expect(message(page)).toHaveValue(words);
    });

    test('leaves nothing to whoever signs in where their text waits', async ({ page, desk, api, context, watch }) => {
        const ticket = await api.file('user');
        await desk.open(`/tickets/${ticket}`);
        await message(page).fill('门牌 3-201');
        await context.clearCookies();
        watch.expectFailure(401, `/tickets/${ticket}/message`);
        await send(page);
        watch.expectFailure(409, '/sign-in');

        await desk.signIn('technician', PASSWORD);

        await expect(desk.main).toContainText('现在登录的是另一个人');
        expect(await page.content()).not.toContain('3-201');
    });
});
