//! How hard a new password is to guess, while it is typed.

use crate::door::Door;
use crate::forms::{AppError, Secret};
use leptos::prelude::*;
use portaria::field::{Field, Typed};
use portaria::recovery::AskedPassword;
use portaria::session::Token;

/// Returns the grade of a new password ([`portaria::value::Strength::grade`]), as it will be judged when its form is sent; none if that cannot
/// be told now. `grant`, `token`: those of its form, if it has one. `name`, `email`, `phone`: those of a sign-up.
#[server(prefix = "/sf", endpoint = "judge_password")]
pub async fn judge_password(
    #[server(default)] password: Secret,
    #[server(default)] grant: Secret,
    #[server(default)] token: Secret,
    #[server(default)] name: Option<String>,
    #[server(default)] email: Option<String>,
    #[server(default)] phone: Option<String>,
) -> Result<Option<u8>, AppError> {
    let (door, _) = Door::open()?;
    let typed = Typed::default().with_some(Field::Name, name).with_some(Field::Email, email).with_some(Field::Phone, phone);
    let asked = AskedPassword { password: Token::new(password.0), grant: Token::new(grant.0), link: Token::new(token.0), typed };
    Ok(door.accounts.judge_password(&door.who, asked).await.ok().map(portaria::value::Strength::grade))
}
