//! A sign-up in progress: a valid form becomes a [`Draft`], and the known facts determine the next step. Steps are never stored,
//! so that reloading, going back and changing the device need no code of their own.

use crate::contact::Contact;
use crate::error::{FieldError, FieldErrors};
use crate::field::{Field, Typed};
use crate::journey::{Ask, Journey, Kind, Step};
use crate::message::Channel;
use crate::profile::FreeTexts;
use crate::value::{Cnpj, Email, Name, Password, Phone, ShortText, Username, is_blank};
use serde::{Deserialize, Serialize};
use time::Duration;

/// A sign-up is deleted after this long without a change.
pub const SIGNUP_LIFETIME: Duration = Duration::hours(24);
/// How long a browser keeps the cookie of its sign-ups. It is longer than [`SIGNUP_LIFETIME`], because each change extends the
/// sign-up but not the cookie.
pub const SIGNUP_DEVICE_LIFETIME: Duration = Duration::days(7);
/// How long a single-use link that carries a sign-up to another device works.
pub const HANDOFF_LIFETIME: Duration = Duration::minutes(15);

/// The validated facts of a sign-up. Stored encrypted in its row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The name of the person or the company.
    pub name: Name,
    /// `None`: the journey does not ask for one.
    pub username: Option<Username>,
    /// E-mail.
    pub email: Option<Email>,
    /// Phone.
    pub phone: Option<Phone>,
    /// `None`: the journey does not ask for one.
    pub cnpj: Option<Cnpj>,
    /// Whether the box of the terms was ticked, so that it is shown as it was. What was accepted: [`crate::terms`].
    pub terms: bool,
    /// Optional texts.
    #[serde(flatten)]
    pub texts: FreeTexts,
}

/// A valid first form.
#[derive(Debug)]
pub struct Parsed {
    /// Everything but the password and the channel.
    pub draft: Draft,
    /// The password, to be hashed; `None`: none was given.
    pub password: Option<Password>,
    /// The channel that the person chose; `None`: the system chooses.
    pub channel: Option<Channel>,
}

/// Parses the first form of a journey and collects the errors of all fields, in the form's order (003/EX02). Fields that the
/// journey does not ask for are ignored.
///
/// `password_known`: the person has returned to this form and already chose a password, so an empty field keeps it.
pub fn read(typed: &Typed, journey: &Journey, password_known: bool) -> Result<Parsed, FieldErrors> {
    read_asked(typed, journey, journey.details, password_known)
}

/// The same for a form that asks for these fields of the journey ([`crate::kinds::Kinds::details`]).
pub fn read_asked(typed: &Typed, journey: &Journey, asked: &[Ask], password_known: bool) -> Result<Parsed, FieldErrors> {
    let mut errors = FieldErrors::new();
    let (mut name, mut username, mut email, mut phone, mut cnpj) = (None, None, None, None, None);
    let (mut texts, mut password) = (Vec::new(), None);
    for Ask { field, optional } in asked.iter().copied() {
        let errors = &mut errors;
        let given = typed.text(field);
        match field {
            Field::Password => password = read_password(errors, given, journey, optional || password_known),
            Field::PasswordConfirmation => check_confirmation(errors, typed, !optional && !password_known),
            Field::Terms if !typed.is_ticked(field) => errors.push(field, FieldError::TermsRequired),
            _ if optional && field.is_free_text() => {
                texts.extend(errors.take(field, ShortText::parse_optional(given)).flatten().map(|text| (field, text)));
            }
            _ if optional && is_blank(given) => {}
            Field::Name => name = errors.take(field, Name::parse(given)),
            Field::Username => username = errors.take(field, Username::parse(given)),
            Field::Email => email = errors.take(field, Email::parse(given)),
            Field::Phone => phone = errors.take(field, Phone::parse_mobile(given)),
            Field::Cnpj => cnpj = errors.take(field, Cnpj::parse(given)),
            _ if field.is_free_text() => texts.extend(errors.take(field, ShortText::parse(given)).map(|text| (field, text))),
            _ => {}
        }
    }
    let channel = match typed.text(Field::Channel).trim() {
        "" => None,
        given => errors.take(
            Field::Channel,
            Channel::parse(given)
                .and_then(|channel| if journey.channels.contains(&channel) { Ok(channel) } else { Err(FieldError::ChannelUnavailable) }),
        ),
    };
    match name {
        Some(name) if errors.is_empty() => {
            let texts = texts.into_iter().collect();
            let draft = Draft { name, username, email, phone, cnpj, terms: typed.is_ticked(Field::Terms), texts };
            Ok(Parsed { draft, password, channel })
        }
        _ => Err(errors),
    }
}

/// Spaces are part of a password, so only an empty field means "no password".
fn read_password(errors: &mut FieldErrors, typed: &str, journey: &Journey, may_be_empty: bool) -> Option<Password> {
    if typed.is_empty() && may_be_empty {
        return None;
    }
    errors.take(Field::Password, Password::new(typed, journey.password))
}

/// Skips the comparison if the contract has no confirmation field.
fn check_confirmation(errors: &mut FieldErrors, typed: &Typed, needed: bool) {
    let (password, Some(confirmation)) = (typed.text(Field::Password), typed.get(Field::PasswordConfirmation)) else { return };
    if confirmation.is_empty() && (needed || !password.is_empty()) {
        errors.push(Field::PasswordConfirmation, FieldError::Required);
    } else if confirmation != password {
        errors.push(Field::PasswordConfirmation, FieldError::PasswordMismatch);
    }
}

impl Draft {
    /// Returns the contact to which the proof of a journey goes. Every journey asks for the contact that it proves.
    pub fn contact(&self, journey: &Journey) -> Option<Contact> {
        if journey.contact_is_email() { self.email.clone().map(Contact::Email) } else { self.phone.clone().map(Contact::Phone) }
    }

    /// Returns whether both drafts claim the same unique values. If so, the pending account is corrected, not replaced.
    pub fn claims_as(&self, other: &Self) -> bool {
        self.email == other.email && self.cnpj == other.cnpj && self.username == other.username
    }

    /// Returns the values to show when the person returns to the form, never a password.
    pub fn to_typed(&self) -> Typed {
        let texts: Typed = self.texts.iter().map(|(field, text)| (field, text.to_owned())).collect();
        texts
            .with(Field::Name, self.name.as_str())
            .with_some(Field::Username, self.username.as_ref().map(Username::as_str))
            .with_some(Field::Email, self.email.as_ref().map(Email::as_str))
            .with_some(Field::Phone, self.phone.as_ref().map(Phone::formatted))
            .with_some(Field::Cnpj, self.cnpj.as_ref().map(Cnpj::formatted))
            .with_some(Field::Terms, self.terms.then_some("true"))
    }
}

/// The facts that determine the next step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The first form was valid.
    pub drafted: bool,
    /// The contact is proved.
    pub proved: bool,
    /// No required field of the kind is missing.
    pub complete: bool,
}

/// Returns the current step of a sign-up.
pub fn next_step(kind: Kind, progress: Progress) -> Step {
    let journey = kind.journey();
    if !progress.drafted {
        Step::Details
    } else if !progress.proved {
        if journey.proof_purpose.code().is_some() { Step::Code } else { Step::CheckEmail }
    } else if !progress.complete {
        Step::Complete
    } else {
        Step::Done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client() -> Typed {
        Typed::from([(Field::Name, " Ana  Souza "), (Field::Phone, "(11) 98765-4321")])
    }

    #[test]
    fn a_client_needs_only_a_name_and_a_mobile_phone() {
        let parsed = read(&client(), Kind::Cliente.journey(), false).expect("right");
        assert_eq!(parsed.draft.name.as_str(), "Ana Souza");
        assert_eq!(parsed.draft.phone.as_ref().map(Phone::e164), Some("+5511987654321"));
        assert!(parsed.draft.email.is_none() && parsed.password.is_none() && parsed.channel.is_none());
    }

    #[test]
    fn what_may_be_left_out_is_left_out_where_nothing_can_be_seen() {
        for blank in ["", "  ", "\u{200b}", "\u{2060} \u{feff}"] {
            let parsed = read(&client().with(Field::Email, blank), Kind::Cliente.journey(), false).expect("right");
            assert!(parsed.draft.email.is_none(), "{blank:?}");
        }
    }

    #[test]
    fn every_wrong_field_is_told_at_once_and_in_order() {
        use Field::{Channel, Email, Name, Password, PasswordConfirmation, Phone};
        let typed =
            Typed::from([(Email, "ana@"), (Phone, "1133334444"), (Password, "abc"), (PasswordConfirmation, "abd"), (Channel, "pombo")]);
        let errors = read(&typed, Kind::Cliente.journey(), false).expect_err("all wrong");
        let fields: Vec<_> = errors.iter().map(|(field, _)| field).collect();
        assert_eq!(fields, [Name, Phone, Email, Password, PasswordConfirmation, Channel]);
        assert_eq!(errors.of(Phone).next(), Some(FieldError::PhoneNotMobile));
    }

    fn teacher() -> Typed {
        Typed::from([(Field::Name, "Ana"), (Field::Email, "ana@example.com"), (Field::PasswordConfirmation, "")])
    }

    #[test]
    fn a_password_given_before_may_stay_empty_on_the_way_back() {
        let typed = teacher().with(Field::Terms, "true");
        assert!(read(&typed, Kind::Professor.journey(), true).is_ok());
        assert!(read(&typed, Kind::Professor.journey(), false).is_err());
    }

    #[test]
    fn a_teacher_must_accept_the_terms() {
        let typed = teacher().with(Field::Password, "Senha@1234").with(Field::PasswordConfirmation, "Senha@1234");
        let errors = read(&typed, Kind::Professor.journey(), false).expect_err("no terms");
        assert_eq!(errors, FieldErrors::one(Field::Terms, FieldError::TermsRequired));
    }

    #[test]
    fn optional_texts_are_kept_with_the_draft_and_blank_ones_are_none() {
        let typed = teacher().with(Field::Terms, "true").with(Field::Institution, " UFMG ").with(Field::FieldOfWork, " ");
        let draft = read(&typed, Kind::Professor.journey(), true).expect("right").draft;
        assert_eq!(draft.texts.iter().collect::<Vec<_>>(), [(Field::Institution, "UFMG")]);
        let kept = serde_json::to_string(&draft).expect("as it is kept");
        assert_eq!(serde_json::from_str::<Draft>(&kept).expect("kept so"), draft);
        let older = r#"{"name":"Ana","username":null,"email":null,"phone":null,"cnpj":null,"institution":"UFMG","field_of_work":null,"terms":true}"#;
        assert_eq!(serde_json::from_str::<Draft>(older).expect("as older versions kept it").texts, draft.texts);
        let too_long = typed.with(Field::Institution, "x".repeat(101));
        let errors = read(&too_long, Kind::Professor.journey(), true).expect_err("too long");
        assert_eq!(errors, FieldErrors::one(Field::Institution, FieldError::TooLong { max: 100 }));
    }

    #[test]
    fn a_draft_comes_back_into_the_form_as_it_was_understood() {
        let draft = read(&client(), Kind::Cliente.journey(), false).expect("right").draft;
        let again = read(&draft.to_typed(), Kind::Cliente.journey(), false).expect("right").draft;
        assert_eq!(again, draft);
    }

    #[test]
    fn a_claim_is_the_same_while_address_number_and_user_name_are() {
        let draft = read(&client(), Kind::Cliente.journey(), false).expect("right").draft;
        assert!(draft.claims_as(&Draft { name: Name::parse("Bia").expect("a name"), ..draft.clone() }));
        assert!(!draft.claims_as(&Draft { email: Email::parse("ana@example.com").ok(), ..draft.clone() }));
        assert!(!draft.claims_as(&Draft { username: Username::parse("ana.souza").ok(), ..draft.clone() }));
    }

    #[test]
    fn the_next_step_follows_from_what_is_missing() {
        let at = |drafted, proved, complete| Progress { drafted, proved, complete };
        assert_eq!(next_step(Kind::Cliente, at(false, false, false)), Step::Details);
        assert_eq!(next_step(Kind::Cliente, at(true, false, true)), Step::Code);
        assert_eq!(next_step(Kind::Professor, at(true, false, true)), Step::CheckEmail);
        assert_eq!(next_step(Kind::Caronista, at(true, true, false)), Step::Complete);
        assert_eq!(next_step(Kind::Cliente, at(true, true, true)), Step::Done);
    }
}
