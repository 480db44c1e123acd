//! The parsers that strangers reach and nobody else needs by name, for the fuzz targets (`fuzz/targets`): each of these is one
//! call to what requests go through, and decides nothing.

use crate::http::requester;
use crate::photos::walked;
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

/// Width and height of an upload, as its header has them; `None` if it is no photo, or of a sort that is not taken.
pub fn photo_size(bytes: &[u8]) -> Option<(u32, u32)> {
    walked::size(bytes)
}

/// An upload without what its picture does not need, as a decoder sees it; `None` if it is no whole photo.
pub fn photo_bare(bytes: &[u8]) -> Option<Vec<u8>> {
    walked::bare(bytes)
}
