//! Seed 003: a new password by a link, or with the current one.

use crate::support::TestApp;
use crate::support::people::{EMAIL, NEW_PASSWORD, PASSWORD, PHONE};
use serde_json::json;
use time::Duration;

const CHANGED: &str = "Senha alterada com sucesso!";
const NOBODY: &str = "nobody@example.com";

// ── forgot-password

#[tokio::test]
async fn steps_3_to_6_the_link_goes_to_the_address_and_the_answer_never_tells() {
    let app = TestApp::start().await;
    app.teacher().await;
    let known = app.forgot(EMAIL).await.expect(202);
    assert_eq!(known.keys(), ["message"]);
    assert_eq!(app.forgot(NOBODY).await.expect(202).text, known.text);
    assert_eq!(app.tokens_to(EMAIL, "/reset-password").await.len(), 1);
    assert!(app.messages_to(NOBODY).await.is_empty());
}

#[tokio::test]
async fn an_address_that_was_never_proved_gets_no_link() {
    let app = TestApp::start().await;
    app.pending_teacher(EMAIL).await;
    app.forgot(EMAIL).await.expect(202);
    assert!(app.tokens_to(EMAIL, "/reset-password").await.is_empty());
    // A client's optional address.
    let code = app.ask_code_with_email(PHONE, NOBODY).await;
    app.verify(PHONE, &code).await.expect(201);
    app.forgot(NOBODY).await.expect(202);
    assert!(app.tokens_to(NOBODY, "/reset-password").await.is_empty());
}

#[tokio::test]
async fn what_is_no_address_is_told_at_its_field() {
    let app = TestApp::start().await;
    for body in [json!({}), json!({ "email": "ana@" }), json!({ "email": 7 })] {
        let answer = app.post("/api/auth/forgot-password", body).await.expect_problem(400);
        assert_eq!(answer.errors("email").len(), 1, "{}", answer.text);
    }
}

#[tokio::test]
async fn asking_again_too_early_answers_the_same_and_sends_nothing() {
    let app = TestApp::start().await;
    app.teacher().await;
    let first = app.forgot(EMAIL).await.expect(202);
    assert_eq!(app.forgot(EMAIL).await.expect(202).text, first.text);
    assert_eq!(app.tokens_to(EMAIL, "/reset-password").await.len(), 1);
    app.advance(Duration::seconds(30));
    app.forgot(EMAIL).await.expect(202);
    let tokens = app.tokens_to(EMAIL, "/reset-password").await;
    assert_eq!(tokens.len(), 2);
    assert_eq!(tokens[0], tokens[1], "the same live link again");
}

#[tokio::test]
async fn known_and_unknown_addresses_use_up_an_addresss_sends_alike() {
    let app = TestApp::start().await;
    app.teacher().await;
    let mut statuses = Vec::new();
    for email in [EMAIL, NOBODY] {
        for _ in 0..40 {
            statuses.push(app.forgot(email).await.status);
        }
    }
    assert!(statuses.iter().all(|status| *status == 202), "{statuses:?}");
    app.expect_message(EMAIL, "Redefina sua senha").await;
}

// ── reset-password

#[tokio::test]
async fn steps_7_to_12_the_link_sets_a_new_password() {
    let app = TestApp::start().await;
    app.teacher().await;
    let token = app.reset_token(EMAIL).await;
    assert_eq!(token.len(), 43);
    let answer = app.reset_by_link(&token, NEW_PASSWORD, NEW_PASSWORD).await.expect(200);
    assert_eq!(answer.json(), json!({ "message": CHANGED }));
    app.login(EMAIL, PASSWORD).await.expect(401);
    app.login(EMAIL, NEW_PASSWORD).await.expect(200);
    app.expect_message(EMAIL, "Sua senha foi alterada").await;
}

#[tokio::test]
async fn a_link_works_once() {
    let app = TestApp::start().await;
    app.teacher().await;
    let token = app.reset_token(EMAIL).await;
    app.reset_by_link(&token, NEW_PASSWORD, NEW_PASSWORD).await.expect(200);
    let answer = app.reset_by_link(&token, "Terceira#55 vez", "Terceira#55 vez").await.expect_problem(400);
    assert_eq!(answer.json()["type"], "urn:portaria:problem:link-unknown");
    app.login(EMAIL, NEW_PASSWORD).await.expect(200);
    app.expect_message(EMAIL, "Sua senha foi alterada").await;
}

#[tokio::test]
async fn of_twenty_uses_at_once_one_sets_its_password() {
    let app = TestApp::start().await;
    app.teacher().await;
    let token = app.reset_token(EMAIL).await;
    let passwords: Vec<_> = (0..20).map(|n| format!("Laranja#77 doce {n}")).collect();
    let answers = futures::future::join_all(passwords.iter().map(|password| app.reset_by_link(&token, password, password))).await;
    let won: Vec<_> = answers.iter().zip(&passwords).filter(|(answer, _)| answer.status == 200).collect();
    assert_eq!(won.len(), 1);
    assert!(answers.iter().all(|answer| matches!(answer.status, 200 | 400)));
    app.login(EMAIL, won[0].1).await.expect(200);
    app.expect_message(EMAIL, "Sua senha foi alterada").await;
}

#[tokio::test]
async fn no_sign_in_with_the_old_password_outlives_the_reset() {
    let app = TestApp::start().await;
    app.ignore_messages();
    app.teacher().await;
    let token = app.reset_token(EMAIL).await;
    let logins = futures::future::join_all((0..8).map(|_| app.login(EMAIL, PASSWORD)));
    let (logins, reset) = futures::join!(logins, app.reset_by_link(&token, NEW_PASSWORD, NEW_PASSWORD));
    reset.expect(200);
    for login in logins.iter().filter(|login| login.status == 200) {
        app.whoever_got(login).expect_out().await;
    }
}

#[tokio::test]
async fn changes_and_sign_ins_at_once_do_not_wait_for_each_other_in_a_circle() {
    let app = TestApp::start().await;
    let teacher = app.teacher().await;
    let link = app.reset_token(EMAIL).await;
    let mut asked = Vec::new();
    for n in 0..6 {
        let password = format!("Laranja#77 doce {n}");
        let (app, link, teacher) = (&app, &link, &teacher);
        asked.push(async move {
            match n % 3 {
                0 => app.reset_by_link(link, &password, &password).await.status,
                1 => teacher.change_password(PASSWORD, &password, &password).await.status,
                _ => app.login(EMAIL, PASSWORD).await.status,
            }
        });
    }
    let statuses = futures::future::join_all(asked).await;
    assert!(statuses.iter().all(|status| *status < 500), "{statuses:?}");
    app.expect_message(EMAIL, "Sua senha foi alterada").await;
}

#[tokio::test]
async fn ex04_a_lapsed_link_is_410_and_another_can_be_asked_for() {
    let app = TestApp::start().await;
    app.teacher().await;
    let token = app.reset_token(EMAIL).await;
    app.advance(Duration::minutes(60));
    app.reset_by_link(&token, NEW_PASSWORD, NEW_PASSWORD).await.expect_problem(410);
    let second = app.reset_token(EMAIL).await;
    assert_ne!(second, token);
    app.reset_by_link(&token, NEW_PASSWORD, NEW_PASSWORD).await.expect_problem(400);
    app.reset_by_link(&second, NEW_PASSWORD, NEW_PASSWORD).await.expect(200);
    app.expect_message(EMAIL, "Sua senha foi alterada").await;
}

#[tokio::test]
async fn unknown_mangled_and_foreign_tokens_are_400() {
    let app = TestApp::start().await;
    app.pending_teacher(EMAIL).await;
    let verification = app.token_to(EMAIL).await;
    app.open_link_to(EMAIL).await.expect(200);
    app.advance(Duration::seconds(1));
    let token = app.reset_token(EMAIL).await;
    for typed in ["x", &token[..42], &format!("{token}x"), &verification] {
        app.reset_by_link(typed, NEW_PASSWORD, NEW_PASSWORD).await.expect_problem(400);
    }
    // Nor does a reset link prove an address.
    app.get(&format!("/api/auth/verify-email?token={token}")).await.expect_problem(400);
    app.reset_by_link(&token, NEW_PASSWORD, NEW_PASSWORD).await.expect(200);
    app.expect_message(EMAIL, "Sua senha foi alterada").await;
}

#[tokio::test]
async fn a_refused_password_is_told_at_its_field_and_spends_nothing() {
    let app = TestApp::start().await;
    app.teacher().await;
    let token = app.reset_token(EMAIL).await;
    for (password, confirmation, at_password, at_confirmation) in [
        ("", "", 1, 1),
        ("Curta#1", "Curta#1", 1, 0),
        ("LARANJA#77 DOCE", "LARANJA#77 DOCE", 1, 0),
        ("Laranja#77 doce", "Laranja#77", 0, 1),
        ("Portaria@123", "Portaria@123", 1, 0),
    ] {
        let answer = app.reset_by_link(&token, password, confirmation).await.expect_problem(400);
        assert_eq!(answer.errors("password").len(), at_password, "{password}: {}", answer.text);
        assert_eq!(answer.errors("passwordConfirmation").len(), at_confirmation, "{password}: {}", answer.text);
    }
    app.reset_by_link(&token, NEW_PASSWORD, NEW_PASSWORD).await.expect(200);
    app.expect_message(EMAIL, "Sua senha foi alterada").await;
}

#[tokio::test]
async fn every_missing_field_is_told_at_once() {
    let app = TestApp::start().await;
    let answer = app.post("/api/auth/reset-password", json!({})).await.expect_problem(400);
    for field in ["token", "password", "passwordConfirmation"] {
        assert_eq!(answer.errors(field).len(), 1, "{field}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_rider_needs_eight_characters_and_no_more() {
    let app = TestApp::start().await;
    app.teacher().await;
    sqlx::query("update accounts set kind = 'caronista'").execute(&app.pool).await.expect("a rider");
    let token = app.reset_token(EMAIL).await;
    app.reset_by_link(&token, "senha12", "senha12").await.expect_problem(400);
    app.reset_by_link(&token, "senha12345", "senha12345").await.expect(200);
    app.login(EMAIL, "senha12345").await.expect(200);
    app.expect_message(EMAIL, "Sua senha foi alterada").await;
}

#[tokio::test]
async fn a_reset_by_link_ends_every_session_clears_the_lock_and_tells_the_owner() {
    let app = TestApp::start().await;
    let teacher = app.teacher().await;
    for _ in 0..5 {
        app.login(EMAIL, "Errada#123 x").await.expect(401);
    }
    app.login(EMAIL, PASSWORD).await.expect(429);
    let token = app.reset_token(EMAIL).await;
    app.advance(Duration::seconds(1));
    app.reset_by_link(&token, NEW_PASSWORD, NEW_PASSWORD).await.expect(200);
    teacher.expect_ended().await;
    assert_eq!(app.newest_to(EMAIL).await["subject"], "Sua senha foi alterada");
    app.login(EMAIL, NEW_PASSWORD).await.expect(200);
}

// ── change-password

#[tokio::test]
async fn a_change_needs_the_current_password_and_keeps_this_session_only() {
    let app = TestApp::start().await;
    let mine = app.teacher().await;
    let other = mine.elsewhere().await;
    let answer = mine.change_password(PASSWORD, NEW_PASSWORD, NEW_PASSWORD).await.expect(200);
    assert_eq!(answer.json(), json!({ "message": CHANGED }));
    mine.profile().await;
    other.expect_ended().await;
    app.login(EMAIL, PASSWORD).await.expect(401);
    app.login(EMAIL, NEW_PASSWORD).await.expect(200);
    app.expect_message(EMAIL, "Sua senha foi alterada").await;
}

#[tokio::test]
async fn the_owner_is_told_of_every_change() {
    let app = TestApp::start().await;
    let teacher = app.teacher().await;
    teacher.change_password(PASSWORD, NEW_PASSWORD, NEW_PASSWORD).await.expect(200);
    teacher.change_password(NEW_PASSWORD, PASSWORD, PASSWORD).await.expect(200);
    let told = app.messages_to(EMAIL).await.into_iter().filter(|message| message["subject"] == "Sua senha foi alterada").count();
    assert_eq!(told, 2);
}

#[tokio::test]
async fn a_wrong_current_password_is_told_at_its_field_and_counts_like_a_failed_login() {
    let app = TestApp::start().await;
    let teacher = app.teacher().await;
    for _ in 0..5 {
        let answer = teacher.change_password("Errada#123 x", NEW_PASSWORD, NEW_PASSWORD).await.expect_problem(400);
        assert_eq!(answer.errors("currentPassword").len(), 1, "{}", answer.text);
    }
    let locked = teacher.change_password(PASSWORD, NEW_PASSWORD, NEW_PASSWORD).await.expect_problem(429);
    assert_eq!(locked.header("retry-after"), "900");
    app.login(EMAIL, PASSWORD).await.expect(429);
    app.advance(Duration::minutes(15));
    teacher.change_password(PASSWORD, NEW_PASSWORD, NEW_PASSWORD).await.expect(200);
    app.expect_message(EMAIL, "Acesso bloqueado por algum tempo").await;
    app.expect_message(EMAIL, "Sua senha foi alterada").await;
}

#[tokio::test]
async fn every_wrong_field_of_a_change_is_told_at_once() {
    let app = TestApp::start().await;
    let teacher = app.teacher().await;
    let answer = teacher.change_password("", "curta", "outra").await.expect_problem(400);
    for field in ["currentPassword", "newPassword", "passwordConfirmation"] {
        assert_eq!(answer.errors(field).len(), 1, "{field}: {}", answer.text);
    }
    let answer = teacher.change_password(PASSWORD, PASSWORD, PASSWORD).await.expect_problem(400);
    assert_eq!(answer.errors("newPassword"), ["A nova senha deve ser diferente da atual"]);
    let answer = teacher.change_password(PASSWORD, "Portaria@123", "Portaria@123").await.expect_problem(400);
    assert_eq!(answer.errors("newPassword").len(), 1, "{}", answer.text);
    app.login(EMAIL, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn without_a_session_nothing_is_changed() {
    let app = TestApp::start().await;
    app.teacher().await;
    app.anonymous().bearer("no-token").change_password(PASSWORD, NEW_PASSWORD, NEW_PASSWORD).await.expect_problem(401);
    app.anonymous().patch("/api/auth/change-password", json!({})).await.expect_problem(401);
    app.anonymous().method("POST", "/api/auth/change-password").await.expect_problem(405);
}

#[tokio::test]
async fn a_link_that_was_asked_for_before_a_change_is_dead_after_it() {
    let app = TestApp::start().await;
    let teacher = app.teacher().await;
    let token = app.reset_token(EMAIL).await;
    teacher.change_password(PASSWORD, NEW_PASSWORD, NEW_PASSWORD).await.expect(200);
    app.reset_by_link(&token, PASSWORD, PASSWORD).await.expect_problem(400);
    app.expect_message(EMAIL, "Sua senha foi alterada").await;
}

#[tokio::test]
async fn every_way_to_a_new_password_leaves_its_audit_row() {
    let app = TestApp::start().await;
    let teacher = app.teacher().await;
    teacher.change_password("Errada#123 x", NEW_PASSWORD, NEW_PASSWORD).await.expect(400);
    teacher.change_password(PASSWORD, NEW_PASSWORD, NEW_PASSWORD).await.expect(200);
    let token = app.reset_token(EMAIL).await;
    app.reset_by_link(&token, PASSWORD, "x").await.expect(400);
    app.reset_by_link(&token, PASSWORD, PASSWORD).await.expect(200);
    assert_eq!(
        app.count("select count(*) from audit where event = 'authn_password_change' and outcome = 'ok' and account_id is not null").await,
        2
    );
    assert_eq!(app.count("select count(*) from audit where event = 'authn_password_change_fail'").await, 2);
    assert_eq!(app.count("select count(*) from audit where event = 'recovery_requested' and account_id is not null").await, 1);
    app.expect_message(EMAIL, "Sua senha foi alterada").await;
}
