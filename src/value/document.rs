//! CPF or CNPJ, whichever was typed (seed 002).

use super::{Cnpj, Cpf, check_digits, pasted};
use crate::error::FieldError;

/// A CPF or a CNPJ, as typed in one field to recover a password. Canonical form: that of the one it is.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Document {
    /// Of a person.
    Cpf(Cpf),
    /// Of a company.
    Cnpj(Cnpj),
}

redacted!(Document);
serde_as_text!(Document, canonical, parse);

impl Document {
    /// Parses either. Their length without punctuation, 11 or 14, distinguishes them. "All digits" would not: a CNPJ may be all
    /// digits, and a mistyped CPF may contain a letter (trap f in docs/standards.md#cpf-and-cnpj).
    ///
    /// # Errors
    /// [`FieldError::Required`] when blank, else [`FieldError::DocumentInvalid`] (002, message 3).
    pub fn parse(typed: &str) -> Result<Self, FieldError> {
        let typed = &*pasted::read(typed);
        if typed.is_empty() {
            return Err(FieldError::Required);
        }
        let document = match check_digits::without(typed, &['.', '/', '-']).chars().count() {
            11 => Cpf::parse(typed).map(Self::Cpf),
            14 => Cnpj::parse(typed).map(Self::Cnpj),
            _ => Err(FieldError::DocumentInvalid),
        };
        document.map_err(|_| FieldError::DocumentInvalid)
    }

    /// The 11 digits of a CPF or the 14 characters of a CNPJ.
    pub fn canonical(&self) -> &str {
        match self {
            Self::Cpf(cpf) => cpf.as_str(),
            Self::Cnpj(cnpj) => cnpj.as_str(),
        }
    }

    /// Same as [`Document::canonical`], under the name that all values share.
    pub fn as_str(&self) -> &str {
        self.canonical()
    }

    /// The whole number as it stands on paper, for its owner: see [`Cpf::formatted`] and [`Cnpj::formatted`].
    pub fn formatted(&self) -> String {
        match self {
            Self::Cpf(cpf) => cpf.formatted(),
            Self::Cnpj(cnpj) => cnpj.formatted(),
        }
    }

    /// What a page may show: see [`Cpf::masked`] and [`Cnpj::masked`].
    pub fn masked(&self) -> String {
        match self {
            Self::Cpf(cpf) => cpf.masked(),
            Self::Cnpj(cnpj) => cnpj.masked(),
        }
    }
}

impl From<Cpf> for Document {
    fn from(cpf: Cpf) -> Self {
        Self::Cpf(cpf)
    }
}

impl From<Cnpj> for Document {
    fn from(cnpj: Cnpj) -> Self {
        Self::Cnpj(cnpj)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{cnpj::tests::any_cnpj, cpf::tests::any_cpf};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn eleven_are_a_cpf_and_fourteen_a_cnpj() {
        assert!(matches!(Document::parse("529.982.247-25"), Ok(Document::Cpf(_))));
        assert!(matches!(Document::parse("12.abc.345/01de-35"), Ok(Document::Cnpj(_))));
        assert!(matches!(Document::parse("11222333000181"), Ok(Document::Cnpj(_))));
    }

    #[test]
    fn what_is_neither_has_one_error() {
        for invalid in ["12345678901", "529982247", "11222333000182", "00000000000000", "ana@exemplo.com.br", "５２９９８２２４７２５", "-"]
        {
            assert_eq!(Document::parse(invalid), Err(FieldError::DocumentInvalid), "{invalid}");
        }
    }

    #[test]
    fn the_mask_is_that_of_the_one_it_is() {
        assert_eq!(Document::parse("52998224725").unwrap().masked(), "***.982.247-**");
        assert_eq!(Document::parse("11222333000181").unwrap().masked(), "**.222.333/0001-**");
    }

    proptest! {
        #[test]
        fn the_canonical_form_is_a_fixed_point(cpf in any_cpf(), cnpj in any_cnpj()) {
            for document in [Document::from(cpf), Document::from(cnpj)] {
                prop_assert_eq!(Document::parse(document.canonical()), Ok(document.clone()));
            }
        }

        #[test]
        fn the_formatted_form_reads_back(cpf in any_cpf(), cnpj in any_cnpj()) {
            prop_assert_eq!(Document::parse(&cpf.formatted()), Ok(cpf.into()));
            prop_assert_eq!(Document::parse(&cnpj.formatted()), Ok(cnpj.into()));
        }
    }
}
