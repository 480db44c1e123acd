//! Sessions (SPEC §6): the requester of a use case, and the credentials that a sign-in returns.

use crate::carried::Carried;
use crate::value::as_pasted;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::IpAddr;
use time::Duration;
use uuid::Uuid;

/// Lifetime of a session with **Lembrar-me**, and the maximum for a refresh token family.
pub const REMEMBERED: Duration = Duration::days(30);
/// Lifetime of a session without **Lembrar-me**.
pub const NOT_REMEMBERED: Duration = Duration::hours(24);
/// The most active sessions of one account. One more ends the oldest. It exceeds the devices of any person, and limits the
/// sessions that somebody with a stolen password can open (ASVS 7.1.2).
pub const SESSIONS_PER_ACCOUNT: u32 = 50;
/// How long after proving an address its owner may complete the profile (`signupToken`, SPEC §11).
pub const COMPLETION_GRANT_LIFETIME: Duration = Duration::minutes(30);

/// How long after its last sign-in a browser is recognised by its cookie: the longest that browsers keep one.
pub const DEVICE_LIFETIME: Duration = Duration::days(400);

/// A secret in transit: the value of a cookie, or a token. `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token(String);

impl Token {
    /// Wraps the value as received, without validation.
    pub fn new(token: impl Into<String>) -> Self {
        Self(token.into())
    }

    /// Removes what copying adds: spaces, invisible characters, other dashes. For the tokens of links, which people copy by hand.
    #[must_use]
    pub fn as_pasted(&self) -> Self {
        Self(as_pasted(&self.0).replace(' ', ""))
    }

    /// Returns the secret, to hash it or to hand it over.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(***)")
    }
}

/// The lifetime of the access tokens of an API session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessLifetime {
    /// `ACCESS_TOKEN_LIFETIME`, 24 h (003 RN02).
    Standard,
    /// `ACCESS_TOKEN_LIFETIME_CARONA`, 2 h (004).
    Carona,
}

/// How a session is presented. It decides what a sign-in returns.
pub trait Presentation: Copy + Send + Sync {
    /// What the client keeps.
    type Credential: Send;
}

/// A browser: it presents a cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Browser;

/// A client of the API: it presents access tokens of this lifetime.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Api(pub AccessLifetime);

impl Presentation for Browser {
    type Credential = BrowserCookies;
}

impl Presentation for Api {
    type Credential = ApiTokens;
}

/// The requester: who, from where, with which credentials. Created once per request in the adapters.
#[derive(Debug, Clone)]
pub struct Requester {
    /// The id of the request, for its audit rows; `None`: an operator or a sweep acts, not a request.
    pub request_id: Option<Uuid>,
    /// The client's IP address. A proxy's header is trusted only from `TRUSTED_PROXIES`.
    pub client_ip: IpAddr,
    /// The User-Agent, cut at 300 characters; empty if none.
    pub user_agent: String,
    /// The session cookie.
    pub session: Option<Token>,
    /// The access token (`Authorization: Bearer`).
    pub bearer: Option<Token>,
    /// The cookie of the sign-ups in progress.
    pub carried: Carried,
    /// The id of the selected sign-up; `None`: the newest unproved one. The id of one that is not carried selects nothing.
    pub signup: Option<String>,
    /// The cookie of an address that was just proved by code (004).
    pub completion_grant: Option<Token>,
    /// The cookie that recognises this browser.
    pub device: Option<Token>,
    /// The cookie of a product's request that waits for this browser's person (SPEC §15).
    pub awaited: Option<Token>,
}

impl Requester {
    /// Returns a requester at this IP address without any credentials.
    pub const fn stranger(client_ip: IpAddr) -> Self {
        Self {
            request_id: None,
            client_ip,
            user_agent: String::new(),
            session: None,
            bearer: None,
            carried: Carried::nothing(),
            signup: None,
            completion_grant: None,
            device: None,
            awaited: None,
        }
    }
}

/// What a browser keeps of a sign-in.
#[derive(Debug, Clone)]
pub struct BrowserCookies {
    /// The value of the session cookie.
    pub session: Token,
    /// How long the browser keeps it; `None`: until the browser is closed.
    pub max_age: Option<Duration>,
    /// The value of the cookie that recognises this browser. It is set again at each sign-in to extend its life.
    pub device: Option<Token>,
}

/// What a client of the API keeps of a sign-in.
#[derive(Debug, Clone)]
pub struct ApiTokens {
    /// JWT.
    pub access: Token,
    /// Opaque; replaced at each use.
    pub refresh: Token,
    /// Lifetime of the access token in seconds.
    pub expires_in: u32,
}

/// Returns a readable device name from the User-Agent, such as "Chrome, Windows". It has no version, so an update does not look
/// like a new device. A cookie, not this name, identifies the device. An unknown User-Agent is named by its first word. Such a
/// name is for the owner's pages only, not for messages ([`known_device`]).
pub fn device_name(user_agent: &str) -> String {
    known_device(user_agent)
        .unwrap_or_else(|| user_agent.split(['/', ' ']).next().filter(|word| !word.is_empty()).unwrap_or("?").chars().take(40).collect())
}

/// Returns the device name from our own lists only, for messages: the User-Agent is a stranger's text (SPEC §16).
pub fn known_device(user_agent: &str) -> Option<String> {
    const BROWSERS: [(&str, &str); 17] = [
        ("Edg/", "Edge"),
        ("EdgA/", "Edge"),
        ("EdgiOS/", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("HeadlessChrome/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
        ("Wget/", "Wget"),
        ("PostmanRuntime/", "Postman"),
        ("okhttp/", "OkHttp"),
        ("Dart/", "Dart"),
        ("CFNetwork/", "CFNetwork"),
    ];
    const SYSTEMS: [(&str, &str); 7] = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];
    let named = |table: &[(&str, &'static str)]| table.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name);
    match (named(&BROWSERS), named(&SYSTEMS)) {
        (Some(browser), Some(system)) => Some(format!("{browser}, {system}")),
        (one, other) => one.or(other).map(str::to_owned),
    }
}

/// The cookies that Portaria sets; how: `app/src/cookies.rs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cookie {
    /// The session.
    Session,
    /// The sign-ups that this browser carries.
    Signup,
    /// Recognises the browser from its first sign-in on, for any account.
    Device,
    /// An address was proved in this browser, so its profile may be completed (004).
    CompletionGrant,
    /// The chosen language: not a secret.
    Language,
    /// The page of a link was opened in this browser, so its form was not posted from another site.
    Form,
    /// The request of a product that waits for this browser's person (SPEC §15).
    OpenId,
    /// The language that this product wants its pages in: not a secret.
    AskedLanguage,
    /// What the next page says of what was just done. It names a sentence, and is no secret.
    Notice,
    /// The step that a page with several steps is at, sealed.
    Step,
}

impl Cookie {
    const fn base(self) -> &'static str {
        match self {
            Self::Session => "portaria_session",
            Self::Signup => "portaria_signup",
            Self::Device => "portaria_device",
            Self::CompletionGrant => "portaria_proof",
            Self::Language => "portaria_language",
            Self::Form => "portaria_form",
            Self::OpenId => "portaria_request",
            Self::AskedLanguage => "portaria_asked_language",
            Self::Notice => "portaria_notice",
            Self::Step => "portaria_step",
        }
    }

    /// Returns the cookie's name. `secure`: `PUBLIC_URL` is https.
    pub fn name(self, secure: bool) -> String {
        if secure { format!("__Host-{}", self.base()) } else { self.base().to_owned() }
    }

    /// Returns whether it is `SameSite=Strict`, so that requests from other sites never carry it.
    pub const fn is_strict(self) -> bool {
        matches!(self, Self::Form)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_named_as_people_name_it() {
        let chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36";
        assert_eq!(device_name(chrome), "Chrome, Windows");
        assert_eq!(device_name(&chrome.replace("156.0", "157.0.7000.12")), "Chrome, Windows");
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/156.0 Mobile/15E148 Safari/604.1";
        assert_eq!(device_name(phone), "Chrome, iPhone");
        assert_eq!(device_name("curl/8.5.0"), "curl");
        assert_eq!(device_name(""), "?");
        for foreign in ["", "Ligue-0800-123/1.0", "https://evil.example", "Seu premio em evil.com"] {
            assert_eq!(known_device(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn a_token_is_read_without_what_a_clipboard_adds() {
        for typed in ["abc-D_9", " abc\u{2011}D_9\n", "abc\u{ad}-D_\r\n 9\u{200b}"] {
            assert_eq!(Token::new(typed).as_pasted().expose(), "abc-D_9");
        }
    }

    #[test]
    fn a_token_cannot_be_printed() {
        assert_eq!(format!("{:?}", Token::new("secret")), "Token(***)");
    }
}
