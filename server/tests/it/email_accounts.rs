//! Seeds 001 and 003: accounts whose contact is an e-mail address, proved by a link.

mod beside;
mod browser;
mod link;
mod teachers;

use crate::support::TestApp;
use crate::support::people::{EMAIL, PASSWORD, WRONG_PASSWORD, registration};
use portaria::journey::Kind;
use serde_json::json;
use time::Duration;

const OTHER_EMAIL: &str = "bruno@example.com";
/// 001, word for word.
const CHECK_EMAIL: &str = "Verifique seu email para ativar sua conta";
/// 001, word for word.
const TAKEN: &str = "Email já cadastrado";

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
    // By chance, three numbers of 53 random bits are this close together once in 2^30 runs.
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
    for kind in Kind::ALL {
        let needs_nothing = kind.bare_journey().completion.is_empty();
        let kind = kind.as_str();
        let email = format!("{kind}@example.com");
        let mut body = registration(&email);
        body["tipo_usuario"] = kind.into();
        app.post("/api/register", body).await.expect(201);
        app.open_link_to(&email).await.expect(200);
        let user = app.login(&email, PASSWORD).await.expect(200).json()["user"].clone();
        assert_eq!((&user["kind"], &user["profileComplete"]), (&json!(kind), &json!(needs_nothing)), "{user}");
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
        // An address for each: a taken one would be refused whatever the password.
        let mut body = registration(&format!("p{n}@example.com"));
        body["senha"] = password.into();
        let answer = app.post("/api/register", body).await;
        assert_eq!(answer.status, if taken { 201 } else { 400 }, "{password}: {}", answer.text);
        assert_eq!(answer.errors("senha").len(), usize::from(!taken), "{password}: {}", answer.text);
    }
    app.expect_message("p1@example.com", "Verifique sua conta").await;
    app.expect_message("p2@example.com", "Verifique sua conta").await;
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
