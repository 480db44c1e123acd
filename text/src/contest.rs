//! Contesting a document: its pages, and what the API says.

catalogue! {
    /// The sentences.
    pub struct ContestTexts {
        title: "Contestar um documento" | "Contest a document";
        lead:
            "Seu CPF ou CNPJ está em uma conta que não é sua? Informe o documento e um e-mail ou celular seu. Se o documento estiver em uma conta, avisamos quem a usa; sem resposta em 7 dias, o documento sai dela e avisamos você."
            | "Is your CPF or CNPJ in an account that is not yours? Give the document and an email address or mobile of yours. If the document is in an account, we tell who uses it; without an answer within 7 days the document leaves it and we tell you.";
        contact_label: "Seu e-mail ou celular" | "Your email address or mobile";
        contact_hint: "Enviamos um código de confirmação e, no fim, o resultado. Celular com DDD."
            | "We send a code to confirm it and, in the end, how it came out. A mobile with its area code (DDD).";
        submit: "Enviar código" | "Send the code";
        code_heading: "Confirme que o contato é seu" | "Confirm that the contact is yours";
        code_sent(destination): "Enviamos um código para {destination}." | "We sent a code to {destination}.";
        code_submit: "Contestar" | "Contest";
        start_over: "Outro documento ou contato" | "Another document or contact";
        /// What the API answers when the code is on its way.
        sent: "Enviamos um código ao contato informado." | "We sent a code to the given contact.";
        /// After the contact is proved. The same whether or not an account has the document.
        begun: "Recebemos sua contestação. Se o documento sair da conta em que está, avisaremos por este contato em 7 dias."
            | "We have your contest. If the document leaves the account that it is in, we will tell you at this contact in 7 days.";
        /// The same on its page: heading and text.
        begun_heading: "Recebemos sua contestação" | "We have your contest";
        begun_lead: "Se o documento sair da conta em que está, avisaremos por este contato em 7 dias."
            | "If the document leaves the account that it is in, we will tell you at this contact in 7 days.";
        /// Link to this page, beside the error that a document is taken.
        offer: "O documento é seu? Conteste" | "Is the document yours? Contest it";
        /// For API clients, which have no link to follow.
        taken_offer: "Se o documento é seu e a conta não, conteste em /contest."
            | "If the document is yours and the account is not, contest it at /contest.";
        /// "Este documento é meu": title and heading.
        mine_title: "Este documento é meu" | "This document is mine";
        mine_lead:
            "Alguém diz que o CPF ou CNPJ da sua conta é de outra pessoa. Ao confirmar que é seu, a contestação termina e ele continua na sua conta."
            | "Somebody says that the CPF or CNPJ in your account is another person's. When you confirm that it is yours, the contest ends and it stays in your account.";
        mine_submit: "Este documento é meu" | "This document is mine";
        mine_done: "Pronto: a contestação terminou e o documento continua na sua conta."
            | "Done: the contest has ended and the document stays in your account.";
    }
}
