//! A sign-up, step by step.

use crate::Texts;
use portaria::journey::Step;

catalogue! {
    /// The choice of a kind, and the sign-ups that wait.
    pub struct RegisterTexts {
        title: "Criar conta" | "Create account";
        heading: "Que tipo de conta você quer criar?" | "Which kind of account do you want to create?";
        lead: "Escolha uma das opções. Você pode parar e continuar depois." | "Choose one. You can stop and go on later.";
        /// For whoever is signed in.
        another(name): "Você entrou como {name}. Este cadastro cria outra conta." | "You are signed in as {name}. This creates another account.";
        have_account: "Já tem conta?" | "Already have an account?";
        pending_title: "Você tem um cadastro em andamento" | "You have a sign-up in progress";
        /// The same where several wait.
        pending_title_several: "Você tem cadastros em andamento" | "You have sign-ups in progress";
        pending(kind): "Conta de {kind}. Continue de onde parou." | "{kind} account. Continue where you stopped.";
        begun(date, time): "Iniciado em {date}, às {time}" | "Begun on {date}, at {time}";
        go_on: "Continuar" | "Continue";
        /// The title of the form of a kind whose label is an operator's.
        create(label): "Criar conta de {label}" | "Create account: {label}";
        /// Instead of the choice, if there is none.
        none_open: "Não estamos aceitando novos cadastros. Quem já tem conta entra normalmente."
            | "We are not taking new sign-ups. Whoever has an account signs in as usual.";
    }

    /// Around every step.
    pub struct WizardTexts {
        step(k, n): "Passo {k} de {n}" | "Step {k} of {n}";
        submit_code: "Receber código" | "Get code";
        submit_link: "Criar conta" | "Create account";
        /// Opens the fields that a client may leave for later.
        more: "Adicionar e-mail e senha (opcional)" | "Add an email and a password (optional)";
        save: "Salvar e continuar" | "Save and continue";
        back_to_kinds: "Voltar à escolha da conta" | "Back to account types";
        /// The address names a sign-up that this browser does not hold, as the reminder's does when it is opened on another device.
        elsewhere: "Este cadastro foi começado em outro aparelho ou navegador, ou já terminou. Continue nele, ou comece de novo aqui."
            | "This sign-up was begun on another device or browser, or has ended. Go on there, or begin anew here.";
        back_to_proof: "Voltar sem mudar nada" | "Back without changing anything";
        terms: "Li e aceito os termos de serviço e privacidade" | "I have read and accept the terms of service and privacy";
        opens_new_tab: "(abre em outra aba)" | "(opens in a new tab)";
    }

    /// Beside a page, or below it.
    pub struct SideTexts {
        help: "Ajuda e segurança" | "Help and security";
        never: "Ninguém da nossa equipe pede seu código ou sua senha por telefone, mensagem ou e-mail."
            | "Nobody on our team will ask for your code or password by phone, message or email.";
        have_account: "Já tenho conta" | "I already have an account";
        write: "Falar com a ajuda" | "Contact help";
        details: "Seus dados" | "Your details";
        code: "Código" | "Code";
        check_email: "Confirmação do e-mail" | "Confirming the email";
        complete: "Seu perfil" | "Your profile";
        done: "Conta pronta" | "Account ready";
        code_why: "O código prova que o contato é seu. Ele vale uma vez, e só para este cadastro."
            | "The code proves that the contact is yours. It works once, and only for this sign-up.";
        check_email_why: "A mensagem prova que o e-mail é seu. Até lá, ninguém entra com ele."
            | "The message proves that the email is yours. Until then nobody signs in with it.";
        complete_why: "Com o CPF você recupera a senha, e ninguém abre outra conta em seu nome. Ele fica cifrado."
            | "With your CPF you recover your password, and nobody opens another account in your name. It is kept encrypted.";
    }

    /// The step of a code.
    pub struct CodeTexts {
        title: "Digite o código que enviamos" | "Enter the code we sent";
        /// Below it stands by which channel, and how far it has come.
        lead(digits, destination): "Enviamos um código de {digits} dígitos para {destination}." | "We sent a {digits}-digit code to {destination}.";
        /// The same where it stands in no other sentence by which channel.
        went(channel, destination): "Enviamos um código por {channel} para {destination}." | "We sent a code by {channel} to {destination}.";
        queued(channel): "A mensagem por {channel} está a caminho." | "The message by {channel} is on its way.";
        /// The same of an e-mail.
        queued_email: "O e-mail está a caminho." | "The email is on its way.";
        sent(channel): "Enviado por {channel}." | "Sent by {channel}.";
        delivered(channel): "Entregue por {channel}." | "Delivered by {channel}.";
        late(channel): "Enviado por {channel}, mas ainda sem confirmação de entrega. Se não chegou, escolha outro meio."
            | "Sent by {channel}, but its delivery is not confirmed yet. If it has not arrived, choose another way.";
        not_delivered(channel): "Não entregue por {channel}." | "Not delivered by {channel}.";
        phone_completed(phone): "Acrescentamos o nono dígito: {phone}. Se este não é o seu número, corrija."
            | "We added the ninth digit: {phone}. If this is not your number, correct it.";
        sms_rests: "Hoje o envio por SMS está em pausa para o seu DDD." | "Today SMS is paused for your area code.";
        receive_by(channel): "Receber por {channel}" | "Get it by {channel}";
        see_again: "Atualizar" | "Refresh";
        lapses_in(time): "O código expira em {time}." | "The code expires in {time}.";
        sends_itself(digits): "Ao completar os {digits} dígitos, confirmamos automaticamente." | "We submit the code once all {digits} digits are in.";
        /// After a wrong entry.
        entry_left: "Resta 1 tentativa." | "1 attempt left.";
        entries_left(n): "Restam {n} tentativas." | "{n} attempts left.";
        lapsed: "O código expirou. Peça outro abaixo." | "The code has expired. Ask for another below.";
        last_minute: "Falta um minuto ou menos para o código expirar." | "The code expires in a minute or less.";
        dead: "Este código não vale mais. Peça outro abaixo." | "This code is no longer good. Ask for another below.";
        /// The same while entries are not looked at.
        dead_blocked: "Este código não vale mais. Quando puder tentar de novo, peça outro abaixo."
            | "This code is no longer good. When you can try again, ask for another below.";
        failed(channel): "Não conseguimos entregar a mensagem por {channel}. Confira o número ou escolha outro meio."
            | "We could not deliver the message by {channel}. Check the number or choose another way.";
        /// The title of the page while entries rest, and of its way to another code.
        blocked_title: "Aguarde para tentar de novo" | "Wait before you try again";
        rest_title: "Depois da espera" | "After the wait";
        blocked(wait): "Foram muitos códigos errados. Por segurança, você pode tentar de novo em {wait}."
            | "Too many wrong codes. For your security you can try again in {wait}.";
        submit: "Confirmar" | "Confirm";
        correct_phone: "Corrigir o número" | "Correct the number";
        correct_email: "Corrigir o e-mail" | "Correct the email address";
        help: "O código pode levar um minuto. Confira o número acima e se o celular tem sinal."
            | "The code may take a minute. Check the number above, and that the phone has a signal.";
        resend_title: "Não recebeu?" | "Didn't get it?";
        resend_by(channel): "Enviar de novo por {channel}" | "Send again by {channel}";
        resend_in(wait): "Você pode pedir de novo em {wait}." | "You can ask again in {wait}.";
        resend_now: "Você já pode pedir de novo." | "You can ask again now.";
        by_email_title: "Recebeu um código por e-mail?" | "Did you get a code by email?";
        by_email_lead: "Digite-o aqui só se foi você que fez o cadastro. Depois é só entrar com a sua senha."
            | "Type it here only if it was you who signed up. Then sign in with your password.";
        by_email_hint: "8 dígitos." | "8 digits.";
        send_another: "Enviar de novo" | "Send again";
        hand_off_title: "Continuar em outro aparelho" | "Continue on another device";
        hand_off: "Crie um link e abra no outro aparelho. O link vale por 15 minutos e só pode ser usado uma vez."
            | "Create a link and open it on the other device. The link is good for 15 minutes and can be used once.";
        hand_off_submit: "Criar link" | "Create link";
        hand_off_link: "Link para o outro aparelho" | "Link for the other device";
        copy_link: "Copiar link" | "Copy link";
        link_copied: "Link copiado." | "Link copied.";
        confirmed: "Já confirmei em outro aparelho" | "I confirmed on another device";
        hand_off_qr: "QR code do link para o outro aparelho" | "QR code of the link for the other device";
        hand_off_qr_hint: "Ou aponte a câmera do outro aparelho para o código." | "Or point the other device's camera at the code.";
        /// The title of the form of a kind whose label is an operator's.
        create(label): "Criar conta de {label}" | "Create account: {label}";
        /// Instead of the choice, if there is none.
        none_open: "Não estamos aceitando novos cadastros. Quem já tem conta entra normalmente."
            | "We are not taking new sign-ups. Whoever has an account signs in as usual.";
        start_over: "Cancelar cadastro" | "Cancel the sign-up";
        start_over_lead: "O que você preencheu será descartado, e o código ou link que enviamos deixa de valer aqui."
            | "What you filled in will be discarded, and the code or link we sent stops working here.";
        start_over_submit: "Sim, cancelar cadastro" | "Yes, cancel the sign-up";
    }

    /// The waiting step of a link.
    pub struct CheckEmailTexts {
        title: "Verifique seu email" | "Check your email";
        /// 001, word for word.
        heading: "Verifique seu email para ativar sua conta" | "Check your email to activate your account";
        lead(destination): "Enviamos um link para {destination}." | "We sent a link to {destination}.";
        /// What its mail says is the whole lifetime; the page knows what is left of it.
        lasts(time): "O link vale por {time}." | "The link is good for {time}.";
        next: "Abra o e-mail e use o botão de confirmação." | "Open the email and use the button that confirms.";
        meant(domain): "Você quis dizer {domain}? Se sim, corrija o endereço." | "Did you mean {domain}? If so, correct the address.";
        /// Of an address beside the phone that is proved now.
        meant_too(domain): "No seu e-mail, você quis dizer {domain}? Se sim, corrija-o também."
            | "In your email address, did you mean {domain}? If so, correct it too.";
        or_code: "Ou digite o código de 8 dígitos que está no mesmo e-mail." | "Or type the code of 8 digits that is in the same email.";
        /// The title of the page after an e-mail was asked for.
        sent_heading: "Confira seu e-mail" | "Check your email";
        spam: "Confira as pastas Spam e Promoções." | "Look in the Spam and Promotions folders.";
        failed: "O e-mail não pôde ser entregue. Confira o endereço." | "The email could not be delivered. Check the address.";
        lapsed: "O link expirou. Peça outro abaixo." | "The link has expired. Ask for another below.";
        resend: "Receber outro link" | "Get another link";
        correct: "Corrigir o endereço" | "Correct the address";
        waits_here: "Assim que você confirmar, mesmo em outro aparelho, esta página continua sozinha."
            | "As soon as you confirm, even on another device, this page goes on by itself.";
        /// Where this browser has no sign-up.
        none_heading: "Confirme seu e-mail" | "Confirm your email";
        no_signup:
            "Este navegador não tem um cadastro em andamento. Se você já se registrou, abra o link que enviamos por e-mail ou peça outro."
            | "This browser has no sign-up in progress. If you have registered, open the link we sent by email or ask for another.";
        ask_again: "Receber outro link" | "Get another link";
    }

    /// After the proof.
    pub struct DoneTexts {
        title: "Tudo certo" | "All set";
        email_confirmed: "E-mail confirmado" | "Email confirmed";
        email_lead: "Sua conta está ativa. Agora é só entrar." | "Your account is active. Now sign in.";
        ready: "Sua conta está pronta." | "Your account is ready.";
        link_sent(email): "Enviamos um link para {email}. Abra-o para confirmar o e-mail." | "We sent a link to {email}. Open it to confirm the email.";
        to_dashboard: "Ir para o início" | "Go to my account";
        enter: "Entrar na minha conta" | "Enter my account";
        complete_lead: "Falta só a última etapa: seus dados pessoais e, se quiser, uma foto."
            | "Only the last step is left: your personal details and, if you like, a photo.";
        enter_lead: "A confirmação foi feita em outro aparelho. Entre também aqui."
            | "The confirmation was made on another device. Come in here too.";
        /// A proof that was given elsewhere lets this browser no further.
        sign_in_lead: "A confirmação foi feita em outro aparelho. Entre com seus dados para continuar aqui."
            | "The confirmation was given on another device. Sign in to continue here.";
        sign_in: "Entrar" | "Sign in";
    }
}

impl Texts {
    /// The name of a step, for the list of all.
    pub const fn step_name(&self, step: Step) -> &'static str {
        let texts = &self.pages.side;
        match step {
            Step::Details => texts.details,
            Step::Code => texts.code,
            Step::CheckEmail => texts.check_email,
            Step::Complete => texts.complete,
            Step::Done => texts.done,
        }
    }

    /// Why there is such a step; empty where nothing is to be said.
    pub const fn step_why(&self, step: Step) -> &'static str {
        let texts = &self.pages.side;
        match step {
            Step::Code => texts.code_why,
            Step::CheckEmail => texts.check_email_why,
            Step::Complete => texts.complete_why,
            // Their fields say so themselves.
            Step::Details | Step::Done => "",
        }
    }

    /// "Step k of n".
    pub fn step(&self, (k, n): (usize, usize)) -> String {
        self.pages.wizard.step(k, n)
    }
}
