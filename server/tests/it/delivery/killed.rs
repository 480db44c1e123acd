//! A node that is killed between any two steps of the ladder: another goes on, and the code climbs once.
//!
//! A step is what commits: whoever dies within a transaction leaves nothing of it. So a node is cut off before and after each of them.

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
use std::collections::BTreeSet;
use std::sync::Arc;
use time::Duration;
use url::Url;

const PATIENCE: Duration = Duration::seconds(20);

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

/// After how many statements something of it may have been committed, and just before.
fn steps(executed: &[String]) -> BTreeSet<usize> {
    let (mut steps, mut within) = (BTreeSet::new(), false);
    for (before, statement) in executed.iter().enumerate() {
        let is_commit = statement.eq_ignore_ascii_case("commit");
        if is_commit || (!within && ["update ", "insert "].iter().any(|it| statement.contains(it))) {
            steps.extend([before, before + 1]);
        }
        within = !is_commit && (within || statement.eq_ignore_ascii_case("begin"));
    }
    steps
}

struct Stage {
    world: World,
    meta: Carrier,
    twilio: Carrier,
    carriers: Arc<Carriers>,
}

impl Stage {
    async fn set() -> Self {
        let meta = Carrier::start(|n| Answer::json(200, json!({ "messages": [{ "id": format!("wamid.{n}") }] }))).await;
        let twilio = Carrier::accepting().await;
        let carriers = Arc::new(Carriers::new(both(&twilio, &meta)).expect("usable settings"));
        Self { world: World::new().await, meta, twilio, carriers }
    }

    fn asked(&self) -> (usize, usize) {
        (self.meta.asked(), self.twilio.asked())
    }

    async fn handed(&self, channel: &str) -> usize {
        self.world.statuses().await.into_iter().filter(|it| *it == (channel.to_owned(), "handed".to_owned())).count()
    }

    /// A node does its part until it has asked so many statements, and another goes on. Returns what the first one asked.
    async fn play(&self, why: Why, cut_after: Option<usize>) -> Vec<String> {
        let (world, before) = (&self.world, self.asked());
        let code = world.code(Channel::WhatsApp, false).await;
        let (wire, pool) = Wire::laid_to(&world.pool).await;
        wire.executed();
        if let Some(statements) = cut_after {
            wire.cut_after(statements, &pool);
        }
        Node::reaching(world, &pool, &self.carriers).climb(world, &format!("wamid.{}", before.0), why).await;
        let executed = wire.executed();
        let context = format!("{why:?}, killed after {cut_after:?} statements: {:?}", executed.last());
        // What a carrier had taken when its node died, without a trace of it here, goes to it once more.
        let taken = self.asked();
        let lost = (taken.0 - before.0 - self.handed("whatsapp").await, taken.1 - before.1 - self.handed("sms").await);
        assert!(lost.0 + lost.1 <= usize::from(wire.is_cut()), "{context}: {lost:?}");

        // Another node goes on, once the dead one's leases are over. The carrier repeats its report, as it does where no answer came.
        let other = Node::reaching(world, &world.pool, &self.carriers);
        world.clock.advance(LEASE);
        for _ in 0..3 {
            other.worker.deliver_due().await.expect("delivered");
            for sent in (before.0..self.asked().0).filter(|_| why == Why::Failed) {
                other.ladder.take(Channel::WhatsApp, &format!("wamid.{sent}"), Report::Failed, None).await.expect("taken");
            }
            other.worker.deliver_due().await.expect("delivered");
            world.clock.advance(PATIENCE);
        }
        assert_eq!(self.asked(), (before.0 + 1 + lost.0, before.1 + 1 + lost.1), "{context}");
        let messages = world.statuses().await;
        assert!(messages.len() == 2 && messages.iter().all(|(_, status)| status == "handed"), "{context}: {messages:?}");
        let text = self.twilio.texts().pop().expect("an SMS");
        assert!(text["Body"].ends_with(&format!("#{CODE}")), "the same live code, {context}: {text:?}");
        let proof = world.proof(code).await;
        assert!(proof.channel == "sms" && proof.expires_at.is_some() && proof.undeliverable_at.is_none(), "{context}: {proof:?}");
        sqlx::query("delete from outbox").execute(&world.pool).await.expect("emptied");
        executed
    }
}

async fn killed_at_each_step(why: Why) {
    let stage = Stage::set().await;
    let executed = stage.play(why, None).await;
    let steps = steps(&executed);
    assert!(executed.len() > 20 && steps.len() > 12, "{steps:?} of {executed:#?}");
    for statements in steps {
        stage.play(why, Some(statements)).await;
    }
}

#[tokio::test]
async fn killed_between_any_two_steps_while_a_failed_message_is_followed() {
    killed_at_each_step(Why::Failed).await;
}

#[tokio::test]
async fn killed_between_any_two_steps_while_a_silence_is_followed() {
    killed_at_each_step(Why::Silence).await;
}
