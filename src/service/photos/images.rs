//! Processing of uploaded files: each becomes a new picture of known size, without the place where
//! it was taken and anything else in the file.
//!
//! The content decides about a file's type, never its name. It may have been made to break its
//! reader: everything is measured before it is unpacked.

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder as _, ImageError, ImageFormat, ImageResult};

use super::image_header::{flaw, measured, needed_memory};
use crate::domain::photo::{self, BadPhoto, Flaw, MAX_BYTES, MediaType, Size};
use crate::domain::problem::Problem;
use crate::service::blocking::BlockingPool;
use crate::service::unavailable;

const JPEG_QUALITY: u8 = 85;
/// Pictures processed at a time: each takes up to 128 MB beside another.
const AT_ONCE: usize = 2;
/// Bytes of memory beyond which pictures are processed one by one.
const LARGE: u64 = 128 << 20;
/// Bytes a pixel that filters need for their intermediate result.
const FILTER_BYTES: u64 = 16;
const MAX_FILTER_MEMORY: u64 = 400_000_000;
/// Most pixels of a result for the finest filter, which takes its time for each.
const MAX_FINE_PIXELS: u64 = 2048 * 2048;

/// A file as it was uploaded.
#[derive(Clone, Debug)]
pub struct Upload {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// A picture to be stored.
#[derive(Debug)]
pub struct Developed {
    /// Name of the uploaded file.
    pub name: String,
    pub media_type: MediaType,
    pub width: u32,
    pub height: u32,
    pub full: Vec<u8>,
    pub thumbnail: Vec<u8>,
}

#[derive(Clone)]
pub struct ImageProcessor {
    turns: BlockingPool,
}

impl Default for ImageProcessor {
    fn default() -> Self {
        Self { turns: BlockingPool::at_most(AT_ONCE) }
    }
}

impl ImageProcessor {
    /// Processes all files, or refuses the flawed ones. One after the other: other uploads have their
    /// turns between.
    pub async fn develop(&self, uploads: Vec<Upload>) -> Result<Vec<Developed>, Problem> {
        check_files(&uploads).map_err(Problem::BadPhotos)?;
        let (mut developed, mut bad) = (Vec::new(), Vec::new());
        for upload in uploads {
            match self.develop_one(upload).await? {
                Ok(photo) => developed.push(photo),
                Err((name, Failure::Flawed(flaw))) => bad.push(BadPhoto { name, flaw }),
                Err((_, Failure::Unwritable(error))) => return Err(unavailable(&error)),
            }
        }
        if bad.is_empty() { Ok(developed) } else { Err(Problem::BadPhotos(bad)) }
    }

    async fn develop_one(&self, upload: Upload) -> Result<Result<Developed, (String, Failure)>, Problem> {
        let develop_unless_large = move || match needed_memory(&upload.bytes) {
            Ok(bytes) if bytes > LARGE => Err(upload),
            Ok(_) | Err(_) => Ok(develop_now(upload)),
        };
        match self.turns.take(develop_unless_large).await? {
            Ok(developed) => Ok(developed),
            Err(large) => self.turns.take_all(move || develop_now(large)).await,
        }
    }

    /// Takes a stored file of another desk byte for byte, if it has the form of one.
    pub async fn admit(&self, upload: Upload) -> Result<Developed, Problem> {
        check_files(std::slice::from_ref(&upload)).map_err(Problem::BadPhotos)?;
        match self.turns.take(move || admit_now(upload)).await? {
            Ok(photo) => Ok(photo),
            Err((name, Failure::Flawed(flaw))) => Err(Problem::BadPhotos(vec![BadPhoto { name, flaw }])),
            Err((_, Failure::Unwritable(error))) => Err(unavailable(&error)),
        }
    }
}

/// Media type and size of a stored file, from its first bytes.
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

/// Checks number and length of files.
fn check_files(uploads: &[Upload]) -> Result<(), Vec<BadPhoto>> {
    photo::check_room(0, uploads.iter().map(|upload| upload.name.as_str())).map_err(|bad| vec![bad])?;
    let too_large = uploads.iter().filter(|upload| upload.bytes.len() > MAX_BYTES);
    let bad: Vec<BadPhoto> =
        too_large.map(|upload| BadPhoto { name: upload.name.clone(), flaw: Flaw::TooLarge }).collect();
    if bad.is_empty() { Ok(()) } else { Err(bad) }
}

/// Cause of a failure: the file, or the server.
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
    match pack(picture) {
        Ok(Packed { media_type, width, height, full, thumbnail }) => {
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

/// Unpacks a file into a picture, upright and within [`Size::Full`].
fn unpack(bytes: &[u8]) -> Result<DynamicImage, Flaw> {
    let mut decoder = measured(bytes)?;
    // A picture of unreadable orientation is still one.
    let orientation = decoder.orientation().ok();
    let picture = DynamicImage::from_decoder(decoder).map_err(flaw)?;
    let mut picture = eight_bits(scaled(picture, Size::Full));
    if let Some(orientation) = orientation {
        picture.apply_orientation(orientation);
    }
    Ok(picture)
}

/// Converts to eight bits a colour, and drops transparency where all is opaque.
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
    if (width, height) == now {
        picture
    } else {
        resized(averaged(picture, (width, height)), (width, height))
    }
}

/// Averages a picture that is far too large: fast, and in little memory.
fn averaged(picture: DynamicImage, (width, height): (u32, u32)) -> DynamicImage {
    let (wide, high) = (width * 2, height * 2);
    if picture.width() > wide && picture.height() > high {
        picture.thumbnail_exact(wide, high)
    } else {
        picture
    }
}

fn resized(picture: DynamicImage, (width, height): (u32, u32)) -> DynamicImage {
    let needed = u64::from(picture.width()) * u64::from(height) * FILTER_BYTES;
    if needed > MAX_FILTER_MEMORY {
        picture.thumbnail_exact(width, height)
    } else {
        picture.resize_exact(width, height, filter_for((width, height)))
    }
}

fn filter_for((width, height): (u32, u32)) -> FilterType {
    if u64::from(width) * u64::from(height) > MAX_FINE_PIXELS {
        FilterType::Triangle
    } else {
        FilterType::Lanczos3
    }
}

/// A picture encoded in the files to be stored.
struct Packed {
    media_type: MediaType,
    width: u32,
    height: u32,
    full: Vec<u8>,
    thumbnail: Vec<u8>,
}

/// Encodes a picture, smaller where its file would be larger than one that may be imported.
fn pack(mut picture: DynamicImage) -> ImageResult<Packed> {
    let media_type = if picture.color().has_alpha() { MediaType::Png } else { MediaType::Jpeg };
    let mut full = encoded(&picture, media_type)?;
    while full.len() > MAX_BYTES {
        let (width, height) = (picture.width().div_ceil(2), picture.height().div_ceil(2));
        picture = picture.thumbnail_exact(width, height);
        full = encoded(&picture, media_type)?;
    }
    let (width, height) = (picture.width(), picture.height());
    let thumbnail = encoded(&scaled(picture, Size::Thumbnail), media_type)?;
    Ok(Packed { media_type, width, height, full, thumbnail })
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
    use std::io::Cursor;
    use std::pin::pin;

    use super::*;
    use futures::future::{Either, select};
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
    fn a_file_is_refused_for_its_bytes_before_anybody_looks_inside() {
        let upload = |name: &str, length| Upload { name: name.to_owned(), bytes: vec![0; length] };
        let refused = |name: &str, flaw| Err(vec![BadPhoto { name: name.to_owned(), flaw }]);

        let (small, large) = (upload("small", MAX_BYTES), upload("large", MAX_BYTES + 1));
        assert_eq!(check_files(&[small.clone(), large]), refused("large", Flaw::TooLarge));
        assert_eq!(check_files(&[small]), Ok(()));
        let seven: Vec<Upload> = (1..=7).map(|number: u8| upload(&number.to_string(), 1)).collect();
        assert_eq!(check_files(&seven), refused("7", Flaw::TooMany));
    }

    fn sent(picture: impl Into<DynamicImage>, format: ImageFormat) -> Upload {
        let mut file = Cursor::new(Vec::new());
        picture.into().write_to(&mut file, format).expect("is written");
        Upload { name: String::new(), bytes: file.into_inner() }
    }

    #[tokio::test]
    async fn a_picture_waits_for_one_of_another_upload_and_not_for_all() {
        let processor = ImageProcessor { turns: BlockingPool::at_most(1) };
        let picture = sent(Pixels::from_pixel(2000, 2000, Rgb([90_u8, 120, 30])), ImageFormat::Jpeg);
        let six = pin!(processor.develop(vec![picture.clone(); 6]));
        let one = pin!(processor.develop(vec![picture]));

        let Either::Right((one, _)) = select(six, one).await else { panic!("it waits for all six") };

        assert_eq!(one.expect("is a picture").len(), 1);
    }

    fn kept_size(upload: Upload) -> (u32, u32) {
        let kept = develop_now(upload).expect("is a picture");
        let shown = image::load_from_memory(&kept.full).expect("is a picture");
        assert_eq!((shown.width(), shown.height()), (kept.width, kept.height));
        assert_eq!(
            admit_now(Upload { name: String::new(), bytes: kept.full }).expect("is kept").width,
            kept.width
        );
        (kept.width, kept.height)
    }

    #[test]
    fn what_phones_take_today_is_kept() {
        let photo = Pixels::from_pixel(8192, 6144, Rgb([90_u8, 120, 30]));
        assert_eq!(kept_size(sent(photo, ImageFormat::Jpeg)), (2048, 1536));
    }

    #[test]
    fn a_long_screenshot_stays_readable() {
        // Every other pair of rows is black, as strokes of small letters are.
        let rows = |_, y| if y % 4 < 2 { Rgb([0_u8, 0, 0]) } else { Rgb([255, 255, 255]) };
        let screenshot = Pixels::from_fn(1080, 16_000, rows);

        let kept = develop_now(sent(screenshot, ImageFormat::Png)).expect("is a picture");

        assert_eq!((kept.width, kept.height), (1024, 15_170));
        let shown = image::load_from_memory(&kept.full).expect("is a picture").into_luma8();
        let column = (7000..7100).map(|y| shown.get_pixel(512, y).0[0]);
        let (dark, bright) = (column.clone().min(), column.max());
        assert!(dark < Some(60) && bright > Some(200), "{dark:?} {bright:?}");
    }

    #[test]
    fn a_result_of_many_pixels_has_the_cheaper_filter() {
        assert_eq!(filter_for((2048, 2048)), FilterType::Lanczos3);
        assert_eq!(filter_for((1024, 15_170)), FilterType::Triangle);
    }

    #[test]
    fn a_picture_that_packs_badly_is_made_smaller_until_it_fits() {
        let mut state = 1_u32;
        let mut noise = |_, _| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let [a, b, c, d] = state.to_be_bytes();
            Rgba([a, b, c, d])
        };
        let picture = Pixels::from_fn(2048, 2048, &mut noise);

        let kept = develop_now(sent(picture, ImageFormat::Png)).expect("is a picture");

        assert_eq!((kept.media_type, kept.width, kept.height), (MediaType::Png, 1024, 1024));
        assert!(kept.full.len() <= MAX_BYTES);
    }
}
