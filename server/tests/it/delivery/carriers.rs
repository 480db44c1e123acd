//! The product between two carriers.

use crate::support::TestApp;
use crate::support::carrier::{Answer, Carrier};
use crate::support::people::{EMAIL, PHONE, client};
use crate::support::reports::{APP_SECRET, AUTH_TOKEN, VERIFY_TOKEN};
use serde_json::json;
use time::Duration;

/// The product between two carriers, which usually take everything and number what they take.
pub(super) struct Carriers {
    pub app: TestApp,
    pub twilio: Carrier,
    pub meta: Carrier,
}

impl Carriers {
    pub async fn start(more: &[(&str, &str)]) -> Self {
        let twilio = Carrier::start(|n| Answer::json(201, json!({ "sid": format!("SM{n}") }))).await;
        let meta = Carrier::start(|n| {
            Answer::json(200, json!({ "messages": [{ "id": format!("wamid.{n}") }], "contacts": [{ "wa_id": "551187654321" }] }))
        })
        .await;
        Self::between(twilio, meta, more).await
    }

    pub async fn between(twilio: Carrier, meta: Carrier, more: &[(&str, &str)]) -> Self {
        let (sms, whatsapp) = (twilio.url.to_string(), meta.url.to_string());
        let settings = [
            ("TWILIO_ACCOUNT_SID", "AC1"),
            ("TWILIO_AUTH_TOKEN", AUTH_TOKEN),
            ("TWILIO_FROM", "+15005550006"),
            ("TWILIO_BASE_URL", sms.as_str()),
            ("WHATSAPP_TOKEN", "t"),
            ("WHATSAPP_PHONE_NUMBER_ID", "1"),
            ("WHATSAPP_TEMPLATE", "codigo"),
            ("WHATSAPP_BASE_URL", whatsapp.as_str()),
            ("WHATSAPP_VERIFY_TOKEN", VERIFY_TOKEN),
            ("WHATSAPP_APP_SECRET", APP_SECRET),
        ];
        let app = TestApp::start_with(&[settings.as_slice(), more].concat()).await;
        Self { app, twilio, meta }
    }

    pub async fn register(&self, phone: &str) {
        self.app.post("/api/auth/register/client", client(phone)).await.expect(202);
    }

    /// Registers a client who proves both the phone and an e-mail, and may ask for other codes by now.
    pub async fn become_client(&self) {
        let mut body = client(PHONE);
        body["email"] = EMAIL.into();
        self.app.post("/api/auth/register/client", body).await.expect(202);
        self.deliver().await;
        self.app.verify(PHONE, &self.codes().0).await.expect(201);
        self.app.open_link_to(EMAIL).await.expect(200);
        self.app.advance(Duration::hours(1));
    }

    pub async fn deliver(&self) {
        self.app.worker.deliver_due().await.expect("delivered");
    }

    pub async fn report(&self, id: &str, status: &str) {
        self.app.anonymous().meta_reports(APP_SECRET, id, status).await.expect(200);
    }

    /// How many messages each carrier was asked to take: WhatsApp, SMS.
    pub fn asked(&self) -> (usize, usize) {
        (self.meta.requests().len(), self.twilio.requests().len())
    }

    /// The code of the newest message by WhatsApp, and that of the newest SMS.
    pub fn codes(&self) -> (String, String) {
        let whatsapp: serde_json::Value = serde_json::from_slice(&self.meta.requests().last().expect("a message").body).expect("JSON");
        let sms = self.twilio.texts().pop().map(|text| text["Body"].clone()).unwrap_or_default();
        let code = whatsapp["template"]["components"][0]["parameters"][0]["text"].as_str().expect("a code").to_owned();
        (code, sms.rsplit('#').next().unwrap_or_default().to_owned())
    }

    /// The code of the newest message by WhatsApp.
    pub fn codes_by_whatsapp(&self) -> String {
        self.codes().0
    }

    pub async fn states(&self) -> Vec<String> {
        let states = "select channel || ' ' || status || ' ' || coalesce(reported, '-') from outbox order by created_at, channel desc";
        sqlx::query_scalar(states).fetch_all(&self.app.pool).await.expect("the outbox")
    }
}
