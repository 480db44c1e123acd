//! `/oauth/userinfo`: what an access token tells (OpenID Connect Core §5.3).

use super::{error, parameters, refused};
use crate::http::media;
use crate::http::requester::RequestContext;
use crate::http::state::AppState;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use portaria::openid::Error;
use portaria::session::Token;

pub async fn claims(
    State(state): State<AppState>,
    Extension(context): Extension<RequestContext>,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let form = if method == Method::POST && media::is_form(&headers) { parameters(&body) } else { Vec::new() };
    let mut in_form = form.iter().filter(|(name, _)| name == "access_token").map(|(_, value)| Token::new(value.clone()));
    match (context.who.bearer.clone(), in_form.next(), in_form.next()) {
        // RFC 6750 §2: one method, once.
        (Some(_), Some(_), _) | (_, _, Some(_)) => told(Error::request("the access token is there twice")),
        (Some(access), None, None) | (None, Some(access), None) => match state.openid.claims(&access).await {
            Ok(Ok(claims)) => Json(claims).into_response(),
            Ok(Err(wrong)) => told(wrong),
            Err(refusal) => refused(&refusal),
        },
        (None, None, None) => {
            // Whoever sends none is told no more than what is missing (RFC 6750 §3.1).
            let mut response = error(Error::new(portaria::openid::ErrorCode::InvalidToken, "there is no access token"));
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            response
        }
    }
}

fn told(wrong: Error) -> Response {
    let mut response = error(wrong);
    let value = format!("Bearer error=\"{}\", error_description=\"{}\"", wrong.code.as_str(), wrong.description);
    if let Ok(value) = HeaderValue::from_str(&value) {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
    }
    response
}
