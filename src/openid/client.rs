//! Products that sign people in by us.

use super::scope::Scopes;
use crate::journey::Kind;
use std::fmt;
use std::sync::Arc;
use time::Duration;

/// The longest id of a client, in characters.
const LONGEST_ID: usize = 100;
/// The longest address, in bytes.
const LONGEST_URI: usize = 2000;

/// The public name of a client in the protocol.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientId(String);

impl ClientId {
    /// Reads an id: letters, digits, `-`, `.`, `_`.
    pub fn parse(text: &str) -> Option<Self> {
        let good = (1..=LONGEST_ID).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'));
        good.then(|| Self(text.to_owned()))
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why an address may not be registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RedirectUriError {
    /// It is empty, too long, or has characters that no address has.
    Shape,
    /// It has a fragment (RFC 6749 §3.1.2).
    Fragment,
    /// It has a user or password in it.
    User,
    /// It is neither https, nor of this machine, nor of an app's own scheme such as `com.example.app:/cb` (RFC 8252 §7).
    Scheme,
}

/// An address to which a client has people sent back. It is compared as it is written (RFC 9700 §2.1); only the port of a
/// loopback address is free (RFC 8252 §7.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedirectUri(String);

impl RedirectUri {
    /// Reads an address that is to be registered.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, RedirectUriError> {
        let shape =
            |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' | b'*');
        if text.is_empty() || text.len() > LONGEST_URI || !text.bytes().all(shape) {
            return Err(RedirectUriError::Shape);
        }
        if text.contains('#') {
            return Err(RedirectUriError::Fragment);
        }
        let (scheme, rest) = text.split_once(':').ok_or(RedirectUriError::Shape)?;
        let uri = Self(text.to_owned());
        if let Some(authority) = uri.authority() {
            if authority.contains('@') {
                return Err(RedirectUriError::User);
            }
            if authority.is_empty() || authority.starts_with(':') {
                return Err(RedirectUriError::Shape);
            }
        }
        let of_app = scheme.contains('.')
            && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+'));
        match scheme {
            "https" if rest.starts_with("//") => Ok(uri),
            "http" if rest.starts_with("//") && uri.is_of_this_machine() => Ok(uri),
            _ if of_app && rest.starts_with('/') => Ok(uri),
            _ => Err(RedirectUriError::Scheme),
        }
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Host and port.
    fn authority(&self) -> Option<&str> {
        let (_, rest) = self.0.split_once("://")?;
        rest.split(['/', '?']).next()
    }

    fn is_of_this_machine(&self) -> bool {
        let host = self.authority().map(|authority| match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => host,
            _ => authority,
        });
        matches!(host, Some("127.0.0.1" | "[::1]" | "localhost"))
    }

    /// Returns whether an address that a request names is this one.
    pub fn is(&self, asked: &str) -> bool {
        self.0 == asked || matches!((loopback(&self.0), loopback(asked)), (Some(own), Some(asked)) if own == asked)
    }

    /// `https://app.example`, as browsers send it in `Origin`; `None`: an app's own scheme.
    pub fn origin(&self) -> Option<String> {
        let scheme = self.0.split(':').next().filter(|scheme| matches!(*scheme, "http" | "https"))?;
        let authority = self.authority()?.to_ascii_lowercase();
        let usual = if scheme == "https" { ":443" } else { ":80" };
        Some(format!("{scheme}://{}", authority.strip_suffix(usual).unwrap_or(&authority)))
    }

    /// What a policy of contents calls where this leads.
    pub fn source(&self) -> String {
        match (loopback(&self.0), self.origin()) {
            // A policy knows no address of IPv6 in brackets.
            (Some(("[::1]", _)), _) => "http:".to_owned(),
            (Some((host, _)), _) => format!("http://{host}:*"),
            (None, Some(origin)) => origin,
            (None, None) => format!("{}:", self.0.split(':').next().unwrap_or_default()),
        }
    }
}

/// The host of an address of the loopback interface, and what follows its port.
fn loopback(uri: &str) -> Option<(&str, &str)> {
    let rest = uri.strip_prefix("http://")?;
    let host = ["127.0.0.1", "[::1]"].into_iter().find(|host| rest.starts_with(host))?;
    let after = &rest[host.len()..];
    let after = match after.strip_prefix(':') {
        Some(port) => {
            let digits = port.bytes().take_while(u8::is_ascii_digit).count();
            port[..digits].parse::<u16>().ok().filter(|port| *port > 0)?;
            &port[digits..]
        }
        None => after,
    };
    (after.is_empty() || after.starts_with(['/', '?'])).then_some((host, after))
}

/// What signs the tokens of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256: what every library understands.
    Rs256,
    /// Ed25519.
    EdDsa,
}

impl Algorithm {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Rs256, Self::EdDsa];

    /// The name in the protocol (RFC 7518, RFC 8037).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::EdDsa => "EdDSA",
        }
    }

    /// The algorithm of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|alg| alg.as_str() == name)
    }
}

/// A product as people know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// What it is called.
    pub name: String,
    /// The address of its logo; `None`: it has none.
    pub logo: Option<String>,
}

/// The logo of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logo {
    /// An SVG without anything that runs or loads.
    pub svg: String,
    /// Where it is served, below [`Logo::FOLDER`]. It changes with the logo, and nobody makes it of a logo that they know: it would say
    /// which products there are.
    pub address: String,
}

impl Logo {
    /// Where all of them are.
    pub const FOLDER: &str = "/logos/";
}

/// A product that signs people in by us.
#[derive(Debug, Clone)]
pub struct Client {
    /// Its name in the protocol.
    pub id: ClientId,
    /// What people call it.
    pub name: String,
    /// What stands beside the name.
    pub logo: Option<Logo>,
    /// SHA-256 of its secret; `None`: a public client, which has none.
    pub secret_hash: Option<[u8; 32]>,
    /// Where people are sent back to. Never empty.
    pub redirect_uris: Vec<RedirectUri>,
    /// Where people may be sent to after they signed out.
    pub post_logout_redirect_uris: Vec<RedirectUri>,
    /// What it may ask for.
    pub scopes: Scopes,
    /// It is the operator's own, so that nobody is asked whether it may.
    pub trusted: bool,
    /// Who is let in. Never empty.
    pub kinds: Vec<Kind>,
    /// What signs its tokens.
    pub algorithm: Algorithm,
    /// Whom its access tokens are for.
    pub audience: String,
    /// How long its access tokens live.
    pub token_lifetime: Duration,
}

impl Client {
    /// Returns what people see of it.
    pub fn product(&self) -> Product {
        Product { name: self.name.clone(), logo: self.logo.as_ref().map(|logo| logo.address.clone()) }
    }

    /// Returns whether people may be sent to this address.
    pub fn knows(&self, redirect_uri: &str) -> bool {
        self.redirect_uris.iter().any(|known| known.is(redirect_uri))
    }

    /// Returns whether people may be sent to this address after they signed out.
    pub fn knows_after_logout(&self, uri: &str) -> bool {
        self.post_logout_redirect_uris.iter().any(|known| known.is(uri))
    }

    /// What is still given of what was: its settings may have been narrowed since.
    #[must_use]
    pub fn still_gives(&self, given: &Scopes) -> Scopes {
        given.within(&self.scopes)
    }

    /// What a policy of contents calls where one of its addresses leads; `None`: it is none of its addresses.
    pub fn source_of(&self, uri: &str) -> Option<String> {
        self.redirect_uris.iter().chain(&self.post_logout_redirect_uris).find(|known| known.is(uri)).map(RedirectUri::source)
    }

    /// The origins of its pages.
    pub fn origins(&self) -> impl Iterator<Item = String> + '_ {
        self.redirect_uris.iter().filter_map(RedirectUri::origin)
    }
}

/// All clients.
#[derive(Debug, Clone, Default)]
pub struct Clients(Arc<[Client]>);

impl Clients {
    /// These clients; each id once.
    pub fn new(clients: Vec<Client>) -> Self {
        Self(clients.into())
    }

    /// The client with this id.
    pub fn find(&self, id: &str) -> Option<&Client> {
        self.0.iter().find(|client| client.id.as_str() == id)
    }

    /// The logo at this address.
    pub fn logo_at(&self, address: &str) -> Option<&Logo> {
        self.iter().filter_map(|client| client.logo.as_ref()).find(|logo| logo.address == address)
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &Client> {
        self.0.iter()
    }

    /// Returns whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns whether a page of this origin belongs to one of them.
    pub fn know_origin(&self, origin: &str) -> bool {
        self.iter().flat_map(Client::origins).any(|own| own == origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_that_only_the_product_can_read() {
        for good in [
            "https://app.example/cb",
            "https://app.example/cb?x=1",
            "http://127.0.0.1/cb",
            "http://[::1]:8080/cb",
            "http://localhost:3000/cb",
            "com.example.app:/cb",
        ] {
            assert!(RedirectUri::parse(good).is_ok(), "{good}");
        }
        for (bad, why) in [
            ("", RedirectUriError::Shape),
            ("app.example/cb", RedirectUriError::Shape),
            ("https://app.example/*", RedirectUriError::Shape),
            ("https://app.example\\@evil.example", RedirectUriError::Shape),
            ("https://:443/cb", RedirectUriError::Shape),
            ("https://app.example/cb#x", RedirectUriError::Fragment),
            ("https://app.example@evil.example/cb", RedirectUriError::User),
            ("http://app.example/cb", RedirectUriError::Scheme),
            ("http://127.0.0.1.evil.example/cb", RedirectUriError::Scheme),
            ("javascript:alert(1)", RedirectUriError::Scheme),
            ("data:text/html,x", RedirectUriError::Scheme),
            ("https:app.example", RedirectUriError::Scheme),
            ("//app.example/cb", RedirectUriError::Shape),
        ] {
            assert_eq!(RedirectUri::parse(bad), Err(why), "{bad}");
        }
    }

    #[test]
    fn an_address_is_compared_as_it_is_written_but_for_the_port_of_this_machine() {
        let own = RedirectUri::parse("https://app.example/cb").unwrap();
        assert!(own.is("https://app.example/cb"));
        for other in [
            "https://app.example/cb/",
            "https://app.example/cb?x",
            "https://APP.example/cb",
            "https://app.example:443/cb",
            "https://app.example/%63b",
            "https://app.example/../cb",
            "https://app.example.evil.example/cb",
            "https://app.example/cb#",
            " https://app.example/cb",
        ] {
            assert!(!own.is(other), "{other}");
        }
        let here = RedirectUri::parse("http://127.0.0.1:1/cb").unwrap();
        assert!(here.is("http://127.0.0.1/cb") && here.is("http://127.0.0.1:51004/cb"));
        for other in [
            "http://127.0.0.1:0/cb",
            "http://127.0.0.1:65536/cb",
            "http://127.0.0.1:1@evil.example/cb",
            "http://127.0.0.1:/cb",
            "http://127.0.0.1.evil.example/cb",
            "https://127.0.0.1/cb",
            "http://localhost/cb",
            "http://[::1]/cb",
            "http://127.0.0.1/cb2",
        ] {
            assert!(!here.is(other), "{other}");
        }
        let by_name = RedirectUri::parse("http://localhost:3000/cb").unwrap();
        assert!(!by_name.is("http://localhost:3001/cb"), "a name may lead elsewhere");
    }

    #[test]
    fn the_origin_of_an_address_is_what_browsers_send() {
        let origin = |uri| RedirectUri::parse(uri).unwrap().origin();
        assert_eq!(origin("https://App.example:443/cb").as_deref(), Some("https://app.example"));
        assert_eq!(origin("http://127.0.0.1:5000?x").as_deref(), Some("http://127.0.0.1:5000"));
        assert_eq!(origin("com.example.app:/cb"), None);
    }
}
