//! The first form of a sign-up, as pages and API fill it in.

use crate::text;
use portaria::field::{Field, Typed};
use portaria::journey::Kind;
use portaria::signup;

/// Input: the first byte chooses the kind, then one line per field, in the order of the fields.
pub(crate) fn form(bytes: &[u8]) {
    let Some((kind, typed)) = bytes.split_first() else { return };
    let journey = Kind::ALL[usize::from(*kind) % Kind::ALL.len()].journey();
    let password_known = *kind >= 128;
    let typed = text(typed);
    let mut lines = typed.split('\n').map(str::to_owned);
    let mut line = || lines.next().unwrap_or_default();
    let fields =
        [Field::Name, Field::Username, Field::Email, Field::Phone, Field::Cnpj, Field::Institution, Field::FieldOfWork, Field::Password];
    let typed: Typed = fields.into_iter().map(|field| (field, line())).collect();
    let typed = typed.with_some(Field::PasswordConfirmation, Some(line()).filter(|confirmation| confirmation != "-"));
    let typed = typed.with(Field::Channel, line()).with_some(Field::Terms, (line() != "no").then_some("true"));
    assert_eq!(format!("{typed:?}"), "Typed(***)", "a form is not printed");
    match signup::read(&typed, journey, password_known) {
        Ok(parsed) => {
            assert!(parsed.password.as_ref().is_none_or(|password| password.as_str() == typed.text(Field::Password)));
            let Some(again) = signup::read(&parsed.draft.to_typed(), journey, true).ok() else { panic!("what was taken is taken again") };
            assert!(again.draft == parsed.draft, "and is the same");
        }
        Err(errors) => {
            assert!(!errors.is_empty(), "a refusal says where");
            // Messages never repeat what was typed.
            for secret in [Field::Password, Field::Email, Field::Cnpj].map(|field| typed.text(field)) {
                assert!(secret.len() < 16 || !format!("{errors:?}").contains(secret));
            }
        }
    }
}
