// Once a list is alive, a filter or page changes rows, address and title in place.

import type { Locator, Page, Request } from '@playwright/test';
import { TAB, centreOf, expect, idsOf, settled, test, type List } from '../desk';

declare global {
    interface Window {
        sameDocument?: boolean;
        shifts: string[];
    }
}

const mark = (page: Page) => page.evaluate(() => void (window.sameDocument = true));
const isMarked = (page: Page) => page.evaluate(() => window.sameDocument === true);

test.describe('an admin', () => {
    test.use({ role: 'admin' });

    test('changes filters and pages within one document, with one request each', async ({
        page,
        desk,
        api,
        watch,
    }) => {
        const tid = await api.uid('technician');
        const done = await api.tickets('admin', { list: 'done' });
        await desk.open('/tickets');
        await mark(page);
        expect(watch.rpcRequests()).toEqual([]);
        const steps: [string, () => Promise<void>, RegExp][] = [
            ['a tab', () => desk.tab('done').click(), /^全部工单：已完成 · /],
            ['a page', () => desk.pager('下一页').click(), /：已完成、第 2 页 · /],
            ['a page size', () => desk.sizes.getByRole('link', { name: '20', exact: true }).click(), /：已完成 · /],
            [
                'the form',
                async () => {
                    await page.getByLabel('技术员编号').fill(String(tid));
                    await page.getByLabel('技术员编号').press('Enter');
                },
                new RegExp(`：已完成、技术员编号：${tid} · `),
            ],
            ['a chip', () => desk.chips.getByRole('link', { name: /^去掉/ }).click(), /^全部工单：已完成 · /],
            ['back', () => page.goBack().then(() => {}), new RegExp(`：已完成、技术员编号：${tid} · `)],
            ['forward', () => page.goForward().then(() => {}), /^全部工单：已完成 · /],
        ];

        for (const [step, act, title] of steps) {
            const before = watch.requests.length;
            await act();
            await expect(page, step).toHaveTitle(title);
            await expect(desk.results, step).toHaveAttribute('aria-busy', 'false');
            await settled(page);
            expect(watch.requests.slice(before).map(path => path.split('?')[0]), step).toEqual(['/rpc/tickets']);
        }

        await expect(desk.numbers).toHaveText(idsOf(await api.tickets('admin', { list: 'done', limit: 20 })));
        await expect(desk.count).toContainText(done.total.toLocaleString('en'));
        expect(await isMarked(page)).toBe(true);
        // All of it is in the address, nothing with the browser.
        expect(await page.evaluate(() => [localStorage.length, sessionStorage.length])).toEqual([0, 0]);
    });

    test('lets the browser follow what is no plain click on a link to the same list', async ({ page, desk, context }) => {
        await desk.open('/tickets');
        await mark(page);

        const other = context.waitForEvent('page');
        await desk.tab('done').click({ modifiers: ['ControlOrMeta'] });
        await expect(await other).toHaveURL('/tickets?list=done');
        await expect(page).toHaveURL('/tickets');
        await desk.isOnTab('all');
        expect(await isMarked(page)).toBe(true);

        await desk.numbers.first().click();
        await expect(page.locator('.steps')).toBeVisible();
        expect(await isMarked(page)).toBe(false);
    });

    test('adds nothing to go back to by following a link to where they are', async ({ page, desk, watch }) => {
        await desk.open('/tickets');
        await desk.tab('done').click();
        await desk.isOnTab('done');
        const { length } = watch.requests;
        await desk.tab('done').click();
        await expect.poll(() => watch.requests.length).toBe(length + 1);

        await page.goBack();
        await desk.isOnTab('all');
        await expect(page).toHaveURL('/tickets');
    });

    test('stays with the rows when only the place within the page changes', async ({ page, desk, watch }) => {
        await desk.open('/tickets?uid=0');
        await desk.main.getByRole('alert').getByRole('link').click();
        await expect(page).toHaveURL('/tickets?uid=0#filter-uid');
        await page.getByLabel('用户编号').fill('typed since');
        await page.goBack();
        await expect(page).toHaveURL('/tickets?uid=0');
        await settled(page);
        await expect(page.getByLabel('用户编号')).toHaveValue('typed since');
        expect(watch.rpcRequests()).toEqual([]);
    });

    test('comes back to the top by a link, and stays at the form by its button', async ({ page, desk }) => {
        await desk.open('/tickets?limit=100');
        await desk.pager('下一页').click();
        await expect(page).toHaveTitle(/第 2 页/);
        expect(await page.evaluate(() => scrollY)).toBe(0);

        await page.evaluate(() => scrollTo(0, 40));
        await page.getByLabel('校区').selectOption('江安');
        await desk.filter.getByRole('button', { name: '筛选' }).click();
        await expect(desk.chips).toBeVisible();
        expect(await page.evaluate(() => scrollY)).toBe(40);
    });

    test('clicks anywhere on a row to open it', async ({ page, desk, api }) => {
        const { data } = await api.tickets('admin', {});
        await desk.open('/tickets');
        await page.mouse.click(...(await centreOf(desk.rows.nth(4).getByText(data[4]!.campus, { exact: true }))));
        await expect(page).toHaveURL(`/tickets/${data[4]!.id}?from=%2Ftickets`);
    });

    test('goes on at the rows when the link that was followed is gone', async ({ page, desk, api }) => {
        const { total } = await api.tickets('admin', { list: 'done' });
        const last = Math.ceil(total / 10);
        await desk.open(`/tickets?list=done&page=${last - 1}`);

        // 下一页 stops being a link on the last page.
        await desk.pager('下一页').focus();
        await page.keyboard.press('Enter');
        await expect(page).toHaveURL(/\/tickets\?list=done&after=\d+$/);
        await expect(desk.pager('下一页')).toHaveAttribute('aria-disabled', 'true');
        await expect(desk.results).toBeFocused();

        await desk.open('/tickets?uid=1');
        await desk.chips.getByRole('link', { name: '去掉 用户编号：1' }).focus();
        await page.keyboard.press('Enter');
        await expect(desk.rows).toHaveCount(10);
        await expect(desk.results).toBeFocused();
    });

    test('keeps the focus on a tab, a page number and a field that stay', async ({ page, desk }) => {
        await desk.open('/tickets');
        await desk.tab('done').focus();
        await page.keyboard.press('Enter');
        await desk.isOnTab('done');
        await expect(desk.tab('done')).toBeFocused();

        await desk.pager('下一页').focus();
        await page.keyboard.press('Enter');
        await expect(page).toHaveTitle(/第 2 页/);
        await expect(desk.pager('下一页')).toBeFocused();

        await page.getByLabel('用户编号').fill('1');
        await page.keyboard.press('Enter');
        await expect(desk.chips).toBeVisible();
        await expect(page.getByLabel('用户编号')).toBeFocused();
        await expect(page.getByLabel('用户编号')).toHaveValue('1');
    });

    test('sees the fields follow the address, also after typing something else', async ({ page, desk }) => {
        await desk.open('/tickets');
        await page.getByLabel('校区').selectOption('华西');
        await page.getByLabel('用户编号').fill('1');
        await page.getByLabel('用户编号').press('Enter');
        await expect(desk.chips.getByRole('link', { name: '去掉 校区：华西' })).toBeVisible();
        await page.getByLabel('用户编号').fill('23');
        await page.getByLabel('校区').selectOption('江安');

        await desk.chips.getByRole('link', { name: '清除' }).click();
        await expect(desk.chips).toHaveCount(0);
        await expect(page.getByLabel('用户编号')).toHaveValue('');
        await expect(page.getByLabel('校区')).toHaveValue('');

        await page.goBack();
        await expect(page.getByLabel('用户编号')).toHaveValue('1');
        await expect(page.getByLabel('校区')).toHaveValue('华西');
    });

    test('never sees the rows of an earlier request after those of a later one', async ({ page, desk, api }) => {
        const later = await api.tickets('admin', { list: 'pending' });
        const earlier = await holdFirstAnswer(page);
        await desk.open('/tickets');

        await desk.tab('done').click();
        await earlier.asked;
        await desk.tab('pending').click();
        await earlier.release();

        await desk.shows(later);
        await settled(page);
        await desk.shows(later);
        await desk.isOnTab('pending');
        await expect(page).toHaveURL('/tickets?list=pending');
        await expect(page).toHaveTitle(/^全部工单：未完成 · /);
        await expect(desk.pager('下一页')).toHaveAttribute('href', /^\/tickets\?list=pending&after=\d+$/);
        await expect(desk.results).toHaveAttribute('aria-busy', 'false');
    });

    test('does not wait for an answer that nobody wants any more', async ({ page, desk, api }) => {
        const later = await api.tickets('admin', { list: 'pending' });
        const earlier = await holdFirstAnswer(page);
        await desk.open('/tickets');

        await desk.tab('done').click();
        await earlier.asked;
        await desk.tab('pending').click();
        await desk.shows(later);
        await desk.isOnTab('pending');

        await earlier.release();
        await settled(page);
        await desk.shows(later);
        await desk.isOnTab('pending');
    });

    test('sees the old rows, said to be on their way out, until the new ones come', async ({ page, desk, api }) => {
        const before = await api.tickets('admin', {});
        const after = await api.tickets('admin', { list: 'done' });
        const answer = await holdFirstAnswer(page);
        await desk.open('/tickets');
        await expect(desk.results).toHaveAttribute('aria-busy', 'false');

        await desk.tab('done').click();
        await answer.asked;

        await expect(desk.results).toHaveAttribute('aria-busy', 'true');
        await desk.shows(before);
        // The bar is invisible until it has taken 150 ms: its own clock says so.
        expect(await barOpacity(desk.results, 149)).toBe(0);
        expect(await barOpacity(desk.results, 152)).toBe(1);

        await answer.release();
        await desk.shows(after);
        await expect(desk.results).toHaveAttribute('aria-busy', 'false');
        expect(await desk.results.evaluate(element => getComputedStyle(element, '::before').opacity)).toBe('0');
    });

    test('changes their mind twice and ends at the last choice', async ({ page, desk, api }) => {
        await desk.open('/tickets');
        for (const list of ['done', 'pending', 'all', 'done', 'pending'] as List[]) await desk.tab(list).click();
        await desk.shows(await api.tickets('admin', { list: 'pending' }));
        await desk.isOnTab('pending');
        await expect(page).toHaveTitle(new RegExp(`：${TAB.pending} · `));
    });
});

test.describe('a page', () => {
    test.use({ role: 'technician' });

    test('does not jump, neither while it is read nor when it comes alive, however slow the machine', async ({ page, desk }) => {
        await page.addInitScript(noteShifts);
        const browser = await page.context().newCDPSession(page);
        await browser.send('Emulation.setCPUThrottlingRate', { rate: 6 });
        for (const address of ['/jobs', '/my?page=99', '/account']) {
            await desk.open(address);
            await settled(page);
            expect(await page.evaluate(() => window.shifts), address).toEqual([]);
        }
    });
});

/** Writes down what moves without having been moved. Runs in the page. */
function noteShifts(): void {
    type Shift = PerformanceEntry & { value: number; sources: { node: Node | null; previousRect: DOMRect; currentRect: DOMRect }[] };
    const at = ({ x, y, width, height }: DOMRect) => `${width} by ${height} at ${x}, ${y}`;
    window.shifts = [];
    new PerformanceObserver(list => {
        for (const { value, sources } of list.getEntries() as Shift[]) {
            const moved = sources.map(({ node, previousRect, currentRect }) => {
                const name = node instanceof Element ? `${node.localName}.${node.getAttribute('class')}` : node?.nodeName;
                return `${name} from ${at(previousRect)} to ${at(currentRect)}`;
            });
            window.shifts.push(`${value.toFixed(5)}: ${moved.join('; ')}`);
        }
    }).observe({ type: 'layout-shift', buffered: true });
}

/** Lets every request to the server pass but the first, whose answer waits. */
async function holdFirstAnswer(page: Page) {
    const asked = new Signal();
    const released = new Signal();
    const over = new Signal();
    let held: Request | undefined;
    await page.route('**/rpc/**', async route => {
        if (held) return route.continue();
        held = route.request();
        const response = await route.fetch();
        asked.give();
        await released.given;
        // The page may have given the request up.
        await route.fulfill({ response }).catch(() => {});
    });
    for (const end of ['requestfinished', 'requestfailed'] as const) {
        page.on(end as 'requestfinished', request => request === held && over.give());
    }
    return {
        asked: asked.given,
        release: async () => {
            released.give();
            await over.given;
        },
    };
}

class Signal {
    give = () => {};
    readonly given = new Promise<void>(done => (this.give = done));
}

/** Opacity of the bar, that many milliseconds after the work began. */
async function barOpacity(results: Locator, milliseconds: number): Promise<number> {
    return results.evaluate((element, time) => {
        const bar = element.getAnimations({ subtree: true }) as CSSAnimation[];
        const appearance = bar.find(animation => animation.animationName === 'results-show')!;
        appearance.pause();
        appearance.currentTime = time;
        return Number(getComputedStyle(element, '::before').opacity);
    }, milliseconds);
}
