//! The 26 states and the Federal District (UF).

use super::pasted;
use crate::error::FieldError;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// A state of Brazil or the Federal District. Canonical form: its two capital letters (ISO 3166-2:BR).
///
/// `Debug` is not redacted: a state alone says nothing about anybody, and the list is public. Source: seed 004 (`state`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "UPPERCASE")]
pub enum State {
    /// Acre.
    Ac,
    /// Alagoas.
    Al,
    /// Amapá.
    Ap,
    /// Amazonas.
    Am,
    /// Bahia.
    Ba,
    /// Ceará.
    Ce,
    /// Distrito Federal.
    Df,
    /// Espírito Santo.
    Es,
    /// Goiás.
    Go,
    /// Maranhão.
    Ma,
    /// Mato Grosso.
    Mt,
    /// Mato Grosso do Sul.
    Ms,
    /// Minas Gerais.
    Mg,
    /// Pará.
    Pa,
    /// Paraíba.
    Pb,
    /// Paraná.
    Pr,
    /// Pernambuco.
    Pe,
    /// Piauí.
    Pi,
    /// Rio de Janeiro.
    Rj,
    /// Rio Grande do Norte.
    Rn,
    /// Rio Grande do Sul.
    Rs,
    /// Rondônia.
    Ro,
    /// Roraima.
    Rr,
    /// Santa Catarina.
    Sc,
    /// São Paulo.
    Sp,
    /// Sergipe.
    Se,
    /// Tocantins.
    To,
}

serde_as_text!(State, as_str, parse);

impl State {
    /// All 27, by name: the order of a list to choose from.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// Reads two capital letters; small ones are refused, as the document asks for capitals.
    ///
    /// # Errors
    /// [`FieldError::Required`] when blank, else [`FieldError::StateUnknown`].
    pub fn parse(typed: &str) -> Result<Self, FieldError> {
        let typed = &*pasted::read(typed);
        if typed.is_empty() {
            return Err(FieldError::Required);
        }
        typed.parse().map_err(|_| FieldError::StateUnknown)
    }

    /// Its two letters: `SP`.
    pub fn code(self) -> &'static str {
        self.into()
    }

    /// The same as [`State::code`], under the name that all values share.
    pub fn as_str(self) -> &'static str {
        self.code()
    }

    /// Its name in Portuguese: `São Paulo`. A proper name, so the same in every language of the pages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ac => "Acre",
            Self::Al => "Alagoas",
            Self::Ap => "Amapá",
            Self::Am => "Amazonas",
            Self::Ba => "Bahia",
            Self::Ce => "Ceará",
            Self::Df => "Distrito Federal",
            Self::Es => "Espírito Santo",
            Self::Go => "Goiás",
            Self::Ma => "Maranhão",
            Self::Mt => "Mato Grosso",
            Self::Ms => "Mato Grosso do Sul",
            Self::Mg => "Minas Gerais",
            Self::Pa => "Pará",
            Self::Pb => "Paraíba",
            Self::Pr => "Paraná",
            Self::Pe => "Pernambuco",
            Self::Pi => "Piauí",
            Self::Rj => "Rio de Janeiro",
            Self::Rn => "Rio Grande do Norte",
            Self::Rs => "Rio Grande do Sul",
            Self::Ro => "Rondônia",
            Self::Rr => "Roraima",
            Self::Sc => "Santa Catarina",
            Self::Sp => "São Paulo",
            Self::Se => "Sergipe",
            Self::To => "Tocantins",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashSet;

    #[test]
    fn there_are_27_and_each_reads_back_from_its_code() {
        assert_eq!(State::ALL.iter().copied().map(State::code).collect::<HashSet<_>>().len(), 27);
        assert_eq!(State::ALL.iter().copied().map(State::name).collect::<HashSet<_>>().len(), 27);
        for state in State::ALL.iter().copied() {
            assert_eq!(State::parse(state.code()), Ok(state));
            assert_eq!(State::parse(&format!(" {} ", state.code())), Ok(state));
        }
    }

    #[test]
    fn codes_and_names_belong_together() {
        assert_eq!(State::parse("SP").map(State::name), Ok("São Paulo"));
        assert_eq!(State::parse("DF").map(State::name), Ok("Distrito Federal"));
        assert_eq!(State::parse("MS").map(State::name), Ok("Mato Grosso do Sul"));
    }

    #[test]
    fn small_letters_and_names_are_refused() {
        for typed in ["sp", "Sp", "São Paulo", "XX", "SPP", "S", "S P", "ＳＰ", "BR"] {
            assert_eq!(State::parse(typed), Err(FieldError::StateUnknown), "{typed}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_taken_is_one_of_the_codes(typed in "[A-Z]{2}") {
            prop_assert_eq!(State::parse(&typed).is_ok(), State::ALL.iter().any(|state| state.code() == typed));
        }
    }
}
