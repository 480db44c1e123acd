//! Around every page, and the pages that say that there is none.

use crate::Texts;
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
        dashboard: "Painel" | "Dashboard";
        sign_out: "Sair" | "Sign out";
        privacy: "Seus documentos e seu telefone ficam cifrados e só aparecem mascarados."
            | "Your documents and phone are encrypted and only ever shown masked.";
        terms: "Termos e privacidade" | "Terms and privacy";
        help: "Ajuda" | "Help";
        language: "Idioma" | "Language";
        offline: "Não conseguimos falar com o servidor. Confira sua conexão e tente de novo"
            | "We could not reach the server. Check your connection and try again";
        failed: "Algo não funcionou do nosso lado. Tente de novo em instantes" | "Something on our side did not work. Try again shortly";
    }

    /// What a page says of what was just done.
    pub struct NoticeTexts {
        verified: "E-mail confirmado. Agora você pode entrar." | "Email confirmed. You can sign in now.";
        signed_out: "Você saiu da sua conta." | "You have signed out.";
        resent: "Mensagem enviada de novo." | "Message sent again.";
        link_sent: "Se houver uma confirmação pendente para este e-mail, o link está a caminho."
            | "If a confirmation is pending for this email, the link is on its way.";
        ended: "Sua sessão terminou. Entre de novo para continuar." | "Your session has ended. Sign in again to continue.";
        profile_saved: "Perfil atualizado com sucesso." | "Profile updated.";
        phone_proved: "Telefone confirmado." | "Phone confirmed.";
        document_saved: "Documento salvo." | "Document saved.";
        profile_complete: "Cadastro completo com sucesso." | "Your sign-up is complete.";
        email_disowned: "Pronto: o endereço foi retirado do cadastro." | "Done: the address was taken out of the sign-up.";
    }

    /// The page for an unknown path.
    pub struct NotFoundTexts {
        title: "Página não encontrada" | "Page not found";
        heading: "Esta porta não existe" | "There is no such door";
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

/// What a page says above its content because of what was done before (`?notice=`). A stranger may make such an address, so it names one
/// of these and holds no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
#[expect(missing_docs, reason = "its sentence says what each is for: `Texts::notice`")]
pub enum PageNotice {
    Verified,
    SignedOut,
    Resent,
    LinkSent,
    Ended,
    ProfileSaved,
    PhoneProved,
    DocumentSaved,
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
    /// Returns the notice with this name, if there is one.
    pub fn parse(name: &str) -> Option<Self> {
        name.parse().ok()
    }

    /// Returns the address of a page that shows the notice.
    pub fn at(self, path: &str) -> String {
        let name: &str = self.into();
        let before = if path.contains('?') { '&' } else { '?' };
        format!("{path}{before}notice={name}")
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
            PageNotice::LinkSent => notices.link_sent,
            PageNotice::Ended => notices.ended,
            PageNotice::ProfileSaved => notices.profile_saved,
            PageNotice::PhoneProved => notices.phone_proved,
            PageNotice::DocumentSaved => notices.document_saved,
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
    fn a_notice_is_named_in_an_address_and_nothing_else_is_shown() {
        for notice in PageNotice::VARIANTS {
            let name: &str = notice.into();
            assert_eq!(PageNotice::parse(name), Some(*notice));
            assert_eq!(notice.at("/login"), format!("/login?notice={name}"));
        }
        assert_eq!(PageNotice::Resent.at("/register/client?signup=1"), "/register/client?signup=1&notice=resent");
        for other in ["", "Ended", "ended ", "<b>", "unknown"] {
            assert_eq!(PageNotice::parse(other), None, "{other}");
        }
    }
}
