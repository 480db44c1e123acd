//! Refusals as Via Carona's document has them (004, "Códigos de Erro"): `{success: false, message, error: {code, fields?}}`.
//!
//! Beyond the document: `LIMIT_001` (too early or too often) and `REQUEST_001` (method, media type, size, form; SPEC §11),
//! `AUTH_006` and `AUTH_007` (the account's deletion is pending, or it is blocked; §13), and `AUTH_005` (signed in too long ago to
//! complete a profile by that session; §13).

use portaria::error::{Field, FieldError, Refusal};
use serde_json::{Value, json};
use text::Language;
use text::carona::Carona;

/// The contract answers in Portuguese whatever the pages' language: its texts are part of it.
pub(in crate::http) fn texts() -> &'static Carona {
    &Language::PtBr.texts().carona
}

/// The document's code of a refusal.
pub(super) fn code(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::NotVerified | Refusal::NotYours => "AUTH_001",
        Refusal::BadCredentials => "AUTH_002",
        // AUTH_003 is about tokens, which is what these routes return.
        Refusal::Unavailable => "AUTH_003",
        Refusal::NotSignedIn => "AUTH_004",
        Refusal::Taken(Field::Username) => "USER_002",
        Refusal::Taken(Field::Phone) => "USER_003",
        Refusal::Taken(Field::Cpf) => "USER_004",
        Refusal::Taken(_) => "USER_001",
        Refusal::Invalid(errors) if errors.iter().all(|it| it == (Field::BirthDate, FieldError::DateShape)) => "VALIDATION_001",
        Refusal::Invalid(_) => "VALIDATION_ERROR",
        // A blocked entry looks like a wrong one (SPEC §11).
        Refusal::CodeRefused | Refusal::CodeBlocked { .. } => "VERIFICATION_001",
        Refusal::CodeLapsed => "VERIFICATION_002",
        Refusal::Locked { .. } | Refusal::TooSoon { .. } | Refusal::TooMany { .. } | Refusal::Busy { .. } => "LIMIT_001",
        Refusal::ReauthenticationRequired => "AUTH_005",
        Refusal::DeletionPending { .. } => "AUTH_006",
        Refusal::AccountBlocked => "AUTH_007",
        Refusal::LinkUnknown
        | Refusal::LinkLapsed
        | Refusal::DocumentUnknown
        | Refusal::SignupGone
        | Refusal::PasswordSet
        | Refusal::ChannelResting { .. }
        | Refusal::Stale
        | Refusal::Malformed
        | Refusal::UnsupportedMediaType
        | Refusal::TooLarge
        | Refusal::MethodNotAllowed
        | Refusal::NotFound
        | Refusal::CrossSite
        | Refusal::KindClosed => "REQUEST_001",
    }
}

/// The document's sentence for a code; `None` if it has none.
fn words(code: &str) -> Option<&'static str> {
    let texts = texts();
    Some(match code {
        "AUTH_001" => texts.not_verified,
        "AUTH_002" => texts.bad_credentials,
        "AUTH_003" => texts.token_failed,
        "AUTH_004" => texts.token_invalid,
        "USER_001" => texts.email_taken,
        "USER_002" => texts.username_taken,
        "USER_003" => texts.phone_taken,
        "USER_004" => texts.cpf_taken,
        "VALIDATION_001" => texts.date_shape,
        "VALIDATION_ERROR" => texts.invalid,
        "VERIFICATION_001" => texts.code_wrong,
        "VERIFICATION_002" => texts.code_expired,
        SEND_FAILED => texts.send_failed,
        _ => return None,
    })
}

const SEND_FAILED: &str = "VERIFICATION_003";

/// The sentence for a refusal: the document's, else the catalogue's.
pub(super) fn sentence(refusal: &Refusal) -> String {
    words(code(refusal)).map_or_else(|| Language::PtBr.texts().refusal(refusal), str::to_owned)
}

pub(super) fn body(code: &str, message: &str, fields: Option<Value>) -> Value {
    let mut error = json!({ "code": code });
    if let (Some(fields), Some(error)) = (fields, error.as_object_mut()) {
        error.insert("fields".to_owned(), fields);
    }
    json!({ "success": false, "message": message, "error": error })
}

/// Adds when the account will be erased, where that is why.
pub(super) fn with_deletion(refusal: &Refusal, mut body: Value) -> Value {
    if let Refusal::DeletionPending { deletes_at } = refusal {
        body["error"]["deletesAt"] = json!(deletes_at);
    }
    body
}

/// The body for a route that sends a code and could not send it.
pub(in crate::http) fn sending_failed() -> Value {
    body(SEND_FAILED, texts().send_failed, None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use portaria::error::FieldErrors;

    #[test]
    fn only_a_date_of_the_wrong_form_and_nothing_else_is_validation_001() {
        let with = |list: &[(Field, FieldError)]| {
            let mut errors = FieldErrors::new();
            for (field, error) in list {
                errors.push(*field, *error);
            }
            code(&Refusal::Invalid(errors))
        };
        let shape = (Field::BirthDate, FieldError::DateShape);
        assert_eq!(with(&[shape]), "VALIDATION_001");
        assert_eq!(with(&[shape, (Field::Cpf, FieldError::Required)]), "VALIDATION_ERROR");
        assert_eq!(with(&[(Field::BirthDate, FieldError::DateNotPast)]), "VALIDATION_ERROR");
        assert_eq!(with(&[(Field::BirthDate, FieldError::Required)]), "VALIDATION_ERROR");
    }

    #[test]
    fn a_wait_is_told_in_the_words_of_the_catalogue() {
        assert_eq!(sentence(&Refusal::NotVerified), "Email não verificado");
        assert!(sentence(&Refusal::TooSoon { retry_after: 30 }).contains("30 segundos"));
    }
}
