//! Webhooks: posts what happened to accounts, signed by Standard Webhooks 1.0 (SPEC §14, §17).
//!
//! Each webhook has its own lane. Anything but a 2xx is tried again, except 410 Gone. How it is posted: [`Teller`].

use super::Failure;
use super::lanes::{self, Bell, Delivery, Lane, Lanes};
use super::web::Teller;
use crate::clock::Clock;
use crate::config::Webhook;
use crate::db::webhooks::{self, Due};
use crate::entropy;
use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use portaria::account_event::retry_after;
use reqwest::header;
use serde::Serialize;
use sha2::Sha256;
use sqlx::PgPool;
use std::sync::Arc;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// What is posted. No personal values.
#[derive(Serialize)]
struct Payload<'a> {
    r#type: &'a str,
    timestamp: String,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    id: i64,
    kind: &'a str,
}

/// The body of an event, the same at every try.
fn body(due: &Due) -> String {
    let timestamp = due.happened_at.format(&Rfc3339).unwrap_or_default();
    let data = Data { id: due.happened.account, kind: due.happened.kind.as_str() };
    serde_json::to_string(&Payload { r#type: due.happened.event.as_str(), timestamp, data }).unwrap_or_default()
}

/// The signature of Standard Webhooks: HMAC-SHA256 over id, instant of the try and body.
#[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
fn sign(secret: &[u8], id: &str, sent_at: i64, body: &str) -> String {
    let mut mac = <Hmac<Sha256>>::new_from_slice(secret).expect("any key length");
    mac.update(format!("{id}.{sent_at}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[derive(Debug)]
pub struct WebhookWorker {
    pool: PgPool,
    clock: Clock,
    webhooks: Arc<[Webhook]>,
    teller: Teller,
}

impl WebhookWorker {
    pub fn new(pool: PgPool, clock: Clock, webhooks: Arc<[Webhook]>, teller: Teller) -> Self {
        Self { pool, clock, webhooks, teller }
    }

    /// One lane for each webhook.
    pub fn lanes(self: &Arc<Self>) -> Lanes {
        let lane = |nth| Arc::new(WebhookLane { worker: Arc::clone(self), nth }) as Arc<dyn Lane>;
        (0..self.webhooks.len()).map(lane).collect()
    }

    /// Delivers everything that is due now. Returns how many events the receivers accepted.
    pub async fn deliver_due(self: &Arc<Self>) -> Result<usize, sqlx::Error> {
        lanes::drain(&self.lanes(), &self.clock).await
    }

    /// Returns whether the receiver accepted the event.
    async fn deliver(&self, webhook: &Webhook, due: &Due) -> Result<bool, sqlx::Error> {
        let posted = self.post(webhook, due).await;
        let (now, event, host) = (self.clock.now(), due.happened.event.as_str(), webhook.host());
        let mut conn = self.pool.acquire().await?;
        match posted {
            Ok(()) => {
                webhooks::record_delivered(&mut conn, now, due).await?;
                tracing::info!(id = %due.id, event, host, attempts = due.attempts, "webhook delivered");
                return Ok(true);
            }
            Err(Failure::Retry { code }) if now < due.give_up_at => {
                tracing::warn!(id = %due.id, event, host, attempts = due.attempts, code, "webhook not delivered: to be tried again");
                let [jitter] = entropy::bytes();
                let next_try_at = (now + retry_after(due.attempts, jitter)).min(due.give_up_at);
                webhooks::reschedule(&mut conn, due, next_try_at, &code).await?;
            }
            Err(failure) => {
                let code = failure.code();
                tracing::error!(id = %due.id, event, host, attempts = due.attempts, code, "webhook given up: `portaria webhooks replay` sends it again");
                webhooks::record_failed(&mut conn, now, due, code).await?;
            }
        }
        Ok(false)
    }

    async fn post(&self, webhook: &Webhook, due: &Due) -> Result<(), Failure> {
        let (id, sent_at, body) = (due.id.to_string(), self.clock.now().unix_timestamp(), body(due));
        let request = self
            .teller
            .post(webhook.url())
            .header(header::CONTENT_TYPE, "application/json")
            .header("webhook-signature", sign(webhook.secret(), &id, sent_at, &body))
            .header("webhook-timestamp", sent_at)
            .header("webhook-id", id)
            .body(body);
        Teller::send(request).await
    }
}

/// The events of one webhook.
struct WebhookLane {
    worker: Arc<WebhookWorker>,
    nth: usize,
}

#[async_trait]
impl Lane for WebhookLane {
    fn bell(&self) -> Bell {
        Bell::Webhooks
    }

    /// The events of an account follow one another.
    fn is_ordered(&self) -> bool {
        true
    }

    async fn claim(&self, due_by: OffsetDateTime, limit: usize) -> Result<Vec<Delivery>, sqlx::Error> {
        let Self { worker, nth } = self;
        let mut conn = worker.pool.acquire().await?;
        let claimed = webhooks::lease(&mut conn, worker.clock.now(), due_by, &worker.webhooks[*nth], limit).await?;
        let deliver = |due: Due| {
            let (worker, nth) = (Arc::clone(worker), *nth);
            Box::pin(async move { worker.deliver(&worker.webhooks[nth], &due).await }) as Delivery
        };
        Ok(claimed.into_iter().map(deliver).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use portaria::account_event::AccountEvent;
    use portaria::journey::Kind;
    use time::Duration;

    /// Made by the reference library, `standardwebhooks` 1.1.1 of npm. `end2end/specs/webhooks.spec.ts` lets it verify what a server
    /// sends.
    #[test]
    fn body_and_signature_are_those_of_the_reference_library() {
        let happened_at = OffsetDateTime::from_unix_timestamp(1_795_953_600).expect("an instant") + Duration::milliseconds(500);
        let due = Due::of(AccountEvent::Created, 4_503_599_627_370_497, Kind::Cliente, happened_at);
        let body = body(&due);
        assert_eq!(
            body,
            r#"{"type":"account.created","timestamp":"2026-11-29T12:00:00.5Z","data":{"id":4503599627370497,"kind":"cliente"}}"#
        );
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("base64");
        let signature = sign(&secret, "5f0c6c9e-2f4e-4f3b-9d55-0b6a1f6f7e11", 1_795_953_600, &body);
        assert_eq!(signature, "v1,NlCpIGZT9xkfsqbzYt3ehEm7xL+AFRy3CP2OM4L9A4g=");
    }
}
