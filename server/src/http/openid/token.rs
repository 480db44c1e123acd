//! `/oauth/token` and what concerns tokens: products exchange codes and refresh tokens (RFC 6749 §3.2), revoke and look into them.

use super::{error, parameters, refused};
use crate::http::media;
use crate::http::requester::RequestContext;
use crate::http::state::AppState;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use portaria::openid::{AboutToken, Error, ErrorCode, TokenRequest, Tokens};
use portaria::session::Token;
use serde_json::json;

pub async fn exchange(
    State(state): State<AppState>,
    Extension(context): Extension<RequestContext>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut response = with_scheme(match asked(&headers, &body) {
        Err(wrong) => error(wrong),
        Ok(request) => match state.openid.exchange(&context.who, request).await {
            Ok(Ok(tokens)) => given(&tokens),
            Ok(Err(wrong)) => error(wrong),
            Err(refusal) => refused(&refusal),
        },
    });
    response.headers_mut().insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    response
}

fn given(Tokens { access, id, refresh, expires_in, scopes }: &Tokens) -> Response {
    let mut body = json!({
        "access_token": access.expose(),
        "token_type": "Bearer",
        "expires_in": expires_in,
        "scope": scopes.to_string(),
        "id_token": id.expose(),
    });
    if let Some(refresh) = refresh {
        body["refresh_token"] = refresh.expose().into();
    }
    Json(body).into_response()
}

/// `/oauth/revoke` (RFC 7009): 200 whatever the token is.
pub async fn revoke(
    State(state): State<AppState>,
    Extension(context): Extension<RequestContext>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    with_scheme(match about(&headers, &body) {
        Err(wrong) => error(wrong),
        Ok(about) => match state.openid.revoke(&context.who, about).await {
            Ok(Ok(())) => StatusCode::OK.into_response(),
            Ok(Err(wrong)) => error(wrong),
            Err(refusal) => refused(&refusal),
        },
    })
}

/// `/oauth/introspect` (RFC 7662): for products with a secret.
pub async fn introspect(State(state): State<AppState>, headers: HeaderMap, body: Bytes) -> Response {
    with_scheme(match about(&headers, &body) {
        Err(wrong) => error(wrong),
        Ok(about) => match state.openid.introspect(about).await {
            Ok(Ok(Some(told))) => Json(told).into_response(),
            Ok(Ok(None)) => Json(json!({ "active": false })).into_response(),
            Ok(Err(wrong)) => error(wrong),
            Err(refusal) => refused(&refusal),
        },
    })
}

/// Says how a client shows who it is, where that was wrong (RFC 6749 §5.2).
fn with_scheme(mut response: Response) -> Response {
    if response.status() == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"portaria\", charset=\"UTF-8\""));
    }
    response
}

fn form<'a>(headers: &HeaderMap, body: &'a [u8]) -> Result<&'a [u8], Error> {
    let wrong = Error::request("the body is no form (application/x-www-form-urlencoded)");
    if media::is_form(headers) { Ok(body) } else { Err(wrong) }
}

fn about(headers: &HeaderMap, body: &[u8]) -> Result<AboutToken, Error> {
    AboutToken::read(&parameters(form(headers, body)?), basic(headers)?)
}

fn asked(headers: &HeaderMap, body: &[u8]) -> Result<TokenRequest, Error> {
    TokenRequest::read(&parameters(form(headers, body)?), basic(headers)?)
}

/// The id and the secret of `Authorization: Basic`, each encoded as in a form (RFC 6749 §2.3.1).
fn basic(headers: &HeaderMap) -> Result<Option<(String, Token)>, Error> {
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = all.next() else { return Ok(None) };
    let wrong = Error::new(ErrorCode::InvalidClient, "Authorization is no Basic with an id and a secret");
    if all.next().is_some() {
        return Err(wrong);
    }
    let (scheme, credentials) = value.to_str().ok().and_then(|value| value.split_once(' ')).ok_or(wrong)?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(wrong);
    }
    let decoded = STANDARD.decode(credentials.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok()).ok_or(wrong)?;
    let (id, secret) = decoded.split_once(':').ok_or(wrong)?;
    Ok(Some((form_decoded(id), Token::new(form_decoded(secret)))))
}

fn form_decoded(text: &str) -> String {
    // As the name of a parameter without a value.
    let escaped = text.replace('&', "%26").replace('=', "%3D");
    url::form_urlencoded::parse(escaped.as_bytes()).next().map(|(name, _)| name.into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_and_a_secret_are_read_as_a_form_encodes_them() {
        let read = |text: &str| {
            let value = HeaderValue::from_str(&format!("Basic {}", STANDARD.encode(text))).expect("a header");
            basic(&HeaderMap::from_iter([(header::AUTHORIZATION, value)]))
        };
        let (id, secret) = read("school:a%3Ab+c%26d=e&f").expect("readable").expect("there");
        assert_eq!((id.as_str(), secret.expose()), ("school", "a:b c&d=e&f"));
        assert!(read("school").is_err() && read("").is_err());
        assert_eq!(basic(&HeaderMap::new()).map(|it| it.is_none()), Ok(true));
    }
}
