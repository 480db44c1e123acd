//! The OpenID provider (SPEC §15): what a product may ask for, and what it gets.
//!
//! ```text
//! GET /oauth/authorize ─► AuthorizationRequest::read
//!    │ the client or its address is wrong ──────────────► a page, 400; nobody is sent anywhere
//!    │ anything else is wrong ──────────────────────────► back to the product with an error
//!    ▼
//! decide(request, what is known of the browser)
//!    │ Refuse ──────────────────────────────────────────► back to the product with an error
//!    │ Ask(SignIn | SignUp | Complete | Terms | Consent) ► the request is kept; the person goes through our pages, by
//!    │        ▲                                           whatever way, and every way ends at the dashboard
//!    │        └── the dashboard asks again ◄──────────────┘
//!    │ Ask(OtherKind) ──────────────────────────────────► a page that says so, with the way back to the product
//!    ▼
//! Grant: a code (60 s, once) ─► POST /oauth/token ─► tokens, in force as long as the session
//!                                  │ a second use of the code
//!                                  ▼
//!                               everything that came of it ends
//! ```

mod claims;
mod client;
mod decide;
mod error;
mod logout;
#[cfg(feature = "service")]
mod provider;
mod request;
mod scope;
mod share;
mod wish;

pub use claims::{Claims, claims_of};
pub use client::{Algorithm, Client, ClientId, Clients, Logo, Product, RedirectUri, RedirectUriError};
pub use decide::{Ask, Next, Person, Situation, decide};
pub use error::{Error, ErrorCode, Rejected, WrongClient};
pub use logout::{Hint, LogoutRequest};
#[cfg(feature = "service")]
pub use provider::{
    AboutToken, Agreed, CodeExchange, Consent, Credentials, Exchange, Introspection, Kept, Provider, SignOut, Step, TokenRequest, Tokens,
};
pub use request::{AuthorizationRequest, Challenge};
pub use scope::{Scope, Scopes};
pub use share::Share;
pub use wish::{Asked, Meant, Prompt};

use crate::signup::SIGNUP_LIFETIME;
use time::Duration;

/// How long a code may wait to be exchanged.
pub const CODE_LIFETIME: Duration = Duration::seconds(60);
/// How long a request waits for its person: as long as a sign-up, which makes it wait longer whenever it is changed.
pub const REQUEST_LIFETIME: Duration = SIGNUP_LIFETIME;

/// How somebody showed who they are, as products are told.
pub const fn acr(by_code: bool) -> &'static str {
    if by_code { "urn:portaria:code" } else { "urn:portaria:pwd" }
}
