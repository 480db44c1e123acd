//! Signing up: the first form, the proof, other devices.

use super::login::first_page;
use crate::door::{Door, Jar};
use crate::forms::{AppError, Onward, Reply, Secret, Submitted};
use crate::paths;
use leptos::prelude::*;
use portaria::accounts::{Answer, SignedIn, SignupStarted};
use portaria::error::Refusal;
use portaria::field::{Field, Typed};
use portaria::holding::Prover;
use portaria::journey::{Journey, Kind};
use portaria::recovery::ResetGrant;
use portaria::session::{BrowserCookies, Token};
use portaria::value::Email;
use text::PageNotice;

fn started(answer: Answer<SignupStarted>, jar: &Jar) -> Submitted {
    match answer {
        Ok(started) => {
            if let Some(carried) = &started.carried {
                jar.carried(carried);
            }
            Submitted::go(paths::wizard_of(started.view.kind, &started.view.id))
        }
        Err(refusal) => Submitted::refused(refusal),
    }
}

const LONGEST_FORM_TOKEN: usize = 128;

/// Returns whether the text may be a form token. A form without a token counts as a new one each time it is sent.
fn is_form_token(typed: &str) -> bool {
    (32..=LONGEST_FORM_TOKEN).contains(&typed.len())
}

/// After the proof of an address: go to the sign-in, or stay to set a new password if there is a grant.
fn proved(answer: Answer<Option<ResetGrant>>) -> Submitted {
    match answer {
        Ok(None) => Submitted::go(Onward::saying(paths::LOGIN, PageNotice::Verified)),
        Ok(Some(grant)) => Submitted::stay(Reply::granting(grant)),
        Err(refusal) => Submitted::refused(refusal),
    }
}

/// Sets the session cookie and goes to the page that `go` returns.
pub(super) fn came_in(
    answer: Answer<SignedIn<BrowserCookies>>,
    jar: &Jar,
    go: impl FnOnce(&SignedIn<BrowserCookies>) -> String,
) -> Submitted {
    match answer {
        Ok(signed_in) => {
            jar.session(&signed_in);
            Submitted::go(go(&signed_in))
        }
        Err(refusal) => Submitted::refused(refusal),
    }
}

/// Handles the first form of any journey: begins or corrects a sign-up.
#[server(prefix = "/sf", endpoint = "sign_up")]
pub async fn sign_up(
    #[server(default)] slug: String,
    #[server(default)] signup: String,
    #[server(default)] form: Secret,
    #[server(flatten)] typed: Typed,
) -> Result<Submitted, AppError> {
    let (door, jar) = Door::open_to(signup)?;
    let Some(journey) = Journey::by_slug(&slug) else {
        return Ok(Submitted::refused(Refusal::NotFound));
    };
    let form = Some(form.0).filter(|form| is_form_token(form)).map(Token::new);
    Ok(started(door.accounts.sign_up(&door.who, journey.kind, typed.with_at_least(Field::PasswordConfirmation), form).await, &jar))
}

fn resent(kind: Kind) -> PageNotice {
    if kind.journey().proof_purpose.digits().is_some() { PageNotice::Resent } else { PageNotice::LinkResent }
}

/// Sends the code or link again, by `channel` if one is named.
#[server(prefix = "/sf", endpoint = "resend")]
pub async fn resend(#[server(default)] signup: String, #[server(default)] channel: String) -> Result<Submitted, AppError> {
    let (door, _) = Door::open_to(signup)?;
    Ok(match door.accounts.resend_signup(&door.who, &channel).await {
        Ok(view) => Submitted::go(Onward::saying(paths::wizard_of(view.kind, &view.id), resent(view.kind))),
        Err(refusal) => Submitted::refused(refusal),
    })
}

/// Checks the code of a sign-up that this browser holds.
#[server(prefix = "/sf", endpoint = "prove_code")]
pub async fn prove_code(#[server(default)] signup: String, #[server(default)] code: Secret) -> Result<Submitted, AppError> {
    let (door, jar) = Door::open_to(signup)?;
    let answer = door.accounts.prove_signup(&door.who, &code.0).await;
    Ok(came_in(answer, &jar, |signed_in| match &door.who.signup {
        // Whoever a product waits for need not be told that it is done.
        _ if !signed_in.account.profile_complete || door.who.awaited.is_some() => first_page(signed_in, ""),
        Some(signup) => paths::wizard_of(signed_in.account.kind, signup),
        None => paths::wizard(signed_in.account.kind),
    }))
}

/// Checks the code for an address in a browser that does not hold the sign-up; with `again`, sends another code instead. An unknown
/// address is answered like a known one.
#[server(prefix = "/sf", endpoint = "prove_email")]
pub async fn prove_email(
    #[server(default)] email: String,
    #[server(default)] code: Secret,
    #[server(default)] again: String,
) -> Result<Submitted, AppError> {
    let (door, _) = Door::open()?;
    if again == "true" {
        return Ok(match door.accounts.resend_email_code(&door.who, &email).await {
            Ok(sent) => Submitted::stay(Reply { sent: Some(sent), ..Reply::default() }),
            Err(refusal) => Submitted::refused(refusal),
        });
    }
    Ok(proved(door.accounts.prove_email_code(&door.who, &email, &code.0, Prover::Reader).await.map(|proved| proved.grant)))
}

/// Signs in here after the contact was proved on another device.
#[server(prefix = "/sf", endpoint = "enter")]
pub async fn enter(#[server(default)] signup: String) -> Result<Submitted, AppError> {
    let (door, jar) = Door::open_to(signup)?;
    let answer = door.accounts.enter_proved_signup(&door.who).await;
    Ok(came_in(answer, &jar, |signed_in| first_page(signed_in, "")))
}

/// Makes this browser forget a sign-up.
#[server(prefix = "/sf", endpoint = "abandon")]
pub async fn abandon(#[server(default)] signup: String) -> Result<Submitted, AppError> {
    let (door, jar) = Door::open_to(signup)?;
    Ok(match door.accounts.abandon_signup(&door.who).await {
        Ok(carried) => {
            jar.carried(&carried);
            Submitted::go(paths::REGISTER)
        }
        Err(refusal) => Submitted::refused(refusal),
    })
}

/// Returns a link that hands the sign-up to another device.
#[server(prefix = "/sf", endpoint = "hand_off")]
pub async fn hand_off(#[server(default)] signup: String) -> Result<Submitted, AppError> {
    let (door, _) = Door::open_to(signup)?;
    Ok(match door.accounts.hand_off(&door.who).await {
        Ok(token) => Submitted::stay(Reply {
            hand_off: Some(format!("{}{}?token={}", door.public_url, paths::HAND_OFF, token.expose())),
            ..Reply::default()
        }),
        Err(refusal) => Submitted::refused(refusal),
    })
}

/// Takes a sign-up over, after the hand-off link was opened and its button pressed.
#[server(prefix = "/sf", endpoint = "take_over")]
pub async fn take_over(#[server(default)] token: Secret) -> Result<Submitted, AppError> {
    let (door, jar) = Door::open()?;
    Ok(started(door.accounts.take_over(&door.who, &Token::new(token.0)).await, &jar))
}

/// **Confirmar** on the page of a verification link. `password` is `new` if the person does not want the password that was set at
/// sign-up.
#[server(prefix = "/sf", endpoint = "prove_link")]
pub async fn prove_link(#[server(default)] token: Secret, #[server(default)] password: String) -> Result<Submitted, AppError> {
    let (door, _) = Door::open()?;
    let prover = Prover::Confirmed { keeps_password: password != "new" };
    Ok(proved(door.accounts.prove_link(&door.who, &Token::new(token.0), prover).await))
}

/// **Não fui eu** on the page of a verification link.
#[server(prefix = "/sf", endpoint = "disown_link")]
pub async fn disown_link(#[server(default)] token: Secret) -> Result<Submitted, AppError> {
    let (door, _) = Door::open()?;
    Ok(match door.accounts.disown_link(&door.who, &Token::new(token.0)).await {
        Ok(()) => Submitted::go(Onward::saying(paths::HOME, PageNotice::EmailDisowned)),
        Err(refusal) => Submitted::refused(refusal),
    })
}

/// Sends another verification link if the address waits for one, and stays where it was asked for. The answer does not reveal whether it
/// does. The page of a link that has expired sends its `token` instead of the address; that link is replaced then, so the person leaves it.
#[server(prefix = "/sf", endpoint = "resend_link")]
pub async fn resend_link(#[server(default)] email: String, #[server(default)] token: Secret) -> Result<Submitted, AppError> {
    let (door, _) = Door::open()?;
    let (sent, next) = if token.0.is_empty() {
        (door.accounts.resend_link(&door.who, &email).await, door.page)
    } else {
        (door.accounts.resend_expired_link(&door.who, &Token::new(token.0)).await, paths::LOGIN.to_owned())
    };
    Ok(match sent {
        // Its own page stays, with the address: the domain looks like a slip of the finger.
        Ok(()) if next == paths::RESEND_VERIFICATION && Email::domain_meant_by(&email).is_some() => {
            Submitted::stay(Reply { asked: Some(email), ..Reply::default() })
        }
        Ok(()) => {
            let notice = if next == paths::RESEND_VERIFICATION { PageNotice::LinkAsked } else { PageNotice::LinkSent };
            Submitted::go(Onward::saying(next, notice))
        }
        Err(refusal) => Submitted::refused(refusal),
    })
}
