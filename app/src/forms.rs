//! What pages and server share about forms: names, endpoints, answers.

use portaria::error::{Field, FieldError, FieldErrors, Refusal};
use portaria::journey::{Journey, Kind};
use portaria::recovery::RecoverySent;
use portaria::view::CodeSent;
use serde::{Deserialize, Serialize};
use server_fn::codec::JsonEncoding;
use server_fn::error::{FromServerFnError, ServerFnErrorErr};
use std::fmt;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Submitted {
    /// Done. Go on to this path, which is one of ours.
    Go(String),
    Stay(Reply),
}

/// What the page of the form shows afterwards.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    pub refusal: Option<Refusal>,
    /// Depends on the form: the link that hands a sign-up to another device, or the phone or document that a code was requested for.
    pub info: Option<String>,
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
    /// 002: the grant that the right code was exchanged for. It stands in a hidden field and nowhere else, least of all in a URL.
    pub grant: Option<Secret>,
}

/// How the form lets a person reauthenticate whose sign-in is too long ago (SPEC §13).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum StepUp {
    Password,
    /// A code. Holds the masked contact if a code was sent just now.
    Code(Option<String>),
}

/// The field of the reauthentication code. It is not `code`, because some forms have another code already.
pub const STEP_CODE: &str = "step_code";
/// Secret fields of every form that may ask for reauthentication.
pub const STEP_SECRETS: [&str; 2] = ["current_password", STEP_CODE];

impl Submitted {
    pub fn go(path: impl Into<String>) -> Self {
        Self::Go(path.into())
    }

    pub fn refused(refusal: Refusal) -> Self {
        Self::Stay(Reply { refusal: Some(refusal), ..Reply::default() })
    }
}

impl Reply {
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

/// How the server finds the server function of a form that was posted: the body's `_form` is `name`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormRoute {
    pub name: &'static str,
    pub endpoint: &'static str,
    /// Fields whose values are never written back into a page.
    pub secrets: &'static [&'static str],
}

const fn form(name: &'static str, endpoint: &'static str, secrets: &'static [&'static str]) -> FormRoute {
    FormRoute { name, endpoint, secrets }
}

pub const FORMS: &[FormRoute] = &[
    form("sign_up", "/sf/sign_up", &["password", "password_confirmation"]),
    form("resend", "/sf/resend", &[]),
    form("prove_code", "/sf/prove_code", &["code"]),
    form("prove_email", "/sf/prove_email", &["code"]),
    form("enter", "/sf/enter", &[]),
    form("abandon", "/sf/abandon", &[]),
    form("hand_off", "/sf/hand_off", &[]),
    form("take_over", "/sf/take_over", &["token"]),
    form("prove_link", "/sf/prove_link", &["token"]),
    form("disown_link", "/sf/disown_link", &["token"]),
    form("resend_link", "/sf/resend_link", &[]),
    form("sign_in", "/sf/sign_in", &["password"]),
    form("ask_code", "/sf/ask_code", &[]),
    form("sign_in_by_code", "/sf/sign_in_by_code", &["code"]),
    // The grant and the document are written back, so that a refused code or password can be tried again.
    form("ask_recovery", "/sf/ask_recovery", &[]),
    form("prove_recovery", "/sf/prove_recovery", &["code"]),
    form("reset_by_grant", "/sf/reset_by_grant", &["new_password", "password_confirmation"]),
    form("forgot_password", "/sf/forgot_password", &[]),
    form("reset_by_link", "/sf/reset_by_link", &["token", "password", "password_confirmation"]),
    form("add_document", "/sf/add_document", &["current_password", STEP_CODE]),
    form("ask_phone", "/sf/ask_phone", &["current_password", STEP_CODE]),
    form("prove_own_phone", "/sf/prove_own_phone", &["code", "current_password", STEP_CODE]),
    form("ask_email", "/sf/ask_email", &["current_password", STEP_CODE]),
    form("prove_own_email", "/sf/prove_own_email", &["code", "current_password", STEP_CODE]),
    form("set_password", "/sf/set_password", &["new_password", "password_confirmation", "current_password", STEP_CODE]),
    form("change_password", "/sf/change_password", &["current_password", "new_password", "password_confirmation"]),
    form("end_session", "/sf/end_session", &[]),
    form("disown", "/sf/disown", &["token"]),
    // The document and the contact are written back, so that a refused code can be tried again.
    form("ask_contest", "/sf/ask_contest", &[]),
    form("prove_contest", "/sf/prove_contest", &["code"]),
    form("keep_document", "/sf/keep_document", &["token"]),
    form("sign_out", "/sf/sign_out", &[]),
    form("choose_language", "/sf/choose_language", &[]),
];

/// A form that may contain a photo. A page has at most one such form. It is posted to the path of its page as `multipart/form-data`. The server recognises the form by that path, before it reads the body (`server/src/http/pages/upload.rs`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhotoForm {
    CompleteRider,
    SaveProfile,
}

impl PhotoForm {
    pub const ALL: [Self; 2] = [Self::CompleteRider, Self::SaveProfile];

    pub const fn name(self) -> &'static str {
        match self {
            Self::CompleteRider => "complete_rider",
            Self::SaveProfile => "save_profile",
        }
    }

    pub const fn path(self) -> &'static str {
        match self {
            Self::CompleteRider => "/complete-profile",
            Self::SaveProfile => "/profile",
        }
    }

    /// The fields besides the photo.
    pub fn fields(self) -> Vec<Field> {
        match self {
            Self::CompleteRider => {
                Kind::Caronista.journey().completion.iter().map(|ask| ask.field).filter(|field| *field != Field::Photo).collect()
            }
            Self::SaveProfile => [Field::Name, Field::Version].into_iter().chain(Field::free_texts()).collect(),
        }
    }

    /// Other texts of the form, besides those of [`CROP`].
    pub const fn texts(self) -> &'static [&'static str] {
        match self {
            Self::CompleteRider => &STEP_SECRETS,
            Self::SaveProfile => &["remove_photo"],
        }
    }
}

pub use live::parts::photo::CROP;

/// Returns whether the form with this name has a field for a code.
pub fn takes_code(name: &str) -> bool {
    FORMS.iter().any(|form| form.name == name && form.secrets.contains(&Field::Code.name()))
}

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

/// Returns the journey with this slug, if its kind is open for sign-up.
pub fn open_journey(slug: &str) -> Option<&'static Journey> {
    Journey::by_slug(slug).filter(|journey| Kind::OPEN.contains(&journey.kind))
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
    fn forms_that_take_a_code_are_known() {
        for (name, takes) in [("prove_code", true), ("prove_recovery", true), ("reset_by_grant", false), ("nothing", false)] {
            assert_eq!(takes_code(name), takes, "{name}");
        }
    }

    #[test]
    fn a_secret_cannot_be_printed() {
        assert_eq!(format!("{:?}", Secret("Senha@1234".to_owned())), "Secret(***)");
    }
}
