//! Random sequences of what an honest person, a stranger and a machine that opens links may do with sign-ups, checked after every
//! step against SPEC §16:
//!
//! * a stranger never has a session of an account that has the person's phone or proved address;
//! * nothing that a stranger or a machine does takes a sign-up from the browser that holds it;
//! * the machine, which opens every link of the person's mail, proves nothing.
//!
//! `PORTARIA_SEQUENCES` says how many, `PORTARIA_SEED` from which. A failure prints its seed and the steps that led
//! to it.

mod world;

use crate::support::TestApp;
use world::World;

/// The number of sequences in `make test`.
const SEQUENCES: u64 = 400;
/// Steps of one sequence: enough for a sign-up, a hand-off, a correction, a proof, a sign-in and whatever comes between.
const STEPS: usize = 16;

fn setting(name: &str, default: u64) -> u64 {
    #[expect(clippy::disallowed_methods, reason = "a test's own setting")]
    let set = std::env::var(name);
    set.ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[tokio::test(flavor = "multi_thread")]
async fn random_sequences_let_no_stranger_in() {
    let (first, sequences) = (setting("PORTARIA_SEED", 1), setting("PORTARIA_SEQUENCES", SEQUENCES));
    let app = TestApp::start_with(&[("RESEND_WAIT", "1s")]).await;
    let mut done = [0_u64; 4];
    for seed in first..first + sequences {
        let mut world = World::new(&app, seed).await;
        for _ in 0..STEPS {
            world.step().await;
            world.check().await;
        }
        for (sum, n) in done.iter_mut().zip(world.reached()) {
            *sum += u64::from(n);
        }
    }
    let [begun, proved, entered, confirmed] = done;
    println!("{sequences} sequences of {STEPS}: {begun} sign-ups, {proved} codes taken, {entered} entered, {confirmed} confirmed");
    // A model in which nothing ever succeeds would prove nothing.
    assert!(sequences < 100 || done.iter().all(|n| *n > 0), "{done:?}");
}
