//! The journeys as data (SPEC §1): what a person of one kind goes through from nothing to an active account. One wizard
//! and one set of rules ([`crate::signup`]) run all of them; adding a journey is adding a constant here.

use crate::error::{Field, FieldError};
use crate::message::{Channel, Purpose};
use crate::value::PasswordPolicy;
use serde::{Deserialize, Serialize};

/// The kinds of account (`tipo_usuario`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
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
    pub const ALL: [Self; 4] = [Self::Cliente, Self::Professor, Self::Caronista, Self::Empresa];

    /// The kinds whose journey is open to people, in the order in which they are offered.
    pub const OPEN: [Self; 4] = [Self::Cliente, Self::Professor, Self::Empresa, Self::Caronista];

    /// The name in contracts and rows.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cliente => "cliente",
            Self::Professor => "professor",
            Self::Caronista => "caronista",
            Self::Empresa => "empresa",
        }
    }

    /// Reads the contracts' name.
    pub fn parse(typed: &str) -> Result<Self, FieldError> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Err(FieldError::Required);
        }
        Self::ALL.into_iter().find(|kind| kind.as_str() == typed).ok_or(FieldError::KindUnknown)
    }

    /// Its journey.
    pub const fn journey(self) -> &'static Journey {
        match self {
            Self::Cliente => &CLIENTE,
            Self::Professor => &PROFESSOR,
            Self::Caronista => &CARONISTA,
            Self::Empresa => &EMPRESA,
        }
    }
}

/// One step of a journey, as the wizard shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// The first form.
    Details,
    /// Entering a code.
    Code,
    /// "Check your e-mail": a link is on its way.
    CheckEmail,
    /// What the kind still needs after the proof (004, step 3).
    Complete,
    /// The account is there; the person can go in, or sign in.
    Done,
}

/// A field of the details form and whether it may stay empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ask {
    /// Which field.
    pub field: Field,
    /// May stay empty.
    pub optional: bool,
}

const fn needed(field: Field) -> Ask {
    Ask { field, optional: false }
}

const fn optional(field: Field) -> Ask {
    Ask { field, optional: true }
}

/// How long a proof lives: the name of a setting, whose default stands in SPEC §10.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lifetime {
    /// `CODE_LIFETIME_PHONE`, 5 min.
    CodePhone,
    /// `CODE_LIFETIME_CARONA`, 1 min.
    CodeCarona,
    /// `CODE_LIFETIME_RECOVERY`, 5 min.
    CodeRecovery,
    /// `LINK_LIFETIME_EMAIL`, 24 h.
    LinkEmail,
    /// `LINK_LIFETIME_RESET`, 1 h.
    LinkReset,
    /// [`NOT_ME_LIFETIME`](crate::recovery::NOT_ME_LIFETIME).
    LinkNotMe,
    /// [`DECIDED_AFTER`](crate::contest::DECIDED_AFTER).
    LinkDocumentMine,
}

impl Purpose {
    /// How long a code or link for this purpose lives.
    pub const fn lifetime(self) -> Lifetime {
        match self {
            Self::SignupPhone | Self::LoginPhone | Self::PhoneChange | Self::EmailChange | Self::Reauthentication | Self::Contest => {
                Lifetime::CodePhone
            }
            Self::SignupEmail => Lifetime::CodeCarona,
            Self::Recovery => Lifetime::CodeRecovery,
            Self::EmailLink => Lifetime::LinkEmail,
            Self::ResetLink => Lifetime::LinkReset,
            Self::NotMe => Lifetime::LinkNotMe,
            Self::DocumentMine => Lifetime::LinkDocumentMine,
        }
    }
}

/// The ordered steps of one kind, with what each asks, how the contact is proved and which passwords are taken.
#[derive(Debug, PartialEq, Eq)]
pub struct Journey {
    /// Whose.
    pub kind: Kind,
    /// The last part of its page's path: `/register/{slug}`.
    pub slug: &'static str,
    /// The steps, in order.
    pub steps: &'static [Step],
    /// What the details form asks, in order.
    pub details: &'static [Ask],
    /// What an account of this kind must have besides, and may: asked once the contact is proved, as far as it is missing.
    pub completion: &'static [Ask],
    /// The optional texts that Meu Perfil shows to this kind.
    pub texts: &'static [Field],
    /// What the proof is for; says whether it is a code or a link, and how long it lives.
    pub proof: Purpose,
    /// The ways it may go; the first is the system's choice.
    pub channels: &'static [Channel],
    /// Which passwords are taken.
    pub password: PasswordPolicy,
}

impl Journey {
    /// The journey with that page.
    pub fn by_slug(slug: &str) -> Option<&'static Self> {
        Kind::ALL.into_iter().map(Kind::journey).find(|journey| journey.slug == slug)
    }

    /// What a journey asks of a field, if it asks for it in its first form.
    pub fn ask(&self, field: Field) -> Option<Ask> {
        self.details.iter().copied().find(|ask| ask.field == field)
    }

    /// The number of a step, from 1, and how many there are.
    pub fn position(&self, step: Step) -> (usize, usize) {
        let index = self.steps.iter().position(|s| *s == step).unwrap_or_default();
        (index + 1, self.steps.len())
    }

    /// What may prove an account of this journey: its own proof, or the link of 001, which asks for no kind's own.
    pub const fn proofs(&self) -> [Purpose; 2] {
        [self.proof, Purpose::EmailLink]
    }

    /// Whether the contact that makes the account active is the e-mail: then the address is claimed while its proof can
    /// still come. Otherwise no account exists before the proof (000).
    pub const fn contact_is_email(&self) -> bool {
        !matches!(self.proof, Purpose::SignupPhone)
    }
}

/// A client is reached by phone.
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
const PROFESSOR_TEXTS: &[Field] = &[Field::Institution, Field::FieldOfWork];

/// 000: name and phone; the account is born with the right code.
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
    proof: Purpose::SignupPhone,
    channels: &[Channel::Sms, Channel::WhatsApp],
    password: PasswordPolicy::Teacher,
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
    proof: Purpose::EmailLink,
    channels: &[Channel::Email],
    password: PasswordPolicy::Teacher,
};

/// 004, Via Carona.
static CARONISTA: Journey = Journey {
    kind: Kind::Caronista,
    slug: "carona",
    steps: &[Step::Details, Step::Code, Step::Complete],
    details: &[needed(Field::Name), needed(Field::Username), needed(Field::Email), needed(Field::Password)],
    completion: needs(Kind::Caronista),
    texts: texts(Kind::Caronista),
    proof: Purpose::SignupEmail,
    channels: &[Channel::Email],
    password: PasswordPolicy::Carona,
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
    proof: Purpose::EmailLink,
    channels: &[Channel::Email],
    password: PasswordPolicy::Teacher,
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
        Kind::Cliente | Kind::Caronista | Kind::Empresa => &[],
    }
}

const BARE_DETAILS: &[Ask] = &[needed(Field::Name), needed(Field::Email), needed(Field::Password)];

/// 001: any kind registers with name, e-mail and password; what its kind still needs is asked after the first sign-in.
const fn bare(kind: Kind) -> Journey {
    Journey {
        kind,
        slug: "",
        steps: &[Step::Details, Step::CheckEmail, Step::Done],
        details: BARE_DETAILS,
        completion: needs(kind),
        texts: texts(kind),
        proof: Purpose::EmailLink,
        channels: &[Channel::Email],
        password: PasswordPolicy::Teacher,
    }
}

impl Kind {
    /// What 001 asks of this kind.
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
        for kind in Kind::ALL {
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
    fn a_code_step_stands_where_the_proof_is_a_code() {
        for journey in Kind::ALL.map(Kind::journey) {
            assert_eq!(journey.proof.digits().is_some(), journey.steps.contains(&Step::Code), "{}", journey.slug);
            assert_eq!(journey.proof.digits().is_none(), journey.steps.contains(&Step::CheckEmail), "{}", journey.slug);
            let later = journey.completion.iter().any(|ask| !ask.optional && journey.ask(ask.field).is_none());
            assert_eq!(later, journey.steps.contains(&Step::Complete), "{}", journey.slug);
        }
    }
}
