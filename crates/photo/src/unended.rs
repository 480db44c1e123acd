//! Tells whether a JPEG without its end marker is complete or was cut off.
//!
//! Some programs forget the marker, and every browser shows such a picture. A decoder fills missing data with what it likes. So the
//! picture is decoded twice, with different bytes after its data, and it is complete if both results are the same.

use super::header::{Segments, frame_components};
use image::DynamicImage;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The bytes that follow the data in one of the two tries. A decoder fills with zeros; these differ from that in the first bit.
const OTHER: [u8; 64] = [0xA5; 64];
const END: [u8; 2] = [0xFF, 0xD9];

/// Returns whether the end marker is missing.
pub(super) fn is_unended(jpeg: &[u8]) -> bool {
    !Segments::of(jpeg).any(|(marker, _)| marker == END[1])
}

/// Adds the end marker to scan data that ends with the file; `None` where the file ends in the middle of something else.
pub(super) fn ended(scan: &[u8], looked_at: &[u8]) -> Option<Vec<u8>> {
    let marker = looked_at.iter().position(|byte| *byte == 0xFF);
    if marker.is_some_and(|at| at + 1 < looked_at.len()) {
        return None;
    }
    let scan = scan.strip_suffix(&END[..1]).unwrap_or(scan);
    Some([scan, &END].concat())
}

/// Returns the picture if it is complete. `jpeg` got its end marker from [`ended`]. Only one picture is in memory at a time.
pub(super) fn whole<T>(jpeg: &[u8], decode: impl Fn(&[u8]) -> Option<(DynamicImage, T)>) -> Option<(DynamicImage, T)> {
    if !every_component_is_scanned(jpeg) {
        return None;
    }
    let followed = [jpeg.strip_suffix(&END)?, &OTHER, &END].concat();
    let otherwise = print(&decode(&followed)?.0);
    let decoded = decode(jpeg)?;
    (print(&decoded.0) == otherwise).then_some(decoded)
}

/// Returns whether every component has a scan. If each has one of its own, the colours may be missing behind the last scan.
fn every_component_is_scanned(jpeg: &[u8]) -> bool {
    let mut scanned = Vec::new();
    for (_, scan) in Segments::of(jpeg).filter(|(marker, _)| *marker == 0xDA) {
        let count = usize::from(scan.first().copied().unwrap_or(0));
        scanned.extend(scan.iter().skip(1).step_by(2).take(count).copied());
    }
    frame_components(jpeg).is_some_and(|components| components.iter().all(|component| scanned.contains(component)))
}

fn print(image: &DynamicImage) -> u64 {
    let mut hasher = DefaultHasher::new();
    image.as_bytes().hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::super::{Clean, MOST_MIB, Refused, inspect};
    use super::END;
    use image::{ImageFormat, Rgb, RgbImage};
    use std::io::Cursor;

    fn jpeg(colour: impl Fn(u32, u32) -> [u8; 3]) -> Vec<u8> {
        let mut bytes = Vec::new();
        RgbImage::from_fn(333, 211, |x, y| Rgb(colour(x, y))).write_to(&mut Cursor::new(&mut bytes), ImageFormat::Jpeg).expect("encoded");
        bytes
    }

    fn pictures() -> [Vec<u8>; 3] {
        let speckled = |x: u32, y: u32| [x * y, x * 7, y * 3].map(|value| value.to_le_bytes()[0]);
        [jpeg(speckled), jpeg(|_, y| if y < 100 { [220, 20, 20] } else { [20, 20, 220] }), jpeg(|_, _| [90; 3])]
    }

    fn clean(bytes: Vec<u8>) -> Result<Clean, Refused> {
        inspect(bytes, None)?.make(MOST_MIB)
    }

    #[test]
    fn a_jpeg_that_is_whole_but_for_its_end_marker_is_taken() {
        for whole in pictures() {
            let expected = clean(whole.clone()).expect("whole");
            for missing in [1, 2] {
                let made = clean(whole[..whole.len() - missing].to_vec()).expect("without its end");
                assert!(made == expected, "{missing} bytes missing");
            }
            let padded = [&whole[..whole.len() - END.len()], &[0; 300]].concat();
            assert!(clean(padded).expect("zeros for its end") == expected);
        }
    }

    #[test]
    fn one_that_is_cut_off_before_is_not() {
        for whole in pictures() {
            for missing in [8, 40, whole.len() / 10, whole.len() / 2] {
                assert!(clean(whole[..whole.len() - missing].to_vec()).is_err(), "{missing} of {} missing", whole.len());
            }
        }
    }
}
