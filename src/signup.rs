//! A sign-up in progress: what was typed becomes a [`Draft`], and what is known so far tells the next step. Steps are
//! derived from missing facts, never stored, so that reloading, going back and another device need no code of their own.

use crate::error::{Field, FieldError, FieldErrors};
use crate::journey::{Journey, Kind, Step};
use crate::message::Channel;
use crate::value::{Cnpj, Email, Name, Password, Phone, ShortText, Username};
use serde::{Deserialize, Serialize};
use std::fmt;
use time::Duration;

/// A sign-up that nobody touched for this long is forgotten.
pub const SIGNUP_LIFETIME: Duration = Duration::hours(24);
/// A browser carries its sign-up this long: each change gives the sign-up another [`SIGNUP_LIFETIME`], and the browser is not told.
pub const SIGNUP_DEVICE_LIFETIME: Duration = Duration::days(7);
/// A link that carries a sign-up to another device works this long, once.
pub const HANDOFF_LIFETIME: Duration = Duration::minutes(15);
/// The terms in force; a new text gets a new version.
pub const TERMS_VERSION: &str = "2026-11";

/// What was typed into the first form or sent in a body, before anything was decided about it. One struct for all
/// journeys: each looks only at what it asks for.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// Name of the person or company.
    pub name: String,
    /// User name (004).
    pub username: String,
    /// E-mail.
    pub email: String,
    /// Phone.
    pub phone: String,
    /// CNPJ (companies).
    pub cnpj: String,
    /// Institution (003).
    pub institution: String,
    /// Field of work (003).
    pub field_of_work: String,
    /// Password; empty where it is optional and none is wanted.
    pub password: String,
    /// The password again; `None` where the contract has no such field.
    pub password_confirmation: Option<String>,
    /// Whether the terms were accepted.
    pub terms: bool,
    /// The way the proof shall go; empty: the system chooses.
    pub channel: String,
}

impl fmt::Debug for Details {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Details(***)")
    }
}

/// The facts of a sign-up, parsed. Kept sealed in its row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Name.
    pub name: Name,
    /// User name.
    pub username: Option<Username>,
    /// E-mail.
    pub email: Option<Email>,
    /// Phone.
    pub phone: Option<Phone>,
    /// CNPJ.
    pub cnpj: Option<Cnpj>,
    /// Institution.
    pub institution: Option<ShortText>,
    /// Field of work.
    pub field_of_work: Option<ShortText>,
    /// Whether the terms of [`TERMS_VERSION`] were accepted.
    pub terms: bool,
}

/// A first form that is right.
#[derive(Debug)]
pub struct Parsed {
    /// The facts.
    pub draft: Draft,
    /// The password, to be hashed; `None`: none was given.
    pub password: Option<Password>,
    /// The channel that the person chose; `None`: the system chooses.
    pub channel: Option<Channel>,
}

/// Reads a field that the journey may ask for: absent ones give nothing, needed ones an error when empty.
fn read<T>(
    errors: &mut FieldErrors,
    journey: &Journey,
    field: Field,
    typed: &str,
    parse: impl FnOnce(&str) -> Result<T, FieldError>,
) -> Option<T> {
    let ask = journey.ask(field)?;
    if ask.optional && typed.trim().is_empty() {
        return None;
    }
    errors.take(field, parse(typed))
}

impl Details {
    /// Parses the first form of a journey, whole: every field's errors at once, in the form's order (003/EX02).
    ///
    /// `password_known`: a password was given before (the person came back to this form), so that leaving it empty keeps it.
    pub fn parse(&self, journey: &Journey, password_known: bool) -> Result<Parsed, FieldErrors> {
        let mut errors = FieldErrors::new();
        let mut name = None;
        let (mut username, mut email, mut phone, mut cnpj) = (None, None, None, None);
        let (mut institution, mut field_of_work, mut password) = (None, None, None);
        for ask in journey.details {
            let field = ask.field;
            match field {
                Field::Name => name = read(&mut errors, journey, field, &self.name, Name::parse),
                Field::Username => username = read(&mut errors, journey, field, &self.username, Username::parse),
                Field::Email => email = read(&mut errors, journey, field, &self.email, Email::parse),
                Field::Phone => phone = read(&mut errors, journey, field, &self.phone, Phone::parse_mobile),
                Field::Cnpj => cnpj = read(&mut errors, journey, field, &self.cnpj, Cnpj::parse),
                Field::Institution => institution = errors.take(field, ShortText::parse_optional(&self.institution)).flatten(),
                Field::FieldOfWork => field_of_work = errors.take(field, ShortText::parse_optional(&self.field_of_work)).flatten(),
                Field::Password => password = self.parse_password(&mut errors, journey, ask.optional || password_known),
                Field::PasswordConfirmation => self.check_confirmation(&mut errors, !ask.optional && !password_known),
                Field::Terms if !self.terms => errors.push(field, FieldError::TermsRequired),
                _ => {}
            }
        }
        let channel = match self.channel.trim() {
            "" => None,
            typed => errors.take(
                Field::Channel,
                Channel::parse(typed).and_then(|channel| {
                    if journey.channels.contains(&channel) { Ok(channel) } else { Err(FieldError::ChannelUnavailable) }
                }),
            ),
        };
        match name {
            Some(name) if errors.is_empty() => {
                let draft = Draft { name, username, email, phone, cnpj, institution, field_of_work, terms: self.terms };
                Ok(Parsed { draft, password, channel })
            }
            _ => Err(errors),
        }
    }

    /// Spaces are part of a password, so only nothing at all is "none".
    fn parse_password(&self, errors: &mut FieldErrors, journey: &Journey, may_be_empty: bool) -> Option<Password> {
        if self.password.is_empty() && may_be_empty {
            return None;
        }
        errors.take(Field::Password, Password::new(&self.password, journey.password))
    }

    fn check_confirmation(&self, errors: &mut FieldErrors, needed: bool) {
        let Some(confirmation) = &self.password_confirmation else { return };
        if confirmation.is_empty() && (needed || !self.password.is_empty()) {
            errors.push(Field::PasswordConfirmation, FieldError::Required);
        } else if *confirmation != self.password {
            errors.push(Field::PasswordConfirmation, FieldError::PasswordMismatch);
        }
    }
}

impl Draft {
    /// Whether it claims the same values as another: then the account that claims them stays, and is corrected.
    pub fn claims_as(&self, other: &Self) -> bool {
        self.email == other.email && self.cnpj == other.cnpj && self.username == other.username
    }

    /// What the form shows when the person comes back to it. Never a password.
    pub fn to_details(&self) -> Details {
        let text = |value: &Option<ShortText>| value.as_ref().map(|v| v.as_str().to_owned()).unwrap_or_default();
        Details {
            name: self.name.as_str().to_owned(),
            username: self.username.as_ref().map(|v| v.as_str().to_owned()).unwrap_or_default(),
            email: self.email.as_ref().map(|v| v.as_str().to_owned()).unwrap_or_default(),
            phone: self.phone.as_ref().map(Phone::formatted).unwrap_or_default(),
            cnpj: self.cnpj.as_ref().map(Cnpj::formatted).unwrap_or_default(),
            institution: text(&self.institution),
            field_of_work: text(&self.field_of_work),
            terms: self.terms,
            ..Details::default()
        }
    }
}

/// What is known of a sign-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The first form was right.
    pub drafted: bool,
    /// The contact is proved.
    pub proved: bool,
    /// Nothing is missing that the kind still needs.
    pub complete: bool,
}

/// The step at which a person stands.
pub fn next_step(kind: Kind, progress: Progress) -> Step {
    let journey = kind.journey();
    if !progress.drafted {
        Step::Details
    } else if !progress.proved {
        if journey.proof.digits().is_some() { Step::Code } else { Step::CheckEmail }
    } else if !progress.complete {
        Step::Complete
    } else {
        Step::Done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client() -> Details {
        Details { name: " Ana  Souza ".into(), phone: "(11) 98765-4321".into(), ..Details::default() }
    }

    #[test]
    fn a_client_needs_only_a_name_and_a_mobile_phone() {
        let parsed = client().parse(Kind::Cliente.journey(), false).expect("right");
        assert_eq!(parsed.draft.name.as_str(), "Ana Souza");
        assert_eq!(parsed.draft.phone.as_ref().map(Phone::e164), Some("+5511987654321"));
        assert!(parsed.draft.email.is_none() && parsed.password.is_none() && parsed.channel.is_none());
    }

    #[test]
    fn every_wrong_field_is_told_at_once_and_in_order() {
        use Field::{Channel, Email, Name, Password, PasswordConfirmation, Phone};
        let details = Details {
            email: "ana@".into(),
            phone: "1133334444".into(),
            password: "abc".into(),
            password_confirmation: Some("abd".into()),
            channel: "pombo".into(),
            ..Details::default()
        };
        let errors = details.parse(Kind::Cliente.journey(), false).expect_err("all wrong");
        let fields: Vec<_> = errors.iter().map(|(field, _)| field).collect();
        assert_eq!(fields, [Name, Phone, Email, Password, PasswordConfirmation, Channel]);
        assert_eq!(errors.of(Phone).next(), Some(FieldError::PhoneNotMobile));
    }

    #[test]
    fn a_password_given_before_may_stay_empty_on_the_way_back() {
        let details = Details {
            name: "Ana".into(),
            email: "ana@example.com".into(),
            password_confirmation: Some(String::new()),
            terms: true,
            ..Details::default()
        };
        assert!(details.parse(Kind::Professor.journey(), true).is_ok());
        assert!(details.parse(Kind::Professor.journey(), false).is_err());
    }

    #[test]
    fn a_teacher_must_accept_the_terms() {
        let details = Details {
            name: "Ana".into(),
            email: "ana@example.com".into(),
            password: "Senha@1234".into(),
            password_confirmation: Some("Senha@1234".into()),
            ..Details::default()
        };
        let errors = details.parse(Kind::Professor.journey(), false).expect_err("no terms");
        assert_eq!(errors, FieldErrors::one(Field::Terms, FieldError::TermsRequired));
    }

    #[test]
    fn a_draft_comes_back_into_the_form_as_it_was_understood() {
        let draft = client().parse(Kind::Cliente.journey(), false).expect("right").draft;
        let again = draft.to_details().parse(Kind::Cliente.journey(), false).expect("right").draft;
        assert_eq!(again, draft);
    }

    #[test]
    fn a_claim_is_the_same_while_address_number_and_user_name_are() {
        let draft = client().parse(Kind::Cliente.journey(), false).expect("right").draft;
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
