//! The settings of a run, from the environment.

use crate::Outcome;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// The name of the bare server's database in its environment.
pub const BARE_DATABASE: &str = "BENCH_DATABASE";
/// The argument that starts the bare server; its address follows.
pub const BARE: &str = "bare";

/// What figures that are kept are taken with.
const WHOLE: Settings = Settings {
    program: PathBuf::new(),
    accounts: 1_000_000,
    few_accounts: 10_000,
    slice: Duration::from_secs(5),
    rounds: 3,
    lighthouse_runs: 5,
};

#[derive(Debug)]
pub struct Settings {
    /// The product.
    pub program: PathBuf,
    /// How many accounts the large database has.
    pub accounts: u64,
    /// How many accounts all others have.
    pub few_accounts: u64,
    /// How long one side is measured before it is the other's turn.
    pub slice: Duration,
    /// How often each side has its turn.
    pub rounds: u32,
    /// How often Lighthouse looks at each page.
    pub lighthouse_runs: u32,
}

/// What the bare server is told by the run that starts it.
pub struct Bare {
    pub address: SocketAddr,
    pub database: String,
}

#[expect(clippy::disallowed_methods, reason = "the settings of the bench are read here alone")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn number<T: FromStr>(name: &str, unset: T) -> Outcome<T> {
    match variable(name) {
        None => Ok(unset),
        Some(value) => value.parse().map_err(|_| format!("{name}={value} is no number that it may be").into()),
    }
}

impl Settings {
    pub fn read() -> Outcome<Self> {
        let accounts = number("BENCH_ACCOUNTS", WHOLE.accounts)?;
        Ok(Self {
            program: variable("PORTARIA_BIN").unwrap_or_else(|| "target/release/portaria".to_owned()).into(),
            accounts,
            few_accounts: WHOLE.few_accounts.min(accounts),
            slice: Duration::from_secs(number("BENCH_SLICE_SECONDS", WHOLE.slice.as_secs())?),
            rounds: number("BENCH_ROUNDS", WHOLE.rounds)?,
            lighthouse_runs: number("BENCH_LIGHTHOUSE_RUNS", WHOLE.lighthouse_runs)?,
        })
    }

    /// Whether the figures are worth keeping: those of a shorter run are only printed.
    pub fn is_whole(&self) -> bool {
        self.accounts >= WHOLE.accounts
            && self.slice >= WHOLE.slice
            && self.rounds >= WHOLE.rounds
            && self.lighthouse_runs >= WHOLE.lighthouse_runs
    }
}

/// Whether this process is the bare server.
pub fn bare() -> Outcome<Option<Bare>> {
    let mut arguments = std::env::args().skip(1);
    match (arguments.next().as_deref(), arguments.next()) {
        (None, _) => Ok(None),
        (Some(BARE), Some(address)) => {
            let database = variable(BARE_DATABASE).ok_or("the bare server needs a database")?;
            Ok(Some(Bare { address: address.parse()?, database }))
        }
        (Some(other), _) => Err(format!("what is {other}? bench takes its settings from the environment: bench/README.md").into()),
    }
}
