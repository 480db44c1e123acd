//! Photos: what people upload becomes a small clean image of our own making (SPEC §3, "The photo"; ASVS 5.2.1, 5.2.2,
//! 5.2.6, 14.2.8).
//!
//! ```text
//! bytes ─► type by content ─► size and pixels, from the header alone ─► a place in the pool
//!       ─► bared of all but its pixels ─► decoded, cut to the square that was chosen, shrunk to fit 512×512, turned upright, put into sRGB, encoded anew ─► Clean
//! ```
//!
//! Nothing of the upload survives but its pixels: no EXIF, no place, no comment, no second file behind the image. What a
//! picture would cost in memory is known from its header and paid from one budget, so that many small ones are decoded
//! beside each other and a large one alone; a bomb is refused before anything is allocated for it. Rejected: `image`'s own
//! limits alone (they count neither the coefficients of a progressive JPEG nor the other pictures).

mod bare;
mod colour;
mod header;
#[cfg(test)]
mod tests;
mod unended;
pub(crate) mod walked;

use crate::admission::{Admission, Load};
use crate::client::Client;
use crate::fault::Fault;
use header::Header;
use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::{PngDecoder, PngEncoder};
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageResult, Limits};
use portaria::accounts::{Answer, Upload};
use portaria::error::{Field, FieldError, Refusal};
use portaria::limits::PHOTO_SIGNATURES;
use portaria::value::{Crop, Square};
use std::io::Cursor;

/// The largest upload, in bytes (004: 5 MB).
pub const MAX_BYTES: usize = portaria::limits::PHOTO_BYTES;
/// The longest side of what is kept.
const SIDE: u32 = 512;
/// The most pixels of a JPEG: a phone of 50 megapixels.
const JPEG_PIXELS: u64 = 52_000_000;
/// The most pixels of a PNG: 4096×4096. It packs an empty surface a thousandfold; no camera makes it.
const PNG_PIXELS: u64 = 4096 * 4096;
/// The longest side of an upload: a panorama, a long screenshot.
const MAX_SIDE: u16 = 20_000;
/// What all pictures that are being decoded may take together.
const BUDGET_MIB: u32 = 512;
const MIB: u64 = 1024 * 1024;
/// What those that wait for their turn may hold together; the next is told to come back. It bounds the memory: sixteen of the
/// largest uploads, and of small ones as many as [`QUEUE`].
const QUEUE_BYTES: usize = 16 * MAX_BYTES;
/// How many may wait, however small they are: as many as are decoded within a second or two.
const QUEUE: usize = 64;
/// What it is told to wait.
const BUSY_SECONDS: u32 = 5;
/// Of 100. Above it a face of 512 pixels looks no better.
const JPEG_QUALITY: u8 = 85;

/// The two types that are taken and kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
}

impl Format {
    /// The type of an upload, by its first bytes: what it calls itself does not count.
    fn of(bytes: &[u8]) -> Option<Self> {
        let [jpeg, png] = PHOTO_SIGNATURES.map(|signature| bytes.starts_with(signature));
        if jpeg { Some(Self::Jpeg) } else { png.then_some(Self::Png) }
    }

    /// The media type.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

/// A photo as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Clean {
    /// Its type.
    pub format: Format,
    /// The file, of our own encoder.
    pub bytes: Vec<u8>,
}

/// The pool in which photos are decoded, off the async threads.
#[derive(Clone)]
pub struct Photos {
    /// Memory in MiB; the queue in bytes.
    admission: Admission,
    /// What even the smallest takes, so that no more run at once than there are cores.
    least_mib: u32,
}

impl Default for Photos {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self {
            admission: Admission::new(BUDGET_MIB, QUEUE_BYTES, BUSY_SECONDS),
            least_mib: BUDGET_MIB / u32::try_from(cores).unwrap_or(BUDGET_MIB).min(BUDGET_MIB),
        }
    }
}

impl Photos {
    /// Makes a clean photo of an upload.
    ///
    /// # Errors
    /// At [`Field::Photo`]: [`FieldError::PhotoUnreadable`] when it is no JPG or PNG, broken or cut short,
    /// [`FieldError::PhotoTooLarge`] past 5 MiB, [`FieldError::PhotoTooManyPixels`]. [`Refusal::Busy`] when too many wait
    /// already.
    pub async fn clean(&self, client: Client, upload: Upload) -> Answer<Clean> {
        let refused = |error| Refusal::field(Field::Photo, error);
        let Upload { bytes, crop } = upload;
        // five megabytes of markers take longer than an async thread has; what it costs is known only after it
        let inspected = tokio::task::spawn_blocking(move || (inspect(&bytes), bytes)).await;
        let (inspected, bytes) = inspected.map_err(|error| Fault::Photo(error.to_string()).told())?;
        let (format, header) = inspected.map_err(refused)?;
        let cut = crop.map_or(0, |crop| header.cut_bytes(crop));
        // the file as it came, bared, and the decoder's copy of that
        let mib = self.cost_mib(header.peak_bytes() + cut + 3 * bytes.len() as u64 + colour::PEAK_BYTES);
        // even the smallest takes a part of the queue, so that no more than so many wait
        let load = Load { units: mib, weight: bytes.len().max(QUEUE_BYTES / QUEUE) };
        let place = self.admission.admit(client, load).await?;
        let made = tokio::task::spawn_blocking(move || {
            let made = make(format, &header, &bytes, crop, mib);
            drop(place);
            made
        });
        match made.await {
            Ok(made) => made.map_err(refused),
            Err(error) if error.is_panic() => {
                // a decoder that gives up this way has met something that is no photo
                tracing::warn!(event = "upload_validation", "a photo made its decoder panic");
                Err(refused(FieldError::PhotoUnreadable))
            }
            Err(error) => Err(Fault::Photo(error.to_string()).told()),
        }
    }

    fn cost_mib(&self, bytes: u64) -> u32 {
        u32::try_from(bytes.div_ceil(MIB)).unwrap_or(u32::MAX).clamp(self.least_mib, BUDGET_MIB)
    }
}

/// What the first bytes tell, without decoding anything.
fn inspect(bytes: &[u8]) -> Result<(Format, Header), FieldError> {
    if bytes.len() > MAX_BYTES {
        return Err(FieldError::PhotoTooLarge);
    }
    let format = Format::of(bytes).ok_or(FieldError::PhotoUnreadable)?;
    let (header, most) = match format {
        Format::Jpeg => (header::jpeg(bytes), JPEG_PIXELS),
        Format::Png => (header::png(bytes), PNG_PIXELS),
    };
    let header = header.ok_or(FieldError::PhotoUnreadable)?;
    let most = most.min(u64::from(BUDGET_MIB) * MIB / u64::from(header.pixel_bytes));
    if header.pixels() > most || header.width.max(header.height) > u32::from(MAX_SIDE) {
        return Err(too_many_pixels(most));
    }
    Ok((format, header))
}

fn too_many_pixels(most: u64) -> FieldError {
    FieldError::PhotoTooManyPixels { megapixels: u16::try_from(most / 1_000_000).unwrap_or(u16::MAX), side: MAX_SIDE }
}

/// The work itself: a second of one core for the largest.
fn make(format: Format, header: &Header, bytes: &[u8], crop: Option<Crop>, mib: u32) -> Result<Clean, FieldError> {
    let bare = match format {
        Format::Jpeg => bare::jpeg(bytes),
        Format::Png => bare::png(bytes),
    };
    let bare = bare.ok_or(FieldError::PhotoUnreadable)?;
    let decoded = if format == Format::Jpeg && unended::is_unended(bytes) {
        unended::whole(&bare, |bytes| decode(format, header, bytes, mib).ok())
    } else {
        decode(format, header, &bare, mib).ok()
    };
    let (image, orientation) = decoded.ok_or(FieldError::PhotoUnreadable)?;
    let profile = colour::profile(format, bytes);
    let image = match crop {
        Some(crop) => cut(image, lying(crop, orientation)),
        None => image,
    };
    let mut image = shrink(image);
    image.apply_orientation(orientation);
    if let Some(profile) = profile {
        image = colour::to_srgb(&profile, image);
    }
    let bytes = encode(format, &image).map_err(|_| FieldError::PhotoUnreadable)?;
    Ok(Clean { format, bytes })
}

/// With no more memory than was paid for.
fn decode(format: Format, header: &Header, bytes: &[u8], mib: u32) -> ImageResult<(DynamicImage, Orientation)> {
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(header.width);
    limits.max_image_height = Some(header.height);
    limits.max_alloc = Some(u64::from(mib) * MIB);
    let bytes = Cursor::new(bytes);
    match format {
        Format::Jpeg => read(JpegDecoder::new(bytes)?, limits),
        Format::Png => read(PngDecoder::with_limits(bytes, limits.clone())?, limits),
    }
}

fn read(mut decoder: impl ImageDecoder, limits: Limits) -> ImageResult<(DynamicImage, Orientation)> {
    decoder.set_limits(limits)?;
    // EXIF that cannot be read says nothing about the pixels
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    Ok((DynamicImage::from_decoder(decoder)?, orientation))
}

/// The square, of a picture that still lies as the camera held it.
fn cut(image: DynamicImage, crop: Crop) -> DynamicImage {
    let Square { left, top, side } = crop.square(image.width(), image.height());
    if (side, side) == (image.width(), image.height()) { image } else { image.crop_imm(left, top, side, side) }
}

/// Where the square of the upright picture is before it is turned. Cutting comes first: turning copies the picture whole,
/// and shrinking before would leave little of a small square.
fn lying(crop: Crop, orientation: Orientation) -> Crop {
    match orientation {
        Orientation::NoTransforms => crop,
        Orientation::FlipHorizontal => crop.mirrored(),
        Orientation::FlipVertical => crop.flipped(),
        Orientation::Rotate180 => crop.mirrored().flipped(),
        Orientation::Rotate90 => crop.transposed().flipped(),
        Orientation::Rotate270 => crop.transposed().mirrored(),
        Orientation::Rotate90FlipH => crop.transposed(),
        Orientation::Rotate270FlipH => crop.transposed().mirrored().flipped(),
    }
}

/// To fit the square, never larger than it came. In two steps: the fine filter over 50 megapixels would take seconds.
fn shrink(image: DynamicImage) -> DynamicImage {
    const COARSE: u32 = SIDE * 4;
    let longest = image.width().max(image.height());
    if longest <= SIDE {
        return image;
    }
    let image = if longest > COARSE { image.thumbnail(COARSE, COARSE) } else { image };
    image.resize(SIDE, SIDE, FilterType::Lanczos3)
}

fn encode(format: Format, image: &DynamicImage) -> ImageResult<Vec<u8>> {
    let mut bytes = Vec::new();
    match format {
        Format::Jpeg => JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY).encode_image(&image.to_rgb8())?,
        Format::Png if image.color().has_alpha() => image.to_rgba8().write_with_encoder(PngEncoder::new(&mut bytes))?,
        Format::Png => image.to_rgb8().write_with_encoder(PngEncoder::new(&mut bytes))?,
    }
    Ok(bytes)
}
