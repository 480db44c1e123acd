//! Counts how often each event happened: a model in which nothing ever succeeds proves nothing.

use std::fmt;

macro_rules! events {
    ($($event:ident),+ $(,)?) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Event {
            $($event),+
        }

        const ALL: &[Event] = &[$(Event::$event),+];
    };
}

events! {
    Began, SentTwice, EqualForm, Registered, Refused, Corrected, CorrectionRefused, TookOver, WrongCode, ProvedByCode, ProvedByApi,
    ProvedByPage, ProvedByLink, Confirmed, Disowned, MachineOpened, PasswordFell, Followed, SignedIn, SignedInByCode, Reset, ResetByGrant,
}

#[derive(Debug, Clone, Default)]
pub struct Events([u64; ALL.len()]);

impl Events {
    pub const fn count(&mut self, event: Event) {
        self.0[event as usize] += 1;
    }

    pub fn add(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(sum, n)| *sum += n);
    }

    pub fn never(&self) -> Vec<Event> {
        ALL.iter().copied().filter(|event| self.0[*event as usize] == 0).collect()
    }
}

impl fmt::Display for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        ALL.iter().try_for_each(|event| write!(f, " {event:?} {}", self.0[*event as usize]))
    }
}
