//! Turns an upload into a small clean picture (SPEC §3, "The photo"; ASVS 5.2.1, 5.2.2, 5.2.6, 14.2.8).
//!
//! ```text
//! bytes ─► inspect: type by content, size and pixels from the header alone ─► Upload, with what it will cost in memory
//!       ─► make: stripped of all but its pixels ─► decoded, cut to the square that was chosen, shrunk to fit 512×512,
//!          turned upright, converted to sRGB, encoded anew ─► Clean
//! ```
//!
//! Only the pixels of an upload survive: no EXIF, no location, no comment, no second file behind the image. What a picture costs in
//! memory is known from its header. The caller can therefore take that much from one budget before it is decoded, and a
//! decompression bomb is refused before anything is allocated for it. Rejected: `image`'s own limits alone (they count neither the
//! coefficients of a progressive JPEG nor the other pictures).
//!
//! Both steps compute for up to a second. Call them from a thread that may block.

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
/// The longest side of the picture that is made, in pixels.
const SIDE: u32 = 512;
/// The most pixels of a JPEG: a phone of 50 megapixels.
const JPEG_PIXELS: u64 = 52_000_000;
/// The most pixels of a PNG: 4096×4096. The limit is lower than a JPEG's, because a PNG packs an empty surface a thousandfold and
/// no camera makes one.
const PNG_PIXELS: u64 = 4096 * 4096;
/// The longest side of an upload, in pixels: a panorama or a long screenshot.
const MAX_SIDE: u16 = 20_000;
const MIB: u64 = 1024 * 1024;
/// The JPEG quality, of 100. Above it a face of 512 pixels looks no better.
const JPEG_QUALITY: u8 = 85;

/// The two types that are accepted and made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
}

impl Format {
    /// Both types, in the order in which they are tried.
    pub const ALL: [Self; 2] = [Self::Jpeg, Self::Png];

    /// Tells the type of an upload by its first bytes. The name and media type that came with it do not count.
    fn of(bytes: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|format| bytes.starts_with(format.signature()))
    }

    /// The signature: the first bytes of every file of this type.
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

/// A picture that was made here.
#[derive(Clone, PartialEq, Eq)]
pub struct Clean {
    /// The same as the upload's.
    pub format: Format,
    /// The file, as our own encoder wrote it.
    pub bytes: Vec<u8>,
}

/// Why an upload is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is neither JPEG nor PNG, or it is broken or cut short.
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

/// Checks a file without decoding anything. `choice` says which square of it is kept; without one the whole picture is.
///
/// # Errors
/// When its first bytes or its header are not those of a picture that is accepted.
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

/// Width and height of an upload, from its header; `None` if it is no picture, or of a kind that is not accepted.
pub fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    let header = match Format::of(bytes)? {
        Format::Jpeg => header::jpeg(bytes)?,
        Format::Png => header::png(bytes)?,
    };
    Some((header.width, header.height))
}

/// An upload stripped for the decoder; `None` if it is no complete picture.
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

    /// The memory that making a picture of it takes, in MiB; never more than [`MOST_MIB`].
    pub fn mib(&self) -> u32 {
        let cut = self.choice.as_ref().map_or(0, |choice| self.header.cut_bytes(choice));
        // The file as it came, the stripped file, and the decoder's copy of that.
        let bytes = self.header.peak_bytes() + cut + 3 * self.bytes.len() as u64 + colour::PEAK_BYTES;
        u32::try_from(bytes.div_ceil(MIB)).unwrap_or(u32::MAX).min(MOST_MIB)
    }

    /// Makes the picture, with no more memory than `mib`.
    ///
    /// # Errors
    /// When it cannot be decoded to its end. A decoder that panics counts as that, too.
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

/// Decoders are mostly safe Rust, so a panic in one is caught and the service goes on.
fn guarded<T>(panicked: &'static str, work: impl FnOnce() -> Option<T>) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        tracing::warn!(event = "upload_validation", "{panicked}");
        None
    })
}

/// Limits the decoder to the memory that was taken from the budget.
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
    // An unreadable EXIF says nothing about the pixels, so the picture is kept as it lies.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    Ok((DynamicImage::from_decoder(decoder)?, orientation))
}

/// Shrinks to fit the square; never enlarges. It takes two steps, because the fine filter over 50 megapixels would take seconds.
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
