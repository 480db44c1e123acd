//! What the settings of a product give less of than before holds at once, for what was given as well.

use super::tokens::{OFFLINE, refresh, text};
use super::{SCHOOL, browser, clients, follow, parameter, sign_in, signed_in, start, userinfo};
use crate::support::TestApp;
use crate::support::people::EMAIL;
use jsonwebtoken::Algorithm;
use serde_json::json;

const SCOPES: &str = r#"scopes = ["openid", "profile", "email", "phone", "cpf", "offline_access"]"#;

impl TestApp {
    /// A node whose settings give the school this instead of all.
    async fn giving(&self, settings: &str) -> Self {
        let file = clients(Algorithm::EdDSA);
        assert!(file.contains(SCOPES));
        let node = self.node_with_file(&file.replace(SCOPES, settings)).await;
        node.ignore_messages();
        node
    }
}

#[tokio::test]
async fn what_was_given_is_no_more_than_what_the_settings_give_now() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let tokens = SCHOOL.tokens(&app, &browser, OFFLINE).await;
    assert_eq!(userinfo(&app, &text(&tokens, "access_token")).await.expect(200).json()["email"], EMAIL);
    let narrow = app.giving(r#"scopes = ["openid", "offline_access"]"#).await;
    let told = userinfo(&narrow, &text(&tokens, "access_token")).await.expect(200).json();
    assert!(told["sub"].is_string() && told["email"].is_null(), "{told}");
    let more = refresh(&narrow, &text(&tokens, "refresh_token"), &[("scope", "openid email")]).await.expect(400);
    assert_eq!(more.token("error"), "invalid_scope");
    let renewed = refresh(&narrow, &text(&tokens, "refresh_token"), &[]).await.expect(200).json();
    assert_eq!(renewed["scope"], "openid offline_access");
    let without = app.giving(r#"scopes = ["openid", "email"]"#).await;
    assert_eq!(refresh(&without, &text(&renewed, "refresh_token"), &[]).await.expect(400).token("error"), "invalid_grant");
    // Nothing was taken from the product that has all of it still.
    let all = refresh(&app, &text(&renewed, "refresh_token"), &[]).await.expect(200).json();
    assert_eq!(all["scope"], "openid email offline_access");
}

#[tokio::test]
async fn a_request_that_waits_and_a_code_give_what_the_settings_give_when_they_are_answered() {
    let app = start().await;
    app.proved_teacher(EMAIL).await;
    let waiting = browser(&app);
    waiting.get(&SCHOOL.address(OFFLINE)).await.expect(303);
    let narrow = app.giving(r#"scopes = ["openid"]"#).await;
    let there = narrow.same_browser(&waiting).header("accept", "text/html");
    let back = follow(&there, sign_in(&there).await).await;
    let code = parameter(back.location(), "code").expect("a code");
    let tokens = SCHOOL.exchange(&app, &code, &[]).await.expect(200).json();
    assert_eq!((&tokens["scope"], tokens["refresh_token"].is_null()), (&json!("openid"), true));

    let code = SCHOOL.code(&narrow.same_browser(&waiting), &[]).await;
    SCHOOL.exchange(&narrow, &code, &[]).await.expect(200);
    let browser = app.anonymous().header("accept", "text/html");
    sign_in(&browser).await;
    let code = SCHOOL.code(&browser, OFFLINE).await;
    let tokens = SCHOOL.exchange(&narrow, &code, &[]).await.expect(200).json();
    assert_eq!((&tokens["scope"], tokens["refresh_token"].is_null()), (&json!("openid"), true));
}

#[tokio::test]
async fn whoever_is_of_a_kind_that_is_let_in_no_more_is_told_of_and_renewed_no_more() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let tokens = SCHOOL.tokens(&app, &browser, OFFLINE).await;
    let code = SCHOOL.code(&browser, &[]).await;
    let others = app.giving(&format!("{SCOPES}\nkinds = [\"cliente\"]")).await;
    assert_eq!(refresh(&others, &text(&tokens, "refresh_token"), &[]).await.expect(400).token("error"), "invalid_grant");
    assert_eq!(SCHOOL.exchange(&others, &code, &[]).await.expect(400).token("error"), "invalid_grant");
    userinfo(&others, &text(&tokens, "access_token")).await.expect(401);
    refresh(&app, &text(&tokens, "refresh_token"), &[]).await.expect(200);
}
