//! A sign-up that waits for its proof: how it stands, sending the proof again, another device, giving up.

use super::super::codes::{Sending, send_scope};
use super::super::entries::held_scope;
use super::super::{Service, Tx};
use super::prove::may_enter;
use super::{NO_CONTACT, destination};
use crate::db::signups::{Held, Signup, Written};
use crate::db::verifications::{self, Subject};
use crate::db::{accounts, signups, tallies};
use crate::entropy;
use crate::fault::{Fault, Outcome};
use portaria::accounts::SignupStarted;
use portaria::carried::Carried;
use portaria::error::{Field, FieldError, Refusal};
use portaria::journey::{Kind, Step};
use portaria::limits::seconds_until;
use portaria::message::{Channel, Purpose};
use portaria::session::{Requester, Token};
use portaria::signup::{Details, Progress, next_step};
use portaria::value::Phone;
use portaria::verification::State;
use portaria::view::{CodeSent, Delivery, SignupView};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

impl Service {
    /// What the browser gets: the view, and another cookie unless it carries this sign-up already. `form`: the token of the form with
    /// which it began just now.
    pub(super) async fn started(
        &self,
        tx: &mut Tx,
        who: &Requester,
        now: OffsetDateTime,
        id: Uuid,
        browser: Uuid,
        form: Option<&Token>,
    ) -> Outcome<SignupStarted> {
        let signup = signups::by_id(tx, &self.sealer, now, id).await?.ok_or(Fault::inconsistent("signups", "id"))?;
        let carries = signups::of_browser(tx, &self.sealer, now, &who.carried, id).await?.is_some();
        let carried = if carries {
            None
        } else {
            let token = signups::add_device(tx, &self.sealer, now, id, browser, form).await?;
            Some(self.carried_with(tx, who, now, token).await?)
        };
        let view = self.view(tx, &signup, Some(browser), now).await?;
        Ok(Ok(SignupStarted { view, carried }))
    }

    /// Where the sign-up that is meant stands; none is no refusal.
    pub(in crate::services) async fn look_at_signup(
        &self,
        tx: &mut Tx,
        who: &Requester,
        now: OffsetDateTime,
    ) -> Outcome<Option<SignupView>> {
        match self.of_requester(tx, who, now).await? {
            Ok(held) => Ok(Ok(Some(self.view(tx, &held.signup, Some(held.browser), now).await?))),
            Err(_) => Ok(Ok(None)),
        }
    }

    /// How it stands, for the browser that looks.
    pub(super) async fn view(
        &self,
        conn: &mut PgConnection,
        signup: &Signup,
        browser: Option<Uuid>,
        now: OffsetDateTime,
    ) -> Result<SignupView, Fault> {
        let journey = signup.kind.journey();
        let destination = destination(journey, &signup.kept.draft).ok_or(NO_CONTACT)?;
        let counted = self.counted_as(&destination);
        let account = match signup.account_id {
            Some(id) => accounts::by_id(&mut *conn, &self.sealer, id).await?,
            None => None,
        };
        let proved = account.as_ref().is_some_and(portaria::account::Account::contact_proved);
        let complete = account.is_some_and(|account| account.missing().is_empty());
        let step = next_step(signup.kind, Progress { drafted: true, proved, complete });
        let subject = signup.account_id.map_or(Subject::Signup(signup.id), Subject::Account);
        let newest = if proved { None } else { verifications::newest_of(&mut *conn, journey.proof, subject).await? };
        let sends = tallies::peek(&mut *conn, &send_scope(journey.proof), &counted).await?;
        let entries = tallies::peek(conn, &held_scope(journey.proof), signup.id.as_bytes()).await?;
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
            id: signup.id.to_string(),
            begun_at: signup.created_at.unix_timestamp(),
            kind: signup.kind,
            step,
            // for the way back; once there is an account nothing of it stands in a page in full (SPEC §9)
            typed: if step == Step::Done { Details::default() } else { signup.kept.draft.to_details() },
            has_password: signup.kept.has_password && browser.is_some_and(|browser| signup.holding.keeps_password(browser)),
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
            enters: proved && browser.is_some_and(|browser| may_enter(signup, browser, now)),
            sign_in_as: signup.kept.draft.email.as_ref().filter(|_| proved && journey.contact_is_email()).map(|it| it.as_str().to_owned()),
        })
    }

    /// Sends the proof of this browser's sign-up again.
    pub(in crate::services) async fn do_resend_signup(
        &self,
        tx: &mut Tx,
        who: &Requester,
        channel: &str,
        now: OffsetDateTime,
    ) -> Outcome<SignupView> {
        let Held { mut signup, browser } = match self.of_requester(tx, who, now).await? {
            Ok(held) => held,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if self.is_proved(tx, &signup).await? {
            return Ok(Ok(self.view(tx, &signup, Some(browser), now).await?));
        }
        if let Err(refusal) = self.send_again(tx, who, &mut signup, channel, now).await? {
            return Ok(Err(refusal));
        }
        Ok(Ok(self.view(tx, &signup, Some(browser), now).await?))
    }

    pub(super) async fn send_again(
        &self,
        tx: &mut Tx,
        who: &Requester,
        signup: &mut Signup,
        channel: &str,
        now: OffsetDateTime,
    ) -> Outcome<()> {
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
        let written = Written { kept: &signup.kept, phone_index: index.as_deref(), account_id: signup.account_id, holding: signup.holding };
        signups::update(tx, &self.sealer, now, signup.id, &written).await?;
        Ok(Ok(()))
    }

    /// A channel as typed: none, or one that the journey has and that is set up here.
    pub(in crate::services) fn asked_channel(&self, typed: &str, offered: &[Channel]) -> Result<Option<Channel>, Refusal> {
        if typed.trim().is_empty() {
            return Ok(None);
        }
        Channel::parse(typed)
            .ok()
            .filter(|channel| offered.contains(channel) && self.rules.channels.contains(channel))
            .map(Some)
            .ok_or_else(|| Refusal::field(Field::Channel, FieldError::ChannelUnavailable))
    }

    /// A token for another device.
    pub(in crate::services) async fn do_hand_off(&self, tx: &mut Tx, who: &Requester, now: OffsetDateTime) -> Outcome<Token> {
        match self.of_requester(tx, who, now).await? {
            Ok(held) => Ok(Ok(signups::add_hand_off(tx, &self.sealer, now, held.signup.id).await?)),
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    /// Takes a sign-up up on this device, beside those that it carries. One that it carries already stays as it is.
    pub(in crate::services) async fn do_take_over(
        &self,
        tx: &mut Tx,
        who: &Requester,
        token: &Token,
        now: OffsetDateTime,
    ) -> Outcome<SignupStarted> {
        let Some(id) = signups::spend_hand_off(tx, &self.sealer, now, token).await? else { return Ok(Err(Refusal::LinkUnknown)) };
        if signups::by_id(tx, &self.sealer, now, id).await?.is_none() {
            return Ok(Err(Refusal::SignupGone));
        }
        let held = signups::of_browser(tx, &self.sealer, now, &who.carried, id).await?;
        self.started(tx, who, now, id, held.map_or_else(entropy::uuid, |held| held.browser), None).await
    }

    /// This browser no longer carries the sign-up that is meant; it tells what it goes on carrying. Other devices still carry it;
    /// what nobody carries expires.
    pub(in crate::services) async fn do_abandon_signup(&self, tx: &mut Tx, who: &Requester, now: OffsetDateTime) -> Outcome<Carried> {
        if let Ok(held) = self.of_requester(tx, who, now).await? {
            signups::drop_browser(tx, held.signup.id, held.browser).await?;
        }
        Ok(Ok(self.carried(tx, who, now).await?))
    }

    /// API: sends the code of the newest sign-up on that phone again; where there is none, the answer and its limit are
    /// the same.
    pub(in crate::services) async fn do_resend_phone(
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
                if let Err(refusal) = self.count_unsent(tx, who, now, &scope, &index).await? {
                    return Ok(Err(refusal));
                }
                scope
            }
        };
        Ok(Ok(self.code_sent(tx, now, &scope, &phone).await?))
    }
}
