//! Refresh tokens, what is revoked and looked into, and signing out at a product's wish.

use super::{CALLBACK, SCHOOL, SECRET, basic, claims, parameter, sign_in, signed_in, start, userinfo};
use crate::support::people::{EMAIL, NEW_PASSWORD, PASSWORD};
use crate::support::{Answer, TestApp};
use jsonwebtoken::Algorithm;
use serde_json::{Value, json};
use time::Duration;

pub(super) const OFFLINE: &[(&str, &str)] = &[("scope", "openid email offline_access"), ("nonce", "n")];

pub(super) async fn refresh(app: &TestApp, token: &str, more: &[(&str, &str)]) -> Answer {
    let client = app.anonymous();
    let form = [&[("grant_type", "refresh_token"), ("refresh_token", token)], more].concat();
    client.send_raw(client.raw("POST", "/oauth/token").header("authorization", basic("school", SECRET)).form(&form)).await
}

async fn about(app: &TestApp, path: &str, client: &str, token: &str) -> Answer {
    let actor = app.anonymous();
    actor.send_raw(actor.raw("POST", path).header("authorization", basic(client, SECRET)).form(&[("token", token)])).await
}

pub(super) fn text(tokens: &Value, name: &str) -> String {
    tokens[name].as_str().unwrap_or_else(|| panic!("no {name}: {tokens}")).to_owned()
}

#[tokio::test]
async fn a_refresh_token_is_given_for_offline_access_alone_and_is_replaced_at_each_use() {
    let app = start().await;
    let browser = signed_in(&app).await;
    assert_eq!(SCHOOL.tokens(&app, &browser, &[]).await["refresh_token"], Value::Null);
    let first = SCHOOL.tokens(&app, &browser, OFFLINE).await;
    app.advance(Duration::minutes(5));
    let second = refresh(&app, &text(&first, "refresh_token"), &[]).await.expect(200).json();
    assert_ne!(second["refresh_token"], first["refresh_token"]);
    let id = claims(&app, &text(&second, "id_token"), Algorithm::EdDSA).await;
    let before = claims(&app, &text(&first, "id_token"), Algorithm::EdDSA).await;
    assert_eq!((&id["auth_time"], &id["sub"], &id["nonce"]), (&before["auth_time"], &before["sub"], &Value::Null));
    assert_eq!(userinfo(&app, &text(&second, "access_token")).await.expect(200).json()["email"], EMAIL);
    // Less may be asked for, and not more.
    let less = refresh(&app, &text(&second, "refresh_token"), &[("scope", "openid")]).await.expect(200).json();
    assert_eq!(less["scope"], "openid");
    assert_eq!(userinfo(&app, &text(&less, "access_token")).await.expect(200).json()["email"], Value::Null);
    let more = refresh(&app, &text(&less, "refresh_token"), &[("scope", "openid cpf")]).await.expect(400);
    assert_eq!(more.token("error"), "invalid_scope");
    // Within half a minute the same product gets the same successor again, as after a lost answer.
    let token = text(&less, "refresh_token");
    let third = refresh(&app, &token, &[]).await.expect(200).json();
    assert_eq!(refresh(&app, &token, &[]).await.expect(200).json()["refresh_token"], third["refresh_token"]);
    app.advance(Duration::seconds(31));
    assert_eq!(refresh(&app, &token, &[]).await.expect(400).token("error"), "invalid_grant");
    userinfo(&app, &text(&third, "access_token")).await.expect(401);
    assert_eq!(refresh(&app, &text(&third, "refresh_token"), &[]).await.expect(400).token("error"), "invalid_grant", "all of it has ended");
}

#[tokio::test]
async fn a_refresh_token_outlives_the_browser_but_not_the_end_of_its_session_and_is_nobody_elses() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let tokens = SCHOOL.tokens(&app, &browser, OFFLINE).await;
    let token = text(&tokens, "refresh_token");
    let actor = app.anonymous();
    for client in ["others", "page"] {
        let form = [("grant_type", "refresh_token"), ("refresh_token", &token), ("client_id", client)];
        let asked = actor.raw("POST", "/oauth/token");
        let asked = if client == "page" { asked.form(&form) } else { asked.header("authorization", basic(client, SECRET)).form(&form) };
        assert_eq!(actor.send_raw(asked).await.expect(400).token("error"), "invalid_grant", "{client}");
    }
    actor.post("/api/auth/refresh-token", json!({ "refreshToken": token })).await.expect_problem(401);
    app.advance(Duration::hours(23));
    let tokens = refresh(&app, &token, &[]).await.expect(200).json();
    app.advance(Duration::hours(2));
    assert_eq!(browser.get("/dashboard").await.expect(303).goes(), "/login, ended", "the browser's session has lapsed");
    let tokens = refresh(&app, &text(&tokens, "refresh_token"), &[]).await.expect(200).json();
    userinfo(&app, &text(&tokens, "access_token")).await.expect(200);
    // A session that was ended takes everything along: here by a new password.
    sign_in(&browser).await;
    let tokens = SCHOOL.tokens(&app, &browser, OFFLINE).await;
    let owner = app.sign_in(EMAIL, PASSWORD).await;
    owner.change_password(PASSWORD, NEW_PASSWORD, NEW_PASSWORD).await.expect(200);
    userinfo(&app, &text(&tokens, "access_token")).await.expect(401);
    assert_eq!(refresh(&app, &text(&tokens, "refresh_token"), &[]).await.expect(400).token("error"), "invalid_grant");
}

#[tokio::test]
async fn what_is_revoked_is_worth_nothing_and_who_may_look_into_a_token_is_told() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let tokens = SCHOOL.tokens(&app, &browser, OFFLINE).await;
    let (access, token) = (text(&tokens, "access_token"), text(&tokens, "refresh_token"));
    let told = about(&app, "/oauth/introspect", "school", &access).await.expect(200).json();
    assert_eq!(
        (&told["active"], &told["scope"], &told["client_id"]),
        (&json!(true), &json!("openid email offline_access"), &json!("school"))
    );
    assert_eq!(about(&app, "/oauth/introspect", "school", &token).await.expect(200).json()["active"], true);
    for (client, of) in [("others", &access), ("others", &token), ("school", &"x".to_owned())] {
        assert_eq!(about(&app, "/oauth/introspect", client, of).await.expect(200).json(), json!({ "active": false }), "{client}");
    }
    let actor = app.anonymous();
    let public = actor.raw("POST", "/oauth/introspect").form(&[("client_id", "page"), ("token", &access)]);
    assert_eq!(actor.send_raw(public).await.expect(401).token("error"), "invalid_client");
    let missing = actor.raw("POST", "/oauth/revoke").header("authorization", basic("school", SECRET)).form(&[("a", "b")]);
    assert_eq!(actor.send_raw(missing).await.expect(400).token("error"), "invalid_request");
    // Another client's word changes nothing, and tells nothing.
    about(&app, "/oauth/revoke", "others", &token).await.expect(200);
    about(&app, "/oauth/revoke", "school", "x").await.expect(200);
    userinfo(&app, &access).await.expect(200);
    about(&app, "/oauth/revoke", "school", &token).await.expect(200);
    userinfo(&app, &access).await.expect(401);
    assert_eq!(about(&app, "/oauth/introspect", "school", &access).await.expect(200).json()["active"], false);
    assert_eq!(refresh(&app, &token, &[]).await.expect(400).token("error"), "invalid_grant");
    let access = text(&SCHOOL.tokens(&app, &browser, OFFLINE).await, "access_token");
    about(&app, "/oauth/revoke", "school", &access).await.expect(200);
    userinfo(&app, &access).await.expect(401);
}

#[tokio::test]
async fn a_product_that_shows_its_id_token_signs_out_at_once_and_any_other_only_after_the_person_was_asked() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let tokens = SCHOOL.tokens(&app, &browser, OFFLINE).await;
    let id = text(&tokens, "id_token");
    let address = |more: &[(&str, &str)]| {
        format!("/oauth/logout?{}", url::form_urlencoded::Serializer::new(String::new()).extend_pairs(more).finish())
    };
    let bye = ("post_logout_redirect_uri", "https://escola.example/bye");
    // An open redirect: none of these leads anywhere, and nobody is signed out.
    for wrong in [
        address(&[bye]),
        address(&[("post_logout_redirect_uri", "https://evil.example"), ("client_id", "school")]),
        address(&[("post_logout_redirect_uri", CALLBACK), ("id_token_hint", &id)]),
        address(&[bye, ("client_id", "page")]),
        address(&[bye, ("client_id", "others"), ("id_token_hint", &id)]),
        address(&[bye, bye, ("client_id", "school")]),
    ] {
        assert_eq!(browser.get(&wrong).await.expect(400).location(), "", "{wrong}");
    }
    browser.get("/dashboard").await.expect(200);
    // Without a hint, or with a broken one, the person is asked; another site may not answer.
    for more in [vec![], vec![("client_id", "school")], vec![("id_token_hint", "a.b.c")]] {
        let page = browser.get(&address(&more)).await.expect(200);
        assert!(page.text.contains("Sair da sua conta?"), "{}", page.text);
    }
    let form = [("client_id", "school"), bye, ("state", "s 1"), ("answer", "yes")];
    let foreign = browser.raw("POST", "/oauth/logout/answer").header("sec-fetch-site", "cross-site").form(&form);
    browser.send_raw(foreign).await.expect(403);
    let posted = browser.raw("POST", "/oauth/logout").header("sec-fetch-site", "cross-site").form(&[("client_id", "school")]);
    assert_eq!(browser.send_raw(posted).await.expect(303).location(), "/oauth/logout?client_id=school");
    let no = browser.raw("POST", "/oauth/logout/answer").header("sec-fetch-site", "same-origin").form(&[("answer", "no")]);
    assert_eq!(browser.send_raw(no).await.expect(303).location(), "/dashboard");
    browser.get("/dashboard").await.expect(200);
    let yes = browser.raw("POST", "/oauth/logout/answer").header("sec-fetch-site", "same-origin").form(&form);
    let gone = browser.send_raw(yes).await.expect(303);
    assert_eq!(gone.location(), "https://escola.example/bye?state=s+1");
    assert!(gone.cookie("portaria_session").contains("Max-Age=0"));
    browser.get("/dashboard").await.expect(303);
    userinfo(&app, &text(&tokens, "access_token")).await.expect(401);
    assert_eq!(refresh(&app, &text(&tokens, "refresh_token"), &[]).await.expect(400).token("error"), "invalid_grant");
    // With the hint at once, also when it has lapsed.
    sign_in(&browser).await;
    app.advance(Duration::hours(1));
    let gone = browser.get(&address(&[("id_token_hint", &id), bye, ("state", "s")])).await.expect(303);
    assert_eq!(parameter(gone.location(), "state").as_deref(), Some("s"));
    browser.get("/dashboard").await.expect(303);
    let nobody = browser.get(&address(&[("id_token_hint", &id)])).await.expect(303);
    assert_eq!(nobody.goes(), "/, signed_out");
}
