//! Telling owners what happens to their account (ASVS 6.3.5, 6.3.7).

use super::Service;
use super::codes::Destination;
use crate::db::{outbox, tallies};
use crate::fault::Fault;
use portaria::account::Account;
use portaria::message::{Channel, Content};
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

/// A notice that could not leave for so long says nothing any more.
const NOTICE_LIFETIME: Duration = Duration::hours(24);
/// The least time between two notices of one kind to one account, doubling: a stranger cannot fill a mailbox.
const NOTICE_WAIT: Duration = Duration::minutes(5);

impl Service {
    /// Tells the owner, by proved e-mail or else by SMS; at most as often as sends are allowed. Nothing is told to an
    /// address that nobody proved.
    pub(super) async fn tell_owner(
        &self,
        conn: &mut PgConnection,
        now: OffsetDateTime,
        account: &Account,
        content: &Content,
    ) -> Result<(), Fault> {
        let (channel, contact) = match (&account.email, account.email_proved_at, &account.phone, account.phone_proved_at) {
            (Some(email), Some(_), ..) => (Channel::Email, Destination::Email(email.clone())),
            (.., Some(phone), Some(_)) if phone.is_mobile() && self.may_send_to(phone) => (Channel::Sms, Destination::Phone(phone.clone())),
            _ => return Ok(()),
        };
        let scope = match content {
            // neither is an account's notice
            Content::Proof { .. } | Content::DocumentFree => return Ok(()),
            Content::AlreadyRegistered { .. } => "notice/already_registered",
            Content::NewDevice { .. } => "notice/new_device",
            Content::Locked { .. } => "notice/locked",
            Content::PhoneChanged { .. } => "notice/phone_changed",
            Content::PasswordChanged { .. } => "notice/password_changed",
        };
        let key = account.id.to_be_bytes();
        let mut tally = tallies::lock(&mut *conn, scope, &key, now).await?;
        // these at once (SPEC §5): no stranger causes one, and a thief's second must not pass in silence; the earlier ones stay
        // good, so that past so many in an hour another says nothing new
        let wait = match content {
            Content::PasswordChanged { .. } | Content::PhoneChanged { .. } => Duration::ZERO,
            _ => NOTICE_WAIT,
        };
        if tally.send(now, wait).is_err() {
            return Ok(());
        }
        tallies::save(&mut *conn, scope, &key, &tally).await?;
        let verification_id = match content {
            Content::PasswordChanged { .. } => Some(self.not_me_link(&mut *conn, now, account.id, channel, &contact).await?),
            // the phone that was left is no contact of the account any more, and its link would open nothing
            Content::PhoneChanged { .. } if channel == Channel::Email => {
                Some(self.not_me_link(&mut *conn, now, account.id, channel, &contact).await?)
            }
            _ => None,
        };
        let drop_at = now + NOTICE_LIFETIME;
        let message = outbox::NewMessage { channel, recipient: contact.recipient(), content, verification_id, drop_at };
        outbox::enqueue(conn, &self.sealer, now, &message).await?;
        Ok(())
    }
}
