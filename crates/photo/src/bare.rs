//! A file without what its picture does not need, before a decoder sees it.
//!
//! Decoders unpack, copy and assemble all metadata that they know. A colour profile of half a gigabyte packs into half a megabyte
//! of a PNG, and an XMP packet in thousands of pieces is reassembled at each of them. What stays is decoded in the memory and the
//! time that the header implies.

use super::header::{Segments, be32};
use super::unended;

/// The longest EXIF of a PNG that is looked at: as much as a JPEG's can be.
const EXIF_BYTES: usize = 64 * 1024;
/// The most scans of a JPEG; a camera or an editor makes up to a dozen. Each of a progressive one passes over all pixels, and
/// may itself be a few bytes.
const SCANS: usize = 100;

/// A PNG of its header, palette, transparency, pixels and orientation; no profile, no text, no animation. `None` if it ends
/// before its end.
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

/// A JPEG without comments, profiles, XMP and what programs keep for themselves. `None` if it has no scan, more scans than a
/// picture has, or ends in the middle of a segment. Where only the end marker is missing it is put there: whether the picture is
/// whole, its pixels tell ([`unended`]).
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

/// Of the metadata, keeps JFIF and Adobe, which define the colours, and EXIF, which holds the orientation.
fn jpeg_needs(marker: u8, payload: &[u8]) -> bool {
    match marker {
        0xE1 => payload.starts_with(b"Exif\0\0"),
        0xE2..=0xED | 0xEF | 0xFE => false,
        _ => true,
    }
}
