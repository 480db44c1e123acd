mod bared;
mod made;
mod refused;

use super::*;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use image::{ImageFormat, Rgb, RgbImage};
use std::io::Write;

/// Red above blue: in a picture that lies on its side the colours tell where up was.
fn flag(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |_, y| if y < height / 2 { Rgb([220, 20, 20]) } else { Rgb([20, 20, 220]) })
}

fn file(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    image.into().write_to(&mut Cursor::new(&mut bytes), format).expect("encoded");
    bytes
}

fn jpeg(width: u32, height: u32) -> Vec<u8> {
    file(flag(width, height), ImageFormat::Jpeg)
}

fn png(width: u32, height: u32) -> Vec<u8> {
    file(flag(width, height), ImageFormat::Png)
}

/// The same JPEG with an EXIF block that holds this orientation and a location.
fn with_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let tiff =
        [b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".as_slice(), &[orientation], b"\0\0\0\0\0\0GPS -23.5505 -46.6333"]
            .concat();
    let length = u16::try_from(tiff.len() + 2).expect("short").to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xE1], &length, &tiff, &jpeg[2..]].concat()
}

/// A PNG whose header names this size, with a right checksum and a few bytes of content.
fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = png(1, 1);
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let crc = crc32(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&crc.to_be_bytes());
    bytes
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes
        .iter()
        .fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 & 0_u32.wrapping_sub(crc & 1))))
}

/// A chunk of a PNG.
fn chunk(name: &[u8], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).expect("short").to_be_bytes();
    let named = [name, data].concat();
    [length.as_slice(), &named, &crc32(&named).to_be_bytes()].concat()
}

/// The same PNG with these chunks after its header.
fn with_chunks(png: &[u8], chunks: &[Vec<u8>]) -> Vec<u8> {
    [&png[..33], &chunks.concat(), &png[33..]].concat()
}

/// This many mebibytes of zeros, packed.
fn packed(mebibytes: usize) -> Vec<u8> {
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::best());
    let mebibyte = vec![0; 1024 * 1024];
    for _ in 0..mebibytes {
        zlib.write_all(&mebibyte).expect("packed");
    }
    zlib.finish().expect("packed")
}

fn holds(bytes: &[u8], mark: &[u8]) -> bool {
    bytes.windows(mark.len()).any(|bytes| bytes == mark)
}

/// A segment of a JPEG.
fn segment(marker: u8, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len() + 2).expect("short").to_be_bytes();
    [&[0xFF, marker], length.as_slice(), data].concat()
}

fn clean(bytes: Vec<u8>) -> Result<(Clean, RgbImage), Refused> {
    clean_square(bytes, None)
}

fn clean_square(bytes: Vec<u8>, choice: Option<Choice>) -> Result<(Clean, RgbImage), Refused> {
    let clean = inspect(bytes, choice)?.make(MOST_MIB)?;
    let image = image::load_from_memory(&clean.bytes).expect("a readable photo").to_rgb8();
    Ok((clean, image))
}

fn is_red(pixel: Rgb<u8>) -> bool {
    pixel.0[0] > 150 && pixel.0[2] < 100
}
