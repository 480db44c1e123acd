//! The picture that is made: its size, its orientation, its square and its colours.

use super::super::*;
use super::{clean, clean_square, file, is_red, jpeg, png, with_exif};
use image::{ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

/// A square as people choose it: the zoom in percent, and the share of the free room to its left and above it in thousandths.
fn square(zoom: u32, x: u32, y: u32) -> Choice {
    Box::new(move |width, height| {
        let side = (width.min(height) * 100 / zoom).max(1);
        Square { left: (width - side) * x / 1000, top: (height - side) * y / 1000, side }
    })
}

#[test]
fn a_photo_is_made_to_fit_and_keeps_its_type_and_proportions() {
    for (bytes, size, content_type) in [
        (jpeg(1600, 1200), (512, 384), "image/jpeg"),
        (png(1200, 1600), (384, 512), "image/png"),
        (jpeg(4000, 3000), (512, 384), "image/jpeg"),
        (jpeg(300, 200), (300, 200), "image/jpeg"),
        (png(1, 1), (1, 1), "image/png"),
        (jpeg(8000, 8), (512, 1), "image/jpeg"),
    ] {
        let (clean, image) = clean(bytes).expect("a photo");
        assert_eq!((image.dimensions(), clean.format.content_type()), (size, content_type));
    }
}

#[test]
fn a_photo_taken_with_the_phone_on_its_side_stands_upright_and_tells_no_place() {
    // 1: as it is · 3: upside down · 6: up is on the right · 8: up is on the left (EXIF 2.32, 4.6.4)
    for (orientation, size, red, blue) in [
        (1, (60, 40), (30, 4), (30, 35)),
        (3, (60, 40), (30, 35), (30, 4)),
        (6, (40, 60), (35, 30), (4, 30)),
        (8, (40, 60), (4, 30), (35, 30)),
    ] {
        let upload = with_exif(&jpeg(60, 40), orientation);
        assert!(upload.windows(3).any(|bytes| bytes == b"GPS"));
        let (clean, image) = clean(upload).expect("a photo");
        assert_eq!(image.dimensions(), size, "{orientation}");
        assert!(is_red(*image.get_pixel(red.0, red.1)) && !is_red(*image.get_pixel(blue.0, blue.1)), "{orientation}");
        for mark in [b"Exif".as_slice(), b"GPS"] {
            assert!(!clean.bytes.windows(mark.len()).any(|bytes| bytes == mark), "{orientation}");
        }
    }
}

#[test]
fn the_square_that_was_chosen_is_kept() {
    for ((zoom, x, y), side, top_is_red, bottom_is_red) in [
        ((100, 500, 500), 512, true, false),
        ((200, 500, 0), 300, true, true),
        ((200, 500, 1000), 300, false, false),
        ((400, 0, 500), 150, true, false),
    ] {
        let (_, image) = clean_square(jpeg(800, 600), Some(square(zoom, x, y))).expect("a photo");
        assert_eq!(image.dimensions(), (side, side), "{zoom} {x} {y}");
        let middle = side / 2;
        assert_eq!(is_red(*image.get_pixel(middle, 4)), top_is_red, "{zoom} {x} {y}");
        assert_eq!(is_red(*image.get_pixel(middle, side - 5)), bottom_is_red, "{zoom} {x} {y}");
    }
    let (_, image) = clean_square(png(1, 1), Some(square(400, 1000, 1000))).expect("a photo");
    assert_eq!(image.dimensions(), (1, 1));
}

#[test]
fn a_square_is_cut_where_it_was_seen_however_the_camera_was_held() {
    let picture = DynamicImage::ImageRgb8(RgbImage::from_fn(90, 60, |x, y| Rgb([x.to_le_bytes()[0], y.to_le_bytes()[0], 0])));
    for exif in 1..=8 {
        let orientation = Orientation::from_exif(exif).expect("an orientation");
        for (zoom, x, y) in [(100, 500, 500), (200, 0, 0), (200, 1000, 0), (300, 0, 1000), (150, 250, 750)] {
            let choice = square(zoom, x, y);
            let mut seen = picture.clone();
            seen.apply_orientation(orientation);
            let seen = square::cut(seen, &choice, Orientation::NoTransforms).to_rgb8();
            let mut made = square::cut(picture.clone(), &choice, orientation);
            made.apply_orientation(orientation);
            assert_eq!(made.to_rgb8(), seen, "{exif}: {zoom} {x} {y}");
        }
    }
}

#[test]
fn colours_that_browsers_do_not_show_become_those_they_do() {
    let grey = image::GrayImage::from_pixel(20, 20, image::Luma([90]));
    let deep = image::ImageBuffer::from_pixel(20, 20, image::Rgb([60_000_u16, 0, 0]));
    let glass = RgbaImage::from_pixel(20, 20, Rgba([10, 200, 10, 100]));
    assert!(clean(file(grey.clone(), ImageFormat::Jpeg)).is_ok());
    assert!(clean(file(grey, ImageFormat::Png)).is_ok());
    let (_, image) = clean(file(DynamicImage::ImageRgb16(deep), ImageFormat::Png)).expect("a photo");
    assert!(is_red(*image.get_pixel(5, 5)));
    let (kept, _) = clean(file(glass, ImageFormat::Png)).expect("a photo");
    let kept = image::load_from_memory(&kept.bytes).expect("readable").to_rgba8();
    assert_eq!(kept.get_pixel(5, 5).0[3], 100, "glass stays glass");
}
