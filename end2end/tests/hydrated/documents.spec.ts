// Documents are shown as the server sends them, before and after they come
// alive. The watch in every test adds: no complaint, nothing from elsewhere.

import { A, expect, settled, test } from '../desk';
import { BY_ROLE, addressOf } from '../pages';

for (const [role, stops] of BY_ROLE) {
    test.describe(role ? `for ${A[role]}` : 'for somebody signed out', () => {
        test.use({ role });
        test('every page is valid, comes alive without changing, and brings its data along', async ({
            page,
            desk,
            api,
            watch,
        }) => {
            for (const stop of stops) {
                const received = page.waitForResponse(response => response.request().isNavigationRequest());
                await desk.open(await addressOf(stop, api), stop.status);
                const html = await (await received).text();
                await expect(page.locator(stop.shows).first(), stop.name).toBeVisible();
                await settled(page);

                const sent = outline(html);
                expect(sent.length).toBeGreaterThan(30);
                expect(await page.evaluate(parsed, html), `${stop.name}: the browser repaired it`).toEqual(sent);
                expect(await page.evaluate(shown), `${stop.name}: hydration changed it`).toEqual(sent);

                await expect(page.locator('h1'), stop.name).toHaveCount(1);
                await expect(page.locator('main'), stop.name).toHaveCount(1);
                await expect(page.locator('html[data-hydrated]'), stop.name).toHaveCount(stop.still ? 0 : 1);
                expect(watch.rpcRequests(), stop.name).toEqual([]);
            }
        });
    });
}

const VOID = new Set(['meta', 'link', 'input', 'img', 'br', 'hr']);

/** The elements of the body as they were written, each with its depth: what a
 *  reader without any forgiveness makes of the text. */
function outline(html: string): string[] {
    const body = html.slice(html.indexOf('<body'), html.indexOf('</body>')).replace(/<script[\s\S]*?<\/script>/g, '');
    const open: string[] = [];
    const found: string[] = [];
    for (const [, closing, name] of body.matchAll(/<(\/?)([a-z][a-z0-9-]*)(?:\s[^>]*)?>/gi)) {
        const tag = name!.toLowerCase();
        if (closing) {
            expect(open.pop(), `</${tag}> closes`).toBe(tag);
        } else {
            found.push(`${open.length} ${tag}`);
            if (!VOID.has(tag)) open.push(tag);
        }
    }
    expect(open).toEqual(['body']);
    return found;
}

/** Outline of a document as the browser reads it. Runs in the page. */
function parsed(html: string): string[] {
    const found: string[] = [];
    const walk = (element: Element, depth: number) => {
        if (element.localName === 'script') return;
        found.push(`${depth} ${element.localName}`);
        for (const child of element.children) walk(child, depth + 1);
    };
    walk(new DOMParser().parseFromString(html, 'text/html').body, 0);
    return found;
}

/** Outline of the page itself. Runs in the page. */
function shown(): string[] {
    const found: string[] = [];
    const walk = (element: Element, depth: number) => {
        if (element.localName === 'script') return;
        found.push(`${depth} ${element.localName}`);
        for (const child of element.children) walk(child, depth + 1);
    };
    walk(document.body, 0);
    return found;
}
