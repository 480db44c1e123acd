//! `[[webhooks]]`: who is told what happens to accounts (SPEC §14).

use super::danger::is_loopback;
use super::table::{EVENTS, SECRET, URL, WEBHOOK_PRIVATE_NETWORKS, WEBHOOKS};
use super::{Secret, parse};
use crate::public_address::is_allowed;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ipnet::IpNet;
use portaria::account_event::AccountEvent;
use settings::Given;
use sha2::{Digest as _, Sha256};
use url::{Host, Url};

type Parsed<T> = Result<T, String>;

/// The prefix of a secret of Standard Webhooks.
const PREFIX: &str = "whsec_";
/// How long a secret is, in bytes (Standard Webhooks, "Signature scheme").
const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// A receiver of events. Its URL is https, or leads to this machine; if it names an address, that address may be connected to.
#[derive(Debug, Clone)]
pub struct Webhook {
    url: Url,
    secret: Secret<Vec<u8>>,
    events: Vec<AccountEvent>,
}

impl Webhook {
    /// Where events are posted.
    pub const fn url(&self) -> &Url {
        &self.url
    }

    /// What signs them.
    pub fn secret(&self) -> &[u8] {
        self.secret.expose()
    }

    pub fn wants(&self, event: AccountEvent) -> bool {
        self.events.contains(&event)
    }

    /// Host and port, for people.
    pub fn host(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        self.url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// Names it in the database. The URL itself may hold a token.
    pub fn key(&self) -> Vec<u8> {
        Sha256::digest(self.url.as_str()).to_vec()
    }
}

pub(super) fn url(text: &str) -> Parsed<Url> {
    let url = parse::url(text)?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("does not begin with https://".into());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("has a user or password in it".into());
    }
    if url.fragment().is_some() {
        return Err("has a fragment".into());
    }
    if url.scheme() == "http" && !is_loopback(&url) { Err("would send in clear over a network".into()) } else { Ok(url) }
}

pub(super) fn secret(text: &str) -> Parsed<Vec<u8>> {
    let encoded = text.strip_prefix(PREFIX).ok_or_else(|| format!("does not begin with {PREFIX}"))?;
    let bytes = STANDARD.decode(encoded).map_err(|_| format!("is not base64 after {PREFIX}"))?;
    if SECRET_BYTES.contains(&bytes.len()) {
        Ok(bytes)
    } else {
        Err(format!("holds {} bytes, not {} to {}", bytes.len(), SECRET_BYTES.start(), SECRET_BYTES.end()))
    }
}

pub(super) fn events(text: &str) -> Parsed<Vec<AccountEvent>> {
    let mut events = Vec::new();
    for name in parse::items(text) {
        let event = AccountEvent::parse(name).ok_or_else(|| format!("has \"{name}\" in it, which is no event"))?;
        if events.contains(&event) {
            return Err(format!("has \"{name}\" in it twice"));
        }
        events.push(event);
    }
    if events.is_empty() { Err("names none".into()) } else { Ok(events) }
}

/// All of them. What is wrong is added as a problem.
pub(super) fn read(given: &mut Given) -> Vec<Webhook> {
    let allowed = given.get(&WEBHOOK_PRIVATE_NETWORKS).unwrap_or_default();
    let (mut webhooks, mut before) = (Vec::new(), Vec::<(usize, Url)>::new());
    for (nth, entry) in given.entries_mut(&WEBHOOKS).iter_mut().enumerate() {
        entry.needed(&[URL.line, SECRET.line, EVENTS.line]);
        let Some(url) = entry.get(&URL) else { continue };
        if let Some((first, _)) = before.iter().find(|(_, other)| *other == url) {
            let wrong = format!("stands in [[webhooks]] {} too", first + 1);
            entry.refuse(&URL, wrong, "each URL once, with all the events that it is told of");
        }
        before.push((nth, url.clone()));
        if !may_be_connected(&url, &allowed) {
            let instead = "a public address or a name; or add its network to WEBHOOK_PRIVATE_NETWORKS";
            entry.refuse(&URL, "leads to an address that is not public".into(), instead);
        }
        if let (Some(secret), Some(events)) = (entry.get(&SECRET), entry.get(&EVENTS)) {
            webhooks.push(Webhook { url, secret: Secret::new(secret), events });
        }
    }
    webhooks
}

/// Whether the address in a URL may be connected to: this machine, a public address, or one of an allowed network. A name is judged
/// when it is resolved.
pub(super) fn may_be_connected(url: &Url, allowed: &[IpNet]) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => is_loopback(url) || is_allowed(address.into(), allowed),
        Some(Host::Ipv6(address)) => is_loopback(url) || is_allowed(address.into(), allowed),
        Some(Host::Domain(_)) | None => true,
    }
}
