//! The plan RP-Initiated Logout.

use super::super::{SCHOOL, parameter, signed_in, start};
use crate::support::{Actor, Answer, TestApp};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

const BYE: &str = "https://escola.example/bye";

async fn hint_of(app: &TestApp, browser: &Actor<'_>) -> String {
    SCHOOL.tokens(app, browser, &[]).await["id_token"].as_str().expect("an ID token").to_owned()
}

async fn sent_out(browser: &Actor<'_>, parameters: &[(&str, &str)]) -> Answer {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    browser.get(&format!("/oauth/logout?{query}")).await
}

/// As the suite does: a request that must not ask is refused.
async fn is_out(browser: &Actor<'_>) -> bool {
    let back = browser.get(&SCHOOL.address(&[("prompt", "none")])).await.expect(303);
    parameter(back.location(), "error").as_deref() == Some("login_required")
}

/// A page, on which the person may agree; nobody is sent anywhere.
async fn shows_a_page(browser: &Actor<'_>, parameters: &[(&str, &str)]) {
    let page = sent_out(browser, parameters).await;
    assert!([200, 400].contains(&page.status) && page.location().is_empty(), "{} {}", page.status, page.location());
    assert!(!is_out(browser).await, "nobody was asked");
}

/// Asked first, because no ID token shows that a product wants it; after a yes the person is out, and stays here.
async fn asks_and_signs_out(parameters: &[(&str, &str)]) {
    let app = start().await;
    let browser = signed_in(&app).await;
    let page = sent_out(&browser, parameters).await.expect(200);
    assert!(page.text.contains("Sair da sua conta?"), "{}", page.text);
    let form = [parameters, &[("answer", "yes")]].concat();
    let yes = browser.raw("POST", "/oauth/logout/answer").header("sec-fetch-site", "same-origin").form(&form);
    assert_eq!(browser.send_raw(yes).await.expect(303).goes(), "/, signed_out");
    assert!(is_out(&browser).await);
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_discovery_endpoint_verification() {
    let app = start().await;
    let document = app.get("/.well-known/openid-configuration").await.expect(200).json();
    assert_eq!(document["end_session_endpoint"], format!("{}/oauth/logout", app.url));
}

#[tokio::test]
async fn oidcc_rp_initiated_logout() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let hint = hint_of(&app, &browser).await;
    let gone = sent_out(&browser, &[("id_token_hint", &hint), ("post_logout_redirect_uri", BYE), ("state", "s-1")]).await.expect(303);
    assert_eq!(gone.location(), format!("{BYE}?state=s-1"));
    assert!(is_out(&browser).await);
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_bad_post_logout_redirect_uri() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let hint = hint_of(&app, &browser).await;
    let bad = "https://escola.example/bye/not-registered";
    shows_a_page(&browser, &[("id_token_hint", &hint), ("post_logout_redirect_uri", bad)]).await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_modified_id_token_hint() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let hint = hint_of(&app, &browser).await;
    let body = hint.split('.').nth(1).expect("claims");
    let modified = format!("{}.{body}.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#));
    shows_a_page(&browser, &[("id_token_hint", &modified), ("post_logout_redirect_uri", BYE)]).await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_no_id_token_hint() {
    let app = start().await;
    let browser = signed_in(&app).await;
    shows_a_page(&browser, &[("post_logout_redirect_uri", BYE)]).await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_no_params() {
    asks_and_signs_out(&[]).await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_no_post_logout_redirect_uri() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let hint = hint_of(&app, &browser).await;
    let gone = sent_out(&browser, &[("id_token_hint", &hint), ("state", "s-1")]).await.expect(303);
    assert_eq!(gone.goes(), "/, signed_out");
    assert!(is_out(&browser).await);
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_no_state() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let hint = hint_of(&app, &browser).await;
    let gone = sent_out(&browser, &[("id_token_hint", &hint), ("post_logout_redirect_uri", BYE)]).await.expect(303);
    assert_eq!(gone.location(), BYE);
    assert!(is_out(&browser).await);
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_only_state() {
    asks_and_signs_out(&[("state", "s-1")]).await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_query_added_to_post_logout_redirect_uri() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let hint = hint_of(&app, &browser).await;
    shows_a_page(&browser, &[("id_token_hint", &hint), ("post_logout_redirect_uri", &format!("{BYE}?foo=bar"))]).await;
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_bad_id_token_hint() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let hint = hint_of(&app, &browser).await;
    let (signed, _) = hint.rsplit_once('.').expect("a signature");
    let foreign = format!("{signed}.{}", URL_SAFE_NO_PAD.encode([7; 64]));
    shows_a_page(&browser, &[("id_token_hint", &foreign), ("post_logout_redirect_uri", BYE)]).await;
}
