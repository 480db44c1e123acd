//! The journeys as data (SPEC §1): the steps of each kind from the first form to an active account. One wizard and one set of
//! rules ([`crate::signup`]) run all of them. What else a new kind needs is told in `docs/how-to.md`.

use crate::error::{Field, FieldError};
use crate::message::Channel;
use crate::purpose::{CodeFor, LinkFor, Purpose};
use crate::value::PasswordPolicy;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// The kinds of account (`tipo_usuario`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, EnumString, IntoStaticStr, VariantArray)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Kind {
    /// A client, by phone code (000).
    Cliente,
    /// A teacher or presenter, by e-mail link (003).
    Professor,
    /// A Via Carona rider, by e-mail code (004).
    Caronista,
    /// A company, by e-mail link (001, 002).
    Empresa,
}

impl Kind {
    /// Every kind.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// Every kind, in the order of the page that offers them; [`crate::kinds::Kinds`] says which are open.
    pub const OFFERED: [Self; Self::VARIANTS.len()] = [Self::Cliente, Self::Professor, Self::Empresa, Self::Caronista];

    /// Returns the name in contracts and database rows.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Parses the name in contracts.
    pub fn parse(typed: &str) -> Result<Self, FieldError> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Err(FieldError::Required);
        }
        typed.parse().map_err(|_| FieldError::KindUnknown)
    }

    /// Returns the journey of the wizard; see [`Kind::bare_journey`] for 001.
    pub const fn journey(self) -> &'static Journey {
        match self {
            Self::Cliente => &CLIENTE,
            Self::Professor => &PROFESSOR,
            Self::Caronista => &CARONISTA,
            Self::Empresa => &EMPRESA,
        }
    }
}

/// A step of the wizard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// The first form.
    Details,
    /// Entering a code.
    Code,
    /// "Check your e-mail": waiting for the link to be opened.
    CheckEmail,
    /// The fields that are still missing after the proof (004, step 3).
    Complete,
    /// The account exists.
    Done,
}

/// A field that a journey asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ask {
    /// The field asked for.
    pub field: Field,
    /// Whether it may stay empty.
    pub optional: bool,
}

const fn needed(field: Field) -> Ask {
    Ask { field, optional: false }
}

const fn optional(field: Field) -> Ask {
    Ask { field, optional: true }
}

/// The steps of one kind, the fields they ask for, the proof of the contact and the password policy.
#[derive(Debug, PartialEq, Eq)]
pub struct Journey {
    /// The kind of account that it leads to.
    pub kind: Kind,
    /// The last part of the page's path, `/register/{slug}`; empty for 001.
    pub slug: &'static str,
    /// The steps, in order; the first is [`Step::Details`].
    pub steps: &'static [Step],
    /// The fields of the details form, in order.
    pub details: &'static [Ask],
    /// The further required and optional fields. They are asked for after the contact is proved, if missing.
    pub completion: &'static [Ask],
    /// The optional texts that Meu Perfil shows for this kind.
    pub texts: &'static [Field],
    /// The purpose of the proof. It determines whether the proof is a code or a link, and its lifetime.
    pub proof_purpose: Purpose,
    /// The channels for the proof. Which of several is taken first is a setting ([`crate::reaching`]).
    pub channels: &'static [Channel],
    /// The rules for the password.
    pub password: PasswordPolicy,
}

impl Journey {
    /// Returns the journey with this slug.
    pub fn by_slug(slug: &str) -> Option<&'static Self> {
        Kind::ALL.iter().copied().map(Kind::journey).find(|journey| journey.slug == slug)
    }

    /// Returns the entry of a field in the details form; `None`: the form does not ask for it.
    pub fn ask(&self, field: Field) -> Option<Ask> {
        self.details.iter().copied().find(|ask| ask.field == field)
    }

    /// Returns the field of the details form that its owner will sign in with: beside it a password manager keeps the password.
    pub fn signs_in_by(&self) -> Field {
        [Field::Username, Field::Email].into_iter().find(|name| self.ask(*name).is_some_and(|ask| !ask.optional)).unwrap_or(Field::Phone)
    }

    /// Returns the number of a step, from 1, and the number of steps.
    pub fn position(&self, step: Step) -> (usize, usize) {
        let index = self.steps.iter().position(|s| *s == step).unwrap_or_default();
        (index + 1, self.steps.len())
    }

    /// Returns the proofs that can activate an account of this kind: the journey's own, and the link of 001, which any kind may use.
    pub const fn proofs(&self) -> [Purpose; 2] {
        [self.proof_purpose, Purpose::Link(LinkFor::EmailProof)]
    }

    /// Returns the code that may be entered while the sign-up waits: that of its proof, or the one beside its link.
    pub const fn entered_code(&self) -> CodeFor {
        match self.proof_purpose {
            Purpose::Code(code) => code,
            Purpose::Link(_) => CodeFor::SignupEmail,
        }
    }

    /// Returns whether what is missing after the proof is asked for in one form, the journey's third step (004).
    pub const fn completes_by_form(&self) -> bool {
        let mut steps = self.steps;
        while let [step, rest @ ..] = steps {
            if matches!(step, Step::Complete) {
                return true;
            }
            steps = rest;
        }
        false
    }

    /// Returns whether the e-mail activates the account. If so, an unproved account reserves the address while its proof can still
    /// arrive. Otherwise no account exists before the proof (000).
    pub const fn contact_is_email(&self) -> bool {
        !matches!(self.proof_purpose, Purpose::Code(CodeFor::SignupPhone))
    }
}

/// A client must have a phone.
const CLIENTE_NEEDS: &[Ask] = &[needed(Field::Phone)];
const CARONISTA_NEEDS: &[Ask] = &[
    optional(Field::Photo),
    needed(Field::Username),
    needed(Field::Phone),
    needed(Field::BirthDate),
    needed(Field::Gender),
    needed(Field::Cpf),
    needed(Field::State),
    needed(Field::City),
];
const EMPRESA_NEEDS: &[Ask] = &[needed(Field::Cnpj)];
const PROFESSOR_TEXTS: &[Field] = &[Field::SocialName, Field::Institution, Field::FieldOfWork];

/// 000: name and phone; the right code creates the account.
static CLIENTE: Journey = Journey {
    kind: Kind::Cliente,
    slug: "client",
    steps: &[Step::Details, Step::Code, Step::Done],
    details: &[
        needed(Field::Name),
        needed(Field::Phone),
        optional(Field::Email),
        optional(Field::Password),
        optional(Field::PasswordConfirmation),
    ],
    completion: needs(Kind::Cliente),
    texts: texts(Kind::Cliente),
    proof_purpose: Purpose::Code(CodeFor::SignupPhone),
    channels: &[Channel::WhatsApp, Channel::Sms],
    password: PasswordPolicy::Strict,
};

/// 003, UC-06.
static PROFESSOR: Journey = Journey {
    kind: Kind::Professor,
    slug: "teacher",
    steps: &[Step::Details, Step::CheckEmail, Step::Done],
    details: &[
        needed(Field::Name),
        needed(Field::Email),
        needed(Field::Password),
        needed(Field::PasswordConfirmation),
        optional(Field::Institution),
        optional(Field::FieldOfWork),
        needed(Field::Terms),
    ],
    completion: needs(Kind::Professor),
    texts: texts(Kind::Professor),
    proof_purpose: Purpose::Link(LinkFor::EmailProof),
    channels: &[Channel::Email],
    password: PasswordPolicy::Strict,
};

/// 004, Via Carona.
static CARONISTA: Journey = Journey {
    kind: Kind::Caronista,
    slug: "carona",
    steps: &[Step::Details, Step::Code, Step::Complete],
    details: &[needed(Field::Name), needed(Field::Username), needed(Field::Email), needed(Field::Password)],
    completion: needs(Kind::Caronista),
    texts: texts(Kind::Caronista),
    proof_purpose: Purpose::Code(CodeFor::SignupEmail),
    channels: &[Channel::Email],
    password: PasswordPolicy::LengthOnly,
};

/// 001 and 002.
static EMPRESA: Journey = Journey {
    kind: Kind::Empresa,
    slug: "company",
    steps: &[Step::Details, Step::CheckEmail, Step::Done],
    details: &[
        needed(Field::Name),
        needed(Field::Cnpj),
        needed(Field::Email),
        needed(Field::Password),
        needed(Field::PasswordConfirmation),
        needed(Field::Terms),
    ],
    completion: needs(Kind::Empresa),
    texts: texts(Kind::Empresa),
    proof_purpose: Purpose::Link(LinkFor::EmailProof),
    channels: &[Channel::Email],
    password: PasswordPolicy::Strict,
};

const fn needs(kind: Kind) -> &'static [Ask] {
    match kind {
        Kind::Cliente => CLIENTE_NEEDS,
        Kind::Professor => &[],
        Kind::Caronista => CARONISTA_NEEDS,
        Kind::Empresa => EMPRESA_NEEDS,
    }
}

const fn texts(kind: Kind) -> &'static [Field] {
    match kind {
        Kind::Professor => PROFESSOR_TEXTS,
        Kind::Cliente | Kind::Caronista | Kind::Empresa => &[Field::SocialName],
    }
}

const BARE_DETAILS: &[Ask] = &[needed(Field::Name), needed(Field::Email), needed(Field::Password)];

/// 001: any kind registers with name, e-mail and password. The other required fields are asked for after the first sign-in.
const fn bare(kind: Kind) -> Journey {
    Journey {
        kind,
        slug: "",
        steps: &[Step::Details, Step::CheckEmail, Step::Done],
        details: BARE_DETAILS,
        completion: needs(kind),
        texts: texts(kind),
        proof_purpose: Purpose::Link(LinkFor::EmailProof),
        channels: &[Channel::Email],
        password: PasswordPolicy::Strict,
    }
}

impl Kind {
    /// Returns the journey of 001 for this kind.
    pub const fn bare_journey(self) -> &'static Journey {
        static CLIENTE: Journey = bare(Kind::Cliente);
        static PROFESSOR: Journey = bare(Kind::Professor);
        static CARONISTA: Journey = bare(Kind::Caronista);
        static EMPRESA: Journey = bare(Kind::Empresa);
        match self {
            Self::Cliente => &CLIENTE,
            Self::Professor => &PROFESSOR,
            Self::Caronista => &CARONISTA,
            Self::Empresa => &EMPRESA,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_journey_of_its_own_that_begins_with_a_form() {
        for kind in Kind::ALL.iter().copied() {
            let journey = kind.journey();
            assert_eq!(journey.kind, kind);
            assert_eq!(Kind::parse(kind.as_str()), Ok(kind));
            assert_eq!(Journey::by_slug(journey.slug), Some(journey));
            assert_eq!(journey.steps.first(), Some(&Step::Details));
            assert!(journey.ask(Field::Name).is_some_and(|ask| !ask.optional));
        }
        assert_eq!(Kind::parse("admin"), Err(FieldError::KindUnknown));
        assert_eq!(Journey::by_slug("admin"), None);
    }

    #[test]
    fn every_kind_is_offered_once() {
        for kind in Kind::ALL {
            assert_eq!(Kind::OFFERED.iter().filter(|open| *open == kind).count(), 1, "{kind:?}");
        }
    }

    #[test]
    fn a_code_step_stands_where_the_proof_is_a_code() {
        for journey in Kind::ALL.iter().copied().map(Kind::journey) {
            assert_eq!(journey.proof_purpose.code().is_some(), journey.steps.contains(&Step::Code), "{}", journey.slug);
            assert_eq!(journey.proof_purpose.code().is_none(), journey.steps.contains(&Step::CheckEmail), "{}", journey.slug);
            let later = journey.completion.iter().any(|ask| !ask.optional && journey.ask(ask.field).is_none());
            assert_eq!(later, journey.steps.contains(&Step::Complete), "{}", journey.slug);
        }
    }
}
