//! One file per page. A page is put together from components; what a journey asks comes from its data.

mod dashboard;
mod home;
mod links;
mod login;
mod not_found;
mod register;
mod terms;
mod wizard;

pub use dashboard::Dashboard;
pub use home::Home;
pub use links::{Continue, ResendVerification, Verify};
pub use login::Login;
pub use not_found::NotFound;
pub use register::Register;
pub use terms::Terms;
pub use wizard::{VerifyEmail, Wizard};
