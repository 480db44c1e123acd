//! `portaria keys`: the keys that the data is sealed and tokens are signed with.

use clap::Subcommand;
use server::clock::Clock;
use server::config::Config;
use server::db::keys::Listed;
use server::run::rotation::{self as run, Signing};
use server::services::keys::Told;
use std::error::Error;
use std::io::Write as _;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

#[derive(Subcommand)]
pub enum Keys {
    /// Lists the keys, those of products among them, without secrets: id, purpose, state, when they were made, from when they are used, and until when.
    List,
    /// Makes a new data key and seals everything again with it, while nodes serve. Killed, the next run goes on where it was.
    Rotate {
        /// Makes new signing keys instead, of access tokens and of what products get. Each stands in the JWKS for one cache life before it signs.
        #[arg(long, conflicts_with = "index")]
        signing: bool,
        /// Makes a new key of the hashes by which phone, CPF and CNPJ are unique and found instead. It takes two minutes at least.
        #[arg(long)]
        index: bool,
    },
}

pub async fn run(config: Config, command: Keys) -> Result<(), Box<dyn Error + Send + Sync>> {
    match command {
        Keys::List => print(&shown(&run::list(config).await?)),
        Keys::Rotate { signing: true, .. } => {
            for (signing, from) in run::rotate_signing(config).await? {
                let of = match signing {
                    Signing::Api => String::new(),
                    Signing::Products(alg) => format!(" of products ({})", alg.as_str()),
                };
                print(&match from {
                    Some(at) => format!("a new signing key{of} is published, and signs from {}\n", instant(Some(at))),
                    None => format!("a new signing key{of} is published already, and has yet to sign: nothing was done\n"),
                });
            }
        }
        Keys::Rotate { index: true, .. } => run::rotate_index(config, &mut |told: Told| print(&line(&told))).await?,
        Keys::Rotate { .. } => run::rotate(config, &mut |told: Told| print(&line(&told))).await?,
    }
    Ok(())
}

/// If this fails, nobody reads the output.
fn print(text: &str) {
    let _ = write!(std::io::stdout(), "{text}");
}

fn line(told: &Told) -> String {
    match told {
        Told::Begun { id, resumed: false } => format!("key {id} is announced to the nodes, which takes half a minute\n"),
        Told::Begun { id, resumed: true } => format!("going on with key {id}\n"),
        Told::Resealed { table, column, values } => format!("{table}.{column}: {values} sealed again\n"),
        Told::Broken { table, column, values } => format!("{table}.{column}: {values} do not open with any key, and stay as they are\n"),
        Told::Filled { accounts } => format!("{accounts} accounts have hashes by the new key beside those by the one before\n"),
        Told::Moved { accounts } => format!("done: {accounts} accounts have hashes by the new key alone\n"),
        Told::Done { values, broken: 0 } => format!("done: {values} values sealed again, nothing is left that an earlier key sealed\n"),
        Told::Done { values, broken } => {
            format!(
                "done: {values} values sealed again; {broken} do not open with any key: somebody moved or changed them in the database\n"
            )
        }
    }
}

fn instant(at: Option<OffsetDateTime>) -> String {
    at.and_then(|at| at.replace_nanosecond(0).ok()).and_then(|at| at.format(&Rfc3339).ok()).unwrap_or_else(|| "-".to_owned())
}

fn shown(keys: &[Listed]) -> String {
    let now = Clock::system().now();
    let row =
        |[id, purpose, state, made, from, until]: [&str; 6]| format!("{id:32}  {purpose:7}  {state:9}  {made:20}  {from:20}  {until}\n");
    let mut text = row(["ID", "PURPOSE", "STATE", "MADE", "USED FROM", "UNTIL"]);
    for key in keys {
        let (made, from, until) = (instant(Some(key.created_at)), instant(Some(key.used_from)), instant(key.retired_at));
        text += &row([&key.id, &key.purpose, key.state(now), &made, &from, &until]);
    }
    text
}
