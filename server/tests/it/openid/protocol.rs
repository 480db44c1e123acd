//! What products are told.

use super::{CALLBACK, CHALLENGE, PAGE, SCHOOL, SECRET, basic, claims, parameter, signed_in, start, start_signing, userinfo};
use crate::support::people::{EMAIL, PASSWORD};
use jsonwebtoken::Algorithm;
use serde_json::json;
use time::Duration;

#[tokio::test]
async fn the_discovery_document_names_what_there_is() {
    let app = start_signing(Algorithm::RS256).await;
    let answer = app.get("/.well-known/openid-configuration").await.expect(200);
    assert_eq!((answer.header("content-type"), answer.header("access-control-allow-origin")), ("application/json", "*"));
    let told = answer.json();
    assert_eq!(told["issuer"], app.url.as_str());
    for (name, path) in [
        ("authorization_endpoint", "/oauth/authorize"),
        ("token_endpoint", "/oauth/token"),
        ("userinfo_endpoint", "/oauth/userinfo"),
        ("jwks_uri", "/.well-known/jwks.json"),
        ("revocation_endpoint", "/oauth/revoke"),
        ("introspection_endpoint", "/oauth/introspect"),
        ("end_session_endpoint", "/oauth/logout"),
    ] {
        assert_eq!(told[name], format!("{}{path}", app.url));
        assert_ne!(app.get(path).await.status, 404, "{path}");
    }
    assert_eq!(told["code_challenge_methods_supported"], json!(["S256"]));
    assert_eq!(told["id_token_signing_alg_values_supported"], json!(["RS256", "EdDSA"]));
    let keys = app.get("/.well-known/jwks.json").await.expect(200).json();
    let kinds: Vec<_> = keys["keys"].as_array().expect("keys").iter().map(|key| key["kty"].as_str().expect("a type")).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == "RSA").count(), 1, "{kinds:?}");
    assert!(keys["keys"].as_array().expect("keys").iter().all(|key| key["d"].is_null() && key["p"].is_null()), "nothing private");
    let before = app.count("select count(*) from openid_keys").await;
    app.second_node().await;
    assert_eq!((before, app.count("select count(*) from openid_keys").await), (2, 2), "all nodes sign with the same keys");
}

#[tokio::test]
async fn a_client_shows_who_it_is_in_its_own_way_and_no_other() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let code = SCHOOL.code(&browser, &[]).await;
    let error = |answer: &crate::support::Answer| answer.token("error");
    for (more, status, expected) in [
        (vec![("client_secret", "-")], 401, "invalid_client"),
        (vec![("client_secret", "outro")], 401, "invalid_client"),
        (vec![("client_id", "none")], 401, "invalid_client"),
        (vec![("client_id", "-"), ("client_secret", "-")], 401, "invalid_client"),
        (vec![("client_id", "page"), ("client_secret", SECRET)], 401, "invalid_client"),
        (vec![("client_id", "others")], 400, "invalid_grant"),
        (vec![("grant_type", "-")], 400, "invalid_request"),
        (vec![("grant_type", "password")], 400, "unsupported_grant_type"),
        (vec![("code", "-")], 400, "invalid_request"),
        (vec![("code", "nenhum")], 400, "invalid_grant"),
        (vec![("code_verifier", "-")], 400, "invalid_request"),
        (vec![("code_verifier", CHALLENGE)], 400, "invalid_grant"),
        (vec![("code_verifier", "curto")], 400, "invalid_grant"),
        (vec![("redirect_uri", "-")], 400, "invalid_request"),
        (vec![("redirect_uri", "http://127.0.0.1/cb")], 400, "invalid_grant"),
    ] {
        let answer = SCHOOL.exchange(&app, &code, &more).await.expect(status);
        assert_eq!(error(&answer), expected, "{more:?}: {}", answer.text);
        assert_eq!(answer.header("www-authenticate").starts_with("Basic"), status == 401);
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    let client = app.anonymous();
    let form = [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", CALLBACK), ("code_verifier", super::VERIFIER)];
    let twice = [&form[..], &[("client_id", "school"), ("client_secret", SECRET)]].concat();
    let both = client.raw("POST", "/oauth/token").header("authorization", basic("school", SECRET)).form(&twice);
    assert_eq!(error(&client.send_raw(both).await.expect(400)), "invalid_request");
    for wrong in [basic("school", "outro"), "Bearer x".to_owned(), "Basic ?".to_owned()] {
        let request = client.raw("POST", "/oauth/token").header("authorization", wrong).form(&form);
        assert_eq!(error(&client.send_raw(request).await.expect(401)), "invalid_client");
    }
    let json = client.raw("POST", "/oauth/token").json(&json!({ "grant_type": "authorization_code" }));
    assert_eq!(error(&client.send_raw(json).await.expect(400)), "invalid_request");
    // Nothing of all that has used the code up.
    let by_header = client.raw("POST", "/oauth/token").header("authorization", basic("school", SECRET)).form(&form);
    let tokens = client.send_raw(by_header).await.expect(200).json();
    assert_eq!((&tokens["token_type"], &tokens["scope"], &tokens["refresh_token"]), (&json!("Bearer"), &json!("openid"), &json!(null)));
    client.method("GET", "/oauth/token").await.expect(405);
}

#[tokio::test]
async fn an_access_token_opens_userinfo_as_long_as_its_session_lives_and_nothing_else() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let tokens = PAGE.tokens(&app, &browser, &[]).await;
    let access = tokens["access_token"].as_str().expect("a token");
    let told = claims(&app, access, Algorithm::EdDSA).await;
    assert_eq!(
        (&told["aud"], &told["client_id"], &told["scope"]),
        (&json!("https://api.pagina.example"), &json!("page"), &json!("openid"))
    );
    assert_eq!(told["exp"].as_i64().zip(told["iat"].as_i64()).map(|(exp, iat)| exp - iat), Some(300));
    assert_eq!(tokens["expires_in"], 300);
    let sub = userinfo(&app, access).await.expect(200).json();
    assert_eq!(sub, json!({ "sub": told["sub"] }));
    // In the body, too, but once.
    let client = app.anonymous();
    let in_body = |all: &[(&str, &str)]| client.raw("POST", "/oauth/userinfo").form(all);
    assert_eq!(client.send_raw(in_body(&[("access_token", access)])).await.expect(200).json(), sub);
    let twice = in_body(&[("access_token", access)]).bearer_auth(access);
    client.send_raw(twice).await.expect(400);
    // Not at the API, nor the other way round.
    app.anonymous().bearer(access).get("/api/auth/profile").await.expect_problem(401);
    let id = tokens["id_token"].as_str().expect("a token");
    let api = app.login(EMAIL, PASSWORD).await.expect(200).token("accessToken");
    for wrong in [id, &api, "x", "a.b.c", ""] {
        let answer = app.anonymous().header("authorization", &format!("Bearer {wrong}")).get("/oauth/userinfo").await.expect(401);
        assert!(answer.header("www-authenticate").starts_with("Bearer"), "{wrong}");
    }
    assert_eq!(app.get("/oauth/userinfo").await.expect(401).header("www-authenticate"), "Bearer");
    app.advance(Duration::seconds(301));
    let late = userinfo(&app, access).await.expect(401);
    assert!(late.header("www-authenticate").contains("error=\"invalid_token\""), "{:?}", late.headers);
    let tokens = PAGE.tokens(&app, &browser, &[]).await;
    let access = tokens["access_token"].as_str().expect("a token");
    userinfo(&app, access).await.expect(200);
    let code = PAGE.code(&browser, &[]).await;
    browser.form("/dashboard", "sign_out", &[]).await.expect(303);
    userinfo(&app, access).await.expect(401);
    let late = PAGE.exchange(&app, &code, &[]).await.expect(400);
    assert_eq!(late.token("error"), "invalid_grant", "its session has ended");
}

#[tokio::test]
async fn what_is_wrong_with_a_request_is_told_to_the_product_with_its_state() {
    let app = start().await;
    let browser = signed_in(&app).await;
    for (name, value, expected) in [
        ("response_type", "token", "unsupported_response_type"),
        ("response_type", "-", "invalid_request"),
        ("code_challenge", "-", "invalid_request"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("scope", "openid cnpj", "invalid_scope"),
        ("prompt", "none login", "invalid_request"),
        ("request", "e30.e30.", "request_not_supported"),
        ("request_uri", "https://escola.example/r", "request_uri_not_supported"),
    ] {
        let answer = browser.get(&SCHOOL.address(&[(name, value)])).await.expect(303);
        let at = answer.location();
        assert!(at.starts_with("https://escola.example/cb?error="), "{at}");
        assert_eq!(parameter(at, "error").as_deref(), Some(expected), "{name}={value}");
        assert_eq!(parameter(at, "state").as_deref(), Some("estado 1&2"));
        assert_eq!(parameter(at, "iss").as_deref(), Some(app.url.as_str()));
    }
    let with_query = browser.get(&SCHOOL.address(&[("redirect_uri", "https://escola.example/cb?x=1"), ("scope", "-")])).await.expect(303);
    assert!(with_query.location().starts_with("https://escola.example/cb?x=1&error=invalid_scope"), "{}", with_query.location());
    let none = super::browser(&app).get(&SCHOOL.address(&[("prompt", "none")])).await.expect(303);
    assert_eq!(parameter(none.location(), "error").as_deref(), Some("login_required"));
}
