//! Which browsers hold a sign-up, and what its proof gives each of them (SPEC §16).
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
//! A password belongs to the browser that chose it. If another browser submits the form without a password, it is dropped.
//!
//! A sign-up ends when it is proved; when nobody changed it for [`crate::signup::SIGNUP_LIFETIME`]; when the owner of its contact
//! says "não fui eu"; or when its claim has expired ([`CLAIM_LIFETIME`]) and somebody else registers with the same contact.

use crate::account::Account;
use crate::purpose::Purpose;
use crate::signup::{Draft, HANDOFF_LIFETIME};
use time::{Duration, OffsetDateTime};

/// How long an unproved claim reserves its values, counted from its creation. Resends do not extend it (SPEC §16).
pub const CLAIM_LIFETIME: Duration = Duration::hours(24);

/// Which browsers hold a sign-up. `B` identifies a browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holding<B> {
    /// The browser that started it; `None`: an API client started it, and holds nothing.
    pub begun_by: Option<B>,
    /// Whether a browser other than `begun_by` ever changed anything.
    pub others_changed: bool,
}

/// What a form submitted by a holder changes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Correction {
    /// A contact: the one to prove now, or one that the account may prove later.
    pub contact: bool,
    /// The password: a new one was typed, or the form left out a password that another browser had chosen.
    pub password: bool,
    /// Any other field.
    pub other: bool,
}

/// Which browsers still hold a sign-up after a correction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holders {
    /// All browsers that already held it.
    All,
    /// Only the browser that made the correction. Open hand-offs end.
    OnlyThis,
}

impl Correction {
    /// Compares the sign-up before and after a form. `password`: whether the password changed.
    pub fn between(before: &Draft, after: &Draft, password: bool) -> Self {
        Self { contact: before.email != after.email || before.phone != after.phone, password, other: before != after }
    }
}

/// Returns whether a form corrects the sign-up that was found for it. Found by the form's own token: always, because that form
/// started it. Found by the browser's cookie: only while it is unproved; otherwise the form starts a new one.
pub const fn is_corrected(found_by_token: bool, same_kind: bool, proved: bool) -> bool {
    same_kind && (found_by_token || !proved)
}

/// Returns whether a browser holds the sign-up of `account` or has a session of it.
pub fn holds<A: Copy + PartialEq>(account: A, of_signup: Option<A>, of_session: Option<A>) -> bool {
    let account = Some(account);
    of_signup == account || of_session == account
}

impl<B: Copy + PartialEq> Holding<B> {
    /// Returns the state of a new sign-up.
    pub const fn begun(by: Option<B>) -> Self {
        Self { begun_by: by, others_changed: false }
    }

    /// Records a correction by a holder. After a changed contact or password the other browsers no longer hold the sign-up, because
    /// it may now be another person's.
    pub fn correct(&mut self, by: B, correction: Correction) -> Holders {
        let Correction { contact, password, other } = correction;
        if (contact || password || other) && self.begun_by != Some(by) {
            self.others_changed = true;
        }
        if contact || password { Holders::OnlyThis } else { Holders::All }
    }

    /// Returns whether this browser's form may leave the password out to keep the chosen one. Another browser's form may not:
    /// whoever handed the sign-up over knows that password.
    pub fn keeps_password(&self, by: B) -> bool {
        self.begun_by == Some(by)
    }

    /// Returns whether a browser gets a session from a proof that another browser gave.
    pub fn enters(&self, browser: B) -> bool {
        self.begun_by == Some(browser) && !self.others_changed
    }

    /// Returns [`Holding::enters`] for a proof of `proved_at`. Only a code counts, and only for [`HANDOFF_LIFETIME`].
    pub fn follows(&self, browser: B, proof: Purpose, proved_at: OffsetDateTime, now: OffsetDateTime) -> bool {
        proof.code().is_some() && now < proved_at + HANDOFF_LIFETIME && self.enters(browser)
    }
}

/// Who gave a proof. This decides whether the password chosen before the proof stays valid (SPEC §16): somebody who registers
/// another person's address must not choose the password of that account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prover {
    /// A browser that holds the sign-up or has a session of the account.
    Holder,
    /// An API client; no mail links to the API.
    Api,
    /// The owner pressed **Confirmar** on the page that mentions the password set at sign-up.
    Confirmed {
        /// Whether the owner keeps that password; otherwise it is invalidated and another one is set.
        keeps_password: bool,
    },
    /// A reader of the mailbox, in a browser that holds nothing.
    Reader,
}

impl Prover {
    /// Returns the prover for a page on which the code or link of a message is used.
    pub const fn by_page(holds: bool) -> Self {
        if holds { Self::Holder } else { Self::Reader }
    }

    /// Returns whether the browser that started the sign-up must sign in after the first proof, although it waits for a code that
    /// could give it a session ([`Holding::follows`]). It must if the proof was a link, or if a mere reader of the mailbox entered
    /// the code: the reader may not be the person who started the sign-up. `before`: the account before the proof.
    pub fn leaves_to_sign_in(self, proof: Purpose, before: &Account) -> bool {
        let waits_for_code = before.kind.journey().proof_purpose.code().is_some();
        waits_for_code && !before.contact_proved() && (proof.code().is_none() || matches!(self, Self::Reader))
    }

    /// Returns whether opening the link is enough; otherwise the page asks for confirmation.
    pub const fn proves_at_once(self) -> bool {
        !matches!(self, Self::Reader)
    }

    /// Returns whether this proof invalidates the password: only the first proof of an account can. `before`: the account before the
    /// proof.
    pub const fn drops_password(self, before: &Account) -> bool {
        !self.keeps_password() && !before.contact_proved() && before.password_hash.is_some()
    }

    /// Returns whether the password chosen at sign-up stays valid.
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
    use crate::purpose::{CodeFor, LinkFor};

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
        assert!(holding.follows(1, CodeFor::SignupPhone.into(), then, then + Duration::minutes(14)));
        assert!(!holding.follows(1, CodeFor::SignupPhone.into(), then, then + HANDOFF_LIFETIME));
        assert!(!holding.follows(1, LinkFor::EmailProof.into(), then, then));
        assert!(!holding.follows(2, CodeFor::SignupPhone.into(), then, then));
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
            assert!(prover.leaves_to_sign_in(LinkFor::EmailProof.into(), &rider));
            assert_eq!(prover.leaves_to_sign_in(CodeFor::SignupEmail.into(), &rider), prover == Prover::Reader);
        }
        let client =
            Account { phone_proved_at: Some(OffsetDateTime::UNIX_EPOCH), ..crate::account::tests::account(crate::journey::Kind::Cliente) };
        assert!(!Prover::Reader.leaves_to_sign_in(LinkFor::EmailProof.into(), &client), "its code was the first proof");
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
