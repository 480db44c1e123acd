//! Reports that are false, odd, or come when nobody waits any more; and carriers that lie.

use super::carriers::Carriers;
use super::orders::{form, says};
use crate::support::carrier::{Answer, Carrier};
use crate::support::people::{EMAIL, OTHER_PHONE, PHONE, client};
use crate::support::reports::{APP_SECRET, AUTH_TOKEN};
use serde_json::json;
use time::Duration;

const HOOK: &str = "https://portaria.example/hooks/twilio";
const HTTPS: (&str, &str) = ("PUBLIC_URL", "https://portaria.example");
const WIZARD: &str = "/register/client";

#[tokio::test]
async fn a_report_counts_by_its_own_carriers_id_alone() {
    let it = Carriers::start(&[HTTPS]).await;
    it.register(PHONE).await;
    it.deliver().await;
    let carrier = it.app.anonymous();
    // Each carrier names the other's message, with a good signature of its own.
    carrier.twilio_reports(AUTH_TOKEN, HOOK, "wamid.0", "undelivered").await.expect(204);
    it.report("SM0", "failed").await;
    // What is signed and not understood is taken, or it would come again for days.
    let status = json!({ "id": "wamid.0", "status": "failed", "recipient_id": "5511900000000" });
    let in_batch = |entry: serde_json::Value| json!({ "object": "whatsapp_business_account", "entry": entry }).to_string();
    let of = |statuses: serde_json::Value| in_batch(json!([{ "changes": [{ "field": "messages", "value": { "statuses": statuses } }] }]));
    for odd in [
        String::new(),
        "failed".to_owned(),
        "[]".to_owned(),
        "{".repeat(10_000),
        in_batch(json!(null)),
        in_batch(json!([{ "changes": null }])),
        in_batch(json!([{ "id": "1", "changes": [{ "field": "messages", "value": { "messages": [{ "from": "5511987654321" }] } }] }])),
        of(json!([{ "id": 0, "status": "failed" }])),
        of(
            json!([{ "id": "wamid.0" }, { "status": "failed" }, { "id": "wamid.0", "status": "FAILED" }, { "id": "wamid.0", "status": "deleted" }]),
        ),
        of(json!([{ "id": "wamid.0\u{0}", "status": "warning" }, { "id": "w".repeat(257), "status": "failed" }])),
    ] {
        carrier.meta_sends(APP_SECRET, odd.clone()).await.expect(200);
        assert_eq!(it.states().await, ["whatsapp handed -"], "{odd}");
    }
    carrier.meta_sends("outro-segredo", of(json!([status]))).await.expect(403);
    assert_eq!(it.states().await, ["whatsapp handed -"]);
    // Among odd ones and others, of another's number, and the same twice in one batch: the first final one counts.
    let delivered = json!({ "id": "wamid.0", "status": "delivered" });
    let unknown = json!({ "id": "wamid.of-nobody", "status": "failed" });
    carrier
        .meta_sends(APP_SECRET, of(json!([null, { "id": 7, "status": "failed" }, unknown, status, delivered, status])))
        .await
        .expect(200);
    it.deliver().await;
    assert_eq!(it.states().await, ["whatsapp handed failed", "sms handed -"]);
    assert_eq!(
        (it.asked(), &it.twilio.texts()[0]["To"]),
        ((1, 1), &PHONE.to_owned()),
        "to the number that asked, whatever the report says"
    );
}

#[tokio::test]
async fn an_id_with_a_byte_that_no_text_holds_is_no_fault() {
    let it = Carriers::start(&[HTTPS]).await;
    it.report("wamid\u{0}0", "failed").await;
    it.app.anonymous().twilio_reports(AUTH_TOKEN, HOOK, "SM\u{0}", "failed").await.expect(204);
}

#[tokio::test]
async fn a_forged_report_asks_the_database_nothing() {
    let it = Carriers::start(&[]).await;
    let (node, wire) = it.app.node_by_wire().await;
    wire.executed();
    let nobody = node.anonymous();
    nobody.meta_reports("outro-segredo", "wamid.0", "failed").await.expect(403);
    nobody.meta_sends("outro-segredo", "x".repeat(1_000_000)).await.expect(403);
    nobody.twilio_reports("outro-segredo", &format!("{}/hooks/twilio", node.url), "SM0", "failed").await.expect(403);
    nobody.get("/hooks/whatsapp?hub.mode=subscribe&hub.challenge=1&hub.verify_token=x").await.expect(403);
    assert_eq!(wire.executed(), [""; 0]);
}

#[tokio::test]
async fn a_report_that_comes_when_its_code_is_over_sends_nothing() {
    let it = Carriers::start(&[]).await;
    // Entered meanwhile.
    it.register(PHONE).await;
    it.deliver().await;
    it.app.verify(PHONE, &it.codes().0).await.expect(201);
    it.report("wamid.0", "failed").await;
    // Lapsed.
    it.register(OTHER_PHONE).await;
    it.deliver().await;
    it.report("wamid.0", "failed").await;
    it.app.advance(Duration::minutes(6));
    it.report("wamid.1", "failed").await;
    it.deliver().await;
    assert_eq!(it.asked(), (2, 0));
    // Given up by the person, days ago.
    let browser = it.app.anonymous();
    let third = "+5531987654321";
    browser.form(WIZARD, "sign_up", &form(third)).await.expect(303);
    it.deliver().await;
    browser.form(WIZARD, "abandon", &[]).await.expect(303);
    it.app.advance(Duration::days(8));
    server::janitor::sweep(&it.app.pool, &[], it.app.now()).await.expect("a sweep");
    it.report("wamid.2", "failed").await;
    it.deliver().await;
    assert_eq!(it.asked(), (3, 0));
}

#[tokio::test]
async fn a_carrier_that_says_delivered_and_lies_is_believed_and_the_person_asks_for_another() {
    let it = Carriers::start(&[]).await;
    let browser = it.app.anonymous();
    browser.form(WIZARD, "sign_up", &form(PHONE)).await.expect(303);
    it.deliver().await;
    it.report("wamid.0", "delivered").await;
    it.app.advance(Duration::seconds(29));
    it.deliver().await;
    assert_eq!((it.asked(), says(&browser).await.as_str()), ((1, 0), "Entregue por WhatsApp."), "nothing follows by itself");
    browser.form(WIZARD, "resend", &[("channel", "sms")]).await.expect(429);
    it.app.advance(Duration::seconds(1));
    browser.form(WIZARD, "resend", &[("channel", "sms")]).await.expect(303);
    assert_eq!(says(&browser).await, "A mensagem por SMS está a caminho.");
    it.deliver().await;
    // What was said of the other message counts no more.
    it.report("wamid.0", "failed").await;
    assert_eq!((it.asked(), says(&browser).await.as_str()), ((1, 1), "Enviado por SMS."));
    assert_eq!(it.codes().0, it.codes().1, "the same live code");
}

#[tokio::test]
async fn a_carrier_that_takes_a_message_without_giving_it_an_id_is_followed_like_any_silence() {
    let twilio = Carrier::start(|n| Answer::json(201, json!({ "sid": format!("SM{n}") }))).await;
    let meta = Carrier::start(|_| Answer::json(200, json!({ "messages": [{}] }))).await;
    let it = Carriers::between(twilio, meta, &[]).await;
    let browser = it.app.anonymous();
    browser.form(WIZARD, "sign_up", &form(PHONE)).await.expect(303);
    it.deliver().await;
    assert_eq!(says(&browser).await, "Enviado por WhatsApp.");
    it.report("", "delivered").await;
    it.app.advance(Duration::seconds(20));
    it.deliver().await;
    assert_eq!((it.asked(), says(&browser).await.as_str()), ((1, 1), "Enviado por SMS."));
}

#[tokio::test]
async fn where_sms_rests_a_failed_message_is_told_and_no_sms_follows() {
    let it = Carriers::start(&[("UNPROVED_BUDGET", "1")]).await;
    let browser = it.app.anonymous();
    browser.form(WIZARD, "sign_up", &form(PHONE)).await.expect(303);
    it.deliver().await;
    it.report("wamid.0", "failed").await;
    it.app.advance(Duration::seconds(20));
    it.deliver().await;
    assert_eq!((it.asked(), says(&browser).await.as_str()), ((1, 0), "Não entregue por WhatsApp."));
    let page = browser.get(WIZARD).await.expect(200).text;
    assert!(page.contains("Hoje o envio por SMS está em pausa para o seu DDD.") && !page.contains("Enviar de novo por SMS"), "{page}");
    let metrics = it.app.get("/metrics").await.expect(200).text;
    assert!(metrics.contains("portaria_sms_rested_total{limit=\"UNPROVED_BUDGET\"} 1"), "{metrics}");
    assert_eq!(it.app.count("select count(*) from phone_spending where alarmed").await, 1, "its line in the log");
    // By name neither; WhatsApp goes on, without a wait.
    browser.form(WIZARD, "resend", &[("channel", "sms")]).await.expect(409);
    browser.form(WIZARD, "resend", &[("channel", "whatsapp")]).await.expect(303);
    it.deliver().await;
    assert_eq!((it.asked(), says(&browser).await.as_str()), ((2, 0), "Enviado por WhatsApp."));
}

#[tokio::test]
async fn where_sms_rests_a_code_to_sign_in_goes_by_e_mail_at_once() {
    let it = Carriers::start(&[("SMS_DAILY_CEILING", "0")]).await;
    it.become_client().await;
    it.deliver().await;
    // The phone was told of the new address: a notice is no code, and does not rest.
    assert_eq!(it.asked(), (1, 1));
    it.app.post("/api/auth/login/code", json!({ "phone": PHONE })).await.expect(202);
    it.deliver().await;
    it.report("wamid.1", "failed").await;
    it.deliver().await;
    let message = it.app.email_to(EMAIL).await;
    assert_eq!((it.asked(), message["code"].as_str()), ((2, 1), Some(it.codes_by_whatsapp().as_str())), "the same code");
    it.app.ignore_messages();
}

/// The report and the correction are on their way at once, and whichever comes first, nothing goes to the number that was wrong.
#[tokio::test]
async fn a_number_that_is_corrected_while_its_report_arrives_gets_nothing_more() {
    let it = Carriers::start(&[("TRUSTED_PROXIES", "127.0.0.1"), ("UNPROVED_BUDGET", "1000")]).await;
    let carrier = it.app.anonymous();
    for round in 0..8 {
        let (wrong, right) = (format!("+55119{:08}", 40_000_000 + round), format!("+55219{:08}", 40_000_000 + round));
        let browser = it.app.anonymous().header("x-forwarded-for", &format!("10.2.0.{round}"));
        browser.form(WIZARD, "sign_up", &form(&wrong)).await.expect(303);
        it.deliver().await;
        let newest = format!("wamid.{}", it.asked().0 - 1);
        let right_form = form(&right);
        let (reported, corrected) = tokio::join!(
            carrier.meta_reports(APP_SECRET, &newest, "failed"),
            browser.form("/register/client?step=details", "sign_up", &right_form)
        );
        reported.expect(200);
        corrected.expect(303);
        it.app.advance(Duration::seconds(20));
        it.deliver().await;
        it.app.advance(Duration::seconds(20));
        it.deliver().await;
        let numbers: Vec<_> = it.twilio.texts().iter().map(|text| text["To"].clone()).collect();
        assert!(!numbers.contains(&wrong) && numbers.last() == Some(&right), "{numbers:?}");
    }
}

#[tokio::test]
async fn an_old_mobile_of_eight_digits_is_one_phone_on_every_rung_and_at_every_door() {
    let it = Carriers::start(&[]).await;
    let old = "(11) 8765-4321";
    it.register(old).await;
    it.deliver().await;
    it.report("wamid.0", "failed").await;
    it.deliver().await;
    assert_eq!(it.twilio.texts()[0]["To"], PHONE);
    let sent: serde_json::Value = serde_json::from_slice(&it.meta.requests()[0].body).expect("JSON");
    assert_eq!(sent["to"], "5511987654321", "whatever Meta calls it: its wa_id has no ninth digit here");
    it.app.verify("+551187654321", &it.codes().1).await.expect(201);
    it.app.post("/api/auth/register/client", client(PHONE)).await.expect(409);
    it.app.advance(Duration::hours(1));
    it.app.post("/api/auth/login/code", json!({ "phone": "1187654321" })).await.expect(202);
    it.deliver().await;
    it.app.post("/api/auth/login/code/verify", json!({ "phone": PHONE, "code": it.codes_by_whatsapp() })).await.expect(200);
    it.app.ignore_messages();
}
