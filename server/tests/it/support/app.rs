//! A running server over a fresh database, with a clock that tests move and carriers that tests read.

use super::database;
use portaria::accounts::Accounts;
use portaria::message::Channel;
use reqwest::{Client, Method, header};
use serde_json::Value;
use server::clock::Clock;
use server::config::Config;
use server::delivery::worker::Courier;
use server::listener::{self, Settings};
use server::passwords::Passwords;
use server::run::Node;
use server::site::router;
use sqlx::PgPool;
use std::sync::Arc;
use std::time::Duration as StdDuration;
use time::{Duration, OffsetDateTime};

/// A server.
pub struct TestApp {
    pub clock: Clock,
    pub pool: PgPool,
    pub courier: Arc<Courier>,
    /// The one door, for tests that knock at it without HTTP.
    pub accounts: Arc<dyn Accounts>,
    pub url: String,
    settings: Vec<(String, String)>,
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: header::HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {} {}", self.status, self.text))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Where a redirect leads.
    pub fn location(&self) -> &str {
        self.header("location")
    }

    /// The `Set-Cookie` headers.
    pub fn cookies(&self) -> Vec<String> {
        let all = self.headers.get_all(header::SET_COOKIE).iter();
        all.filter_map(|value| value.to_str().ok()).map(str::to_owned).collect()
    }

    /// The header that sets this cookie.
    pub fn cookie(&self, name: &str) -> String {
        let cookies = self.cookies();
        let prefix = format!("{name}=");
        cookies.iter().find(|cookie| cookie.starts_with(&prefix)).unwrap_or_else(|| panic!("no {name} in {cookies:?}")).clone()
    }

    /// Checks the status, and shows the answer when it is another.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    /// The names of an object's fields, sorted.
    pub fn keys(&self) -> Vec<String> {
        let mut keys: Vec<_> = self.json().as_object().map(|object| object.keys().cloned().collect()).unwrap_or_default();
        keys.sort();
        keys
    }

    /// A problem as RFC 9457 has it, with this status.
    #[track_caller]
    pub fn expect_problem(self, status: u16) -> Self {
        let answer = self.expect(status);
        assert_eq!(answer.header("content-type"), "application/problem+json", "{}", answer.text);
        let body = answer.json();
        assert_eq!(body["status"], status, "{body}");
        for member in ["type", "title", "detail"] {
            assert!(body[member].as_str().is_some_and(|text| !text.is_empty()), "{member}: {body}");
        }
        answer
    }

    /// The texts at one field of a problem.
    pub fn errors(&self, field: &str) -> Vec<String> {
        let body = self.json();
        let list = body["errors"][field].as_array().or_else(|| body["campos"][field].as_array()).cloned().unwrap_or_default();
        list.iter().filter_map(|text| text.as_str().map(str::to_owned)).collect()
    }
}

impl TestApp {
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// With settings of its own, by their names in SPEC §10.
    pub async fn start_with(settings: &[(&str, &str)]) -> Self {
        let settings: Vec<_> = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let now = Clock::system().now();
        Self::over(database::database().await, Clock::manual(now), settings).await
    }

    /// With settings of its own, and passwords hashed as the product hashes them: for tests about hashing.
    pub async fn start_with_real_passwords(settings: &[(&str, &str)]) -> Self {
        let settings: Vec<_> = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let now = Clock::system().now();
        let passwords = Passwords::new().expect("a pool");
        Self::listening(database::database().await, Clock::manual(now), settings, passwords, |_| {}).await
    }

    /// With settings of its own, and a listener that goes by others than `serve` has.
    pub async fn start_listening(settings: &[(&str, &str)], listening: impl FnOnce(&mut Settings)) -> Self {
        let settings: Vec<_> = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let now = Clock::system().now();
        Self::listening(database::database().await, Clock::manual(now), settings, cheap(), listening).await
    }

    /// Another node over the same database and clock.
    pub async fn second_node(&self) -> Self {
        let mut settings = self.settings.clone();
        if !settings.iter().any(|(name, _)| name == "PUBLIC_URL") {
            // one product, one public address, however many nodes answer at it
            settings.push(("PUBLIC_URL".to_owned(), self.url.clone()));
        }
        Self::over(self.pool.clone(), self.clock.clone(), settings).await
    }

    /// A node with other settings over the same database and clock.
    pub async fn node_with(&self, settings: &[(&str, &str)]) -> Self {
        let settings = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self::over(self.pool.clone(), self.clock.clone(), settings).await
    }

    async fn over(pool: PgPool, clock: Clock, settings: Vec<(String, String)>) -> Self {
        Self::listening(pool, clock, settings, cheap(), |_| {}).await
    }

    async fn listening(
        pool: PgPool,
        clock: Clock,
        settings: Vec<(String, String)>,
        passwords: Passwords,
        change: impl FnOnce(&mut Settings),
    ) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let mut all: Vec<(String, String)> = vec![
            ("PUBLIC_URL".to_owned(), url.clone()),
            ("PORTARIA_SECRET".to_owned(), base64::Engine::encode(&base64::engine::general_purpose::STANDARD, database::SECRET)),
        ];
        for (name, value) in &settings {
            all.retain(|(known, _)| known != name);
            all.push((name.clone(), value.clone()));
        }
        // development serves this machine alone; what https changes is tested with its messages still captured
        let elsewhere = all.iter().find(|(name, value)| name == "PUBLIC_URL" && value.starts_with("https://")).cloned();
        let production = all.iter().any(|(name, value)| name == "PORTARIA_ENV" && value == "production");
        if elsewhere.is_some() && !production {
            all.retain(|(name, _)| name != "PUBLIC_URL");
        }
        let mut config = Config::from_parts("", all).expect("settings");
        if let Some((_, address)) = elsewhere {
            config.public_url = address.parse().expect("a URL");
        }
        let Node { site, courier, .. } = Node::build(&config, pool.clone(), clock.clone(), passwords).await.expect("a node");
        let accounts = site.accounts.clone();
        let mut listening = Settings::new(listener::room(), site.trusted_proxies.clone());
        change(&mut listening);
        tokio::spawn(listener::serve(listener, router(site), listening, std::future::pending()));
        Self { clock, pool, courier, accounts, url, settings }
    }

    pub fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    pub fn now(&self) -> OffsetDateTime {
        self.clock.now()
    }

    /// A client with cookies of its own that follows no redirects.
    pub fn client(&self) -> Visitor<'_> {
        let _ = rustls_provider();
        let client = Client::builder()
            .cookie_store(true)
            .redirect(reqwest::redirect::Policy::none())
            .timeout(StdDuration::from_mins(1))
            // nothing here speaks TLS: looking for the machine's certificates takes longer than most tests
            .tls_certs_only([])
            .user_agent("tests/1.0")
            .build()
            .expect("a client");
        Visitor { app: self, client, bearer: None, extra: Vec::new() }
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.client().post(path, body).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.client().get(path).await
    }

    /// Hands over what is due and gives every message so far, newest first.
    pub async fn messages(&self) -> Vec<Value> {
        self.courier.deliver_due().await.expect("delivered");
        let answer = self.get("/dev/outbox.json").await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json().as_array().expect("a list").clone()
    }

    /// The newest message to somebody.
    pub async fn newest_to(&self, to: &str) -> Value {
        let messages = self.messages().await;
        messages.iter().find(|message| message["to"] == to).unwrap_or_else(|| panic!("nothing to {to}: {messages:?}")).clone()
    }

    /// The newest code sent to somebody. What else was sent in the same instant of the test's clock has no order beside it.
    pub async fn code_to(&self, to: &str) -> String {
        self.codes_to(to).await.into_iter().next().unwrap_or_else(|| panic!("no code to {to}"))
    }

    /// Another code than that one.
    pub fn other_than(code: &str) -> String {
        let first = if code.starts_with('0') { '1' } else { '0' };
        format!("{first}{}", &code[1..])
    }

    /// How many rows a query counts.
    pub async fn count(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query).fetch_one(&self.pool).await.expect("a count")
    }
}

/// Passwords whose hashes cost next to nothing.
fn cheap() -> Passwords {
    Passwords::cheap().expect("a pool")
}

fn rustls_provider() -> Result<(), Arc<rustls::crypto::CryptoProvider>> {
    rustls::crypto::ring::default_provider().install_default()
}

/// Somebody who asks.
pub struct Visitor<'a> {
    app: &'a TestApp,
    client: Client,
    bearer: Option<String>,
    extra: Vec<(String, String)>,
}

impl Visitor<'_> {
    pub fn bearer(mut self, token: &str) -> Self {
        self.bearer = Some(token.to_owned());
        self
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.extra.push((name.to_owned(), value.to_owned()));
        self
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let mut request = self.client.request(method, format!("{}{path}", self.app.url));
        if let Some(bearer) = &self.bearer {
            request = request.bearer_auth(bearer);
        }
        for (name, value) in &self.extra {
            request = request.header(name, value);
        }
        request
    }

    async fn send(request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Answer { status, headers, text: response.text().await.expect("a body") }
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

    /// A request made by hand, for what the other methods do not send.
    pub fn raw(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        self.request(method.parse().expect("a method"), path)
    }

    pub async fn send_raw(&self, request: reqwest::RequestBuilder) -> Answer {
        Self::send(request).await
    }

    pub async fn post_raw(&self, path: &str, media: &str, body: impl Into<reqwest::Body>) -> Answer {
        Self::send(self.request(Method::POST, path).header(header::CONTENT_TYPE, media).body(body)).await
    }

    /// A form posted as a browser without JavaScript does.
    pub async fn form(&self, path: &str, name: &str, fields: &[(&str, &str)]) -> Answer {
        let mut all = vec![("_form", name)];
        all.extend(fields);
        let request = self.request(Method::POST, path).header(header::ACCEPT, "text/html").header("sec-fetch-site", "same-origin");
        Self::send(request.form(&all)).await
    }
}

/// The code in a message.
pub fn code_in(message: &Value) -> String {
    message["code"].as_str().unwrap_or_else(|| panic!("no code in {message}")).to_owned()
}

/// The link in a message, without its origin.
pub fn link_in(message: &Value) -> String {
    let link = message["link"].as_str().unwrap_or_else(|| panic!("no link in {message}"));
    let url = url::Url::parse(link).expect("a link");
    url[url::Position::BeforePath..].to_owned()
}

/// The newest e-mail to somebody.
pub async fn email_to(app: &TestApp, to: &str) -> Value {
    let messages = app.messages().await;
    let is_it = |message: &&Value| message["to"] == to && message["channel"] == Channel::Email.as_str();
    messages.iter().find(is_it).unwrap_or_else(|| panic!("no e-mail to {to}")).clone()
}
