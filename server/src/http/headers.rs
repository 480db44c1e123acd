//! Security headers of every response (docs/standards.md#headers; ASVS 3.4).

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

const CROSS_ORIGIN_OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

/// The policy of everything but pages: load nothing. Pages set their own.
pub const NOTHING: HeaderValue =
    HeaderValue::from_static("default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");

fn unless_set(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    headers.entry(name).or_insert(value);
}

/// Sets each header that the handler has not set. `secure`: `PUBLIC_URL` is https.
pub fn set(headers: &mut HeaderMap, secure: bool) {
    unless_set(headers, header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    unless_set(headers, header::CONTENT_SECURITY_POLICY, NOTHING);
    unless_set(headers, header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    unless_set(headers, header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    unless_set(headers, CROSS_ORIGIN_OPENER_POLICY, HeaderValue::from_static("same-origin"));
    unless_set(headers, CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
    let permissions = HeaderValue::from_static("geolocation=(), camera=(), microphone=(), otp-credentials=(self)");
    unless_set(headers, PERMISSIONS_POLICY, permissions);
    if secure {
        unless_set(headers, header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=63072000; includeSubDomains"));
    }
}
