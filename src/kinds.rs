//! What an operator decided of the kinds of account (SPEC §14): which are open, what they are called, which known fields their first
//! form asks for. Without any decision the documents' own hold.

use crate::error::Refusal;
use crate::field::Field;
use crate::journey::{Ask, Journey, Kind};
use crate::profile::document;

/// What is decided of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// Whether people may register as this kind. Those who did before still sign in.
    pub open: bool,
    /// What it is called, instead of our own word.
    pub label: Option<Said>,
    /// What is said of it where it is chosen, and above its form.
    pub lead: Option<Said>,
    /// What its first form asks for, instead of the journey's own.
    details: Option<Vec<Ask>>,
}

/// An operator's words in Portuguese, and in English if they differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// In Portuguese.
    pub portuguese: String,
    /// In English.
    pub english: Option<String>,
}

/// Why a field cannot be asked, or cannot be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// The journey of this kind cannot carry it.
    NotCarried,
    /// It is needed, but not asked for.
    NotAsked,
    /// The documents or the proof of this kind need it, so it is always asked for.
    Fixed,
}

impl Default for Decided {
    fn default() -> Self {
        Self { open: true, label: None, lead: None, details: None }
    }
}

/// The fields that a kind's first form always asks for: its documents or its proof need them.
pub fn fixed(kind: Kind) -> impl Iterator<Item = Field> {
    kind.journey().details.iter().filter(|ask| !ask.optional).map(|ask| ask.field)
}

/// The fields that a kind's first form may ask for besides: those that its journey has as optional, and the texts of a profile.
pub fn free(kind: Kind) -> Vec<Field> {
    let own = kind.journey().details.iter().filter(|ask| ask.optional && ask.field != Field::PasswordConfirmation).map(|ask| ask.field);
    let mut fields: Vec<_> = own.collect();
    fields.extend(Field::free_texts().filter(|field| kind.journey().ask(*field).is_none()));
    fields
}

impl Decided {
    /// Decides which fields the first form asks for, and which are needed besides those that always are. `None`: those of the journey.
    ///
    /// # Errors
    /// The first field that is not possible.
    pub fn ask(&mut self, kind: Kind, asked: Option<&[Field]>, needed: &[Field]) -> Result<(), (Field, Unfit)> {
        let journey = kind.journey();
        let free = free(kind);
        if let Some(field) = asked.into_iter().flatten().find(|field| !free.contains(field) && !fixed(kind).any(|it| it == **field)) {
            return Err((*field, Unfit::NotCarried));
        }
        let confirmed = |field: Field| field != Field::PasswordConfirmation;
        if let Some(field) = asked.and_then(|asked| fixed(kind).filter(|it| confirmed(*it)).find(|field| !asked.contains(field))) {
            return Err((field, Unfit::Fixed));
        }
        let has = |field: Field| match asked {
            Some(asked) => asked.contains(&field),
            None => journey.ask(field).is_some(),
        };
        for field in needed.iter().copied() {
            if !free.contains(&field) && !fixed(kind).any(|it| it == field) {
                return Err((field, Unfit::NotCarried));
            }
            if free.contains(&field) && !has(field) {
                return Err((field, Unfit::NotAsked));
            }
        }
        // A confirmation stands and falls with its password.
        let of = |field: Field| if field == Field::PasswordConfirmation { Field::Password } else { field };
        let mut details: Vec<Ask> = journey.details.iter().copied().filter(|ask| !ask.optional || has(of(ask.field))).collect();
        let further = free.iter().copied().filter(|field| journey.ask(*field).is_none() && has(*field));
        let place = [Field::Terms, Field::Password].iter().find_map(|last| details.iter().position(|ask| ask.field == *last));
        for (nth, field) in further.enumerate() {
            let place = place.map_or(details.len(), |place| place + nth);
            details.insert(place, Ask { field, optional: true });
        }
        for ask in &mut details {
            ask.optional &= !needed.contains(&of(ask.field));
        }
        self.details = (details != journey.details).then_some(details);
        Ok(())
    }
}

/// What is decided of every kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kinds([Decided; Kind::ALL.len()]);

impl Default for Kinds {
    fn default() -> Self {
        Self::decided(|_| Decided::default())
    }
}

impl Kinds {
    /// What is decided of each.
    pub fn decided(of: impl Fn(Kind) -> Decided) -> Self {
        Self(std::array::from_fn(|nth| of(Kind::ALL[nth])))
    }

    /// What is decided of one.
    pub const fn of(&self, kind: Kind) -> &Decided {
        &self.0[kind as usize]
    }

    /// The kinds that people can register as, in the order of the page that offers them.
    pub fn open(&self) -> impl Iterator<Item = Kind> {
        Kind::OFFERED.into_iter().filter(|kind| self.of(*kind).open)
    }

    /// Refuses to begin a sign-up of a kind that is closed.
    ///
    /// # Errors
    /// [`Refusal::KindClosed`].
    pub const fn may_begin(&self, kind: Kind) -> Result<(), Refusal> {
        if self.of(kind).open { Ok(()) } else { Err(Refusal::KindClosed) }
    }

    /// What the first form of a journey asks for. 001 has one form for every kind, which nobody changes.
    pub fn details(&self, journey: &'static Journey) -> &[Ask] {
        match &self.of(journey.kind).details {
            Some(details) if !journey.slug.is_empty() => details,
            _ => journey.details,
        }
    }

    /// The optional texts that Meu Perfil shows for a kind.
    pub fn texts(&self, kind: Kind) -> Vec<Field> {
        let journey = kind.journey();
        let asked = self.details(journey).iter().map(|ask| ask.field).filter(|field| field.is_free_text());
        let further: Vec<_> = asked.filter(|field| !journey.texts.contains(field)).collect();
        journey.texts.iter().copied().chain(further).collect()
    }

    /// What can be kept of a person of a kind, in the order of the table of fields: what is asked for, and what Meu Perfil takes besides.
    /// Without the password and the terms, which are kept otherwise.
    pub fn collected(&self, kind: Kind) -> Vec<Field> {
        let journey = kind.journey();
        let asked = self.details(journey).iter().chain(journey.completion).map(|ask| ask.field);
        let besides = [Field::Email, Field::Phone, Field::Photo, document(kind)];
        let all: Vec<_> = asked.chain(self.texts(kind)).chain(besides).collect();
        let otherwise = [Field::Password, Field::PasswordConfirmation, Field::Terms];
        Field::ALL.iter().copied().filter(|field| all.contains(field) && !otherwise.contains(field)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(kinds: &Kinds, kind: Kind) -> Vec<(Field, bool)> {
        kinds.details(kind.journey()).iter().map(|ask| (ask.field, ask.optional)).collect()
    }

    fn asking(kind: Kind, asked: Option<&[Field]>, needed: &[Field]) -> Result<Kinds, (Field, Unfit)> {
        let mut decided = Decided::default();
        decided.ask(kind, asked, needed)?;
        Ok(Kinds::decided(|it| if it == kind { decided.clone() } else { Decided::default() }))
    }

    fn with(kind: Kind, field: Field) -> Vec<Field> {
        fixed(kind).chain([field]).collect()
    }

    #[test]
    fn the_kinds_are_open_and_as_in_the_documents_unless_decided_otherwise() {
        let kinds = Kinds::default();
        assert_eq!(kinds.open().collect::<Vec<_>>(), Kind::OFFERED);
        for kind in Kind::ALL {
            assert_eq!(kinds.details(kind.journey()), kind.journey().details);
            assert_eq!(kinds.texts(*kind), kind.journey().texts);
            let untouched = asking(*kind, None, &[]).expect("nothing is asked");
            assert_eq!(untouched, kinds);
        }
    }

    #[test]
    fn a_closed_kind_begins_nothing_and_is_not_offered() {
        let kinds = Kinds::decided(|kind| Decided { open: kind != Kind::Empresa, ..Decided::default() });
        assert_eq!(kinds.may_begin(Kind::Empresa), Err(Refusal::KindClosed));
        assert_eq!(kinds.may_begin(Kind::Cliente), Ok(()));
        assert_eq!(kinds.open().collect::<Vec<_>>(), [Kind::Cliente, Kind::Professor, Kind::Caronista]);
    }

    #[test]
    fn what_is_collected_is_what_is_asked_for_and_what_the_profile_takes() {
        use Field::{BirthDate, City, Cnpj, Cpf, Email, FieldOfWork, Gender, Institution, Name, Phone, Photo, SocialName, State, Username};
        let kinds = Kinds::default();
        let sorted = |mut fields: Vec<Field>| {
            fields.sort();
            fields
        };
        let rider = [Name, Username, Email, Phone, BirthDate, Gender, Cpf, State, City, Photo, SocialName];
        assert_eq!(sorted(kinds.collected(Kind::Caronista)), sorted(rider.to_vec()));
        assert_eq!(sorted(kinds.collected(Kind::Empresa)), sorted(vec![Name, Cnpj, Email, Phone, Photo, SocialName]));
        let more = asking(Kind::Empresa, Some(&with(Kind::Empresa, FieldOfWork)), &[]).expect("possible");
        assert!(more.collected(Kind::Empresa).contains(&FieldOfWork) && !kinds.collected(Kind::Empresa).contains(&Institution));
    }

    #[test]
    fn what_is_optional_is_left_out_or_needed_as_decided() {
        use Field::{Email, Institution, Name, Password, PasswordConfirmation, Phone, SocialName};
        let none = asking(Kind::Cliente, Some(&[Name, Phone]), &[]).expect("possible");
        assert_eq!(fields(&none, Kind::Cliente), [(Name, false), (Phone, false)]);
        let more = asking(Kind::Cliente, Some(&[Password, Institution, Email, Phone, Name]), &[Email, Password, Name]).expect("possible");
        let expected =
            [(Name, false), (Phone, false), (Email, false), (Institution, true), (Password, false), (PasswordConfirmation, false)];
        assert_eq!(fields(&more, Kind::Cliente), expected);
        assert_eq!(more.texts(Kind::Cliente), [SocialName, Institution]);
        assert_eq!(more.details(Kind::Cliente.bare_journey()), Kind::Cliente.bare_journey().details);
    }

    #[test]
    fn further_texts_stand_before_the_terms_or_the_password() {
        let kinds = asking(Kind::Empresa, Some(&with(Kind::Empresa, Field::FieldOfWork)), &[Field::FieldOfWork]).expect("possible");
        let last: Vec<_> = fields(&kinds, Kind::Empresa).into_iter().rev().take(2).collect();
        assert_eq!(last, [(Field::Terms, false), (Field::FieldOfWork, false)]);
        let kinds = asking(Kind::Caronista, Some(&with(Kind::Caronista, Field::Institution)), &[]).expect("possible");
        let last: Vec<_> = fields(&kinds, Kind::Caronista).into_iter().rev().take(2).collect();
        assert_eq!(last, [(Field::Password, false), (Field::Institution, true)]);
    }

    #[test]
    fn what_a_journey_cannot_carry_is_refused_by_name() {
        let bare: Vec<_> = fixed(Kind::Professor).collect();
        assert_eq!(asking(Kind::Cliente, Some(&with(Kind::Cliente, Field::Cpf)), &[]), Err((Field::Cpf, Unfit::NotCarried)));
        assert_eq!(asking(Kind::Professor, None, &[Field::Phone]), Err((Field::Phone, Unfit::NotCarried)));
        assert_eq!(asking(Kind::Professor, Some(&bare), &[Field::Institution]), Err((Field::Institution, Unfit::NotAsked)));
        for kind in Kind::ALL.iter().copied() {
            for field in fixed(kind).filter(|field| *field != Field::PasswordConfirmation) {
                let others: Vec<_> = fixed(kind).filter(|other| *other != field).collect();
                assert_eq!(asking(kind, Some(&others), &[]), Err((field, Unfit::Fixed)), "{kind:?}");
            }
        }
        assert_eq!(asking(Kind::Cliente, None, &[Field::Institution]), Err((Field::Institution, Unfit::NotAsked)));
    }
}
