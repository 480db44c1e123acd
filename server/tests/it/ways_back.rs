//! SPEC §16: every way in which a thief once kept an account for good is tried again. Also what a reset by one contact does to
//! the others.

use crate::support::people::{CPF, EMAIL, NEW_PASSWORD, OTHER_PHONE, PASSWORD, PHONE, THIEFS_PASSWORD, client};
use crate::support::{Actor, TestApp, grant_in};
use serde_json::{Value, json};
use time::Duration;

const THIEFS_EMAIL: &str = "ladrao@example.com";
const THIRD_PHONE: &str = "+5531988776655";

impl TestApp {
    /// Presses "não fui eu" and sets the password that the page then asks for.
    async fn take_back(&self, link: &str) {
        self.advance(Duration::seconds(1));
        let page = self.press_not_me(link).await.expect(200);
        let form = [("grant", &*grant_in(&page)), ("new_password", NEW_PASSWORD), ("password_confirmation", NEW_PASSWORD)];
        self.anonymous().form(link, "reset_by_grant", &form).await.expect(303);
    }

    /// Sets another password by an e-mail link, as a thief does.
    async fn reset_by_email(&self, email: &str, password: &str) {
        self.advance(Duration::seconds(31));
        let token = self.reset_token(email).await;
        self.reset_by_link(&token, password, password).await.expect(200);
    }

    /// Asks for a sign-in code and signs in. Returns `false` if no code came.
    async fn enters_by_code(&self, phone: &str) -> bool {
        self.advance(Duration::minutes(61));
        let before = self.codes_to(phone).await.len();
        self.post("/api/auth/login/code", json!({ "phone": phone })).await.expect(202);
        let codes = self.codes_to(phone).await;
        if codes.len() == before {
            return false;
        }
        self.post("/api/auth/login/code/verify", json!({ "phone": phone, "code": codes[0] })).await.expect(200);
        true
    }

    /// The destinations of a recovery by the CPF; `None` if the CPF is unknown.
    async fn recovers_by_cpf(&self) -> Option<Vec<Value>> {
        self.advance(Duration::minutes(61));
        let answer = self.recover(CPF).await;
        (answer.status == 200).then(|| answer.json()["destinations"].as_array().expect("a list").clone())
    }
}

impl Actor<'_> {
    /// Changes the password with the current one, as a thief does who knows it.
    async fn steal(&self, current: &str, new: &str) {
        self.app.advance(Duration::seconds(1));
        self.change_password(current, new, new).await.expect(200);
        self.app.messages().await;
    }
}

// ── "não fui eu" goes back to before the earliest open notice

#[tokio::test]
async fn the_newest_notice_undoes_the_phone_and_the_cpf_that_came_before_it() {
    let app = TestApp::start().await;
    let thief = app.teacher().await;
    thief.give_phone(OTHER_PHONE).await;
    thief.give_document("cpf", CPF).await;
    thief.steal(PASSWORD, THIEFS_PASSWORD).await;
    let links = app.not_me_links(EMAIL).await;
    assert_eq!(links.len(), 3);
    app.take_back(&links[0]).await;
    thief.expect_out().await;
    assert!(!app.enters_by_code(OTHER_PHONE).await);
    assert_eq!(app.recovers_by_cpf().await, None);
    app.login(EMAIL, THIEFS_PASSWORD).await.expect_problem(401);
    let me = app.sign_in(EMAIL, NEW_PASSWORD).await.profile().await;
    assert_eq!((&me["phone"], &me["cpf"], &me["emailSuspended"]), (&Value::Null, &Value::Null, &json!(false)));
    for link in &links[1..] {
        app.press_not_me(link).await.expect(400);
    }
    app.expect_message(EMAIL, "Novo acesso à sua conta").await;
    app.expect_message(EMAIL, "Sua senha foi alterada").await;
}

#[tokio::test]
async fn what_was_there_before_the_earliest_open_notice_stays() {
    let app = TestApp::start().await;
    let owner = app.teacher().await;
    owner.give_phone(PHONE).await;
    owner.give_document("cpf", CPF).await;
    app.advance(Duration::days(7) + Duration::seconds(2));
    let thief = app.sign_in(EMAIL, PASSWORD).await;
    thief.steal(PASSWORD, THIEFS_PASSWORD).await;
    let link = app.not_me_links(EMAIL).await.remove(0);
    app.take_back(&link).await;
    let owner = app.sign_in(EMAIL, NEW_PASSWORD).await;
    let me = owner.profile().await;
    assert_eq!((&me["cpf"], &me["phoneSuspended"]), (&json!("***.982.247-**"), &json!(true)));
    // The link went to the e-mail, so the phone must be confirmed again in a session.
    assert!(!app.enters_by_code(PHONE).await);
    let owner = app.sign_in(EMAIL, NEW_PASSWORD).await;
    owner.give_phone(PHONE).await;
    assert!(app.enters_by_code(PHONE).await);
}

#[tokio::test]
async fn an_old_token_without_the_password_adds_nothing_to_recover_by() {
    let app = TestApp::start().await;
    let thief = app.teacher().await;
    app.advance(Duration::minutes(10));
    thief.change(json!({ "cpf": CPF })).await.expect_problem(403);
    thief.post("/api/auth/profile/phone", json!({ "phone": OTHER_PHONE })).await.expect_problem(403);
    assert_eq!(app.recovers_by_cpf().await, None);
}

// ── a replaced phone

#[tokio::test]
async fn the_owner_of_a_replaced_phone_takes_an_account_without_email_back() {
    let app = TestApp::start().await;
    let thief = app.client().await;
    thief.give_phone(OTHER_PHONE).await;
    assert!(app.not_me_links(OTHER_PHONE).await.is_empty());
    let links = app.not_me_links(PHONE).await;
    assert_eq!(links.len(), 1, "the one link in its message");
    app.advance(Duration::days(6));
    app.take_back(&links[0]).await;
    thief.expect_out().await;
    assert!(!app.enters_by_code(OTHER_PHONE).await);
    assert!(app.enters_by_code(PHONE).await);
    app.login(PHONE, NEW_PASSWORD).await.expect(200);
    app.press_not_me(&links[0]).await.expect(400);
    app.expect_message(PHONE, "novo acesso a sua conta").await;
}

#[tokio::test]
async fn a_phone_that_was_replaced_twice_comes_back_by_its_own_link() {
    let app = TestApp::start().await;
    let thief = app.client().await;
    thief.give_phone(OTHER_PHONE).await;
    thief.give_phone(THIRD_PHONE).await;
    let link = app.not_me_links(PHONE).await.remove(0);
    let thiefs = app.not_me_links(OTHER_PHONE).await.remove(0);
    app.take_back(&link).await;
    app.press_not_me(&thiefs).await.expect(400);
    assert!(app.enters_by_code(PHONE).await);
    assert!(!app.enters_by_code(THIRD_PHONE).await && !app.enters_by_code(OTHER_PHONE).await);
    app.expect_message(PHONE, "novo acesso a sua conta").await;
}

#[tokio::test]
async fn after_seven_days_a_replaced_phone_undoes_nothing() {
    let app = TestApp::start().await;
    let owner = app.client().await;
    owner.give_phone(OTHER_PHONE).await;
    let link = app.not_me_links(PHONE).await.remove(0);
    app.advance(Duration::days(7));
    app.press_not_me(&link).await.expect(410);
    assert!(app.enters_by_code(OTHER_PHONE).await);
}

#[tokio::test]
async fn a_phone_that_another_account_proved_meanwhile_is_not_taken_from_it() {
    let app = TestApp::start().await;
    let owner = app.client().await;
    owner.give_phone(OTHER_PHONE).await;
    let link = app.not_me_links(PHONE).await.remove(0);
    app.advance(Duration::minutes(2));
    app.post("/api/auth/register/client", client(PHONE)).await.expect(202);
    let code = app.codes_to(PHONE).await.remove(0);
    let next = app.whoever_got(&app.verify(PHONE, &code).await.expect(201));
    let answer = app.press_not_me(&link).await.expect(409);
    assert!(answer.text.contains("já está confirmado em outra conta"), "it is said");
    next.profile().await;
    owner.profile().await;
}

#[tokio::test]
async fn an_account_with_an_email_is_taken_back_by_either_and_the_former_phone_returns() {
    for from_phone in [true, false] {
        let app = TestApp::start().await;
        app.ignore_messages();
        let thief = app.client_with_password().await;
        // The notice about the address must be too old to have a say.
        app.advance(Duration::days(8));
        let thief = if from_phone { app.sign_in(EMAIL, PASSWORD).await } else { thief };
        let thief = if from_phone { thief } else { app.sign_in(PHONE, PASSWORD).await };
        thief.give_phone(OTHER_PHONE).await;
        let link = app.not_me_links(if from_phone { PHONE } else { EMAIL }).await.remove(0);
        app.take_back(&link).await;
        assert!(!app.enters_by_code(OTHER_PHONE).await);
        // The contact that the link went to is in force at once.
        assert_eq!(app.enters_by_code(PHONE).await, from_phone);
        let owner = app.sign_in(PHONE, NEW_PASSWORD).await;
        let me = owner.profile().await;
        assert_eq!(me["phone"], "(11) *****-4321");
        assert_eq!((&me["phoneSuspended"], &me["emailSuspended"]), (&json!(!from_phone), &json!(from_phone)));
    }
}

// ── a thief's own e-mail

#[tokio::test]
async fn a_thief_who_adds_an_email_and_resets_by_it_is_put_out_from_the_phone() {
    let app = TestApp::start().await;
    let thief = app.client().await;
    thief.give_email(THIEFS_EMAIL).await;
    app.reset_by_email(THIEFS_EMAIL, THIEFS_PASSWORD).await;
    assert!(!app.enters_by_code(PHONE).await, "out of force for now");
    let link = app.not_me_links(PHONE).await.remove(0);
    app.take_back(&link).await;
    app.login(THIEFS_EMAIL, NEW_PASSWORD).await.expect_problem(401);
    app.login(PHONE, THIEFS_PASSWORD).await.expect_problem(401);
    assert!(app.enters_by_code(PHONE).await);
    app.expect_message(PHONE, "novo acesso a sua conta").await;
    app.expect_message(THIEFS_EMAIL, "Sua senha foi alterada").await;
}

#[tokio::test]
async fn nor_does_it_help_to_replace_the_phone_before_the_reset() {
    let app = TestApp::start().await;
    let thief = app.client().await;
    thief.give_email(THIEFS_EMAIL).await;
    thief.give_phone(OTHER_PHONE).await;
    app.reset_by_email(THIEFS_EMAIL, THIEFS_PASSWORD).await;
    let link = app.not_me_links(PHONE).await.remove(0);
    app.take_back(&link).await;
    assert!(app.enters_by_code(PHONE).await);
    assert!(!app.enters_by_code(OTHER_PHONE).await);
    app.login(THIEFS_EMAIL, NEW_PASSWORD).await.expect_problem(401);
    app.expect_message(PHONE, "novo acesso a sua conta").await;
    app.expect_message(THIEFS_EMAIL, "Sua senha foi alterada").await;
}

#[tokio::test]
async fn nor_to_say_that_it_was_not_me_from_the_thiefs_own_contact() {
    let app = TestApp::start().await;
    let thief = app.client().await;
    thief.give_email(THIEFS_EMAIL).await;
    app.advance(Duration::seconds(1));
    let body = json!({ "newPassword": THIEFS_PASSWORD, "passwordConfirmation": THIEFS_PASSWORD });
    thief.post("/api/auth/password", body).await.expect(200);
    let thiefs = app.not_me_links(THIEFS_EMAIL).await.remove(0);
    app.take_back(&thiefs).await;
    let link = app.not_me_links(PHONE).await.remove(0);
    app.take_back(&link).await;
    assert!(app.enters_by_code(PHONE).await);
    app.login(THIEFS_EMAIL, NEW_PASSWORD).await.expect_problem(401);
    app.expect_message(PHONE, "novo acesso a sua conta").await;
    app.expect_message(THIEFS_EMAIL, "Sua senha foi alterada").await;
}

#[tokio::test]
async fn the_old_address_brings_itself_back() {
    let app = TestApp::start().await;
    app.proved_client_with(PHONE, EMAIL).await;
    app.advance(Duration::days(8));
    let thief = app.sign_in(EMAIL, PASSWORD).await;
    thief.give_email(THIEFS_EMAIL).await;
    let link = app.not_me_links(EMAIL).await.remove(0);
    app.take_back(&link).await;
    app.login(EMAIL, NEW_PASSWORD).await.expect(200);
    app.login(THIEFS_EMAIL, NEW_PASSWORD).await.expect_problem(401);
    app.expect_message(EMAIL, "Novo acesso à sua conta").await;
    app.expect_message(EMAIL, "Sua senha foi alterada").await;
}

// ── after a reset by one contact

#[tokio::test]
async fn a_reset_by_email_takes_the_phone_out_of_force_until_it_is_confirmed_again() {
    let app = TestApp::start().await;
    let owner = app.client_with_password().await;
    owner.give_document("cpf", CPF).await;
    assert_eq!(app.recovers_by_cpf().await.expect("known").len(), 2);
    app.reset_by_email(EMAIL, NEW_PASSWORD).await;
    assert!(!app.enters_by_code(PHONE).await);
    assert_eq!(app.recovers_by_cpf().await.expect("known"), [json!("a***@e***.com")]);
    let owner = app.sign_in(PHONE, NEW_PASSWORD).await;
    let me = owner.profile().await;
    assert_eq!((&me["phoneSuspended"], &me["emailSuspended"]), (&json!(true), &json!(false)));
    owner.give_phone(PHONE).await;
    assert_eq!(owner.profile().await["phoneSuspended"], false);
    assert!(app.enters_by_code(PHONE).await);
    assert_eq!(app.recovers_by_cpf().await.expect("known").len(), 2);
    app.expect_message(EMAIL, "Seu código para recuperar a senha").await;
    app.expect_message(PHONE, "é o seu código de verificação").await;
}

#[tokio::test]
async fn a_recovery_code_leaves_the_contact_in_force_by_which_it_was_read() {
    for (read, suspended) in [(EMAIL, "phoneSuspended"), (PHONE, "emailSuspended")] {
        let app = TestApp::start().await;
        app.ignore_messages();
        let owner = app.client_with_password().await;
        owner.give_document("cpf", CPF).await;
        assert_eq!(app.recovers_by_cpf().await.expect("known").len(), 2);
        let code = app.codes_to(read).await.remove(0);
        let grant = app.post("/api/auth/recovery/verify", json!({ "document": CPF, "code": code })).await.expect(200).json();
        let body = json!({ "resetToken": grant["resetToken"], "newPassword": NEW_PASSWORD, "passwordConfirmation": NEW_PASSWORD });
        app.post("/api/auth/recovery/reset", body).await.expect(200);
        let owner = app.sign_in(PHONE, NEW_PASSWORD).await;
        let me = owner.profile().await;
        for name in ["phoneSuspended", "emailSuspended"] {
            assert_eq!(me[name], name == suspended, "{read} {name}");
        }
        if read == PHONE {
            app.advance(Duration::minutes(2));
            app.post("/api/auth/forgot-password", json!({ "email": EMAIL })).await.expect(202);
            let links =
                app.messages_to(EMAIL).await.into_iter().filter(|it| it["link"].as_str().is_some_and(|it| it.contains("/reset-password")));
            assert_eq!(links.count(), 0);
            // Confirmed again in a session, with the same value.
            owner.give_email(EMAIL).await;
            assert_eq!(owner.profile().await["emailSuspended"], false);
        }
    }
}

#[tokio::test]
async fn a_sign_in_code_that_was_sent_before_the_reset_opens_nothing_after_it() {
    let app = TestApp::start().await;
    app.proved_client_with(PHONE, EMAIL).await;
    app.advance(Duration::minutes(1));
    app.post("/api/auth/login/code", json!({ "phone": PHONE })).await.expect(202);
    let code = app.codes_to(PHONE).await.remove(0);
    app.reset_by_email(EMAIL, NEW_PASSWORD).await;
    let body = json!({ "phone": PHONE, "code": code });
    app.post("/api/auth/login/code/verify", body).await.expect_problem(401);
    app.expect_message(EMAIL, "Sua senha foi alterada").await;
}

#[tokio::test]
async fn whoever_planted_an_email_in_an_account_of_theirs_loses_it_to_its_owner() {
    let app = TestApp::start().await;
    let stranger = app.client_with(OTHER_PHONE, EMAIL).await;
    stranger.give_document("cpf", CPF).await;
    app.reset_by_email(EMAIL, NEW_PASSWORD).await;
    stranger.expect_out().await;
    assert!(!app.enters_by_code(OTHER_PHONE).await);
    assert_eq!(app.recovers_by_cpf().await.expect("known"), [json!("a***@e***.com")]);
    app.login(OTHER_PHONE, PASSWORD).await.expect_problem(401);
    app.expect_message(EMAIL, "Seu código para recuperar a senha").await;
    app.expect_message(EMAIL, "Sua senha foi alterada").await;
}
