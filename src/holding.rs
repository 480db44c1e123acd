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
//!       a holder corrects a contact or the password             │  a holder corrects something else
//!      ┌────────────────────────────────────────────────────────┴────────────────────┐
//!      ▼                                                                             ▼
//!    {that holder} alone; open hand-offs end,                          everybody stays; `others_changed`
//!    the old contact's code or link is dead                            if it was not the one that began
//!
//!    proof by code ──► a session for the browser that gave it, and for the one that began the sign-up
//!                      if no other browser ever changed anything; everybody else signs in
//!    proof by link, or by a code entered on a page by somebody who holds nothing ──► everybody signs in
//! ```
//!
//! A password belongs to the browser that chose it: a form of another browser that leaves it out drops it.
//!
//! A sign-up ends when it is proved, when nobody touched it for [`crate::signup::SIGNUP_LIFETIME`], when the owner of its contact
//! says "não fui eu", or when its claim lapsed ([`CLAIM_LIFETIME`]) and somebody else registered with the same contact.

use crate::account::Account;
use crate::message::Purpose;
use crate::signup::{Draft, HANDOFF_LIFETIME};
use time::{Duration, OffsetDateTime};

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
    /// A contact: the one that is to be proved, or one that the account would prove later.
    pub contact: bool,
    /// The password: one was typed anew, or the one of another browser was left out.
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

impl Correction {
    /// What a form changes of what a sign-up was.
    pub fn between(before: &Draft, after: &Draft, password: bool) -> Self {
        Self { contact: before.email != after.email || before.phone != after.phone, password, other: before != after }
    }
}

/// Whether a form corrects the sign-up that was found for it: by its own token, for it began that one; or by the cookie of its
/// browser, unless that one is proved, for then the form begins another.
pub const fn is_corrected(found_by_token: bool, same_kind: bool, proved: bool) -> bool {
    same_kind && (found_by_token || !proved)
}

/// Whether a browser holds an account's sign-up, or has a session of it: the accounts of its sign-up and of its session say so.
pub fn holds<A: Copy + PartialEq>(account: A, of_signup: Option<A>, of_session: Option<A>) -> bool {
    let account = Some(account);
    of_signup == account || of_session == account
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

    /// Whether a form of this browser may leave the password out, so that the one that was given stays. Another browser's form
    /// may not: whoever handed the sign-up on knows that password.
    pub fn keeps_password(&self, by: B) -> bool {
        self.begun_by == Some(by)
    }

    /// Whether a browser that did not give the proof itself gets a session from it.
    pub fn enters(&self, browser: B) -> bool {
        self.begun_by == Some(browser) && !self.others_changed
    }

    /// The same, for what was proved at `proved_at`: by a code alone, and for a while.
    pub fn follows(&self, browser: B, proof: Purpose, proved_at: OffsetDateTime, now: OffsetDateTime) -> bool {
        proof.digits().is_some() && now < proved_at + HANDOFF_LIFETIME && self.enters(browser)
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
    /// Whoever comes by a page with what the message said.
    pub const fn by_page(holds: bool) -> Self {
        if holds { Self::Holder } else { Self::Reader }
    }

    /// Whether the browser that began a sign-up is to sign in after its first proof, though it waits for a code that would let it
    /// follow ([`Holding::follows`]): a link came back instead, or the code from somebody who merely reads the mailbox and perhaps
    /// began nothing. `before`: the account as it was before.
    pub fn leaves_to_sign_in(self, proof: Purpose, before: &Account) -> bool {
        let waits_for_code = before.kind.journey().proof.digits().is_some();
        waits_for_code && !before.contact_proved() && (proof.digits().is_none() || matches!(self, Self::Reader))
    }

    /// Whether an opened link proves at once; otherwise its page asks.
    pub const fn proves_at_once(self) -> bool {
        !matches!(self, Self::Reader)
    }

    /// Whether the password that was chosen before the first proof of an account goes out of force with that proof. `before`: the
    /// account as it was before.
    pub const fn drops_password(self, before: &Account) -> bool {
        !self.keeps_password() && !before.contact_proved() && before.password_hash.is_some()
    }

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
    fn another_browsers_form_does_not_keep_a_password_that_it_leaves_out() {
        let mut holding = Holding::begun(Some(1));
        assert!(holding.keeps_password(1) && !holding.keeps_password(2));
        holding.correct(2, CONTACT);
        assert!(!holding.keeps_password(2));
    }

    #[test]
    fn any_contact_that_is_corrected_takes_the_sign_up_from_others() {
        let draft = |email: Option<&str>, phone: &str| Draft {
            name: crate::value::Name::parse("Ana Souza").unwrap(),
            username: None,
            email: email.map(|email| crate::value::Email::parse(email).unwrap()),
            phone: Some(crate::value::Phone::parse(phone).unwrap()),
            cnpj: None,
            terms: false,
            texts: crate::profile::FreeTexts::default(),
        };
        let before = draft(None, "+5511987654321");
        assert_eq!(Correction::between(&before, &before, false), Correction::default());
        assert!(Correction::between(&before, &draft(None, "+5521987654321"), false).contact);
        assert!(Correction::between(&before, &draft(Some("ana@example.com"), "+5511987654321"), false).contact);
        let renamed = Draft { name: crate::value::Name::parse("Bia Lima").unwrap(), ..before.clone() };
        assert_eq!(Correction::between(&before, &renamed, true), Correction { contact: false, password: true, other: true });
    }

    #[test]
    fn who_began_it_follows_for_a_while_and_by_a_code_alone() {
        let (holding, then) = (Holding::begun(Some(1)), OffsetDateTime::UNIX_EPOCH);
        assert!(holding.follows(1, Purpose::SignupPhone, then, then + Duration::minutes(14)));
        assert!(!holding.follows(1, Purpose::SignupPhone, then, then + HANDOFF_LIFETIME));
        assert!(!holding.follows(1, Purpose::EmailLink, then, then));
        assert!(!holding.follows(2, Purpose::SignupPhone, then, then));
    }

    #[test]
    fn a_form_corrects_what_it_began_and_otherwise_what_is_not_proved() {
        assert!(is_corrected(true, true, true) && is_corrected(false, true, false));
        assert!(!is_corrected(false, true, true) && !is_corrected(true, false, false));
    }

    #[test]
    fn an_opened_link_proves_at_once_where_its_account_is_held() {
        assert!(Prover::by_page(holds(1, Some(1), None)).proves_at_once() && Prover::by_page(holds(1, None, Some(1))).proves_at_once());
        assert!(!Prover::by_page(holds(1, Some(2), None)).proves_at_once() && !Prover::by_page(holds(1, None, None)).proves_at_once());
    }

    #[test]
    fn who_began_it_signs_in_after_a_first_proof_by_a_link_or_by_a_reader() {
        let rider = crate::account::tests::account(crate::journey::Kind::Caronista);
        for prover in [Prover::Holder, Prover::Api, Prover::Reader, Prover::Confirmed { keeps_password: true }] {
            assert!(prover.leaves_to_sign_in(Purpose::EmailLink, &rider));
            assert_eq!(prover.leaves_to_sign_in(Purpose::SignupEmail, &rider), prover == Prover::Reader);
        }
        let client =
            Account { phone_proved_at: Some(OffsetDateTime::UNIX_EPOCH), ..crate::account::tests::account(crate::journey::Kind::Cliente) };
        assert!(!Prover::Reader.leaves_to_sign_in(Purpose::EmailLink, &client), "its code was the first proof");
    }

    #[test]
    fn only_the_first_proof_drops_a_password() {
        let unproved =
            Account { password_hash: Some("hash".to_owned()), ..crate::account::tests::account(crate::journey::Kind::Caronista) };
        assert!(Prover::Reader.drops_password(&unproved) && !Prover::Holder.drops_password(&unproved));
        let proved = Account { email_proved_at: Some(OffsetDateTime::UNIX_EPOCH), ..unproved };
        assert!(!Prover::Reader.drops_password(&proved));
    }

    #[test]
    fn a_password_chosen_by_a_stranger_is_worth_nothing_to_him() {
        assert!(Prover::Holder.keeps_password() && Prover::Api.keeps_password());
        assert!(Prover::Confirmed { keeps_password: true }.keeps_password());
        assert!(!Prover::Confirmed { keeps_password: false }.keeps_password());
        assert!(!Prover::Reader.keeps_password());
    }
}
