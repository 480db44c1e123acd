//! Around every page, and the pages that say that there is none.

use crate::Texts;

catalogue! {
    /// Around every page.
    pub struct FrameTexts {
        skip: "Ir para o conteúdo" | "Skip to content";
        tagline(brand): "{brand}, página inicial" | "{brand}, home page";
        nav: "Sua conta" | "Your account";
        sign_in: "Entrar" | "Sign in";
        profile: "Meu Perfil" | "My profile";
        dashboard: "Painel" | "Dashboard";
        sign_out: "Sair" | "Sign out";
        privacy: "Seus documentos e seu telefone ficam cifrados e só aparecem mascarados."
            | "Your documents and phone are encrypted and only ever shown masked.";
        terms: "Termos e privacidade" | "Terms and privacy";
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

impl Texts {
    /// Returns the notice for a code in the URL. Only fixed codes are known, so a stranger cannot put text into a page.
    pub fn notice(&self, code: &str) -> Option<&'static str> {
        let notices = &self.pages.notices;
        match code {
            "verified" => Some(notices.verified),
            "signed_out" => Some(notices.signed_out),
            "resent" => Some(notices.resent),
            "link_sent" => Some(notices.link_sent),
            "ended" => Some(notices.ended),
            "profile_saved" => Some(notices.profile_saved),
            "phone_proved" => Some(notices.phone_proved),
            "document_saved" => Some(notices.document_saved),
            "email_proved" => Some(self.access.email_proved),
            "password_set" => Some(self.api.password_set),
            "profile_complete" => Some(notices.profile_complete),
            "email_disowned" => Some(notices.email_disowned),
            // 002 message 1; 003.
            "password_changed" => Some(self.api.password_changed),
            "reset_link_sent" => Some(self.api.reset_link_sent),
            "contest_begun" => Some(self.contest.begun),
            "document_kept" => Some(self.contest.mine_done),
            _ => None,
        }
    }
}
