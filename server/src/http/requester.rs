//! The requester: address, credentials and language, read once per request.

use crate::http::cookies;
use crate::http::request_id::RequestId;
use crate::http::state::AppState;
use axum::extract::Request;
use axum::http::{HeaderMap, header};
use ipnet::IpNet;
use portaria::carried::Carried;
use portaria::session::{Cookie, Requester, Token};
use std::net::{IpAddr, SocketAddr};
use text::{Language, PageNotice};

/// In characters. A longer User-Agent is cut, because it is stored with sessions and in the audit.
const LONGEST_USER_AGENT: usize = 300;

/// The requester, and the language to respond in.
#[derive(Debug, Clone)]
pub struct RequestContext {
    pub who: Requester,
    /// What a product asked for that waits; else by the language cookie; Portuguese without one.
    pub language: Language,
    /// What the next page says of what was just done.
    pub notice: Option<PageNotice>,
    /// The step that a page of this browser is at (`pages/steps.rs`).
    pub step: Option<Token>,
}

/// Adds the [`RequestContext`] to the request's extensions.
pub fn attach(state: &AppState, peer: SocketAddr, request: &mut Request) {
    let headers = request.headers();
    let cookie = |cookie: Cookie| cookies::read(headers, cookie, state.secure_cookies);
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let who = Requester {
        request_id: request.extensions().get::<RequestId>().map(|id| id.0),
        client_ip: client_address(peer.ip(), headers, &state.trusted_proxies),
        user_agent: shortened(text(header::USER_AGENT).unwrap_or_default()).to_owned(),
        session: cookie(Cookie::Session),
        bearer: text(header::AUTHORIZATION).and_then(bearer),
        carried: cookie(Cookie::Signup).map(|cookie| Carried::read(&cookie)).unwrap_or_default(),
        signup: None,
        completion_grant: cookie(Cookie::CompletionGrant),
        device: cookie(Cookie::Device).filter(is_of_ours),
        awaited: cookie(Cookie::OpenId),
    };
    let asked = who.awaited.as_ref().and_then(|_| cookie(Cookie::AskedLanguage));
    let language = asked.or_else(|| cookie(Cookie::Language)).map(|tag| Language::from_tag(tag.expose())).unwrap_or_default();
    let notice = cookie(Cookie::Notice).and_then(|name| PageNotice::parse(name.expose()));
    let step = cookie(Cookie::Step);
    request.extensions_mut().insert(RequestContext { who, language, notice, step });
    request.extensions_mut().insert(state.site.clone());
}

fn shortened(user_agent: &str) -> &str {
    user_agent.char_indices().nth(LONGEST_USER_AGENT).map_or(user_agent, |(end, _)| &user_agent[..end])
}

/// Returns whether a device cookie has the form of ours: 256 bits in URL-safe base64.
fn is_of_ours(device: &Token) -> bool {
    let device = device.expose();
    device.len() == 43 && device.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-' || c == b'_')
}

/// The token of `Authorization: Bearer …` (RFC 6750; the scheme in any case).
pub(crate) fn bearer(value: &str) -> Option<Token> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| Token::new(token.trim()))
}

/// The client's address. `X-Forwarded-For` is read only when the peer is a trusted proxy, from right to left, past further
/// trusted proxies. What a client itself writes into it stands further left and is never reached (ASVS 4.1.3). Where a proxy does
/// not name its client (`unknown`), the proxy's own address counts. `Forwarded` (RFC 7239) is not read: a proxy that sets only
/// `X-Forwarded-For` passes on whatever a client writes into `Forwarded`.
pub(crate) fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let mut address = peer;
    for hop in hops(headers) {
        if !is_trusted(address, trusted) {
            break;
        }
        let Some(parsed) = hop else { break };
        address = parsed;
    }
    address.to_canonical()
}

/// Returns whether a request comes from this machine itself. One that was forwarded does so only if a trusted proxy says of each hop
/// where it came from: a proxy on this machine that is not trusted, or does not say it, may have forwarded it for anybody.
pub(crate) fn is_from_here(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> bool {
    let forwarded = ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"];
    let named = || {
        let hops = hops(headers);
        is_trusted(peer, trusted) && !hops.is_empty() && hops.iter().all(Option::is_some)
    };
    client_address(peer, headers, trusted).is_loopback() && (!forwarded.iter().any(|name| headers.contains_key(*name)) || named())
}

fn is_trusted(address: IpAddr, trusted: &[IpNet]) -> bool {
    trusted.iter().any(|net| net.contains(&address.to_canonical()) || net.contains(&address))
}

/// The hops of `X-Forwarded-For`, the nearest first; `None` for one that is no address.
fn hops(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    // As bytes: a client may write anything further left, and it must not hide what the proxy added.
    let forwarded: Vec<&[u8]> =
        headers.get_all("x-forwarded-for").iter().flat_map(|value| value.as_bytes().split(|byte| *byte == b',')).collect();
    let named = forwarded.into_iter().rev().map(<[u8]>::trim_ascii).filter(|hop| !hop.is_empty());
    named.map(|hop| parse_hop(&String::from_utf8_lossy(hop))).collect()
}

/// Parses an address as proxies write it: with or without quotes, port, zone, and brackets around IPv6.
fn parse_hop(hop: &str) -> Option<IpAddr> {
    let hop = hop.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(hop).trim();
    let host = match hop.strip_prefix('[') {
        Some(rest) => {
            let (host, port) = rest.split_once(']')?;
            (port.is_empty() || port.strip_prefix(':').is_some_and(is_port)).then_some(host)?
        }
        None => match hop.split_once(':') {
            // One colon precedes a port; more than one means IPv6.
            Some((host, port)) if !port.contains(':') => is_port(port).then_some(host)?,
            _ => hop,
        },
    };
    let host = host.split_once('%').map_or(host, |(host, _)| host);
    host.parse().ok()
}

/// Returns whether this is a port, or an obfuscated one (RFC 7239 §6.2).
fn is_port(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
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
    fn an_address_is_read_as_proxies_write_it() {
        for (hop, expected) in [
            ("2001:db8::7", "2001:db8::7"),
            ("[2001:db8::7]", "2001:db8::7"),
            ("[2001:DB8::7]:4711", "2001:db8::7"),
            ("\"[2001:db8::7]:4711\"", "2001:db8::7"),
            ("\"[2001:db8::7]\"", "2001:db8::7"),
            ("\"198.51.100.1\"", "198.51.100.1"),
            ("198.51.100.1:4711", "198.51.100.1"),
            ("198.51.100.1:_hidden", "198.51.100.1"),
            ("fe80::1%eth0", "fe80::1"),
            ("[fe80::1%25eth0]:80", "fe80::1"),
            ("[::ffff:198.51.100.1]", "198.51.100.1"),
            ("1.2.3.4,198.51.100.1", "198.51.100.1"),
            ("198.51.100.1, ", "198.51.100.1"),
        ] {
            assert_eq!(address("127.0.0.1", hop, &["127.0.0.1/32"]), expected, "{hop}");
        }
        for nobody in ["unknown", "_hidden", "[2001:db8::7", "2001:db8::7]", "[198.51.100.1]x", "1.2.3", "\"", "[]", ":80"] {
            assert_eq!(address("127.0.0.1", nobody, &["127.0.0.1/32"]), "127.0.0.1", "{nobody}");
        }
    }

    #[test]
    fn several_headers_are_one_list_and_what_a_client_wrote_does_not_hide_what_the_proxy_added() {
        let trusted: [IpNet; 1] = ["127.0.0.1/32".parse().expect("a net")];
        let peer = "127.0.0.1".parse().expect("an address");
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", "1.2.3.4".parse().expect("a header"));
        headers.append("x-forwarded-for", "[2001:db8::7]".parse().expect("a header"));
        assert_eq!(client_address(peer, &headers, &trusted).to_string(), "2001:db8::7");
        let latin = axum::http::HeaderValue::from_bytes(b"caf\xe9, 198.51.100.1").expect("a header");
        headers.insert("x-forwarded-for", latin);
        assert_eq!(client_address(peer, &headers, &trusted).to_string(), "198.51.100.1");
    }

    #[test]
    fn what_a_proxy_forwards_is_not_from_here_unless_it_says_so() {
        let trusted: [IpNet; 1] = ["127.0.0.1/32".parse().expect("a net")];
        let from_here = |peer: &str, lines: &[(&'static str, &str)], trusted: &[IpNet]| {
            let lines = lines.iter().map(|(name, value)| (header::HeaderName::from_static(name), value.parse().expect("a header")));
            is_from_here(peer.parse().expect("an address"), &lines.collect(), trusted)
        };
        assert!(from_here("127.0.0.1", &[], &[]) && from_here("::1", &[], &trusted) && from_here("::ffff:127.0.0.1", &[], &[]));
        assert!(!from_here("203.0.113.9", &[], &[]) && !from_here("203.0.113.9", &[("x-forwarded-for", "127.0.0.1")], &trusted));
        assert!(from_here("127.0.0.1", &[("x-forwarded-for", "127.0.0.1")], &trusted));
        for line in [
            ("x-forwarded-for", "203.0.113.9"),
            ("x-forwarded-for", "unknown, 127.0.0.1"),
            ("x-forwarded-for", ""),
            ("forwarded", "for=127.0.0.1"),
            ("via", "1.1 proxy"),
            ("x-real-ip", "127.0.0.1"),
        ] {
            assert!(!from_here("127.0.0.1", &[line], &trusted), "{line:?}");
            assert!(!from_here("127.0.0.1", &[line], &[]), "{line:?}");
        }
        assert!(!from_here("127.0.0.1", &[("x-forwarded-for", "127.0.0.1")], &[]), "anybody may write it");
    }

    #[test]
    fn a_bearer_is_read_in_any_case() {
        assert_eq!(bearer("bearer abc"), Some(Token::new("abc")));
        assert_eq!(bearer("Basic abc"), None);
    }
}
