//! The browser, without JavaScript.

use super::{FAILED, WIZARD, expect_wrong_code, sign_up};
use crate::support::TestApp;
use crate::support::people::{OTHER_PHONE, PHONE, TYPED_PHONE, client_form};
use time::Duration;

#[tokio::test]
async fn the_whole_journey_works_as_plain_forms() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let page = browser.get(WIZARD).await.expect(200);
    assert!(page.text.contains("Passo 1 de 3"), "{}", page.text);
    let answer = sign_up(&browser, TYPED_PHONE).await.expect(303);
    assert!(answer.location().starts_with(&format!("{WIZARD}?signup=")), "{}", answer.location());
    let code = app.code_to(PHONE).await;
    let page = browser.get(WIZARD).await.expect(200);
    assert!(page.text.contains("Passo 2 de 3") && page.text.contains("(11) 98765-4321"), "{}", page.text);
    let answer = browser.form(WIZARD, "prove_code", &[("code", &code)]).await.expect(303);
    assert_eq!(answer.location(), WIZARD);
    let page = browser.get(WIZARD).await.expect(200);
    assert!(page.text.contains("Perfil criado com sucesso"), "{}", page.text);
    let page = browser.get("/dashboard").await.expect(200);
    assert!(page.text.contains("Ana Souza"), "{}", page.text);
    browser.form("/dashboard", "sign_out", &[]).await.expect(303);
    assert_eq!(browser.get("/dashboard").await.expect(303).location(), "/login");
}

#[tokio::test]
async fn a_refused_form_comes_back_with_its_status_its_errors_and_what_was_typed_but_no_password() {
    let app = TestApp::start().await;
    let fields = [
        ("slug", "client"),
        ("name", "Ana Maria Braga"),
        ("phone", "(20) 98765-4321"),
        ("email", "ana.braga@example.com"),
        ("password", "segredo-A1"),
        ("password_confirmation", "segredo-B2"),
        ("channel", "sms"),
    ];
    let page = app.anonymous().form(WIZARD, "sign_up", &fields).await.expect(400);
    assert!(page.header("content-type").starts_with("text/html"));
    for kept in ["Ana Maria Braga", "(20) 98765-4321", "ana.braga@example.com", "Número de telefone inválido", "As senhas não coincidem"]
    {
        assert!(page.text.contains(kept), "{kept}: {}", page.text);
    }
    assert!(!page.text.contains("segredo"), "a password is never written into a page");
    let chosen = page.text.split("<input").find(|tag| tag.contains("value=\"sms\"")).expect("the choice");
    assert!(chosen.contains("checked"), "{chosen}");
}

#[tokio::test]
async fn a_wrong_code_comes_back_as_a_page_with_the_sentence_of_the_document_and_not_the_code() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    sign_up(&browser, PHONE).await.expect(303);
    let wrong = TestApp::other_than(&app.code_to(PHONE).await);
    let page = browser.form(WIZARD, "prove_code", &[("code", &wrong)]).await.expect(400);
    assert!(page.text.contains(FAILED), "{}", page.text);
    assert!(!page.text.contains(&wrong), "a code is never written into a page");
}

#[tokio::test]
async fn after_five_wrong_codes_the_page_says_when_to_come_back() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    sign_up(&browser, PHONE).await.expect(303);
    let wrong = TestApp::other_than(&app.code_to(PHONE).await);
    for _ in 0..5 {
        browser.form(WIZARD, "prove_code", &[("code", &wrong)]).await.expect(400);
    }
    let page = browser.get(WIZARD).await.expect(200);
    // Not the 15 minutes of the link to another device, which the page always shows.
    assert!(page.text.contains("você pode tentar de novo em 15 minutos"), "{}", page.text);
}

#[tokio::test]
async fn reloading_and_going_back_keep_what_was_typed() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    sign_up(&browser, TYPED_PHONE).await.expect(303);
    let page = browser.get("/register/client?step=details").await.expect(200);
    assert!(page.text.contains("value=\"Ana Souza\"") && page.text.contains("value=\"(11) 98765-4321\""), "{}", page.text);
    assert!(browser.get("/register").await.expect(200).text.contains("Você tem um cadastro em andamento"));
    assert!(browser.get(WIZARD).await.expect(200).text.contains("Passo 2 de 3"));
    app.expect_message(PHONE, "seu codigo para criar sua conta").await;
}

#[tokio::test]
async fn correcting_the_number_sends_a_code_there_and_kills_the_old_one() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    sign_up(&browser, PHONE).await.expect(303);
    let first = app.code_to(PHONE).await;
    browser.form("/register/client?step=details", "sign_up", &client_form(OTHER_PHONE)).await.expect(303);
    let second = app.code_to(OTHER_PHONE).await;
    expect_wrong_code(app.verify(PHONE, &first).await);
    browser.form(WIZARD, "prove_code", &[("code", &second)]).await.expect(303);
    assert_eq!(app.count("select count(*) from accounts").await, 1);
}

#[tokio::test]
async fn a_form_submitted_twice_makes_one_sign_up_and_one_message() {
    let app = TestApp::start().await;
    let (one, other) = (app.anonymous(), app.anonymous());
    let mut fields = client_form(PHONE);
    // The token that the page wrote into this form.
    fields.push(("form", "0123456789abcdef0123456789abcdef"));
    let (first, second) = tokio::join!(one.form(WIZARD, "sign_up", &fields), other.form(WIZARD, "sign_up", &fields));
    first.expect(303);
    second.expect(303);
    assert_eq!(app.count("select count(*) from signups").await, 1);
    let code = app.code_to(PHONE).await;
    assert_eq!(app.codes_to(PHONE).await.len(), 1);
    other.form(WIZARD, "prove_code", &[("code", &code)]).await.expect(303);
}

#[tokio::test]
async fn sending_again_from_the_page_waits_like_the_api() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    sign_up(&browser, PHONE).await.expect(303);
    app.messages().await;
    let early = browser.form(WIZARD, "resend", &[("channel", "sms")]).await.expect(429);
    assert_eq!(early.header("retry-after"), "30");
    app.advance(Duration::seconds(30));
    let answer = browser.form(WIZARD, "resend", &[("channel", "whatsapp")]).await.expect(303);
    let goes = answer.goes();
    let (page, said) = goes.split_once(", ").expect("a sign-up, and what is said of it");
    assert_eq!((page.len(), said), ("/register/client?signup=".len() + 36, "resent"), "{page}");
    assert_eq!(app.newest_to(PHONE).await["channel"], "whatsapp");
}

#[tokio::test]
async fn a_taken_phone_offers_the_way_in() {
    let app = TestApp::start().await;
    app.proved_client(PHONE).await;
    let page = sign_up(&app.anonymous(), PHONE).await.expect(409);
    assert!(page.text.contains("Telefone já cadastrado") && page.text.contains("href=\"/login\""), "{}", page.text);
    app.expect_message(PHONE, "voce ja tem uma conta").await;
}

#[tokio::test]
async fn a_code_entered_without_a_sign_up_is_a_page_and_no_fault() {
    let app = TestApp::start().await;
    let page = app.anonymous().form(WIZARD, "prove_code", &[("code", "123456")]).await.expect(410);
    assert!(page.header("content-type").starts_with("text/html"));
}

#[tokio::test]
async fn a_sign_up_that_was_given_up_is_forgotten_by_this_browser() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    sign_up(&browser, PHONE).await.expect(303);
    browser.form(WIZARD, "abandon", &[]).await.expect(303);
    assert!(browser.get(WIZARD).await.expect(200).text.contains("Passo 1 de 3"));
    app.expect_message(PHONE, "seu codigo para criar sua conta").await;
}

#[tokio::test]
async fn a_mobile_of_eight_digits_is_completed_and_shown_whole_and_both_forms_are_one_person() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    sign_up(&browser, "(11) 8765-4321").await.expect(303);
    let page = browser.get(WIZARD).await.expect(200).text;
    assert!(page.contains("Acrescentamos o nono dígito: (11) 98765-4321"), "{page}");
    let code = app.code_to(PHONE).await;
    browser.form(WIZARD, "prove_code", &[("code", &code)]).await.expect(303);
    sign_up(&app.anonymous(), PHONE).await.expect(409);
    sign_up(&app.anonymous(), "1187654321").await.expect(409);
    app.ignore_messages();
}

#[tokio::test]
async fn the_link_for_another_device_is_a_qr_code_too() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    sign_up(&browser, PHONE).await.expect(303);
    let page = browser.form(WIZARD, "hand_off", &[]).await.expect(200).text;
    assert!(page.contains("<svg") && page.contains("class=\"qr\"") && page.contains("QR code do link"), "{page}");
    app.ignore_messages();
}
