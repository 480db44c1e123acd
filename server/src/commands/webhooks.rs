//! `portaria webhooks`: what webhooks were told, and sending it again.

use clap::Subcommand;
use portaria::account_event::AccountEvent;
use server::config::Config;
use server::db::webhooks::Listed;
use server::run;
use server::services::webhooks::Filter;
use std::error::Error;
use std::io::Write as _;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

#[derive(Subcommand)]
pub enum Webhooks {
    /// Lists events, the newest first: id, when, event, state, tries, last error, host.
    List {
        /// Only those that were given up.
        #[arg(long, group = "state")]
        failed: bool,
        /// Only those that wait or are tried again.
        #[arg(long, group = "state")]
        queued: bool,
        /// Only those that their receiver took.
        #[arg(long, group = "state")]
        delivered: bool,
        /// Only this event, such as `account.created`.
        #[arg(long, value_name = "EVENT", value_parser = event)]
        event: Option<AccountEvent>,
        /// How many, at most.
        #[arg(long, value_name = "NUMBER", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
        limit: u32,
    },
    /// Sends an event to its webhook again, with the same id; audited.
    Replay {
        /// The id, as `list` shows it and the receiver had it in `webhook-id`.
        id: Uuid,
    },
}

fn event(name: &str) -> Result<AccountEvent, String> {
    let names: Vec<_> = AccountEvent::ALL.iter().map(|event| event.as_str()).collect();
    AccountEvent::parse(name).ok_or_else(|| format!("allowed: {}", names.join(", ")))
}

pub async fn run(config: Config, command: Webhooks) -> Result<(), Box<dyn Error + Send + Sync>> {
    let text = match command {
        Webhooks::List { failed, queued, delivered, event, limit } => {
            let states = [(failed, "failed"), (queued, "queued"), (delivered, "delivered")];
            let status = states.into_iter().find(|(asked, _)| *asked).map(|(_, state)| state);
            shown(&run::list_webhooks(config, Filter { status, event, limit }).await?)
        }
        Webhooks::Replay { id } => run::replay_webhook(config, id).await? + "\n",
    };
    // If this fails, nobody reads the output.
    let _ = write!(std::io::stdout(), "{text}");
    Ok(())
}

fn shown(events: &[Listed]) -> String {
    let row = |[id, at, event, state, tries, error, host]: [&str; 7]| {
        format!("{id:36}  {at:20}  {event:17}  {state:9}  {tries:>5}  {error:14}  {host}\n")
    };
    let mut text = row(["ID", "WHEN", "EVENT", "STATE", "TRIES", "LAST ERROR", "HOST"]);
    for Listed { id, event, host, status, attempts, happened_at, last_error } in events {
        let at = happened_at.replace_nanosecond(0).unwrap_or(*happened_at).format(&Rfc3339).unwrap_or_default();
        let error = last_error.as_deref().unwrap_or("-");
        text += &row([&id.to_string(), &at, event, status, &attempts.to_string(), error, host]);
    }
    text
}
