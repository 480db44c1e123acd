//! Contesting a document: the rightful owner of a CPF or CNPJ that another account holds can claim it (SPEC §16).
//!
//! ```text
//!             code to the contact          7 days, or an operator: free
//!   asked ──────────────────────► open ──────────────────────────────────► freed: the document leaves, the contester is told
//!     │                             │
//!     ▼ never proved                └── "este documento é meu", or an operator: keep ──► kept: nobody is told
//!   swept
//! ```
//!
//! No answer reveals whether an account holds the document. If none does, the contest runs the same seven days and ends as freed.

use crate::contact::Contact;
use crate::error::{Field, FieldError, FieldErrors};
use crate::message::Channel;
use crate::value::{Document, Email, Phone, is_blank};
use strum::IntoStaticStr;
use time::{Duration, OffsetDateTime};

/// How long the holder of a contested document has to say that it is theirs.
pub const DECIDED_AFTER: Duration = Duration::days(7);
/// The least time between two contests of the same document by the same contact. An earlier one is ignored silently.
pub const AGAIN_AFTER: Duration = Duration::days(30);
/// A contest whose contact was never proved is deleted after this long.
pub const UNPROVED_KEPT: Duration = Duration::days(1);

/// The contest form as it was typed.
#[derive(Debug, Clone, Default)]
pub struct ContestForm {
    /// CPF or CNPJ, with or without punctuation.
    pub document: String,
    /// An e-mail address; empty: the phone is used.
    pub email: String,
    /// A mobile phone; empty: the e-mail is used.
    pub phone: String,
    /// The channel for the phone; empty: the system's choice.
    pub channel: String,
}

/// A valid contest form.
#[derive(Debug)]
pub struct Parsed {
    /// The contested document.
    pub document: Document,
    /// The contester's contact.
    pub contact: Contact,
    /// The channel chosen for the code; `None`: the system chooses.
    pub channel: Option<Channel>,
}

impl ContestForm {
    /// Builds the form from a page, which has one field for the contact: with an `@` it is an e-mail, otherwise a phone.
    pub fn of_page(document: String, contact: &str) -> Self {
        let (email, phone) = if contact.contains('@') { (contact, "") } else { ("", contact) };
        Self { document, email: email.to_owned(), phone: phone.to_owned(), channel: String::new() }
    }

    /// Parses the form.
    ///
    /// # Errors
    /// Those of all fields at once. A missing contact is reported at the e-mail. Two contacts are reported at the phone, because a
    /// contest has exactly one.
    pub fn parse(&self) -> Result<Parsed, FieldErrors> {
        let mut errors = FieldErrors::new();
        let document = errors.take(Field::Document, Document::parse(&self.document));
        let (email, phone) = (&self.email, &self.phone);
        let contact = match (is_blank(email), is_blank(phone)) {
            (true, true) => errors.take(Field::Email, Err(FieldError::ContactRequired)),
            (false, true) => errors.take(Field::Email, Email::parse(email).map(Contact::Email)),
            (true, false) => errors.take(Field::Phone, Phone::parse_mobile(phone).map(Contact::Phone)),
            (false, false) => errors.take(Field::Phone, Err(FieldError::PhoneInvalid)),
        };
        let channel = match self.channel.trim() {
            "" => Some(None),
            typed => errors.take(Field::Channel, Channel::parse(typed).map(Some)),
        };
        match (document, contact, channel) {
            (Some(document), Some(contact), Some(channel)) if errors.is_empty() => Ok(Parsed { document, contact, channel }),
            _ => Err(errors),
        }
    }
}

/// How a contest ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Outcome {
    /// The document is removed from the account that holds it, if any.
    Freed,
    /// The holder keeps the document.
    Kept,
}

impl Outcome {
    /// Returns the name in database rows.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Returns whether a contest by the same contact, proved at `before`, still blocks another one.
pub fn is_too_soon(before: OffsetDateTime, now: OffsetDateTime) -> bool {
    now < before + AGAIN_AFTER
}

#[cfg(test)]
mod tests {
    use super::*;

    const CPF: &str = "529.982.247-25";

    fn form(email: &str, phone: &str, channel: &str) -> ContestForm {
        ContestForm { document: CPF.into(), email: email.into(), phone: phone.into(), channel: channel.into() }
    }

    #[test]
    fn a_contest_has_a_document_and_one_contact() {
        assert!(matches!(form("Ana@Example.com", "", "").parse().unwrap().contact, Contact::Email(_)));
        let by_phone = form("", "11987654321", "whatsapp").parse().unwrap();
        assert!(matches!(by_phone.contact, Contact::Phone(_)));
        assert_eq!(by_phone.channel, Some(Channel::WhatsApp));
        let errors = |form: ContestForm| form.parse().unwrap_err();
        assert_eq!(errors(form("", "", "")), FieldErrors::one(Field::Email, FieldError::ContactRequired));
        assert_eq!(errors(form("a@b.com", "11987654321", "")), FieldErrors::one(Field::Phone, FieldError::PhoneInvalid));
        assert_eq!(errors(form("", "1133334444", "")), FieldErrors::one(Field::Phone, FieldError::PhoneNotMobile));
        let wrong = ContestForm { document: "529.982.247-26".into(), ..form("a@b.com", "", "pombo") };
        assert_eq!(errors(wrong).iter().count(), 2);
    }

    #[test]
    fn a_page_has_one_field_for_the_contact() {
        assert!(matches!(ContestForm::of_page(CPF.into(), "ana@example.com").parse().unwrap().contact, Contact::Email(_)));
        assert!(matches!(ContestForm::of_page(CPF.into(), "(11) 98765-4321").parse().unwrap().contact, Contact::Phone(_)));
    }

    #[test]
    fn a_contact_contests_a_document_once_in_thirty_days() {
        let start = OffsetDateTime::UNIX_EPOCH;
        assert!(is_too_soon(start, start + Duration::days(30) - Duration::seconds(1)));
        assert!(!is_too_soon(start, start + Duration::days(30)));
    }
}
