//! Around every page, and the pages that say that there is none.

use crate::Texts;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

catalogue! {
    /// Around every page.
    pub struct FrameTexts {
        skip: "Ir para o conteúdo" | "Skip to content";
        tagline(brand): "{brand}, página inicial" | "{brand}, home page";
        description: "Crie sua conta, confirme seu celular ou e-mail e entre com segurança."
            | "Create your account, confirm your phone or email, and sign in safely.";
        nav: "Sua conta" | "Your account";
        sign_in: "Entrar" | "Sign in";
        profile: "Meu Perfil" | "My profile";
        dashboard: "Início" | "Home";
        sign_out: "Sair" | "Sign out";
        privacy: "Seus documentos e seu telefone ficam cifrados e aparecem mascarados na sua conta."
            | "Your documents and phone are encrypted and shown masked in your account.";
        terms: "Termos e privacidade" | "Terms and privacy";
        help: "Ajuda" | "Help";
        accessibility: "Acessibilidade" | "Accessibility";
        /// Above the list of the sections of a long page.
        on_this_page: "Nesta página" | "On this page";
        language: "Idioma" | "Language";
        offline: "Não conseguimos falar com o servidor. Confira sua conexão e tente de novo"
            | "We could not reach the server. Check your connection and try again";
        failed: "Algo não funcionou do nosso lado. Tente de novo em instantes" | "Something on our side did not work. Try again shortly";
    }

    /// What a page says of what was just done.
    pub struct NoticeTexts {
        verified: "E-mail confirmado. Agora você pode entrar." | "Email confirmed. You can sign in now.";
        signed_out: "Você saiu da sua conta." | "You have signed out.";
        resent: "Enviamos o código de novo." | "We sent the code again.";
        /// The same of a link.
        link_resent: "Enviamos o link de novo." | "We sent the link again.";
        link_sent: "Se houver uma confirmação pendente para este e-mail, o link está a caminho."
            | "If a confirmation is pending for this email, the link is on its way.";
        ended: "Sua sessão terminou. Entre de novo para continuar." | "Your session has ended. Sign in again to continue.";
        /// The same of a form that would have changed something.
        ended_unsaved: "Sua sessão terminou e nada foi salvo. Entre de novo para continuar."
            | "Your session has ended and nothing was saved. Sign in again to continue.";
        profile_saved: "Perfil atualizado com sucesso." | "Profile updated.";
        phone_proved: "Celular confirmado." | "Mobile phone confirmed.";
        cpf_saved: "CPF salvo." | "CPF saved.";
        cnpj_saved: "CNPJ salvo." | "CNPJ saved.";
        profile_complete: "Cadastro completo com sucesso." | "Your sign-up is complete.";
        email_disowned: "Pronto: o endereço foi retirado do cadastro." | "Done: the address was taken out of the sign-up.";
    }

    /// The page for an unknown path.
    pub struct NotFoundTexts {
        title: "Página não encontrada" | "Page not found";
        heading: "Página não encontrada" | "Page not found";
        lead: "O endereço pode ter mudado ou ter sido digitado pela metade." | "The address may have changed or been typed only in part.";
        home: "Ir para a página inicial" | "Go to the home page";
    }

    /// The page for a request that was refused before it reached a page.
    pub struct RefusedTexts {
        title: "Pedido não aceito" | "Request not accepted";
        heading: "Isto não foi aceito" | "This was not accepted";
        again: "Abrir a página de novo" | "Open the page again";
        home: "Ir para a página inicial" | "Go to the home page";
    }
}

/// What a page says above its content because of what was done just before. It travels by its name in a cookie, which the page that says
/// it takes away: an address cannot make a page say it, and no page says it twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr, VariantArray)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[expect(missing_docs, reason = "its sentence says what each is for: `Texts::notice`")]
pub enum PageNotice {
    Verified,
    SignedOut,
    Resent,
    LinkResent,
    LinkSent,
    /// The same on the page where it was asked for.
    LinkAsked,
    Ended,
    EndedUnsaved,
    ProfileSaved,
    PhoneProved,
    CpfSaved,
    CnpjSaved,
    EmailProved,
    PasswordSet,
    ProfileComplete,
    EmailDisowned,
    PasswordChanged,
    ResetLinkSent,
    ContestBegun,
    DocumentKept,
    TryLater,
    /// The terms in force were accepted.
    TermsAccepted,
    Blocked,
    DeletionAsked,
    DeletionUndone,
}

impl PageNotice {
    /// Every notice.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// Returns the notice with this name, if there is one.
    pub fn parse(name: &str) -> Option<Self> {
        name.parse().ok()
    }

    /// Returns whether its page says it instead of the form that was sent, and not above its content.
    pub const fn replaces_the_form(self) -> bool {
        matches!(self, Self::LinkAsked | Self::ResetLinkSent | Self::ContestBegun)
    }

    /// Returns its name.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

impl Texts {
    /// Returns the sentence of a page notice.
    pub const fn notice(&self, notice: PageNotice) -> &'static str {
        let notices = &self.pages.notices;
        match notice {
            PageNotice::Verified => notices.verified,
            PageNotice::SignedOut => notices.signed_out,
            PageNotice::Resent => notices.resent,
            PageNotice::LinkResent => notices.link_resent,
            PageNotice::LinkSent | PageNotice::LinkAsked => notices.link_sent,
            PageNotice::Ended => notices.ended,
            PageNotice::EndedUnsaved => notices.ended_unsaved,
            PageNotice::ProfileSaved => notices.profile_saved,
            PageNotice::PhoneProved => notices.phone_proved,
            PageNotice::CpfSaved => notices.cpf_saved,
            PageNotice::CnpjSaved => notices.cnpj_saved,
            PageNotice::EmailProved => self.access.email_proved,
            PageNotice::PasswordSet => self.api.password_set,
            PageNotice::ProfileComplete => notices.profile_complete,
            PageNotice::EmailDisowned => notices.email_disowned,
            // 002 message 1; 003.
            PageNotice::PasswordChanged => self.api.password_changed,
            PageNotice::ResetLinkSent => self.api.reset_link_sent,
            PageNotice::ContestBegun => self.contest.begun,
            PageNotice::DocumentKept => self.contest.mine_done,
            PageNotice::Blocked => self.deletion.blocked,
            PageNotice::DeletionAsked => self.deletion.asked,
            PageNotice::DeletionUndone => self.deletion.undone,
            PageNotice::TryLater => self.own_data.try_later,
            PageNotice::TermsAccepted => self.api.terms_accepted,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_is_told_by_its_name_and_by_nothing_else() {
        for notice in PageNotice::ALL {
            assert_eq!(PageNotice::parse(notice.name()), Some(*notice));
        }
        for other in ["", "Ended", "ended ", "<b>", "unknown"] {
            assert_eq!(PageNotice::parse(other), None, "{other}");
        }
    }
}
