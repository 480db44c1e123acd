//! Many nodes, many webhooks: nothing twice, and nobody waits for another.

use super::{Answer, Carrier, answering, entry};
use crate::support::TestApp;
use crate::support::people::{EMAIL, OTHER_PHONE, PHONE};
use portaria::account_event::AccountEvent;
use serde_json::json;
use server::delivery::lanes::{self, Bells};
use std::collections::BTreeSet;
use std::sync::Arc;
use time::Duration;
use tokio::sync::{Notify, oneshot};

#[tokio::test]
async fn two_nodes_send_each_event_once() {
    let receiver = answering(&[200]).await;
    let app = TestApp::telling(&receiver).await;
    let other = app.second_node().await;
    app.proved_client(PHONE).await;
    app.proved_client(OTHER_PHONE).await;
    app.proved_teacher(EMAIL).await;
    let (one, two) = tokio::join!(app.tell(), other.tell());
    // What one had claimed was no more to be had for the other, which may have ended before.
    let rest = app.tell().await;
    assert_eq!(one + two + rest, 9);
    let ids: BTreeSet<_> = receiver.ids().into_iter().collect();
    assert_eq!((receiver.requests().len(), ids.len()), (9, 9));
}

#[tokio::test]
async fn what_a_dead_node_had_claimed_goes_again_when_its_lease_ends() {
    let arrived = Arc::new(Notify::new());
    let bell = Arc::clone(&arrived);
    let receiver = Carrier::start(move |before| {
        bell.notify_one();
        if before == 0 { Answer::Hang } else { Answer::json(200, json!({})) }
    })
    .await;
    let app = TestApp::telling(&receiver).await;
    app.pending(EMAIL).await;
    let doomed = Arc::clone(app.webhooks.as_ref().expect("a webhook"));
    let task = tokio::spawn(async move { doomed.deliver_due().await });
    arrived.notified().await;
    task.abort();
    assert!(task.await.is_err(), "killed while the receiver had the event");
    app.advance(Duration::seconds(29));
    assert_eq!(app.tell().await, 0, "it still belongs to the other");
    app.advance(Duration::seconds(1));
    assert_eq!(app.tell().await, 1);
    let ids = receiver.ids();
    assert_eq!(ids[0], ids[1]);
}

#[tokio::test]
async fn a_failing_event_holds_up_the_later_ones_of_its_account_and_no_others() {
    let receiver = Carrier::start(|before| Answer::json(if before == 0 { 500 } else { 200 }, json!({}))).await;
    let app = TestApp::telling(&receiver).await;
    app.proved_client(PHONE).await;
    app.tell().await;
    assert_eq!(receiver.types(), ["account.created"]);
    app.proved_client(OTHER_PHONE).await;
    assert_eq!(app.tell().await, 3, "those of the other account");
    app.advance(Duration::seconds(30));
    assert_eq!(app.tell().await, 3);
    assert_eq!(receiver.types()[4..], ["account.created", "account.proved", "account.completed"]);
}

#[tokio::test]
async fn a_receiver_that_hangs_holds_up_neither_another_nor_messages() {
    let hanging = Carrier::always(Answer::Hang).await;
    let arrived = Arc::new(Notify::new());
    let bell = Arc::clone(&arrived);
    let quick = Carrier::start(move |_| {
        bell.notify_one();
        Answer::json(200, json!({}))
    })
    .await;
    let file = entry(&hanging.url, AccountEvent::ALL) + &entry(&quick.url, &[AccountEvent::Created]);
    let app = TestApp::start_with_file(&file).await;
    for n in 0..10 {
        app.pending_teacher(&format!("ana{n}@example.com")).await;
    }
    let before = quick.requests().len();
    let (bells, (stop, stopped)) = (Arc::new(Bells::default()), oneshot::channel::<()>());
    let lanes = app.worker.lanes().into_iter().chain(app.webhooks.as_ref().expect("some").lanes()).collect();
    let running = tokio::spawn(lanes::run(lanes, app.clock.clone(), Arc::clone(&bells), async move { drop(stopped.await) }));
    tokio::time::timeout(std::time::Duration::from_secs(3), arrived.notified()).await.expect("told, while the other hangs");
    assert_eq!(before, 0);
    let sent = async {
        while app.count("select count(*) from outbox where status = 'handed'").await < 10 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(3), sent).await.expect("the mails, while the other hangs");
    stop.send(()).expect("it is running");
    running.abort();
    assert_eq!(app.messages().await.len(), 10);
}
