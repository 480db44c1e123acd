//! A sign-up that waits for its proof: its state, sending the proof again, moving to another device, giving up.

use super::super::Service;
use super::super::codes::{Sending, send_scope};
use super::super::entries::held_scope;
use super::super::turn::{Caught, Done, Turn};
use super::NO_CONTACT;
use super::prove::may_enter;
use crate::config::Rules;
use crate::db::contacts;
use crate::db::signups::{Held, Signup, SignupRow};
use crate::db::verifications::{self, Stored, Subject};
use crate::db::{accounts, openid, signups, tallies, waiting};
use crate::entropy;
use crate::fault::Fault;
use portaria::accounts::SignupStarted;
use portaria::carried::Carried;
use portaria::contact::Contact;
use portaria::error::{Field, FieldError, Refusal};
use portaria::field::Typed;
use portaria::journey::{Kind, Step};
use portaria::limits::{Tally, seconds_until};
use portaria::message::Channel;
use portaria::purpose::CodeFor;
use portaria::session::{Requester, Token};
use portaria::signup::{Progress, next_step};
use portaria::standing::{self, Standing};
use portaria::value::{Email, Phone};
use portaria::verification::State;
use portaria::view::{CodeSent, Delivery, SignupView};
use time::OffsetDateTime;
use uuid::Uuid;

impl Service {
    /// How the sign-up that the request names stands, or a code of the account's own, as one number. Waiting pages ask again and again: one
    /// statement, and nothing is written or locked.
    pub(in crate::services) async fn standing_of(&self, who: &Requester, own: Option<CodeFor>) -> Result<u32, Fault> {
        match own {
            Some(purpose) => self.standing_of_own_code(who, purpose).await,
            None => self.standing_of_signup(who).await,
        }
    }

    async fn standing_of_signup(&self, who: &Requester) -> Result<u32, Fault> {
        let id = who.signup.as_deref().and_then(|named| Uuid::parse_str(named).ok());
        let Some(id) = id.filter(|_| !who.carried.is_empty()) else { return Ok(standing::of_signup(None)) };
        self.fresh_keys().await?;
        let now = self.now();
        let asked = waiting::signup(&self.pool, &self.sealer, now, &who.carried, id, |journey| held_scope(journey.entered_code())).await?;
        let standing = asked.map(|asked| Standing {
            changed_at: asked.updated_at,
            account: asked.account,
            proved: asked.proved,
            message: asked.newest.as_ref().filter(|_| !asked.proved).map(|newest| message(newest, now)),
            blocked_for: asked.entries.blocked_for(now),
            entries_left: left_of(&asked.entries, &self.rules, now).filter(|_| !asked.proved),
            enters: asked.proved && asked.holding.follows(asked.browser, asked.kind.journey().proof_purpose, asked.updated_at, now),
        });
        Ok(standing::of_signup(standing))
    }
}

impl Turn<'_> {
    /// The answer to the browser: the view, and a new cookie unless it already carries this sign-up. `form`: the token of
    /// the form that began the sign-up just now.
    pub(super) async fn started(&mut self, id: Uuid, browser: Uuid, form: Option<&Token>) -> Done<SignupStarted> {
        let signup = signups::by_id(&mut self.tx, self.sealer, self.now, id).await?.ok_or(Fault::inconsistent("signups", "id"))?;
        let carries = signups::of_browser(&mut self.tx, self.sealer, self.now, &self.who.carried, id).await?.is_some();
        let carried = if carries {
            None
        } else {
            let token = signups::add_device(&mut self.tx, self.sealer, self.now, id, browser, form).await?;
            Some(self.carried_with(token).await?)
        };
        if let Some(awaited) = &self.who.awaited {
            openid::bring_along(&mut self.tx, self.sealer, self.now, id, awaited).await?;
        }
        let view = self.view(&signup, Some(browser)).await?;
        Ok(SignupStarted { view, carried })
    }

    /// The state of a sign-up as this browser may see it.
    pub(super) async fn view(&mut self, signup: &Signup, browser: Option<Uuid>) -> Result<SignupView, Fault> {
        let journey = signup.kind.journey();
        let destination = signup.kept.draft.contact(journey).ok_or(NO_CONTACT)?;
        let counted = contacts::counted_as(self.sealer, &destination);
        let account = match signup.account_id {
            Some(id) => accounts::by_id(&mut self.tx, self.sealer, id).await?,
            None => None,
        };
        let proved = account.as_ref().is_some_and(portaria::account::Account::contact_proved);
        let version = account.as_ref().map(|account| account.version);
        let complete = account.is_some_and(|account| account.missing().is_empty());
        let step = next_step(signup.kind, Progress { drafted: true, proved, complete });
        let subject = signup.account_id.map_or(Subject::Signup(signup.id), Subject::Account);
        let newest = if proved { None } else { verifications::newest_of(&mut self.tx, journey.proof_purpose, subject).await? };
        let sends = tallies::peek(&mut self.tx, &send_scope(journey.proof_purpose), &counted).await?;
        let entries = tallies::peek(&mut self.tx, &held_scope(journey.entered_code()), signup.id.as_bytes()).await?;
        let blocked_for = entries.blocked_for(self.now);
        let delivery = newest.as_ref().map_or(Delivery::Lapsed, |it| delivery(it, self.now));
        let wait = resend_wait(delivery, self.rules);
        let entries_left = left_of(&entries, self.rules, self.now).filter(|_| !proved);
        let enters = proved && browser.is_some_and(|browser| may_enter(signup, browser, self.now));
        let state = standing::of_signup(Some(Standing {
            changed_at: signup.updated_at,
            account: version,
            proved,
            message: newest.as_ref().map(|newest| message(newest, self.now)),
            blocked_for,
            entries_left,
            enters,
        }));
        let sms_rests = match &destination {
            Contact::Phone(phone) if !proved => self.sms_rests(phone, journey.proof_purpose).await?,
            _ => false,
        };
        let mut channels = self.service.available(journey.channels);
        channels.retain(|channel| !(sms_rests && *channel == Channel::Sms));
        Ok(SignupView {
            id: signup.id.to_string(),
            begun_at: signup.created_at.unix_timestamp(),
            kind: signup.kind,
            step,
            // For going back in the wizard. Once there is an account, no page shows these values in full (SPEC §9).
            typed: if step == Step::Done { Typed::default() } else { signup.kept.draft.to_typed() },
            has_password: signup.kept.has_password && browser.is_some_and(|browser| signup.holding.keeps_password(browser)),
            destination: destination.masked(),
            phone_completed: match &destination {
                Contact::Phone(phone) if signup.kept.phone_completed && !proved => Some(phone.formatted()),
                _ => None,
            },
            domain_meant: signup.kept.draft.email.as_ref().filter(|_| !proved).and_then(Email::domain_meant).map(str::to_owned),
            channel: newest.as_ref().map_or(signup.kept.channel, |it| it.delivered_by.unwrap_or(it.channel)),
            chosen: newest.as_ref().filter(|it| it.chosen).map(|it| it.channel),
            channels,
            sms_rests,
            delivery,
            expires_in: newest
                .and_then(|it| it.facts.expires_at)
                .filter(|expires| *expires > self.now)
                .map(|expires| seconds_until(expires, self.now)),
            resend_in: sends.next_send_in(self.now, wait).unwrap_or(0),
            blocked_for,
            entries_left,
            enters,
            sign_in_as: signup.kept.draft.email.as_ref().filter(|_| proved && journey.contact_is_email()).map(|it| it.as_str().to_owned()),
            state,
        })
    }

    /// Sends the proof of this browser's sign-up again.
    pub(in crate::services) async fn resend_signup(&mut self, channel: &str) -> Done<SignupView> {
        let Held { mut signup, browser } = self.signup_of_requester().await?;
        if self.is_proved(&signup).await? {
            return Ok(self.view(&signup, Some(browser)).await?);
        }
        self.send_again(&mut signup, channel).await?;
        Ok(self.view(&signup, Some(browser)).await?)
    }

    pub(in crate::services) async fn send_again(&mut self, signup: &mut Signup, channel: &str) -> Done<()> {
        let journey = signup.kind.journey();
        let asked = self.service.asked_channel(channel, journey.channels)?;
        let destination = signup.kept.draft.contact(journey).ok_or(NO_CONTACT)?;
        let subject = signup.account_id.map_or(Subject::Signup(signup.id), Subject::Account);
        let name = signup.kept.draft.name.first().to_owned();
        let sending = Sending {
            purpose: journey.proof_purpose,
            subject,
            destination: &destination,
            channel: self.service.channel(asked, journey.channels).unwrap_or(signup.kept.channel),
            chosen: asked.is_some(),
            name: &name,
            in_use: false,
        };
        self.send(&sending).await?;
        signup.kept.channel = sending.channel;
        let index = (!journey.contact_is_email()).then(|| contacts::index(self.sealer, &destination));
        let written =
            SignupRow { kept: &signup.kept, phone_index: index.as_deref(), account_id: signup.account_id, holding: signup.holding };
        signups::update(&mut self.tx, self.sealer, self.now, signup.id, &written).await?;
        signup.updated_at = self.now;
        Ok(())
    }

    /// A token that moves the sign-up to another device.
    pub(in crate::services) async fn hand_off(&mut self) -> Done<Token> {
        let held = self.signup_of_requester().await?;
        Ok(signups::add_hand_off(&mut self.tx, self.sealer, self.now, held.signup.id).await?)
    }

    /// Says whether a token would open a sign-up, and leaves it as it is.
    pub(in crate::services) async fn look_at_hand_off(&mut self, token: &Token) -> Done<()> {
        if signups::is_hand_off(&mut self.tx, self.sealer, self.now, token).await? { Ok(()) } else { Err(Refusal::LinkUnknown.into()) }
    }

    /// Opens a sign-up on this device, beside those that it carries. If it already carries this one, nothing changes.
    pub(in crate::services) async fn take_over(&mut self, token: &Token) -> Done<SignupStarted> {
        let Some(id) = signups::spend_hand_off(&mut self.tx, self.sealer, self.now, token).await? else {
            return Err(Refusal::LinkUnknown.into());
        };
        if signups::by_id(&mut self.tx, self.sealer, self.now, id).await?.is_none() {
            return Err(Refusal::SignupGone.into());
        }
        let held = signups::of_browser(&mut self.tx, self.sealer, self.now, &self.who.carried, id).await?;
        self.started(id, held.map_or_else(entropy::uuid, |held| held.browser), None).await
    }

    /// Removes the sign-up that the request means from this browser, and returns what the browser still carries. Other
    /// devices keep the sign-up. A sign-up that no device carries expires.
    pub(in crate::services) async fn abandon_signup(&mut self) -> Done<Carried> {
        if let Ok(held) = self.signup_of_requester().await.caught()? {
            signups::drop_browser(&mut self.tx, held.signup.id, held.browser).await?;
        }
        Ok(self.carried().await?)
    }

    /// API: sends the code of the newest sign-up on that phone again. If there is none, the answer and its limit are the
    /// same.
    pub(in crate::services) async fn resend_phone(&mut self, phone: &str, channel: &str) -> Done<CodeSent> {
        let phone = Phone::parse_mobile(phone).map_err(|error| Refusal::field(Field::Phone, error))?;
        let offered = Kind::Cliente.journey().channels;
        let asked = self.service.asked_channel(channel, offered)?;
        let Some(by) = self.service.channel(asked, offered) else {
            return Err(Refusal::field(Field::Channel, FieldError::ChannelUnavailable).into());
        };
        let by = self.goes_now(&phone, CodeFor::SignupPhone, by, asked.is_some()).await?;
        let index = accounts::phone_index(self.sealer, &phone);
        let scope = match signups::waiting_on_phone(&mut self.tx, self.sealer, self.now, &index).await?.into_iter().next() {
            Some(mut signup) => {
                self.send_again(&mut signup, channel).await?;
                send_scope(CodeFor::SignupPhone)
            }
            None => {
                // A separate tally: requests for a phone without a sign-up must not keep its owner from registering.
                let scope = "send/nobody".to_owned();
                self.count_unsent(&scope, &index).await?;
                scope
            }
        };
        Ok(self.code_sent(&scope, &phone, by).await?)
    }
}

/// The wait before a resend. There is none where the message may never arrive.
pub(in crate::services) const fn resend_wait(delivery: Delivery, rules: &Rules) -> time::Duration {
    if matches!(delivery, Delivery::Failed | Delivery::Late) { time::Duration::ZERO } else { rules.resend_wait }
}

/// The wrong entries that are left, unless entries rest.
pub(in crate::services) fn left_of(entries: &Tally, rules: &Rules, now: OffsetDateTime) -> Option<u32> {
    entries.left(now, rules.entries).filter(|_| entries.blocked_for(now).is_none())
}

/// How far a code or link has come, and by which channel.
fn message(stored: &Stored, now: OffsetDateTime) -> (Delivery, Channel) {
    (delivery(stored, now), stored.delivered_by.unwrap_or(stored.channel))
}

/// How far a code or link has come.
pub(in crate::services) fn delivery(stored: &Stored, now: OffsetDateTime) -> Delivery {
    match stored.facts.state(now) {
        State::Waiting | State::Live if stored.delivered_by.is_some() => Delivery::Delivered,
        State::Waiting | State::Live | State::Lapsed if stored.undeliverable => Delivery::Failed,
        State::Live if stored.late && !stored.queued => Delivery::Late,
        State::Waiting => Delivery::OnItsWay,
        State::Live if stored.queued => Delivery::OnItsWay,
        State::Live | State::Spent => Delivery::Sent,
        State::Dead => Delivery::Dead,
        State::Lapsed => Delivery::Lapsed,
    }
}
