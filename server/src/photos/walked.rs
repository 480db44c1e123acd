//! What the walkers make of a file, without the decoder after them: for `fuzzing`.

use super::{Format, bare, header};

/// Width and height, by the header alone.
pub(crate) fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    let header = match Format::of(bytes)? {
        Format::Jpeg => header::jpeg(bytes)?,
        Format::Png => header::png(bytes)?,
    };
    Some((header.width, header.height))
}

/// What is left for the decoder.
pub(crate) fn bare(bytes: &[u8]) -> Option<Vec<u8>> {
    match Format::of(bytes)? {
        Format::Jpeg => bare::jpeg(bytes),
        Format::Png => bare::png(bytes),
    }
}
