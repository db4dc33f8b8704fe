import { PLACE, expect, idsOf, number, test } from '../desk';

const TO_BE_AN_ID = '要填一个编号，只用数字，例如 20240000017';

test.describe('an admin', () => {
    test.use({ role: 'admin' });

    test('finds a mistyped id as typed, with what is wrong beside it, and mends it', async ({ page, desk, api }) => {
        const uid = await api.uid('user');
        await desk.open('/tickets?list=done');
        await page.getByLabel('校区').selectOption('江安');
        await page.getByLabel('用户编号').fill('abc');
        await page.getByLabel('技术员编号').fill('12');
        await desk.filter.getByRole('button', { name: '筛选' }).click();

        const field = page.getByLabel('用户编号');
        await expect(field).toHaveAttribute('aria-invalid', 'true');
        await expect(field).toHaveValue('abc');
        await expect(field).toHaveAccessibleDescription(TO_BE_AN_ID);
        await expect(page.getByLabel('校区')).toHaveValue('江安');
        await expect(page.getByLabel('技术员编号')).toHaveValue('12');
        await expect(page.getByLabel('技术员编号')).not.toHaveAttribute('aria-invalid');
        await desk.isOnTab('done');
        await expect(desk.results).toContainText('条件有误，还没有查询。');
        await expect(desk.rows).toHaveCount(0);
        await expect(desk.main.getByRole('alert')).toContainText('有 1 处要改');

        await field.fill(String(uid));
        await page.getByLabel('校区').selectOption('');
        await page.getByLabel('技术员编号').fill('');
        await field.press('Enter');

        await desk.shows(await api.tickets('admin', { uid, list: 'done' }));
        await expect(field).not.toHaveAttribute('aria-invalid');
        await expect(desk.main.getByRole('alert')).toHaveCount(0);
    });

    test('is led from the summary to the field', async ({ page, desk }) => {
        await desk.open('/tickets?uid=0&tid=-1');
        const links = desk.main.getByRole('alert').getByRole('link');
        await expect(desk.main.getByRole('alert').getByRole('heading')).toContainText('有 2 处要改');
        await expect(links).toHaveCount(2);
        await expect(page.getByLabel('用户编号')).toHaveValue('0');
        await expect(page.getByLabel('技术员编号')).toHaveValue('-1');

        await links.nth(1).click();
        await page.keyboard.press('Tab');
        await page.keyboard.press('Shift+Tab');

        await expect(page.getByLabel('技术员编号')).toBeFocused();
    });

    test('reads what is wrong with any value of the address, and finds the way back to all', async ({ page, desk, api }) => {
        for (const [search, message] of [
            ['uid=1&uid=2', '出现了不止一次'],
            ['uid=9007199254740992', TO_BE_AN_ID],
            ['tid=5.0', TO_BE_AN_ID],
            ['list=finished', '只能是 pending、done 或 all'],
            ['page=0', '只能是 1 到 9007199254740991 的整数'],
            ['limit=101', '只能是 1 到 100 的整数'],
            ['campus=' + 'x'.repeat(65), '太长了'],
        ] as const) {
            await desk.open(`/tickets?${search}`);
            await expect(desk.main.getByRole('alert'), search).toContainText(message);
            await expect(desk.rows, search).toHaveCount(0);
        }
        await desk.results.getByRole('link', { name: '清除条件，重新查询' }).click();
        await expect(page).toHaveURL('/tickets');
        await desk.shows(await api.tickets('admin', {}));
    });

    test('is not bothered by empty fields or by parameters of other sites', async ({ desk, api }) => {
        const expected = await api.tickets('admin', { list: 'pending' });
        await desk.open('/tickets?list=pending&campus=&uid=&tid=&page=&limit=&utm_source=mail');
        await desk.shows(expected);
        await expect(desk.chips).toHaveCount(0);
    });

    test('filters with a campus that is on no list any more and still sees it chosen', async ({ page, desk }) => {
        await desk.open(`/tickets?campus=${encodeURIComponent('老校区')}`);
        await expect(page.getByLabel('校区')).toHaveValue('老校区');
        await expect(desk.results).toContainText('没有符合的工单：校区：老校区。');
    });
});

test.describe('nothing to show:', () => {
    test.use({ role: 'admin' });

    test('somebody who never filed a repair is told so', async ({ page, desk }) => {
        await desk.open('/my');
        await expect(desk.notice).toContainText('还没有报修。');
        await expect(desk.count).toHaveText('共 0 单');
        await expect(desk.rows).toHaveCount(0);
        await expect(page.getByRole('heading', { level: 1 })).toHaveText(PLACE.my);
    });

    test('filters that match nothing are named, each with a link that drops it', async ({ page, desk, api }) => {
        const uid = await api.uid('admin');
        const tid = await api.uid('technician');
        const search = `uid=${uid}&tid=${tid}&list=done&campus=${encodeURIComponent('江安')}`;
        await desk.open(`/tickets?${search}`);
        await expect(desk.notice).toContainText(
            `没有符合的工单：已完成、校区：江安、用户编号：${uid}、技术员编号：${tid}。`,
        );
        await expect(desk.notice.getByRole('link')).toHaveText([
            '去掉已完成',
            '去掉校区：江安',
            `去掉用户编号：${uid}`,
            `去掉技术员编号：${tid}`,
            '全部清除',
        ]);

        await desk.notice.getByRole('link', { name: `去掉用户编号：${uid}` }).click();
        const expected = (await api.everything()).filter(
            ticket =>
                ticket.assigned_technician_id === tid && ticket.campus === '江安' && ticket.repair_status === 'Done',
        );
        await expect(desk.numbers).toHaveText(idsOf({ data: expected.slice(0, 10) }));

        await page.goBack();
        await desk.notice.getByRole('link', { name: '全部清除' }).click();
        await expect(page).toHaveURL('/tickets');
        await desk.shows(await api.tickets('admin', {}));
    });

    test('a page past the end says where the end is', async ({ page, desk, api }) => {
        const { total } = await api.tickets('admin', { list: 'done' });
        const last = Math.ceil(total / 10);
        const expected = await api.tickets('admin', { list: 'done', page: last });
        await desk.open('/tickets?list=done&page=9999');
        await expect(desk.notice).toContainText(`没有第 9,999 页，一共 ${last} 页。`);
        await expect(desk.count).toContainText(`共 ${number(total)} 单`);

        await desk.notice.getByRole('link', { name: '去末页' }).click();
        await expect(page).toHaveURL(`/tickets?list=done&page=${last}`);
        await desk.shows(expected, (last - 1) * 10 + 1);

        await page.goBack();
        await desk.notice.getByRole('link', { name: '回首页' }).click();
        await expect(page).toHaveURL('/tickets?list=done');
    });
});

test.describe('a user', () => {
    test.use({ role: 'user' });

    test('who has no jobs is told so', async ({ desk }) => {
        await desk.open('/jobs');
        await expect(desk.notice).toContainText('还没有分配给你的工单。');
    });
});
