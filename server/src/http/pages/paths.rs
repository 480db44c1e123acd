//! The pages that there are, by their paths.

use app::App;
use leptos_axum::{AxumRouteListing, generate_route_list};
use std::sync::OnceLock;

/// Opened by mail links too: answered in `links.rs`.
pub(super) const LINK_PATHS: [&str; 2] = ["/verify", "/api/auth/verify-email"];
/// Pages of a session.
pub(super) const GUARDED: [&str; 7] =
    ["/dashboard", "/complete-profile", "/profile", "/profile/password", "/profile/phone", "/profile/email", "/profile/document"];
/// Pages whose address holds a token: it must not travel in `Referer`.
pub(super) const SECRET_PATHS: [&str; 6] =
    ["/verify", "/api/auth/verify-email", "/continue", "/reset-password", "/not-me", "/document-mine"];

/// The application's routes. Made once.
pub(super) fn routes() -> &'static [AxumRouteListing] {
    static ROUTES: OnceLock<Vec<AxumRouteListing>> = OnceLock::new();
    ROUTES.get_or_init(|| generate_route_list(App))
}

/// Whether a page has this path; the segments of a route that are names in braces may be any. A path of the contracts is none,
/// also where a link opened there is shown as one.
pub fn is_page(path: &str) -> bool {
    !path.starts_with("/api/")
        && routes().iter().any(|listing| {
            let (mut route, mut asked) = (listing.path().split('/'), path.split('/'));
            loop {
                match (route.next(), asked.next()) {
                    (None, None) => return true,
                    (Some(name), Some(segment)) if name == segment || (name.starts_with('{') && !segment.is_empty()) => {}
                    _ => return false,
                }
            }
        })
}
