//! A machine opens links, and a stranger chose the password or typed an optional address of somebody else.

use super::{CNPJ, click, enter_code};
use crate::support::people::{EMAIL, PASSWORD, PHONE, TYPED_PHONE, client_form, company_form};
use crate::support::{TestApp, grant_in, username_in};

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
    // it prefetches, or another page shows it as a picture: that is nobody's doing
    browser.send_raw(browser.raw("GET", &path).header("sec-purpose", "prefetch").header("accept", "text/html")).await.expect(200);
    browser.send_raw(browser.raw("GET", &path).header("sec-fetch-dest", "image").header("accept", "*/*")).await.expect(200);
    assert_eq!(app.count("select count(*) from accounts where email_proved_at is not null").await, 0);
    let answer = browser.get(&path).await.expect(303);
    assert_eq!(answer.goes(), "/login, verified");
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
    let grant = grant_in(&page);
    // The link went to the address, so its reader knows it.
    assert_eq!(username_in(&page), EMAIL);
    // what the stranger chose is worth nothing from that moment
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
    assert_eq!(answer.expect(303).goes(), "/login, verified");
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
    // also where it would prove at once: who follows "não fui eu" is asked
    thief.get(&format!("/verify?token={token}&not_me=1")).await.expect(200);
    let answer = app.anonymous().form(&format!("/verify?token={token}"), "disown_link", &[("token", &token)]).await.expect(303);
    assert_eq!(answer.goes(), "/, email_disowned");
    assert_eq!(app.count("select count(*) from accounts").await, 0);
    assert!(thief.get("/register/company").await.expect(200).text.contains("name=\"cnpj\""), "nothing waits there any more");
    app.get(&format!("/api/auth/verify-email?token={token}")).await.expect_problem(400);
    app.pending_teacher(EMAIL).await;
    app.expect_message(EMAIL, "Verifique sua conta").await;
}

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
