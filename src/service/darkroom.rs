//! What becomes of a file that somebody sends: a picture of known size, made
//! anew. Where it was taken, and whatever else was in the file, is not in it.
//!
//! What a file is says its content, never its name. It may have been made to
//! break whoever opens it: everything is measured before it is unpacked.

use std::io::Cursor;

use futures::future::join_all;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, ImageResult, Limits};

use super::turns::Turns;
use super::unavailable;
use crate::domain::photo::{self, BadPhoto, Flaw, MAX_BYTES, MAX_PIXELS, MediaType, Size};
use crate::domain::problem::Problem;

const JPEG_QUALITY: u8 = 85;
/// The most memory for the pixels of one file: red, green, blue and how transparent.
const MAX_UNPACKED: u64 = MAX_PIXELS * 4;
/// A large picture takes a few hundred megabytes while it is worked on.
const AT_ONCE: usize = 2;

/// A file as it was sent.
#[derive(Clone, Debug)]
pub struct Upload {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// A picture as it is kept.
#[derive(Debug)]
pub struct Developed {
    /// As whoever sent it calls it.
    pub name: String,
    pub media_type: MediaType,
    pub width: u32,
    pub height: u32,
    pub full: Vec<u8>,
    pub thumbnail: Vec<u8>,
}

#[derive(Clone)]
pub struct Darkroom {
    turns: Turns,
}

impl Default for Darkroom {
    fn default() -> Self {
        Self { turns: Turns::at_most(AT_ONCE) }
    }
}

impl Darkroom {
    /// All of them, or what is wrong with those that are refused.
    pub async fn develop(&self, uploads: Vec<Upload>) -> Result<Vec<Developed>, Problem> {
        check_files(&uploads).map_err(Problem::BadPhotos)?;
        let under_way = uploads.into_iter().map(|upload| self.turns.take(move || develop_now(upload)));
        let (mut developed, mut bad) = (Vec::new(), Vec::new());
        for done in join_all(under_way).await {
            match done? {
                Ok(photo) => developed.push(photo),
                Err((name, Failure::Flawed(flaw))) => bad.push(BadPhoto { name, flaw }),
                Err((_, Failure::Unwritable(error))) => return Err(unavailable(&error)),
            }
        }
        if bad.is_empty() { Ok(developed) } else { Err(Problem::BadPhotos(bad)) }
    }

    /// A file that a desk has kept: taken byte for byte, if it is what a desk keeps.
    pub async fn admit(&self, upload: Upload) -> Result<Developed, Problem> {
        check_files(std::slice::from_ref(&upload)).map_err(Problem::BadPhotos)?;
        match self.turns.take(move || admit_now(upload)).await? {
            Ok(photo) => Ok(photo),
            Err((name, Failure::Flawed(flaw))) => Err(Problem::BadPhotos(vec![BadPhoto { name, flaw }])),
            Err((_, Failure::Unwritable(error))) => Err(unavailable(&error)),
        }
    }
}

/// What a file is that a desk has kept, from its first bytes.
pub fn measure(bytes: &[u8]) -> Result<(MediaType, u32, u32), Flaw> {
    let media_type = match image::guess_format(bytes).map_err(flaw)? {
        ImageFormat::Jpeg => MediaType::Jpeg,
        ImageFormat::Png => MediaType::Png,
        _ => return Err(Flaw::NotAPicture),
    };
    let (width, height) = measured(bytes)?.dimensions();
    let fits = Size::Full.of((width, height)) == (width, height);
    if fits { Ok((media_type, width, height)) } else { Err(Flaw::TooManyPixels) }
}

/// What can be said without looking inside.
fn check_files(uploads: &[Upload]) -> Result<(), Vec<BadPhoto>> {
    photo::check_room(0, uploads.iter().map(|upload| upload.name.as_str())).map_err(|bad| vec![bad])?;
    let too_large = uploads.iter().filter(|upload| upload.bytes.len() > MAX_BYTES);
    let bad: Vec<BadPhoto> =
        too_large.map(|upload| BadPhoto { name: upload.name.clone(), flaw: Flaw::TooLarge }).collect();
    if bad.is_empty() { Ok(()) } else { Err(bad) }
}

/// Whose fault it is: the file's, or ours.
#[derive(Debug)]
enum Failure {
    Flawed(Flaw),
    Unwritable(ImageError),
}

fn develop_now(Upload { name, bytes }: Upload) -> Result<Developed, (String, Failure)> {
    let picture = match unpack(&bytes) {
        Ok(picture) => picture,
        Err(flaw) => return Err((name, Failure::Flawed(flaw))),
    };
    match pack(&picture) {
        Ok((media_type, full, thumbnail)) => {
            let (width, height) = (picture.width(), picture.height());
            Ok(Developed { name, media_type, width, height, full, thumbnail })
        }
        Err(error) => Err((name, Failure::Unwritable(error))),
    }
}

fn admit_now(Upload { name, bytes }: Upload) -> Result<Developed, (String, Failure)> {
    let opened = measure(&bytes).and_then(|measures| {
        let picture = DynamicImage::from_decoder(measured(&bytes)?).map_err(flaw)?;
        Ok((measures, eight_bits(picture)))
    });
    let ((media_type, width, height), picture) = match opened {
        Ok(opened) => opened,
        Err(flaw) => return Err((name, Failure::Flawed(flaw))),
    };
    match encoded(&scaled(picture, Size::Thumbnail), media_type) {
        Ok(thumbnail) => Ok(Developed { name, media_type, width, height, full: bytes, thumbnail }),
        Err(error) => Err((name, Failure::Unwritable(error))),
    }
}

/// The picture in a file, upright and no larger than it is kept.
fn unpack(bytes: &[u8]) -> Result<DynamicImage, Flaw> {
    let mut decoder = measured(bytes)?;
    // A picture whose way up cannot be read is still one.
    let orientation = decoder.orientation().ok();
    let picture = DynamicImage::from_decoder(decoder).map_err(flaw)?;
    let mut picture = scaled(eight_bits(picture), Size::Full);
    if let Some(orientation) = orientation {
        picture.apply_orientation(orientation);
    }
    Ok(picture)
}

/// What will unpack the file, once it is known to be a picture of bearable size.
fn measured(bytes: &[u8]) -> Result<impl ImageDecoder, Flaw> {
    let format = image::guess_format(bytes).map_err(flaw)?;
    if !matches!(format, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP) {
        return Err(Flaw::NotAPicture);
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_UNPACKED);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(flaw)?;
    let (width, height) = decoder.dimensions();
    let fits = u64::from(width) * u64::from(height) <= MAX_PIXELS && decoder.total_bytes() <= MAX_UNPACKED;
    if fits && (format != ImageFormat::WebP || webp_frames_fit(bytes)) {
        Ok(decoder)
    } else {
        Err(Flaw::TooManyPixels)
    }
}

fn flaw(error: ImageError) -> Flaw {
    if matches!(error, ImageError::Limits(_)) { Flaw::TooManyPixels } else { Flaw::NotAPicture }
}

/// A WebP file says its size twice, and its decoder unpacks what the second one
/// says before it compares the two.
fn webp_frames_fit(bytes: &[u8]) -> bool {
    const START: &[u8] = &[0x9d, 0x01, 0x2a];
    let side = |low: u8, high: u8| u64::from(u16::from_le_bytes([low, high]) & 0x3fff);
    bytes
        .windows(18)
        .filter(|header| header.starts_with(b"VP8 ") && &header[11..14] == START)
        .all(|header| side(header[14], header[15]) * side(header[16], header[17]) <= MAX_PIXELS)
}

/// Eight bits a colour, and transparency only where something is transparent.
fn eight_bits(picture: DynamicImage) -> DynamicImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8().into();
    }
    let picture = picture.into_rgba8();
    let is_opaque = picture.pixels().all(|pixel| pixel.0[3] == u8::MAX);
    let picture = DynamicImage::from(picture);
    if is_opaque { picture.into_rgb8().into() } else { picture }
}

fn scaled(picture: DynamicImage, size: Size) -> DynamicImage {
    let now = (picture.width(), picture.height());
    let (width, height) = size.of(now);
    if (width, height) == now { picture } else { picture.resize_exact(width, height, FilterType::Lanczos3) }
}

fn pack(picture: &DynamicImage) -> ImageResult<(MediaType, Vec<u8>, Vec<u8>)> {
    let media_type = if picture.color().has_alpha() { MediaType::Png } else { MediaType::Jpeg };
    let full = encoded(picture, media_type)?;
    let thumbnail = encoded(&scaled(picture.clone(), Size::Thumbnail), media_type)?;
    Ok((media_type, full, thumbnail))
}

fn encoded(picture: &DynamicImage, media_type: MediaType) -> ImageResult<Vec<u8>> {
    let mut bytes = Vec::new();
    match media_type {
        MediaType::Jpeg => {
            picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY))?;
        }
        MediaType::Png => picture.write_with_encoder(PngEncoder::new(&mut bytes))?,
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{LumaA, Rgb, Rgba};

    type Pixels<P> = image::ImageBuffer<P, Vec<<P as image::Pixel>::Subpixel>>;

    fn kept_as(picture: impl Into<DynamicImage>) -> MediaType {
        let mut file = Cursor::new(Vec::new());
        picture.into().write_to(&mut file, ImageFormat::Png).expect("is written");
        let upload = Upload { name: String::new(), bytes: file.into_inner() };
        develop_now(upload).expect("is a picture").media_type
    }

    #[test]
    fn only_what_is_transparent_somewhere_needs_a_png() {
        let mut window = Pixels::from_pixel(4, 4, Rgba([9_u8, 9, 9, 255]));
        assert_eq!(kept_as(window.clone()), MediaType::Jpeg);
        window.put_pixel(3, 3, Rgba([9, 9, 9, 254]));
        assert_eq!(kept_as(window), MediaType::Png);

        assert_eq!(kept_as(Pixels::from_pixel(4, 4, Rgb([9_u16, 9, 9]))), MediaType::Jpeg);
        assert_eq!(kept_as(Pixels::from_pixel(4, 4, LumaA([9_u8, 0]))), MediaType::Png);
    }

    #[test]
    fn every_frame_of_a_webp_is_measured() {
        let frame = |width: u16, height: u16| {
            let [(a, b), (c, d)] =
                [width, height].map(|side| side.to_le_bytes()).map(|[low, high]| (low, high));
            [b"RIFF....WEBPVP8 ....".as_slice(), &[0, 0, 0, 0x9d, 0x01, 0x2a, a, b, c, d]].concat()
        };
        assert!(webp_frames_fit(&frame(6000, 6000)));
        assert!(webp_frames_fit(&frame(100 | 0x4000, 100)), "two bits say how to scale it");
        assert!(!webp_frames_fit(&frame(16_383, 16_383)));
        assert!(!webp_frames_fit(&[frame(10, 10), frame(16_383, 16_383)].concat()));
        assert!(webp_frames_fit(b""));
    }

    #[test]
    fn a_file_is_refused_for_its_bytes_before_anybody_looks_inside() {
        let upload = |name: &str, length| Upload { name: name.to_owned(), bytes: vec![0; length] };
        let refused = |name: &str, flaw| Err(vec![BadPhoto { name: name.to_owned(), flaw }]);

        let (small, large) = (upload("small", MAX_BYTES), upload("large", MAX_BYTES + 1));
        assert_eq!(check_files(&[small.clone(), large]), refused("large", Flaw::TooLarge));
        assert_eq!(check_files(&[small]), Ok(()));
        let seven: Vec<Upload> = (1..=7).map(|number: u8| upload(&number.to_string(), 1)).collect();
        assert_eq!(check_files(&seven), refused("7", Flaw::TooMany));
    }
}
