//! `make bench`: the product beside a bare server, on one machine in one run. README.md beside this folder says what is measured and how.

#![expect(clippy::print_stdout, reason = "a program for the terminal")]
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "figures of a few significant digits"
)]

mod accounts;
mod bare;
mod bare_openid;
mod chart;
mod client;
mod figures;
mod lighthouse;
mod limits;
mod load;
mod machine;
mod measure;
mod openid;
mod people;
mod proc_files;
mod program;
mod report;
mod run;
mod settings;
mod works;

use std::error::Error;

/// Whatever goes wrong ends the run.
type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    match settings::bare()? {
        Some(bare) => bare::serve(&bare).await,
        None => run::run(&settings::Settings::read()?).await,
    }
}
