//! Who holds a sign-up, and what a proof gives to whom (SPEC §16). Each test is an attack that once worked, or one like it.

use crate::support::people::{EMAIL, OTHER_PHONE, PASSWORD, PHONE, TYPED_PHONE, client, client_form, company_form};
use crate::support::{Actor, Answer, TestApp};
use serde_json::json;
use time::Duration;

const OTHER_TYPED: &str = "(21) 99887-7665";
const CNPJ: &str = "11.222.333/0001-81";
/// The headers that a browser sends when a person clicks a link.
const CLICK: [(&str, &str); 4] =
    [("accept", "text/html,*/*"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document"), ("sec-fetch-user", "?1")];

/// The token of the form that a page shows.
fn form_token(page: &Answer) -> String {
    let (_, rest) = page.text.split_once("name=\"form\" value=\"").expect("a form with a token");
    rest.split('"').next().expect("its value").to_owned()
}

async fn sign_up(browser: &Actor<'_>, phone: &str) -> Answer {
    browser.form("/register/client", "sign_up", &client_form(phone)).await
}

pub(crate) async fn enter_code(browser: &Actor<'_>, code: &str) -> Answer {
    browser.form("/register/client", "prove_code", &[("code", code)]).await
}

async fn enter(browser: &Actor<'_>) -> Answer {
    browser.form("/register/client", "enter", &[]).await
}

pub(crate) async fn is_signed_in(browser: &Actor<'_>) -> bool {
    browser.get("/dashboard").await.status == 200
}

pub(crate) async fn hand_off<'a>(app: &'a TestApp, from: &Actor<'_>) -> Actor<'a> {
    let page = from.form("/register/client", "hand_off", &[]).await.expect(200);
    let (_, rest) = page.text.split_once("/continue?token=").expect("a link");
    let token: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
    let device = app.anonymous();
    device.form(&format!("/continue?token={token}"), "take_over", &[("token", &token)]).await.expect(303);
    device
}

async fn click<'a>(app: &'a TestApp, path: &str) -> Answer {
    let mut visitor: Actor<'a> = app.anonymous();
    for (name, value) in CLICK {
        visitor = visitor.header(name, value);
    }
    visitor.get(path).await
}

// ── 1. what is proved is what the account gets ──

#[tokio::test]
async fn a_code_proves_the_phone_that_it_was_sent_to_and_no_other() {
    let app = TestApp::start().await;
    let thief = app.anonymous();
    sign_up(&thief, TYPED_PHONE).await.expect(303);
    let code = app.code_to(PHONE).await;
    // Uses up what this client address may send, so that the correction is refused.
    for n in 0..29 {
        app.post("/api/auth/forgot-password", json!({ "email": format!("ninguem{n}@example.com") })).await.expect(202);
    }
    sign_up(&thief, OTHER_TYPED).await.expect(429);
    let answer = app.verify(PHONE, &code).await.expect(201).json();
    assert!(answer["user"]["phone"].as_str().is_some_and(|phone| phone.contains("4321")), "{answer}");
    assert!(app.messages_to(OTHER_PHONE).await.is_empty());
    assert_eq!(app.count("select count(*) from accounts where phone_proved_at is not null").await, 1);
}

#[tokio::test]
async fn a_correction_kills_the_code_of_the_old_phone_in_the_same_step() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    sign_up(&browser, TYPED_PHONE).await.expect(303);
    let old = app.code_to(PHONE).await;
    sign_up(&browser, OTHER_TYPED).await.expect(303);
    enter_code(&browser, &old).await.expect(400);
    app.verify(PHONE, &old).await.expect_problem(400);
    let new = app.code_to(OTHER_PHONE).await;
    enter_code(&browser, &new).await.expect(303);
}

#[tokio::test]
async fn a_refused_correction_of_an_address_leaves_the_old_link_alone() {
    let app = TestApp::start().await;
    app.proved_teacher("tomado@example.com").await;
    let browser = app.anonymous();
    browser.form("/register/company", "sign_up", &company_form(CNPJ, EMAIL)).await.expect(303);
    browser.form("/register/company", "sign_up", &company_form(CNPJ, "tomado@example.com")).await.expect(409);
    app.open_link_to(EMAIL).await.expect(200);
    app.login(EMAIL, PASSWORD).await.expect(200);
    app.expect_message("tomado@example.com", "Você já tem uma conta").await;
}

// ── 2. equal content is not an equal person ──

#[tokio::test]
async fn two_equal_forms_are_two_sign_ups_each_with_a_code_of_its_own() {
    let app = TestApp::start().await;
    let (owner, stranger) = (app.anonymous(), app.anonymous());
    sign_up(&owner, TYPED_PHONE).await.expect(303);
    let code = app.code_to(PHONE).await;
    sign_up(&stranger, TYPED_PHONE).await.expect(303);
    let codes = app.codes_to(PHONE).await;
    assert_eq!(codes.len(), 2);
    assert!(codes.iter().any(|other| *other != code), "each has a code of its own");
    enter_code(&stranger, &code).await.expect(400);
    enter_code(&owner, &code).await.expect(303);
    assert!(is_signed_in(&owner).await);
    enter(&stranger).await;
    assert!(!is_signed_in(&stranger).await);
}

#[tokio::test]
async fn a_form_sent_twice_is_one_sign_up_by_its_token() {
    let app = TestApp::start().await;
    let page = app.get("/register/client").await;
    let token = form_token(&page);
    let mut fields = client_form(TYPED_PHONE);
    fields.push(("form", &token));
    let (first, again) = (app.anonymous(), app.anonymous());
    first.form("/register/client", "sign_up", &fields).await.expect(303);
    // The browser sends the form twice, the second time before it has its cookie.
    again.form("/register/client", "sign_up", &fields).await.expect(303);
    assert_eq!(app.messages_to(PHONE).await.len(), 1);
    assert_eq!(app.count("select count(*) from signups").await, 1);
    assert_ne!(token, form_token(&app.get("/register/client").await));
}

#[tokio::test]
async fn a_form_by_email_sent_twice_is_one_sign_up_too() {
    let app = TestApp::start().await;
    let token = form_token(&app.get("/register/company").await);
    let mut fields = company_form(CNPJ, EMAIL);
    fields.push(("form", &token));
    app.anonymous().form("/register/company", "sign_up", &fields).await.expect(303);
    app.anonymous().form("/register/company", "sign_up", &fields).await.expect(303);
    assert_eq!(app.messages_to(EMAIL).await.len(), 1);
    // The same content in another form comes from another person.
    app.anonymous().form("/register/company", "sign_up", &company_form(CNPJ, EMAIL)).await.expect(409);
}

// ── 3. a secret that was sent for something else opens nothing ──

#[tokio::test]
async fn who_handed_a_sign_up_on_does_not_hold_what_was_corrected() {
    let app = TestApp::start().await;
    let thief = app.anonymous();
    sign_up(&thief, OTHER_TYPED).await.expect(303);
    let victim = hand_off(&app, &thief).await;
    sign_up(&victim, TYPED_PHONE).await.expect(303);
    let code = app.code_to(PHONE).await;
    enter_code(&victim, &code).await.expect(303);
    assert!(is_signed_in(&victim).await);
    enter(&thief).await;
    assert!(!is_signed_in(&thief).await);
}

#[tokio::test]
async fn a_password_typed_elsewhere_takes_the_sign_up_from_the_first_browser() {
    let app = TestApp::start().await;
    let thief = app.anonymous();
    sign_up(&thief, TYPED_PHONE).await.expect(303);
    let victim = hand_off(&app, &thief).await;
    let mut fields = client_form(TYPED_PHONE);
    fields.retain(|(name, _)| !name.starts_with("password"));
    fields.extend([("password", PASSWORD), ("password_confirmation", PASSWORD)]);
    victim.form("/register/client", "sign_up", &fields).await.expect(303);
    let code = app.code_to(PHONE).await;
    enter_code(&victim, &code).await.expect(303);
    enter(&thief).await;
    assert!(!is_signed_in(&thief).await);
}

#[tokio::test]
async fn who_only_changed_the_name_leaves_the_other_to_sign_in() {
    let app = TestApp::start().await;
    let first = app.anonymous();
    sign_up(&first, TYPED_PHONE).await.expect(303);
    let second = hand_off(&app, &first).await;
    let mut fields = client_form(TYPED_PHONE);
    fields.retain(|(name, _)| *name != "name");
    fields.push(("name", "Outra Pessoa"));
    second.form("/register/client", "sign_up", &fields).await.expect(303);
    let code = app.code_to(PHONE).await;
    enter_code(&second, &code).await.expect(303);
    let waiting = first.get("/register/client").await.expect(200);
    assert!(waiting.text.contains("href=\"/login\"") && !waiting.text.contains("value=\"enter\""), "{}", waiting.text);
    enter(&first).await;
    assert!(!is_signed_in(&first).await);
}

#[tokio::test]
async fn who_began_it_goes_in_when_nothing_was_changed_and_who_was_handed_it_signs_in() {
    let app = TestApp::start().await;
    let first = app.anonymous();
    sign_up(&first, TYPED_PHONE).await.expect(303);
    let second = hand_off(&app, &first).await;
    let third = hand_off(&app, &first).await;
    let code = app.code_to(PHONE).await;
    enter_code(&second, &code).await.expect(303);
    enter(&third).await;
    assert!(!is_signed_in(&third).await);
    enter(&first).await.expect(303);
    assert!(is_signed_in(&first).await);
    app.expect_message(PHONE, "novo acesso a sua conta").await;
}

#[tokio::test]
async fn an_open_hand_off_ends_with_a_correction() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    sign_up(&browser, OTHER_TYPED).await.expect(303);
    let page = browser.form("/register/client", "hand_off", &[]).await.expect(200);
    let (_, rest) = page.text.split_once("/continue?token=").expect("a link");
    let token: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
    sign_up(&browser, TYPED_PHONE).await.expect(303);
    app.anonymous().form(&format!("/continue?token={token}"), "take_over", &[("token", &token)]).await.expect(400);
    app.expect_message(PHONE, "seu codigo para criar sua conta").await;
}

// ── 4. a machine opens links, and a stranger chose the password ──

#[tokio::test]
async fn opening_the_link_of_a_mail_proves_nothing_elsewhere_whatever_it_accepts() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    browser.form("/register/company", "sign_up", &company_form(CNPJ, EMAIL)).await.expect(303);
    let path = format!("/verify?token={}", app.token_to(EMAIL).await);
    for accept in ["*/*", "text/html", "application/json", "image/*"] {
        let page = app.anonymous().header("accept", accept).get(&path).await.expect(200);
        assert!(page.header("content-type").starts_with("text/html"), "{accept}");
    }
    let page = click(&app, &path).await.expect(200);
    assert!(page.text.contains("Confirmar") && page.text.contains("Não fui eu"), "{}", page.text);
    assert!(!page.text.contains(EMAIL) && page.text.contains("***"), "the address is masked");
    app.anonymous().method("HEAD", &path).await.expect(200);
    assert_eq!(app.count("select count(*) from accounts where email_proved_at is not null").await, 0);
    app.login(EMAIL, PASSWORD).await.expect_problem(403);
}

#[tokio::test]
async fn the_browser_that_holds_the_sign_up_proves_by_opening_the_link_and_finds_its_address_at_the_sign_in() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    browser.form("/register/company", "sign_up", &company_form(CNPJ, EMAIL)).await.expect(303);
    let path = format!("/verify?token={}", app.token_to(EMAIL).await);
    // A prefetch, or an image on another page, is no click of a person.
    browser.send_raw(browser.raw("GET", &path).header("sec-purpose", "prefetch").header("accept", "text/html")).await.expect(200);
    browser.send_raw(browser.raw("GET", &path).header("sec-fetch-dest", "image").header("accept", "*/*")).await.expect(200);
    assert_eq!(app.count("select count(*) from accounts where email_proved_at is not null").await, 0);
    let answer = browser.get(&path).await.expect(303);
    assert_eq!(answer.location(), "/login?notice=verified");
    assert!(browser.get("/login").await.text.contains(&format!("value=\"{EMAIL}\"")));
    app.login(EMAIL, PASSWORD).await.expect(200);
    let waiting = browser.get("/register/company").await.expect(200);
    assert!(waiting.text.contains("href=\"/login\""));
}

#[tokio::test]
async fn the_owner_of_an_address_may_keep_the_password_of_the_sign_up_or_set_another() {
    let app = TestApp::start().await;
    app.pending_teacher(EMAIL).await;
    let token = app.token_to(EMAIL).await;
    let path = format!("/verify?token={token}");
    let page = click(&app, &path).await.expect(200);
    assert!(page.text.contains("Uma senha foi definida no cadastro"), "{}", page.text);
    let page = app.anonymous().form(&path, "prove_link", &[("token", &token), ("password", "new")]).await.expect(200);
    let (_, rest) = page.text.split_once("name=\"grant\" value=\"").expect("the right to set another");
    let grant = rest.split('"').next().expect("its value").to_owned();
    // From now on the password that the stranger chose is worth nothing.
    app.login(EMAIL, PASSWORD).await.expect_problem(401);
    let mine = "Minha Propria #77";
    let fields = [("grant", grant.as_str()), ("new_password", mine), ("password_confirmation", mine)];
    app.anonymous().form(&path, "reset_by_grant", &fields).await.expect(303);
    app.login(EMAIL, mine).await.expect(200);

    app.pending_teacher("outra@example.com").await;
    let token = app.token_to("outra@example.com").await;
    app.anonymous().form(&format!("/verify?token={token}"), "prove_link", &[("token", &token)]).await.expect(303);
    app.login("outra@example.com", PASSWORD).await.expect(200);
    app.expect_message(EMAIL, "Sua senha foi alterada").await;
}

#[tokio::test]
async fn a_used_link_is_no_second_way_to_a_new_password() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let token = app.token_to(EMAIL).await;
    let answer = app.anonymous().form(&format!("/verify?token={token}"), "prove_link", &[("token", &token), ("password", "new")]).await;
    assert_eq!(answer.expect(303).location(), "/login?notice=verified");
    app.login(EMAIL, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn the_api_path_proves_for_callers_that_do_not_ask_for_html_and_shows_the_page_to_those_that_do() {
    let app = TestApp::start().await;
    app.pending_teacher(EMAIL).await;
    let path = format!("/api/auth/verify-email?token={}", app.token_to(EMAIL).await);
    click(&app, &path).await.expect(200);
    assert_eq!(app.count("select count(*) from accounts where email_proved_at is not null").await, 0);
    let answer = app.anonymous().header("accept", "*/*").get(&path).await.expect(200);
    assert!(answer.json()["message"].is_string());
    app.login(EMAIL, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn not_me_ends_a_claim_and_frees_the_address() {
    let app = TestApp::start().await;
    let thief = app.anonymous();
    thief.form("/register/company", "sign_up", &company_form(CNPJ, EMAIL)).await.expect(303);
    let token = app.token_to(EMAIL).await;
    // The browser that holds the sign-up is asked too, when it follows "não fui eu".
    thief.get(&format!("/verify?token={token}&not_me=1")).await.expect(200);
    let answer = app.anonymous().form(&format!("/verify?token={token}"), "disown_link", &[("token", &token)]).await.expect(303);
    assert_eq!(answer.location(), "/?notice=email_disowned");
    assert_eq!(app.count("select count(*) from accounts").await, 0);
    assert!(thief.get("/register/company").await.expect(200).text.contains("name=\"cnpj\""), "nothing waits there any more");
    app.get(&format!("/api/auth/verify-email?token={token}")).await.expect_problem(400);
    app.pending_teacher(EMAIL).await;
    app.expect_message(EMAIL, "Verifique sua conta").await;
}

// ── 5. an optional address of somebody else ──

#[tokio::test]
async fn the_owner_of_an_optional_address_sees_whose_account_it_is_and_takes_it_back() {
    let app = TestApp::start().await;
    let code = app.ask_code_with_email(PHONE, EMAIL).await;
    let thief = app.verify(PHONE, &code).await.expect(201).json();
    let token = app.token_to(EMAIL).await;
    let path = format!("/verify?token={token}");
    let page = click(&app, &path).await.expect(200);
    assert!(page.text.contains("4321") && !page.text.contains("98765"), "the phone is named and masked");
    app.anonymous().form(&path, "disown_link", &[("token", &token)]).await.expect(303);
    app.get(&format!("/api/auth/verify-email?token={token}")).await.expect_problem(400);
    let access = thief["accessToken"].as_str().expect("a token");
    let profile = app.anonymous().bearer(access).get("/api/auth/profile").await.expect(200).json();
    assert!(profile["email"].is_null(), "{profile}");
    app.pending_teacher(EMAIL).await;
    app.expect_message(EMAIL, "Verifique sua conta").await;
}

#[tokio::test]
async fn a_session_of_the_account_proves_its_optional_address_by_opening_the_link() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let mut fields = client_form(TYPED_PHONE);
    fields.retain(|(name, _)| *name != "email");
    fields.push(("email", EMAIL));
    browser.form("/register/client", "sign_up", &fields).await.expect(303);
    let code = app.code_to(PHONE).await;
    enter_code(&browser, &code).await.expect(303);
    let path = format!("/verify?token={}", app.token_to(EMAIL).await);
    browser.get(&path).await.expect(303);
    assert_eq!(app.count("select count(*) from accounts where email_proved_at is not null").await, 1);
    app.expect_message(PHONE, "tem um novo e-mail").await;
}

// ── claims and what was proved meanwhile ──

#[tokio::test]
async fn a_claim_that_nobody_proved_ends_a_day_after_it_was_made_whoever_asks_for_links() {
    let app = TestApp::start().await;
    app.pending_teacher(EMAIL).await;
    app.advance(Duration::hours(23));
    app.post("/api/resend-verification", json!({ "email": EMAIL })).await.expect(202);
    app.advance(Duration::minutes(59));
    app.post("/api/auth/register/teacher", crate::support::people::teacher(EMAIL)).await.expect_problem(409);
    app.advance(Duration::minutes(2));
    app.post("/api/resend-verification", json!({ "email": EMAIL })).await.expect(202);
    app.pending_teacher(EMAIL).await;
    app.expect_message(EMAIL, "Verifique sua conta").await;
}

#[tokio::test]
async fn a_correction_that_comes_after_the_proof_changes_nothing() {
    let app = TestApp::start().await;
    let first = app.anonymous();
    sign_up(&first, TYPED_PHONE).await.expect(303);
    let second = hand_off(&app, &first).await;
    let code = app.code_to(PHONE).await;
    enter_code(&second, &code).await.expect(303);
    let before = app.count("select count(*) from signups where account_id is not null").await;
    sign_up(&first, OTHER_TYPED).await.expect(303);
    assert_eq!(app.count("select count(*) from signups where account_id is not null").await, before);
    assert_eq!(app.count("select count(*) from accounts").await, 1);
    app.expect_message(OTHER_PHONE, "seu codigo para criar sua conta").await;
}

#[tokio::test]
async fn a_form_of_the_api_holds_nothing() {
    let app = TestApp::start().await;
    let answer = app.anonymous();
    let posted = answer.post("/api/auth/register/client", client(PHONE)).await.expect(202);
    assert!(posted.cookies().is_empty(), "{:?}", posted.cookies());
    app.expect_message(PHONE, "seu codigo para criar sua conta").await;
}
