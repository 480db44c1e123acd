//! The first form: read and judged outside the transaction; then a sign-up that waits for its phone (nobody has an account
//! before), or a pending account that waits for its e-mail. Unproved claims that lapsed give way.

use super::super::codes::Sending;
use super::super::throttle::Allowance;
use super::super::{Service, Tx};
use super::held::FirstForm;
use super::{NO_CONTACT, Ready, destination};
use crate::db::signups::{Held, Kept, Signup, Written};
use crate::db::verifications::{self, Subject};
use crate::db::{accounts, audit, signups};
use crate::fault::{Fault, Outcome};
use portaria::accounts::Answer;
use portaria::error::{Field, FieldError, Refusal};
use portaria::holding::{Holders, Holding};
use portaria::journey::Journey;
use portaria::message::Content;
use portaria::session::Requester;
use portaria::signup::{Details, Draft, Parsed};
use portaria::value::Password;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

impl Service {
    /// Parses the form whole, looks whether its contact is free, and hashes the password: everything that must not happen
    /// inside the transaction. What it finds free may be taken a moment later; the unique indexes decide. `form`: the wizard's;
    /// `None`: an API client's, which corrects nothing.
    pub(super) async fn prepare(
        &self,
        who: &Requester,
        journey: &'static Journey,
        details: &Details,
        form: Option<&FirstForm<'_>>,
    ) -> Answer<(Ready, tokio::sync::OwnedMutexGuard<()>)> {
        // before anything is read of the form: who may not be told that something is taken is told nothing, of free ones too
        self.look(who, "user_created", &[Allowance::Guesses, Allowance::Taken]).await?;
        let held = match form {
            Some(form) => self.held_before(who, form).await?,
            None => None,
        };
        if held.is_none() {
            self.look(who, "user_created", &[Allowance::Sends]).await?;
        }
        let password_known = held.is_some_and(|held| held.signup.kept.has_password && held.signup.holding.keeps_password(held.browser));
        let Parsed { draft, password, channel: asked } = match details.parse(journey, password_known) {
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
        let contact = destination(journey, &draft).ok_or_else(|| NO_CONTACT.told())?;
        let gate = self.gates.pass(self.destination_index(&contact)).await;
        // again: the same form may have passed the gate just before
        let held = match form {
            Some(form) => self.held_before(who, form).await?,
            None => None,
        };
        self.refuse_taken(who, &draft, journey, held.as_ref().map(|held| &held.signup)).await?;
        let password_hash = match password {
            None => None,
            Some(password) => Some(self.hash_first(who, journey, &draft, &password).await?),
        };
        Ok((Ready { journey, draft, password_hash, channel, chosen: asked.is_some() }, gate))
    }

    /// Judges and hashes the password of a first form, in one place and counted before.
    async fn hash_first(&self, who: &Requester, journey: &Journey, draft: &Draft, password: &Password) -> Answer<String> {
        let mut place = self.password_place(who, "user_created").await?;
        self.count_looked(who).await?;
        if journey.password.refuses_guessable() {
            let email = draft.email.as_ref().map(|email| email.local().to_owned());
            let phone = draft.phone.as_ref().map(|phone| phone.national().to_owned());
            let known = [Some(draft.name.as_str().to_owned()), email, phone].into_iter().flatten().collect();
            let judged = self.passwords.is_guessable(place, password.as_str().to_owned(), known).await;
            let (kept, guessable) = judged.map_err(|fault| fault.told())?;
            if guessable {
                return Err(Refusal::field(Field::Password, FieldError::PasswordGuessable));
            }
            place = kept;
        }
        self.passwords.hash(place, password.as_str().to_owned()).await.map_err(|fault| fault.told())
    }

    /// 409 at once when another account has the phone, the address, the name or the number; its owner is told (SPEC §11).
    /// A claim whose proof has lapsed keeps nobody out.
    pub(super) async fn refuse_taken(&self, who: &Requester, draft: &Draft, journey: &Journey, carried: Option<&Signup>) -> Answer<()> {
        let now = self.now();
        let mut tx = self.begin().await?;
        let outcome = async {
            // locked before the first look: of many at once, those after the last "taken" hear nothing, whatever they ask for
            let room = match self.room(&mut tx, who, now, Allowance::Taken).await? {
                Ok(room) => room,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let own = carried.and_then(|signup| signup.account_id);
            let mut found = Vec::new();
            if let Some(phone) = &draft.phone {
                found.push((Field::Phone, accounts::by_phone(&mut tx, &self.sealer, phone).await?));
            }
            if let Some(email) = &draft.email {
                found.push((Field::Email, accounts::by_email(&mut tx, &self.sealer, email).await?));
            }
            if let Some(username) = &draft.username {
                found.push((Field::Username, accounts::by_username(&mut tx, &self.sealer, username).await?));
            }
            if let Some(cnpj) = &draft.cnpj {
                found.push((Field::Cnpj, accounts::by_cnpj(&mut tx, &self.sealer, cnpj).await?));
            }
            for (field, account) in found {
                let Some(account) = account.filter(|account| Some(account.id) != own) else { continue };
                // nor does a phone that was only typed: its proof takes it
                if account.only_typed(field) || !self.still_claims(&mut tx, &account, now).await? {
                    continue;
                }
                room.take(&mut tx).await?;
                return Ok(Err(self.tell_owner_of_taken(&mut tx, who, now, &account, field).await?));
            }
            tracing::debug!(kind = journey.slug, "the contact is free");
            Ok(Ok(()))
        }
        .await;
        self.settle(tx, outcome).await
    }

    /// Somebody wants what this account has: told, and so is its owner; neither without end.
    pub(in crate::services) async fn tell_taken(
        &self,
        conn: &mut PgConnection,
        who: &Requester,
        now: OffsetDateTime,
        account: &portaria::account::Account,
        field: Field,
    ) -> Result<Refusal, Fault> {
        if let Err(refusal) = self.count_taken(&mut *conn, who, now).await? {
            return Ok(refusal);
        }
        self.tell_owner_of_taken(conn, who, now, account, field).await
    }

    async fn tell_owner_of_taken(
        &self,
        conn: &mut PgConnection,
        who: &Requester,
        now: OffsetDateTime,
        account: &portaria::account::Account,
        field: Field,
    ) -> Result<Refusal, Fault> {
        let name = account.name.first().to_owned();
        self.tell_owner(conn, who, now, account, &Content::AlreadyRegistered { name }).await?;
        Ok(Refusal::Taken(field))
    }

    /// Whether an account keeps others out: it is proved, or its proof can still come.
    pub(in crate::services) async fn still_claims(
        &self,
        conn: &mut PgConnection,
        account: &portaria::account::Account,
        now: OffsetDateTime,
    ) -> Result<bool, Fault> {
        if account.contact_proved() {
            return Ok(true);
        }
        let mut proof_can_come = false;
        for purpose in account.kind.journey().proofs() {
            let newest = verifications::newest_of(&mut *conn, purpose, Subject::Account(account.id)).await?;
            proof_can_come |= newest.is_some_and(|it| it.facts.can_be_entered(now));
        }
        Ok(account.keeps_others_out(proof_can_come, now))
    }

    /// A phone journey: no account before the proof, only a sign-up. What is refused changes nothing: the code is sent first.
    pub(super) async fn start_by_phone(
        &self,
        tx: &mut Tx,
        who: &Requester,
        now: OffsetDateTime,
        ready: Ready,
        held: Option<Held>,
        browser: Option<Uuid>,
    ) -> Outcome<Uuid> {
        let destination = ready.destination().ok_or(NO_CONTACT)?;
        let index = self.destination_index(&destination);
        let purpose = ready.journey.proof;
        let sending = |id| Sending {
            purpose,
            subject: Subject::Signup(id),
            destination: &destination,
            channel: ready.channel,
            chosen: ready.chosen,
            name: ready.draft.name.first(),
        };
        let Some(mut held) = held else {
            let kept = ready.kept(None);
            let written = Written { kept: &kept, phone_index: Some(&index), account_id: None, holding: Holding::begun(browser) };
            // all or nothing: nothing is kept of a sign-up whose code may not be sent
            let mut attempt = sqlx::Connection::begin(&mut **tx).await?;
            let id = signups::insert(&mut attempt, &self.sealer, now, ready.journey.kind, &written).await?;
            let sent = self.send_first(&mut attempt, who, now, &sending(id)).await?;
            match &sent {
                Ok(()) => attempt.commit().await?,
                Err(_) => attempt.rollback().await?,
            }
            return Ok(sent.map(|()| id));
        };
        let live = verifications::newest_of(&mut *tx, purpose, Subject::Signup(held.signup.id)).await?;
        let waits = live.is_some_and(|it| it.facts.can_be_entered(now) && it.destination == index && it.channel == ready.channel);
        if !waits && let Err(refusal) = self.send(&mut *tx, who, now, &sending(held.signup.id)).await? {
            return Ok(Err(refusal));
        }
        if held.signup.kept.draft.phone != ready.draft.phone {
            // whatever was sent to the phone before proves nothing of this sign-up any more
            verifications::kill_elsewhere(&mut *tx, now, purpose, Subject::Signup(held.signup.id), &index).await?;
        }
        self.correct_holding(tx, &mut held, &ready).await?;
        let kept = ready.kept(Some(&held));
        let written = Written { kept: &kept, phone_index: Some(&index), account_id: None, holding: held.signup.holding };
        signups::update(tx, &self.sealer, now, held.signup.id, &written).await?;
        Ok(Ok(held.signup.id))
    }

    /// What a correction does to those who hold the sign-up.
    async fn correct_holding(&self, conn: &mut PgConnection, held: &mut Held, ready: &Ready) -> Result<(), Fault> {
        let correction = ready.correction(held);
        if held.signup.holding.correct(held.browser, correction) == Holders::OnlyThis {
            signups::keep_only(conn, held.signup.id, held.browser).await?;
        }
        Ok(())
    }

    /// An e-mail journey: the account is there from the first form, pending, and claims its address.
    pub(super) async fn start_by_email(
        &self,
        tx: &mut Tx,
        who: &Requester,
        now: OffsetDateTime,
        ready: Ready,
        held: Option<Held>,
        browser: Uuid,
    ) -> Outcome<Uuid> {
        let draft = &ready.draft;
        let same_claim = held.as_ref().is_some_and(|held| held.signup.kept.draft.claims_as(draft));
        let kept = Kept { has_password: true, password_hash: None, ..ready.kept(None) };
        // all or nothing: when the new address may not be had or sent to, everything stands as it did
        let mut attempt = sqlx::Connection::begin(&mut **tx).await?;
        let claimed = match held {
            Some(mut held) if same_claim && held.signup.account_id.is_some() => {
                let account_id = held.signup.account_id;
                if let Some(id) = account_id {
                    accounts::correct_unproved(&mut attempt, now, id, draft, ready.password_hash.as_deref()).await?;
                }
                self.correct_holding(&mut attempt, &mut held, &ready).await?;
                let written = Written { kept: &kept, phone_index: None, account_id, holding: held.signup.holding };
                signups::update(&mut attempt, &self.sealer, now, held.signup.id, &written).await?;
                Ok(held.signup.id)
            }
            Some(held) => self.claim_instead(&mut attempt, who, now, &ready, &kept, held).await?,
            None => match self.claim(&mut attempt, who, now, &ready, ready.password_hash.as_deref()).await? {
                Ok(account) => {
                    let holding = Holding::begun(Some(browser));
                    let written = Written { kept: &kept, phone_index: None, account_id: Some(account), holding };
                    Ok(signups::insert(&mut attempt, &self.sealer, now, ready.journey.kind, &written).await?)
                }
                Err(refusal) => Err(refusal),
            },
        };
        match &claimed {
            Ok(_) => attempt.commit().await?,
            Err(_) => attempt.rollback().await?,
        }
        Ok(claimed)
    }

    /// Claims the contact of a corrected form in place of the one that this sign-up claimed before, whose link dies with its
    /// account. The password that was given stays where it was chosen.
    async fn claim_instead(
        &self,
        conn: &mut PgConnection,
        who: &Requester,
        now: OffsetDateTime,
        ready: &Ready,
        kept: &Kept,
        mut held: Held,
    ) -> Outcome<Uuid> {
        let mut password_hash = ready.password_hash.clone();
        if let Some(before) = held.signup.account_id {
            let account = accounts::by_id(&mut *conn, &self.sealer, before).await?;
            let given = account.filter(|_| held.signup.holding.keeps_password(held.browser)).and_then(|account| account.password_hash);
            password_hash = password_hash.or(given);
            let let_go = Written { kept, phone_index: None, account_id: None, holding: held.signup.holding };
            signups::update(&mut *conn, &self.sealer, now, held.signup.id, &let_go).await?;
            accounts::delete_unproved(&mut *conn, before).await?;
        }
        let account = match self.claim(&mut *conn, who, now, ready, password_hash.as_deref()).await? {
            Ok(account) => account,
            Err(refusal) => return Ok(Err(refusal)),
        };
        self.correct_holding(&mut *conn, &mut held, ready).await?;
        let written = Written { kept, phone_index: None, account_id: Some(account), holding: held.signup.holding };
        signups::update(conn, &self.sealer, now, held.signup.id, &written).await?;
        Ok(Ok(held.signup.id))
    }

    /// Makes the pending account of an e-mail journey and sends its proof; lapsed claims in its way are replaced.
    pub(super) async fn claim(
        &self,
        conn: &mut PgConnection,
        who: &Requester,
        now: OffsetDateTime,
        ready: &Ready,
        password_hash: Option<&str>,
    ) -> Outcome<i64> {
        let draft = &ready.draft;
        let destination = ready.destination().ok_or(NO_CONTACT)?;
        let mut in_the_way = Vec::new();
        if let Some(email) = &draft.email {
            in_the_way.push((Field::Email, accounts::by_email(&mut *conn, &self.sealer, email).await?));
        }
        if let Some(cnpj) = &draft.cnpj {
            in_the_way.push((Field::Cnpj, accounts::by_cnpj(&mut *conn, &self.sealer, cnpj).await?));
        }
        if let Some(username) = &draft.username {
            in_the_way.push((Field::Username, accounts::by_username(&mut *conn, &self.sealer, username).await?));
        }
        let mut gone = Vec::new();
        for (field, account) in in_the_way {
            // one lapsed claim may stand in the way by more than one of its values
            let Some(account) = account.filter(|account| !gone.contains(&account.id)) else { continue };
            gone.push(account.id);
            if self.still_claims(&mut *conn, &account, now).await? || !accounts::delete_unproved(&mut *conn, account.id).await? {
                return Ok(Err(Refusal::Taken(field)));
            }
        }
        let new = accounts::NewAccount { kind: ready.journey.kind, draft, password_hash, phone: None, email_claimed: true };
        let id = match accounts::insert(&mut *conn, &self.sealer, now, who, &new).await? {
            Ok(id) => id,
            Err(field) => return Ok(Err(Refusal::Taken(field))),
        };
        let sending = Sending {
            purpose: ready.journey.proof,
            subject: Subject::Account(id),
            destination: &destination,
            channel: ready.channel,
            chosen: ready.chosen,
            name: draft.name.first(),
        };
        if let Err(refusal) = self.send_first(&mut *conn, who, now, &sending).await? {
            // an account whose proof may not be sent would claim the address for nothing
            accounts::delete_unproved(&mut *conn, id).await?;
            return Ok(Err(refusal));
        }
        let entry = audit::Entry { event: "user_created", outcome: "ok", account: Some(id), ..audit::Entry::default() };
        audit::record(&mut *conn, now, who, entry).await?;
        Ok(Ok(id))
    }
}
