// A list that grows while somebody leafs through it.

import { A, expect, test } from '../desk';

test.describe(A.admin, () => {
    test.use({ role: 'admin' });

    test('leafs on while others file, meets every ticket once, and finds the new ones at the top', async ({ page, desk, api }) => {
        const uid = await api.uid('admin');
        for (let filed = 0; filed < 3; filed++) await api.file('admin');
        const shown = () => desk.numbers.allInnerTexts();
        await desk.open(`/tickets?uid=${uid}&limit=2`);
        const first = await shown();

        const meanwhile = String(await api.file('admin'));
        expect(first).not.toContain(meanwhile);
        const { data } = await api.tickets('admin', { uid, limit: 100 });
        const older = data.filter(({ id }) => id < Number(first.at(-1))).map(({ id }) => String(id));
        expect(data.length).toBeGreaterThanOrEqual(older.length + 3);

        await desk.pager('下一页').click();
        await expect(desk.numbers).toHaveText(older.slice(0, 2));
        await expect(page).toHaveURL(/[?&]after=\d+/);
        await desk.pager('上一页').click();
        await expect(desk.numbers).toHaveText(first);
        await page.goBack();
        await expect(desk.numbers).toHaveText(older.slice(0, 2));

        await desk.pager('首页').click();
        await expect(desk.numbers).not.toHaveText(older.slice(0, 2));
        expect(Number((await shown())[0])).toBeGreaterThanOrEqual(Number(meanwhile));
    });
});
