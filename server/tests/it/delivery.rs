//! The worker, against carriers on this machine: at least once, never too late, and by SMS where WhatsApp fails.

#![expect(clippy::expect_used, reason = "a test that cannot set its scene fails")]

mod afterwards;
mod carriers;
mod codes;
mod killed;
mod ladder;
mod odd_reports;
mod orders;
mod reminders;
mod spending;
mod table;
mod waiting;
mod whatsapp;
mod worker;

use crate::support;
use crate::support::carrier::{Answer, Carrier};
use portaria::message::{CODE_HAND_OVER_LIMIT, Channel, Content};
use portaria::purpose::{CodeFor, Purpose};
use serde_json::{Value, json};
use server::clock::Clock;
use server::config::{Secret, Twilio, WhatsApp};
use server::db::outbox::{self, NewMessage};
use server::delivery::worker::DeliveryWorker;
use server::delivery::{CarrierSettings, Carriers};
use server::seal::Sealer;
use sqlx::PgPool;
use std::collections::BTreeMap;
use std::sync::Arc;
use time::{Duration, OffsetDateTime};
use url::Url;
use uuid::Uuid;

const PHONE: &str = "+5511987654321";
const CODE: &str = "012345";
const LIFETIME: Duration = Duration::minutes(5);

impl Carrier {
    async fn accepting() -> Self {
        Self::start(|n| Answer::json(201, json!({"sid": format!("SM{n}")}))).await
    }

    fn asked(&self) -> usize {
        self.requests().len()
    }

    /// The form fields of each request.
    fn texts(&self) -> Vec<BTreeMap<String, String>> {
        self.requests().iter().map(|it| url::form_urlencoded::parse(&it.body).into_owned().collect()).collect()
    }

    fn twilio(&self) -> Twilio {
        Twilio { account_sid: "AC1".into(), auth_token: Secret::new("t".into()), from: "+15005550006".into(), base_url: self.url.clone() }
    }

    fn whatsapp(&self) -> WhatsApp {
        WhatsApp { token: Secret::new("t".into()), phone_number_id: "1".into(), template: "codigo".into(), base_url: self.url.clone() }
    }
}

/// A database, a stopped clock, and the rows that the services would write.
struct World {
    pool: PgPool,
    sealer: Sealer,
    clock: Clock,
}

impl World {
    async fn new() -> Self {
        let start = OffsetDateTime::from_unix_timestamp(1_795_000_000).expect("an instant");
        Self { pool: support::database().await, sealer: support::sealer(), clock: Clock::manual(start) }
    }

    fn worker(&self, settings: CarrierSettings) -> DeliveryWorker {
        let carriers = Arc::new(Carriers::new(settings).expect("usable settings"));
        let public_url = Url::parse("https://portaria.example/").expect("a URL");
        DeliveryWorker::new(self.pool.clone(), self.sealer.clone(), self.clock.clone(), carriers, public_url)
    }

    async fn verification(&self, purpose: impl Into<Purpose>, channel: Channel, chosen: bool) -> Uuid {
        let id = Uuid::new_v4();
        sqlx::query(
            "insert into verifications (id, purpose, destination_index, channel, channel_chosen, secret_hash, secret_sealed, lifetime, asked_at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(id)
        .bind(purpose.into().facts().name)
        .bind(b"destination".as_slice())
        .bind(channel.as_str())
        .bind(chosen)
        .bind(id.as_bytes().as_slice())
        .bind(self.sealer.seal_in(CODE.as_bytes(), "verifications.secret", &id))
        .bind(LIFETIME)
        .bind(self.clock.now())
        .execute(&self.pool)
        .await
        .expect("a verification");
        id
    }

    async fn enqueue(&self, channel: Channel, recipient: &str, content: &Content, verification_id: Option<Uuid>) {
        let now = self.clock.now();
        let message = NewMessage { channel, recipient, content, verification_id, account: None, drop_at: now + CODE_HAND_OVER_LIMIT };
        let mut conn = self.pool.acquire().await.expect("a connection");
        outbox::enqueue(&mut conn, &self.sealer, now, &message).await.expect("a message");
    }

    async fn send_code(&self, verification: Uuid, channel: Channel) {
        let content = Content::Secret { purpose: CodeFor::SignupPhone.into(), name: Some("João".into()), asked: None, in_use: false };
        self.enqueue(channel, PHONE, &content, Some(verification)).await;
    }

    /// A code, asked for now.
    async fn code(&self, channel: Channel, chosen: bool) -> Uuid {
        let id = self.verification(CodeFor::SignupPhone, channel, chosen).await;
        self.send_code(id, channel).await;
        id
    }

    async fn set(&self, verification: Uuid, column: &'static str) {
        let statement = match column {
            "spent_at" => "update verifications set spent_at = $2 where id = $1",
            "dead_at" => "update verifications set dead_at = $2 where id = $1",
            "channel_chosen" => "update verifications set channel_chosen = true, channel = 'sms' where id = $1 and $2 is not null",
            other => panic!("{other}"),
        };
        sqlx::query(statement).bind(verification).bind(self.clock.now()).execute(&self.pool).await.expect("an update");
    }

    async fn proof(&self, id: Uuid) -> Proof {
        sqlx::query_as("select channel, handed_at, expires_at, undeliverable_at, secret_sealed from verifications where id = $1")
            .bind(id)
            .fetch_one(&self.pool)
            .await
            .expect("a verification")
    }

    /// Channel, status, attempts and last error of every message, in the order in which they were written.
    async fn messages(&self) -> Vec<(String, String, i32, Option<String>)> {
        sqlx::query_as("select channel, status, attempts, last_error from outbox order by created_at, (channel = 'sms')")
            .fetch_all(&self.pool)
            .await
            .expect("the outbox")
    }

    async fn statuses(&self) -> Vec<(String, String)> {
        self.messages().await.into_iter().map(|(channel, status, ..)| (channel, status)).collect()
    }
}

#[derive(Debug, sqlx::FromRow)]
struct Proof {
    channel: String,
    handed_at: Option<OffsetDateTime>,
    expires_at: Option<OffsetDateTime>,
    undeliverable_at: Option<OffsetDateTime>,
    secret_sealed: Option<Vec<u8>>,
}

fn sms(stub: &Carrier) -> CarrierSettings {
    CarrierSettings { twilio: Some(stub.twilio()), ..CarrierSettings::default() }
}

fn both(stub: &Carrier, whatsapp: &Carrier) -> CarrierSettings {
    CarrierSettings { whatsapp: Some(whatsapp.whatsapp()), ..sms(stub) }
}

fn pairs<const N: usize>(expected: [(&str, &str); N]) -> Vec<(String, String)> {
    expected.map(|(channel, status)| (channel.to_owned(), status.to_owned())).to_vec()
}

fn meta_error(code: i64) -> Value {
    json!({"error": {"message": "…", "type": "OAuthException", "code": code, "fbtrace_id": "x"}})
}
