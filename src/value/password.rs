//! Passwords, and what each journey asks of them (SPEC §5).

use crate::error::FieldError;
use serde::{Deserialize, Serialize};

/// The shortest new password, in Unicode scalar values (003 RN01, 002, 004; ASVS 6.2.1).
const MIN: u16 = 8;

/// The longest password, in Unicode scalar values (SPEC §5; ASVS 6.2.9 asks for 64 at least). Only there to bound the hashing.
const MAX: u16 = 256;

/// A password exactly as typed: not trimmed, normalised or truncated (ASVS 6.2.8).
///
/// Not serialisable, so that no draft, session or log can contain one. `==` is only for comparing a password with its
/// confirmation; a stored password is compared by its hash.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

redacted!(Password);

impl Password {
    /// The shortest new password, in Unicode scalar values.
    pub const SHORTEST: u16 = MIN;
    /// The longest, in Unicode scalar values.
    pub const LONGEST: u16 = MAX;

    /// Parses a password to sign in with, or the current password. No policy applies: it was accepted when it was set.
    ///
    /// # Errors
    /// [`FieldError::Required`] when empty, [`FieldError::TooLong`] above 256 characters.
    pub fn for_login(typed: &str) -> Result<Self, FieldError> {
        match typed.chars().count() {
            0 => Err(FieldError::Required),
            n if n > usize::from(MAX) => Err(FieldError::TooLong { max: MAX }),
            _ => Ok(Self(typed.to_owned())),
        }
    }

    /// A new password, by the policy of its journey.
    ///
    /// # Errors
    /// [`FieldError::Required`] when empty, [`FieldError::TooLong`] above 256 characters,
    /// [`FieldError::TooShort`] below 8, [`FieldError::PasswordClasses`] when a class of characters is missing.
    /// Only the server checks [`FieldError::PasswordGuessable`], because zxcvbn weighs 900 KB.
    pub fn new(typed: &str, policy: PasswordPolicy) -> Result<Self, FieldError> {
        let password = Self::for_login(typed)?;
        if !Requirement::Length.is_met_by(typed) {
            Err(FieldError::TooShort { min: MIN })
        } else if policy.demands().iter().any(|requirement| !requirement.is_met_by(typed)) {
            Err(FieldError::PasswordClasses)
        } else {
            Ok(password)
        }
    }

    /// The password. For hashing and verifying, and nothing else.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How hard a new password is to guess, given what is known of whoever sets it. Only the server judges (zxcvbn).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// [`FieldError::PasswordGuessable`], where the policy refuses it: a score below 2.
    Guessable,
    /// It is taken: a score of 2.
    Fair,
    /// A score of 3 or 4.
    Strong,
}

impl Strength {
    /// Returns its place among the strengths, from 0, as a page is told it.
    pub const fn grade(self) -> u8 {
        self as u8
    }
}

/// The rules for a new password. Composition rules contradict ASVS 6.2.5, but the documents demand them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasswordPolicy {
    /// 003 RN01, and 000 and 001 as well: at least 8, lower case, upper case, digit, special character.
    Strict,
    /// 004: at least 8, and no more is asked: its sample is `senha12345`.
    LengthOnly,
    /// 002, recovery by document: at least 8, upper case, digit, special character.
    Recovery,
}

impl PasswordPolicy {
    /// What this policy asks, in the order in which a page lists it.
    pub const fn demands(self) -> &'static [Requirement] {
        use Requirement::{Digit, Length, Lower, Special, Upper};
        match self {
            Self::Strict => &[Length, Lower, Upper, Digit, Special],
            Self::LengthOnly => &[Length],
            Self::Recovery => &[Length, Upper, Digit, Special],
        }
    }

    /// Returns each requirement and whether `typed` meets it, for the checklist that a page shows while typing. All are met exactly
    /// when [`Password::new`] accepts it.
    pub fn requirements(self, typed: &str) -> Vec<(Requirement, bool)> {
        self.demands().iter().map(|requirement| (*requirement, requirement.is_met_by(typed))).collect()
    }

    /// Returns whether the server also refuses the most guessable passwords (zxcvbn below 2). Only 004 does not, because its own
    /// sample is one of them (SPEC §5; ASVS 6.2.4).
    pub const fn refuses_guessable(self) -> bool {
        !matches!(self, Self::LengthOnly)
    }
}

/// One demand on a password. Letters and digits are those of Unicode, so that no script is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Requirement {
    /// 8 to 256 characters.
    Length,
    /// A lower-case letter.
    Lower,
    /// An upper-case letter.
    Upper,
    /// A digit.
    Digit,
    /// A character that is neither letter nor digit; a space is one (SPEC §11).
    Special,
}

impl Requirement {
    /// Returns whether what was typed meets it.
    pub fn is_met_by(self, typed: &str) -> bool {
        match self {
            Self::Length => (usize::from(MIN)..=usize::from(MAX)).contains(&typed.chars().count()),
            Self::Lower => typed.chars().any(char::is_lowercase),
            Self::Upper => typed.chars().any(char::is_uppercase),
            Self::Digit => typed.chars().any(char::is_numeric),
            Self::Special => typed.chars().any(|c| !c.is_alphabetic() && !c.is_numeric()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use PasswordPolicy::{LengthOnly, Recovery, Strict};
    use proptest::prelude::*;

    const POLICIES: [PasswordPolicy; 3] = [Strict, LengthOnly, Recovery];

    #[test]
    fn the_sample_of_004_is_taken_in_004_and_nowhere_else() {
        assert!(Password::new("senha12345", LengthOnly).is_ok());
        assert_eq!(Password::new("senha12345", Strict), Err(FieldError::PasswordClasses));
        assert_eq!(Password::new("senha12345", Recovery), Err(FieldError::PasswordClasses));
    }

    #[test]
    fn a_teacher_needs_all_four_classes() {
        assert!(Password::new("Senha@123", Strict).is_ok());
        for missing in ["SENHA@123", "senha@123", "Senha@abc", "Senha1234"] {
            assert_eq!(Password::new(missing, Strict), Err(FieldError::PasswordClasses), "{missing}");
        }
    }

    #[test]
    fn recovery_needs_no_lower_case() {
        assert!(Password::new("SENHA@123", Recovery).is_ok());
        for missing in ["senha@123", "SENHA@ABC", "SENHA1234"] {
            assert_eq!(Password::new(missing, Recovery), Err(FieldError::PasswordClasses), "{missing}");
        }
    }

    #[test]
    fn seven_are_too_few_and_257_too_many() {
        for policy in POLICIES {
            assert_eq!(Password::new("", policy), Err(FieldError::Required));
            assert_eq!(Password::new("Aa@1234", policy), Err(FieldError::TooShort { min: 8 }));
            assert!(Password::new("Aa@12345", policy).is_ok());
            assert!(Password::new(&"Aa@1".repeat(16), policy).is_ok(), "64");
            assert!(Password::new(&"Aa@1".repeat(64), policy).is_ok(), "256");
            assert_eq!(Password::new(&format!("{}x", "Aa@1".repeat(64)), policy), Err(FieldError::TooLong { max: 256 }));
        }
    }

    #[test]
    fn characters_count_and_not_bytes() {
        assert_eq!(Password::new("ãããããã", LengthOnly), Err(FieldError::TooShort { min: 8 }));
        assert!(Password::new(&"😀".repeat(256), LengthOnly).is_ok());
    }

    #[test]
    fn a_space_is_a_special_character_and_spaces_are_kept() {
        let password = Password::new(" Senha 123 ", Strict).unwrap();
        assert_eq!(password.as_str(), " Senha 123 ");
        assert!(Password::for_login("        ").is_ok());
    }

    #[test]
    fn letters_and_digits_of_other_scripts_count() {
        assert!(Password::new("Пароль-١٢٣", Strict).is_ok());
        assert!(Password::new("Éçãíõü 1234", Strict).is_ok());
        assert_eq!(Password::new("密码密码密码1!", Strict), Err(FieldError::PasswordClasses));
        assert!(Password::new("密码密码密码密码", LengthOnly).is_ok());
    }

    #[test]
    fn signing_in_asks_no_policy() {
        assert!(Password::for_login("a").is_ok());
        assert_eq!(Password::for_login(""), Err(FieldError::Required));
        assert!(Password::for_login(&"a".repeat(256)).is_ok());
        assert_eq!(Password::for_login(&"a".repeat(257)), Err(FieldError::TooLong { max: 256 }));
    }

    #[test]
    fn the_checklist_follows_the_typing() {
        use Requirement::{Digit, Length, Lower, Special, Upper};
        assert_eq!(Strict.requirements("Ab1"), [(Length, false), (Lower, true), (Upper, true), (Digit, true), (Special, false)]);
        assert_eq!(Recovery.requirements(""), [(Length, false), (Upper, false), (Digit, false), (Special, false)]);
        assert_eq!(LengthOnly.requirements("senha12345"), [(Length, true)]);
    }

    #[test]
    fn only_004_takes_guessable_passwords() {
        assert_eq!(POLICIES.map(PasswordPolicy::refuses_guessable), [true, false, true]);
    }

    fn any_typed() -> impl Strategy<Value = String> {
        prop_oneof![any::<String>(), "[ -~]{0,20}", "\\PC{7,9}", "[aA1 ]{250,260}"]
    }

    proptest! {
        #[test]
        fn the_checklist_and_the_judgement_agree(typed in any_typed()) {
            for policy in POLICIES {
                let all_met = policy.requirements(&typed).iter().all(|(_, met)| *met);
                prop_assert_eq!(Password::new(&typed, policy).is_ok(), all_met);
            }
        }

        #[test]
        fn a_password_of_any_script_is_kept_as_typed(typed in "\\PC{8,256}") {
            let password = Password::new(&typed, LengthOnly).unwrap();
            prop_assert_eq!(password.as_str(), &typed);
            prop_assert_eq!(Password::for_login(&typed), Ok(password));
        }

        #[test]
        fn every_character_is_a_letter_a_digit_or_special(c in any::<char>()) {
            let typed = c.to_string();
            prop_assert_eq!(Requirement::Special.is_met_by(&typed), !c.is_alphanumeric());
        }

        #[test]
        fn what_a_teacher_may_have_recovery_takes_too(typed in any_typed()) {
            if Password::new(&typed, Strict).is_ok() {
                prop_assert!(Password::new(&typed, Recovery).is_ok());
                prop_assert!(Password::new(&typed, LengthOnly).is_ok());
            }
        }
    }
}
