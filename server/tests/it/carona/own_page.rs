//! What a rider gave at the third step, changed in Meu Perfil.

use super::{CPF, EMAIL, Form, PASSWORD, PHONE, USERNAME, completed, media, proved};
use crate::support::{Actor, Answer, TestApp};
use time::Duration;

const PATH: &str = "/profile";

async fn post(browser: &Actor<'_>, form: Form) -> Answer {
    let request = browser.raw("POST", PATH).header("accept", "text/html").header("sec-fetch-site", "same-origin");
    browser.send_raw(request.header("content-type", media()).body(form.end())).await
}

/// The form as it is drawn, with another place and gender.
fn moved(state: &str, city: &str) -> Form {
    let form = Form::default().text("_form", "save_profile").text("name", "Rian Lucas");
    form.text("gender", "F").text("state", state).text("city", city)
}

#[tokio::test]
async fn a_rider_changes_gender_state_and_city_and_nothing_that_is_set_once() {
    let app = TestApp::start().await;
    let token = completed(&app, EMAIL, USERNAME, CPF, PHONE).await;
    let rider = app.anonymous().bearer(&token);
    let browser = app.sign_in_by_page(EMAIL, PASSWORD).await;
    let page = browser.get(PATH).await.expect(200).text;
    for shown in [USERNAME, "**/**/2000", "value=\"São Paulo\"", "name=\"gender\"", "name=\"state\""] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    for fixed in ["name=\"username\"", "name=\"birth_date\"", "name=\"cpf\""] {
        assert!(!page.contains(fixed), "{fixed}: {page}");
    }
    assert!(!page.contains("<option value=\"Adamantina\">"), "645 suggestions wait until the page lives: {page}");

    let form = moved("RJ", "Niterói").text("username", "outro").text("birth_date", "1999-01-01").text("cpf", super::OTHER_CPF);
    let answer = post(&browser, form).await.expect(303);
    assert_eq!(answer.goes(), "/profile, profile_saved");
    let profile = rider.get("/api/auth/profile").await.expect(200).json();
    assert_eq!((&profile["gender"], &profile["state"], &profile["city"]), (&"F".into(), &"RJ".into(), &"Niterói".into()));
    assert_eq!((&profile["username"], &profile["profileComplete"]), (&USERNAME.into(), &true.into()));
    assert_eq!(app.count("select count(*) from audit where event = 'user_updated' and outcome = 'ok'").await, 2);
    app.ignore_messages();
}

#[tokio::test]
async fn what_is_wrong_is_told_at_its_field_and_the_rest_stays() {
    let app = TestApp::start().await;
    completed(&app, EMAIL, USERNAME, CPF, PHONE).await;
    let browser = app.sign_in_by_page(EMAIL, PASSWORD).await;
    let page = post(&browser, moved("", "")).await.expect(400).text;
    for told in ["href=\"#save_profile-state\"", "href=\"#save_profile-city\""] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert!(!page.contains("value=\"São Paulo\""), "it comes back as it was sent: {page}");
    assert_eq!(app.count("select count(*) from accounts where city = 'São Paulo'").await, 1);
    app.ignore_messages();
}

#[tokio::test]
async fn what_is_yet_to_be_given_is_asked_for_at_the_third_step_alone() {
    let app = TestApp::start().await;
    proved(&app, EMAIL, USERNAME).await;
    let browser = app.sign_in_by_page(EMAIL, PASSWORD).await;
    let page = browser.get(PATH).await.expect(200).text;
    assert!(!page.contains("name=\"gender\"") && !page.contains("name=\"city\""), "{page}");
    let form = Form::default().text("_form", "save_profile").text("name", "Rian de Souza");
    post(&browser, form).await.expect(303);
    app.ignore_messages();
}

#[tokio::test]
async fn a_mobile_that_was_only_typed_stands_in_the_form_that_confirms_it_while_the_sign_in_is_fresh() {
    let app = TestApp::start().await;
    completed(&app, EMAIL, USERNAME, CPF, PHONE).await;
    let browser = app.sign_in_by_page(EMAIL, PASSWORD).await;
    let shown = async |path: &str| browser.get(path).await.expect(200).text;
    for path in ["/dashboard", PATH] {
        let page = shown(path).await;
        assert!(page.contains("Confirmar celular") && page.contains("Não confirmado"), "{path}: {page}");
    }
    let whole = "value=\"(11) 98765-4321\"";
    let page = shown("/profile/phone").await;
    assert!(page.contains(whole) && page.contains("Confirmar celular") && !page.contains("Trocar celular"), "{page}");
    let page = shown("/profile/phone?start=over").await;
    assert!(!page.contains(whole) && page.contains("Trocar celular"), "another number is asked for: {page}");
    app.advance(Duration::minutes(10));
    let page = shown("/profile/phone").await;
    assert!(!page.contains(whole), "whoever finds the session reads no number: {page}");
    app.ignore_messages();
}

#[tokio::test]
async fn a_fixed_line_is_nothing_to_confirm() {
    let app = TestApp::start().await;
    completed(&app, EMAIL, USERNAME, CPF, "1133334444").await;
    let browser = app.sign_in_by_page(EMAIL, PASSWORD).await;
    for path in ["/dashboard", PATH, "/profile/phone"] {
        let page = browser.get(path).await.expect(200).text;
        for wrong in ["Confirmar celular", "Não confirmado", "3333-4444"] {
            assert!(!page.contains(wrong), "{path}, {wrong}: {page}");
        }
    }
    assert!(browser.get("/dashboard").await.expect(200).text.contains("Adicionar um celular"));
    app.ignore_messages();
}
