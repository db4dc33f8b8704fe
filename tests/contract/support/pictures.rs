//! Pictures that people send: good ones, and forged ones.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

/// Metadata of a photo, which nobody sees.
pub const PLACE: &[u8] = b"30.6 N 104.1 E";

pub fn written(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("is written");
    bytes.into_inner()
}

/// Left half red, right half blue.
pub fn halves(width: u32, height: u32) -> DynamicImage {
    let side = |x, _| if x < width / 2 { Rgb([200, 0, 0]) } else { Rgb([0, 0, 200]) };
    RgbImage::from_fn(width, height, side).into()
}

pub fn jpeg(width: u32, height: u32) -> Vec<u8> {
    written(&halves(width, height), ImageFormat::Jpeg)
}

/// JPEG with EXIF data: the camera's orientation and its place.
pub fn jpeg_of_a_camera(orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
    exif.extend(PLACE);
    let plain = jpeg(40, 20);
    let length = u16::try_from(exif.len() + 2).expect("is short").to_be_bytes();
    [&plain[..2], b"\xff\xe1", &length, &exif, &plain[2..], b"<script>alert(1)</script>"].concat()
}

/// Picture of ten by ten with a false header.
pub fn png_claiming(width: u32, height: u32) -> Vec<u8> {
    let mut png = written(&halves(10, 10), ImageFormat::Png);
    png[16..20].copy_from_slice(&width.to_be_bytes());
    png[20..24].copy_from_slice(&height.to_be_bytes());
    let crc = png[12..29].iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 * (crc & 1)))
    });
    png[29..33].copy_from_slice(&(!crc).to_be_bytes());
    png
}

/// WebP, ten by ten outside, far more inside.
pub fn webp_that_contradicts_itself() -> Vec<u8> {
    let canvas = [0, 0, 0, 0, 9, 0, 0, 9, 0, 0];
    let frame = [0x10, 0, 0, 0x9d, 0x01, 0x2a, 0xff, 0x3f, 0xff, 0x3f, 0, 0];
    let chunks = [b"VP8X\x0a\0\0\0", &canvas[..], b"VP8 \x0c\0\0\0", &frame[..]].concat();
    let length = u32::try_from(chunks.len() + 4).expect("is short").to_le_bytes();
    [b"RIFF", &length[..], b"WEBP", &chunks].concat()
}
