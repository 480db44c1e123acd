//! Values as clipboards hold them, and addresses with an international domain, in either form.

use crate::support::people::{EMAIL, PASSWORD, PHONE, WHATSAPP_CODE, WRONG_PASSWORD, client, client_form, registration, teacher};
use crate::support::{TestApp, code_in};
use serde_json::json;
use time::Duration;

/// A phone as the contacts app of a Mac copies it.
const COPIED_PHONE: &str = "\u{202a}+55\u{a0}(11)\u{2009}98765\u{2011}4321\u{202c}";
/// The form in which browsers send it, and in which it is kept.
const ASCII: &str = "ana@xn--caf-dma.com.br";
const TYPED: [&str; 5] =
    ["ana@café.com.br", "ANA@CAFÉ.com.br", "ana@cafe\u{301}.com.br.", "\u{200b}ana@café.com.br\u{a0}", "Ana@XN--CAF-DMA.com.br"];

fn spaced(code: &str) -> String {
    let (head, tail) = code.split_at(3);
    format!("\u{200e}{head}\u{2013}{tail}\u{feff}")
}

#[tokio::test]
async fn a_client_signs_up_and_in_with_what_was_pasted() {
    let app = TestApp::start().await;
    app.post("/api/auth/register/client", client(COPIED_PHONE)).await.expect(202);
    let code = app.code_to(PHONE).await;
    let answer = app.verify(COPIED_PHONE, &spaced(&code)).await.expect(201);
    let cpf = "529.982.247\u{2011}25\u{200b}";
    app.whoever_got(&answer).change(json!({ "cpf": cpf })).await.expect(200);
    app.advance(Duration::minutes(1));
    app.post("/api/auth/recovery", json!({ "document": "\u{2068}529.982.247\u{2212}25\u{2069}" })).await.expect(200);
    // A notice about the document went there too.
    let code = app.codes_to(PHONE).await.swap_remove(0);
    let proof = json!({ "document": "529\u{202f}982\u{202f}247\u{2013}25", "code": spaced(&code) });
    app.post("/api/auth/recovery/verify", proof).await.expect(200);
    app.post("/api/auth/login/code", json!({ "phone": COPIED_PHONE })).await.expect(202);
    app.expect_message(PHONE, WHATSAPP_CODE).await;
}

#[tokio::test]
async fn the_pages_read_it_as_well() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    browser.form("/register/client", "sign_up", &client_form(COPIED_PHONE)).await.expect(303);
    let code = app.code_to(PHONE).await;
    browser.form("/register/client", "prove_code", &[("code", &spaced(&code))]).await.expect(303);
    browser.get("/dashboard").await.expect(200);
}

#[tokio::test]
async fn a_teacher_signs_in_with_an_address_that_was_pasted() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    for typed in ["\u{feff}ana@example.com", "ana@exam\u{ad}ple.com\u{200b}", "\u{202f}ANA@example.com."] {
        app.login(typed, PASSWORD).await.expect(200);
        app.post("/api/auth/forgot-password", json!({ "email": typed })).await.expect(202);
    }
    let messages = app.messages_to(EMAIL).await;
    let resets = messages.iter().filter(|message| message["link"].as_str().is_some_and(|link| link.contains("/reset-password"))).count();
    assert_eq!(resets, 1, "one address, and so one wait: {messages:?}");
}

#[tokio::test]
async fn an_international_domain_is_one_address_in_either_form() {
    for registered in [TYPED[0], ASCII] {
        let app = TestApp::start().await;
        app.ignore_messages();
        app.post("/api/auth/register/teacher", teacher(registered)).await.expect(201);
        assert_eq!(app.newest_to(ASCII).await["channel"], "email", "the form that a carrier takes");
        for typed in TYPED {
            app.post("/api/auth/register/teacher", teacher(typed)).await.expect_problem(409);
            app.post("/api/register", registration(typed)).await.expect(409);
        }
        app.advance(Duration::minutes(2));
        app.post("/api/resend-verification", json!({ "email": TYPED[1] })).await.expect(202);
        assert_eq!(
            app.messages_to(ASCII)
                .await
                .iter()
                .filter(|message| message["link"].as_str().is_some_and(|link| link.contains("/verify?")))
                .count(),
            2
        );
        app.open_link_to(ASCII).await.expect(200);
        for typed in TYPED.into_iter().chain([ASCII]) {
            assert_eq!(app.login(typed, PASSWORD).await.expect(200).json()["user"]["email"], ASCII, "{typed}");
        }
        app.post("/api/auth/forgot-password", json!({ "email": TYPED[2] })).await.expect(202);
        let messages = app.messages_to(ASCII).await;
        assert!(messages.iter().any(|message| message["link"].as_str().is_some_and(|link| link.contains("/reset-password"))));
        let browser = app.anonymous();
        browser.form("/login", "sign_in", &[("identifier", TYPED[0]), ("password", PASSWORD)]).await.expect(303);
    }
}

#[tokio::test]
async fn a_link_that_was_broken_on_its_way_still_opens() {
    let app = TestApp::start().await;
    app.pending_teacher(EMAIL).await;
    let token = app.token_to(EMAIL).await;
    let (head, tail) = token.split_at(20);
    app.get(&format!("/api/auth/verify-email?token={head}%0D%0A%20{tail}%E2%80%8B")).await.expect(200);
    app.get(&format!("/api/auth/verify-email?token={head}x{tail}")).await.expect_problem(400);
}

#[tokio::test]
async fn failures_are_counted_for_the_address_and_not_for_its_spelling() {
    let app = TestApp::start().await;
    for typed in TYPED {
        app.login(typed, WRONG_PASSWORD).await.expect_problem(401);
    }
    app.login(ASCII, WRONG_PASSWORD).await.expect_problem(429);
}

#[tokio::test]
async fn a_rider_with_an_international_domain_goes_the_whole_way() {
    let app = TestApp::start().await;
    let rider = json!({ "email": "rian@münchen.example", "password": "senha12345", "name": "Rian Lucas", "username": "\u{200e}RianLucas" });
    app.post("/auth/register", rider).await.expect(201);
    let code = code_in(&app.newest_to("rian@xn--mnchen-3ya.example").await);
    let proof = json!({ "email": "Rian@MÜNCHEN.example", "code": spaced(&code) });
    app.post("/api/email-verification/verify", proof).await.expect(200);
    let path = "/auth/registerComplete/rian@m%C3%BCnchen.example";
    let answer = app.anonymous().post_raw(path, "multipart/form-data; boundary=x", "--x--\r\n").await;
    assert_eq!(answer.status, 403, "asked who calls: {}", answer.text);
    app.login("rianlucas\u{feff}", "senha12345").await.expect(200);
}
