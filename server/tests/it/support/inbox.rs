//! The messages that were sent, and whether the test has read them.
//!
//! A test that leaves a message unread fails at its end, because the product sent something that the test does not mention. A message
//! counts as read when the test fetches it ([`TestApp::messages_to`] and the methods based on it) or expects it
//! ([`TestApp::expect_message`]). A test that is not about messages calls [`TestApp::ignore_messages`].

use super::{SECRET, TestApp};
use axum::body::Body;
use axum::http::Request;
use portaria::message::Channel;
use serde_json::Value;
use server::clock::Clock;
use server::db::keys;
use server::delivery::dev_outbox::{self, DevOutbox};
use server::delivery::worker::DeliveryWorker;
use server::delivery::{CarrierSettings, Carriers};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, PgConnection};
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use tower::ServiceExt;
use url::Url;

#[derive(Debug, Default)]
pub(super) struct Inbox {
    read: Mutex<HashSet<String>>,
    ignored: AtomicBool,
}

impl Inbox {
    fn has_read(&self, id: &str) -> bool {
        self.read.lock().expect("no panic holds it").contains(id)
    }

    fn read<'a>(&self, messages: impl IntoIterator<Item = &'a Value>) {
        let ids = messages.into_iter().map(id_of);
        self.read.lock().expect("no panic holds it").extend(ids);
    }
}

fn id_of(message: &Value) -> String {
    message["id"].as_str().expect("an id").to_owned()
}

impl TestApp {
    /// Delivers due messages and returns all messages so far, newest first. Does not mark them as read.
    async fn captured(&self) -> Vec<Value> {
        self.worker.deliver_due().await.expect("delivered");
        let answer = self.get("/dev/outbox.json").await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json().as_array().expect("a list").clone()
    }

    /// Delivers due messages and returns all messages so far, newest first. Marks them as read.
    pub async fn messages(&self) -> Vec<Value> {
        let messages = self.captured().await;
        self.inbox.read(&messages);
        messages
    }

    pub async fn messages_to(&self, to: &str) -> Vec<Value> {
        let messages: Vec<_> = self.captured().await.into_iter().filter(|message| message["to"] == to).collect();
        self.inbox.read(&messages);
        messages
    }

    pub async fn newest_to(&self, to: &str) -> Value {
        self.messages_to(to).await.into_iter().next().unwrap_or_else(|| panic!("nothing to {to}"))
    }

    pub async fn email_to(&self, to: &str) -> Value {
        let is_mail = |message: &Value| message["channel"] == Channel::Email.as_str();
        self.messages_to(to).await.into_iter().find(is_mail).unwrap_or_else(|| panic!("no e-mail to {to}"))
    }

    /// Returns all codes sent to a contact, newest first.
    pub async fn codes_to(&self, to: &str) -> Vec<String> {
        self.messages_to(to).await.iter().filter(|message| message["code"].is_string()).map(code_in).collect()
    }

    /// Returns the newest code sent to a contact. Codes that were sent at the same time of the test's clock are in no defined order.
    pub async fn code_to(&self, to: &str) -> String {
        self.codes_to(to).await.into_iter().next().unwrap_or_else(|| panic!("no code to {to}"))
    }

    /// Returns the tokens of all links to this page that were sent to a contact, newest first.
    pub async fn tokens_to(&self, to: &str, page: &str) -> Vec<String> {
        let links = self.messages_to(to).await.into_iter().filter(|message| message["link"].is_string());
        let start = format!("{page}?token=");
        links.filter_map(|message| Some(link_in(&message).strip_prefix(&start)?.to_owned())).collect()
    }

    /// Returns the token of the newest verification link.
    pub async fn token_to(&self, email: &str) -> String {
        // Other paths are left out, because notices contain links too.
        self.tokens_to(email, "/verify").await.into_iter().next().unwrap_or_else(|| panic!("no link to {email}"))
    }

    /// Expects exactly one unread message to a contact with these words in its subject or text, and marks it as read.
    pub async fn expect_message(&self, to: &str, words: &str) {
        let unread: Vec<_> = self.captured().await.into_iter().filter(|it| it["to"] == to && !self.inbox.has_read(&id_of(it))).collect();
        let has = |message: &&Value| ["subject", "body"].iter().any(|part| message[part].as_str().is_some_and(|it| it.contains(words)));
        let found: Vec<_> = unread.iter().filter(has).collect();
        assert_eq!(found.len(), 1, "{words:?} to {to}: {unread:#?}");
        self.inbox.read(found);
    }

    /// Allows this test to leave messages unread, because it is not about them.
    pub fn ignore_messages(&self) {
        self.inbox.ignored.store(true, Ordering::Relaxed);
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        // A failing test already says why. Of several nodes only the last one checks.
        if std::thread::panicking() || Arc::strong_count(&self.inbox) > 1 || self.inbox.ignored.load(Ordering::Relaxed) {
            return;
        }
        let (database, clock, inbox) = (PgConnectOptions::clone(&self.pool.connect_options()), self.clock.clone(), self.inbox.clone());
        let looked = std::thread::spawn(move || {
            // The runtime of the test is blocked meanwhile, so its connections cannot be used here.
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(unread(&database, clock, &inbox))
        });
        let unread = looked.join().expect("the messages can be looked at");
        assert!(unread.is_empty(), "this test leaves messages unread (see support/inbox.rs):\n{}", unread.join("\n"));
    }
}

/// Returns one line per unread message, delivered or still queued.
async fn unread(database: &PgConnectOptions, clock: Clock, inbox: &Inbox) -> Vec<String> {
    let mut conn = PgConnection::connect_with(database).await.expect("the database");
    let waiting: i64 =
        sqlx::query_scalar("select count(*) from outbox where status = 'queued'").fetch_one(&mut conn).await.expect("a count");
    let ids: Vec<String> = sqlx::query_scalar("select id::text from captured_messages").fetch_all(&mut conn).await.expect("the ids");
    if waiting == 0 && ids.iter().all(|id| inbox.has_read(id)) {
        return Vec::new();
    }
    let pool = PgPoolOptions::new().max_connections(4).connect_with(database.clone()).await.expect("a pool");
    let sealer = keys::load(&pool, &SECRET, clock.now()).await.expect("the keys");
    let carriers = Carriers::new(CarrierSettings { capture: true, ..CarrierSettings::default() }).expect("carriers");
    let public_url = Url::parse("http://127.0.0.1/").expect("a URL");
    DeliveryWorker::new(pool.clone(), sealer.clone(), clock, Arc::new(carriers), public_url).deliver_due().await.expect("delivered");
    let router = dev_outbox::router(DevOutbox { pool, sealer, stylesheets: Vec::new() });
    let request = Request::get("/dev/outbox.json").header("host", "127.0.0.1").body(Body::empty()).expect("a request");
    let answer = router.oneshot(request).await.expect("an answer");
    let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await.expect("a body");
    let messages: Vec<Value> = serde_json::from_slice(&body).expect("JSON");
    let unread = messages.iter().filter(|message| !inbox.has_read(&id_of(message)));
    unread.map(|it| format!("{} to {}: {} {}", it["channel"], it["to"], it["subject"], it["body"])).collect()
}

pub fn code_in(message: &Value) -> String {
    message["code"].as_str().unwrap_or_else(|| panic!("no code in {message}")).to_owned()
}

/// Returns the link in a message, without its origin.
pub fn link_in(message: &Value) -> String {
    let link = message["link"].as_str().unwrap_or_else(|| panic!("no link in {message}"));
    let url = url::Url::parse(link).expect("a link");
    url[url::Position::BeforePath..].to_owned()
}
