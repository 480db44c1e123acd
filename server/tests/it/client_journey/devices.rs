//! The same sign-up on another device.

use super::{WIZARD, sign_up};
use crate::support::people::{PHONE, TYPED_PHONE};
use crate::support::{Actor, Answer, TestApp};
use time::Duration;

/// The path of the hand-off link that the page shows.
fn hand_off_path(page: &Answer) -> String {
    let rest = page.text.split("/continue?token=").nth(1).unwrap_or_else(|| panic!("no link: {}", page.text));
    let token: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-' || *c == '_').collect();
    format!("/continue?token={token}")
}

async fn take_over(device: &Actor<'_>, path: &str) -> Answer {
    let token = path.split_once("token=").expect("a token").1;
    device.form(path, "take_over", &[("token", token)]).await
}

#[tokio::test]
async fn a_sign_up_goes_on_on_another_device_once() {
    let app = TestApp::start().await;
    let computer = app.anonymous();
    sign_up(&computer, PHONE).await.expect(303);
    let path = hand_off_path(&computer.form(WIZARD, "hand_off", &[]).await.expect(200));
    let phone = app.anonymous();
    assert!(phone.get(&path).await.expect(200).cookies().is_empty(), "opening a link changes nothing");
    let taken = take_over(&phone, &path).await.expect(303);
    assert!(taken.location().starts_with(&format!("{WIZARD}?signup=")), "{}", taken.location());
    assert!(phone.get(WIZARD).await.expect(200).text.contains("Passo 2 de 3"));
    take_over(&app.anonymous(), &path).await.expect(400);
    app.expect_message(PHONE, "seu codigo para criar sua conta").await;
}

#[tokio::test]
async fn a_proof_on_the_other_device_lets_this_one_in_too() {
    let app = TestApp::start().await;
    let (computer, phone) = (app.anonymous(), app.anonymous());
    sign_up(&computer, PHONE).await.expect(303);
    let path = hand_off_path(&computer.form(WIZARD, "hand_off", &[]).await.expect(200));
    take_over(&phone, &path).await.expect(303);
    let code = app.code_to(PHONE).await;
    phone.form(WIZARD, "prove_code", &[("code", &code)]).await.expect(303);
    assert!(computer.get(WIZARD).await.expect(200).text.contains("Perfil criado com sucesso"));
    assert_eq!(computer.form(WIZARD, "enter", &[]).await.expect(303).location(), "/dashboard");
    computer.get("/dashboard").await.expect(200);
    app.expect_message(PHONE, "novo acesso a sua conta").await;
}

#[tokio::test]
async fn a_link_to_another_device_lapses_after_fifteen_minutes() {
    let app = TestApp::start().await;
    let computer = app.anonymous();
    sign_up(&computer, PHONE).await.expect(303);
    let path = hand_off_path(&computer.form(WIZARD, "hand_off", &[]).await.expect(200));
    app.advance(Duration::minutes(15));
    take_over(&app.anonymous(), &path).await.expect(400);
}

#[tokio::test]
async fn a_sign_up_is_forgotten_after_a_day() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    sign_up(&browser, PHONE).await.expect(303);
    app.advance(Duration::hours(25));
    assert!(browser.get(WIZARD).await.expect(200).text.contains("Passo 1 de 3"));
}

#[tokio::test]
async fn a_client_in_the_browser_signs_in_by_code_as_plain_forms() {
    let app = TestApp::start().await;
    app.proved_client(PHONE).await;
    app.advance(Duration::hours(1));
    let browser = app.anonymous();
    browser.form("/login?by=code", "ask_code", &[("phone", TYPED_PHONE)]).await.expect(200);
    let code = app.code_to(PHONE).await;
    let fields = [("phone", TYPED_PHONE), ("code", code.as_str())];
    assert_eq!(browser.form("/login?by=code", "sign_in_by_code", &fields).await.expect(303).location(), "/dashboard");
    browser.get("/dashboard").await.expect(200);
    app.expect_message(PHONE, "novo acesso a sua conta").await;
}
