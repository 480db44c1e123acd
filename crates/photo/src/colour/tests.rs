use super::*;
use crate::{MOST_MIB, inspect};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use image::{ImageFormat, Rgb, Rgba};
use std::io::{Cursor, Write};

/// The red and the green of sRGB in the numbers of Display P3 and of Adobe RGB (CSS Color 4; Adobe RGB 1998, annex C).
const P3_RED: [u8; 3] = [234, 51, 35];
const ADOBE_GREEN: [u8; 3] = [144, 255, 60];

fn p3() -> Vec<u8> {
    ColorProfile::new_display_p3().encode().expect("encoded")
}

fn plain(colour: [u8; 3], format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    DynamicImage::from(RgbImage::from_pixel(64, 48, Rgb(colour))).write_to(&mut Cursor::new(&mut bytes), format).expect("encoded");
    bytes
}

/// A JPEG with its profile in this many pieces.
fn jpeg(colour: [u8; 3], icc: &[u8], pieces: usize) -> Vec<u8> {
    let plain = plain(colour, ImageFormat::Jpeg);
    let size = icc.len().div_ceil(pieces).max(1);
    let mut segments = Vec::new();
    for (at, piece) in icc.chunks(size).enumerate() {
        let payload =
            [b"ICC_PROFILE\0".as_slice(), &[u8::try_from(at + 1).expect("few"), u8::try_from(pieces).expect("few")], piece].concat();
        let length = u16::try_from(payload.len() + 2).expect("short").to_be_bytes();
        segments.push([&[0xFF, 0xE2], length.as_slice(), &payload].concat());
    }
    // The pieces may come in any order.
    segments.reverse();
    [&plain[..2], &segments.concat(), &plain[2..]].concat()
}

fn with_chunk(png: &[u8], name: &[u8], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).expect("short").to_be_bytes();
    // The checksum of a dropped chunk does not matter.
    [&png[..33], &length, name, content, &[0; 4], &png[33..]].concat()
}

fn iccp(icc: &[u8]) -> Vec<u8> {
    let mut zlib = ZlibEncoder::new(b"ICC profile\0\0".to_vec(), Compression::best());
    zlib.write_all(icc).expect("packed");
    zlib.finish().expect("packed")
}

/// The colour at the centre of the picture that is kept.
fn kept(bytes: Vec<u8>) -> [u8; 4] {
    let clean = inspect(bytes, None).and_then(|upload| upload.make(MOST_MIB)).expect("a photo");
    image::load_from_memory(&clean.bytes).expect("an image").to_rgba8().get_pixel(30, 20).0
}

#[track_caller]
fn assert_near(colour: [u8; 4], expected: [u8; 3]) {
    let near = colour.iter().zip(expected).all(|(one, other)| one.abs_diff(other) <= 4);
    assert!(near, "{colour:?} is not {expected:?}");
}

#[test]
fn the_photo_of_a_phone_keeps_its_colours() {
    assert_near(kept(jpeg(P3_RED, &p3(), 1)), [255, 0, 0]);
    assert_near(kept(jpeg(P3_RED, &p3(), 3)), [255, 0, 0]);
    let adobe = ColorProfile::new_adobe_rgb().encode().expect("encoded");
    assert_near(kept(jpeg(ADOBE_GREEN, &adobe, 1)), [0, 255, 0]);
}

#[test]
fn a_png_says_what_its_colours_are_in_three_ways() {
    let red = plain(P3_RED, ImageFormat::Png);
    assert_near(kept(with_chunk(&red, b"iCCP", &iccp(&p3()))), [255, 0, 0]);
    assert_near(kept(with_chunk(&red, b"cICP", &[12, 13, 0, 1])), [255, 0, 0]);
    let primaries: Vec<u8> =
        [31_270_u32, 32_900, 68_000, 32_000, 26_500, 69_000, 15_000, 6_000].iter().flat_map(|n| n.to_be_bytes()).collect();
    let measured = with_chunk(&with_chunk(&red, b"cHRM", &primaries), b"gAMA", &45_455_u32.to_be_bytes());
    assert_near(kept(measured), [255, 0, 0]);
    // Linear light: half of it is 188 of 255 in sRGB.
    let grey = with_chunk(&plain([128; 3], ImageFormat::Png), b"gAMA", &100_000_u32.to_be_bytes());
    assert_near(kept(grey), [188; 3]);
    // The newest way to name the colours takes precedence.
    let both = with_chunk(&with_chunk(&red, b"iCCP", &iccp(&p3())), b"cICP", &[1, 13, 0, 1]);
    assert_near(kept(both), P3_RED);
}

#[test]
fn what_is_transparent_stays_so() {
    let mut bytes = Vec::new();
    let image = RgbaImage::from_pixel(64, 48, Rgba([P3_RED[0], P3_RED[1], P3_RED[2], 77]));
    DynamicImage::from(image).write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).expect("encoded");
    let colour = kept(with_chunk(&bytes, b"cICP", &[12, 13, 0, 1]));
    assert_near(colour, [255, 0, 0]);
    assert_eq!(colour[3], 77);
}

#[test]
fn a_profile_of_srgb_or_none_changes_nothing() {
    let srgb = ColorProfile::new_srgb().encode().expect("encoded");
    for bytes in [plain(P3_RED, ImageFormat::Jpeg), jpeg(P3_RED, &srgb, 1), with_chunk(&plain(P3_RED, ImageFormat::Png), b"sRGB", &[0])] {
        assert_near(kept(bytes), P3_RED);
    }
    let usual = with_chunk(&plain(P3_RED, ImageFormat::Png), b"gAMA", &45_455_u32.to_be_bytes());
    assert_near(kept(usual), P3_RED);
}

#[test]
fn a_broken_or_hostile_profile_is_as_good_as_none() {
    let whole = p3();
    let mut profiles: Vec<Vec<u8>> = (0..whole.len()).step_by(37).map(|length| whole[..length].to_vec()).collect();
    for at in (0..whole.len()).step_by(5) {
        let mut flipped = whole.clone();
        flipped[at] ^= 0xFF;
        profiles.push(flipped);
    }
    profiles.push(vec![0xFF; 4096]);
    for icc in profiles {
        kept(jpeg(P3_RED, &icc, 1));
    }
    for icc in [&whole[..64], &[0; 600]] {
        assert_near(kept(jpeg(P3_RED, icc, 1)), P3_RED);
    }
    let red = plain(P3_RED, ImageFormat::Png);
    // Two mebibytes that pack into two kilobytes; data that is no zlib; missing pieces.
    assert_near(kept(with_chunk(&red, b"iCCP", &iccp(&vec![0; 2 * MOST]))), P3_RED);
    assert_near(kept(with_chunk(&red, b"iCCP", b"x\0\0nothing packed")), P3_RED);
    let missing = jpeg(P3_RED, &whole, 2);
    let length = usize::from(u16::from_be_bytes([missing[4], missing[5]]));
    assert_near(kept([&missing[..2], &missing[4 + length..]].concat()), P3_RED);
    for points in [[0_u32; 8], [u32::MAX; 8], [1; 8]] {
        let points: Vec<u8> = points.iter().flat_map(|n| n.to_be_bytes()).collect();
        kept(with_chunk(&with_chunk(&red, b"cHRM", &points), b"gAMA", &1_u32.to_be_bytes()));
    }
}
