//! `registerComplete` serves only whoever proved the address (SPEC §3; docs/threats.md T1). Everybody else is refused, in any
//! order of calls.

use super::{
    BOUNDARY, CPF, EMAIL, OTHER_CPF, OTHER_PHONE, PASSWORD, PHONE, USERNAME, complete, completed, expect_error, login, media, profile,
    proved, registered, token_of, verify,
};
use crate::support::{Actor, Answer, TestApp};
use serde_json::json;
use time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const VICTIM: &str = "vitima@email.com";

/// Tries to complete an address. Expects the answer that everybody gets who did not prove it.
async fn expect_stranger(by: Actor<'_>, email: &str) -> Answer {
    let answer = expect_error(complete(by, email, profile(OTHER_CPF, OTHER_PHONE)).await, 403, "AUTH_001");
    assert_eq!(answer.json()["message"], "Email não verificado");
    answer
}

#[tokio::test]
async fn without_a_proof_of_the_address_all_addresses_look_alike() {
    let app = TestApp::start().await;
    let token = proved(&app, EMAIL, USERNAME).await;
    registered(&app, "pendente@email.com", "pendente").await;
    proved(&app, VICTIM, "vitima").await;
    completed(&app, "completa@email.com", "completa", CPF, PHONE).await;
    let session = token_of(&login(&app, EMAIL, PASSWORD).await.expect(200));
    let mut heard = Vec::new();
    for email in ["ninguem@email.com", "pendente@email.com", VICTIM, "completa@email.com", "no-address", "%C3%28"] {
        heard.push(expect_stranger(app.anonymous(), email).await.text);
        for credential in [token.as_str(), session.as_str(), "garbage", "a.b.c"] {
            heard.push(expect_stranger(app.anonymous().bearer(credential), email).await.text);
        }
    }
    heard.dedup();
    assert_eq!(heard.len(), 1, "{heard:?}");
    assert_eq!(app.count("select count(*) from accounts where cpf_index is not null").await, 1);
    complete(app.anonymous().bearer(&token), EMAIL, profile(OTHER_CPF, OTHER_PHONE)).await.expect(200);
}

#[tokio::test]
async fn nobody_completes_before_the_address_is_proved() {
    let app = TestApp::start().await;
    let code = registered(&app, EMAIL, USERNAME).await;
    expect_stranger(app.anonymous(), EMAIL).await;
    let browser = app.anonymous();
    let body = json!({ "email": EMAIL, "code": TestApp::other_than(&code) });
    expect_error(browser.post("/api/email-verification/verify", body).await, 400, "VERIFICATION_001");
    expect_stranger(browser, EMAIL).await;
}

#[tokio::test]
async fn the_cookie_that_verify_set_is_enough_for_its_own_address() {
    let app = TestApp::start().await;
    proved(&app, VICTIM, "vitima").await;
    let code = registered(&app, EMAIL, USERNAME).await;
    let browser = app.anonymous();
    browser.post("/api/email-verification/verify", json!({ "email": EMAIL, "code": code })).await.expect(200);
    let post = async |email: &str| browser.post_raw(&format!("/auth/registerComplete/{email}"), &media(), profile(CPF, PHONE).end()).await;
    expect_error(post(VICTIM).await, 403, "AUTH_001");
    let answer = post("Usuario%40Email.COM").await.expect(200);
    assert!(answer.cookie("portaria_proof").contains("Max-Age=0"), "it has served its purpose");
    expect_error(post(EMAIL).await, 403, "AUTH_001");
}

#[tokio::test]
async fn a_cookie_is_no_bearer_and_a_bearer_is_no_cookie() {
    let app = TestApp::start().await;
    let code = registered(&app, EMAIL, USERNAME).await;
    let answer = verify(&app, EMAIL, &code).await.expect(200);
    let cookie = answer.cookie("portaria_proof");
    let cookie = cookie.split(['=', ';']).nth(1).expect("a value").to_owned();
    let token = answer.json()["data"]["signupToken"].as_str().expect("a token").to_owned();
    expect_stranger(app.anonymous().bearer(&cookie), EMAIL).await;
    expect_stranger(app.anonymous().header("cookie", &format!("portaria_proof={token}")), EMAIL).await;
    // A valid cookie does not make up for an invalid bearer token.
    expect_stranger(app.anonymous().header("cookie", &format!("portaria_proof={cookie}")).bearer("garbage"), EMAIL).await;
    complete(app.anonymous().header("cookie", &format!("portaria_proof={cookie}")), EMAIL, profile(CPF, PHONE)).await.expect(200);
}

#[tokio::test]
async fn a_session_of_the_account_is_enough_and_an_ended_one_is_not() {
    let app = TestApp::start().await;
    proved(&app, EMAIL, USERNAME).await;
    let ended = token_of(&login(&app, EMAIL, PASSWORD).await.expect(200));
    app.anonymous().bearer(&ended).post("/api/auth/logout", json!({})).await.expect(200);
    expect_stranger(app.anonymous().bearer(&ended), EMAIL).await;
    let browser = app.anonymous();
    browser.form("/login", "sign_in", &[("identifier", EMAIL), ("password", PASSWORD)]).await.expect(303);
    let path = format!("/auth/registerComplete/{EMAIL}");
    browser.post_raw(&path, &media(), profile(CPF, PHONE).end()).await.expect(200);
    app.expect_message("usuario@email.com", "Novo documento na sua conta").await;
    app.expect_message("usuario@email.com", "Novo acesso à sua conta").await;
}

#[tokio::test]
async fn a_browsers_cookie_does_not_serve_another_site() {
    let app = TestApp::start().await;
    let code = registered(&app, EMAIL, USERNAME).await;
    let cookie = verify(&app, EMAIL, &code).await.expect(200).cookie("portaria_proof");
    let cookie = cookie.split(';').next().expect("a pair").to_owned();
    let foreign = app.anonymous().header("cookie", &cookie).header("origin", "https://evil.example").header("sec-fetch-site", "cross-site");
    expect_error(complete(foreign, EMAIL, profile(CPF, PHONE)).await, 403, "REQUEST_001");
    assert_eq!(app.count("select count(*) from accounts where cpf_index is not null").await, 0);
}

#[tokio::test]
async fn after_half_an_hour_the_proof_has_lapsed_and_its_holder_is_told_so() {
    let app = TestApp::start().await;
    let token = proved(&app, EMAIL, USERNAME).await;
    app.advance(Duration::minutes(30));
    let answer = expect_error(complete(app.anonymous().bearer(&token), EMAIL, profile(CPF, PHONE)).await, 401, "AUTH_004");
    assert_eq!(answer.json()["message"], "Token inválido/expirado");
    expect_stranger(app.anonymous().bearer(&token), VICTIM).await;
    let session = token_of(&login(&app, EMAIL, PASSWORD).await.expect(200));
    complete(app.anonymous().bearer(&session), EMAIL, profile(CPF, PHONE)).await.expect(200);
    app.expect_message("usuario@email.com", "Novo documento na sua conta").await;
}

#[tokio::test]
async fn the_address_in_the_path_is_decoded_once() {
    let app = TestApp::start().await;
    let token = proved(&app, EMAIL, USERNAME).await;
    for email in ["usuario%2540email.com", "usuario%2540email.com%00", "usuario@email.com%00", "x/usuario@email.com"] {
        let answer = complete(app.anonymous().bearer(&token), email, profile(CPF, PHONE)).await;
        assert!(matches!(answer.status, 403 | 404), "{email}: {}", answer.text);
    }
    complete(app.anonymous().bearer(&token), "%75suario%40email.com", profile(CPF, PHONE)).await.expect(200);
}

#[tokio::test]
async fn a_session_of_another_kind_completes_nothing() {
    let app = TestApp::start().await;
    app.proved_teacher("professora@example.com").await;
    let session = app.login("professora@example.com", crate::support::people::PASSWORD).await.expect(200);
    let session = session.json()["accessToken"].as_str().expect("a token").to_owned();
    expect_stranger(app.anonymous().bearer(&session), "professora@example.com").await;
}

#[tokio::test]
async fn a_replaced_claim_takes_its_proofs_along() {
    let app = TestApp::start().await;
    let first = registered(&app, EMAIL, USERNAME).await;
    app.advance(Duration::minutes(1));
    let second = registered(&app, EMAIL, "novo").await;
    if first != second {
        expect_error(verify(&app, EMAIL, &first).await, 400, "VERIFICATION_001");
    }
    let token = verify(&app, EMAIL, &second).await.expect(200).json()["data"]["signupToken"].as_str().expect("a token").to_owned();
    let me = token_of(&complete(app.anonymous().bearer(&token), EMAIL, profile(CPF, PHONE)).await.expect(200));
    assert_eq!(app.anonymous().bearer(&me).get("/api/auth/profile").await.expect(200).json()["username"], "novo");
}

/// The body of a stranger is not read: the answer comes before the body is sent.
#[tokio::test]
async fn a_strangers_body_is_not_waited_for() {
    let app = TestApp::start().await;
    let address = app.url.trim_start_matches("http://").to_owned();
    let mut socket = tokio::net::TcpStream::connect(&address).await.expect("connected");
    let head = format!(
        "POST /auth/registerComplete/{EMAIL} HTTP/1.1\r\nhost: {address}\r\ncontent-length: 900000000\r\n\
         content-type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n"
    );
    socket.write_all(head.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.expect("an answer, and the end of the connection");
    assert!(answer.starts_with("HTTP/1.1 403 ") && answer.contains("AUTH_001"), "{answer}");
    assert!(answer.to_ascii_lowercase().contains("connection: close"), "{answer}");
}
