//! SPEC §16: every way in which a thief took an account for good, walked again; and what a reset by one contact does to the
//! others.

use crate::support::people::{EMAIL, OTHER_PHONE, PASSWORD, PHONE, client};
use crate::support::{Actor, Answer, TestApp, link_in};
use serde_json::{Value, json};
use time::Duration;

const CPF: &str = "529.982.247-25";
const NEW: &str = "Laranja#77 doce";
const THIEF: &str = "Ladrao#77 novo";
const THIEFS_EMAIL: &str = "ladrao@example.com";
const THIRD_PHONE: &str = "+5531988776655";

fn access(answer: &Answer) -> String {
    answer.json()["accessToken"].as_str().expect("a token").to_owned()
}

fn by<'a>(app: &'a TestApp, access: &str) -> Actor<'a> {
    app.anonymous().bearer(access)
}

impl TestApp {
    async fn give_phone(&self, access: &str, phone: &str) {
        self.advance(Duration::seconds(1));
        let client = by(self, access);
        client.post("/api/auth/profile/phone", json!({ "phone": phone })).await.expect(202);
        let code = self.codes_to(phone).await.remove(0);
        client.post("/api/auth/profile/phone/verify", json!({ "phone": phone, "code": code })).await.expect(200);
        self.messages().await;
    }

    async fn give_email(&self, access: &str, email: &str) {
        self.advance(Duration::seconds(1));
        let client = by(self, access);
        client.post("/api/auth/profile/email", json!({ "email": email })).await.expect(202);
        let code = self.codes_to(email).await.remove(0);
        client.post("/api/auth/profile/email/verify", json!({ "code": code })).await.expect(200);
        self.messages().await;
    }

    async fn give_cpf(&self, access: &str) {
        self.advance(Duration::seconds(1));
        let client = by(self, access);
        client.send_raw(client.raw("PATCH", "/api/auth/profile").json(&json!({ "cpf": CPF }))).await.expect(200);
        self.messages().await;
    }

    async fn change_password(&self, access: &str, current: &str, new: &str) {
        self.advance(Duration::seconds(1));
        let client = by(self, access);
        let body = json!({ "currentPassword": current, "newPassword": new, "passwordConfirmation": new });
        client.send_raw(client.raw("PATCH", "/api/auth/change-password").json(&body)).await.expect(200);
        self.messages().await;
    }

    /// The "não fui eu" links to somebody, newest first.
    async fn not_me_links(&self, to: &str) -> Vec<String> {
        let links = self.messages_to(to).await.into_iter().filter(|message| message["link"].is_string()).map(|it| link_in(&it));
        links.filter(|link| link.starts_with("/not-me?token=")).collect()
    }

    async fn press(&self, link: &str) -> Answer {
        let token = link.split_once("token=").expect("a token").1;
        self.anonymous().form(link, "disown", &[("token", token)]).await
    }

    /// Presses, and sets the password that the page offers to set.
    async fn take_back(&self, link: &str) {
        self.advance(Duration::seconds(1));
        let page = self.press(link).await.expect(200);
        let from = page.text.split_once("name=\"grant\" value=\"").unwrap_or_else(|| panic!("no grant in {}", page.text)).1;
        let grant = from.split_once('"').expect("an end").0;
        let form = [("grant", grant), ("new_password", NEW), ("password_confirmation", NEW)];
        self.anonymous().form(link, "reset_by_grant", &form).await.expect(303);
    }

    async fn reset_by_email(&self, email: &str, password: &str) {
        self.advance(Duration::seconds(31));
        self.post("/api/auth/forgot-password", json!({ "email": email })).await.expect(202);
        let links: Vec<_> = self.messages_to(email).await.iter().filter(|it| it["link"].is_string()).map(link_in).collect();
        let token = links.iter().find_map(|link| link.strip_prefix("/reset-password?token=")).expect("a reset link").to_owned();
        let body = json!({ "token": token, "password": password, "passwordConfirmation": password });
        self.post("/api/auth/reset-password", body).await.expect(200);
    }

    /// Asks for a sign-in code and signs in; `false`: none came.
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

    /// Where a recovery by the CPF goes; `None`: the CPF is not known.
    async fn recovers_by_cpf(&self) -> Option<Vec<Value>> {
        self.advance(Duration::minutes(61));
        let answer = self.post("/api/auth/recovery", json!({ "document": CPF })).await;
        (answer.status == 200).then(|| answer.json()["destinations"].as_array().expect("a list").clone())
    }
}

async fn teacher_and_thief(app: &TestApp) -> String {
    app.proved_teacher(EMAIL).await;
    app.advance(Duration::seconds(1));
    access(&app.login(EMAIL, PASSWORD).await.expect(200))
}

// ── "não fui eu" of any open notice goes back to before the earliest

#[tokio::test]
async fn the_newest_notice_undoes_the_phone_and_the_cpf_that_came_before_it() {
    let app = TestApp::start().await;
    let thief = teacher_and_thief(&app).await;
    app.give_phone(&thief, OTHER_PHONE).await;
    app.give_cpf(&thief).await;
    app.change_password(&thief, PASSWORD, THIEF).await;
    let links = app.not_me_links(EMAIL).await;
    assert_eq!(links.len(), 3);
    app.take_back(&links[0]).await;
    by(&app, &thief).get("/api/auth/profile").await.expect_problem(401);
    assert!(!app.enters_by_code(OTHER_PHONE).await);
    assert_eq!(app.recovers_by_cpf().await, None);
    app.login(EMAIL, THIEF).await.expect_problem(401);
    let me = by(&app, &access(&app.login(EMAIL, NEW).await.expect(200))).get("/api/auth/profile").await.expect(200).json();
    assert_eq!((&me["phone"], &me["cpf"], &me["emailSuspended"]), (&Value::Null, &Value::Null, &json!(false)));
    for link in &links[1..] {
        app.press(link).await.expect(400);
    }
}

#[tokio::test]
async fn what_was_there_before_the_earliest_open_notice_stays() {
    let app = TestApp::start().await;
    let owner = teacher_and_thief(&app).await;
    app.give_phone(&owner, PHONE).await;
    app.give_cpf(&owner).await;
    app.advance(Duration::days(7) + Duration::seconds(2));
    let thief = access(&app.login(EMAIL, PASSWORD).await.expect(200));
    app.change_password(&thief, PASSWORD, THIEF).await;
    let link = app.not_me_links(EMAIL).await.remove(0);
    app.take_back(&link).await;
    let owner = access(&app.login(EMAIL, NEW).await.expect(200));
    let me = by(&app, &owner).get("/api/auth/profile").await.expect(200).json();
    assert_eq!((&me["cpf"], &me["phoneSuspended"]), (&json!("***.982.247-**"), &json!(true)));
    // it was the e-mail that spoke: the phone is confirmed again from inside
    assert!(!app.enters_by_code(PHONE).await);
    let owner = access(&app.login(EMAIL, NEW).await.expect(200));
    app.give_phone(&owner, PHONE).await;
    assert!(app.enters_by_code(PHONE).await);
}

#[tokio::test]
async fn an_old_token_without_the_password_adds_nothing_to_recover_by() {
    let app = TestApp::start().await;
    let stolen = teacher_and_thief(&app).await;
    app.advance(Duration::minutes(10));
    let thief = by(&app, &stolen);
    thief.send_raw(thief.raw("PATCH", "/api/auth/profile").json(&json!({ "cpf": CPF }))).await.expect_problem(403);
    thief.post("/api/auth/profile/phone", json!({ "phone": OTHER_PHONE })).await.expect_problem(403);
    assert_eq!(app.recovers_by_cpf().await, None);
}

// ── a replaced phone

#[tokio::test]
async fn the_owner_of_a_replaced_phone_takes_an_account_without_email_back() {
    let app = TestApp::start().await;
    let thief = access(&app.proved_client(PHONE).await);
    app.give_phone(&thief, OTHER_PHONE).await;
    assert!(app.not_me_links(OTHER_PHONE).await.is_empty());
    let links = app.not_me_links(PHONE).await;
    assert_eq!(links.len(), 1, "the one link in its message");
    app.advance(Duration::days(6));
    app.take_back(&links[0]).await;
    by(&app, &thief).get("/api/auth/profile").await.expect_problem(401);
    assert!(!app.enters_by_code(OTHER_PHONE).await);
    assert!(app.enters_by_code(PHONE).await);
    app.login(PHONE, NEW).await.expect(200);
    app.press(&links[0]).await.expect(400);
}

#[tokio::test]
async fn a_phone_that_was_replaced_twice_comes_back_by_its_own_link() {
    let app = TestApp::start().await;
    let thief = access(&app.proved_client(PHONE).await);
    app.give_phone(&thief, OTHER_PHONE).await;
    app.give_phone(&thief, THIRD_PHONE).await;
    let link = app.not_me_links(PHONE).await.remove(0);
    let thiefs = app.not_me_links(OTHER_PHONE).await.remove(0);
    app.take_back(&link).await;
    app.press(&thiefs).await.expect(400);
    assert!(app.enters_by_code(PHONE).await);
    assert!(!app.enters_by_code(THIRD_PHONE).await && !app.enters_by_code(OTHER_PHONE).await);
}

#[tokio::test]
async fn after_seven_days_a_replaced_phone_undoes_nothing() {
    let app = TestApp::start().await;
    let owner = access(&app.proved_client(PHONE).await);
    app.give_phone(&owner, OTHER_PHONE).await;
    let link = app.not_me_links(PHONE).await.remove(0);
    app.advance(Duration::days(7));
    app.press(&link).await.expect(410);
    assert!(app.enters_by_code(OTHER_PHONE).await);
}

#[tokio::test]
async fn a_phone_that_another_account_proved_meanwhile_is_not_taken_from_it() {
    let app = TestApp::start().await;
    let owner = access(&app.proved_client(PHONE).await);
    app.give_phone(&owner, OTHER_PHONE).await;
    let link = app.not_me_links(PHONE).await.remove(0);
    app.advance(Duration::minutes(2));
    app.post("/api/auth/register/client", client(PHONE)).await.expect(202);
    let code = app.codes_to(PHONE).await.remove(0);
    let next = access(&app.verify(PHONE, &code).await.expect(201));
    let answer = app.press(&link).await.expect(409);
    assert!(answer.text.contains("já está confirmado em outra conta"), "it is said");
    by(&app, &next).get("/api/auth/profile").await.expect(200);
    by(&app, &owner).get("/api/auth/profile").await.expect(200);
}

#[tokio::test]
async fn an_account_with_an_email_is_taken_back_by_either_and_the_former_phone_returns() {
    for from_phone in [true, false] {
        let app = TestApp::start().await;
        let thief = access(&app.proved_client_with(PHONE, EMAIL).await);
        // the notice of the address is about the address, and has no part in this
        app.advance(Duration::days(8));
        let thief = if from_phone { access(&app.login(EMAIL, PASSWORD).await.expect(200)) } else { thief };
        let thief = if from_phone { thief } else { access(&app.login(PHONE, PASSWORD).await.expect(200)) };
        app.give_phone(&thief, OTHER_PHONE).await;
        let link = app.not_me_links(if from_phone { PHONE } else { EMAIL }).await.remove(0);
        app.take_back(&link).await;
        assert!(!app.enters_by_code(OTHER_PHONE).await);
        // the contact that spoke is in force at once
        assert_eq!(app.enters_by_code(PHONE).await, from_phone);
        let owner = access(&app.login(PHONE, NEW).await.expect(200));
        let me = by(&app, &owner).get("/api/auth/profile").await.expect(200).json();
        assert_eq!(me["phone"], "(11) *****-4321");
        assert_eq!((&me["phoneSuspended"], &me["emailSuspended"]), (&json!(!from_phone), &json!(from_phone)));
    }
}

// ── a thief's own e-mail

#[tokio::test]
async fn a_thief_who_adds_an_email_and_resets_by_it_is_put_out_from_the_phone() {
    let app = TestApp::start().await;
    let thief = access(&app.proved_client(PHONE).await);
    app.give_email(&thief, THIEFS_EMAIL).await;
    app.reset_by_email(THIEFS_EMAIL, THIEF).await;
    assert!(!app.enters_by_code(PHONE).await, "out of force for now");
    let link = app.not_me_links(PHONE).await.remove(0);
    app.take_back(&link).await;
    app.login(THIEFS_EMAIL, NEW).await.expect_problem(401);
    app.login(PHONE, THIEF).await.expect_problem(401);
    assert!(app.enters_by_code(PHONE).await);
}

#[tokio::test]
async fn nor_does_it_help_to_replace_the_phone_before_the_reset() {
    let app = TestApp::start().await;
    let thief = access(&app.proved_client(PHONE).await);
    app.give_email(&thief, THIEFS_EMAIL).await;
    app.give_phone(&thief, OTHER_PHONE).await;
    app.reset_by_email(THIEFS_EMAIL, THIEF).await;
    let link = app.not_me_links(PHONE).await.remove(0);
    app.take_back(&link).await;
    assert!(app.enters_by_code(PHONE).await);
    assert!(!app.enters_by_code(OTHER_PHONE).await);
    app.login(THIEFS_EMAIL, NEW).await.expect_problem(401);
}

#[tokio::test]
async fn nor_to_say_that_it_was_not_me_from_the_thiefs_own_contact() {
    let app = TestApp::start().await;
    let thief = access(&app.proved_client(PHONE).await);
    app.give_email(&thief, THIEFS_EMAIL).await;
    app.advance(Duration::seconds(1));
    let body = json!({ "newPassword": THIEF, "passwordConfirmation": THIEF });
    by(&app, &thief).post("/api/auth/password", body).await.expect(200);
    let thiefs = app.not_me_links(THIEFS_EMAIL).await.remove(0);
    app.take_back(&thiefs).await;
    let link = app.not_me_links(PHONE).await.remove(0);
    app.take_back(&link).await;
    assert!(app.enters_by_code(PHONE).await);
    app.login(THIEFS_EMAIL, NEW).await.expect_problem(401);
}

#[tokio::test]
async fn the_old_address_brings_itself_back() {
    let app = TestApp::start().await;
    app.proved_client_with(PHONE, EMAIL).await;
    app.advance(Duration::days(8));
    let thief = access(&app.login(EMAIL, PASSWORD).await.expect(200));
    app.give_email(&thief, THIEFS_EMAIL).await;
    let link = app.not_me_links(EMAIL).await.remove(0);
    app.take_back(&link).await;
    app.login(EMAIL, NEW).await.expect(200);
    app.login(THIEFS_EMAIL, NEW).await.expect_problem(401);
}

// ── after a reset by one contact

#[tokio::test]
async fn a_reset_by_email_takes_the_phone_out_of_force_until_it_is_confirmed_again() {
    let app = TestApp::start().await;
    let tokens = access(&app.proved_client_with(PHONE, EMAIL).await);
    app.give_cpf(&tokens).await;
    assert_eq!(app.recovers_by_cpf().await.expect("known").len(), 2);
    app.reset_by_email(EMAIL, NEW).await;
    assert!(!app.enters_by_code(PHONE).await);
    assert_eq!(app.recovers_by_cpf().await.expect("known"), [json!("a***@e***.com")]);
    let owner = access(&app.login(PHONE, NEW).await.expect(200));
    let me = by(&app, &owner).get("/api/auth/profile").await.expect(200).json();
    assert_eq!((&me["phoneSuspended"], &me["emailSuspended"]), (&json!(true), &json!(false)));
    app.give_phone(&owner, PHONE).await;
    assert_eq!(by(&app, &owner).get("/api/auth/profile").await.expect(200).json()["phoneSuspended"], false);
    assert!(app.enters_by_code(PHONE).await);
    assert_eq!(app.recovers_by_cpf().await.expect("known").len(), 2);
}

#[tokio::test]
async fn a_recovery_code_leaves_the_contact_in_force_by_which_it_was_read() {
    for (read, suspended) in [(EMAIL, "phoneSuspended"), (PHONE, "emailSuspended")] {
        let app = TestApp::start().await;
        let tokens = access(&app.proved_client_with(PHONE, EMAIL).await);
        app.give_cpf(&tokens).await;
        assert_eq!(app.recovers_by_cpf().await.expect("known").len(), 2);
        let code = app.codes_to(read).await.remove(0);
        let grant = app.post("/api/auth/recovery/verify", json!({ "document": CPF, "code": code })).await.expect(200).json();
        let body = json!({ "resetToken": grant["resetToken"], "newPassword": NEW, "passwordConfirmation": NEW });
        app.post("/api/auth/recovery/reset", body).await.expect(200);
        let owner = access(&app.login(PHONE, NEW).await.expect(200));
        let me = by(&app, &owner).get("/api/auth/profile").await.expect(200).json();
        for name in ["phoneSuspended", "emailSuspended"] {
            assert_eq!(me[name], name == suspended, "{read} {name}");
        }
        if read == PHONE {
            app.advance(Duration::minutes(2));
            app.post("/api/auth/forgot-password", json!({ "email": EMAIL })).await.expect(202);
            let links =
                app.messages_to(EMAIL).await.into_iter().filter(|it| it["link"].as_str().is_some_and(|it| it.contains("/reset-password")));
            assert_eq!(links.count(), 0);
            // confirmed again from inside, with the same value
            app.give_email(&owner, EMAIL).await;
            assert_eq!(by(&app, &owner).get("/api/auth/profile").await.expect(200).json()["emailSuspended"], false);
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
    app.reset_by_email(EMAIL, NEW).await;
    let body = json!({ "phone": PHONE, "code": code });
    app.post("/api/auth/login/code/verify", body).await.expect_problem(401);
}

#[tokio::test]
async fn whoever_planted_an_email_in_an_account_of_theirs_loses_it_to_its_owner() {
    let app = TestApp::start().await;
    let stranger = access(&app.proved_client_with(OTHER_PHONE, EMAIL).await);
    app.give_cpf(&stranger).await;
    app.reset_by_email(EMAIL, NEW).await;
    by(&app, &stranger).get("/api/auth/profile").await.expect_problem(401);
    assert!(!app.enters_by_code(OTHER_PHONE).await);
    assert_eq!(app.recovers_by_cpf().await.expect("known"), [json!("a***@e***.com")]);
    app.login(OTHER_PHONE, PASSWORD).await.expect_problem(401);
}
