//! The first form. It is parsed and checked outside the transaction. A phone journey then gets a sign-up (there is no
//! account before the proof). An e-mail journey gets a pending account. Unproved claims that have lapsed are replaced.

use super::super::Service;
use super::super::codes::Sending;
use super::super::known;
use super::super::throttle::Allowance;
use super::super::turn::{Caught, Done, Turn};
use super::held::FirstForm;
use super::{NO_CONTACT, Ready};
use crate::db::contacts;
use crate::db::signups::{Held, Signup, SignupContent, SignupRow};
use crate::db::verifications::{self, Subject};
use crate::db::{accounts, audit, signups};
use crate::fault::Fault;
use portaria::account::Account;
use portaria::account_event::AccountEvent;
use portaria::accounts::Answer;
use portaria::audit::Event;
use portaria::error::{Field, FieldError, Refusal};
use portaria::field::Typed;
use portaria::holding::{Holders, Holding};
use portaria::journey::Journey;
use portaria::limits::Tally;
use portaria::message::Content;
use portaria::session::Requester;
use portaria::signup::{self, Draft, Parsed};
use portaria::terms::Accepted;
use portaria::value::{Password, Phone, Strength};
use uuid::Uuid;

impl Service {
    /// Parses the form, checks that its contact is free, and hashes the password: all that must stay outside the
    /// transaction. A free contact may be taken a moment later; the unique indexes decide. `form` is `None` for an API
    /// client, which corrects nothing.
    pub(super) async fn prepare(
        &self,
        who: &Requester,
        journey: &'static Journey,
        typed: &Typed,
        form: Option<&FirstForm<'_>>,
    ) -> Answer<(Ready, tokio::sync::OwnedMutexGuard<()>)> {
        // Checked before the form is read. A client that has used up its "taken" answers learns nothing, not even that a
        // value is free.
        let (reads, sends) = ([Allowance::Guesses, Allowance::Taken], [Allowance::Sends]);
        let begins = [reads.as_slice(), &sends].concat();
        let kinds = &self.rules.kinds;
        if form.is_none() {
            kinds.may_begin(journey.kind)?;
        }
        self.refuse_used_up(who, Event::UserCreated.as_str(), if form.is_some() { &reads } else { &begins }).await?;
        let held = match form {
            Some(form) => self.held_before(who, form).await?,
            None => None,
        };
        if form.is_some() && held.is_none() {
            // What was begun before the kind was closed may be corrected.
            kinds.may_begin(journey.kind)?;
            self.refuse_used_up(who, Event::UserCreated.as_str(), &sends).await?;
        }
        let password_known = held.is_some_and(|held| held.signup.kept.has_password && held.signup.holding.keeps_password(held.browser));
        let Parsed { draft, password, channel: asked } = match signup::read_asked(typed, journey, kinds.details(journey), password_known) {
            Ok(parsed) => parsed,
            Err(errors) => return Err(Refusal::Invalid(errors)),
        };
        let Some(channel) = self.channel(asked, journey.channels) else {
            return Err(Refusal::field(Field::Channel, FieldError::ChannelUnavailable));
        };
        if let Some(phone) = &draft.phone
            && !self.may_send_to(phone)
        {
            return Err(Refusal::field(Field::Phone, FieldError::PhoneInvalid));
        }
        let contact = draft.contact(journey).ok_or_else(|| NO_CONTACT.log_and_refuse())?;
        let gate = self.locks.acquire(contacts::index(&self.sealer, &contact).to_vec()).await;
        // Checked again, now under the lock: the same form may have held it just before.
        let held = match form {
            Some(form) => self.held_before(who, form).await?,
            None => None,
        };
        self.refuse_taken(who, &draft, held.as_ref().map(|held| &held.signup)).await?;
        let password_hash = match password {
            None => None,
            Some(password) => Some(self.hash_first(who, journey, &draft, &password).await?),
        };
        let phone_completed = Phone::completes(typed.text(Field::Phone));
        let accepted = Accepted::new(self.rules.terms.clone(), self.now(), who.client_ip);
        Ok((Ready { journey, draft, password_hash, accepted, channel, chosen: asked.is_some(), phone_completed }, gate))
    }

    /// Checks and hashes the password of a first form, under one permit. The try is counted first.
    async fn hash_first(&self, who: &Requester, journey: &Journey, draft: &Draft, password: &Password) -> Answer<String> {
        let mut permit = self.password_permit(who, Event::UserCreated.as_str()).await?;
        self.count_guess(who).await?;
        if journey.password.refuses_guessable() {
            let known = known::of_draft(draft);
            let judged = self.passwords.judge(permit, password.as_str().to_owned(), known).await;
            let (kept, strength) = judged.map_err(|fault| fault.log_and_refuse())?;
            if strength == Strength::Guessable {
                return Err(Refusal::field(Field::Password, FieldError::PasswordGuessable));
            }
            permit = kept;
        }
        self.passwords.hash(permit, password.as_str().to_owned()).await.map_err(|fault| fault.log_and_refuse())
    }

    /// Refuses with 409 when another account has the phone, address, user name or document, and tells its owner (SPEC §11).
    /// A claim whose proof has lapsed does not block.
    pub(super) async fn refuse_taken(&self, who: &Requester, draft: &Draft, carried: Option<&Signup>) -> Answer<()> {
        let mut turn = self.turn(who).await?;
        let done = turn.look_for_taken(draft, carried.and_then(|signup| signup.account_id)).await;
        turn.end(done).await
    }
}

impl Turn<'_> {
    /// Refuses values that belong to an account other than `own`.
    async fn look_for_taken(&mut self, draft: &Draft, own: Option<i64>) -> Done<()> {
        // Locked before the first look. Of many requests at once, those past the last allowed "taken" answer learn nothing.
        let room = self.room(Allowance::Taken).await?;
        let mut found = Vec::new();
        if let Some(phone) = &draft.phone {
            found.extend(accounts::by_phone(&mut self.tx, self.sealer, phone).await?.map(|account| (Field::Phone, account)));
        }
        found.extend(self.claimants(draft).await?);
        for (field, account) in found {
            if Some(account.id) == own {
                continue;
            }
            // An unproved phone does not block: whoever proves it gets it.
            if account.is_unproved_phone(field) || !self.still_claims(&account).await? {
                continue;
            }
            room.take(&mut self.tx).await?;
            return Err(self.notify_owner_of_taken(&account, field).await?.into());
        }
        Ok(())
    }

    /// The accounts that have the draft's address, user name or document.
    async fn claimants(&mut self, draft: &Draft) -> Result<Vec<(Field, Account)>, Fault> {
        let mut found = Vec::new();
        if let Some(email) = &draft.email {
            found.push((Field::Email, accounts::by_email(&mut self.tx, self.sealer, email).await?));
        }
        if let Some(username) = &draft.username {
            found.push((Field::Username, accounts::by_username(&mut self.tx, self.sealer, username).await?));
        }
        if let Some(cnpj) = &draft.cnpj {
            found.push((Field::Cnpj, accounts::by_cnpj(&mut self.tx, self.sealer, cnpj).await?));
        }
        Ok(found.into_iter().filter_map(|(field, account)| Some((field, account?))).collect())
    }

    /// The value belongs to this account. Tells its owner and returns the refusal for the requester. Both are limited.
    pub(in crate::services) async fn tell_taken(&mut self, account: &Account, field: Field) -> Result<Refusal, Fault> {
        if let Err(refusal) = self.count_taken().await.caught()? {
            return Ok(refusal);
        }
        self.notify_owner_of_taken(account, field).await
    }

    async fn notify_owner_of_taken(&mut self, account: &Account, field: Field) -> Result<Refusal, Fault> {
        let name = account.greeted_as().to_owned();
        self.notify_owner(account, &Content::AlreadyRegistered { name }).await?;
        Ok(Refusal::Taken(field))
    }

    /// Returns whether an account still blocks its values: it is proved, or its proof may still arrive.
    pub(in crate::services) async fn still_claims(&mut self, account: &Account) -> Result<bool, Fault> {
        if account.contact_proved() {
            return Ok(true);
        }
        let mut proof_can_come = false;
        for purpose in account.kind.journey().proofs() {
            let newest = verifications::newest_of(&mut self.tx, purpose, Subject::Account(account.id)).await?;
            proof_can_come |= newest.is_some_and(|it| it.facts.can_be_entered(self.now));
        }
        Ok(account.reserves_values(proof_can_come, self.now))
    }

    /// A phone journey: there is only a sign-up, and no account before the proof. If the code may not be sent, no sign-up is stored.
    /// Returns what counts the messages to its phone, too.
    pub(super) async fn begin_by_phone(&mut self, mut ready: Ready, browser: Option<Uuid>) -> Done<(Uuid, Tally)> {
        let destination = ready.contact().ok_or(NO_CONTACT)?;
        let counted = self.count_first(ready.journey.proof_purpose, &destination).await?;
        ready.channel = self.spend(&ready.sending(Uuid::nil(), &destination)).await?;
        let kept = ready.kept(None);
        let index = contacts::index(self.sealer, &destination);
        let written = SignupRow { kept: &kept, phone_index: Some(&index), account_id: None, holding: Holding::begun(browser) };
        let id = signups::insert(&mut self.tx, self.sealer, self.now, ready.journey.kind, &written).await?;
        self.begun(ready.journey.kind);
        self.send_first(&ready.sending(id, &destination)).await?;
        Ok((id, counted))
    }

    /// The same in a browser, which may hold the sign-up already: then it is corrected. The code is sent first, so that a refusal changes
    /// nothing.
    pub(super) async fn start_by_phone(&mut self, ready: Ready, held: Option<Held>, browser: Uuid) -> Done<Uuid> {
        let Some(mut held) = held else { return Ok(self.begin_by_phone(ready, Some(browser)).await?.0) };
        let destination = ready.contact().ok_or(NO_CONTACT)?;
        let index = contacts::index(self.sealer, &destination);
        let purpose = ready.journey.proof_purpose;
        let live = verifications::newest_of(&mut self.tx, purpose, Subject::Signup(held.signup.id)).await?;
        // Whoever chose no channel takes the one by which the code went, whatever came of the system's first choice.
        let is_same = |channel| !ready.chosen || channel == ready.channel;
        let waits = live.is_some_and(|it| it.facts.can_be_entered(self.now) && index.is(&it.destination) && is_same(it.channel));
        if !waits {
            self.send(&ready.sending(held.signup.id, &destination)).await?;
        }
        if held.signup.kept.draft.phone != ready.draft.phone {
            // Codes sent to the earlier phone no longer prove this sign-up.
            verifications::kill_elsewhere(&mut self.tx, self.now, purpose, Subject::Signup(held.signup.id), &index).await?;
        }
        self.correct_holding(&mut held, &ready).await?;
        let kept = ready.kept(Some(&held));
        let written = SignupRow { kept: &kept, phone_index: Some(&index), account_id: None, holding: held.signup.holding };
        signups::update(&mut self.tx, self.sealer, self.now, held.signup.id, &written).await?;
        Ok(held.signup.id)
    }

    /// Applies a correction's effect on the browsers that hold the sign-up.
    async fn correct_holding(&mut self, held: &mut Held, ready: &Ready) -> Result<(), Fault> {
        let correction = ready.correction(held);
        if held.signup.holding.correct(held.browser, correction) == Holders::OnlyThis {
            signups::keep_only(&mut self.tx, held.signup.id, held.browser).await?;
        }
        Ok(())
    }

    /// An e-mail journey: the first form creates a pending account, which claims its address.
    pub(super) async fn start_by_email(&mut self, ready: Ready, held: Option<Held>, browser: Uuid) -> Done<Uuid> {
        let same_claim = held.as_ref().is_some_and(|held| held.signup.kept.draft.claims_as(&ready.draft));
        let kept = SignupContent { has_password: true, password_hash: None, ..ready.kept(None) };
        // If the new address is taken or may not be sent to, nothing changes.
        self.attempt().await?;
        let claimed = match held {
            Some(held) if same_claim && held.signup.account_id.is_some() => self.correct_claim(&ready, &kept, held).await,
            Some(held) => self.claim_instead(&ready, &kept, held).await,
            None => self.claim_first(&ready, &kept, browser).await,
        };
        self.all_or_nothing(claimed).await
    }

    /// The claimed values stay; the rest of the form changes.
    async fn correct_claim(&mut self, ready: &Ready, kept: &SignupContent, mut held: Held) -> Done<Uuid> {
        let account_id = held.signup.account_id;
        if let Some(id) = account_id {
            accounts::correct_unproved(&mut self.tx, self.now, id, &ready.draft, ready.password_hash.as_deref()).await?;
        }
        self.correct_holding(&mut held, ready).await?;
        let written = SignupRow { kept, phone_index: None, account_id, holding: held.signup.holding };
        signups::update(&mut self.tx, self.sealer, self.now, held.signup.id, &written).await?;
        Ok(held.signup.id)
    }

    async fn claim_first(&mut self, ready: &Ready, kept: &SignupContent, browser: Uuid) -> Done<Uuid> {
        let account = self.claim(ready, ready.password_hash.as_deref()).await?;
        let holding = Holding::begun(Some(browser));
        let written = SignupRow { kept, phone_index: None, account_id: Some(account), holding };
        self.begun(ready.journey.kind);
        Ok(signups::insert(&mut self.tx, self.sealer, self.now, ready.journey.kind, &written).await?)
    }

    /// Claims the contact of a corrected form instead of the sign-up's earlier claim. The earlier account is deleted, and
    /// its link with it. A password given earlier is kept for the browser in which it was chosen.
    async fn claim_instead(&mut self, ready: &Ready, kept: &SignupContent, mut held: Held) -> Done<Uuid> {
        let mut password_hash = ready.password_hash.clone();
        if let Some(before) = held.signup.account_id {
            let account = accounts::by_id(&mut self.tx, self.sealer, before).await?;
            let given = account.filter(|_| held.signup.holding.keeps_password(held.browser)).and_then(|account| account.password_hash);
            password_hash = password_hash.or(given);
            let let_go = SignupRow { kept, phone_index: None, account_id: None, holding: held.signup.holding };
            signups::update(&mut self.tx, self.sealer, self.now, held.signup.id, &let_go).await?;
            self.delete_unproved(before, held.signup.kind).await?;
        }
        let account = self.claim(ready, password_hash.as_deref()).await?;
        self.correct_holding(&mut held, ready).await?;
        let written = SignupRow { kept, phone_index: None, account_id: Some(account), holding: held.signup.holding };
        signups::update(&mut self.tx, self.sealer, self.now, held.signup.id, &written).await?;
        Ok(held.signup.id)
    }

    /// Creates the pending account of an e-mail journey and sends its proof. Lapsed claims on its values are replaced.
    pub(super) async fn claim(&mut self, ready: &Ready, password_hash: Option<&str>) -> Done<i64> {
        let draft = &ready.draft;
        let destination = ready.contact().ok_or(NO_CONTACT)?;
        let mut gone = Vec::new();
        for (field, account) in self.claimants(draft).await? {
            // One lapsed claim may block more than one value.
            if gone.contains(&account.id) {
                continue;
            }
            gone.push(account.id);
            if self.still_claims(&account).await? || !self.delete_unproved(account.id, account.kind).await? {
                return Err(Refusal::Taken(field).into());
            }
        }
        let accepted = Some(&ready.accepted);
        let new = accounts::NewAccount { kind: ready.journey.kind, draft, password_hash, accepted, phone: None, email_claimed: true };
        let id = accounts::insert(&mut self.tx, self.sealer, self.now, &new).await?.map_err(Refusal::Taken)?;
        let sending = Sending {
            purpose: ready.journey.proof_purpose,
            subject: Subject::Account(id),
            destination: &destination,
            channel: ready.channel,
            chosen: ready.chosen,
            name: draft.name.first(),
            in_use: false,
        };
        if let Err(refusal) = self.count_first(sending.purpose, &destination).await.caught()? {
            // An account whose proof may not be sent would claim the address for nothing. Nobody was told of it.
            accounts::delete_unproved(&mut self.tx, id).await?;
            return Err(refusal.into());
        }
        self.send_first(&sending).await?;
        let entry = audit::Entry { account: Some(id), ..audit::Entry::of(Event::UserCreated, "ok") };
        self.audit(entry).await?;
        self.tell(id, new.kind, &[AccountEvent::Created]).await?;
        Ok(id)
    }
}
