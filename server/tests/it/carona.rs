//! Seed 004, "Fluxo de Cadastro - Via Carona API": its steps, its error codes, and attempts to get in between them.

mod claims;
mod completion;
mod login;
mod own_page;
mod pages;
mod photo;
mod registration;
mod takeover;
mod verification;
mod wizard;

use crate::support::{Actor, Answer, TestApp};
use serde_json::{Value, json};

/// The document's own example.
const EMAIL: &str = "usuario@email.com";
const USERNAME: &str = "rianlucas";
/// The document's example. It is guessable, and 004 accepts it.
const PASSWORD: &str = "senha12345";
const CPF: &str = "52998224725";
const OTHER_CPF: &str = "11144477735";
const PHONE: &str = "11987654321";
const OTHER_PHONE: &str = "21998877665";
const BOUNDARY: &str = "----portaria-tests";

fn rider(email: &str, username: &str) -> Value {
    json!({ "email": email, "password": PASSWORD, "name": "Rian Lucas", "username": username })
}

async fn registered(app: &TestApp, email: &str, username: &str) -> String {
    app.post("/auth/register", rider(email, username)).await.expect(201);
    app.code_to(email).await
}

async fn verify(app: &TestApp, email: &str, code: &str) -> Answer {
    app.post("/api/email-verification/verify", json!({ "email": email, "code": code })).await
}

async fn resend(app: &TestApp, email: &str) -> Answer {
    app.post("/api/email-verification/resend-code", json!({ "email": email })).await
}

/// Registers a rider and proves the address. Returns the `signupToken`.
async fn proved(app: &TestApp, email: &str, username: &str) -> String {
    let code = registered(app, email, username).await;
    let answer = verify(app, email, &code).await.expect(200);
    answer.json()["data"]["signupToken"].as_str().expect("a token").to_owned()
}

async fn login(app: &TestApp, identifier: &str, password: &str) -> Answer {
    app.post("/auth/login", json!({ "email": identifier, "password": password })).await
}

fn token_of(answer: &Answer) -> String {
    answer.json()["data"]["token"].as_str().unwrap_or_else(|| panic!("no token: {}", answer.text)).to_owned()
}

/// A multipart body, part by part.
#[derive(Default, Clone)]
pub(super) struct Form(Vec<u8>);

impl Form {
    pub(super) fn text(mut self, name: &str, value: &str) -> Self {
        self.0.extend(format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
        self
    }

    fn file(mut self, name: &str, file_name: &str, media: &str, bytes: &[u8]) -> Self {
        let head = format!(
            "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"{file_name}\"\r\ncontent-type: {media}\r\n\r\n"
        );
        self.0.extend(head.bytes());
        self.0.extend(bytes);
        self.0.extend(b"\r\n");
        self
    }

    pub(super) fn photo(self, bytes: &[u8]) -> Self {
        self.file("photo", "eu.jpg", "image/jpeg", bytes)
    }

    pub(super) fn end(mut self) -> Vec<u8> {
        self.0.extend(format!("--{BOUNDARY}--\r\n").bytes());
        self.0
    }
}

pub(super) fn media() -> String {
    format!("multipart/form-data; boundary={BOUNDARY}")
}

/// The form of the document's third step.
fn profile(cpf: &str, phone: &str) -> Form {
    Form::default()
        .text("phone", phone)
        .text("birthDate", "2000-01-15")
        .text("gender", "M")
        .text("cpf", cpf)
        .text("state", "SP")
        .text("city", "São Paulo")
}

async fn complete(by: Actor<'_>, email: &str, form: Form) -> Answer {
    by.post_raw(&format!("/auth/registerComplete/{email}"), &media(), form.end()).await
}

/// Registers a rider and completes the profile. Returns the access token.
async fn completed(app: &TestApp, email: &str, username: &str, cpf: &str, phone: &str) -> String {
    let token = proved(app, email, username).await;
    token_of(&complete(app.anonymous().bearer(&token), email, profile(cpf, phone)).await.expect(200))
}

/// Expects a refusal in the document's shape.
#[track_caller]
fn expect_error(answer: Answer, status: u16, code: &str) -> Answer {
    let answer = answer.expect(status);
    assert_eq!(answer.header("content-type"), "application/json", "{}", answer.text);
    let body = answer.json();
    assert_eq!(answer.keys(), ["error", "message", "success"], "{body}");
    assert_eq!((&body["success"], &body["error"]["code"]), (&json!(false), &json!(code)), "{body}");
    assert!(body["message"].as_str().is_some_and(|text| !text.is_empty()), "{body}");
    answer
}

/// Returns the names of the refused fields, sorted.
fn wrong_fields(answer: &Answer) -> Vec<String> {
    let mut names: Vec<_> = answer.json()["error"]["fields"].as_object().map(|fields| fields.keys().cloned().collect()).unwrap_or_default();
    names.sort();
    names
}
