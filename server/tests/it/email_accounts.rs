//! Seeds 001 and 003: accounts whose contact is an e-mail address, proved by a link.

use crate::support::people::{
    CNPJ, EMAIL, OTHER_PHONE, PASSWORD, PHONE, WRONG_PASSWORD, client, client_form, company_form, registration, teacher,
};
use crate::support::{Actor, Answer, TestApp, link_in};
use serde_json::{Value, json};
use server::http::PAGES;
use server::http::pages::Answered;
use time::Duration;

const OTHER_EMAIL: &str = "bruno@example.com";
/// 001, word for word.
const CHECK_EMAIL: &str = "Verifique seu email para ativar sua conta";
/// 001, word for word.
const TAKEN: &str = "Email já cadastrado";

/// Where links of mails are opened.
fn link_paths() -> impl Iterator<Item = &'static str> {
    PAGES.iter().filter(|page| page.answered != Answered::AsPage).map(|page| page.path)
}

// ── 001

#[tokio::test]
async fn registering_answers_201_with_the_message_and_an_id() {
    let app = TestApp::start().await;
    let answer = app.post("/api/register", registration(EMAIL)).await.expect(201);
    assert_eq!(answer.keys(), ["mensagem", "user_id"]);
    assert_eq!(answer.json()["mensagem"], CHECK_EMAIL);
    assert!(answer.header("content-type").starts_with("application/json"));
    app.expect_message(EMAIL, "Verifique sua conta").await;
}

#[tokio::test]
async fn the_id_is_a_json_number_that_does_not_tell_how_many_there_are() {
    let app = TestApp::start().await;
    app.ignore_messages();
    let mut ids = Vec::new();
    for n in 0..3 {
        let answer = app.post("/api/register", registration(&format!("a{n}@example.com"))).await.expect(201);
        let id = answer.json()["user_id"].as_i64().expect("a number");
        assert!(id > 0 && id < 1 << 53);
        ids.push(id);
    }
    // three numbers of 53 random bits lie this close together once in 2^30 runs
    assert!(ids.iter().all(|id| *id > 1 << 20) && ids.windows(2).all(|pair| (pair[1] - pair[0]).abs() > 1 << 20), "{ids:?}");
}

#[tokio::test]
async fn a_registered_account_waits_for_its_proof() {
    let app = TestApp::start().await;
    app.post("/api/register", registration(EMAIL)).await.expect(201);
    assert_eq!(app.count("select count(*) from accounts where email_proved_at is null and email_claimed").await, 1);
    app.login(EMAIL, PASSWORD).await.expect_problem(403);
    app.expect_message(EMAIL, "Verifique sua conta").await;
}

#[tokio::test]
async fn the_mail_says_what_the_document_says() {
    let app = TestApp::start().await;
    app.post("/api/register", registration(EMAIL)).await.expect(201);
    let mail = app.email_to(EMAIL).await;
    assert_eq!(mail["subject"], "Verifique sua conta");
    let link = mail["link"].as_str().expect("a link");
    assert!(link.starts_with(&format!("{}/verify?token=", app.url)), "{link}");
    let body = mail["body"].as_str().expect("a text");
    assert!(body.contains(&format!("Clique no link para ativar sua conta: {link}")), "{body}");
    assert!(body.contains("24 horas"), "{body}");
    let token = link.split_once("token=").expect("a token").1;
    assert!(token.len() >= 22, "at least 128 bits: {token}");
}

#[tokio::test]
async fn every_kind_registers() {
    let app = TestApp::start().await;
    for kind in ["cliente", "professor", "caronista", "empresa"] {
        let email = format!("{kind}@example.com");
        let mut body = registration(&email);
        body["tipo_usuario"] = kind.into();
        app.post("/api/register", body).await.expect(201);
        app.open_link_to(&email).await.expect(200);
        let user = app.login(&email, PASSWORD).await.expect(200).json()["user"].clone();
        assert_eq!((&user["kind"], &user["profileComplete"]), (&json!(kind), &json!(kind == "professor")), "{user}");
    }
}

#[tokio::test]
async fn a_taken_email_is_409_with_the_documents_sentence_alone() {
    let app = TestApp::start().await;
    app.post("/api/register", registration(EMAIL)).await.expect(201);
    let answer = app.post("/api/register", registration(" ANA@EXAMPLE.COM ")).await.expect(409);
    assert_eq!(answer.json(), json!({ "error": TAKEN }));
    app.expect_message(EMAIL, "Verifique sua conta").await;
}

#[tokio::test]
async fn the_owner_of_a_taken_email_is_told_once_in_a_while() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let mut body = registration(EMAIL);
    body["nome"] = "Mallory".into();
    for _ in 0..3 {
        app.post("/api/register", body.clone()).await.expect(409);
    }
    let notices: Vec<_> =
        app.messages_to(EMAIL).await.into_iter().filter(|message| message["subject"] == "Você já tem uma conta").collect();
    assert_eq!(notices.len(), 1);
    assert!(!notices[0].to_string().contains("Mallory"), "the stranger's words do not travel");
}

#[tokio::test]
async fn wrong_fields_are_400_each_with_its_texts() {
    let app = TestApp::start().await;
    let answer = app.post("/api/register", json!({ "nome": "", "email": "ana@", "senha": "plaintext", "tipo_usuario": "admin" })).await;
    let answer = answer.expect(400);
    assert_eq!(answer.keys(), ["campos", "error"]);
    for field in ["nome", "email", "senha", "tipo_usuario"] {
        assert_eq!(answer.errors(field).len(), 1, "{field}: {}", answer.text);
    }
}

#[tokio::test]
async fn an_empty_object_is_told_every_field() {
    let app = TestApp::start().await;
    let answer = app.post("/api/register", json!({})).await.expect(400);
    let body = answer.json();
    let mut fields: Vec<_> = body["campos"].as_object().expect("fields").keys().collect();
    fields.sort();
    assert_eq!(fields, ["email", "nome", "senha", "tipo_usuario"]);
}

#[tokio::test]
async fn wrong_json_types_are_400_at_their_fields() {
    let app = TestApp::start().await;
    let answer = app.post("/api/register", json!({ "nome": 1, "email": ["a"], "senha": {}, "tipo_usuario": true })).await.expect(400);
    for field in ["nome", "email", "senha", "tipo_usuario"] {
        assert_eq!(answer.errors(field).len(), 1, "{field}: {}", answer.text);
    }
    let answer = app.post("/api/resend-verification", json!({ "email": 5 })).await.expect(400);
    assert_eq!(answer.errors("email").len(), 1, "{}", answer.text);
}

#[tokio::test]
async fn a_wrong_type_hides_no_other_error() {
    let app = TestApp::start().await;
    let answer =
        app.post("/api/register", json!({ "nome": 1, "email": "ana@", "senha": "abc", "tipo_usuario": "cliente" })).await.expect(400);
    for field in ["nome", "email", "senha"] {
        assert_eq!(answer.errors(field).len(), 1, "{field}: {}", answer.text);
    }
}

#[tokio::test]
async fn the_password_of_001_follows_the_policy_of_003() {
    let app = TestApp::start().await;
    let passwords = [("senha12345", false), ("Senha#12 x", true), ("Aá@12345zñ", true), ("SENHA@123X", false), ("Ab@1", false)];
    for (n, (password, taken)) in passwords.into_iter().enumerate() {
        // an address for each: a taken one would be refused whatever the password
        let mut body = registration(&format!("p{n}@example.com"));
        body["senha"] = password.into();
        let answer = app.post("/api/register", body).await;
        assert_eq!(answer.status, if taken { 201 } else { 400 }, "{password}: {}", answer.text);
        assert_eq!(answer.errors("senha").len(), usize::from(!taken), "{password}: {}", answer.text);
    }
    app.expect_message("p12@example.com", "Verifique sua conta").await;
    app.expect_message("p10@example.com", "Verifique sua conta").await;
}

#[tokio::test]
async fn a_password_of_256_characters_of_any_script_works_whole() {
    let app = TestApp::start().await;
    let long = "Ção 7ж日@".repeat(40).chars().take(256).collect::<String>();
    let mut body = registration(EMAIL);
    body["senha"] = long.clone().into();
    app.post("/api/register", body).await.expect(201);
    app.open_link_to(EMAIL).await.expect(200);
    let shorter: String = long.chars().take(255).collect();
    app.login(EMAIL, &shorter).await.expect_problem(401);
    app.login(EMAIL, &long).await.expect(200);
    let mut body = registration(OTHER_EMAIL);
    body["senha"] = format!("{long}x").into();
    assert_eq!(app.post("/api/register", body).await.expect(400).errors("senha").len(), 1);
}

#[tokio::test]
async fn asking_again_answers_202_alike_whoever_asks() {
    let app = TestApp::start().await;
    app.post("/api/register", registration(EMAIL)).await.expect(201);
    app.messages().await;
    app.advance(Duration::minutes(1));
    let waiting = app.post("/api/resend-verification", json!({ "email": EMAIL })).await.expect(202);
    let unknown = app.post("/api/resend-verification", json!({ "email": OTHER_EMAIL })).await.expect(202);
    let too_early = app.post("/api/resend-verification", json!({ "email": EMAIL })).await.expect(202);
    assert_eq!(waiting.keys(), ["mensagem"]);
    assert_eq!((waiting.text.clone(), waiting.text), (unknown.text, too_early.text));
    assert_eq!(app.messages_to(EMAIL).await.len(), 2);
    assert_eq!(app.messages_to(OTHER_EMAIL).await.len(), 0);
}

#[tokio::test]
async fn a_proved_address_gets_no_other_link() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    app.advance(Duration::hours(1));
    app.post("/api/resend-verification", json!({ "email": EMAIL })).await.expect(202);
    assert_eq!(app.messages_to(EMAIL).await.len(), 1);
}

#[tokio::test]
async fn sending_again_delivers_the_same_live_link() {
    let app = TestApp::start().await;
    app.pending_teacher(EMAIL).await;
    let first = app.token_to(EMAIL).await;
    app.advance(Duration::hours(23));
    app.post("/api/resend-verification", json!({ "email": EMAIL })).await.expect(202);
    assert_eq!(app.token_to(EMAIL).await, first);
    assert_eq!(app.messages_to(EMAIL).await.len(), 2);
}

#[tokio::test]
async fn after_a_link_lapsed_asking_again_makes_one_that_works() {
    let app = TestApp::start().await;
    app.pending_teacher(EMAIL).await;
    let first = app.token_to(EMAIL).await;
    app.advance(Duration::hours(24));
    app.get(&format!("/api/auth/verify-email?token={first}")).await.expect_problem(410);
    app.post("/api/resend-verification", json!({ "email": EMAIL })).await.expect(202);
    assert_ne!(app.token_to(EMAIL).await, first);
    app.open_link_to(EMAIL).await.expect(200);
    app.login(EMAIL, PASSWORD).await.expect(200);
}

// ── 003

#[tokio::test]
async fn a_teacher_registers_with_201_and_one_message() {
    let app = TestApp::start().await;
    let mut body = teacher(EMAIL);
    body["institution"] = "Escola Livre".into();
    body["fieldOfWork"] = "Matemática".into();
    let answer = app.post("/api/auth/register/teacher", body).await.expect(201);
    assert_eq!(answer.json(), json!({ "message": CHECK_EMAIL }));
    app.open_link_to(EMAIL).await.expect(200);
    let user = app.login(EMAIL, PASSWORD).await.expect(200).json()["user"].clone();
    let expected = json!({ "kind": "professor", "fullName": "Carla Dias", "email": EMAIL, "institution": "Escola Livre", "fieldOfWork": "Matemática", "emailVerified": true });
    for (field, value) in expected.as_object().expect("an object") {
        assert_eq!(&user[field], value, "{field}");
    }
    assert_eq!(app.count("select count(*) from consents where document = 'terms' and version <> ''").await, 1);
}

#[tokio::test]
async fn a_taken_email_points_to_sign_in_and_recovery() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let answer = app.post("/api/auth/register/teacher", teacher(EMAIL)).await.expect_problem(409);
    let detail = answer.json()["detail"].as_str().expect("a text").to_owned();
    assert!(detail.starts_with(TAKEN) && detail.contains("Entre na sua conta") && detail.contains("recupere"), "{detail}");
    app.expect_message(EMAIL, "Você já tem uma conta").await;
}

#[tokio::test]
async fn every_fields_error_is_told_at_once_and_in_the_documents_words() {
    let app = TestApp::start().await;
    let body = json!({
        "fullName": "x".repeat(101), "email": "ana", "password": "senha1234", "passwordConfirmation": "outra",
        "institution": "y".repeat(101), "fieldOfWork": "z".repeat(101), "termsAccepted": false,
    });
    let answer = app.post("/api/auth/register/teacher", body).await.expect_problem(400);
    for field in ["fullName", "email", "password", "passwordConfirmation", "institution", "fieldOfWork", "termsAccepted"] {
        assert_eq!(answer.errors(field).len(), 1, "{field}: {}", answer.text);
    }
    let rule = "A senha deve conter letras maiúsculas, minúsculas, números e caracteres especiais";
    assert_eq!(answer.errors("password"), [rule]);
    assert_eq!(answer.errors("termsAccepted"), ["Você deve aceitar os termos de serviço"]);
    assert_eq!(app.count("select count(*) from accounts").await, 0);
}

#[tokio::test]
async fn what_is_missing_is_told_like_what_is_wrong() {
    let app = TestApp::start().await;
    let answer = app.post("/api/auth/register/teacher", json!({})).await.expect_problem(400);
    for field in ["fullName", "email", "password", "passwordConfirmation", "termsAccepted"] {
        assert_eq!(answer.errors(field).len(), 1, "{field}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_teachers_wrong_types_are_400_at_their_fields() {
    let app = TestApp::start().await;
    let body = json!({ "fullName": 1, "email": {}, "password": [], "passwordConfirmation": 2, "institution": true, "fieldOfWork": 3, "termsAccepted": "true" });
    let answer = app.post("/api/auth/register/teacher", body).await.expect_problem(400);
    for field in ["fullName", "email", "password", "passwordConfirmation", "institution", "fieldOfWork", "termsAccepted"] {
        assert_eq!(answer.errors(field).len(), 1, "{field}: {}", answer.text);
    }
}

#[tokio::test]
async fn the_longest_values_are_taken() {
    let app = TestApp::start().await;
    let mut body = teacher(EMAIL);
    for field in ["fullName", "institution", "fieldOfWork"] {
        body[field] = "ã".repeat(100).into();
    }
    app.post("/api/auth/register/teacher", body).await.expect(201);
    app.expect_message(EMAIL, "Verifique sua conta").await;
}

#[tokio::test]
async fn spellings_of_one_address_are_one_account() {
    let app = TestApp::start().await;
    app.pending_teacher("Ana.Maria@Example.COM").await;
    for same in ["ana.maria@example.com", "  ANA.MARIA@EXAMPLE.COM\n"] {
        app.post("/api/auth/register/teacher", teacher(same)).await.expect(409);
    }
    app.post("/api/auth/register/teacher", teacher("ana.maria+2@example.com")).await.expect(201);
    app.expect_message("ana.maria@example.com", "Verifique sua conta").await;
    app.expect_message("ana.maria+2@example.com", "Verifique sua conta").await;
}

#[tokio::test]
async fn an_address_that_would_inject_a_header_is_refused() {
    let app = TestApp::start().await;
    for email in [
        "ana@example.com\r\nBcc: x@example.com",
        "ana\n@example.com",
        "\"a b\"@example.com",
        "ana@example.com,b@example.com",
        "ана@пример.рф",
    ] {
        let answer = app.post("/api/auth/register/teacher", teacher(email)).await.expect_problem(400);
        assert_eq!(answer.errors("email").len(), 1, "{email}: {}", answer.text);
    }
    let mut body = teacher(EMAIL);
    body["fullName"] = "Ana\r\nBcc: x@example.com".into();
    assert_eq!(app.post("/api/auth/register/teacher", body).await.expect_problem(400).errors("fullName").len(), 1);
}

// ── claims

#[tokio::test]
async fn a_claim_that_can_still_be_proved_keeps_others_out() {
    let app = TestApp::start().await;
    app.pending_teacher(EMAIL).await;
    app.messages().await;
    app.advance(Duration::minutes(23 * 60 + 59));
    app.post("/api/register", registration(EMAIL)).await.expect(409);
    app.post("/api/auth/register/teacher", teacher(EMAIL)).await.expect(409);
}

#[tokio::test]
async fn a_lapsed_claim_is_replaced() {
    let app = TestApp::start().await;
    let mut body = teacher(EMAIL);
    body["password"] = "Alheia#99 senha".into();
    body["passwordConfirmation"] = "Alheia#99 senha".into();
    app.post("/api/auth/register/teacher", body).await.expect(201);
    let old = app.token_to(EMAIL).await;
    app.advance(Duration::hours(24));
    app.proved_teacher(EMAIL).await;
    assert_eq!(app.count("select count(*) from accounts").await, 1);
    let answer = app.get(&format!("/api/auth/verify-email?token={old}")).await;
    assert!([400, 410].contains(&answer.status), "{}", answer.text);
    app.login(EMAIL, "Alheia#99 senha").await.expect_problem(401);
    app.login(EMAIL, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn a_claim_lapses_a_day_after_its_link_was_last_made_not_last_sent() {
    let app = TestApp::start().await;
    app.pending_teacher(EMAIL).await;
    app.messages().await;
    app.advance(Duration::hours(23));
    app.post("/api/resend-verification", json!({ "email": EMAIL })).await.expect(202);
    app.messages().await;
    app.advance(Duration::hours(1));
    app.post("/api/auth/register/teacher", teacher(EMAIL)).await.expect(201);
    app.expect_message(EMAIL, "Verifique sua conta").await;
}

// ── the link

/// Clicked in a mail program or typed into the address bar.
fn person(app: &TestApp) -> Actor<'_> {
    app.anonymous()
        .header("accept", "text/html")
        .header("sec-fetch-mode", "navigate")
        .header("sec-fetch-user", "?1")
        .header("sec-fetch-dest", "document")
}

fn html(app: &TestApp) -> Actor<'_> {
    app.anonymous().header("accept", "text/html,application/xhtml+xml")
}

async fn is_proved(app: &TestApp) -> bool {
    app.count("select count(*) from accounts where email_proved_at is not null").await == 1
}

#[tokio::test]
async fn an_api_client_is_told_that_the_address_is_proved() {
    for path in ["/api/auth/verify-email"] {
        let app = TestApp::start().await;
        app.pending_teacher(EMAIL).await;
        let token = app.token_to(EMAIL).await;
        let answer = app.anonymous().header("accept", "application/json").get(&format!("{path}?token={token}")).await.expect(200);
        assert_eq!(answer.keys(), ["message"], "{path}");
        assert!(is_proved(&app).await, "{path}");
        assert!(answer.cookies().is_empty(), "a link never creates a session");
    }
}

#[tokio::test]
async fn a_persons_own_navigation_elsewhere_is_asked_before_anything_is_proved() {
    for path in link_paths() {
        let app = TestApp::start().await;
        app.pending_teacher(EMAIL).await;
        let token = app.token_to(EMAIL).await;
        let link = format!("{path}?token={token}");
        person(&app).get(&link).await.expect(200);
        assert!(!is_proved(&app).await, "{path}");
        let answer = person(&app).form(&link, "prove_link", &[("token", &token)]).await.expect(303);
        assert_eq!(answer.location(), "/login?notice=verified", "{path}");
        assert!(is_proved(&app).await, "{path}");
        assert!(answer.cookies().is_empty(), "a link never creates a session");
        let page = html(&app).get("/login?notice=verified").await.expect(200);
        assert!(page.text.contains("E-mail confirmado. Agora você pode entrar."), "{}", page.text);
    }
}

#[tokio::test]
async fn a_scanner_changes_nothing_and_finds_a_page_with_one_button() {
    for path in link_paths() {
        let app = TestApp::start().await;
        app.pending_teacher(EMAIL).await;
        let token = app.token_to(EMAIL).await;
        let link = format!("{path}?token={token}");
        for visitor in [
            html(&app),
            html(&app).header("sec-fetch-mode", "navigate"),
            person(&app).header("sec-purpose", "prefetch"),
            person(&app).header("purpose", "prefetch"),
        ] {
            let page = visitor.get(&link).await.expect(200);
            assert!(page.text.contains("Confirme seu e-mail") && page.text.contains("value=\"prove_link\""), "{path}: {}", page.text);
            assert_eq!(page.header("referrer-policy"), "no-referrer", "{path}");
        }
        html(&app).method("HEAD", &link).await.expect(200);
        app.anonymous().method("HEAD", &link).await.expect(200);
        assert!(!is_proved(&app).await, "{path}");
    }
}

#[tokio::test]
async fn the_button_of_that_page_posts_to_the_same_path_and_proves() {
    for path in link_paths() {
        let app = TestApp::start().await;
        app.pending_teacher(EMAIL).await;
        let token = app.token_to(EMAIL).await;
        let link = format!("{path}?token={token}");
        let page = html(&app).get(&link).await.expect(200);
        assert!(page.text.contains(&format!("action=\"{link}\"")), "{path}: {}", page.text);
        let answer = app.anonymous().form(&link, "prove_link", &[("token", &token)]).await.expect(303);
        assert_eq!(answer.location(), "/login?notice=verified", "{path}");
        assert!(is_proved(&app).await, "{path}");
    }
}

#[tokio::test]
async fn a_used_link_opened_again_in_its_lifetime_is_success_again() {
    let app = TestApp::start().await;
    app.pending_teacher(EMAIL).await;
    let token = app.token_to(EMAIL).await;
    let api = format!("/api/auth/verify-email?token={token}");
    for _ in 0..2 {
        app.get(&api).await.expect(200);
        person(&app).form(&format!("/verify?token={token}"), "prove_link", &[("token", &token)]).await.expect(303);
    }
    app.advance(Duration::hours(23));
    app.get(&api).await.expect(200);
    person(&app).get(&format!("/verify?token={token}")).await.expect(200);
    app.advance(Duration::hours(1));
    app.get(&api).await.expect_problem(410);
    person(&app).get(&format!("/verify?token={token}")).await.expect(410);
}

#[tokio::test]
async fn an_expired_link_is_410_and_offers_another() {
    for path in link_paths() {
        let app = TestApp::start().await;
        app.pending_teacher(EMAIL).await;
        let token = app.token_to(EMAIL).await;
        app.advance(Duration::hours(24));
        let link = format!("{path}?token={token}");
        if path != "/verify" {
            app.get(&link).await.expect_problem(410);
        }
        for visitor in [person(&app), html(&app)] {
            let page = visitor.get(&link).await.expect(410);
            assert!(page.text.contains("Link expirado") && page.text.contains("href=\"/resend-verification\""), "{path}: {}", page.text);
        }
        assert!(!is_proved(&app).await, "{path}");
    }
}

#[tokio::test]
async fn an_unknown_or_mangled_link_is_400_and_offers_another() {
    let app = TestApp::start().await;
    app.pending_teacher(EMAIL).await;
    let token = app.token_to(EMAIL).await;
    for path in link_paths() {
        for mangled in
            [format!("?token={}", &token[1..]), format!("?token={token}x"), "?token=".into(), String::new(), "?token=%00%ff".into()]
        {
            let link = format!("{path}{mangled}");
            if path != "/verify" {
                app.get(&link).await.expect_problem(400);
            }
            let page = person(&app).get(&link).await.expect(400);
            assert!(page.text.contains("Link inválido") && page.text.contains("href=\"/resend-verification\""), "{link}: {}", page.text);
        }
    }
    assert!(!is_proved(&app).await);
}

#[tokio::test]
async fn a_link_with_two_tokens_is_refused_in_the_contracts_shape() {
    let app = TestApp::start().await;
    app.get("/api/auth/verify-email?token=a&token=b").await.expect_problem(400);
    app.get("/verify?token=a&token=b").await.expect(400);
}

#[tokio::test]
async fn a_link_that_lapsed_while_its_page_was_open_is_told_on_the_page() {
    let app = TestApp::start().await;
    app.pending_teacher(EMAIL).await;
    let token = app.token_to(EMAIL).await;
    app.advance(Duration::hours(24));
    let page = app.anonymous().form(&format!("/verify?token={token}"), "prove_link", &[("token", &token)]).await.expect(410);
    assert!(page.text.contains("/resend-verification"), "{}", page.text);
}

#[tokio::test]
async fn a_forged_host_never_reaches_a_link() {
    let app = TestApp::start().await;
    let request =
        app.anonymous().raw("POST", "/api/auth/register/teacher").header("x-forwarded-host", "evil.example").header("host", "evil.example");
    app.anonymous().send_raw(request.json(&teacher(EMAIL))).await.expect(201);
    let mail = app.email_to(EMAIL).await;
    assert!(!mail.to_string().contains("evil.example"), "{mail}");
}

// ── signing in before and after

#[tokio::test]
async fn not_verified_is_told_only_when_the_password_was_right() {
    let app = TestApp::start().await;
    app.pending_teacher(EMAIL).await;
    let wrong = app.login(EMAIL, WRONG_PASSWORD).await.expect_problem(401);
    let unknown = app.login(OTHER_EMAIL, PASSWORD).await.expect_problem(401);
    assert_eq!(wrong.json(), unknown.json());
    app.login(EMAIL, PASSWORD).await.expect_problem(403);
    app.expect_message(EMAIL, "Verifique sua conta").await;
}

// ── the browser, without JavaScript

async fn company(browser: &Actor<'_>, email: &str) -> Answer {
    browser.form("/register/company", "sign_up", &company_form(CNPJ, email)).await
}

fn teacher_form(email: &str) -> Vec<(&'static str, &str)> {
    vec![
        ("slug", "teacher"),
        ("name", "Carla Dias"),
        ("email", email),
        ("password", PASSWORD),
        ("password_confirmation", PASSWORD),
        ("institution", ""),
        ("field_of_work", ""),
        ("terms", "true"),
    ]
}

#[tokio::test]
async fn a_company_registers_by_plain_forms_and_signs_in_with_its_cnpj() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let waiting = company(&browser, EMAIL).await.expect(303).location().to_owned();
    assert!(waiting.starts_with("/register/company?signup="), "{waiting}");
    let page = browser.get(&waiting).await.expect(200);
    assert!(page.text.contains(CHECK_EMAIL) && page.text.contains("Passo 2 de 3"), "{}", page.text);
    app.open_link_to(EMAIL).await.expect(200);
    let page = browser.get("/register/company").await.expect(200);
    assert!(page.text.contains("Passo 3 de 3"), "the waiting page goes on: {}", page.text);
    for typed in ["12abc34501de35", CNPJ] {
        let browser = app.anonymous();
        let answer = browser.form("/login", "sign_in", &[("identifier", typed), ("password", PASSWORD)]).await.expect(303);
        assert_eq!(answer.location(), "/dashboard");
        assert!(browser.get("/dashboard").await.expect(200).text.contains("Padaria Aurora"));
    }
    app.expect_message(EMAIL, "Novo acesso à sua conta").await;
}

#[tokio::test]
async fn a_cnpj_with_an_account_is_409() {
    let app = TestApp::start().await;
    company(&app.anonymous(), EMAIL).await.expect(303);
    app.open_link_to(EMAIL).await.expect(200);
    let page = company(&app.anonymous(), OTHER_EMAIL).await.expect(409);
    assert!(page.text.contains("CNPJ já cadastrado"), "{}", page.text);
    assert_eq!(app.messages_to(OTHER_EMAIL).await.len(), 0);
    app.expect_message(EMAIL, "Você já tem uma conta").await;
}

#[tokio::test]
async fn a_wrong_cnpj_is_told_at_its_field() {
    let app = TestApp::start().await;
    for wrong in ["12.ABC.345/01DE-36", "11111111111111", "12345"] {
        let page = app.anonymous().form("/register/company", "sign_up", &company_form(wrong, EMAIL)).await.expect(400);
        assert!(page.text.contains("CNPJ inválido"), "{wrong}: {}", page.text);
    }
}

#[tokio::test]
async fn correcting_the_address_frees_the_wrong_one_and_sends_to_the_right_one() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    browser.form("/register/teacher", "sign_up", &teacher_form("errado@example.com")).await.expect(303);
    app.messages().await;
    let mut corrected = teacher_form(EMAIL);
    // the password was given before: it may stay empty
    corrected[3].1 = "";
    corrected[4].1 = "";
    browser.form("/register/teacher?step=details", "sign_up", &corrected).await.expect(303);
    assert_eq!(app.count("select count(*) from accounts").await, 1);
    app.open_link_to(EMAIL).await.expect(200);
    app.login(EMAIL, PASSWORD).await.expect(200);
    app.post("/api/auth/register/teacher", teacher("outra@example.com")).await.expect(201);
    app.expect_message("outra@example.com", "Verifique sua conta").await;
}

#[tokio::test]
async fn correcting_the_address_to_a_taken_one_loses_nothing() {
    let app = TestApp::start().await;
    app.proved_teacher(OTHER_EMAIL).await;
    let browser = app.anonymous();
    browser.form("/register/teacher", "sign_up", &teacher_form(EMAIL)).await.expect(303);
    browser.form("/register/teacher?step=details", "sign_up", &teacher_form(OTHER_EMAIL)).await.expect(409);
    app.open_link_to(EMAIL).await.expect(200);
    app.login(EMAIL, PASSWORD).await.expect(200);
    app.expect_message(OTHER_EMAIL, "Você já tem uma conta").await;
}

#[tokio::test]
async fn correcting_the_address_back_too_early_loses_nothing() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    browser.form("/register/teacher", "sign_up", &teacher_form(EMAIL)).await.expect(303);
    browser.form("/register/teacher?step=details", "sign_up", &teacher_form(OTHER_EMAIL)).await.expect(303);
    // the first address had its message just now
    browser.form("/register/teacher?step=details", "sign_up", &teacher_form(EMAIL)).await;
    app.messages().await;
    app.advance(Duration::minutes(2));
    browser.form("/register/teacher", "resend", &[("channel", "email")]).await.expect(303);
    let messages = app.messages().await;
    let newest = messages.iter().find(|message| message["link"].is_string()).expect("a link");
    app.get(&link_in(newest).replace("/verify", "/api/auth/verify-email")).await.expect(200);
    let to = newest["to"].as_str().expect("an address").to_owned();
    app.login(&to, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn the_link_is_sent_again_from_the_waiting_page() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    company(&browser, EMAIL).await.expect(303);
    app.messages().await;
    app.advance(Duration::seconds(30));
    browser.form("/register/company", "resend", &[("channel", "email")]).await.expect(303);
    assert_eq!(app.messages_to(EMAIL).await.len(), 2);
}

#[tokio::test]
async fn asking_for_another_link_by_form_answers_alike() {
    let app = TestApp::start().await;
    app.pending_teacher(EMAIL).await;
    app.messages().await;
    app.advance(Duration::minutes(1));
    for email in [EMAIL, OTHER_EMAIL] {
        let answer = app.anonymous().form("/resend-verification", "resend_link", &[("email", email)]).await.expect(303);
        assert_eq!(answer.location(), "/resend-verification?notice=link_sent");
    }
    assert_eq!(app.messages_to(EMAIL).await.len(), 2);
}

#[tokio::test]
async fn a_teachers_refused_form_keeps_what_was_valid() {
    let app = TestApp::start().await;
    let mut fields = teacher_form("ana@");
    fields[5].1 = "Escola Livre";
    fields.pop();
    let page = app.anonymous().form("/register/teacher", "sign_up", &fields).await.expect(400);
    for kept in ["Carla Dias", "Escola Livre", "Você deve aceitar os termos de serviço", "Confira o e-mail"] {
        assert!(page.text.contains(kept), "{kept}: {}", page.text);
    }
    assert!(!page.text.contains(PASSWORD));
}

#[tokio::test]
async fn accounts_of_different_journeys_keep_apart() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let mut body = client(PHONE);
    body["email"] = EMAIL.into();
    app.post("/api/auth/register/client", body).await.expect_problem(409);
    let mut form = client_form(PHONE);
    form[3].1 = EMAIL;
    app.anonymous().form("/register/client", "sign_up", &form).await.expect(409);
    assert_eq!(app.count("select count(*) from signups").await, 0);
    app.expect_message(EMAIL, "Você já tem uma conta").await;
}

#[tokio::test]
async fn what_happened_stands_in_the_audit_without_saying_who() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    app.post("/api/auth/register/teacher", teacher(EMAIL)).await.expect(409);
    app.login(EMAIL, WRONG_PASSWORD).await.expect(401);
    app.login(EMAIL, PASSWORD).await.expect(200);
    let rows: Vec<(String, String)> =
        sqlx::query_as("select event, outcome from audit order by at, event, outcome").fetch_all(&app.pool).await.expect("rows");
    let has = |event: &str, outcome: &str| rows.iter().any(|row| row.0 == event && row.1 == outcome);
    for (event, outcome) in [
        ("user_created", "ok"),
        ("proof_sent", "email_link"),
        ("email_proved", "ok"),
        ("user_created", "taken"),
        ("authn_login_fail", "bad-credentials"),
        ("authn_login_success", "ok"),
    ] {
        assert!(has(event, outcome), "{event} {outcome}: {rows:?}");
    }
    let whole: Vec<Value> = sqlx::query_scalar("select to_jsonb(audit) from audit").fetch_all(&app.pool).await.expect("rows");
    assert!(!whole.iter().any(|row| row.to_string().contains(EMAIL)));
    assert!(whole.iter().all(|row| row["address"].is_string() && row["user_agent"] == "tests/1.0"), "{whole:?}");
    app.expect_message(EMAIL, "Você já tem uma conta").await;
}

#[tokio::test]
async fn a_refused_registration_is_audited_too() {
    let app = TestApp::start().await;
    app.post("/api/auth/register/teacher", json!({ "email": EMAIL })).await.expect(400);
    assert_eq!(app.count("select count(*) from audit where event = 'user_created' and outcome = 'invalid-fields'").await, 1);
}

#[tokio::test]
async fn what_strangers_had_sent_to_an_address_does_not_keep_its_owner_from_registering() {
    let app = TestApp::start().await;
    // clients of somebody name it as theirs, each sending it a link
    for phone in [PHONE, OTHER_PHONE] {
        let mut body = client(phone);
        body["email"] = EMAIL.into();
        app.post("/api/auth/register/client", body).await.expect(202);
        let code = app.code_to(phone).await;
        app.verify(phone, &code).await.expect(201);
    }
    // later, so that its link is the newest
    app.advance(Duration::seconds(1));
    app.post("/api/register", registration(EMAIL)).await.expect(201);
    app.open_link_to(EMAIL).await.expect(200);
    app.login(EMAIL, PASSWORD).await.expect(200);
}
