//! What the server hands in with every request, for pages and server functions alike.

use crate::cookies;
use crate::forms::{AppError, Secret};
use crate::server_fns::Known;
use http::{HeaderName, HeaderValue, header::SET_COOKIE};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use portaria::accounts::{Accounts, SignedIn};
use portaria::carried::Carried;
use portaria::error::Refusal;
use portaria::session::{Cookie, Credential, DEVICE_LIFETIME, Requester, Token};
use portaria::signup::SIGNUP_DEVICE_LIFETIME;
use portaria::value::PasswordPolicy;
use portaria::view::{LinkView, SessionView};
use std::sync::Arc;
use text::Language;
use time::Duration;

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");
/// How long a chosen language is remembered.
const LANGUAGE_LIFETIME: Duration = Duration::days(365);

/// The way from a request to the use cases.
#[derive(Clone)]
pub struct Door {
    /// The use cases.
    pub accounts: Arc<dyn Accounts>,
    /// Who asks.
    pub who: Requester,
    /// Whether cookies are `Secure` and `__Host-`: `PUBLIC_URL` is https.
    pub secure_cookies: bool,
    /// `PUBLIC_URL`, without a slash at its end: the start of a link that is shown to be opened elsewhere.
    pub public_url: String,
    /// The language to answer in.
    pub language: Language,
    /// The path that was asked for.
    pub path: String,
}

/// Where the page's own files lie: `/pkg/{version}/…`, so that they may be cached for ever.
#[derive(Debug, Clone, Default)]
pub struct Assets {
    /// Changes with their content.
    pub version: String,
}

impl Door {
    /// What every page knows.
    pub(crate) async fn known(&self) -> Result<Known, AppError> {
        // not being able to tell is not the same as nobody and nothing
        let me = match self.accounts.me(&self.who).await {
            Ok(account) => Some(account),
            Err(Refusal::Unavailable | Refusal::Busy { .. }) => return Err(AppError::Failed),
            Err(_) => None,
        };
        let signups = match self.accounts.signups(&self.who).await {
            Ok(signups) => signups,
            Err(Refusal::Unavailable | Refusal::Busy { .. }) => return Err(AppError::Failed),
            Err(_) => Vec::new(),
        };
        let form = self.accounts.form_token();
        Ok(Known { me, signups, channels: self.accounts.channels().to_vec(), form: Secret(form.expose().to_owned()) })
    }

    /// Looks at the link of an e-mail without using it: what it is about, or why it proves nothing.
    pub(crate) async fn look_at_link(&self, token: &Token) -> Result<LinkView, Refusal> {
        self.accounts.look_at_link(&self.who, token).await
    }

    /// Looks at a reset link without using it: which passwords it takes, or why none.
    pub(crate) async fn look_at_reset_link(&self, token: &Token) -> Result<PasswordPolicy, Refusal> {
        self.accounts.look_at_reset_link(&self.who, token).await
    }

    /// Looks at the link of a notice without using it. `None`: it is good.
    pub(crate) async fn look_at_not_me(&self, token: &Token) -> Option<Refusal> {
        self.accounts.look_at_not_me(&self.who, token).await.err()
    }

    /// Looks at the link of a contested document without using it. `None`: it is good.
    pub(crate) async fn look_at_document_mine(&self, token: &Token) -> Option<Refusal> {
        self.accounts.look_at_document_mine(&self.who, token).await.err()
    }

    /// Where the account is open; of nobody, nowhere.
    pub(crate) async fn sessions(&self) -> Result<Vec<SessionView>, AppError> {
        match self.accounts.sessions(&self.who).await {
            Ok(sessions) => Ok(sessions),
            Err(Refusal::NotSignedIn) => Ok(Vec::new()),
            Err(_) => Err(AppError::Failed),
        }
    }

    /// The door of this request, and where its cookies go. Taken before the first `await` of a server function.
    pub(crate) fn open() -> Result<(Self, Jar), AppError> {
        let door: Self = use_context().ok_or(AppError::Failed)?;
        let jar = Jar { response: use_context(), secure: door.secure_cookies };
        Ok((door, jar))
    }

    /// The same, for a form or page that is about the sign-up with that id; empty: it names none.
    pub(crate) fn open_to(signup: String) -> Result<(Self, Jar), AppError> {
        let (mut door, jar) = Self::open()?;
        door.who.signup = Some(signup).filter(|id| !id.is_empty());
        Ok((door, jar))
    }
}

/// The cookies that an answer sets.
pub(crate) struct Jar {
    response: Option<ResponseOptions>,
    secure: bool,
}

impl Jar {
    fn append(&self, header: &str) {
        if let (Some(response), Ok(value)) = (&self.response, HeaderValue::from_str(header)) {
            response.append_header(SET_COOKIE, value);
        }
    }

    /// The session of somebody who came in.
    pub(crate) fn session(&self, signed_in: &SignedIn) {
        if let Credential::Cookie { token, max_age, device } = &signed_in.credential {
            self.append(&cookies::set(Cookie::Session, token, *max_age, self.secure));
            if let Some(device) = device {
                self.append(&cookies::set(Cookie::Device, device, Some(DEVICE_LIFETIME), self.secure));
            }
        }
    }

    /// The sign-ups that this browser carries from now on.
    pub(crate) fn carried(&self, carried: &Carried) {
        match carried.cookie() {
            Some(cookie) => self.append(&cookies::set(Cookie::Signup, &cookie, Some(SIGNUP_DEVICE_LIFETIME), self.secure)),
            None => self.clear(Cookie::Signup),
        }
    }

    /// The chosen language.
    pub(crate) fn language(&self, language: Language) {
        self.append(&cookies::set(Cookie::Language, &Token::new(language.tag()), Some(LANGUAGE_LIFETIME), self.secure));
    }

    /// After a sign-out nothing of the person stays in the browser (ASVS 14.3.1). Not `"cookies"`: that would take the chosen
    /// language and a sign-up under way along.
    pub(crate) fn clear_site_data(&self) {
        if let Some(response) = &self.response {
            response.insert_header(CLEAR_SITE_DATA, HeaderValue::from_static("\"cache\", \"storage\""));
        }
    }

    /// Takes a cookie away.
    pub(crate) fn clear(&self, cookie: Cookie) {
        self.append(&cookies::clear(cookie, self.secure));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use portaria::signup::SIGNUP_LIFETIME;

    #[test]
    fn the_cookie_of_a_sign_up_outlives_what_a_change_adds_to_it() {
        let response = ResponseOptions::default();
        let jar = Jar { response: Some(response.clone()), secure: false };
        jar.carried(&Carried::read(&Token::new("tok")));
        let parts = response.0.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        let cookie = parts.headers.get(SET_COOKIE).and_then(|cookie| cookie.to_str().ok()).unwrap_or_default();
        assert!(cookie.starts_with("portaria_signup=tok; ") && cookie.ends_with("; Max-Age=604800"), "{cookie}");
        assert!(SIGNUP_DEVICE_LIFETIME > SIGNUP_LIFETIME);
    }
}
