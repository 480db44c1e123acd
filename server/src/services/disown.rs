//! "Não fui eu": the link in the notice of a changed password or phone (SPEC §5; ASVS 6.3.7, 7.4.3).
//!
//! Whoever holds it reads the owner's mail or phone, so it opens what a recovery opens: every session ends, the password
//! that somebody set is out of force at once and the phone that somebody added is gone, and the one who asks may set a new one. Like any link it works once; and only
//! while it was sent to a contact that the account still has, so that a lost phone's next owner cannot use an old one.

use super::codes::Destination;
use super::signups::whole_seconds;
use super::{Service, Tx};
use crate::db::verifications::{self, Stored, Subject};
use crate::db::{accounts, audit, devices, proofs, recovery_grants, sessions};
use crate::fault::{Fault, Outcome};
use portaria::account::Account;
use portaria::accounts::Answer;
use portaria::error::Refusal;
use portaria::message::{Channel, Purpose};
use portaria::recovery::{GRANT_LIFETIME, ResetGrant, open_once};
use portaria::session::{Requester, Token};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

const PURPOSE: Purpose = Purpose::NotMe;

impl Service {
    /// A new such link to a contact of the owner. Older ones go on working: a thief's second change must not take the first
    /// notice its force.
    pub(super) async fn not_me_link(
        &self,
        conn: &mut PgConnection,
        now: OffsetDateTime,
        account: i64,
        channel: Channel,
        destination: &Destination,
    ) -> Result<Uuid, Fault> {
        let new = verifications::New {
            purpose: PURPOSE,
            subject: Subject::Account(account),
            destination: &self.destination_index(destination),
            channel,
            channel_chosen: false,
            lifetime: self.rules.lifetime(PURPOSE.lifetime()),
        };
        Ok(verifications::insert(conn, &self.sealer, now, &new).await?.id)
    }

    async fn not_me(&self, tx: &mut PgConnection, token: &Token, now: OffsetDateTime) -> Outcome<(Stored, Account)> {
        let (stored, id) = match self.link(&mut *tx, token, PURPOSE).await? {
            Ok(link) => link,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if let Err(refusal) = open_once(&stored.facts, now) {
            return Ok(Err(refusal));
        }
        let account = self.account(tx, id).await?;
        let email = account.email.clone().filter(|_| account.email_proved_at.is_some()).map(Destination::Email);
        let phone = account.phone.clone().filter(|_| account.phone_proved_at.is_some()).map(Destination::Phone);
        let still_theirs = email.iter().chain(&phone).any(|contact| self.destination_index(contact) == stored.destination);
        Ok(if still_theirs { Ok((stored, account)) } else { Err(Refusal::LinkUnknown) })
    }

    /// Whether the link may be used, without using it.
    pub(super) async fn do_look_at_not_me(&self, tx: &mut Tx, token: &Token, now: OffsetDateTime) -> Outcome<()> {
        Ok(self.not_me(tx, token, now).await?.map(|_| ()))
    }

    /// Uses it. First a look, then the row of the login lock, then the link: in that order, as whatever sets a password.
    pub(super) async fn do_disown_password(&self, who: &Requester, token: &Token) -> Answer<ResetGrant> {
        self.count_guess(who).await?;
        let mut tx = self.begin().await?;
        let outcome = self.not_me(&mut tx, token, self.now()).await;
        let (_, account) = self.settle(tx, outcome).await?;
        let now = self.now();
        let mut tx = self.begin().await?;
        let outcome = async {
            self.lock_login(&mut tx, now, account.id).await?;
            match self.not_me(&mut tx, token, now).await? {
                Ok((stored, account)) => self.disown(&mut tx, who, now, &stored, &account).await,
                Err(refusal) => Ok(Err(refusal)),
            }
        }
        .await;
        self.settle(tx, outcome).await
    }

    async fn disown(&self, tx: &mut Tx, who: &Requester, now: OffsetDateTime, stored: &Stored, account: &Account) -> Outcome<ResetGrant> {
        verifications::spend(tx, now, stored.id).await?;
        for purpose in [PURPOSE, Purpose::Recovery, Purpose::ResetLink, Purpose::LoginPhone, Purpose::PhoneChange] {
            verifications::kill_of(tx, now, purpose, Subject::Account(account.id)).await?;
        }
        // a phone that came to the account since is whose who is being shut out, unless the link went there
        let asked_there = account.phone.clone().map(Destination::Phone).is_some_and(|it| self.destination_index(&it) == stored.destination);
        if !asked_there {
            accounts::drop_phone_since(tx, now, account.id, stored.facts.asked_at).await?;
        }
        let account = account.id;
        recovery_grants::spend_all(tx, now, account).await?;
        proofs::forget(tx, account).await?;
        sessions::end_all(tx, now, account, None, "disowned").await?;
        devices::forget(tx, account).await?;
        accounts::clear_password(tx, now, account).await?;
        self.clear_login(tx, &account.to_be_bytes()).await?;
        let token = recovery_grants::insert(tx, &self.sealer, now, account).await?;
        let entry = audit::Entry {
            event: "password_disowned",
            outcome: "ok",
            account: Some(account),
            signup: None,
            subject: Some(&stored.destination),
        };
        audit::record(tx, now, who, entry).await?;
        Ok(Ok(ResetGrant { token, expires_in: whole_seconds(GRANT_LIFETIME) }))
    }
}
