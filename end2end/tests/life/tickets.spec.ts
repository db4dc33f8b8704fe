// A ticket's whole life, in the browsers of everybody who has a part in it.

import { randomUUID } from 'node:crypto';
import type { Page } from '@playwright/test';
import { A, expect, test, type Role } from '../desk';

/** One browser for each of them: the requester has a phone. */
test.describe('a ticket', () => {
    test('is filed, assigned, repaired, disputed and confirmed, each step seen by the others', async ({
        newcomer,
        browser,
        javaScriptEnabled,
        baseURL,
    }) => {
        const open = async (role: Role, viewport: { width: number; height: number }) => {
            const context = await browser.newContext({
                baseURL,
                viewport,
                javaScriptEnabled,
                locale: 'zh-CN',
                storageState: await newcomer(role),
            });
            return await context.newPage();
        };
        const user = await open('user', { width: 360, height: 740 });
        const admin = await open('admin', { width: 1280, height: 900 });
        const technician = await open('technician', { width: 1280, height: 900 });
        const brand = `测试本 ${randomUUID().slice(0, 8)}`;

        await user.goto('/my');
        await user.getByRole('link', { name: '报修', exact: true }).click();
        await user.getByLabel('设备类型').selectOption('笔记本');
        await user.getByLabel('品牌').fill(brand);
        await user.getByLabel('故障类型').selectOption('清灰');
        await user.getByLabel('哪里不对').fill('风扇很响');
        await user.getByLabel('电话').fill('13800000000');
        await user.getByRole('button', { name: '提交报修' }).click();
        await expect(user.getByRole('heading', { level: 1 })).toHaveText(`${brand} · 清灰`);
        const address = new URL(user.url()).pathname;
        expect(address).toMatch(/^\/tickets\/\d+$/);

        await admin.goto(address);
        await admin.getByLabel('交给谁').first().selectOption({ label: '陈工' });
        await admin.getByRole('button', { name: '分配给技术员' }).click();
        await expect(history(admin).last()).toContainText('分配给陈工');

        await user.reload();
        await expect(user.getByRole('main')).toContainText('分配给陈工');
        await technician.goto('/inbox');
        await expect(technician.getByRole('link', { name: /分配给陈工/ }).first()).toBeVisible();
        await technician.goto(address);
        await technician.getByRole('button', { name: '开始维修' }).click();
        for (const page of [user, admin]) {
            await page.reload();
            await expect(history(page).last()).toContainText('开始维修');
        }
        await technician.getByLabel('留言').fill('今晚七点来活动室吗？路线见https://map.example/room?floor=2&door=b。');
        await technician.getByRole('button', { name: '发送留言' }).click();
        await technician.getByLabel('内部备注').fill('螺丝滑丝');
        await technician.getByRole('button', { name: '保存备注' }).click();
        await expect(history(technician).last()).toContainText('螺丝滑丝');
        await technician.getByLabel('做了什么').fill('清灰，换了硅脂');
        await technician.getByRole('button', { name: '报告修好' }).click();

        await user.reload();
        await expect(user.getByRole('main')).toContainText('今晚七点来活动室吗？');
        const way = user.getByRole('link', { name: 'https://map.example/room?floor=2&door=b', exact: true });
        await expect(way).toHaveAttribute('href', 'https://map.example/room?floor=2&door=b');
        await expect(way).toHaveAttribute('rel', 'nofollow noopener');
        await expect(user.getByRole('main')).toContainText('清灰，换了硅脂');
        await expect(user.getByRole('main')).not.toContainText('螺丝滑丝');
        await user.getByText('其他操作').click();
        await user.getByText('还没修好', { exact: true }).first().click();
        await user.getByLabel('原因').fill('还是响');
        await user.getByRole('button', { name: '还没修好' }).click();

        await technician.reload();
        await expect(history(technician).last()).toContainText('还是响');
        await technician.getByLabel('做了什么').fill('换了风扇');
        await technician.getByRole('button', { name: '报告修好' }).click();

        await user.reload();
        await user.getByRole('button', { name: '确认修好' }).click();
        await expect(user.getByRole('main')).toContainText('已完成');
        for (const page of [admin, technician]) {
            await page.reload();
            await expect(history(page).last()).toContainText('确认修好');
        }
    });
});

const history = (page: Page) => page.locator('.timeline__item');

test.describe(A.user, () => {
    test.use({ role: 'user' });

    test('is told what to correct, and nothing that was typed is lost', async ({ page, desk, watch }) => {
        await desk.open('/tickets/new');
        await page.getByLabel('设备类型').selectOption('笔记本');
        await page.getByLabel('品牌').fill('<b>小米</b>');
        await page.getByLabel('故障类型').selectOption('清灰');
        await page.getByLabel('哪里不对').fill('</textarea>风扇很响');
        await page.getByLabel('电话').fill('打给我');
        watch.expectFailure(422, '/tickets/new');
        await page.getByRole('button', { name: '提交报修' }).click();

        const alert = desk.main.getByRole('alert');
        await expect(alert).toContainText('有 1 处要改');
        await alert.getByRole('link', { name: /电话/ }).click();
        await expect(page.getByLabel('电话')).toBeFocused();
        await expect(page.getByLabel('品牌')).toHaveValue('<b>小米</b>');
        await expect(page.getByLabel('哪里不对')).toHaveValue('</textarea>风扇很响');
        await expect(page.getByLabel('电话')).toHaveValue('打给我');
    });

    test('cancels a report after being told what that means', async ({ page, desk }) => {
        await desk.open('/tickets/new');
        await page.getByLabel('设备类型').selectOption('台式机');
        await page.getByLabel('品牌').fill(`要取消的 ${randomUUID().slice(0, 8)}`);
        await page.getByLabel('故障类型').selectOption('系统重装');
        await page.getByLabel('哪里不对').fill('蓝屏');
        await page.getByLabel('电话').fill('13800000000');
        await page.getByRole('button', { name: '提交报修' }).click();

        await page.getByText('其他操作').click();
        await page.getByText('取消报修', { exact: true }).first().click();
        await expect(page.getByText('工单会结束，不能再恢复。')).toBeVisible();
        await page.getByRole('button', { name: '取消报修' }).click();

        await expect(desk.main).toContainText('已取消');
        await expect(desk.main).toContainText('现在不用你做什么。');
    });
});

test.describe(A.technician, () => {
    test.use({ role: 'technician' });

    test('takes what waits, and learns only then how to reach its owner', async ({ page, desk, api }) => {
        // Nobody else's test touches this one.
        const ticket = await api.file('admin');
        await desk.open('/pool?limit=100');
        await desk.numbers.filter({ hasText: String(ticket) }).click();
        await expect(page).toHaveURL(`/tickets/${ticket}?from=${encodeURIComponent('/pool?limit=100')}`);
        await expect(desk.main).toContainText('接单之后可以看到联系方式。');
        await page.getByRole('button', { name: '接单' }).click();
        await expect(desk.main.locator('dt:text-is("电话") + dd')).toBeVisible();
        await expect(page.getByRole('button', { name: '开始维修' })).toBeVisible();
    });
});
