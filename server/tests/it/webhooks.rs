//! What webhooks are told (SPEC §14, §17), and how it gets there.

mod delivery;
mod events;
mod order;

use crate::support::TestApp;
use crate::support::carrier::{Answer, Carrier, Request};
use portaria::account_event::AccountEvent;
use serde_json::{Value, json};
use server::services::webhooks::{self, Filter};
use time::Duration;
use url::Url;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn entry(url: &Url, events: &[AccountEvent]) -> String {
    let events: Vec<_> = events.iter().map(|event| event.as_str()).collect();
    format!("[[webhooks]]\nurl = \"{url}\"\nsecret = \"{SECRET}\"\nevents = {events:?}\n")
}

/// A receiver that answers with these statuses, one after the other, the last one for ever.
async fn answering(statuses: &'static [u16]) -> Carrier {
    Carrier::start(|before| Answer::json(statuses[before.min(statuses.len() - 1)], json!({ "a": "body" }))).await
}

fn told(request: &Request) -> Value {
    serde_json::from_slice(&request.body).expect("JSON")
}

fn header<'a>(request: &'a Request, name: &str) -> &'a str {
    request.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

impl Carrier {
    /// The types of what it was told, in order.
    fn types(&self) -> Vec<String> {
        self.requests().iter().map(|it| told(it)["type"].as_str().expect("a type").to_owned()).collect()
    }

    /// The ids that it was told, in order.
    fn ids(&self) -> Vec<String> {
        self.requests().iter().map(|it| header(it, "webhook-id").to_owned()).collect()
    }
}

impl TestApp {
    /// Starts with one webhook that is told everything.
    async fn telling(receiver: &Carrier) -> Self {
        Self::start_with_file(&entry(&receiver.url, AccountEvent::ALL)).await
    }

    /// Registers a teacher who has not opened the link yet. The mail counts as read.
    async fn pending(&self, email: &str) {
        self.pending_teacher(email).await;
        self.messages().await;
    }

    /// Delivers what is due now. Returns how many events the receivers took.
    async fn tell(&self) -> usize {
        self.webhooks.as_ref().expect("a webhook").deliver_due().await.expect("a pass")
    }

    /// Tells what is due, and again after each of so many waits.
    async fn tell_for(&self, waits: usize, wait: Duration) {
        for _ in 0..waits {
            self.tell().await;
            self.advance(wait);
        }
        self.tell().await;
    }

    /// State, tries and last error of each event, the newest first.
    async fn deliveries(&self) -> Vec<(String, i32, Option<String>)> {
        let listed = webhooks::list(&self.pool, Filter { status: None, event: None, limit: 100 }).await.expect("a list");
        listed.into_iter().map(|it| (it.status, it.attempts, it.last_error)).collect()
    }
}
