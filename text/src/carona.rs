//! What the Via Carona contract says (004): the document's messages, and those that it leaves open.

catalogue! {
    /// The sentences. Those of the document stand word for word in Portuguese.
    pub struct Carona {
        registered: "Cadastro realizado com sucesso" | "Registered";
        registered_detail: "Usuário registrado com sucesso. Código de verificação enviado para o email."
            | "Registered. A verification code was sent to the email address.";
        email_verified: "Email verificado" | "Email address verified";
        email_verified_detail: "Email verificado com sucesso!" | "Email address verified!";
        code_sent_if_waiting: "Se houver um cadastro aguardando confirmação neste email, o código foi enviado."
            | "If a sign-up is waiting on this email address, the code was sent.";
        completed: "Cadastro completo com sucesso" | "Sign-up complete";
        signed_in: "Login realizado com sucesso" | "Signed in";
        /// `AUTH_001`.
        not_verified: "Email não verificado" | "Email address not verified";
        /// `AUTH_002`.
        bad_credentials: "Credenciais inválidas" | "Wrong credentials";
        /// `AUTH_003`.
        token_failed: "Erro ao gerar token" | "The token could not be made";
        /// `AUTH_004`.
        token_invalid: "Token inválido/expirado" | "Invalid or expired token";
        /// `USER_001`.
        email_taken: "Email já em uso" | "Email address already in use";
        /// `USER_002`.
        username_taken: "Username já em uso" | "User name already in use";
        /// `USER_003`.
        phone_taken: "Telefone já em uso" | "Phone already in use";
        /// `USER_004`.
        cpf_taken: "CPF já em uso" | "CPF already in use";
        /// `VALIDATION_001`.
        date_shape: "Formato de data inválido" | "Wrong date format";
        /// `VALIDATION_ERROR`.
        invalid: "Erro de validação nos campos" | "Check the fields";
        /// `VERIFICATION_001`.
        code_wrong: "Código inválido" | "Wrong code";
        /// `VERIFICATION_002`.
        code_expired: "Código expirado" | "Expired code";
        /// `VERIFICATION_003`.
        send_failed: "Erro ao enviar email" | "The email could not be sent";
        /// What is wrong with a multipart body as a whole.
        form: FormTexts;
    }

    /// What is wrong with a multipart body as a whole.
    pub struct FormTexts {
        media_type: "Envie o formulário como multipart/form-data" | "Send the form as multipart/form-data";
        no_boundary: "Falta o boundary no Content-Type do formulário" | "The Content-Type of the form has no boundary";
        unnamed: "Há uma parte sem nome no formulário" | "A part of the form has no name";
        twice(field): "O campo {field} veio mais de uma vez" | "The field {field} came more than once";
        incomplete: "O formulário chegou incompleto. Envie de novo" | "The form arrived incomplete. Send it again";
        too_slow: "O envio demorou demais. Envie de novo" | "The form took too long to arrive. Send it again";
    }
}
