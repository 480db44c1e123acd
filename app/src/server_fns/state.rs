//! The state of the requester: account, sign-ups, channels.

#![cfg_attr(feature = "ssr", expect(clippy::unused_async, reason = "a server function is async"))]

use crate::forms::{AppError, Secret, Submitted};
use leptos::prelude::*;
use portaria::error::Refusal;
use portaria::message::Channel;
use portaria::view::{AccountView, LinkView, SignupView};
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use {crate::door::Door, crate::forms::is_own_path, portaria::session::Token, text::Language};

/// The state that every page needs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    pub me: Option<AccountView>,
    /// The sign-ups that this browser holds, newest first.
    #[serde(default)]
    pub signups: Vec<SignupView>,
    /// The channels that are configured.
    pub channels: Vec<Channel>,
    /// The token of the next sign-up form. A form that is sent twice with one token begins one sign-up (SPEC §16).
    #[serde(default)]
    pub form: Secret,
}

/// The state that every page needs.
#[server(name = AskKnown, prefix = "/sf", endpoint = "known")]
pub async fn known() -> Result<Known, AppError> {
    let (door, _) = Door::open()?;
    door.known().await
}

/// Returns the state of one sign-up. The waiting pages poll it every few seconds.
#[server(prefix = "/sf", endpoint = "signup_state")]
pub async fn signup_state(#[server(default)] signup: String) -> Result<Option<SignupView>, AppError> {
    let (door, _) = Door::open_to(signup)?;
    match door.accounts.signup(&door.who).await {
        Ok(view) => Ok(view),
        Err(Refusal::SignupGone) => Ok(None),
        Err(_) => Err(AppError::Failed),
    }
}

/// Reads a verification link without using it. The refusal says why it proves nothing.
#[server(prefix = "/sf", endpoint = "look_at_link")]
pub async fn look_at_link(token: Secret) -> Result<Result<LinkView, Refusal>, AppError> {
    let (door, _) = Door::open()?;
    Ok(door.look_at_link(&Token::new(token.0)).await)
}

#[server(prefix = "/sf", endpoint = "choose_language")]
pub async fn choose_language(#[server(default)] language: String, #[server(default)] next: String) -> Result<Submitted, AppError> {
    let (_, jar) = Door::open()?;
    jar.language(Language::from_tag(&language));
    Ok(Submitted::go(if is_own_path(&next) { next } else { "/".to_owned() }))
}
