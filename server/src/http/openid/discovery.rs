//! What the provider offers (OpenID Connect Discovery 1.0, RFC 8414): what works, and nothing else.

use super::{AUTHORIZE, INTROSPECT, JWKS, LOGOUT, REVOKE, TOKEN, USERINFO};
use crate::http::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use portaria::openid::{Algorithm, Scope, acr};
use serde_json::json;

pub async fn document(State(state): State<AppState>) -> Response {
    let here = |path: &str| format!("{}{path}", state.public_url);
    let scopes: Vec<_> = Scope::ALL.iter().map(|scope| scope.as_str()).collect();
    let document = json!({
        "issuer": here(""),
        "authorization_endpoint": here(AUTHORIZE),
        "token_endpoint": here(TOKEN),
        "userinfo_endpoint": here(USERINFO),
        "end_session_endpoint": here(LOGOUT),
        "revocation_endpoint": here(REVOKE),
        "introspection_endpoint": here(INTROSPECT),
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
        "jwks_uri": here(JWKS),
        "scopes_supported": scopes,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": Algorithm::ALL.map(Algorithm::as_str),
        "token_endpoint_auth_methods_supported": ["none", "client_secret_basic", "client_secret_post"],
        "revocation_endpoint_auth_methods_supported": ["none", "client_secret_basic", "client_secret_post"],
        "introspection_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": ["none", "login", "consent", "create"],
        "acr_values_supported": [acr(false), acr(true)],
        "ui_locales_supported": ["pt-BR", "en"],
        "claim_types_supported": ["normal"],
        "claims_supported": [
            "sub", "name", "preferred_username", "birthdate", "gender", "picture", "email", "email_verified", "phone_number",
            "phone_number_verified", "cpf", "cnpj", "auth_time", "acr", "nonce", "sid",
        ],
        "claims_parameter_supported": false,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "authorization_response_iss_parameter_supported": true,
    });
    ([(header::CACHE_CONTROL, "public, max-age=600")], Json(document)).into_response()
}
