// A list that grows while somebody leafs through it. Others also delete tickets
// meanwhile and bring them back: none of this fault.

import { A, expect, test } from '../desk';

const FAULT = '硬件加装';

test.describe(A.admin, () => {
    test.use({ role: 'admin' });

    test('leafs on while others file, meets every ticket once, and finds the new ones at the top', async ({ page, desk, api }) => {
        const uid = await api.uid('admin');
        for (let filed = 0; filed < 4; filed++) await api.file('admin', FAULT);
        const shown = () => desk.numbers.allInnerTexts();
        await desk.open(`/tickets?fault=${FAULT}&uid=${uid}&limit=2`);
        const first = await shown();

        const meanwhile = String(await api.file('admin', FAULT));
        expect(first).not.toContain(meanwhile);
        const { data } = await api.tickets('admin', { uid, limit: 100 });
        const older = data.filter(({ id, fault_type }) => fault_type === FAULT && id < Number(first.at(-1))).map(({ id }) => String(id));
        expect(older.length).toBeGreaterThanOrEqual(2);

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
