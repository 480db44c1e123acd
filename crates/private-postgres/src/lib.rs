//! A private Postgres in a folder, for a program that is given no database: it works from a bare checkout.
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
//! `home` is the data folder, or a folder under [`Settings::elsewhere`] when the data folder lies where an unprivileged user
//! cannot go: Postgres refuses to run as root, so root hands it to `postgres`, else to `nobody`.
//!
//! Postgres outlives its server's death (its own process group, no tie to the parent), and the next start adopts it: killing
//! the server with -9 loses nothing and leaves nothing to clean up by hand. Several processes of one machine share it; the last one
//! to stop takes it down. Rejected: Postgres in a thread or a container (neither needs less), and tying it to the parent by
//! `PR_SET_PDEATHSIG` (Ctrl-C would stop it before the program has drained).

#![warn(missing_docs)]

mod binaries;
mod cluster;
mod poll_wait;
mod postmaster;
#[cfg(test)]
mod tests;
mod user;

use std::fmt;
use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::{Connection as _, PgConnection};
use tokio::process::Child;

use binaries::Binaries;
use cluster::Cluster;

/// The role that owns the cluster; only this module uses it.
const SUPERUSER: &str = "postgres";

/// Whether programs may be fetched from the network and run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Download {
    /// A bare machine works at once; the major version that new data is made with.
    Allowed(u32),
    /// What runs is what an operator installed; why.
    Refused(&'static str),
}

/// What the program that uses it decides.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// The name of the role and of the database that the program uses, and of the cluster.
    pub name: &'static str,
    /// Where the data goes when the data folder is out of reach for the user that Postgres runs as.
    pub elsewhere: &'static str,
    /// The oldest major version that the program works with.
    pub oldest: u32,
    /// What happens where the machine has no Postgres.
    pub download: Download,
    /// What an operator may do instead of having a private Postgres, for the errors.
    pub instead: &'static str,
    /// The system's randomness, for the password.
    pub random: fn() -> [u8; 32],
}

impl Settings {
    fn advice(&self) -> String {
        format!("start {} as another user or {}", self.name, self.instead)
    }
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
    /// We run as root, and there is no unprivileged user to switch to.
    #[error("this machine has neither a user `postgres` nor `nobody`, and Postgres does not run as root; {advice}")]
    NoUser {
        /// What may be done.
        advice: String,
    },
    /// The data belongs to somebody else.
    #[error("{} belongs to the user with number {owner}; {advice}", dir.display())]
    Foreign {
        /// The folder.
        dir: PathBuf,
        /// Its owner.
        owner: u32,
        /// What may be done.
        advice: String,
    },
    /// There are no programs of Postgres; the text says why, and what to do.
    #[error("{0}")]
    NoBinaries(String),
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
    /// It runs, but refused a connection or a statement.
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

/// A running Postgres. Dropping it lets Postgres run on, for the next start to adopt; [`PrivatePostgres::stop`] ends it.
pub struct PrivatePostgres {
    cluster: Cluster,
    url: String,
    /// None when it was adopted.
    child: Option<Child>,
    /// Tells other processes that it is in use.
    lease: File,
}

impl fmt::Debug for PrivatePostgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivatePostgres").field("dir", &self.cluster.dir).finish_non_exhaustive()
    }
}

impl PrivatePostgres {
    /// Starts the Postgres of `data_dir`, or joins it when it runs. Makes it the first time; when the machine has no Postgres it is
    /// downloaded, if [`Download`] allows.
    ///
    /// # Errors
    /// When there is no Postgres to run, when it cannot run here, or when the data belongs to somebody else.
    pub async fn start(data_dir: &Path, settings: &Settings) -> Result<Self, Error> {
        let cluster = Cluster::open(data_dir, settings).await?;
        let _guard = cluster.guard().await?;
        let lease = cluster.lock_file("users.lock")?;
        lease.lock_shared().map_err(io_error("locking users.lock"))?;

        let password = cluster.password()?;
        let (child, port) = if let Some(port) = cluster.running(&password).await? {
            (None, port)
        } else {
            let needed = cluster.major()?;
            let binaries = Binaries::find_or_download(&cluster.home, &cluster.user, needed, settings).await?;
            if needed.is_none() {
                cluster.initdb(&binaries).await?;
            }
            let (child, port) = cluster.launch(&binaries, &password).await?;
            (Some(child), port)
        };
        let name = settings.name;
        prepare(port, &password, name).await?;
        let url = format!("postgres://{name}:{password}@127.0.0.1:{port}/{name}?sslmode=disable");
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
async fn prepare(port: u16, password: &str, name: &str) -> Result<(), Error> {
    let mut connection = connect(port, password, SUPERUSER, "postgres").await?;
    let role: Option<i32> =
        sqlx::query_scalar("SELECT 1 FROM pg_roles WHERE rolname = $1").bind(name).fetch_optional(&mut connection).await?;
    let quoted = format!("\"{}\"", name.replace('"', "\"\""));
    if role.is_none() {
        // No superuser: whoever finds a hole in the program's SQL gets no shell with it. CREATEDB is for tests. The password is hexadecimal.
        let create = format!("CREATE ROLE {quoted} LOGIN CREATEDB PASSWORD '{password}'");
        sqlx::query(sqlx::AssertSqlSafe(create)).execute(&mut connection).await?;
    }
    let database: Option<i32> =
        sqlx::query_scalar("SELECT 1 FROM pg_database WHERE datname = $1").bind(name).fetch_optional(&mut connection).await?;
    if database.is_none() {
        sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {quoted} OWNER {quoted}"))).execute(&mut connection).await?;
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
