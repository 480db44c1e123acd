//! `/hooks/twilio` and `/hooks/whatsapp`: where carriers report what became of messages (SPEC §12).
//!
//! Each is open only to its carrier, by its signature, and a stranger costs no look into the database. What is set up nowhere is not
//! found. A message is known by the carrier's id of it alone; numbers in a report say nothing.

use super::body::{close, collect};
use super::requester::RequestContext;
use super::scrape::is_same;
use super::state::AppState;
use axum::Extension;
use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::KeyInit;
use hmac::{Hmac, Mac};
use portaria::message::{Channel, Report};
use serde::Deserialize;
use serde_json::Value;
use sha1::Sha1;
use sha2::Sha256;
use url::Url;

/// The path of Twilio's reports.
pub const TWILIO: &str = "/hooks/twilio";
/// The path of Meta's reports.
pub const WHATSAPP: &str = "/hooks/whatsapp";
/// The largest batch of reports that Meta sends, in bytes.
const BATCH: usize = 3 * 1024 * 1024;
/// A longer id is none of a carrier's.
const LONGEST_ID: usize = 256;

/// `POST /hooks/twilio`.
pub async fn twilio(State(state): State<AppState>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(token) = &state.hooks.twilio else { return StatusCode::NOT_FOUND.into_response() };
    let mut fields: Vec<(String, String)> = url::form_urlencoded::parse(&body).into_owned().collect();
    fields.sort();
    let signature = headers.get("x-twilio-signature").and_then(|value| STANDARD.decode(value.as_bytes()).ok());
    if !signature.is_some_and(|signature| signed_by_twilio(token.expose(), &state.public_url, &fields, &signature)) {
        return forged("twilio");
    }
    let field = |names: [&str; 2]| names.iter().find_map(|name| fields.iter().find(|(it, _)| it == name)).map(|(_, value)| value.as_str());
    let (id, status) = (field(["MessageSid", "SmsSid"]), field(["MessageStatus", "SmsStatus"]));
    if let (Some(id), Some(report)) = (id, status.and_then(Report::of_twilio))
        && !take(&state, Channel::Sms, id, report, None).await
    {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    StatusCode::NO_CONTENT.into_response()
}

/// Twilio signs the address that it was given and the sorted fields. Some of its parts leave the port out, or put the usual one in.
fn signed_by_twilio(token: &str, public_url: &str, fields: &[(String, String)], signature: &[u8]) -> bool {
    addresses(public_url).into_iter().any(|address| {
        let Ok(mac) = <Hmac<Sha1> as KeyInit>::new_from_slice(token.as_bytes()) else { return false };
        let mac = mac.chain_update(address.as_bytes());
        let mac = fields.iter().fold(mac, |mac, (name, value)| mac.chain_update(name.as_bytes()).chain_update(value.as_bytes()));
        mac.verify_slice(signature).is_ok()
    })
}

/// The ways to write the address of our hook.
fn addresses(public_url: &str) -> Vec<String> {
    let given = format!("{public_url}{TWILIO}");
    let Ok(url) = Url::parse(&given) else { return vec![given] };
    let Some(host) = url.host_str() else { return vec![given] };
    let scheme = url.scheme();
    let port = url.port_or_known_default().unwrap_or_default();
    vec![given, format!("{scheme}://{host}{TWILIO}"), format!("{scheme}://{host}:{port}{TWILIO}")]
}

/// What Meta asks before it sends anything.
#[derive(Deserialize)]
pub struct Subscription {
    #[serde(default, rename = "hub.mode")]
    mode: String,
    #[serde(default, rename = "hub.verify_token")]
    token: String,
    #[serde(default, rename = "hub.challenge")]
    challenge: String,
}

/// `GET /hooks/whatsapp`.
pub async fn whatsapp_subscription(State(state): State<AppState>, asked: Result<Query<Subscription>, QueryRejection>) -> Response {
    let Some(token) = &state.hooks.whatsapp_verify else { return StatusCode::NOT_FOUND.into_response() };
    match asked {
        Ok(Query(asked)) if asked.mode == "subscribe" && is_same(&asked.token, token.expose()) => {
            ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], asked.challenge).into_response()
        }
        _ => forged("whatsapp"),
    }
}

/// The reports in a batch of Meta's. What is not understood is passed over, and nothing beside it.
fn statuses(batch: &Value) -> impl Iterator<Item = &Value> {
    fn list(value: &Value) -> &[Value] {
        value.as_array().map(Vec::as_slice).unwrap_or_default()
    }
    list(&batch["entry"]).iter().flat_map(|entry| list(&entry["changes"])).flat_map(|change| list(&change["value"]["statuses"]))
}

/// `POST /hooks/whatsapp`. It reads its body itself, once the signature has the right shape: a batch may be larger than other bodies.
pub async fn whatsapp(State(state): State<AppState>, Extension(context): Extension<RequestContext>, request: Request) -> Response {
    let Some(secret) = &state.hooks.whatsapp_app else { return close(StatusCode::NOT_FOUND.into_response()) };
    let (parts, body) = request.into_parts();
    let signature = parts.headers.get("x-hub-signature-256").and_then(|value| value.to_str().ok()).and_then(hex);
    let Some(signature) = signature else { return close(forged("whatsapp")) };
    let Ok(_slot) = state.uploads.admit(context.who.client_ip, &parts.headers) else {
        return close(StatusCode::SERVICE_UNAVAILABLE.into_response());
    };
    let Ok(bytes) = collect(&parts, body, BATCH).await else { return close(StatusCode::PAYLOAD_TOO_LARGE.into_response()) };
    let mac = <Hmac<Sha256> as KeyInit>::new_from_slice(secret.expose().as_bytes()).map(|mac| mac.chain_update(&bytes));
    if !mac.is_ok_and(|mac| mac.verify_slice(&signature).is_ok()) {
        return forged("whatsapp");
    }
    // What Meta signed and we do not understand would come again for days if it were refused.
    let batch: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    for status in statuses(&batch) {
        let (Some(id), Some(report)) = (status["id"].as_str(), status["status"].as_str().and_then(Report::of_meta)) else { continue };
        let wa_id = status["recipient_id"].as_str().filter(|id| !id.is_empty() && id.len() <= LONGEST_ID);
        if !take(&state, Channel::WhatsApp, id, report, wa_id).await {
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    }
    StatusCode::OK.into_response()
}

/// The bytes of `sha256=…`.
fn hex(header: &str) -> Option<Vec<u8>> {
    let digits = header.strip_prefix("sha256=").filter(|digits| digits.len() == 64 && digits.is_ascii())?;
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).ok()).collect()
}

/// Returns whether the report was recorded, or names no message of ours.
async fn take(state: &AppState, channel: Channel, id: &str, report: Report, wa_id: Option<&str>) -> bool {
    // Nor is one with a byte that no text of the database holds.
    if id.is_empty() || id.len() > LONGEST_ID || id.contains('\0') {
        return true;
    }
    let taken = state.ladder.take(channel, id, report, wa_id).await;
    if taken.is_err() {
        tracing::error!(channel = channel.as_str(), "a carrier's report could not be recorded: it has to come again");
    }
    taken.is_ok()
}

fn forged(carrier: &'static str) -> Response {
    tracing::warn!(event = "carrier_report_forged", carrier, "a report without the carrier's signature was refused");
    StatusCode::FORBIDDEN.into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_of_twilios_own_example_is_known() {
        // The example of Twilio's page on webhook security.
        let fields = [
            ("CallSid", "CA1234567890ABCDE"),
            ("Caller", "+14158675310"),
            ("Digits", "1234"),
            ("From", "+14158675310"),
            ("To", "+18005551212"),
        ];
        let mac = <Hmac<Sha1> as KeyInit>::new_from_slice(b"12345").expect("any key");
        let mac = mac.chain_update(b"https://example.com/myapp.php?foo=1&bar=2");
        let mac = fields.iter().fold(mac, |mac, (name, value)| mac.chain_update(name).chain_update(value));
        assert_eq!(STANDARD.encode(mac.finalize().into_bytes()), "L/OH5YylLD5NRKLltdqwSvS0BnU=");
    }

    #[test]
    fn the_address_is_known_with_and_without_its_port() {
        let fields = vec![("MessageSid".to_owned(), "SM1".to_owned())];
        for signed in ["https://a.example/hooks/twilio", "https://a.example:443/hooks/twilio"] {
            let mac = <Hmac<Sha1> as KeyInit>::new_from_slice(b"token").expect("any key");
            let signature = mac.chain_update(signed).chain_update("MessageSidSM1").finalize().into_bytes();
            assert!(signed_by_twilio("token", "https://a.example", &fields, &signature), "{signed}");
            assert!(!signed_by_twilio("other", "https://a.example", &fields, &signature));
            assert!(!signed_by_twilio("token", "https://b.example", &fields, &signature));
        }
    }

    #[test]
    fn a_signature_that_is_none_is_refused() {
        assert_eq!(hex("sha256=00"), None);
        assert_eq!(hex(&format!("sha256={}", "é".repeat(32))), None);
        assert_eq!(hex(&format!("sha256={}", "0g".repeat(32))), None);
        assert_eq!(hex(&format!("sha256={}", "fF".repeat(32))), Some(vec![255; 32]));
    }
}
