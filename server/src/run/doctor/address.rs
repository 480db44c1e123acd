//! `PUBLIC_URL`: whether it leads to this installation.

use super::{Check, Part, in_production};
use crate::config::Config;
use crate::delivery::CarrierTimeouts;
use crate::delivery::public;
use text::doctor::DoctorTexts;

pub(super) async fn examine(config: &Config, key_ids: &[String], timeouts: CarrierTimeouts, says: &DoctorTexts) -> Check {
    let part = Part::Address;
    let url = config.public_url.as_str().trim_end_matches('/');
    let silent = |error: &str| in_production(config, part, says.address_silent(url, error), says.address_silent_advice);
    let host = config.public_url.host_str().unwrap_or_default();
    let port = config.public_url.port_or_known_default().unwrap_or_default();
    // An IPv6 address stands in brackets in a URL.
    let resolved = tokio::net::lookup_host((host.trim_matches(['[', ']']), port)).await;
    if resolved.map_or(0, Iterator::count) == 0 {
        return in_production(config, part, says.address_unresolved(host), says.address_unresolved_advice);
    }
    let client = match public::Client::new(timeouts) {
        Ok(client) => client,
        Err(error) => return silent(&error.to_string()),
    };
    match client.get(&config.public_url, "readyz").await {
        Err(failure) => return silent(failure.code()),
        Ok((200, _)) => {}
        Ok((status, _)) => return in_production(config, part, says.address_status(url, status), says.address_status_advice),
    }
    // Only this installation publishes the keys of this database.
    let published = match client.get(&config.public_url, ".well-known/jwks.json").await {
        Ok((200, body)) => body,
        _ => serde_json::Value::Null,
    };
    let ids = published["keys"].as_array().into_iter().flatten().filter_map(|key| key["kid"].as_str());
    if !ids.into_iter().any(|id| key_ids.iter().any(|own| own == id)) {
        return Check::broken(part, says.address_foreign(url), says.address_foreign_advice);
    }
    if config.environment.is_production() && config.is_public_url_loopback() {
        return Check::warning(part, says.address_loopback(url), says.address_loopback_advice);
    }
    Check::well(part, says.address_well(url))
}
