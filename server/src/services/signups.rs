//! Signing up: the wizard (a browser with a cookie) and the API, over the same steps.

use super::codes::{Destination, Sending, entry_scope, send_scope};
use super::{Service, Tx};
use crate::db::signups::{Kept, Signup};
use crate::db::verifications::{self, Subject};
use crate::db::{accounts, audit, signups, tallies};
use crate::fault::{Fault, Outcome};
use crate::passwords::is_guessable;
use portaria::accounts::{Answer, SignedIn, SignupStarted};
use portaria::error::{Field, FieldError, Refusal};
use portaria::journey::{Journey, Kind, Step};
use portaria::limits::seconds_until;
use portaria::message::{Channel, Content, Purpose};
use portaria::session::{Presentation, Requester, Token};
use portaria::signup::{Details, Draft, HANDOFF_LIFETIME, Parsed, Progress, next_step};
use portaria::value::{Code, Phone};
use portaria::verification::State;
use portaria::view::{CodeSent, Delivery, SignupView};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// A first form that is right, ready for its transaction.
struct Ready {
    journey: &'static Journey,
    draft: Draft,
    /// Hashed before the transaction.
    password_hash: Option<String>,
    channel: Channel,
    chosen: bool,
}

impl Ready {
    fn destination(&self) -> Option<Destination> {
        destination(self.journey, &self.draft)
    }
}

/// Where a journey's proof goes.
fn destination(journey: &Journey, draft: &Draft) -> Option<Destination> {
    if journey.contact_is_email() { draft.email.clone().map(Destination::Email) } else { draft.phone.clone().map(Destination::Phone) }
}

/// A journey asks for the contact that it proves; a draft without it was written under other rules.
const NO_CONTACT: Fault = Fault::inconsistent("signups", "draft_sealed");

impl Service {
    /// The wizard's first form. With the cookie of a sign-up that still waits for its proof it corrects that one.
    pub(super) async fn do_sign_up(&self, who: &Requester, kind: Kind, details: &Details) -> Answer<SignupStarted> {
        let carried = self.carried(who, kind).await?;
        let (ready, _gate) = self.prepare(who, kind.journey(), details, carried.as_ref()).await?;
        let now = self.now();
        let mut tx = self.begin().await?;
        let outcome = if ready.journey.contact_is_email() {
            self.start_by_email(&mut tx, who, now, ready, carried).await
        } else {
            self.start_by_phone(&mut tx, who, now, ready, details, carried).await
        };
        self.settle(tx, outcome).await
    }

    /// API: a client registers (000).
    pub(super) async fn do_register_client(&self, who: &Requester, details: &Details) -> Answer<CodeSent> {
        let (ready, _gate) = self.prepare(who, Kind::Cliente.journey(), details, None).await?;
        let now = self.now();
        let mut tx = self.begin().await?;
        let outcome = self.start_by_phone(&mut tx, who, now, ready, details, None).await;
        let started = self.settle(tx, outcome).await?;
        Ok(CodeSent {
            destination: started.view.destination,
            expires_in: started.view.expires_in.unwrap_or_else(|| whole_seconds(self.rules.code_phone)),
            resend_in: started.view.resend_in,
        })
    }

    /// API: registers by e-mail (001, 003).
    pub(super) async fn do_register(&self, who: &Requester, journey: &'static Journey, details: &Details) -> Answer<i64> {
        let (ready, _gate) = self.prepare(who, journey, details, None).await?;
        let now = self.now();
        let mut tx = self.begin().await?;
        let outcome = self.claim(&mut tx, who, now, &ready, ready.password_hash.as_deref()).await;
        self.settle(tx, outcome).await
    }

    /// The sign-up of this browser, if it is of this kind and still waits for its proof.
    async fn carried(&self, who: &Requester, kind: Kind) -> Answer<Option<Signup>> {
        let Some(token) = &who.signup else { return Ok(None) };
        let mut tx = self.begin().await?;
        let outcome = async {
            let Some(signup) = signups::of_device(&mut tx, &self.sealer, self.now(), token).await? else { return Ok(Ok(None)) };
            let proved = self.is_proved(&mut tx, &signup).await?;
            Ok(Ok((signup.kind == kind && !proved).then_some(signup)))
        }
        .await;
        self.settle(tx, outcome).await
    }

    async fn is_proved(&self, conn: &mut PgConnection, signup: &Signup) -> Result<bool, Fault> {
        match signup.account_id {
            None => Ok(false),
            Some(id) => Ok(accounts::by_id(conn, &self.sealer, id).await?.is_some_and(|account| account.contact_proved())),
        }
    }

    /// Parses the form whole, looks whether its contact is free, and hashes the password: everything that must not happen
    /// inside the transaction. What it finds free may be taken a moment later; the unique indexes decide.
    async fn prepare(
        &self,
        who: &Requester,
        journey: &'static Journey,
        details: &Details,
        carried: Option<&Signup>,
    ) -> Answer<(Ready, tokio::sync::OwnedMutexGuard<()>)> {
        let password_known = carried.is_some_and(|signup| signup.kept.has_password);
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
        if let Some(password) = &password
            && journey.password.refuses_guessable()
        {
            let email = draft.email.as_ref().map(|email| email.local().to_owned()).unwrap_or_default();
            let phone = draft.phone.as_ref().map(|phone| phone.national().to_owned()).unwrap_or_default();
            if is_guessable(password.as_str(), &[draft.name.as_str(), &email, &phone]) {
                return Err(Refusal::field(Field::Password, FieldError::PasswordGuessable));
            }
        }
        let contact = destination(journey, &draft).ok_or_else(|| NO_CONTACT.told())?;
        let gate = self.gates.pass(self.destination_index(&contact)).await;
        self.refuse_taken(who, &draft, journey, carried).await?;
        let password_hash = match password {
            None => None,
            Some(password) => {
                let place = self.passwords.place().await?;
                self.count_guess(who).await?;
                Some(self.passwords.hash(place, password.as_str().to_owned()).await.map_err(|fault| fault.told())?)
            }
        };
        Ok((Ready { journey, draft, password_hash, channel, chosen: asked.is_some() }, gate))
    }

    /// 409 at once when another account has the phone, the address, the name or the number; its owner is told (SPEC §11).
    /// A claim whose proof has lapsed keeps nobody out.
    async fn refuse_taken(&self, who: &Requester, draft: &Draft, journey: &Journey, carried: Option<&Signup>) -> Answer<()> {
        let now = self.now();
        let mut tx = self.begin().await?;
        let outcome = async {
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
                if !self.still_claims(&mut tx, &account, now).await? {
                    continue;
                }
                let name = account.name.first().to_owned();
                self.tell_owner(&mut tx, now, &account, &Content::AlreadyRegistered { name }).await?;
                if let Err(refusal) = self.count_taken(&mut tx, who, now).await? {
                    return Ok(Err(refusal));
                }
                return Ok(Err(Refusal::Taken(field)));
            }
            tracing::debug!(kind = journey.slug, "the contact is free");
            Ok(Ok(()))
        }
        .await;
        self.settle(tx, outcome).await
    }

    /// Whether an account keeps others out: it is proved, or its proof can still come.
    pub(super) async fn still_claims(
        &self,
        conn: &mut PgConnection,
        account: &portaria::account::Account,
        now: OffsetDateTime,
    ) -> Result<bool, Fault> {
        if account.contact_proved() {
            return Ok(true);
        }
        let proof = account.kind.journey().proof;
        // an account registered by 001 gets a link whatever its kind
        for purpose in [proof, Purpose::EmailLink] {
            let newest = verifications::newest_of(&mut *conn, purpose, Subject::Account(account.id)).await?;
            if newest.is_some_and(|it| it.facts.can_be_entered(now)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A phone journey: no account before the proof, only a sign-up.
    async fn start_by_phone(
        &self,
        tx: &mut Tx,
        who: &Requester,
        now: OffsetDateTime,
        ready: Ready,
        details: &Details,
        carried: Option<Signup>,
    ) -> Outcome<SignupStarted> {
        let destination = ready.destination().ok_or(NO_CONTACT)?;
        let index = self.destination_index(&destination);
        let purpose = ready.journey.proof;
        // the same row that `send` locks: of two first submissions at once, the second sees what the first wrote
        tallies::lock(tx, &send_scope(purpose), &index, now).await?;
        let twin = match carried {
            Some(signup) => Some(signup),
            None => self.twin(tx, now, &index, &ready.draft, details).await?,
        };
        let kept = |before: Option<&Kept>| Kept {
            draft: ready.draft.clone(),
            has_password: ready.password_hash.is_some() || before.is_some_and(|kept| kept.has_password),
            password_hash: ready.password_hash.clone().or_else(|| before.and_then(|kept| kept.password_hash.clone())),
            password_mark: self.password_mark(&details.password).or_else(|| before.and_then(|kept| kept.password_mark.clone())),
            channel: ready.channel,
        };
        let (id, is_new) = match &twin {
            Some(signup) => {
                signups::update(tx, &self.sealer, now, signup.id, &kept(Some(&signup.kept)), Some(&index), None).await?;
                (signup.id, false)
            }
            None => {
                // nothing is kept of a sign-up whose code may not be sent
                let tally = tallies::peek(tx, &send_scope(purpose), &index).await?;
                if let Some(retry_after) = tally.next_send_in(now, self.rules.resend_wait) {
                    return Ok(Err(Refusal::TooSoon { retry_after }));
                }
                (signups::insert(tx, &self.sealer, now, ready.journey.kind, &kept(None), Some(&index), None).await?, true)
            }
        };
        let live = verifications::newest_of(tx, purpose, Subject::Signup(id)).await?;
        let waits = live.is_some_and(|it| it.facts.can_be_entered(now) && it.destination == index && it.channel == ready.channel);
        if is_new || !waits {
            let sending = Sending {
                purpose,
                subject: Subject::Signup(id),
                destination: &destination,
                channel: ready.channel,
                chosen: ready.chosen,
                name: ready.draft.name.first(),
            };
            if let Err(refusal) = self.send(tx, who, now, &sending).await? {
                return Ok(Err(refusal));
            }
        }
        self.started(tx, who, now, id, None).await
    }

    /// The same first form, sent twice before the browser had its cookie: one sign-up, not two.
    async fn twin(
        &self,
        conn: &mut PgConnection,
        now: OffsetDateTime,
        phone: &[u8],
        draft: &Draft,
        details: &Details,
    ) -> Result<Option<Signup>, Fault> {
        let mark = self.password_mark(&details.password);
        let waiting = signups::waiting_on_phone(conn, &self.sealer, now, phone).await?;
        Ok(waiting.into_iter().find(|signup| signup.kept.draft == *draft && signup.kept.password_mark == mark))
    }

    /// Tells two passwords of a sign-up apart without hashing again inside a transaction; sealed with the draft, and gone
    /// with it.
    fn password_mark(&self, password: &str) -> Option<Vec<u8>> {
        (!password.is_empty()).then(|| self.sealer.index("signups.password", password))
    }

    /// An e-mail journey: the account is there from the first form, pending, and claims its address.
    async fn start_by_email(
        &self,
        tx: &mut Tx,
        who: &Requester,
        now: OffsetDateTime,
        ready: Ready,
        carried: Option<Signup>,
    ) -> Outcome<SignupStarted> {
        let draft = &ready.draft;
        let same_contact = carried.as_ref().is_some_and(|signup| {
            let before = &signup.kept.draft;
            before.email == draft.email && before.cnpj == draft.cnpj && before.username == draft.username
        });
        let kept = Kept { draft: draft.clone(), has_password: true, password_hash: None, password_mark: None, channel: ready.channel };
        if let Some((signup, account_id)) = carried.as_ref().and_then(|signup| Some((signup, signup.account_id?)))
            && same_contact
        {
            accounts::correct_unproved(tx, now, account_id, draft, ready.password_hash.as_deref()).await?;
            signups::update(tx, &self.sealer, now, signup.id, &kept, None, Some(account_id)).await?;
            return self.started(tx, who, now, signup.id, Some(account_id)).await;
        }
        // all or nothing: when the new address may not be had or sent to, the claim on the old one stands
        let mut attempt = sqlx::Connection::begin(&mut **tx).await?;
        let claimed = self.claim_instead(&mut attempt, who, now, &ready, &kept, carried.as_ref()).await?;
        let (id, account_id) = match claimed {
            Ok(claimed) => claimed,
            Err(refusal) => {
                attempt.rollback().await?;
                return Ok(Err(refusal));
            }
        };
        attempt.commit().await?;
        self.started(tx, who, now, id, Some(account_id)).await
    }

    /// Claims the address of a first form, in place of the one that this sign-up claimed before. Gives the sign-up and the
    /// account.
    async fn claim_instead(
        &self,
        conn: &mut PgConnection,
        who: &Requester,
        now: OffsetDateTime,
        ready: &Ready,
        kept: &Kept,
        carried: Option<&Signup>,
    ) -> Outcome<(Uuid, i64)> {
        let mut password_hash = ready.password_hash.clone();
        if let Some((signup, before)) = carried.and_then(|signup| Some((signup, signup.account_id?))) {
            // the password that was given stays, the wrong claim goes
            let account = accounts::by_id(&mut *conn, &self.sealer, before).await?;
            password_hash = password_hash.or_else(|| account.and_then(|account| account.password_hash));
            signups::update(&mut *conn, &self.sealer, now, signup.id, kept, None, None).await?;
            accounts::delete_unproved(&mut *conn, before).await?;
        }
        let account_id = match self.claim(&mut *conn, who, now, ready, password_hash.as_deref()).await? {
            Ok(id) => id,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let id = match carried {
            Some(signup) => {
                signups::update(conn, &self.sealer, now, signup.id, kept, None, Some(account_id)).await?;
                signup.id
            }
            None => signups::insert(conn, &self.sealer, now, ready.journey.kind, kept, None, Some(account_id)).await?,
        };
        Ok(Ok((id, account_id)))
    }

    /// Makes the pending account of an e-mail journey and sends its proof; lapsed claims in its way are replaced.
    async fn claim(
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
        let new = accounts::NewAccount { kind: ready.journey.kind, draft, password_hash, phone_proved: false, email_claimed: true };
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
        if let Err(refusal) = self.send(&mut *conn, who, now, &sending).await? {
            // an account whose proof may not be sent would claim the address for nothing
            accounts::delete_unproved(&mut *conn, id).await?;
            return Ok(Err(refusal));
        }
        let entry = audit::Entry { event: "user_created", outcome: "ok", account: Some(id), ..audit::Entry::default() };
        audit::record(&mut *conn, now, who, entry).await?;
        Ok(Ok(id))
    }

    /// What the browser gets: the view, and a cookie unless it carries this sign-up already.
    async fn started(
        &self,
        tx: &mut Tx,
        who: &Requester,
        now: OffsetDateTime,
        id: Uuid,
        account_id: Option<i64>,
    ) -> Outcome<SignupStarted> {
        let signup = signups::by_id(tx, &self.sealer, now, id).await?.ok_or(Fault::inconsistent("signups", "id"))?;
        let carries = match &who.signup {
            None => false,
            Some(token) => signups::of_device(tx, &self.sealer, now, token).await?.is_some_and(|carried| carried.id == id),
        };
        let device = if carries { None } else { Some(signups::add_device(tx, &self.sealer, now, id).await?) };
        let view = self.view(tx, &signup, now).await?;
        Ok(Ok(SignupStarted { view, device, account_id }))
    }

    async fn of_requester(&self, conn: &mut PgConnection, who: &Requester, now: OffsetDateTime) -> Outcome<Signup> {
        let Some(token) = &who.signup else { return Ok(Err(Refusal::SignupGone)) };
        Ok(signups::of_device(conn, &self.sealer, now, token).await?.ok_or(Refusal::SignupGone))
    }

    /// Where the sign-up of this browser stands; none is no refusal.
    pub(super) async fn look_at_signup(&self, tx: &mut Tx, who: &Requester, now: OffsetDateTime) -> Outcome<Option<SignupView>> {
        match self.of_requester(tx, who, now).await? {
            Ok(signup) => Ok(Ok(Some(self.view(tx, &signup, now).await?))),
            Err(_) => Ok(Ok(None)),
        }
    }

    async fn view(&self, conn: &mut PgConnection, signup: &Signup, now: OffsetDateTime) -> Result<SignupView, Fault> {
        let journey = signup.kind.journey();
        let destination = destination(journey, &signup.kept.draft).ok_or(NO_CONTACT)?;
        let index = self.destination_index(&destination);
        let account = match signup.account_id {
            Some(id) => accounts::by_id(&mut *conn, &self.sealer, id).await?,
            None => None,
        };
        let proved = account.as_ref().is_some_and(portaria::account::Account::contact_proved);
        let complete = account.is_some_and(|account| account.missing().is_empty());
        let step = next_step(signup.kind, Progress { drafted: true, proved, complete });
        let subject = signup.account_id.map_or(Subject::Signup(signup.id), Subject::Account);
        let newest = if proved { None } else { verifications::newest_of(&mut *conn, journey.proof, subject).await? };
        let sends = tallies::peek(&mut *conn, &send_scope(journey.proof), &index).await?;
        let entries = tallies::peek(conn, &entry_scope(journey.proof), &index).await?;
        let failed = newest.as_ref().is_some_and(|it| it.undeliverable);
        let delivery = match newest.as_ref().map(|it| it.facts.state(now)) {
            Some(State::Waiting | State::Live | State::Lapsed) if failed => Delivery::Failed,
            Some(State::Waiting) => Delivery::OnItsWay,
            Some(State::Live | State::Spent) => Delivery::Sent,
            Some(State::Dead) => Delivery::Dead,
            Some(State::Lapsed) | None => Delivery::Lapsed,
        };
        let wait = if delivery == Delivery::Failed { time::Duration::ZERO } else { self.rules.resend_wait };
        Ok(SignupView {
            kind: signup.kind,
            step,
            // for the way back; once there is an account nothing of it stands in a page in full (SPEC §9)
            typed: if step == Step::Done { Details::default() } else { signup.kept.draft.to_details() },
            has_password: signup.kept.has_password,
            destination: destination.masked(),
            channel: newest.as_ref().map_or(signup.kept.channel, |it| it.channel),
            channels: self.available(journey.channels),
            delivery,
            expires_in: newest
                .and_then(|it| it.facts.expires_at)
                .filter(|expires| *expires > now)
                .map(|expires| seconds_until(expires, now)),
            resend_in: sends.next_send_in(now, wait).unwrap_or(0),
            blocked_for: entries.blocked_for(now),
        })
    }

    /// Sends the proof of this browser's sign-up again.
    pub(super) async fn do_resend_signup(&self, tx: &mut Tx, who: &Requester, channel: &str, now: OffsetDateTime) -> Outcome<SignupView> {
        let mut signup = match self.of_requester(tx, who, now).await? {
            Ok(signup) => signup,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if self.is_proved(tx, &signup).await? {
            return Ok(Ok(self.view(tx, &signup, now).await?));
        }
        if let Err(refusal) = self.send_again(tx, who, &mut signup, channel, now).await? {
            return Ok(Err(refusal));
        }
        Ok(Ok(self.view(tx, &signup, now).await?))
    }

    async fn send_again(&self, tx: &mut Tx, who: &Requester, signup: &mut Signup, channel: &str, now: OffsetDateTime) -> Outcome<()> {
        let journey = signup.kind.journey();
        let channel = match self.asked_channel(channel, journey.channels) {
            Ok(asked) => asked,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let destination = destination(journey, &signup.kept.draft).ok_or(NO_CONTACT)?;
        let subject = signup.account_id.map_or(Subject::Signup(signup.id), Subject::Account);
        let name = signup.kept.draft.name.first().to_owned();
        let sending = Sending {
            purpose: journey.proof,
            subject,
            destination: &destination,
            channel: channel.unwrap_or(signup.kept.channel),
            chosen: channel.is_some(),
            name: &name,
        };
        if let Err(refusal) = self.send(tx, who, now, &sending).await? {
            return Ok(Err(refusal));
        }
        signup.kept.channel = sending.channel;
        let index = (!journey.contact_is_email()).then(|| self.destination_index(&destination));
        signups::update(tx, &self.sealer, now, signup.id, &signup.kept, index.as_deref(), signup.account_id).await?;
        Ok(Ok(()))
    }

    /// A channel as typed: none, or one that the journey has and that is set up here.
    pub(super) fn asked_channel(&self, typed: &str, offered: &[Channel]) -> Result<Option<Channel>, Refusal> {
        if typed.trim().is_empty() {
            return Ok(None);
        }
        Channel::parse(typed)
            .ok()
            .filter(|channel| offered.contains(channel) && self.rules.channels.contains(channel))
            .map(Some)
            .ok_or_else(|| Refusal::field(Field::Channel, FieldError::ChannelUnavailable))
    }

    /// The right code for this browser's sign-up makes the account and signs in.
    pub(super) async fn do_prove_signup(&self, tx: &mut Tx, who: &Requester, code: &str, now: OffsetDateTime) -> Outcome<SignedIn> {
        let signup = match self.of_requester(tx, who, now).await? {
            Ok(signup) => signup,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let journey = signup.kind.journey();
        let Some(digits) = journey.proof.digits() else { return Ok(Err(Refusal::CodeRefused)) };
        let code = match Code::parse(code, digits) {
            Ok(code) => code,
            Err(error) => return Ok(Err(Refusal::field(Field::Code, error))),
        };
        let destination = destination(journey, &signup.kept.draft).ok_or(NO_CONTACT)?;
        let index = self.destination_index(&destination);
        let subject = signup.account_id.map_or(Subject::Signup(signup.id), Subject::Account);
        match self.take_code(tx, now, journey.proof, &index, &code, Some(subject)).await? {
            Ok(stored) if journey.contact_is_email() => self.admit_by_email(tx, who, now, &signup, &stored).await,
            Ok(_) => self.admit(tx, who, now, signup, Presentation::Browser).await,
            Err(refusal) => self.refused_code(tx, who, now, &index, refusal).await,
        }
    }

    /// API: the code alone finds the sign-up among those that wait on this phone.
    pub(super) async fn do_prove_phone(
        &self,
        tx: &mut Tx,
        who: &Requester,
        phone: &str,
        code: &str,
        how: Presentation,
        now: OffsetDateTime,
    ) -> Outcome<SignedIn> {
        let (phone, code) = match parse_phone_and_code(phone, code, Purpose::SignupPhone) {
            Ok(parsed) => parsed,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let index = accounts::phone_index(&self.sealer, &phone);
        let stored = match self.take_code(tx, now, Purpose::SignupPhone, &index, &code, None).await? {
            Ok(stored) => stored,
            Err(refusal) => return self.refused_code(tx, who, now, &index, refusal).await,
        };
        let Subject::Signup(id) = stored.subject else { return Err(Fault::inconsistent("verifications", "signup_id")) };
        match signups::by_id(tx, &self.sealer, now, id).await? {
            Some(signup) => self.admit(tx, who, now, signup, how).await,
            None => Ok(Err(Refusal::CodeRefused)),
        }
    }

    pub(super) async fn refused_code<T>(
        &self,
        conn: &mut PgConnection,
        who: &Requester,
        now: OffsetDateTime,
        destination: &[u8],
        refusal: Refusal,
    ) -> Outcome<T> {
        let entry = audit::Entry { event: "proof_failed", outcome: refusal.code(), subject: Some(destination), ..audit::Entry::default() };
        audit::record(conn, now, who, entry).await?;
        Ok(Err(refusal))
    }

    /// The phone is proved: the account is made, its optional address gets a link, and the person is in.
    async fn admit(&self, tx: &mut Tx, who: &Requester, now: OffsetDateTime, mut signup: Signup, how: Presentation) -> Outcome<SignedIn> {
        let draft = &signup.kept.draft;
        let new = accounts::NewAccount {
            kind: signup.kind,
            draft,
            password_hash: signup.kept.password_hash.as_deref(),
            phone_proved: true,
            email_claimed: false,
        };
        let id = match accounts::insert(tx, &self.sealer, now, who, &new).await? {
            Ok(id) => id,
            Err(field) => return Ok(Err(Refusal::Taken(field))),
        };
        if let Some(email) = draft.email.clone() {
            let destination = Destination::Email(email);
            let sending = Sending {
                purpose: Purpose::EmailLink,
                subject: Subject::Account(id),
                destination: &destination,
                channel: Channel::Email,
                chosen: false,
                name: draft.name.first(),
            };
            // too early or too many: the account stands all the same, the address can be proved later
            let _ = self.send(tx, who, now, &sending).await?;
        }
        signup.kept.password_hash = None;
        signup.kept.password_mark = None;
        signups::update(tx, &self.sealer, now, signup.id, &signup.kept, None, Some(id)).await?;
        let entry = audit::Entry { event: "user_created", outcome: "ok", account: Some(id), signup: Some(signup.id), subject: None };
        audit::record(tx, now, who, entry).await?;
        let account = accounts::by_id(tx, &self.sealer, id).await?.ok_or(Fault::inconsistent("accounts", "id"))?;
        self.open_session(tx, who, now, &account, false, how).await
    }

    /// The proof was given on another device: for a while after it, and once, this browser goes in too.
    pub(super) async fn do_enter_proved_signup(&self, tx: &mut Tx, who: &Requester, now: OffsetDateTime) -> Outcome<SignedIn> {
        let signup = match self.of_requester(tx, who, now).await? {
            Ok(signup) => signup,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let by_code = signup.kind.journey().proof.digits().is_some();
        let fresh = signup.updated_at + HANDOFF_LIFETIME > now;
        let (Some(account_id), Some(token), true, true) = (signup.account_id, &who.signup, by_code, fresh) else {
            return Ok(Err(Refusal::NotSignedIn));
        };
        let Some(account) = accounts::by_id(tx, &self.sealer, account_id).await?.filter(portaria::account::Account::contact_proved) else {
            return Ok(Err(Refusal::NotSignedIn));
        };
        signups::drop_device(tx, &self.sealer, token).await?;
        self.open_session(tx, who, now, &account, false, Presentation::Browser).await
    }

    /// A token for another device.
    pub(super) async fn do_hand_off(&self, tx: &mut Tx, who: &Requester, now: OffsetDateTime) -> Outcome<Token> {
        match self.of_requester(tx, who, now).await? {
            Ok(signup) => Ok(Ok(signups::add_hand_off(tx, &self.sealer, now, signup.id).await?)),
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    /// Takes a sign-up up on this device.
    pub(super) async fn do_take_over(&self, tx: &mut Tx, token: &Token, now: OffsetDateTime) -> Outcome<SignupStarted> {
        let Some(id) = signups::spend_hand_off(tx, &self.sealer, now, token).await? else { return Ok(Err(Refusal::LinkUnknown)) };
        let Some(signup) = signups::by_id(tx, &self.sealer, now, id).await? else { return Ok(Err(Refusal::SignupGone)) };
        let device = Some(signups::add_device(tx, &self.sealer, now, id).await?);
        let view = self.view(tx, &signup, now).await?;
        Ok(Ok(SignupStarted { view, device, account_id: signup.account_id }))
    }

    /// This browser no longer carries its sign-up. Other devices still do; what nobody carries expires.
    pub(super) async fn do_abandon_signup(&self, tx: &mut Tx, who: &Requester) -> Outcome<()> {
        if let Some(token) = &who.signup {
            signups::drop_device(tx, &self.sealer, token).await?;
        }
        Ok(Ok(()))
    }

    /// API: sends the code of the newest sign-up on that phone again; where there is none, the answer and its limit are
    /// the same.
    pub(super) async fn do_resend_phone(
        &self,
        tx: &mut Tx,
        who: &Requester,
        phone: &str,
        channel: &str,
        now: OffsetDateTime,
    ) -> Outcome<CodeSent> {
        let phone = match Phone::parse_mobile(phone) {
            Ok(phone) => phone,
            Err(error) => return Ok(Err(Refusal::field(Field::Phone, error))),
        };
        if let Err(refusal) = self.asked_channel(channel, Kind::Cliente.journey().channels) {
            return Ok(Err(refusal));
        }
        let index = accounts::phone_index(&self.sealer, &phone);
        let scope = match signups::waiting_on_phone(tx, &self.sealer, now, &index).await?.into_iter().next() {
            Some(mut signup) => {
                if let Err(refusal) = self.send_again(tx, who, &mut signup, channel, now).await? {
                    return Ok(Err(refusal));
                }
                send_scope(Purpose::SignupPhone)
            }
            None => {
                // a tally of its own: asking for strangers must not keep the owner from registering
                let scope = "send/nobody".to_owned();
                let mut tally = tallies::lock(tx, &scope, &index, now).await?;
                if let Err(retry_after) = tally.send(now, self.rules.resend_wait) {
                    return Ok(Err(Refusal::TooSoon { retry_after }));
                }
                if let Err(refusal) = self.count_send(tx, who, now).await? {
                    return Ok(Err(refusal));
                }
                tallies::save(tx, &scope, &index, &tally).await?;
                scope
            }
        };
        let tally = tallies::peek(tx, &scope, &index).await?;
        Ok(Ok(CodeSent {
            destination: phone.masked(),
            expires_in: whole_seconds(self.rules.code_phone),
            resend_in: tally.next_send_in(now, self.rules.resend_wait).unwrap_or(0),
        }))
    }
}

/// A phone and a code as an API client sends them, every error at once.
pub(super) fn parse_phone_and_code(phone: &str, code: &str, purpose: Purpose) -> Result<(Phone, Code), Refusal> {
    let mut errors = portaria::error::FieldErrors::new();
    let phone = errors.take(Field::Phone, Phone::parse_mobile(phone));
    let code = errors.take(Field::Code, Code::parse(code, purpose.digits().unwrap_or(6)));
    match (phone, code) {
        (Some(phone), Some(code)) => Ok((phone, code)),
        _ => Err(Refusal::Invalid(errors)),
    }
}

/// A lifetime in whole seconds.
pub(super) fn whole_seconds(duration: time::Duration) -> u32 {
    u32::try_from(duration.whole_seconds()).unwrap_or(u32::MAX)
}
