//! E-mail links: looking at one, proving an address by it, sending it again.

use super::codes::{Destination, Sending};
use super::{Service, Tx};
use crate::db::verifications::{self, Stored, Subject};
use crate::db::{accounts, audit};
use crate::fault::{Fault, Outcome};
use portaria::error::{Field, Refusal};
use portaria::message::{Channel, Purpose};
use portaria::session::{Requester, Token};
use portaria::value::Email;
use portaria::verification::{Verdict, judge};
use sqlx::PgConnection;
use time::OffsetDateTime;

impl Service {
    /// The link with this token and purpose, locked until the transaction ends, and whose it is.
    pub(super) async fn link(&self, conn: &mut PgConnection, token: &Token, purpose: Purpose) -> Outcome<(Stored, i64)> {
        let stored = verifications::by_link(conn, &self.sealer, token.expose()).await?.filter(|it| it.facts.purpose == purpose);
        Ok(match stored {
            Some(stored) => match stored.subject {
                Subject::Account(account) => Ok((stored, account)),
                Subject::Signup(_) | Subject::Contest(_) => return Err(Fault::inconsistent("verifications", "account_id")),
            },
            None => Err(Refusal::LinkUnknown),
        })
    }

    /// What opening a link would come to, without doing it.
    pub(super) async fn do_look_at_link(&self, tx: &mut Tx, token: &Token, now: OffsetDateTime) -> Outcome<()> {
        Ok(match self.link(tx, token, Purpose::EmailLink).await? {
            Ok((stored, _)) => open_link(&stored, now).map(|_| ()),
            Err(refusal) => Err(refusal),
        })
    }

    /// Proves the address. A used link opened again in its lifetime is success again (SPEC §3).
    pub(super) async fn do_prove_link(&self, tx: &mut Tx, who: &Requester, token: &Token, now: OffsetDateTime) -> Outcome<()> {
        let (stored, account_id) = match self.link(tx, token, Purpose::EmailLink).await? {
            Ok(link) => link,
            Err(refusal) => {
                let entry = audit::Entry { event: "email_proved", outcome: refusal.code(), ..audit::Entry::default() };
                audit::record(tx, now, who, entry).await?;
                return Ok(Err(refusal));
            }
        };
        let answer = match open_link(&stored, now) {
            Ok(Verdict::Accepted) => self.prove_address(tx, now, &stored, account_id).await?,
            Ok(_) => Ok(()),
            Err(refusal) => Err(refusal),
        };
        let outcome = answer.as_ref().map_or_else(Refusal::code, |()| "ok");
        let entry =
            audit::Entry { event: "email_proved", outcome, account: Some(account_id), signup: None, subject: Some(&stored.destination) };
        audit::record(tx, now, who, entry).await?;
        Ok(answer)
    }

    async fn prove_address(&self, tx: &mut Tx, now: OffsetDateTime, stored: &Stored, account_id: i64) -> Outcome<()> {
        let account = accounts::by_id(tx, &self.sealer, account_id).await?.ok_or(Fault::inconsistent("accounts", "id"))?;
        let sent_to = |email: &Email| self.destination_index(&Destination::Email(email.clone())) == stored.destination;
        let Some(email) = account.email.as_ref().filter(|email| sent_to(email)) else {
            return Ok(Err(Refusal::LinkUnknown));
        };
        let mut proved = accounts::prove_email(tx, now, account_id, email).await?;
        if !proved && self.release_lapsed(tx, now, email, account_id).await? {
            proved = accounts::prove_email(tx, now, account_id, email).await?;
        }
        if !proved {
            return Ok(Err(Refusal::Taken(Field::Email)));
        }
        verifications::spend(tx, now, stored.id).await?;
        Ok(Ok(()))
    }

    /// Removes the claim on an address that another account has, if it was never proved and its proof has lapsed.
    async fn release_lapsed(&self, tx: &mut Tx, now: OffsetDateTime, email: &Email, own: i64) -> Result<bool, Fault> {
        match accounts::by_email(tx, &self.sealer, email).await? {
            Some(other) if other.id != own && !self.still_claims(tx, &other, now).await? => accounts::delete_unproved(tx, other.id).await,
            _ => Ok(false),
        }
    }

    /// Sends the link of an account that waits for it again. Always the same answer, also when it is too early: nothing is
    /// sent then (SPEC §11).
    pub(super) async fn do_resend_link(&self, tx: &mut Tx, who: &Requester, email: &str, now: OffsetDateTime) -> Outcome<()> {
        let email = match Email::parse(email) {
            Ok(email) => email,
            Err(error) => return Ok(Err(Refusal::field(Field::Email, error))),
        };
        let waiting = accounts::awaiting_link(tx, &self.sealer, &email).await?;
        let Some(account) = waiting else {
            let index = self.destination_index(&Destination::Email(email));
            let entry = audit::Entry { event: "proof_sent", outcome: "nobody-waits", subject: Some(&index), ..audit::Entry::default() };
            audit::record(tx, now, who, entry).await?;
            return self.count_send(tx, who, now).await;
        };
        let sending = Sending {
            purpose: Purpose::EmailLink,
            subject: Subject::Account(account.id),
            destination: &Destination::Email(email),
            channel: Channel::Email,
            chosen: false,
            name: account.name.first(),
        };
        match self.send(tx, who, now, &sending).await? {
            Ok(()) => Ok(Ok(())),
            // counted like an unknown address: the limit must not tell them apart
            Err(Refusal::TooSoon { .. }) => self.count_send(tx, who, now).await,
            Err(refusal) => Ok(Err(refusal)),
        }
    }
}

/// Whether a link may be used: for the first time, or again within its lifetime.
fn open_link(stored: &Stored, now: OffsetDateTime) -> Result<Verdict, Refusal> {
    match judge(&stored.facts, true, now) {
        Verdict::UsedBefore if stored.facts.good_until() <= now => Err(Refusal::LinkLapsed),
        verdict @ (Verdict::Accepted | Verdict::UsedBefore) => Ok(verdict),
        Verdict::TooLate => Err(Refusal::LinkLapsed),
        Verdict::Refused => Err(Refusal::LinkUnknown),
    }
}
