//! Sending codes and links, as in `services/codes.rs`. Messages are delivered at once.

use super::{Answer, Broken, Client, House, Owner, RESEND_WAIT, Scope, Stored, Subject};
use portaria::contact::Contact;
use portaria::error::Refusal;
use portaria::limits::{SEND_WINDOW, SENDS_PER_CLIENT};
use portaria::purpose::{CodeFor, LinkFor, Purpose};
use portaria::verification::Verification;
use time::Duration;

/// The defaults of SPEC §10.
const fn lifetime(purpose: Purpose) -> Duration {
    match purpose {
        Purpose::Code(CodeFor::SignupEmail) => Duration::minutes(1),
        Purpose::Link(LinkFor::EmailProof) => Duration::hours(24),
        Purpose::Link(LinkFor::PasswordReset) => Duration::hours(1),
        _ => Duration::minutes(5),
    }
}

impl House {
    /// Counts one message against the limit of this client's address.
    pub(super) fn count_send(&mut self, who: &Client) -> Answer<()> {
        let mut tally = self.tally(Scope::AddressSend, &[who.address]);
        tally.hit(self.now, SENDS_PER_CLIENT, SEND_WINDOW).map_err(|retry_after| Refusal::TooMany { retry_after })?;
        self.save_tally(Scope::AddressSend, &[who.address], tally);
        Ok(())
    }

    /// Checks the limit of the address before anything else.
    pub(super) fn look_at_sends(&self, who: &Client) -> Answer<()> {
        match self.tally(Scope::AddressSend, &[who.address]).full_for(self.now, SENDS_PER_CLIENT, SEND_WINDOW) {
            Some(retry_after) => Err(Refusal::TooMany { retry_after }),
            None => Ok(()),
        }
    }

    /// Uses up the limit of the address, so that the next message is refused.
    pub fn use_up_sends(&mut self, who: &Client) {
        while self.count_send(who).is_ok() {}
    }

    /// Sends the live code or link again, or a new one.
    pub(super) fn send(&mut self, who: &Client, purpose: impl Into<Purpose>, subject: Subject, destination: &Contact) -> Answer<()> {
        let purpose = purpose.into();
        let (scope, counted) = (Scope::Send(purpose), destination.counted_as().into_bytes());
        let mut tally = self.tally(scope, &counted);
        let live = self.newest_of(purpose, subject).is_some_and(|it| it.facts.can_be_entered(self.now) && *it.destination == *destination);
        tally.send(self.now, RESEND_WAIT).map_err(|retry_after| Refusal::TooSoon { retry_after })?;
        self.count_send(who)?;
        self.save_tally(scope, &counted, tally);
        self.hand_over(purpose, subject, destination, live);
        Ok(())
    }

    /// Sends the first code or link of a registration, which has a limit of its own.
    pub(super) fn send_first(&mut self, who: &Client, purpose: Purpose, subject: Subject, destination: &Contact) -> Answer<()> {
        let counted = destination.counted_as().into_bytes();
        let mut tally = self.tally(Scope::Claim(purpose), &counted);
        tally.send(self.now, Duration::ZERO).map_err(|retry_after| Refusal::TooSoon { retry_after })?;
        let mut waits = self.tally(Scope::Send(purpose), &counted);
        self.count_send(who)?;
        waits.hits.push(self.now);
        self.save_tally(Scope::Claim(purpose), &counted, tally);
        self.save_tally(Scope::Send(purpose), &counted, waits);
        self.hand_over(purpose, subject, destination, false);
        Ok(())
    }

    /// Counts and refuses as [`Self::send`] does, for a contact without an account.
    pub(super) fn send_to_nobody(&mut self, who: &Client, destination: &Contact) -> Answer<()> {
        let counted = destination.counted_as().into_bytes();
        let mut tally = self.tally(Scope::Nobody, &counted);
        tally.send(self.now, RESEND_WAIT).map_err(|retry_after| Refusal::TooSoon { retry_after })?;
        self.count_send(who)?;
        self.save_tally(Scope::Nobody, &counted, tally);
        Ok(())
    }

    fn hand_over(&mut self, purpose: Purpose, subject: Subject, destination: &Contact, live: bool) {
        if live {
            return;
        }
        if !self.is_broken(Broken::ProofOfAnotherContact) {
            self.kill(|it| it.facts.purpose == purpose.into() && it.subject == subject);
        }
        let (id, lifetime) = (self.fresh(), lifetime(purpose));
        let expires_at = Some(self.now + lifetime);
        let facts = Verification { purpose: purpose.into(), lifetime, asked_at: self.now, expires_at, spent_at: None, dead_at: None };
        self.stored.push(Stored { id, subject, destination: destination.clone().into(), facts, spent_by: None::<Owner> });
    }
}
