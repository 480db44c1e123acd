//! The server functions. Each opens the [`Door`](crate::Door), calls one use case and says where to go next. They contain no rules.
//! A form finds its function in the table of forms ([`FORMS`](crate::FORMS)); pages ask three of them while they live, [`cities`],
//! [`password`] and [`signup_state`].

mod cities;
mod contest;
mod login;
mod password;
mod profile;
mod recovery;
mod signup;
mod state;
mod terms;

pub(crate) use cities::listed;
pub use contest::*;
pub use login::*;
pub use profile::*;
pub use recovery::*;
pub use signup::*;
pub use state::*;
pub use terms::*;
