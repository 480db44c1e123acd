//! Text to value. An error says what is wrong and does not repeat the text, which may be a secret.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr as _;

use axum::http::{HeaderName, HeaderValue};
use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use ipnet::IpNet;
use lettre::message::Mailbox;
use portaria::brand::Name;
use portaria::message::Channel;
use portaria::purpose::CodeFor;
use portaria::reminder::{EARLIEST, LATEST};
use portaria::terms::TermsVersion;
use portaria::value::{Code, Phone};
use sqlx::postgres::PgConnectOptions;
use time::Duration;
use url::Url;

use super::Environment;

type Parsed<T> = Result<T, String>;

/// Longest duration: far beyond need, far below what a date can hold.
const LONGEST: Duration = Duration::days(3650);
/// Highest count that still limits anything.
const MOST: u32 = 1000;
/// Largest budget of messages a day.
const LARGEST_BUDGET: u32 = 1_000_000;

pub(super) fn terms_version(text: &str) -> Parsed<TermsVersion> {
    TermsVersion::parse(text).map_err(|_| "is no version".to_owned())
}

pub(super) fn environment(text: &str) -> Parsed<Environment> {
    match text {
        "development" => Ok(Environment::Development),
        "production" => Ok(Environment::Production),
        _ => Err("is no environment".into()),
    }
}

pub(super) fn address(text: &str) -> Parsed<SocketAddr> {
    let text = text.strip_prefix("localhost:").map_or_else(|| text.to_owned(), |port| format!("127.0.0.1:{port}"));
    text.parse().map_err(|_| "is no IP address with a port".into())
}

#[expect(clippy::unnecessary_wraps, reason = "every reader of the table has this shape")]
pub(super) fn folder(text: &str) -> Parsed<PathBuf> {
    Ok(PathBuf::from(text))
}

/// 32 bytes in base64, of either alphabet, padded or not.
pub(super) fn secret_key(text: &str) -> Parsed<[u8; 32]> {
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let alphabet = if text.contains(['-', '_']) { &alphabet::URL_SAFE } else { &alphabet::STANDARD };
    let bytes = GeneralPurpose::new(alphabet, config).decode(text).map_err(|_| "is not base64".to_owned())?;
    let length = bytes.len();
    let key: [u8; 32] = bytes.try_into().map_err(|_| format!("holds {length} bytes, not 32"))?;
    if key == [0; 32] { Err("is all zeros".into()) } else { Ok(key) }
}

pub(super) fn database_url(text: &str) -> Parsed<String> {
    if !(text.starts_with("postgres://") || text.starts_with("postgresql://")) {
        return Err("does not begin with postgres://".into());
    }
    // The reason stays unsaid: it may quote the password.
    PgConnectOptions::from_str(text).map_err(|_| "is no URL that Postgres understands".to_owned())?;
    Ok(text.to_owned())
}

pub(super) fn smtp_url(text: &str) -> Parsed<String> {
    let url = Url::parse(text).map_err(|error| format!("is no URL: {error}"))?;
    if !matches!(url.scheme(), "smtp" | "smtps") {
        return Err("begins with neither smtp:// nor smtps://".into());
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err("names no host".into());
    }
    // what is not known would be passed over, and a misspelt `tls` leave the mail in clear
    let parameters: Vec<_> = url.query_pairs().collect();
    match (url.scheme(), parameters.as_slice()) {
        (_, []) => Ok(text.to_owned()),
        ("smtp", [(name, value)]) if name == "tls" && matches!(&**value, "required" | "opportunistic") => Ok(text.to_owned()),
        _ => Err("has a parameter other than one tls=required or tls=opportunistic behind smtp://".into()),
    }
}

pub(super) fn url(text: &str) -> Parsed<Url> {
    Url::parse(text).map_err(|error| format!("is no URL: {error}"))
}

pub(super) fn mailbox(text: &str) -> Parsed<Mailbox> {
    text.parse().map_err(|_| "is no e-mail address".into())
}

/// The sender when none is named. No address lives at a bare IP.
pub(super) fn mailbox_of(public_url: &Url, name: &Name) -> Option<Mailbox> {
    let domain = public_url.domain().unwrap_or("localhost");
    Some(Mailbox::new(Some(name.as_str().to_owned()), format!("nao-responda@{domain}").parse().ok()?))
}

/// An origin: what a browser sends as `Origin`, and nothing after it.
pub(super) fn public_url(text: &str) -> Parsed<Url> {
    let url = base_url(text)?;
    if url.path() == "/" { Ok(url) } else { Err("has a path: pages and cookies live at the root of an origin".into()) }
}

/// Where a browser on this machine finds a server that listens there; nobody's address when it listens everywhere.
pub(super) fn public_url_of(listens: SocketAddr) -> Option<Url> {
    Url::parse(&format!("http://{listens}")).ok()
}

pub(super) fn base_url(text: &str) -> Parsed<Url> {
    let url = Url::parse(text).map_err(|error| format!("is no URL: {error}"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("begins with neither https:// nor http://".into());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("has a user or password in it".into());
    }
    if url.query().is_some() || url.fragment().is_some() { Err("has a query or fragment".into()) } else { Ok(url) }
}

/// `10.0.0.0/8, ::1`: an address alone is a network of one.
pub(super) fn networks(text: &str) -> Parsed<Vec<IpNet>> {
    items(text)
        .map(|item| {
            item.parse::<IpNet>()
                .or_else(|_| item.parse::<IpAddr>().map(IpNet::from))
                .map_err(|_| format!("has \"{item}\" in it, which is neither an IP address nor a CIDR"))
        })
        .collect()
}

/// `+55, +351`; empty is none.
pub(super) fn prefixes(text: &str) -> Parsed<Vec<String>> {
    let prefixes = items(text)
        .map(|item| {
            let digits = item.strip_prefix('+').unwrap_or_default();
            if (1..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0') {
                Ok(item.to_owned())
            } else {
                Err(format!("has \"{item}\" in it, which is no prefix"))
            }
        })
        .collect::<Parsed<Vec<_>>>()?;
    if prefixes.is_empty() && !text.is_empty() { Err("names none".into()) } else { Ok(prefixes) }
}

/// `whatsapp,sms`: each once, at least one.
pub(super) fn phone_channels(text: &str) -> Parsed<Vec<Channel>> {
    let mut channels = Vec::new();
    for item in items(text) {
        match Channel::parse(item) {
            Ok(channel) if channel != Channel::Email && !channels.contains(&channel) => channels.push(channel),
            Ok(Channel::Sms | Channel::WhatsApp) => return Err(format!("names \"{item}\" twice")),
            _ => return Err(format!("has \"{item}\" in it, which brings nothing to a phone")),
        }
    }
    if channels.is_empty() { Err("names none".into()) } else { Ok(channels) }
}

pub(super) fn items(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty())
}

pub(super) fn log_filter(text: &str) -> Parsed<String> {
    tracing_subscriber::EnvFilter::try_new(text).map(|_| text.to_owned()).map_err(|error| format!("is no filter: {error}"))
}

/// `30s`, `5m`, `24h`, `7d`.
pub(super) fn duration(text: &str) -> Parsed<Duration> {
    let unit: i64 = match text.bytes().last() {
        Some(b's') => 1,
        Some(b'm') => 60,
        Some(b'h') => 3600,
        Some(b'd') => 86400,
        Some(b'0'..=b'9') => return Err("lacks its unit".into()),
        _ => return Err("is no duration".into()),
    };
    let digits = &text[..text.len() - 1];
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("is no duration".into());
    }
    let seconds = digits.parse::<i64>().ok().and_then(|count| count.checked_mul(unit)).unwrap_or(i64::MAX);
    let duration = Duration::seconds(seconds);
    if duration.is_zero() {
        Err("is no time at all".into())
    } else if duration > LONGEST {
        Err("is too long".into())
    } else {
        Ok(duration)
    }
}

pub(super) fn count(text: &str) -> Parsed<u32> {
    let count: u32 = text.parse().map_err(|_| "is no whole number".to_owned())?;
    if (1..=MOST).contains(&count) { Ok(count) } else { Err("is out of range".into()) }
}

/// A number of messages.
pub(super) fn budget(text: &str) -> Parsed<u32> {
    let budget: u32 = text.parse().map_err(|_| "is no whole number".to_owned())?;
    if budget <= LARGEST_BUDGET { Ok(budget) } else { Err("is out of range".into()) }
}

pub(super) fn reminder(text: &str) -> Parsed<Duration> {
    let after = duration(text)?;
    if (EARLIEST..=LATEST).contains(&after) { Ok(after) } else { Err("is out of range".into()) }
}

/// `+5511999990001=123456`, between commas.
pub(super) fn test_phones(text: &str) -> Parsed<Vec<(Phone, Code)>> {
    let phones = items(text).map(|item| {
        let (phone, code) = item.split_once('=').ok_or("has an entry without =")?;
        let phone = Phone::parse_mobile(phone).map_err(|_| "has an entry whose phone is no Brazilian mobile")?;
        let code = Code::parse(code, CodeFor::SignupPhone.digits()).map_err(|_| "has an entry whose code has not 6 digits")?;
        Ok((phone, code))
    });
    phones.collect()
}

/// One line of text.
pub(super) fn line(text: &str) -> Parsed<String> {
    if text.chars().any(char::is_control) { Err("has a control character in it".into()) } else { Ok(text.to_owned()) }
}

/// Text that goes into a header as it is.
pub(super) fn word(text: &str) -> Parsed<String> {
    if text.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(text.to_owned())
    } else {
        Err("has a space or a strange character in it".into())
    }
}

/// `name=value,name=value`, as OpenTelemetry writes headers.
pub(super) fn headers(text: &str) -> Parsed<Vec<(String, String)>> {
    items(text)
        .map(|item| {
            let (name, value) = item.split_once('=').ok_or("has an entry without =")?;
            // Only percent signs mean anything here; in a form a plus sign would be a space.
            let value = format!("v={}", value.replace('+', "%2B").replace('&', "%26"));
            let value = url::form_urlencoded::parse(value.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default();
            let name = HeaderName::from_bytes(name.trim().as_bytes()).map_err(|_| "has a name in it that is none of a header")?;
            HeaderValue::from_str(value.trim()).map_err(|_| "has a value in it that no header can have")?;
            Ok((name.as_str().to_owned(), value.trim().to_owned()))
        })
        .collect()
}

/// Text that goes into a path as it is.
pub(super) fn path_segment(text: &str) -> Parsed<String> {
    if text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-') {
        Ok(text.to_owned())
    } else {
        Err("has other than letters and digits in it".into())
    }
}
