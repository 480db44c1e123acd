use crate::access::Access;

pub(super) const ACCESS: Access = Access {
    step_up: "Confirme que é você",
    step_up_password: "Faz algum tempo que você entrou. Digite sua senha e continue: o que você preencheu está guardado.",
    step_up_code: "Faz algum tempo que você entrou. Enviamos um código para {destination}: digite-o e continue. O que você preencheu está guardado.",
    step_up_code_waiting: "Faz algum tempo que você entrou. Digite o código que enviamos e continue. O que você preencheu está guardado.",
    step_up_code_label: "Código de confirmação",
    add_email: "Adicionar e-mail",
    change_email: "Trocar e-mail",
    email_lead: "Enviamos um código ao novo endereço. O e-mail só muda depois que você confirmar.",
    email_submit: "Enviar código",
    email_code_sent: "Enviamos um código para {destination}. Se ele não chegar, confira o endereço.",
    email_code_entry: "Digite o código que enviamos por e-mail.",
    other_email: "Usar outro endereço",
    email_proved: "E-mail confirmado.",
    suspended: "Sem uso desde que a senha foi recuperada por outro contato: confirme de novo para entrar e recuperar a senha por ele.",
    confirm_again: "Confirmar de novo",
    create_password: "Com uma senha você entra também sem esperar por um código.",
    create_password_submit: "Criar senha",
    held_elsewhere: "Este contato já está confirmado em outra conta e não foi tirado dela. Se a outra conta também é sua, entre nela.",
    enter_by_code: "Entrar com um código, sem senha",
};
