//! Audit events: one name for each kind of attempt (docs/standards.md#audit-events). The names are stored, so they never change: a
//! variant that is renamed says its old name.

use strum::{IntoStaticStr, VariantArray};

/// A kind of attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Event {
    /// A sign-up or registration started, or created its account.
    UserCreated,
    /// A code or link was requested.
    ProofSent,
    /// A code was wrong.
    ProofFailed,
    /// An address was proved.
    EmailProved,
    /// "Não fui eu" was used on a verification link.
    EmailDisowned,
    /// A password that was chosen before the proof was invalidated.
    PasswordDropped,
    /// An unproved phone moved to the account that proved it.
    PhoneReleased,
    /// Somebody signed in.
    #[strum(serialize = "authn_login_success")]
    LoginSucceeded,
    /// A sign-in failed.
    #[strum(serialize = "authn_login_fail")]
    LoginFailed,
    /// Too many sign-ins failed, so that signing in is locked.
    #[strum(serialize = "authn_login_lock")]
    LoginLocked,
    /// A session was made fresh.
    #[strum(serialize = "authn_reauthenticated")]
    Reauthenticated,
    /// A refresh token was used twice: its session ended.
    #[strum(serialize = "authn_token_reuse")]
    TokenReused,
    /// A refresh token was exchanged.
    SessionRenewed,
    /// Somebody signed out.
    SessionLogout,
    /// The owner ended another session.
    SessionEnded,
    /// Recovery by CPF or CNPJ, or by link, was requested.
    RecoveryRequested,
    /// A recovery code was right.
    RecoveryProved,
    /// A password was set or changed.
    #[strum(serialize = "authn_password_change")]
    PasswordChanged,
    /// Setting or changing a password was refused.
    #[strum(serialize = "authn_password_change_fail")]
    PasswordChangeFailed,
    /// "Não fui eu" was used in a notice.
    PasswordDisowned,
    /// A profile update succeeded or was refused.
    UserUpdated,
    /// The owner took a file of all that is kept of the account.
    DataExported,
    /// The terms in force were accepted.
    TermsAccepted,
    /// The owner blocked the account.
    AccountBlocked,
    /// The owner asked for the deletion of the account.
    DeletionRequested,
    /// The owner undid it.
    DeletionCancelled,
    /// An account was erased, fourteen days after its owner asked for it. The row does not say which.
    AccountErased,
    /// The requester lacks the right to the requested action.
    #[strum(serialize = "authz_fail")]
    AccessDenied,
    /// A document was contested.
    ContestRequested,
    /// The contester proved the contact.
    ContestProved,
    /// The holder kept the document.
    ContestKept,
    /// A contest was decided, in either way.
    ContestDecided,
    /// `portaria import` brought an account in.
    AccountImported,
    /// An operator sent an event to its webhook again.
    WebhookReplayed,
    /// Support looked for an account.
    SupportFound,
    /// Support ended the lock of an account, and its counts of wrong entries.
    SupportUnlocked,
    /// Support ended the sessions of an account.
    SupportEndedSessions,
    /// Support had a proof sent again.
    SupportResent,
    /// Support deleted an account. The row does not say which.
    SupportDeleted,
    /// Support read the audit of an account.
    SupportAudited,
    /// A product was given a code for somebody who is signed in.
    ClientEntered,
    /// Somebody agreed to what a product is given.
    ClientConsented,
    /// A client was refused over a rate limit. At most one row a minute, with the number of refusals.
    #[strum(serialize = "excess_rate_limit_exceeded")]
    OverLimit,
}

impl Event {
    /// Every event.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// The name under which it is stored.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Parses the name under which it is stored; `None`: no such event.
    pub fn parse(stored: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|event| event.as_str() == stored)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_documents_name_every_event() {
        for event in Event::ALL {
            assert!(include_str!("../docs/standards.md").contains(&format!("`{}`", event.as_str())), "{event:?}");
        }
    }

    #[test]
    fn no_two_events_have_one_name() {
        let names: BTreeSet<_> = Event::ALL.iter().map(|event| event.as_str()).collect();
        assert_eq!(names.len(), Event::ALL.len());
    }
}
