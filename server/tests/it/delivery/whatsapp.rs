//! WhatsApp: when SMS follows by itself, and when the page is told instead.

use super::{CODE, PHONE, World, both, meta_error, pairs};
use crate::support::carrier::{Answer, Carrier};
use portaria::message::{Channel, Content};
use serde_json::json;
use server::delivery::CarrierSettings;
use time::Duration;

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

    // no SMS to follow with: told as well
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
