//! The only entry point to the use cases. JSON handlers and the server functions of the pages call the same
//! `Arc<dyn Accounts>`. It takes commands and returns views, or a [`Refusal`].

mod data_rights;
mod disputes;
mod email_proofs;
mod new_passwords;
mod profiles;
mod sessions;
mod sign_ins;
mod signups;

pub use data_rights::DataRights;
pub use disputes::Disputes;
pub use email_proofs::{EmailProofs, EmailProved};
pub use new_passwords::NewPasswords;
pub use profiles::{Photo, PhotoChange, Profiles, Upload};
pub use sessions::Sessions;
pub use sign_ins::{Admission, PasswordLogin, SignIns};
pub use signups::{SignupStarted, Signups};

use crate::audit::Event;
use crate::error::Refusal;
use crate::kinds::Kinds;
use crate::message::Channel;
use crate::session::Requester;
use crate::view::AccountView;
use async_trait::async_trait;

/// The result of every use case.
pub type Answer<T> = Result<T, Refusal>;

/// The result of a successful sign-in: in a browser, or by the API.
#[derive(Debug)]
pub struct SignedIn<C> {
    /// The account that signed in.
    pub account: AccountView,
    /// What the client keeps of the new session: [`BrowserCookies`](crate::session::BrowserCookies) or
    /// [`ApiTokens`](crate::session::ApiTokens).
    pub credential: C,
}

/// The use cases, a trait a subject. `who` is the requester.
#[async_trait]
pub trait Accounts: Signups + EmailProofs + SignIns + Sessions + Profiles + NewPasswords + Disputes + DataRights {
    /// Returns the channels that are configured.
    fn channels(&self) -> &[Channel];

    /// Returns as what people may sign up, and what they are asked.
    fn kinds(&self) -> &Kinds;

    /// Audits an attempt that was refused before any use case saw it: its body could not be read. `outcome`: the code of the refusal.
    async fn note_unread(&self, who: &Requester, event: Event, outcome: &'static str);
}
