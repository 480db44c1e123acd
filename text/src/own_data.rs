//! Meus dados: what is kept of a person and why, what happened in the account, and what can be done with all of it.

use crate::Texts;
use portaria::audit::Event;
use portaria::retention::Kept;

catalogue! {
    /// The page.
    pub struct OwnDataTexts {
        title: "Meus dados" | "My data";
        /// Link to the page.
        open: "Ver, baixar ou excluir meus dados" | "See, download or delete my data";
        lead: "O que guardamos sobre você, para quê e por quanto tempo. Os dados são seus: baixe uma cópia quando quiser."
            | "What we keep about you, what for and for how long. The data is yours: download a copy whenever you like.";
        download_heading: "Baixar uma cópia" | "Download a copy";
        download_lead:
            "Um arquivo (JSON) com tudo o que a conta guarda, por inteiro: cadastro, foto, termos aceitos, sessões, mensagens e atividades. Ele traz seu CPF e seu telefone sem máscara: guarde-o em lugar seguro."
            | "A file (JSON) with all that the account keeps, whole: profile, photo, accepted terms, sessions, messages and activity. It holds your CPF and your phone unmasked: keep it in a safe place.";
        download: "Baixar meus dados" | "Download my data";
        confirmed: "Confirmamos que é você. Agora é só baixar o arquivo." | "We confirmed that it is you. Now just download the file.";
        try_later: "Não deu para preparar o arquivo agora. Tente de novo mais tarde." | "The file could not be made now. Try again later.";
        kept_heading: "O que guardamos e por quê" | "What we keep and why";
        /// How long something is kept.
        kept_for(time): "Por {time}." | "For {time}.";
        kept_while: "Enquanto a conta existir." | "As long as the account exists.";
        profile: "Seu cadastro e sua foto" | "Your profile and your photo";
        profile_why: "Para você entrar, ser avisado e recuperar o acesso. Documentos, telefone e data de nascimento ficam cifrados."
            | "So that you can sign in, be told of things and recover access. Documents, phone and date of birth are encrypted.";
        consents: "Termos aceitos" | "Accepted terms";
        consents_why: "Para provar o que você aceitou, e quando." | "To prove what you accepted, and when.";
        terms(version): "Termos de serviço e privacidade, versão {version}" | "Terms of service and privacy, version {version}";
        accepted(at, address): "Aceitos em {at}, do endereço IP {address}" | "Accepted on {at}, from the IP address {address}";
        no_consents: "Nenhum registro de aceite." | "No acceptance is on record.";
        sessions: "Suas sessões encerradas" | "Your sessions that have ended";
        sessions_why: "Para você reconhecer um acesso que não foi seu." | "So that you recognise a sign-in that was not yours.";
        audit: "Tentativas de entrar, de confirmar e de mudar a conta, com data e endereço IP"
            | "Attempts to sign in, to prove and to change the account, with date and IP address";
        audit_why: "Para sua segurança, e porque a lei manda (Marco Civil da Internet, art. 15)."
            | "For your safety, and because the law says so (Marco Civil da Internet, art. 15).";
        messages: "Que mensagens enviamos a você e quando, sem o conteúdo" | "Which messages we sent you and when, without their content";
        messages_why: "Para saber se um código ou aviso chegou." | "To know whether a code or notice arrived.";
        codes: "Códigos e links já vencidos, de forma que ninguém os lê" | "Codes and links that have lapsed, in a form that nobody can read";
        codes_why: "Para que nenhum sirva duas vezes." | "So that none serves twice.";
        replaced: "Um telefone ou e-mail que você trocou, cifrado" | "A phone or email that you replaced, encrypted";
        replaced_why: "Para desfazer a troca, se não foi você." | "To undo the change, if it was not you.";
        former: "Que você já teve outro telefone ou e-mail, de forma que ninguém lê qual"
            | "That you once had another phone or email, in a form that nobody can read";
        former_why: "Para apagar também o que fala dele, se você excluir a conta." | "To erase what tells of it, too, if you delete the account.";
        devices: "Os aparelhos em que você entrou" | "The devices that you signed in from";
        devices_why: "Para avisar você de um aparelho novo." | "To tell you of a new device.";
        signups: "O andamento do seu cadastro, depois de pronto" | "The progress of your sign-up, once it is done";
        signups_why: "Para o navegador que esperava saber como terminou." | "So that a browser that waited learns how it ended.";
        events_heading: "O que aconteceu na sua conta" | "What happened in your account";
        events_lead: "As atividades dos últimos seis meses, do mais novo ao mais antigo."
            | "The activity of the last six months, the newest first.";
        no_events: "Nada mais antigo." | "Nothing older.";
        refused: "não deu certo" | "did not succeed";
        where_from(device, address): "{device}, endereço IP {address}" | "{device}, IP address {address}";
        older: "Ver mais antigos" | "See older ones";
        newest: "Voltar aos mais novos" | "Back to the newest";
        events: EventTexts;
    }

    /// An event of the audit, for the owner of the account.
    pub struct EventTexts {
        user_created: "Cadastro" | "Sign-up";
        proof_sent: "Envio de um código ou link" | "A code or link was sent";
        proof_failed: "Código errado" | "A wrong code";
        email_proved: "Confirmação do e-mail" | "The email was confirmed";
        email_disowned: "“Não fui eu” em uma confirmação de e-mail" | "“It was not me” on an email confirmation";
        password_dropped: "Descarte de uma senha escolhida antes da confirmação" | "A password chosen before the proof was dropped";
        phone_released: "Um telefone nunca confirmado passou a quem o confirmou" | "A phone never confirmed went to whoever confirmed it";
        login_succeeded: "Entrada na conta" | "Signed in";
        login_failed: "Tentativa de entrar" | "An attempt to sign in";
        login_locked: "Bloqueio por várias tentativas de entrar" | "Locked after several attempts to sign in";
        reauthenticated: "Confirmação de que é você" | "You confirmed that it is you";
        token_reused: "Fim de uma sessão por repetição de um token" | "A session ended because a token was repeated";
        session_renewed: "Renovação de uma sessão" | "A session was renewed";
        session_logout: "Saída da conta" | "Signed out";
        session_ended: "Encerramento de sessões" | "Sessions were ended";
        recovery_requested: "Pedido de recuperação da senha" | "Password recovery was asked for";
        recovery_proved: "Código de recuperação confirmado" | "A recovery code was right";
        password_changed: "Nova senha" | "A new password";
        password_change_failed: "Tentativa de alterar a senha" | "An attempt to change the password";
        password_disowned: "“Não fui eu” em um aviso" | "“It was not me” in a notice";
        user_updated: "Mudança no cadastro" | "The profile was changed";
        terms_accepted: "Aceite dos termos" | "The terms were accepted";
        data_exported: "Cópia dos seus dados" | "A copy of your data was taken";
        account_blocked: "Bloqueio da conta" | "The account was blocked";
        deletion_requested: "Pedido de exclusão da conta" | "The deletion of the account was asked for";
        deletion_cancelled: "Exclusão da conta desfeita" | "The deletion of the account was undone";
        account_erased: "Exclusão da conta" | "The account was erased";
        access_denied: "Pedido sem permissão" | "A request without permission";
        contest_requested: "Contestação do seu documento" | "Your document was contested";
        contest_proved: "Confirmação de uma contestação" | "A contest was confirmed";
        contest_kept: "Você confirmou que o documento é seu" | "You confirmed that the document is yours";
        contest_decided: "Decisão de uma contestação" | "A contest was decided";
        account_imported: "A conta veio de outro sistema" | "The account came from another system";
        webhook_replayed: "Reenvio de um aviso a outro serviço" | "A notice to another service was sent again";
        support_found: "O suporte consultou a conta" | "Support looked at the account";
        support_unlocked: "O suporte desbloqueou a entrada" | "Support unlocked signing in";
        support_ended_sessions: "O suporte encerrou as sessões" | "Support ended the sessions";
        support_resent: "O suporte reenviou uma confirmação" | "Support sent a proof again";
        support_deleted: "O suporte excluiu a conta" | "Support deleted the account";
        support_audited: "O suporte leu este registro" | "Support read this record";
        client_entered: "Entrada em outro serviço" | "Signed in to another service";
        client_consented: "Permissão a outro serviço" | "Another service was given access";
        over_limit: "Recusas por excesso de tentativas" | "Refused for too many attempts";
        /// An event that this version does not know.
        other: "Atividade" | "Activity";
    }
}

impl Texts {
    /// Returns what happened, in words. `None`: an event that this version does not know.
    pub const fn event(&self, event: Option<Event>) -> &'static str {
        let texts = &self.own_data.events;
        let Some(event) = event else { return texts.other };
        match event {
            Event::UserCreated => texts.user_created,
            Event::ProofSent => texts.proof_sent,
            Event::ProofFailed => texts.proof_failed,
            Event::EmailProved => texts.email_proved,
            Event::EmailDisowned => texts.email_disowned,
            Event::PasswordDropped => texts.password_dropped,
            Event::PhoneReleased => texts.phone_released,
            Event::LoginSucceeded => texts.login_succeeded,
            Event::LoginFailed => texts.login_failed,
            Event::LoginLocked => texts.login_locked,
            Event::Reauthenticated => texts.reauthenticated,
            Event::TokenReused => texts.token_reused,
            Event::SessionRenewed => texts.session_renewed,
            Event::SessionLogout => texts.session_logout,
            Event::SessionEnded => texts.session_ended,
            Event::RecoveryRequested => texts.recovery_requested,
            Event::RecoveryProved => texts.recovery_proved,
            Event::PasswordChanged => texts.password_changed,
            Event::PasswordChangeFailed => texts.password_change_failed,
            Event::PasswordDisowned => texts.password_disowned,
            Event::UserUpdated => texts.user_updated,
            Event::TermsAccepted => texts.terms_accepted,
            Event::DataExported => texts.data_exported,
            Event::AccountBlocked => texts.account_blocked,
            Event::DeletionRequested => texts.deletion_requested,
            Event::DeletionCancelled => texts.deletion_cancelled,
            Event::AccountErased => texts.account_erased,
            Event::AccessDenied => texts.access_denied,
            Event::ContestRequested => texts.contest_requested,
            Event::ContestProved => texts.contest_proved,
            Event::ContestKept => texts.contest_kept,
            Event::ContestDecided => texts.contest_decided,
            Event::AccountImported => texts.account_imported,
            Event::WebhookReplayed => texts.webhook_replayed,
            Event::SupportFound => texts.support_found,
            Event::SupportUnlocked => texts.support_unlocked,
            Event::SupportEndedSessions => texts.support_ended_sessions,
            Event::SupportResent => texts.support_resent,
            Event::SupportDeleted => texts.support_deleted,
            Event::SupportAudited => texts.support_audited,
            Event::ClientEntered => texts.client_entered,
            Event::ClientConsented => texts.client_consented,
            Event::OverLimit => texts.over_limit,
        }
    }

    /// Returns what is kept by a rule and why, as its person is told. `None`: nothing that is of an account, or what goes with it.
    pub const fn kept(&self, rule: Kept) -> Option<(&'static str, &'static str)> {
        let texts = &self.own_data;
        match rule {
            Kept::Audit => Some((texts.audit, texts.audit_why)),
            Kept::EndedSessions => Some((texts.sessions, texts.sessions_why)),
            Kept::Messages => Some((texts.messages, texts.messages_why)),
            Kept::Verifications => Some((texts.codes, texts.codes_why)),
            Kept::FinishedSignups => Some((texts.signups, texts.signups_why)),
            Kept::ReplacedContacts => Some((texts.replaced, texts.replaced_why)),
            Kept::FormerContacts => Some((texts.former, texts.former_why)),
            Kept::Devices => Some((texts.devices, texts.devices_why)),
            // The same as one of those above, or a secret for minutes, or of no account that somebody can look at.
            Kept::ExpiredSessions
            | Kept::UnprovedAccounts
            | Kept::Deletions
            | Kept::UndoGrants
            | Kept::WebhookDeliveries
            | Kept::AbandonedSignups
            | Kept::SignupDevices
            | Kept::Tallies
            | Kept::Successors
            | Kept::RecoveryGrants
            | Kept::CompletionGrants
            | Kept::OpenIdRequests
            | Kept::OpenIdGrants
            | Kept::OpenIdSuccessors
            | Kept::OpenIdLogouts
            | Kept::CarrierReports
            | Kept::PhoneSpending
            | Kept::UnprovedContests
            | Kept::DecidedContests
            | Kept::CapturedMessages => None,
        }
    }
}
