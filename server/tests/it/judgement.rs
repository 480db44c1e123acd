//! How hard a password is to guess, told while it is typed: as the server will say when its form is sent.

use crate::support::people::{CNPJ, EMAIL, PASSWORD, PHONE, company_form};
use crate::support::{Actor, TestApp, grant_in};
use portaria::limits::{GUESS_WINDOW, JUDGEMENTS_PER_CLIENT};
use serde_json::json;

impl Actor<'_> {
    /// Asks as a page does. Returns the grade; `None`: nothing is told.
    async fn judged(&self, password: &str, beside: &[(&str, &str)]) -> Option<u64> {
        let mut form = vec![("password", password)];
        form.extend(beside);
        let request = self.raw("POST", "/sf/judge_password").header("accept", "application/json").header("sec-fetch-site", "same-origin");
        let answer = self.send_raw(request.form(&form)).await.expect(200).json();
        assert!(answer.is_null() || answer.is_u64(), "{answer}");
        answer.as_u64()
    }
}

/// Passwords that meet every rule, and whether they are guessable to whoever knows that it is Carla Dias at this address.
const OF_CARLA: [(&str, bool); 6] = [
    ("Senha123!", true),
    ("Password1!", true),
    ("Portaria@12345", true),
    ("Carla Dias 1!", true),
    ("Prof.carla.dias1!", true),
    ("Girassol#42 azul", false),
];
const CARLAS_EMAIL: &str = "prof.carla.dias@example.com";

#[tokio::test]
async fn a_sign_up_is_told_what_it_will_be_told_when_it_is_sent() {
    let app = TestApp::start().await;
    app.ignore_messages();
    for (password, guessable) in OF_CARLA {
        let beside = [("name", "Carla Dias"), ("email", CARLAS_EMAIL)];
        let grade = app.anonymous().judged(password, &beside).await.expect("a grade");
        assert_eq!(grade == 0, guessable, "{password}: {grade}");
        let body = json!({ "fullName": "Carla Dias", "email": CARLAS_EMAIL, "password": password, "passwordConfirmation": password, "termsAccepted": true });
        let answer = app.anonymous().post("/api/auth/register/teacher", body).await;
        assert_eq!(answer.status == 400, guessable, "{password}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_phone_is_known_too_however_it_is_typed() {
    let app = TestApp::start().await;
    let beside = [("name", "Ana"), ("email", ""), ("phone", "(11) 98765-4321")];
    assert_eq!(app.anonymous().judged("A11987654321!", &beside).await, Some(0));
    assert_eq!(app.anonymous().judged("Laranja#77 doce e fria", &beside).await, Some(2));
}

#[tokio::test]
async fn a_company_is_told_that_its_cnpj_is_known_and_refused_it() {
    let app = TestApp::start().await;
    app.ignore_messages();
    for (password, guessable) in [("12.ABC.345/01DE-35 a", true), ("a!12ABC34501DE35", true), ("Girassol#42 azul", false)] {
        let typed = company_form(CNPJ, EMAIL).into_iter();
        let form: Vec<_> = typed.map(|(name, text)| (name, if text == PASSWORD { password } else { text })).collect();
        let beside: Vec<_> = form.iter().copied().filter(|(name, _)| ["name", "cnpj", "email"].contains(name)).collect();
        let grade = app.anonymous().judged(password, &beside).await.expect("a grade");
        assert_eq!(grade == 0, guessable, "{password}: {grade}");
        let answer = app.anonymous().form("/register/company", "sign_up", &form).await;
        assert_eq!(answer.status == 303, !guessable, "{password}: {} {}", answer.status, answer.text);
    }
}

#[tokio::test]
async fn an_owner_is_told_by_all_that_is_known_of_the_account_in_whatever_form() {
    let app = TestApp::start().await;
    app.ignore_messages();
    let owner = app.client_with_password().await;
    // The name: known of the account, and typed into none of these forms.
    let (made, hard) = ("Ana Souza 1!", "Laranja#77 doce e fria");
    assert_eq!((owner.judged(made, &[]).await, owner.judged(hard, &[]).await), (Some(0), Some(2)));
    let refused = owner.change_password(PASSWORD, made, made).await.expect_problem(400).json();
    assert!(refused["errors"]["newPassword"][0].as_str().is_some_and(|told| told.contains("adivinhar")), "{refused}");
    let token = app.reset_token(EMAIL).await;
    assert_eq!(app.anonymous().judged(made, &[("token", &token)]).await, Some(0));
    let page = app.anonymous();
    let other = app.sign_in(PHONE, PASSWORD).await;
    other.change_password(PASSWORD, hard, hard).await.expect(200);
    let link = app.not_me_links(EMAIL).await.remove(0);
    let grant = grant_in(&app.press_not_me(&link).await.expect(200));
    assert_eq!(page.judged(made, &[("grant", &grant)]).await, Some(0));
    assert_eq!(page.judged(hard, &[("grant", &grant)]).await, Some(2));
    // It has used up nothing.
    app.reset_by_grant(&grant, "Girassol#43 azul", "Girassol#43 azul").await.expect(200);
}

#[tokio::test]
async fn who_shows_what_is_not_theirs_is_told_nothing_and_what_is_too_much_neither() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let stranger = app.anonymous();
    for beside in [&[("grant", "abc")], &[("token", "abc")]] {
        assert_eq!(stranger.judged(PASSWORD, beside).await, None, "{beside:?}");
    }
    // A sign-up into which nothing else was typed yet.
    assert_eq!(stranger.judged("Senha123!", &[]).await, Some(0));
    for _ in 3..JUDGEMENTS_PER_CLIENT {
        assert!(stranger.judged("Senha123!", &[("name", "Ana")]).await.is_some());
    }
    assert_eq!(stranger.judged("Senha123!", &[("name", "Ana")]).await, None);
    // It takes nobody's sign-in, and ends.
    app.login(EMAIL, PASSWORD).await.expect(200);
    app.advance(GUESS_WINDOW);
    assert_eq!(stranger.judged("Senha123!", &[("name", "Ana")]).await, Some(0));
}
