//! The id of a request. It stands in the response, in every log line of the request, and in its audit rows.

use crate::entropy;
use axum::http::{HeaderMap, HeaderName};
use uuid::Uuid;

/// The header in which a client may send an id, and in which the id is returned.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestId(pub Uuid);

impl RequestId {
    /// Takes the client's id if there is exactly one and it is a hyphenated UUID; else makes a new one. Any other text is not taken,
    /// because it would stand in the log.
    pub fn of(headers: &HeaderMap) -> Self {
        let mut named = headers.get_all(X_REQUEST_ID).iter();
        let taken = match (named.next(), named.next()) {
            (Some(name), None) => name.to_str().ok().filter(|name| name.len() == 36).and_then(|name| Uuid::try_parse(name).ok()),
            _ => None,
        };
        Self(taken.unwrap_or_else(entropy::uuid))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn of(names: &[&'static str]) -> String {
        let mut headers = HeaderMap::new();
        for name in names {
            headers.append(X_REQUEST_ID, HeaderValue::from_static(name));
        }
        RequestId::of(&headers).0.to_string()
    }

    #[test]
    fn a_uuid_of_the_caller_is_taken_and_nothing_else() {
        let own = "0190d9e6-5f3a-7c1e-8b8a-2f1f0c3d4e5f";
        assert_eq!(of(&[own]), own);
        assert_eq!(of(&["0190D9E6-5F3A-7C1E-8B8A-2F1F0C3D4E5F"]), own);
        for junk in ["", "1", "ana@example.com", "0190d9e65f3a7c1e8b8a2f1f0c3d4e5f", "{0190d9e6-5f3a-7c1e-8b8a-2f1f0c3d4e5f}"] {
            let made = of(&[junk]);
            assert_ne!(made, junk);
            assert_ne!(made, of(&[junk]), "each time a new one");
            assert_eq!(made.len(), 36);
        }
        assert_ne!(of(&[own, own]), own);
    }
}
