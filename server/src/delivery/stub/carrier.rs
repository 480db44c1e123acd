//! A server on this machine that stands for a carrier: for the unit tests beside it, and for `tests/it`, which includes this file.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use std::sync::{Arc, Mutex};
use url::Url;

/// What the carrier answers.
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

/// What the carrier was asked.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: Method,
    pub path: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

pub struct Carrier {
    pub url: Url,
    seen: Arc<Mutex<Vec<Request>>>,
}

type Answers = Arc<dyn Fn(usize) -> Answer + Send + Sync>;
type Shared = (Answers, Arc<Mutex<Vec<Request>>>);

async fn answer(State((answers, seen)): State<Shared>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let before = {
        let mut seen = seen.lock().expect("no panic holds it");
        seen.push(Request { method, path: uri.path().to_owned(), headers, body });
        seen.len() - 1
    };
    match answers(before) {
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

impl Carrier {
    /// `answers` is told how many requests came before.
    pub async fn start(answers: impl Fn(usize) -> Answer + Send + Sync + 'static) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = Url::parse(&format!("http://{}/", listener.local_addr().expect("an address"))).expect("a URL");
        let seen = Arc::<Mutex<Vec<Request>>>::default();
        let app = Router::new().fallback(answer).with_state((Arc::new(answers) as Answers, Arc::clone(&seen)));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, seen }
    }

    /// One that answers everything alike.
    pub async fn always(answer: Answer) -> Self {
        Self::start(move |_| answer.clone()).await
    }

    pub fn requests(&self) -> Vec<Request> {
        self.seen.lock().expect("no panic holds it").clone()
    }
}
