//! Addresses of pages that several places lead to.

use crate::forms::{Onward, is_own_path};
use portaria::journey::Kind;
use text::PageNotice;
use url::form_urlencoded::byte_serialize;

pub const HOME: &str = "/";
/// What a phone shows of a page that is put on its screen.
pub const MANIFEST: &str = "/site.webmanifest";
/// Where a person chooses a kind.
pub const REGISTER: &str = "/register";
/// The page of a link that proves an address.
pub const VERIFY: &str = "/verify";
/// The same page, by the path that the contract names.
pub const API_VERIFY_EMAIL: &str = "/api/auth/verify-email";
/// Where a sign-up is taken over from another device.
pub const HAND_OFF: &str = "/continue";
pub const LOGIN: &str = "/login";
pub const LOGIN_BY_CODE: &str = "/login?by=code";
/// The sign-in of a browser that is signed in already.
pub const LOGIN_OTHER: &str = "/login?other=true";
/// Every way back in.
pub const SIGN_IN_HELP: &str = "/sign-in-help";
pub const FORGOT_PASSWORD: &str = "/forgot-password";
pub const RECOVER_PASSWORD: &str = "/recover-password";
pub const RESEND_VERIFICATION: &str = "/resend-verification";
pub const CONTEST: &str = "/contest";
pub const DASHBOARD: &str = "/dashboard";
pub const COMPLETE_PROFILE: &str = "/complete-profile";
pub const PROFILE: &str = "/profile";
pub const PROFILE_PASSWORD: &str = "/profile/password";
pub const PROFILE_PHONE: &str = "/profile/phone";
pub const PROFILE_EMAIL: &str = "/profile/email";
pub const PROFILE_DOCUMENT: &str = "/profile/document";
pub const PROFILE_DATA: &str = "/profile/data";
/// Where a stranger is put out.
pub const PROFILE_BLOCK: &str = "/profile/data#block";
/// Where the account is open.
pub const PROFILE_OPEN_ON: &str = "/profile#sessions";
/// The file of a person's own data: no page.
pub const PROFILE_DATA_FILE: &str = "/profile/data/file";
/// The products that the account agreed to: drawn beside the provider.
pub const PROFILE_PRODUCTS: &str = "/profile/products";
pub const PROFILE_SESSIONS: &str = "/profile/sessions";

pub const TERMS: &str = "/terms";
pub const TERMS_ACCEPT: &str = "/terms/accept";
pub const ACCESSIBILITY: &str = "/accessibility";

/// A version of the terms.
pub fn terms_of(version: &str) -> String {
    let version: String = byte_serialize(version.as_bytes()).collect();
    [TERMS, "?version=", &version].concat()
}

/// Where the terms in force are accepted before a person goes on to `next`.
pub fn accept_terms(next: &str) -> String {
    let next: String = byte_serialize(next.as_bytes()).collect();
    [TERMS_ACCEPT, "?next=", &next].concat()
}

/// The pages that need a session: where a sign-in may lead back to.
pub const OF_A_SESSION: [&str; 10] = [
    PROFILE,
    PROFILE_PASSWORD,
    PROFILE_PHONE,
    PROFILE_EMAIL,
    PROFILE_DATA,
    PROFILE_DOCUMENT,
    PROFILE_PRODUCTS,
    COMPLETE_PROFILE,
    DASHBOARD,
    TERMS_ACCEPT,
];

/// Returns the address of a page of a session, if it is one and not the one that a sign-in leads to anyway.
pub fn wanted(address: &str) -> Option<&str> {
    let path = address.split('?').next().unwrap_or_default();
    (is_own_path(address) && path != DASHBOARD && OF_A_SESSION.contains(&path)).then_some(address)
}

/// `path`, which leads on to `next` after signing in, if that is wanted.
pub fn leading_to(path: &str, next: &str) -> String {
    let Some(next) = wanted(next) else { return path.to_owned() };
    let next: String = byte_serialize(next.as_bytes()).collect();
    let before = if path.contains('?') { "&" } else { "?" };
    [path, before, "next=", &next].concat()
}

/// Where a browser goes that has no session for the page at this address.
pub fn sign_in_for(page: &str) -> String {
    leading_to(LOGIN, page)
}

/// The same for one whose session has ended.
pub fn session_ended(page: &str) -> Onward {
    Onward::saying(sign_in_for(page), PageNotice::Ended)
}

/// The same where a form of that page would have changed something. What it brought is not carried across the sign-in: somebody else may be
/// the next to sign in here.
pub fn session_ended_unsaved(page: &str) -> Onward {
    Onward::saying(sign_in_for(page), PageNotice::EndedUnsaved)
}

/// What the address of a page with several steps says to begin anew.
pub const ANEW: &str = "start=over";

/// Returns whether a query says so.
pub fn begins_anew(query: &str) -> bool {
    query.split('&').any(|pair| pair == ANEW)
}

/// The first step of a page with several.
pub fn anew(path: &str) -> String {
    let before = if path.contains('?') { "&" } else { "?" };
    [path, before, ANEW].concat()
}

/// The wizard of a kind.
pub fn wizard(kind: Kind) -> String {
    [REGISTER, "/", kind.journey().slug].concat()
}

/// In place of the id of a sign-up: another one is begun.
pub const NEW_SIGNUP: &str = "new";

/// A sign-up in the wizard of its kind. [`NEW_SIGNUP`] names none, so that the wizard begins another.
pub fn wizard_of(kind: Kind, signup: &str) -> String {
    let signup: String = byte_serialize(signup.as_bytes()).collect();
    [&wizard(kind), "?signup=", &signup].concat()
}

/// The first form of a sign-up, to correct it.
pub fn correction_of(kind: Kind, signup: &str) -> String {
    wizard_of(kind, signup) + "&step=details"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_leads_back_to_pages_of_a_session_and_nowhere_else() {
        assert_eq!(sign_in_for("/profile/password"), "/login?next=%2Fprofile%2Fpassword");
        assert_eq!(leading_to("/login?by=code", "/profile/data?after=1"), "/login?by=code&next=%2Fprofile%2Fdata%3Fafter%3D1");
        for other in
            ["", "/", DASHBOARD, PROFILE_DATA_FILE, "/verify?token=x", "//profile", "https://evil.example/profile", "/profile\\x", "/sf/x"]
        {
            assert_eq!(sign_in_for(other), LOGIN, "{other}");
        }
    }

    #[test]
    fn a_sign_up_is_named_in_the_address_of_its_wizard_and_nothing_is_added_by_its_name() {
        assert_eq!(wizard(Kind::Cliente), "/register/client");
        assert_eq!(wizard_of(Kind::Cliente, "new"), "/register/client?signup=new");
        assert_eq!(correction_of(Kind::Cliente, "a&b"), "/register/client?signup=a%26b&step=details");
    }
}
