//! Sessions (SPEC §6): who asks, and what a person who came in is given.

use crate::carried::Carried;
use crate::value::as_pasted;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::IpAddr;
use time::Duration;
use uuid::Uuid;

/// A session with **Lembrar-me**; the cap of a refresh token family.
pub const REMEMBERED: Duration = Duration::days(30);
/// A session without.
pub const NOT_REMEMBERED: Duration = Duration::hours(24);
/// Living sessions of one account: when one more begins, the oldest ends. More than any person's devices, and a bound on
/// what one who knows the password leaves behind (ASVS 7.1.2).
pub const SESSIONS_PER_ACCOUNT: u32 = 50;
/// How long the proof of an address lets its owner complete the profile (`signupToken`, SPEC §11).
pub const PROOF_LIFETIME: Duration = Duration::minutes(30);
/// For this long the same client gets the same successor of a refresh token again (SPEC §6).
pub const REFRESH_GRACE: Duration = Duration::seconds(30);

/// How long a browser is known by its cookie from its last sign-in: the longest that browsers keep one.
pub const DEVICE_LIFETIME: Duration = Duration::days(400);

/// A secret that travels: a cookie's value, a token. Cannot be printed by accident.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token(String);

impl Token {
    /// Takes what came in.
    pub fn new(token: impl Into<String>) -> Self {
        Self(token.into())
    }

    /// The same without what a clipboard adds: for one that people carry from a message to an address bar, and break on the way.
    #[must_use]
    pub fn as_pasted(&self) -> Self {
        Self(as_pasted(&self.0).replace(' ', ""))
    }

    /// The secret itself, to be hashed or handed over.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(***)")
    }
}

/// Which lifetime the access tokens of an API session have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessLifetime {
    /// `ACCESS_TOKEN_LIFETIME`, 24 h (003 RN02).
    Standard,
    /// `ACCESS_TOKEN_LIFETIME_CARONA`, 2 h (004).
    Carona,
}

/// How the one who comes in wants to be known from then on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presentation {
    /// A cookie.
    Browser,
    /// Access and refresh tokens.
    Api(AccessLifetime),
}

/// Who asks, from where, with which credentials. Made once per request at the door.
#[derive(Debug, Clone)]
pub struct Requester {
    /// The id of the request, for its audit rows; `None`: no request asks, but an operator or a sweep.
    pub request_id: Option<Uuid>,
    /// The client's address; a proxy's header is believed only from `TRUSTED_PROXIES`.
    pub address: IpAddr,
    /// The User-Agent, cut at 300 characters; empty if none.
    pub user_agent: String,
    /// The session cookie.
    pub session: Option<Token>,
    /// The access token (`Authorization: Bearer`).
    pub bearer: Option<Token>,
    /// The cookie of the sign-ups in progress.
    pub carried: Carried,
    /// Which of them is meant, by its id; `None`: the newest that waits. One that is not carried is as if there were none.
    pub signup: Option<String>,
    /// The cookie of an address that was just proved by code (004).
    pub proof: Option<Token>,
    /// The cookie by which this browser is known again.
    pub device: Option<Token>,
}

impl Requester {
    /// Somebody at this address who carries nothing.
    pub const fn stranger(address: IpAddr) -> Self {
        Self {
            request_id: None,
            address,
            user_agent: String::new(),
            session: None,
            bearer: None,
            carried: Carried::nothing(),
            signup: None,
            proof: None,
            device: None,
        }
    }
}

/// What a person who came in is given.
#[derive(Debug, Clone)]
pub enum Credential {
    /// The value of the session cookie.
    Cookie {
        /// The value.
        token: Token,
        /// How long the browser keeps it; `None`: until it is closed.
        max_age: Option<Duration>,
        /// The value of the cookie by which this browser is known again; it is set anew, so that it lasts.
        device: Option<Token>,
    },
    /// Tokens of the API.
    Tokens {
        /// JWT.
        access: Token,
        /// Opaque, rotated at each use.
        refresh: Token,
        /// Seconds that the access token lives.
        expires_in: u32,
    },
}

/// What people call the device, as far as its User-Agent tells: "Chrome, Windows". Browser family and system and no version, so
/// that an update makes no new device of it; which one it is, a cookie tells. What is not known is called by its own first word:
/// for the pages of its own account, and no message.
pub fn device_name(user_agent: &str) -> String {
    known_device(user_agent)
        .unwrap_or_else(|| user_agent.split(['/', ' ']).next().filter(|word| !word.is_empty()).unwrap_or("?").chars().take(40).collect())
}

/// The same in our own words alone, for messages: the User-Agent is a stranger's text (SPEC §16).
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

/// A cookie of ours. How it is set: `app/src/cookies.rs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cookie {
    /// The session.
    Session,
    /// The sign-ups that this browser carries.
    Signup,
    /// The browser itself, from its first sign-in on, whoever it is that signs in.
    Device,
    /// An address was proved here: its profile may be completed (004).
    Proof,
    /// The chosen language: not a secret.
    Language,
    /// The page of this link was opened here: its form is ours.
    Form,
}

impl Cookie {
    const fn base(self) -> &'static str {
        match self {
            Self::Session => "portaria_session",
            Self::Signup => "portaria_signup",
            Self::Device => "portaria_device",
            Self::Proof => "portaria_proof",
            Self::Language => "portaria_language",
            Self::Form => "portaria_form",
        }
    }

    /// Its name; `secure`: `PUBLIC_URL` is https.
    pub fn name(self, secure: bool) -> String {
        if secure { format!("__Host-{}", self.base()) } else { self.base().to_owned() }
    }

    /// Whether it is never sent along when another site leads here: the one that says whose a form is.
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
