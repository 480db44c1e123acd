//! `/photos/{id}`: profile photos. The id is 256 random bits: whoever has the address may see the photo. A new photo has a new id.

use crate::http::contract::Contract;
use crate::http::state::AppState;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use portaria::error::Refusal;

/// Nothing in the photo can run, wherever it is opened (ASVS 3.2.1, 3.5.8): its image type is fixed, browsers may not guess
/// another, and it is sandboxed. Other products may show it on their pages, because cookies make no difference. Browsers may keep
/// it for ever: another photo has another address.
pub async fn photo(State(state): State<AppState>, path: Result<Path<String>, PathRejection>, contract: Contract) -> Response {
    let Some(id) = path.ok().map(|Path(id)| id).filter(|id| is_id(id)) else {
        return contract.refuse(&Refusal::NotFound);
    };
    match state.accounts.photo(&id).await {
        Ok(photo) => {
            let name = if photo.content_type == "image/png" { "inline; filename=\"foto.png\"" } else { "inline; filename=\"foto.jpg\"" };
            let headers = [
                (header::CONTENT_TYPE, photo.content_type),
                (header::CONTENT_DISPOSITION, name),
                (header::CACHE_CONTROL, "private, max-age=31536000, immutable"),
                (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
                (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
            ];
            (headers, photo.bytes).into_response()
        }
        Err(refusal) => contract.refuse(&refusal),
    }
}

/// Returns whether this has the form of a photo's id ([`crate::entropy::token`]). Anything else is refused without a query.
fn is_id(text: &str) -> bool {
    text.len() == 43 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}
