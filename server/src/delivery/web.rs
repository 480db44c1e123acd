//! What the HTTP carriers and the webhooks share.

use super::{CarrierError, CarrierTimeouts, Failure};
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, Response, StatusCode};
use url::Url;

/// In bytes: far more than either carrier answers.
const MOST: usize = 64 * 1024;

/// A client that connects only to the given address: no redirects, no proxy from the environment.
pub(super) fn client(timeouts: CarrierTimeouts) -> Result<Client, CarrierError> {
    build(client_builder(timeouts))
}

pub(super) fn build(client: ClientBuilder) -> Result<Client, CarrierError> {
    client.build().map_err(|_| CarrierError::Https)
}

/// The same, to be changed before it is built.
pub(super) fn client_builder(timeouts: CarrierTimeouts) -> ClientBuilder {
    // The process has one provider; an error means that it is already installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().connect_timeout(timeouts.connect).timeout(timeouts.overall).redirect(Policy::none()).no_proxy().user_agent("Portaria")
}

/// A path under a base URL, each segment escaped.
pub(super) fn under(base: &Url, segments: &[&str]) -> Url {
    let mut url = base.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url
}

/// Maps a network error to a code of ours.
#[expect(clippy::needless_pass_by_value, reason = "it is given to map_err")]
pub(super) fn lost(error: reqwest::Error) -> Failure {
    Failure::retry(if error.is_timeout() {
        "timeout"
    } else if error.is_connect() {
        "unreachable"
    } else {
        "network"
    })
}

/// The body as JSON; null when it is none, or too long.
pub(super) async fn json(mut response: Response) -> serde_json::Value {
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        body.extend_from_slice(&chunk);
        if body.len() > MOST {
            return serde_json::Value::Null;
        }
    }
    serde_json::from_slice(&body).unwrap_or_default()
}

/// Maps a status, if the body holds no known code.
pub(super) fn by_status(carrier: &str, status: StatusCode) -> Failure {
    let code = format!("{carrier}-http-{}", status.as_u16());
    match status.as_u16() {
        408 | 425 | 429 | 500.. => Failure::retry(code),
        // A wrong password, or a base URL that redirects: an operator has to fix it.
        300..=399 | 401 | 403 => Failure::retry(code).loud(),
        404 => Failure::refused(code).loud(),
        _ => Failure::refused(code),
    }
}
