//! Reports of carriers, and the ladder of channels, through the public door.

use super::carriers::Carriers;
use crate::support::TestApp;
use crate::support::people::{EMAIL, OTHER_PHONE, PHONE, client, client_form};
use crate::support::reports::{APP_SECRET, AUTH_TOKEN, VERIFY_TOKEN};
use serde_json::json;
use time::Duration;

const THIRD_PHONE: &str = "+5531987654321";
const FOURTH_PHONE: &str = "+5541987654321";
const WIZARD: &str = "/register/client";

#[tokio::test]
async fn a_failed_report_and_a_silence_send_the_same_code_by_sms_once() {
    let it = Carriers::start(&[]).await;
    it.register(PHONE).await;
    it.deliver().await;
    let ends = "select extract(epoch from expires_at)::bigint from verifications order by asked_at limit 1";
    let before = it.app.count(ends).await;
    it.app.advance(Duration::seconds(5));
    it.report("wamid.0", "sent").await;
    it.report("wamid.0", "failed").await;
    it.deliver().await;
    let (whatsapp, sms) = it.codes();
    assert_eq!((it.asked(), &whatsapp), ((1, 1), &sms), "the same code");
    assert_eq!(it.app.count(ends).await, before, "a new channel never prolongs it");
    // Repeated, late and backwards.
    for status in ["failed", "delivered", "read", "sent"] {
        it.report("wamid.0", status).await;
    }
    it.app.advance(Duration::minutes(1));
    it.deliver().await;
    assert_eq!((it.asked(), it.states().await), ((1, 1), vec!["whatsapp handed failed".to_owned(), "sms handed -".to_owned()]));
    it.app.verify(PHONE, &sms).await.expect(201);

    it.register(OTHER_PHONE).await;
    it.deliver().await;
    it.app.advance(Duration::seconds(19));
    it.deliver().await;
    assert_eq!(it.asked(), (2, 1), "it may still be told of");
    it.app.advance(Duration::seconds(1));
    it.deliver().await;
    assert_eq!(it.asked(), (2, 2), "nobody told of it in 20 s");
    it.report("wamid.1", "failed").await;
    it.app.advance(Duration::minutes(1));
    it.deliver().await;
    assert_eq!(it.asked(), (2, 2), "each channel once");

    it.register(THIRD_PHONE).await;
    it.deliver().await;
    it.report("wamid.2", "read").await;
    it.report("wamid.2", "failed").await;
    it.app.advance(Duration::minutes(1));
    it.deliver().await;
    assert_eq!(it.asked(), (3, 2), "it was read: the first final report stands");

    // The carrier is faster than our own record of the hand-over.
    it.report("wamid.3", "failed").await;
    it.register(FOURTH_PHONE).await;
    it.deliver().await;
    assert_eq!(it.asked(), (4, 3));
    let kept = "select count(*) from outbox where status <> 'queued' and (length(recipient) > 0 or length(content) > 0)";
    assert_eq!(it.app.count(kept).await, 0, "nobody's number stays behind");
    assert_eq!(it.app.count("select count(*) from outbox where wa_id_sealed is not null").await, 4);
}

#[tokio::test]
async fn who_chose_a_channel_is_told_what_became_of_it_and_offered_the_others() {
    let it = Carriers::start(&[]).await;
    let browser = it.app.anonymous();
    let form = |channel: &'static str| {
        client_form(PHONE).into_iter().map(move |(name, value)| (name, if name == "channel" { channel } else { value }))
    };
    let by = |channel| form(channel).collect::<Vec<_>>();
    browser.form(WIZARD, "sign_up", &by("whatsapp")).await.expect(303);
    let says = async |words: &str| {
        let page = browser.get(WIZARD).await.expect(200).text;
        assert!(page.contains(words), "{words}: {page}");
        page
    };
    says("A mensagem por WhatsApp está a caminho.").await;
    it.deliver().await;
    says("Enviado por WhatsApp.").await;
    it.app.advance(Duration::seconds(20));
    it.deliver().await;
    says("ainda sem confirmação de entrega").await;
    it.report("wamid.0", "failed").await;
    it.deliver().await;
    let page = says("Não entregue por WhatsApp.").await;
    assert!(page.contains("Não conseguimos entregar a mensagem por WhatsApp") && page.contains("Receber por SMS"), "{page}");
    assert_eq!(it.asked(), (1, 0), "nothing follows by itself");
    browser.form(WIZARD, "resend", &[("channel", "sms")]).await.expect(303);
    it.deliver().await;
    says("Enviado por SMS.").await;
    assert_eq!(it.codes().0, it.codes().1);

    // The system chooses, and WhatsApp is delivered after all.
    let other = it.app.anonymous();
    other.form(WIZARD, "sign_up", &by("")).await.expect(303);
    it.deliver().await;
    it.app.advance(Duration::seconds(20));
    it.deliver().await;
    assert_eq!(it.asked(), (2, 2));
    it.report("wamid.1", "delivered").await;
    assert!(other.get(WIZARD).await.expect(200).text.contains("Entregue por WhatsApp."));
}

#[tokio::test]
async fn a_corrected_number_ends_the_ladder_of_the_old_one() {
    let it = Carriers::start(&[]).await;
    let browser = it.app.anonymous();
    let form = |phone| client_form(phone).into_iter().filter(|(name, _)| *name != "channel").collect::<Vec<_>>();
    browser.form(WIZARD, "sign_up", &form(PHONE)).await.expect(303);
    it.deliver().await;
    browser.form("/register/client?step=details", "sign_up", &form(OTHER_PHONE)).await.expect(303);
    it.report("wamid.0", "failed").await;
    it.app.advance(Duration::seconds(20));
    it.deliver().await;
    it.app.advance(Duration::seconds(20));
    it.deliver().await;
    let numbers: Vec<_> = it.twilio.texts().into_iter().map(|text| text["To"].clone()).collect();
    assert_eq!(numbers, [OTHER_PHONE], "only the new number's code climbs");
}

#[tokio::test]
async fn several_nodes_climb_once_and_one_goes_on_where_another_died() {
    let it = Carriers::start(&[]).await;
    let other = it.app.second_node().await;
    it.register(PHONE).await;
    it.deliver().await;
    it.app.advance(Duration::seconds(20));
    let (one, two) = tokio::join!(it.app.worker.deliver_due(), other.worker.deliver_due());
    one.and(two).expect("delivered");
    it.deliver().await;
    assert_eq!(it.asked(), (1, 1));
    // The report reaches one node, which dies before it delivers anything.
    it.register(OTHER_PHONE).await;
    it.deliver().await;
    let all = [it.app.anonymous(), other.anonymous(), it.app.anonymous(), other.anonymous()];
    futures::future::join_all(all.iter().map(|node| node.meta_reports(APP_SECRET, "wamid.1", "failed"))).await;
    other.worker.deliver_due().await.expect("delivered");
    assert_eq!(it.asked(), (2, 2));
}

#[tokio::test]
async fn a_report_without_its_carriers_signature_changes_nothing() {
    let it = Carriers::start(&[]).await;
    it.register(PHONE).await;
    it.deliver().await;
    let nobody = it.app.anonymous();
    nobody.meta_reports("outro-segredo", "wamid.0", "failed").await.expect(403);
    nobody.post("/hooks/whatsapp", json!({ "entry": [] })).await.expect(403);
    let hook = format!("{}/hooks/twilio", it.app.url);
    nobody.twilio_reports("outro-segredo", &hook, "SM0", "failed").await.expect(403);
    nobody.twilio_reports(AUTH_TOKEN, "https://elsewhere.example/hooks/twilio", "SM0", "failed").await.expect(403);
    nobody.post_raw("/hooks/twilio", "application/x-www-form-urlencoded", "MessageSid=SM0").await.expect(403);
    assert_eq!(it.states().await, ["whatsapp handed -"]);
    // Unknown ones, and what is not understood, are taken.
    it.report("wamid.unknown", "delivered").await;
    it.report("", "failed").await;
    nobody.twilio_reports(AUTH_TOKEN, &hook, "SM-unknown", "delivered").await.expect(204);

    let asks = |token: &str| format!("/hooks/whatsapp?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={token}");
    assert_eq!(nobody.get(&asks(VERIFY_TOKEN)).await.expect(200).text, "1158201444");
    nobody.get(&asks("outro")).await.expect(403);
    nobody.get("/hooks/whatsapp").await.expect(403);
    let bare = TestApp::start().await;
    for path in ["/hooks/twilio", "/hooks/whatsapp"] {
        bare.post(path, json!({})).await.expect(404);
    }
    bare.get(&asks(VERIFY_TOKEN)).await.expect(404);
}

#[tokio::test]
async fn sms_reports_where_the_address_is_https_and_whatsapp_follows_where_the_order_says_so() {
    let it = Carriers::start(&[("PUBLIC_URL", "https://portaria.example"), ("PHONE_CHANNELS", "sms,whatsapp")]).await;
    it.register(PHONE).await;
    it.deliver().await;
    assert_eq!(it.twilio.texts()[0]["StatusCallback"], "https://portaria.example/hooks/twilio");
    let hook = "https://portaria.example/hooks/twilio";
    it.app.anonymous().twilio_reports(AUTH_TOKEN, hook, "SM0", "sent").await.expect(204);
    it.app.anonymous().twilio_reports(AUTH_TOKEN, hook, "SM0", "undelivered").await.expect(204);
    it.deliver().await;
    assert_eq!((it.asked(), it.codes().0), ((1, 1), it.codes().1));
    it.report("wamid.0", "failed").await;
    assert_eq!(it.app.count("select count(*) from verifications where undeliverable_at is not null").await, 1, "no channel is left");
}

#[tokio::test]
async fn a_code_to_sign_in_goes_by_e_mail_at_last_and_one_that_proves_a_phone_never_does() {
    let it = Carriers::start(&[]).await;
    let sign_in = async |it: &Carriers| it.app.post("/api/auth/login/code", json!({ "phone": PHONE })).await.expect(202);
    it.become_client().await;
    assert_eq!(sign_in(&it).await.json()["channel"], "whatsapp");
    it.deliver().await;
    it.report("wamid.1", "failed").await;
    it.deliver().await;
    let handed: Vec<String> = it.states().await.into_iter().rev().take(2).collect();
    assert_eq!(handed, ["sms handed -", "whatsapp handed failed"], "SMS reports nothing here");
    // With https it does.
    let it = Carriers::start(&[("PUBLIC_URL", "https://portaria.example")]).await;
    let mut body = client(PHONE);
    body["email"] = EMAIL.into();
    it.app.post("/api/auth/register/client", body).await.expect(202);
    it.deliver().await;
    it.app.advance(Duration::seconds(20));
    it.deliver().await;
    it.app.advance(Duration::seconds(20));
    it.deliver().await;
    assert_eq!(it.asked(), (1, 1));
    assert_eq!(it.app.messages_to(EMAIL).await.len(), 0, "it would prove nothing there");
    it.app.verify(PHONE, &it.codes().1).await.expect(201);
    it.app.open_link_to(EMAIL).await.expect(200);
    it.app.advance(Duration::hours(1));
    sign_in(&it).await;
    for _ in 0..3 {
        it.deliver().await;
        it.app.advance(Duration::seconds(20));
    }
    let message = it.app.email_to(EMAIL).await;
    let code = message["code"].as_str().expect("a code").to_owned();
    assert_eq!(it.codes(), (code.clone(), code.clone()), "the same code, by the third channel");
    it.app.post("/api/auth/login/code/verify", json!({ "phone": PHONE, "code": code })).await.expect(200);
    it.app.ignore_messages();
}
