//! Recovery of the password: by CPF or CNPJ and a code (002), or by a link (003).

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

/// Sends a code to the proved contacts. Stays on the page, so that the document does not stand in a URL.
#[server(prefix = "/sf", endpoint = "ask_recovery")]
pub async fn ask_recovery(#[server(default)] document: String, #[server(default)] channel: String) -> Result<Submitted, AppError> {
    let (door, _) = Door::open()?;
    Ok(match door.accounts.ask_recovery(&door.who, &document, &channel).await {
        Ok(sent) => Submitted::Stay(Reply { info: Some(document), recovery: Some(sent), channel, ..Reply::default() }),
        Err(refusal) => Submitted::refused(refusal),
    })
}

/// Exchanges the right code for a grant. The same page then asks for the new password.
#[server(prefix = "/sf", endpoint = "prove_recovery")]
pub async fn prove_recovery(#[server(default)] document: String, #[server(default)] code: Secret) -> Result<Submitted, AppError> {
    let (door, _) = Door::open()?;
    Ok(match door.accounts.prove_recovery(&door.who, &document, &code.0).await {
        Ok(grant) => Submitted::Stay(Reply { grant: Some(Secret(grant.token.expose().to_owned())), ..Reply::default() }),
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
        Ok(()) => Submitted::go("/forgot-password?notice=reset_link_sent"),
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

/// Reads a reset link without using it. Returns the policy for the new password, or why the link is refused.
#[server(prefix = "/sf", endpoint = "look_at_reset_link")]
pub async fn look_at_reset_link(token: Secret) -> Result<Result<PasswordPolicy, Refusal>, AppError> {
    let (door, _) = Door::open()?;
    Ok(door.look_at_reset_link(&Token::new(token.0)).await)
}

/// Checks a "não fui eu" link without using it. `None`: the link is good.
#[server(prefix = "/sf", endpoint = "look_at_not_me")]
pub async fn look_at_not_me(token: Secret) -> Result<Option<Refusal>, AppError> {
    let (door, _) = Door::open()?;
    Ok(door.look_at_not_me(&Token::new(token.0)).await)
}

/// "Não fui eu": stays on the page, with a grant for a new password.
#[server(prefix = "/sf", endpoint = "disown")]
pub async fn disown(#[server(default)] token: Secret) -> Result<Submitted, AppError> {
    let (door, jar) = Door::open()?;
    Ok(match door.accounts.disown_password(&door.who, &Token::new(token.0)).await {
        Ok(grant) => {
            // All sessions have ended, so one in this browser is gone too.
            jar.clear(Cookie::Session);
            Submitted::Stay(Reply { grant: Some(Secret(grant.token.expose().to_owned())), ..Reply::default() })
        }
        Err(refusal) => Submitted::refused(refusal),
    })
}
