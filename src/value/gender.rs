//! Gender, as seed 004 has it.

use super::pasted;
use crate::error::FieldError;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// Gender (004 `gender`). Canonical form: `M`, `F` or `O`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantArray)]
pub enum Gender {
    /// Masculino.
    #[strum(serialize = "M")]
    Male,
    /// Feminino.
    #[strum(serialize = "F")]
    Female,
    /// Outro.
    #[strum(serialize = "O")]
    Other,
}

redacted!(Gender);
serde_as_text!(Gender, as_str, parse);

impl Gender {
    /// All of them, in the order of the document.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// Reads a gender, in upper case as the document writes it.
    ///
    /// # Errors
    /// [`FieldError::Required`] when blank, else [`FieldError::GenderUnknown`].
    pub fn parse(typed: &str) -> Result<Self, FieldError> {
        match &*pasted::read(typed) {
            "" => Err(FieldError::Required),
            typed => typed.parse().map_err(|_| FieldError::GenderUnknown),
        }
    }

    /// `M`, `F` or `O`.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_of_the_document_are_read() {
        assert_eq!(["M", " F ", "O"].map(Gender::parse), [Ok(Gender::Male), Ok(Gender::Female), Ok(Gender::Other)]);
        for gender in Gender::ALL.iter().copied() {
            assert_eq!(Gender::parse(gender.as_str()), Ok(gender));
        }
    }

    #[test]
    fn others_are_unknown() {
        for typed in ["m", "f", "X", "MF", "Masculino", "\u{39c}"] {
            assert_eq!(Gender::parse(typed), Err(FieldError::GenderUnknown), "{typed}");
        }
    }
}
