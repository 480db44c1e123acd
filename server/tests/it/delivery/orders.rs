//! Every order in which two carriers may report, and time may pass: what is sent, and what the page says.

use super::carriers::Carriers;
use crate::support::Actor;
use crate::support::carrier::{Answer, Carrier};
use crate::support::people::{EMAIL, OTHER_PHONE, PHONE, client_form};
use crate::support::reports::AUTH_TOKEN;
use serde_json::json;
use time::Duration;

const HOOK: &str = "https://portaria.example/hooks/twilio";
const WIZARD: &str = "/register/client";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Event {
    WhatsAppFailed,
    WhatsAppDelivered,
    SmsFailed,
    SmsDelivered,
    /// Nobody tells anything for as long as is waited for.
    Silence,
}

/// What docs/delivery.md#the-ladder says of a code that the system sent by WhatsApp.
#[derive(Debug, Default)]
struct Expected {
    whatsapp: Option<bool>,
    sms: Option<bool>,
    /// The SMS was handed over.
    followed: bool,
    /// A report of the SMS came before it was handed over.
    early: Option<bool>,
    /// Nobody told of the SMS in time.
    late: bool,
    /// By what it was delivered first.
    delivered: Option<&'static str>,
}

impl Expected {
    fn follow(&mut self) {
        if !self.followed && self.delivered.is_none() {
            self.followed = true;
            if let Some(arrived) = self.early {
                self.sms_reports(arrived);
            }
        }
    }

    fn sms_reports(&mut self, arrived: bool) {
        if !self.followed {
            self.early.get_or_insert(arrived);
        } else if self.sms.is_none() {
            self.sms = Some(arrived);
            if arrived {
                self.delivered.get_or_insert("SMS");
            }
        }
    }

    fn see(&mut self, event: Event) {
        match event {
            Event::WhatsAppFailed if self.whatsapp.is_none() => {
                self.whatsapp = Some(false);
                self.follow();
            }
            Event::WhatsAppDelivered if self.whatsapp.is_none() => {
                self.whatsapp = Some(true);
                self.delivered.get_or_insert("WhatsApp");
            }
            Event::WhatsAppFailed | Event::WhatsAppDelivered => {}
            Event::SmsFailed => self.sms_reports(false),
            Event::SmsDelivered => self.sms_reports(true),
            Event::Silence => {
                self.late |= self.followed && self.sms.is_none();
                if self.whatsapp.is_none() {
                    self.follow();
                }
            }
        }
    }

    fn words(&self) -> String {
        match (self.delivered, self.followed, self.sms) {
            (Some(by), ..) => format!("Entregue por {by}."),
            (None, true, Some(false)) => "Não entregue por SMS.".to_owned(),
            (None, true, _) if self.late => "Enviado por SMS, mas ainda sem confirmação de entrega.".to_owned(),
            (None, true, _) => "Enviado por SMS.".to_owned(),
            (None, false, _) => "Enviado por WhatsApp.".to_owned(),
        }
    }
}

fn orders(events: &[Event]) -> Vec<Vec<Event>> {
    if events.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for (index, first) in events.iter().enumerate() {
        let rest: Vec<_> = events.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, event)| *event).collect();
        all.extend(orders(&rest).into_iter().map(|order| [vec![*first], order].concat()));
    }
    all
}

pub(super) fn form(phone: &str) -> Vec<(&'static str, &str)> {
    client_form(phone).into_iter().filter(|(name, _)| *name != "channel").collect()
}

/// What the page says of the delivery.
pub(super) async fn says(browser: &Actor<'_>) -> String {
    let page = browser.get(WIZARD).await.expect(200).text;
    let (_, line) = page.split_once("class=\"delivery\"").unwrap_or_else(|| panic!("no state in {page}"));
    line.split_once('>').and_then(|(_, line)| line.split_once('<')).expect("its words").0.trim().to_owned()
}

#[tokio::test]
async fn whatever_the_order_of_events_one_sms_at_most_follows_and_the_page_says_what_is() {
    let it =
        Carriers::start(&[("PUBLIC_URL", "https://portaria.example"), ("TRUSTED_PROXIES", "127.0.0.1"), ("UNPROVED_BUDGET", "1000")]).await;
    let sets = [
        [Event::WhatsAppFailed, Event::WhatsAppDelivered, Event::Silence, Event::SmsDelivered],
        [Event::WhatsAppFailed, Event::SmsFailed, Event::Silence, Event::SmsDelivered],
        [Event::WhatsAppDelivered, Event::Silence, Event::SmsFailed, Event::Silence],
    ];
    let carrier = it.app.anonymous();
    for (number, order) in sets.iter().flat_map(|set| orders(set)).enumerate() {
        let (phone, address) = (format!("+55119{:08}", 20_000_000 + number), format!("10.0.{}.{}", number / 200, number % 200));
        let browser = it.app.anonymous().header("x-forwarded-for", &address);
        let (whatsapps, texts) = it.asked();
        let begun = browser.form(WIZARD, "sign_up", &form(&phone)).await.expect(303);
        // Its cookie is for https alone, and the test speaks http.
        let cookie = begun.headers["set-cookie"].to_str().expect("a cookie").split(';').next().unwrap_or_default().to_owned();
        let browser = it.app.anonymous().header("x-forwarded-for", &address).header("cookie", &cookie);
        it.deliver().await;
        let mut expected = Expected::default();
        for event in &order {
            let (whatsapp, sms) = (format!("wamid.{whatsapps}"), format!("SM{texts}"));
            match event {
                Event::WhatsAppFailed => it.report(&whatsapp, "failed").await,
                Event::WhatsAppDelivered => it.report(&whatsapp, "delivered").await,
                Event::SmsFailed => {
                    carrier.twilio_reports(AUTH_TOKEN, HOOK, &sms, "undelivered").await.expect(204);
                }
                Event::SmsDelivered => {
                    carrier.twilio_reports(AUTH_TOKEN, HOOK, &sms, "delivered").await.expect(204);
                }
                Event::Silence => it.app.advance(Duration::seconds(20)),
            }
            it.deliver().await;
            expected.see(*event);
            let seen = says(&browser).await;
            assert!(seen.starts_with(&expected.words()), "{order:?} after {event:?}: {seen:?}, expected {expected:?}");
            assert_eq!(it.asked(), (whatsapps + 1, texts + usize::from(expected.followed)), "{order:?} after {event:?}");
        }
        if expected.followed {
            assert_eq!(it.codes().0, it.codes().1, "the same live code: {order:?}");
        }
        // A report of an SMS that was never sent waits for the next one of that id, which is another person's here.
        sqlx::query("delete from carrier_reports").execute(&it.app.pool).await.expect("forgotten");
    }
}

#[tokio::test]
async fn where_both_carriers_are_down_the_page_says_so_and_every_way_is_open() {
    let (twilio, meta) = (
        Carrier::start(|_| Answer::json(400, json!({ "code": 21_614 }))).await,
        Carrier::start(|_| Answer::json(400, json!({ "error": { "code": 131_026 } }))).await,
    );
    let it = Carriers::between(twilio, meta, &[]).await;
    let app = &it.app;
    let browser = app.anonymous();
    browser.form(WIZARD, "sign_up", &form(PHONE)).await.expect(303);
    app.worker.deliver_due().await.expect("looked at");
    assert_eq!(says(&browser).await, "Não entregue por SMS.");
    let page = browser.get(WIZARD).await.expect(200).text;
    assert!(
        page.contains("Receber por WhatsApp") && page.contains("Enviar de novo por SMS") && page.contains("Corrigir o número"),
        "{page}"
    );
    // Without a wait.
    browser.form(WIZARD, "resend", &[("channel", "whatsapp")]).await.expect(303);
    app.worker.deliver_due().await.expect("looked at");
    assert_eq!(says(&browser).await, "Não entregue por WhatsApp.");
    assert_eq!(it.asked(), (2, 1), "whoever chose is not sent anything else");
}

#[tokio::test]
async fn a_node_that_dies_before_it_records_a_hand_over_sends_the_same_code_again_and_the_ladder_goes_on() {
    let it = Carriers::start(&[]).await;
    let other = it.app.second_node().await;
    let browser = it.app.anonymous();
    browser.form(WIZARD, "sign_up", &form(PHONE)).await.expect(303);
    it.deliver().await;
    let first = it.codes().0;
    // Killed after the carrier took it: nothing of that was committed, and the lease of the dead node has ended.
    for undone in [
        "update outbox set status = 'queued', handed_at = null, provider_id = null, report_due_at = null, leased_until = null",
        "update verifications set handed_at = null, expires_at = null, queued = true",
    ] {
        sqlx::query(undone).execute(&it.app.pool).await.expect("as it was");
    }
    // The carrier knows of a message that we do not.
    it.report("wamid.0", "failed").await;
    assert_eq!(says(&browser).await, "A mensagem por WhatsApp está a caminho.");
    other.worker.deliver_due().await.expect("delivered");
    assert_eq!((it.asked(), it.codes().0), ((2, 0), first.clone()), "at least once, and the same code");
    it.report("wamid.0", "delivered").await;
    it.report("wamid.1", "failed").await;
    other.worker.deliver_due().await.expect("delivered");
    it.deliver().await;
    assert_eq!((it.asked(), it.codes()), ((2, 1), (first.clone(), first)), "its own report counts, and once");
    assert_eq!(says(&browser).await, "Enviado por SMS.");
}

/// A phone of one's own: the same states, by the same rule for the next channel.
#[tokio::test]
async fn a_page_of_ones_own_phone_says_what_became_of_its_code_and_only_to_its_owner() {
    let it = Carriers::start(&[]).await;
    let browser = it.app.anonymous();
    let mut signing_up = form(PHONE);
    signing_up.iter_mut().filter(|(name, _)| *name == "email").for_each(|field| field.1 = EMAIL);
    browser.form(WIZARD, "sign_up", &signing_up).await.expect(303);
    it.deliver().await;
    browser.form(WIZARD, "prove_code", &[("code", &it.codes().0)]).await.expect(303);
    it.app.messages_to(EMAIL).await;
    let ask = async |fields: &[(&str, &str)]| {
        let fields = [&[("phone", OTHER_PHONE)], fields].concat();
        browser.form("/profile/phone", "ask_phone", &fields).await.expect(200).text
    };
    let state = async |who: &Actor<'_>| {
        let asked = who.raw("POST", "/sf/signup_state").header("sec-fetch-site", "same-origin").form(&[("signup", "own-phone")]);
        who.send_raw(asked).await.expect(200).text
    };
    let nothing = state(&it.app.anonymous()).await;
    assert_eq!(state(&browser).await, nothing, "no code lives");
    let page = ask(&[]).await;
    assert!(page.contains("A mensagem por WhatsApp está a caminho.") && page.contains("Receber por SMS"), "{page}");
    let mut states = vec![state(&browser).await];
    it.deliver().await;
    assert!(ask(&[("look", "true")]).await.contains("Enviado por WhatsApp."));
    assert_eq!(it.asked(), (2, 0), "to look sends nothing");
    states.push(state(&browser).await);
    it.report("wamid.1", "failed").await;
    it.deliver().await;
    let page = ask(&[("look", "true")]).await;
    assert!(page.contains("Enviado por SMS.") && page.contains("Receber por WhatsApp"), "the next channel by itself: {page}");
    states.push(state(&browser).await);
    it.report("wamid.1", "delivered").await;
    assert_eq!(state(&browser).await, states[2], "the first final report stands");
    // Where another tab begins anew, the part that a waiting page takes over is there, out of sight.
    let fresh = browser.get("/profile/phone?start=over").await.expect(200).text;
    assert!(fresh.contains("<div hidden") && fresh.contains("Enviado por SMS."), "{fresh}");
    assert_eq!(state(&it.app.anonymous()).await, nothing, "nobody else learns of it");
    states.dedup();
    assert_eq!(states.len(), 3, "each is another: {states:?}");
    let code = it.codes().1;
    browser.form("/profile/phone", "prove_own_phone", &[("phone", OTHER_PHONE), ("code", &code), ("next", "/profile")]).await.expect(303);
    assert_eq!(state(&browser).await, nothing);
    it.app.ignore_messages();
}
