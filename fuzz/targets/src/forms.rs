//! The first form of a sign-up, as pages and contracts fill it in.

use crate::text;
use portaria::journey::Kind;
use portaria::signup::Details;

/// A line per field, in the order of the fields; the first byte says whose form it is.
pub(crate) fn form(bytes: &[u8]) {
    let Some((kind, typed)) = bytes.split_first() else { return };
    let journey = Kind::ALL[usize::from(*kind) % Kind::ALL.len()].journey();
    let password_known = *kind >= 128;
    let typed = text(typed);
    let mut lines = typed.split('\n').map(str::to_owned);
    let mut line = || lines.next().unwrap_or_default();
    let details = Details {
        name: line(),
        username: line(),
        email: line(),
        phone: line(),
        cnpj: line(),
        institution: line(),
        field_of_work: line(),
        password: line(),
        password_confirmation: Some(line()).filter(|confirmation| confirmation != "-"),
        channel: line(),
        terms: line() != "no",
    };
    assert_eq!(format!("{details:?}"), "Details(***)", "a form is not printed");
    match details.parse(journey, password_known) {
        Ok(parsed) => {
            assert!(parsed.password.as_ref().is_none_or(|password| password.as_str() == details.password));
            let Some(again) = parsed.draft.to_details().parse(journey, true).ok() else { panic!("what was taken is taken again") };
            assert!(again.draft == parsed.draft, "and is the same");
        }
        Err(errors) => {
            assert!(!errors.is_empty(), "a refusal says where");
            // what is said never holds what was typed
            for secret in [&details.password, &details.email, &details.cnpj] {
                assert!(secret.len() < 16 || !format!("{errors:?}").contains(secret.as_str()));
            }
        }
    }
}
