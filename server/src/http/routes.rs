//! The table of the API: one row for each route of the contracts. The router is built from it, and tests loop over it.
//!
//! A row holds all that must be known of a route before its handler runs, and names what the OpenAPI document says of it. A path
//! without a row is refused in the shape of the contract with that path prefix ([`Contract::by_prefix`]).

use super::api::{auth, carona, contest, own_access, own_data, photos, profile, recovery, registration};
use super::contract::Contract::{self, Carona, Problem, Registration};
use super::operations::{self as told, Operation};
use super::pages::links;
use super::state::AppState;
use Access::{Anyone, CompletionGrant, RefreshToken, Session};
use Reads::{Form, Json, Nothing, PhotoInForm, PhotoInJson};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::http::{Method, Uri};
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, any, on};
use portaria::error::Refusal;
use std::sync::LazyLock;

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody. A token that the route needs stands in the body.
    Anyone,
    /// Requesters with a session, by cookie or access token.
    Session,
    /// Requesters with the refresh token of a live session, in the body.
    RefreshToken,
    /// Requesters who just proved the address, or have a session of its account (004).
    CompletionGrant,
}

/// How a route reads the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reads {
    /// It ignores the body.
    Nothing,
    /// A JSON object of at most [`JSON_LIMIT`](super::body::JSON_LIMIT) bytes.
    Json,
    /// The form of the page at the same path; an API client sends no body.
    Form,
    /// JSON that may hold a photo. The handler reads it, once it knows the requester.
    PhotoInJson,
    /// `multipart/form-data` that may hold a photo. The handler reads it, once it knows the requester.
    PhotoInForm,
}

impl Reads {
    /// Returns whether the handler reads the body itself, as it streams in.
    pub const fn streams(self) -> bool {
        matches!(self, PhotoInJson | PhotoInForm)
    }
}

/// A route of the API.
#[derive(Debug)]
pub struct Route {
    /// `GET` also answers `HEAD`.
    pub method: Method,
    /// With its parameters in braces.
    pub path: &'static str,
    pub contract: Contract,
    pub access: Access,
    pub reads: Reads,
    /// What the OpenAPI document says of it beyond this row.
    pub told: fn() -> Operation,
    handler: MethodRouter<AppState>,
}

fn row<T: 'static>(
    method: Method,
    path: &'static str,
    contract: Contract,
    access: Access,
    reads: Reads,
    handler: impl Handler<T, AppState>,
    told: fn() -> Operation,
) -> Route {
    // Every method in the table has a filter, so the fallback is never used.
    let filter = MethodFilter::try_from(method.clone()).unwrap_or(MethodFilter::TRACE);
    let handler = on(filter, handler);
    // The limit of a form with a photo stands in `http/multipart.rs`.
    let handler = if reads == PhotoInForm { handler.layer(DefaultBodyLimit::disable()) } else { handler };
    Route { method, path, contract, access, reads, told, handler }
}

static ROUTES: LazyLock<Vec<Route>> = LazyLock::new(|| {
    use Method as M;
    vec![
        // 000 and 003: sign-up and sign-in.
        row(M::POST, "/api/auth/register/teacher", Problem, Anyone, Json, auth::register_teacher, told::register_teacher),
        row(M::POST, "/api/auth/register/client", Problem, Anyone, Json, auth::register_client, told::register_client),
        row(M::POST, "/api/auth/phone/verify", Problem, Anyone, Json, auth::verify_phone, told::verify_phone),
        row(M::POST, "/api/auth/phone/resend", Problem, Anyone, Json, auth::resend_phone, told::resend_phone),
        row(M::GET, "/api/auth/verify-email", Problem, Anyone, Nothing, links::by_get, told::open_link),
        row(M::POST, "/api/auth/verify-email", Problem, Anyone, Form, links::by_post, told::post_link),
        row(M::POST, "/api/auth/login", Problem, Anyone, Json, auth::login, told::login),
        row(M::POST, "/api/auth/login/code", Problem, Anyone, Json, auth::ask_login_code, told::ask_login_code),
        row(M::POST, "/api/auth/login/code/verify", Problem, Anyone, Json, auth::login_by_code, told::login_by_code),
        row(M::POST, "/api/auth/logout", Problem, Session, Nothing, auth::logout, told::logout),
        row(M::POST, "/api/auth/refresh-token", Problem, RefreshToken, Json, auth::refresh, told::refresh),
        row(M::GET, "/.well-known/jwks.json", Problem, Anyone, Nothing, auth::jwks, told::jwks),
        // 002 and 003: a new password.
        row(M::POST, "/api/auth/recovery", Problem, Anyone, Json, recovery::ask, told::ask_recovery),
        row(M::POST, "/api/auth/recovery/verify", Problem, Anyone, Json, recovery::verify, told::verify_recovery),
        row(M::POST, "/api/auth/recovery/reset", Problem, Anyone, Json, recovery::reset, told::reset_by_document),
        row(M::POST, "/api/auth/forgot-password", Problem, Anyone, Json, recovery::forgot_password, told::forgot_password),
        row(M::POST, "/api/auth/reset-password", Problem, Anyone, Json, recovery::reset_password, told::reset_password),
        row(M::PATCH, "/api/auth/change-password", Problem, Session, Json, recovery::change_password, told::change_password),
        // Contesting a document that another account has.
        row(M::POST, "/api/auth/contest", Problem, Anyone, Json, contest::ask, told::ask_contest),
        row(M::POST, "/api/auth/contest/verify", Problem, Anyone, Json, contest::verify, told::verify_contest),
        row(M::POST, "/api/auth/contest/keep", Problem, Anyone, Json, contest::keep, told::keep_document),
        // 001.
        row(M::POST, "/api/register", Registration, Anyone, Json, registration::register, told::register),
        row(M::POST, "/api/resend-verification", Registration, Anyone, Json, registration::resend, told::resend_link),
        // 004.
        row(M::POST, "/auth/register", Carona, Anyone, Json, carona::register, told::carona_register),
        row(M::POST, "/api/email-verification/verify", Carona, Anyone, Json, carona::verify, told::carona_verify),
        row(M::POST, "/api/email-verification/resend-code", Carona, Anyone, Json, carona::resend, told::carona_resend),
        row(M::POST, "/auth/registerComplete/{email}", Carona, CompletionGrant, PhotoInForm, carona::complete, told::carona_complete),
        row(M::POST, "/auth/login", Carona, Anyone, Json, carona::login, told::carona_login),
        // Meu Perfil.
        row(M::GET, "/api/auth/profile", Problem, Session, Nothing, profile::profile, told::show_profile),
        row(M::PATCH, "/api/auth/profile", Problem, Session, PhotoInJson, profile::update, told::update_profile),
        row(M::POST, "/api/auth/profile/phone", Problem, Session, Json, profile::ask_phone, told::ask_own_phone),
        row(M::POST, "/api/auth/profile/phone/verify", Problem, Session, Json, profile::verify_own_phone, told::verify_own_phone),
        row(M::POST, "/api/auth/profile/email", Problem, Session, Json, own_access::ask_email, told::ask_own_email),
        row(M::POST, "/api/auth/profile/email/verify", Problem, Session, Json, own_access::verify_email, told::verify_own_email),
        row(M::POST, "/api/auth/password", Problem, Session, Json, own_access::first_password, told::first_password),
        row(M::POST, "/api/auth/terms", Problem, Session, Json, own_access::accept_terms, told::accept_terms),
        row(M::POST, "/api/auth/reauthenticate", Problem, Session, Json, own_access::reauthenticate, told::reauthenticate),
        row(M::POST, "/api/auth/account/export", Problem, Session, Nothing, own_data::export, told::export_data),
        row(M::POST, "/api/auth/account/block", Problem, Session, Nothing, own_data::block, told::block),
        row(M::POST, "/api/auth/account/deletion", Problem, Session, Nothing, own_data::ask_deletion, told::ask_deletion),
        row(M::GET, "/api/auth/sessions", Problem, Session, Nothing, profile::sessions, told::list_sessions),
        row(M::DELETE, "/api/auth/sessions", Problem, Session, Nothing, profile::end_others, told::end_sessions),
        row(M::DELETE, "/api/auth/sessions/{id}", Problem, Session, Nothing, profile::end, told::end_session),
        row(M::GET, "/photos/{id}", Problem, Anyone, Nothing, photos::photo, told::photo),
    ]
});

pub fn routes() -> &'static [Route] {
    &ROUTES
}

/// The route of a request, by its method and the path template that matched.
pub fn find(method: &Method, path: &str) -> Option<&'static Route> {
    let method = if method == Method::HEAD { &Method::GET } else { method };
    routes().iter().find(|route| route.path == path && route.method == *method)
}

/// The contract of a path template, whatever the method.
pub fn contract_of(path: &str) -> Option<Contract> {
    routes().iter().find(|route| route.path == path).map(|route| route.contract)
}

/// Builds the router of the table. Unknown paths under `/api/` and `/auth/` are refused in the shape of their contract.
pub fn router() -> Router<AppState> {
    let mut router = Router::new();
    for route in routes() {
        router = router.route(route.path, route.handler.clone());
    }
    let router = router.method_not_allowed_fallback(wrong_method);
    ["/api/", "/api/{*rest}", "/auth/", "/auth/{*rest}"].into_iter().fold(router, |router, path| router.route(path, any(nothing_here)))
}

async fn wrong_method(contract: Contract) -> Response {
    contract.refuse(&Refusal::MethodNotAllowed)
}

async fn nothing_here(uri: Uri) -> Response {
    Contract::by_prefix(uri.path()).refuse(&Refusal::NotFound)
}
