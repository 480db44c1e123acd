//! The sentences of the JSON contracts: for success, and in addition to a refusal.

catalogue! {
    /// The sentences.
    pub struct Api {
        /// 001 and 003: registered.
        check_email: "Verifique seu email para ativar sua conta" | "Check your email to activate your account";
        /// 000: registered, the code is on its way.
        code_sent: "Enviamos um código de confirmação para o seu telefone." | "We sent a confirmation code to your phone.";
        /// 000: asked to send again.
        code_sent_if_waiting: "Se houver um cadastro aguardando confirmação neste telefone, o código foi enviado."
            | "If a sign-up is waiting on this phone, the code was sent.";
        /// Asked for a sign-in code.
        login_code_sent: "Se houver uma conta com este telefone, enviamos um código de acesso."
            | "If there is an account with this phone, we sent a sign-in code.";
        /// 001: asked to send the link again.
        link_sent_if_waiting: "Se houver um cadastro aguardando confirmação neste e-mail, enviamos o link novamente."
            | "If a sign-up is waiting on this email address, we sent the link again.";
        /// 003: the link was right.
        email_proved: "E-mail verificado com sucesso. Você já pode entrar." | "Email address proved. You can sign in now.";
        /// For 003.
        signed_out: "Você saiu da sua conta." | "You are signed out.";
        /// 002: the code is on its way; the same when nothing was sent.
        recovery_sent: "Se houver um cadastro com este CPF/CNPJ, enviamos um código de verificação aos contatos confirmados."
            | "If this CPF/CNPJ is registered, we sent a verification code to its confirmed contacts.";
        /// 003: asked for a reset link; the same whether or not the address is known.
        reset_link_sent: "Se houver uma conta com este e-mail, enviamos um link para redefinir a senha."
            | "If there is an account with this email address, we sent a link to set a new password.";
        reauthenticated: "Confirmamos que é você." | "We confirmed that it is you.";
        reauthentication_sent: "Enviamos um código de confirmação a um contato da sua conta."
            | "We sent a confirmation code to a contact of your account.";
        /// A code to a new e-mail is on its way; the same when another account has it.
        email_code_sent: "Enviamos um código de confirmação para o e-mail." | "We sent a confirmation code to the email.";
        password_set: "Senha criada com sucesso!" | "Password set!";
        terms_accepted: "Termos aceitos." | "Terms accepted.";
        session_ended: "Sessão encerrada." | "Session ended.";
        other_sessions_ended: "As outras sessões foram encerradas." | "The other sessions have ended.";
        /// 002 message 1, word for word; 003 as well.
        password_changed: "Senha alterada com sucesso!" | "Password changed!";
        /// 003/EX01: what to do about a taken address or phone.
        taken_offer: "Entre na sua conta ou, se esqueceu a senha, recupere o acesso."
            | "Sign in or, if you forgot the password, recover your access.";
    }
}
