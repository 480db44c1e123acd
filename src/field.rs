//! The single table of fields: the name of each in forms and contracts, and its input type. The enum, its list and the names
//! are generated from the rows below. Which fields a kind requires is in [`crate::journey`], their labels are in the crate
//! `text`.

use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// The input control of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// An identifier: one line without autocorrection.
    Plain,
    /// One line of natural language, with capitalisation and autocorrection.
    Prose,
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
    /// A document of digits only.
    Digits,
    /// A document that may contain letters.
    Document,
    /// A calendar date.
    Date,
    /// A one-time code.
    Code,
    /// A password. It can be revealed while typing, and is never written back into a page.
    Password,
    /// One of a few options.
    Choice,
    /// A checkbox.
    Check,
    /// A file upload.
    File,
    /// Not typed by a person: a hidden form field, or a field of an API body.
    Hidden,
}

/// Expands to the first of one or two expressions: a value with a default.
macro_rules! first {
    ($first:expr $(, $other:expr)?) => {
        $first
    };
}

/// Generates [`Field`] from its rows. `name`: in forms and database rows. `api`: in the contracts. `registration`, `carona`: the
/// name in 001 or 004 where it differs. `autofill`: the HTML token. `free_text`: an optional profile text, stored as it is.
macro_rules! fields {
    ($(
        $(#[$doc:meta])*
        $field:ident {
            name: $name:literal, api: $api:literal, input: $input:ident
            $(, autofill: $autofill:literal)? $(, registration: $registration:literal)? $(, carona: $carona:literal)?
            $(, free_text: $free:literal)?
        }
    )*) => {
        /// A field of a form or an API body.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Field {
            $($(#[$doc])* #[serde(rename = $name)] $field,)*
        }

        impl Field {
            /// Every field, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$field),*];

            /// Returns the name in forms and database rows.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$field => $name,)*
                }
            }

            /// Returns the name in the contracts of 000, 002 and 003.
            pub const fn api_name(self) -> &'static str {
                match self {
                    $(Self::$field => $api,)*
                }
            }

            /// Returns the name in the contract of 001.
            pub const fn registration_name(self) -> &'static str {
                match self {
                    $(Self::$field => first!($($registration,)? $api),)*
                }
            }

            /// Returns the name in the contract of 004.
            pub const fn carona_name(self) -> &'static str {
                match self {
                    $(Self::$field => first!($($carona,)? $api),)*
                }
            }

            /// Returns the input control.
            pub const fn input(self) -> Input {
                match self {
                    $(Self::$field => Input::$input,)*
                }
            }

            /// Returns the HTML autofill token, `off` by default (HTML, "Autofill"; WCAG 1.3.5).
            pub const fn autofill(self) -> &'static str {
                match self {
                    $(Self::$field => first!($($autofill,)? "off"),)*
                }
            }

            /// Returns whether this is an optional profile text ([`crate::profile::FreeTexts`]).
            pub const fn is_free_text(self) -> bool {
                match self {
                    $(Self::$field => first!($($free,)? false),)*
                }
            }
        }
    };
}

fields! {
    /// Kind of account (`tipo_usuario`).
    Kind { name: "kind", api: "kind", input: Choice, registration: "tipo_usuario" }
    /// A person's or company's name.
    Name { name: "name", api: "fullName", input: Prose, autofill: "name", registration: "nome", carona: "name" }
    /// The name by which a person wants to be addressed; of a company the one that it trades under (SPEC §13).
    SocialName { name: "social_name", api: "socialName", input: Prose, free_text: true }
    /// Institution or organisation (003).
    Institution { name: "institution", api: "institution", input: Prose, autofill: "organization", free_text: true }
    /// Field of work (003).
    FieldOfWork { name: "field_of_work", api: "fieldOfWork", input: Prose, free_text: true }
    /// Public user name (004).
    Username { name: "username", api: "username", input: Plain, autofill: "username" }
    /// E-mail address.
    Email { name: "email", api: "email", input: Email, autofill: "email" }
    /// Phone number.
    Phone { name: "phone", api: "phone", input: Phone, autofill: "tel-national" }
    /// SMS, WhatsApp or e-mail.
    Channel { name: "channel", api: "channel", input: Choice }
    /// Date of birth.
    BirthDate { name: "birth_date", api: "birthDate", input: Date, autofill: "bday" }
    /// Gender.
    Gender { name: "gender", api: "gender", input: Choice }
    /// CPF or CNPJ, as typed for recovery (002).
    Document { name: "document", api: "document", input: Plain }
    /// CPF.
    Cpf { name: "cpf", api: "cpf", input: Digits }
    /// CNPJ.
    Cnpj { name: "cnpj", api: "cnpj", input: Document }
    /// State (UF).
    State { name: "state", api: "state", input: Choice }
    /// City.
    City { name: "city", api: "city", input: Prose, autofill: "address-level2" }
    /// Photo.
    Photo { name: "photo", api: "profilePicture", input: File, carona: "photo" }
    /// What a person signs in with: e-mail, user name, phone, CPF or CNPJ. The contracts call it `email` (SPEC §11).
    Identifier { name: "identifier", api: "email", input: Plain, autofill: "username" }
    /// Password, where a form has one.
    Password { name: "password", api: "password", input: Password, registration: "senha" }
    /// The same password again.
    PasswordConfirmation { name: "password_confirmation", api: "passwordConfirmation", input: Password }
    /// The current password (003, change of password).
    CurrentPassword { name: "current_password", api: "currentPassword", input: Password }
    /// The new password (002, 003).
    NewPassword { name: "new_password", api: "newPassword", input: Password }
    /// One-time code.
    Code { name: "code", api: "code", input: Code, autofill: "one-time-code" }
    /// Token of a link.
    Token { name: "token", api: "token", input: Hidden }
    /// Refresh token.
    RefreshToken { name: "refresh_token", api: "refreshToken", input: Hidden }
    /// Token of the grant that a right recovery code is exchanged for (002).
    ResetToken { name: "reset_token", api: "resetToken", input: Hidden }
    /// **Lembrar-me**.
    Remember { name: "remember", api: "rememberMe", input: Check }
    /// Undoes a deletion that is pending. Only in API bodies of sign-ins, so it has no label.
    CancelDeletion { name: "cancel_deletion", api: "cancelDeletion", input: Hidden }
    /// Acceptance of the terms.
    Terms { name: "terms", api: "termsAccepted", input: Check }
    /// The version of the terms that is accepted. Its body has no profile version, so the two may share a name.
    TermsVersion { name: "terms_version", api: "version", input: Hidden }
    /// The profile version that the writer saw. Only in API bodies, so it has no label.
    Version { name: "version", api: "version", input: Hidden }
}

impl Field {
    /// Iterates over the optional texts of a profile.
    pub fn free_texts() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|field| field.is_free_text())
    }

    /// Parses a name of [`Field::name`]; `None`: no such field.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|field| field.name() == name)
    }
}

/// The raw values of a form or body by field, not validated yet. Unknown names are ignored. It may contain a password, so `Debug`
/// hides the values.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Typed(BTreeMap<Field, String>);

impl Typed {
    /// Returns the value of a field; `None`: the form or body does not contain the field.
    pub fn get(&self, field: Field) -> Option<&str> {
        self.0.get(&field).map(String::as_str)
    }

    /// Returns the value of a field; empty if it is absent.
    pub fn text(&self, field: Field) -> &str {
        self.get(field).unwrap_or_default()
    }

    /// Returns whether a checkbox was ticked: its value is `true`.
    pub fn is_ticked(&self, field: Field) -> bool {
        self.text(field) == "true"
    }

    /// Sets a field.
    #[must_use]
    pub fn with(mut self, field: Field, text: impl Into<String>) -> Self {
        self.0.insert(field, text.into());
        self
    }

    /// Adds a field with an empty value if it is absent.
    #[must_use]
    pub fn with_at_least(mut self, field: Field) -> Self {
        self.0.entry(field).or_default();
        self
    }

    /// Sets a field if there is a value.
    #[must_use]
    pub fn with_some(self, field: Field, text: Option<impl Into<String>>) -> Self {
        match text {
            Some(text) => self.with(field, text),
            None => self,
        }
    }
}

impl FromIterator<(Field, String)> for Typed {
    fn from_iter<T: IntoIterator<Item = (Field, String)>>(given: T) -> Self {
        Self(given.into_iter().collect())
    }
}

impl<const N: usize> From<[(Field, &str); N]> for Typed {
    fn from(given: [(Field, &str); N]) -> Self {
        given.into_iter().map(|(field, text)| (field, text.to_owned())).collect()
    }
}

impl<'de> Deserialize<'de> for Typed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let given = BTreeMap::<String, String>::deserialize(deserializer)?;
        Ok(given.into_iter().filter_map(|(name, text)| Some((Field::by_name(&name)?, text))).collect())
    }
}

impl fmt::Debug for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Typed(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_fields_have_one_name_where_they_could_meet() {
        let names: BTreeSet<_> = Field::ALL.iter().map(|field| field.name()).collect();
        assert_eq!(names.len(), Field::ALL.len());
        // A sign-in form has an identifier and no e-mail, so the two may share a name; so may the two versions.
        for name in [Field::api_name, Field::registration_name, Field::carona_name] {
            let fields = Field::ALL.iter().filter(|field| !matches!(field, Field::Identifier | Field::TermsVersion));
            let names: BTreeSet<_> = fields.map(|field| name(*field)).collect();
            assert_eq!(names.len(), Field::ALL.len() - 2);
        }
        for field in Field::ALL {
            assert_eq!(Field::by_name(field.name()), Some(*field));
        }
    }

    #[test]
    fn the_contracts_name_a_field_as_their_documents_do() {
        assert_eq!((Field::Name.api_name(), Field::Name.registration_name(), Field::Name.carona_name()), ("fullName", "nome", "name"));
        assert_eq!((Field::Password.registration_name(), Field::Kind.registration_name()), ("senha", "tipo_usuario"));
        assert_eq!((Field::Photo.api_name(), Field::Photo.carona_name()), ("profilePicture", "photo"));
    }

    #[test]
    fn optional_texts_of_a_profile_are_prose() {
        assert!(
            [Field::SocialName, Field::Institution, Field::FieldOfWork].into_iter().all(Field::is_free_text) && !Field::Name.is_free_text()
        );
        assert!(Field::free_texts().all(|field| field.input() == Input::Prose));
    }

    #[test]
    fn what_was_typed_is_read_by_field_and_not_printed() {
        let typed: Typed = serde_json::from_str(r#"{"name": "Ana", "slug": "client", "terms": "true"}"#).unwrap();
        assert_eq!((typed.get(Field::Name), typed.get(Field::Phone), typed.text(Field::Phone)), (Some("Ana"), None, ""));
        assert!(typed.is_ticked(Field::Terms) && !typed.is_ticked(Field::Remember));
        assert_eq!(format!("{typed:?}"), "Typed(***)");
        assert_eq!(serde_json::to_string(&typed).unwrap(), r#"{"name":"Ana","terms":"true"}"#);
    }
}
