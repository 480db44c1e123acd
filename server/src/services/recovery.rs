//! Recovery by CPF or CNPJ (002): a code goes to each contact in force. Entries are counted by the typed document.
//!
//! Each contact gets its own code, whose destination is the document. Five wrong entries are allowed, whether or not the
//! document is known. The code tells which contact reset the password; the others go out of force until they are confirmed
//! again (SPEC §16). Rejected: one code for all contacts. Somebody who had added a contact to another person's account
//! would then be sent that person's code. Sends count against the contact, so that a second document of the account does
//! not double them.

use super::Service;
use super::codes::{CodeSubmitter, Sending, asked_by, entry_scope, send_scope};
use super::signups::whole_seconds;
use super::throttle::Allowance;
use super::turn::{Caught, Done, Turn};
use crate::client::Client;
use crate::db::contacts;
use crate::db::verifications::{self, Stored, Subject};
use crate::db::{accounts, audit, documents, outbox, recovery_grants, rungs, tallies};
use crate::fault::Fault;
use crate::seal::Index;
use portaria::account::Account;
use portaria::accounts::Answer;
use portaria::audit::Event;
use portaria::contact::Contact;
use portaria::error::{Field, FieldError, FieldErrors, Refusal};
use portaria::message::{Channel, Content};
use portaria::purpose::CodeFor;
use portaria::recovery::{self, CHANNELS, GRANT_LIFETIME, RecoverySent, ResetGrant};
use portaria::session::Requester;
use portaria::value::{Code, Document};

const PURPOSE: CodeFor = CodeFor::Recovery;
/// The audit event of a request.
const REQUESTED: Event = Event::RecoveryRequested;

/// A contact and the channel to it.
struct Route {
    destination: Contact,
    channel: Channel,
}

impl Service {
    /// Sends recovery codes. Unknown and invalid documents get the same answer (message 3), until an address has asked for
    /// too many. Then every document gets the usual answer and nothing is sent, so that nobody learns who is registered.
    pub(super) async fn send_recovery_codes(&self, who: &Requester, typed: &str, channel: &str) -> Answer<RecoverySent> {
        let chosen = self.asked_channel(channel, CHANNELS)?;
        let document = match Document::parse(typed) {
            Err(FieldError::Required) => {
                let refusal = Refusal::field(Field::Document, FieldError::Required);
                return self.audited(who, REQUESTED, Err(refusal)).await;
            }
            parsed => parsed.ok(),
        };
        match self.refuse_used_up(who, REQUESTED.as_str(), &[Allowance::Misses, Allowance::Sends]).await {
            Ok(()) => {}
            Err(Refusal::TooMany { .. }) => return Ok(self.neutrally_sent(chosen)),
            Err(refusal) => return Err(refusal),
        }
        let mut turn = self.turn(who).await?;
        let done = turn.send_for_document(document.as_ref(), chosen).await;
        turn.end(done).await
    }

    /// The usual answer where nothing is sent.
    fn neutrally_sent(&self, chosen: Option<Channel>) -> RecoverySent {
        self.recovery_sent(&[], chosen, self.rules.resend_wait.whole_seconds())
    }

    fn recovery_sent(&self, routes: &[Route], chosen: Option<Channel>, resend_in: i64) -> RecoverySent {
        let to_phone = || routes.iter().map(|route| route.channel).find(|channel| *channel != Channel::Email);
        let by = chosen.or_else(to_phone).or_else(|| routes.first().map(|route| route.channel));
        RecoverySent {
            destinations: routes.iter().map(|route| route.destination.masked()).collect(),
            channel: by.unwrap_or(Channel::Email),
            expires_in: whole_seconds(self.rules.code_recovery),
            resend_in: u32::try_from(resend_in).unwrap_or(0),
        }
    }

    /// The routes to an account's proved contacts over the channels set up here. If none is set up, all contacts are used
    /// and the messages wait in the outbox.
    fn routes(&self, account: &Account, chosen: Option<Channel>) -> Vec<Route> {
        let contacts: Vec<_> = recovery::contacts(account, chosen).into_iter().filter(|contact| self.may_reach(contact)).collect();
        let set_up = |contact: &&Contact| !self.available(contact.code_channels()).is_empty();
        let reachable: Vec<_> = contacts.iter().filter(set_up).cloned().collect();
        let contacts = if reachable.is_empty() { contacts } else { reachable };
        let route = |contact: Contact| Some(Route { channel: self.channel(chosen, contact.code_channels())?, destination: contact });
        contacts.into_iter().filter_map(route).collect()
    }
}

impl Turn<'_> {
    async fn send_for_document(&mut self, document: Option<&Document>, chosen: Option<Channel>) -> Done<RecoverySent> {
        let index = document.map(|document| documents::recovery_index(self.sealer, document));
        let note = |outcome, account| audit::Entry { event: REQUESTED, outcome, account, signup: None, subject: index.as_deref() };
        // Checked again, under the lock: concurrent misses are all counted, and past the limit the answer tells nothing.
        let Ok(miss) = self.room(Allowance::Misses).await.caught()? else { return Ok(self.service.neutrally_sent(chosen)) };
        let account = match document {
            Some(document) => accounts::by_document(&mut self.tx, self.sealer, document).await?,
            None => None,
        };
        let known = account.filter(|account| !recovery::contacts(account, None).is_empty());
        let (Some(account), Some(index)) = (known, index.as_ref()) else {
            // An invalid document is not counted, and must not fill the audit either.
            if self.service.refusals.may_stand_alone(Client::of(self.who.client_ip), REQUESTED.as_str()) {
                self.audit(note(Refusal::DocumentUnknown.code(), None)).await?;
            }
            if document.is_some() {
                miss.take(&mut self.tx).await?;
            }
            return Err(Refusal::DocumentUnknown.into());
        };
        let routes = self.service.routes(&account, chosen);
        if routes.is_empty() {
            // This answer tells as much as "unknown" does, and the owner is sent nothing. So it is counted the same way.
            miss.take(&mut self.tx).await?;
            return Err(Refusal::field(Field::Channel, FieldError::ChannelUnavailable).into());
        }
        let routes = match self.routes_now(routes, chosen.is_some()).await.caught()? {
            Ok(routes) => routes,
            Err(resting) => {
                // As above.
                miss.take(&mut self.tx).await?;
                return Err(resting.into());
            }
        };
        self.send_recovery(&account, index, &routes, chosen.is_some()).await?;
        self.audit(note("ok", Some(account.id))).await?;
        let mut resend_in = None;
        for route in &routes {
            let tally = tallies::peek(&mut self.tx, &send_scope(PURPOSE), &contacts::counted_as(self.sealer, &route.destination)).await?;
            let wait = tally.next_send_in(self.now, self.rules.resend_wait).unwrap_or(0);
            resend_in = Some(resend_in.map_or(wait, |shortest: u32| shortest.min(wait)));
        }
        Ok(self.service.recovery_sent(&routes, chosen, resend_in.unwrap_or(0).into()))
    }

    /// The routes that go on where SMS rests (SPEC §12 "Spending"): another channel to the phone, or the other contacts alone.
    async fn routes_now(&mut self, routes: Vec<Route>, chosen: bool) -> Done<Vec<Route>> {
        let (mut open, mut resting) = (Vec::new(), None);
        for Route { destination, channel } in routes {
            let Contact::Phone(phone) = &destination else {
                open.push(Route { destination, channel });
                continue;
            };
            match self.goes_now(phone, PURPOSE, channel, chosen).await.caught()? {
                Ok(channel) => open.push(Route { destination, channel }),
                Err(refusal) => resting = Some(refusal),
            }
        }
        match resting {
            Some(refusal) if open.is_empty() => Err(refusal.into()),
            _ => Ok(open),
        }
    }

    /// Sends the live code, or a new one, to each contact that may be sent to now. Too early is not a refusal here: the
    /// answer stays the same (SPEC §11).
    async fn send_recovery(&mut self, account: &Account, index: &Index, routes: &[Route], chosen: bool) -> Result<(), Fault> {
        // One at a time per document, entries included, so that only one code is live.
        tallies::lock(&mut self.tx, &entry_scope(PURPOSE), index, self.now).await?;
        // The contacts' rows are locked before the address's row, as in every send.
        let mut open = Vec::new();
        for route in routes {
            let key = contacts::counted_as(self.sealer, &route.destination);
            let mut tally = tallies::lock(&mut self.tx, &send_scope(PURPOSE), &key, self.now).await?;
            if tally.send(self.now, self.rules.resend_wait).is_ok() {
                open.push((route, key, tally));
            }
        }
        let mut due = Vec::new();
        for (route, key, tally) in open {
            if self.count_send().await.caught()?.is_ok() {
                tallies::save(&mut self.tx, &send_scope(PURPOSE), &key, &tally).await?;
                due.push(route);
            }
        }
        let content = Content::Secret {
            purpose: PURPOSE.into(),
            name: Some(account.greeted_as().to_owned()),
            asked: Some(asked_by(self.who, self.now)),
            in_use: true,
        };
        // Codes are locked before the day's spending, as by the ladder.
        for route in &due {
            let contact = contacts::index(self.sealer, &route.destination);
            if let Some(newest) = verifications::newest_by(&mut self.tx, account.id, &contact).await? {
                rungs::lock(&mut self.tx, newest.id).await?;
            }
        }
        for route in due {
            let sending = Sending {
                purpose: PURPOSE.into(),
                subject: Subject::Account(account.id),
                destination: &route.destination,
                channel: route.channel,
                chosen,
                name: "",
                in_use: true,
            };
            // The last SMS of the day may have left since the routes were chosen.
            let Ok(channel) = self.spend(&sending).await.caught()? else { continue };
            let route = &Route { destination: route.destination.clone(), channel };
            let code = self.recovery_code(account.id, index, route, chosen).await?;
            let message = outbox::NewMessage {
                channel: route.channel,
                recipient: route.destination.address(),
                content: &content,
                verification_id: Some(code.id),
                account: Some(account.id),
                drop_at: code.facts.good_until(),
            };
            self.enqueue(&message).await?;
        }
        Ok(())
    }

    /// The live code of a contact, or a new one.
    async fn recovery_code(&mut self, account: i64, index: &Index, route: &Route, chosen: bool) -> Result<Stored, Fault> {
        let contact = contacts::index(self.sealer, &route.destination);
        let newest = verifications::newest_by(&mut self.tx, account, &contact).await?;
        if let Some(newest) = newest {
            if newest.facts.can_be_entered(self.now) && index.is(&newest.destination) {
                verifications::send_again(&mut self.tx, newest.id, route.channel, chosen).await?;
                return Ok(newest);
            }
            verifications::kill(&mut self.tx, self.now, newest.id).await?;
        }
        let new = verifications::New {
            purpose: PURPOSE.into(),
            subject: Subject::Account(account),
            destination: index,
            channel: route.channel,
            channel_chosen: chosen,
            fixed: None,
            lifetime: self.rules.lifetime(PURPOSE.facts().lifetime),
        };
        let code = verifications::insert(&mut self.tx, self.sealer, self.now, &new).await?;
        verifications::goes_to(&mut self.tx, code.id, &contact).await?;
        Ok(code)
    }

    /// Accepts a code typed for a document. An invalid document is refused like a wrong code (message 2). It has no key to
    /// be counted under, and the address was already counted.
    pub(super) async fn prove_recovery(&mut self, document: &str, code: &str) -> Done<ResetGrant> {
        let mut errors = FieldErrors::new();
        let typed = document;
        let document = match Document::parse(document) {
            Err(error @ FieldError::Required) => errors.take(Field::Document, Err(error)),
            parsed => parsed.ok(),
        };
        let code = errors.take(Field::Code, Code::parse(code, PURPOSE.digits()));
        if !errors.is_empty() {
            return Err(Refusal::Invalid(errors).into());
        }
        let (Some(document), Some(code)) = (document, code) else { return Err(Refusal::CodeRefused.into()) };
        let index = documents::recovery_index(self.sealer, &document);
        let spent = self.enter_code(PURPOSE, &index, &code, None, CodeSubmitter::Stranger).await?;
        let account = spent.subject.account()?;
        // The codes of the other contacts served the same recovery.
        verifications::kill_of(&mut self.tx, self.now, PURPOSE, spent.subject).await?;
        let token = recovery_grants::insert(&mut self.tx, self.sealer, self.now, account, spent.via.as_deref()).await?;
        let entry =
            audit::Entry { event: Event::RecoveryProved, outcome: "ok", account: Some(account), signup: None, subject: Some(&index) };
        self.audit(entry).await?;
        Ok(ResetGrant { token, expires_in: whole_seconds(GRANT_LIFETIME), signs_in_as: typed.to_owned() })
    }
}
