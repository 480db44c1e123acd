use super::*;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use image::{ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use std::io::Write;

/// Red above blue; in a picture that lies on its side it tells where up was.
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

/// The same JPEG with an EXIF block: this orientation, and a place in the world.
fn with_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let tiff =
        [b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".as_slice(), &[orientation], b"\0\0\0\0\0\0GPS -23.5505 -46.6333"]
            .concat();
    let length = u16::try_from(tiff.len() + 2).expect("short").to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xE1], &length, &tiff, &jpeg[2..]].concat()
}

/// A PNG that says it is so large, with a right checksum and a few bytes of content.
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

/// The same PNG with these chunks behind its header.
fn with_chunks(png: &[u8], chunks: &[Vec<u8>]) -> Vec<u8> {
    [&png[..33], &chunks.concat(), &png[33..]].concat()
}

/// So many mebibytes of nothing, packed.
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

async fn clean(bytes: Vec<u8>) -> Result<(Clean, RgbImage), FieldError> {
    clean_upload(bytes.into()).await
}

async fn clean_upload(upload: Upload) -> Result<(Clean, RgbImage), FieldError> {
    match Photos::default().clean(client(1), upload).await {
        Ok(clean) => {
            let image = image::load_from_memory(&clean.bytes).expect("a readable photo").to_rgb8();
            Ok((clean, image))
        }
        Err(Refusal::Invalid(errors)) => Err(errors.of(Field::Photo).next().expect("at the photo")),
        Err(other) => panic!("{other:?}"),
    }
}

fn is_red(pixel: Rgb<u8>) -> bool {
    pixel.0[0] > 150 && pixel.0[2] < 100
}

#[tokio::test]
async fn a_photo_is_made_to_fit_and_keeps_its_type_and_proportions() {
    for (bytes, size, content_type) in [
        (jpeg(1600, 1200), (512, 384), "image/jpeg"),
        (png(1200, 1600), (384, 512), "image/png"),
        (jpeg(4000, 3000), (512, 384), "image/jpeg"),
        (jpeg(300, 200), (300, 200), "image/jpeg"),
        (png(1, 1), (1, 1), "image/png"),
        (jpeg(8000, 8), (512, 1), "image/jpeg"),
    ] {
        let (clean, image) = clean(bytes).await.expect("a photo");
        assert_eq!((image.dimensions(), clean.format.content_type()), (size, content_type));
    }
}

#[tokio::test]
async fn a_photo_taken_with_the_phone_on_its_side_stands_upright_and_tells_no_place() {
    // 1: as it is · 3: upside down · 6: up is on the right · 8: up is on the left (EXIF 2.32, 4.6.4)
    for (orientation, size, red, blue) in [
        (1, (60, 40), (30, 4), (30, 35)),
        (3, (60, 40), (30, 35), (30, 4)),
        (6, (40, 60), (35, 30), (4, 30)),
        (8, (40, 60), (4, 30), (35, 30)),
    ] {
        let upload = with_exif(&jpeg(60, 40), orientation);
        assert!(upload.windows(3).any(|bytes| bytes == b"GPS"));
        let (clean, image) = clean(upload).await.expect("a photo");
        assert_eq!(image.dimensions(), size, "{orientation}");
        assert!(is_red(*image.get_pixel(red.0, red.1)) && !is_red(*image.get_pixel(blue.0, blue.1)), "{orientation}");
        for mark in [b"Exif".as_slice(), b"GPS"] {
            assert!(!clean.bytes.windows(mark.len()).any(|bytes| bytes == mark), "{orientation}");
        }
    }
}

#[tokio::test]
async fn the_square_that_was_chosen_is_kept() {
    for (crop, side, top_is_red, bottom_is_red) in [
        (Crop::MIDDLE, 512, true, false),
        (Crop::new(200, 500, 0), 300, true, true),
        (Crop::new(200, 500, 1000), 300, false, false),
        (Crop::new(400, 0, 500), 150, true, false),
    ] {
        let (_, image) = clean_upload(Upload { bytes: jpeg(800, 600), crop: Some(crop) }).await.expect("a photo");
        assert_eq!(image.dimensions(), (side, side), "{crop:?}");
        let middle = side / 2;
        assert_eq!(is_red(*image.get_pixel(middle, 4)), top_is_red, "{crop:?}");
        assert_eq!(is_red(*image.get_pixel(middle, side - 5)), bottom_is_red, "{crop:?}");
    }
    let (_, image) = clean_upload(Upload { bytes: png(1, 1), crop: Some(Crop::new(400, 1000, 1000)) }).await.expect("a photo");
    assert_eq!(image.dimensions(), (1, 1));
}

#[test]
fn a_square_is_cut_where_it_was_seen_however_the_camera_was_held() {
    let picture = DynamicImage::ImageRgb8(RgbImage::from_fn(90, 60, |x, y| Rgb([x.to_le_bytes()[0], y.to_le_bytes()[0], 0])));
    for exif in 1..=8 {
        let orientation = Orientation::from_exif(exif).expect("an orientation");
        for crop in [Crop::MIDDLE, Crop::new(200, 0, 0), Crop::new(200, 1000, 0), Crop::new(300, 0, 1000), Crop::new(150, 250, 750)] {
            let mut seen = picture.clone();
            seen.apply_orientation(orientation);
            let seen = cut(seen, crop).to_rgb8();
            let mut made = cut(picture.clone(), lying(crop, orientation));
            made.apply_orientation(orientation);
            let made = made.to_rgb8();
            assert_eq!(made.dimensions(), seen.dimensions());
            // counted from the other end, a fraction may be rounded to the next pixel
            let (one, other) = (made.get_pixel(0, 0).0, seen.get_pixel(0, 0).0);
            assert!(one[0].abs_diff(other[0]) <= 1 && one[1].abs_diff(other[1]) <= 1, "{exif} {crop:?}: {one:?} {other:?}");
        }
    }
}

#[tokio::test]
async fn what_stands_behind_or_beside_the_picture_is_gone() {
    let script = b"<?php system($_GET['c']); ?><script>alert(1)</script>";
    let behind = [jpeg(64, 64).as_slice(), script].concat();
    let comment = [&jpeg(64, 64)[..2], &[0xFF, 0xFE, 0, 55], script, &jpeg(64, 64)[2..]].concat();
    let zip = [png(64, 64).as_slice(), b"PK\x03\x04", script].concat();
    for upload in [behind, comment, zip] {
        assert!(upload.windows(script.len()).any(|bytes| bytes == script));
        let (clean, _) = clean(upload).await.expect("a photo");
        assert!(!clean.bytes.windows(5).any(|bytes| bytes == b"<?php"));
        assert!(!clean.bytes.windows(4).any(|bytes| bytes == b"PK\x03\x04"));
    }
}

#[tokio::test]
async fn what_is_no_photo_is_refused() {
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec();
    let gif = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;".to_vec();
    let webp = b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0/\0\0\0\x10\x07\x10\x11\x11\x88\x88\xfe\x07\0".to_vec();
    let php = [&[0xFF, 0xD8, 0xFF, 0xE0], b"<?php system($_GET['c']); ?>".as_slice()].concat();
    for (what, upload) in [
        ("nothing", Vec::new()),
        ("SVG", svg),
        ("GIF", gif),
        ("WebP", webp),
        ("PHP that begins like a JPEG", php),
        ("the first bytes alone", vec![0xFF, 0xD8, 0xFF]),
        ("the signature alone", b"\x89PNG\r\n\x1a\n".to_vec()),
        ("zeros behind the signature", [b"\x89PNG\r\n\x1a\n".as_slice(), &[0; 64]].concat()),
        ("no pixels", png_header(0, 7)),
    ] {
        assert_eq!(clean(upload).await.err(), Some(FieldError::PhotoUnreadable), "{what}");
    }
}

#[tokio::test]
async fn a_photo_that_was_cut_short_anywhere_is_refused() {
    for whole in [jpeg(200, 150), png(200, 150), with_exif(&jpeg(200, 150), 6)] {
        for part in [1, 3, 5, 8, 9] {
            let cut = whole[..whole.len() * part / 10].to_vec();
            assert_eq!(clean(cut).await.err(), Some(FieldError::PhotoUnreadable), "{part} tenths");
        }
    }
    for missing in [10, 40] {
        let whole = jpeg(200, 150);
        assert_eq!(clean(whole[..whole.len() - missing].to_vec()).await.err(), Some(FieldError::PhotoUnreadable), "{missing} bytes");
    }
}

#[tokio::test]
async fn a_picture_of_too_many_pixels_is_told_by_its_header_how_many_there_may_be() {
    let most_of = |megapixels| Some(FieldError::PhotoTooManyPixels { megapixels, side: 20_000 });
    for (width, height) in [(30_000, 30_000), (u32::MAX, u32::MAX), (4097, 4096), (20_001, 1), (10, 20_001)] {
        // its content is a single pixel: whoever began to decode it would call it unreadable
        assert_eq!(clean(png_header(width, height)).await.err(), most_of(16), "{width}×{height}");
    }
    let mut bomb = jpeg(64, 64);
    let frame = bomb.windows(2).position(|bytes| bytes == [0xFF, 0xC0]).expect("a frame");
    bomb[frame + 5..frame + 9].copy_from_slice(&[0x75, 0x30, 0x75, 0x30]);
    assert_eq!(clean(bomb).await.err(), most_of(52));
    assert_eq!(clean(png_header(4096, 4096)).await.err(), Some(FieldError::PhotoUnreadable), "allowed, and empty");
}

#[tokio::test]
async fn a_bomb_beside_the_picture_is_never_unpacked() {
    let nothing = packed(200);
    let profile = [b"k\0\0".as_slice(), &nothing].concat();
    let text = [b"k\0\x01\0\0\0".as_slice(), &nothing].concat();
    let frame = [&[0; 7], [8].as_slice(), &[0, 0, 0, 8], &[0; 14]].concat();
    let chunks = [
        chunk(b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]),
        chunk(b"fcTL", &frame),
        chunk(b"iCCP", &profile),
        chunk(b"zTXt", &profile),
        chunk(b"iTXt", &text),
        chunk(b"fdAT", &profile),
    ];
    let upload = with_chunks(&png(8, 8), &chunks);
    assert!(upload.len() < 1024 * 1024, "{} bytes", upload.len());
    let bare = bare::png(&upload).expect("whole");
    for name in [b"acTL", b"fcTL", b"iCCP", b"zTXt", b"iTXt", b"fdAT"] {
        assert!(holds(&upload, name) && !holds(&bare, name));
    }
    assert_eq!(bare, png(8, 8));
    let (_, image) = clean(upload).await.expect("a photo");
    assert_eq!(image.dimensions(), (8, 8));
}

#[tokio::test]
async fn what_a_png_needs_stays() {
    let mut exif = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
    let (_, image) = clean(with_chunks(&png(60, 40), &[chunk(b"eXIf", &exif)])).await.expect("a photo");
    assert_eq!(image.dimensions(), (40, 60), "turned upright");
    exif.resize(64 * 1024 + 1, 0);
    let (_, image) = clean(with_chunks(&png(60, 40), &[chunk(b"eXIf", &exif)])).await.expect("a photo");
    assert_eq!(image.dimensions(), (60, 40), "not looked at");
    // one pixel of a palette: red, and half seen
    let mut header = png(1, 1)[16..29].to_vec();
    header[9] = 3;
    let mut pixel = ZlibEncoder::new(Vec::new(), Compression::best());
    pixel.write_all(&[0, 0]).expect("packed");
    let chunks = [
        chunk(b"IHDR", &header),
        chunk(b"gAMA", &45_455_u32.to_be_bytes()),
        chunk(b"PLTE", &[200, 10, 10]),
        chunk(b"tRNS", &[100]),
        chunk(b"IDAT", &pixel.finish().expect("packed")),
        chunk(b"IEND", &[]),
    ];
    let (kept, _) = clean([b"\x89PNG\r\n\x1a\n".as_slice(), &chunks.concat()].concat()).await.expect("a photo");
    assert_eq!(image::load_from_memory(&kept.bytes).expect("readable").to_rgba8().get_pixel(0, 0).0, [200, 10, 10, 100]);
}

#[tokio::test]
async fn a_jpeg_is_bared_of_what_its_decoder_would_put_together() {
    let plain = jpeg(64, 48);
    // pieces of a packet that is never whole: put together anew at each of them, it would take minutes
    let piece = [b"http://ns.adobe.com/xmp/extension/\0".as_slice(), &[b'0'; 32], &[0xFF; 4], &[0; 4], b"x"].concat();
    let icc = [b"ICC_PROFILE\0\x01\xFF".as_slice(), b"profile"].concat();
    let beside = [segment(0xE1, &piece).repeat(50_000), segment(0xE2, &icc).repeat(10_000), segment(0xFE, b"comment")].concat();
    let upload = [&plain[..2], &beside, &plain[2..]].concat();
    assert!(upload.len() <= MAX_BYTES);
    assert_eq!(bare::jpeg(&upload), Some(plain.clone()));
    let (_, image) = clean(upload).await.expect("a photo");
    assert_eq!(image.dimensions(), (64, 48));
    let turned = with_exif(&plain, 6);
    assert_eq!(bare::jpeg(&turned), Some(turned));
    let adobe = [&plain[..2], &segment(0xEE, b"Adobe\0\x64\0\0\0\0\x01"), &plain[2..]].concat();
    assert_eq!(bare::jpeg(&adobe), Some(adobe));
}

#[tokio::test]
async fn a_jpeg_of_more_scans_than_any_picture_has_is_refused() {
    let plain = jpeg(64, 48);
    let scan = segment(0xDA, &[1, 1, 0, 0, 63, 0]);
    let end = plain.len() - 2;
    for (more, taken) in [(99, true), (100, false)] {
        let scans = [&plain[..end], &scan.repeat(more), &plain[end..]].concat();
        assert_eq!(bare::jpeg(&scans).is_some(), taken, "{more} more");
    }
    let scans = [&plain[..end], &scan.repeat(100), &plain[end..]].concat();
    assert_eq!(clean(scans).await.err(), Some(FieldError::PhotoUnreadable));
}

#[test]
fn ordinary_phones_pass_and_progressive_pictures_pay_for_their_coefficients() {
    let frame = |marker: u8, width: u16, height: u16| {
        let (w, h) = (width.to_be_bytes(), height.to_be_bytes());
        let mut bytes = vec![0xFF, 0xD8, 0xFF, marker, 0, 17, 8, h[0], h[1], w[0], w[1], 3];
        bytes.extend([1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1]);
        inspect(&bytes).map(|(_, header)| header.peak_bytes())
    };
    assert_eq!(frame(0xC0, 4032, 3024), Ok(36_578_304));
    assert_eq!(frame(0xC0, 8160, 6120), Ok(149_817_600));
    assert_eq!(frame(0xC2, 8160, 6120), Ok(449_452_800));
    assert_eq!(frame(0xC0, 12_000, 9_000), Err(FieldError::PhotoTooManyPixels { megapixels: 52, side: 20_000 }));
    assert_eq!(frame(0xC3, 100, 100), Err(FieldError::PhotoUnreadable));
}

#[tokio::test]
async fn five_mebibytes_are_the_most() {
    let mut upload = jpeg(64, 64);
    upload.resize(MAX_BYTES, 0);
    assert!(clean(upload.clone()).await.is_ok());
    upload.push(0);
    assert_eq!(clean(upload).await.err(), Some(FieldError::PhotoTooLarge));
}

#[tokio::test]
async fn colours_that_browsers_do_not_show_become_those_they_do() {
    let grey = image::GrayImage::from_pixel(20, 20, image::Luma([90]));
    let deep = image::ImageBuffer::from_pixel(20, 20, image::Rgb([60_000_u16, 0, 0]));
    let glass = RgbaImage::from_pixel(20, 20, Rgba([10, 200, 10, 100]));
    assert!(clean(file(grey.clone(), ImageFormat::Jpeg)).await.is_ok());
    assert!(clean(file(grey, ImageFormat::Png)).await.is_ok());
    let (_, image) = clean(file(DynamicImage::ImageRgb16(deep), ImageFormat::Png)).await.expect("a photo");
    assert!(is_red(*image.get_pixel(5, 5)));
    let (kept, _) = clean(file(glass, ImageFormat::Png)).await.expect("a photo");
    let kept = image::load_from_memory(&kept.bytes).expect("readable").to_rgba8();
    assert_eq!(kept.get_pixel(5, 5).0[3], 100, "glass stays glass");
}

fn client(n: u8) -> Client {
    Client::V4([192, 0, 2, n])
}

/// Whoever waits while the whole budget is taken, with files of this size, each from a client of its own or all from one; gives
/// how many got a place, and what the others heard.
async fn crowd(count: u8, size: usize, alone: bool) -> (usize, Vec<Refusal>) {
    let photos = Photos::default();
    let everything = Load { units: BUDGET_MIB, weight: 1 };
    let whole = photos.admission.admit(client(0), everything).await.expect("the whole budget");
    let mut upload = jpeg(8, 8);
    upload.resize(size.max(upload.len()), 0);
    let each = upload.len().max(QUEUE_BYTES / QUEUE);
    let crowd: Vec<_> = (0..count)
        .map(|n| {
            let (photos, upload) = (photos.clone(), upload.clone());
            tokio::spawn(async move { photos.clean(client(if alone { 1 } else { n + 1 }), upload.into()).await })
        })
        .collect();
    // each comes in before anybody gets a place
    while crowd.iter().filter(|one| one.is_finished()).count() + photos.admission.waiting() / each < usize::from(count) {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    drop(whole);
    let answers: Vec<_> = futures::future::join_all(crowd).await.into_iter().map(|answer| answer.expect("no panic")).collect();
    let heard = answers.iter().filter_map(|answer| answer.as_ref().err().cloned()).collect();
    assert_eq!(photos.admission.waiting(), 0);
    assert!(photos.admission.admit(client(0), everything).await.is_ok(), "all of the budget is given back");
    (answers.iter().filter(|answer| answer.is_ok()).count(), heard)
}

#[tokio::test]
async fn past_the_queue_nothing_is_decoded() {
    let busy = Refusal::Busy { retry_after: BUSY_SECONDS };
    assert_eq!(crowd(48, 0, false).await, (48, Vec::new()));
    assert_eq!(crowd(65, 0, false).await, (64, vec![busy.clone()]));
    let large = crowd(18, MAX_BYTES, false).await;
    assert_eq!(large, (16, vec![busy.clone(), busy]), "as many large ones as the memory of the queue holds");
}

#[tokio::test]
async fn one_client_uploads_no_more_at_once_than_a_quarter_of_the_queue() {
    let busy = Refusal::Busy { retry_after: BUSY_SECONDS };
    assert_eq!(crowd(17, 0, true).await, (16, vec![busy.clone()]));
    assert_eq!(crowd(5, MAX_BYTES, true).await, (4, vec![busy]));
}
