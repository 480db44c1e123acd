//! What a product gets: tokens, claims, and the documents that it begins with.

use super::super::{
    CALLBACK, PAGE, SCHOOL, SECRET, VERIFIER, basic, browser, claims, follow, parameter, sign_in, signed_in, start, start_signing, userinfo,
};
use super::{access, id_token};
use crate::support::people::{EMAIL, PHONE, client_form};
use crate::support::{Actor, TestApp};
use jsonwebtoken::Algorithm;
use serde_json::{Value, json};
use time::Duration;

/// A client with a proved phone, signed in.
async fn client_signed_in(app: &TestApp) -> Actor<'_> {
    let browser = browser(app);
    let waiting = browser.form("/register/client", "sign_up", &client_form(PHONE)).await.expect(303).location().to_owned();
    let signup = waiting.split("signup=").nth(1).expect("an id");
    let code = app.code_to(PHONE).await;
    browser.form(&waiting, "prove_code", &[("signup", signup), ("code", &code)]).await.expect(303);
    browser
}

/// The claims of userinfo for what is asked for with these scopes.
async fn told(app: &TestApp, browser: &Actor<'_>, scope: &str) -> Value {
    let tokens = SCHOOL.tokens(app, browser, &[("scope", scope)]).await;
    assert_eq!(tokens["scope"], scope);
    let told = userinfo(app, access(&tokens)).await.expect(200).json();
    assert_eq!(told["sub"], id_token(app, &tokens).await["sub"]);
    told
}

#[tokio::test]
async fn oidcc_server() {
    let app = start().await;
    app.proved_teacher(EMAIL).await;
    let browser = browser(&app);
    browser.get(&SCHOOL.address(&[("nonce", "n-0S6_WzA2Mj")])).await.expect(303);
    let back = follow(&browser, sign_in(&browser).await).await;
    assert!(back.location().starts_with(CALLBACK), "{}", back.location());
    assert_eq!(parameter(back.location(), "state").as_deref(), Some("estado 1&2"));
    let code = parameter(back.location(), "code").expect("a code");
    let form = [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", CALLBACK), ("code_verifier", VERIFIER)];
    let client = app.anonymous();
    let answer = client.send_raw(client.raw("POST", "/oauth/token").header("authorization", basic("school", SECRET)).form(&form)).await;
    let tokens = answer.expect(200).json();
    assert_eq!((&tokens["token_type"], tokens["expires_in"].as_i64().is_some_and(|seconds| seconds > 0)), (&json!("Bearer"), true));
    let id = id_token(&app, &tokens).await;
    assert_eq!((&id["iss"], &id["aud"], &id["nonce"]), (&json!(app.url), &json!("school"), &json!("n-0S6_WzA2Mj")));
    let (iat, exp) = (id["iat"].as_i64().expect("iat"), id["exp"].as_i64().expect("exp"));
    assert!(iat <= app.now().unix_timestamp() && exp > iat && id["at_hash"].is_string() && id["auth_time"].is_i64());
    assert!(id["sub"].as_str().is_some_and(|sub| !sub.is_empty() && sub.len() <= 255 && sub.is_ascii()));
    assert_eq!(userinfo(&app, access(&tokens)).await.expect(200).json()["sub"], id["sub"]);
}

#[tokio::test]
async fn oidcc_response_type_missing() {
    let app = start().await;
    let back = signed_in(&app).await.get(&SCHOOL.address(&[("response_type", "-")])).await.expect(303);
    assert_eq!(parameter(back.location(), "error").as_deref(), Some("invalid_request"));
    assert_eq!(parameter(back.location(), "state").as_deref(), Some("estado 1&2"));
}

#[tokio::test]
async fn oidcc_idtoken_signature() {
    let app = start_signing(Algorithm::RS256).await;
    let browser = signed_in(&app).await;
    let tokens = SCHOOL.tokens(&app, &browser, &[]).await;
    let token = tokens["id_token"].as_str().expect("an ID token");
    assert_eq!(claims(&app, token, Algorithm::RS256).await["aud"], "school");
    assert!(jsonwebtoken::decode_header(token).expect("a header").kid.is_some());
}

/// Not supported, and not said to be: the suite leaves it out.
#[tokio::test]
async fn oidcc_idtoken_unsigned() {
    let app = start().await;
    let document = app.get("/.well-known/openid-configuration").await.expect(200).json();
    assert!(!document["id_token_signing_alg_values_supported"].as_array().expect("a list").contains(&json!("none")));
}

#[tokio::test]
async fn oidcc_userinfo_get() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let tokens = SCHOOL.tokens(&app, &browser, &[]).await;
    let answer = app.anonymous().bearer(access(&tokens)).get("/oauth/userinfo").await.expect(200);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.json()["sub"], id_token(&app, &tokens).await["sub"]);
}

#[tokio::test]
async fn oidcc_userinfo_post_header() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let tokens = SCHOOL.tokens(&app, &browser, &[]).await;
    let client = app.anonymous();
    let answer = client.send_raw(client.raw("POST", "/oauth/userinfo").bearer_auth(access(&tokens))).await.expect(200);
    assert_eq!(answer.json()["sub"], id_token(&app, &tokens).await["sub"]);
}

#[tokio::test]
async fn oidcc_userinfo_post_body() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let tokens = SCHOOL.tokens(&app, &browser, &[]).await;
    let client = app.anonymous();
    let request = client.raw("POST", "/oauth/userinfo").form(&[("access_token", access(&tokens))]);
    assert_eq!(client.send_raw(request).await.expect(200).json()["sub"], id_token(&app, &tokens).await["sub"]);
}

#[tokio::test]
async fn oidcc_ensure_request_without_nonce_succeeds_for_code_flow() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let tokens = SCHOOL.tokens(&app, &browser, &[("nonce", "-")]).await;
    assert_eq!(id_token(&app, &tokens).await["nonce"], Value::Null);
}

#[tokio::test]
async fn oidcc_scope_profile() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let told = told(&app, &browser, "openid profile").await;
    assert_eq!((&told["name"], &told["email"]), (&json!("Carla Dias"), &Value::Null));
}

#[tokio::test]
async fn oidcc_scope_email() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let told = told(&app, &browser, "openid email").await;
    assert_eq!((&told["email"], &told["email_verified"], &told["name"]), (&json!(EMAIL), &json!(true), &Value::Null));
}

/// Not supported, and not said to be: the suite leaves it out. Who asks for it all the same gets the rest.
#[tokio::test]
async fn oidcc_scope_address() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let document = app.get("/.well-known/openid-configuration").await.expect(200).json();
    assert!(!document["scopes_supported"].as_array().expect("a list").contains(&json!("address")));
    assert_eq!(SCHOOL.tokens(&app, &browser, &[("scope", "openid address")]).await["scope"], "openid");
}

#[tokio::test]
async fn oidcc_scope_phone() {
    let app = start().await;
    let browser = client_signed_in(&app).await;
    let told = told(&app, &browser, "openid phone").await;
    assert_eq!((&told["phone_number"], &told["phone_number_verified"]), (&json!(PHONE), &json!(true)));
}

/// Without `address`, for which the suite would leave it out.
#[tokio::test]
async fn oidcc_scope_all() {
    let app = start().await;
    let browser = client_signed_in(&app).await;
    let told = told(&app, &browser, "openid profile email phone").await;
    assert_eq!((&told["name"], &told["phone_number"]), (&json!("Ana Souza"), &json!(PHONE)));
}

#[tokio::test]
async fn oidcc_codereuse() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let code = SCHOOL.code(&browser, &[]).await;
    SCHOOL.exchange(&app, &code, &[]).await.expect(200);
    assert_eq!(SCHOOL.exchange(&app, &code, &[]).await.expect(400).token("error"), "invalid_grant");
}

#[tokio::test]
async fn oidcc_codereuse_30seconds() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let code = SCHOOL.code(&browser, &[]).await;
    let tokens = SCHOOL.exchange(&app, &code, &[]).await.expect(200).json();
    app.advance(Duration::seconds(30));
    assert_eq!(SCHOOL.exchange(&app, &code, &[]).await.expect(400).token("error"), "invalid_grant");
    userinfo(&app, access(&tokens)).await.expect(401);
}

#[tokio::test]
async fn oidcc_server_client_secret_post() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let code = SCHOOL.code(&browser, &[]).await;
    assert_eq!(SCHOOL.exchange(&app, &code, &[("client_secret", "outro")]).await.expect(401).token("error"), "invalid_client");
    SCHOOL.exchange(&app, &code, &[("client_secret", SECRET)]).await.expect(200);
}

#[tokio::test]
async fn oidcc_refresh_token() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let first = SCHOOL.tokens(&app, &browser, &[("scope", "openid offline_access"), ("nonce", "n")]).await;
    let token = first["refresh_token"].as_str().expect("a refresh token");
    let client = app.anonymous();
    let form = [("grant_type", "refresh_token"), ("refresh_token", token)];
    let with = |id: &str, secret: &str| client.raw("POST", "/oauth/token").header("authorization", basic(id, secret)).form(&form);
    assert_eq!(client.send_raw(with("others", SECRET)).await.expect(400).token("error"), "invalid_grant", "it is bound to its client");
    let second = client.send_raw(with("school", SECRET)).await.expect(200).json();
    let (before, after) = (id_token(&app, &first).await, id_token(&app, &second).await);
    for same in ["iss", "sub", "aud", "auth_time"] {
        assert_eq!(before[same], after[same], "{same}");
    }
    assert!(after["nonce"].is_null() || after["nonce"] == before["nonce"]);
    userinfo(&app, access(&second)).await.expect(200);
}

#[tokio::test]
async fn oidcc_ensure_request_with_valid_pkce_succeeds() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let tokens = PAGE.tokens(&app, &browser, &[]).await;
    assert_eq!(id_token(&app, &tokens).await["aud"], "page");
}

#[tokio::test]
async fn oidcc_discovery_endpoint_verification() {
    let app = start().await;
    let document = app.get("/.well-known/openid-configuration").await.expect(200).json();
    assert_eq!(document["issuer"], app.url.as_str());
    for endpoint in ["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"] {
        let address = document[endpoint].as_str().expect(endpoint);
        assert!(address.starts_with(&app.url) && !address.contains('#'), "{endpoint}");
    }
    let has = |list: &str, value: &str| assert!(document[list].as_array().expect(list).contains(&json!(value)), "{list}");
    has("response_types_supported", "code");
    has("subject_types_supported", "public");
    has("id_token_signing_alg_values_supported", "RS256");
    has("scopes_supported", "openid");
    has("claims_supported", "sub");
    has("grant_types_supported", "authorization_code");
    let keys = app.get("/.well-known/jwks.json").await.expect(200).json();
    let keys = keys["keys"].as_array().expect("keys").clone();
    let ids: std::collections::HashSet<_> = keys.iter().filter_map(|key| key["kid"].as_str()).collect();
    assert_eq!(ids.len(), keys.len(), "each key has an id of its own");
    assert!(keys.iter().all(|key| key["d"].is_null() && key["use"] == "sig"), "public keys, for signatures");
}
