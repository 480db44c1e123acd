use super::described::expect_described;
use super::{Answer, TestApp};
use reqwest::{Client, Method, header};
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;

/// Marks in a page that only tell where its lines are broken: nobody reads them.
const WHERE_LINES_BREAK: [&str; 5] = ["<one-word>", "</one-word>", "<masked-word>", "</masked-word>", "<wbr>"];

/// A requester: a browser or an API client. Fields that do not apply are empty.
pub struct Actor<'a> {
    pub app: &'a TestApp,
    pub(super) client: Client,
    pub(super) extra: Vec<(String, String)>,
    pub name: String,
    pub email: String,
    pub phone: String,
    pub password: String,
    /// Access and refresh token of an API session.
    pub access: String,
    pub refresh: String,
}

impl Actor<'_> {
    pub fn bearer(mut self, token: &str) -> Self {
        token.clone_into(&mut self.access);
        self
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.extra.push((name.to_owned(), value.to_owned()));
        self
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let mut request = self.client.request(method, format!("{}{path}", self.app.url));
        if !self.access.is_empty() {
            request = request.bearer_auth(&self.access);
        }
        for (name, value) in &self.extra {
            request = request.header(name, value);
        }
        request
    }

    async fn send(request: reqwest::RequestBuilder) -> Answer {
        let (client, request) = request.build_split();
        let request = request.expect("a request");
        let (method, url) = (request.method().clone(), request.url().clone());
        let response = client.execute(request).await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = WHERE_LINES_BREAK.iter().fold(response.text().await.expect("a body"), |text, mark| text.replace(mark, ""));
        let answer = Answer { status, headers, text };
        expect_described(&method, &url, &answer);
        answer
    }

    pub async fn get(&self, path: &str) -> Answer {
        Self::send(self.request(Method::GET, path)).await
    }

    pub async fn method(&self, method: &str, path: &str) -> Answer {
        Self::send(self.request(method.parse().expect("a method"), path)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        Self::send(self.request(Method::POST, path).json(&body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        Self::send(self.request(Method::PATCH, path).json(&body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        Self::send(self.request(Method::DELETE, path)).await
    }

    /// Builds a request that the other methods cannot send.
    pub fn raw(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        self.request(method.parse().expect("a method"), path)
    }

    pub async fn send_raw(&self, request: reqwest::RequestBuilder) -> Answer {
        Self::send(request).await
    }

    pub async fn post_raw(&self, path: &str, media: &str, body: impl Into<reqwest::Body>) -> Answer {
        Self::send(self.request(Method::POST, path).header(header::CONTENT_TYPE, media).body(body)).await
    }

    /// Posts a form as a browser without JavaScript does.
    pub async fn form(&self, path: &str, name: &str, fields: &[(&str, &str)]) -> Answer {
        let mut all = vec![("_form", name)];
        all.extend(fields);
        let request = self.request(Method::POST, path).header(header::ACCEPT, "text/html").header("sec-fetch-site", "same-origin");
        Self::send(request.form(&all)).await
    }
}

impl TestApp {
    /// Returns an anonymous requester with a cookie jar of its own, which follows no redirects.
    pub fn anonymous(&self) -> Actor<'_> {
        let _ = rustls_provider();
        let client = Client::builder()
            .cookie_store(true)
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_mins(1))
            // Nothing here uses TLS, and loading the system's certificates takes longer than most tests.
            .tls_certs_only([])
            .user_agent("tests/1.0")
            .build()
            .expect("a client");
        let [name, email, phone, password, access, refresh] = Default::default();
        Actor { app: self, client, extra: Vec::new(), name, email, phone, password, access, refresh }
    }

    /// Returns a requester with the cookies of another node's browser.
    pub fn same_browser(&self, other: &Actor<'_>) -> Actor<'_> {
        Actor { client: other.client.clone(), ..self.anonymous() }
    }
}

fn rustls_provider() -> Result<(), Arc<rustls::crypto::CryptoProvider>> {
    rustls::crypto::ring::default_provider().install_default()
}
