//! A private Postgres in a folder, so that a program without a database works from a bare checkout.
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
//! `home` is the data folder. Where an unprivileged user cannot enter the data folder, it is a folder under
//! [`Settings::elsewhere`]: Postgres refuses to run as root, so root hands it to the user `postgres`, or else to `nobody`.
//!
//! Postgres outlives the process that started it (it has its own process group and no tie to the parent), and the next start adopts
//! it. Killing the program with -9 therefore loses nothing and leaves nothing to clean up by hand. Several processes of one machine
//! share it, and the last one to stop shuts it down. Rejected: Postgres in a thread or a container (neither needs less), and tying
//! it to the parent by `PR_SET_PDEATHSIG` (Ctrl-C would stop it before the program has drained).

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

/// The role that owns the cluster; only this crate uses it.
const SUPERUSER: &str = "postgres";

/// Whether programs may be fetched from the network and run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Download {
    /// Allowed, so that a bare machine works at once. Holds the major version for new data.
    Allowed(u32),
    /// Not allowed, because an operator installs what runs. Holds the reason, for the error.
    Refused(&'static str),
}

/// What the calling program decides.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// The name of the program's role and database, and of the cluster.
    pub name: &'static str,
    /// Where the data goes when the user that Postgres runs as cannot enter the data folder.
    pub elsewhere: &'static str,
    /// The oldest major version that the program works with.
    pub oldest: u32,
    /// Whether the programs are downloaded where the machine has none.
    pub download: Download,
    /// What an operator may do instead of using a private Postgres. Stands in the errors.
    pub instead: &'static str,
    /// Fills the bytes from the system's randomness, for the password.
    pub random: fn() -> [u8; 32],
}

impl Settings {
    fn advice(&self) -> String {
        format!("start {} as another user or {}", self.name, self.instead)
    }
}

/// Why there is no Postgres to connect to.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or process operation failed.
    #[error("{what}: {source}")]
    Io {
        /// The operation.
        what: String,
        /// The system's error.
        source: io::Error,
    },
    /// We run as root, and there is no unprivileged user to switch to.
    #[error("this machine has neither a user `postgres` nor `nobody`, and Postgres does not run as root; {advice}")]
    NoUser {
        /// What an operator may do.
        advice: String,
    },
    /// The data belongs to another user.
    #[error("{} belongs to the user with number {owner}; {advice}", dir.display())]
    Foreign {
        /// The folder.
        dir: PathBuf,
        /// Its owner.
        owner: u32,
        /// What an operator may do.
        advice: String,
    },
    /// There are no programs of Postgres. The text says why, and what to do.
    #[error("{0}")]
    NoBinaries(String),
    /// `initdb` failed.
    #[error("initdb could not make a cluster:\n{0}")]
    Initdb(String),
    /// Postgres ended, or did not answer in time.
    #[error("Postgres did not start; the end of {}:\n{tail}", log.display())]
    Start {
        /// The path of the log.
        log: PathBuf,
        /// Its last lines.
        tail: String,
    },
    /// It runs, but refused a connection or a statement.
    #[error("the private Postgres refused: {0}")]
    Refused(#[from] sqlx::Error),
    /// It did not end in time.
    #[error("Postgres (process {0}) is still stopping; its data is safe, the next start waits for it")]
    StillStopping(i32),
}

/// Adds what was tried to an I/O error.
fn io_error(what: impl Into<String>) -> impl FnOnce(io::Error) -> Error {
    move |source| Error::Io { what: what.into(), source }
}

/// A running Postgres. Dropping it lets Postgres run on, for the next start to adopt; [`PrivatePostgres::stop`] ends it.
pub struct PrivatePostgres {
    cluster: Cluster,
    url: String,
    /// `None` when it was adopted.
    child: Option<Child>,
    /// Tells other processes that this one uses it.
    lease: File,
}

impl fmt::Debug for PrivatePostgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivatePostgres").field("dir", &self.cluster.dir).finish_non_exhaustive()
    }
}

impl PrivatePostgres {
    /// Starts the Postgres of `data_dir`, or joins it when it already runs. The first time it creates the cluster. Where the
    /// machine has no Postgres it is downloaded, if [`Download`] allows it.
    ///
    /// # Errors
    /// When there is no Postgres to run, when it cannot run here, or when the data belongs to another user.
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

    /// Where to connect. Holds the password.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Shuts Postgres down and waits for it, unless another process uses it.
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

/// Creates the role and the database the first time.
async fn prepare(port: u16, password: &str, name: &str) -> Result<(), Error> {
    let mut connection = connect(port, password, SUPERUSER, "postgres").await?;
    let role: Option<i32> =
        sqlx::query_scalar("SELECT 1 FROM pg_roles WHERE rolname = $1").bind(name).fetch_optional(&mut connection).await?;
    let quoted = format!("\"{}\"", name.replace('"', "\"\""));
    if role.is_none() {
        // No superuser: an SQL injection in the program gives no shell. CREATEDB is for tests. The password is hexadecimal, so it
        // needs no quoting.
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
