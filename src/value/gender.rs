//! Gender, as seed 004 has it.

use super::pasted;
use crate::error::FieldError;

/// Gender (004 `gender`). Canonical form: `M`, `F` or `O`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Gender {
    /// `M`, masculino.
    Male,
    /// `F`, feminino.
    Female,
    /// `O`, outro.
    Other,
}

redacted!(Gender);
serde_as_text!(Gender, as_str, parse);

impl Gender {
    /// All of them, in the order of the document.
    pub const ALL: [Self; 3] = [Self::Male, Self::Female, Self::Other];

    /// Reads a gender, in upper case as the document writes it.
    ///
    /// # Errors
    /// [`FieldError::Required`] when blank, else [`FieldError::GenderUnknown`].
    pub fn parse(typed: &str) -> Result<Self, FieldError> {
        match &*pasted::read(typed) {
            "" => Err(FieldError::Required),
            "M" => Ok(Self::Male),
            "F" => Ok(Self::Female),
            "O" => Ok(Self::Other),
            _ => Err(FieldError::GenderUnknown),
        }
    }

    /// `M`, `F` or `O`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Male => "M",
            Self::Female => "F",
            Self::Other => "O",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_of_the_document_are_read() {
        assert_eq!(["M", " F ", "O"].map(Gender::parse), Gender::ALL.map(Ok));
        for gender in Gender::ALL {
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
