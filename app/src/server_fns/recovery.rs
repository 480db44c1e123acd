//! A new password: by CPF or CNPJ and a code (002), by a link (003).

use crate::forms::{AppError, Secret, Submitted};
use leptos::prelude::*;
use portaria::error::Refusal;
use portaria::value::PasswordPolicy;

#[cfg(feature = "ssr")]
use {
    crate::door::Door,
    crate::forms::Reply,
    portaria::{
        accounts::Answer,
        recovery::NewPassword,
        session::{Cookie, Token},
    },
};

#[cfg(feature = "ssr")]
pub(super) fn typed(password: Secret, confirmation: Secret) -> NewPassword {
    NewPassword { password: Token::new(password.0), confirmation: Token::new(confirmation.0) }
}

#[cfg(feature = "ssr")]
fn changed(answer: Answer<()>) -> Submitted {
    match answer {
        Ok(()) => Submitted::go("/login?notice=password_changed"),
        Err(refusal) => Submitted::refused(refusal),
    }
}

/// Asks for a code to the proved contacts. The page stays, so that the document does not travel in a URL.
#[server(prefix = "/sf", endpoint = "ask_recovery")]
pub async fn ask_recovery(#[server(default)] document: String, #[server(default)] channel: String) -> Result<Submitted, AppError> {
    let (door, _) = Door::open()?;
    Ok(match door.accounts.ask_recovery(&door.who, &document, &channel).await {
        Ok(sent) => Submitted::Stay(Reply { info: Some(document), recovery: Some(sent), channel, ..Reply::default() }),
        Err(refusal) => Submitted::refused(refusal),
    })
}

/// The right code leads to the new password, on the same page.
#[server(prefix = "/sf", endpoint = "prove_recovery")]
pub async fn prove_recovery(#[server(default)] document: String, #[server(default)] code: Secret) -> Result<Submitted, AppError> {
    let (door, _) = Door::open()?;
    Ok(match door.accounts.prove_recovery(&door.who, &document, &code.0).await {
        Ok(grant) => Submitted::Stay(Reply { grant: Some(Secret(grant.token.expose().to_owned())), ..Reply::default() }),
        Err(refusal) => Submitted::refused(refusal),
    })
}

/// The new password of 002.
#[server(prefix = "/sf", endpoint = "reset_by_grant")]
pub async fn reset_by_grant(
    #[server(default)] grant: Secret,
    #[server(default)] new_password: Secret,
    #[server(default)] password_confirmation: Secret,
) -> Result<Submitted, AppError> {
    let (door, _) = Door::open()?;
    Ok(changed(door.accounts.reset_by_grant(&door.who, &Token::new(grant.0), typed(new_password, password_confirmation)).await))
}

/// A reset link to an address, if it is proved: the answer does not tell.
#[server(prefix = "/sf", endpoint = "forgot_password")]
pub async fn forgot_password(#[server(default)] email: String) -> Result<Submitted, AppError> {
    let (door, _) = Door::open()?;
    Ok(match door.accounts.forgot_password(&door.who, &email).await {
        Ok(()) => Submitted::go("/forgot-password?notice=reset_link_sent"),
        Err(refusal) => Submitted::refused(refusal),
    })
}

/// The new password of 003.
#[server(prefix = "/sf", endpoint = "reset_by_link")]
pub async fn reset_by_link(
    #[server(default)] token: Secret,
    #[server(default)] password: Secret,
    #[server(default)] password_confirmation: Secret,
) -> Result<Submitted, AppError> {
    let (door, _) = Door::open()?;
    Ok(changed(door.accounts.reset_by_link(&door.who, &Token::new(token.0), typed(password, password_confirmation)).await))
}

/// Looks at a reset link without using it: which passwords it takes, or why none.
#[server(prefix = "/sf", endpoint = "look_at_reset_link")]
pub async fn look_at_reset_link(token: Secret) -> Result<Result<PasswordPolicy, Refusal>, AppError> {
    let (door, _) = Door::open()?;
    Ok(door.look_at_reset_link(&Token::new(token.0)).await)
}

/// Looks at the link of a notice without using it. `None`: it is good.
#[server(prefix = "/sf", endpoint = "look_at_not_me")]
pub async fn look_at_not_me(token: Secret) -> Result<Option<Refusal>, AppError> {
    let (door, _) = Door::open()?;
    Ok(door.look_at_not_me(&Token::new(token.0)).await)
}

/// "Não fui eu": the page stays, with the right to a new password.
#[server(prefix = "/sf", endpoint = "disown")]
pub async fn disown(#[server(default)] token: Secret) -> Result<Submitted, AppError> {
    let (door, jar) = Door::open()?;
    Ok(match door.accounts.disown_password(&door.who, &Token::new(token.0)).await {
        Ok(grant) => {
            // if it was open here, it is no more
            jar.clear(Cookie::Session);
            Submitted::Stay(Reply { grant: Some(Secret(grant.token.expose().to_owned())), ..Reply::default() })
        }
        Err(refusal) => Submitted::refused(refusal),
    })
}
