//! Reading whole request bodies, up to a size limit and within a time limit.

use crate::listener::{ClientTimeouts, Pace};
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

/// Returns whether the declared length is at most [`JSON_LIMIT`]. Such a body is no upload, and hyper reads no more than that.
pub fn is_small(headers: &HeaderMap) -> bool {
    declared(headers).is_some_and(|length| length <= JSON_LIMIT)
}

fn declared(headers: &HeaderMap) -> Option<usize> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Reads a whole body, up to `limit` bytes. An upload may take as long as it keeps moving ([`Pace`]); any other body has
/// [`ClientTimeouts::body`].
///
/// # Errors
/// [`Refusal::TooLarge`], as soon as that is known; [`Refusal::Malformed`] when the body breaks off or is too slow.
pub async fn collect(parts: &Parts, body: Body, limit: usize) -> Result<Bytes, Refusal> {
    if declared(&parts.headers).is_some_and(|length| length > limit) {
        return Err(Refusal::TooLarge);
    }
    let timeouts = parts.extensions.get::<ClientTimeouts>().copied().unwrap_or_default();
    let collected = if limit > JSON_LIMIT && !is_small(&parts.headers) {
        Ok(Limited::new(Paced::new(body, timeouts), limit).collect().await)
    } else {
        tokio::time::timeout(timeouts.body, Limited::new(body, limit).collect()).await
    };
    match collected {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Refusal::TooLarge),
        Ok(Err(_)) | Err(_) => Err(Refusal::Malformed),
    }
}

/// Closes the connection after this response: the request's body was not read to its end.
pub fn close(mut response: Response) -> Response {
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// The body of an upload. It may take as long as it keeps moving ([`Pace`]).
pub struct Paced {
    body: Body,
    timeouts: ClientTimeouts,
    pace: Pace,
    end: Pin<Box<Sleep>>,
    slow: Arc<AtomicBool>,
}

impl Paced {
    pub fn new(body: Body, timeouts: ClientTimeouts) -> Self {
        let pace = Pace::begin(Instant::now());
        Self { body, timeouts, pace, end: Box::pin(sleep_until(pace.ends(&timeouts))), slow: Arc::default() }
    }

    /// Returns a function that tells whether the body was too slow. The form parser's error does not tell.
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
                this.end.as_mut().reset(this.pace.ends(&this.timeouts));
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
