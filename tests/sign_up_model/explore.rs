//! Generates sequences from seeds, runs them, and shortens one that fails.

use crate::events::Events;
use crate::house::{Broken, Owner};
use crate::invariants::Hers;
use crate::people::{Act, Step, World};
use std::fmt;

/// Steps per sequence: enough for a sign-up, a hand-off, a correction, a proof and a sign-in, with other steps in between.
const STEPS: usize = 24;

/// The acts of the person. An act that is listed twice is twice as likely.
const OF_PERSON: &[Act] = &[
    Act::FirstForm,
    Act::FirstForm,
    Act::FirstForm,
    Act::SameFormTwice,
    Act::Register,
    Act::CorrectContact,
    Act::CorrectContact,
    Act::CorrectPassword,
    Act::CorrectSomething,
    Act::HandOff,
    Act::TakeOver,
    Act::TakeOver,
    Act::TakeOver,
    Act::Abandon,
    Act::EnterCode,
    Act::EnterCode,
    Act::EnterCode,
    Act::EnterCode,
    Act::EnterAnyCode,
    Act::ProveByApi,
    Act::ProveByPage,
    Act::ProveByPage,
    Act::Enter,
    Act::OpenLink,
    Act::OpenLink,
    Act::OpenLink,
    Act::Resend,
    Act::ResendByContact,
    Act::SignIn,
    Act::SignInByCode,
    Act::Reset,
    Act::Guess,
];
const OF_STRANGER: &[Act] = &[
    Act::FirstForm,
    Act::FirstForm,
    Act::FirstForm,
    Act::SameFormTwice,
    Act::EqualForm,
    Act::EqualForm,
    Act::Register,
    Act::CorrectContact,
    Act::CorrectContact,
    Act::CorrectPassword,
    Act::CorrectSomething,
    Act::UseUpSends,
    Act::HandOff,
    Act::HandOff,
    Act::HandOff,
    Act::TakeOver,
    Act::Abandon,
    Act::EnterCode,
    Act::EnterAnyCode,
    Act::Guess,
    Act::ProveByApi,
    Act::ProveByApi,
    Act::ProveByApi,
    Act::ProveByPage,
    Act::Enter,
    Act::Enter,
    Act::Enter,
    Act::OpenLink,
    Act::Resend,
    Act::ResendByContact,
    Act::SignIn,
    Act::SignInByCode,
    Act::Reset,
];

/// How a sequence begins, all equally likely; half of them are empty. The others are what all attacks found so far had in common, and
/// what chance alone seldom produces. Browsers 0 and 1 are the person's, 2 and 3 the stranger's.
const OPENINGS: [&[(usize, Act)]; 8] = [
    &[],
    &[],
    &[],
    &[],
    &[(2, Act::FirstForm), (2, Act::HandOff), (0, Act::TakeOver)],
    &[(0, Act::FirstForm), (0, Act::HandOff), (1, Act::TakeOver)],
    &[(2, Act::FirstForm), (3, Act::ResendByContact), (0, Act::OpenLink)],
    &[(0, Act::FirstForm), (2, Act::EqualForm), (2, Act::HandOff), (1, Act::TakeOver)],
];

/// Returns a number from the environment: how many sequences, or the first seed.
pub fn setting(name: &str, default: u64) -> u64 {
    #[expect(clippy::disallowed_methods, reason = "a test's own setting")]
    let set = std::env::var(name);
    set.ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// The random numbers of one seed. Xorshift, so the state must never be 0.
struct Random(u64);

impl Random {
    const fn of(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    const fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 >> 16
    }

    #[expect(clippy::cast_possible_truncation, reason = "a few sides")]
    const fn below(&mut self, sides: usize) -> usize {
        self.next() as usize % sides
    }

    #[expect(clippy::cast_possible_truncation, reason = "its low bits are as good as any")]
    fn step(&mut self) -> Step {
        let (a, b) = (self.next() as u8, self.next() as u8);
        let (browser, act) = match self.below(16) {
            0 => (0, Act::Wait),
            1 => (0, Act::Machine),
            2..=9 => (self.below(2), OF_PERSON[self.below(OF_PERSON.len())]),
            _ => (2 + self.below(2), OF_STRANGER[self.below(OF_STRANGER.len())]),
        };
        Step { browser, act, a, b }
    }

    fn sequence(&mut self) -> Vec<Step> {
        let opening = OPENINGS[self.below(OPENINGS.len())];
        let mut steps: Vec<Step> = (0..STEPS).map(|_| self.step()).collect();
        for (step, (browser, act)) in steps.iter_mut().zip(opening) {
            *step = Step { browser: *browser, act: *act, ..*step };
        }
        steps
    }
}

/// A sequence that breaks an invariant, shortened to the steps that are necessary for it.
pub struct Failure {
    seed: u64,
    pub reason: &'static str,
    told: Vec<String>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "seed {}: {}, after\n  {}", self.seed, self.reason, self.told.join("\n  "))
    }
}

/// Takes the steps one by one. Returns the first step after which something is wrong, and what it is.
fn run(world: &mut World, steps: &[Step]) -> Option<(usize, &'static str)> {
    for (n, step) in steps.iter().enumerate() {
        let watched = step.act != Act::Wait && world.owner(*step) != Owner::Person;
        let before = watched.then(|| Hers::of(&world.house));
        world.take(*step);
        let taken = before.is_some_and(|before| !before.stands_in(&Hers::of(&world.house)));
        let wrong = world.look().or(taken.then_some("a stranger or the machine took something from the person"));
        if let Some(reason) = wrong {
            return Some((n, reason));
        }
    }
    None
}

/// Removes every step without which the sequence still fails for the same reason.
fn shortened(broken: Option<Broken>, seed: u64, mut steps: Vec<Step>, reason: &'static str) -> Failure {
    let mut n = steps.len();
    while n > 0 {
        n -= 1;
        let mut fewer = steps.clone();
        fewer.remove(n);
        if let Some((last, _)) = run(&mut World::new(broken, false), &fewer).filter(|(_, same)| *same == reason) {
            fewer.truncate(last + 1);
            steps = fewer;
            n = steps.len().min(n);
        }
    }
    let mut world = World::new(broken, true);
    let _ = run(&mut world, &steps);
    Failure { seed, reason, told: world.told.unwrap_or_default() }
}

/// Runs sequences from the first seed on, until one fails. Returns the failure, the events and the number of steps.
pub fn explore(broken: Option<Broken>, first: u64, sequences: u64) -> (Option<Failure>, Events, u64) {
    let (mut events, mut taken) = (Events::default(), 0);
    for seed in first..first + sequences {
        let steps = Random::of(seed).sequence();
        let mut world = World::new(broken, false);
        if let Some((last, reason)) = run(&mut world, &steps) {
            return (Some(shortened(broken, seed, steps[..=last].to_vec(), reason)), events, taken);
        }
        events.add(&world.events);
        taken += u64::try_from(STEPS).unwrap_or(0);
    }
    (None, events, taken)
}
