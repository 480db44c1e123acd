//! Reads the header of a file without decoding it. It is done by hand, because the decoders read on and allocate.

use super::Choice;

/// Size and cost of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub width: u32,
    pub height: u32,
    /// Bytes that decoding takes for each pixel, at its peak.
    pub pixel_bytes: u32,
}

impl Header {
    pub(super) const fn pixels(&self) -> u64 {
        self.width as u64 * self.height as u64
    }

    /// The memory that decoding takes, in bytes.
    pub(super) const fn peak_bytes(&self) -> u64 {
        self.pixels() * self.pixel_bytes as u64
    }

    /// The memory that the square cut out of it takes besides, in bytes.
    pub(super) fn cut_bytes(&self, choice: &Choice) -> u64 {
        // The orientation is known only after decoding, so both are computed and the larger one counts.
        let side = u64::from(choice(self.width, self.height).side.max(choice(self.height, self.width).side));
        side * side * u64::from(self.pixel_bytes)
    }
}

fn be16(bytes: &[u8]) -> Option<u32> {
    bytes.first_chunk().map(|two| u32::from(u16::from_be_bytes(*two)))
}

pub(super) fn be32(bytes: &[u8]) -> Option<u32> {
    bytes.first_chunk().map(|four| u32::from_be_bytes(*four))
}

/// The first chunk of a PNG (ISO/IEC 15948, 11.2.1).
pub(super) fn png(bytes: &[u8]) -> Option<Header> {
    let chunk = bytes.get(8..33)?;
    if &chunk[..8] != b"\0\0\0\x0dIHDR" {
        return None;
    }
    let (depth, colour) = (chunk[16], chunk[17]);
    let samples = match colour {
        // A palette is expanded to colours. Both a palette and a grey picture may gain an alpha channel from `tRNS`.
        0 | 4 => 2,
        2 | 3 | 6 => 4,
        _ => return None,
    };
    let pixel_bytes = samples * if depth == 16 { 2 } else { 1 };
    some_pixels(Header { width: be32(&chunk[8..])?, height: be32(&chunk[12..])?, pixel_bytes })
}

/// The frame header of a JPEG (ITU-T T.81, B.2.2): baseline, extended or progressive. No camera uses the other processes
/// (lossless, arithmetic).
pub(super) fn jpeg(bytes: &[u8]) -> Option<Header> {
    let (marker, frame) = frame(bytes)?;
    let components = u32::from(*frame.get(5)?);
    let pixel_bytes = match marker {
        0xC0 | 0xC1 => components.max(3),
        // A progressive JPEG keeps all coefficients until the last scan.
        0xC2 => components.max(3) * 3,
        _ => return None,
    };
    some_pixels(Header { width: be16(frame.get(3..)?)?, height: be16(frame.get(1..)?)?, pixel_bytes })
}

/// The frame header's marker and content.
fn frame(bytes: &[u8]) -> Option<(u8, &[u8])> {
    const NOT_FRAMES: [u8; 3] = [0xC4, 0xC8, 0xCC];
    Segments::of(bytes).find(|(marker, _)| (0xC0..=0xCF).contains(marker) && !NOT_FRAMES.contains(marker))
}

/// The ids of the components that the frame header of a JPEG names.
pub(super) fn frame_components(bytes: &[u8]) -> Option<Vec<u8>> {
    let (_, frame) = frame(bytes)?;
    let components = frame.get(6..)?.chunks_exact(3).map(|component| component[0]);
    Some(components.take(usize::from(frame[5])).collect())
}

fn some_pixels(header: Header) -> Option<Header> {
    (header.width > 0 && header.height > 0).then_some(header)
}

/// Iterates over the segments of a JPEG, with their markers. What lies inside a segment, such as a camera's thumbnail, is skipped.
pub(super) struct Segments<'a> {
    rest: &'a [u8],
}

impl<'a> Segments<'a> {
    /// `bytes` begin with the start marker.
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        Self { rest: bytes.get(2..).unwrap_or_default() }
    }

    /// The bytes that are still to be read.
    pub(super) const fn rest(&self) -> &'a [u8] {
        self.rest
    }
}

impl<'a> Iterator for Segments<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            // Scan data is skipped here. In it 0xFF is followed by 0, a restart marker, or a marker that does not matter here.
            let at = self.rest.iter().position(|byte| *byte == 0xFF)?;
            let marker = *self.rest.get(at + 1)?;
            match marker {
                0xFF => self.rest = &self.rest[at + 1..],
                0x00 | 0x01 | 0xD0..=0xD8 => self.rest = &self.rest[at + 2..],
                0xD9 => {
                    self.rest = &[];
                    return Some((marker, &[]));
                }
                _ => {
                    let after = &self.rest[at + 2..];
                    let length = usize::try_from(be16(after)?).ok()?;
                    let payload = after.get(2..length)?;
                    self.rest = &after[length..];
                    return Some((marker, payload));
                }
            }
        }
    }
}
