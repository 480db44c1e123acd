//! The server functions. Each opens the [`Door`](crate::Door), calls one use case and says where to go next. They contain no rules.
//! Their URLs are stable: forms are posted to them, and pages of an older build still call them.

mod cities;
mod contest;
mod login;
mod profile;
mod recovery;
mod signup;
mod state;

pub use cities::*;
pub use contest::*;
pub use login::*;
pub use profile::*;
pub use recovery::*;
pub use signup::*;
pub use state::*;
