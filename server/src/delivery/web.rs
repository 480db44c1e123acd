//! What the HTTP carriers, the webhooks and the ends of sessions share.

use super::resolver::{PublicResolver, refused};
use super::{CarrierError, CarrierTimeouts, Failure};
use ipnet::IpNet;
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, RequestBuilder, Response, StatusCode};
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

/// Posts to products, at addresses of the settings. No redirect is followed, no answer is read beyond its head, and no address is connected
/// to that is not public, unless the operator allows it.
#[derive(Debug, Clone)]
pub struct Teller(Client);

impl Teller {
    /// `networks`: addresses that are not public and may be connected to.
    ///
    /// # Errors
    /// When no HTTPS client can be made.
    pub fn new(networks: Vec<IpNet>, timeouts: CarrierTimeouts) -> Result<Self, CarrierError> {
        build(client_builder(timeouts).dns_resolver(PublicResolver::new(networks))).map(Self)
    }

    pub(super) fn post(&self, url: &Url) -> RequestBuilder {
        self.0.post(url.clone())
    }

    /// Sends it. Anything but a 2xx may be tried again, except 410 Gone.
    pub(super) async fn send(request: RequestBuilder) -> Result<(), Failure> {
        // The answer is dropped unread: its connection ends if there is more of it than a head.
        let response = request.send().await.map_err(|error| refused(&error).unwrap_or_else(|| lost(error)))?;
        match response.status() {
            status if status.is_success() => Ok(()),
            StatusCode::GONE => Err(Failure::refused("http-410")),
            status => Err(Failure::retry(format!("http-{}", status.as_u16()))),
        }
    }
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
