//! Every refusal in the shape of every document, as one snapshot.

use super::*;
use http_body_util::BodyExt as _;
use portaria::error::FieldError;
use portaria::message::Channel;
use std::fmt::Write as _;

/// One of each variant; a variant that is not listed does not compile.
macro_rules! every {
    ($enum:ident: $($variant:ident $({ $($field:ident: $value:expr),* })? $(($inner:expr))?),* $(,)?) => {{
        const fn is_listed(value: &$enum) -> bool {
            match value {
                $($enum::$variant { .. })|* => true,
            }
        }
        let every = vec![$($enum::$variant $({ $($field: $value),* })? $(($inner))?),*];
        assert!(every.iter().all(is_listed));
        every
    }};
}

fn every_field_error() -> Vec<FieldError> {
    every!(FieldError: Required, TooLong { max: 100 }, TooShort { min: 8 }, Unprintable, KindUnknown, UsernameShape, EmailShape,
        PhoneInvalid, PhoneNotMobile, ChannelUnavailable, CpfInvalid, CnpjInvalid, DocumentInvalid, PasswordClasses,
        PasswordClassesRecovery, PasswordGuessable, PasswordMismatch, PasswordWrong, PasswordUnchanged, TermsRequired, TermsNotInForce, ContactRequired,
        CodeShape { digits: 6 }, CodeWrong, CodeExpired, DateShape, DateNotPast, GenderUnknown, StateUnknown, Taken, Fixed,
        PhotoUnreadable, PhotoTooLarge, PhotoTooManyPixels { megapixels: 24, side: 8000 }, PhotoInterrupted, WrongType)
}

/// The first is what every field lacks, the others are one field's errors, one by one.
fn every_refusal() -> Vec<Refusal> {
    let mut every = every!(Refusal: Invalid(FieldErrors::one(Field::BirthDate, FieldError::DateShape)), Taken(Field::Email), BadCredentials,
        NotVerified, Locked { retry_after: 900 }, TooSoon { retry_after: 60 }, TooMany { retry_after: 3600 }, CodeRefused, CodeLapsed,
        CodeBlocked { retry_after: 900 }, LinkUnknown, LinkLapsed, DocumentUnknown, NotSignedIn, NotYours, ReauthenticationRequired,
        AccountBlocked, DeletionPending { deletes_at: 1_795_000_000 }, PasswordSet, ChannelResting { channels: vec![Channel::WhatsApp] }, SignupGone, Stale, Busy { retry_after: 2 }, Unavailable, Malformed, UnsupportedMediaType, TooLarge, MethodNotAllowed,
        NotFound, CrossSite, KindClosed);
    let mut lacking = FieldErrors::new();
    for field in Field::ALL {
        lacking.push(*field, FieldError::Required);
    }
    every.push(Refusal::Invalid(lacking));
    every.extend(every_field_error().into_iter().map(|error| Refusal::field(Field::Name, error)));
    every.extend(Field::ALL.iter().copied().map(Refusal::Taken));
    every
}

/// As it is sent: status, headers of its own, body.
async fn sent(contract: Contract, refusal: &Refusal) -> String {
    let response = contract.refuse(refusal);
    let mut line = format!("{contract:?} {}", response.status().as_u16());
    for name in [header::CONTENT_TYPE, header::RETRY_AFTER, header::WWW_AUTHENTICATE] {
        if let Some(value) = response.headers().get(name) {
            let _ = write!(line, " · {}", value.to_str().expect("text"));
        }
    }
    let body = response.into_body().collect().await.expect("a body").to_bytes();
    let _ = write!(line, "\n  {}", String::from_utf8(body.to_vec()).expect("UTF-8"));
    line
}

#[tokio::test]
async fn every_refusal_in_every_contract() {
    let mut all = String::new();
    for refusal in every_refusal() {
        let _ = writeln!(all, "######## {refusal:?}");
        for contract in [Contract::Problem, Contract::Registration, Contract::Carona] {
            let _ = writeln!(all, "{}", sent(contract, &refusal).await);
        }
    }
    insta::assert_snapshot!(all);
}
