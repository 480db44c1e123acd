//! One of every message, for the page that shows them in the brand, and for tests.

use portaria::journey::Kind;
use portaria::message::{Asked, Content};
use portaria::purpose::{CodeFor, LinkFor, Purpose};
use time::{Duration, OffsetDateTime};

pub const TOKEN: &str = "Zk1mq7xWq0u5cJ0X9n3l2b8vTtRrPpLlKkJjHhGgFf4";
const SIGNUP: &str = "0b6f2f0e-9d0c-4a53-8f1c-6d1f2b8a7c44";
/// When everything in them happened.
const AT: i64 = 1_795_000_000;

/// A message, with the code or token that goes into it.
pub struct Sample {
    pub label: String,
    pub content: Content,
    pub secret: Option<&'static str>,
    pub valid_for: Duration,
}

fn at() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(AT).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// A code or link to somebody, as a browser asked for it.
pub fn proof(purpose: impl Into<Purpose>, name: Option<&str>) -> Content {
    proof_for(purpose, name, false)
}

/// The same; `in_use`: for an account that can be signed in to already.
pub fn proof_for(purpose: impl Into<Purpose>, name: Option<&str>, in_use: bool) -> Content {
    let asked = Asked { at: at(), device: Some("Chrome, Windows".to_owned()) };
    Content::Secret { purpose: purpose.into(), name: name.map(str::to_owned), asked: Some(asked), in_use }
}

/// Every content, every purpose.
pub fn every() -> Vec<Sample> {
    let at = at();
    let name = || "João".to_owned();
    let proofs = Purpose::all().map(|purpose| {
        let (secret, valid_for) = match purpose {
            Purpose::Link(LinkFor::EmailProof) => (TOKEN, Duration::hours(24)),
            Purpose::Link(LinkFor::PasswordReset) => (TOKEN, Duration::hours(1)),
            Purpose::Link(LinkFor::DocumentMine) => (TOKEN, Duration::days(7)),
            Purpose::Code(CodeFor::SignupEmail) => ("01234567", Duration::minutes(1)),
            _ => ("012345", Duration::minutes(5)),
        };
        let label = format!("proof {}", purpose.facts().name);
        Sample { label, content: proof(purpose, Some("João")), secret: Some(secret), valid_for }
    });
    let joins = ("proof of an e-mail that joins an account", proof_for(LinkFor::EmailProof, Some("João"), true), Some(TOKEN));
    let notices = [
        joins,
        ("already_registered", Content::AlreadyRegistered { name: name() }, None),
        (
            "new_device",
            Content::NewDevice { name: name(), device: "Firefox no Linux".into(), address: "203.0.113.7".into(), at },
            Some(TOKEN),
        ),
        ("locked", Content::Locked { name: name(), minutes: 15 }, None),
        ("password_changed", Content::PasswordChanged { name: name(), at }, Some(TOKEN)),
        ("password_changed, its link wiped", Content::PasswordChanged { name: name(), at }, None),
        ("phone_changed", Content::PhoneChanged { name: name(), at }, Some(TOKEN)),
        ("email_changed", Content::EmailChanged { name: name(), at }, Some(TOKEN)),
        ("document_added", Content::DocumentAdded { name: name(), at }, Some(TOKEN)),
        ("account_blocked", Content::AccountBlocked { name: name(), at }, Some(TOKEN)),
        ("deletion_asked", Content::DeletionAsked { name: name(), at }, Some(TOKEN)),
        ("document_free", Content::DocumentFree, None),
        ("signup_left, proved by e-mail", Content::SignupLeft { at, kind: Kind::Professor, page_of: None }, Some(TOKEN)),
        ("signup_left, proved by phone", Content::SignupLeft { at, kind: Kind::Cliente, page_of: Some(SIGNUP.to_owned()) }, None),
    ];
    let notices = notices.map(|(label, content, secret)| {
        let (label, valid_for) = (label.to_owned(), Duration::hours(24));
        Sample { label, content, secret, valid_for }
    });
    proofs.chain(notices).collect()
}
