//! SMS by the Twilio Messages API (docs/standards.md#carriers).

use super::{Accepted, CarrierError, CarrierTimeouts, Failure, Outgoing, web};
use crate::config::Twilio;
use reqwest::Client;
use reqwest::StatusCode;
use url::Url;

/// Twilio's bounds of `ValidityPeriod`, in seconds.
const VALIDITY: (i64, i64) = (1, 36_000);

#[derive(Debug)]
pub(crate) struct Sms {
    client: Client,
    messages: Url,
    reports: Option<Url>,
    settings: Twilio,
}

impl Sms {
    /// `reports`: where Twilio is to report what becomes of each message.
    pub(super) fn new(settings: Twilio, reports: Option<Url>, timeouts: CarrierTimeouts) -> Result<Self, CarrierError> {
        let messages = web::under(&settings.base_url, &["2010-04-01", "Accounts", &settings.account_sid, "Messages.json"]);
        Ok(Self { client: web::client(timeouts)?, messages, reports, settings })
    }

    pub(super) async fn hand_over(&self, message: &Outgoing<'_>) -> Result<Accepted, Failure> {
        // So a carrier that holds the message back drops it when the code has expired.
        let validity = message.valid_for.whole_seconds().clamp(VALIDITY.0, VALIDITY.1).to_string();
        let mut form = vec![
            ("To", message.recipient),
            ("From", self.settings.from.as_str()),
            ("Body", message.rendered.sms.as_str()),
            ("ValidityPeriod", validity.as_str()),
        ];
        form.extend(self.reports.as_ref().map(|url| ("StatusCallback", url.as_str())));
        let request = self
            .client
            .post(self.messages.clone())
            .basic_auth(&self.settings.account_sid, Some(self.settings.auth_token.expose()))
            .form(&form);
        let response = request.send().await.map_err(web::lost)?;
        let status = response.status();
        let body = web::json(response).await;
        if status.is_success() {
            return Ok(Accepted { provider_id: body["sid"].as_str().map(str::to_owned), wa_id: None });
        }
        Err(judge(status, body["code"].as_u64()))
    }

    /// Asks Twilio for our account.
    pub(super) async fn try_out(&self) -> Result<(), Failure> {
        let sid = &self.settings.account_sid;
        let account = web::under(&self.settings.base_url, &["2010-04-01", "Accounts", &format!("{sid}.json")]);
        let request = self.client.get(account).basic_auth(sid, Some(self.settings.auth_token.expose()));
        let response = request.send().await.map_err(web::lost)?;
        let status = response.status();
        let body = web::json(response).await;
        if !status.is_success() {
            return Err(judge(status, body["code"].as_u64()));
        }
        match (body["sid"].as_str(), body["status"].as_str()) {
            (Some(told), Some("active")) if told == sid => Ok(()),
            (Some(told), Some("suspended")) if told == sid => Err(Failure::refused("twilio-suspended")),
            (Some(told), Some("closed")) if told == sid => Err(Failure::refused("twilio-closed")),
            _ => Err(Failure::refused("twilio-foreign")),
        }
    }
}

/// Twilio's own code tells more than the status.
fn judge(status: StatusCode, code: Option<u64>) -> Failure {
    let Some(number) = code else { return web::by_status("twilio", status) };
    let code = format!("twilio-{number}");
    match number {
        // Too many messages, or Twilio's queue is full.
        20_429 | 30_001 | 63_018 => Failure::retry(code),
        // Our credentials are wrong.
        20_003 => Failure::retry(code).loud(),
        // No such account; a country that is switched off; our number cannot send; a trial account sends only to verified numbers.
        20_404 | 21_408 | 21_606 | 21_608 => Failure::refused(code).loud(),
        _ if status.is_client_error() && !matches!(status.as_u16(), 401 | 403 | 408 | 429) => Failure::refused(code),
        _ => web::by_status("twilio", status),
    }
}

#[cfg(test)]
mod tests {
    use super::super::stub::{self, Answer, Carrier};
    use super::*;
    use crate::config::Secret;
    use axum::http::Method;
    use base64::Engine;
    use serde_json::json;
    use std::collections::BTreeMap;
    use std::time::Duration;
    use time::OffsetDateTime;

    fn sms(base: &Url) -> Sms {
        let settings = Twilio {
            account_sid: "AC00000000000000000000000000000001".into(),
            auth_token: Secret::new("a-token".into()),
            from: "+15005550006".into(),
            base_url: base.clone(),
        };
        Sms::new(settings, None, CarrierTimeouts { connect: Duration::from_millis(500), overall: Duration::from_millis(500) })
            .expect("a client")
    }

    async fn hand_over(base: &Url, valid_for: time::Duration) -> Result<Accepted, Failure> {
        let rendered = stub::code_message("012345");
        sms(base)
            .hand_over(&Outgoing {
                id: crate::entropy::uuid(),
                recipient: "+5511987654321",
                rendered: &rendered,
                valid_for,
                now: OffsetDateTime::UNIX_EPOCH,
            })
            .await
    }

    fn accepted() -> Answer {
        // As in the vendor's reference.
        Answer::json(
            201,
            json!({
                "account_sid": "AC00000000000000000000000000000001", "api_version": "2010-04-01", "body": "…",
                "date_created": "Thu, 24 Aug 2023 05:01:45 +0000", "date_sent": null, "date_updated": "Thu, 24 Aug 2023 05:01:45 +0000",
                "direction": "outbound-api", "error_code": null, "error_message": null, "from": "+15005550006",
                "messaging_service_sid": null, "num_media": "0", "num_segments": "1", "price": null, "price_unit": null,
                "sid": "SM0123456789abcdef0123456789abcdef", "status": "queued", "subresource_uris": {}, "to": "+5511987654321",
                "uri": "/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages/SM0123456789abcdef0123456789abcdef.json"
            }),
        )
    }

    #[tokio::test]
    async fn a_message_goes_exactly_as_twilio_wants_it() {
        let server = Carrier::always(accepted()).await;
        let handed = hand_over(&server.url, time::Duration::seconds(299)).await;
        assert_eq!(handed, Ok(Accepted { provider_id: Some("SM0123456789abcdef0123456789abcdef".into()), wa_id: None }));

        let request = server.only_request();
        assert_eq!(request.method, Method::POST);
        assert_eq!(request.path, "/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages.json");
        let expected = base64::engine::general_purpose::STANDARD.encode("AC00000000000000000000000000000001:a-token");
        assert_eq!(request.header("authorization"), format!("Basic {expected}"));
        assert_eq!(request.header("content-type"), "application/x-www-form-urlencoded");
        let fields: BTreeMap<String, String> = url::form_urlencoded::parse(&request.body).into_owned().collect();
        assert_eq!(
            fields,
            BTreeMap::from(
                [
                    ("To", "+5511987654321"),
                    ("From", "+15005550006"),
                    (
                        "Body",
                        "Portaria: seu codigo para criar sua conta e 012345. Vale por 5 min. Nao compartilhe.\n\n@portaria.example #012345"
                    ),
                    ("ValidityPeriod", "299"),
                ]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
            )
        );
    }

    #[tokio::test]
    async fn the_validity_stays_within_what_twilio_allows() {
        for (valid_for, expected) in [(time::Duration::days(3), "36000"), (time::Duration::milliseconds(5), "1")] {
            let server = Carrier::always(accepted()).await;
            hand_over(&server.url, valid_for).await.expect("accepted");
            let fields: BTreeMap<String, String> = url::form_urlencoded::parse(&server.only_request().body).into_owned().collect();
            assert_eq!(fields["ValidityPeriod"], expected);
        }
    }

    #[tokio::test]
    async fn a_base_url_with_a_path_keeps_it() {
        let server = Carrier::always(accepted()).await;
        for base in ["proxy", "proxy/"] {
            hand_over(&server.url.join(base).expect("a URL"), time::Duration::minutes(5)).await.expect("accepted");
        }
        for request in server.requests() {
            assert_eq!(request.path, "/proxy/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages.json");
        }
    }

    #[tokio::test]
    async fn what_cannot_be_sent_is_refused_and_what_may_pass_later_is_tried_again() {
        let refused = |code: &str| Err(Failure::refused(code));
        let retry = |code: &str| Err(Failure::retry(code));
        let cases = [
            (400, Some(21_211), refused("twilio-21211")),
            (400, Some(21_606), refused("twilio-21606")),
            (400, Some(21_608), refused("twilio-21608")),
            (400, Some(21_610), refused("twilio-21610")),
            (400, Some(21_612), refused("twilio-21612")),
            (400, Some(21_614), refused("twilio-21614")),
            (400, None, refused("twilio-http-400")),
            (404, Some(20_404), refused("twilio-20404")),
            (429, Some(20_429), retry("twilio-20429")),
            (429, None, retry("twilio-http-429")),
            (401, Some(20_003), retry("twilio-20003")),
            (401, None, retry("twilio-http-401")),
            (408, None, retry("twilio-http-408")),
            (500, None, retry("twilio-http-500")),
            (503, Some(99_999), retry("twilio-http-503")),
            (307, None, retry("twilio-http-307")),
        ];
        for (status, code, expected) in cases {
            let body = code.map_or_else(
                || json!("not what the reference says"),
                |code| json!({"code": code, "message": "…", "more_info": "https://www.twilio.com/docs/errors", "status": status}),
            );
            let server = Carrier::always(Answer::json(status, body)).await;
            assert_eq!(hand_over(&server.url, time::Duration::minutes(5)).await, expected, "{status} {code:?}");
            assert_eq!(server.requests().len(), 1, "no redirect is followed");
        }
    }

    #[tokio::test]
    async fn a_server_that_hangs_or_is_not_there_is_tried_again() {
        let server = Carrier::always(Answer::Hang).await;
        assert_eq!(hand_over(&server.url, time::Duration::minutes(5)).await, Err(Failure::retry("timeout")));
        assert_eq!(hand_over(&stub::nobody(), time::Duration::minutes(5)).await, Err(Failure::retry("unreachable")));
    }

    #[test]
    fn the_password_cannot_be_printed() {
        let shown = format!("{:?}", sms(&Url::parse("http://127.0.0.1:1").expect("a URL")));
        assert!(!shown.contains("a-token"), "{shown}");
    }
}
