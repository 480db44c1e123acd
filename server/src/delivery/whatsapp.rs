//! WhatsApp by the Meta Cloud API: the authentication template, which carries a code and nothing else (docs/standards.md#carriers).

use super::{Accepted, CarrierError, CarrierTimeouts, Failure, Outgoing, web};
use crate::config;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use url::Url;

/// The language of the template at Meta.
const LANGUAGE: &str = "pt_BR";

#[derive(Debug)]
pub(crate) struct WhatsApp {
    client: Client,
    messages: Url,
    settings: config::WhatsApp,
}

impl WhatsApp {
    pub(super) fn new(settings: config::WhatsApp, timeouts: CarrierTimeouts) -> Result<Self, CarrierError> {
        let messages = web::under(&settings.base_url, &[&settings.phone_number_id, "messages"]);
        Ok(Self { client: web::client(timeouts)?, messages, settings })
    }

    pub(super) async fn hand_over(&self, message: &Outgoing<'_>) -> Result<Accepted, Failure> {
        let Some(code) = message.rendered.code.as_deref() else { return Err(not_a_code()) };
        let request = self.client.post(self.messages.clone()).bearer_auth(self.settings.token.expose()).json(&body(
            &self.settings.template,
            message.recipient,
            code,
        ));
        let response = request.send().await.map_err(web::lost)?;
        let status = response.status();
        let body = web::json(response).await;
        if status.is_success() {
            let wa_id = body["contacts"][0]["wa_id"].as_str().map(str::to_owned);
            return Ok(Accepted { provider_id: body["messages"][0]["id"].as_str().map(str::to_owned), wa_id });
        }
        Err(judge(status, body["error"]["code"].as_i64()))
    }

    /// Asks Meta for our sending number.
    pub(super) async fn try_out(&self) -> Result<(), Failure> {
        let mut number = web::under(&self.settings.base_url, &[&self.settings.phone_number_id]);
        number.set_query(Some("fields=id"));
        let request = self.client.get(number).bearer_auth(self.settings.token.expose());
        let response = request.send().await.map_err(web::lost)?;
        let status = response.status();
        let body = web::json(response).await;
        if !status.is_success() {
            return Err(judge(status, body["error"]["code"].as_i64()));
        }
        if body["id"].as_str() == Some(self.settings.phone_number_id.as_str()) { Ok(()) } else { Err(Failure::refused("meta-foreign")) }
    }
}

/// The refusal of a message without a code: the template carries nothing else.
pub(super) fn not_a_code() -> Failure {
    Failure::refused("not-a-code")
}

/// The code twice: in the text, and behind the button that copies it.
pub(super) fn body(template: &str, recipient: &str, code: &str) -> Value {
    let parameters = json!([{"type": "text", "text": code}]);
    json!({
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": recipient.trim_start_matches('+'),
        "type": "template",
        "template": {
            "name": template,
            "language": {"code": LANGUAGE},
            "components": [
                {"type": "body", "parameters": parameters},
                {"type": "button", "sub_type": "url", "index": "0", "parameters": parameters},
            ],
        },
    })
}

/// Meta asks to branch on its code, not on status or title.
fn judge(status: StatusCode, code: Option<i64>) -> Failure {
    let Some(number) = code else { return web::by_status("meta", status) };
    let code = format!("meta-{number}");
    match number {
        // Meta's own trouble; too many messages in all, to this person, or that look like spam.
        1 | 2 | 4 | 80_007 | 130_429 | 131_000 | 131_016 | 131_048 | 131_056 => Failure::retry(code),
        // Our token is wrong.
        0 | 190 => Failure::retry(code).loud(),
        // Policy, account locked, unpaid, template unknown, with other parameters, or paused.
        10 | 200 | 368 | 131_031 | 131_042 | 132_000 | 132_001 | 132_015 => Failure::refused(code).loud(),
        _ if status.is_server_error() || matches!(status.as_u16(), 401 | 403 | 408 | 429) => web::by_status("meta", status),
        _ => Failure::refused(code),
    }
}

#[cfg(test)]
mod tests {
    use super::super::stub::{self, Answer, Carrier};
    use super::*;
    use crate::config::Secret;
    use crate::delivery::templates::Rendered;
    use axum::http::Method;
    use std::time::Duration;
    use time::OffsetDateTime;

    async fn hand_over(base: &Url, rendered: &Rendered) -> Result<Accepted, Failure> {
        let settings = config::WhatsApp {
            token: Secret::new("a-token".into()),
            phone_number_id: "106540352242922".into(),
            template: "codigo_portaria".into(),
            base_url: base.join("v23.0").expect("a URL"),
        };
        let timeouts = CarrierTimeouts { connect: Duration::from_millis(500), overall: Duration::from_millis(500) };
        let whatsapp = WhatsApp::new(settings, timeouts).expect("a client");
        assert!(!format!("{whatsapp:?}").contains("a-token"));
        whatsapp
            .hand_over(&Outgoing {
                id: crate::entropy::uuid(),
                recipient: "+5511987654321",
                rendered,
                valid_for: time::Duration::minutes(5),
                now: OffsetDateTime::UNIX_EPOCH,
            })
            .await
    }

    #[tokio::test]
    async fn a_code_goes_exactly_as_meta_wants_it() {
        let server = Carrier::always(Answer::json(
            200,
            json!({
                "messaging_product": "whatsapp",
                "contacts": [{"input": "5511987654321", "wa_id": "551187654321"}],
                "messages": [{"id": "wamid.HBgLNTUx"}],
            }),
        ))
        .await;
        let handed = hand_over(&server.url, &stub::code_message("012345")).await;
        assert_eq!(handed, Ok(Accepted { provider_id: Some("wamid.HBgLNTUx".into()), wa_id: Some("551187654321".into()) }));

        let request = server.only_request();
        assert_eq!(request.method, Method::POST);
        assert_eq!(request.path, "/v23.0/106540352242922/messages");
        assert_eq!(request.header("authorization"), "Bearer a-token");
        assert_eq!(request.header("content-type"), "application/json");
        let sent: Value = serde_json::from_slice(&request.body).expect("JSON");
        // As in the vendor's reference, word for word.
        let expected = r#"{"messaging_product":"whatsapp","recipient_type":"individual","to":"5511987654321","type":"template",
            "template":{"name":"codigo_portaria","language":{"code":"pt_BR"},"components":[
            {"type":"body","parameters":[{"type":"text","text":"012345"}]},
            {"type":"button","sub_type":"url","index":"0","parameters":[{"type":"text","text":"012345"}]}]}}"#;
        assert_eq!(sent, serde_json::from_str::<Value>(expected).expect("JSON"));
    }

    #[tokio::test]
    async fn what_is_no_code_is_not_sent() {
        let server = Carrier::always(Answer::json(200, json!({}))).await;
        assert_eq!(hand_over(&server.url, &stub::notice()).await, Err(Failure::refused("not-a-code")));
        assert!(server.requests().is_empty());
    }

    #[tokio::test]
    async fn what_cannot_be_sent_is_refused_and_what_may_pass_later_is_tried_again() {
        let refused = |code: &str| Err(Failure::refused(code));
        let retry = |code: &str| Err(Failure::retry(code));
        let cases = [
            (400, Some(131_026), refused("meta-131026")),
            (404, Some(132_001), refused("meta-132001")),
            (400, Some(131_047), refused("meta-131047")),
            (400, Some(130_429), retry("meta-130429")),
            (400, Some(131_056), retry("meta-131056")),
            (400, Some(131_048), retry("meta-131048")),
            (401, Some(190), retry("meta-190")),
            (400, None, refused("meta-http-400")),
            (429, None, retry("meta-http-429")),
            (500, None, retry("meta-http-500")),
            (500, Some(99), retry("meta-http-500")),
            (502, None, retry("meta-http-502")),
        ];
        for (status, code, expected) in cases {
            let body = code.map_or(Value::Null, |code| {
                json!({"error": {
                    "message": format!("(#{code}) …"), "type": "OAuthException", "code": code,
                    "error_data": {"messaging_product": "whatsapp", "details": "…"}, "fbtrace_id": "Az8or2yhqkZfEZ",
                }})
            });
            let server = Carrier::always(Answer::json(status, body)).await;
            assert_eq!(hand_over(&server.url, &stub::code_message("012345")).await, expected, "{status} {code:?}");
        }
    }

    #[tokio::test]
    async fn a_server_that_hangs_or_is_not_there_is_tried_again() {
        let server = Carrier::always(Answer::Hang).await;
        assert_eq!(hand_over(&server.url, &stub::code_message("012345")).await, Err(Failure::retry("timeout")));
        assert_eq!(hand_over(&stub::nobody(), &stub::code_message("012345")).await, Err(Failure::retry("unreachable")));
    }
}
