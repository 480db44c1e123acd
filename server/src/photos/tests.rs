use super::*;
use image::{ImageFormat, Rgb, RgbImage};
use photo::Format;
use std::io::Cursor;

fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    RgbImage::from_pixel(width, height, Rgb([220, 20, 20])).write_to(&mut Cursor::new(&mut bytes), ImageFormat::Jpeg).expect("encoded");
    bytes
}

/// Cleans a photo and returns its error at the field.
async fn clean(bytes: Vec<u8>) -> Result<Clean, FieldError> {
    match Photos::default().clean(client(1), bytes.into()).await {
        Ok(clean) => Ok(clean),
        Err(Refusal::Invalid(errors)) => Err(errors.of(Field::Photo).next().expect("at the photo")),
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn the_browser_looks_for_the_types_that_are_taken() {
    assert_eq!(Format::ALL.map(Format::signature), portaria::limits::PHOTO_SIGNATURES);
}

#[tokio::test]
async fn what_is_wrong_is_told_at_the_field() {
    assert_eq!(clean(b"GIF89a".to_vec()).await.err(), Some(FieldError::PhotoUnreadable));
    let mut wide = jpeg(64, 64);
    let frame = wide.windows(2).position(|bytes| bytes == [0xFF, 0xC0]).expect("a frame");
    wide[frame + 5..frame + 9].copy_from_slice(&[0x75, 0x30, 0x75, 0x30]);
    assert_eq!(clean(wide).await.err(), Some(FieldError::PhotoTooManyPixels { megapixels: 52, side: 20_000 }));
}

#[tokio::test]
async fn the_square_is_the_one_that_the_browser_showed() {
    let crop = portaria::value::Crop::new(200, 1000, 0);
    let half = |x, _| if x < 32 { Rgb([20, 20, 220]) } else { Rgb([220, 20, 20]) };
    let mut bytes = Vec::new();
    RgbImage::from_fn(64, 64, half).write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).expect("encoded");
    let clean = Photos::default().clean(client(1), Upload { bytes, crop: Some(crop) }).await.expect("a photo");
    let image = image::load_from_memory(&clean.bytes).expect("readable").to_rgb8();
    assert_eq!(image.dimensions(), (32, 32));
    assert!(image.pixels().all(|pixel| pixel.0 == [220, 20, 20]), "the right upper quarter");
}

#[tokio::test]
async fn five_mebibytes_are_the_most() {
    let mut upload = jpeg(64, 64);
    upload.resize(PHOTO_BYTES, 0);
    assert!(clean(upload.clone()).await.is_ok());
    upload.push(0);
    assert_eq!(clean(upload).await.err(), Some(FieldError::PhotoTooLarge));
}

fn client(n: u8) -> Client {
    Client::V4([192, 0, 2, n])
}

/// Queues uploads of this size while the whole budget is taken, each from its own client or all from one. Returns how many
/// got a permit, and the refusals of the others.
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
    // All join the queue before anybody gets a permit.
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
    let large = crowd(18, PHOTO_BYTES, false).await;
    assert_eq!(large, (16, vec![busy.clone(), busy]), "as many large ones as the memory of the queue holds");
}

#[tokio::test]
async fn one_client_uploads_no_more_at_once_than_a_quarter_of_the_queue() {
    let busy = Refusal::Busy { retry_after: BUSY_SECONDS };
    assert_eq!(crowd(17, 0, true).await, (16, vec![busy.clone()]));
    assert_eq!(crowd(5, PHOTO_BYTES, true).await, (4, vec![busy]));
}
