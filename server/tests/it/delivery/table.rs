//! The table of docs/delivery.md#the-ladder, row by row.

use super::carriers::Carriers;
use super::orders::{form, says};
use crate::support::Actor;
use crate::support::carrier::{Answer, Carrier};
use crate::support::reports::AUTH_TOKEN;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use time::Duration;

const DOCUMENT: &str = include_str!("../../../../docs/delivery.md");
const HOOK: &str = "https://portaria.example/hooks/twilio";
const WIZARD: &str = "/register/client";

/// A row, as it stands in the document.
#[derive(Debug, Clone, Copy)]
struct Row {
    by_person: bool,
    channel: &'static str,
    reported: &'static str,
    sent: &'static str,
    sees: &'static str,
    at_once: bool,
}

fn rows() -> Vec<Row> {
    let (_, table) = DOCUMENT.split_once("| chosen by |").expect("the table");
    let lines = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let cells = lines.map(|line| line.trim_matches('|').split('|').map(str::trim).collect::<Vec<_>>());
    cells
        .map(|cells| {
            let [by, channel, reported, sent, sees, way]: [&str; 6] =
                cells.try_into().unwrap_or_else(|cells| panic!("six cells: {cells:?}"));
            Row {
                by_person: is_one_of(by, ["the system", "the person"]),
                channel,
                reported,
                sent,
                sees: sees.trim_matches(['“', '”']),
                at_once: is_one_of(way, ["after the wait", "at once"]),
            }
        })
        .collect()
}

/// Returns whether it is the second of the two.
fn is_one_of(cell: &str, words: [&str; 2]) -> bool {
    assert!(words.contains(&cell), "{cell}");
    cell == words[1]
}

/// Two carriers, each of which refuses on demand.
struct Stage {
    it: Carriers,
    sms_refused: Arc<AtomicBool>,
    whatsapp_refused: Arc<AtomicBool>,
    order: &'static str,
}

impl Stage {
    async fn set(order: &'static str) -> Self {
        let (sms_refused, whatsapp_refused) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
        let (by_twilio, by_meta) = (sms_refused.clone(), whatsapp_refused.clone());
        let twilio = Carrier::start(move |n| {
            let refused = by_twilio.load(Ordering::Relaxed);
            if refused { Answer::json(400, json!({ "code": 21_614 })) } else { Answer::json(201, json!({ "sid": format!("SM{n}") })) }
        })
        .await;
        let meta = Carrier::start(move |n| {
            let refused = by_meta.load(Ordering::Relaxed);
            let taken = json!({ "messages": [{ "id": format!("wamid.{n}") }] });
            if refused { Answer::json(400, json!({ "error": { "code": 131_026 } })) } else { Answer::json(200, taken) }
        })
        .await;
        let settings = [
            ("PUBLIC_URL", "https://portaria.example"),
            ("TRUSTED_PROXIES", "127.0.0.1"),
            ("UNPROVED_BUDGET", "100000"),
            ("PHONE_CHANNELS", order),
        ];
        Self { it: Carriers::between(twilio, meta, &settings).await, sms_refused, whatsapp_refused, order }
    }

    /// The system's choice here.
    fn first(&self) -> &'static str {
        if self.order.starts_with("sms") { "SMS" } else { "WhatsApp" }
    }

    /// A browser that begins a sign-up, with this channel or none.
    async fn begin(&self, phone: &str, address: &str, channel: &str) -> Actor<'_> {
        let fields: Vec<_> = form(phone).into_iter().chain([("channel", channel)]).collect();
        let begun = self.it.app.anonymous().header("x-forwarded-for", address).form(WIZARD, "sign_up", &fields).await.expect(303);
        // Its cookies are for https alone, and the test speaks http.
        let cookies: Vec<_> = begun.cookies().iter().filter_map(|cookie| cookie.split(';').next()).map(str::to_owned).collect();
        self.it.app.anonymous().header("x-forwarded-for", address).header("cookie", &cookies.join("; "))
    }

    /// The ids of the messages that a carrier was asked to take for a phone. Others still wait here, whom the same silence meets.
    fn asked(&self, channel: &str, phone: &str) -> Vec<String> {
        let (prefix, numbers): (_, Vec<_>) = match channel {
            "SMS" => ("SM", self.it.twilio.texts().iter().map(|text| text["To"].clone()).collect()),
            _ => ("wamid.", self.it.meta.requests().iter().map(|request| number_in(&request.body)).collect()),
        };
        numbers.iter().enumerate().filter(|(_, number)| *number == phone).map(|(n, _)| format!("{prefix}{n}")).collect()
    }

    async fn play(&self, reported: &str, phone: &str) {
        self.sms_refused.store(reported.contains("SMS refused"), Ordering::Relaxed);
        self.whatsapp_refused.store(reported.contains("WhatsApp refused"), Ordering::Relaxed);
        for event in reported.split(", ").filter(|event| *event != "waits") {
            self.it.deliver().await;
            let (channel, what) = event.split_once(' ').unwrap_or(("", event));
            let newest = || self.asked(channel, phone).pop().expect("a message");
            match (channel, what) {
                (_, "taken" | "refused") => {}
                (_, "silence") => self.it.app.advance(Duration::seconds(20)),
                ("WhatsApp", status) => self.it.report(&newest(), status).await,
                ("SMS", "delivered twice") => {
                    self.twilio_reports(&newest(), "delivered").await;
                    self.twilio_reports(&newest(), "delivered").await;
                }
                ("SMS", status) => self.twilio_reports(&newest(), if status == "failed" { "undelivered" } else { status }).await,
                other => panic!("{other:?}"),
            }
            self.it.deliver().await;
        }
        self.sms_refused.store(false, Ordering::Relaxed);
        self.whatsapp_refused.store(false, Ordering::Relaxed);
    }

    async fn twilio_reports(&self, id: &str, status: &str) {
        self.it.app.anonymous().twilio_reports(AUTH_TOKEN, HOOK, id, status).await.expect(204);
    }
}

/// The number to which Meta is asked to send.
fn number_in(request: &[u8]) -> String {
    let asked: serde_json::Value = serde_json::from_slice(request).expect("JSON");
    format!("+{}", asked["to"].as_str().expect("a number"))
}

#[tokio::test]
async fn every_row_of_the_table_is_what_happens() {
    let stages = [Stage::set("whatsapp,sms").await, Stage::set("sms,whatsapp").await];
    let rows = rows();
    assert!(rows.len() > 50, "{}", rows.len());
    for (number, row) in rows.into_iter().enumerate() {
        // Whoever chooses names the channel, be it the first or not.
        let stage = stages.iter().find(|stage| row.by_person || stage.first() == row.channel).expect("a stage");
        let chosen = if row.by_person { row.channel.to_lowercase() } else { String::new() };
        let (phone, address) = (format!("+55119{:08}", 50_000_000 + number), format!("10.3.{}.{}", number / 200, number % 200));
        let browser = stage.begin(&phone, &address, &chosen).await;
        stage.play(row.reported, &phone).await;
        let by = |channel| stage.asked(channel, &phone).len();
        let other = if row.channel == "SMS" { "WhatsApp" } else { "SMS" };
        assert_eq!((by(row.channel), by(other)), (usize::from(row.reported != "waits"), usize::from(row.sent == other)), "{row:?}");
        assert!(row.sent == "nothing" || row.sent == other, "{row:?}");
        assert_eq!(says(&browser).await, row.sees, "{row:?}");
        let again = browser.form(WIZARD, "resend", &[("channel", &other.to_lowercase())]).await;
        // After the patience of a silence the usual wait may be over.
        let waited = row.reported.matches("silence").count() >= 2;
        assert_eq!(again.status == 303, row.at_once || waited, "{row:?}: {}", again.status);
        stage.it.deliver().await;
    }
}
