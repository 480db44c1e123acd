//! What support does at the command line (SPEC §14, `portaria accounts`). Each act is audited, with the command and the number of the
//! system's user in the place of a User-Agent. What it finds is masked by `portaria::support`.

use super::codes::{Sending, entry_scope};
use super::entries::{guess_scope, held_scope};
use super::erasure::{self, Eraser};
use super::login::{IDENTIFIER, LOCK};
use super::signups::delivery;
use super::turn::{Done, Stop, Turn};
use super::{Service, ourselves};
use crate::db::signups::Signup;
use crate::db::verifications::{self, Stored, Subject};
use crate::db::{accounts, audit, contacts, documents, sessions, signups, tallies};
use crate::delivery::lanes::Bell;
use crate::fault::Fault;
use portaria::account::Account;
use portaria::audit::Event;
use portaria::contact::Contact;
use portaria::error::Refusal;
use portaria::login::{Identifier, Reading};
use portaria::message::Channel;
use portaria::purpose::{CodeFor, Purpose};
use portaria::session::Requester;
use portaria::support::{AuditRow, Beside, Found, FoundAccount, FoundProof, FoundSignup, Resent, Sought};
use portaria::value::Document;

/// Why an act of support was not done.
#[derive(Debug)]
pub enum NotDone {
    /// Nobody can be meant.
    Nobody,
    /// More than one may be meant: the number of one of them says which.
    Several(Box<Found>),
    /// The account waits for no proof.
    NothingWaits,
    /// A limit, or something of ours is broken.
    Refused(Refusal),
}

impl From<Refusal> for NotDone {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// The result of an act.
pub type Acted<T> = Result<T, NotDone>;

/// What unlocking did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Unlocked {
    pub id: i64,
    /// Whether signing in was locked.
    pub was_locked: bool,
    /// How many counts were cleared: of failed sign-ins, and of wrong codes.
    pub cleared: u32,
    /// What still keeps the owner out, which unlocking does not lift.
    pub still: Option<KeptOut>,
}

/// Why an owner does not get in, whatever is unlocked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum KeptOut {
    /// The owner blocked the account: only a recovery lifts it.
    Blocked,
    /// The owner asked for its deletion, which comes at this second since the epoch unless they undo it.
    Deletion { deletes_at: i64 },
    /// No contact is proved.
    Unproved,
}

impl KeptOut {
    fn of(account: &Account) -> Option<Self> {
        match account.may_sign_in() {
            Err(Refusal::AccountBlocked) => Some(Self::Blocked),
            Err(Refusal::DeletionPending { deletes_at }) => Some(Self::Deletion { deletes_at }),
            Err(Refusal::NotVerified) => Some(Self::Unproved),
            _ => None,
        }
    }
}

/// What ending sessions did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Ended {
    pub id: i64,
    /// How many living sessions were ended.
    pub sessions: u64,
}

/// What was recorded of an account.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Audited {
    pub id: i64,
    /// The newest first.
    pub rows: Vec<AuditRow>,
}

/// The requester in the audit: a command of `portaria accounts`, and who runs it.
pub fn operator(command: &str) -> Requester {
    ourselves(&format!("portaria accounts {command} (uid {})", rustix::process::getuid().as_raw()))
}

impl Service {
    /// `portaria accounts find`: everybody who may be meant.
    pub async fn find_account(&self, by: &Requester, sought: &Sought) -> Acted<Found> {
        let mut turn = self.turn(by).await?;
        let done = turn.find_account(sought).await;
        Ok(turn.end(done).await?)
    }

    /// `portaria accounts unlock`: ends the lock of an account's sign-in, and clears the counts of its wrong entries. Limits of sending
    /// stay: they protect who is sent to.
    pub async fn unlock_account(&self, by: &Requester, sought: &Sought) -> Acted<Unlocked> {
        let mut turn = self.turn(by).await?;
        let done = turn.unlock_account(sought).await;
        turn.end(done).await?
    }

    /// `portaria accounts audit`: what was recorded of an account, the newest first, at most `limit` rows.
    pub async fn audit_of_account(&self, by: &Requester, sought: &Sought, limit: u32) -> Acted<Audited> {
        let mut turn = self.turn(by).await?;
        let done = turn.audit_of_account(sought, limit).await;
        turn.end(done).await?
    }

    /// `portaria accounts end-sessions`: ends every session of an account.
    pub async fn end_account_sessions(&self, by: &Requester, sought: &Sought) -> Acted<Ended> {
        let mut turn = self.turn(by).await?;
        let done = turn.end_account_sessions(sought).await;
        turn.end(done).await?
    }

    /// `portaria accounts resend`: sends the proof again that an account or a sign-up waits for, within the limits that hold for everybody.
    pub async fn resend_proof(&self, by: &Requester, sought: &Sought) -> Acted<Resent> {
        let mut turn = self.turn(by).await?;
        let done = turn.resend_proof(sought).await;
        turn.end(done).await?
    }

    /// `portaria accounts delete`: erases the account with this number at once, by the same path as fourteen days do.
    pub async fn delete_account(&self, by: &Requester, id: i64) -> Acted<()> {
        let eraser = Eraser {
            sealer: &self.sealer,
            webhooks: &self.webhooks,
            receivers: &self.receivers,
            now: self.now(),
            who: by,
            event: Event::SupportDeleted,
            asked_before: None,
        };
        let erased = erasure::erase(&self.pool, eraser, id, &self.metrics).await.map_err(|fault| fault.log_and_refuse())?;
        if erased {
            self.bells.ring(Bell::Webhooks);
            self.bells.ring(Bell::Logouts);
            return Ok(());
        }
        let mut turn = self.turn(by).await?;
        let done = turn.note(Event::SupportDeleted, "nobody", None, &Sought::id(id)).await.map_err(Stop::from);
        turn.end(done).await?;
        Err(NotDone::Nobody)
    }
}

impl Turn<'_> {
    async fn find_account(&mut self, sought: &Sought) -> Done<Found> {
        let found = accounts::sought(&mut self.tx, self.sealer, sought).await?;
        let waiting = self.waiting_signups(sought).await?;
        for account in &found {
            self.note(Event::SupportFound, "ok", Some(account.id), sought).await?;
        }
        if found.is_empty() {
            self.note(Event::SupportFound, if waiting.is_empty() { "nobody" } else { "signup" }, None, sought).await?;
        }
        Ok(self.shown(&found, &waiting).await?)
    }

    async fn unlock_account(&mut self, sought: &Sought) -> Done<Acted<Unlocked>> {
        let account = match self.the_account(Event::SupportUnlocked, sought).await? {
            Ok(account) => account,
            Err(not_done) => return Ok(Err(not_done)),
        };
        let own = account.id.to_be_bytes();
        let login = tallies::lock(&mut self.tx, LOCK, &own, self.now).await?;
        let was_locked = login.blocked_for(self.now).is_some();
        let mut cleared = u32::from(tallies::clear(&mut self.tx, LOCK, &own).await?);
        for (scope, key) in self.entry_tallies(&account).await? {
            cleared += u32::from(tallies::clear(&mut self.tx, &scope, &key).await?);
        }
        self.note(Event::SupportUnlocked, "ok", Some(account.id), sought).await?;
        Ok(Ok(Unlocked { id: account.id, was_locked, cleared, still: KeptOut::of(&account) }))
    }

    /// Scope and key of each count of wrong codes that could hold an account's owner up, in the order in which they are locked everywhere.
    async fn entry_tallies(&mut self, account: &Account) -> Result<Vec<(String, Vec<u8>)>, Fault> {
        let contacts = [account.email.clone().map(Contact::Email), account.phone.clone().map(Contact::Phone)];
        let contacts: Vec<_> = contacts.into_iter().flatten().map(|contact| contacts::index(self.sealer, &contact).to_vec()).collect();
        let documents = [account.cpf.clone().map(Document::Cpf), account.cnpj.clone().map(Document::Cnpj)];
        let documents: Vec<_> =
            documents.into_iter().flatten().map(|document| documents::recovery_index(self.sealer, &document).to_vec()).collect();
        let mut held: Vec<_> = signups::ids_of(&mut self.tx, account.id).await?.into_iter().map(|id| id.as_bytes().to_vec()).collect();
        held.push(account.id.to_be_bytes().to_vec());
        let mut found = Vec::new();
        for purpose in CodeFor::ALL {
            found.extend(held.iter().map(|key| (held_scope(*purpose), key.clone())));
            let entered = if *purpose == CodeFor::Recovery { &documents } else { &contacts };
            for key in entered {
                found.extend([(entry_scope(*purpose), key.clone()), (guess_scope(*purpose), key.clone())]);
            }
        }
        Ok(found)
    }

    async fn end_account_sessions(&mut self, sought: &Sought) -> Done<Acted<Ended>> {
        let account = match self.the_account(Event::SupportEndedSessions, sought).await? {
            Ok(account) => account,
            Err(not_done) => return Ok(Err(not_done)),
        };
        self.lock_login(account.id).await?;
        let sessions = self.end_sessions(account.id, None, "ended_by_support").await?;
        self.note(Event::SupportEndedSessions, "ok", Some(account.id), sought).await?;
        Ok(Ok(Ended { id: account.id, sessions }))
    }

    /// Reading is an act too: its own row is written after the others are read.
    async fn audit_of_account(&mut self, sought: &Sought, limit: u32) -> Done<Acted<Audited>> {
        let account = match self.the_account(Event::SupportAudited, sought).await? {
            Ok(account) => account,
            Err(not_done) => return Ok(Err(not_done)),
        };
        let rows = audit::of_account(&mut self.tx, account.id, limit.into()).await?;
        self.note(Event::SupportAudited, "ok", Some(account.id), sought).await?;
        Ok(Ok(Audited { id: account.id, rows }))
    }

    async fn resend_proof(&mut self, sought: &Sought) -> Done<Acted<Resent>> {
        let found = accounts::sought(&mut self.tx, self.sealer, sought).await?;
        let waiting = self.waiting_signups(sought).await?;
        let (awaiting, settled): (Vec<_>, Vec<_>) = found.into_iter().partition(|account| account.awaited_proof().is_some());
        // The sign-ups of one phone are those of one person: the newest has the code that counts.
        let done = match (awaiting.as_slice(), waiting.into_iter().next()) {
            ([account], None) => self.send_account_proof(account).await.map(|resent| (resent, Some(account.id))),
            ([], Some(mut signup)) => self.send_signup_proof(&mut signup).await.map(|resent| (resent, None)),
            ([], None) => {
                let (outcome, not_done) =
                    if settled.is_empty() { ("nobody", NotDone::Nobody) } else { ("nothing-waits", NotDone::NothingWaits) };
                self.note(Event::SupportResent, outcome, settled.first().map(|account| account.id), sought).await?;
                return Ok(Err(not_done));
            }
            (several, signup) => {
                self.note(Event::SupportResent, "several", None, sought).await?;
                let found = self.shown(several, signup.as_slice()).await?;
                return Ok(Err(NotDone::Several(Box::new(found))));
            }
        };
        match done {
            Ok((resent, account)) => {
                self.note(Event::SupportResent, "ok", account, sought).await?;
                Ok(Ok(resent))
            }
            Err(super::turn::Stop::Refused(refusal)) => {
                self.note(Event::SupportResent, refusal.code(), awaiting.first().map(|account| account.id), sought).await?;
                Ok(Err(refusal.into()))
            }
            Err(broken) => Err(broken),
        }
    }

    /// Sends the code or link that an account waits for: the newest one's kind, or the one that its kind of account usually gets.
    async fn send_account_proof(&mut self, account: &Account) -> Done<Resent> {
        let purpose = match self.newest_proof(account).await? {
            Some((purpose, _)) => Some(purpose),
            None => account.awaited_proof().and_then(|(_, purposes)| purposes.first().copied()),
        };
        let (Some(purpose), Some(email)) = (purpose, account.email.clone()) else {
            return Err(Fault::inconsistent("accounts", "email").into());
        };
        let destination = Contact::Email(email);
        let sending = Sending::to_account(account, purpose, &destination, Channel::Email);
        self.send(&sending).await?;
        Ok(Resent::to(&destination, Channel::Email))
    }

    async fn send_signup_proof(&mut self, signup: &mut Signup) -> Done<Resent> {
        let destination = signup.kept.draft.contact(signup.kind.journey()).ok_or(Fault::inconsistent("signups", "draft_sealed"))?;
        self.send_again(signup, "").await?;
        Ok(Resent::to(&destination, signup.kept.channel))
    }

    /// The one account that is meant.
    async fn the_account(&mut self, event: Event, sought: &Sought) -> Done<Acted<Account>> {
        let mut found = accounts::sought(&mut self.tx, self.sealer, sought).await?;
        match found.pop() {
            Some(account) if found.is_empty() => Ok(Ok(account)),
            Some(last) => {
                found.push(last);
                self.note(event, "several", None, sought).await?;
                Ok(Err(NotDone::Several(Box::new(self.shown(&found, &[]).await?))))
            }
            None => {
                self.note(event, "nobody", None, sought).await?;
                Ok(Err(NotDone::Nobody))
            }
        }
    }

    async fn note(&mut self, event: Event, outcome: &'static str, account: Option<i64>, sought: &Sought) -> Result<(), Fault> {
        let subject = self.sealer.found(IDENTIFIER, &sought.canonical());
        self.audit(audit::Entry { event, outcome, account, signup: None, subject: Some(&subject) }).await
    }

    /// The sign-ups that wait for a code on the phone that was typed, the newest first.
    async fn waiting_signups(&mut self, sought: &Sought) -> Result<Vec<Signup>, Fault> {
        let readings = sought.identifier().map(Identifier::readings).unwrap_or_default();
        let Some(phone) = readings.iter().find_map(|reading| if let Reading::Phone(phone) = reading { Some(phone) } else { None }) else {
            return Ok(Vec::new());
        };
        signups::waiting_on_phone(&mut self.tx, self.sealer, self.now, &accounts::phone_index(self.sealer, phone)).await
    }

    async fn shown(&mut self, found: &[Account], waiting: &[Signup]) -> Result<Found, Fault> {
        let mut shown = Found::default();
        for account in found {
            let login = tallies::peek(&mut self.tx, LOCK, &account.id.to_be_bytes()).await?;
            let since = self.now - self.rules.lockout.window;
            let proof = self.newest_proof(account).await?.zip(account.email.clone());
            let beside = Beside {
                sessions: sessions::count(&mut self.tx, self.now, account.id).await?,
                locked_for: login.blocked_for(self.now),
                failed_sign_ins: login.hits.iter().filter(|hit| **hit > since).count(),
                proof: proof.map(|((purpose, stored), email)| self.shown_proof(purpose, &stored, &Contact::Email(email))),
            };
            shown.accounts.push(FoundAccount::new(account, beside));
        }
        for signup in waiting {
            let journey = signup.kind.journey();
            let Some(contact) = signup.kept.draft.contact(journey) else { continue };
            let stored = verifications::newest_of(&mut self.tx, journey.proof_purpose, Subject::Signup(signup.id)).await?;
            shown.signups.push(FoundSignup {
                kind: signup.kind,
                phone: contact.masked(),
                begun_at: signup.created_at.unix_timestamp(),
                proof: stored.map(|stored| self.shown_proof(journey.proof_purpose, &stored, &contact)),
            });
        }
        Ok(shown)
    }

    /// The newest code or link that went to the address of an account whose proof is missing.
    async fn newest_proof(&mut self, account: &Account) -> Result<Option<(Purpose, Stored)>, Fault> {
        let Some((email, purposes)) = account.awaited_proof() else { return Ok(None) };
        let contact = Contact::Email(email.clone());
        let mut newest: Option<(Purpose, Stored)> = None;
        for purpose in purposes {
            let stored = verifications::newest_of(&mut self.tx, purpose, Subject::Account(account.id)).await?;
            if let Some(stored) = stored.filter(|stored| stored.went_to(self.sealer, &contact))
                && newest.as_ref().is_none_or(|(_, before)| before.facts.asked_at < stored.facts.asked_at)
            {
                newest = Some((purpose, stored));
            }
        }
        Ok(newest)
    }

    fn shown_proof(&self, purpose: Purpose, stored: &Stored, contact: &Contact) -> FoundProof {
        FoundProof {
            purpose: purpose.facts().name,
            destination: contact.masked(),
            channel: stored.channel,
            delivery: delivery(stored, self.now),
            asked_at: stored.facts.asked_at.unix_timestamp(),
            expires_at: stored.facts.expires_at.map(time::OffsetDateTime::unix_timestamp),
        }
    }
}
