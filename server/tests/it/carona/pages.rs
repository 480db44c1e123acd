//! The third step on its page, as a browser sends it: `multipart/form-data` to `/complete-profile`.

use super::{CPF, EMAIL, Form, PASSWORD, PHONE, USERNAME, completed, media};
use crate::support::{Actor, Answer, TestApp};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use std::io::Cursor;
use time::Duration;

const PATH: &str = "/complete-profile";
const MIB: usize = 1024 * 1024;

/// A browser whose sign-up is proved: signed in, and at the third step.
async fn at_step_three(app: &TestApp) -> Actor<'_> {
    let browser = app.anonymous();
    let details = [("slug", "carona"), ("name", "Rian Lucas"), ("username", USERNAME), ("email", EMAIL), ("password", PASSWORD)];
    let answer = browser.form("/register/carona", "sign_up", &details).await.expect(303);
    assert!(answer.location().starts_with("/register/carona?signup="), "{}", answer.location());
    let code = app.code_to(EMAIL).await;
    let answer = browser.form("/register/carona", "prove_code", &[("code", &code)]).await.expect(303);
    assert_eq!(answer.location(), PATH);
    browser
}

/// The page's form, with a field before and after the photo, as a browser may send it.
fn page_form(cpf: &str) -> Form {
    Form::default()
        .text("_form", "complete_profile")
        .text("phone", PHONE)
        .text("birth_date", "2000-01-15")
        .text("gender", "O")
        .text("cpf", cpf)
        .text("state", "SP")
        .text("city", "São Paulo")
}

/// Red on the left, blue on the right.
fn picture(width: u32, height: u32) -> Vec<u8> {
    let image = RgbImage::from_fn(width, height, |x, _| if x < width / 2 { Rgb([220, 20, 20]) } else { Rgb([20, 20, 220]) });
    let mut bytes = Vec::new();
    DynamicImage::ImageRgb8(image).write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).expect("encoded");
    bytes
}

async fn post(browser: &Actor<'_>, form: Form) -> Answer {
    let request = browser.raw("POST", PATH).header("accept", "text/html").header("sec-fetch-site", "same-origin");
    browser.send_raw(request.header("content-type", media()).body(form.end())).await
}

async fn kept(app: &TestApp) -> RgbImage {
    let bytes: Vec<u8> = sqlx::query_scalar("select bytes from photos").fetch_one(&app.pool).await.expect("one photo");
    image::load_from_memory(&bytes).expect("a photo").to_rgb8()
}

#[tokio::test]
async fn without_javascript_the_form_and_its_photo_are_one_post() {
    let app = TestApp::start().await;
    let browser = at_step_three(&app).await;
    let page = browser.get(PATH).await.expect(200);
    assert!(page.text.contains("enctype=\"multipart/form-data\"") && page.text.contains("type=\"file\""), "{}", page.text);
    let answer = post(&browser, page_form(CPF).photo(&picture(900, 600))).await.expect(303);
    assert_eq!(answer.goes(), "/dashboard, profile_complete");
    assert_eq!(kept(&app).await.dimensions(), (512, 341), "kept whole: nobody could choose a square");
    let page = browser.get("/dashboard").await.expect(200);
    for shown in ["Cadastro completo com sucesso", "/photos/", "***.982.247-**", "São Paulo"] {
        assert!(page.text.contains(shown), "{shown}: {}", page.text);
    }
    app.expect_message("usuario@email.com", "Novo documento na sua conta").await;
}

#[tokio::test]
async fn every_error_is_told_at_once_and_the_square_is_kept() {
    let app = TestApp::start().await;
    let browser = at_step_three(&app).await;
    let answer = post(&browser, page_form("1").photo(b"none")).await.expect(400);
    for field in ["#complete_profile-cpf", "#complete_profile-photo"] {
        assert!(answer.text.contains(field), "{field}: {}", answer.text);
    }
    let form = page_form(CPF).text("crop_zoom", "200").text("crop_x", "1000").text("crop_y", "0").photo(&picture(900, 600));
    let answer = post(&browser, form).await.expect(303);
    assert_eq!(answer.goes(), "/dashboard, profile_complete");
    let photo = kept(&app).await;
    assert_eq!(photo.dimensions(), (300, 300));
    assert!(photo.pixels().all(|pixel| pixel.0[2] > 150), "the right-hand side");
    app.expect_message("usuario@email.com", "Novo documento na sua conta").await;
}

#[tokio::test]
async fn a_square_that_makes_no_sense_cuts_nothing() {
    let app = TestApp::start().await;
    let browser = at_step_three(&app).await;
    let form = page_form(CPF).text("crop_zoom", "NaN").text("crop_x", "-1").text("crop_y", "").photo(&picture(90, 60));
    post(&browser, form).await.expect(303);
    assert_eq!(kept(&app).await.dimensions(), (90, 60));
    app.expect_message("usuario@email.com", "Novo documento na sua conta").await;
}

#[tokio::test]
async fn what_was_typed_stays_and_the_photo_is_asked_for_again() {
    let app = TestApp::start().await;
    let browser = at_step_three(&app).await;
    let answer = post(&browser, page_form("529.982.247-26").photo(&picture(90, 60))).await.expect(400);
    let page = &answer.text;
    for kept in [
        "value=\"529.982.247-26\"",
        &format!("value=\"{PHONE}\""),
        "value=\"2000-01-15\"",
        "value=\"São Paulo\"",
        "CPF inválido",
        "Escolha a foto de novo",
        "<option value=\"Adamantina\">",
    ] {
        assert!(page.contains(kept), "{kept}: {page}");
    }
    assert!(page.contains("value=\"SP\" selected") || page.contains("selected value=\"SP\""), "{page}");
    assert!(!post(&browser, page_form("1")).await.expect(400).text.contains("Escolha a foto de novo"));
    assert_eq!(app.count("select count(*) from photos").await, 0);
}

#[tokio::test]
async fn a_photo_that_is_too_large_is_told_at_its_field_with_everything_else() {
    let app = TestApp::start().await;
    let browser = at_step_three(&app).await;
    for size in [5 * MIB + 1, 12 * MIB] {
        let mut photo = picture(90, 60);
        photo.resize(size, 0);
        // The text fields come after the photo.
        let form = Form::default().text("_form", "complete_profile").photo(&photo).text("cpf", "1").text("city", "Itu");
        let page = post(&browser, form).await.expect(400).text;
        for told in ["A foto é grande demais", "CPF inválido", "value=\"Itu\"", "Escolha a foto de novo"] {
            assert!(page.contains(told), "{size} {told}: {page}");
        }
    }
    assert_eq!(app.count("select count(*) from photos").await, 0);
}

#[tokio::test]
async fn texts_that_are_too_large_are_not_called_a_photo() {
    let app = TestApp::start().await;
    let browser = at_step_three(&app).await;
    let form = Form::default().text("_form", "complete_profile").text("city", "Itu").text("state", &"x".repeat(70_000));
    let page = post(&browser, form).await.expect(413).text;
    assert!(page.contains("O que foi enviado é grande demais") && page.contains("value=\"Itu\""), "{page}");
    // Once it stands there: among the texts of the part that looks at a photo, not as an error.
    assert_eq!(page.matches("A foto é grande demais").count(), 1, "{page}");
    let form = page_form(CPF).text("extension", "x").text("extension", "y");
    post(&browser, form).await.expect(303);
    app.expect_message("usuario@email.com", "Novo documento na sua conta").await;
}

#[tokio::test]
async fn a_form_that_was_cut_short_is_told_at_the_photo() {
    let app = TestApp::start().await;
    let browser = at_step_three(&app).await;
    let mut body = page_form(CPF).photo(&picture(90, 60)).end();
    body.truncate(body.len() - 40);
    let request = browser.raw("POST", PATH).header("accept", "text/html").header("content-type", media());
    let page = browser.send_raw(request.body(body)).await.expect(400).text;
    assert!(page.contains("não chegou inteiro") && page.contains("value=\"São Paulo\""), "{page}");
    assert_eq!(app.count("select count(*) from photos").await, 0);
}

#[tokio::test]
async fn a_form_of_another_make_is_a_page_too() {
    let app = TestApp::start().await;
    let browser = at_step_three(&app).await;
    for form in [Form::default(), Form::default().text("_form", "sign_up"), page_form(CPF).text("cpf", CPF), page_form(CPF).text("", "x")] {
        let answer = post(&browser, form).await.expect(400);
        assert!(answer.text.contains("Não entendemos o que foi enviado"), "{}", answer.text);
    }
    let request = browser.raw("POST", PATH).header("accept", "text/html").header("content-type", "multipart/form-data");
    browser.send_raw(request.body("x")).await.expect(400);
    assert_eq!(app.count("select count(*) from accounts where cpf_index is not null").await, 0);
}

#[tokio::test]
async fn of_a_strangers_form_not_a_byte_is_read() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let app = TestApp::start().await;
    let authority = app.url.strip_prefix("http://").expect("http");
    let mut socket = tokio::net::TcpStream::connect(authority).await.expect("connected");
    let head = format!(
        "POST {PATH} HTTP/1.1\r\nhost: {authority}\r\naccept: text/html\r\ncontent-type: {}\r\ncontent-length: 5000000\r\n\r\n",
        media()
    );
    socket.write_all(head.as_bytes()).await.expect("sent");
    // No body follows: a server that waited for it would not answer.
    let mut answer = String::new();
    let read = tokio::time::timeout(std::time::Duration::from_secs(10), socket.read_to_string(&mut answer)).await;
    read.expect("answered and closed").expect("read");
    assert!(
        answer.contains("location: /login?next=%2Fcomplete-profile\r\n")
            && answer.contains("portaria_notice=ended_unsaved;")
            && answer.to_lowercase().contains("connection: close"),
        "{answer}"
    );
}

#[tokio::test]
async fn other_forms_and_other_pages_keep_their_limit() {
    let app = TestApp::start().await;
    let browser = at_step_three(&app).await;
    let long = "x".repeat(70_000);
    browser.form(PATH, "complete_cnpj", &[("cnpj", &long)]).await.expect(413);
    let form = Form::default().text("_form", "sign_in").text("identifier", &long).end();
    let request = browser.raw("POST", "/login").header("content-type", media());
    browser.send_raw(request.body(form)).await.expect(413);
    let form = Form::default().text("_form", "sign_in").end();
    browser.send_raw(browser.raw("POST", "/login").header("content-type", media()).body(form)).await.expect(415);
}

#[tokio::test]
async fn another_sites_page_cannot_send_it() {
    let app = TestApp::start().await;
    let browser = at_step_three(&app).await;
    let request = browser.raw("POST", PATH).header("accept", "text/html").header("sec-fetch-site", "cross-site");
    browser.send_raw(request.header("content-type", media()).body(page_form(CPF).end())).await.expect(403);
    assert_eq!(app.count("select count(*) from accounts where cpf_index is not null").await, 0);
}

#[tokio::test]
async fn what_another_has_is_told_at_its_field_and_a_complete_profile_stays_as_it_is() {
    let app = TestApp::start().await;
    completed(&app, "primeira@email.com", "primeira", CPF, "21987654321").await;
    let browser = at_step_three(&app).await;
    let page = post(&browser, page_form(CPF)).await.expect(409).text;
    assert!(page.contains("CPF já cadastrado") && page.contains("href=\"#complete_profile-cpf\""), "{page}");
    post(&browser, page_form("111.444.777-35")).await.expect(303);
    let page = post(&browser, page_form("390.533.447-05")).await.expect(400).text;
    assert!(page.contains("Seu perfil está completo"), "{page}");
    assert_eq!(app.count("select count(*) from accounts where cpf_index is not null").await, 2);
    app.expect_message("usuario@email.com", "Novo documento na sua conta").await;
}

#[tokio::test]
async fn a_rider_who_comes_back_before_the_end_goes_on_there() {
    let app = TestApp::start().await;
    at_step_three(&app).await;
    let other = app.anonymous();
    let answer = other.form("/login", "sign_in", &[("identifier", USERNAME), ("password", PASSWORD)]).await.expect(303);
    assert_eq!(answer.location(), PATH);
    let page = other.get(PATH).await.expect(200).text;
    assert!(page.contains("Passo 3 de 3") && page.contains("complete_profile"), "{page}");
    post(&other, page_form(CPF)).await.expect(303);
    let answer = app.anonymous().form("/login", "sign_in", &[("identifier", EMAIL), ("password", PASSWORD)]).await.expect(303);
    assert_eq!(answer.location(), "/dashboard");
    app.expect_message("usuario@email.com", "Novo documento na sua conta").await;
    app.expect_message("usuario@email.com", "Novo acesso à sua conta").await;
}

#[tokio::test]
async fn a_code_entered_where_no_sign_up_is_leads_to_a_password_of_ones_own_and_never_in() {
    let app = TestApp::start().await;
    let code = super::registered(&app, EMAIL, USERNAME).await;
    let browser = app.anonymous();
    let page = browser.get("/verify-email?email=usuario%40email.com").await.expect(200).text;
    assert!(page.contains("value=\"usuario@email.com\"") && page.contains("prove_email"), "{page}");
    let enter = async |email: &str, code: &str| browser.form("/verify-email", "prove_email", &[("email", email), ("code", code)]).await;
    let wrong = enter(EMAIL, &TestApp::other_than(&code)).await.expect(400);
    assert!(wrong.text.contains("A confirmação do e-mail falhou") && wrong.text.contains("value=\"usuario@email.com\""), "{}", wrong.text);
    assert!(!wrong.text.contains(&TestApp::other_than(&code)), "no code is written into a page");
    let unknown = enter("ninguem@email.com", &code).await.expect(400);
    assert!(unknown.text.contains("A confirmação do e-mail falhou"), "{}", unknown.text);
    let right = enter(EMAIL, &code).await.expect(200);
    assert!(!right.cookies().iter().any(|cookie| cookie.starts_with("portaria_session")), "it opens no session");
    browser.get(PATH).await.expect(303);
    // The password was chosen by whoever registered the address, so it does not open the account.
    browser.form("/login", "sign_in", &[("identifier", EMAIL), ("password", PASSWORD)]).await.expect(401);
    let (_, rest) = right.text.split_once("name=\"grant\" value=\"").expect("the right to set another");
    let grant = rest.split('"').next().expect("its value");
    let mine = "Minha Propria #77";
    let fields = [("grant", grant), ("new_password", mine), ("password_confirmation", mine)];
    browser.form("/verify-email", "reset_by_grant", &fields).await.expect(303);
    let answer = browser.form("/login", "sign_in", &[("identifier", EMAIL), ("password", mine)]).await.expect(303);
    assert_eq!(answer.location(), PATH);
    app.expect_message("usuario@email.com", "Sua senha foi alterada").await;
}

#[tokio::test]
async fn another_code_is_asked_for_there_and_the_answer_does_not_tell_whether_one_was_sent() {
    let app = TestApp::start().await;
    super::registered(&app, EMAIL, USERNAME).await;
    app.advance(time::Duration::minutes(2));
    let mut answers = Vec::new();
    for email in [EMAIL, "ninguem@email.com"] {
        let answer = app.anonymous().form("/verify-email", "prove_email", &[("email", email), ("again", "true")]).await;
        answers.push((answer.status, answer.text.contains("Se houver um cadastro aguardando confirmação neste email")));
    }
    assert_eq!(answers, [(200, true), (200, true)]);
    assert_eq!(app.messages().await.iter().filter(|message| message["to"] == EMAIL).count(), 2);
    assert_eq!(app.messages().await.iter().filter(|message| message["to"] == "ninguem@email.com").count(), 0);
}

#[tokio::test]
async fn the_cities_of_a_state_are_told_and_none_of_what_is_no_state() {
    let app = TestApp::start().await;
    for (state, count) in [("DF", 1), ("SP", 645), ("", 0), ("sp", 0), ("XX", 0)] {
        let browser = app.anonymous();
        let request = browser.raw("POST", "/sf/cities").header("accept", "application/json").form(&[("state", state)]);
        let answer = browser.send_raw(request).await.expect(200);
        assert_eq!(answer.json().as_array().map(Vec::len), Some(count), "{state}");
    }
}

#[tokio::test]
async fn whoever_signed_in_long_ago_is_asked_for_the_password_in_the_same_form() {
    let app = TestApp::start().await;
    let browser = at_step_three(&app).await;
    app.advance(Duration::minutes(10));
    let page = post(&browser, page_form(CPF).text("current_password", "")).await.expect(403);
    for kept in ["name=\"current_password\"", CPF, "São Paulo", "2000-01-15"] {
        assert!(page.text.contains(kept), "{kept}: {}", page.text);
    }
    let wrong = post(&browser, page_form(CPF).text("current_password", "outra senha")).await.expect(401);
    assert!(!wrong.text.contains("outra senha"), "a password is not written into a page");
    let done = post(&browser, page_form(CPF).text("current_password", PASSWORD)).await.expect(303);
    assert_eq!(done.goes(), "/dashboard, profile_complete");
    app.expect_message("usuario@email.com", "Novo documento na sua conta").await;
}
