//! Whether a request names this machine as its host.
//!
//! What answers this machine alone also asks by which name it was meant: another site could point its own name here (DNS rebinding),
//! and its pages could then read along in a browser that runs here.

use axum::http::uri::Authority;
use axum::http::{HeaderMap, Uri, header};
use std::net::{Ipv4Addr, Ipv6Addr};

/// Returns whether the host of a request, by its header and by its target, is an address of this machine.
pub fn names_this_machine(target: &Uri, headers: &HeaderMap) -> bool {
    let of_target = target.authority().map(Authority::as_str);
    let named = headers.get(header::HOST).and_then(|host| host.to_str().ok()).or(of_target);
    named.is_some_and(is_loopback) && of_target.is_none_or(is_loopback)
}

/// Returns whether a host, with or without port, is this machine: a loopback address, or `localhost`, which needs no resolver.
fn is_loopback(host: &str) -> bool {
    let Ok(authority) = host.parse::<Authority>() else { return false };
    if authority.as_str().contains('@') {
        return false;
    }
    let name = authority.host();
    if let Some(v6) = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return v6.parse::<Ipv6Addr>().is_ok_and(|address| address.to_canonical().is_loopback());
    }
    name.eq_ignore_ascii_case("localhost") || name.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_this_machine() {
        for here in ["127.0.0.1", "127.0.0.1:3000", "127.8.9.10:80", "localhost", "LocalHost:3000", "[::1]", "[::1]:3000"] {
            assert!(is_loopback(here), "{here}");
        }
        for elsewhere in [
            "",
            "evil.example",
            "evil.example:3000",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "127.0.0.1@evil.example",
            "evil.example@127.0.0.1",
            "0.0.0.0",
            "10.0.0.1",
            "[::]",
            "[2001:db8::7]",
            "2130706433",
            "127.1",
            "127.0.0.1, evil.example",
        ] {
            assert!(!is_loopback(elsewhere), "{elsewhere}");
        }
    }
}
