//! What stops a start although every value can be read: a node that would be open to strangers (SPEC §16).
//!
//! Development shows every code on `/dev/outbox` and makes its own secret, so it serves this machine alone. Production sends
//! no secret in clear over a network, believes no proxy list that names everybody, and lets nothing live or be guessed longer
//! than four times what the specification says. A loopback host is excepted: there is no network in between.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use ipnet::{IpNet, Ipv4Net};
use settings::{Given, Setting};
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use time::Duration;
use url::{Host, Url};

use super::table::{
    ACCESS_TOKEN_LIFETIME, ACCESS_TOKEN_LIFETIME_CARONA, CODE_ATTEMPTS, CODE_LIFETIME_CARONA, CODE_LIFETIME_PHONE, CODE_LIFETIME_RECOVERY,
    LEPTOS_SITE_ADDR, LINK_LIFETIME_EMAIL, LINK_LIFETIME_RESET, LOCKOUT_FAILURES, PUBLIC_URL, SMTP_URL, TEST_PHONES, TRUSTED_PROXIES,
    TWILIO_BASE_URL, WHATSAPP_BASE_URL,
};
use super::{Environment, brand, parse};

/// How far above the specification's value (the default) a lifetime or count may be set in production.
const MULTIPLE: i32 = 4;

/// Lifetimes that bound what a stolen or guessed secret is worth.
const LIFETIMES: [Setting<Duration>; 7] = [
    CODE_LIFETIME_PHONE,
    CODE_LIFETIME_CARONA,
    CODE_LIFETIME_RECOVERY,
    LINK_LIFETIME_EMAIL,
    LINK_LIFETIME_RESET,
    ACCESS_TOKEN_LIFETIME,
    ACCESS_TOKEN_LIFETIME_CARONA,
];
/// Counts that bound guessing.
const COUNTS: [Setting<u32>; 2] = [CODE_ATTEMPTS, LOCKOUT_FAILURES];
/// Carriers that are given codes over HTTP.
const CARRIERS: [Setting<Url>; 2] = [TWILIO_BASE_URL, WHATSAPP_BASE_URL];

/// Narrowest prefix of IPv4 proxies that is believed: the widest private network is `10.0.0.0/8`.
const NARROWEST_V4: u8 = 8;
/// The same of IPv6, apart from the private `fc00::/7`; what a provider holds is /19 to /32.
const NARROWEST_V6: u8 = 16;
const NARROWEST_PRIVATE_V6: u8 = 7;

/// Adds a problem for everything dangerous.
pub(super) fn refuse(given: &mut Given, environment: Environment) {
    match environment {
        Environment::Development => development(given),
        Environment::Production => production(given),
    }
}

fn development(given: &mut Given) {
    const WHY: &str = "development shows every code on /dev/outbox and serves this machine alone";
    if given.get(&LEPTOS_SITE_ADDR).is_some_and(|address| !is_this_machine(address)) {
        let what = "127.0.0.1:3000 or [::1]:3000; to listen beyond this machine set PORTARIA_ENV=production";
        given.refuse(&LEPTOS_SITE_ADDR, format!("listens beyond this machine: {WHY}"), what);
    }
    if given.get(&PUBLIC_URL).is_some_and(|url| !is_loopback(&url)) {
        let what = "http://127.0.0.1:3000, http://[::1]:3000 or http://localhost:3000; to be reached by others set PORTARIA_ENV=production";
        given.refuse(&PUBLIC_URL, format!("leads beyond this machine: {WHY}"), what);
    }
}

fn production(given: &mut Given) {
    // Only strangers have to be told; what serves this machine alone has none.
    if given.get(&PUBLIC_URL).is_some_and(|url| !is_loopback(&url)) {
        brand::refuse_unfilled(given);
    }
    if given.get(&PUBLIC_URL).is_some_and(|url| url.scheme() != "https" && !is_loopback(&url)) {
        given.problem(&PUBLIC_URL, "must be https in production, unless its host is this machine itself".into());
    }
    if given.has(&TEST_PHONES) {
        given.refuse(
            &TEST_PHONES,
            "is set in production: whoever knows its codes signs in".into(),
            "nothing; such phones are of development",
        );
    }
    for setting in CARRIERS {
        if given.get(&setting).is_some_and(|url| url.scheme() != "https" && !is_loopback(&url)) {
            given.refuse(
                &setting,
                "would send codes in clear".into(),
                "https://…; http:// in production only to 127.0.0.1, [::1] or localhost",
            );
        }
    }
    if given.get(&SMTP_URL).and_then(|text| parse::url(&text).ok()).is_some_and(|url| !is_encrypted(&url)) {
        let what = "smtps://…, or smtp://…?tls=required (STARTTLS); in clear in production only to 127.0.0.1, [::1] or localhost";
        given.refuse(&SMTP_URL, "may send codes and its password in clear".into(), what);
    }
    if given.get(&TRUSTED_PROXIES).is_some_and(|networks| names_everybody(&networks)) {
        let what = "the addresses of your own proxies, such as 10.0.0.0/8; together no wider than /8, of IPv6 than /16 or fc00::/7";
        given.refuse(&TRUSTED_PROXIES, "trusts everybody: any client could choose the address that its limits count".into(), what);
    }
    for setting in LIFETIMES {
        let is_too_long = |most: Duration| given.get(&setting).is_some_and(|lifetime| lifetime > most);
        if setting.default().is_some_and(|standard| is_too_long(standard * MULTIPLE)) {
            refuse_multiple(given, &setting);
        }
    }
    for setting in COUNTS {
        let is_too_much = |most: u32| given.get(&setting).is_some_and(|count| count > most);
        if setting.default().is_some_and(|standard| is_too_much(standard * MULTIPLE.unsigned_abs())) {
            refuse_multiple(given, &setting);
        }
    }
}

fn refuse_multiple<T>(given: &mut Given, setting: &Setting<T>) {
    let standard = setting.default_text().unwrap_or_default();
    let instead = format!("in production at most {MULTIPLE} times {standard}");
    given.refuse(setting, format!("is more than {MULTIPLE} times the standard value"), &instead);
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
