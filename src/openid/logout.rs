//! Signing out at a product's wish (OpenID Connect RP-Initiated Logout 1.0).
//!
//! ```text
//! /oauth/logout ─► LogoutRequest::read
//!    │ the product or its address is wrong ────────────► a page, 400; nobody is sent anywhere, and nobody is signed out
//!    │ nobody is signed in ────────────────────────────► on
//!    │ the hint is of whoever is signed in ────────────► signed out, on
//!    ▼
//! asked ─► Sair ─► signed out, on
//!      └─► Ficar ─► the dashboard
//! on: to the product's address, or to our home page
//! ```

use super::client::{Client, Clients, Product};
use super::error::WrongClient;
use super::request::{LONGEST_ECHO, Parameters};

/// What an ID token says that is shown as a hint. It may have lapsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// The client that it was given to.
    pub client_id: String,
    /// The number of the account.
    pub account: i64,
}

/// A request to sign out that may be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoutRequest {
    /// The product, if whoever asks knows more of it than its id: its ID token, or its address.
    pub client: Option<Product>,
    /// Where the person goes on, with the state.
    pub back: Option<(String, Option<String>)>,
    /// What a policy of contents calls that address.
    pub source: Option<String>,
    /// Whom the product means.
    pub account: Option<i64>,
}

impl LogoutRequest {
    /// Reads a request. `hint`: what `id_token_hint` says, if it is one of our ID tokens.
    ///
    /// # Errors
    /// The product or its address is wrong: nobody is sent anywhere.
    pub fn read(parameters: &[(String, String)], hint: Option<&Hint>, clients: &Clients) -> Result<Self, WrongClient> {
        let given = Parameters(parameters);
        if given.any_twice() {
            return Err(WrongClient::RedirectUri);
        }
        let value = |name| given.once(name).unwrap_or_default();
        let named = value("client_id");
        let client: Option<&Client> = match (named, hint) {
            (Some(id), Some(hint)) if id != hint.client_id => return Err(WrongClient::Client),
            // A product that is none, or none any more, is no reason to stay signed in.
            (Some(id), _) => clients.find(id),
            (None, Some(hint)) => clients.find(&hint.client_id),
            (None, None) => None,
        };
        let back = match value("post_logout_redirect_uri") {
            None => None,
            Some(uri) => {
                let known = client.is_some_and(|client| client.knows_after_logout(uri));
                let state = value("state").filter(|state| state.len() <= LONGEST_ECHO).map(str::to_owned);
                known.then(|| Some((uri.to_owned(), state))).ok_or(WrongClient::RedirectUri)?
            }
        };
        let source = client.zip(back.as_ref()).and_then(|(client, (uri, _))| client.source_of(uri));
        // Who only tries ids is not told which of them are products.
        let shown = client.filter(|_| hint.is_some() || back.is_some());
        Ok(Self { client: shown.map(Client::product), back, source, account: hint.map(|hint| hint.account) })
    }

    /// Returns whether the person is asked first: anybody can send a browser here, but only the product has its ID token.
    pub fn asks(&self, signed_in: i64) -> bool {
        self.account != Some(signed_in)
    }
}

#[cfg(test)]
mod tests {
    use super::super::request::tests::client;
    use super::*;

    #[expect(clippy::needless_pass_by_value, reason = "what a test calls it with is made there")]
    fn read(all: &[(&str, &str)], hint: Option<Hint>) -> Result<LogoutRequest, WrongClient> {
        let all: Vec<_> = all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        LogoutRequest::read(&all, hint.as_ref(), &Clients::new(vec![client()]))
    }

    #[test]
    fn nobody_is_sent_to_an_address_that_is_not_the_products_own() {
        let own = ("post_logout_redirect_uri", "https://app.example/bye");
        let hint = |client: &str| Some(Hint { client_id: client.to_owned(), account: 7 });
        let back = read(&[("client_id", "school"), own, ("state", "s")], None).unwrap().back;
        assert_eq!(back, Some(("https://app.example/bye".to_owned(), Some("s".to_owned()))));
        assert!(read(&[own], hint("school")).unwrap().back.is_some());
        assert_eq!(read(&[own], None), Err(WrongClient::RedirectUri), "nobody knows whose");
        assert_eq!(read(&[own], hint("gone")), Err(WrongClient::RedirectUri));
        assert_eq!(read(&[own, own, ("client_id", "school")], None), Err(WrongClient::RedirectUri), "twice");
        assert_eq!(read(&[("client_id", "other")], hint("school")), Err(WrongClient::Client), "two products");
        for wrong in ["https://app.example/cb", "https://app.example/bye/", "https://evil.example", "//evil.example", "/"] {
            assert_eq!(
                read(&[("client_id", "school"), ("post_logout_redirect_uri", wrong)], None),
                Err(WrongClient::RedirectUri),
                "{wrong}"
            );
        }
        let named = |all: &[(&str, &str)], hint| read(all, hint).unwrap().client;
        assert_eq!(named(&[("client_id", "school"), own], None), named(&[], hint("school")));
        assert!(named(&[], hint("school")).is_some());
        assert_eq!(read(&[("client_id", "school")], None), read(&[("client_id", "nobody")], None), "nobody learns which ids there are");
        assert_eq!(read(&[("client_id", "nobody"), own], None), Err(WrongClient::RedirectUri));
        assert!(read(&[], None).is_ok_and(|request| request.asks(7)));
        assert!(read(&[], hint("school")).is_ok_and(|request| !request.asks(7) && request.asks(8)));
    }
}
