//! Ways to a new password: by a document (002), by a link (003), and out of "não fui eu".

use super::{Answer, TestApp, link_in};
use serde_json::{Value, json};

impl TestApp {
    /// Requests a recovery code by the document (002).
    pub async fn recover(&self, document: &str) -> Answer {
        self.post("/api/auth/recovery", json!({ "document": document })).await
    }

    pub async fn recover_by(&self, document: &str, channel: &str) -> Answer {
        self.post("/api/auth/recovery", json!({ "document": document, "channel": channel })).await
    }

    pub async fn enter_recovery_code(&self, document: &str, code: &str) -> Answer {
        self.post("/api/auth/recovery/verify", json!({ "document": document, "code": code })).await
    }

    pub async fn reset_by_grant(&self, grant: &str, password: &str, confirmation: &str) -> Answer {
        let body = json!({ "resetToken": grant, "newPassword": password, "passwordConfirmation": confirmation });
        self.post("/api/auth/recovery/reset", body).await
    }

    /// Requests a recovery code and returns the one that was sent to this e-mail.
    pub async fn recovery_code(&self, document: &str, email: &str) -> String {
        self.recover(document).await.expect(200);
        self.code_to(email).await
    }

    /// Goes as far as the fields **Nova Senha** and **Confirme a Nova Senha**. Returns the grant that the new password is set with.
    pub async fn recovery_grant(&self, document: &str, email: &str) -> String {
        let code = self.recovery_code(document, email).await;
        self.enter_recovery_code(document, &code).await.expect(200).token("resetToken")
    }

    /// Requests a reset link (003).
    pub async fn forgot(&self, email: &str) -> Answer {
        self.post("/api/auth/forgot-password", json!({ "email": email })).await
    }

    /// Requests a reset link and returns its token.
    pub async fn reset_token(&self, email: &str) -> String {
        self.forgot(email).await.expect(202);
        self.tokens_to(email, "/reset-password").await.remove(0)
    }

    pub async fn reset_by_link(&self, token: &str, password: &str, confirmation: &str) -> Answer {
        let body = json!({ "token": token, "password": password, "passwordConfirmation": confirmation });
        self.post("/api/auth/reset-password", body).await
    }

    /// Returns the "não fui eu" links of changes that were sent to a contact, newest first.
    pub async fn not_me_links(&self, to: &str) -> Vec<String> {
        self.links_of_notices(to, false).await
    }

    /// Returns the "não fui eu" links of sign-ins from new devices that were sent to a contact, newest first.
    pub async fn not_my_access_links(&self, to: &str) -> Vec<String> {
        self.links_of_notices(to, true).await
    }

    async fn links_of_notices(&self, to: &str, of_access: bool) -> Vec<String> {
        let tells_of_access = |message: &Value| {
            let has = |part: &str, words: &str| message[part].as_str().is_some_and(|text| text.contains(words));
            has("subject", "Novo acesso à sua conta") || has("body", "novo acesso a sua conta")
        };
        let messages = self.messages_to(to).await.into_iter().filter(|message| tells_of_access(message) == of_access);
        let links = messages.filter(|message| message["link"].is_string()).map(|message| link_in(&message));
        links.filter(|link| link.starts_with("/not-me?token=")).collect()
    }

    /// Opens such a link and presses the button of its page. The answer contains the grant for a new password.
    pub async fn press_not_me(&self, link: &str) -> Answer {
        let token = link.split_once("token=").expect("a token").1;
        self.anonymous().form(link, "disown", &[("token", token)]).await
    }
}

pub fn grant_in(page: &Answer) -> String {
    let from = page.text.split_once("name=\"grant\" value=\"").unwrap_or_else(|| panic!("no grant in {}", page.text)).1;
    from.split_once('"').expect("an end").0.to_owned()
}

/// Returns whose password a page tells a password manager that it is.
pub fn username_in(page: &Answer) -> &str {
    let (before, _) = page.text.split_once("\" autocomplete=\"username\"").unwrap_or_else(|| panic!("nobody in {}", page.text));
    before.rsplit_once("value=\"").expect("a value").1
}
