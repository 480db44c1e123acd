//! The sentences of refusals, for a field or a whole form. Pages and JSON contracts use the same.

pub mod fields;
#[cfg(test)]
mod tests;

use crate::Texts;
use fields::{FieldNames, FieldRefusals};
use portaria::error::{Field, FieldErrors, Refusal};
use portaria::purpose::CodeFor;
use time::OffsetDateTime;

catalogue! {
    /// The sentences of [`Refusal`].
    pub struct Refusals {
        field: FieldRefusals;
        names: FieldNames;
        invalid: "Confira os campos indicados" | "Check the fields shown";
        bad_credentials: "Dados de acesso incorretos. Confira e tente de novo"
            | "These sign-in details are not right. Check them and try again";
        not_verified: "Falta confirmar seu e-mail" | "Your email is still to be confirmed";
        locked(wait): "Bloqueamos o acesso após várias tentativas. Tente de novo em {wait} ou, para entrar agora, crie uma nova senha"
            | "We locked signing in after several attempts. Try again in {wait} or, to sign in now, set a new password";
        too_soon(wait): "Acabamos de enviar. Você pode pedir de novo em {wait}" | "We have just sent it. You can ask again in {wait}";
        too_many(wait): "Foram muitas tentativas. Tente de novo em {wait}" | "Too many attempts. Try again in {wait}";
        /// 002 message 2, word for word.
        code_refused: "Código inválido ou expirado! Por favor, solicite um novo código."
            | "Invalid or expired code! Please request a new code.";
        /// 000, 7a.
        code_refused_phone: "A confirmação do número de telefone falhou. Confira os dígitos ou peça outro código."
            | "The phone number could not be confirmed. Check the digits or ask for another code.";
        code_refused_email: "A confirmação do e-mail falhou. Confira os dígitos ou peça outro código."
            | "The email address could not be confirmed. Check the digits or ask for another code.";
        code_lapsed: "Este código expirou. Peça outro" | "This code has expired. Ask for another";
        code_blocked(wait): "Foram muitos códigos errados. Por segurança, aguarde: você pode tentar de novo em {wait}"
            | "Too many wrong codes. For your security, please wait: you can try again in {wait}";
        link_unknown: "Este link não é válido, já foi usado ou foi substituído por um mais recente"
            | "This link is not valid, was used already, or was replaced by a newer one";
        link_lapsed: "Este link expirou. Peça outro e use o mais recente"
            | "This link has expired. Ask for another and use the most recent one";
        /// 002 message 3, word for word.
        document_unknown: "CPF/CNPJ inválido ou não cadastrado. Por favor, verifique os dados informados."
            | "CPF/CNPJ invalid or not registered. Please check the information given.";
        /// 002 message 4, word for word.
        recovery_password: "As senhas não coincidem ou não atendem aos requisitos de segurança. Tente novamente."
            | "The passwords do not match or do not meet the security requirements. Try again.";
        not_signed_in: "Entre na sua conta para continuar" | "Sign in to continue";
        not_yours: "Você não tem acesso a isto" | "You do not have access to this";
        reauthentication_required: "Por segurança, confirme que é você para continuar"
            | "For your security, confirm that it is you to go on";
        password_set: "Sua conta já tem uma senha. Para trocá-la, informe a atual"
            | "Your account has a password already. To change it, enter the current one";
        channel_resting: "Hoje este meio de envio está em pausa para o seu DDD. Escolha outro"
            | "Today this way of sending is paused for your area code. Choose another";
        signup_gone: "Este cadastro não está mais disponível. Comece de novo: leva só um minuto"
            | "This sign-up is no longer available. Start again: it takes a minute";
        stale: "Estes dados mudaram enquanto você editava. Veja como estão agora antes de salvar"
            | "This data changed while you were editing. See it as it is now before you save";
        busy(wait): "Estamos com muito movimento. Tente de novo em {wait}" | "We are very busy. Try again in {wait}";
        unavailable: "Algo não funcionou do nosso lado. Tente de novo em instantes"
            | "Something on our side did not work. Try again shortly";
        malformed: "Não entendemos o que foi enviado" | "We did not understand what was sent";
        unsupported_media_type: "Este tipo de conteúdo não é aceito aqui" | "This type of content is not accepted here";
        too_large: "O que foi enviado é grande demais" | "What was sent is too large";
        method_not_allowed: "Este endereço não aceita esta operação" | "This address does not accept this operation";
        not_found: "Não há nada neste endereço" | "There is nothing at this address";
        cross_site: "Este pedido veio de outro site e não foi aceito" | "This request came from another site and was not accepted";
        kind_closed: "Não estamos aceitando novos cadastros deste tipo. Quem já tem conta entra normalmente"
            | "We are not taking new sign-ups of this kind. Whoever has an account signs in as usual";
    }
}

impl Texts {
    /// Returns the sentence for a refusal, shown above the form. Errors of single fields are shown at the fields.
    pub fn refusal(&self, refusal: &Refusal) -> String {
        let texts = &self.refusals;
        let plain = match refusal {
            Refusal::Locked { retry_after } => return texts.locked(self.duration.wait(*retry_after)),
            Refusal::TooSoon { retry_after } => return texts.too_soon(self.duration.wait(*retry_after)),
            Refusal::TooMany { retry_after } => return texts.too_many(self.duration.wait(*retry_after)),
            Refusal::CodeBlocked { retry_after } => return texts.code_blocked(self.duration.wait(*retry_after)),
            Refusal::Busy { retry_after } => return texts.busy(self.duration.wait(*retry_after)),
            Refusal::DeletionPending { deletes_at } => {
                return self
                    .deletion
                    .refused(OffsetDateTime::from_unix_timestamp(*deletes_at).map(|at| self.moment.tell(at)).unwrap_or_default());
            }
            Refusal::Taken(field) => self.taken(*field),
            Refusal::Invalid(_) => texts.invalid,
            Refusal::BadCredentials => texts.bad_credentials,
            Refusal::NotVerified => texts.not_verified,
            Refusal::AccountBlocked => self.deletion.blocked_refused,
            Refusal::CodeRefused => texts.code_refused,
            Refusal::CodeLapsed => texts.code_lapsed,
            Refusal::LinkUnknown => texts.link_unknown,
            Refusal::LinkLapsed => texts.link_lapsed,
            Refusal::DocumentUnknown => texts.document_unknown,
            Refusal::NotSignedIn => texts.not_signed_in,
            Refusal::NotYours => texts.not_yours,
            Refusal::ReauthenticationRequired => texts.reauthentication_required,
            Refusal::PasswordSet => texts.password_set,
            Refusal::ChannelResting { .. } => texts.channel_resting,
            Refusal::SignupGone => texts.signup_gone,
            Refusal::Stale => texts.stale,
            Refusal::Unavailable => texts.unavailable,
            Refusal::Malformed => texts.malformed,
            Refusal::UnsupportedMediaType => texts.unsupported_media_type,
            Refusal::TooLarge => texts.too_large,
            Refusal::MethodNotAllowed => texts.method_not_allowed,
            Refusal::NotFound => texts.not_found,
            Refusal::CrossSite => texts.cross_site,
            Refusal::KindClosed => texts.kind_closed,
        };
        plain.to_owned()
    }

    /// Whether a document words it so, without a full stop (001, 003): a page shows it as it is.
    pub fn is_worded(&self, sentence: &str) -> bool {
        let field = &self.refusals.field;
        [field.taken.email, field.password_classes, field.terms_required].contains(&sentence)
    }

    /// [`Refusal::CodeRefused`], by what the code was for: 000 (7a) and 002 (message 2) word it each in their way.
    pub const fn code_refused(&self, purpose: CodeFor) -> &'static str {
        match purpose {
            CodeFor::SignupPhone | CodeFor::PhoneChange => self.refusals.code_refused_phone,
            CodeFor::SignupEmail | CodeFor::EmailChange => self.refusals.code_refused_email,
            CodeFor::LoginPhone | CodeFor::Recovery | CodeFor::Reauthentication | CodeFor::Contest => self.refusals.code_refused,
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
}
