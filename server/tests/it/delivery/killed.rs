//! A node that is killed between any two statements of the ladder: another goes on, and the code climbs once.

use super::ladder::Carriers;
use crate::support::TestApp;
use crate::support::people::client;
use crate::support::reports::APP_SECRET;
use serde_json::json;
use server::db::outbox::LEASE;
use time::Duration;

const PATIENCE: Duration = Duration::seconds(20);
/// More statements than the ladder has.
const MANY: usize = 200;

/// Why the code climbs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    Failed,
    Silence,
}

/// Hands over, hears why the code climbs, and hands over again, as far as a node comes. Returns whether the carrier was told that its
/// report was taken.
async fn climb(node: &TestApp, whatsapp: &str, why: Why) -> bool {
    // Who is killed returns nothing to anybody.
    let _ = node.worker.deliver_due().await;
    let taken = match why {
        Why::Failed => node.anonymous().meta_reports(APP_SECRET, whatsapp, "failed").await.status == 200,
        Why::Silence => {
            node.advance(PATIENCE);
            true
        }
    };
    let _ = node.worker.deliver_due().await;
    taken
}

/// Kills a node after each statement in turn. Returns how many there were.
async fn killed_after_each(why: Why) -> usize {
    let it = Carriers::start(&[("TRUSTED_PROXIES", "127.0.0.1"), ("UNPROVED_BUDGET", "100000")]).await;
    for statements in 0..MANY {
        let (phone, address) = (format!("+55119{:08}", 30_000_000 + statements), format!("10.1.0.{statements}"));
        let person = it.app.anonymous().header("x-forwarded-for", &address);
        person.post("/api/auth/register/client", client(&phone)).await.expect(202);
        let before = it.asked();
        let (doomed, wire) = it.app.node_by_wire().await;
        wire.cut_after(statements);
        let taken = climb(&doomed, &format!("wamid.{}", before.0), why).await;
        let is_dead = wire.is_cut();
        drop(doomed);
        let context = format!("{why:?}, killed after {statements} statements: {:?}", wire.executed().last());
        // What a carrier had taken when its node died, without a trace of it here, goes to it once more.
        let whatsapps = it.app.count("select count(*) from outbox where status = 'handed' and channel = 'whatsapp'").await;
        let texts = it.app.count("select count(*) from outbox where status = 'handed' and channel = 'sms'").await;
        let untraced = |taken: usize, traces: i64| taken - usize::try_from(traces).expect("a count");
        let lost = (untraced(it.asked().0 - before.0, whatsapps), untraced(it.asked().1 - before.1, texts));

        // Another node goes on, once the dead one's leases are over. A carrier repeats a report that was not taken.
        it.app.advance(LEASE);
        for _ in 0..3 {
            it.deliver().await;
            for sent in (before.0..it.asked().0).filter(|_| why == Why::Failed && !taken) {
                it.report(&format!("wamid.{sent}"), "failed").await;
            }
            it.deliver().await;
            it.app.advance(PATIENCE);
        }
        let (codes, asked) = (it.codes(), it.asked());
        assert_eq!((asked.0, asked.1), (before.0 + 1 + lost.0, before.1 + 1 + lost.1), "{context}");
        assert_eq!(codes.0, codes.1, "the same live code, {context}");
        person.post("/api/auth/phone/verify", json!({ "phone": phone, "code": codes.1 })).await.expect(201);
        assert_eq!(it.app.count("select count(*) from outbox where status = 'queued'").await, 0, "{context}");
        sqlx::query("delete from outbox").execute(&it.app.pool).await.expect("emptied");
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
