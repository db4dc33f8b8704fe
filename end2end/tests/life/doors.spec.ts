// Coming in by oneself, and a ticket that leaves and comes back.

import { randomUUID } from 'node:crypto';
import type { Page } from '@playwright/test';
import { A, expect, test } from '../desk';

async function file(page: Page, brand: string): Promise<string> {
    await page.goto('/tickets/new');
    await page.getByLabel('设备类型').selectOption('笔记本');
    await page.getByLabel('品牌').fill(brand);
    await page.getByLabel('故障类型').selectOption('清灰');
    await page.getByLabel('哪里不对').fill('风扇很响');
    await page.getByLabel('电话').fill('13800000000');
    await page.getByRole('button', { name: '提交报修' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${brand} · 清灰`);
    return new URL(page.url()).pathname;
}

test('somebody lets themselves in and goes on to where they were going', async ({ page, watch }) => {
    const username = `wang-${randomUUID().slice(0, 8)}`;
    await page.goto('/tickets/new');
    await page.getByRole('link', { name: '注册账号' }).click();
    await page.getByLabel('用户名').fill('user');
    await page.getByLabel('昵称').fill('王同学');
    await page.getByLabel('电话').fill('13800000000');
    await page.getByLabel('校区').selectOption('望江');
    await page.getByLabel('密码', { exact: true }).fill('a password of their own');
    await page.getByLabel('再输一次密码').fill('a password of their own');
    watch.expectFailure(422, '/register');
    await page.getByRole('button', { name: '注册' }).click();
    await expect(page.getByLabel('用户名')).toHaveAttribute('aria-invalid', 'true');
    await expect(page.getByLabel('昵称')).toHaveValue('王同学');

    await page.getByLabel('用户名').fill(username);
    await page.getByLabel('密码', { exact: true }).fill('a password of their own');
    await page.getByLabel('再输一次密码').fill('a password of their own');
    await page.getByRole('button', { name: '注册' }).click();

    await expect(page).toHaveURL('/tickets/new');
    await expect(page.getByLabel('电话')).toHaveValue('13800000000');
});

test.describe(A.admin, () => {
    test.use({ role: 'admin' });

    test('deletes a ticket, finds it among the deleted, and brings it back', async ({ page, desk }) => {
        const brand = `测试本 ${randomUUID().slice(0, 8)}`;
        const address = await file(page, brand);
        const number = address.replace('/tickets/', '');
        const remove = page.getByRole('button', { name: '删除工单' });

        await expect(remove).toBeHidden();
        await page.locator('summary').filter({ hasText: '删除工单' }).click();
        await remove.click();
        await expect(page).toHaveURL('/tickets/deleted');
        await expect(desk.main.getByRole('listitem').filter({ hasText: brand })).toContainText('可以恢复');
        await desk.open(address, 404);

        await desk.open('/tickets');
        await desk.main.getByRole('link', { name: '已删除的工单' }).click();
        await page.getByRole('button', { name: `恢复工单 ${number}` }).click();
        await expect(page).toHaveURL(address);
        await expect(desk.main).toContainText('恢复');
    });
});
