//! Strips a file of what its picture does not need, before a decoder sees it.
//!
//! A decoder unpacks, copies and assembles all metadata that it knows. Half a megabyte of PNG can hold a colour profile of half a
//! gigabyte. An XMP packet in thousands of pieces is reassembled at each piece. After stripping, decoding costs the memory and the
//! time that the header implies.

use super::header::{Segments, be32};
use super::unended;

/// The longest EXIF of a PNG that is looked at: as much as a JPEG's can be.
const EXIF_BYTES: usize = 64 * 1024;
/// The most scans of a JPEG; a camera or an editor makes up to a dozen. A scan may take a few bytes, and each one of a
/// progressive JPEG passes over all pixels.
const SCANS: usize = 100;

/// Keeps a PNG's header, palette, transparency, pixels and orientation: no profile, no text, no animation. `None` if the file ends
/// before its last chunk.
pub(super) fn png(bytes: &[u8]) -> Option<Vec<u8>> {
    let (signature, mut rest) = bytes.split_at_checked(8)?;
    let mut kept = signature.to_vec();
    loop {
        let length = usize::try_from(be32(rest)?).ok()?;
        // Length, name, content, checksum.
        let (chunk, after) = rest.split_at_checked(length.checked_add(12)?)?;
        let name = &chunk[4..8];
        if png_needs(name, length) {
            kept.extend_from_slice(chunk);
        }
        if name == b"IEND" {
            return Some(kept);
        }
        rest = after;
    }
}

fn png_needs(name: &[u8], length: usize) -> bool {
    match name {
        b"IHDR" | b"PLTE" | b"tRNS" | b"IDAT" | b"IEND" => true,
        b"eXIf" => length <= EXIF_BYTES,
        _ => false,
    }
}

/// Drops the comments, profiles, XMP and program data of a JPEG. `None` if it has no scan, too many scans, or ends in the middle of
/// a segment. A missing end marker is added; [`unended`] then finds out whether the pixels are complete.
pub(super) fn jpeg(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut kept = bytes.get(..2)?.to_vec();
    let mut segments = Segments::of(bytes);
    let mut scans = 0;
    loop {
        let before = segments.rest();
        let Some((marker, payload)) = segments.next() else {
            kept.extend(unended::ended(before, segments.rest())?);
            return (1..=SCANS).contains(&scans).then_some(kept);
        };
        let passed = &before[..before.len() - segments.rest().len()];
        if marker == 0xD9 {
            kept.extend_from_slice(passed);
            return (1..=SCANS).contains(&scans).then_some(kept);
        }
        // In front of a segment (marker, length, payload) stands the data of the previous scan, which never ends in 0xFF. A trailing
        // 0xFF is fill, and is dropped: it could form a marker with the next bytes. Data before the first scan belongs to nothing.
        let (scan, segment) = passed.split_at(passed.len() - payload.len() - 4);
        if scans > 0 {
            let end = scan.iter().rposition(|byte| *byte != 0xFF).map_or(0, |last| last + 1);
            kept.extend_from_slice(&scan[..end]);
        }
        if jpeg_needs(marker, payload) {
            kept.extend_from_slice(segment);
        }
        scans += usize::from(marker == 0xDA);
    }
}

/// Returns whether a segment is kept: JFIF and Adobe define the colours, and EXIF holds the orientation.
fn jpeg_needs(marker: u8, payload: &[u8]) -> bool {
    match marker {
        0xE1 => payload.starts_with(b"Exif\0\0"),
        0xE2..=0xED | 0xEF | 0xFE => false,
        _ => true,
    }
}
