// Text that is written from right to left, and what stands beside it.

import { randomInt } from 'node:crypto';
import type { Locator } from '@playwright/test';
import { A, expect, test } from '../desk';
import { fillReport, submit } from '../report';

/** The pieces of a text as they stand in the document, and as they are seen from left to right. */
async function order(text: Locator): Promise<{ written: string[]; seen: string[] }> {
    return await text.evaluate(element => {
        const pieces: { text: string; top: number; left: number }[] = [];
        const nodes = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
        while (nodes.nextNode()) {
            const range = document.createRange();
            range.selectNodeContents(nodes.currentNode);
            const [first] = range.getClientRects();
            const text = nodes.currentNode.nodeValue!.trim();
            if (first && text) pieces.push({ text, top: Math.round(first.top), left: first.left });
        }
        const seen = pieces.toSorted((one, other) => one.top - other.top || one.left - other.left);
        return { written: pieces.map(piece => piece.text), seen: seen.map(piece => piece.text) };
    });
}

test.describe(A.user, () => {
    test.use({ role: 'user' });

    test('sees numbers and signs beside a Hebrew name in their places', async ({ page }) => {
        // Digits at both ends: beside them everything would turn.
        const brand = (first: number) => `${first} דגם ${randomInt(10_000, 99_999)}`;
        const [before, after] = [brand(1), brand(2)];
        await page.goto('/tickets/new');
        await fillReport(page, before);
        await submit(page);
        await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${before} · 清灰`);

        await page.getByText('更正资料', { exact: true }).first().click();
        await page.getByLabel('品牌').fill(after);
        await page.getByRole('button', { name: '保存更正' }).click();
        await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${after} · 清灰`);

        for (const place of [page.getByRole('heading', { level: 1 }), page.locator('.timeline__changes li').last()]) {
            const { written, seen } = await order(place);
            expect(written.length).toBeGreaterThan(2);
            expect(seen).toEqual(written);
        }
    });
});
