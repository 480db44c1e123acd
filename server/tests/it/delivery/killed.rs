//! A node that is killed between any two statements of the ladder: another goes on, and the code climbs once.

use super::{CODE, World, both};
use crate::support::Wire;
use crate::support::carrier::{Answer, Carrier};
use portaria::message::{Channel, Report};
use serde_json::json;
use server::db::outbox::LEASE;
use server::delivery::Carriers;
use server::delivery::ladder::Ladder;
use server::delivery::worker::DeliveryWorker;
use sqlx::PgPool;
use std::sync::Arc;
use time::Duration;
use url::Url;

const PATIENCE: Duration = Duration::seconds(20);
/// More statements than the ladder has.
const MANY: usize = 200;

/// Why the code climbs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    Failed,
    Silence,
}

/// What of a node delivers, and hears of it.
struct Node {
    worker: DeliveryWorker,
    ladder: Arc<Ladder>,
}

impl Node {
    fn reaching(world: &World, pool: &PgPool, carriers: &Arc<Carriers>) -> Self {
        let ladder = Ladder::new(pool.clone(), world.sealer.clone(), world.clock.clone(), carriers).hearing(vec![Channel::WhatsApp]);
        let ladder = Arc::new(ladder);
        let public_url = Url::parse("https://portaria.example/").expect("a URL");
        let worker = DeliveryWorker::new(pool.clone(), world.sealer.clone(), world.clock.clone(), carriers.clone(), public_url);
        Self { worker: worker.climbing(ladder.clone()), ladder }
    }

    /// Hands over, hears why the code climbs, and hands over again, as far as it comes: who is killed answers nobody.
    async fn climb(&self, world: &World, whatsapp: &str, why: Why) {
        let _ = self.worker.deliver_due().await;
        match why {
            Why::Failed => drop(self.ladder.take(Channel::WhatsApp, whatsapp, Report::Failed, None).await),
            Why::Silence => world.clock.advance(PATIENCE),
        }
        let _ = self.worker.deliver_due().await;
    }
}

/// Kills a node after each statement in turn. Returns how many there were.
async fn killed_after_each(why: Why) -> usize {
    let world = World::new().await;
    let meta = Carrier::start(|n| Answer::json(200, json!({ "messages": [{ "id": format!("wamid.{n}") }] }))).await;
    let twilio = Carrier::accepting().await;
    let carriers = Arc::new(Carriers::new(both(&twilio, &meta)).expect("usable settings"));
    let asked = || (meta.asked(), twilio.asked());
    let handed = async |channel: &str| world.statuses().await.into_iter().filter(|it| *it == (channel.into(), "handed".into())).count();
    let other = Node::reaching(&world, &world.pool, &carriers);
    for statements in 0..MANY {
        let (before, code) = (asked(), world.code(Channel::WhatsApp, false).await);
        let (wire, pool) = Wire::laid_to(&world.pool).await;
        wire.cut_after(statements, &pool);
        Node::reaching(&world, &pool, &carriers).climb(&world, &format!("wamid.{}", before.0), why).await;
        let is_dead = wire.is_cut();
        let context = format!("{why:?}, killed after {statements} statements: {:?}", wire.executed().last());
        // What a carrier had taken when its node died, without a trace of it here, goes to it once more.
        let lost = (asked().0 - before.0 - handed("whatsapp").await, asked().1 - before.1 - handed("sms").await);
        assert!(lost.0 + lost.1 <= 1, "{context}: {lost:?}");

        // Another node goes on, once the dead one's leases are over. The carrier repeats its report, as it does where no answer came.
        world.clock.advance(LEASE);
        for _ in 0..3 {
            other.worker.deliver_due().await.expect("delivered");
            for sent in (before.0..asked().0).filter(|_| why == Why::Failed) {
                other.ladder.take(Channel::WhatsApp, &format!("wamid.{sent}"), Report::Failed, None).await.expect("taken");
            }
            other.worker.deliver_due().await.expect("delivered");
            world.clock.advance(PATIENCE);
        }
        assert_eq!(asked(), (before.0 + 1 + lost.0, before.1 + 1 + lost.1), "{context}");
        let messages = world.statuses().await;
        assert!(messages.len() == 2 && messages.iter().all(|(_, status)| status == "handed"), "{context}: {messages:?}");
        let text = twilio.texts().pop().expect("an SMS");
        assert!(text["Body"].ends_with(&format!("#{CODE}")), "the same live code, {context}: {text:?}");
        let proof = world.proof(code).await;
        assert!(proof.channel == "sms" && proof.expires_at.is_some() && proof.undeliverable_at.is_none(), "{context}: {proof:?}");
        sqlx::query("delete from outbox").execute(&world.pool).await.expect("emptied");
        if !is_dead {
            return statements;
        }
    }
    panic!("{MANY} statements were not enough")
}

#[tokio::test]
async fn killed_between_any_two_statements_while_a_failed_message_is_followed() {
    let statements = killed_after_each(Why::Failed).await;
    assert!(statements > 20, "{statements}");
}

#[tokio::test]
async fn killed_between_any_two_statements_while_a_silence_is_followed() {
    let statements = killed_after_each(Why::Silence).await;
    assert!(statements > 20, "{statements}");
}
