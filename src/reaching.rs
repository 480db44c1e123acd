//! Which channel brings a code to a contact (SPEC §12). One rule for signing up, signing in, recovering and a phone of one's own.
//!
//! ```text
//!   asked for by name ──► that channel, and no other by itself: if it fails, the page offers the others
//!   nobody asked ──► the first of PHONE_CHANNELS that is set up ──► the next one, each once ──► e-mail, where that proves as much
//!                                            failed, or no word of its delivery in time
//! ```

use crate::error::FieldError;
use crate::message::Channel;
use crate::value::is_blank;

/// The channels by which contacts are reached here, those of phones in the order in which the system takes them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach(Vec<Channel>);

impl Reach {
    /// `order`: the channels of phones (`PHONE_CHANNELS`); `set_up`: those that have a carrier.
    pub fn new(order: &[Channel], set_up: &[Channel]) -> Self {
        let phones = order.iter().copied().filter(|channel| *channel != Channel::Email);
        Self(phones.chain([Channel::Email]).filter(|channel| set_up.contains(channel)).collect())
    }

    /// Returns every channel by which a code may go here.
    pub fn all(&self) -> &[Channel] {
        &self.0
    }

    /// Returns those of the offered channels that are set up here; the first is the system's choice.
    pub fn available(&self, offered: &[Channel]) -> Vec<Channel> {
        self.0.iter().copied().filter(|channel| offered.contains(channel)).collect()
    }

    /// Parses a channel that somebody asks for. Empty is `None`: the system chooses.
    ///
    /// # Errors
    /// [`FieldError::ChannelUnavailable`]: no such channel, not one of these, or not set up here.
    pub fn asked(&self, typed: &str, offered: &[Channel]) -> Result<Option<Channel>, FieldError> {
        if is_blank(typed) {
            return Ok(None);
        }
        Channel::parse(typed).ok().filter(|it| self.available(offered).contains(it)).map(Some).ok_or(FieldError::ChannelUnavailable)
    }

    /// Returns the channel of a message: the one that was asked for, if it is set up here, else the system's choice.
    pub fn first(&self, asked: Option<Channel>, offered: &[Channel]) -> Option<Channel> {
        match asked {
            Some(channel) => self.0.contains(&channel).then_some(channel),
            // With no channel set up, the message waits in the outbox and the operator sees a warning.
            None => self.available(offered).first().or(offered.first()).copied(),
        }
    }

    /// Returns the channel by which the same code goes next, after those that were tried; `None`: nothing follows by itself. `chosen`:
    /// the person chose. `resting`: what nothing goes by now. `by_email`: whether a proved address may get it.
    pub fn next(&self, tried: &[Channel], chosen: bool, resting: &[Channel], by_email: bool) -> Option<Channel> {
        if chosen {
            return None;
        }
        let goes = |channel: &Channel| !tried.contains(channel) && !resting.contains(channel);
        self.0.iter().copied().filter(goes).find(|channel| by_email || *channel != Channel::Email)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Channel::{Email, Sms, WhatsApp};

    const PHONE: &[Channel] = &[Sms, WhatsApp];

    #[test]
    fn the_system_takes_the_first_of_the_order_that_is_set_up() {
        let first = |order: &[Channel], set_up: &[Channel]| Reach::new(order, set_up).first(None, PHONE);
        assert_eq!(first(&[WhatsApp, Sms], Channel::ALL), Some(WhatsApp));
        assert_eq!(first(&[Sms, WhatsApp], Channel::ALL), Some(Sms));
        assert_eq!(first(&[WhatsApp, Sms], &[Email, Sms]), Some(Sms));
        assert_eq!(first(&[WhatsApp], &[Email, Sms]), Some(Sms), "nothing is set up: the message waits");
        assert_eq!(Reach::new(&[Sms], Channel::ALL).first(None, &[Email]), Some(Email));
    }

    #[test]
    fn who_asks_gets_that_channel_or_hears_that_there_is_none() {
        let reach = Reach::new(&[WhatsApp], Channel::ALL);
        assert_eq!(reach.asked(" ", PHONE), Ok(None));
        assert_eq!(reach.asked("whatsapp", PHONE), Ok(Some(WhatsApp)));
        for wrong in ["sms", "email", "pombo"] {
            assert_eq!(reach.asked(wrong, PHONE), Err(FieldError::ChannelUnavailable), "{wrong}");
        }
        assert_eq!(reach.available(PHONE), [WhatsApp]);
        assert_eq!(reach.all(), [WhatsApp, Email]);
    }

    #[test]
    fn each_channel_is_tried_once_and_e_mail_last() {
        let reach = Reach::new(&[WhatsApp, Sms], Channel::ALL);
        assert_eq!(reach.next(&[WhatsApp], false, &[], true), Some(Sms));
        assert_eq!(reach.next(&[WhatsApp, Sms], false, &[], true), Some(Email));
        assert_eq!(reach.next(&[WhatsApp, Sms], false, &[], false), None);
        assert_eq!(reach.next(&[WhatsApp, Sms, Email], false, &[], true), None);
        assert_eq!(reach.next(&[WhatsApp], false, &[Sms], true), Some(Email), "SMS rests");
        assert_eq!(reach.next(&[WhatsApp], true, &[], true), None, "the person chose");
        assert_eq!(Reach::new(&[Sms, WhatsApp], Channel::ALL).next(&[Sms], false, &[], true), Some(WhatsApp));
    }
}
