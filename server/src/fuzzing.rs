//! The parsers that strangers reach and nobody else needs by name, for the fuzz targets (`fuzz/targets`): each of these is one
//! call to what requests go through, and decides nothing.

use crate::http::requester;
use axum::http::HeaderMap;
use ipnet::IpNet;
use portaria::session::Token;
use std::net::IpAddr;

/// The address that a request counts for, of its peer and its `X-Forwarded-For` headers.
pub fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    requester::client_address(peer, headers, trusted)
}

/// The token of an `Authorization` header.
pub fn bearer(value: &str) -> Option<Token> {
    requester::bearer(value)
}
