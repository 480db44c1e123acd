//! What pages and server share about forms: names, endpoints, answers.

mod table;

pub use table::{FORMS, Form, FormRoute, STEP_UP_AGAIN};

use crate::paths;
use portaria::error::{Field, FieldError, FieldErrors, Refusal};
use portaria::journey::Kind;
use portaria::profile::changeable_of_completion;
use portaria::recovery::{RecoverySent, ResetGrant};
use portaria::view::{CodeSent, OwnerCode};
use serde::{Deserialize, Serialize};
use server_fn::codec::JsonEncoding;
use server_fn::error::{FromServerFnError, ServerFnErrorErr};
use std::fmt;
use text::PageNotice;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Submitted {
    /// Done.
    Go(Onward),
    Stay(Box<Reply>),
}

/// Where it goes on, which is a path of ours, and what the page there says first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Onward {
    pub path: String,
    pub notice: Option<PageNotice>,
}

impl Onward {
    pub fn saying(path: impl Into<String>, notice: PageNotice) -> Self {
        Self { path: path.into(), notice: Some(notice) }
    }
}

impl From<&str> for Onward {
    fn from(path: &str) -> Self {
        Self { path: path.to_owned(), notice: None }
    }
}

impl From<String> for Onward {
    fn from(path: String) -> Self {
        Self { path, notice: None }
    }
}

/// What the page of the form shows afterwards.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    pub refusal: Option<Refusal>,
    /// The phone, e-mail or document that a code was requested for, as it was typed.
    pub asked: Option<String>,
    /// The link that hands a sign-up to another device.
    pub hand_off: Option<String>,
    /// Which sessions of the account were ended.
    pub ended: Option<EndedSessions>,
    /// A code was sent, or the answer must look as if one was.
    pub sent: Option<CodeSent>,
    /// 002: the same, for a recovery by document.
    pub recovery: Option<RecoverySent>,
    /// A contest: the contact that the code was requested for, as it was typed.
    pub contact: Option<String>,
    /// The channel that was chosen for the code, to be selected again. Empty: all channels.
    pub channel: String,
    /// No code was sent because it is too early: seconds until one can be.
    pub wait: Option<u32>,
    /// The person must reauthenticate first, in this way.
    #[serde(default)]
    pub step_up: Option<StepUp>,
    /// A right sign-in to an account whose deletion is pending: when it will be erased. `grant` lets this browser undo it.
    #[serde(default)]
    pub pending: Option<i64>,
    /// 002: the grant that the right code was exchanged for. It stands in a hidden field and nowhere else, least of all in a URL.
    pub grant: Option<Secret>,
    /// What the owner of the account signs in with for whom the grant is.
    #[serde(default)]
    pub signs_in_as: String,
    /// "Não fui eu" was said of a sign-in, and not of a change.
    #[serde(default)]
    pub of_access: bool,
    /// It is the reply of before, for a page that was loaded again (`server/src/http/pages/steps.rs`).
    #[serde(default)]
    pub kept: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum EndedSessions {
    One,
    Others,
}

/// What the form that ends sessions sends instead of a session's id, to end all but the one that it is sent in.
pub const OTHER_SESSIONS: &str = "others";

/// How the form lets a person reauthenticate whose sign-in is too long ago (SPEC §13).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum StepUp {
    Password,
    /// A code, as the newest one stands; `None`: none could be sent.
    Code(Option<OwnerCode>),
}

impl StepUp {
    /// Returns the code that waits to be entered.
    pub const fn code(&self) -> Option<&OwnerCode> {
        match self {
            Self::Code(code) => code.as_ref(),
            Self::Password => None,
        }
    }
}

/// The field of the reauthentication code. It is not `code`, because some forms have another code already.
pub const STEP_CODE: &str = "step_code";
/// The buttons of a form that send that code again. Their value is a channel, and the form is not sent: it comes back as it was typed.
pub const STEP_AGAIN: &str = "step_again";
/// Secret fields of every form that may ask for reauthentication.
pub const STEP_SECRETS: [&str; 2] = ["current_password", STEP_CODE];

impl Submitted {
    pub fn go(onward: impl Into<Onward>) -> Self {
        Self::Go(onward.into())
    }

    pub fn stay(reply: Reply) -> Self {
        Self::Stay(Box::new(reply))
    }

    pub fn refused(refusal: Refusal) -> Self {
        Self::stay(Reply { refusal: Some(refusal), ..Reply::default() })
    }
}

impl Reply {
    /// Returns the reply that lets a new password be set.
    pub fn granting(grant: ResetGrant) -> Self {
        Self { grant: Some(Secret(grant.token.expose().to_owned())), signs_in_as: grant.signs_in_as, ..Self::default() }
    }

    /// Returns the seconds until a code may be requested again.
    pub fn wait(&self) -> Option<u32> {
        let refused = self.refusal.as_ref().and_then(Refusal::retry_after);
        self.sent.as_ref().map(|sent| sent.resend_in).or(self.wait).or(refused)
    }

    /// Returns the errors to show at fields. "Taken" and "unknown" are among them: the person has to change that field.
    pub fn field_errors(&self) -> FieldErrors {
        match &self.refusal {
            Some(Refusal::Invalid(errors)) => errors.clone(),
            Some(Refusal::Taken(field)) => FieldErrors::one(*field, FieldError::Taken),
            Some(Refusal::DocumentUnknown) => FieldErrors::one(Field::Document, FieldError::DocumentInvalid),
            _ => FieldErrors::new(),
        }
    }
}

/// A server function gave no answer at all. Reveals no internals: the log has the cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AppError {
    Failed,
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(_: ServerFnErrorErr) -> Self {
        Self::Failed
    }
}

/// A password, code or token as it was typed. `Debug` hides it, because server functions derive `Debug`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

/// A form that may contain a photo. A page has at most one such form. It is posted to the path of its page as `multipart/form-data`. The server recognises the form by that path, before it reads the body (`server/src/http/pages/upload.rs`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhotoForm {
    CompleteProfile,
    SaveProfile,
}

impl PhotoForm {
    pub const ALL: [Self; 2] = [Self::CompleteProfile, Self::SaveProfile];

    pub const fn name(self) -> &'static str {
        match self {
            Self::CompleteProfile => "complete_profile",
            Self::SaveProfile => "save_profile",
        }
    }

    /// As a form among the others.
    pub const fn route(self) -> FormRoute {
        FormRoute { name: self.name(), endpoint: self.path(), secrets: &STEP_SECRETS }
    }

    pub const fn path(self) -> &'static str {
        match self {
            Self::CompleteProfile => paths::COMPLETE_PROFILE,
            Self::SaveProfile => paths::PROFILE,
        }
    }

    /// The fields besides the photo.
    pub fn fields(self) -> Vec<Field> {
        match self {
            Self::CompleteProfile => {
                let journeys = Kind::ALL.iter().map(|kind| kind.journey()).filter(|journey| journey.completes_by_form());
                let asked = journeys.flat_map(|journey| journey.completion).map(|ask| ask.field);
                let mut fields: Vec<_> = asked.filter(|field| *field != Field::Photo).collect();
                fields.sort_unstable();
                fields.dedup();
                fields
            }
            Self::SaveProfile => {
                let asked = Kind::ALL.iter().flat_map(|kind| changeable_of_completion(*kind));
                let mut fields: Vec<_> = [Field::Name, Field::Version].into_iter().chain(Field::free_texts()).chain(asked).collect();
                fields.sort_unstable();
                fields.dedup();
                fields
            }
        }
    }

    /// Other texts of the form, besides those of [`CROP`].
    pub const fn texts(self) -> &'static [&'static str] {
        match self {
            Self::CompleteProfile => &[STEP_SECRETS[0], STEP_CODE, STEP_AGAIN],
            Self::SaveProfile => &["remove_photo"],
        }
    }
}

pub use live::parts::photo::CROP;

/// What the page says of what was just done. Provided as context.
#[derive(Debug, Clone, Copy, Default)]
pub struct Told(pub Option<PageNotice>);

/// A form that was posted, for the page that is rendered in answer. Provided as context.
#[derive(Debug, Clone, Default)]
pub struct Posted(pub Option<PostedForm>);

#[derive(Clone, PartialEq, Eq)]
pub struct PostedForm {
    pub form: String,
    /// Names and values of the fields, without secrets.
    pub values: Vec<(String, String)>,
    pub reply: Reply,
}

impl PostedForm {
    pub fn value(&self, field: &str) -> Option<String> {
        self.values.iter().find(|(name, _)| name == field).map(|(_, value)| value.clone())
    }
}

impl fmt::Debug for PostedForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostedForm({})", self.form)
    }
}

/// Returns whether a path stays on our site: no scheme, no `//host`, no backslash that a browser would take for a slash.
pub fn is_own_path(path: &str) -> bool {
    path.starts_with('/') && !path[1..].starts_with(['/', '\\']) && !path.contains(|c: char| c.is_control() || c == '\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_ours_are_gone_to() {
        for own in ["/", "/login", "/register/client?step=details", "/login?by=code"] {
            assert!(is_own_path(own), "{own}");
        }
        for foreign in [
            "",
            "login",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a\r\nSet-Cookie: x=y",
            "/a\\b",
            "javascript:alert(1)",
        ] {
            assert!(!is_own_path(foreign), "{foreign}");
        }
    }

    #[test]
    fn what_is_taken_or_unknown_stands_at_its_field() {
        let reply = Reply { refusal: Some(Refusal::Taken(Field::Email)), ..Reply::default() };
        assert_eq!(reply.field_errors(), FieldErrors::one(Field::Email, FieldError::Taken));
        let reply = Reply { refusal: Some(Refusal::DocumentUnknown), ..Reply::default() };
        assert_eq!(reply.field_errors(), FieldErrors::one(Field::Document, FieldError::DocumentInvalid));
        assert!(Reply { refusal: Some(Refusal::BadCredentials), ..Reply::default() }.field_errors().is_empty());
    }

    #[test]
    fn a_secret_cannot_be_printed() {
        assert_eq!(format!("{:?}", Secret("Senha@1234".to_owned())), "Secret(***)");
    }
}
