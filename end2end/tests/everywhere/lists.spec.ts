import { A, HOME, PLACE, ROLES, TAB, expect, placeNamed, idsOf, number, test, type List } from '../desk';

for (const role of ROLES) {
    test.describe(A[role], () => {
        test.use({ role });

        test(`sees open, done and all tickets, counted, each at its own address`, async ({ page, desk, api }) => {
            await desk.open(HOME[role]);
            const h1 = await page.getByRole('heading', { level: 1 }).innerText();
            for (const list of Object.keys(TAB) as List[]) {
                const expected = await api.home(role, { list });
                await expect(desk.tab(list)).toHaveText(`${TAB[list]} ${number(expected.total)}`);

                await desk.tab(list).click();

                await expect(page).toHaveURL(list === 'all' ? HOME[role] : `${HOME[role]}?list=${list}`);
                await expect(page).toHaveTitle(new RegExp(list === 'all' ? `^${h1} · ` : `^${h1}：${TAB[list]} · `));
                await desk.shows(expected);
                await desk.isOnTab(list);
            }
        });

        test(`leafs through the list`, async ({ page, desk, api }) => {
            const home = HOME[role];
            const all = await api.home(role);
            const last = Math.ceil(all.total / 10);
            await desk.open(home);
            await expect(desk.pager('上一页')).toHaveAttribute('aria-disabled', 'true');
            await expect(desk.pager('首页')).not.toHaveAttribute('href');

            await desk.pager('下一页').click();
            // The neighbours of a page begin at its rows, whatever is filed meanwhile.
            await expect(page).toHaveURL(new RegExp(`${home}\\?after=\\d+$`));
            await expect(page).toHaveTitle(/：第 2 页 · /);
            await desk.shows(await api.home(role, { page: 2 }), 11);
            await expect(desk.pages.locator('[aria-current=page]')).toHaveText('2');

            await desk.pager('末页').click();
            await expect(page).toHaveURL(`${home}?page=${last}`);
            await desk.shows(await api.home(role, { page: last }), (last - 1) * 10 + 1);
            await expect(desk.pager('下一页')).toHaveAttribute('aria-disabled', 'true');

            await desk.pager('上一页').click();
            await desk.shows(await api.home(role, { page: last - 1 }), (last - 2) * 10 + 1);

            await desk.pager('首页').click();
            await expect(page).toHaveURL(home);
            await desk.shows(all);

            await desk.pager('第 2 页').click();
            await desk.shows(await api.home(role, { page: 2 }), 11);

            await desk.sizes.getByRole('link', { name: '20', exact: true }).click();
            await expect(page).toHaveURL(`${home}?limit=20`);
            await desk.shows(await api.home(role, { limit: 20 }));
            await expect(desk.sizes.locator('[aria-current]')).toHaveText('20');

            await desk.pager('下一页').click();
            await expect(page).toHaveURL(new RegExp(`${home}\\?after=\\d+&limit=20$`));
            await desk.shows(await api.home(role, { page: 2, limit: 20 }), 21);
        });

        test(`finds the same rows again by reload, by a shared link and by walking back and forward`, async ({
            page,
            desk,
            api,
        }) => {
            const home = HOME[role];
            const first = await api.home(role);
            const open = await api.home(role, { list: 'done' });
            const second = await api.home(role, { list: 'done', page: 2 });
            await desk.open(home);
            await desk.tab('done').click();
            await desk.shows(open);
            await desk.pager('下一页').click();
            await desk.shows(second, 11);

            await page.reload();
            await desk.alive();
            await desk.shows(second, 11);

            await page.goBack();
            await expect(page).toHaveURL(`${home}?list=done`);
            await desk.shows(open);
            await desk.isOnTab('done');
            await page.goBack();
            await expect(page).toHaveURL(home);
            await desk.shows(first);
            await desk.isOnTab('all');
            await page.goForward();
            await page.goForward();
            await expect(page).toHaveURL(new RegExp(`${home}\\?list=done&after=\\d+$`));
            await desk.shows(second, 11);
            await desk.isOnTab('done');

            const shared = await page.context().newPage();
            await shared.goto(page.url());
            await expect(shared.locator('tbody th')).toHaveText(idsOf(second));
        });
    });
}

test.describe('a technician', () => {
    test.use({ role: 'technician' });

    test('goes from jobs to their own repairs and back', async ({ page, desk, api }) => {
        const uid = await api.uid('technician');
        await desk.open('/jobs');

        await desk.places.getByRole('link', { name: PLACE.my }).click();
        await expect(page).toHaveURL('/my');
        await desk.shows(await api.tickets('technician', { uid }));
        await expect(desk.places.locator('[aria-current=page]')).toHaveText(placeNamed(PLACE.my));
        await expect(page).toHaveTitle(new RegExp(`^${PLACE.my} · `));

        await desk.places.getByRole('link', { name: PLACE.jobs }).click();
        await expect(page).toHaveURL('/jobs');
        await desk.shows(await api.tickets('technician', { tid: uid }));
    });
});

test.describe('an admin', () => {
    test.use({ role: 'admin' });

    test('picks a campus', async ({ page, desk, api }) => {
        const expected = (await api.everything()).filter(ticket => ticket.campus === '望江');
        await desk.open('/tickets');

        await page.getByLabel('校区').selectOption('望江');
        await desk.filter.getByRole('button', { name: '筛选' }).click();

        await desk.shows({ data: expected.slice(0, 10), total: expected.length });
        expect(new URL(page.url()).searchParams.get('campus')).toBe('望江');
        await expect(page).toHaveTitle(/^全部工单：校区：望江 · /);
        await expect(page.getByLabel('校区')).toHaveValue('望江');
        await expect(desk.chips.getByRole('link')).toHaveText(['去掉 校区：望江', '清除']);
    });

    test('types the id of a user', async ({ page, desk, api }) => {
        const uid = await api.uid('user');
        await desk.open('/tickets');

        await page.getByLabel('用户编号').fill(String(uid));
        await page.getByLabel('用户编号').press('Enter');

        await desk.shows(await api.tickets('admin', { uid }));
        await expect(page).toHaveTitle(new RegExp(`^全部工单：用户编号：${uid} · `));
        await expect(desk.chips.getByRole('link', { name: `去掉 用户编号：${uid}` })).toBeVisible();
    });

    test('types the id of a technician', async ({ page, desk, api }) => {
        const tid = await api.uid('technician');
        await desk.open('/tickets');

        await page.getByLabel('技术员编号').fill(String(tid));
        await desk.filter.getByRole('button', { name: '筛选' }).click();

        await desk.shows(await api.tickets('admin', { tid }));
        await expect(desk.rows.locator('td:nth-child(4)')).toHaveText(Array(10).fill('陈工'));
    });

    test('combines filters, keeps them from page to page and from tab to tab, and drops them one by one', async ({
        page,
        desk,
        api,
    }) => {
        const tid = await api.uid('technician');
        const all = await api.everything();
        const his = all.filter(ticket => ticket.assigned_technician_id === tid);
        const here = his.filter(ticket => ticket.campus === '江安');
        const done = here.filter(ticket => ticket.repair_status === 'Done');
        expect(done.length).toBeGreaterThan(10);
        await desk.open('/tickets?limit=20');

        await page.getByLabel('校区').selectOption('江安');
        await page.getByLabel('技术员编号').fill(String(tid));
        await desk.filter.getByRole('button', { name: '筛选' }).click();
        await desk.shows({ data: here.slice(0, 20), total: here.length });

        await desk.tab('done').click();
        await desk.shows({ data: done.slice(0, 20), total: done.length });
        await expect(page.getByLabel('校区')).toHaveValue('江安');
        await expect(page.getByLabel('技术员编号')).toHaveValue(String(tid));

        await desk.sizes.getByRole('link', { name: '10', exact: true }).click();
        await desk.shows({ data: done.slice(0, 10), total: done.length });
        await desk.pager('下一页').click();
        await desk.shows({ data: done.slice(10, 20), total: done.length }, 11);
        await expect(page).toHaveTitle(new RegExp(`^全部工单：已完成、校区：江安、技术员编号：${tid}、第 2 页 · `));

        // Without one of the filters the list starts at its first page.
        const hisDone = his.filter(ticket => ticket.repair_status === 'Done');
        await desk.chips.getByRole('link', { name: '去掉 校区：江安' }).click();
        await desk.shows({ data: hisDone.slice(0, 10), total: hisDone.length });
        await expect(page.getByLabel('校区')).toHaveValue('');
        await expect(page.getByLabel('技术员编号')).toHaveValue(String(tid));
        await desk.isOnTab('done');

        await desk.chips.getByRole('link', { name: '清除' }).click();
        await desk.shows(await api.tickets('admin', { list: 'done' }));
        await expect(page.getByLabel('技术员编号')).toHaveValue('');
        await expect(desk.chips).toHaveCount(0);
        await desk.isOnTab('done');
    });

    test('sees every state of a ticket as a word', async ({ desk, api }) => {
        await desk.open('/tickets?limit=100');
        const words = {
            Repairing: '维修中',
            UserConfirming: '等待用户确认',
            TechConfirming: '等待技术员确认',
            Done: '已完成',
            Closed: '已关闭',
            Canceled: '已取消',
        };
        const { data } = await api.tickets('admin', { limit: 100 });
        const expected = data.map(({ repair_status: status, assigned_technician_id: technician }) =>
            status === 'Pending' ? (technician ? '待开始' : '待分配') : words[status as keyof typeof words],
        );
        expect(new Set(expected)).toEqual(new Set(['待分配', '待开始', ...Object.values(words)]));
        await expect(desk.rows.locator('td:nth-child(5)')).toHaveText(expected);
        await expect(desk.rows.locator('td:nth-child(5) svg')).toHaveCount(100);
    });
});

test.describe('a user', () => {
    test.use({ role: 'user' });

    test('cannot turn their own list into somebody else’s by its address', async ({ desk, api }) => {
        const other = await api.uid('technician');
        await desk.open(`/my?uid=${other}&tid=${other}`);
        await desk.shows(await api.home('user'));
    });

    test('is not shown the list of all tickets', async ({ page, desk }) => {
        await desk.open('/tickets', 403);
        await expect(desk.main.getByRole('alert')).toContainText('你没有权限看这里');
        await expect(desk.rows).toHaveCount(0);

        await desk.main.getByRole('link', { name: `去${PLACE.my}` }).click();
        await expect(page).toHaveURL('/my');
        await expect(desk.rows).toHaveCount(10);
    });

    test('is led from an address with a slash too many to the right one', async ({ page, desk }) => {
        await desk.open('/my/?list=done');
        await expect(page).toHaveURL('/my?list=done');
    });
});
