//! Parsers of untrusted input that are private otherwise, for the fuzz targets (`fuzz/targets`). Each function is one call
//! to the code that requests go through, and decides nothing.

use crate::http::requester;
use axum::http::HeaderMap;
use ipnet::IpNet;
use portaria::session::Token;
use std::net::IpAddr;

/// The client address of a request, from its peer and its `X-Forwarded-For` headers.
pub fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    requester::client_address(peer, headers, trusted)
}

/// The token of an `Authorization` header.
pub fn bearer(value: &str) -> Option<Token> {
    requester::bearer(value)
}
