//! An authorization request, as a value that cannot be wrong.

use super::client::{Client, Clients};
use super::error::{Error, ErrorCode, Rejected, WrongClient};
use super::logout::Hint;
use super::scope::{Scope, Scopes};
use super::wish::{Meant, Prompt};
use serde::{Deserialize, Serialize};
use time::Duration;

/// The longest `state` and `nonce`, in bytes.
pub(super) const LONGEST_ECHO: usize = 2048;
/// The longest hint, in bytes: no e-mail is longer.
const LONGEST_HINT: usize = 320;

/// `code_challenge` of the method S256 (RFC 7636 §4.2): SHA-256 in base64url.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge(String);

impl Challenge {
    /// Reads a challenge.
    pub fn parse(text: &str) -> Option<Self> {
        let good = text.len() == 43 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        good.then(|| Self(text.to_owned()))
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether a text may be a verifier (RFC 7636 §4.1).
    pub fn may_verify(verifier: &str) -> bool {
        (43..=128).contains(&verifier.len())
            && verifier.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~'))
    }
}

/// A request that may be answered: its client exists, its address is the client's, and everything in it is understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationRequest {
    /// The id of the client.
    pub client_id: String,
    /// Where the person is sent back to, as it was asked for.
    pub redirect_uri: String,
    /// Sent back as it came.
    pub state: Option<String>,
    /// Stands in the ID token as it came.
    pub nonce: Option<String>,
    /// What is asked for: the client may.
    #[serde(with = "as_list")]
    pub scopes: Scopes,
    /// Who has what hashes to this may exchange the code.
    pub challenge: Challenge,
    /// What the person is to be shown.
    pub prompt: Prompt,
    /// How long ago the person may have signed in, in seconds.
    pub max_age: Option<u32>,
    /// Whom the product expects, as it would be typed at the sign-in.
    pub login_hint: Option<String>,
    /// Which languages the person reads, the best first.
    pub ui_locales: Option<String>,
    /// Whom the product knows already.
    pub meant: Option<Meant>,
}

mod as_list {
    use super::Scopes;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(scopes: &Scopes, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&scopes.to_string())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Scopes, D::Error> {
        Ok(Scopes::known(&String::deserialize(from)?))
    }
}

/// Parameters as they came. An empty one counts as absent (RFC 6749 §3.1).
pub(super) struct Parameters<'a>(pub(super) &'a [(String, String)]);

impl<'a> Parameters<'a> {
    /// The value, if it is there once; `Err`: it is there twice.
    pub(super) fn once(&self, name: &str) -> Result<Option<&'a str>, ()> {
        let mut all = self.0.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str());
        match (all.next(), all.next()) {
            (_, Some(_)) => Err(()),
            (value, None) => Ok(value.filter(|value| !value.is_empty())),
        }
    }

    pub(super) fn any_twice(&self) -> bool {
        self.0.iter().enumerate().any(|(nth, (name, _))| self.0[..nth].iter().any(|(before, _)| before == name))
    }
}

impl AuthorizationRequest {
    /// Reads a request. `hint`: what `id_token_hint` says, if it is one of our ID tokens.
    ///
    /// # Errors
    /// [`Rejected::Page`] while it is not sure that the address is the client's own; afterwards [`Rejected::Back`].
    pub fn read(parameters: &[(String, String)], hint: Option<&Hint>, clients: &Clients) -> Result<Self, Rejected> {
        let given = Parameters(parameters);
        let client = given.once("client_id").ok().flatten().and_then(|id| clients.find(id));
        let client = client.ok_or(Rejected::Page(WrongClient::Client))?;
        let redirect_uri = given.once("redirect_uri").ok().flatten().filter(|uri| client.knows(uri));
        let redirect_uri = redirect_uri.ok_or(Rejected::Page(WrongClient::RedirectUri))?.to_owned();
        let state = given.once("state").ok().flatten().filter(|state| state.len() <= LONGEST_ECHO).map(str::to_owned);
        Self::of_client(&given, hint, client, &redirect_uri, state.as_ref()).map_err(|error| Rejected::Back { redirect_uri, state, error })
    }

    fn of_client(
        given: &Parameters<'_>,
        hint: Option<&Hint>,
        client: &Client,
        redirect_uri: &str,
        state: Option<&String>,
    ) -> Result<Self, Error> {
        if given.any_twice() {
            return Err(Error::request("a parameter is there twice"));
        }
        // Each is there once by now.
        let value = |name| given.once(name).unwrap_or_default();
        for (name, code, why) in [
            ("request", ErrorCode::RequestNotSupported, "request objects are not supported: send the parameters themselves"),
            ("request_uri", ErrorCode::RequestUriNotSupported, "request_uri is not supported: send the parameters themselves"),
            ("registration", ErrorCode::RegistrationNotSupported, "registration is not supported"),
        ] {
            if value(name).is_some() {
                return Err(Error::new(code, why));
            }
        }
        match value("response_type") {
            Some("code") => {}
            Some(_) => return Err(Error::new(ErrorCode::UnsupportedResponseType, "response_type: only code is supported")),
            None => return Err(Error::request("response_type is missing")),
        }
        if value("response_mode").is_some_and(|mode| mode != "query") {
            return Err(Error::request("response_mode: only query is supported"));
        }
        let challenge = value("code_challenge").and_then(Challenge::parse);
        let challenge = challenge.ok_or(Error::request("code_challenge is missing or is no SHA-256 in base64url: PKCE is required"))?;
        if value("code_challenge_method") != Some("S256") {
            return Err(Error::request("code_challenge_method: only S256 is supported"));
        }
        let scopes = Scopes::known(value("scope").unwrap_or_default());
        if !scopes.has(Scope::Openid) {
            return Err(Error::new(ErrorCode::InvalidScope, "scope: openid is missing"));
        }
        if !client.scopes.hold(&scopes) {
            return Err(Error::new(ErrorCode::InvalidScope, "scope: the client is not registered for one of them"));
        }
        if value("state").is_some() && state.is_none() {
            return Err(Error::request("state is longer than 2048 bytes"));
        }
        let nonce = value("nonce").map(str::to_owned);
        if nonce.as_ref().is_some_and(|nonce| nonce.len() > LONGEST_ECHO) {
            return Err(Error::request("nonce is longer than 2048 bytes"));
        }
        let of_client = hint.filter(|hint| hint.client_id == client.id.as_str());
        let meant = value("id_token_hint").map(|_| of_client.map_or(Meant::Nobody, |hint| Meant::Account(hint.account)));
        let max_age = value("max_age").map(str::parse).transpose().map_err(|_| Error::request("max_age is no number of seconds"))?;
        Ok(Self {
            client_id: client.id.as_str().to_owned(),
            redirect_uri: redirect_uri.to_owned(),
            state: state.cloned(),
            nonce,
            scopes,
            challenge,
            prompt: Prompt::parse(value("prompt").unwrap_or_default())?,
            max_age,
            // A hint is no more than that: one that cannot be typed is left out.
            login_hint: value("login_hint")
                .filter(|hint| hint.len() <= LONGEST_HINT && !hint.chars().any(char::is_control))
                .map(str::to_owned),
            ui_locales: value("ui_locales").filter(|list| list.len() <= LONGEST_HINT).map(str::to_owned),
            meant,
        })
    }

    /// Returns whether the product may mean this account. Whoever may be asked shows who they are whatever a hint says that nobody can read;
    /// nobody is answered for unseen who is not known to be meant.
    pub fn may_mean(&self, account: i64) -> bool {
        match self.meant {
            None => true,
            Some(Meant::Account(meant)) => meant == account,
            Some(Meant::Nobody) => !self.prompt.none,
        }
    }

    /// The parameters of the same request. A hint of who is meant is left out.
    pub fn again(&self) -> Vec<(&'static str, String)> {
        let given = [
            ("state", self.state.clone()),
            ("nonce", self.nonce.clone()),
            ("max_age", self.max_age.map(|seconds| seconds.to_string())),
            ("ui_locales", self.ui_locales.clone()),
            ("prompt", Some(self.prompt.to_string()).filter(|words| !words.is_empty())),
        ];
        let fixed = [
            ("client_id", self.client_id.clone()),
            ("redirect_uri", self.redirect_uri.clone()),
            ("response_type", "code".to_owned()),
            ("scope", self.scopes.to_string()),
            ("code_challenge", self.challenge.as_str().to_owned()),
            ("code_challenge_method", "S256".to_owned()),
        ];
        fixed.into_iter().chain(given.into_iter().filter_map(|(name, value)| Some((name, value?)))).collect()
    }

    /// The same request, for whoever goes on with another account: they sign in first. Whom the product means stays whom it means.
    #[must_use]
    pub fn for_another_account(&self) -> Self {
        Self { prompt: Prompt { login: true, consent: self.prompt.consent, ..Prompt::default() }, login_hint: None, ..self.clone() }
    }

    /// How long ago the person may have signed in.
    pub fn oldest_sign_in(&self) -> Option<Duration> {
        self.max_age.map(|seconds| Duration::seconds(seconds.into()))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::journey::Kind;
    use crate::openid::{Algorithm, ClientId, RedirectUri};

    pub(in crate::openid) fn client() -> Client {
        Client {
            id: ClientId::parse("school").unwrap(),
            name: "Escola".to_owned(),
            logo: None,
            secret_hash: None,
            redirect_uris: vec![RedirectUri::parse("https://app.example/cb").unwrap()],
            post_logout_redirect_uris: vec![RedirectUri::parse("https://app.example/bye").unwrap()],
            scopes: Scopes::known("openid profile"),
            trusted: true,
            kinds: Kind::ALL.to_vec(),
            algorithm: Algorithm::Rs256,
            audience: "school".to_owned(),
            token_lifetime: Duration::hours(1),
        }
    }

    const GOOD: [(&str, &str); 6] = [
        ("client_id", "school"),
        ("redirect_uri", "https://app.example/cb"),
        ("response_type", "code"),
        ("scope", "openid"),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
    ];

    pub(in crate::openid) fn read(more: &[(&str, &str)]) -> Result<AuthorizationRequest, Rejected> {
        let mut all: Vec<(&str, &str)> = GOOD.to_vec();
        for (name, value) in more {
            all.retain(|(known, _)| known != name);
            if *value != "-" {
                all.push((name, value));
            }
        }
        read_all(&all)
    }

    fn read_all(all: &[(&str, &str)]) -> Result<AuthorizationRequest, Rejected> {
        let all: Vec<_> = all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        AuthorizationRequest::read(&all, None, &Clients::new(vec![client()]))
    }

    #[expect(clippy::needless_pass_by_value, reason = "what a test calls it with is made there")]
    fn code(read: Result<AuthorizationRequest, Rejected>) -> &'static str {
        match read {
            Err(Rejected::Back { error, .. }) => error.code.as_str(),
            Err(Rejected::Page(WrongClient::Client)) => "page: client",
            Err(Rejected::Page(WrongClient::RedirectUri)) => "page: address",
            Ok(_) => "ok",
        }
    }

    #[test]
    fn until_the_address_is_the_clients_own_nobody_is_sent_anywhere() {
        assert_eq!(code(read(&[])), "ok");
        for wrong in ["-", "", "other"] {
            assert_eq!(code(read(&[("client_id", wrong)])), "page: client");
        }
        for wrong in ["-", "", "https://evil.example", "https://app.example/cb/"] {
            assert_eq!(code(read(&[("redirect_uri", wrong)])), "page: address");
        }
        for (name, page) in [("client_id", "page: client"), ("redirect_uri", "page: address")] {
            let value = GOOD.iter().find(|(known, _)| *known == name).unwrap().1;
            assert_eq!(code(read_all(&[&GOOD[..], &[(name, value)]].concat())), page, "twice");
            assert_eq!(code(read_all(&[&GOOD[..], &[(name, "")]].concat())), page, "twice, once empty");
        }
    }

    #[test]
    fn what_is_wrong_besides_goes_back_to_the_product_by_its_name() {
        for (name, value, expected) in [
            ("response_type", "-", "invalid_request"),
            ("response_type", "token", "unsupported_response_type"),
            ("response_type", "code id_token", "unsupported_response_type"),
            ("response_mode", "fragment", "invalid_request"),
            ("response_mode", "query", "ok"),
            ("code_challenge", "-", "invalid_request"),
            ("code_challenge", "short", "invalid_request"),
            ("code_challenge_method", "-", "invalid_request"),
            ("code_challenge_method", "plain", "invalid_request"),
            ("scope", "-", "invalid_scope"),
            ("scope", "profile", "invalid_scope"),
            ("scope", "openid cpf", "invalid_scope"),
            ("scope", "openid something", "ok"),
            ("prompt", "select_account", "invalid_request"),
            ("prompt", "none login", "invalid_request"),
            ("prompt", "login consent", "ok"),
            ("max_age", "-1", "invalid_request"),
            ("max_age", "soon", "invalid_request"),
            ("max_age", "0", "ok"),
            ("request", "x", "request_not_supported"),
            ("request_uri", "https://x", "request_uri_not_supported"),
            ("registration", "{}", "registration_not_supported"),
            ("unknown", "x", "ok"),
        ] {
            assert_eq!(code(read(&[(name, value)])), expected, "{name}={value}");
        }
        for name in ["scope", "state", "nonce", "unknown"] {
            let twice = read_all(&[&GOOD[..], &[(name, "openid"), (name, "openid")]].concat());
            assert_eq!(code(twice), "invalid_request", "{name} twice");
        }
    }

    #[test]
    fn the_state_comes_back_with_an_error_if_it_came_once() {
        let state = |read| match read {
            Err(Rejected::Back { state, .. }) => state,
            other => panic!("{other:?}"),
        };
        assert_eq!(state(read(&[("state", "a b&c"), ("scope", "-")])).as_deref(), Some("a b&c"));
        assert_eq!(state(read_all(&[&GOOD[..], &[("state", "a"), ("state", "b")]].concat())), None);
        assert_eq!(state(read(&[("state", &"x".repeat(2049))])), None);
    }

    #[test]
    fn a_hint_means_the_account_that_it_was_given_to_the_client_for() {
        let mut all: Vec<_> = GOOD.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let clients = Clients::new(vec![client()]);
        let hint = |client: &str| Hint { client_id: client.to_owned(), account: 7 };
        let read = |all: &[_], hint: Option<Hint>| AuthorizationRequest::read(all, hint.as_ref(), &clients).unwrap();
        assert_eq!(read(&all, Some(hint("school"))).meant, None, "there is none in the request");
        all.push(("id_token_hint".to_owned(), "x.y.z".to_owned()));
        let own = read(&all, Some(hint("school")));
        assert!(own.may_mean(7) && !own.may_mean(8));
        for other in [None, Some(hint("other"))] {
            let request = read(&all, other);
            assert_eq!(request.meant, Some(Meant::Nobody));
            assert!(request.may_mean(7));
            let unseen = AuthorizationRequest { prompt: Prompt { none: true, ..Prompt::default() }, ..request };
            assert!(!unseen.may_mean(7));
        }
    }

    #[test]
    fn whoever_has_another_account_brings_the_same_request() {
        let more = [("state", "s"), ("nonce", "n"), ("max_age", "5"), ("ui_locales", "en"), ("login_hint", "ana"), ("prompt", "create")];
        let asked = read(&more).unwrap();
        let another = asked.for_another_account();
        let login = Prompt { login: true, ..Prompt::default() };
        assert_eq!(another, AuthorizationRequest { prompt: login, login_hint: None, ..asked.clone() });
        assert_eq!(read(&[("prompt", "consent")]).unwrap().for_another_account().prompt.to_string(), "login consent");
        for request in [another, AuthorizationRequest { login_hint: None, ..asked }] {
            let again: Vec<_> = request.again().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            assert_eq!(AuthorizationRequest::read(&again, None, &Clients::new(vec![client()])).unwrap(), request);
        }
        let meant = AuthorizationRequest { meant: Some(Meant::Account(7)), ..read(&[]).unwrap() };
        assert!(!meant.for_another_account().may_mean(8), "who is meant is not another");
    }

    #[test]
    fn a_request_is_kept_whole() {
        let asked =
            read(&[("state", "s"), ("nonce", "n"), ("prompt", "login"), ("max_age", "5"), ("login_hint", "ana@example.com")]).unwrap();
        let kept = serde_json::to_string(&asked).unwrap();
        assert_eq!(serde_json::from_str::<AuthorizationRequest>(&kept).unwrap(), asked);
    }
}
