//! Setting a new password: by CPF or CNPJ and a code (002), by a link (003), or with the current password (003).
//!
//! ```text
//!   document ──► code to the proved contacts ──► right code ──► grant, 10 min, one use ──► new password
//!      │ unknown: message 3          │ wrong: message 2           │ lapsed, used: message 2     │ refused: message 4
//!      └ too many unknown from one address, or too early: the usual answer, and nothing is sent
//!
//!   e-mail ──► link, 1 h, one use ──► new password          current password ──► new password
//! ```
//!
//! A refused password uses up neither grant nor link. A new password ends every session (a change with the current password keeps
//! the session in which it is made), clears the login lock and sends a notice to the owner. It never signs in by itself
//! (docs/threats.md T16).

use crate::account::Account;
use crate::contact::Contact;
use crate::error::{Field, FieldError, FieldErrors, Refusal};
use crate::field::Typed;
use crate::message::Channel;
use crate::session::Token;
use crate::value::{Password, PasswordPolicy};
use crate::verification::{State, Verification};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

/// How long a [`ResetGrant`] is valid (SPEC §11).
pub const GRANT_LIFETIME: Duration = Duration::minutes(10);
/// How long the "não fui eu" link of a notice works: some people read their mail once a week.
pub const NOT_ME_LIFETIME: Duration = Duration::days(7);
/// How often one client address may learn within [`MISS_WINDOW`] that a well-formed document is unknown. Beyond that every
/// document gets the same answer (docs/threats.md T2). Wrong check digits reveal nothing and are not counted.
pub const MISSES_PER_CLIENT: usize = 10;
/// The window of [`MISSES_PER_CLIENT`].
pub const MISS_WINDOW: Duration = Duration::hours(1);

/// The channels that a person may choose (SPEC §3). SMS is not offered; it is the fallback if WhatsApp fails or is not configured.
pub const CHANNELS: &[Channel] = &[Channel::Email, Channel::WhatsApp];

/// Returns the contacts of an account to which recovery sends a code. With a chosen channel, only the one that it reaches.
pub fn contacts(account: &Account, chosen: Option<Channel>) -> Vec<Contact> {
    let reached = |contact: &Contact| chosen.is_none_or(|channel| contact.code_channels().contains(&channel));
    account.reachable_contacts().filter(reached).collect()
}

/// A new password that a page asks about before its form is sent, and whose it would be: that of a grant, of a reset link, of a sign-up, or
/// else of the account that is signed in.
pub struct AskedPassword {
    /// The password.
    pub password: Token,
    /// The grant in its form; empty: none.
    pub grant: Token,
    /// The token of its reset link; empty: none.
    pub link: Token,
    /// What else stands in the form of a sign-up.
    pub typed: Typed,
}

/// The answer to a recovery request. Over a limit the answer is the same, but nothing is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoverySent {
    /// The masked contacts. Empty for every document once the client address is over its limit.
    pub destinations: Vec<String>,
    /// The channel that was asked for, else that of the phone, if a code goes to one.
    pub channel: Channel,
    /// Lifetime of the code in seconds.
    pub expires_in: u32,
    /// Seconds until a resend is allowed.
    pub resend_in: u32,
}

impl RecoverySent {
    /// Returns by which channel the code went to each of the contacts: to an e-mail address by none but e-mail.
    pub fn ways(&self) -> impl Iterator<Item = (Channel, &str)> {
        self.destinations.iter().map(|masked| (if masked.contains('@') { Channel::Email } else { self.channel }, masked.as_str()))
    }
}

/// What a good reset link is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResetLink {
    /// What the new password must be.
    pub policy: PasswordPolicy,
    /// The e-mail of the account, to which the link was sent: a password manager keeps the new password beside it.
    pub email: String,
}

/// The right to set one new password. It is given for a right recovery code, for "não fui eu", and for the proof of an address
/// whose earlier password was dropped.
#[derive(Debug, Clone)]
pub struct ResetGrant {
    /// 256 random bits; works once.
    pub token: Token,
    /// Lifetime in seconds.
    pub expires_in: u32,
    /// What the account is signed in with, whole: the contact whose link or code was used, or the document that was typed; nothing that the
    /// holder does not know already. A password manager keeps the new password beside it.
    pub signs_in_as: String,
}

/// A new password and its confirmation, as typed.
#[derive(Debug, Clone)]
pub struct NewPassword {
    /// The password.
    pub password: Token,
    /// The second entry of the password.
    pub confirmation: Token,
}

impl NewPassword {
    /// Validates both and collects all errors. `field`: the field of the password in this form.
    ///
    /// Only the server checks [`FieldError::PasswordGuessable`], as for [`Password::new`].
    pub fn parse(&self, policy: PasswordPolicy, field: Field) -> Result<Password, FieldErrors> {
        let (typed, again) = (self.password.expose(), self.confirmation.expose());
        let mut errors = FieldErrors::new();
        let password = errors.take(field, Password::new(typed, policy).map_err(|error| in_words_of(policy, error)));
        if again.is_empty() {
            errors.push(Field::PasswordConfirmation, FieldError::Required);
        } else if again != typed {
            errors.push(Field::PasswordConfirmation, FieldError::PasswordMismatch);
        }
        password.filter(|_| errors.is_empty()).ok_or(errors)
    }

    /// Validates a change of password: as [`NewPassword::parse`], and the new one must differ from the current one. Returns both.
    pub fn parse_change(&self, policy: PasswordPolicy, current: &Token) -> Result<(Password, Password), FieldErrors> {
        let mut errors = FieldErrors::new();
        let known = errors.take(Field::CurrentPassword, Password::for_login(current.expose()));
        let new = match self.parse(policy, Field::NewPassword) {
            Ok(new) if known.as_ref() == Some(&new) => {
                errors.push(Field::NewPassword, FieldError::PasswordUnchanged);
                None
            }
            Ok(new) => Some(new),
            Err(others) => {
                others.iter().for_each(|(field, error)| errors.push(field, error));
                None
            }
        };
        known.zip(new).ok_or(errors)
    }
}

/// 002 requires no lower-case letter, so its error must not mention one.
fn in_words_of(policy: PasswordPolicy, error: FieldError) -> FieldError {
    match (policy, error) {
        (PasswordPolicy::Recovery, FieldError::PasswordClasses) => FieldError::PasswordClassesRecovery,
        _ => error,
    }
}

/// Checks that a single-use link (reset or "não fui eu") is valid at `now`. Used, replaced and unknown links are not
/// distinguished (SPEC §11).
pub fn open_once(link: &Verification, now: OffsetDateTime) -> Result<(), Refusal> {
    match link.state(now) {
        State::Waiting | State::Live => Ok(()),
        State::Lapsed => Err(Refusal::LinkLapsed),
        State::Spent | State::Dead => Err(Refusal::LinkUnknown),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journey::Kind;
    use crate::purpose::LinkFor;
    use crate::value::{Email, Phone};
    use proptest::prelude::*;

    const START: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;

    fn typed(password: &str, confirmation: &str) -> NewPassword {
        NewPassword { password: Token::new(password), confirmation: Token::new(confirmation) }
    }

    fn reasons(result: Result<Password, FieldErrors>) -> Vec<(Field, FieldError)> {
        result.map_or_else(|errors| errors.iter().collect(), |_| Vec::new())
    }

    fn account(phone_proved: bool) -> Account {
        Account {
            email: Email::parse("ana@example.com").ok(),
            email_proved_at: Some(START),
            phone: Phone::parse("11987654321").ok(),
            phone_proved_at: phone_proved.then_some(START),
            ..crate::account::tests::account(Kind::Cliente)
        }
    }

    #[test]
    fn a_chosen_channel_leaves_the_contact_that_it_reaches() {
        let channels = |account: &Account, chosen| contacts(account, chosen).iter().map(|it| it.code_channels()[0]).collect::<Vec<_>>();
        let both = account(true);
        assert_eq!(channels(&both, None), [Channel::Email, Channel::WhatsApp]);
        assert_eq!(channels(&both, Some(Channel::Email)), [Channel::Email]);
        assert_eq!(channels(&both, Some(Channel::WhatsApp)), [Channel::WhatsApp]);
        assert_eq!(channels(&account(false), Some(Channel::WhatsApp)), []);
    }

    #[test]
    fn every_reason_against_a_new_password_is_told_at_once() {
        let recovery = |password: &str, again: &str| reasons(typed(password, again).parse(PasswordPolicy::Recovery, Field::NewPassword));
        assert_eq!(recovery("SENHA@123", "SENHA@123"), []);
        assert_eq!(
            recovery("senha", "senhas"),
            [(Field::NewPassword, FieldError::TooShort { min: 8 }), (Field::PasswordConfirmation, FieldError::PasswordMismatch)]
        );
        assert_eq!(recovery("senha@123", "senha@123"), [(Field::NewPassword, FieldError::PasswordClassesRecovery)]);
        assert_eq!(recovery("SENHA@123", ""), [(Field::PasswordConfirmation, FieldError::Required)]);
    }

    #[test]
    fn the_teachers_policy_keeps_its_own_words() {
        let result = typed("SENHA@123", "SENHA@123").parse(PasswordPolicy::Strict, Field::Password);
        assert_eq!(reasons(result), [(Field::Password, FieldError::PasswordClasses)]);
    }

    #[test]
    fn a_change_needs_the_current_password_and_another_one() {
        let change = |current: &str, new: &str| {
            let result = typed(new, new).parse_change(PasswordPolicy::Strict, &Token::new(current));
            result.map_or_else(|errors| errors.iter().collect(), |_| Vec::new())
        };
        assert_eq!(change("old", "Girassol#42"), []);
        assert_eq!(change("Girassol#42", "Girassol#42"), [(Field::NewPassword, FieldError::PasswordUnchanged)]);
        assert_eq!(
            change("", "curta"),
            [(Field::CurrentPassword, FieldError::Required), (Field::NewPassword, FieldError::TooShort { min: 8 })]
        );
    }

    #[test]
    fn a_reset_link_opens_once_and_in_its_hour() {
        let link = Verification {
            purpose: LinkFor::PasswordReset.into(),
            lifetime: Duration::hours(1),
            asked_at: START,
            expires_at: Some(START + Duration::hours(1)),
            spent_at: None,
            dead_at: None,
        };
        assert_eq!(open_once(&link, START), Ok(()));
        assert_eq!(open_once(&link, START + Duration::hours(1)), Err(Refusal::LinkLapsed));
        let used = Verification { spent_at: Some(START), ..link.clone() };
        assert_eq!(open_once(&used, START), Err(Refusal::LinkUnknown));
        let replaced = Verification { dead_at: Some(START), ..link };
        assert_eq!(open_once(&replaced, START), Err(Refusal::LinkUnknown));
    }

    proptest! {
        #[test]
        fn what_is_taken_was_typed_twice_and_meets_the_policy(password in "\\PC{0,12}", again in "\\PC{0,12}", same in any::<bool>()) {
            let again = if same { password.clone() } else { again };
            for policy in [PasswordPolicy::Strict, PasswordPolicy::LengthOnly, PasswordPolicy::Recovery] {
                let taken = typed(&password, &again).parse(policy, Field::NewPassword).is_ok();
                prop_assert_eq!(taken, password == again && Password::new(&password, policy).is_ok());
            }
        }
    }
}
