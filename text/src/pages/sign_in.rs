//! Signing in, and a new password.

catalogue! {
    /// Signing in, by password or by code.
    pub struct LoginTexts {
        title: "Entrar" | "Sign in";
        heading: "Entrar" | "Sign in";
        remember: "Lembrar-me" | "Remember me";
        submit: "Entrar" | "Sign in";
        by_code: "Entrar com um código por celular" | "Sign in with a code to your phone";
        by_password: "Entrar com senha" | "Sign in with a password";
        code_heading: "Entrar com um código" | "Sign in with a code";
        code_lead: "Informe o celular da sua conta. Enviamos um código para você entrar."
            | "Enter the phone of your account. We send a code to sign in with.";
        code_submit: "Receber código" | "Get code";
        /// The same whether or not there is an account.
        code_sent(destination): "Se houver uma conta com {destination}, o código está a caminho."
            | "If there is an account with {destination}, the code is on its way.";
        code_entry: "Digite o código que enviamos ao seu celular." | "Enter the code we sent to your phone.";
        other_phone: "Usar outro número" | "Use another number";
        resend: "Enviar de novo" | "Send again";
        no_account: "Ainda não tem conta?" | "No account yet?";
        create: "Criar conta" | "Create account";
        resend_verification: "Receber outro link de confirmação" | "Get another confirmation link";
        already: "Você já entrou." | "You are signed in.";
        /// 003, word for word.
        forgot: "Esqueci minha senha" | "I forgot my password";
        /// 002, word for word.
        recover: "Recuperar senha" | "Recover password";
    }

    /// A new password: 002 and 003.
    pub struct RecoveryTexts {
        title: "Recuperar senha" | "Recover password";
        heading: "Recuperar senha" | "Recover password";
        lead: "Informe o CPF ou o CNPJ da sua conta. Enviamos um código aos contatos que você confirmou."
            | "Enter the CPF or CNPJ of your account. We send a code to the contacts you have confirmed.";
        document_hint: "Com ou sem pontuação. O novo CNPJ, com letras, também vale."
            | "With or without punctuation. The new CNPJ with letters works too.";
        submit: "Receber código" | "Get code";
        code_heading: "Confirme que é você" | "Confirm that it is you";
        code_sent(destinations): "Enviamos um código de 6 números para {destinations}." | "We sent a code of 6 digits to {destinations}.";
        code_entry: "Digite o código que enviamos aos seus contatos confirmados." | "Enter the code we sent to your confirmed contacts.";
        /// 002, word for word.
        code_label: "Código de Verificação" | "Verification code";
        code_submit: "Verificar código" | "Check code";
        other_document: "Usar outro CPF ou CNPJ" | "Use another CPF or CNPJ";
        /// Between two contacts.
        and: " e " | " and ";
        channel_legend: "Por onde você quer receber o código?" | "How do you want to get the code?";
        channel_any: "Por todos os meus contatos confirmados" | "By all my confirmed contacts";
        channel_email: "Por e-mail" | "By e-mail";
        channel_whatsapp: "Por WhatsApp" | "By WhatsApp";
        new_heading: "Crie uma nova senha" | "Create a new password";
        new_lead: "Você sai da conta em todos os aparelhos e entra com a nova senha."
            | "You are signed out on every device and sign in with the new password.";
        /// 002, word for word.
        new_label: "Nova Senha" | "New password";
        /// 002, word for word.
        confirmation_label: "Confirme a Nova Senha" | "Confirm the new password";
        new_submit: "Alterar senha" | "Change password";
        start_over: "Pedir um novo código" | "Ask for a new code";
        by_email: "Receber um link por e-mail" | "Get a link by email";
        by_document: "Recuperar com CPF ou CNPJ" | "Recover with CPF or CNPJ";
        forgot_title: "Esqueci minha senha" | "I forgot my password";
        forgot_lead:
            "Informe o e-mail da sua conta. Se ele estiver confirmado, enviamos um link para criar uma nova senha. A mensagem diz por quanto tempo o link vale."
            | "Enter the email of your account. If it is confirmed, we send a link to create a new password. The message says how long the link is good for.";
        forgot_submit: "Enviar link" | "Send link";
        ask_another: "Receber outro link" | "Get another link";
        to_sign_in: "Voltar para entrar" | "Back to sign in";
    }
}
