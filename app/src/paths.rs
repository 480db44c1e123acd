//! Addresses of pages that several places lead to.

use text::PageNotice;

pub const HOME: &str = "/";
pub const LOGIN: &str = "/login";
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
pub const PROFILE_SESSIONS: &str = "/profile/sessions";

/// Where a browser goes whose session has ended.
pub fn session_ended() -> String {
    PageNotice::Ended.at(LOGIN)
}
