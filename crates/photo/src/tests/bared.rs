//! What stripping leaves of a file.

use super::*;

#[test]
fn what_stands_behind_or_beside_the_picture_is_gone() {
    let script = b"<?php system($_GET['c']); ?><script>alert(1)</script>";
    let behind = [jpeg(64, 64).as_slice(), script].concat();
    let comment = [&jpeg(64, 64)[..2], &[0xFF, 0xFE, 0, 55], script, &jpeg(64, 64)[2..]].concat();
    let zip = [png(64, 64).as_slice(), b"PK\x03\x04", script].concat();
    for upload in [behind, comment, zip] {
        assert!(upload.windows(script.len()).any(|bytes| bytes == script));
        let (clean, _) = clean(upload).expect("a photo");
        assert!(!clean.bytes.windows(5).any(|bytes| bytes == b"<?php"));
        assert!(!clean.bytes.windows(4).any(|bytes| bytes == b"PK\x03\x04"));
    }
}

#[test]
fn a_bomb_beside_the_picture_is_never_unpacked() {
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
    let (_, image) = clean(upload).expect("a photo");
    assert_eq!(image.dimensions(), (8, 8));
}

#[test]
fn what_a_png_needs_stays() {
    let mut exif = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
    let (_, image) = clean(with_chunks(&png(60, 40), &[chunk(b"eXIf", &exif)])).expect("a photo");
    assert_eq!(image.dimensions(), (40, 60), "turned upright");
    exif.resize(64 * 1024 + 1, 0);
    let (_, image) = clean(with_chunks(&png(60, 40), &[chunk(b"eXIf", &exif)])).expect("a photo");
    assert_eq!(image.dimensions(), (60, 40), "not looked at");
    // A palette of one colour: red, half transparent.
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
    let (kept, _) = clean([b"\x89PNG\r\n\x1a\n".as_slice(), &chunks.concat()].concat()).expect("a photo");
    assert_eq!(image::load_from_memory(&kept.bytes).expect("readable").to_rgba8().get_pixel(0, 0).0, [200, 10, 10, 100]);
}

#[test]
fn a_jpeg_is_bared_of_what_its_decoder_would_put_together() {
    let plain = jpeg(64, 48);
    // An XMP packet that never completes. Reassembling it at each piece would take minutes.
    let piece = [b"http://ns.adobe.com/xmp/extension/\0".as_slice(), &[b'0'; 32], &[0xFF; 4], &[0; 4], b"x"].concat();
    let icc = [b"ICC_PROFILE\0\x01\xFF".as_slice(), b"profile"].concat();
    let beside = [segment(0xE1, &piece).repeat(50_000), segment(0xE2, &icc).repeat(10_000), segment(0xFE, b"comment")].concat();
    let upload = [&plain[..2], &beside, &plain[2..]].concat();
    assert!(upload.len() <= 5 * 1024 * 1024, "as large as an upload may be");
    assert_eq!(bare::jpeg(&upload), Some(plain.clone()));
    let (_, image) = clean(upload).expect("a photo");
    assert_eq!(image.dimensions(), (64, 48));
    let turned = with_exif(&plain, 6);
    assert_eq!(bare::jpeg(&turned), Some(turned));
    let adobe = [&plain[..2], &segment(0xEE, b"Adobe\0\x64\0\0\0\0\x01"), &plain[2..]].concat();
    assert_eq!(bare::jpeg(&adobe), Some(adobe));
}
