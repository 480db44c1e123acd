//! Which events what is done to an account makes.

use super::{answering, entry, header, told};
use crate::support::TestApp;
use crate::support::people::{CNPJ, CPF, EMAIL, NEW_PASSWORD, OTHER_EMAIL, OTHER_PHONE, PASSWORD, PHONE, teacher};
use portaria::account_event::AccountEvent;
use serde_json::json;
use server::janitor;
use server::metrics::Metrics;
use server::services::contest::{self, Decider};
use time::Duration;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

#[tokio::test]
async fn whoever_signs_up_by_phone_is_created_proved_and_complete_at_once() {
    let receiver = answering(&[204]).await;
    let app = TestApp::telling(&receiver).await;
    app.proved_client(PHONE).await;
    assert_eq!(app.tell().await, 3);
    assert_eq!(receiver.types(), ["account.created", "account.proved", "account.completed"]);
    for request in receiver.requests() {
        let (body, text) = (told(&request), String::from_utf8_lossy(&request.body).into_owned());
        assert_eq!(body["data"]["kind"], "cliente");
        assert_eq!(Some(body["data"]["id"].as_i64().expect("a number")), Some(app.count("select id from accounts").await));
        let at = OffsetDateTime::parse(body["timestamp"].as_str().expect("an instant"), &Rfc3339).expect("RFC 3339");
        assert_eq!(at, app.now());
        let keys: Vec<_> =
            body.as_object().expect("an object").keys().chain(body["data"].as_object().expect("one").keys()).cloned().collect();
        assert_eq!(keys.len(), 5, "no personal value: {text}");
        assert_eq!((request.method.as_str(), header(&request, "content-type")), ("POST", "application/json"));
        assert_eq!(header(&request, "webhook-timestamp"), app.now().unix_timestamp().to_string());
        assert!(header(&request, "webhook-signature").starts_with("v1,") && header(&request, "webhook-id").len() == 36);
    }
}

#[tokio::test]
async fn whoever_signs_up_by_e_mail_is_created_first_and_proved_later() {
    let receiver = answering(&[204]).await;
    let app = TestApp::telling(&receiver).await;
    app.pending_teacher(EMAIL).await;
    app.tell().await;
    assert_eq!(receiver.types(), ["account.created"]);
    app.open_link_to(EMAIL).await.expect(200);
    app.tell().await;
    assert_eq!(receiver.types(), ["account.created", "account.proved", "account.completed"]);
    // The same link again changes nothing.
    app.open_link_to(EMAIL).await.expect(200);
    assert_eq!(app.tell().await, 0);
}

#[tokio::test]
async fn what_a_kind_still_needs_completes_it_when_it_comes() {
    let receiver = answering(&[204]).await;
    let app = TestApp::telling(&receiver).await;
    let company = app.registered("empresa", "Padaria Aurora", EMAIL).await;
    company.give_document("cnpj", CNPJ).await;
    app.tell().await;
    assert_eq!(receiver.types(), ["account.created", "account.proved", "account.changed", "account.completed"]);
}

#[tokio::test]
async fn a_changed_profile_contact_or_password_is_told_and_what_is_refused_is_not() {
    let receiver = answering(&[204]).await;
    let app = TestApp::telling(&receiver).await;
    let client = app.client_with_password().await;
    app.tell().await;
    assert_eq!(receiver.types()[3..], ["account.changed"], "the optional e-mail was proved");
    client.change(json!({ "fullName": "Ana de Souza" })).await.expect(200);
    client.change(json!({ "cpf": "1" })).await.expect(400);
    client.give_phone(OTHER_PHONE).await;
    client.give_email(OTHER_EMAIL).await;
    client.change_password(PASSWORD, "x", "x").await.expect(400);
    client.change_password(PASSWORD, NEW_PASSWORD, NEW_PASSWORD).await.expect(200);
    app.tell().await;
    app.messages().await;
    assert_eq!(receiver.types()[4..], ["account.changed", "account.changed", "account.changed", "password.changed"]);
}

#[tokio::test]
async fn a_registration_that_is_refused_is_told_to_nobody() {
    let receiver = answering(&[204]).await;
    let app = TestApp::telling(&receiver).await;
    app.proved_teacher(EMAIL).await;
    app.tell().await;
    app.post("/api/auth/register/teacher", teacher(EMAIL)).await.expect(409);
    app.messages().await;
    assert_eq!((app.tell().await, receiver.types().len()), (0, 3));
}

#[tokio::test]
async fn an_account_that_goes_is_told_of_whether_it_lapsed_or_was_disowned() {
    let receiver = answering(&[204]).await;
    let app = TestApp::telling(&receiver).await;
    app.pending_teacher(EMAIL).await;
    let token = app.token_to(EMAIL).await;
    app.anonymous().form(&format!("/verify?token={token}"), "disown_link", &[("token", &token)]).await.expect(303);
    app.tell().await;
    app.pending(OTHER_EMAIL).await;
    app.tell().await;
    app.advance(Duration::days(9));
    janitor::sweep(&app.pool, &app.told, app.now()).await.expect("swept");
    assert_eq!(app.count("select count(*) from accounts").await, 0);
    app.tell().await;
    assert_eq!(receiver.types(), ["account.created", "account.deleted", "account.created", "account.deleted"]);
    let ids: Vec<_> = receiver.requests().iter().map(|it| told(it)["data"]["id"].clone()).collect();
    assert!(ids[0] == ids[1] && ids[2] == ids[3] && ids[0] != ids[2]);
}

#[tokio::test]
async fn a_lapsed_claim_that_another_registration_replaces_is_told_as_gone() {
    let receiver = answering(&[204]).await;
    let app = TestApp::telling(&receiver).await;
    app.pending(EMAIL).await;
    app.advance(Duration::hours(25));
    app.pending(EMAIL).await;
    app.tell().await;
    let mut types = receiver.types();
    types.sort();
    assert_eq!(types, ["account.created", "account.created", "account.deleted"]);
}

#[tokio::test]
async fn a_contested_document_that_leaves_its_account_changes_it() {
    let receiver = answering(&[204]).await;
    let app = TestApp::telling(&receiver).await;
    let holder = app.client_with_password().await;
    holder.give_document("cpf", CPF).await;
    app.advance(Duration::minutes(1));
    app.post("/api/auth/contest", json!({ "document": CPF, "email": OTHER_EMAIL })).await.expect(202);
    let code = app.code_to(OTHER_EMAIL).await;
    app.post("/api/auth/contest/verify", json!({ "document": CPF, "email": OTHER_EMAIL, "code": code })).await.expect(200);
    app.tell().await;
    let before = receiver.types().len();
    app.advance(Duration::days(7));
    let sealer = crate::support::sealer_of(&app.pool).await;
    let by = Decider { sealer: &sealer, webhooks: &app.told, now: app.now() };
    assert_eq!(contest::decide_due(&app.pool, by, &Metrics::default()).await.expect("decided"), 1);
    app.tell().await;
    app.messages().await;
    assert_eq!(receiver.types()[before..], ["account.changed"]);
}

#[tokio::test]
async fn not_me_changes_the_account_back_and_takes_its_password() {
    let receiver = answering(&[204]).await;
    let app = TestApp::telling(&receiver).await;
    let client = app.client_with_password().await;
    client.change_password(PASSWORD, NEW_PASSWORD, NEW_PASSWORD).await.expect(200);
    app.tell().await;
    let before = receiver.types().len();
    let tokens = app.tokens_to(EMAIL, "/not-me").await;
    let path = format!("/not-me?token={}", tokens.last().expect("a link"));
    app.press_not_me(&path).await.expect(200);
    app.tell().await;
    assert_eq!(receiver.types()[before..], ["account.changed", "password.changed"]);
}

#[tokio::test]
async fn each_webhook_is_told_only_what_it_asks_for_and_without_webhooks_nothing_is_written() {
    let (one, other) = (answering(&[204]).await, answering(&[204]).await);
    let file = entry(&one.url, &[AccountEvent::Completed]) + &entry(&other.url, &[AccountEvent::Created, AccountEvent::Completed]);
    let app = TestApp::start_with_file(&file).await;
    app.proved_client(PHONE).await;
    assert_eq!(app.tell().await, 3);
    assert_eq!(
        (one.types(), other.types()),
        (vec!["account.completed".into()], vec!["account.created".into(), "account.completed".into()])
    );
    assert!(one.ids()[0] != other.ids()[1], "each delivery has an id of its own");

    let silent = TestApp::start().await;
    silent.client_with_password().await;
    assert!(silent.webhooks.is_none());
    assert_eq!(silent.count("select count(*) from webhook_deliveries").await, 0);
}
