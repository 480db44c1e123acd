//! Uploads that are no picture, or too large.

use super::*;

#[test]
fn what_is_no_photo_is_refused() {
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
        assert_eq!(clean(upload).err(), Some(Refused::Unreadable), "{what}");
    }
}

#[test]
fn a_photo_that_was_cut_short_anywhere_is_refused() {
    for whole in [jpeg(200, 150), png(200, 150), with_exif(&jpeg(200, 150), 6)] {
        for part in [1, 3, 5, 8, 9] {
            let cut = whole[..whole.len() * part / 10].to_vec();
            assert_eq!(clean(cut).err(), Some(Refused::Unreadable), "{part} tenths");
        }
    }
    for missing in [10, 40] {
        let whole = jpeg(200, 150);
        assert_eq!(clean(whole[..whole.len() - missing].to_vec()).err(), Some(Refused::Unreadable), "{missing} bytes");
    }
}

#[test]
fn a_picture_of_too_many_pixels_is_told_by_its_header_how_many_there_may_be() {
    let most_of = |megapixels| Some(Refused::TooManyPixels { megapixels, side: 20_000 });
    for (width, height) in [(30_000, 30_000), (u32::MAX, u32::MAX), (4097, 4096), (20_001, 1), (10, 20_001)] {
        // The content is a single pixel, so decoding it would report it as unreadable instead.
        assert_eq!(clean(png_header(width, height)).err(), most_of(16), "{width}×{height}");
    }
    let mut bomb = jpeg(64, 64);
    let frame = bomb.windows(2).position(|bytes| bytes == [0xFF, 0xC0]).expect("a frame");
    bomb[frame + 5..frame + 9].copy_from_slice(&[0x75, 0x30, 0x75, 0x30]);
    assert_eq!(clean(bomb).err(), most_of(52));
    assert_eq!(clean(png_header(4096, 4096)).err(), Some(Refused::Unreadable), "allowed, and empty");
}

#[test]
fn a_jpeg_of_more_scans_than_any_picture_has_is_refused() {
    let plain = jpeg(64, 48);
    let scan = segment(0xDA, &[1, 1, 0, 0, 63, 0]);
    let end = plain.len() - 2;
    for (more, taken) in [(99, true), (100, false)] {
        let scans = [&plain[..end], &scan.repeat(more), &plain[end..]].concat();
        assert_eq!(bare::jpeg(&scans).is_some(), taken, "{more} more");
    }
    let scans = [&plain[..end], &scan.repeat(100), &plain[end..]].concat();
    assert_eq!(clean(scans).err(), Some(Refused::Unreadable));
}

#[test]
fn ordinary_phones_pass_and_progressive_pictures_pay_for_their_coefficients() {
    let frame = |marker: u8, width: u16, height: u16| {
        let (w, h) = (width.to_be_bytes(), height.to_be_bytes());
        let mut bytes = vec![0xFF, 0xD8, 0xFF, marker, 0, 17, 8, h[0], h[1], w[0], w[1], 3];
        bytes.extend([1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1]);
        inspect(bytes, None).map(|upload| upload.header.peak_bytes())
    };
    assert_eq!(frame(0xC0, 4032, 3024), Ok(36_578_304));
    assert_eq!(frame(0xC0, 8160, 6120), Ok(149_817_600));
    assert_eq!(frame(0xC2, 8160, 6120), Ok(449_452_800));
    assert_eq!(frame(0xC0, 12_000, 9_000), Err(Refused::TooManyPixels { megapixels: 52, side: 20_000 }));
    assert_eq!(frame(0xC3, 100, 100), Err(Refused::Unreadable));
}
