//! What the audit tells of: one name for each kind of attempt (docs/standards.md#audit-events). The names are stored; they stay as
//! they are.

macro_rules! events {
    ($($(#[$doc:meta])* $event:ident => $name:literal,)*) => {
        /// A kind of attempt.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Event {
            $($(#[$doc])* $event,)*
        }

        impl Event {
            /// Every one.
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
    /// A sign-up or registration began, or made its account.
    UserCreated => "user_created",
    /// A code or link was asked for.
    ProofSent => "proof_sent",
    /// A code was wrong.
    ProofFailed => "proof_failed",
    /// An address was proved.
    EmailProved => "email_proved",
    /// "Não fui eu" of a verification link.
    EmailDisowned => "email_disowned",
    /// A password that was chosen before the proof is out of force.
    PasswordDropped => "password_dropped",
    /// A phone went to who proved it later.
    PhoneReleased => "phone_released",
    /// Somebody signed in.
    LoginSucceeded => "authn_login_success",
    /// Somebody did not sign in.
    LoginFailed => "authn_login_fail",
    /// So often that signing in rests.
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
    /// A way back by CPF or CNPJ, or by link, was asked for.
    RecoveryRequested => "recovery_requested",
    /// A recovery code was right.
    RecoveryProved => "recovery_proved",
    /// A password was set or changed.
    PasswordChanged => "authn_password_change",
    /// A password was not.
    PasswordChangeFailed => "authn_password_change_fail",
    /// "Não fui eu" of a notice.
    PasswordDisowned => "password_disowned",
    /// A profile was changed, or was not.
    UserUpdated => "user_updated",
    /// Somebody may not do what was asked.
    AccessDenied => "authz_fail",
    /// A document was contested.
    ContestRequested => "contest_requested",
    /// Who contests proved the contact.
    ContestProved => "contest_proved",
    /// The holder kept the document.
    ContestKept => "contest_kept",
    /// A contest was decided.
    ContestDecided => "contest_decided",
    /// A client was refused over a limit: one row a minute, with how often.
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
