//! Converts a picture to sRGB, which every screen shows alike.
//!
//! A phone writes Display P3 and a camera Adobe RGB, with a profile that says so. The profile is dropped with all other metadata,
//! so the pixels are converted first. The conversion works on the small picture that is kept, where it costs nothing. The profile
//! comes from a stranger: its size is limited, and a broken one counts as none.

#[cfg(test)]
mod tests;

use super::header::{Segments, be32};
use super::{Format, MIB, guarded};
use flate2::read::ZlibDecoder;
use image::{DynamicImage, GrayImage, RgbImage, RgbaImage};
use moxcms::{
    Chromaticity, CicpColorPrimaries, CicpProfile, ColorPrimaries, ColorProfile, DataColorSpace, Layout, MatrixCoefficients,
    ParsingOptions, ToneReprCurve, TransferCharacteristics, TransformOptions,
};
use std::io::Read;

/// The largest profile that is read. Profiles of screens have 500 bytes; tables of printers have half a megabyte.
const MOST: usize = 1024 * 1024;
/// The memory that a profile may take: the file, its tables as floating-point numbers, and the transform.
pub(super) const PEAK_BYTES: u64 = 8 * MIB;

const PANICKED: &str = "a colour profile made its reader panic";

/// The colour profile of a picture; `None` for sRGB, or if it cannot be understood.
pub(super) fn profile(format: Format, bytes: &[u8]) -> Option<ColorProfile> {
    guarded(PANICKED, || match format {
        Format::Jpeg => read(&of_jpeg(bytes)?),
        Format::Png => of_png(bytes),
    })
}

/// Converts the picture to sRGB, 8 bits a sample. It stays as it is where its profile is made for another type of picture.
pub(super) fn to_srgb(profile: &ColorProfile, image: DynamicImage) -> DynamicImage {
    guarded(PANICKED, || converted(profile, &image)).unwrap_or(image)
}

fn converted(profile: &ColorProfile, image: &DynamicImage) -> Option<DynamicImage> {
    let (width, height) = (image.width(), image.height());
    let convert = |source: &[u8], from, to, samples: usize| {
        let transform = profile.create_transform_8bit(from, &ColorProfile::new_srgb(), to, TransformOptions::default()).ok()?;
        let mut made = vec![0; width as usize * height as usize * samples];
        transform.transform(source, &mut made).ok()?;
        Some(made)
    };
    match profile.color_space {
        DataColorSpace::Rgb if image.color().has_alpha() => {
            let made = convert(image.to_rgba8().as_raw(), Layout::Rgba, Layout::Rgba, 4)?;
            RgbaImage::from_raw(width, height, made).map(DynamicImage::ImageRgba8)
        }
        DataColorSpace::Rgb => {
            let made = convert(image.to_rgb8().as_raw(), Layout::Rgb, Layout::Rgb, 3)?;
            RgbImage::from_raw(width, height, made).map(DynamicImage::ImageRgb8)
        }
        DataColorSpace::Gray if !image.color().has_color() && !image.color().has_alpha() => {
            let made = convert(image.to_luma8().as_raw(), Layout::Gray, Layout::Gray, 1)?;
            GrayImage::from_raw(width, height, made).map(DynamicImage::ImageLuma8)
        }
        // A printer's profile (CMYK): the decoder has already converted the inks to RGB.
        _ => None,
    }
}

fn read(icc: &[u8]) -> Option<ColorProfile> {
    let options = ParsingOptions { max_profile_size: MOST, max_allowed_clut_size: MOST, ..ParsingOptions::default() };
    ColorProfile::new_from_slice_with_options(icc, options).ok()
}

/// Puts the profile of a JPEG together from its pieces (ICC.1:2022, B.4). Each piece says its number and how many there are.
fn of_jpeg(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut pieces: Vec<(u8, &[u8])> = Vec::new();
    let mut count = None;
    for (_, payload) in Segments::of(bytes).take_while(|(marker, _)| *marker != 0xDA).filter(|(marker, _)| *marker == 0xE2) {
        let Some([piece, of, icc @ ..]) = payload.strip_prefix(b"ICC_PROFILE\0") else { continue };
        if *count.get_or_insert(*of) != *of {
            return None;
        }
        pieces.push((*piece, icc));
    }
    pieces.sort_by_key(|(piece, _)| *piece);
    let whole = pieces.iter().zip(1..=count?).filter(|((piece, _), expected)| piece == expected).count();
    let size: usize = pieces.iter().map(|(_, icc)| icc.len()).sum();
    let is_whole = whole == pieces.len() && whole == usize::from(count?);
    (is_whole && size <= MOST).then(|| pieces.into_iter().flat_map(|(_, icc)| icc).copied().collect())
}

/// Reads the colour chunks of a PNG, in the order of precedence that the format sets (PNG, third edition, 4.3).
fn of_png(bytes: &[u8]) -> Option<ColorProfile> {
    let (mut cicp, mut icc, mut srgb, mut gamma, mut primaries) = (None, None, false, None, None);
    let mut rest = bytes.get(8..)?;
    while let Some(length) = be32(rest).and_then(|length| usize::try_from(length).ok()) {
        let Some((chunk, after)) = rest.split_at_checked(length.checked_add(12)?) else { break };
        let content = &chunk[8..8 + length];
        match &chunk[4..8] {
            b"cICP" => cicp = content.first_chunk::<4>().copied(),
            b"iCCP" => icc = Some(content),
            b"sRGB" => srgb = true,
            b"gAMA" => gamma = be32(content),
            b"cHRM" => primaries = Some(content),
            b"IDAT" => break,
            _ => {}
        }
        rest = after;
    }
    if let Some([colours, transfer, 0, _]) = cicp {
        return coded(colours, transfer);
    }
    if let Some(content) = icc {
        return read(&unpacked(content)?);
    }
    if srgb { None } else { measured(gamma?, primaries) }
}

/// The content of `iCCP`: a name of up to 79 characters, the method, the packed profile. No more is unpacked than is read.
fn unpacked(content: &[u8]) -> Option<Vec<u8>> {
    let name = content.iter().take(80).position(|byte| *byte == 0)?;
    let packed = content.get(name + 1..)?.strip_prefix(&[0])?;
    let mut icc = Vec::new();
    ZlibDecoder::new(packed).take(MOST as u64 + 1).read_to_end(&mut icc).ok()?;
    (icc.len() <= MOST).then_some(icc)
}

/// Reads `cICP`, by the numbers of ITU-T H.273. The transfer curves of films (PQ, HLG) are not handled: such a picture stays as
/// it is.
fn coded(colours: u8, transfer: u8) -> Option<ColorProfile> {
    let color_primaries = CicpColorPrimaries::try_from(colours).ok()?;
    let transfer_characteristics = TransferCharacteristics::try_from(transfer).ok()?;
    if matches!(transfer_characteristics, TransferCharacteristics::Smpte2084 | TransferCharacteristics::Hlg) {
        return None;
    }
    let cicp =
        CicpProfile { color_primaries, transfer_characteristics, matrix_coefficients: MatrixCoefficients::Identity, full_range: true };
    let mut profile = ColorProfile::new_srgb();
    profile.red_trc = None;
    // In moxcms 0.8 this always returns false; whether it succeeded shows only in the curve that it sets.
    let _ = profile.update_rgb_colorimetry_from_cicp(cicp);
    profile.red_trc.is_some().then_some(profile)
}

/// Reads `gAMA` and `cHRM`, in hundred-thousandths. `None` if both are those of sRGB.
fn measured(gamma: u32, primaries: Option<&[u8]>) -> Option<ColorProfile> {
    /// The `gAMA` of sRGB, as programs write it.
    const USUAL: std::ops::RangeInclusive<u32> = 45_000..=46_000;
    if gamma == 0 || gamma > 1_000_000 || (USUAL.contains(&gamma) && primaries.is_none()) {
        return None;
    }
    let mut profile = ColorProfile::new_srgb();
    if let Some(content) = primaries {
        let point = |at: usize| {
            let value = |at: usize| be32(content.get(at * 4..)?).filter(|value| (1..100_000).contains(value));
            #[expect(clippy::cast_precision_loss, reason = "five digits")]
            Some(Chromaticity::new(value(at)? as f32 / 100_000.0, value(at + 1)? as f32 / 100_000.0))
        };
        let (white, red, green, blue) = (point(0)?, point(2)?, point(4)?, point(6)?);
        profile.update_rgb_colorimetry(white.to_xyyb(), ColorPrimaries { red, green, blue });
    }
    profile.cicp = None;
    let curve = if USUAL.contains(&gamma) {
        profile.red_trc.clone()
    } else {
        #[expect(clippy::cast_precision_loss, reason = "seven digits")]
        let exponent = 100_000.0 / gamma as f32;
        Some(ToneReprCurve::Parametric(vec![exponent]))
    };
    (profile.red_trc, profile.green_trc, profile.blue_trc) = (curve.clone(), curve.clone(), curve);
    Some(profile)
}
