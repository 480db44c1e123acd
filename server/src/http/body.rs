//! Bodies: read whole, up to a limit and within a time.

use crate::listener::{Pace, Patience};
use axum::body::{Body, Bytes};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Frame, SizeHint};
use portaria::error::Refusal;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use tokio::time::{Instant, Sleep, sleep_until};

/// The largest JSON or form body, in bytes (SPEC §11).
pub const JSON_LIMIT: usize = 64 * 1024;

/// Whether a body says that it is no longer than one that every route takes: then it is no upload, and hyper reads no more of it.
pub fn is_small(headers: &HeaderMap) -> bool {
    declared(headers).is_some_and(|length| length <= JSON_LIMIT)
}

fn declared(headers: &HeaderMap) -> Option<usize> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// A body, whole, up to a limit and within a time: one that is no upload within [`Patience::body`], an upload as long as it
/// moves.
///
/// # Errors
/// [`Refusal::TooLarge`], as soon as it is known; [`Refusal::Malformed`] when it breaks off or takes too long.
pub async fn collect(parts: &Parts, body: Body, limit: usize) -> Result<Bytes, Refusal> {
    if declared(&parts.headers).is_some_and(|length| length > limit) {
        return Err(Refusal::TooLarge);
    }
    let patience = parts.extensions.get::<Patience>().copied().unwrap_or_default();
    let collected = if limit > JSON_LIMIT && !is_small(&parts.headers) {
        Ok(Limited::new(Paced::new(body, patience), limit).collect().await)
    } else {
        tokio::time::timeout(patience.body, Limited::new(body, limit).collect()).await
    };
    match collected {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Refusal::TooLarge),
        Ok(Err(_)) | Err(_) => Err(Refusal::Malformed),
    }
}

/// An answer to a body that was not read to its end: the connection cannot be used again.
pub fn close(mut response: Response) -> Response {
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// An upload: it may take as long as it moves ([`Pace`]).
pub struct Paced {
    body: Body,
    patience: Patience,
    pace: Pace,
    end: Pin<Box<Sleep>>,
    slow: Arc<AtomicBool>,
}

impl Paced {
    /// Begins now.
    pub fn new(body: Body, patience: Patience) -> Self {
        let pace = Pace::begin(Instant::now());
        Self { body, patience, pace, end: Box::pin(sleep_until(pace.ends(&patience))), slow: Arc::default() }
    }

    /// Will say whether it was too slow: of an error in the middle of a form that cannot be told any more.
    pub fn was_slow(&self) -> impl Fn() -> bool + use<> {
        let slow = self.slow.clone();
        move || slow.load(Ordering::Relaxed)
    }
}

impl hyper::body::Body for Paced {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = &mut *self;
        let poll = Pin::new(&mut this.body).poll_frame(context);
        match &poll {
            Poll::Ready(Some(Ok(frame))) => {
                this.pace.moved(frame.data_ref().map_or(0, Bytes::len), Instant::now());
                this.end.as_mut().reset(this.pace.ends(&this.patience));
            }
            Poll::Pending if this.end.as_mut().poll(context).is_ready() => {
                this.slow.store(true, Ordering::Relaxed);
                return Poll::Ready(Some(Err(axum::Error::new(io::Error::from(io::ErrorKind::TimedOut)))));
            }
            _ => {}
        }
        poll
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
