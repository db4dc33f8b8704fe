// Filing a repair, as a person does it.

import { randomUUID } from 'node:crypto';
import { type Locator, type Page, expect } from './desk';

/** A device of a test's own: nobody is asked whether it is the same as another. */
export const ownBrand = (): string => `测试本 ${randomUUID().slice(0, 8)}`;

export async function fillReport(page: Page, brand: string): Promise<void> {
    await page.getByLabel('设备类型').selectOption('笔记本');
    await page.getByLabel('品牌').fill(brand);
    await page.getByLabel('故障类型').selectOption('清灰');
    await page.getByLabel('哪里不对').fill('风扇很响');
    await page.getByLabel('校区').selectOption('江安');
    await page.getByLabel('电话').fill('13800000000');
}

export const submit = (page: Page): Promise<void> => page.getByRole('button', { name: '提交报修' }).click();

export async function isFiled(page: Page, brand: string): Promise<void> {
    await expect(page).toHaveURL(/\/tickets\/\d+$/);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${brand} · 清灰`);
}

/** Photos of a ticket's page as the site keeps them. */
export async function keptPhotos(page: Page): Promise<Buffer[]> {
    const links = await page.locator('.photos__link').evaluateAll(found => found.map(link => link.getAttribute('href')!));
    return await Promise.all(links.map(async link => await (await page.request.get(link)).body()));
}

/** The photos that are chosen and not yet sent, one item each. */
export const tray = (page: Page): Locator => page.locator('.tray__photo:visible');
