//! People who have come some way already, so that a test can begin where it wants to.

use super::{Answer, TestApp};
use serde_json::{Value, json};
use time::Duration;

pub const PHONE: &str = "+5511987654321";
/// The same phone, as a person types it.
pub const TYPED_PHONE: &str = "(11) 98765-4321";
pub const OTHER_PHONE: &str = "+5521998877665";
pub const EMAIL: &str = "ana@example.com";
/// Good enough for every policy.
pub const PASSWORD: &str = "Girassol#42 azul";

/// A client's first form.
pub fn client(phone: &str) -> Value {
    json!({ "fullName": "Ana Souza", "phone": phone })
}

/// A teacher's form (003).
pub fn teacher(email: &str) -> Value {
    json!({
        "fullName": "Carla Dias", "email": email, "password": PASSWORD, "passwordConfirmation": PASSWORD, "termsAccepted": true,
    })
}

/// What 001 registers.
pub fn registration(email: &str) -> Value {
    json!({ "nome": "João Silva", "email": email, "senha": PASSWORD, "tipo_usuario": "cliente" })
}

/// The fields of a client's first form in a browser.
pub fn client_form(phone: &str) -> Vec<(&'static str, &str)> {
    vec![
        ("slug", "client"),
        ("name", "Ana Souza"),
        ("phone", phone),
        ("email", ""),
        ("password", ""),
        ("password_confirmation", ""),
        ("channel", "sms"),
    ]
}

/// The fields of a company's first form in a browser.
pub fn company_form<'a>(cnpj: &'a str, email: &'a str) -> Vec<(&'static str, &'a str)> {
    vec![
        ("slug", "company"),
        ("name", "Padaria Aurora"),
        ("cnpj", cnpj),
        ("email", email),
        ("password", PASSWORD),
        ("password_confirmation", PASSWORD),
        ("terms", "true"),
    ]
}

impl TestApp {
    /// A client asks for a code; gives the code.
    pub async fn ask_code(&self, phone: &str) -> String {
        self.post("/api/auth/register/client", client(phone)).await.expect(202);
        self.code_to(phone).await
    }

    /// The same with an optional e-mail, which is not proved yet.
    pub async fn ask_code_with_email(&self, phone: &str, email: &str) -> String {
        let mut body = client(phone);
        body["email"] = email.into();
        self.post("/api/auth/register/client", body).await.expect(202);
        self.code_to(phone).await
    }

    pub async fn verify(&self, phone: &str, code: &str) -> Answer {
        self.post("/api/auth/phone/verify", json!({ "phone": phone, "code": code })).await
    }

    /// A client who is in; gives the answer to the right code.
    pub async fn proved_client(&self, phone: &str) -> Answer {
        let code = self.ask_code(phone).await;
        self.verify(phone, &code).await.expect(201)
    }

    /// A client with an e-mail (proved) and a password.
    pub async fn proved_client_with(&self, phone: &str, email: &str) -> Answer {
        let mut body = client(phone);
        body["email"] = email.into();
        body["password"] = PASSWORD.into();
        body["passwordConfirmation"] = PASSWORD.into();
        self.post("/api/auth/register/client", body).await.expect(202);
        let code = self.code_to(phone).await;
        let answer = self.verify(phone, &code).await.expect(201);
        self.open_link_to(email).await.expect(200);
        // the phone is told of it now, not among what a test waits for
        self.messages().await;
        self.advance(Duration::seconds(1));
        answer
    }

    /// A teacher who waits for the link.
    pub async fn pending_teacher(&self, email: &str) {
        self.post("/api/auth/register/teacher", teacher(email)).await.expect(201);
    }

    /// A teacher who may sign in.
    pub async fn proved_teacher(&self, email: &str) {
        self.pending_teacher(email).await;
        self.open_link_to(email).await.expect(200);
    }

    /// Opens the newest link to an address, as an API client.
    pub async fn open_link_to(&self, email: &str) -> Answer {
        let token = self.token_to(email).await;
        self.get(&format!("/api/auth/verify-email?token={token}")).await
    }

    pub async fn login(&self, identifier: &str, password: &str) -> Answer {
        self.post("/api/auth/login", json!({ "email": identifier, "password": password })).await
    }
}
