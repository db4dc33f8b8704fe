// Messages of a live list when the server does not answer as hoped.

import { expect, test } from '../desk';

test.use({ role: 'technician' });

test('somebody whose network is gone keeps the filter, reads why, and tries again', async ({ page, desk, api, watch }) => {
    const expected = await api.home('technician', { list: 'done' });
    await desk.open('/jobs');
    await page.route('**/rpc/**', route => route.abort('connectionrefused'));
    watch.expectFailure('net::ERR_CONNECTION_REFUSED', '/rpc/tickets');

    await desk.tab('done').click();

    await expect(desk.notice).toContainText('连不上服务器');
    await expect(desk.notice).toHaveAttribute('role', 'alert');
    await expect(page).toHaveURL('/jobs?list=done');
    await desk.isOnTab('done');
    await expect(desk.rows).toHaveCount(0);
    const retry = desk.notice.getByRole('link', { name: '再试一次' });
    await expect(retry).toHaveAttribute('href', '/jobs?list=done');

    await page.unroute('**/rpc/**');
    await retry.click();
    await desk.shows(expected);
});

test('somebody behind a broken gateway reads that the server cannot be reached', async ({ page, desk, watch }) => {
    await desk.open('/jobs');
    await page.route('**/rpc/**', route =>
        route.fulfill({ status: 502, contentType: 'text/html', body: '<h1>Bad Gateway</h1>' }),
    );
    watch.expectFailure(502, '/rpc/tickets');
    await desk.tab('pending').click();
    await expect(desk.notice).toContainText('连不上服务器');
});

test('somebody who met a bug of the server can name it and try again', async ({ page, desk, watch }) => {
    await desk.open('/jobs');
    await page.route('**/rpc/**', route =>
        route.fulfill({ status: 500, json: { Unavailable: { incident: 'a1b2c3d4e5f6' } } }),
    );
    watch.expectFailure(500, '/rpc/tickets');
    await desk.tab('pending').click();
    await expect(desk.notice).toContainText('请求编号 a1b2c3d4e5f6');
    await expect(desk.notice.getByRole('link', { name: '再试一次' })).toHaveAttribute('href', '/jobs?list=pending');
});

test('the notice gives way to rows when the next filter works', async ({ page, desk, api, watch }) => {
    await desk.open('/jobs');
    await page.route('**/rpc/**', route => route.abort('connectionrefused'), { times: 1 });
    watch.expectFailure('net::ERR_CONNECTION_REFUSED', '/rpc/tickets');
    await desk.tab('done').click();
    await expect(desk.notice).toBeVisible();

    await desk.tab('pending').click();
    await desk.shows(await api.home('technician', { list: 'pending' }));
    await expect(desk.notice).toHaveCount(0);
});

test('somebody whose session ended elsewhere signs in again and is back at the same rows', async ({
    page,
    desk,
    api,
    context,
    watch,
}) => {
    await desk.open('/jobs');
    await context.clearCookies();
    watch.expectFailure(401, '/rpc/tickets');

    await desk.tab('done').click();

    await expect(desk.notice).toContainText('登录已失效');
    await expect(desk.rows).toHaveCount(0);
    const link = desk.notice.getByRole('link', { name: '登录' });
    await expect(link).toHaveAttribute('href', '/sign-in?return_to=%2Fjobs%3Flist%3Ddone');
    await link.click();
    await desk.signIn('technician');
    await expect(page).toHaveURL('/jobs?list=done');
    await desk.shows(await api.home('technician', { list: 'done' }));
});

test('somebody whose session ended before opening a ticket signs in and reads it', async ({ page, desk, context }) => {
    await desk.open('/jobs');
    const number = await desk.numbers.first().innerText();
    await context.clearCookies();

    await desk.numbers.first().click();

    const onward = `/tickets/${number}?from=%2Fjobs`;
    await expect(page).toHaveURL(`/sign-in?return_to=${encodeURIComponent(onward)}`);
    await desk.signIn('technician');
    await expect(page).toHaveURL(onward);
    await expect(page).toHaveTitle(new RegExp(`^工单 ${number} · `));
});
