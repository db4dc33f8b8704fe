import type { Page } from '@playwright/test';
import { expect, test } from '../desk';

test.use({ role: 'admin' });

test('the first stop of the keyboard skips to the content', async ({ page, desk }) => {
    await desk.open('/tickets');
    const skip = page.getByRole('link', { name: '跳到正文' });
    await expect(skip).not.toBeInViewport();

    await page.keyboard.press('Tab');
    await expect(skip).toBeFocused();
    await expect(skip).toBeInViewport();

    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await expect(desk.main.locator(':focus')).toHaveCount(1);
    await expect(desk.tabs.getByRole('link').first()).toBeFocused();
});

test('every stop is visible, shows the focus, and comes in the order of reading', async ({ page, desk }) => {
    await desk.open(`/tickets?campus=${encodeURIComponent('江安')}&list=done`);
    await expect(desk.rows).toHaveCount(10);

    const names: string[] = [];
    for (let stop = 0; stop < 120; stop++) {
        await page.keyboard.press('Tab');
        const seen = await focusSeen(page);
        if (!seen) break;
        names.push(seen.name);
        expect(seen, `focus on ${seen.name}`).toMatchObject({ ring: true, inView: true });
    }

    const at = (name: string) => names.findIndex(found => found.startsWith(name));
    const order = ['跳到正文', '全部工单', 'English', '未完成', '筛选', '去掉 校区', '清除', '2026', '下一页', '接口文档'].map(at);
    expect(order, `${names}`).not.toContain(-1);
    expect(order).toEqual([...order].sort((one, other) => one - other));
    expect(names.filter(name => /^20\d{9}$/.test(name))).toHaveLength(10);
});

test('Enter on a row opens the ticket', async ({ page, desk }) => {
    // Done tickets have no actions, so rows follow each other.
    await desk.open('/tickets?list=done');
    const third = await desk.numbers.nth(2).innerText();
    await desk.numbers.nth(1).focus();
    await page.keyboard.press('Tab');
    await expect(desk.numbers.nth(2)).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(`/tickets/${third}?from=${encodeURIComponent('/tickets?list=done')}`);
});

test('menus open, are walked through and close by the keyboard', async ({ page, desk }) => {
    await desk.open('/tickets');
    const theme = page.locator('summary').filter({ hasText: '主题' });
    const account = page.locator('summary').filter({ hasText: '账号与密码' });
    await theme.focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await expect(page.getByRole('button', { name: '跟随系统' })).toBeFocused();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await expect(page.getByRole('button', { name: '深色' })).toBeFocused();
    await page.keyboard.press('Tab');
    await expect(page.getByRole('link', { name: '通知' })).toBeFocused();
    await page.keyboard.press('Tab');
    await expect(account).toBeFocused();

    // One menu at a time.
    await page.keyboard.press('Space');
    await expect(page.getByRole('button', { name: '深色' })).toBeHidden();
    await page.keyboard.press('Tab');
    await expect(page.getByRole('link', { name: '账号与密码' })).toBeFocused();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('button', { name: '退出登录' })).toBeHidden();
});

test('somebody filters without a mouse', async ({ page, desk, api }) => {
    const tid = await api.uid('technician');
    await desk.open('/tickets');
    await page.getByLabel('校区').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await expect(page.getByLabel('校区')).toHaveValue('望江');
    for (let field = 0; field < 4; field++) await page.keyboard.press('Tab');
    await page.keyboard.type(String(tid));
    await page.keyboard.press('Enter');
    const expected = (await api.everything()).filter(
        ticket => ticket.assigned_technician_id === tid && ticket.campus === '望江',
    );
    await desk.shows({ data: expected.slice(0, 10), total: expected.length });
});

/** Focused element, whether it can be seen and whether it says so itself. */
async function focusSeen(page: Page): Promise<{ name: string; ring: boolean; inView: boolean } | null> {
    return page.evaluate(() => {
        const element = document.activeElement;
        if (!element || element === document.body) return null;
        // A row shows the focus of the link that covers it.
        const showing = element.closest('tbody tr') ?? element;
        const { outlineStyle, outlineWidth } = getComputedStyle(showing);
        const box = showing.getBoundingClientRect();
        return {
            name: (element.textContent?.trim() || element.id || element.tagName).replace(/\s+/g, ' '),
            ring: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2,
            inView: box.width > 0 && box.top >= 0 && box.bottom <= innerHeight + 1 && box.left >= 0 && box.right <= innerWidth,
        };
    });
}
