//! The channel by which a code or link goes: those that are set up here, and what goes where SMS rests (SPEC §12 "Spending").

use super::super::Service;
use super::super::turn::{Done, Turn};
use super::Sending;
use crate::db::spending;
use crate::fault::Fault;
use portaria::contact::Contact;
use portaria::error::{Field, Refusal};
use portaria::message::Channel;
use portaria::purpose::{CodeFor, Purpose};
use portaria::value::Phone;

impl Service {
    /// The chosen channel if it is set up here, else the system's choice.
    pub(in crate::services) fn channel(&self, chosen: Option<Channel>, offered: &[Channel]) -> Option<Channel> {
        self.reach.first(chosen, offered)
    }

    /// The offered channels that are set up here, the system's choice first.
    pub(in crate::services) fn available(&self, offered: &[Channel]) -> Vec<Channel> {
        self.reach.available(offered)
    }

    /// Parses a requested channel. Empty is `None`; otherwise it must be offered, and set up here.
    pub(in crate::services) fn asked_channel(&self, typed: &str, offered: &[Channel]) -> Result<Option<Channel>, Refusal> {
        self.reach.asked(typed, offered).map_err(|error| Refusal::field(Field::Channel, error))
    }

    /// Returns whether this phone may be sent to at all. This excludes premium numbers and other countries (SPEC §8).
    pub(in crate::services) fn may_send_to(&self, phone: &Phone) -> bool {
        self.rules.allowed_prefixes.iter().any(|prefix| phone.e164().starts_with(prefix.as_str()))
    }

    /// The same of any contact.
    pub(in crate::services) fn may_reach(&self, contact: &Contact) -> bool {
        match contact {
            Contact::Email(_) => true,
            Contact::Phone(phone) => self.may_send_to(phone),
        }
    }
}

impl Turn<'_> {
    /// The channel by which a code goes to a phone now, counted (SPEC §12 "Spending"). Where SMS rests, the system takes another; one that
    /// was asked for is refused.
    pub(in crate::services) async fn spend(&mut self, sending: &Sending<'_>) -> Done<Channel> {
        let Contact::Phone(phone) = sending.destination else { return Ok(sending.channel) };
        if sending.purpose.code().is_none() {
            return Ok(sending.channel);
        }
        let (budgets, ddd, proved) = (self.rules.budgets, phone.ddd(), sending.purpose.facts().to_proved);
        let mut channel = sending.channel;
        if channel == Channel::Sms {
            let spent = spending::lock(&mut self.tx, self.now, ddd, budgets.sms.is_some()).await?;
            if let Some(rest) = budgets.rests(spent, proved) {
                self.counts.rested(rest);
                spending::alarm(&mut self.tx, self.now, ddd, rest).await?;
                channel = self.instead_of_sms(sending.destination, sending.chosen)?;
            }
        }
        spending::count(&mut self.tx, self.now, ddd, !proved, channel == Channel::Sms).await?;
        Ok(channel)
    }

    /// The channel by which a code would go to a phone now, without counting it: decided before it is known whether there is anybody, so
    /// that the answer tells nothing.
    pub(in crate::services) async fn goes_now(&mut self, phone: &Phone, purpose: CodeFor, channel: Channel, chosen: bool) -> Done<Channel> {
        if channel != Channel::Sms || !self.sms_rests(phone, purpose.into()).await? {
            return Ok(channel);
        }
        self.instead_of_sms(&Contact::Phone(phone.clone()), chosen)
    }

    /// What goes instead of an SMS that rests: the next channel, if the system chose.
    fn instead_of_sms(&self, destination: &Contact, chosen: bool) -> Done<Channel> {
        let mut channels = self.service.available(destination.code_channels());
        channels.retain(|channel| *channel != Channel::Sms);
        match channels.first() {
            Some(other) if !chosen => Ok(*other),
            _ => Err(Refusal::ChannelResting { channels }.into()),
        }
    }

    /// Returns whether SMS rests for a phone now.
    pub(in crate::services) async fn sms_rests(&mut self, phone: &Phone, purpose: Purpose) -> Result<bool, Fault> {
        let spent = spending::peek(&mut self.tx, self.now, phone.ddd()).await?;
        Ok(self.rules.budgets.rests(spent, purpose.facts().to_proved).is_some())
    }
}
