import type { Locator, Page } from '@playwright/test';
import { findings } from '../axe';
import { A, HOME, PLACE, ROLES, centreOf, expect, remember, test } from '../desk';
import { BY_ROLE, addressOf } from '../pages';

const TARGET = 44;

const WIDTHS = [360, 320];

for (const [role, stops] of BY_ROLE) {
    test.describe(role ? A[role] : 'somebody signed out', () => {
        test.use({ role });
        // Every page of theirs, four times.
        test.slow();
        test('never scrolls sideways, in neither language, and axe finds nothing', async ({
            page,
            desk,
            api,
            context,
            baseURL,
        }) => {
            for (const language of ['zh-CN', 'en']) {
                await remember(context, baseURL!, 'language', language);
                for (const stop of stops) {
                    await desk.open(await addressOf(stop, api), stop.status);
                    await expect(page.locator(stop.shows).first()).toBeVisible();
                    for (const width of WIDTHS) {
                        await page.setViewportSize({ width, height: 740 });
                        expect(await extent(page), `${stop.name}, ${language}`).toEqual({ wide: width, beyond: [] });
                    }
                    if (language === 'zh-CN') expect(await findings(page), stop.name).toEqual([]);
                }
            }
        });
    });
}

for (const width of WIDTHS) {
    test.describe(`at ${width} px`, () => {
        test.use({ viewport: { width, height: 740 } });

        for (const role of ROLES) {
            test.describe(A[role], () => {
                test.use({ role });

                test('reads cards and reaches everything with a thumb', async ({ page, desk, api }) => {
                    const expected = await api.home(role, { list: 'done' });
                    await desk.open(`${HOME[role]}?list=done`);
                    await desk.shows(expected);

                    // A card: state and date first, then what it is, then where and who.
                    const ticket = expected.data[0]!;
                    const card = desk.rows.first();
                    const top = async (part: Locator) => (await part.boundingBox())!.y;
                    const status = await top(card.getByText('已完成'));
                    const what = await top(card.getByRole('cell', { name: ticket.computer_brand }));
                    const campus = await top(card.getByText(ticket.campus, { exact: true }));
                    expect(status).toBeLessThan(what);
                    expect(what).toBeLessThan(campus);
                    const cards = await desk.rows.evaluateAll(rows => rows.map(row => row.getBoundingClientRect()));
                    for (const { width: cardWidth, height } of cards) {
                        expect(cardWidth).toBeGreaterThan(width - 40);
                        expect(height).toBeGreaterThan(TARGET);
                    }

                    const controls = {
                        places: desk.places.getByRole('link'),
                        tabs: desk.tabs.getByRole('link'),
                        pages: desk.pages.getByRole('link'),
                        sizes: desk.sizes.getByRole('link'),
                        menus: page.getByRole('banner').locator('summary, button:visible'),
                        name: page.getByRole('banner').getByRole('link').first(),
                        fields: desk.filter.locator('input:not([type=hidden]), select, button'),
                        chips: desk.chips.getByRole('link'),
                        order: desk.results.locator('summary'),
                        steps: desk.rows.locator('.button'),
                        files: page.getByRole('navigation', { name: '导出' }).getByRole('link'),
                    };
                    for (const [name, control] of Object.entries(controls)) await isATarget(name, control);
                    await expect(desk.places.getByRole('link')).not.toHaveCount(0);
                    await expect(page.getByRole('banner').locator('summary')).toHaveCount(2);
                });

                test('finds the places at the bottom, over nothing', async ({ page, desk }) => {
                    await desk.open(HOME[role]);
                    const bar = (await desk.places.boundingBox())!;
                    expect(bar.y + bar.height).toBeCloseTo(740, 0);
                    expect(bar.width).toBe(width);
                    await expect(desk.places.locator('[aria-current=page]')).toBeVisible();

                    // At the end of the page its last link is not under the bar.
                    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
                    const last = page.getByRole('contentinfo').getByRole('link');
                    await last.click({ trial: true });

                    const mine = desk.places.getByRole('link', { name: PLACE.my });
                    await mine.tap();
                    await expect(page).toHaveURL('/my');
                    await expect(mine).toHaveAttribute('aria-current', 'page');
                });
            });
        }
    });
}

test.describe('a user', () => {
    test.use({ role: 'user' });

    test('opens a ticket with a tap anywhere on its card, and everything in it is a target', async ({ page, desk, api }) => {
        const ticket = (await api.home('user')).data[0]!;
        await desk.open('/my');
        await page.touchscreen.tap(...(await centreOf(desk.rows.first().getByText(ticket.computer_brand))));
        await expect(page).toHaveURL(`/tickets/${ticket.id}?from=%2Fmy`);
        await isATarget('back', desk.main.getByRole('link', { name: /^返回/ }));
        await isATarget('contacts', desk.main.locator('dd').getByRole('link'));
    });

    test('opens the menus and finds them within the screen', async ({ page, desk }) => {
        await page.setViewportSize({ width: 320, height: 640 });
        await desk.open('/my');
        for (const menu of ['主题', '账号与密码']) {
            await desk.openMenu(menu);
            const panel = page.locator('.menu__panel:visible');
            const box = (await panel.boundingBox())!;
            expect(box.x).toBeGreaterThanOrEqual(0);
            expect(box.x + box.width).toBeLessThanOrEqual(320);
            await isATarget(menu, panel.locator('a, button'));
        }
    });
});

test('somebody signs in with a thumb', async ({ page, desk }) => {
    await desk.open('/sign-in');
    await isATarget('fields', desk.main.locator('input:not([type=hidden])'));
    await isATarget('button', desk.main.getByRole('button'));
    // Below 16 px a phone would zoom into the field.
    await expect(page.getByLabel('账号', { exact: true })).toHaveCSS('font-size', '16px');
    await desk.signIn('user');
    await expect(page).toHaveURL('/my');
});

/** Width of the page, and the first elements that reach beyond the screen. */
async function extent(page: Page): Promise<{ wide: number; beyond: string[] }> {
    return page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        const beyond = [...document.querySelectorAll('body *')]
            .filter(element => element.getBoundingClientRect().right > clientWidth + 1)
            .filter(element => element.checkVisibility() && !element.closest('.visually-hidden'))
            .slice(0, 5);
        return { wide: scrollWidth, beyond: beyond.map(element => `${element.tagName}.${element.getAttribute('class')}`) };
    });
}

async function isATarget(name: string, controls: Locator): Promise<void> {
    const boxes = await controls.evaluateAll(found =>
        found
            .filter(element => element.checkVisibility())
            .map(element => {
                const { width, height } = element.getBoundingClientRect();
                return { text: element.textContent?.trim() ?? '', width, height };
            }),
    );
    for (const { text, width, height } of boxes) {
        expect(Math.min(width, height), `${name}: ${text} is ${width} by ${height}`).toBeGreaterThanOrEqual(TARGET);
    }
}
