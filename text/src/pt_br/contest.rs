//! A contestação de um documento.

use crate::contest::ContestTexts;

pub(super) const CONTEST: ContestTexts = ContestTexts {
    title: "Contestar um documento",
    lead: "Seu CPF ou CNPJ está em uma conta que não é sua? Informe o documento e um e-mail ou celular seu. Se o documento estiver em uma conta, avisamos quem a usa; sem resposta em 7 dias, o documento sai dela e avisamos você.",
    document_hint: "CPF ou CNPJ, com ou sem pontuação.",
    contact_label: "Seu e-mail ou celular",
    contact_hint: "Enviamos um código de confirmação e, no fim, o resultado. Celular com DDD.",
    submit: "Enviar código",
    code_heading: "Confirme que o contato é seu",
    code_sent: "Enviamos um código para {destination}.",
    code_label: "Código de Verificação",
    code_submit: "Contestar",
    again: "Enviar novamente",
    start_over: "Outro documento ou contato",
    sent: "Enviamos um código ao contato informado.",
    begun: "Recebemos sua contestação. Se o documento sair da conta em que está, avisaremos por este contato em 7 dias.",
    offer: "O documento é seu? Conteste",
    taken_offer: "Se o documento é seu e a conta não, conteste em /contest.",
    mine_title: "Este documento é meu",
    mine_lead: "Alguém diz que o CPF ou CNPJ da sua conta é de outra pessoa. Ao confirmar que é seu, a contestação termina e ele continua na sua conta.",
    mine_submit: "Este documento é meu",
    mine_done: "Pronto: a contestação terminou e o documento continua na sua conta.",
};
