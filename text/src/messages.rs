//! E-mails, SMS and WhatsApp, and the page on which development reads them.
//!
//! The SMS sentences are plain ASCII: `ã õ ç é` are outside GSM-7, and one of them would cut a segment from 160 characters
//! to 70 (docs/standards.md#carriers).

catalogue! {
    /// Everything that is said by message.
    pub struct Messages {
        greeting(name): "Olá, {name}!" | "Hello, {name}!";
        /// Used if no name may be said.
        greeting_unnamed: "Olá!" | "Hello!";
        code_valid_for(time): "Este código vale por {time}." | "This code is valid for {time}.";
        link_valid_for(time): "Este link vale por {time}." | "This link is valid for {time}.";
        /// Under a code.
        keep_code(of_brand): "Não compartilhe este código. Ninguém {of_brand} vai pedi-lo a você."
            | "Do not share this code. Nobody at {of_brand} will ask you for it.";
        /// For a recipient who did not request the code.
        ignore_code: "Se você não pediu este código, ignore esta mensagem." | "If you did not ask for this code, ignore this message.";
        /// At the end of every e-mail.
        automatic(of_brand): "Esta é uma mensagem automática {of_brand}. Não é preciso responder."
            | "This message was sent automatically by {of_brand}. There is no need to answer.";
        /// Under a button, before the address that it leads to.
        raw_link: "Se o botão não funcionar, copie este endereço:" | "If the button does not work, copy this address:";
        /// Below it, if the operator has an address for help.
        help(address): "Precisa de ajuda? {address}" | "Do you need help? {address}";
        /// The phone of a sign-up.
        signup_phone: CodeTexts {
            subject: "Seu código de verificação para criar a conta" | "Your verification code to create an account";
            intro: "Use este código para confirmar seu telefone e criar sua conta:"
                | "Use this code to confirm your phone and create your account:";
            sms(brand, code, time): "{brand}: seu codigo para criar sua conta e {code}. Vale por {time}. Nao compartilhe."
                | "{brand}: your code to create your account is {code}. Valid for {time}. Do not share it.";
        };
        /// The e-mail of a sign-up.
        signup_email: CodeTexts {
            subject: "Seu código de verificação para criar a conta" | "Your verification code to create an account";
            intro: "Use este código para confirmar seu e-mail e criar sua conta:"
                | "Use this code to confirm your email address and create your account:";
            sms(brand, code, time): "{brand}: seu codigo para confirmar seu e-mail e {code}. Vale por {time}. Nao compartilhe."
                | "{brand}: your code to confirm your email is {code}. Valid for {time}. Do not share it.";
        };
        /// Signing in.
        login_phone: CodeTexts {
            subject: "Seu código para entrar" | "Your sign-in code";
            intro: "Use este código para entrar na sua conta:" | "Use this code to sign in to your account:";
            sms(brand, code, time): "{brand}: seu codigo para entrar na sua conta e {code}. Vale por {time}. Nao compartilhe."
                | "{brand}: your code to sign in to your account is {code}. Valid for {time}. Do not share it.";
        };
        /// Recovery by CPF or CNPJ.
        recovery: CodeTexts {
            subject: "Seu código para recuperar a senha" | "Your password recovery code";
            intro: "Use este código para criar uma nova senha:" | "Use this code to set a new password:";
            sms(brand, code, time): "{brand}: seu codigo para criar uma nova senha e {code}. Vale por {time}. Nao compartilhe."
                | "{brand}: your code to set a new password is {code}. Valid for {time}. Do not share it.";
        };
        /// A changed phone.
        phone_change: CodeTexts {
            subject: "Seu código de verificação para o novo telefone" | "Your verification code for the new phone";
            intro: "Use este código para confirmar seu novo telefone:" | "Use this code to confirm your new phone:";
            sms(brand, code, time): "{brand}: seu codigo para por este telefone na conta e {code}. Vale por {time}. Nao compartilhe."
                | "{brand}: your code to put this phone on the account is {code}. Valid for {time}. Do not share it.";
        };
        /// The contact of who contests a document.
        contest: CodeTexts {
            subject: "Seu código para contestar um documento" | "Your code to contest a document";
            intro: "Use este código para contestar um CPF ou CNPJ que está em outra conta:"
                | "Use this code to contest a CPF or CNPJ that is in another account:";
            sms(brand, code, time): "{brand}: seu codigo para contestar um documento e {code}. Vale por {time}. Nao compartilhe."
                | "{brand}: your code to contest a document is {code}. Valid for {time}. Do not share it.";
        };
        /// A changed e-mail.
        email_change: CodeTexts {
            subject: "Seu código de verificação para o novo e-mail" | "Your verification code for the new email";
            intro: "Use este código para confirmar este e-mail na sua conta:" | "Use this code to confirm this email on your account:";
            sms(brand, code, time): "{brand}: seu codigo para por este e-mail na conta e {code}. Vale por {time}. Nao compartilhe."
                | "{brand}: your code to put this email on the account is {code}. Valid for {time}. Do not share it.";
        };
        /// Showing again who one is.
        reauthentication: CodeTexts {
            subject: "Seu código de confirmação" | "Your confirmation code";
            intro: "Use este código para confirmar que é você, antes de alterar os dados da sua conta:"
                | "Use this code to confirm that it is you, before your account's data is changed:";
            sms(brand, code, time): "{brand}: seu codigo para alterar os dados da conta e {code}. Vale por {time}. Nao compartilhe."
                | "{brand}: your code to change your account's data is {code}. Valid for {time}. Do not share it.";
        };
        /// In the mail that proves an address: what was asked for.
        asked_address(of_brand): "Pedido: confirmar este endereço em uma conta {of_brand}."
            | "Asked for: confirming this address on a {of_brand} account.";
        /// For a recipient who did not request it.
        not_me(link): "Se não foi você, diga aqui, e o endereço sai do cadastro: {link}"
            | "If it was not you, say so here, and the address leaves the sign-up: {link}";
        not_me_action: "Não fui eu" | "It was not me";
        /// Before the code beside the link of an e-mail address.
        or_code: "Ou digite este código na página em que você se cadastrou:" | "Or type this code on the page where you signed up:";
        /// Any code by WhatsApp, as Meta words it. Shown in development only.
        code_whatsapp(code): "*{code}* é o seu código de verificação. Para sua segurança, não compartilhe este código."
            | "*{code}* is your verification code. For your security, do not share this code.";
        /// An e-mail address.
        email_link: LinkTexts {
            subject: "Verifique sua conta" | "Verify your account";
            sentence(link): "Clique no link para ativar sua conta: {link}" | "Click the link to activate your account: {link}";
            action: "Ativar minha conta" | "Activate my account";
            ignore: "Se você não criou uma conta, ignore esta mensagem." | "If you did not create an account, ignore this message.";
            sms(brand, link): "{brand}: ative sua conta em {link}" | "{brand}: activate your account at {link}";
        };
        /// An e-mail address of an account that can be signed in to already.
        email_joins: LinkTexts {
            subject: "Confirme seu e-mail" | "Confirm your email";
            sentence(link): "Clique no link para confirmar que este endereço é seu: {link}" | "Click the link to confirm that this address is yours: {link}";
            action: "Confirmar e-mail" | "Confirm email";
            ignore: "Se você não informou este e-mail, ignore esta mensagem." | "If you did not give this email, ignore this message.";
            sms(brand, link): "{brand}: confirme seu e-mail em {link}" | "{brand}: confirm your email at {link}";
        };
        /// A new password.
        reset_link: LinkTexts {
            subject: "Redefina sua senha" | "Reset your password";
            sentence(link): "Clique no link para criar uma nova senha: {link}" | "Click the link to set a new password: {link}";
            action: "Criar nova senha" | "Set a new password";
            ignore: "Se você não pediu uma nova senha, ignore esta mensagem: sua senha continua a mesma."
                | "If you did not ask for a new password, ignore this message: yours stays as it is.";
            sms(brand, link): "{brand}: crie uma nova senha em {link}" | "{brand}: set a new password at {link}";
        };
        /// A document that somebody contests.
        document_mine: LinkTexts {
            subject: "Alguém contesta o documento da sua conta" | "Somebody contests the document in your account";
            sentence(link):
                "Alguém diz que o CPF ou CNPJ da sua conta é de outra pessoa. Se ele é seu, confirme em até 7 dias, ou ele sairá da sua conta: {link}"
                | "Somebody says that the CPF or CNPJ in your account is another person's. If it is yours, confirm it within 7 days, or it will leave your account: {link}";
            action: "Este documento é meu" | "This document is mine";
            ignore: "Se o documento não é seu, não é preciso fazer nada." | "If the document is not yours, there is nothing to do.";
            sms(brand, link): "{brand}: contestam seu documento. E seu? Confirme em 7 dias: {link}"
                | "{brand}: your document is contested. Is it yours? Confirm in 7 days: {link}";
        };
        /// A contested document is free.
        document_free: NoticeTexts {
            subject: "O documento que você contestou está livre" | "The document that you contested is free";
            body: "O CPF ou CNPJ que você contestou não está em nenhuma conta. Agora é possível usá-lo na sua."
                | "The CPF or CNPJ that you contested is in no account. You can use it in yours now.";
            not_you(link): "Para usá-lo, entre ou crie sua conta: {link}" | "To use it, sign in or create your account: {link}";
            action: "Entrar" | "Sign in";
            sms(brand, link): "{brand}: o documento que voce contestou esta livre. Para usa-lo: {link}"
                | "{brand}: the document that you contested is free. To use it: {link}";
        };
        /// Somebody tried to register with what has an account.
        already_registered: NoticeTexts {
            subject: "Você já tem uma conta" | "You already have an account";
            body:
                "Alguém tentou criar uma conta com o seu e-mail ou telefone. Se foi você, basta entrar; nenhuma outra conta foi criada."
                | "Somebody tried to create an account with your email address or phone. If it was you, just sign in; no other account was created.";
            not_you(link): "Se esqueceu a senha, crie uma nova: {link}" | "If you forgot your password, set a new one: {link}";
            action: "Criar nova senha" | "Set a new password";
            sms(brand, link): "{brand}: voce ja tem uma conta. Para entrar: {link} Se nao foi voce, ignore."
                | "{brand}: you already have an account. Sign in: {link} If it was not you, ignore this.";
        };
        /// Where to sign in.
        sign_in(link): "Para entrar: {link}" | "To sign in: {link}";
        sign_in_action: "Entrar" | "Sign in";
        /// Signed in from a new device.
        new_device: DisputableTexts {
            subject: "Novo acesso à sua conta" | "New sign-in to your account";
            body(at):
                "Em {at} sua conta foi aberta em um novo aparelho. Se foi você, não é preciso fazer nada."
                | "On {at} your account was opened on a new device. If it was you, there is nothing to do.";
            sms(brand, link): "{brand}: novo acesso a sua conta. Se nao foi voce: {link}"
                | "{brand}: new sign-in to your account. If it was not you: {link}";
        };
        device(device): "Aparelho: {device}" | "Device: {device}";
        address(address): "Endereço IP: {address}" | "IP address: {address}";
        at(at): "Quando: {at}" | "When: {at}";
        /// Signing in is locked.
        locked: LockedTexts;
        /// In each notice that its recipient can dispute: for one who did not do it, the "não fui eu" link, or the way to a new password.
        disputed(link): "Se não foi você, encerre todas as sessões e crie outra senha: {link}"
            | "If it was not you, end all sessions and set another password: {link}";
        /// The phone was changed.
        phone_changed: DisputableTexts {
            subject: "Novo telefone na sua conta" | "A new phone on your account";
            body(at):
                "Um novo telefone foi confirmado na sua conta em {at}. Com ele é possível entrar e recuperar a senha. Se foi você, não é preciso fazer nada."
                | "A new phone was confirmed on your account on {at}. With it one can sign in and recover the password. If it was you, there is nothing to do.";
            sms(brand, link): "{brand}: sua conta tem um novo telefone. Se nao foi voce: {link}"
                | "{brand}: your account has a new phone. If it was not you: {link}";
        };
        /// The e-mail was changed.
        email_changed: DisputableTexts {
            subject: "Novo e-mail na sua conta" | "A new email on your account";
            body(at):
                "Um novo e-mail foi confirmado na sua conta em {at}. Com ele é possível entrar e recuperar a senha. Se foi você, não é preciso fazer nada."
                | "A new email was confirmed on your account on {at}. With it one can sign in and recover the password. If it was you, there is nothing to do.";
            sms(brand, link): "{brand}: sua conta tem um novo e-mail. Se nao foi voce: {link}"
                | "{brand}: your account has a new email. If it was not you: {link}";
        };
        /// A CPF or CNPJ was added.
        document_added: DisputableTexts {
            subject: "Novo documento na sua conta" | "A new document on your account";
            body(at):
                "Um CPF ou CNPJ foi incluído na sua conta em {at}. Com ele é possível entrar e recuperar a senha. Se foi você, não é preciso fazer nada."
                | "A CPF or CNPJ was added to your account on {at}. With it one can sign in and recover the password. If it was you, there is nothing to do.";
            sms(brand, link): "{brand}: CPF ou CNPJ incluido na sua conta. Se nao foi voce: {link}"
                | "{brand}: CPF or CNPJ added to your account. If it was not you: {link}";
        };
        /// The password was changed.
        password_changed: DisputableTexts {
            subject: "Sua senha foi alterada" | "Your password was changed";
            body(at):
                "A senha da sua conta foi alterada em {at}. As sessões em outros aparelhos foram encerradas. Se foi você, não é preciso fazer nada."
                | "The password of your account was changed on {at}. Sessions on other devices have ended. If it was you, there is nothing to do.";
            sms(brand, link): "{brand}: sua senha foi alterada. Se nao foi voce: {link}"
                | "{brand}: your password was changed. If it was not you: {link}";
        };
        /// The owner asked for the deletion of the account.
        deletion_asked: OwnActTexts {
            subject: "Sua conta será excluída" | "Your account will be deleted";
            body(at): "A exclusão da sua conta foi pedida, e todas as sessões terminaram. Em {at} tudo o que guardamos será apagado."
                | "The deletion of your account was asked for, and all sessions have ended. On {at} all that we keep will be erased.";
            back(link): "Se não foi você, ou se mudou de ideia, desfaça: {link}" | "If it was not you, or if you changed your mind, undo it: {link}";
            action: "Desfazer a exclusão" | "Undo the deletion";
            sms(brand, link): "{brand}: sua conta sera excluida em 14 dias. Desfazer: {link}"
                | "{brand}: your account will be deleted in 14 days. Undo: {link}";
        };
        /// The owner blocked the account.
        account_blocked: OwnActTexts {
            subject: "Sua conta está bloqueada" | "Your account is blocked";
            body(at): "Sua conta foi bloqueada em {at}: todas as sessões terminaram, e ninguém entra até você criar outra senha."
                | "Your account was blocked on {at}: all sessions have ended, and nobody can sign in until you set another password.";
            back(link): "Para desbloquear, crie outra senha: {link}" | "To unblock it, set another password: {link}";
            action: "Desbloquear" | "Unblock";
            sms(brand, link): "{brand}: sua conta esta bloqueada. Desbloquear: {link}" | "{brand}: your account is blocked. Unblock: {link}";
        };
        /// A sign-up was left.
        signup_left: LeftTexts;
        /// The pages of development.
        outbox: OutboxTexts;
        preview: PreviewTexts;
    }

    /// A code by e-mail.
    pub shape CodeTexts {
        /// Without the code, because subjects end up in logs and on lock screens.
        subject;
        /// What to do with it.
        intro;
        /// By SMS. It names what the code opens, as a warning to anyone who reads it out to a stranger. The `WebOTP` line follows.
        sms(brand, code, time);
    }

    /// A link by e-mail.
    pub shape LinkTexts {
        subject;
        /// What the link does.
        sentence(link);
        action;
        /// For a recipient who did not request it.
        ignore;
        sms(brand, link);
    }

    /// Something that is told and needs no answer.
    pub shape NoticeTexts {
        subject;
        body;
        /// For a recipient who did not do it: the way to a new password.
        not_you(link);
        action;
        sms(brand, link);
    }

    /// Something that only the owner may do, and can dispute: [`Messages::disputed`] says how.
    pub shape DisputableTexts {
        subject;
        body(at);
        sms(brand, link);
    }

    /// What the owner did to the whole account, and can take back.
    pub shape OwnActTexts {
        subject;
        body(at);
        /// How to take it back.
        back(link);
        action;
        sms(brand, link);
    }

    /// The one reminder of a sign-up that was left.
    pub struct LeftTexts {
        subject: "Seu cadastro ficou pela metade" | "Your sign-up is not finished";
        body(of_brand): "Alguém começou a criar uma conta {of_brand} com este e-mail e não terminou."
            | "Somebody began to create a {of_brand} account with this email address and did not finish.";
        /// Where a link proves the address.
        confirm(link): "Se foi você, confirme este e-mail e continue de onde parou: {link}"
            | "If it was you, confirm this address and go on where you were: {link}";
        confirm_action: "Confirmar e continuar" | "Confirm and go on";
        /// Where a code to the phone is still to be typed.
        go_on(link): "Se foi você, continue de onde parou, no mesmo aparelho: {link}"
            | "If it was you, go on where you were, on the same device: {link}";
        go_on_action: "Continuar o cadastro" | "Go on with the sign-up";
        /// For whoever it was not.
        once: "Se não foi você, não é preciso fazer nada. Este é o único lembrete." | "If it was not you, there is nothing to do. This is the only reminder.";
        sms(brand, link): "{brand}: seu cadastro ficou pela metade. Continue: {link}" | "{brand}: your sign-up is not finished. Go on: {link}";
    }

    /// Signing in is locked for some time.
    pub struct LockedTexts {
        subject: "Acesso bloqueado por algum tempo" | "Sign-in locked for a while";
        body(time): "Houve muitas tentativas de entrar na sua conta com a senha errada. Por segurança, o acesso está bloqueado por {time}."
            | "There were too many tries to sign in to your account with a wrong password. For your security, signing in is locked for {time}.";
        /// For a recipient who did not do it: the way to a new password.
        not_you(link): "Se não foi você, ou se esqueceu a senha, crie uma nova, o que também desbloqueia o acesso: {link}"
            | "If it was not you, or if you forgot your password, set a new one, which also unlocks signing in: {link}";
        action: "Criar nova senha" | "Set a new password";
        sms(brand, time, link): "{brand}: muitas tentativas de entrar. Acesso bloqueado por {time}. Nova senha: {link}"
            | "{brand}: too many tries to sign in. Locked for {time}. New password: {link}";
    }

    /// The page `/dev/brand`.
    pub struct PreviewTexts {
        title(brand): "{brand}: como fica" | "{brand}: how it looks";
        intro: "Cores, páginas e uma mensagem de cada tipo, na marca configurada. Esta página não existe em produção."
            | "Colours, pages and one of every message, in the brand that is set. This page does not exist in production.";
        logo: "Logotipo" | "Logo";
        colours: "Cores, no claro e no escuro" | "Colours, in light and dark";
        pages: "Páginas" | "Pages";
        messages: "Mensagens" | "Messages";
    }

    /// The page `/dev/outbox`.
    pub struct OutboxTexts {
        title: "Caixa de saída" | "Outbox";
        intro: "O que teria saído por e-mail, SMS ou WhatsApp. Esta página não existe em produção."
            | "What would have left by email, SMS or WhatsApp. This page does not exist in production.";
        empty: "Nenhuma mensagem ainda." | "No messages yet.";
        to: "Para" | "To";
        at: "Quando" | "When";
        subject: "Assunto" | "Subject";
        code: "Código" | "Code";
        link: "Link" | "Link";
        email: "E-mail" | "Email";
        sms: "SMS" | "SMS";
        whatsapp: "WhatsApp" | "WhatsApp";
        /// Where the same stands for programs.
        as_data: "Para programas:" | "For programs:";
        list: "Mensagens, a mais nova primeiro" | "Messages, the newest first";
        channel: "Canal" | "Channel";
        copy_code: "Copiar código" | "Copy code";
        copy_link: "Copiar link" | "Copy link";
        copied: "Copiado." | "Copied.";
        new_message: "Chegou uma mensagem." | "A message arrived.";
        preview: "Como o e-mail aparece" | "How the email looks";
        whole_width: "Largura toda" | "Whole width";
        plain: "O mesmo em texto simples" | "The same as plain text";
    }
}
