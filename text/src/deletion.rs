//! Deleting an account, and taking it back.

catalogue! {
    /// The sentences.
    pub struct DeletionTexts {
        block_heading: "Bloquear minha conta agora" | "Block my account now";
        block_lead:
            "Se alguém entrou na sua conta, bloqueie: encerramos todas as sessões, e ninguém entra até você criar outra senha. Enviamos aos seus contatos o link para isso."
            | "If somebody is in your account, block it: we end all sessions, and nobody can sign in until you set another password. We send the link for that to your contacts.";
        block_submit: "Bloquear minha conta agora" | "Block my account now";
        /// What the API answers, and the page afterwards.
        blocked:
            "Bloqueamos sua conta e encerramos todas as sessões. Para desbloquear, crie outra senha pelo link que enviamos aos seus contatos ou recupere a senha."
            | "We blocked your account and ended all sessions. To unblock it, set another password with the link that we sent to your contacts, or recover the password.";
        /// The refusal of a right sign-in.
        blocked_refused: "Esta conta está bloqueada a pedido do dono. Para desbloquear, crie outra senha pelo link que enviamos aos contatos, ou recupere a senha"
            | "This account is blocked by its owner. To unblock it, set another password by the link that we sent to its contacts, or recover the password";
        heading: "Excluir conta" | "Delete the account";
        lead:
            "Todas as suas sessões terminam agora. Por 14 dias ninguém entra, e você pode desfazer: pelo link que enviamos a cada contato confirmado, ou entrando."
            | "All your sessions end now. For 14 days nobody signs in, and you can undo it: by the link that we send to each confirmed contact, or by signing in.";
        then:
            "Depois, tudo é apagado: cadastro, foto, sessões e mensagens. Seu e-mail, telefone, usuário e documentos ficam livres. Do registro de acessos sobra só o que a lei manda guardar, sem você."
            | "Then everything is erased: profile, photo, sessions and messages. Your email, phone, user name and documents become free. Of the record of accesses only what the law demands stays, without you.";
        submit: "Excluir conta" | "Delete the account";
        /// What the API answers, and the page afterwards.
        asked: "Sua conta será excluída em 14 dias. Enviamos a cada contato confirmado um link para desfazer."
            | "Your account will be deleted in 14 days. We sent a link to undo it to each confirmed contact.";
        pending(at): "Esta conta será excluída em {at}." | "This account will be deleted on {at}.";
        /// The refusal of a sign-in.
        refused(at): "Esta conta será excluída em {at}. Para continuar com ela, desfaça a exclusão"
            | "This account will be deleted on {at}. To go on with it, undo the deletion";
        undo_title: "Desfazer a exclusão" | "Undo the deletion";
        undo_lead: "Se você desfizer, ela continua como estava, e você entra de novo quando quiser."
            | "If you undo it, the account stays as it was, and you sign in again whenever you like.";
        undo_submit: "Desfazer a exclusão" | "Undo the deletion";
        undone: "Pronto: sua conta continua. Entre quando quiser." | "Done: your account stays. Sign in whenever you like.";
        undo_gone: "Este link não desfaz nada: ele já foi usado, ou a conta já foi excluída." | "This link undoes nothing: it was used already, or the account has been deleted.";
        choice_title: "Sua conta está para ser excluída" | "Your account is about to be deleted";
        choice_lead: "Para continuar com ela, desfaça a exclusão." | "To keep it, undo the deletion.";
        choice_leave: "Deixar como está e sair" | "Leave it as it is and sign out";
        choice_submit: "Desfazer a exclusão e entrar" | "Undo the deletion and sign in";
    }
}
