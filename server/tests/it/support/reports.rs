//! What carriers send to `/hooks/…`, signed as they sign it.

use super::{Actor, Answer};
use base64::Engine as _;
use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use serde_json::json;
use sha1::Sha1;
use sha2::Sha256;
use std::fmt::Write as _;

pub const APP_SECRET: &str = "um-segredo-da-meta";
pub const VERIFY_TOKEN: &str = "um-token-de-verificacao";
pub const AUTH_TOKEN: &str = "um-segredo-da-twilio";

fn meta_signature(secret: &str, body: &str) -> String {
    let mac = <Hmac<Sha256> as KeyInit>::new_from_slice(secret.as_bytes()).expect("any key").chain_update(body);
    mac.finalize().into_bytes().iter().fold("sha256=".to_owned(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a text grows");
        text
    })
}

impl Actor<'_> {
    /// Meta's report of a message, signed with this secret. Its number is a business-scoped id, which says nothing.
    pub async fn meta_reports(&self, secret: &str, id: &str, status: &str) -> Answer {
        let value = json!({ "messaging_product": "whatsapp", "statuses": [{ "id": id, "status": status, "timestamp": "1795000000" }] });
        let body = json!({ "object": "whatsapp_business_account", "entry": [{ "id": "1", "changes": [{ "field": "messages", "value": value }] }] });
        self.meta_sends(secret, body.to_string()).await
    }

    /// Whatever Meta sends, signed with this secret.
    pub async fn meta_sends(&self, secret: &str, body: String) -> Answer {
        let signature = meta_signature(secret, &body);
        let request = self.raw("POST", "/hooks/whatsapp").header("content-type", "application/json");
        self.send_raw(request.header("x-hub-signature-256", signature).body(body)).await
    }

    /// Twilio's report of a message, signed with this token for the hook at this address.
    pub async fn twilio_reports(&self, token: &str, address: &str, sid: &str, status: &str) -> Answer {
        let fields = [("AccountSid", "AC1"), ("MessageSid", sid), ("MessageStatus", status), ("To", "+5511900000000")];
        let mac = <Hmac<Sha1> as KeyInit>::new_from_slice(token.as_bytes()).expect("any key").chain_update(address);
        let mac = fields.iter().fold(mac, |mac, (name, value)| mac.chain_update(name).chain_update(value));
        let signature = base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes());
        self.send_raw(self.raw("POST", "/hooks/twilio").header("x-twilio-signature", signature).form(&fields)).await
    }
}
