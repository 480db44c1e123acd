//! A private Postgres for who has none: `portaria serve` from a bare checkout works.
//!
//! ```text
//! {home}/postgres/          owned by the user that Postgres runs as
//!   data/                   the cluster; appears whole, by renaming `data.….new` after initdb
//!   password                of both roles, 0600
//!   postgres.log
//!   start.lock              held while one process starts or stops it
//!   users.lock              held, shared, by every process that uses it
//! {home}/pg-bin/{version}/  downloaded binaries, when the system has none
//! ```
//!
//! `home` is the data folder, or a folder under `/var/lib/portaria` when the data folder lies where an unprivileged user cannot
//! go: Postgres refuses to run as root, so root hands it to `postgres`, else to `nobody`.
//!
//! Postgres outlives its server's death (its own process group, no tie to the parent), and the next start adopts it: killing
//! the server with -9 loses nothing and leaves nothing to clean up by hand. Several processes of one machine share it; the last one
//! to stop takes it down. Rejected: Postgres in a thread or a container (neither needs less), and tying it to the parent by
//! `PR_SET_PDEATHSIG` (Ctrl-C would stop it before the server has drained).

mod account;
mod binaries;
mod cluster;
mod patience;
mod postmaster;
#[cfg(test)]
mod tests;

use std::fmt;
use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::{Connection as _, PgConnection};
use tokio::process::Child;

use binaries::Binaries;
use cluster::Cluster;

/// The role and the database that the server uses.
const NAME: &str = "portaria";
/// The role that owns the cluster; only this module uses it.
const SUPERUSER: &str = "postgres";

/// Whether programs may be fetched from the network and run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Download {
    /// Development: a bare machine works at once.
    Allowed,
    /// Production: what runs is what an operator installed.
    Refused,
}

/// Why there is no Postgres.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or process refused.
    #[error("{what}: {source}")]
    Io {
        /// What was tried.
        what: String,
        /// What the system said.
        source: io::Error,
    },
    /// Root without anybody to become.
    #[error(
        "this machine has neither a user `postgres` nor `nobody`, and Postgres does not run as root; start Portaria as another user or set DATABASE_URL"
    )]
    NoUser,
    /// The data belongs to somebody else.
    #[error("{} belongs to the user with number {owner}; start Portaria as that user or as root, or set DATABASE_URL", dir.display())]
    Foreign {
        /// The folder.
        dir: PathBuf,
        /// Its owner.
        owner: u32,
    },
    /// Nothing to run.
    #[error("{}", binaries::missing(*.needed, .reason))]
    NoBinaries {
        /// The major version that the data was written by.
        needed: Option<u32>,
        /// Why none was downloaded.
        reason: String,
    },
    /// `initdb` gave up.
    #[error("initdb could not make a cluster:\n{0}")]
    Initdb(String),
    /// Postgres ended or never answered.
    #[error("Postgres did not start; the end of {}:\n{tail}", log.display())]
    Start {
        /// The whole log.
        log: PathBuf,
        /// Its end.
        tail: String,
    },
    /// It runs, but says no.
    #[error("the private Postgres refused: {0}")]
    Refused(#[from] sqlx::Error),
    /// It does not end.
    #[error("Postgres (process {0}) is still stopping; its data is safe, the next start waits for it")]
    StillStopping(i32),
}

/// Names what was tried.
fn io_error(what: impl Into<String>) -> impl FnOnce(io::Error) -> Error {
    move |source| Error::Io { what: what.into(), source }
}

/// A running Postgres. Dropping it lets Postgres run on, for the next start to adopt; [`EmbeddedPostgres::stop`] ends it.
pub struct EmbeddedPostgres {
    cluster: Cluster,
    url: String,
    /// None when it was adopted.
    child: Option<Child>,
    /// Tells other processes that it is in use.
    lease: File,
}

impl fmt::Debug for EmbeddedPostgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmbeddedPostgres").field("dir", &self.cluster.dir).finish_non_exhaustive()
    }
}

impl EmbeddedPostgres {
    /// Starts the Postgres of `data_dir`, or joins it when it runs. Makes it the first time; when the machine has no Postgres it is
    /// downloaded, if [`Download`] allows.
    ///
    /// # Errors
    /// When there is no Postgres to run, when it cannot run here, or when the data belongs to somebody else.
    pub async fn start(data_dir: &Path, download: Download) -> Result<Self, Error> {
        let cluster = Cluster::open(data_dir).await?;
        let _guard = cluster.guard().await?;
        let lease = cluster.lock_file("users.lock")?;
        lease.lock_shared().map_err(io_error("locking users.lock"))?;

        let password = cluster.password()?;
        let (child, port) = if let Some(port) = cluster.running(&password).await? {
            (None, port)
        } else {
            let needed = cluster.major()?;
            let binaries = Binaries::find_or_download(&cluster.home, &cluster.account, needed, download).await?;
            if needed.is_none() {
                cluster.initdb(&binaries).await?;
            }
            let (child, port) = cluster.launch(&binaries, &password).await?;
            (Some(child), port)
        };
        prepare(port, &password).await?;
        let url = format!("postgres://{NAME}:{password}@127.0.0.1:{port}/{NAME}?sslmode=disable");
        Ok(Self { cluster, url, child, lease })
    }

    /// Where to connect; holds the password.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Ends Postgres and waits for it, unless another process uses it.
    ///
    /// # Errors
    /// When it does not end in two minutes.
    pub async fn stop(self) -> Result<(), Error> {
        let Self { cluster, child, lease, .. } = self;
        let _guard = cluster.guard().await?;
        drop(lease);
        let lease = cluster.lock_file("users.lock")?;
        if let Err(error) = lease.try_lock() {
            return match error {
                TryLockError::WouldBlock => {
                    tracing::info!("another process uses the private Postgres; it runs on");
                    Ok(())
                }
                TryLockError::Error(source) => Err(io_error("locking users.lock")(source)),
            };
        }
        cluster.shut_down(child).await
    }
}

/// The role and the database, made the first time.
async fn prepare(port: u16, password: &str) -> Result<(), Error> {
    let mut connection = connect(port, password, SUPERUSER, "postgres").await?;
    let role: Option<i32> =
        sqlx::query_scalar("SELECT 1 FROM pg_roles WHERE rolname = $1").bind(NAME).fetch_optional(&mut connection).await?;
    if role.is_none() {
        // No superuser: whoever finds a hole in the server's SQL gets no shell with it. CREATEDB is for the tests. The password is hexadecimal.
        let create = format!("CREATE ROLE {NAME} LOGIN CREATEDB PASSWORD '{password}'");
        sqlx::query(sqlx::AssertSqlSafe(create)).execute(&mut connection).await?;
    }
    let database: Option<i32> =
        sqlx::query_scalar("SELECT 1 FROM pg_database WHERE datname = $1").bind(NAME).fetch_optional(&mut connection).await?;
    if database.is_none() {
        sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {NAME} OWNER {NAME}"))).execute(&mut connection).await?;
    }
    connection.close().await?;
    Ok(())
}

async fn connect(port: u16, password: &str, role: &str, database: &str) -> Result<PgConnection, sqlx::Error> {
    let options = PgConnectOptions::new_without_pgpass()
        .host("127.0.0.1")
        .port(port)
        .username(role)
        .password(password)
        .database(database)
        .ssl_mode(PgSslMode::Disable);
    PgConnection::connect_with(&options).await
}
