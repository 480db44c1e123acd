//! What people upload becomes a small clean image of our own making (SPEC §3, "The photo"; ASVS 5.2.1, 5.2.2, 5.2.6, 14.2.8).
//!
//! ```text
//! bytes ─► inspect: type by content, size and pixels from the header alone ─► Upload, with what it will cost in memory
//!       ─► make: bared of all but its pixels ─► decoded, cut to the square that was chosen, shrunk to fit 512×512, turned upright,
//!          put into sRGB, encoded anew ─► Clean
//! ```
//!
//! Nothing of the upload survives but its pixels: no EXIF, no place, no comment, no second file behind the image. What a
//! picture costs in memory is known from its header, so that whoever calls can pay for it from one budget before it is decoded; a
//! bomb is refused before anything is allocated for it. Rejected: `image`'s own limits alone (they count neither the coefficients of
//! a progressive JPEG nor the other pictures).
//!
//! Both steps compute for long: up to a second for the largest file. Call them from a thread that may.

#![warn(missing_docs)]

mod bare;
mod colour;
mod header;
mod square;
#[cfg(test)]
mod tests;
mod unended;

use header::Header;
use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::{PngDecoder, PngEncoder};
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageResult, Limits};
use std::fmt;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

pub use square::{Choice, Square};

/// The most that decoding one picture may take, in MiB. What would take more is refused.
pub const MOST_MIB: u32 = 512;
/// The longest side of what is made.
const SIDE: u32 = 512;
/// The most pixels of a JPEG: a phone of 50 megapixels.
const JPEG_PIXELS: u64 = 52_000_000;
/// The most pixels of a PNG: 4096×4096. It packs an empty surface a thousandfold; no camera makes it.
const PNG_PIXELS: u64 = 4096 * 4096;
/// The longest side of an upload: a panorama, a long screenshot.
const MAX_SIDE: u16 = 20_000;
const MIB: u64 = 1024 * 1024;
/// Of 100. Above it a face of 512 pixels looks no better.
const JPEG_QUALITY: u8 = 85;

/// The two types that are taken and made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
}

impl Format {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Jpeg, Self::Png];

    /// The type of an upload, by its first bytes: what it calls itself does not count.
    fn of(bytes: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|format| bytes.starts_with(format.signature()))
    }

    /// The first bytes of every file of this type.
    pub const fn signature(self) -> &'static [u8] {
        match self {
            Self::Jpeg => &[0xFF, 0xD8, 0xFF],
            Self::Png => b"\x89PNG\r\n\x1a\n",
        }
    }

    /// The media type.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

/// A picture as it is made.
#[derive(Clone, PartialEq, Eq)]
pub struct Clean {
    /// Its type.
    pub format: Format,
    /// The file, of our own encoder.
    pub bytes: Vec<u8>,
}

/// Why an upload becomes no picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is no JPEG or PNG, or it is broken or cut short.
    #[error("no JPEG or PNG that can be read")]
    Unreadable,
    /// It has too many pixels.
    #[error("more than {megapixels} megapixels, or a side of more than {side} pixels")]
    TooManyPixels {
        /// The most of this type, in megapixels.
        megapixels: u16,
        /// The most along one side, in pixels.
        side: u16,
    },
}

/// An upload whose header was checked; it is not decoded yet.
pub struct Upload {
    bytes: Vec<u8>,
    format: Format,
    header: Header,
    choice: Option<Choice>,
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload").field("format", &self.format).field("header", &self.header).finish_non_exhaustive()
    }
}

/// Looks at a file without decoding anything. `choice`: which square of it is kept; the whole picture without one.
///
/// # Errors
/// When its first bytes and its header are those of no picture that is taken.
pub fn inspect(bytes: Vec<u8>, choice: Option<Choice>) -> Result<Upload, Refused> {
    let format = Format::of(&bytes).ok_or(Refused::Unreadable)?;
    let (header, most) = match format {
        Format::Jpeg => (header::jpeg(&bytes), JPEG_PIXELS),
        Format::Png => (header::png(&bytes), PNG_PIXELS),
    };
    let header = header.ok_or(Refused::Unreadable)?;
    let most = most.min(u64::from(MOST_MIB) * MIB / u64::from(header.pixel_bytes));
    if header.pixels() > most || header.width.max(header.height) > u32::from(MAX_SIDE) {
        return Err(Refused::TooManyPixels { megapixels: u16::try_from(most / 1_000_000).unwrap_or(u16::MAX), side: MAX_SIDE });
    }
    Ok(Upload { bytes, format, header, choice })
}

/// Width and height of an upload, as its header has them; `None` if it is no picture, or of a sort that is not taken.
pub fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    let header = match Format::of(bytes)? {
        Format::Jpeg => header::jpeg(bytes)?,
        Format::Png => header::png(bytes)?,
    };
    Some((header.width, header.height))
}

/// An upload without what its picture does not need, as a decoder sees it; `None` if it is no whole picture.
pub fn bare(bytes: &[u8]) -> Option<Vec<u8>> {
    match Format::of(bytes)? {
        Format::Jpeg => bare::jpeg(bytes),
        Format::Png => bare::png(bytes),
    }
}

impl Upload {
    /// How long the file is, in bytes.
    pub fn file_bytes(&self) -> usize {
        self.bytes.len()
    }

    /// What making a picture of it takes in memory, in MiB; never more than [`MOST_MIB`].
    pub fn mib(&self) -> u32 {
        let cut = self.choice.as_ref().map_or(0, |choice| self.header.cut_bytes(choice));
        // The file as it came, stripped, and the decoder's copy of that.
        let bytes = self.header.peak_bytes() + cut + 3 * self.bytes.len() as u64 + colour::PEAK_BYTES;
        u32::try_from(bytes.div_ceil(MIB)).unwrap_or(u32::MAX).min(MOST_MIB)
    }

    /// Makes the picture, with no more memory than `mib`.
    ///
    /// # Errors
    /// When it cannot be decoded whole. A decoder that panics has met something that is no picture, too.
    pub fn make(self, mib: u32) -> Result<Clean, Refused> {
        guarded("a photo made its decoder panic", || self.made(mib)).ok_or(Refused::Unreadable)
    }

    fn made(&self, mib: u32) -> Option<Clean> {
        let Self { bytes, format, header, choice } = self;
        let bare = bare(bytes)?;
        let (image, orientation) = if *format == Format::Jpeg && unended::is_unended(bytes) {
            unended::whole(&bare, |bytes| decode(*format, header, bytes, mib).ok())?
        } else {
            decode(*format, header, &bare, mib).ok()?
        };
        let profile = colour::profile(*format, bytes);
        let image = match choice {
            Some(choice) => square::cut(image, choice, orientation),
            None => image,
        };
        let mut image = shrink(image);
        image.apply_orientation(orientation);
        if let Some(profile) = profile {
            image = colour::to_srgb(&profile, image);
        }
        Some(Clean { format: *format, bytes: encode(*format, &image).ok()? })
    }
}

/// Decoders are safe Rust for the most part; where one gives up, we go on.
fn guarded<T>(panicked: &'static str, work: impl FnOnce() -> Option<T>) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        tracing::warn!(event = "upload_validation", "{panicked}");
        None
    })
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
    // Unreadable EXIF says nothing about the pixels.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    Ok((DynamicImage::from_decoder(decoder)?, orientation))
}

/// Shrinks to fit the square; never enlarges. In two steps, because the fine filter over 50 megapixels would take seconds.
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
