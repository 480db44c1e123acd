//! Servers on this machine that stand for carriers, in tests.

use super::templates::{Rendered, render};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use portaria::message::{Content, Purpose};
use std::sync::{Arc, Mutex};
use text::Language;
use url::Url;

/// What the server answers, always.
#[derive(Debug, Clone)]
pub enum Answer {
    Json(u16, serde_json::Value),
    /// Nothing, ever.
    Hang,
}

impl Answer {
    pub const fn json(status: u16, body: serde_json::Value) -> Self {
        Self::Json(status, body)
    }
}

/// What the server was asked.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: Method,
    pub path: String,
    pub body: Bytes,
    headers: HeaderMap,
}

impl Request {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

pub struct Http {
    pub url: Url,
    seen: Arc<Mutex<Vec<Request>>>,
}

impl Http {
    pub fn requests(&self) -> Vec<Request> {
        self.seen.lock().expect("no panic holds it").clone()
    }

    pub fn only_request(&self) -> Request {
        let [request] = <[Request; 1]>::try_from(self.requests()).expect("one request");
        request
    }
}

type Shared = (Answer, Arc<Mutex<Vec<Request>>>);

async fn answer(State((answer, seen)): State<Shared>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    seen.lock().expect("no panic holds it").push(Request { method, path: uri.path().to_owned(), body, headers });
    match answer {
        Answer::Hang => std::future::pending().await,
        Answer::Json(status, body) => {
            let status = StatusCode::from_u16(status).expect("a status");
            let mut response = (status, axum::Json(body)).into_response();
            if status.is_redirection() {
                response.headers_mut().insert(header::LOCATION, header::HeaderValue::from_static("/elsewhere"));
            }
            response
        }
    }
}

/// A server that answers everything alike.
pub async fn http(what: Answer) -> Http {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = Url::parse(&format!("http://{}/", listener.local_addr().expect("an address"))).expect("a URL");
    let seen = Arc::<Mutex<Vec<Request>>>::default();
    let app = Router::new().fallback(answer).with_state((what, Arc::clone(&seen)));
    tokio::spawn(async move { axum::serve(listener, app).await });
    Http { url, seen }
}

/// Where nobody listens.
pub fn nobody() -> Url {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    Url::parse(&format!("http://{address}/")).expect("a URL")
}

fn public_url() -> Url {
    Url::parse("https://portaria.example/").expect("a URL")
}

pub fn code_message(code: &str) -> Rendered {
    let content = Content::Proof { purpose: Purpose::SignupPhone, name: None, asked: None };
    render(&content, Some(code), time::Duration::minutes(5), &public_url(), Language::PtBr.texts())
}

/// A link to a proved address, which greets by name.
pub fn link_message(name: &str, token: &str) -> Rendered {
    let content = Content::Proof { purpose: Purpose::ResetLink, name: Some(name.to_owned()), asked: None };
    render(&content, Some(token), time::Duration::hours(1), &public_url(), Language::PtBr.texts())
}

pub fn notice() -> Rendered {
    let content = Content::AlreadyRegistered { name: "Maria".into() };
    render(&content, None, time::Duration::ZERO, &public_url(), Language::PtBr.texts())
}
