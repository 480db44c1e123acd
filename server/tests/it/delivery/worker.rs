//! The worker: it loses nothing, sends nothing twice, and one message holds up no other.

use super::{World, sms};
use crate::support;
use crate::support::carrier::{Answer, Carrier};
use portaria::message::{Channel, Content};
use portaria::purpose::CodeFor;
use serde_json::json;
use server::config::{Secret, Smtp};
use server::db::outbox;
use server::delivery::lanes::{self, Bell, Bells};
use server::delivery::{CarrierSettings, CarrierTimeouts};
use std::sync::Arc;
use time::Duration;
use tokio::sync::{Notify, oneshot};

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
    let worker = world.worker(CarrierSettings { smtp: Some(smtp), timeouts, ..sms(&stub) });
    let (bells, (stop, stopped)) = (Arc::new(Bells::default()), oneshot::channel::<()>());
    let running = tokio::spawn(lanes::run(worker.lanes(), world.clock.clone(), Arc::clone(&bells), async move { drop(stopped.await) }));

    let started = std::time::Instant::now();
    world.code(Channel::Sms, false).await;
    bells.ring(Bell::Messages(Channel::Sms));
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
        let id = world.verification(CodeFor::LoginPhone, Channel::Sms, false).await;
        let content = Content::Secret { purpose: CodeFor::LoginPhone.into(), name: None, asked: None, in_use: false };
        world.enqueue(Channel::Sms, "+5521998877665", &content, Some(id)).await;
        sqlx::query(swap).execute(&world.pool).await.expect("swapped");
        assert_eq!(world.worker(sms(&stub)).deliver_due().await.expect("a pass"), 0, "{swap}");
        assert!(world.messages().await.iter().all(|(_, _, _, error)| error.as_deref() == Some("sealed")), "{swap}");
    }
    assert_eq!(stub.asked(), 0);
}
