//! How a person signs in, and what they do with their own account.

use super::{Actor, Answer, TestApp};
use serde_json::{Value, json};
use time::Duration;

impl TestApp {
    pub async fn login(&self, identifier: &str, password: &str) -> Answer {
        self.post("/api/auth/login", json!({ "email": identifier, "password": password })).await
    }

    pub fn whoever_got(&self, answer: &Answer) -> Actor<'_> {
        let mut actor = self.anonymous();
        (actor.access, actor.refresh) = (answer.token("accessToken"), answer.token("refreshToken"));
        actor
    }

    pub async fn sign_in(&self, identifier: &str, password: &str) -> Actor<'_> {
        let mut actor = self.whoever_got(&self.login(identifier, password).await.expect(200));
        password.clone_into(&mut actor.password);
        actor
    }

    pub async fn sign_in_by_page(&self, identifier: &str, password: &str) -> Actor<'_> {
        let browser = self.anonymous();
        browser.form("/login", "sign_in", &[("identifier", identifier), ("password", password)]).await.expect(303);
        browser
    }
}

impl<'a> Actor<'a> {
    /// Returns the same person with another session, on another device.
    pub async fn elsewhere(&self) -> Actor<'a> {
        let identifier = if self.email.is_empty() { &self.phone } else { &self.email };
        let mut again = self.app.sign_in(identifier, &self.password).await;
        (again.name, again.email, again.phone) = (self.name.clone(), self.email.clone(), self.phone.clone());
        again
    }

    pub async fn profile(&self) -> Value {
        self.get("/api/auth/profile").await.expect(200).json()
    }

    pub async fn change(&self, body: Value) -> Answer {
        self.patch("/api/auth/profile", body).await
    }

    pub async fn change_password(&self, current: &str, new: &str, confirmation: &str) -> Answer {
        let body = json!({ "currentPassword": current, "newPassword": new, "passwordConfirmation": confirmation });
        self.patch("/api/auth/change-password", body).await
    }

    pub async fn sessions(&self) -> Vec<Value> {
        self.get("/api/auth/sessions").await.expect(200).json()["sessions"].as_array().expect("a list").clone()
    }

    pub async fn sign_out(&self) -> Answer {
        self.method("POST", "/api/auth/logout").await
    }

    /// Exchanges the refresh token. The actor keeps its old tokens.
    pub async fn ask_refresh(&self) -> Answer {
        self.post("/api/auth/refresh-token", json!({ "refreshToken": self.refresh })).await
    }

    /// Exchanges the refresh token and returns the actor with the new tokens.
    pub async fn refreshed(&self) -> Actor<'a> {
        self.app.whoever_got(&self.ask_refresh().await.expect(200))
    }

    /// Expects that the access token is refused, and returns the answer.
    pub async fn expect_out(&self) -> Answer {
        self.get("/api/auth/profile").await.expect_problem(401)
    }

    /// Expects that both tokens of the session are refused.
    pub async fn expect_ended(&self) {
        self.expect_out().await;
        self.ask_refresh().await.expect_problem(401);
    }

    /// Gives the account a phone, proved by its code. Notices about it count as read.
    pub async fn give_phone(&self, phone: &str) {
        self.app.advance(Duration::seconds(1));
        self.post("/api/auth/profile/phone", json!({ "phone": phone })).await.expect(202);
        let code = self.app.code_to(phone).await;
        self.post("/api/auth/profile/phone/verify", json!({ "phone": phone, "code": code })).await.expect(200);
        self.app.messages().await;
    }

    /// Gives the account an e-mail, proved by its code. Notices about it count as read.
    pub async fn give_email(&self, email: &str) {
        self.app.advance(Duration::seconds(1));
        self.post("/api/auth/profile/email", json!({ "email": email })).await.expect(202);
        let code = self.app.code_to(email).await;
        self.post("/api/auth/profile/email/verify", json!({ "code": code })).await.expect(200);
        self.app.messages().await;
    }

    /// Gives the account a CPF or CNPJ. Notices about it count as read.
    pub async fn give_document(&self, field: &str, document: &str) {
        self.app.advance(Duration::seconds(1));
        self.change(json!({ field: document })).await.expect(200);
        self.app.messages().await;
    }
}
