import { A, expect, test } from '../desk';
import { PLACE, cut, disguised, photoOf } from '../pictures';
import { fillReport, isFiled, keptPhotos, ownBrand, submit } from '../report';

test.describe(A.technician, () => {
    test.use({ role: 'technician' });

    test('files a report with photos, and where they were taken stays at home', async ({ page, desk }) => {
        const brand = ownBrand();
        const photos = [photoOf('正面.jpg'), photoOf('背面.jpg')];
        for (const photo of photos) expect(photo.buffer.includes(PLACE)).toBe(true);
        await desk.open('/tickets/new');
        await fillReport(page, brand);
        await page.getByLabel('选择照片').setInputFiles(photos);
        await submit(page);

        await isFiled(page, brand);
        const kept = await keptPhotos(page);
        expect(kept).toHaveLength(2);
        for (const photo of kept) {
            expect(photo.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
            expect(photo.includes(PLACE)).toBe(false);
            expect(photo.includes('Exif')).toBe(false);
        }
    });

    test('is told that one file is no photo and another was cut off, and loses nothing that was typed', async ({ page, desk, watch }) => {
        const brand = ownBrand();
        await desk.open('/tickets/new');
        await fillReport(page, brand);
        await page.getByLabel('选择照片').setInputFiles([disguised('photo.jpg'), cut('half.jpg')]);
        if (!desk.hydrates) {
            watch.expectFailure(422, '/tickets/new');
            await submit(page);
        }

        for (const name of ['photo.jpg', 'half.jpg']) {
            await expect(desk.main).toContainText(new RegExp(`${name}[^。]*不是 JPEG、PNG 或 WebP 照片，或者已经损坏`));
        }
        await expect(page.getByLabel('品牌')).toHaveValue(brand);
    });
});
