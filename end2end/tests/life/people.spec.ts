// Somebody new at the desk, from the directory to their own first page.

import { randomUUID } from 'node:crypto';
import { A, expect, test } from '../desk';

test.describe(A.admin, () => {
    test.use({ role: 'admin' });

    test('adds somebody, who sets a password by the link and signs in', async ({ page, desk, browser, baseURL, javaScriptEnabled }) => {
        const username = `new-${randomUUID().slice(0, 8)}`;
        await desk.open('/people');
        await page.getByText('添加人员').first().click();
        await page.getByLabel('用户名', { exact: true }).fill(username);
        await page.getByLabel('昵称').fill('新同学');
        await page.getByRole('button', { name: '添加人员' }).click();
        const link = await desk.main.getByRole('status').locator('code').innerText();
        expect(link).toContain('/welcome/');

        const nobody = { cookies: [], origins: [] };
        const context = await browser.newContext({ baseURL, locale: 'zh-CN', javaScriptEnabled, storageState: nobody });
        const theirs = await context.newPage();
        await theirs.goto(link);
        await theirs.getByLabel('新密码', { exact: true }).fill('a password of their own');
        await theirs.getByLabel('再输一次新密码').fill('a password of their own');
        await theirs.getByRole('button', { name: '设置密码' }).click();
        await expect(theirs.getByRole('status')).toHaveText('密码已设好，请登录。');
        await theirs.getByLabel('账号', { exact: true }).fill(username);
        await theirs.getByLabel('密码', { exact: true }).fill('a password of their own');
        await theirs.getByRole('main').getByRole('button', { name: '登录' }).click();
        await expect(theirs).toHaveURL('/my');
        await expect(theirs.getByRole('main')).toContainText('还没有报修。');
        await theirs.goto(link);
        await expect(theirs.getByRole('alert')).toContainText('已经用过或过期');
        await context.close();

        await page.goto(`/people?q=${username}`);
        await page.getByText('管理新同学').click();
        await page.getByRole('button', { name: '停用' }).click();
        await page.goto(`/people?q=${username}`);
        await expect(desk.main).toContainText('已停用');
    });
});
