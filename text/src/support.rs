//! What `portaria accounts` prints.

use crate::Texts;
use portaria::support::ContactState;
use portaria::view::Delivery;

catalogue! {
    /// The sentences.
    pub struct SupportTexts {
        unreadable: "Isto não é e-mail, telefone, CPF, CNPJ, nome de usuário nem número de conta."
            | "This is no e-mail address, phone, CPF, CNPJ, user name or account number.";
        nobody: "Ninguém foi encontrado." | "Nobody was found.";
        several: "Pode ser mais de uma conta. Diga qual pelo número, como em id:123:"
            | "It may be more than one account. Say which by its number, as in id:123:";
        nothing_waits: "Esta conta não espera confirmação: nada foi enviado." | "This account waits for no proof: nothing was sent.";
        account(id, kind): "Conta {id} ({kind})" | "Account {id} ({kind})";
        signup(kind): "Cadastro em andamento ({kind}): ainda não há conta" | "Sign-up in progress ({kind}): there is no account yet";
        name: "Nome" | "Name";
        username: "Usuário" | "User name";
        email: "E-mail" | "E-mail";
        phone: "Telefone" | "Phone";
        missing: "Falta" | "Missing";
        created: "Criada" | "Created";
        begun: "Começado" | "Begun";
        last_sign_in: "Último acesso" | "Last sign-in";
        never: "nunca" | "never";
        sessions: "Sessões" | "Sessions";
        sign_in: "Acesso" | "Sign-in";
        sign_in_free: "livre" | "free";
        sign_in_failed(n): "livre, {n} tentativas erradas contando" | "free, {n} failed tries count";
        sign_in_locked(wait): "bloqueado por mais {wait}" | "locked for another {wait}";
        password: "Senha" | "Password";
        has_password: "tem" | "set";
        no_password: "não tem" | "not set";
        proof: "Confirmação" | "Proof";
        proof_line(destination, channel, state, at): "para {destination}, por {channel}: {state}. Pedida em {at}"
            | "to {destination}, by {channel}: {state}. Asked for on {at}";
        proved: "confirmado" | "proved";
        unproved: "não confirmado" | "not proved";
        suspended: "sem uso até que se confirme de novo" | "out of use until it is confirmed again";
        on_its_way: "ainda não saiu" | "has not left yet";
        sent: "enviada" | "sent";
        delivered: "entregue" | "delivered";
        late: "enviada, sem confirmação de entrega" | "sent, its delivery not confirmed";
        failed: "recusada pela operadora" | "refused by the carrier";
        lapsed: "vencida" | "lapsed";
        dead: "anulada por tentativas erradas" | "dead after wrong entries";
        unlocked(id, cleared): "Conta {id} livre para entrar. Contagens apagadas: {cleared}."
            | "Account {id} may sign in. Counts cleared: {cleared}.";
        ended(id, sessions): "Conta {id}: sessões encerradas: {sessions}." | "Account {id}: sessions ended: {sessions}.";
        resent(destination, channel): "Na fila para {destination}, por {channel}." | "Queued to {destination}, by {channel}.";
        confirm(id): "A conta {id} e tudo o que é dela serão apagados para sempre; só a auditoria fica. Digite o número da conta para confirmar: "
            | "Account {id} and all that belongs to it will be deleted for ever; only the audit stays. Type the number of the account to confirm: ";
        not_confirmed: "Não confirmado: nada foi apagado." | "Not confirmed: nothing was deleted.";
        needs_yes: "Com --json, apagar precisa de --yes: nada foi apagado." | "With --json, deleting needs --yes: nothing was deleted.";
        deleted(id): "Conta {id} apagada." | "Account {id} deleted.";
    }
}

impl Texts {
    /// Whether a contact is in use.
    pub const fn contact_state(&self, state: ContactState) -> &'static str {
        match state {
            ContactState::Proved => self.support.proved,
            ContactState::Unproved => self.support.unproved,
            ContactState::Suspended => self.support.suspended,
        }
    }

    /// How far a code or link has come.
    pub const fn delivery(&self, delivery: Delivery) -> &'static str {
        match delivery {
            Delivery::OnItsWay => self.support.on_its_way,
            Delivery::Sent => self.support.sent,
            Delivery::Delivered => self.support.delivered,
            Delivery::Late => self.support.late,
            Delivery::Failed => self.support.failed,
            Delivery::Lapsed => self.support.lapsed,
            Delivery::Dead => self.support.dead,
        }
    }
}
