import { expect, test } from '../desk';

test.use({ role: 'admin' });

test('a printed list has its rows and says what it is, and nothing to click', async ({ page, desk, api }) => {
    const expected = await api.tickets('admin', { list: 'done' });
    await desk.open('/tickets?list=done');
    await page.emulateMedia({ media: 'print' });

    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await desk.shows(expected);
    for (const row of await desk.rows.all()) await expect(row).toBeVisible();
    await expect(page.getByRole('columnheader', { name: '编号' })).toBeVisible();
    for (const hidden of [page.getByRole('banner'), desk.filter, desk.pages, desk.sizes, page.getByRole('contentinfo')]) {
        await expect(hidden).toBeHidden();
    }
});

test('a printed ticket has everything about it on white, whatever the theme', async ({ page, desk, api }) => {
    const ticket = (await api.tickets('admin', { list: 'done' })).data[0]!;
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await desk.open(`/tickets/${ticket.id}`);

    await expect(page.getByText(ticket.repair_description)).toBeVisible();
    for (const name of ['问题', '进度', '联系', '设备']) await expect(page.getByRole('region', { name })).toBeVisible();
    await expect(page.getByRole('banner')).toBeHidden();
    await expect(page.getByRole('link', { name: /^返回/ })).toBeHidden();
    // Nothing that only a screen can use: forms, folds and the panel of what to do.
    for (const form of await page.locator('form, details').all()) await expect(form).toBeHidden();
    await expect(page.getByRole('region', { name: '下一步' })).toBeHidden();
    await expect(page.locator('html')).toHaveCSS('background-color', 'rgb(255, 255, 255)');
});
