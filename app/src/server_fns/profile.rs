//! What an account's kind still needs after its first sign-in.

use crate::forms::{AppError, Secret, Submitted};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    crate::door::Door,
    crate::forms::Reply,
    portaria::{
        accounts::{Answer, PhotoChange},
        error::Refusal,
        profile::ProfileForm,
        view::AccountView,
    },
};

#[cfg(feature = "ssr")]
fn completed(answer: Answer<AccountView>) -> Submitted {
    match answer {
        Ok(_) => Submitted::go("/dashboard"),
        Err(Refusal::NotSignedIn) => Submitted::go("/login?notice=ended"),
        Err(refusal) => Submitted::refused(refusal),
    }
}

/// A company's CNPJ.
#[server(prefix = "/sf", endpoint = "complete_cnpj")]
pub async fn complete_cnpj(#[server(default)] cnpj: String) -> Result<Submitted, AppError> {
    let (door, _) = Door::open()?;
    let form = ProfileForm { cnpj: Some(cnpj), ..ProfileForm::default() };
    Ok(completed(door.accounts.update_profile(&door.who, form, PhotoChange::Keep).await))
}

/// Sends a code to a client's phone. Too early leads on as well: there the code that was sent before can be entered.
#[server(prefix = "/sf", endpoint = "ask_phone")]
pub async fn ask_phone(#[server(default)] phone: String, #[server(default)] channel: String) -> Result<Submitted, AppError> {
    let (door, _) = Door::open()?;
    Ok(match door.accounts.ask_phone(&door.who, &phone, &channel).await {
        Ok(sent) => Submitted::Stay(Reply { info: Some(phone), sent: Some(sent), ..Reply::default() }),
        Err(refusal @ Refusal::TooSoon { .. }) => Submitted::Stay(Reply { refusal: Some(refusal), info: Some(phone), ..Reply::default() }),
        Err(Refusal::NotSignedIn) => Submitted::go("/login?notice=ended"),
        Err(refusal) => Submitted::refused(refusal),
    })
}

/// That code.
#[server(prefix = "/sf", endpoint = "prove_own_phone")]
pub async fn prove_own_phone(#[server(default)] phone: String, #[server(default)] code: Secret) -> Result<Submitted, AppError> {
    let (door, _) = Door::open()?;
    Ok(completed(door.accounts.prove_own_phone(&door.who, &phone, &code.0).await))
}
