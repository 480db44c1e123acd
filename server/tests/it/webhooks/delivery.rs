//! Retries, the end of them, and sending again.

use super::{Answer, Carrier, answering, entry, header};
use crate::support::TestApp;
use crate::support::people::{EMAIL, PHONE};
use portaria::account_event::AccountEvent;
use serde_json::json;
use server::janitor;
use server::services::webhooks::{self, NotReplayed};
use std::io::{Read as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use time::Duration;
use url::Url;
use uuid::Uuid;

#[tokio::test]
async fn a_receiver_that_is_down_for_an_hour_loses_nothing_and_hears_each_account_in_order() {
    let up = Arc::new(AtomicBool::new(false));
    let open = Arc::clone(&up);
    let receiver = Carrier::start(move |_| Answer::json(if open.load(Ordering::SeqCst) { 200 } else { 503 }, json!({}))).await;
    let app = TestApp::telling(&receiver).await;
    app.proved_client(PHONE).await;
    app.proved_teacher(EMAIL).await;
    app.tell_for(60, Duration::minutes(1)).await;
    let in_vain = receiver.requests().len();
    assert!((2..40).contains(&in_vain), "{in_vain} tries in an hour");
    up.store(true, Ordering::SeqCst);
    app.tell_for(80, Duration::minutes(1)).await;
    let rows = app.deliveries().await;
    assert!(rows.len() == 6 && rows.iter().all(|(status, _, error)| status == "delivered" && error.is_none()), "{rows:?}");
    let after: Vec<_> = receiver.requests().split_off(in_vain);
    assert_eq!(after.len(), 6, "each once");
    for kind in ["cliente", "professor"] {
        let told: Vec<_> = after.iter().map(super::told).filter(|it| it["data"]["kind"] == kind).map(|it| it["type"].clone()).collect();
        assert_eq!(told, ["account.created", "account.proved", "account.completed"]);
    }
}

#[tokio::test]
async fn the_first_retry_comes_after_five_to_thirty_seconds_with_the_same_id_and_a_new_instant() {
    let receiver = answering(&[500, 200]).await;
    let app = TestApp::telling(&receiver).await;
    app.pending(EMAIL).await;
    assert_eq!(app.tell().await, 0);
    app.advance(Duration::seconds(5));
    assert_eq!(app.tell().await, 0, "not yet");
    assert_eq!(receiver.requests().len(), 1);
    app.advance(Duration::seconds(25));
    assert_eq!(app.tell().await, 1);
    let ids = receiver.ids();
    assert!(ids.len() == 2 && ids[0] == ids[1]);
    let requests = receiver.requests();
    let at: Vec<i64> = requests.iter().map(|it| header(it, "webhook-timestamp").parse().expect("seconds")).collect();
    assert_eq!((at[1] - at[0], &requests[0].body), (30, &requests[1].body));
    assert_ne!(header(&requests[0], "webhook-signature"), header(&requests[1], "webhook-signature"));
}

#[tokio::test]
async fn after_a_day_of_tries_it_has_failed_and_is_replayed_with_the_same_id() {
    let receiver = answering(&[500]).await;
    let app = TestApp::telling(&receiver).await;
    app.pending(EMAIL).await;
    app.tell_for(23, Duration::hours(1)).await;
    assert_eq!(app.deliveries().await[0].0, "queued");
    app.tell_for(2, Duration::hours(1)).await;
    let (status, tries, error) = app.deliveries().await.remove(0);
    assert_eq!((status.as_str(), error.as_deref()), ("failed", Some("http-500")));
    assert!((15..30).contains(&tries), "{tries}");
    app.advance(Duration::hours(2));
    assert_eq!((app.tell().await, receiver.requests().len()), (0, usize::try_from(tries).expect("few")));

    let id: Uuid = receiver.ids()[0].parse().expect("an id");
    let host = webhooks::replay(&app.pool, app.now(), &app.told, id).await.expect("replayed");
    assert_eq!(host, receiver.url.authority());
    assert_eq!(app.count("select count(*) from audit where event = 'webhook_replayed' and account_id is not null").await, 1);
    app.tell().await;
    assert_eq!(receiver.ids().last(), Some(&id.to_string()));
    assert_eq!(app.deliveries().await[0], ("queued".into(), 1, Some("http-500".into())), "a day of tries of its own");
}

#[tokio::test]
async fn what_was_delivered_can_be_replayed_and_what_is_unknown_or_no_longer_configured_says_so() {
    let receiver = answering(&[200]).await;
    let app = TestApp::telling(&receiver).await;
    app.pending(EMAIL).await;
    app.tell().await;
    let id: Uuid = receiver.ids()[0].parse().expect("an id");
    webhooks::replay(&app.pool, app.now(), &app.told, id).await.expect("replayed");
    assert_eq!(app.tell().await, 1);
    assert_eq!(receiver.ids(), [id.to_string(), id.to_string()]);
    let unknown = webhooks::replay(&app.pool, app.now(), &app.told, Uuid::nil()).await.expect_err("none");
    assert!(matches!(unknown, NotReplayed::Unknown(_)) && unknown.to_string().contains("portaria webhooks list"));
    let elsewhere = webhooks::replay(&app.pool, app.now(), &[], id).await.expect_err("not configured");
    assert!(matches!(elsewhere, NotReplayed::NotConfigured(_)));
    assert_eq!(app.deliveries().await[0].0, "delivered", "nothing changed");
}

#[tokio::test]
async fn gone_ends_it_at_once_and_a_redirect_is_not_followed() {
    let gone = answering(&[410]).await;
    let app = TestApp::telling(&gone).await;
    app.pending(EMAIL).await;
    app.tell().await;
    assert_eq!(app.deliveries().await, [("failed".into(), 1, Some("http-410".into()))]);

    let moved = answering(&[307]).await;
    let app = TestApp::telling(&moved).await;
    app.pending(EMAIL).await;
    app.tell().await;
    assert_eq!(app.deliveries().await, [("queued".into(), 1, Some("http-307".into()))]);
    assert_eq!(moved.requests().iter().map(|it| it.path.clone()).collect::<Vec<_>>(), ["/"]);
}

#[tokio::test]
async fn an_answer_without_an_end_is_not_waited_for() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = Url::parse(&format!("http://{}", listener.local_addr().expect("an address"))).expect("a URL");
    let endless = std::thread::spawn(move || {
        let (mut peer, _) = listener.accept().expect("a request");
        peer.read_exact(&mut [0; 64]).expect("its beginning");
        peer.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 9000000000\r\n\r\n").expect("the head");
        let (mut sent, piece) = (0_usize, vec![b'x'; 65536]);
        while peer.write_all(&piece).is_ok() {
            sent += piece.len();
        }
        sent
    });
    let app = TestApp::start_with_file(&entry(&url, &[AccountEvent::Created])).await;
    app.pending(EMAIL).await;
    let started = std::time::Instant::now();
    assert_eq!(app.tell().await, 1);
    assert!(started.elapsed() < std::time::Duration::from_secs(5));
    let sent = tokio::task::spawn_blocking(|| endless.join().expect("it ended")).await.expect("it ended");
    assert!(sent < 64 << 20, "{sent} bytes were taken");
}

#[tokio::test]
async fn what_waits_for_a_webhook_that_left_the_settings_ends_after_a_day() {
    let receiver = answering(&[200]).await;
    let app = TestApp::telling(&receiver).await;
    app.pending(EMAIL).await;
    app.advance(Duration::hours(23));
    janitor::sweep(&app.pool, &[], app.now()).await.expect("swept");
    assert_eq!(app.deliveries().await[0].0, "queued", "another node may still know it");
    app.advance(Duration::hours(1));
    janitor::sweep(&app.pool, &app.told, app.now()).await.expect("swept");
    assert_eq!(app.deliveries().await[0].0, "queued");
    janitor::sweep(&app.pool, &[], app.now()).await.expect("swept");
    assert_eq!(app.deliveries().await, [("failed".into(), 0, Some("not-configured".into()))]);
    app.advance(Duration::days(31));
    janitor::sweep(&app.pool, &[], app.now()).await.expect("swept");
    assert!(app.deliveries().await.is_empty(), "kept for thirty days");
}
