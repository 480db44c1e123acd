//! Recovery of the password: by CPF or CNPJ and a code (002), or by a link (003).

use crate::door::Door;
use crate::forms::{AppError, Onward, Reply, Secret, Submitted};
use crate::paths;
use leptos::prelude::*;
use portaria::accounts::Answer;
use portaria::purpose::NoticeLinkFor;
use portaria::recovery::NewPassword;
use portaria::session::{Cookie, Token};
use portaria::value::Email;
use text::PageNotice;

pub(super) fn typed(password: Secret, confirmation: Secret) -> NewPassword {
    NewPassword { password: Token::new(password.0), confirmation: Token::new(confirmation.0) }
}

fn changed(answer: Answer<()>) -> Submitted {
    match answer {
        Ok(()) => Submitted::go(Onward::saying(paths::LOGIN, PageNotice::PasswordChanged)),
        Err(refusal) => Submitted::refused(refusal),
    }
}

/// Sends a code to the proved contacts. Stays on the page, so that the document does not stand in a URL.
#[server(prefix = "/sf", endpoint = "ask_recovery")]
pub async fn ask_recovery(#[server(default)] document: String, #[server(default)] channel: String) -> Result<Submitted, AppError> {
    let (door, _) = Door::open()?;
    Ok(match door.accounts.ask_recovery(&door.who, &document, &channel).await {
        Ok(sent) => Submitted::stay(Reply { asked: Some(document), recovery: Some(sent), channel, ..Reply::default() }),
        Err(refusal) => Submitted::refused(refusal),
    })
}

/// Exchanges the right code for a grant. The same page then asks for the new password.
#[server(prefix = "/sf", endpoint = "prove_recovery")]
pub async fn prove_recovery(#[server(default)] document: String, #[server(default)] code: Secret) -> Result<Submitted, AppError> {
    let (door, _) = Door::open()?;
    Ok(match door.accounts.prove_recovery(&door.who, &document, &code.0).await {
        Ok(grant) => Submitted::stay(Reply::granting(grant)),
        Err(refusal) => Submitted::refused(refusal),
    })
}

/// Sets the new password by a grant (002).
#[server(prefix = "/sf", endpoint = "reset_by_grant")]
pub async fn reset_by_grant(
    #[server(default)] grant: Secret,
    #[server(default)] new_password: Secret,
    #[server(default)] password_confirmation: Secret,
) -> Result<Submitted, AppError> {
    let (door, _) = Door::open()?;
    Ok(changed(door.accounts.reset_by_grant(&door.who, &Token::new(grant.0), typed(new_password, password_confirmation)).await))
}

/// Sends a reset link if the address is proved. The answer does not reveal whether it is.
#[server(prefix = "/sf", endpoint = "forgot_password")]
pub async fn forgot_password(#[server(default)] email: String) -> Result<Submitted, AppError> {
    let (door, _) = Door::open()?;
    Ok(match door.accounts.forgot_password(&door.who, &email).await {
        // The page stays, with the address: its domain looks like a slip of the finger.
        Ok(()) if Email::domain_meant_by(&email).is_some() => Submitted::stay(Reply { asked: Some(email), ..Reply::default() }),
        Ok(()) => Submitted::go(Onward::saying(paths::FORGOT_PASSWORD, PageNotice::ResetLinkSent)),
        Err(refusal) => Submitted::refused(refusal),
    })
}

/// Sets the new password by a reset link (003).
#[server(prefix = "/sf", endpoint = "reset_by_link")]
pub async fn reset_by_link(
    #[server(default)] token: Secret,
    #[server(default)] password: Secret,
    #[server(default)] password_confirmation: Secret,
) -> Result<Submitted, AppError> {
    let (door, _) = Door::open()?;
    Ok(changed(door.accounts.reset_by_link(&door.who, &Token::new(token.0), typed(password, password_confirmation)).await))
}

/// "Não fui eu": stays on the page, with a grant for a new password.
#[server(prefix = "/sf", endpoint = "disown")]
pub async fn disown(#[server(default)] token: Secret) -> Result<Submitted, AppError> {
    let (door, jar) = Door::open()?;
    Ok(match door.accounts.disown_password(&door.who, &Token::new(token.0)).await {
        Ok((grant, link)) => {
            // All sessions have ended, so one in this browser is gone too.
            jar.clear(Cookie::Session);
            let of_access = link == NoticeLinkFor::NotMyAccess;
            Submitted::stay(Reply { of_access, ..Reply::granting(grant) })
        }
        Err(refusal) => Submitted::refused(refusal),
    })
}
