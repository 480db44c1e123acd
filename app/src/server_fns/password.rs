//! How hard a new password is to guess, while it is typed.

use crate::door::Door;
use crate::forms::{AppError, Secret};
use leptos::prelude::*;
use portaria::field::Typed;
use portaria::recovery::AskedPassword;
use portaria::session::Token;

/// Returns the grade of a new password ([`portaria::value::Strength::grade`]), as it will be judged when its form is sent; none if that cannot
/// be told now. `grant`, `token`: those of its form, if it has one. `typed`: what else stands in it, if it is a
/// sign-up's.
#[server(prefix = "/sf", endpoint = "judge_password")]
pub async fn judge_password(
    #[server(default)] password: Secret,
    #[server(default)] grant: Secret,
    #[server(default)] token: Secret,
    #[server(flatten)] typed: Typed,
) -> Result<Option<u8>, AppError> {
    let (door, _) = Door::open()?;
    let asked = AskedPassword { password: Token::new(password.0), grant: Token::new(grant.0), link: Token::new(token.0), typed };
    Ok(door.accounts.judge_password(&door.who, asked).await.ok().map(portaria::value::Strength::grade))
}
