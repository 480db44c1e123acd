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
        other_kind_lead: "Você entrou com uma conta que este produto não aceita. Volte a ele, ou entre com outra conta."
            | "You signed in with an account that this product does not accept. Go back to it, or sign in with another account.";
        other_kind_again: "Entrar com outra conta" | "Sign in with another account";
        back(client): "Voltar para {client}" | "Back to {client}";
        consent_title: "Permitir acesso" | "Allow access";
        consent_heading(client): "Entrar em {client}?" | "Sign in to {client}?";
        consent_lead(client, place, name): "{client} ({place}) não é nosso. Se você continuar como {name}, ele recebe:"
            | "{client} ({place}) is not ours. If you go on as {name}, it receives:";
        consent_hint: "Sua senha e seus códigos não são entregues a ninguém."
            | "Your password and your codes are given to nobody.";
        consent_yes: "Permitir e continuar" | "Allow and go on";
        consent_no: "Não permitir" | "Do not allow";
        scope_openid: "um número que identifica sua conta" | "a number that identifies your account";
        scope_profile: "seu nome, nome de usuário, data de nascimento, gênero e foto, se você os informou"
            | "your name, user name, date of birth, gender and photo, if you gave them";
        scope_email: "seu e-mail, se estiver confirmado" | "your e-mail, if it is confirmed";
        scope_phone: "seu telefone, se estiver confirmado" | "your phone, if it is confirmed";
        scope_cpf: "seu CPF, por inteiro" | "your CPF, whole";
        scope_cnpj: "o CNPJ da empresa, por inteiro" | "the company's CNPJ, whole";
        scope_offline_access: "a possibilidade de continuar conectado sem pedir de novo" | "the possibility to stay connected without asking again";
        products_title: "Produtos que você permitiu" | "Products that you allowed";
        products_lead: "Estes produtos de outros recebem o que está escrito abaixo quando você entra neles. Você pode retirar a permissão: o que receberam para continuar conectados deixa de valer agora."
            | "These products of others receive what is written below when you sign in to them. You can take it back: what they got to stay connected ends now.";
        products_none: "Você não permitiu nenhum produto de outros." | "You have allowed no product of others.";
        products_since(date, time): "desde {date} às {time}" | "since {date} at {time}";
        products_take_back(client): "Retirar de {client}" | "Take back from {client}";
        products_open: "Produtos que você permitiu" | "Products that you allowed";
        logout_title: "Sair da conta" | "Sign out";
        logout_heading: "Sair da sua conta?" | "Sign out of your account?";
        logout_lead_of(client): "{client} pede que você saia da sua conta. O que outros produtos receberam por este navegador para continuar conectados também deixa de valer."
            | "{client} asks you to sign out of your account. What other products got by this browser to stay connected ends, too.";
        logout_lead: "O que outros produtos receberam por este navegador para continuar conectados também deixa de valer."
            | "What other products got by this browser to stay connected ends, too.";
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
