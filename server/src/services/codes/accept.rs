//! Accepting a code that somebody enters (SPEC §4, §16).

use super::super::entries::{CodeSubmitter, Entries};
use super::super::turn::{Done, Stop, Turn};
use crate::db::verifications::{self, Subject};
use crate::db::{audit, link_codes};
use crate::seal::Index;
use portaria::audit::Event;
use portaria::entries::RevokedCodes;
use portaria::error::Refusal;
use portaria::purpose::CodeFor;
use portaria::value::Code;
use portaria::verification::{Proof, Verdict, judge};

/// A right code: its sign-up, account or contest, and the proof of where it had been sent.
pub(in crate::services) struct Entered {
    pub subject: Subject,
    pub destination: Vec<u8>,
    /// For a recovery code, the contact that it was sent to.
    pub via: Option<Vec<u8>>,
    pub proof: Proof,
}

impl Turn<'_> {
    /// Does what [`Turn::take_code`] does, and audits a refusal.
    pub(in crate::services) async fn enter_code(
        &mut self,
        purpose: CodeFor,
        destination: &Index,
        code: &Code,
        only: Option<Subject>,
        submitter: CodeSubmitter<'_>,
    ) -> Done<Entered> {
        match self.take_code(purpose, destination, code, only, submitter).await {
            Err(Stop::Refused(refusal)) => {
                let outcome = refusal.code();
                let entry = audit::Entry { subject: Some(destination), ..audit::Entry::of(Event::ProofFailed, outcome) };
                self.audit(entry).await?;
                Err(refusal.into())
            }
            done => done,
        }
    }

    /// Accepts a code typed for a destination. The entry is counted before the code is compared. A lock lets one entry
    /// through at a time: of two right ones at once, one wins. `only` restricts it to one sign-up, account or contest.
    ///
    /// The holder of the sign-up or account is counted separately, and only its own wrong entries block it. Strangers can
    /// neither use up its entries nor kill its code. A daily limit bounds what strangers may guess (SPEC §16).
    pub(in crate::services) async fn take_code(
        &mut self,
        purpose: CodeFor,
        destination: &Index,
        code: &Code,
        only: Option<Subject>,
        submitter: CodeSubmitter<'_>,
    ) -> Done<Entered> {
        let mut entries = Entries::lock(&mut self.tx, self.now, purpose, destination, submitter).await?;
        let before = entries.clone();
        let blocked = entries.strike(self.now, self.rules.entries);
        entries.save(&mut self.tx).await?;
        let mut lapsed = false;
        for stored in verifications::open_at(&mut self.tx, purpose, destination, self.now).await? {
            if only.is_some_and(|only| only != stored.subject) {
                continue;
            }
            match judge(&stored.facts, destination.newest(), stored.is_code(self.sealer, code.as_str()), self.now) {
                Verdict::Accepted(proof) if verifications::spend(&mut self.tx, self.now, stored.id).await? => {
                    before.cleared().save(&mut self.tx).await?;
                    self.by_code = true;
                    return Ok(Entered { subject: stored.subject, destination: destination.to_vec(), via: stored.via, proof });
                }
                Verdict::TooLate => lapsed = true,
                _ => {}
            }
        }
        if lapsed {
            // A right code that is too late is not a guess: it does not count against the person.
            before.save(&mut self.tx).await?;
            return Err(if purpose.reports_expiry() { Refusal::CodeLapsed } else { Refusal::CodeRefused }.into());
        }
        if blocked {
            match (submitter.revokes(), only) {
                (RevokedCodes::Own, Some(own)) => {
                    verifications::kill_of(&mut self.tx, self.now, purpose, own).await?;
                    if let (CodeFor::SignupEmail, Subject::Account(account)) = (purpose, own) {
                        link_codes::kill_code_beside(&mut self.tx, self.now, account).await?;
                    }
                }
                _ => link_codes::kill_unheld_at(&mut self.tx, self.now, purpose, destination).await?,
            }
            return Err(Refusal::CodeBlocked { retry_after: entries.blocked_for(self.now).unwrap_or(1) }.into());
        }
        Err(Refusal::CodeRefused.into())
    }
}
