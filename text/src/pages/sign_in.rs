//! Signing in, and a new password.

catalogue! {
    /// Signing in, by password or by code.
    pub struct LoginTexts {
        title: "Entrar" | "Sign in";
        heading: "Entrar" | "Sign in";
        remember: "Lembrar-me" | "Remember me";
        submit: "Entrar" | "Sign in";
        by_code: "Entrar com código no celular" | "Sign in with a code to your phone";
        by_password: "Entrar com senha" | "Sign in with a password";
        code_heading: "Entrar com um código" | "Sign in with a code";
        code_lead: "Informe o celular da sua conta. Enviamos um código para você entrar."
            | "Enter the phone of your account. We send a code to sign in with.";
        code_submit: "Receber código" | "Get code";
        /// The same whether or not there is an account.
        code_sent(destination, channel): "Se houver uma conta com {destination}, o código está a caminho por {channel}."
            | "If there is an account with {destination}, the code is on its way by {channel}.";
        other_phone: "Usar outro número" | "Use another number";
        resend: "Enviar de novo" | "Send again";
        no_account: "Ainda não tem conta?" | "No account yet?";
        create: "Criar conta" | "Create account";
        already_title: "Você já entrou" | "You are signed in";
        already(name): "Você entrou como {name}." | "You are signed in as {name}.";
        other_account: "Entrar com outra conta" | "Sign in with another account";
        /// 003, word for word.
        forgot: "Esqueci minha senha" | "I forgot my password";
        /// Beside it: how that goes.
        forgot_how: "(link por e-mail)" | "(link by email)";
        /// 002, word for word.
        recover: "Recuperar senha" | "Recover password";
        recover_how: "(código com CPF ou CNPJ)" | "(code with CPF or CNPJ)";
        cannot: "Não consigo entrar" | "I cannot sign in";
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
        code_sent(ways): "Enviamos um código de 6 dígitos {ways}." | "We sent a code of 6 digits {ways}.";
        /// One of the ways.
        code_way(channel, destination): "por {channel} para {destination}" | "by {channel} to {destination}";
        code_entry: "Digite o código que enviamos aos seus contatos confirmados." | "Enter the code we sent to your confirmed contacts.";
        /// 002, word for word.
        code_label: "Código de Verificação" | "Verification code";
        code_submit: "Verificar código" | "Check code";
        other_document: "Usar outro CPF ou CNPJ" | "Use another CPF or CNPJ";
        /// Between two contacts.
        and: " e " | " and ";
        channel_legend: "Como você quer receber o código?" | "How do you want to get the code?";
        channel_any: "Em todos os meus contatos confirmados" | "At all my confirmed contacts";
        channel_email: "Por e-mail" | "By email";
        channel_whatsapp: "Por WhatsApp" | "By WhatsApp";
        new_heading: "Crie uma nova senha" | "Create a new password";
        new_lead: "Ao salvar, você sai de todos os aparelhos. Depois, entre com a nova senha."
            | "When you save it, you are signed out on every device. Then sign in with the new password.";
        /// 002, word for word.
        new_label: "Nova Senha" | "New password";
        /// 002, word for word.
        confirmation_label: "Confirme a Nova Senha" | "Confirm the new password";
        new_submit: "Salvar nova senha" | "Save new password";
        start_over: "Pedir um novo código" | "Ask for a new code";
        by_email: "Receber um link por e-mail" | "Get a link by email";
        by_document: "Recuperar com CPF ou CNPJ" | "Recover with CPF or CNPJ";
        forgot_title: "Esqueci minha senha" | "I forgot my password";
        forgot_lead(time):
            "Informe o e-mail da sua conta. Se ele estiver confirmado, enviamos um link para criar uma nova senha. O link vale por {time}."
            | "Enter the email of your account. If it is confirmed, we send a link to create a new password. The link is good for {time}.";
        forgot_submit: "Enviar link" | "Send link";
        ask_another: "Receber outro link" | "Get another link";
        to_sign_in: "Voltar ao login" | "Back to sign in";
    }
}

catalogue! {
    /// "Não consigo entrar": every way back in, each with what it needs.
    pub struct SignInHelpTexts {
        title: "Não consigo entrar" | "I cannot sign in";
        lead: "Escolha a sua situação."
            | "Choose what fits.";
        forgot_title: "Esqueci a senha, mas tenho acesso ao e-mail" | "I forgot the password, but have access to the email";
        forgot(time): "Enviamos ao e-mail confirmado um link para criar uma nova senha. O link vale por {time}."
            | "We send a link to set a new password to the confirmed email. The link is good for {time}.";
        recover_title: "Esqueci a senha, mas tenho o CPF ou o CNPJ da conta" | "I forgot the password, but have the account's CPF or CNPJ";
        recover: "Enviamos um código de 6 dígitos aos seus contatos confirmados, por e-mail ou WhatsApp."
            | "We send a code of 6 digits to your confirmed contacts, by email or WhatsApp.";
        code_title: "Não tenho senha, ou quero entrar sem ela" | "I have no password, or want to sign in without it";
        code: "Enviamos um código ao celular confirmado na conta." | "We send a code to the phone confirmed on the account.";
        unverified_title: "Ainda não confirmei meu e-mail" | "I have not confirmed my email yet";
        unverified: "Enviamos o link de confirmação de novo." | "We send the confirmation link again.";
        taken_title: "Meu CPF ou CNPJ está em uma conta que não é minha" | "My CPF or CNPJ is in an account that is not mine";
        taken: "Você contesta o documento com um e-mail ou celular seu." | "You contest the document with an email or mobile of yours.";
        locked_title: "O acesso está bloqueado depois de várias tentativas" | "Signing in is locked after several attempts";
        locked: "O acesso volta sozinho em alguns minutos. Para entrar agora, crie uma nova senha."
            | "You can sign in again in a few minutes. To sign in now, set a new password.";
    }
}
