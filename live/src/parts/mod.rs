//! The parts. Each file has what the server tells a part, and, for the browser, `live`, which mounts it.

pub mod cities;
pub mod clock;
pub mod copy_text;
pub mod photo;
pub mod rules;
pub mod show_password;
pub mod upload;
pub mod waiting;
pub mod web_otp;

pub use cities::Cities;
pub use clock::Clock;
pub use copy_text::CopyText;
pub use photo::Photo;
pub use rules::Rules;
pub use show_password::ShowPassword;
pub use upload::Upload;
pub use waiting::Waiting;
pub use web_otp::WebOtp;
