// A report in a form that is alive: judged as one leaves a field, kept while one
// writes, with photos that are sent one by one.

import type { Page } from '@playwright/test';
import { findings } from '../axe';
import { A, expect, remember, test } from '../desk';
import { PLACE, disguised, large, noise, photoOf, sizeOf } from '../pictures';
import { fillReport, isFiled, keptPhotos, ownBrand, submit, tray } from '../report';

test.describe(A.user, () => {
    test.use({ role: 'user' });

    test('reads beside a field what is wrong with it when leaving it, until it is mended', async ({ page, desk }) => {
        await desk.open('/tickets/new');
        const phone = page.getByLabel('电话');
        await expect(phone).not.toHaveAttribute('aria-describedby');

        await phone.fill('打给我');
        await expect(page.locator('.field__error')).toHaveCount(0);
        await phone.press('Tab');

        await expect(phone).toHaveAttribute('aria-invalid', 'true');
        await expect(phone).toHaveAccessibleDescription('要填电话号码，至少 5 位数字');
        expect(await findings(page)).toEqual([]);
        await phone.fill('1380');
        await expect(phone).toHaveAttribute('aria-invalid', 'true');
        await phone.fill('13800');
        await expect(page.locator('.field__error')).toHaveCount(0);
        await expect(phone).not.toHaveAttribute('aria-invalid');
        await expect(phone).not.toHaveAttribute('aria-describedby');

        const brand = page.getByLabel('品牌');
        await brand.focus();
        await brand.blur();
        await expect(brand).toHaveAccessibleDescription('还没有填 例如 华为 MateBook');
        await brand.fill('小米');
        await expect(brand).toHaveAccessibleDescription('例如 华为 MateBook');
        await page.getByText('型号、购买日期、保修（选填）').click();
        await page.getByLabel('购买日期').fill('2999-01-01');
        await page.getByLabel('购买日期').blur();
        await expect(page.getByLabel('购买日期')).toHaveAccessibleDescription('还没有到这一天 记不清可以不填');
        await page.getByLabel('购买日期').fill('0024-06-01');
        await expect(page.getByLabel('购买日期')).toHaveAccessibleDescription('早于 1980 年，请检查年份 记不清可以不填');
    });

    test('reads the server’s words in the same places, and the button is hit at the first try', async ({ page, desk, watch }) => {
        await desk.open('/tickets/new');
        await fillReport(page, ownBrand());
        await page.getByLabel('电话').fill('打给我');
        watch.expectFailure(422, '/tickets/new');

        await submit(page);

        await expect(desk.main.getByRole('alert')).toContainText('有 1 处要改');
        const phone = page.getByLabel('电话');
        await expect(phone).toHaveAccessibleDescription('要填电话号码，至少 5 位数字');
        await phone.fill('13800000000');
        await expect(page.locator('.field__error')).toHaveCount(0);
        await expect(page).toHaveURL('/tickets/new');
    });

    test('signs in again where the session has ended meanwhile, and finds what was written', async ({ page, desk, context, watch }) => {
        await desk.open('/tickets/new');
        await fillReport(page, '会话已过期的本子');
        await page.getByLabel('选择照片').setInputFiles(photoOf('风扇.jpg'));
        await context.clearCookies();
        watch.expectFailure(401, '/tickets/new');
        await submit(page);
        await expect(desk.main.getByRole('alert')).toContainText('照片要重新选');
        await desk.signIn('user');
        await expect(desk.main.getByText('请重新选择：风扇.jpg')).toBeVisible();
        await desk.alive();
        await expect(page.getByLabel('品牌')).toHaveValue('会话已过期的本子');
    });

    test('finds a report again that was not submitted, and can drop it', async ({ page, desk }) => {
        await desk.open('/tickets/new');
        const note = desk.main.getByText('这里是你上次没有提交的内容。');
        await expect(note).toBeHidden();
        await page.getByLabel('品牌').fill('写了一半');
        await page.getByLabel('哪里不对').fill('第一行\n第二行');
        await page.getByText('型号、购买日期、保修（选填）').click();
        await page.getByLabel('型号').fill('X1');

        await desk.open('/my');
        await desk.open('/tickets/new');
        await expect(note).toBeVisible();
        await expect(page.getByLabel('品牌')).toHaveValue('写了一半');
        await expect(page.getByLabel('哪里不对')).toHaveValue('第一行\n第二行');
        await expect(page.getByLabel('型号')).toHaveValue('X1');
        await expect(page.getByLabel('型号')).toBeVisible();
        expect(await findings(page)).toEqual([]);
        await page.reload();
        await desk.alive();
        await expect(page.getByLabel('品牌')).toHaveValue('写了一半');
        await expect(note).toBeVisible();

        await page.getByRole('button', { name: '不要了，重新填' }).click();
        await expect(note).toBeHidden();
        await expect(page.getByLabel('品牌')).toHaveValue('');
        await expect(page.getByLabel('设备类型')).toBeFocused();
        await desk.open('/tickets/new');
        await expect(note).toBeHidden();
        await expect(page.getByLabel('品牌')).toHaveValue('');
    });
});

test('whoever uses the same browser next finds nothing of what somebody wrote', async ({ page, desk }) => {
    const write = async () => {
        await desk.open('/tickets/new');
        await page.getByLabel('哪里不对').fill('只是我的事');
    };
    const kept = () => page.evaluate(() => JSON.stringify(localStorage));
    await desk.open('/sign-in?return_to=/my');
    await desk.signIn('user');
    await expect(page).toHaveURL('/my');
    await write();
    expect(await kept()).not.toBe('{}');

    // The session ends by itself, and somebody else signs in.
    await page.context().clearCookies();
    await desk.open('/sign-in');
    await desk.signIn('technician');
    await expect(page).toHaveURL('/jobs');
    await desk.open('/tickets/new');
    await expect(page.getByLabel('哪里不对')).toHaveValue('');
    await write();

    await desk.signOut();
    expect(await kept()).toBe('{}');
});

test.describe(A.admin, () => {
    test.use({ role: 'admin' });

    test('sees chosen photos, drops one, watches the others go, and finds them made small', async ({ page, desk, context }) => {
        const brand = ownBrand();
        const left = await leaving(page);
        await desk.open('/tickets/new');
        await fillReport(page, brand);
        await page.getByLabel('选择照片').setInputFiles([photoOf('a.jpg'), disguised('b.jpg'), photoOf('c.jpg')]);
        await page.getByLabel('选择照片').setInputFiles(noise('d.png', 2100, 700));
        await expect(tray(page)).toHaveCount(4);
        await expect(tray(page).nth(1)).toContainText('b.jpg');
        await expect(tray(page).nth(1)).toContainText('不是 JPEG、PNG 或 WebP 照片，或者已经损坏');
        await expect(tray(page).locator('img')).toHaveCount(3);
        await expect(tray(page).locator('img').last()).not.toHaveJSProperty('naturalWidth', 0);
        expect(await findings(page)).toEqual([]);
        await page.getByRole('button', { name: '去掉 c.jpg' }).click();
        await expect(tray(page)).toHaveCount(3);

        // A slow network, to see something of it.
        const network = await context.newCDPSession(page);
        const speed = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 500_000 };
        await network.send('Network.emulateNetworkConditions', speed);
        await submit(page);
        const bar = tray(page).nth(2).getByRole('progressbar', { name: '上传进度' });
        await expect
            .poll(async () => Number(await bar.getAttribute('value', { timeout: 5000 })), { intervals: [20] })
            .toBeGreaterThan(10);
        await expect(tray(page).nth(2)).toContainText('正在上传');
        await expect(tray(page).nth(0)).toContainText('已上传');

        await isFiled(page, brand);
        // Not even the server has learnt where they were taken.
        expect(left).toHaveLength(2);
        for (const photo of left) {
            expect(photo).toContain('JFIF');
            expect(photo).not.toContain('Exif');
            expect(photo).not.toContain(PLACE);
        }
        const kept = await keptPhotos(page);
        expect(kept.map(sizeOf)).toEqual([
            [40, 20],
            [2100, 700],
        ]);
        for (const photo of kept) expect(photo.includes(PLACE)).toBe(false);
        await desk.open('/tickets/new');
        await expect(page.getByLabel('品牌')).toHaveValue('');
    });

    test('makes small what a phone takes today, larger in pixels and bytes than the site accepts', async ({ page, desk }) => {
        const brand = ownBrand();
        await desk.open('/tickets/new');
        await fillReport(page, brand);
        const photo = large('phone.png', 9600, 7200);
        expect(photo.buffer.length).toBeGreaterThan(10 * 1024 * 1024);
        await page.getByLabel('选择照片').setInputFiles(photo);
        await submit(page);

        await isFiled(page, brand);
        expect((await keptPhotos(page)).map(sizeOf)).toEqual([[2048, 1536]]);
    });

    test('sends a photo again that did not arrive, and the report was filed once', async ({ page, desk, api, watch }) => {
        const brand = ownBrand();
        await desk.open('/tickets/new');
        await fillReport(page, brand);
        await page.getByLabel('选择照片').setInputFiles([photoOf('a.jpg'), photoOf('b.jpg')]);
        let sent = 0;
        await page.route(/\/tickets\/\d+\/photos$/, async route => {
            if (++sent > 1) return await route.continue();
            // It arrives, but nobody hears of it.
            await route.fetch();
            watch.expectFailure('net::ERR_CONNECTION_RESET', new URL(route.request().url()).pathname);
            await route.abort('connectionreset');
        });
        await submit(page);

        await expect(desk.main.getByRole('alert')).toContainText('报修已经提交，但有照片没有传上去');
        await expect(tray(page).nth(0)).toContainText('请检查网络');
        await expect(tray(page).nth(1)).toContainText('已上传');
        await expect(page.getByLabel('品牌')).toBeHidden();
        expect(await findings(page)).toEqual([]);
        const ticket = await desk.main.getByRole('link', { name: '看工单' }).getAttribute('href');
        await tray(page).nth(0).getByRole('button', { name: '重试' }).click();

        await isFiled(page, brand);
        await expect(page).toHaveURL(ticket!);
        expect(await keptPhotos(page)).toHaveLength(2);
        const { data } = await api.tickets('admin', { uid: await api.uid('admin'), limit: 100 });
        expect(data.filter(ticket => ticket.computer_brand === brand)).toHaveLength(1);
    });

    test('keeps everything when the report itself does not arrive, and files it once', async ({ page, desk, api, watch }) => {
        const brand = ownBrand();
        await desk.open('/tickets/new');
        await fillReport(page, brand);
        await page.getByLabel('选择照片').setInputFiles(photoOf('a.jpg'));
        watch.expectFailure('net::ERR_CONNECTION_RESET', '/tickets/new');
        await page.route('**/tickets/new', async route => {
            await route.fetch({ maxRedirects: 0 });
            await route.abort('connectionreset');
        }, { times: 1 });
        await submit(page);
        await expect(desk.main.getByRole('alert')).toContainText('请检查网络');
        await expect(page.getByLabel('品牌')).toHaveValue(brand);
        await expect(tray(page)).toHaveCount(1);

        await submit(page);

        await isFiled(page, brand);
        expect(await keptPhotos(page)).toHaveLength(1);
        const { data } = await api.tickets('admin', { uid: await api.uid('admin'), limit: 100 });
        expect(data.filter(ticket => ticket.computer_brand === brand)).toHaveLength(1);
    });

    test('adds photos to a ticket: six at most, and the seventh is named', async ({ page, desk, api }) => {
        const ticket = await api.file('admin');
        await desk.open(`/tickets/${ticket}`);
        await page.getByText('添加照片').first().click();
        const input = page.getByLabel('选择照片');
        await expect(input).toHaveAttribute('required');
        await input.setInputFiles([1, 2, 3, 4, 5, 6, 7].map(number => photoOf(`${number}.jpg`)));
        await expect(tray(page)).toHaveCount(7);
        await expect(tray(page).last()).toContainText('放不下了，一张工单最多 6 张照片');
        await input.setInputFiles({ name: 'big.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(10 * 1024 * 1024 + 1) });
        await expect(tray(page).last()).toContainText('放不下了');
        await page.getByRole('button', { name: '去掉 6.jpg' }).click();
        await input.setInputFiles({ name: 'large.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(10 * 1024 * 1024 + 1) });
        await expect(tray(page).last()).toContainText('太大，不能超过 10 MB');

        await page.getByRole('button', { name: '添加照片' }).click();

        await expect(page.locator('.photos__link')).toHaveCount(5);
        await expect(tray(page)).toHaveCount(0);
    });

    test('corrects a report, told beside the field what is wrong', async ({ page, desk, api, context, baseURL }) => {
        await remember(context, baseURL!, 'language', 'en');
        const ticket = await api.file('admin');
        await desk.open(`/tickets/${ticket}`);
        await page.getByText('Correct').first().click();
        const brand = page.getByLabel('Brand');
        await brand.fill(' ');
        await brand.blur();
        await expect(brand).toHaveAttribute('aria-invalid', 'true');
        expect(await findings(page)).toEqual([]);
    });
});

/** The photos that leave the browser, as they do: Playwright cannot read them in requests. */
async function leaving(page: Page): Promise<string[]> {
    const left: string[] = [];
    await page.exposeFunction('photoLeaves', (bytes: string) => left.push(bytes));
    await page.addInitScript(() => {
        const send = XMLHttpRequest.prototype.send;
        XMLHttpRequest.prototype.send = function (body) {
            const photo = body instanceof FormData ? body.get('photos') : null;
            const told = photo instanceof Blob && photo.size > 0 ? photo.text() : Promise.resolve('');
            void told.then(async bytes => {
                if (bytes) await (window as unknown as { photoLeaves(bytes: string): Promise<void> }).photoLeaves(bytes);
                send.call(this, body);
            });
        };
    });
    return left;
}
