//! One file per page. Pages are composed of components. The fields of a sign-up come from the journey's data.

mod accessibility;
pub mod code_entry;
mod complete_profile;
mod contest;
pub mod dashboard;
mod home;
mod links;
mod login;
mod not_found;
mod not_me;
mod own_phone;
mod privacy;
pub mod profile;
mod recover;
mod register;
mod reset;
mod sent;
mod sign_in_help;
mod terms;
mod undo_deletion;
mod verify;
pub mod wizard;

use leptos::prelude::WithUntracked;
use leptos_router::hooks::use_query_map;

/// Returns the token in the address of the page.
fn token() -> String {
    use_query_map().with_untracked(|query| query.get("token").unwrap_or_default())
}

pub use accessibility::Accessibility;
pub use complete_profile::CompleteProfile;
pub use contest::{Contest, DocumentMine};
pub use dashboard::Dashboard;
pub use home::Home;
pub use links::{Continue, ResendVerification};
pub use login::Login;
pub use not_found::NotFound;
pub use not_me::NotMe;
pub use profile::{Profile, ProfileData, ProfileDocument, ProfileEmail, ProfilePassword, ProfilePhone};
pub use recover::RecoverPassword;
pub use register::Register;
pub use reset::{ForgotPassword, ResetPassword};
pub use sign_in_help::SignInHelp;
pub use terms::{AcceptTermsPage, Terms};
pub use undo_deletion::UndoDeletionPage;
pub use verify::Verify;
pub use wizard::{VerifyEmail, Wizard};
