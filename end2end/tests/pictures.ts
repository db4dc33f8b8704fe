// Files that people send as photos.

import { deflateSync } from 'node:zlib';

export interface Sent {
    name: string;
    mimeType: string;
    buffer: Buffer;
}

/** Place where the photo of a camera was taken, written beside its pixels. */
export const PLACE = '30.6 N 104.1 E';

/** Red on the left, blue on the right; 40 by 20. */
const JPEG = Buffer.from(
    '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeX' +
    'BkeFxlZ2P/2wBDARESEhgVGC8aGi9jQjhCY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2P/wAARCAAU' +
    'ACgDASIAAhEBAxEB/8QAFwABAQEBAAAAAAAAAAAAAAAAAAQFBv/EABcQAQADAAAAAAAAAAAAAAAAAAAEQoH/xAAXAQEBAQEAAAAAAAAAAAAAAA' +
    'AGBQQH/8QAGhEAAQUBAAAAAAAAAAAAAAAAAAECBTSBsf/aAAwDAQACEQMRAD8A50BPGBNNpqVVNpqUwjKrN6oVkbLs4gAUDCaYDn44JptNSgYR' +
    'lVm9UKyNl2cQAKBhP//Z',
    'base64',
);

/** JPEG of a camera: with a block of EXIF. */
export function photoOf(name: string): Sent {
    const exif = Buffer.concat([
        Buffer.from('Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x01\0\0\0\0\0\0', 'latin1'),
        Buffer.from(PLACE),
    ]);
    const head = Buffer.from([0xff, 0xe1, 0, exif.length + 2]);
    return { name, mimeType: 'image/jpeg', buffer: Buffer.concat([JPEG.subarray(0, 2), head, exif, JPEG.subarray(2)]) };
}

/** A text that says it is a photo. */
export const disguised = (name: string): Sent => ({ name, mimeType: 'image/jpeg', buffer: Buffer.from('<script>alert(1)</script>') });

/** JPEG whose second half never arrived. */
export function cut(name: string): Sent {
    const { buffer, ...photo } = photoOf(name);
    return { ...photo, buffer: buffer.subarray(0, buffer.length - 60) };
}

/** Noise, which no format makes small. */
export function noise(name: string, width: number, height: number): Sent {
    const rows = Buffer.alloc((width * 3 + 1) * height);
    let seed = 1;
    for (let at = 0; at < rows.length; at++) {
        seed = (seed * 1103515245 + 12345) % 2147483648;
        rows[at] = at % (width * 3 + 1) === 0 ? 0 : seed >> 16;
    }
    return { name, mimeType: 'image/png', buffer: pngOf(width, height, rows) };
}

/** Black, of any size in pixels, and more bytes than a file may have. */
export function large(name: string, width: number, height: number): Sent {
    const picture = pngOf(width, height, Buffer.alloc((width * 3 + 1) * height));
    return { name, mimeType: 'image/png', buffer: Buffer.concat([picture, Buffer.alloc(11 * 1024 * 1024)]) };
}

function pngOf(width: number, height: number, rows: Buffer): Buffer {
    const size = Buffer.alloc(13);
    size.writeUInt32BE(width, 0);
    size.writeUInt32BE(height, 4);
    size.set([8, 2, 0, 0, 0], 8);
    const png = [chunk('IHDR', size), chunk('IDAT', deflateSync(rows, { level: 1 })), chunk('IEND', Buffer.alloc(0))];
    return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...png]);
}

function chunk(name: string, content: Buffer): Buffer {
    const body = Buffer.concat([Buffer.from(name), content]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(content.length);
    check.writeUInt32BE(crc(body));
    return Buffer.concat([length, body, check]);
}

function crc(bytes: Buffer): number {
    let sum = 0xffffffff;
    for (const byte of bytes) {
        sum ^= byte;
        for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
    }
    return (sum ^ 0xffffffff) >>> 0;
}

/** Width and height of the picture in a JPEG. */
export function sizeOf(jpeg: Buffer): [width: number, height: number] {
    for (let at = 2; at < jpeg.length; at += 2 + jpeg.readUInt16BE(at + 2)) {
        const kind = jpeg[at + 1]!;
        if (kind >= 0xc0 && kind <= 0xc2) return [jpeg.readUInt16BE(at + 7), jpeg.readUInt16BE(at + 5)];
    }
    throw new Error('no size');
}
