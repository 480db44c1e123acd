//! Servers on this machine that stand for carriers, in tests, and messages to hand to them.

mod carrier;

use super::templates::{Rendered, render};
use carrier::Request;
pub use carrier::{Answer, Carrier};
use portaria::brand::Brand;
use portaria::message::Content;
use portaria::purpose::{CodeFor, LinkFor};
use text::Language;
use url::Url;

impl Request {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl Carrier {
    pub fn only_request(&self) -> Request {
        let [request] = <[Request; 1]>::try_from(self.requests()).expect("one request");
        request
    }
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
    let content = Content::Secret { purpose: CodeFor::SignupPhone.into(), name: None, asked: None, in_use: false };
    render(&content, Some(code), time::Duration::minutes(5), &public_url(), &Brand::default(), Language::PtBr.texts())
}

/// A link to a proved address, which greets by name.
pub fn link_message(name: &str, token: &str) -> Rendered {
    let content = Content::Secret { purpose: LinkFor::PasswordReset.into(), name: Some(name.to_owned()), asked: None, in_use: false };
    render(&content, Some(token), time::Duration::hours(1), &public_url(), &Brand::default(), Language::PtBr.texts())
}

pub fn notice() -> Rendered {
    let content = Content::AlreadyRegistered { name: "Maria".into() };
    render(&content, None, time::Duration::ZERO, &public_url(), &Brand::default(), Language::PtBr.texts())
}
