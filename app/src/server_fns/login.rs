//! Coming in and going out.

use crate::forms::{AppError, Secret, Submitted};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    super::signup::came_in,
    crate::door::Door,
    crate::forms::Reply,
    portaria::{
        accounts::{PasswordLogin, SignedIn},
        error::Refusal,
        session::{Cookie, Presentation, Token},
    },
};

/// Where signing in leads: first to what the account still lacks.
#[cfg(feature = "ssr")]
pub(super) fn first_page(signed_in: &SignedIn) -> String {
    if signed_in.account.profile_complete { "/dashboard" } else { "/complete-profile" }.to_owned()
}

/// By password.
#[server(prefix = "/sf", endpoint = "sign_in")]
pub async fn sign_in(
    #[server(default)] identifier: String,
    #[server(default)] password: Secret,
    #[server(default)] remember: String,
) -> Result<Submitted, AppError> {
    let (door, jar) = Door::open()?;
    let login = PasswordLogin { identifier, password: Token::new(password.0), remember: remember == "true" };
    let answer = door.accounts.sign_in(&door.who, login, Presentation::Browser).await;
    Ok(came_in(answer, &jar, first_page))
}

/// Asks for a one-time code. The page stays, so that the phone does not travel in a URL.
#[server(prefix = "/sf", endpoint = "ask_code")]
pub async fn ask_code(#[server(default)] phone: String, #[server(default)] channel: String) -> Result<Submitted, AppError> {
    let (door, _) = Door::open()?;
    Ok(match door.accounts.ask_login_code(&door.who, &phone, &channel).await {
        Ok(sent) => Submitted::Stay(Reply { refusal: None, info: Some(phone), sent: Some(sent), ..Reply::default() }),
        Err(refusal) => Submitted::refused(refusal),
    })
}

/// By that code.
#[server(prefix = "/sf", endpoint = "sign_in_by_code")]
pub async fn sign_in_by_code(
    #[server(default)] phone: String,
    #[server(default)] code: Secret,
    #[server(default)] remember: String,
) -> Result<Submitted, AppError> {
    let (door, jar) = Door::open()?;
    let answer = door.accounts.sign_in_by_code(&door.who, &phone, &code.0, remember == "true", Presentation::Browser).await;
    Ok(came_in(answer, &jar, first_page))
}

/// Ends the session.
#[server(prefix = "/sf", endpoint = "sign_out")]
pub async fn sign_out() -> Result<Submitted, AppError> {
    let (door, jar) = Door::open()?;
    Ok(match door.accounts.sign_out(&door.who).await {
        Ok(()) | Err(Refusal::NotSignedIn) => {
            jar.clear(Cookie::Session);
            jar.clear_site_data();
            // 003: "O sistema redireciona para a página inicial".
            Submitted::go("/?notice=signed_out")
        }
        Err(refusal) => Submitted::refused(refusal),
    })
}
