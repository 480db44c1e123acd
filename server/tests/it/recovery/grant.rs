//! The grant for a new password, and what a new password changes.

use super::{MESSAGE_2, expect_detail, expect_refused_code};
use crate::support::TestApp;
use crate::support::people::{CPF, EMAIL, NEW_PASSWORD, PASSWORD, PHONE};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use time::Duration;

// ── the token

#[tokio::test]
async fn a_reset_token_works_once() {
    let app = TestApp::start().await;
    app.ana().await;
    let token = app.recovery_grant(CPF, EMAIL).await;
    app.reset_by_grant(&token, NEW_PASSWORD, NEW_PASSWORD).await.expect(200);
    let answer = expect_detail(app.reset_by_grant(&token, "Terceira#55 vez", "Terceira#55 vez").await, 400, MESSAGE_2);
    assert_eq!(answer.errors("resetToken").len(), 1, "{}", answer.text);
    app.login(EMAIL, NEW_PASSWORD).await.expect(200);
    app.expect_message(EMAIL, "Sua senha foi alterada").await;
    app.expect_message(PHONE, "é o seu código de verificação").await;
}

#[tokio::test]
async fn of_twenty_resets_at_once_one_sets_its_password() {
    let app = TestApp::start().await;
    app.ana().await;
    let token = app.recovery_grant(CPF, EMAIL).await;
    let passwords: Vec<_> = (0..20).map(|n| format!("Laranja#77 doce {n}")).collect();
    let answers = futures::future::join_all(passwords.iter().map(|password| app.reset_by_grant(&token, password, password))).await;
    let won: Vec<_> = answers.iter().zip(&passwords).filter(|(answer, _)| answer.status == 200).collect();
    assert_eq!(won.len(), 1);
    assert!(
        answers.iter().all(|answer| matches!(answer.status, 200 | 400)),
        "{:?}",
        answers.iter().map(|it| it.status).collect::<Vec<_>>()
    );
    app.login(EMAIL, won[0].1).await.expect(200);
    app.expect_message(EMAIL, "Sua senha foi alterada").await;
    app.expect_message(PHONE, "é o seu código de verificação").await;
}

#[tokio::test]
async fn a_reset_token_lapses_after_ten_minutes_and_a_made_up_one_is_none() {
    let app = TestApp::start().await;
    app.ana().await;
    let token = app.recovery_grant(CPF, EMAIL).await;
    app.advance(Duration::minutes(10));
    let lapsed = expect_detail(app.reset_by_grant(&token, NEW_PASSWORD, NEW_PASSWORD).await, 400, MESSAGE_2);
    for made_up in ["x", &"A".repeat(43), &format!("{token}x")] {
        assert_eq!(expect_detail(app.reset_by_grant(made_up, NEW_PASSWORD, NEW_PASSWORD).await, 400, MESSAGE_2).text, lapsed.text);
    }
    app.login(EMAIL, PASSWORD).await.expect(200);
    app.expect_message(PHONE, "é o seu código de verificação").await;
}

#[tokio::test]
async fn a_dump_holds_no_reset_token_and_no_plain_hash_of_one() {
    let app = TestApp::start().await;
    app.ana().await;
    let token = app.recovery_grant(CPF, EMAIL).await;
    let stored: Vec<u8> = sqlx::query_scalar("select token_hash from recovery_grants").fetch_one(&app.pool).await.expect("a grant");
    let bytes = URL_SAFE_NO_PAD.decode(&token).expect("base64");
    assert!(stored != bytes && stored != token.as_bytes());
    let plain: bool = sqlx::query_scalar("select exists (select from recovery_grants where token_hash in (sha256($1), sha256($2)))")
        .bind(&bytes)
        .bind(token.as_bytes())
        .fetch_one(&app.pool)
        .await
        .expect("an answer");
    assert!(!plain, "keyed, or a dump could be searched for a token that was seen");
    app.expect_message(PHONE, "é o seu código de verificação").await;
}

#[tokio::test]
async fn a_token_of_one_kind_serves_no_other_route() {
    let app = TestApp::start().await;
    app.ana().await;
    let token = app.recovery_grant(CPF, EMAIL).await;
    let body = json!({ "token": token, "password": NEW_PASSWORD, "passwordConfirmation": NEW_PASSWORD });
    app.post("/api/auth/reset-password", body).await.expect_problem(400);
    app.anonymous().bearer(&token).get("/api/auth/profile").await.expect_problem(401);
    app.reset_by_grant(&token, NEW_PASSWORD, NEW_PASSWORD).await.expect(200);
    app.expect_message(EMAIL, "Sua senha foi alterada").await;
    app.expect_message(PHONE, "é o seu código de verificação").await;
}

// ── what a reset changes

#[tokio::test]
async fn a_reset_ends_every_session() {
    let app = TestApp::start().await;
    let ana = app.ana().await;
    let token = app.recovery_grant(CPF, EMAIL).await;
    ana.profile().await;
    app.reset_by_grant(&token, NEW_PASSWORD, NEW_PASSWORD).await.expect(200);
    ana.expect_ended().await;
    app.expect_message(PHONE, "é o seu código de verificação").await;
    app.expect_message(EMAIL, "Sua senha foi alterada").await;
}

#[tokio::test]
async fn a_reset_clears_the_login_lock() {
    let app = TestApp::start().await;
    app.ana().await;
    for _ in 0..5 {
        app.login(EMAIL, "Errada#123 x").await.expect(401);
    }
    app.login(EMAIL, PASSWORD).await.expect(429);
    // Recovery works while the login is locked, so that a lock never shuts an owner out for good.
    let token = app.recovery_grant(CPF, EMAIL).await;
    app.login(EMAIL, PASSWORD).await.expect(429);
    app.reset_by_grant(&token, NEW_PASSWORD, NEW_PASSWORD).await.expect(200);
    app.login(EMAIL, NEW_PASSWORD).await.expect(200);
    app.expect_message(PHONE, "é o seu código de verificação").await;
    app.expect_message(EMAIL, "Sua senha foi alterada").await;
}

#[tokio::test]
async fn the_owner_is_told_and_the_audit_knows() {
    let app = TestApp::start().await;
    app.ana().await;
    let token = app.recovery_grant(CPF, EMAIL).await;
    app.advance(Duration::seconds(1));
    app.reset_by_grant(&token, NEW_PASSWORD, NEW_PASSWORD).await.expect(200);
    assert_eq!(app.newest_to(EMAIL).await["subject"], "Sua senha foi alterada");
    let events: Vec<String> = sqlx::query_scalar(
        "select event || ' ' || outcome from audit where event like 'recovery%' or event like '%password%' order by at, event",
    )
    .fetch_all(&app.pool)
    .await
    .expect("rows");
    assert_eq!(events, ["recovery_proved ok", "recovery_requested ok", "authn_password_change ok"]);
    app.expect_message(PHONE, "é o seu código de verificação").await;
}

#[tokio::test]
async fn other_codes_and_tokens_of_the_account_die_with_the_old_password() {
    let app = TestApp::start().await;
    app.ignore_messages();
    app.ana().await;
    let first = app.recovery_grant(CPF, EMAIL).await;
    app.advance(Duration::minutes(1));
    let second = app.recovery_grant(CPF, EMAIL).await;
    app.advance(Duration::minutes(2));
    let third = app.recovery_code(CPF, EMAIL).await;
    app.reset_by_grant(&second, NEW_PASSWORD, NEW_PASSWORD).await.expect(200);
    expect_detail(app.reset_by_grant(&first, PASSWORD, PASSWORD).await, 400, MESSAGE_2);
    expect_refused_code(app.enter_recovery_code(CPF, &third).await);
}
