//! The context that the server provides with every request, to pages and server functions alike.

use crate::cookies;
use crate::forms::{AppError, Secret};
use crate::server_fns::Known;
use http::{HeaderName, HeaderValue, header::SET_COOKIE};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use portaria::accounts::{Accounts, SignedIn};
use portaria::brand::Brand;
use portaria::carried::Carried;
use portaria::check_up::{Accesses, Openings};
use portaria::error::Refusal;
use portaria::kinds::Kinds;
use portaria::own_data::{OwnOverview, Place};
use portaria::purpose::{CodeFor, NoticeLinkFor};
use portaria::recovery::ResetLink;
use portaria::session::{BrowserCookies, Cookie, DEVICE_LIFETIME, Requester, Token};
use portaria::signup::SIGNUP_DEVICE_LIFETIME;
use portaria::terms::TermsView;
use portaria::view::{CodeState, LinkView, SessionView};
use std::sync::Arc;
use text::Language;
use time::Duration;

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// What a request needs to call the use cases.
#[derive(Clone)]
pub struct Door {
    pub accounts: Arc<dyn Accounts>,
    pub who: Requester,
    /// `PUBLIC_URL` is https: cookies are `Secure` and have the `__Host-` prefix.
    pub secure_cookies: bool,
    /// `PUBLIC_URL` without its trailing slash, for links that are shown to be opened on another device.
    pub public_url: String,
    pub language: Language,
    /// The address of the page that is asked for, or whose form was sent.
    pub page: String,
}

/// Whose product this is, and as what people may sign up. Without an operator's decision: ours.
#[derive(Debug, Clone)]
pub struct Site {
    pub brand: Arc<Brand>,
    pub kinds: Arc<Kinds>,
    /// How long the link that proves an e-mail is good for.
    pub email_link: Duration,
    /// How long the link to a new password is good for.
    pub reset_link: Duration,
}

impl Default for Site {
    fn default() -> Self {
        Self { brand: Arc::default(), kinds: Arc::default(), email_link: Duration::DAY, reset_link: Duration::HOUR }
    }
}

/// The assets lie under `/pkg/{version}/…`, so that they may be cached for ever.
#[derive(Debug, Clone, Default)]
pub struct Assets {
    /// Changes with the content of the assets.
    pub version: String,
}

impl Door {
    pub(crate) async fn known(&self) -> Result<Known, AppError> {
        // A failure to find out must not look like "nobody is signed in" or "no sign-up".
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
        let awaited = self.who.awaited.is_some();
        Ok(Known { me, signups, channels: self.accounts.channels().to_vec(), form: Secret(form.expose().to_owned()), awaited })
    }

    /// Reads a verification link without using it. The refusal says why it proves nothing.
    pub(crate) async fn look_at_link(&self, token: &Token) -> Result<LinkView, Refusal> {
        self.accounts.look_at_link(&self.who, token).await
    }

    /// Reads a reset link without using it.
    pub(crate) async fn look_at_reset_link(&self, token: &Token) -> Result<ResetLink, Refusal> {
        self.accounts.look_at_reset_link(&self.who, token).await
    }

    /// Checks a "não fui eu" link without using it. Returns of what it is.
    pub(crate) async fn look_at_not_me(&self, token: &Token) -> Result<NoticeLinkFor, Refusal> {
        self.accounts.look_at_not_me(&self.who, token).await
    }

    /// Checks a hand-off link without using it. `None`: the link is good.
    pub(crate) async fn look_at_hand_off(&self, token: &Token) -> Option<Refusal> {
        self.accounts.look_at_hand_off(&self.who, token).await.err()
    }

    /// Checks an "este documento é meu" link without using it. `None`: the link is good.
    pub(crate) async fn look_at_document_mine(&self, token: &Token) -> Option<Refusal> {
        self.accounts.look_at_document_mine(&self.who, token).await.err()
    }

    /// Returns a version of the terms; `None`: the one in force.
    pub(crate) async fn terms(&self, version: Option<&str>) -> Result<TermsView, Refusal> {
        self.accounts.terms(&self.who, version, self.language.tag()).await
    }

    /// Returns how a code of the account stands; `None`: there is none, nobody is signed in, or it cannot be told now.
    pub(crate) async fn own_code(&self, purpose: CodeFor) -> Option<CodeState> {
        self.accounts.own_code(&self.who, purpose).await.ok().flatten()
    }

    /// Returns who is and was in the account; `None`: nobody is signed in, or it cannot be told now.
    pub(crate) async fn accesses(&self) -> Option<Accesses> {
        self.accounts.accesses(&self.who).await.ok()
    }

    /// Returns to whom the account is open; to nobody if nobody is signed in.
    pub(crate) async fn openings(&self) -> Result<Openings, AppError> {
        match self.accounts.openings(&self.who).await {
            Ok(open) => Ok(open),
            Err(Refusal::NotSignedIn) => Ok(Openings { sessions: Vec::new(), products: 0 }),
            Err(_) => Err(AppError::Failed),
        }
    }

    /// Returns what is kept of the account, and its sessions. `after`: where the page of events begins.
    pub(crate) async fn own_data(&self, after: Option<Place>) -> Result<(OwnOverview, Vec<SessionView>), AppError> {
        let overview = self.accounts.own_overview(&self.who, after).await.map_err(|_| AppError::Failed)?;
        Ok((overview, self.openings().await?.sessions))
    }

    /// Returns the door of this request and the jar for its cookies. Must be called before the first `await` of a server function.
    pub(crate) fn open() -> Result<(Self, Jar), AppError> {
        let door: Self = use_context().ok_or(AppError::Failed)?;
        let jar = Jar { response: use_context(), secure: door.secure_cookies };
        Ok((door, jar))
    }

    /// Like [`Self::open`], for a form or page about the sign-up with this id. An empty id names no sign-up.
    pub(crate) fn open_to(signup: String) -> Result<(Self, Jar), AppError> {
        let (mut door, jar) = Self::open()?;
        door.who.signup = Some(signup).filter(|id| !id.is_empty());
        Ok((door, jar))
    }
}

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

    /// Sets the session cookie after a sign-in, and the device cookie if there is a new one.
    pub(crate) fn session(&self, signed_in: &SignedIn<BrowserCookies>) {
        let BrowserCookies { session, max_age, device } = &signed_in.credential;
        self.append(&cookies::set(Cookie::Session, session, *max_age, self.secure));
        if let Some(device) = device {
            self.append(&cookies::set(Cookie::Device, device, Some(DEVICE_LIFETIME), self.secure));
        }
    }

    /// Sets the cookie of the sign-ups that this browser holds from now on, or clears it if none is left.
    pub(crate) fn carried(&self, carried: &Carried) {
        match carried.cookie() {
            Some(cookie) => self.append(&cookies::set(Cookie::Signup, &cookie, Some(SIGNUP_DEVICE_LIFETIME), self.secure)),
            None => self.clear(Cookie::Signup),
        }
    }

    pub(crate) fn language(&self, language: Language) {
        self.append(&cookies::of_language(language, self.secure));
    }

    /// After a sign-out no data of the person stays in the browser (ASVS 14.3.1). `"cookies"` is left out: it would also remove the chosen
    /// language and a pending sign-up.
    pub(crate) fn clear_site_data(&self) {
        if let Some(response) = &self.response {
            response.insert_header(CLEAR_SITE_DATA, HeaderValue::from_static("\"cache\", \"storage\""));
        }
    }

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
