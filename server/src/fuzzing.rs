//! Parsers of untrusted input that are private otherwise, for the fuzz targets (`fuzz/targets`). Each function is one call
//! to the code that requests go through, and decides nothing.

use crate::http::requester;
use crate::passwords::argon2id::{self, Cost};
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

/// The Argon2id tags of the same input by both crates; `None` where one refuses its parameters.
pub fn argon2id_tags(
    (memory_kib, passes, lanes): (u32, u32, u32),
    password: &[u8],
    salt: &[u8],
    length: usize,
) -> (Option<Vec<u8>>, Option<Vec<u8>>) {
    argon2id::both(Cost { memory_kib, passes, lanes }, password, salt, length)
}
