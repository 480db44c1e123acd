//! Who asks, from where, with which credentials: read once per request.

use crate::site::Site;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;
use ipnet::IpNet;
use portaria::session::{Cookie, Requester, Token};
use portaria::text::Language;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// A longer User-Agent is cut: it is kept beside sessions and in the audit.
const LONGEST_USER_AGENT: usize = 300;

/// What the door needs to know of a request.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// Who asks.
    pub who: Requester,
    /// The language that the person chose; Portuguese otherwise.
    pub language: Language,
}

/// Notes who asks.
pub async fn note(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip());
    let headers = request.headers();
    let cookie = |cookie: Cookie| {
        let values = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        cookie.read(values, site.secure_cookies)
    };
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let who = Requester {
        address: client_address(peer, headers, &site.trusted_proxies),
        user_agent: text(header::USER_AGENT).unwrap_or_default().chars().take(LONGEST_USER_AGENT).collect(),
        session: cookie(Cookie::Session),
        bearer: text(header::AUTHORIZATION).and_then(bearer),
        signup: cookie(Cookie::Signup),
        proof: cookie(Cookie::Proof),
        device: cookie(Cookie::Device).filter(is_of_ours),
    };
    let language = cookie(Cookie::Language).map(|tag| Language::from_tag(tag.expose())).unwrap_or_default();
    request.extensions_mut().insert(Visitor { who, language });
    next.run(request).await
}

/// Whether a device cookie can be one that was given out here: 256 bits in URL-safe base64.
fn is_of_ours(device: &Token) -> bool {
    let device = device.expose();
    device.len() == 43 && device.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-' || c == b'_')
}

/// The token of `Authorization: Bearer …` (RFC 6750; the scheme in any case).
fn bearer(value: &str) -> Option<Token> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| Token::new(token.trim()))
}

/// The client's address. `X-Forwarded-For` is read only when the peer is a trusted proxy, from the right, past further
/// trusted ones: what a client writes into it itself stands further left and is never reached (ASVS 4.1.3).
fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|net| net.contains(&address.to_canonical()) || net.contains(&address));
    let mut address = peer;
    let forwarded: Vec<&str> =
        headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).collect();
    for hop in forwarded.into_iter().rev() {
        if !is_trusted(address) {
            break;
        }
        let Some(parsed) = parse_hop(hop.trim()) else { break };
        address = parsed;
    }
    address.to_canonical()
}

/// An address of the header, with or without a port.
fn parse_hop(hop: &str) -> Option<IpAddr> {
    hop.parse().ok().or_else(|| hop.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(peer: &str, forwarded: &str, trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        if !forwarded.is_empty() {
            headers.insert("x-forwarded-for", forwarded.parse().expect("a header"));
        }
        let trusted: Vec<IpNet> = trusted.iter().map(|net| net.parse().expect("a net")).collect();
        client_address(peer.parse().expect("an address"), &headers, &trusted).to_string()
    }

    #[test]
    fn a_header_from_a_stranger_is_not_believed() {
        assert_eq!(address("203.0.113.9", "198.51.100.1", &["127.0.0.1/32"]), "203.0.113.9");
    }

    #[test]
    fn behind_a_trusted_proxy_the_last_untrusted_hop_counts() {
        assert_eq!(address("127.0.0.1", "198.51.100.1", &["127.0.0.1/32"]), "198.51.100.1");
        assert_eq!(address("127.0.0.1", "1.2.3.4, 198.51.100.1, 10.0.0.7", &["127.0.0.1/32", "10.0.0.0/8"]), "198.51.100.1");
        assert_eq!(address("::ffff:127.0.0.1", "198.51.100.1:4711", &["127.0.0.1/32"]), "198.51.100.1");
        assert_eq!(address("127.0.0.1", "not an address", &["127.0.0.1/32"]), "127.0.0.1");
    }

    #[test]
    fn a_bearer_is_read_in_any_case() {
        assert_eq!(bearer("bearer abc"), Some(Token::new("abc")));
        assert_eq!(bearer("Basic abc"), None);
    }
}
