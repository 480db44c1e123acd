//! What remains of a message: in development all of it, elsewhere what the sweeps leave.

use super::{CODE, LIFETIME, PHONE, World, sms};
use crate::support::carrier::Carrier;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use portaria::message::{Channel, Content};
use portaria::purpose::{CodeFor, LinkFor};
use serde_json::{Value, json};
use server::delivery::CarrierSettings;
use server::delivery::dev_outbox::{self, DevOutbox};
use server::janitor;
use time::Duration;
use tower::ServiceExt;
use uuid::Uuid;

#[tokio::test]
async fn development_shows_what_would_have_left() {
    let world = World::new().await;
    let worker = world.worker(CarrierSettings { capture: true, ..CarrierSettings::default() });
    world.code(Channel::WhatsApp, false).await;
    worker.deliver_due().await.expect("a pass");
    world.clock.advance(Duration::seconds(1));
    let link = world.verification(LinkFor::EmailProof, Channel::Email, false).await;
    let name = Some("<script>alert(1)</script>".to_owned());
    world
        .enqueue(
            Channel::Email,
            "joao@example.com",
            &Content::Secret { purpose: LinkFor::EmailProof.into(), name, asked: None, in_use: false },
            Some(link),
        )
        .await;
    worker.deliver_due().await.expect("a pass");

    let state = DevOutbox { pool: world.pool.clone(), sealer: world.sealer.clone(), stylesheets: vec!["/pkg/portaria.css".into()] };
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
    assert!(!page.contains("http-equiv=\"refresh\""), "it takes new messages in by itself");
    assert_eq!(page.matches("<script").count(), 1, "{page}");
    assert!(page.contains("<script src=\"/dev/outbox.js\" defer></script>"), "{page}");
    let id = listed[0]["id"].as_str().expect("an id");
    let mail = String::from_utf8(get(&format!("/dev/outbox/{id}/mail")).await.to_vec()).expect("UTF-8");
    assert!(mail.contains("href=\"https://portaria.example/verify?token=012345\"") && mail.contains("<base target=\"_blank\">"));

    let sealed: Vec<u8> = sqlx::query_scalar("select sealed from captured_messages limit 1").fetch_one(&world.pool).await.expect("a row");
    assert!(!sealed.windows(CODE.len()).any(|window| window == CODE.as_bytes()), "sealed even here");
}

#[tokio::test]
async fn the_janitor_wipes_and_forgets_and_leaves_the_rest() {
    let world = World::new().await;
    let stub = Carrier::accepting().await;
    let sweep = async || janitor::sweep(&world.pool, &[], world.clock.now()).await.expect("a sweep");
    let live = world.code(Channel::Sms, false).await;
    world.worker(sms(&stub)).deliver_due().await.expect("a pass");
    let (waiting, spent, dead) = (
        world.verification(CodeFor::SignupPhone, Channel::Sms, false).await,
        world.verification(CodeFor::SignupPhone, Channel::Sms, false).await,
        world.verification(LinkFor::EmailProof, Channel::Email, false).await,
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
