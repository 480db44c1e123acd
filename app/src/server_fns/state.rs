//! The state of the requester: account, sign-ups, channels.

use crate::door::Door;
use crate::forms::{AppError, Secret, Submitted, is_own_path};
use leptos::prelude::*;
use portaria::error::Refusal;
use portaria::message::Channel;
use portaria::purpose::CodeFor;
use portaria::session::Cookie;
use portaria::view::{AccountView, CodeState, SignupView};
use std::hash::{DefaultHasher, Hash, Hasher};
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

/// Returns a number that is another one as soon as a waiting page would look different, but for its clocks. Nothing of the sign-up can be
/// learned from it.
pub fn state_of(signup: Option<&SignupView>) -> u32 {
    let mut state = DefaultHasher::new();
    if let Some(signup) = signup {
        let SignupView { step, destination, channel, channels, delivery, sms_rests, blocked_for, entries_left, enters, .. } = signup;
        let minutes = blocked_for.map(|seconds| seconds.div_ceil(60));
        format!("{step:?} {channel:?} {channels:?} {delivery:?} {sms_rests} {minutes:?} {entries_left:?} {enters}").hash(&mut state);
        destination.hash(&mut state);
    }
    #[expect(clippy::cast_possible_truncation, reason = "half of a hash tells as much here")]
    let state = state.finish() as u32;
    state
}

/// The codes of one's own account whose pages wait, by the names that they ask about.
pub const OWN_CODES: [(&str, CodeFor); 2] = [(OWN_PHONE, CodeFor::PhoneChange), (OWN_EMAIL, CodeFor::EmailChange)];
/// The phone of one's own.
pub const OWN_PHONE: &str = "own-phone";
/// The e-mail of one's own.
pub const OWN_EMAIL: &str = "own-email";

/// The same of a code of one's own account.
pub fn state_of_code(code: Option<CodeState>) -> u32 {
    let mut state = DefaultHasher::new();
    format!("{:?}", code.map(|CodeState { delivery, channel, .. }| (delivery, channel))).hash(&mut state);
    #[expect(clippy::cast_possible_truncation, reason = "half of a hash tells as much here")]
    let state = state.finish() as u32;
    state
}

/// Returns the [`state_of`] a sign-up, or of a code of [`OWN_CODES`]. The waiting pages ask every few seconds, and fetch themselves anew when it has changed.
#[server(prefix = "/sf", endpoint = "signup_state")]
pub async fn signup_state(#[server(default)] signup: String) -> Result<u32, AppError> {
    if let Some((_, purpose)) = OWN_CODES.iter().find(|(name, _)| *name == signup) {
        let (door, _) = Door::open()?;
        let code = door.accounts.own_code(&door.who, *purpose).await.map_err(|_| AppError::Failed)?;
        return Ok(state_of_code(code));
    }
    let (door, _) = Door::open_to(signup)?;
    match door.accounts.signup(&door.who).await {
        Ok(view) => Ok(state_of(view.as_ref())),
        Err(Refusal::SignupGone) => Ok(state_of(None)),
        Err(_) => Err(AppError::Failed),
    }
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
