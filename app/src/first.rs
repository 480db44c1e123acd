//! What the first page needs from the server. It is asked for before anything is drawn, and travels with the page: drawing waits
//! for nothing, neither on the server nor while the page wakes up. Pages that are navigated to later ask for themselves
//! (`components/answered.rs`).

use crate::server_fns::Known;
use portaria::error::Refusal;
#[cfg(feature = "ssr")]
use portaria::session::Token;
use portaria::value::PasswordPolicy;
use portaria::view::{LinkView, SessionView};
use serde::{Deserialize, Serialize};

/// The server's answers to the first page.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct First {
    /// What every page knows; `None`: the server could not tell.
    pub known: Option<Known>,
    /// What this page asks besides.
    pub answer: Option<Answer>,
}

/// What a page asks besides, and its answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Answer {
    /// `/verify`: what the link is about, or why it proves nothing.
    Link(Result<LinkView, Refusal>),
    /// `/reset-password`: which passwords the link takes, or why none.
    ResetLink(Result<PasswordPolicy, Refusal>),
    /// `/not-me`: why the link ends nothing; `None`: it is good.
    NotMe(Option<Refusal>),
    /// `/document-mine`: why the link keeps nothing; `None`: it is good.
    DocumentMine(Option<Refusal>),
    /// `/profile`: where the account is open; `None`: the server could not tell.
    Sessions(Option<Vec<SessionView>>),
}

#[cfg(feature = "ssr")]
impl First {
    /// Asks for the page at this address. Without a door (no request: a test) links are good and nobody is there.
    pub async fn ask(door: Option<&crate::door::Door>, uri: &http::Uri) -> Self {
        let token = || {
            let mut query = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
            Token::new(query.find(|(name, _)| name == "token").map(|(_, token)| token.into_owned()).unwrap_or_default())
        };
        let answer = match (uri.path(), door) {
            ("/verify" | "/api/auth/verify-email", Some(door)) => Some(Answer::Link(door.look_at_link(&token()).await)),
            ("/verify" | "/api/auth/verify-email", None) => Some(Answer::Link(Ok(LinkView {
                email: "a***@exemplo.com.br".to_owned(),
                kind: portaria::journey::Kind::Professor,
                phone: None,
                has_password: true,
                asked_at: 0,
                used: false,
            }))),
            ("/reset-password", Some(door)) => Some(Answer::ResetLink(door.look_at_reset_link(&token()).await)),
            ("/reset-password", None) => Some(Answer::ResetLink(Ok(PasswordPolicy::Teacher))),
            ("/not-me", Some(door)) => Some(Answer::NotMe(door.look_at_not_me(&token()).await)),
            ("/not-me", None) => Some(Answer::NotMe(None)),
            ("/document-mine", Some(door)) => Some(Answer::DocumentMine(door.look_at_document_mine(&token()).await)),
            ("/document-mine", None) => Some(Answer::DocumentMine(None)),
            ("/profile", Some(door)) => Some(Answer::Sessions(door.sessions().await.ok())),
            _ => None,
        };
        let known = match door {
            Some(door) => door.known().await.ok(),
            None => Some(Known::default()),
        };
        Self { known, answer }
    }

    /// Why the page's own link is no good: the page has that status too (SPEC §11).
    pub const fn refusal(&self) -> Option<&Refusal> {
        match &self.answer {
            Some(
                Answer::Link(Err(refusal))
                | Answer::NotMe(Some(refusal))
                | Answer::DocumentMine(Some(refusal))
                | Answer::ResetLink(Err(refusal)),
            ) => Some(refusal),
            _ => None,
        }
    }
}
