//! `portaria accounts`: what support does by hand. It ends with 0 when it was done, and with 1 when it was not: nobody was found, more
//! than one may be meant, a limit, nothing to do.

mod shown;

use clap::{Args, Subcommand};
use portaria::contest::Outcome;
use portaria::support::Sought;
use serde::Serialize;
use serde_json::json;
use server::config::Config;
use server::run;
use server::run::support::Desk;
use server::services::Service;
use server::services::support::{NotDone, operator};
use std::error::Error;
use std::io::Write as _;
use std::process::ExitCode;
use text::{Language, Texts};

type Failure = Box<dyn Error + Send + Sync>;

/// Exit code of an act that was not done.
const NOT_DONE: u8 = 1;

#[derive(Subcommand)]
pub enum Act {
    #[command(flatten)]
    Account(AccountAct),
    /// Decides the open contests of a CPF or CNPJ before their seven days are over.
    #[command(group = clap::ArgGroup::new("outcome").required(true))]
    Contest {
        /// The CPF or CNPJ, with or without punctuation.
        document: String,
        /// It leaves the account that has it, and who contested is told.
        #[arg(long, group = "outcome")]
        free: bool,
        /// It stays where it is.
        #[arg(long, group = "outcome")]
        keep: bool,
    },
}

/// What is done to one account.
#[derive(Subcommand)]
pub enum AccountAct {
    /// Shows who may be meant: what is proved, what is missing, locks, sessions, the proof that is waited for.
    Find(Whom),
    /// Ends the lock of signing in, and clears the counts of wrong passwords and codes.
    Unlock(Whom),
    /// Ends every session: whoever is in has to sign in again.
    EndSessions(Whom),
    /// Reads what was recorded of the account: when, what, how it came out, from where. The newest comes first.
    Audit {
        #[command(flatten)]
        whom: Whom,
        /// How many rows, at most.
        #[arg(long, value_name = "NUMBER", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
        limit: u32,
    },
    /// Sends the proof again that an account or a sign-up waits for, within the limits that hold for everybody.
    Resend(Whom),
    /// Deletes an account and all that belongs to it, for ever.
    Delete {
        #[command(flatten)]
        whom: Whom,
        /// Does not ask.
        #[arg(long)]
        yes: bool,
    },
}

impl AccountAct {
    const fn whom(&self) -> &Whom {
        match self {
            Self::Find(whom)
            | Self::Unlock(whom)
            | Self::EndSessions(whom)
            | Self::Resend(whom)
            | Self::Audit { whom, .. }
            | Self::Delete { whom, .. } => whom,
        }
    }
}

#[derive(Args)]
pub struct Whom {
    /// An e-mail address, phone, user name, CPF, CNPJ or the number of the account; `id:123` is a number and nothing else.
    identifier: String,
    /// Answers in JSON.
    #[arg(long)]
    json: bool,
}

/// What a command says, in words and in JSON.
struct Said {
    done: bool,
    words: String,
    json: serde_json::Value,
}

impl Said {
    fn done(words: String, value: &impl Serialize) -> Result<Self, Failure> {
        Ok(Self { done: true, words, json: serde_json::to_value(value)? })
    }

    fn not_done(words: impl Into<String>, code: &str) -> Self {
        Self { done: false, words: words.into(), json: json!({ "error": code }) }
    }
}

pub async fn run(config: Config, act: Act) -> Result<ExitCode, Failure> {
    match act {
        Act::Account(act) => of_account(&config, &act).await,
        Act::Contest { document, free, .. } => {
            let outcome = if free { Outcome::Freed } else { Outcome::Kept };
            let words = run::decide_contest(config, &document, outcome).await?;
            // If this fails, nobody reads the output.
            let _ = writeln!(std::io::stdout(), "{words}");
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn of_account(config: &Config, act: &AccountAct) -> Result<ExitCode, Failure> {
    let texts = Language::default().texts();
    let Whom { identifier, json } = act.whom();
    let said = match Sought::parse(identifier) {
        Some(sought) => {
            let desk = Desk::open(config).await?;
            let said = done(&desk.service, texts, act, &sought).await;
            desk.close().await?;
            match said {
                Ok(said) => said?,
                Err(not_done) => refused(texts, &not_done)?,
            }
        }
        None => Said::not_done(texts.support.unreadable, "unreadable"),
    };
    // If this fails, nobody reads the output.
    let _ = match (json, said.done) {
        (true, _) => writeln!(std::io::stdout(), "{}", said.json),
        (false, true) => writeln!(std::io::stdout(), "{}", said.words.trim_end()),
        (false, false) => writeln!(std::io::stderr(), "{}", said.words.trim_end()),
    };
    Ok(if said.done { ExitCode::SUCCESS } else { ExitCode::from(NOT_DONE) })
}

async fn done(service: &Service, texts: &Texts, act: &AccountAct, sought: &Sought) -> Result<Result<Said, Failure>, NotDone> {
    let support = &texts.support;
    Ok(match act {
        AccountAct::Find(_) => {
            let found = service.find_account(&operator("find"), sought).await?;
            if found.is_empty() {
                return Err(NotDone::Nobody);
            }
            Said::done(shown::found(texts, &found), &found)
        }
        AccountAct::Unlock(_) => {
            let unlocked = service.unlock_account(&operator("unlock"), sought).await?;
            Said::done(shown::unlocked(texts, &unlocked), &unlocked)
        }
        AccountAct::EndSessions(_) => {
            let ended = service.end_account_sessions(&operator("end-sessions"), sought).await?;
            Said::done(support.ended(ended.id, ended.sessions), &ended)
        }
        AccountAct::Audit { limit, .. } => {
            let audited = service.audit_of_account(&operator("audit"), sought, *limit).await?;
            Said::done(shown::audited(texts, &audited), &audited)
        }
        AccountAct::Resend(_) => {
            let resent = service.resend_proof(&operator("resend"), sought).await?;
            Said::done(support.resent(&resent.destination, texts.channel(resent.channel)), &resent)
        }
        AccountAct::Delete { whom, yes } => {
            let found = service.find_account(&operator("delete"), sought).await?;
            let [account] = found.accounts.as_slice() else {
                return Err(if found.accounts.is_empty() { NotDone::Nobody } else { NotDone::Several(Box::new(found)) });
            };
            if !yes && whom.json {
                return Ok(Ok(Said::not_done(support.needs_yes, "not-confirmed")));
            }
            if !yes && !confirmed(texts, &shown::found(texts, &found), account.id) {
                return Ok(Ok(Said::not_done(support.not_confirmed, "not-confirmed")));
            }
            service.delete_account(&operator("delete"), account.id).await?;
            Said::done(support.deleted(account.id), &json!({ "id": account.id }))
        }
    })
}

/// Shows the account, and asks for its number.
fn confirmed(texts: &Texts, account: &str, id: i64) -> bool {
    let mut out = std::io::stderr();
    let asked = write!(out, "{account}\n{}", texts.support.confirm(id)).and_then(|()| out.flush());
    let mut typed = String::new();
    asked.is_ok() && std::io::stdin().read_line(&mut typed).is_ok() && typed.trim() == id.to_string()
}

fn refused(texts: &Texts, not_done: &NotDone) -> Result<Said, Failure> {
    Ok(match not_done {
        NotDone::Nobody => Said::not_done(texts.support.nobody, "nobody"),
        NotDone::NothingWaits => Said::not_done(texts.support.nothing_waits, "nothing-waits"),
        NotDone::Several(found) => {
            let mut json = serde_json::to_value(found)?;
            json["error"] = "several".into();
            Said { done: false, words: format!("{}\n\n{}", texts.support.several, shown::found(texts, found)), json }
        }
        NotDone::Refused(refusal) => {
            let mut said = Said::not_done(texts.refusal(refusal), refusal.code());
            if let Some(seconds) = refusal.retry_after() {
                said.json["retryAfter"] = seconds.into();
            }
            said
        }
    })
}
