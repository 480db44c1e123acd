//! `multipart/form-data`.

use axum::body::{Body, Bytes};
use axum::http::{Request, header};
use portaria::limits::PHOTO_BYTES;
use server::http::multipart::{Form, PHOTO, Unreadable, read, read_of_page};
use std::convert::Infallible;

/// The parts that the forms of the contracts allow.
const PARTS: [&str; 3] = [PHOTO, "name", "phone"];
/// The most bytes of text beside a photo.
const TEXTS: usize = 64 * 1024;

/// Input: the first byte is the size of the chunks, the rest is the body. Its first line gives the boundary.
pub(crate) fn multipart(bytes: &[u8]) {
    thread_local! {
        static RUNTIME: tokio::runtime::Runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    }
    let Some((piece, body)) = bytes.split_first() else { return };
    let line = body.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let boundary = line.strip_prefix(b"--").unwrap_or(line);
    let request = |piece: usize| {
        let pieces: Vec<Result<Bytes, Infallible>> = body.chunks(piece).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
        let mut media = b"multipart/form-data; boundary=".to_vec();
        media.extend_from_slice(boundary);
        Request::post("/").header(header::CONTENT_TYPE, media).body(Body::from_stream(futures::stream::iter(pieces))).ok()
    };
    // An HTTP server rejects such a header.
    let (Some(whole), Some(pieces), Some(of_page)) = (request(body.len().max(1)), request(usize::from(*piece).max(1)), request(4096))
    else {
        return;
    };
    RUNTIME.with(|runtime| {
        runtime.block_on(async {
            let whole = read(whole, &PARTS).await;
            let pieces = read(pieces, &PARTS).await;
            let (page, told) = read_of_page(of_page, &PARTS).await;
            match (&whole, &pieces) {
                (Ok(whole), Ok(pieces)) => assert!(same(whole, pieces), "however it is cut up, it says the same"),
                (Err(whole), Err(pieces)) => assert_eq!(whole, pieces, "however it is cut up, the same is wrong with it"),
                _ => panic!("what can be read depends on how it is cut up"),
            }
            if let Ok(form) = &whole {
                bounded(form, PHOTO_BYTES);
                assert!(told.is_ok() && same(form, &page), "a page reads what an API does");
            }
            bounded(&page, PHOTO_BYTES + 1);
            if let Err(Unreadable::Twice(name)) = told {
                assert!(PARTS.contains(&name));
            }
        });
    });
}

fn same(one: &Form, other: &Form) -> bool {
    (&one.texts, &one.photo, one.chosen) == (&other.texts, &other.photo, other.chosen)
}

fn bounded(form: &Form, photo: usize) {
    assert!(form.photo.as_ref().is_none_or(|bytes| bytes.len() <= photo));
    assert_eq!(form.photo.is_some(), form.chosen && form.photo.is_some());
    assert!(form.texts.iter().map(|(_, text)| text.len()).sum::<usize>() <= TEXTS);
    for (at, (name, _)) in form.texts.iter().enumerate() {
        assert!(PARTS[1..].contains(&name.as_str()), "what nobody asked for is not kept");
        assert!(!form.texts[..at].iter().any(|(before, _)| before == name), "each part counts once");
    }
}
