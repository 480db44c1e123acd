//! What stands between a product and a person.

use crate::Texts;
use portaria::openid::Scope;

catalogue! {
    /// The sentences.
    pub struct OpenIdTexts {
        wrong_title: "Endereço incorreto" | "A wrong address";
        wrong_heading: "Não dá para continuar daqui" | "There is no going on from here";
        wrong_lead: "O site ou aplicativo de onde você veio não pediu a entrada como deveria. Volte a ele e tente de novo; se acontecer outra vez, avise quem cuida dele."
            | "The site or app that you came from did not ask for the sign-in as it should. Go back to it and try again; if it happens once more, tell whoever looks after it.";
        wrong_for: "Para quem desenvolve" | "For developers";
        wrong_developer: "client_id e redirect_uri vão uma vez cada, e são comparados letra por letra com os de [[clients]] em portaria.toml, com barra final, maiúsculas e parâmetros."
            | "client_id and redirect_uri are sent once each, and are compared letter by letter with those of [[clients]] in portaria.toml, with final slash, capitals and parameters.";
        other_kind_title: "Outro tipo de conta" | "Another kind of account";
        other_kind_heading(client): "{client} é para outro tipo de conta" | "{client} is for another kind of account";
        other_kind_lead: "Você entrou com uma conta que este serviço não aceita. Volte a ele, ou entre com outra conta."
            | "You signed in with an account that this service does not accept. Go back to it, or sign in with another account.";
        other_kind_again: "Entrar com outra conta" | "Sign in with another account";
        back(client): "Voltar para {client}" | "Back to {client}";
        consent_title: "Permitir acesso" | "Allow access";
        consent_heading(client): "Entrar em {client}?" | "Sign in to {client}?";
        consent_lead(client, place, name): "{client} ({place}) é um serviço de terceiros. Se você continuar como {name}, o serviço recebe:"
            | "{client} ({place}) is a third-party service. If you go on as {name}, the service receives:";
        consent_hint: "Sua senha e seus códigos não são entregues a ninguém."
            | "Your password and your codes are given to nobody.";
        consent_yes: "Permitir e continuar" | "Allow and go on";
        consent_no: "Não permitir" | "Do not allow";
        scope_openid: "um número que identifica sua conta" | "a number that identifies your account";
        scope_profile: "seu nome, nome de usuário, data de nascimento, gênero e foto, se você os informou"
            | "your name, user name, date of birth, gender and photo, if you gave them";
        scope_email: "seu e-mail, se estiver confirmado" | "your email, if it is confirmed";
        scope_phone: "seu telefone, se estiver confirmado" | "your phone, if it is confirmed";
        scope_cpf: "seu CPF, por inteiro" | "your CPF, whole";
        scope_cnpj: "o CNPJ da empresa, por inteiro" | "the company's CNPJ, whole";
        scope_offline_access: "permissão para continuar conectado sem pedir de novo" | "permission to stay connected without asking again";
        products_title: "Serviços com acesso à sua conta" | "Services with access to your account";
        products_lead: "Estes serviços de terceiros recebem os dados abaixo quando você entra neles. Se você retirar o acesso, eles deixam de ficar conectados."
            | "These third-party services receive the data below when you sign in to them. If you remove their access, they no longer stay connected.";
        products_none: "Nenhum serviço de terceiros tem acesso à sua conta." | "No third-party service has access to your account.";
        products_since(date, time): "Desde {date}, às {time}" | "Since {date}, at {time}";
        products_take_back(client): "Retirar acesso de {client}" | "Remove the access of {client}";
        products_open: "Serviços com acesso à sua conta" | "Services with access to your account";
        logout_title: "Sair da conta" | "Sign out";
        logout_heading: "Sair da sua conta?" | "Sign out of your account?";
        logout_lead_of(client): "{client} pede que você saia da sua conta. Os serviços em que você entrou por este navegador também deixam de ficar conectados."
            | "{client} asks you to sign out of your account. The services that you signed in to with this browser no longer stay connected either.";
        logout_lead: "Os serviços em que você entrou por este navegador também deixam de ficar conectados."
            | "The services that you signed in to with this browser no longer stay connected either.";
        logout_yes: "Sair" | "Sign out";
        logout_no: "Continuar na conta" | "Stay signed in";
        go_on_title: "Continuando" | "Going on";
        go_on: "Continuar" | "Go on";
    }
}

impl Texts {
    /// Returns what a scope gives, in words.
    pub const fn scope(&self, scope: Scope) -> &'static str {
        let texts = &self.openid;
        match scope {
            Scope::Openid => texts.scope_openid,
            Scope::Profile => texts.scope_profile,
            Scope::Email => texts.scope_email,
            Scope::Phone => texts.scope_phone,
            Scope::Cpf => texts.scope_cpf,
            Scope::Cnpj => texts.scope_cnpj,
            Scope::OfflineAccess => texts.scope_offline_access,
        }
    }
}
