//! People in all stages of a journey, so that a test can begin where it wants to.

use super::{Actor, Answer, TestApp};
use serde_json::{Value, json};
use time::Duration;

pub const PHONE: &str = "+5511987654321";
pub const TYPED_PHONE: &str = "(11) 98765-4321";
pub const OTHER_PHONE: &str = "+5521998877665";
/// What a code by WhatsApp says; its template tells nothing of what it is for.
pub const WHATSAPP_CODE: &str = "é o seu código de verificação";
pub const EMAIL: &str = "ana@example.com";
pub const OTHER_EMAIL: &str = "bia@example.com";
/// Meets every password policy.
pub const PASSWORD: &str = "Girassol#42 azul";
pub const NEW_PASSWORD: &str = "Laranja#77 doce";
/// Meets the policies, but belongs to nobody.
pub const WRONG_PASSWORD: &str = "Outra#Senha 9";
pub const THIEFS_PASSWORD: &str = "Ladrao#77 novo";
pub const CPF: &str = "529.982.247-25";
pub const OTHER_CPF: &str = "390.533.447-05";
/// Valid, but belongs to nobody.
pub const UNKNOWN_CPF: &str = "111.444.777-35";
pub const CNPJ: &str = "12.ABC.345/01DE-35";
/// What a production tells people, as the settings file has it.
pub const RESPONSIBLE: &str = "[brand]\nhelp = \"ajuda@portaria.example\"\ncontroller = \"Portaria Ltda.\"\n\
                               officer = \"Bia Reis\"\nofficer_contact = \"dados@portaria.example\"\n";

pub fn client(phone: &str) -> Value {
    json!({ "fullName": "Ana Souza", "phone": phone })
}

/// A teacher's form (003), as JSON.
pub fn teacher(email: &str) -> Value {
    json!({
        "fullName": "Carla Dias", "email": email, "password": PASSWORD, "passwordConfirmation": PASSWORD, "termsAccepted": true,
    })
}

/// A registration of 001, as JSON.
pub fn registration(email: &str) -> Value {
    json!({ "nome": "João Silva", "email": email, "senha": PASSWORD, "tipo_usuario": "cliente" })
}

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
    pub async fn teacher(&self) -> Actor<'_> {
        self.teacher_at(EMAIL).await
    }

    pub async fn teacher_at(&self, email: &str) -> Actor<'_> {
        self.proved_teacher(email).await;
        // So that messages of the test are newer than the verification link.
        self.advance(Duration::seconds(1));
        let teacher = self.sign_in(email, PASSWORD).await;
        Actor { name: "Carla Dias".to_owned(), email: email.to_owned(), ..teacher }
    }

    /// A client, signed in, with a phone but neither e-mail nor password.
    pub async fn client(&self) -> Actor<'_> {
        let client = self.whoever_got(&self.proved_client(PHONE).await);
        Actor { name: "Ana Souza".to_owned(), phone: PHONE.to_owned(), ..client }
    }

    /// A client, signed in, with phone, e-mail and password.
    pub async fn client_with_password(&self) -> Actor<'_> {
        self.client_with(PHONE, EMAIL).await
    }

    pub async fn client_with(&self, phone: &str, email: &str) -> Actor<'_> {
        let client = self.whoever_got(&self.proved_client_with(phone, email).await);
        let [name, password] = ["Ana Souza", PASSWORD].map(str::to_owned);
        Actor { name, phone: phone.to_owned(), email: email.to_owned(), password, ..client }
    }

    /// Registers a person by 001, with name, e-mail and password only; proves the e-mail and signs in.
    pub async fn registered(&self, kind: &str, name: &str, email: &str) -> Actor<'_> {
        let body = json!({ "nome": name, "email": email, "senha": PASSWORD, "tipo_usuario": kind });
        self.post("/api/register", body).await.expect(201);
        self.open_link_to(email).await.expect(200);
        self.advance(Duration::seconds(1));
        let registered = self.sign_in(email, PASSWORD).await;
        Actor { name: name.to_owned(), email: email.to_owned(), ..registered }
    }

    /// A rider, signed in; the third step is missing.
    pub async fn rider(&self) -> Actor<'_> {
        self.registered("caronista", "Rian Lucas", EMAIL).await
    }

    /// A company, signed in, with a CNPJ.
    pub async fn company(&self) -> Actor<'_> {
        let company = self.registered("empresa", "Padaria Aurora", EMAIL).await;
        company.give_document("cnpj", CNPJ).await;
        company
    }

    /// Signs a client up and returns the code.
    pub async fn ask_code(&self, phone: &str) -> String {
        self.post("/api/auth/register/client", client(phone)).await.expect(202);
        self.code_to(phone).await
    }

    /// Like [`Self::ask_code`], with an optional e-mail, which is not proved yet.
    pub async fn ask_code_with_email(&self, phone: &str, email: &str) -> String {
        let mut body = client(phone);
        body["email"] = email.into();
        self.post("/api/auth/register/client", body).await.expect(202);
        self.code_to(phone).await
    }

    pub async fn verify(&self, phone: &str, code: &str) -> Answer {
        self.post("/api/auth/phone/verify", json!({ "phone": phone, "code": code })).await
    }

    /// Signs a client up and proves the phone. Returns the answer to the right code.
    pub async fn proved_client(&self, phone: &str) -> Answer {
        let code = self.ask_code(phone).await;
        self.verify(phone, &code).await.expect(201)
    }

    /// Like [`Self::proved_client`], with a proved e-mail and a password.
    pub async fn proved_client_with(&self, phone: &str, email: &str) -> Answer {
        let mut body = client(phone);
        body["email"] = email.into();
        body["password"] = PASSWORD.into();
        body["passwordConfirmation"] = PASSWORD.into();
        self.post("/api/auth/register/client", body).await.expect(202);
        let code = self.code_to(phone).await;
        let answer = self.verify(phone, &code).await.expect(201);
        self.open_link_to(email).await.expect(200);
        // Reads the notice to the phone here, so that it is not among the messages of the test.
        self.messages().await;
        self.advance(Duration::seconds(1));
        answer
    }

    /// Registers a teacher who has not opened the verification link yet.
    pub async fn pending_teacher(&self, email: &str) {
        self.post("/api/auth/register/teacher", teacher(email)).await.expect(201);
    }

    pub async fn proved_teacher(&self, email: &str) {
        self.pending_teacher(email).await;
        self.open_link_to(email).await.expect(200);
    }

    /// Opens the newest verification link, as an API client.
    pub async fn open_link_to(&self, email: &str) -> Answer {
        let token = self.token_to(email).await;
        self.get(&format!("/api/auth/verify-email?token={token}")).await
    }
}
