//! What `portaria accounts` prints.

use crate::Texts;
use portaria::support::ContactState;
use portaria::view::Delivery;

catalogue! {
    /// The sentences.
    pub struct SupportTexts {
        unreadable: "Isto não é e-mail, telefone, CPF, CNPJ, nome de usuário nem número de conta."
            | "This is no email address, phone, CPF, CNPJ, user name or account number.";
        nobody: "Ninguém foi encontrado." | "Nobody was found.";
        several: "Pode ser mais de uma conta. Diga qual pelo número, como em id:123:"
            | "It may be more than one account. Say which by its number, as in id:123:";
        nothing_waits: "Esta conta não espera confirmação: nada foi enviado." | "This account waits for no proof: nothing was sent.";
        account(id, kind): "Conta {id} ({kind})" | "Account {id} ({kind})";
        signup(kind): "Cadastro em andamento ({kind}): ainda não há conta" | "Sign-up in progress ({kind}): there is no account yet";
        name: "Nome" | "Name";
        username: "Usuário" | "User name";
        email: "E-mail" | "Email";
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
        blocked: "Bloqueio" | "Blocked";
        blocked_since(at): "pelo titular, desde {at}: só uma recuperação de senha o desfaz"
            | "by its owner, since {at}: only a password recovery lifts it";
        deletion: "Exclusão" | "Deletion";
        deletion_at(at): "pedida pelo titular; em {at} tudo é apagado, se ele não desfizer"
            | "asked for by its owner; on {at} all is erased unless they undo it";
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
        still_blocked(id, cleared): "Conta {id}: contagens apagadas: {cleared}. Ela continua bloqueada pelo titular, e isto não desfaz o bloqueio: ele volta a entrar pela recuperação de senha."
            | "Account {id}: counts cleared: {cleared}. It is still blocked by its owner, and this does not lift the block: they sign in again by recovering the password.";
        still_deleted(id, cleared, at): "Conta {id}: contagens apagadas: {cleared}. O titular pediu a exclusão, e isto não a desfaz: em {at} tudo é apagado, se ele não a desfizer pelo link que recebeu ou ao entrar."
            | "Account {id}: counts cleared: {cleared}. Its owner asked for its deletion, and this does not undo it: on {at} all is erased unless they undo it by the link they got or by signing in.";
        still_unproved(id, cleared): "Conta {id}: contagens apagadas: {cleared}. Nenhum contato está confirmado, então ainda não se entra nela: veja `portaria accounts resend`."
            | "Account {id}: counts cleared: {cleared}. No contact is proved, so nobody signs in yet: see `portaria accounts resend`.";
        audit_when: "QUANDO" | "WHEN";
        audit_what: "O QUE" | "WHAT";
        audit_outcome: "RESULTADO" | "OUTCOME";
        audit_address: "ENDEREÇO" | "ADDRESS";
        audit_device: "APARELHO" | "DEVICE";
        audit_times(n): "{n} vezes" | "{n} times";
        audit_done: "feito" | "done";
        audit_nothing(id): "Conta {id}: nada foi registrado." | "Account {id}: nothing was recorded.";
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
