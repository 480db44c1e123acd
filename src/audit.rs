//! Audit events: one name for each kind of attempt (docs/standards.md#audit-events). The names are stored, so they never change.

macro_rules! events {
    ($($(#[$doc:meta])* $event:ident => $name:literal,)*) => {
        /// A kind of attempt.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Event {
            $($(#[$doc])* $event,)*
        }

        impl Event {
            /// Every event, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$event),*];

            /// The name under which it is stored.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$event => $name,)*
                }
            }
        }
    };
}

events! {
    /// A sign-up or registration started, or created its account.
    UserCreated => "user_created",
    /// A code or link was requested.
    ProofSent => "proof_sent",
    /// A code was wrong.
    ProofFailed => "proof_failed",
    /// An address was proved.
    EmailProved => "email_proved",
    /// "Não fui eu" was used on a verification link.
    EmailDisowned => "email_disowned",
    /// A password that was chosen before the proof was invalidated.
    PasswordDropped => "password_dropped",
    /// An unproved phone moved to the account that proved it.
    PhoneReleased => "phone_released",
    /// Somebody signed in.
    LoginSucceeded => "authn_login_success",
    /// A sign-in failed.
    LoginFailed => "authn_login_fail",
    /// Too many sign-ins failed, so that signing in is locked.
    LoginLocked => "authn_login_lock",
    /// A session was made fresh.
    Reauthenticated => "authn_reauthenticated",
    /// A refresh token was used twice: its session ended.
    TokenReused => "authn_token_reuse",
    /// A refresh token was exchanged.
    SessionRenewed => "session_renewed",
    /// Somebody signed out.
    SessionLogout => "session_logout",
    /// The owner ended another session.
    SessionEnded => "session_ended",
    /// Recovery by CPF or CNPJ, or by link, was requested.
    RecoveryRequested => "recovery_requested",
    /// A recovery code was right.
    RecoveryProved => "recovery_proved",
    /// A password was set or changed.
    PasswordChanged => "authn_password_change",
    /// Setting or changing a password was refused.
    PasswordChangeFailed => "authn_password_change_fail",
    /// "Não fui eu" was used in a notice.
    PasswordDisowned => "password_disowned",
    /// A profile update succeeded or was refused.
    UserUpdated => "user_updated",
    /// The requester lacks the right to the requested action.
    AccessDenied => "authz_fail",
    /// A document was contested.
    ContestRequested => "contest_requested",
    /// The contester proved the contact.
    ContestProved => "contest_proved",
    /// The holder kept the document.
    ContestKept => "contest_kept",
    /// A contest was decided, in either way.
    ContestDecided => "contest_decided",
    /// A client was refused over a rate limit. At most one row a minute, with the number of refusals.
    OverLimit => "excess_rate_limit_exceeded",
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
