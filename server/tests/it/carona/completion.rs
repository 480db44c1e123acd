//! 3 · Completar perfil.

use super::{
    BOUNDARY, CPF, EMAIL, Form, OTHER_CPF, OTHER_PHONE, PASSWORD, PHONE, USERNAME, complete, completed, expect_error, login, media,
    profile, proved, token_of, wrong_fields,
};
use crate::support::{Answer, TestApp, hold, link_in, until_waiting};
use serde_json::{Value, json};

async fn with_token(app: &TestApp, token: &str, form: Form) -> Answer {
    complete(app.anonymous().bearer(token), EMAIL, form).await
}

#[tokio::test]
async fn the_documents_form_answers_200_with_a_token_of_the_account() {
    let app = TestApp::start().await;
    let token = proved(&app, EMAIL, USERNAME).await;
    let answer = with_token(&app, &token, profile(CPF, PHONE)).await.expect(200);
    let body = answer.json();
    assert_eq!((&body["success"], &body["message"]), (&json!(true), &json!("Cadastro completo com sucesso")));
    let me = app.anonymous().bearer(&token_of(&answer)).get("/api/auth/profile").await.expect(200).json();
    assert_eq!((&me["email"], &me["profileComplete"]), (&json!(EMAIL), &json!(true)));
    assert_eq!((&me["phone"], &me["cpf"]), (&json!("(11) *****-4321"), &json!("***.982.247-**")));
}

#[tokio::test]
async fn ten_digits_are_a_phone_and_punctuation_does_not_matter() {
    let app = TestApp::start().await;
    let token = proved(&app, EMAIL, USERNAME).await;
    with_token(&app, &token, profile("529.982.247-25", "(11) 3333-4444")).await.expect(200);
}

#[tokio::test]
async fn every_wrong_field_is_told_at_once_the_photo_among_them() {
    let app = TestApp::start().await;
    let token = proved(&app, EMAIL, USERNAME).await;
    let form = Form::default()
        .text("phone", "119876")
        .text("birthDate", "15/01/2000")
        .text("gender", "X")
        .text("cpf", "12345678901")
        .text("state", "sp")
        .text("city", "A")
        .photo(b"<svg/>");
    let answer = expect_error(with_token(&app, &token, form).await, 400, "VALIDATION_ERROR");
    assert_eq!(wrong_fields(&answer), ["birthDate", "city", "cpf", "gender", "phone", "photo", "state"]);
    let answer = expect_error(with_token(&app, &token, Form::default()).await, 400, "VALIDATION_ERROR");
    assert_eq!(wrong_fields(&answer), ["birthDate", "city", "cpf", "gender", "phone", "state"]);
    with_token(&app, &token, profile(CPF, PHONE)).await.expect(200);
}

#[tokio::test]
async fn a_date_of_the_wrong_form_has_a_code_of_its_own() {
    let app = TestApp::start().await;
    let token = proved(&app, EMAIL, USERNAME).await;
    let with = |date: &str| {
        let form = String::from_utf8(profile(CPF, PHONE).0).expect("text").replace("2000-01-15", date);
        with_token(&app, &token, Form(form.into_bytes()))
    };
    for date in ["15/01/2000", "2000-02-30", "2000-1-15"] {
        let answer = expect_error(with(date).await, 400, "VALIDATION_001");
        assert_eq!(
            (wrong_fields(&answer), answer.json()["message"].clone()),
            (vec!["birthDate".to_owned()], json!("Formato de data inválido"))
        );
    }
    expect_error(with("2999-01-01").await, 400, "VALIDATION_ERROR");
}

#[tokio::test]
async fn a_cpf_or_phone_in_use_is_a_409_and_may_be_corrected() {
    let app = TestApp::start().await;
    completed(&app, "primeira@email.com", "primeira", CPF, PHONE).await;
    let token = proved(&app, EMAIL, USERNAME).await;
    let answer = expect_error(with_token(&app, &token, profile(CPF, OTHER_PHONE)).await, 409, "USER_004");
    assert_eq!(answer.json()["message"], "CPF já em uso");
    let answer = expect_error(with_token(&app, &token, profile(OTHER_CPF, "+55 (11) 98765-4321")).await, 409, "USER_003");
    assert_eq!(answer.json()["message"], "Telefone já em uso");
    with_token(&app, &token, profile(OTHER_CPF, OTHER_PHONE)).await.expect(200);
}

#[tokio::test]
async fn nobody_tries_cpfs_without_end() {
    let app = TestApp::start().await;
    completed(&app, "primeira@email.com", "primeira", CPF, PHONE).await;
    let token = proved(&app, EMAIL, USERNAME).await;
    for _ in 0..10 {
        expect_error(with_token(&app, &token, profile(CPF, OTHER_PHONE)).await, 409, "USER_004");
    }
    let answer = expect_error(with_token(&app, &token, profile(CPF, OTHER_PHONE)).await, 429, "LIMIT_001");
    assert!(!answer.header("retry-after").is_empty());
}

#[tokio::test]
async fn of_many_who_give_one_cpf_or_one_phone_at_once_one_gets_it() {
    let app = TestApp::start().await;
    // Valid CPFs. The fifth and the sixth compete with each other for one phone.
    let cpfs = ["52998224725", "11144477735", "12345678909", "98765432100", "39053344705", "86288366757"];
    for (code, form) in [
        ("USER_004", Box::new(|n: usize| profile(CPF, &format!("1198765000{n}"))) as Box<dyn Fn(usize) -> Form>),
        ("USER_003", Box::new(|n: usize| profile(cpfs[n], PHONE))),
    ] {
        let app = if code == "USER_004" { &app } else { &TestApp::start().await };
        let mut riders = Vec::new();
        for n in 0..6 {
            let email = format!("pessoa{n}@email.com");
            riders.push((proved(app, &email, &format!("pessoa{n}")).await, email));
        }
        let tries = riders.iter().enumerate().map(|(n, (token, email))| complete(app.anonymous().bearer(token), email, form(n)));
        let answers = futures::future::join_all(tries).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1, "{code}");
        for answer in answers.into_iter().filter(|answer| answer.status != 200) {
            expect_error(answer, 409, code);
        }
    }
}

#[tokio::test]
async fn a_complete_profile_stays_as_it_is() {
    let app = TestApp::start().await;
    let token = proved(&app, EMAIL, USERNAME).await;
    let session = token_of(&with_token(&app, &token, profile(CPF, PHONE)).await.expect(200));
    for credential in [&token, &session] {
        for form in [profile(CPF, PHONE), profile(OTHER_CPF, OTHER_PHONE), Form::default()] {
            let answer = expect_error(with_token(&app, credential, form).await, 400, "VALIDATION_ERROR");
            assert_eq!(wrong_fields(&answer).len(), 6);
        }
    }
    assert_eq!(app.count("select count(*) from sessions").await, 1, "nobody got a second session by it");
    assert!(login(&app, CPF, PASSWORD).await.status == 200);
}

#[tokio::test]
async fn of_two_completions_of_one_account_at_once_one_counts() {
    let app = TestApp::start().await;
    let token = proved(&app, EMAIL, USERNAME).await;
    let forms = [profile(CPF, PHONE), profile(OTHER_CPF, OTHER_PHONE), profile(CPF, PHONE), profile(CPF, OTHER_PHONE)];
    let answers = futures::future::join_all(forms.into_iter().map(|form| with_token(&app, &token, form))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    for answer in answers.into_iter().filter(|answer| answer.status != 200) {
        expect_error(answer, 400, "VALIDATION_ERROR");
    }
    assert_eq!(app.count("select count(*) from sessions").await, 1);
}

#[tokio::test]
async fn what_was_given_or_proved_after_the_form_was_read_is_not_overwritten() {
    let app = TestApp::start().await;
    let token = proved(&app, EMAIL, USERNAME).await;
    let session = token_of(&login(&app, EMAIL, PASSWORD).await.expect(200));
    let owner = || app.anonymous().bearer(&session);
    let me = async || owner().profile().await;
    owner().post("/api/auth/profile/phone", json!({ "phone": PHONE })).await.expect(202);
    let proof = json!({ "phone": PHONE, "code": app.code_to(&format!("+55{PHONE}")).await });
    let cpf = async || owner().change(json!({ "cpf": CPF })).await;
    let phone = async || owner().post("/api/auth/profile/phone/verify", proof.clone()).await;
    for by_phone in [false, true] {
        // The first request waits at the locked row. The form of the second is read meanwhile, and then waits behind it.
        let held = hold(&app).await;
        let first = async { if by_phone { phone().await } else { cpf().await } };
        let second = async {
            until_waiting(&app, 1).await;
            let cpf = if by_phone { CPF } else { OTHER_CPF };
            with_token(&app, &token, profile(cpf, OTHER_PHONE)).await
        };
        let release = async {
            until_waiting(&app, 2).await;
            held.rollback().await.expect("a release");
        };
        let (first, second, ()) = futures::join!(first, second, release);
        first.expect(200);
        expect_error(second, 409, "REQUEST_001");
        let after = me().await;
        assert_eq!((&after["cpf"], &after["city"]), (&json!("***.982.247-**"), &Value::Null), "by phone: {by_phone}");
        assert_eq!(after["phone"], if by_phone { json!("(11) *****-4321") } else { Value::Null });
    }
    // A repeated form is refused at the fields that can no longer change.
    let again = expect_error(with_token(&app, &token, profile(OTHER_CPF, OTHER_PHONE)).await, 400, "VALIDATION_ERROR");
    assert_eq!(wrong_fields(&again), ["cpf", "phone"]);
    with_token(&app, &token, profile(CPF, PHONE)).await.expect(200);
    app.expect_message("usuario@email.com", "Novo documento na sua conta").await;
    app.expect_message("usuario@email.com", "Novo telefone na sua conta").await;
}

#[tokio::test]
async fn the_profile_tells_what_this_form_tells() {
    let app = TestApp::start().await;
    let body = json!({ "nome": "João Silva", "email": EMAIL, "senha": "Girassol#42 azul", "tipo_usuario": "caronista" });
    app.post("/api/register", body).await.expect(201);
    app.open_link_to(EMAIL).await.expect(200);
    let token = token_of(&login(&app, EMAIL, "Girassol#42 azul").await.expect(200));
    let fields = ["username", "birthDate", "gender", "cpf", "state", "city"];
    for values in [["x", "15/01/2000", "X", "1", "XX", "A"], ["", "", "", "", "", ""], ["a b", "2999-01-01", "m", "11111111111", "", " "]] {
        let form = fields.iter().zip(values).fold(Form::default(), |form, (field, value)| form.text(field, value));
        let here = with_token(&app, &token, form).await.expect(400).json();
        let there = app.anonymous().bearer(&token).change(fields.iter().copied().zip(values).collect()).await.expect_problem(400).json();
        for field in fields {
            assert!(there["errors"][field].is_array(), "{field}: {there}");
            assert_eq!(here["error"]["fields"][field], there["errors"][field], "{field}");
        }
    }
}

#[tokio::test]
async fn what_was_given_is_sealed() {
    let app = TestApp::start().await;
    completed(&app, EMAIL, USERNAME, CPF, PHONE).await;
    let row: String = sqlx::query_scalar("select accounts::text from accounts").fetch_one(&app.pool).await.expect("a row");
    let hex = |text: &str| text.bytes().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    for secret in [CPF, PHONE, "2000-01-15"] {
        assert!(!row.contains(secret) && !row.contains(&hex(secret)), "{secret}");
    }
}

#[tokio::test]
async fn whoever_registered_by_001_gives_a_user_name_too() {
    let app = TestApp::start().await;
    let body = json!({ "nome": "João Silva", "email": EMAIL, "senha": "Girassol#42 azul", "tipo_usuario": "caronista" });
    app.post("/api/register", body).await.expect(201);
    let link = link_in(&app.newest_to(EMAIL).await).replace("/verify", "/api/auth/verify-email");
    app.get(&link).await.expect(200);
    let token = token_of(&login(&app, EMAIL, "Girassol#42 azul").await.expect(200));
    let answer = expect_error(with_token(&app, &token, profile(CPF, PHONE)).await, 400, "VALIDATION_ERROR");
    assert_eq!(wrong_fields(&answer), ["username"]);
    proved(&app, "outra@email.com", "tomado").await;
    expect_error(with_token(&app, &token, profile(CPF, PHONE).text("username", "Tomado")).await, 409, "USER_002");
    with_token(&app, &token, profile(CPF, PHONE).text("username", "Joao.Silva")).await.expect(200);
    login(&app, "joao.silva", "Girassol#42 azul").await.expect(200);
    app.expect_message("usuario@email.com", "Novo documento na sua conta").await;
}

// ── bodies that are no form

#[tokio::test]
async fn a_form_that_cannot_be_read_is_told_clearly() {
    let app = TestApp::start().await;
    let token = proved(&app, EMAIL, USERNAME).await;
    let path = format!("/auth/registerComplete/{EMAIL}");
    let send = async |media: &str, body: Vec<u8>| app.anonymous().bearer(&token).post_raw(&path, media, body).await;
    let unnamed = format!("--{BOUNDARY}\r\ncontent-disposition: form-data\r\n\r\nx\r\n").into_bytes();
    for (what, status, media, body, words) in [
        ("JSON", 415, "application/json".to_owned(), b"{}".to_vec(), "multipart/form-data"),
        ("a form without files", 415, "application/x-www-form-urlencoded".to_owned(), b"cpf=1".to_vec(), "multipart/form-data"),
        ("no boundary", 400, "multipart/form-data".to_owned(), profile(CPF, PHONE).end(), "boundary"),
        ("two photos", 400, media(), profile(CPF, PHONE).photo(b"a").photo(b"b").end(), "photo"),
        ("two CPFs", 400, media(), profile(CPF, PHONE).text("cpf", OTHER_CPF).end(), "cpf"),
        ("a part without a name", 400, media(), Form(unnamed).end(), "sem nome"),
        ("an empty name", 400, media(), Form::default().text("", "x").end(), "sem nome"),
        ("no end", 400, media(), profile(CPF, PHONE).0, "incompleto"),
        ("nothing", 400, media(), Vec::new(), "incompleto"),
        ("something else", 400, media(), b"hello".to_vec(), "incompleto"),
        ("another boundary", 400, "multipart/form-data; boundary=other".to_owned(), profile(CPF, PHONE).end(), "incompleto"),
    ] {
        let answer = expect_error(send(&media, body).await, status, "REQUEST_001");
        assert!(answer.json()["message"].as_str().expect("a text").contains(words), "{what}: {}", answer.text);
    }
    send(&media(), profile(CPF, PHONE).file("photo", "", "application/octet-stream", b"").end()).await.expect(200);
}

#[tokio::test]
async fn text_that_is_no_text_is_told_at_its_field() {
    let app = TestApp::start().await;
    let token = proved(&app, EMAIL, USERNAME).await;
    let form = String::from_utf8(profile(CPF, PHONE).0).expect("text");
    let (before, after) = form.split_once("São Paulo").expect("the city");
    let body = [before.as_bytes(), b"S\xe3o Paulo", after.as_bytes()].concat();
    assert_eq!(wrong_fields(&expect_error(with_token(&app, &token, Form(body)).await, 400, "VALIDATION_ERROR")), ["city"]);
}

#[tokio::test]
async fn parts_that_the_form_does_not_have_are_passed_over() {
    let app = TestApp::start().await;
    let token = proved(&app, EMAIL, USERNAME).await;
    let form = profile(CPF, PHONE).text("appVersion", "1").text("appVersion", "2").file("foto", "a.png", "image/png", b"none");
    with_token(&app, &token, form).await.expect(200);
}

#[tokio::test]
async fn more_text_than_any_form_has_is_refused_while_it_is_read_and_is_not_called_a_photo() {
    let app = TestApp::start().await;
    let token = proved(&app, EMAIL, USERNAME).await;
    let some = "x".repeat(40_000);
    for (what, form) in [
        ("one text", profile(CPF, PHONE).text("username", &"x".repeat(70_000))),
        ("two, behind a photo", profile(CPF, PHONE).photo(b"none").text("username", &some).text("more", &some)),
        ("texts that are passed over", profile(CPF, PHONE).text("a", &some).text("a", &some)),
        ("more than a photo", profile(CPF, PHONE).text("username", &"x".repeat(6_000_000))),
    ] {
        let answer = expect_error(with_token(&app, &token, form).await, 413, "REQUEST_001");
        assert_eq!(answer.json()["message"], "O que foi enviado é grande demais", "{what}");
    }
}
