//! O que diz o contrato da Via Carona (004).

use crate::carona::{Carona, FormTexts};

pub(super) const CARONA: Carona = Carona {
    registered: "Cadastro realizado com sucesso",
    registered_detail: "Usuário registrado com sucesso. Código de verificação enviado para o email.",
    email_verified: "Email verificado",
    email_verified_detail: "Email verificado com sucesso!",
    code_sent_if_waiting: "Se houver um cadastro aguardando confirmação neste email, o código foi enviado.",
    completed: "Cadastro completo com sucesso",
    signed_in: "Login realizado com sucesso",
    not_verified: "Email não verificado",
    bad_credentials: "Credenciais inválidas",
    token_failed: "Erro ao gerar token",
    token_invalid: "Token inválido/expirado",
    email_taken: "Email já em uso",
    username_taken: "Username já em uso",
    phone_taken: "Telefone já em uso",
    cpf_taken: "CPF já em uso",
    date_shape: "Formato de data inválido",
    invalid: "Erro de validação nos campos",
    code_wrong: "Código inválido",
    code_expired: "Código expirado",
    send_failed: "Erro ao enviar email",
    form: FormTexts {
        media_type: "Envie o formulário como multipart/form-data",
        no_boundary: "Falta o boundary no Content-Type do formulário",
        unnamed: "Há uma parte sem nome no formulário",
        twice: "O campo {field} veio mais de uma vez",
        incomplete: "O formulário chegou incompleto. Envie de novo",
        too_slow: "O envio demorou demais. Envie de novo",
    },
};
