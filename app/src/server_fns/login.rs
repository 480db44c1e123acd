//! Signing in and out.

use super::signup::came_in;
use crate::door::{Door, Jar};
use crate::forms::{AppError, Onward, Reply, Secret, Submitted};
use crate::paths;
use leptos::prelude::*;
use portaria::accounts::{Admission, Answer, PasswordLogin, SignedIn};
use portaria::error::Refusal;
use portaria::session::{BrowserCookies, Cookie, Token};
use text::PageNotice;

/// Returns the page after a sign-in. Terms that were not accepted yet come first, then the page that the person wanted, then an incomplete
/// profile.
pub(super) fn first_page(signed_in: &SignedIn<BrowserCookies>, next: &str) -> String {
    let usual = if signed_in.account.profile_complete { paths::DASHBOARD } else { paths::COMPLETE_PROFILE };
    let next = paths::wanted(next).unwrap_or(usual);
    if signed_in.account.terms_pending.is_some() { paths::accept_terms(next) } else { next.to_owned() }
}

/// Returns where the person wanted to go; a product that waits comes before any page.
fn wanted(door: &Door, next: String) -> String {
    if door.who.awaited.is_some() { String::new() } else { next }
}

/// Goes on signed in, or stays with the one choice that a pending deletion leaves.
fn admitted(answer: Answer<Admission>, jar: &Jar, next: &str) -> Submitted {
    match answer {
        Ok(Admission::In(signed_in)) => came_in(Ok(*signed_in), jar, |signed_in| first_page(signed_in, next)),
        Ok(Admission::Pending(pending)) => {
            let grant = pending.grant.map(|grant| Secret(grant.expose().to_owned()));
            Submitted::stay(Reply { pending: Some(pending.deletes_at), grant, ..Reply::default() })
        }
        Err(refusal) => Submitted::refused(refusal),
    }
}

#[server(prefix = "/sf", endpoint = "sign_in")]
pub async fn sign_in(
    #[server(default)] identifier: String,
    #[server(default)] password: Secret,
    #[server(default)] remember: String,
    #[server(default)] next: String,
) -> Result<Submitted, AppError> {
    let (door, jar) = Door::open()?;
    let login = PasswordLogin { identifier, password: Token::new(password.0), remember: remember == "true", cancel_deletion: false };
    Ok(admitted(door.accounts.sign_in(&door.who, login).await, &jar, &wanted(&door, next)))
}

/// Sends a one-time code. Stays on the page, so that the phone does not stand in a URL.
#[server(prefix = "/sf", endpoint = "ask_code")]
pub async fn ask_code(#[server(default)] phone: String, #[server(default)] channel: String) -> Result<Submitted, AppError> {
    let (door, _) = Door::open()?;
    Ok(match door.accounts.ask_login_code(&door.who, &phone, &channel).await {
        Ok(sent) => Submitted::stay(Reply { refusal: None, asked: Some(phone), sent: Some(sent), ..Reply::default() }),
        Err(refusal) => Submitted::refused(refusal),
    })
}

#[server(prefix = "/sf", endpoint = "sign_in_by_code")]
pub async fn sign_in_by_code(
    #[server(default)] phone: String,
    #[server(default)] code: Secret,
    #[server(default)] remember: String,
    #[server(default)] next: String,
) -> Result<Submitted, AppError> {
    let (door, jar) = Door::open()?;
    let answer = door.accounts.sign_in_by_code(&door.who, &phone, &code.0, remember == "true").await;
    Ok(admitted(answer, &jar, &wanted(&door, next)))
}

/// Undoes a deletion after a right sign-in, and signs in. Whoever waited too long signs in again.
#[server(prefix = "/sf", endpoint = "keep_account")]
pub async fn keep_account(#[server(default)] grant: Secret, #[server(default)] next: String) -> Result<Submitted, AppError> {
    let (door, jar) = Door::open()?;
    Ok(match door.accounts.undo_by_grant(&door.who, &Token::new(grant.0)).await {
        Err(Refusal::NotSignedIn) => Submitted::go(paths::session_ended(&next)),
        Err(Refusal::LinkLapsed) => Submitted::go(paths::sign_in_for(&next)),
        answer => came_in(answer, &jar, |signed_in| first_page(signed_in, &wanted(&door, next))),
    })
}

/// Undoes a deletion by the link of its message, on any device.
#[server(prefix = "/sf", endpoint = "undo_deletion")]
pub async fn undo_deletion(#[server(default)] token: Secret) -> Result<Submitted, AppError> {
    let (door, _) = Door::open()?;
    Ok(match door.accounts.undo_deletion(&door.who, &Token::new(token.0)).await {
        Ok(()) => Submitted::go(Onward::saying(paths::LOGIN, PageNotice::DeletionUndone)),
        Err(refusal) => Submitted::refused(refusal),
    })
}

#[server(prefix = "/sf", endpoint = "sign_out")]
pub async fn sign_out() -> Result<Submitted, AppError> {
    let (door, jar) = Door::open()?;
    Ok(match door.accounts.sign_out(&door.who).await {
        Ok(()) | Err(Refusal::NotSignedIn) => {
            jar.clear(Cookie::Session);
            jar.clear_site_data();
            // 003: "O sistema redireciona para a página inicial."
            Submitted::go(Onward::saying(paths::HOME, PageNotice::SignedOut))
        }
        Err(refusal) => Submitted::refused(refusal),
    })
}
