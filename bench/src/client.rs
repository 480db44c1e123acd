//! One connection of a client that costs little: HTTP/1.1, kept alive.

use crate::Outcome;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{CONTENT_TYPE, HOST};
use hyper::http::response::Parts;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::net::TcpStream;

pub type Asked = Request<Full<Bytes>>;

pub struct Connection {
    sender: SendRequest<Full<Bytes>>,
    address: SocketAddr,
}

impl Connection {
    pub async fn open(address: SocketAddr) -> Outcome<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        // Its errors are those of the requests on it.
        tokio::spawn(connection);
        Ok(Self { sender, address })
    }

    async fn response(&mut self, mut request: Asked) -> Outcome<Response<hyper::body::Incoming>> {
        request.headers_mut().insert(HOST, self.address.to_string().parse()?);
        self.sender.ready().await?;
        Ok(self.sender.send_request(request).await?)
    }

    /// Reads the answer to its end and keeps nothing of its body.
    pub async fn send(&mut self, request: Asked) -> Outcome<Parts> {
        let (head, mut body) = self.response(request).await?.into_parts();
        while let Some(frame) = body.frame().await {
            frame?;
        }
        Ok(head)
    }

    /// Returns an answer that must have this status.
    pub async fn fetch(&mut self, request: Asked, expected: StatusCode) -> Outcome<Response<Bytes>> {
        let path = request.uri().path().to_owned();
        let (head, body) = self.response(request).await?.into_parts();
        let body = body.collect().await?.to_bytes();
        if head.status != expected {
            return Err(format!("{path} answered {}, not {expected}: {}", head.status, String::from_utf8_lossy(&body)).into());
        }
        Ok(Response::from_parts(head, body))
    }
}

/// An address of its own for each request, because limits are not what is measured.
fn client_address() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let [_, a, b, c] = NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    format!("10.{a}.{b}.{c}")
}

fn request(method: Method, path: &str, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Outcome<Asked> {
    let mut request = Request::builder().method(method).uri(path).header("x-forwarded-for", client_address());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    Ok(request.body(Full::new(body.into()))?)
}

pub fn get(path: &str, headers: &[(&str, &str)]) -> Outcome<Asked> {
    request(Method::GET, path, headers, Bytes::new())
}

pub fn post_json(path: &str, body: &serde_json::Value) -> Outcome<Asked> {
    request(Method::POST, path, &[(CONTENT_TYPE.as_str(), "application/json")], body.to_string())
}

pub fn post_form(path: &str, fields: &[(&str, &str)]) -> Outcome<Asked> {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    request(Method::POST, path, &[(CONTENT_TYPE.as_str(), "application/x-www-form-urlencoded")], body)
}
