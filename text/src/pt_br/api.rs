//! O que os contratos JSON dizem.

use crate::api::Api;

pub(super) const API: Api = Api {
    check_email: "Verifique seu email para ativar sua conta",
    code_sent: "Enviamos um código de confirmação para o seu telefone.",
    code_sent_if_waiting: "Se houver um cadastro aguardando confirmação neste telefone, o código foi enviado.",
    login_code_sent: "Se houver uma conta com este telefone, enviamos um código de acesso.",
    link_sent_if_waiting: "Se houver um cadastro aguardando confirmação neste e-mail, enviamos o link novamente.",
    email_proved: "E-mail verificado com sucesso. Você já pode entrar.",
    signed_out: "Você saiu da sua conta.",
    recovery_sent: "Se houver um cadastro com este CPF/CNPJ, enviamos um código de verificação aos contatos confirmados.",
    reset_link_sent: "Se houver uma conta com este e-mail, enviamos um link para redefinir a senha.",
    reauthenticated: "Confirmamos que é você.",
    reauthentication_sent: "Enviamos um código de confirmação a um contato da sua conta.",
    email_code_sent: "Enviamos um código de confirmação para o e-mail.",
    password_set: "Senha criada com sucesso!",
    session_ended: "Sessão encerrada.",
    other_sessions_ended: "As outras sessões foram encerradas.",
    password_changed: "Senha alterada com sucesso!",
    taken_offer: "Entre na sua conta ou, se esqueceu a senha, recupere o acesso.",
};
