//! 2 · Verificação de email, e o código de novo.

use super::{EMAIL, USERNAME, expect_error, proved, registered, resend, rider, verify, wrong_fields};
use crate::support::TestApp;
use serde_json::json;
use time::Duration;

#[tokio::test]
async fn the_right_code_answers_200_word_for_word_and_lets_its_owner_go_on() {
    let app = TestApp::start().await;
    let code = registered(&app, EMAIL, USERNAME).await;
    let answer = verify(&app, " Usuario@Email.com", &code).await.expect(200);
    let mut body = answer.json();
    let token = body["data"]["signupToken"].take();
    assert!(token.as_str().is_some_and(|token| token.len() == 43), "256 bits");
    let expected = json!({
        "success": true,
        "message": "Email verificado",
        "data": { "success": true, "message": "Email verificado com sucesso!", "email": EMAIL, "signupToken": null },
    });
    assert_eq!(body, expected);
    let cookie = answer.cookie("portaria_proof");
    for part in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Max-Age=1800"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains(token.as_str().expect("a token")), "a script that reads the body does not hold the cookie");
    assert_eq!(app.count("select count(*) from accounts where email_proved_at is not null").await, 1);
    assert_eq!(app.count("select count(*) from sessions").await, 0);
}

#[tokio::test]
async fn a_wrong_code_and_a_lapsed_one_are_told_apart() {
    let app = TestApp::start().await;
    let code = registered(&app, EMAIL, USERNAME).await;
    let answer = expect_error(verify(&app, EMAIL, &TestApp::other_than(&code)).await, 400, "VERIFICATION_001");
    assert_eq!(answer.json()["message"], "Código inválido");
    app.advance(Duration::minutes(1));
    let answer = expect_error(verify(&app, EMAIL, &code).await, 400, "VERIFICATION_002");
    assert_eq!(answer.json()["message"], "Código expirado");
    expect_error(verify(&app, EMAIL, &TestApp::other_than(&code)).await, 400, "VERIFICATION_001");
    assert_eq!(app.count("select count(*) from accounts where email_proved_at is not null").await, 0);
}

#[tokio::test]
async fn a_code_is_good_once_and_for_its_own_address() {
    let app = TestApp::start().await;
    let code = registered(&app, EMAIL, USERNAME).await;
    registered(&app, "outra@email.com", "outra").await;
    expect_error(verify(&app, "ninguem@email.com", &code).await, 400, "VERIFICATION_001");
    expect_error(
        verify(&app, "outra@email.com", &TestApp::other_than(&app.code_to("outra@email.com").await)).await,
        400,
        "VERIFICATION_001",
    );
    verify(&app, EMAIL, &code).await.expect(200);
    expect_error(verify(&app, EMAIL, &code).await, 400, "VERIFICATION_001");
}

#[tokio::test]
async fn five_wrong_entries_kill_the_code_and_look_no_different() {
    let app = TestApp::start().await;
    let code = registered(&app, EMAIL, USERNAME).await;
    for _ in 0..5 {
        let answer = expect_error(verify(&app, EMAIL, &TestApp::other_than(&code)).await, 400, "VERIFICATION_001");
        assert_eq!(answer.header("retry-after"), "");
    }
    expect_error(verify(&app, EMAIL, &code).await, 400, "VERIFICATION_001");
    app.advance(Duration::minutes(15));
    resend(&app, EMAIL).await.expect(200);
    verify(&app, EMAIL, &app.code_to(EMAIL).await).await.expect(200);
}

#[tokio::test]
async fn what_is_no_code_is_told_at_its_field() {
    let app = TestApp::start().await;
    let code = registered(&app, EMAIL, USERNAME).await;
    for typed in ["1234567", "123456789", "abcdefgh", "", "１２３４５６７８"] {
        assert_eq!(wrong_fields(&expect_error(verify(&app, EMAIL, typed).await, 400, "VALIDATION_ERROR")), ["code"], "{typed}");
    }
    let both = app.post("/api/email-verification/verify", json!({ "email": "usuario", "code": 12_345_678 })).await;
    assert!(wrong_fields(&expect_error(both, 400, "VALIDATION_ERROR")).contains(&"code".to_owned()));
    verify(&app, EMAIL, &format!("{} {}\n", &code[..4], &code[4..])).await.expect(200);
}

#[tokio::test]
async fn of_simultaneous_right_entries_one_wins() {
    let app = TestApp::start().await;
    let code = registered(&app, EMAIL, USERNAME).await;
    let answers = futures::future::join_all((0..8).map(|_| verify(&app, EMAIL, &code))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    for answer in answers.into_iter().filter(|answer| answer.status != 200) {
        expect_error(answer, 400, "VERIFICATION_001");
    }
    assert_eq!(app.count("select count(*) from proofs").await, 2, "one token and one cookie");
}

#[tokio::test]
async fn asking_again_delivers_the_same_live_code_and_later_another() {
    let app = TestApp::start().await;
    let code = registered(&app, EMAIL, USERNAME).await;
    app.advance(Duration::seconds(30));
    let answer = resend(&app, EMAIL).await.expect(200);
    assert_eq!(answer.json()["data"], json!({ "email": EMAIL, "expiresIn": 60, "resendIn": 60 }));
    assert_eq!(app.codes_to(EMAIL).await, [code.clone(), code.clone()]);
    app.advance(Duration::minutes(1));
    resend(&app, EMAIL).await.expect(200);
    let fresh = app.code_to(EMAIL).await;
    verify(&app, EMAIL, &fresh).await.expect(200);
}

#[tokio::test]
async fn asking_for_an_unknown_or_proved_address_looks_the_same_and_sends_nothing() {
    let app = TestApp::start().await;
    registered(&app, EMAIL, USERNAME).await;
    proved(&app, "pronta@email.com", "pronta").await;
    app.proved_teacher("professora@example.com").await;
    app.advance(Duration::hours(2));
    let before = app.messages().await.len();
    for n in 1..=3 {
        let known = resend(&app, EMAIL).await.expect(200);
        for other in ["ninguem@email.com", "pronta@email.com", "professora@example.com"] {
            let answer = resend(&app, other).await.expect(200);
            assert_eq!(answer.text.replace(other, EMAIL), known.text);
        }
        let known = expect_error(resend(&app, EMAIL).await, 429, "LIMIT_001");
        for other in ["ninguem@email.com", "pronta@email.com", "professora@example.com"] {
            let answer = expect_error(resend(&app, other).await, 429, "LIMIT_001");
            assert_eq!((answer.text.as_str(), answer.header("retry-after")), (known.text.as_str(), known.header("retry-after")));
            assert!(!answer.header("retry-after").is_empty());
        }
        assert_eq!(app.messages().await.len(), before + n, "only who waits is written to");
        app.advance(Duration::minutes(5));
    }
}

#[tokio::test]
async fn asking_right_after_registering_is_too_early() {
    let app = TestApp::start().await;
    app.post("/auth/register", rider(EMAIL, USERNAME)).await.expect(201);
    let answer = expect_error(resend(&app, EMAIL).await, 429, "LIMIT_001");
    assert_eq!(answer.header("retry-after"), "30");
    assert_eq!(wrong_fields(&expect_error(resend(&app, "usuario").await, 400, "VALIDATION_ERROR")), ["email"]);
    app.expect_message("usuario@email.com", "Seu código de verificação para criar a conta").await;
}

#[tokio::test]
async fn asking_for_a_stranger_does_not_keep_the_stranger_from_registering() {
    let app = TestApp::start().await;
    resend(&app, EMAIL).await.expect(200);
    let code = registered(&app, EMAIL, USERNAME).await;
    verify(&app, EMAIL, &code).await.expect(200);
}
