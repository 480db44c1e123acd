//! Asking our own public address, for `portaria doctor`, as carriers are asked: no redirects, no proxy of the environment.

use super::{CarrierError, CarrierTimeouts, Failure, web};
use serde_json::Value;
use url::Url;

/// Asks our own public address.
pub struct Client(reqwest::Client);

impl Client {
    pub fn new(timeouts: CarrierTimeouts) -> Result<Self, CarrierError> {
        web::client(timeouts).map(Self)
    }

    /// The status of a path, and its body if that is JSON.
    pub async fn get(&self, base: &Url, path: &str) -> Result<(u16, Value), Failure> {
        let segments: Vec<_> = path.split('/').collect();
        let response = self.0.get(web::under(base, &segments)).send().await.map_err(web::lost)?;
        let status = response.status().as_u16();
        Ok((status, web::json(response).await))
    }
}
