use super::*;
use crate::Language;
use portaria::error::FieldError;
use std::collections::HashSet;
use std::mem::discriminant;
use strum::{EnumCount, IntoEnumIterator};

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
        Refusal::AccountBlocked,
        Refusal::DeletionPending { deletes_at: 1_795_000_000 },
        Refusal::PasswordSet,
        Refusal::ChannelResting { channels: Vec::new() },
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
        Refusal::KindClosed,
    ];
    all.extend(Field::ALL.iter().copied().map(Refusal::Taken));
    assert_eq!(all.iter().map(discriminant).collect::<HashSet<_>>().len(), Refusal::COUNT, "every refusal is listed");
    all
}

#[test]
fn every_refusal_has_a_whole_sentence_in_every_language() {
    for texts in Language::ALL.iter().map(|language| language.texts()) {
        for field in Field::ALL.iter().copied() {
            assert!(!texts.field_name(field).is_empty(), "{field:?}");
            for error in FieldError::iter() {
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
    assert!(texts.code_refused(CodeFor::SignupPhone).starts_with("A confirmação do número de telefone falhou."));
    assert_eq!(texts.code_refused(CodeFor::Recovery), "Código inválido ou expirado! Por favor, solicite um novo código.");
    let message_3 = "CPF/CNPJ inválido ou não cadastrado. Por favor, verifique os dados informados.";
    assert_eq!(texts.refusal(&Refusal::DocumentUnknown), message_3);
    assert_eq!(texts.field_error(Field::Document, FieldError::DocumentInvalid), message_3);
    assert_eq!(texts.refusals.recovery_password, "As senhas não coincidem ou não atendem aos requisitos de segurança. Tente novamente.");
    assert_eq!(texts.api.password_changed, "Senha alterada com sucesso!");
}
