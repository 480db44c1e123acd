//! `portaria`: reads the settings, sets up the log, and hands over.

mod commands;

use std::fmt::Display;
use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use server::config::{self, Config};
use server::db::STATEMENTS;
use server::traces::{self, Export, NotExported, Statements};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, fmt};

/// The front door: sign-up, sign-in, recovery and profile.
#[derive(Parser)]
#[command(name = "portaria", version, about, disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// The settings file, instead of `portaria.toml` of the current folder.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the pages and the API; what happens without a command.
    Serve,
    /// Brings the database's schema up to date.
    Migrate,
    /// Prints every setting: its value in force, where it comes from, what it is for and what is allowed.
    Config {
        /// The settings as README.md has them, in Markdown, whatever is set.
        #[arg(long)]
        table: bool,
    },
    /// Brings accounts in from another system.
    Import(commands::import::Import),
    /// Writes every account as a line that `import` reads.
    Export(commands::export::Export),
    /// What support does by hand; each act is audited.
    Accounts {
        #[command(subcommand)]
        act: commands::accounts::Act,
    },
    /// Looks at database, schema, clock, keys, carriers and `PUBLIC_URL`, and says what to do. Ends with 0 if all is well, 1 with
    /// warnings, 2 if something is broken.
    Doctor {
        /// Answers in JSON.
        #[arg(long)]
        json: bool,
    },
    /// The keys that data is sealed and tokens are signed with.
    Keys {
        #[command(subcommand)]
        command: commands::keys::Keys,
    },
    /// Products that sign people in by OpenID Connect.
    Client {
        #[command(subcommand)]
        command: commands::client::Client,
    },
    /// What webhooks were told, and sending it again.
    Webhooks {
        #[command(subcommand)]
        command: commands::webhooks::Webhooks,
    },
}

/// Exit code of every other failure.
const FAILED: u8 = 1;
/// Exit code of invalid settings; clap uses the same.
const BAD_SETTINGS: u8 = 2;

// Serving is thousands of small allocations a request; the system's allocator takes a tenth of the time for them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let file = arguments.config.as_deref();
    let command = arguments.command.unwrap_or(Command::Serve);

    if let Command::Config { table } = command {
        return match if table { Ok(config::table()) } else { config::show(file) } {
            Ok(text) => match write!(std::io::stdout(), "{text}") {
                Ok(()) => ExitCode::SUCCESS,
                Err(_) => ExitCode::from(FAILED),
            },
            Err(error) => fail(BAD_SETTINGS, &error),
        };
    }
    if let Command::Client { command } = &command
        && let Some(done) = commands::client::without_settings(command)
    {
        return done.map_or_else(|error| fail(FAILED, &error), |()| ExitCode::SUCCESS);
    }
    let config = match Config::load(file) {
        Ok(config) => config,
        Err(error) => return fail(BAD_SETTINGS, &error),
    };
    let serves = matches!(command, Command::Serve);
    let traces = match start_log(&config, serves) {
        Ok(traces) => traces,
        Err(error) => return fail(FAILED, &error),
    };
    for warning in &config.warnings {
        tracing::warn!("{warning}");
    }
    let done = match command {
        Command::Import(import) => return commands::import::run(config, import).await,
        Command::Export(export) => commands::export::run(config, export).await,
        Command::Migrate => server::run::migrate(config).await,
        Command::Accounts { act } => {
            return commands::accounts::run(config, act).await.unwrap_or_else(|error| fail(FAILED, &error));
        }
        Command::Doctor { json } => return commands::doctor::run(&config, json).await,
        Command::Keys { command } => commands::keys::run(config, command).await,
        Command::Client { command } => commands::client::run(&config, &command),
        Command::Webhooks { command } => commands::webhooks::run(config, command).await,
        Command::Serve | Command::Config { .. } => server::run::serve(config).await,
    };
    if let Some(traces) = traces {
        traces.end().await;
    }
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(FAILED, &error),
    }
}

/// Prints one message for people; the log has the details.
fn fail(code: u8, error: &dyn Display) -> ExitCode {
    // If this fails, nobody reads the output.
    let _ = writeln!(std::io::stderr(), "portaria: {error:#}");
    ExitCode::from(code)
}

/// Logs to standard error: readable lines in development, JSON in production. A program that serves begins to export traces, if it has
/// a collector; without one, nothing but the log reads along.
fn start_log(config: &Config, serves: bool) -> Result<Option<Export>, NotExported> {
    let (filter, ansi) = (EnvFilter::new(&config.log), std::io::stderr().is_terminal());
    let Some(otlp) = config.traces.as_ref().filter(|_| serves) else {
        let log = fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(ansi);
        if config.environment.is_production() {
            log.json().flatten_event(true).init();
        } else {
            log.compact().init();
        }
        return Ok(None);
    };
    let export = traces::start(otlp)?;
    let statements = Targets::new().with_target(STATEMENTS, LevelFilter::DEBUG);
    let log = fmt::layer().with_writer(std::io::stderr).with_ansi(ansi);
    let log = if config.environment.is_production() { log.json().flatten_event(true).boxed() } else { log.compact().boxed() };
    tracing_subscriber::registry().with(log.with_filter(filter)).with(Statements.with_filter(statements)).init();
    Ok(Some(export))
}
