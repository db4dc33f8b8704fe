//! Cost of a picture, read from its header before anything is unpacked: a file
//! of a few kilobytes can claim any size, and say it twice.

use std::io::Cursor;

use image::{ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};

use crate::domain::photo::{Flaw, MAX_PIXELS, MAX_SIDE};

/// Most bytes of memory in which one picture may be unpacked. A progressive JPEG of the most pixels
/// fits.
const MAX_MEMORY: u64 = 600_000_000;
/// Most bytes of an unpacked PNG or WebP: four a pixel of the largest picture. A PNG of 16 bits a
/// colour has up to eight and may have fewer pixels.
const MAX_UNPACKED: u64 = 4 * MAX_PIXELS;
/// Most pixels that all passes over a JPEG may touch together.
const MAX_WORK: u64 = 1_000_000_000;
/// Bytes a pixel: a progressive JPEG is gathered in two bytes a pixel and colour first.
const GATHERED: u64 = 6;

/// Returns the decoder of a file, once it is known to be a whole picture within the limits.
pub fn measured(bytes: &[u8]) -> Result<impl ImageDecoder, Flaw> {
    let (decoder, _) = opened(bytes)?;
    Ok(decoder)
}

/// Bytes of memory in which the picture is unpacked.
pub fn needed_memory(bytes: &[u8]) -> Result<u64, Flaw> {
    opened(bytes).map(|(_, needed)| needed)
}

fn opened(bytes: &[u8]) -> Result<(impl ImageDecoder, u64), Flaw> {
    let format = image::guess_format(bytes).map_err(flaw)?;
    if !matches!(format, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP) {
        return Err(Flaw::NotAPicture);
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(flaw)?;
    let (width, height) = decoder.dimensions();
    if width.max(height) > MAX_SIDE {
        return Err(Flaw::TooLong);
    }
    let pixels = u64::from(width) * u64::from(height);
    let (beside, most) = match format {
        ImageFormat::Jpeg => (jpeg_cost(bytes, pixels)?, MAX_MEMORY),
        _ => (0, MAX_UNPACKED),
    };
    let needed = decoder.total_bytes() + beside;
    let frames_fit = format != ImageFormat::WebP || webp_frames_fit(bytes)?;
    if pixels <= MAX_PIXELS && needed <= most && frames_fit {
        Ok((decoder, needed))
    } else {
        Err(Flaw::TooManyPixels)
    }
}

pub fn flaw(error: ImageError) -> Flaw {
    if matches!(error, ImageError::Limits(_)) { Flaw::TooManyPixels } else { Flaw::NotAPicture }
}

/// Outline of a JPEG, gathered from its segments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct JpegOutline {
    is_progressive: bool,
    /// Passes over the picture.
    scans: u64,
}

/// Bytes of memory beside those of the pixels. Decoders show a JPEG that breaks off with a grey
/// rest, so its end is looked for here.
fn jpeg_cost(bytes: &[u8], pixels: u64) -> Result<u64, Flaw> {
    let JpegOutline { is_progressive, scans } = jpeg_outline(bytes).ok_or(Flaw::NotAPicture)?;
    if pixels * scans > MAX_WORK {
        return Err(Flaw::TooManyPixels);
    }
    Ok(if is_progressive { pixels * GATHERED } else { 0 })
}

/// Walks the segments up to the end of the picture; `None` where that is missing, also where another
/// picture begins first: the end would be that one's.
fn jpeg_outline(bytes: &[u8]) -> Option<JpegOutline> {
    const START: [u8; 2] = [0xff, 0xd8];
    let mut outline = JpegOutline { is_progressive: false, scans: 0 };
    let mut rest = bytes.strip_prefix(&START)?;
    loop {
        let marker;
        (marker, rest) = next_marker(rest)?;
        match marker {
            0xd8 => return None,
            0xd9 => return (outline.scans > 0).then_some(outline),
            0xda => outline.scans += 1,
            0xc2 | 0xc6 | 0xca | 0xce => outline.is_progressive = true,
            _ => {}
        }
        let length = u16::from_be_bytes(*rest.first_chunk()?);
        rest = rest.get(usize::from(length)..)?;
    }
}

/// Next marker that begins a segment or a picture, or ends one, and the bytes behind it.
fn next_marker(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let mut pairs = bytes.windows(2).enumerate();
    // Escaped bytes and restarts stand between pixels.
    let stands_alone = |marker: u8| matches!(marker, 0x00 | 0x01 | 0xd0..=0xd7 | 0xff);
    let (place, pair) = pairs.find(|(_, pair)| pair[0] == 0xff && !stands_alone(pair[1]))?;
    Some((pair[1], &bytes[place + 2..]))
}

/// Checks both sizes in a WebP file: its decoder unpacks the second one before it compares the two.
/// Also checks the length that the file names.
fn webp_frames_fit(bytes: &[u8]) -> Result<bool, Flaw> {
    const START: &[u8] = &[0x9d, 0x01, 0x2a];
    let told = bytes.get(4..8).and_then(|length| length.try_into().ok()).map_or(0, u32::from_le_bytes);
    if (bytes.len() as u64) < u64::from(told) + 8 {
        return Err(Flaw::NotAPicture);
    }
    let side = |low: u8, high: u8| u64::from(u16::from_le_bytes([low, high]) & 0x3fff);
    Ok(bytes
        .windows(18)
        .filter(|header| header.starts_with(b"VP8 ") && &header[11..14] == START)
        .all(|header| side(header[14], header[15]) * side(header[16], header[17]) <= MAX_PIXELS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{DynamicImage, Rgb, RgbImage};

    fn written(format: ImageFormat) -> Vec<u8> {
        let picture = RgbImage::from_fn(64, 48, |x, y| Rgb([(x * 4) as u8, (y * 5) as u8, 90]));
        let mut file = Cursor::new(Vec::new());
        DynamicImage::from(picture).write_to(&mut file, format).expect("is written");
        file.into_inner()
    }

    fn refusal(bytes: &[u8]) -> Option<Flaw> {
        measured(bytes).err()
    }

    /// A JPEG whose header claims another size, or another way of writing it.
    fn jpeg_claiming(width: u16, height: u16, frame: u8) -> Vec<u8> {
        let mut jpeg = written(ImageFormat::Jpeg);
        let place = jpeg.windows(2).position(|pair| pair == [0xff, 0xc0]).expect("a frame");
        jpeg[place + 1] = frame;
        jpeg[place + 5..place + 7].copy_from_slice(&height.to_be_bytes());
        jpeg[place + 7..place + 9].copy_from_slice(&width.to_be_bytes());
        jpeg
    }

    /// PNG with a false header.
    fn png_claiming(width: u32, height: u32) -> Vec<u8> {
        png_claiming_depth(width, height, 8, 2)
    }

    /// PNG with a false header, also of bits a colour and the kind of colours.
    fn png_claiming_depth(width: u32, height: u32, bits: u8, colours: u8) -> Vec<u8> {
        let mut png = written(ImageFormat::Png);
        png[24..26].copy_from_slice(&[bits, colours]);
        png[16..20].copy_from_slice(&width.to_be_bytes());
        png[20..24].copy_from_slice(&height.to_be_bytes());
        let crc = png[12..29].iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 * (crc & 1)))
        });
        png[29..33].copy_from_slice(&(!crc).to_be_bytes());
        png
    }

    #[test]
    fn each_side_is_bounded_before_anything_is_unpacked() {
        for (width, height) in [(40_000_000, 1), (1, 40_000_000), (30_001, 1), (u32::MAX >> 1, 1)] {
            let refused = refusal(&png_claiming(width, height));
            assert!(
                matches!(refused, Some(Flaw::TooLong | Flaw::TooManyPixels)),
                "{width} {height} {refused:?}"
            );
        }
        assert_eq!(refusal(&png_claiming(30_001, 1)), Some(Flaw::TooLong));
        assert_eq!(refusal(&jpeg_claiming(65_535, 1, 0xc0)), Some(Flaw::TooLong));
        assert_eq!(refusal(&png_claiming(30_000, 1)), None);
        assert_eq!(refusal(&png_claiming(10_000, 6_500)), None);
        assert_eq!(refusal(&png_claiming(10_000, 6_501)), Some(Flaw::TooManyPixels));
    }

    #[test]
    fn a_png_of_sixteen_bits_is_bounded_by_the_memory_it_takes() {
        let with_alpha = |width, height| refusal(&png_claiming_depth(width, height, 16, 6));
        let opaque = |width, height| refusal(&png_claiming_depth(width, height, 16, 2));

        assert_eq!((with_alpha(8000, 4000), with_alpha(8000, 8000)), (None, Some(Flaw::TooManyPixels)));
        assert_eq!((opaque(8000, 5400), opaque(8000, 5500)), (None, Some(Flaw::TooManyPixels)));
        assert_eq!(refusal(&png_claiming_depth(10_000, 6500, 8, 6)), None);
    }

    #[test]
    fn a_progressive_jpeg_is_bounded_by_the_memory_it_takes() {
        let needed = |jpeg: &[u8]| needed_memory(jpeg);

        assert_eq!(needed(&jpeg_claiming(8192, 6144, 0xc0)), Ok(8192 * 6144 * 3));
        assert_eq!(needed(&jpeg_claiming(4000, 3000, 0xc2)), Ok(4000 * 3000 * 9));
        assert_eq!(needed(&jpeg_claiming(8192, 6144, 0xc2)), Ok(8192 * 6144 * 9));
        assert_eq!(needed(&jpeg_claiming(10_000, 6500, 0xc2)), Ok(MAX_PIXELS * 9));
        assert_eq!(needed(&jpeg_claiming(10_000, 6501, 0xc2)), Err(Flaw::TooManyPixels));
    }

    #[test]
    fn passes_over_a_large_jpeg_are_counted() {
        let jpeg = jpeg_claiming(8000, 6000, 0xc0);
        let (head, end) = jpeg.split_at(jpeg.len() - 2);
        let start = head.windows(2).rposition(|pair| pair == [0xff, 0xda]).expect("a scan");
        let passes = |count: usize| [head, &head[start..].repeat(count - 1), end].concat();

        assert_eq!(jpeg_outline(&passes(20)), Some(JpegOutline { is_progressive: false, scans: 20 }));
        assert_eq!(refusal(&passes(20)), None);
        assert_eq!(refusal(&passes(21)), Some(Flaw::TooManyPixels));
    }

    #[test]
    fn a_picture_that_breaks_off_is_none() {
        for format in [ImageFormat::Jpeg, ImageFormat::WebP] {
            let whole = written(format);
            assert_eq!(refusal(&whole), None, "{format:?}");
            for part in 1..10 {
                let cut = &whole[..whole.len() * part / 10];
                assert_eq!(refusal(cut), Some(Flaw::NotAPicture), "{format:?} {part}");
            }
            assert_eq!(refusal(&whole[..whole.len() - 1]), Some(Flaw::NotAPicture), "{format:?}");
        }
    }

    #[test]
    fn a_small_picture_within_the_header_is_not_the_end() {
        let whole = written(ImageFormat::Jpeg);
        // A camera file: a picture in an APP1 segment, and something behind the end.
        let length = u16::try_from(whole.len() + 2).expect("is short").to_be_bytes();
        let nested = [&whole[..2], b"\xff\xe1", &length, &whole, &whole[2..]].concat();

        assert_eq!(refusal(&nested), None);
        assert_eq!(refusal(&[&nested[..], b"trailer"].concat()), None);
        assert_eq!(refusal(&nested[..nested.len() - 20]), Some(Flaw::NotAPicture));
    }

    #[test]
    fn the_end_of_another_picture_is_not_the_end() {
        let whole = written(ImageFormat::Jpeg);
        let start = whole.windows(2).position(|pair| pair == [0xff, 0xda]).expect("a scan");
        let half = &whole[..(start + whole.len()) / 2];

        assert_eq!(refusal(&[half, &whole].concat()), Some(Flaw::NotAPicture));
        assert_eq!(refusal(&[&whole[..], &whole].concat()), None, "a second picture behind the end");
    }

    #[test]
    fn every_frame_of_a_webp_is_measured() {
        let frame = |width: u16, height: u16| {
            let [(a, b), (c, d)] =
                [width, height].map(|side| side.to_le_bytes()).map(|[low, high]| (low, high));
            [b"RIFF\0\0\0\0WEBPVP8 ....".as_slice(), &[0, 0, 0, 0x9d, 0x01, 0x2a, a, b, c, d]].concat()
        };
        assert!(webp_fits(&frame(8000, 8000)));
        assert!(webp_fits(&frame(100 | 0x4000, 100)), "two bits say how to scale it");
        assert!(!webp_fits(&frame(16_383, 16_383)));
        assert!(!webp_fits(&[frame(10, 10), frame(16_383, 16_383)].concat()));
    }

    fn webp_fits(bytes: &[u8]) -> bool {
        webp_frames_fit(bytes).expect("is whole")
    }
}
