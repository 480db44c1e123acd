//! Who holds a sign-up, and what its proof gives to whom (SPEC §16).
//!
//! ```text
//!                 first form (with its token, and a cookie in return)
//!    nobody ────────────────────────────────────────────────► {begun_by}
//!                                                               │    ▲
//!                          hand-off, made by a holder, taken up │    │ gives up: forgets its cookie
//!                                                               ▼    │
//!                                                     {begun_by, others…}
//!                                                               │
//!       a holder corrects the contact or the password           │  a holder corrects something else
//!      ┌────────────────────────────────────────────────────────┴────────────────────┐
//!      ▼                                                                             ▼
//!    {that holder} alone; open hand-offs end,                          everybody stays; `others_changed`
//!    the old contact's code or link is dead                            if it was not the one that began
//!
//!    proof by code ──► a session for the browser that gave it, and for the one that began the sign-up
//!                      if no other browser ever changed anything; everybody else signs in
//!    proof by link ──► everybody signs in
//! ```
//!
//! A sign-up ends when it is proved, when nobody touched it for [`crate::signup::SIGNUP_LIFETIME`], when the owner of its contact
//! says "não fui eu", or when its claim lapsed ([`CLAIM_LIFETIME`]) and somebody else registered with the same contact.

use time::Duration;

/// A claim that nobody proved keeps others out for this long from when it was made, resends or not (SPEC §16).
pub const CLAIM_LIFETIME: Duration = Duration::hours(24);

/// Who holds a sign-up; `B` names a browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holding<B> {
    /// The browser whose first form began it; `None`: an API client's, which holds nothing.
    pub begun_by: Option<B>,
    /// Whether a browser that did not begin it ever changed anything.
    pub others_changed: bool,
}

/// What a holder's form changes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Correction {
    /// The contact that is to be proved.
    pub contact: bool,
    /// The password: one was typed anew.
    pub password: bool,
    /// Anything else.
    pub other: bool,
}

/// Who still holds a sign-up after a correction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holders {
    /// All that held it before.
    All,
    /// The browser that corrected it, and no open hand-off.
    OnlyThis,
}

impl<B: Copy + PartialEq> Holding<B> {
    /// A sign-up that this browser begins.
    pub const fn begun(by: Option<B>) -> Self {
        Self { begun_by: by, others_changed: false }
    }

    /// A holder corrects it: what it stands for changes, so that those who held it before do not hold what it is now.
    pub fn correct(&mut self, by: B, correction: Correction) -> Holders {
        let Correction { contact, password, other } = correction;
        if (contact || password || other) && self.begun_by != Some(by) {
            self.others_changed = true;
        }
        if contact || password { Holders::OnlyThis } else { Holders::All }
    }

    /// Whether a browser that did not give the proof itself gets a session from it.
    pub fn enters(&self, browser: B) -> bool {
        self.begun_by == Some(browser) && !self.others_changed
    }
}

/// How a proof came, and so whether the password that was chosen before it is worth anything (SPEC §16): whoever registers
/// somebody else's address must not have chosen its password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prover {
    /// From a browser that holds the sign-up, or has a session of the account.
    Holder,
    /// From the API path, which no mail links to.
    Api,
    /// The owner pressed **Confirmar** on the page that says that a password was set at sign-up.
    Confirmed {
        /// The owner keeps that password; otherwise it is out of force, and another is set.
        keeps_password: bool,
    },
    /// Whoever reads the mailbox, from a browser that holds nothing.
    Reader,
}

impl Prover {
    /// Whether the password that was chosen at sign-up stays in force.
    pub const fn keeps_password(self) -> bool {
        match self {
            Self::Holder | Self::Api => true,
            Self::Confirmed { keeps_password } => keeps_password,
            Self::Reader => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTACT: Correction = Correction { contact: true, password: false, other: false };
    const PASSWORD: Correction = Correction { contact: false, password: true, other: false };
    const NAME: Correction = Correction { contact: false, password: false, other: true };

    #[test]
    fn who_corrects_the_contact_or_the_password_holds_it_alone() {
        for correction in [CONTACT, PASSWORD] {
            assert_eq!(Holding::begun(Some(1)).correct(1, correction), Holders::OnlyThis);
            assert_eq!(Holding::begun(Some(1)).correct(2, correction), Holders::OnlyThis);
        }
        assert_eq!(Holding::begun(Some(1)).correct(2, NAME), Holders::All);
    }

    #[test]
    fn who_began_it_goes_in_unless_another_changed_something() {
        let mut holding = Holding::begun(Some(1));
        holding.correct(1, CONTACT);
        assert!(holding.enters(1) && !holding.enters(2));
        holding.correct(2, Correction::default());
        assert!(holding.enters(1), "a form sent again changes nothing");
        holding.correct(2, NAME);
        assert!(!holding.enters(1) && !holding.enters(2));
        assert!(!Holding::begun(None).enters(1));
    }

    #[test]
    fn a_password_chosen_by_a_stranger_is_worth_nothing_to_him() {
        assert!(Prover::Holder.keeps_password() && Prover::Api.keeps_password());
        assert!(Prover::Confirmed { keeps_password: true }.keeps_password());
        assert!(!Prover::Confirmed { keeps_password: false }.keeps_password());
        assert!(!Prover::Reader.keeps_password());
    }
}
