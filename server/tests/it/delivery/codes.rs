//! A code: when its clock starts, and when it is too late to send it.

use super::{LIFETIME, PHONE, World, pairs, sms};
use crate::support::carrier::{Answer, Carrier};
use portaria::message::Channel;
use serde_json::json;
use time::Duration;

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
