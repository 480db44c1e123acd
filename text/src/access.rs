//! Re-authentication, changing the e-mail, suspended contacts.

catalogue! {
    /// The sentences.
    pub struct Access {
        step_up: "Confirme que é você" | "Confirm that it is you";
        step_up_password: "Faz algum tempo que você entrou. Digite sua senha e continue."
            | "It is a while since you signed in. Enter your password and go on.";
        step_up_code: "Faz algum tempo que você entrou. Digite o código que enviamos e continue."
            | "It is a while since you signed in. Enter the code that we sent and go on.";
        /// After either, where something was filled in that comes back.
        step_up_kept: "O que você preencheu está guardado." | "What you filled in is kept.";
        /// Before the form of a first password.
        confirm_first: "Antes, confirme que é você com um código." | "First, confirm that it is you by a code.";
        confirmed: "Confirmamos que é você." | "We have confirmed that it is you.";
        step_up_failed(channel): "Não conseguimos entregar o código por {channel}. Peça de novo abaixo."
            | "We could not deliver the code by {channel}. Ask for it again below.";
        step_up_code_label: "Código de confirmação" | "Confirmation code";
        add_email: "Adicionar e-mail" | "Add an email";
        change_email: "Trocar e-mail" | "Change the email";
        email_lead: "Enviamos um código ao novo endereço. O e-mail só muda depois que você confirmar."
            | "We send a code to the new address. The email changes only once you confirm it.";
        confirm_email_lead: "Enviamos um código para confirmar que o e-mail é seu." | "We send a code to confirm that the email is yours.";
        confirm_phone_lead: "Enviamos um código para confirmar que o celular é seu." | "We send a code to confirm that the mobile is yours.";
        email_submit: "Enviar código" | "Send the code";
        /// After where it went.
        email_check: "Se ele não chegar, confira o endereço." | "If it does not arrive, check the address.";
        other_email: "Usar outro e-mail" | "Use another email";
        email_proved: "E-mail confirmado." | "Email confirmed.";
        suspended: "Sem uso desde que a senha foi recuperada por outro contato: confirme de novo para entrar e recuperar a senha por ele."
            | "Out of use since the password was recovered by another contact: confirm it again to sign in and recover by it.";
        create_password: "Com uma senha você entra também sem esperar por um código."
            | "With a password you also sign in without waiting for a code.";
        create_password_submit: "Criar senha" | "Set the password";
        held_elsewhere: "Este contato já está confirmado em outra conta e não foi tirado dela. Se a outra conta também é sua, entre nela."
            | "This contact is confirmed on another account by now and was not taken from it. If that account is yours too, sign in to it.";
        enter_by_code: "Entrar com um código, sem senha" | "Sign in with a code, without a password";
    }
}
