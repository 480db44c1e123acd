//! What codes and links are for. One table says of each its name, its digits or its page, how long it lasts, and who gets it. A
//! code or link is never accepted for another purpose (ASVS 6.6.2).

use serde::{Deserialize, Serialize};

/// The lifetime of a code or link: the name of a setting. The defaults are in SPEC §10.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lifetime {
    /// `CODE_LIFETIME_PHONE`, 5 min.
    CodePhone,
    /// `CODE_LIFETIME_CARONA`, 1 min: of the e-mail code of any kind's sign-up, though riders alone have one today.
    CodeCarona,
    /// `CODE_LIFETIME_RECOVERY`, 5 min.
    CodeRecovery,
    /// `LINK_LIFETIME_EMAIL`, 24 h.
    LinkEmail,
    /// `LINK_LIFETIME_RESET`, 1 h.
    LinkReset,
    /// [`NOT_ME_LIFETIME`](crate::recovery::NOT_ME_LIFETIME).
    LinkNotMe,
    /// [`DECIDED_AFTER`](crate::contest::DECIDED_AFTER).
    LinkDocumentMine,
    /// [`GRACE`](crate::deletion::GRACE).
    LinkUndoDeletion,
}

/// What makes the codes and links of an account invalid, other than their own use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revoked {
    /// A new password, and "não fui eu".
    ByNewPassword,
    /// "Não fui eu" only.
    ByDisowning,
    /// Neither.
    ByNeither,
}

/// The facts that codes and links have in common: one row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// The name in database rows and stored messages.
    pub name: &'static str,
    /// How long it is valid.
    pub lifetime: Lifetime,
    /// Whether it goes only to contacts that are already proved. A message to an unproved contact contains no name, because a
    /// stranger may have typed both (SPEC §16).
    pub to_proved: bool,
    /// Whether it proves the contact of a sign-up. Browsers can hold a sign-up.
    pub of_signup: bool,
    /// What makes it invalid.
    pub revoked: Revoked,
}

/// Generates an enum of purposes from its rows. `$own`: what only codes or only links have.
macro_rules! purposes {
    (
        $(#[$about:meta])* $purpose:ident; $(#[$own_about:meta])* $own:ident: $type:ty;
        $($(#[$doc:meta])* $variant:ident {
            name: $name:literal, $same:ident: $value:literal, lifetime: $lifetime:ident, to_proved: $proved:literal,
            of_signup: $signup:literal, revoked: $revoked:ident
        })*
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $purpose {
            $($(#[$doc])* $variant,)*
        }

        impl $purpose {
            /// All of them, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            $(#[$own_about])*
            pub const fn $own(self) -> $type {
                match self {
                    $(Self::$variant => $value,)*
                }
            }

            /// Returns its row of the table.
            pub const fn facts(self) -> Facts {
                match self {
                    $(Self::$variant => Facts {
                        name: $name,
                        lifetime: Lifetime::$lifetime,
                        to_proved: $proved,
                        of_signup: $signup,
                        revoked: Revoked::$revoked,
                    },)*
                }
            }
        }
    };
}

purposes! {
    /// What a code is for.
    CodeFor;
    /// Returns the number of digits.
    digits: u8;
    /// Proves the phone of a sign-up (000).
    SignupPhone { name: "signup_phone", digits: 6, lifetime: CodePhone, to_proved: false, of_signup: true, revoked: ByNeither }
    /// Proves the e-mail of a sign-up (004).
    SignupEmail { name: "signup_email", digits: 8, lifetime: CodeCarona, to_proved: false, of_signup: true, revoked: ByNeither }
    /// Signing in with a proved phone.
    LoginPhone { name: "login_phone", digits: 6, lifetime: CodePhone, to_proved: true, of_signup: false, revoked: ByDisowning }
    /// Recovery by CPF or CNPJ (002).
    Recovery { name: "recovery", digits: 6, lifetime: CodeRecovery, to_proved: true, of_signup: false, revoked: ByNewPassword }
    /// Proves the new phone of an account.
    PhoneChange { name: "phone_change", digits: 6, lifetime: CodePhone, to_proved: false, of_signup: false, revoked: ByDisowning }
    /// Proves the new e-mail of an account.
    EmailChange { name: "email_change", digits: 6, lifetime: CodePhone, to_proved: false, of_signup: false, revoked: ByDisowning }
    /// Re-authentication of the owner, at a contact in force.
    Reauthentication {
        name: "reauthentication", digits: 6, lifetime: CodePhone, to_proved: true, of_signup: false, revoked: ByDisowning
    }
    /// Proves the contact of a person who contests a document.
    Contest { name: "contest", digits: 6, lifetime: CodePhone, to_proved: false, of_signup: false, revoked: ByNeither }
}

purposes! {
    /// What a link is for that has a message of its own.
    LinkFor;
    /// Returns the path of the page that it opens, without the leading slash.
    page: &'static str;
    /// Proves an e-mail address (001, 003; a client's optional address).
    EmailProof { name: "email_link", page: "verify", lifetime: LinkEmail, to_proved: false, of_signup: true, revoked: ByNeither }
    /// A new password (003).
    PasswordReset {
        name: "reset_link", page: "reset-password", lifetime: LinkReset, to_proved: true, of_signup: false, revoked: ByNewPassword
    }
    /// "Este documento é meu", to the proved contacts of the holder of a contested document.
    DocumentMine {
        name: "document_mine", page: "document-mine", lifetime: LinkDocumentMine, to_proved: true, of_signup: false, revoked: ByNeither
    }
}

purposes! {
    /// What the link in a notice is for.
    NoticeLinkFor;
    /// Returns the path of the page that it opens, without the leading slash.
    page: &'static str;
    /// "Não fui eu": undoes the owner-only change that the notice reports.
    NotMe { name: "not_me", page: "not-me", lifetime: LinkNotMe, to_proved: true, of_signup: false, revoked: ByNeither }
    /// "Não fui eu" of a sign-in from a new device: ends every session and takes the password away. It undoes no change, and so it never
    /// counts as the earliest open notice.
    NotMyAccess { name: "not_my_access", page: "not-me", lifetime: LinkNotMe, to_proved: true, of_signup: false, revoked: ByDisowning }
    /// Undoes the deletion of the account.
    UndoDeletion {
        name: "undo_deletion", page: "undo-deletion", lifetime: LinkUndoDeletion, to_proved: true, of_signup: false, revoked: ByNeither
    }
}

impl CodeFor {
    /// Returns whether the code may follow by e-mail after every channel of the phone. Only where it says who somebody is: a code that
    /// proves a phone proves nothing when it was read elsewhere (SPEC §16). A recovery sends each contact a code of its own anyway.
    pub const fn may_follow_by_email(self) -> bool {
        matches!(self, Self::LoginPhone | Self::Reauthentication)
    }

    /// Returns whether an expired code is distinguished from a wrong one. Only 004 does this (`VERIFICATION_002`; SPEC §4).
    pub const fn reports_expiry(self) -> bool {
        matches!(self, Self::SignupEmail)
    }
}

/// What a code or link is for that has a message of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "&'static str", try_from = "String")]
pub enum Purpose {
    /// A code.
    Code(CodeFor),
    /// A link.
    Link(LinkFor),
}

impl Purpose {
    /// Returns every purpose, codes first.
    pub fn all() -> impl Iterator<Item = Self> {
        let codes = CodeFor::ALL.iter().copied().map(Self::Code);
        codes.chain(LinkFor::ALL.iter().copied().map(Self::Link))
    }

    /// Returns its row of the table.
    pub const fn facts(self) -> Facts {
        match self {
            Self::Code(code) => code.facts(),
            Self::Link(link) => link.facts(),
        }
    }

    /// Returns what the code is for; `None`: it is a link.
    pub const fn code(self) -> Option<CodeFor> {
        match self {
            Self::Code(code) => Some(code),
            Self::Link(_) => None,
        }
    }

    /// Returns the number of digits of the code; `None`: it is a link.
    pub const fn digits(self) -> Option<u8> {
        match self {
            Self::Code(code) => Some(code.digits()),
            Self::Link(_) => None,
        }
    }
}

/// What a stored code or link is for: everything of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SecretFor {
    /// It has a message of its own.
    Message(Purpose),
    /// It is the link in a notice.
    Notice(NoticeLinkFor),
}

impl SecretFor {
    /// Returns every purpose, those of notices last.
    pub fn all() -> impl Iterator<Item = Self> {
        Purpose::all().map(Self::Message).chain(NoticeLinkFor::ALL.iter().copied().map(Self::Notice))
    }

    /// Parses the name in database rows; `None`: no such purpose.
    pub fn parse(stored: &str) -> Option<Self> {
        Self::all().find(|purpose| purpose.facts().name == stored)
    }

    /// Returns its row of the table.
    pub const fn facts(self) -> Facts {
        match self {
            Self::Message(purpose) => purpose.facts(),
            Self::Notice(link) => link.facts(),
        }
    }

    /// Returns what the code is for; `None`: it is a link.
    pub const fn code(self) -> Option<CodeFor> {
        match self {
            Self::Message(purpose) => purpose.code(),
            Self::Notice(_) => None,
        }
    }
}

impl From<CodeFor> for Purpose {
    fn from(code: CodeFor) -> Self {
        Self::Code(code)
    }
}

impl From<LinkFor> for Purpose {
    fn from(link: LinkFor) -> Self {
        Self::Link(link)
    }
}

impl<P: Into<Purpose>> From<P> for SecretFor {
    fn from(purpose: P) -> Self {
        Self::Message(purpose.into())
    }
}

impl From<NoticeLinkFor> for SecretFor {
    fn from(link: NoticeLinkFor) -> Self {
        Self::Notice(link)
    }
}

impl From<Purpose> for &'static str {
    fn from(purpose: Purpose) -> Self {
        purpose.facts().name
    }
}

impl TryFrom<String> for Purpose {
    type Error = &'static str;

    fn try_from(stored: String) -> Result<Self, Self::Error> {
        Self::all().find(|purpose| purpose.facts().name == stored).ok_or("no such purpose")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_purpose_is_found_by_its_own_name() {
        let all: Vec<_> = SecretFor::all().collect();
        assert_eq!(all.len(), 14);
        for purpose in all {
            assert_eq!(SecretFor::parse(purpose.facts().name), Some(purpose));
        }
        assert_eq!(SecretFor::parse("proof"), None);
    }

    #[test]
    fn a_purpose_is_stored_by_its_name_and_a_notices_link_has_no_message() {
        for purpose in Purpose::all() {
            let stored = serde_json::to_string(&purpose).expect("as it is stored");
            assert_eq!(stored, format!("\"{}\"", purpose.facts().name));
            assert_eq!(serde_json::from_str::<Purpose>(&stored).expect("stored so"), purpose);
        }
        for link in NoticeLinkFor::ALL {
            assert!(serde_json::from_str::<Purpose>(&format!("\"{}\"", link.facts().name)).is_err());
        }
    }

    #[test]
    fn what_a_new_password_ends_can_set_a_password() {
        let ended: Vec<_> = Purpose::all().filter(|purpose| purpose.facts().revoked == Revoked::ByNewPassword).collect();
        assert_eq!(ended, [CodeFor::Recovery.into(), LinkFor::PasswordReset.into()]);
    }
}
