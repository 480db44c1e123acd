//! What stands between a product and a person.

use crate::Texts;
use portaria::field::Field;
use portaria::journey::Kind;
use portaria::openid::Share;

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
        consent_lead(client, place): "{client} ({place}) é um serviço de terceiros e pede acesso a dados da sua conta."
            | "{client} ({place}) is a third-party service and asks for data of your account.";
        /// Who is signed in, for whom the picture beside the name says nothing.
        consent_as: "Você está como" | "You are signed in as";
        consent_another: "Usar outra conta" | "Use another account";
        consent_gets: "O que o serviço recebe" | "What the service receives";
        /// In place of a value.
        consent_not_yet: "Ainda não consta na sua conta" | "Not in your account yet";
        consent_later: "O que ainda não consta passa a ser entregue quando você informar."
            | "What is not in your account yet is given once you enter it.";
        consent_whole: "Aqui alguns dados aparecem em parte; o serviço os recebe por inteiro."
            | "Some data is shown here in part; the service receives it whole.";
        consent_hint: "Sua senha e seus códigos não são entregues a ninguém."
            | "Your password and your codes are given to nobody.";
        consent_yes: "Permitir e continuar" | "Allow and go on";
        consent_no: "Não permitir" | "Do not allow";
        share_number: "Um número que identifica sua conta" | "A number that identifies your account";
        /// Of a person: the social name, if there is one.
        share_name: "Nome" | "Name";
        share_photo: "A foto do seu perfil" | "The photo of your profile";
        share_email: "E-mail confirmado" | "Confirmed email";
        share_phone: "Celular confirmado" | "Confirmed mobile phone";
        share_connection: "Continuar conectado sem pedir de novo" | "Stay connected without asking again";
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
    /// Returns what is given of an account of this kind, in words that stand by themselves.
    pub const fn share(&self, kind: Kind, share: Share) -> &'static str {
        let texts = &self.openid;
        match share {
            Share::Number => texts.share_number,
            Share::Photo => texts.share_photo,
            Share::Email => texts.share_email,
            Share::Phone => texts.share_phone,
            Share::Connection => texts.share_connection,
            Share::Name if matches!(kind, Kind::Empresa) => self.label(kind, Field::Name),
            Share::Name => texts.share_name,
            Share::Username => self.field_name(Field::Username),
            Share::BirthDate => self.field_name(Field::BirthDate),
            Share::Gender => self.field_name(Field::Gender),
            Share::Cpf => self.field_name(Field::Cpf),
            Share::Cnpj => self.field_name(Field::Cnpj),
        }
    }

    /// Returns the same as the owner of the account reads it, in one line.
    pub fn shares(&self, kind: Kind, shares: &[Share]) -> String {
        shares.iter().map(|share| self.share(kind, *share)).collect::<Vec<_>>().join("; ")
    }
}
