//! What stops a start although every value can be read: a node that would be open to strangers (SPEC §16).
//!
//! Development shows every code on `/dev/outbox` and makes its own secret, so it serves this machine alone. Production sends
//! no secret in clear over a network, believes no proxy list that names everybody, and lets nothing live or be guessed longer
//! than four times what the specification says. A loopback host is excepted: there is no network in between.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use ipnet::{IpNet, Ipv4Net};
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use url::{Host, Url};

use super::settings::{Reader, standard, standard_text};
use super::{Environment, parse};

/// How far above the specification's value (the default) a lifetime or count may be set in production.
const MULTIPLE: i32 = 4;

/// Lifetimes that bound what a stolen or guessed secret is worth.
const LIFETIMES: [&str; 7] = [
    "CODE_LIFETIME_PHONE",
    "CODE_LIFETIME_CARONA",
    "CODE_LIFETIME_RECOVERY",
    "LINK_LIFETIME_EMAIL",
    "LINK_LIFETIME_RESET",
    "ACCESS_TOKEN_LIFETIME",
    "ACCESS_TOKEN_LIFETIME_CARONA",
];
/// Counts that bound guessing.
const COUNTS: [&str; 2] = ["CODE_ATTEMPTS", "LOCKOUT_FAILURES"];
/// Carriers that are given codes over HTTP.
const CARRIERS: [&str; 2] = ["TWILIO_BASE_URL", "WHATSAPP_BASE_URL"];

/// Narrowest prefix of IPv4 proxies that is believed: the widest private network is `10.0.0.0/8`.
const NARROWEST_V4: u8 = 8;
/// The same of IPv6, apart from the private `fc00::/7`; what a provider holds is /19 to /32.
const NARROWEST_V6: u8 = 16;
const NARROWEST_PRIVATE_V6: u8 = 7;

/// Adds a problem for everything dangerous.
pub(super) fn refuse(read: &mut Reader<'_>, environment: Environment) {
    match environment {
        Environment::Development => development(read),
        Environment::Production => production(read),
    }
}

fn development(read: &mut Reader<'_>) {
    const WHY: &str = "development shows every code on /dev/outbox and serves this machine alone";
    if read.peek("LEPTOS_SITE_ADDR", parse::address).is_some_and(|address| !is_this_machine(address)) {
        let what = "127.0.0.1:3000 or [::1]:3000; to listen beyond this machine set PORTARIA_ENV=production";
        read.refuse("LEPTOS_SITE_ADDR", format!("listens beyond this machine: {WHY}"), what);
    }
    if read.peek("PUBLIC_URL", parse::public_url).is_some_and(|url| !is_loopback(&url)) {
        let what = "http://127.0.0.1:3000, http://[::1]:3000 or http://localhost:3000; to be reached by others set PORTARIA_ENV=production";
        read.refuse("PUBLIC_URL", format!("leads beyond this machine: {WHY}"), what);
    }
}

fn production(read: &mut Reader<'_>) {
    if read.peek("PUBLIC_URL", parse::public_url).is_some_and(|url| url.scheme() != "https" && !is_loopback(&url)) {
        read.problem("PUBLIC_URL", "must be https in production, unless its host is this machine itself".into());
    }
    for name in CARRIERS {
        if read.peek(name, parse::base_url).is_some_and(|url| url.scheme() != "https" && !is_loopback(&url)) {
            read.refuse(name, "would send codes in clear".into(), "https://…; http:// in production only to 127.0.0.1, [::1] or localhost");
        }
    }
    if read.peek("SMTP_URL", |text| parse::smtp_url(text).and_then(|text| parse::url(&text))).is_some_and(|url| !is_encrypted(&url)) {
        let what = "smtps://…, or smtp://…?tls=required (STARTTLS); in clear in production only to 127.0.0.1, [::1] or localhost";
        read.refuse("SMTP_URL", "may send codes and its password in clear".into(), what);
    }
    if read.peek("TRUSTED_PROXIES", parse::networks).is_some_and(|networks| names_everybody(&networks)) {
        let what = "the addresses of your own proxies, such as 10.0.0.0/8; together no wider than /8, of IPv6 than /16 or fc00::/7";
        read.refuse("TRUSTED_PROXIES", "trusts everybody: any client could choose the address that its limits count".into(), what);
    }
    for name in LIFETIMES {
        let (Some(standard), Some(given)) = (standard(name, parse::duration), read.peek(name, parse::duration)) else { continue };
        if given > standard * MULTIPLE {
            read.refuse(name, format!("is more than {MULTIPLE} times the standard value"), &at_most(standard_text(name)));
        }
    }
    for name in COUNTS {
        let (Some(standard), Some(given)) = (standard(name, parse::count), read.peek(name, parse::count)) else { continue };
        if given > standard * MULTIPLE.unsigned_abs() {
            read.refuse(name, format!("is more than {MULTIPLE} times the standard value"), &at_most(standard_text(name)));
        }
    }
}

fn at_most(standard: &str) -> String {
    format!("in production at most {MULTIPLE} times {standard}")
}

/// Whether only this machine reaches a listener.
fn is_this_machine(address: SocketAddr) -> bool {
    address.ip().to_canonical().is_loopback()
}

/// Whether a URL's host is this machine. Other names under `.localhost` are not: not every resolver keeps them here.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        // a scheme that is not http's keeps an address as a name
        Some(Host::Domain(name)) => is_loopback_host(name),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => IpAddr::V6(ip).to_canonical().is_loopback(),
        None => false,
    }
}

fn is_loopback_host(name: &str) -> bool {
    let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    name.eq_ignore_ascii_case("localhost") || address.is_ok_and(|ip| ip.to_canonical().is_loopback())
}

/// Whether nothing passes before TLS does.
fn is_encrypted(url: &Url) -> bool {
    url.scheme() == "smtps" || is_loopback(url) || url.query_pairs().any(|(name, value)| name == "tls" && value == "required")
}

/// Whether a list, however it is cut into pieces, believes more than anybody's own network holds.
fn names_everybody(networks: &[IpNet]) -> bool {
    let canonical: Vec<IpNet> = networks.iter().map(|network| unmapped(*network)).collect();
    IpNet::aggregate(&canonical).iter().any(|network| match network {
        IpNet::V4(network) => network.prefix_len() < NARROWEST_V4,
        // one that holds ::ffff:0:0/96 holds every IPv4 address
        IpNet::V6(network) if network.contains(&Ipv4Addr::UNSPECIFIED.to_ipv6_mapped()) => true,
        IpNet::V6(network) if network.network().is_unique_local() => network.prefix_len() < NARROWEST_PRIVATE_V6,
        IpNet::V6(network) => network.prefix_len() < NARROWEST_V6,
    })
}

/// What lies under `::ffff:0:0/96`, as the IPv4 network that it is.
fn unmapped(network: IpNet) -> IpNet {
    match network {
        IpNet::V6(v6) if v6.prefix_len() >= 96 => {
            v6.network().to_ipv4_mapped().and_then(|ip| Ipv4Net::new(ip, v6.prefix_len() - 96).ok()).map_or(network, IpNet::V4)
        }
        other => other,
    }
}

/// Whether the way to a database may be in clear: over a network without `sslmode=require` or stricter.
pub(super) fn database_in_clear(url: &str) -> bool {
    let Ok(options) = url.parse::<PgConnectOptions>() else { return false };
    let host = options.get_host();
    let here = options.get_socket().is_some() || host.starts_with('/') || is_loopback_host(host);
    !here && matches!(options.get_ssl_mode(), PgSslMode::Disable | PgSslMode::Allow | PgSslMode::Prefer)
}
