// Filters, orders and places of lists; in browsers with and without JavaScript.

import { expect, idsOf, test, type Ticket } from '../desk';

test.describe('an admin', () => {
    test.use({ role: 'admin' });

    test('narrows a list by device, fault and state, and shares the link', async ({ page, desk, api }) => {
        const all = await api.everything();
        const expected = all.filter(
            ticket => ticket.device_type === '笔记本' && ticket.fault_type === '清灰' && ticket.repair_status === 'Closed',
        );
        expect(expected.length).toBeGreaterThan(0);
        await desk.open('/tickets');
        await page.getByLabel('设备').selectOption('笔记本');
        await page.getByLabel('故障').selectOption('清灰');
        await page.getByLabel('状态').selectOption('Closed');
        await desk.filter.getByRole('button', { name: '筛选' }).click();

        await expect(desk.numbers).toHaveText(idsOf({ data: expected.slice(0, 10) }));
        await expect(desk.chips.getByRole('link')).toHaveText([
            '去掉 状态：已关闭',
            '去掉 设备：笔记本',
            '去掉 故障：清灰',
            '清除',
        ]);
        const shared = await page.context().newPage();
        await shared.goto(page.url());
        await expect(shared.locator('tbody th')).toHaveText(idsOf({ data: expected.slice(0, 10) }));
    });

    test('asks for the days between which something was done', async ({ page, desk, api }) => {
        const done = (await api.everything()).filter(ticket => ticket.completion_time);
        const day = done[Math.floor(done.length / 2)]!.completion_time!.slice(0, 10);
        const expected = done.filter(ticket => ticket.completion_time!.startsWith(day));
        await desk.open('/tickets');
        await page.getByText('更多条件').click();
        await page.getByLabel('完成起始').fill(day);
        await page.getByLabel('完成截止').fill(day);
        await desk.filter.getByRole('button', { name: '筛选' }).click();

        await expect(desk.rows).toHaveCount(Math.min(10, expected.length));
        const shown = await desk.numbers.allInnerTexts();
        const latest = expected.toSorted(byCompletion).slice(0, 10);
        expect(shown).toEqual(idsOf({ data: latest }));
        await expect(page.getByRole('columnheader', { name: '完成' })).toBeAttached();
    });

    test('reads what is wrong with a day beside it', async ({ page, desk }) => {
        await desk.open('/tickets?filed_from=2024-02-30&campus=%E6%B1%9F%E5%AE%89');
        const field = page.getByLabel('提交起始');
        await expect(field).toHaveValue('2024-02-30');
        await expect(field).toHaveAccessibleDescription('应是一个日期，例如 2024-06-10');
        await expect(page.getByLabel('校区')).toHaveValue('江安');
    });

    test('reads the list from its other end, page after page, and back', async ({ page, desk, api }) => {
        const oldest = (await api.everything()).toReversed();
        await desk.open('/tickets');
        await page.locator('summary').filter({ hasText: '排序' }).click();
        await page.getByRole('link', { name: '编号：旧的在前' }).click();
        await expect(desk.numbers).toHaveText(idsOf({ data: oldest.slice(0, 10) }));

        await desk.pager('下一页').click();
        await expect(desk.numbers).toHaveText(idsOf({ data: oldest.slice(10, 20) }));
        await desk.pager('下一页').click();
        await expect(desk.numbers).toHaveText(idsOf({ data: oldest.slice(20, 30) }));
        await desk.pager('上一页').click();
        await expect(desk.numbers).toHaveText(idsOf({ data: oldest.slice(10, 20) }));
        await expect(desk.count).toContainText('第 11–20 单');
    });

    test('is led to what waits for them', async ({ page, desk }) => {
        await desk.open('/tickets');
        await desk.tabs.getByRole('link', { name: /^等我处理/ }).click();
        await expect(page).toHaveURL('/tickets?waiting=yes');
        const count = await desk.rows.count();
        expect(count).toBeGreaterThan(0);
        await expect(desk.rows.getByText('待分配')).toHaveCount(count);
        // An admin finds somebody for it, on its page.
        await expect(desk.rows.first().getByRole('link', { name: '分配' })).toBeVisible();
    });

    test('takes a list along as a file', async ({ page, desk, api }) => {
        const expected = await api.tickets('admin', { list: 'done' });
        await desk.open('/tickets?list=done');
        const download = page.waitForEvent('download');
        await page.getByRole('link', { name: 'CSV' }).click();
        const file = await (await download).createReadStream();
        const text = Buffer.concat(await file.toArray()).toString();
        const lines = text.replace(/^\uFEFF/, '').trimEnd().split('\r\n');
        expect(lines[0]).toContain('id,repair_status,user_id');
        expect(lines[1]).toContain(String(expected.data[0]!.id));
        expect(lines.length).toBeGreaterThanOrEqual(expected.total + 1);
    });
});

function byCompletion(one: Ticket, other: Ticket): number {
    const [first, second] = [one.completion_time!, other.completion_time!];
    return first === second ? other.id - one.id : first < second ? 1 : -1;
}
