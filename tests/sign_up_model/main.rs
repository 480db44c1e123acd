//! A model of the sign-up, over the domain alone. Random sequences of steps are taken by an honest person with two browsers, a stranger
//! with two browsers, and a machine that opens every link in her mail. After every step these invariants are checked (SPEC §16):
//!
//! * every proved contact was proved by the secret that was sent to it, and by its owner;
//! * nobody has a session or a password grant of an account with another's proved contact;
//! * no account of the person's has a password that the stranger chose;
//! * no step of the stranger or the machine takes from the person a sign-up that she holds, its code, a session, a contact or a
//!   password, or uses up her entries;
//! * the browser that corrected the contact or the password of a sign-up holds it, and no earlier holder does;
//! * a refused form changes nothing, a form that is sent twice begins one sign-up, and no unproved claim keeps others out for longer than
//!   a day.
//!
//! `server/tests/it/model.rs` takes fewer sequences of the same steps against the whole service, on Postgres.
//!
//! `PORTARIA_SEQUENCES` is the number of sequences, `PORTARIA_SEED` the first seed (`make fuzz`). A sequence that fails is shortened and
//! printed with its seed. To show that the model can fail, it also runs over variants of the house in which one rule is broken.

#![allow(clippy::expect_used, reason = "a test's own facts")]

mod cast;
mod events;
mod explore;
mod house;
mod invariants;
mod people;
mod proofs;

use explore::{explore, setting};
use house::Broken;

/// The default, in `make test`.
const SEQUENCES: u64 = 20_000;
/// A broken rule must be found within this many sequences.
const SOON: u64 = 20_000;

#[test]
fn random_sequences_find_no_way_in() {
    let sequences = setting("PORTARIA_SEQUENCES", SEQUENCES);
    let (found, events, steps) = explore(None, setting("PORTARIA_SEED", 1), sequences);
    if let Some(failure) = found {
        panic!("{failure}");
    }
    println!("{sequences} sequences, {steps} steps:{events}");
    assert!(sequences < 1_000 || events.never().is_empty(), "never happened: {:?}", events.never());
}

/// Checks that a house which breaks this rule fails, for one of these reasons.
#[track_caller]
fn is_found_out(broken: Broken, reasons: &[&str]) {
    let (found, _, _) = explore(Some(broken), 1, SOON);
    let failure = found.unwrap_or_else(|| panic!("{broken:?} was not found out in {SOON} sequences"));
    assert!(reasons.contains(&failure.reason), "{failure}");
}

const IN_HER_ACCOUNT: &str = "a stranger is in an account of the person's";
const HIS_PASSWORD: &str = "a password that a stranger chose is in force in an account of the person's";
const HELD_ELSEWHERE: &str = "a browser holds a sign-up that was corrected elsewhere";
const TAKEN_FROM_HER: &str = "a stranger or the machine took something from the person";
const NOT_READ: &str = "a contact was proved by somebody who does not read it";

#[test]
fn an_equal_form_taken_for_the_same_person_is_found_out() {
    is_found_out(Broken::EqualFormIsTheSamePerson, &["a stranger holds a sign-up of the person's", TAKEN_FROM_HER]);
}

#[test]
fn a_proof_that_is_not_compared_with_what_it_proves_is_found_out() {
    is_found_out(Broken::ProofOfAnotherContact, &["a contact is proved without the secret that was sent to it", NOT_READ]);
}

#[test]
fn a_refused_correction_that_stays_is_found_out() {
    is_found_out(Broken::RefusedCorrectionStays, &["a form that was refused changed a sign-up"]);
}

#[test]
fn cookies_that_outlive_a_correction_are_found_out() {
    is_found_out(Broken::HoldersOutliveACorrection, &[HELD_ELSEWHERE]);
}

#[test]
fn hand_offs_that_outlive_a_correction_are_found_out() {
    is_found_out(Broken::HandOffsOutliveACorrection, &["a hand-off outlived a correction"]);
}

#[test]
fn a_change_by_others_that_is_forgotten_is_found_out() {
    is_found_out(Broken::ChangedByOthersIsForgotten, &[IN_HER_ACCOUNT]);
}

#[test]
fn a_password_that_outlives_another_browsers_correction_is_found_out() {
    is_found_out(Broken::PasswordOfAnotherBrowserStays, &[HIS_PASSWORD]);
}

#[test]
fn an_optional_contact_that_counts_for_none_is_found_out() {
    is_found_out(Broken::OptionalContactIsNone, &[HELD_ELSEWHERE, "one account has proved contacts of both"]);
}

#[test]
fn a_link_that_proves_by_being_opened_is_found_out() {
    is_found_out(Broken::LinkProvesOnGet, &[NOT_READ, HIS_PASSWORD, TAKEN_FROM_HER]);
}

#[test]
fn a_password_that_outlives_a_readers_proof_is_found_out() {
    is_found_out(Broken::PasswordOutlivesAReader, &[HIS_PASSWORD]);
}

#[test]
fn a_readers_proof_that_lets_others_in_is_found_out() {
    is_found_out(Broken::ReaderLetsOthersIn, &[IN_HER_ACCOUNT]);
}

#[test]
fn a_link_that_lets_others_in_is_found_out() {
    is_found_out(Broken::LinkLetsOthersIn, &[IN_HER_ACCOUNT]);
}

#[test]
fn entries_of_holder_and_stranger_counted_together_are_found_out() {
    is_found_out(Broken::EntriesAreCountedTogether, &[TAKEN_FROM_HER]);
}

#[test]
fn a_claim_that_never_lapses_is_found_out() {
    is_found_out(Broken::ClaimsNeverLapse, &["a claim that was never proved keeps others out after a day"]);
}
