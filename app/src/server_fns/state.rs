//! Who looks, and how far the sign-up of this browser is.

#![cfg_attr(feature = "ssr", expect(clippy::unused_async, reason = "a server function is async"))]

use crate::forms::{AppError, Secret, Submitted};
use leptos::prelude::*;
use portaria::error::Refusal;
use portaria::message::Channel;
use portaria::view::{AccountView, LinkView, SignupView};
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use {crate::door::Door, crate::forms::is_own_path, portaria::session::Token, text::Language};

/// What every page knows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// The account of a valid session.
    pub me: Option<AccountView>,
    /// The sign-ups that this browser carries, the newest first.
    #[serde(default)]
    pub signups: Vec<SignupView>,
    /// The ways that are set up to reach people.
    pub channels: Vec<Channel>,
    /// The token of the next sign-up form: sent twice, it begins one sign-up (SPEC §16).
    #[serde(default)]
    pub form: Secret,
}

/// What every page knows.
#[server(name = AskKnown, prefix = "/sf", endpoint = "known")]
pub async fn known() -> Result<Known, AppError> {
    let (door, _) = Door::open()?;
    door.known().await
}

/// How far a sign-up of this browser is: its waiting page asks every few seconds.
#[server(prefix = "/sf", endpoint = "signup_state")]
pub async fn signup_state(#[server(default)] signup: String) -> Result<Option<SignupView>, AppError> {
    let (door, _) = Door::open_to(signup)?;
    match door.accounts.signup(&door.who).await {
        Ok(view) => Ok(view),
        Err(Refusal::SignupGone) => Ok(None),
        Err(_) => Err(AppError::Failed),
    }
}

/// Looks at the link of an e-mail without using it: what it is about, or why it proves nothing.
#[server(prefix = "/sf", endpoint = "look_at_link")]
pub async fn look_at_link(token: Secret) -> Result<Result<LinkView, Refusal>, AppError> {
    let (door, _) = Door::open()?;
    Ok(door.look_at_link(&Token::new(token.0)).await)
}

/// Another language, then the same page again.
#[server(prefix = "/sf", endpoint = "choose_language")]
pub async fn choose_language(#[server(default)] language: String, #[server(default)] next: String) -> Result<Submitted, AppError> {
    let (_, jar) = Door::open()?;
    jar.language(Language::from_tag(&language));
    Ok(Submitted::go(if is_own_path(&next) { next } else { "/".to_owned() }))
}
