//! The report of an import: why a line was refused.

use crate::Texts;
use portaria::error::{Field, FieldError};
use portaria::moving::{Key, Reason};

catalogue! {
    /// The sentences.
    pub struct MovingTexts {
        unknown_key(known): "Este campo não existe. Os que existem: {known}" | "There is no such field. Those that there are: {known}";
        not_true_or_false: "Informe true ou false" | "Enter true or false";
        hash_unknown:
            "Este hash não pode ser verificado aqui. Podem: bcrypt ($2b$…), PBKDF2, scrypt e Argon2 na forma PHC ($pbkdf2-sha256$…)"
            | "This hash cannot be verified here. These can: bcrypt ($2b$…), PBKDF2, scrypt and Argon2 as PHC strings ($pbkdf2-sha256$…)";
        hash_too_costly: "Verificar este hash demoraria ou ocuparia memória demais" | "To verify this hash would take too long or too much memory";
        instant_shape: "Informe data e hora com fuso, como 2024-12-31T23:59:59Z" | "Enter date and time with their offset, such as 2024-12-31T23:59:59Z";
        instant_to_come: "Este instante ainda não chegou" | "This instant is yet to come";
        never_proved: "Sem e-mail, a conta só entra com o telefone verificado (phoneVerified: true)"
            | "Without an email address, the account needs a verified phone (phoneVerified: true)";
        twice: "Este externalId já apareceu antes neste arquivo" | "This externalId stands in this file before";
        not_an_object: "Não é um objeto JSON" | "Not a JSON object";
        line_too_long: "A linha é longa demais" | "The line is too long";
        unreadable: "Daqui em diante o arquivo não pode ser lido" | "From here on the file cannot be read";
    }
}

impl Texts {
    /// Why a line of an import was refused, in a sentence. `key`: the one that it is about.
    pub fn moving_reason(&self, key: &str, reason: Reason) -> String {
        let texts = &self.moving;
        let plain = match reason {
            // What no form asks for has no sentence of its own.
            Reason::Value(error) => return self.field_error(Key::parse(key).and_then(Key::field).unwrap_or(Field::Version), error),
            Reason::UnknownKey => {
                let known: Vec<_> = Key::ALL.iter().map(|key| key.name()).collect();
                return texts.unknown_key(known.join(", "));
            }
            Reason::NotTrueOrFalse => texts.not_true_or_false,
            Reason::HashUnknown => texts.hash_unknown,
            Reason::HashTooCostly => texts.hash_too_costly,
            Reason::InstantShape => texts.instant_shape,
            Reason::InstantToCome => texts.instant_to_come,
            Reason::NeverProved => texts.never_proved,
            Reason::Twice => texts.twice,
            Reason::NotAnObject => texts.not_an_object,
            Reason::LineTooLong => texts.line_too_long,
            Reason::Unreadable => texts.unreadable,
        };
        plain.to_owned()
    }

    /// Why a line cannot be taken whose value another account has.
    pub fn moving_taken(&self, field: Field) -> String {
        self.field_error(field, FieldError::Taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Language;

    #[test]
    fn what_is_wrong_with_a_line_is_said_of_its_key() {
        let texts = Language::PtBr.texts();
        assert_eq!(texts.moving_reason("cpf", Reason::Value(FieldError::CpfInvalid)), "CPF inválido. Confira os dígitos");
        assert!(texts.moving_reason("apelido", Reason::UnknownKey).ends_with("passwordHash, createdAt, externalId"));
        assert_eq!(texts.moving_reason("externalId", Reason::Value(FieldError::TooLong { max: 255 })), "Use no máximo 255 caracteres");
        assert_eq!(texts.moving_taken(Field::Email), "Email já cadastrado");
    }
}
