//! The programs that are measured, each a process of its own.

use crate::client::{Connection, get};
use crate::settings::{BARE, BARE_DATABASE, Settings};
use crate::{Outcome, openid, proc_files};
use hyper::StatusCode;
use sqlx::PgPool;
use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::process::{Child, Command};

/// How long a start may take; the first one makes the tables.
const START_PATIENCE: Duration = Duration::from_mins(1);
/// How long the messages of a flood may take to leave.
const OUTBOX_PATIENCE: Duration = Duration::from_mins(2);

pub struct Program {
    child: Child,
    pub pid: u32,
    pub address: SocketAddr,
    /// From the start of the process until it answered.
    pub started_in: Duration,
    /// Of the product: whose outbox must be empty before it is another's turn.
    outbox: Option<PgPool>,
}

fn free_address() -> Outcome<SocketAddr> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

async fn answers(address: SocketAddr) -> Outcome<()> {
    Connection::open(address).await?.fetch(get("/readyz", &[])?, StatusCode::OK).await.map(drop)
}

impl Program {
    async fn start(mut command: Command, folder: &Path, address: SocketAddr, outbox: Option<PgPool>) -> Outcome<Self> {
        fs::create_dir_all(folder)?;
        let path = folder.join("log");
        let log = File::options().append(true).create(true).open(&path)?;
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).kill_on_drop(true);
        let started = Instant::now();
        let mut child = command.spawn()?;
        let pid = child.id().ok_or("it ended at once")?;
        while let Err(error) = answers(address).await {
            if child.try_wait()?.is_some() || started.elapsed() > START_PATIENCE {
                return Err(format!("{} does not serve: {error}; its log: {}", folder.display(), path.display()).into());
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok(Self { child, pid, address, started_in: started.elapsed(), outbox })
    }

    /// Starts the product as an operator would, in development, with one product of theirs: its messages go to `/dev/outbox`.
    pub async fn product(settings: &Settings, folder: &Path, database: &str) -> Outcome<Self> {
        let address = free_address()?;
        let program = settings.program.canonicalize().map_err(|error| format!("{}: {error}", settings.program.display()))?;
        fs::create_dir_all(folder)?;
        fs::write(folder.join("portaria.toml"), openid::SETTINGS)?;
        let mut command = Command::new(program);
        command.arg("serve").current_dir(folder).env_clear();
        command.env("LEPTOS_SITE_ADDR", address.to_string()).env("PORTARIA_DATA_DIR", std::path::absolute(folder)?);
        command.env("DATABASE_URL", database).env("TRUSTED_PROXIES", "127.0.0.1");
        Self::start(command, folder, address, Some(server::db::connect(database).await?)).await
    }

    pub async fn bare(folder: &Path, database: &str) -> Outcome<Self> {
        let address = free_address()?;
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(BARE).arg(address.to_string()).env(BARE_DATABASE, database);
        Self::start(command, folder, address, None).await
    }

    /// Waits until all messages have left.
    pub async fn come_to_rest(&self) -> Outcome<()> {
        let Some(pool) = &self.outbox else { return Ok(()) };
        let started = Instant::now();
        while sqlx::query_scalar("select exists (select from outbox where status = 'queued')").fetch_one(pool).await? {
            if started.elapsed() > OUTBOX_PATIENCE {
                return Err("messages still wait in the outbox".into());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }

    pub fn processor_time(&self) -> Outcome<Duration> {
        proc_files::processor_time(self.pid)
    }

    pub fn memory(&self) -> Outcome<proc_files::Memory> {
        proc_files::memory(self.pid)
    }

    pub async fn stop(mut self) -> Outcome<()> {
        Ok(self.child.kill().await?)
    }
}
