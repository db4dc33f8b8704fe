import { A, HOME, PLACE, ROLES, expect, test, type Ticket } from '../desk';

for (const role of ROLES) {
    test.describe(A[role], () => {
        test.use({ role });

        test('opens a ticket from the list, reads everything about it and goes back to where they were', async ({
            page,
            desk,
            api,
        }) => {
            const expected = await api.home(role, { page: 2 });
            const ticket = expected.data[3]!;
            await desk.open(`${HOME[role]}?page=2`);

            await desk.numbers.nth(3).click();

            const list = encodeURIComponent(`${HOME[role]}?page=2`);
            await expect(page).toHaveURL(`/tickets/${ticket.id}?from=${list}`);
            await expect(page).toHaveTitle(new RegExp(`^工单 ${ticket.id} · `));
            await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${ticket.computer_brand} · ${ticket.fault_type}`);
            await expect(desk.main).toContainText(`编号 ${ticket.id}`);
            await expect(desk.main).toContainText(ticket.repair_description);
            const fact = (term: string) => desk.main.locator(`dt:text-is("${term}") + dd`);
            await expect(fact('电话').getByRole('link')).toHaveAttribute('href', `tel:${ticket.user_phone}`);
            await expect(fact('QQ').getByRole('link')).toHaveText(ticket.qq_number);
            await expect(fact('校区')).toHaveText(ticket.campus);
            await expect(fact('类型')).toHaveText(ticket.device_type);
            await expect(fact('品牌')).toHaveText(ticket.computer_brand);
            await expect(fact('故障')).toHaveText(ticket.fault_type);
            const completed = ticket.completion_time?.slice(0, 16) ?? '还没有';
            await expect(fact('完成时间')).toHaveText(completed);

            await page.goBack();
            await expect(page).toHaveURL(`${HOME[role]}?page=2`);
            await desk.shows(expected, 11);
            await page.goForward();
            await expect(page).toHaveURL(`/tickets/${ticket.id}?from=${list}`);

            // And on to what stands beside it there.
            await desk.main.getByRole('link', { name: '下一单' }).click();
            await expect(desk.main).toContainText(`编号 ${expected.data[4]!.id}`);
            await desk.main.getByRole('link', { name: '上一单' }).click();
            await expect(desk.main).toContainText(`编号 ${ticket.id}`);

            await desk.main.getByRole('link', { name: /^返回/ }).click();
            await expect(page).toHaveURL(`${HOME[role]}?page=2`);
            await desk.shows(expected, 11);
        });
    });
}

test.describe('an admin', () => {
    test.use({ role: 'admin' });

    test('sees the photo of a ticket that has one', async ({ page, desk, api }) => {
        const ticket = (await api.everything()).find(ticket => ticket.repair_image_url?.startsWith('/'));
        await desk.open(`/tickets/${ticket!.id}`);

        const photo = page.getByRole('img', { name: '报修时附上的照片' });
        await photo.scrollIntoViewIfNeeded();
        await expect(photo).toHaveAttribute('src', ticket!.repair_image_url!);
        await expect(photo).toHaveJSProperty('complete', true);
        await expect(photo).not.toHaveJSProperty('naturalWidth', 0);
    });

    test('follows the person of a ticket to all their tickets', async ({ page, desk, api }) => {
        const ticket = (await api.tickets('admin', { list: 'done' })).data[0]!;
        await desk.open(`/tickets/${ticket.id}`);

        await desk.main.locator('dt:text-is("报修人") + dd').getByRole('link').click();
        await expect(page).toHaveURL(`/tickets?uid=${ticket.user_id}`);
        await desk.shows(await api.tickets('admin', { uid: ticket.user_id }));

        await page.goBack();
        await desk.main.locator('dt:text-is("技术员") + dd').getByRole('link').click();
        await expect(page).toHaveURL(`/tickets?tid=${ticket.assigned_technician_id}`);
        await desk.shows(await api.tickets('admin', { tid: ticket.assigned_technician_id! }));
    });

    test('reads how far a finished repair has come', async ({ page, desk, api }) => {
        const ticket = (await api.tickets('admin', { list: 'done' })).data[0]!;
        await desk.open(`/tickets/${ticket.id}`);
        const steps = page.getByRole('region', { name: '进度' }).getByRole('listitem');
        await expect(steps).toHaveText([/已提交/, /已分配给/, /已完成/]);
        await expect(steps.nth(2)).toHaveAttribute('aria-current', 'step');
    });
});

test.describe('somebody else’s ticket', () => {
    for (const role of ['user', 'technician'] as const) {
        test.describe(`for ${A[role]}`, () => {
            test.use({ role });

            test('looks like one that does not exist', async ({ page, desk, api }) => {
                const me = await api.uid(role);
                const all = await api.everything();
                const isForeign = (ticket: Ticket) => ticket.user_id !== me && ![me, null].includes(ticket.assigned_technician_id);
                const foreign = all.find(isForeign)!;
                const seen: string[] = [];
                for (const id of [foreign.id, 99999999999, 0, 'abc']) {
                    await desk.open(`/tickets/${id}`, 404);
                    await expect(page).toHaveTitle(/^没有这个页面 · /);
                    await expect(desk.main.getByRole('heading', { level: 1 })).toHaveText('没有这个页面');
                    seen.push(await desk.main.innerText());
                }
                expect(new Set(seen).size).toBe(1);
                expect(seen[0]).not.toContain(foreign.repair_description);
                await desk.main.getByRole('link', { name: `去${role === 'user' ? PLACE.my : PLACE.jobs}` }).click();
                await expect(page).toHaveURL(HOME[role]);
            });
        });
    }
});

test.describe('an address that nothing stands at', () => {
    test('is said to be empty, to whoever is signed in', async ({ page, desk }) => {
        await desk.open('/nowhere', 404);
        await expect(desk.main.getByRole('heading', { level: 1 })).toHaveText('没有这个页面');
        await expect(page).toHaveTitle(/^没有这个页面 · /);
        await desk.main.getByRole('link', { name: '回到首页' }).click();
        await expect(page).toHaveURL('/sign-in');
    });
});
