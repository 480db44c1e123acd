//! The door to the provider's use cases: commands in, views out.

use super::claims::Claims;
use super::client::{Clients, Product};
use super::decide::Ask;
use super::error::{Error, ErrorCode, WrongClient};
use super::scope::Scopes;
use super::share::Share;
use super::wish::Asked;
use crate::accounts::Answer;
use crate::journey::Kind;
use crate::session::{Requester, Token};
use crate::view::AccountView;
use async_trait::async_trait;
use serde::Serialize;

/// What a browser is answered that brings a request.
#[derive(Debug)]
pub enum Step {
    /// Back to the product, at this address.
    Back(String),
    /// The person has something to do first, on our pages. `kept`: if the request is a new one.
    Ask {
        /// What.
        ask: Ask,
        /// The one kind that people can sign up as for the product, if it is one.
        kind: Option<Kind>,
        /// What the browser keeps, to go on afterwards.
        kept: Option<Kept>,
    },
    /// The person is asked whether the product may.
    Consent {
        /// What is asked.
        consent: Box<Consent>,
        /// As above.
        kept: Option<Kept>,
    },
    /// The product is for others.
    OtherKind {
        /// Which.
        product: Product,
        /// Its address, with the answer that it gets.
        back: String,
        /// The query of the same request.
        again: String,
        /// The same, for whoever has another account.
        another: String,
    },
    /// The request cannot be answered to anybody.
    Wrong(WrongClient),
    /// The request that the browser carries lapsed, or is none of ours.
    Lapsed,
}

/// What a browser keeps of a request that waits for its person.
#[derive(Debug)]
pub struct Kept {
    /// The browser's token of it.
    pub token: Token,
    /// Which languages the product wants its pages in, the best first.
    pub ui_locales: Option<String>,
}

/// What a person is asked before a product is told anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// The product.
    pub product: Product,
    /// Where it has people sent back to: the host, or the scheme of an app.
    pub place: String,
    /// The same, as a policy of contents calls it.
    pub source: Option<String>,
    /// The account that is signed in.
    pub account: AccountView,
    /// What is given of it.
    pub shares: Vec<Share>,
    /// Whether another account would do as well: the product does not mean this one.
    pub may_be_another: bool,
}

/// What a browser is answered that is to sign out.
#[derive(Debug)]
pub enum SignOut {
    /// The person goes on, at this address of the product; `None`: at our home page.
    Gone {
        /// Where.
        address: Option<String>,
        /// Whether somebody was signed in.
        ended: bool,
    },
    /// The person is asked first.
    Ask {
        /// The product that wants it, if it is known.
        product: Option<Product>,
        /// What a policy of contents calls where it leads afterwards.
        source: Option<String>,
    },
    /// The product or its address is wrong.
    Wrong(WrongClient),
}

/// A product that an account agreed to, as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreed {
    /// Selects it.
    pub client_id: String,
    /// The product; called by its id, if it stands in the settings no more.
    pub product: Product,
    /// What it is given.
    pub scopes: Scopes,
    /// Since when, in seconds since the epoch.
    pub given_at: i64,
}

/// How a client says who it is.
#[derive(Debug, Clone)]
pub enum Credentials {
    /// By its id alone.
    Public(String),
    /// By its id and secret.
    Secret(String, Token),
}

/// A request to the token endpoint.
#[derive(Debug, Clone)]
pub struct TokenRequest {
    /// Who asks.
    pub client: Credentials,
    /// For what.
    pub exchange: Exchange,
}

/// What is exchanged for tokens.
#[derive(Debug, Clone)]
pub enum Exchange {
    /// A code.
    Code(CodeExchange),
    /// A refresh token.
    Refresh {
        /// The token.
        token: Token,
        /// What the access token is to be good for; `None`: for all that was given.
        scopes: Option<Scopes>,
    },
}

/// A code that is exchanged.
#[derive(Debug, Clone)]
pub struct CodeExchange {
    /// The code.
    pub code: Token,
    /// The address that the request named.
    pub redirect_uri: String,
    /// What hashes to the challenge of the request.
    pub verifier: Token,
}

impl TokenRequest {
    /// Reads a request. `basic` is what stands in `Authorization: Basic`, decoded.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(parameters: &[(String, String)], basic: Option<(String, Token)>) -> Result<Self, Error> {
        let client = Credentials::read(parameters, basic)?;
        let value = |name| value(parameters, name);
        match value("grant_type") {
            Some("authorization_code") => {}
            Some("refresh_token") => {
                let token = Token::new(value("refresh_token").ok_or(Error::request("refresh_token is missing"))?);
                return Ok(Self { client, exchange: Exchange::Refresh { token, scopes: value("scope").map(Scopes::known) } });
            }
            Some(_) => {
                let supported = "grant_type: authorization_code and refresh_token are supported";
                return Err(Error::new(ErrorCode::UnsupportedGrantType, supported));
            }
            None => return Err(Error::request("grant_type is missing")),
        }
        let code = value("code").ok_or(Error::request("code is missing"))?;
        let redirect_uri = value("redirect_uri").ok_or(Error::request("redirect_uri is missing"))?;
        let verifier = value("code_verifier").ok_or(Error::request("code_verifier is missing: PKCE is required"))?;
        let exchange = CodeExchange { code: Token::new(code), redirect_uri: redirect_uri.to_owned(), verifier: Token::new(verifier) };
        Ok(Self { client, exchange: Exchange::Code(exchange) })
    }
}

/// The value of a parameter that is there once; an empty one counts as absent.
fn value<'a>(parameters: &'a [(String, String)], name: &str) -> Option<&'a str> {
    parameters.iter().find(|(known, value)| known == name && !value.is_empty()).map(|(_, value)| value.as_str())
}

impl Credentials {
    /// Reads who asks. No parameter may be there twice.
    fn read(parameters: &[(String, String)], basic: Option<(String, Token)>) -> Result<Self, Error> {
        let twice = parameters.iter().enumerate().any(|(nth, (name, _))| parameters[..nth].iter().any(|(before, _)| before == name));
        if twice {
            return Err(Error::request("a parameter is there twice"));
        }
        match (basic, value(parameters, "client_id"), value(parameters, "client_secret")) {
            (Some(_), _, Some(_)) => Err(Error::request("the client says twice who it is: use one method")),
            (Some((id, _)), Some(other), None) if id != other => Err(Error::request("client_id is not the one of the header")),
            (Some((id, secret)), _, None) => Ok(Self::Secret(id, secret)),
            (None, Some(id), Some(secret)) => Ok(Self::Secret(id.to_owned(), Token::new(secret))),
            (None, Some(id), None) => Ok(Self::Public(id.to_owned())),
            (None, None, _) => Err(Error::new(ErrorCode::InvalidClient, "the client does not say who it is")),
        }
    }
}

/// A request about a token: to revoke it (RFC 7009), or to look into it (RFC 7662).
#[derive(Debug, Clone)]
pub struct AboutToken {
    /// Who asks.
    pub client: Credentials,
    /// An access token or a refresh token.
    pub token: Token,
}

impl AboutToken {
    /// Reads a request. A hint of what the token is makes nothing faster here, so it is not read.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(parameters: &[(String, String)], basic: Option<(String, Token)>) -> Result<Self, Error> {
        let client = Credentials::read(parameters, basic)?;
        let token = Token::new(value(parameters, "token").ok_or(Error::request("token is missing"))?);
        Ok(Self { client, token })
    }
}

/// What is said of a token that is in force (RFC 7662 §2.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names are those of the standard")]
pub struct Introspection {
    pub active: bool,
    pub scope: String,
    pub client_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_type: Option<&'static str>,
    pub exp: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iat: Option<i64>,
    pub sub: String,
    pub aud: String,
    pub iss: String,
    pub sid: String,
    pub acr: String,
    pub auth_time: i64,
}

/// What a code is exchanged for.
#[derive(Debug)]
pub struct Tokens {
    /// JWT (RFC 9068).
    pub access: Token,
    /// JWT (OpenID Connect Core §2).
    pub id: Token,
    /// Opaque, replaced at each use; only for `offline_access`.
    pub refresh: Option<Token>,
    /// Of the access token, in seconds.
    pub expires_in: u32,
    /// What was given.
    pub scopes: Scopes,
}

/// The use cases of the provider. An inner error is told to the product, in the words of the protocol; a [`Refusal`](crate::error::Refusal)
/// is one that anybody may meet.
#[async_trait]
pub trait Provider: Send + Sync {
    /// Who may ask; `None`: nobody, and there is no provider.
    fn clients(&self) -> Option<&Clients>;

    /// Answers a request, or keeps it while the person has something to do.
    async fn authorize(&self, who: &Requester, parameters: &[(String, String)]) -> Answer<Step>;

    /// Goes on with the request that the browser carries.
    async fn resume(&self, who: &Requester, kept: &Token) -> Answer<Step>;

    /// Goes on with the request that the account of this session signed up for in another browser.
    async fn resume_sign_up(&self, who: &Requester) -> Answer<Step>;

    /// What our pages make of the request that the browser carries. `None`: nothing waits.
    async fn asked(&self, kept: &Token) -> Answer<Option<Asked>>;

    /// Whether there is one.
    async fn awaits(&self, who: &Requester) -> Answer<bool>;

    /// The person says whether the product may. Without a session of the account that was asked nothing changes, and the person is asked
    /// again, or to sign in.
    async fn agree(&self, who: &Requester, kept: &Token, account: i64, agrees: bool) -> Answer<Step>;

    /// The person goes on with another account: the request waits for a new sign-in, and whoever is signed in stays so until then. Returns
    /// what the browser keeps of it; `None`: it lapsed.
    async fn begin_again(&self, who: &Requester, kept: &Token) -> Answer<Option<Token>>;

    /// The account that is signed in, and the products that it agreed to, the newest first.
    async fn agreed(&self, who: &Requester) -> Answer<(AccountView, Vec<Agreed>)>;

    /// Takes back what was agreed to, and ends all that the product got. What was never agreed to stays so.
    async fn take_back(&self, who: &Requester, client_id: &str) -> Answer<()>;

    /// Signs out at a product's wish. `confirmed`: the person was asked.
    async fn sign_out(&self, who: &Requester, parameters: &[(String, String)], confirmed: bool) -> Answer<SignOut>;

    /// Exchanges a code or a refresh token. A second use of either ends all that came of it.
    async fn exchange(&self, who: &Requester, request: TokenRequest) -> Answer<Result<Tokens, Error>>;

    /// Ends what a token came of, if it is the client's own; of any other token nothing is told.
    async fn revoke(&self, who: &Requester, about: AboutToken) -> Answer<Result<(), Error>>;

    /// What is said of a token that is the client's own, or for it; `None`: it is not in force, or is none of its business. Only a client
    /// with a secret may ask.
    async fn introspect(&self, about: AboutToken) -> Answer<Result<Option<Introspection>, Error>>;

    /// What an access token tells.
    async fn claims(&self, access: &Token) -> Answer<Result<Claims, Error>>;

    /// The keys that sign what products are given, as the JWKS shows them, as JSON.
    async fn keys(&self) -> Vec<String>;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(all: &[(&str, &str)], basic: Option<(&str, &str)>) -> Result<TokenRequest, &'static str> {
        let all: Vec<_> = all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let basic = basic.map(|(id, secret)| (id.to_owned(), Token::new(secret)));
        TokenRequest::read(&all, basic).map_err(|error| error.code.as_str())
    }

    #[test]
    fn a_client_says_once_who_it_is_and_what_it_exchanges() {
        let good =
            [("grant_type", "authorization_code"), ("code", "c"), ("redirect_uri", "https://app.example/cb"), ("code_verifier", "v")];
        let with = |more: &[(&'static str, &'static str)]| [&good[..], more].concat();
        assert!(matches!(read(&with(&[("client_id", "a")]), None).map(|it| it.client), Ok(Credentials::Public(_))));
        assert!(matches!(read(&with(&[]), Some(("a", "s"))).map(|it| it.client), Ok(Credentials::Secret(..))));
        assert!(read(&with(&[("client_id", "a"), ("client_secret", "s")]), None).is_ok());
        assert!(read(&with(&[("client_id", "a")]), Some(("a", "s"))).is_ok());
        for (all, basic, code) in [
            (with(&[]), None, "invalid_client"),
            (with(&[("client_id", "a"), ("client_secret", "s")]), Some(("a", "s")), "invalid_request"),
            (with(&[("client_id", "b")]), Some(("a", "s")), "invalid_request"),
            (with(&[("client_id", "a"), ("code", "d")]), None, "invalid_request"),
            (vec![("client_id", "a")], None, "invalid_request"),
            (vec![("client_id", "a"), ("grant_type", "password")], None, "unsupported_grant_type"),
            (vec![("client_id", "a"), ("grant_type", "refresh_token")], None, "invalid_request"),
            (vec![("client_id", "a"), ("grant_type", "authorization_code")], None, "invalid_request"),
        ] {
            assert_eq!(read(&all, basic).map(drop), Err(code), "{all:?}");
        }
    }
}
