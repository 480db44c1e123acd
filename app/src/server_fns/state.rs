//! The state of the requester: account, sign-ups, channels.

use crate::door::Door;
use crate::forms::{AppError, Secret, Submitted, is_own_path};
use leptos::prelude::*;
use portaria::message::Channel;
use portaria::purpose::CodeFor;
use portaria::session::Cookie;
use portaria::view::{AccountView, SignupView};
use text::Language;

/// The state that every page needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    pub me: Option<AccountView>,
    /// The sign-ups that this browser holds, newest first.
    pub signups: Vec<SignupView>,
    /// The channels that are configured.
    pub channels: Vec<Channel>,
    /// The token of the next sign-up form. A form that is sent twice with one token begins one sign-up (SPEC §16).
    pub form: Secret,
    /// Whether a product waits for the person of this browser.
    pub awaited: bool,
}

/// The codes of one's own account whose pages wait, by the names that they ask about.
pub const OWN_CODES: [(&str, CodeFor); 2] = [(OWN_PHONE, CodeFor::PhoneChange), (OWN_EMAIL, CodeFor::EmailChange)];
/// The phone of one's own.
pub const OWN_PHONE: &str = "own-phone";
/// The e-mail of one's own.
pub const OWN_EMAIL: &str = "own-email";

/// Returns how a sign-up stands, or a code of [`OWN_CODES`], as one number ([`portaria::standing`]). The waiting pages ask every few seconds,
/// and fetch themselves anew when it has changed.
#[server(prefix = "/sf", endpoint = "signup_state")]
pub async fn signup_state(#[server(default)] signup: String) -> Result<u32, AppError> {
    let own = OWN_CODES.iter().find(|(name, _)| *name == signup).map(|(_, purpose)| *purpose);
    let (door, _) = Door::open_to(signup)?;
    door.accounts.standing(&door.who, own).await.map_err(|_| AppError::Failed)
}

#[server(prefix = "/sf", endpoint = "choose_language")]
#[allow(clippy::unused_async, reason = "the macro takes only async functions, and keeps the attribute on one of the two it makes")]
pub async fn choose_language(#[server(default)] language: String, #[server(default)] next: String) -> Result<Submitted, AppError> {
    let (door, jar) = Door::open()?;
    jar.language(Language::from_tag(&language));
    if door.who.awaited.is_some() {
        // The person knows better than the product that waits.
        jar.clear(Cookie::AskedLanguage);
    }
    Ok(Submitted::go(if is_own_path(&next) { next } else { "/".to_owned() }))
}
