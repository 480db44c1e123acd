//! What is said when the answer is no, at a field or to a whole form. Pages and JSON contracts say the same.

#![expect(missing_docs, reason = "the sentence itself says what it is for")]

use crate::{Texts, fill};
use portaria::error::{Field, FieldError, FieldErrors, Refusal};
use portaria::message::Purpose;

/// The sentences of [`FieldError`].
#[derive(Debug)]
pub struct FieldRefusals {
    pub required: RequiredTexts,
    /// `{max}`.
    pub too_long: &'static str,
    /// `{min}`.
    pub too_short: &'static str,
    /// `{min}`.
    pub password_too_short: &'static str,
    pub unprintable: &'static str,
    pub kind_unknown: &'static str,
    pub username_shape: &'static str,
    pub email_shape: &'static str,
    /// 000, 3a.
    pub phone_invalid: &'static str,
    pub phone_not_mobile: &'static str,
    pub channel_unavailable: &'static str,
    pub cpf_invalid: &'static str,
    pub cnpj_invalid: &'static str,
    /// 003, word for word.
    pub password_classes: &'static str,
    /// 002, by its own rules.
    pub password_classes_recovery: &'static str,
    pub password_guessable: &'static str,
    pub password_mismatch: &'static str,
    pub password_wrong: &'static str,
    pub password_unchanged: &'static str,
    /// 003, word for word.
    pub terms_required: &'static str,
    pub contact_required: &'static str,
    /// `{digits}`.
    pub code_shape: &'static str,
    pub code_wrong: &'static str,
    pub code_expired: &'static str,
    pub date_shape: &'static str,
    pub date_not_past: &'static str,
    pub gender_unknown: &'static str,
    pub state_unknown: &'static str,
    pub taken: TakenTexts,
    pub fixed: &'static str,
    pub photo_unreadable: &'static str,
    pub photo_too_large: &'static str,
    /// `{megapixels}`, `{side}`.
    pub photo_too_many_pixels: &'static str,
    pub photo_interrupted: &'static str,
    pub wrong_type: &'static str,
}

/// "Nothing was given", by field: what is to be given.
#[derive(Debug)]
pub struct RequiredTexts {
    pub kind: &'static str,
    pub name: &'static str,
    pub username: &'static str,
    pub email: &'static str,
    pub phone: &'static str,
    pub channel: &'static str,
    pub document: &'static str,
    pub cpf: &'static str,
    pub cnpj: &'static str,
    pub identifier: &'static str,
    pub password: &'static str,
    pub password_confirmation: &'static str,
    pub current_password: &'static str,
    pub new_password: &'static str,
    pub code: &'static str,
    pub token: &'static str,
    pub refresh_token: &'static str,
    pub reset_token: &'static str,
    pub birth_date: &'static str,
    pub gender: &'static str,
    pub state: &'static str,
    pub city: &'static str,
    pub photo: &'static str,
    pub other: &'static str,
}

/// "Another account has it", by field.
#[derive(Debug)]
pub struct TakenTexts {
    /// 001, word for word.
    pub email: &'static str,
    pub username: &'static str,
    pub phone: &'static str,
    pub cpf: &'static str,
    pub cnpj: &'static str,
    pub other: &'static str,
}

/// The names of fields, as their labels have them.
#[derive(Debug)]
pub struct FieldNames {
    pub kind: &'static str,
    pub name: &'static str,
    pub username: &'static str,
    pub email: &'static str,
    pub phone: &'static str,
    pub channel: &'static str,
    pub document: &'static str,
    pub cpf: &'static str,
    pub cnpj: &'static str,
    pub identifier: &'static str,
    pub password: &'static str,
    pub password_confirmation: &'static str,
    pub current_password: &'static str,
    pub new_password: &'static str,
    pub code: &'static str,
    pub token: &'static str,
    pub refresh_token: &'static str,
    pub reset_token: &'static str,
    pub remember: &'static str,
    pub institution: &'static str,
    pub field_of_work: &'static str,
    pub terms: &'static str,
    pub birth_date: &'static str,
    pub gender: &'static str,
    pub state: &'static str,
    pub city: &'static str,
    pub photo: &'static str,
    pub version: &'static str,
}

/// How a wait is told.
#[derive(Debug)]
pub struct Waits {
    pub second: &'static str,
    /// `{n}`.
    pub seconds: &'static str,
    pub minute: &'static str,
    /// `{n}`.
    pub minutes: &'static str,
    pub hour: &'static str,
    /// `{n}`.
    pub hours: &'static str,
}

/// The sentences of [`Refusal`].
#[derive(Debug)]
pub struct Refusals {
    pub field: FieldRefusals,
    pub names: FieldNames,
    pub waits: Waits,
    pub invalid: &'static str,
    pub bad_credentials: &'static str,
    pub not_verified: &'static str,
    /// `{wait}`.
    pub locked: &'static str,
    /// `{wait}`.
    pub too_soon: &'static str,
    /// `{wait}`.
    pub too_many: &'static str,
    /// 002 message 2, word for word.
    pub code_refused: &'static str,
    /// 000, 7a.
    pub code_refused_phone: &'static str,
    pub code_refused_email: &'static str,
    pub code_lapsed: &'static str,
    /// `{wait}`.
    pub code_blocked: &'static str,
    pub link_unknown: &'static str,
    pub link_lapsed: &'static str,
    /// 002 message 3, word for word.
    pub document_unknown: &'static str,
    /// 002 message 4, word for word.
    pub recovery_password: &'static str,
    pub not_signed_in: &'static str,
    pub not_yours: &'static str,
    pub reauthentication_required: &'static str,
    pub password_set: &'static str,
    pub signup_gone: &'static str,
    pub stale: &'static str,
    /// `{wait}`.
    pub busy: &'static str,
    pub unavailable: &'static str,
    pub malformed: &'static str,
    pub unsupported_media_type: &'static str,
    pub too_large: &'static str,
    pub method_not_allowed: &'static str,
    pub not_found: &'static str,
    pub cross_site: &'static str,
}

impl Texts {
    /// The name of a field, as its label has it.
    pub const fn field_name(&self, field: Field) -> &'static str {
        let names = &self.refusals.names;
        match field {
            Field::Kind => names.kind,
            Field::Name => names.name,
            Field::Username => names.username,
            Field::Email => names.email,
            Field::Phone => names.phone,
            Field::Channel => names.channel,
            Field::Document => names.document,
            Field::Cpf => names.cpf,
            Field::Cnpj => names.cnpj,
            Field::Identifier => names.identifier,
            Field::Password => names.password,
            Field::PasswordConfirmation => names.password_confirmation,
            Field::CurrentPassword => names.current_password,
            Field::NewPassword => names.new_password,
            Field::Code => names.code,
            Field::Token => names.token,
            Field::RefreshToken => names.refresh_token,
            Field::ResetToken => names.reset_token,
            Field::Remember => names.remember,
            Field::Institution => names.institution,
            Field::FieldOfWork => names.field_of_work,
            Field::Terms => names.terms,
            Field::BirthDate => names.birth_date,
            Field::Gender => names.gender,
            Field::State => names.state,
            Field::City => names.city,
            Field::Photo => names.photo,
            Field::Version => names.version,
        }
    }

    const fn required(&self, field: Field) -> &'static str {
        let texts = &self.refusals.field.required;
        match field {
            Field::Kind => texts.kind,
            Field::Name => texts.name,
            Field::Username => texts.username,
            Field::Email => texts.email,
            Field::Phone => texts.phone,
            Field::Channel => texts.channel,
            Field::Document => texts.document,
            Field::Cpf => texts.cpf,
            Field::Cnpj => texts.cnpj,
            Field::Identifier => texts.identifier,
            Field::Password => texts.password,
            Field::PasswordConfirmation => texts.password_confirmation,
            Field::CurrentPassword => texts.current_password,
            Field::NewPassword => texts.new_password,
            Field::Code => texts.code,
            Field::Token => texts.token,
            Field::RefreshToken => texts.refresh_token,
            Field::ResetToken => texts.reset_token,
            Field::Terms => self.refusals.field.terms_required,
            Field::BirthDate => texts.birth_date,
            Field::Gender => texts.gender,
            Field::State => texts.state,
            Field::City => texts.city,
            Field::Photo => texts.photo,
            Field::Institution | Field::FieldOfWork | Field::Remember | Field::Version => texts.other,
        }
    }

    const fn taken(&self, field: Field) -> &'static str {
        let texts = &self.refusals.field.taken;
        match field {
            Field::Email => texts.email,
            Field::Username => texts.username,
            Field::Phone => texts.phone,
            Field::Cpf => texts.cpf,
            Field::Cnpj => texts.cnpj,
            _ => texts.other,
        }
    }

    /// What is wrong with a field, in a sentence.
    pub fn field_error(&self, field: Field, error: FieldError) -> String {
        let texts = &self.refusals.field;
        let plain = match error {
            FieldError::TooLong { max } => return fill(texts.too_long, &[("max", &max.to_string())]),
            FieldError::TooShort { min } => {
                let sentence = match field {
                    Field::Password | Field::NewPassword | Field::CurrentPassword => texts.password_too_short,
                    _ => texts.too_short,
                };
                return fill(sentence, &[("min", &min.to_string())]);
            }
            FieldError::CodeShape { digits } => return fill(texts.code_shape, &[("digits", &digits.to_string())]),
            FieldError::PhotoTooManyPixels { megapixels, side } => {
                let limits = [("megapixels", megapixels.to_string()), ("side", side.to_string())];
                return fill(texts.photo_too_many_pixels, &limits.each_ref().map(|(name, limit)| (*name, limit.as_str())));
            }
            FieldError::Required => self.required(field),
            FieldError::Taken => self.taken(field),
            FieldError::Unprintable => texts.unprintable,
            FieldError::KindUnknown => texts.kind_unknown,
            FieldError::UsernameShape => texts.username_shape,
            FieldError::EmailShape => texts.email_shape,
            FieldError::PhoneInvalid => texts.phone_invalid,
            FieldError::PhoneNotMobile => texts.phone_not_mobile,
            FieldError::ChannelUnavailable => texts.channel_unavailable,
            FieldError::CpfInvalid => texts.cpf_invalid,
            FieldError::CnpjInvalid => texts.cnpj_invalid,
            FieldError::DocumentInvalid => self.refusals.document_unknown,
            FieldError::PasswordClasses => texts.password_classes,
            FieldError::PasswordClassesRecovery => texts.password_classes_recovery,
            FieldError::PasswordGuessable => texts.password_guessable,
            FieldError::PasswordMismatch => texts.password_mismatch,
            FieldError::PasswordWrong => texts.password_wrong,
            FieldError::PasswordUnchanged => texts.password_unchanged,
            FieldError::TermsRequired => texts.terms_required,
            FieldError::ContactRequired => texts.contact_required,
            FieldError::CodeWrong => texts.code_wrong,
            FieldError::CodeExpired => texts.code_expired,
            FieldError::DateShape => texts.date_shape,
            FieldError::DateNotPast => texts.date_not_past,
            FieldError::GenderUnknown => texts.gender_unknown,
            FieldError::StateUnknown => texts.state_unknown,
            FieldError::Fixed => texts.fixed,
            FieldError::PhotoUnreadable => texts.photo_unreadable,
            FieldError::PhotoTooLarge => texts.photo_too_large,
            FieldError::PhotoInterrupted => texts.photo_interrupted,
            FieldError::WrongType => texts.wrong_type,
        };
        plain.to_owned()
    }

    /// Why a use case said no, in a sentence. What stands at fields is told there; this is the sentence above them.
    pub fn refusal(&self, refusal: &Refusal) -> String {
        let texts = &self.refusals;
        let waiting = |sentence, seconds: &u32| fill(sentence, &[("wait", &self.wait(*seconds))]);
        let plain = match refusal {
            Refusal::Locked { retry_after } => return waiting(texts.locked, retry_after),
            Refusal::TooSoon { retry_after } => return waiting(texts.too_soon, retry_after),
            Refusal::TooMany { retry_after } => return waiting(texts.too_many, retry_after),
            Refusal::CodeBlocked { retry_after } => return waiting(texts.code_blocked, retry_after),
            Refusal::Busy { retry_after } => return waiting(texts.busy, retry_after),
            Refusal::Taken(field) => self.taken(*field),
            Refusal::Invalid(_) => texts.invalid,
            Refusal::BadCredentials => texts.bad_credentials,
            Refusal::NotVerified => texts.not_verified,
            Refusal::CodeRefused => texts.code_refused,
            Refusal::CodeLapsed => texts.code_lapsed,
            Refusal::LinkUnknown => texts.link_unknown,
            Refusal::LinkLapsed => texts.link_lapsed,
            Refusal::DocumentUnknown => texts.document_unknown,
            Refusal::NotSignedIn => texts.not_signed_in,
            Refusal::NotYours => texts.not_yours,
            Refusal::ReauthenticationRequired => texts.reauthentication_required,
            Refusal::PasswordSet => texts.password_set,
            Refusal::SignupGone => texts.signup_gone,
            Refusal::Stale => texts.stale,
            Refusal::Unavailable => texts.unavailable,
            Refusal::Malformed => texts.malformed,
            Refusal::UnsupportedMediaType => texts.unsupported_media_type,
            Refusal::TooLarge => texts.too_large,
            Refusal::MethodNotAllowed => texts.method_not_allowed,
            Refusal::NotFound => texts.not_found,
            Refusal::CrossSite => texts.cross_site,
        };
        plain.to_owned()
    }

    /// [`Refusal::CodeRefused`], by what the code was for: 000 (7a) and 002 (message 2) word it each in their way.
    pub const fn code_refused(&self, purpose: Purpose) -> &'static str {
        match purpose {
            Purpose::SignupPhone | Purpose::PhoneChange => self.refusals.code_refused_phone,
            Purpose::SignupEmail | Purpose::EmailLink | Purpose::EmailChange => self.refusals.code_refused_email,
            Purpose::LoginPhone
            | Purpose::Recovery
            | Purpose::ResetLink
            | Purpose::NotMe
            | Purpose::Reauthentication
            | Purpose::Contest
            | Purpose::DocumentMine => self.refusals.code_refused,
        }
    }

    /// A refused reset of 002: message 4 stands above whatever is wrong with the new password (docs/threats.md T17).
    pub fn reset_refused(&self, refusal: &Refusal) -> String {
        let of_password =
            |errors: &FieldErrors| [Field::NewPassword, Field::PasswordConfirmation].iter().any(|it| errors.of(*it).next().is_some());
        match refusal {
            Refusal::Invalid(errors) if of_password(errors) => self.refusals.recovery_password.to_owned(),
            _ => self.refusal(refusal),
        }
    }

    /// How long, in words: seconds below two minutes, then whole minutes, then hours, rounded up so that nobody comes back too early.
    pub fn wait(&self, seconds: u32) -> String {
        let waits = &self.refusals.waits;
        let (one, many, n) = match seconds {
            0..120 => (waits.second, waits.seconds, seconds.max(1)),
            120..7_200 => (waits.minute, waits.minutes, seconds.div_ceil(60)),
            _ => (waits.hour, waits.hours, seconds.div_ceil(3_600)),
        };
        if n == 1 { one.to_owned() } else { fill(many, &[("n", &n.to_string())]) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Language;
    use portaria::error::FieldErrors;

    const LANGUAGES: [Language; 2] = [Language::PtBr, Language::En];

    const FIELDS: [Field; 28] = [
        Field::Kind,
        Field::Name,
        Field::Username,
        Field::Email,
        Field::Phone,
        Field::Channel,
        Field::Document,
        Field::Cpf,
        Field::Cnpj,
        Field::Identifier,
        Field::Password,
        Field::PasswordConfirmation,
        Field::CurrentPassword,
        Field::NewPassword,
        Field::Code,
        Field::Token,
        Field::RefreshToken,
        Field::ResetToken,
        Field::Remember,
        Field::Institution,
        Field::FieldOfWork,
        Field::Terms,
        Field::BirthDate,
        Field::Gender,
        Field::State,
        Field::City,
        Field::Photo,
        Field::Version,
    ];

    const FIELD_ERRORS: [FieldError; 35] = [
        FieldError::Required,
        FieldError::TooLong { max: 100 },
        FieldError::TooShort { min: 8 },
        FieldError::Unprintable,
        FieldError::KindUnknown,
        FieldError::UsernameShape,
        FieldError::EmailShape,
        FieldError::PhoneInvalid,
        FieldError::PhoneNotMobile,
        FieldError::ChannelUnavailable,
        FieldError::CpfInvalid,
        FieldError::CnpjInvalid,
        FieldError::DocumentInvalid,
        FieldError::PasswordClasses,
        FieldError::PasswordClassesRecovery,
        FieldError::PasswordGuessable,
        FieldError::PasswordMismatch,
        FieldError::PasswordWrong,
        FieldError::PasswordUnchanged,
        FieldError::TermsRequired,
        FieldError::ContactRequired,
        FieldError::CodeShape { digits: 6 },
        FieldError::CodeWrong,
        FieldError::CodeExpired,
        FieldError::DateShape,
        FieldError::DateNotPast,
        FieldError::GenderUnknown,
        FieldError::StateUnknown,
        FieldError::Taken,
        FieldError::Fixed,
        FieldError::PhotoUnreadable,
        FieldError::PhotoTooLarge,
        FieldError::PhotoTooManyPixels { megapixels: 16, side: 20_000 },
        FieldError::PhotoInterrupted,
        FieldError::WrongType,
    ];

    fn refusals() -> Vec<Refusal> {
        let retry_after = 61;
        let mut all = vec![
            Refusal::Invalid(FieldErrors::new()),
            Refusal::BadCredentials,
            Refusal::NotVerified,
            Refusal::Locked { retry_after },
            Refusal::TooSoon { retry_after },
            Refusal::TooMany { retry_after },
            Refusal::CodeRefused,
            Refusal::CodeLapsed,
            Refusal::CodeBlocked { retry_after },
            Refusal::LinkUnknown,
            Refusal::LinkLapsed,
            Refusal::DocumentUnknown,
            Refusal::NotSignedIn,
            Refusal::NotYours,
            Refusal::ReauthenticationRequired,
            Refusal::PasswordSet,
            Refusal::SignupGone,
            Refusal::Stale,
            Refusal::Busy { retry_after },
            Refusal::Unavailable,
            Refusal::Malformed,
            Refusal::UnsupportedMediaType,
            Refusal::TooLarge,
            Refusal::MethodNotAllowed,
            Refusal::NotFound,
            Refusal::CrossSite,
        ];
        all.extend(FIELDS.map(Refusal::Taken));
        all
    }

    #[test]
    fn every_refusal_has_a_whole_sentence_in_every_language() {
        for texts in LANGUAGES.map(Language::texts) {
            for field in FIELDS {
                assert!(!texts.field_name(field).is_empty(), "{field:?}");
                for error in FIELD_ERRORS {
                    let text = texts.field_error(field, error);
                    assert!(!text.is_empty() && !text.contains('{'), "{field:?} {error:?}: {text}");
                }
            }
            for refusal in refusals() {
                let text = texts.refusal(&refusal);
                assert!(!text.is_empty() && !text.contains('{'), "{refusal:?}: {text}");
                if refusal.retry_after().is_some() || matches!(refusal, Refusal::CodeBlocked { .. }) {
                    assert!(text.contains("61"), "the wait is told: {text}");
                }
            }
        }
    }

    #[test]
    fn the_documents_messages_stand_word_for_word() {
        let texts = Language::PtBr.texts();
        assert_eq!(texts.pages.check_email.heading, "Verifique seu email para ativar sua conta");
        assert_eq!(texts.refusal(&Refusal::Taken(Field::Email)), "Email já cadastrado");
        assert_eq!(texts.field_error(Field::Email, FieldError::Taken), "Email já cadastrado");
        assert_eq!(
            texts.field_error(Field::Password, FieldError::PasswordClasses),
            "A senha deve conter letras maiúsculas, minúsculas, números e caracteres especiais"
        );
        assert_eq!(texts.field_error(Field::Terms, FieldError::TermsRequired), "Você deve aceitar os termos de serviço");
        assert_eq!(texts.field_error(Field::Terms, FieldError::Required), "Você deve aceitar os termos de serviço");
        assert!(texts.field_error(Field::Phone, FieldError::PhoneInvalid).starts_with("Número de telefone inválido"));
        assert!(texts.code_refused(Purpose::SignupPhone).starts_with("A confirmação do número de telefone falhou."));
        assert_eq!(texts.code_refused(Purpose::Recovery), "Código inválido ou expirado! Por favor, solicite um novo código.");
        let message_3 = "CPF/CNPJ inválido ou não cadastrado. Por favor, verifique os dados informados.";
        assert_eq!(texts.refusal(&Refusal::DocumentUnknown), message_3);
        assert_eq!(texts.field_error(Field::Document, FieldError::DocumentInvalid), message_3);
        assert_eq!(
            texts.refusals.recovery_password,
            "As senhas não coincidem ou não atendem aos requisitos de segurança. Tente novamente."
        );
        assert_eq!(texts.api.password_changed, "Senha alterada com sucesso!");
    }

    #[test]
    fn a_wait_is_told_so_that_nobody_comes_back_too_early() {
        let texts = Language::PtBr.texts();
        let told = [0, 1, 30, 119, 120, 121, 900, 7_199, 7_200, 86_400].map(|seconds| texts.wait(seconds));
        let expected = [
            "1 segundo",
            "1 segundo",
            "30 segundos",
            "119 segundos",
            "2 minutos",
            "3 minutos",
            "15 minutos",
            "120 minutos",
            "2 horas",
            "24 horas",
        ];
        assert_eq!(told, expected);
    }
}
