//! The pages that links of messages lead to.

catalogue! {
    /// A link that proves an address, and a sign-up carried from another device.
    pub struct LinkPageTexts {
        verify_title: "Confirmar e-mail" | "Confirm email";
        verify_heading: "Confirme seu e-mail" | "Confirm your email";
        /// The address is masked.
        verify_about(email, kind): "O endereço {email} foi usado para abrir uma conta de {kind}. Confirme só se foi você que pediu."
            | "The address {email} was used to open an account ({kind}). Confirm only if you asked for it.";
        /// The same where the account has a phone, masked as well.
        verify_about_phone(email, kind, phone):
            "O endereço {email} foi informado por uma conta de {kind} com o telefone {phone}. Confirme só se essa conta é sua."
            | "The address {email} was given by an account ({kind}) with the phone {phone}. Confirm only if that account is yours.";
        verify_has_password: "Uma senha foi definida no cadastro. Se não foi você que a escolheu, crie outra agora."
            | "A password was set at sign-up. If it was not you who chose it, set another now.";
        verify_submit: "Confirmar" | "Confirm";
        verify_new_password: "Confirmar e criar outra senha" | "Confirm and set another password";
        /// Above the new password: the address is proved, the old password is out of force.
        verify_new_password_lead: "E-mail confirmado. A senha definida no cadastro não vale mais: crie a sua."
            | "Email confirmed. The password set at sign-up no longer works: set your own.";
        verify_not_me_title: "Não foi você?" | "Wasn't you?";
        verify_not_me_lead: "Retiramos este endereço do cadastro. Quem o usou não poderá entrar com ele."
            | "We take this address out of the sign-up. Whoever used it will not be able to sign in with it.";
        verify_not_me_submit: "Não fui eu" | "It was not me";
        unknown_heading: "Link inválido" | "Invalid link";
        lapsed_heading: "Link expirado" | "Link expired";
        ask_another: "Receber outro link" | "Get another link";
        resend_title: "Receber outro link" | "Get another link";
        resend_heading: "Receber outro link de confirmação" | "Get another confirmation link";
        resend_lead: "Informe o e-mail do seu cadastro. Se houver uma confirmação pendente, enviamos outro link."
            | "Enter the email you signed up with. If a confirmation is pending, we send another link.";
        resend_submit: "Enviar link" | "Send link";
        continue_title: "Continuar neste aparelho" | "Continue on this device";
        continue_heading: "Continuar o cadastro aqui?" | "Continue the sign-up here?";
        continue_lead: "Este link traz um cadastro iniciado em outro aparelho. Continue somente se foi você quem o criou."
            | "This link brings a sign-up that was begun on another device. Continue only if you created it yourself.";
        continue_submit: "Continuar neste aparelho" | "Continue on this device";
        missing_heading: "Link incompleto" | "Incomplete link";
        continue_missing: "Este link está incompleto. Copie-o inteiro ou crie outro no aparelho em que começou."
            | "This link is incomplete. Copy all of it, or create another on the device you started on.";
        /// After a link that was used, or is too old.
        continue_gone: "Crie outro link no aparelho em que você começou." | "Create another link on the device you started on.";
    }

    /// "Não fui eu".
    pub struct NotMeTexts {
        title: "Não fui eu" | "It was not me";
        heading: "Não foi você?" | "Wasn't you?";
        lead:
            "Ao confirmar, encerramos todas as sessões e desfazemos o que mudou desde o primeiro aviso: a senha, os contatos e os documentos novos deixam de valer. Em seguida, você cria outra senha."
            | "When you confirm, we end all sessions and undo what has changed since the first notice: the new password, contacts and documents stop working. Then you set another password.";
        submit: "Não fui eu: proteger minha conta" | "It was not me: protect my account";
        done: "Pronto: todas as sessões foram encerradas, e o que mudou desde o primeiro aviso não vale mais."
            | "Done: all sessions have ended, and what changed since the first notice works no more.";
        /// The same of a sign-in from a new device.
        access_heading: "Não reconhece este acesso?" | "Do you not recognise this sign-in?";
        access_lead: "Ao confirmar, protegemos sua conta:" | "When you confirm, we protect your account:";
        access_sessions: "Encerramos todas as sessões, em todos os aparelhos." | "We end all sessions, on every device.";
        access_password: "A senha atual deixa de valer. Em seguida, você cria outra." | "The current password stops working. Then you set another one.";
        access_contacts: "Contatos e documentos ficam na conta. Qualquer outro contato só volta a servir para entrar depois de confirmado de novo."
            | "Contacts and documents stay in the account. Any other contact lets you in only once it is confirmed again.";
        access_change: "Se recebeu também o aviso de uma mudança que não fez, use o link daquele aviso."
            | "If you also got the notice of a change that you did not make, use the link in that notice.";
        access_done: "Pronto: todas as sessões foram encerradas, e a senha anterior não vale mais. Nenhum contato ou documento saiu da conta."
            | "Done: all sessions have ended, and the former password works no more. No contact or document has left the account.";
    }
}
