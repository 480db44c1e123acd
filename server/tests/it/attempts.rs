//! Every attempt is a row of the audit, or counts in one (SPEC §9): by a table over all routes and forms, whatever nonsense is sent.

use crate::support::people::{EMAIL, PASSWORD};
use crate::support::{Actor, Answer, TestApp};
use serde_json::{Map, Value, json};
use server::http::routes;
use server::http::routes::{Access, Reads, Route};

/// Forms that strangers may send. The others ask for a session, a sign-up in this browser, or change nothing.
const OF_STRANGERS: [(&str, &[(&str, &str)]); 21] = [
    ("sign_up", &[("slug", "client")]),
    ("prove_email", &[]),
    ("take_over", &[]),
    ("prove_link", &[]),
    ("disown_link", &[]),
    ("resend_link", &[]),
    ("sign_in", &[]),
    ("ask_code", &[]),
    ("sign_in_by_code", &[]),
    ("ask_recovery", &[]),
    ("ask_recovery", &[("document", "1")]),
    ("prove_recovery", &[]),
    ("prove_recovery", &[("document", "1"), ("code", "000000")]),
    ("reset_by_grant", &[]),
    ("forgot_password", &[]),
    ("reset_by_link", &[]),
    ("undo_deletion", &[]),
    ("disown", &[]),
    ("ask_contest", &[]),
    ("prove_contest", &[]),
    ("keep_document", &[]),
];

async fn attempts(app: &TestApp) -> i64 {
    app.service.refusals().write_out(true).await;
    app.count("select coalesce(sum(times), 0)::bigint from audit").await
}

/// Every member that a body of the API may have, with this value.
fn every_member(value: &Value) -> Value {
    let names = [
        "email",
        "phone",
        "password",
        "passwordConfirmation",
        "currentPassword",
        "newPassword",
        "code",
        "token",
        "document",
        "cpf",
        "name",
        "fullName",
        "username",
        "channel",
        "version",
        "resetToken",
        "refreshToken",
        "identifier",
        "senha",
        "nome",
        "acceptTerms",
        "kind",
    ];
    Value::Object(names.iter().map(|name| ((*name).to_owned(), value.clone())).collect::<Map<_, _>>())
}

/// Routes that read something of whoever asks, and do something about it.
fn tried() -> impl Iterator<Item = &'static Route> {
    routes().iter().filter(|route| !route.method.is_safe() && route.reads != Reads::Nothing)
}

/// Sends a body to a route as whoever may call it, from an address of its own.
async fn send(app: &TestApp, route: &Route, from: &str, media: &str, body: &str) -> Answer {
    let mut who = app.anonymous().header("x-forwarded-for", from);
    if route.access == Access::Session {
        who = who.bearer(&app.sign_in(EMAIL, PASSWORD).await.access);
    }
    let path = route.path.replace("{email}", "ana@example.com").replace("{id}", "x");
    let request = who.raw(route.method.as_str(), &path).header("content-type", media).body(body.to_owned());
    who.send_raw(request).await
}

#[tokio::test]
async fn whatever_nonsense_is_sent_to_a_route_is_an_attempt_that_the_audit_knows() {
    let app = TestApp::start_with(&[("TRUSTED_PROXIES", "127.0.0.1")]).await;
    app.ignore_messages();
    app.proved_teacher(EMAIL).await;
    let json = |value: Value| ("application/json", value.to_string());
    let bodies = [
        ("application/json", "{".to_owned()),
        ("text/plain", "{}".to_owned()),
        ("application/json", format!("{{\"x\":\"{}\"}}", "y".repeat(64 * 1024))),
        json(json!({})),
        json(every_member(&json!(1))),
        json(every_member(&json!("x"))),
    ];
    let mut silent = Vec::new();
    for (r, route) in tried().enumerate() {
        for (b, (media, body)) in bodies.iter().enumerate() {
            // Signing in for the request is an attempt, too.
            let of_session = i64::from(route.access == Access::Session);
            let before = attempts(&app).await;
            let answer = send(&app, route, &format!("198.51.{r}.{b}"), media, body).await;
            app.messages().await;
            let after = attempts(&app).await;
            // What an owner sends back as it was changes nothing; a token that nobody has is of nobody.
            let nothing = answer.status < 400 || (route.access == Access::RefreshToken && answer.status == 401);
            if after - before < of_session + i64::from(!nothing) {
                silent.push(format!("{} {} #{b}: {} made {} rows", route.method, route.path, answer.status, after - before - of_session));
            }
            app.advance(time::Duration::seconds(61));
        }
    }
    assert!(silent.is_empty(), "{silent:#?}");
}

#[tokio::test]
async fn a_form_of_a_page_that_says_nothing_is_an_attempt_too() {
    let app = TestApp::start_with(&[("TRUSTED_PROXIES", "127.0.0.1")]).await;
    let mut silent = Vec::new();
    for (n, (form, fields)) in OF_STRANGERS.into_iter().enumerate() {
        let before = attempts(&app).await;
        let who = app.anonymous().header("x-forwarded-for", &format!("198.51.100.{n}")).header("sec-fetch-site", "same-origin");
        who.send_raw(who.raw("POST", &format!("/sf/{form}")).form(fields)).await.expect(200);
        if attempts(&app).await <= before {
            silent.push(form);
        }
    }
    assert!(silent.is_empty(), "{silent:?}");
}

#[tokio::test]
async fn a_flood_of_nonsense_has_a_row_for_what_a_person_might_send_and_a_count_for_the_rest() {
    let app = TestApp::start().await;
    let stranger: Actor<'_> = app.anonymous();
    for _ in 0..50 {
        stranger.post("/api/auth/contest", json!({ "document": 7 })).await.expect(400);
    }
    assert_eq!(attempts(&app).await, 50);
    assert_eq!(app.count("select count(*) from audit").await, 21);
    assert_eq!(app.count("select count(*) from audit where event = 'excess_rate_limit_exceeded' and times = 30").await, 1);
}
