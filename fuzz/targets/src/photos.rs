//! Photos: the parsers that look at a file before a decoder does, and the whole way from an upload to the stored picture.

use image::ImageFormat;
use photo::Format;
use portaria::accounts::Upload;
use portaria::limits::PHOTO_BYTES;
use portaria::value::Crop;
use server::client::Client;
use server::photos::Photos;
use std::net::Ipv4Addr;

/// Larger pictures take the decoder too long for fuzzing. The product's own limits are tested elsewhere.
const PIXELS: u64 = 1 << 20;

pub(crate) fn header(bytes: &[u8]) {
    let measured = photo::size(bytes);
    if let Some((width, height)) = measured {
        assert!(width > 0 && height > 0);
    }
    let Some(bare) = photo::bare(bytes) else { return };
    // The two bytes are the end marker, which is added if a JPEG lacks it.
    assert!(bare.len() <= bytes.len() + 2, "baring only takes away");
    assert!(bytes.starts_with(&bare[..2]));
    // Bytes that belong to no segment are kept. If they come first, the result is no photo any more, and the decoder refuses it.
    if bare.starts_with(&bytes[..3]) {
        assert_eq!(photo::bare(&bare).as_ref(), Some(&bare), "what is bare is bare");
        assert_eq!(photo::size(&bare), measured, "and the same picture");
    }
    let parts = parts(&bare);
    assert!(
        !parts.iter().any(|part| ["iCCP", "zTXt", "iTXt", "tEXt", "acTL", "fdAT", "FE", "E2", "ED"].contains(&part.as_str())),
        "{parts:?}"
    );
}

/// Input: the first byte chooses the square, the rest is the file.
pub(crate) fn photo(bytes: &[u8]) {
    thread_local! {
        static POOL: (tokio::runtime::Runtime, Photos) =
            (tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime"), Photos::default());
    }
    let Some((wish, file)) = bytes.split_first() else { return };
    if photo::size(file).is_some_and(|(width, height)| u64::from(width) * u64::from(height) > PIXELS) {
        return;
    }
    let crop = (*wish > 0).then(|| Crop::new(u16::from(*wish) * 3, u16::from(*wish) * 7, u16::from(!*wish) * 4));
    let client = Client::of(Ipv4Addr::LOCALHOST.into());
    let clean =
        |bytes: &[u8], crop| POOL.with(|(runtime, photos)| runtime.block_on(photos.clean(client, Upload { bytes: bytes.to_vec(), crop })));
    let Ok(made) = clean(file, crop) else { return };
    let format = match made.format {
        Format::Jpeg => ImageFormat::Jpeg,
        Format::Png => ImageFormat::Png,
    };
    assert!(made.bytes.len() <= PHOTO_BYTES);
    let picture = image::load_from_memory_with_format(&made.bytes, format).expect("what is kept can be shown");
    assert!((1..=512).contains(&picture.width()) && (1..=512).contains(&picture.height()), "it fits the square");
    if crop.is_some() {
        assert_eq!(picture.width(), picture.height(), "a square was asked for");
    }
    let parts = parts(&made.bytes);
    let allowed: &[&str] = match made.format {
        Format::Jpeg => &["E0", "DB", "C0", "C4", "DA", "D9"],
        Format::Png => &["IHDR", "IDAT", "IEND"],
    };
    assert!(parts.iter().all(|part| allowed.contains(&part.as_str())), "nothing but the picture is kept: {parts:?}");
    assert!(["D9", "IEND"].contains(&parts.last().unwrap().as_str()), "and nothing behind it");
    assert!(clean(&made.bytes, None).is_ok(), "what is kept is what would be taken");
}

/// Returns the names of a file's chunks or the markers of its segments. Its own parser, because the one under test must not check
/// itself.
fn parts(file: &[u8]) -> Vec<String> {
    let mut parts = Vec::new();
    if file.starts_with(b"\x89PNG") {
        let mut rest = file.get(8..).unwrap_or_default();
        while let [a, b, c, d, name @ ..] = rest {
            let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
            parts.push(String::from_utf8_lossy(name.get(..4).unwrap_or_default()).into_owned());
            rest = rest.get(length.saturating_add(12)..).unwrap_or_default();
        }
        return parts;
    }
    let mut at = 2;
    while let Some(offset) = file.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == 0xFF)) {
        let marker = file.get(at + offset + 1).copied().unwrap_or(0xFF);
        at += offset + 2;
        match marker {
            0x00 | 0x01 | 0xD0..=0xD8 => {}
            0xFF => at -= 1,
            _ => {
                parts.push(format!("{marker:02X}"));
                let length = file.get(at..at + 2).map_or(0, |two| usize::from(u16::from_be_bytes([two[0], two[1]])));
                at += if marker == 0xD9 { file.len() } else { length };
            }
        }
    }
    parts
}
