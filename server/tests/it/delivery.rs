//! The worker, against carriers on this machine: at least once, never too late, and by SMS where WhatsApp fails.

#![expect(clippy::expect_used, reason = "a test that cannot set its scene fails")]

use crate::support;
use crate::support::carrier::{Answer, Carrier};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use portaria::message::{CODE_HAND_OVER_LIMIT, Channel, Content, Purpose};
use serde_json::{Value, json};
use server::clock::Clock;
use server::config::{Secret, Smtp, Twilio, WhatsApp};
use server::db::outbox::{self, NewMessage};
use server::delivery::dev_outbox::{self, DevOutbox};
use server::delivery::worker::DeliveryWorker;
use server::delivery::{CarrierSettings, CarrierTimeouts, Carriers};
use server::janitor;
use server::seal::Sealer;
use sqlx::PgPool;
use std::collections::BTreeMap;
use std::sync::Arc;
use time::{Duration, OffsetDateTime};
use tokio::sync::{Notify, oneshot};
use tower::ServiceExt;
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

    async fn verification(&self, purpose: Purpose, channel: Channel, chosen: bool) -> Uuid {
        let id = Uuid::new_v4();
        sqlx::query(
            "insert into verifications (id, purpose, destination_index, channel, channel_chosen, secret_hash, secret_sealed, lifetime, asked_at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(id)
        .bind(purpose.as_str())
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
        let message = NewMessage { channel, recipient, content, verification_id, drop_at: now + CODE_HAND_OVER_LIMIT };
        let mut conn = self.pool.acquire().await.expect("a connection");
        outbox::enqueue(&mut conn, &self.sealer, now, &message).await.expect("a message");
    }

    async fn send_code(&self, verification: Uuid, channel: Channel) {
        let content = Content::Secret { purpose: Purpose::SignupPhone, name: Some("João".into()), asked: None };
        self.enqueue(channel, PHONE, &content, Some(verification)).await;
    }

    /// A code, asked for now.
    async fn code(&self, channel: Channel, chosen: bool) -> Uuid {
        let id = self.verification(Purpose::SignupPhone, channel, chosen).await;
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

#[tokio::test]
async fn the_clock_of_a_code_starts_when_its_carrier_has_accepted_it() {
    let world = World::new().await;
    let clock = world.clock.clone();
    let stub = Carrier::start(move |_| {
        clock.advance(Duration::seconds(7));
        Answer::json(201, json!({"sid": "SM1"}))
    })
    .await;
    let id = world.code(Channel::Sms, false).await;
    world.clock.advance(Duration::seconds(90));
    assert_eq!(world.worker(sms(&stub)).deliver_due().await.expect("a pass"), 1);

    let proof = world.proof(id).await;
    let now = world.clock.now();
    assert_eq!((proof.handed_at, proof.expires_at), (Some(now), Some(now + LIFETIME)));
    assert!(proof.secret_sealed.is_some(), "a resend needs it");
    let text = &stub.texts()[0];
    assert_eq!(text["To"], PHONE);
    assert_eq!(
        text["Body"],
        "Portaria: seu codigo para criar sua conta e 012345. Vale por 5 min. Nao compartilhe.\n\n@portaria.example #012345"
    );
    assert_eq!(text["ValidityPeriod"], "300");
    let (status, provider, rest): (String, Option<String>, i32) =
        sqlx::query_as("select status, provider_id, length(recipient) + length(content) from outbox")
            .fetch_one(&world.pool)
            .await
            .expect("the message");
    assert_eq!((status.as_str(), provider.as_deref(), rest), ("handed", Some("SM1"), 0), "nobody's number stays behind");
    assert_eq!(world.worker(sms(&stub)).deliver_due().await.expect("a pass"), 0);
    assert_eq!(stub.asked(), 1);
}

#[tokio::test]
async fn a_resend_of_a_live_code_does_not_move_its_end() {
    let world = World::new().await;
    let stub = Carrier::accepting().await;
    let id = world.code(Channel::Sms, false).await;
    let worker = world.worker(sms(&stub));
    worker.deliver_due().await.expect("a pass");
    let first = world.proof(id).await;
    world.clock.advance(Duration::seconds(60));
    world.send_code(id, Channel::Sms).await;
    assert_eq!(worker.deliver_due().await.expect("a pass"), 1);
    let second = world.proof(id).await;
    assert_eq!((second.handed_at, second.expires_at), (first.handed_at, first.expires_at));
    let text = &stub.texts()[1];
    assert!(text["Body"].starts_with("Portaria: seu codigo para criar sua conta e 012345. Vale por 4 min."), "{text:?}");
    assert_eq!(text["ValidityPeriod"], "240", "the same code, for what remains of it");
}

#[tokio::test]
async fn a_worker_that_dies_loses_nothing() {
    let world = World::new().await;
    let arrived = Arc::new(Notify::new());
    let bell = Arc::clone(&arrived);
    let stub = Carrier::start(move |before| {
        bell.notify_one();
        if before > 0 { Answer::json(201, json!({"sid": "SM2"})) } else { Answer::Hang }
    })
    .await;
    let id = world.code(Channel::Sms, false).await;
    let doomed = world.worker(sms(&stub));
    let task = tokio::spawn(async move { doomed.deliver_due().await });
    arrived.notified().await;
    task.abort();
    assert!(task.await.is_err(), "killed while the carrier had the message");

    let survivor = world.worker(sms(&stub));
    world.clock.advance(outbox::LEASE - Duration::seconds(1));
    assert_eq!(survivor.deliver_due().await.expect("a pass"), 0, "it still belongs to the other");
    world.clock.advance(Duration::seconds(1));
    assert_eq!(survivor.deliver_due().await.expect("a pass"), 1);
    assert_eq!(stub.asked(), 2);
    assert_eq!(world.proof(id).await.handed_at, Some(world.clock.now()));
}

#[tokio::test]
async fn two_workers_deliver_each_message_once() {
    let world = World::new().await;
    let stub = Carrier::accepting().await;
    let mut expected = Vec::new();
    for n in 0..40 {
        let recipient = format!("+55119876543{n:02}");
        let content = Content::AlreadyRegistered { name: "Ana".into() };
        world.enqueue(Channel::Sms, &recipient, &content, None).await;
        expected.push(recipient);
    }
    let (one, other) = (world.worker(sms(&stub)), world.worker(sms(&stub)));
    let (one, other) = tokio::join!(one.deliver_due(), other.deliver_due());
    assert_eq!(one.expect("a pass") + other.expect("a pass"), 40);
    let mut sent: Vec<String> = stub.texts().into_iter().map(|mut text| text.remove("To").expect("a recipient")).collect();
    sent.sort();
    assert_eq!(sent, expected);
}

#[tokio::test]
async fn a_code_that_cannot_be_entered_any_more_is_never_sent() {
    let world = World::new().await;
    let stub = Carrier::accepting().await;
    let worker = world.worker(sms(&stub));
    let spent = world.code(Channel::Sms, false).await;
    world.set(spent, "spent_at").await;
    let dead = world.code(Channel::Sms, false).await;
    world.set(dead, "dead_at").await;
    assert_eq!(worker.deliver_due().await.expect("a pass"), 0);
    assert_eq!(world.statuses().await, pairs([("sms", "dropped"), ("sms", "dropped")]));
    for id in [spent, dead] {
        assert_eq!(world.proof(id).await.undeliverable_at, None, "nobody waits for it");
    }

    let lapsed = world.code(Channel::Sms, false).await;
    assert_eq!(worker.deliver_due().await.expect("a pass"), 1);
    world.clock.advance(LIFETIME - Duration::seconds(1));
    world.send_code(lapsed, Channel::Sms).await;
    world.clock.advance(Duration::seconds(1));
    assert_eq!(worker.deliver_due().await.expect("a pass"), 0);
    assert_eq!(stub.asked(), 1, "the resend came too late");
}

#[tokio::test]
async fn a_code_is_dropped_ten_minutes_after_it_was_asked_for_and_the_page_is_told() {
    let world = World::new().await;
    let stub = Carrier::always(Answer::json(503, json!({}))).await;
    let worker = world.worker(sms(&stub));
    let id = world.code(Channel::Sms, false).await;
    let mut tries = Vec::new();
    for second in 0..=600 {
        let before = stub.asked();
        assert_eq!(worker.deliver_due().await.expect("a pass"), 0);
        if stub.asked() > before {
            tries.push(second);
            let code = world.messages().await.remove(0).3;
            assert_eq!(code.as_deref(), Some("twilio-http-503"));
        }
        if second < 600 {
            assert_eq!(world.proof(id).await.undeliverable_at, None);
            world.clock.advance(Duration::seconds(1));
        }
    }
    assert_eq!(tries, [0, 1, 3, 7, 15, 31, 63, 123, 183, 243, 303, 363, 423, 483, 543], "twice the wait each time, at most a minute");
    assert_eq!(world.statuses().await, pairs([("sms", "dropped")]));
    assert_eq!(world.proof(id).await.undeliverable_at, Some(world.clock.now()));
}

#[tokio::test]
async fn what_is_refused_is_told_and_not_tried_again() {
    let world = World::new().await;
    let stub = Carrier::always(Answer::json(400, json!({"code": 21614, "message": "…", "status": 400}))).await;
    let worker = world.worker(sms(&stub));
    let id = world.code(Channel::Sms, true).await;
    worker.deliver_due().await.expect("a pass");
    world.clock.advance(Duration::minutes(2));
    worker.deliver_due().await.expect("a pass");
    assert_eq!(stub.asked(), 1);
    assert_eq!(world.messages().await, [("sms".into(), "refused".into(), 1, Some("twilio-21614".into()))]);
    assert!(world.proof(id).await.undeliverable_at.is_some());
}

#[tokio::test]
async fn production_without_a_carrier_says_so() {
    let world = World::new().await;
    let id = world.code(Channel::Sms, false).await;
    assert_eq!(world.worker(CarrierSettings::default()).deliver_due().await.expect("a pass"), 0);
    assert_eq!(world.messages().await[0].3.as_deref(), Some("no-carrier"));
    assert!(world.proof(id).await.undeliverable_at.is_some());
}

#[tokio::test]
async fn sms_follows_by_itself_when_the_system_chose_whatsapp() {
    let world = World::new().await;
    let (stub, meta) = (Carrier::accepting().await, Carrier::always(Answer::json(400, meta_error(131_026))).await);
    let id = world.code(Channel::WhatsApp, false).await;
    assert_eq!(world.worker(both(&stub, &meta)).deliver_due().await.expect("a pass"), 1);
    assert_eq!((meta.asked(), stub.asked()), (1, 1));
    assert!(stub.texts()[0]["Body"].contains(CODE), "the same code");
    assert_eq!(world.statuses().await, pairs([("whatsapp", "refused"), ("sms", "handed")]));
    let proof = world.proof(id).await;
    assert_eq!(proof.channel, "sms");
    assert_eq!((proof.handed_at, proof.undeliverable_at), (Some(world.clock.now()), None));
}

#[tokio::test]
async fn sms_follows_after_two_retries_of_whatsapp() {
    let world = World::new().await;
    let (stub, meta) = (Carrier::accepting().await, Carrier::always(Answer::json(500, json!({}))).await);
    let worker = world.worker(both(&stub, &meta));
    world.code(Channel::WhatsApp, false).await;
    for _ in 0..10 {
        worker.deliver_due().await.expect("a pass");
        world.clock.advance(Duration::seconds(1));
    }
    assert_eq!((meta.asked(), stub.asked()), (3, 1));
}

#[tokio::test]
async fn the_page_is_told_when_the_person_chose_whatsapp_and_no_sms_follows() {
    let world = World::new().await;
    let (stub, meta) = (Carrier::accepting().await, Carrier::always(Answer::json(400, meta_error(131_026))).await);
    let id = world.code(Channel::WhatsApp, true).await;
    assert_eq!(world.worker(both(&stub, &meta)).deliver_due().await.expect("a pass"), 0);
    assert_eq!(stub.asked(), 0);
    let proof = world.proof(id).await;
    assert_eq!((proof.channel.as_str(), proof.undeliverable_at), ("whatsapp", Some(world.clock.now())));

    // Without a carrier for SMS the page is told as well.
    let alone = CarrierSettings { whatsapp: Some(meta.whatsapp()), ..CarrierSettings::default() };
    let id = world.code(Channel::WhatsApp, false).await;
    world.worker(alone).deliver_due().await.expect("a pass");
    assert!(world.proof(id).await.undeliverable_at.is_some());
}

#[tokio::test]
async fn whatsapp_that_was_chosen_is_tried_on_and_may_still_arrive() {
    let world = World::new().await;
    let stub = Carrier::accepting().await;
    let meta =
        Carrier::start(
            |before| {
                if before < 4 { Answer::json(503, json!({})) } else { Answer::json(200, json!({"messages": [{"id": "wamid.1"}]})) }
            },
        )
        .await;
    let worker = world.worker(both(&stub, &meta));
    let id = world.code(Channel::WhatsApp, true).await;
    for _ in 0..4 {
        worker.deliver_due().await.expect("a pass");
        world.clock.advance(Duration::seconds(1));
    }
    assert!(world.proof(id).await.undeliverable_at.is_some(), "told after two retries");
    world.clock.advance(Duration::seconds(60));
    worker.deliver_due().await.expect("a pass");
    world.clock.advance(Duration::seconds(60));
    worker.deliver_due().await.expect("a pass");
    let proof = world.proof(id).await;
    assert_eq!(proof.undeliverable_at, None);
    assert!(proof.handed_at.is_some());
    assert_eq!(stub.asked(), 0);
}

#[tokio::test]
async fn whatsapp_that_fails_after_the_person_asked_for_sms_says_nothing() {
    let world = World::new().await;
    let (stub, meta) = (Carrier::accepting().await, Carrier::always(Answer::json(400, meta_error(131_026))).await);
    let id = world.code(Channel::WhatsApp, true).await;
    world.set(id, "channel_chosen").await;
    world.send_code(id, Channel::Sms).await;
    assert_eq!(world.worker(both(&stub, &meta)).deliver_due().await.expect("a pass"), 1);
    assert_eq!((stub.asked(), world.proof(id).await.undeliverable_at), (1, None));
}

#[tokio::test]
async fn what_is_no_code_goes_by_sms_instead_of_whatsapp() {
    let world = World::new().await;
    let (stub, meta) = (Carrier::accepting().await, Carrier::accepting().await);
    world.enqueue(Channel::WhatsApp, PHONE, &Content::AlreadyRegistered { name: "Ana".into() }, None).await;
    assert_eq!(world.worker(both(&stub, &meta)).deliver_due().await.expect("a pass"), 1);
    assert_eq!((meta.asked(), stub.asked()), (0, 1));
    assert!(stub.texts()[0]["Body"].contains("https://portaria.example/login"));
}

#[tokio::test]
async fn a_mail_server_that_hangs_holds_up_no_sms() {
    let world = World::new().await;
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let arrived = Arc::new(Notify::new());
    let bell = Arc::clone(&arrived);
    let stub = Carrier::start(move |n| {
        bell.notify_one();
        Answer::json(201, json!({"sid": format!("SM{n}")}))
    })
    .await;
    for n in 0..20 {
        let content = Content::AlreadyRegistered { name: "Ana".into() };
        world.enqueue(Channel::Email, &format!("ana{n}@example.com"), &content, None).await;
    }
    let smtp = Smtp {
        url: Secret::new(format!("smtp://{}", silent.local_addr().expect("an address"))),
        from: "Portaria <nao-responda@portaria.example>".parse().expect("a mailbox"),
    };
    let timeouts = CarrierTimeouts { connect: std::time::Duration::from_secs(4), overall: std::time::Duration::from_secs(4) };
    let worker = Arc::new(world.worker(CarrierSettings { smtp: Some(smtp), timeouts, ..sms(&stub) }));
    let (wake, (stop, stopped)) = (Arc::new(Notify::new()), oneshot::channel::<()>());
    let running = tokio::spawn(worker.run(Arc::clone(&wake), async move { drop(stopped.await) }));

    let started = std::time::Instant::now();
    world.code(Channel::Sms, false).await;
    wake.notify_one();
    tokio::time::timeout(std::time::Duration::from_secs(3), arrived.notified()).await.expect("the SMS, while every e-mail hangs");
    assert!(started.elapsed() < std::time::Duration::from_secs(3));
    stop.send(()).expect("it is running");
    running.await.expect("it ends what is under way and stops");
    assert!(world.statuses().await.contains(&("sms".into(), "handed".into())), "noted before it stopped");
}

#[tokio::test]
async fn a_message_that_this_node_cannot_open_waits_for_one_that_can() {
    let world = World::new().await;
    let stub = Carrier::accepting().await;
    world.code(Channel::Sms, false).await;
    let stranger = World { pool: world.pool.clone(), sealer: support::sealer(), clock: world.clock.clone() };
    assert_eq!(stranger.worker(sms(&stub)).deliver_due().await.expect("a pass"), 0);
    world.clock.advance(Duration::seconds(1));
    assert_eq!(world.worker(sms(&stub)).deliver_due().await.expect("a pass"), 1);
}

#[tokio::test]
async fn who_can_write_the_database_sends_nobodys_code_elsewhere() {
    let stub = Carrier::accepting().await;
    for swap in [
        "update outbox o set recipient = other.recipient from outbox other where other.id <> o.id",
        "update outbox o set verification_id = other.verification_id from outbox other where other.id <> o.id",
        "update verifications v set secret_sealed = other.secret_sealed from verifications other where other.id <> v.id",
    ] {
        let world = World::new().await;
        world.code(Channel::Sms, false).await;
        let id = world.verification(Purpose::LoginPhone, Channel::Sms, false).await;
        let content = Content::Secret { purpose: Purpose::LoginPhone, name: None, asked: None };
        world.enqueue(Channel::Sms, "+5521998877665", &content, Some(id)).await;
        sqlx::query(swap).execute(&world.pool).await.expect("swapped");
        assert_eq!(world.worker(sms(&stub)).deliver_due().await.expect("a pass"), 0, "{swap}");
        assert!(world.messages().await.iter().all(|(_, _, _, error)| error.as_deref() == Some("sealed")), "{swap}");
    }
    assert_eq!(stub.asked(), 0);
}

#[tokio::test]
async fn development_shows_what_would_have_left() {
    let world = World::new().await;
    let worker = world.worker(CarrierSettings { capture: true, ..CarrierSettings::default() });
    world.code(Channel::WhatsApp, false).await;
    worker.deliver_due().await.expect("a pass");
    world.clock.advance(Duration::seconds(1));
    let link = world.verification(Purpose::EmailLink, Channel::Email, false).await;
    let name = Some("<script>alert(1)</script>".to_owned());
    world
        .enqueue(Channel::Email, "joao@example.com", &Content::Secret { purpose: Purpose::EmailLink, name, asked: None }, Some(link))
        .await;
    worker.deliver_due().await.expect("a pass");

    let state = DevOutbox { pool: world.pool.clone(), sealer: world.sealer.clone(), stylesheet: Some("/pkg/portaria.css".into()) };
    let get = async |path: &str| {
        let request = Request::get(path).header("host", "127.0.0.1").body(Body::empty()).expect("a request");
        let response = dev_outbox::router(state.clone()).oneshot(request).await.expect("an answer");
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["cache-control"], "no-store");
        axum::body::to_bytes(response.into_body(), usize::MAX).await.expect("a body")
    };
    let listed: Vec<Value> = serde_json::from_slice(&get("/dev/outbox.json").await).expect("JSON");
    assert_eq!(listed.len(), 2);
    assert_eq!(listed[0]["channel"], "email", "newest first");
    assert_eq!(listed[0]["at"], "2026-11-18T11:06:41Z");
    assert_eq!(listed[0]["to"], "joao@example.com");
    assert_eq!(listed[0]["link"], "https://portaria.example/verify?token=012345");
    assert_eq!(listed[1]["channel"], "whatsapp");
    assert_eq!((&listed[1]["to"], &listed[1]["code"], &listed[1]["subject"]), (&json!(PHONE), &json!(CODE), &Value::Null));

    let page = String::from_utf8(get("/dev/outbox").await.to_vec()).expect("UTF-8");
    assert!(page.contains("href=\"https://portaria.example/verify?token=012345\""));
    assert!(page.contains("<meta http-equiv=\"refresh\" content=\"5\">"));
    assert!(!page.contains("<script"), "{page}");

    let sealed: Vec<u8> = sqlx::query_scalar("select sealed from captured_messages limit 1").fetch_one(&world.pool).await.expect("a row");
    assert!(!sealed.windows(CODE.len()).any(|window| window == CODE.as_bytes()), "sealed even here");
}

#[tokio::test]
async fn the_janitor_wipes_and_forgets_and_leaves_the_rest() {
    let world = World::new().await;
    let stub = Carrier::accepting().await;
    let sweep = async || janitor::sweep(&world.pool, world.clock.now()).await.expect("a sweep");
    let live = world.code(Channel::Sms, false).await;
    world.worker(sms(&stub)).deliver_due().await.expect("a pass");
    let (waiting, spent, dead) = (
        world.verification(Purpose::SignupPhone, Channel::Sms, false).await,
        world.verification(Purpose::SignupPhone, Channel::Sms, false).await,
        world.verification(Purpose::EmailLink, Channel::Email, false).await,
    );
    world.set(spent, "spent_at").await;
    world.set(dead, "dead_at").await;
    sqlx::query("insert into tallies (scope, key, forget_at) values ('a', '', $1), ('b', '', $2)")
        .bind(world.clock.now() - Duration::seconds(1))
        .bind(world.clock.now() + Duration::seconds(1))
        .execute(&world.pool)
        .await
        .expect("tallies");
    sqlx::query("insert into captured_messages (id, at, sealed) values ($1, $2, ''), ($3, $4, '')")
        .bind(Uuid::new_v4())
        .bind(world.clock.now() - Duration::hours(25))
        .bind(Uuid::new_v4())
        .bind(world.clock.now() - Duration::hours(23))
        .execute(&world.pool)
        .await
        .expect("captured messages");
    sqlx::query(
        "insert into signups (id, kind, draft_sealed, created_at, updated_at, expires_at) \
         values ($1, 'cliente', '', $3, $3, $3), ($2, 'cliente', '', $3, $3, $4)",
    )
    .bind(Uuid::new_v4())
    .bind(Uuid::new_v4())
    .bind(world.clock.now() - Duration::seconds(1))
    .bind(world.clock.now() + Duration::hours(1))
    .execute(&world.pool)
    .await
    .expect("sign-ups");
    let count = async |table: &'static str| -> i64 {
        let statement = match table {
            "tallies" => "select count(*) from tallies",
            "captured" => "select count(*) from captured_messages",
            "signups" => "select count(*) from signups",
            "outbox" => "select count(*) from outbox",
            _ => "select count(*) from verifications",
        };
        sqlx::query_scalar(statement).fetch_one(&world.pool).await.expect("a count")
    };

    sweep().await;
    for (id, kept) in [(live, true), (waiting, true), (spent, false), (dead, false)] {
        assert_eq!(world.proof(id).await.secret_sealed.is_some(), kept);
    }
    for table in ["tallies", "captured", "signups"] {
        assert_eq!(count(table).await, 1, "{table}");
    }

    world.clock.advance(LIFETIME);
    sweep().await;
    assert!(world.proof(live).await.secret_sealed.is_none(), "it lapsed");
    assert!(world.proof(waiting).await.secret_sealed.is_some(), "it can still be handed over, and entered");
    world.clock.advance(LIFETIME);
    sweep().await;
    assert!(world.proof(waiting).await.secret_sealed.is_none());

    assert_eq!((count("outbox").await, count("verifications").await), (1, 4));
    world.clock.advance(Duration::days(29));
    sweep().await;
    assert_eq!((count("outbox").await, count("verifications").await), (1, 4));
    world.clock.advance(Duration::days(2));
    sweep().await;
    assert_eq!((count("outbox").await, count("verifications").await), (0, 0));
}
