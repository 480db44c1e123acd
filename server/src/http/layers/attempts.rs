//! Attempts that were refused before any use case saw them: a body that is no JSON, or too large, a value of a wrong type. Each is audited as
//! any other (SPEC §9, §16), in this one place; what a use case refuses, it audits itself.

use crate::http::requester::RequestContext;
use crate::http::routes::Access;
use crate::http::state::AppState;
use crate::http::{outcome, routes};
use crate::seen;
use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use axum::response::Response;
use portaria::audit::Event;
use portaria::error::Refusal;
use portaria::session::Requester;

/// What a route of the API attempts. `None`: it only reads, or ends the session of whoever asks.
pub fn event(method: &Method, path: &str) -> Option<Event> {
    if *method == Method::GET || *method == Method::HEAD {
        return None;
    }
    Some(match path {
        "/api/auth/register/teacher" | "/api/auth/register/client" | "/api/register" | "/auth/register" => Event::UserCreated,
        "/api/auth/phone/verify"
        | "/api/email-verification/verify"
        | "/api/auth/profile/phone/verify"
        | "/api/auth/profile/email/verify"
        | "/api/auth/recovery/verify" => Event::ProofFailed,
        "/api/auth/verify-email" => Event::EmailProved,
        "/api/auth/phone/resend"
        | "/api/auth/login/code"
        | "/api/resend-verification"
        | "/api/email-verification/resend-code"
        | "/api/auth/profile/phone"
        | "/api/auth/profile/email" => Event::ProofSent,
        "/api/auth/login" | "/auth/login" | "/api/auth/login/code/verify" => Event::LoginFailed,
        "/api/auth/refresh-token" => Event::SessionRenewed,
        "/api/auth/recovery" | "/api/auth/forgot-password" => Event::RecoveryRequested,
        "/api/auth/recovery/reset" | "/api/auth/reset-password" | "/api/auth/change-password" | "/api/auth/password" => {
            Event::PasswordChangeFailed
        }
        "/api/auth/contest" => Event::ContestRequested,
        "/api/auth/contest/verify" => Event::ContestProved,
        "/api/auth/contest/keep" => Event::ContestKept,
        "/auth/registerComplete/{email}" | "/api/auth/profile" => Event::UserUpdated,
        "/api/auth/terms" => Event::TermsAccepted,
        "/api/auth/reauthenticate" => Event::Reauthenticated,
        "/api/auth/account/export" => Event::DataExported,
        "/api/auth/account/block" => Event::AccountBlocked,
        "/api/auth/account/deletion" => Event::DeletionRequested,
        "/api/auth/sessions" | "/api/auth/sessions/{id}" => Event::SessionEnded,
        _ => return None,
    })
}

/// An attempt that is under way.
pub struct Attempt {
    event: Event,
    who: Requester,
}

/// What a request attempts, if it attempts something.
pub fn of(request: &Request) -> Option<Attempt> {
    let path = request.extensions().get::<MatchedPath>()?;
    let route = routes::find(request.method(), path.as_str())?;
    let event = event(request.method(), route.path)?;
    let who = request.extensions().get::<RequestContext>()?.who.clone();
    // Whoever shows no session has tried nothing of its owner's.
    let may_try = route.access != Access::Session || who.bearer.is_some() || who.session.is_some();
    may_try.then_some(Attempt { event, who })
}

/// The code of the refusal, if it was refused and nobody has audited it. Who is not signed in has tried nothing, and a site that is not
/// ours is no attempt of whoever looks at it.
pub fn unread(response: &Response) -> Option<&'static str> {
    let is_open = response.status().is_client_error() && !seen::is_noted();
    is_open.then(|| outcome::of(response)).filter(|it| ![Refusal::NotSignedIn.code(), Refusal::CrossSite.code()].contains(it))
}

impl Attempt {
    pub async fn audit(&self, state: &AppState, outcome: &'static str) {
        state.accounts.note_unread(&self.who, self.event, outcome).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_that_is_no_mere_reading_is_an_attempt() {
        let mere = ["/api/auth/logout"];
        for route in routes::routes() {
            let reads = route.method == Method::GET || mere.contains(&route.path);
            assert_eq!(event(&route.method, route.path).is_none(), reads, "{} {}", route.method, route.path);
        }
    }
}
