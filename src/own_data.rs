//! What a person is shown of the data that is kept of them, and takes along as a file (SPEC §13 "Export"; LGPD, Art. 18 II and V).
//!
//! What has an upper bound comes at once ([`OwnData`]). What grows with the age of an account comes in pages ([`OwnList`]), the newest
//! first, so that no account is too large to be written out.

use crate::accounts::Photo;
use crate::contact::Contact;
use crate::openid::Agreed;
use crate::view::AccountView;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// The format of the file: a later version that reads differently has another name.
pub const SCHEMA: &str = "portaria/own-data/1";
/// Files that one account may take within [`EXPORT_WINDOW`]: each reads all that is kept of it.
pub const EXPORTS_PER_ACCOUNT: usize = 10;
/// The window of [`EXPORTS_PER_ACCOUNT`].
pub const EXPORT_WINDOW: Duration = Duration::hours(1);

/// What is kept of an account and does not grow without end.
#[derive(Debug)]
pub struct OwnData {
    /// When it was read.
    pub at: OffsetDateTime,
    /// The account, with every value whole.
    pub account: AccountView,
    /// When the account was made.
    pub created_at: OffsetDateTime,
    /// When the e-mail was proved; `None`: not yet.
    pub email_proved_at: Option<OffsetDateTime>,
    /// When the phone was proved; `None`: not yet.
    pub phone_proved_at: Option<OffsetDateTime>,
    /// The photo.
    pub photo: Option<Photo>,
    /// What was agreed to, the oldest first.
    pub consents: Vec<Consent>,
    /// The products that were allowed to know of the account, the newest first.
    pub products: Vec<Agreed>,
    /// What no page shows.
    pub beside: Beside,
}

/// What is kept beside an account, and no page shows.
#[derive(Debug, Default)]
pub struct Beside {
    /// The address that waits for its code.
    pub wanted_email: Option<String>,
    /// The id in the system that the account was brought in from.
    pub external_id: Option<String>,
    /// When it was brought in.
    pub imported_at: Option<OffsetDateTime>,
    /// The devices that were signed in from, the newest first.
    pub devices: Vec<KnownDevice>,
    /// Contacts that others took the place of, for as long as that can be undone.
    pub replaced: Vec<ReplacedContact>,
}

/// A device that the account was signed in from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownDevice {
    /// Browser family and system; empty: a client that tells neither.
    pub name: String,
    /// When it signed in first.
    pub first_seen_at: OffsetDateTime,
    /// When it signed in last.
    pub last_seen_at: OffsetDateTime,
}

/// A contact that another took the place of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplacedContact {
    /// The contact.
    pub contact: Contact,
    /// When it was proved.
    pub proved_at: OffsetDateTime,
    /// When another took its place.
    pub replaced_at: OffsetDateTime,
}

/// Something that was agreed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// What: `terms`.
    pub document: String,
    /// Which version of it.
    pub version: String,
    /// When.
    pub at: OffsetDateTime,
    /// From which IP address.
    pub address: String,
}

/// A list that grows with the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnList {
    /// Sessions, also those that have ended.
    Sessions,
    /// Messages that were sent.
    Messages,
    /// The audit of the account.
    Events,
}

impl OwnList {
    /// Every list, in the order of the file.
    pub const ALL: [Self; 3] = [Self::Sessions, Self::Messages, Self::Events];
}

/// A place in a list: the next page begins after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The instant of the record.
    pub at: OffsetDateTime,
    /// Of several of one instant.
    pub id: Uuid,
}

impl Place {
    /// Writes it for an address.
    pub fn written(self) -> String {
        format!("{}.{}", self.at.unix_timestamp_nanos() / 1000, self.id.simple())
    }

    /// Reads it back; `None`: it was written by somebody else.
    pub fn read(text: &str) -> Option<Self> {
        let (at, id) = text.split_once('.')?;
        let at = OffsetDateTime::from_unix_timestamp_nanos(i128::from(at.parse::<i64>().ok()?) * 1000).ok()?;
        Some(Self { at, id: id.parse().ok()? })
    }
}

/// A line of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnRecord {
    /// Where it stands.
    pub place: Place,
    /// What it says.
    pub what: Recorded,
}

/// What a line of a list says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recorded {
    /// A session, from when it began.
    Session {
        /// `browser` or `api`.
        client: String,
        /// When it was last used, to the minute.
        last_used_at: OffsetDateTime,
        /// When it expires.
        expires_at: OffsetDateTime,
        /// When it ended before that.
        ended_at: Option<OffsetDateTime>,
        /// The last IP address.
        address: String,
        /// The User-Agent that began it.
        user_agent: String,
    },
    /// A message.
    Message {
        /// `email`, `sms` or `whatsapp`.
        channel: String,
        /// What it was about, by the name of its purpose or notice.
        kind: String,
    },
    /// An attempt in the audit.
    Event {
        /// The name of the [`Event`](crate::audit::Event).
        event: String,
        /// `ok`, or the code of the refusal.
        outcome: String,
        /// From which IP address.
        address: String,
        /// The User-Agent.
        user_agent: String,
    },
}

/// What the page Meus dados shows beside the account and its sessions.
#[derive(Debug, Clone)]
pub struct OwnOverview {
    /// Whether the session is fresh, so that the file can be taken at once.
    pub fresh: bool,
    /// What was agreed to.
    pub consents: Vec<Consent>,
    /// The products that were allowed to know of the account, the newest first.
    pub products: Vec<Agreed>,
    /// A page of the events, the newest first.
    pub events: Vec<OwnRecord>,
    /// Where the next page of events begins; `None`: this is the last.
    pub next: Option<Place>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_back_and_nothing_else_is() {
        let place = Place { at: OffsetDateTime::from_unix_timestamp_nanos(1_795_000_000_123_456_000).unwrap(), id: Uuid::from_u128(7) };
        assert_eq!(Place::read(&place.written()), Some(place));
        for other in ["", "1", "1.", ".1", "a.00000000000000000000000000000007", "99999999999999999999.0", "1.x"] {
            assert_eq!(Place::read(other), None, "{other}");
        }
    }
}
