//! What a product may ask for, and in which way.

use super::super::{CALLBACK, SCHOOL, browser, follow, parameter, sign_in, signed_in, start, userinfo};
use super::{access, id_token};
use crate::support::people::EMAIL;
use serde_json::Value;
use time::Duration;

/// Whatever a parameter says that need not be understood, the person comes in.
async fn comes_in_with(more: &[(&str, &str)]) {
    let app = start().await;
    let browser = browser(&app);
    app.proved_teacher(EMAIL).await;
    assert_eq!(browser.get(&SCHOOL.address(more)).await.expect(303).location(), "/login");
    browser.get("/login").await.expect(200);
    let back = follow(&browser, sign_in(&browser).await).await;
    let code = parameter(back.location(), "code").expect("a code");
    let tokens = SCHOOL.exchange(&app, &code, &[]).await.expect(200).json();
    assert_eq!(id_token(&app, &tokens).await["aud"], "school");
}

/// Signs in twice, the second time because the request asks for it, and returns both ID tokens.
async fn signs_in_again(second: &[(&str, &str)]) -> (Value, Value) {
    let app = start().await;
    let browser = signed_in(&app).await;
    let first = id_token(&app, &SCHOOL.tokens(&app, &browser, &[]).await).await;
    app.advance(Duration::seconds(2));
    assert_eq!(browser.get(&SCHOOL.address(second)).await.expect(303).location(), "/login");
    let back = follow(&browser, sign_in(&browser).await).await;
    let code = parameter(back.location(), "code").expect("a code");
    let again = SCHOOL.exchange(&app, &code, &[]).await.expect(200).json();
    (first, id_token(&app, &again).await)
}

/// Signs in, and again a while later with a request that needs no person. Returns both ID tokens.
async fn comes_back_by_itself(more: &[(&str, &str)]) -> (Value, Value) {
    let app = start().await;
    let browser = signed_in(&app).await;
    let tokens = SCHOOL.tokens(&app, &browser, &[]).await;
    app.advance(Duration::seconds(2));
    let hint = tokens["id_token"].as_str().expect("an ID token");
    let more: Vec<_> = more.iter().map(|(name, value)| (*name, if *value == "{hint}" { hint } else { *value })).collect();
    let again = SCHOOL.tokens(&app, &browser, &more).await;
    (id_token(&app, &tokens).await, id_token(&app, &again).await)
}

#[tokio::test]
async fn oidcc_alternate_happy_flow() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let address = SCHOOL.address(&[("scope", "email profile openid")]);
    let (path, query) = address.split_once('?').expect("a query");
    let turned: Vec<_> = query.split('&').rev().collect();
    let back = browser.get(&format!("{path}?{}", turned.join("&"))).await.expect(303);
    let code = parameter(back.location(), "code").expect("a code");
    let tokens = SCHOOL.exchange(&app, &code, &[]).await.expect(200).json();
    assert_eq!(userinfo(&app, access(&tokens)).await.expect(200).json()["email"], EMAIL);
}

#[tokio::test]
async fn oidcc_display_page() {
    comes_in_with(&[("display", "page")]).await;
}

#[tokio::test]
async fn oidcc_display_popup() {
    comes_in_with(&[("display", "popup")]).await;
}

#[tokio::test]
async fn oidcc_prompt_login() {
    let (first, second) = signs_in_again(&[("prompt", "login")]).await;
    assert_eq!(first["sub"], second["sub"]);
    assert!(second["auth_time"].as_i64() > first["auth_time"].as_i64());
}

#[tokio::test]
async fn oidcc_prompt_none_not_logged_in() {
    let app = start().await;
    let back = browser(&app).get(&SCHOOL.address(&[("prompt", "none")])).await.expect(303);
    assert!(back.location().starts_with(CALLBACK));
    assert_eq!(parameter(back.location(), "error").as_deref(), Some("login_required"));
}

#[tokio::test]
async fn oidcc_prompt_none_logged_in() {
    let (first, second) = comes_back_by_itself(&[("prompt", "none")]).await;
    assert_eq!((&first["sub"], &first["auth_time"]), (&second["sub"], &second["auth_time"]));
}

#[tokio::test]
async fn oidcc_max_age_1() {
    let (first, second) = signs_in_again(&[("max_age", "1")]).await;
    assert!(second["auth_time"].as_i64() > first["auth_time"].as_i64());
}

#[tokio::test]
async fn oidcc_max_age_10000() {
    let (first, second) = comes_back_by_itself(&[("max_age", "10000")]).await;
    assert_eq!((&first["sub"], &first["auth_time"]), (&second["sub"], &second["auth_time"]));
}

#[tokio::test]
async fn oidcc_ensure_request_with_unknown_parameter_succeeds() {
    comes_in_with(&[("extra", "foobar")]).await;
}

#[tokio::test]
async fn oidcc_id_token_hint() {
    let (first, second) = comes_back_by_itself(&[("prompt", "none"), ("id_token_hint", "{hint}")]).await;
    assert_eq!((&first["sub"], &first["auth_time"]), (&second["sub"], &second["auth_time"]));
}

#[tokio::test]
async fn oidcc_login_hint() {
    comes_in_with(&[("login_hint", "buffy@portaria.example")]).await;
}

#[tokio::test]
async fn oidcc_ui_locales() {
    comes_in_with(&[("ui_locales", "se")]).await;
}

#[tokio::test]
async fn oidcc_claims_locales() {
    comes_in_with(&[("claims_locales", "se")]).await;
}

#[tokio::test]
async fn oidcc_ensure_request_with_acr_values_succeeds() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let document = app.get("/.well-known/openid-configuration").await.expect(200).json();
    let offered = document["acr_values_supported"].as_array().expect("a list");
    let asked: Vec<_> = offered.iter().filter_map(Value::as_str).collect();
    let tokens = SCHOOL.tokens(&app, &browser, &[("acr_values", &asked.join(" "))]).await;
    assert!(offered.contains(&id_token(&app, &tokens).await["acr"]));
}

#[tokio::test]
async fn oidcc_ensure_registered_redirect_uri() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let page = browser.get(&SCHOOL.address(&[("redirect_uri", "https://escola.example/cb/unregistered")])).await.expect(400);
    assert_eq!(page.location(), "");
    assert!(page.text.contains("redirect_uri"), "{}", page.text);
}

#[tokio::test]
async fn oidcc_ensure_post_request_succeeds() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let address = SCHOOL.address(&[]);
    let (path, query) = address.split_once('?').expect("a query");
    let form: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let posted = browser.send_raw(browser.raw("POST", path).header("sec-fetch-site", "cross-site").form(&form)).await;
    let back = follow(&browser, posted).await;
    assert!(parameter(back.location(), "code").is_some(), "{}", back.location());
}

#[tokio::test]
async fn oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported() {
    let app = start().await;
    let back = signed_in(&app).await.get(&SCHOOL.address(&[("request_uri", "https://suite.example/r.jwt")])).await.expect(303);
    assert_eq!(parameter(back.location(), "error").as_deref(), Some("request_uri_not_supported"));
}

#[tokio::test]
async fn oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported() {
    let app = start().await;
    let back = signed_in(&app).await.get(&SCHOOL.address(&[("request", "eyJhbGciOiJub25lIn0.e30.")])).await.expect(303);
    assert_eq!(parameter(back.location(), "error").as_deref(), Some("request_not_supported"));
}

/// The parameter `claims` is not supported, which is said and is no error: the suite warns that there is no name.
#[tokio::test]
async fn oidcc_claims_essential() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let document = app.get("/.well-known/openid-configuration").await.expect(200).json();
    assert_eq!(document["claims_parameter_supported"], false);
    SCHOOL.code(&browser, &[("claims", r#"{"userinfo":{"name":{"essential":true}}}"#)]).await;
}

/// A request object is not supported, so that it cannot take the place of an address that is wrong.
#[tokio::test]
async fn oidcc_ensure_request_object_with_redirect_uri() {
    let app = start().await;
    let wrong = [("redirect_uri", "https://escola.example/cb/wrong"), ("request", "eyJhbGciOiJub25lIn0.e30.")];
    assert_eq!(signed_in(&app).await.get(&SCHOOL.address(&wrong)).await.expect(400).location(), "");
}
