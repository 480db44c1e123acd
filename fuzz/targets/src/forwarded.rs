//! `X-Forwarded-For` and `Authorization`.

use crate::text;
use axum::http::{HeaderMap, HeaderValue};
use ipnet::IpNet;
use server::fuzzing;
use std::net::IpAddr;

/// Input: the first byte chooses the peer, then one header per line.
pub(crate) fn forwarded(bytes: &[u8]) {
    const PEERS: [&str; 6] = ["127.0.0.1", "::ffff:127.0.0.1", "10.1.2.3", "203.0.113.9", "2001:db8::9", "::1"];
    let Some((peer, lines)) = bytes.split_first() else { return };
    let peer: IpAddr = PEERS[usize::from(*peer) % PEERS.len()].parse().unwrap();
    let trusted: Vec<IpNet> = ["127.0.0.0/8", "10.0.0.0/8", "::1/128"].map(|net| net.parse().unwrap()).to_vec();
    let is_trusted = |address: IpAddr| trusted.iter().any(|net| net.contains(&address.to_canonical()));
    let lines: Vec<&[u8]> = lines.split(|byte| *byte == b'\n').collect();
    let headers = |lines: &[&[u8]]| {
        let mut headers = HeaderMap::new();
        for value in lines.iter().filter_map(|line| HeaderValue::from_bytes(line).ok()) {
            headers.append("x-forwarded-for", value);
        }
        headers
    };
    let address = fuzzing::client_address(peer, &headers(&lines), &trusted);
    assert_eq!(address, address.to_canonical(), "one form of each address");
    if !is_trusted(peer) {
        assert_eq!(address, peer.to_canonical(), "a stranger is not believed");
    }
    if !is_trusted(address) {
        // What a client writes itself stands to the left of what the proxies append.
        let spoofed: Vec<&[u8]> = [&b"198.51.100.66"[..], b"10.0.0.9, 192.0.2.1"].into_iter().chain(lines.iter().copied()).collect();
        assert_eq!(fuzzing::client_address(peer, &headers(&spoofed), &trusted), address, "nobody chooses the own address");
    }
    for line in lines {
        let line = &*text(line);
        if let Some(token) = fuzzing::bearer(line) {
            assert!(line.contains(token.expose()) && line.get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case("bearer")));
        }
    }
}
