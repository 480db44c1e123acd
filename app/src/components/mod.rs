//! The parts that pages are made of.

mod alert;
mod answered;
mod choices;
mod city_field;
mod countdown;
mod error_summary;
mod field;
mod frame;
mod live;
mod owner;
mod password_field;
mod photo_field;
mod post_form;
mod step_up;
mod stepper;
mod title;
mod upload_form;
mod web_otp;

pub use alert::{Alert, NoAnswer, Notice, Tone};
pub use answered::answered;
pub use choices::{CheckboxField, RadioGroup};
pub use city_field::{CityFields, suggested_at_first};
pub use countdown::{Countdown, TimeLeft};
pub use field::{Field, HiddenField, Look};
pub use frame::{Footer, Header};
pub use owner::Owner;
pub use password_field::PasswordField;
pub use photo_field::PhotoField;
pub use post_form::{FormState, PostForm, SubmitButton};
pub use step_up::StepUpFields;
pub use stepper::Stepper;
pub use title::{Heading, PageTitle};
pub use upload_form::UploadForm;
pub use web_otp::fill_in_code;
