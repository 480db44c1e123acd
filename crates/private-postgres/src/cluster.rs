//! One cluster on disk: making it, starting it, finding it running, shutting it down.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tokio::process::Child;

use super::binaries::Binaries;
use super::poll_wait::PollWait;
use super::user::User;
use super::{Error, SUPERUSER, Settings, connect, io_error, postmaster};

/// The suffix of folders in which initdb has not finished.
const DRAFT: &str = ".new";
/// How long a start may take. After a crash Postgres first replays its log.
const START_PATIENCE: Duration = Duration::from_mins(5);
/// How long a stop may take. A fast shutdown ends every connection and writes a checkpoint.
const STOP_PATIENCE: Duration = Duration::from_mins(2);
/// A longer log is set aside at the next start.
const LOG_LIMIT: u64 = 16 * 1024 * 1024;
/// How many ports are tried. Another process may take the free port that was found.
const PORT_TRIES: u32 = 5;

pub(super) struct Cluster {
    /// The folder for data, logs, locks and downloads.
    pub(super) home: PathBuf,
    /// `{home}/postgres`.
    pub(super) dir: PathBuf,
    /// The user that Postgres runs as.
    pub(super) user: User,
    /// The name that Postgres shows in the list of processes.
    name: &'static str,
    random: fn() -> [u8; 32],
}

impl Cluster {
    pub(super) async fn open(data_dir: &Path, settings: &Settings) -> Result<Self, Error> {
        let data_dir = std::path::absolute(data_dir).map_err(io_error(format!("finding {}", data_dir.display())))?;
        fs::create_dir_all(&data_dir).map_err(io_error(format!("making {}", data_dir.display())))?;
        let mut user = User::choose(settings)?;
        let home = if user.can_enter(&data_dir).await? { data_dir } else { elsewhere(&data_dir, Path::new(settings.elsewhere))? };
        let dir = home.join("postgres");
        if let Ok(found) = fs::metadata(&dir) {
            user = user.owning(&dir, found.uid(), found.gid(), settings)?;
        } else {
            fs::create_dir_all(&dir).map_err(io_error(format!("making {}", dir.display())))?;
            user.own(&dir, 0o700)?;
        }
        // Postgres writes the resolved path into its files.
        let dir = dir.canonicalize().map_err(io_error(format!("finding {}", dir.display())))?;
        Ok(Self { home, dir, user, name: settings.name, random: settings.random })
    }

    pub(super) fn data(&self) -> PathBuf {
        self.dir.join("data")
    }

    fn log(&self) -> PathBuf {
        self.dir.join("postgres.log")
    }

    /// The major version that wrote the data; `None` before the first start.
    pub(super) fn major(&self) -> Result<Option<u32>, Error> {
        let path = self.data().join("PG_VERSION");
        match fs::read_to_string(&path) {
            Ok(text) => Ok(text.trim().parse().ok()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(io_error(format!("reading {}", path.display()))(error)),
        }
    }

    pub(super) fn lock_file(&self, name: &str) -> Result<File, Error> {
        let path = self.dir.join(name);
        let file = fs::OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(&path);
        let file = file.map_err(io_error(format!("opening {}", path.display())))?;
        self.user.own(&path, 0o600)?;
        Ok(file)
    }

    /// Held while Postgres starts or stops. The system frees it when its process dies.
    pub(super) async fn guard(&self) -> Result<File, Error> {
        let file = self.lock_file("start.lock")?;
        let mut poll_wait = PollWait::new("another process starts or stops the private Postgres; waiting for it");
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) => poll_wait.wait().await,
                Err(TryLockError::Error(source)) => return Err(io_error("locking start.lock")(source)),
            }
        }
    }

    /// Reads the password; creates it the first time.
    pub(super) fn password(&self) -> Result<String, Error> {
        let path = self.dir.join("password");
        let what = || format!("keeping the password in {}", path.display());
        if path.exists() {
            let kept = fs::read_to_string(&path).map_err(io_error(what()))?;
            if !kept.trim().is_empty() {
                return Ok(kept.trim().to_owned());
            }
        }
        let password = hex(&(self.random)());
        let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path).map_err(io_error(what()))?;
        file.write_all(password.as_bytes()).and_then(|()| file.sync_all()).map_err(io_error(what()))?;
        self.user.own(&path, 0o600)?;
        Ok(password)
    }

    pub(super) async fn initdb(&self, binaries: &Binaries) -> Result<(), Error> {
        tracing::info!("making a new Postgres {} cluster in {}", binaries.major, self.dir.display());
        self.remove_drafts();
        // A unique name: the initdb of a killed server may still be running.
        let draft = self.dir.join(format!("data.{}{DRAFT}", hex(&(self.random)()[..4])));
        let mut command = self.user.command(&binaries.program("initdb"), &self.dir);
        // The locale is C on purpose: order and case are the domain's business, and no other locale need exist on the machine.
        command.args(["--encoding=UTF8", "--locale=C", "--auth=scram-sha-256", "--username", SUPERUSER]);
        command.arg("--pwfile").arg(self.dir.join("password")).arg("--pgdata").arg(&draft);
        let output = command.output().await.map_err(io_error("running initdb"))?;
        if !output.status.success() {
            let text = [output.stdout, output.stderr].concat();
            return Err(Error::Initdb(String::from_utf8_lossy(&text).trim().to_owned()));
        }
        fs::rename(&draft, self.data()).map_err(io_error(format!("renaming {}", draft.display())))
    }

    /// Removes what a killed initdb left. What cannot be removed does no harm.
    fn remove_drafts(&self) {
        let entries = fs::read_dir(&self.dir).into_iter().flatten().flatten();
        for entry in entries.filter(|entry| entry.file_name().to_string_lossy().ends_with(DRAFT)) {
            if let Err(error) = fs::remove_dir_all(entry.path()) {
                tracing::warn!("{} stays: {error}", entry.path().display());
            }
        }
    }

    /// The port of a Postgres that already runs on this data. A stale process file would keep a new one from starting, so it is
    /// removed.
    pub(super) async fn running(&self, password: &str) -> Result<Option<u16>, Error> {
        let data = self.data();
        let mut poll_wait = PollWait::new("a Postgres already runs on this data; waiting until it answers");
        loop {
            let Some(found) = postmaster::read(&data) else { return Ok(None) };
            if !postmaster::runs_on(found.pid, &data) {
                if postmaster::is_alive(found.pid) {
                    // The number was reused by another process, which Postgres would take for a running Postgres.
                    let path = data.join(postmaster::FILE);
                    tracing::warn!("removing {}: process {} is not this Postgres", path.display(), found.pid);
                    fs::remove_file(&path).map_err(io_error(format!("removing {}", path.display())))?;
                }
                return Ok(None);
            }
            if let Some(port) = found.port
                && connect(port, password, SUPERUSER, "postgres").await.is_ok()
            {
                tracing::info!("joining the private Postgres that runs as process {} on port {port}", found.pid);
                return Ok(Some(port));
            }
            if poll_wait.waited() > START_PATIENCE {
                return Err(Error::Start { log: self.log(), tail: tail(&self.log(), 0) });
            }
            poll_wait.wait().await;
        }
    }

    /// Starts Postgres on a free port and waits until it answers.
    pub(super) async fn launch(&self, binaries: &Binaries, password: &str) -> Result<(Child, u16), Error> {
        let log = self.log();
        if fs::metadata(&log).is_ok_and(|log| log.len() > LOG_LIMIT) {
            fs::rename(&log, log.with_extension("log.1")).map_err(io_error("setting the log aside"))?;
        }
        let (mut tries, began) = (0, Instant::now());
        loop {
            tries += 1;
            let port = free_port().map_err(io_error("finding a free port"))?;
            let since = fs::metadata(&log).map_or(0, |log| log.len());
            let mut child = self.spawn(binaries, port)?;
            tracing::info!("starting a private Postgres {} on port {port}; its log: {}", binaries.major, log.display());
            let mut poll_wait = PollWait::new("Postgres is not ready yet; after a crash it first repairs its data");
            let ended = loop {
                if connect(port, password, SUPERUSER, "postgres").await.is_ok() {
                    // Another Postgres on that port would not know the password.
                    return Ok((child, port));
                }
                if child.try_wait().map_err(io_error("watching Postgres"))?.is_some() {
                    break true;
                }
                if poll_wait.waited() > START_PATIENCE {
                    break false;
                }
                poll_wait.wait().await;
            };
            let tail = tail(&log, since);
            // The last processes of one that was killed are still ending, and hold its memory.
            if ended && tail.contains("pre-existing shared memory block") && began.elapsed() < START_PATIENCE {
                tries -= 1;
                tokio::time::sleep(Duration::from_millis(200)).await;
                continue;
            }
            if !(ended && tries < PORT_TRIES && tail.contains("could not bind")) {
                return Err(Error::Start { log, tail });
            }
        }
    }

    fn spawn(&self, binaries: &Binaries, port: u16) -> Result<Child, Error> {
        let path = self.log();
        let what = || format!("opening {}", path.display());
        let log = fs::OpenOptions::new().append(true).create(true).mode(0o600).open(&path).map_err(io_error(what()))?;
        self.user.own(&path, 0o600)?;
        let mut command = self.user.command(&binaries.program("postgres"), &self.dir);
        command.arg("-D").arg(self.data()).arg("-p").arg(port.to_string());
        for setting in [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=200",
            "shared_buffers=64MB",
            "max_wal_size=512MB",
            "logging_collector=off",
            "log_destination=stderr",
            // The detail of a violated constraint repeats what a person typed.
            "log_error_verbosity=terse",
        ] {
            command.args(["-c", setting]);
        }
        command.args(["-c", &format!("cluster_name={}", self.name)]);
        // Its own process group: Ctrl-C is for the server, which stops Postgres when it has drained.
        command.process_group(0);
        command.stdout(log.try_clone().map_err(io_error(what()))?).stderr(log);
        command.spawn().map_err(io_error(format!("running {}", binaries.program("postgres").display())))
    }

    /// Does what `pg_ctl stop -m fast` does. An adopted Postgres may have been started from programs that this process did not
    /// find.
    pub(super) async fn shut_down(&self, child: Option<Child>) -> Result<(), Error> {
        let data = self.data();
        let Some(found) = postmaster::read(&data).filter(|found| postmaster::runs_on(found.pid, &data)) else {
            return Ok(());
        };
        tracing::info!("stopping the private Postgres");
        postmaster::interrupt(found.pid).map_err(io_error("stopping Postgres"))?;
        let mut poll_wait = PollWait::new("Postgres is writing its last changes");
        while postmaster::read(&data).is_some_and(|now| now.pid == found.pid) && postmaster::runs_on(found.pid, &data) {
            if poll_wait.waited() > STOP_PATIENCE {
                return Err(Error::StillStopping(found.pid));
            }
            poll_wait.wait().await;
        }
        if let Some(mut child) = child {
            child.wait().await.map_err(io_error("waiting for Postgres"))?;
        }
        Ok(())
    }
}

/// The folder that is used instead of a data folder that Postgres cannot enter.
fn elsewhere(data_dir: &Path, parent: &Path) -> Result<PathBuf, Error> {
    use sha2::{Digest as _, Sha256};
    use std::os::unix::ffi::OsStrExt as _;

    let name = hex(&Sha256::digest(data_dir.as_os_str().as_bytes())[..8]);
    let home = parent.join(name);
    fs::create_dir_all(&home).map_err(io_error(format!("making {}", home.display())))?;
    for dir in [parent, home.as_path()] {
        // Set explicitly, whatever the umask: anybody may enter it and only its owner may list it.
        fs::set_permissions(dir, fs::Permissions::from_mode(0o711)).map_err(io_error(format!("opening {}", dir.display())))?;
    }
    tracing::warn!("Postgres does not run as root and no other user can enter {}: its data is in {}", data_dir.display(), home.display());
    Ok(home)
}

fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The last lines of a log, after its first `since` bytes.
fn tail(log: &Path, since: u64) -> String {
    const LINES: usize = 15;
    let mut bytes = Vec::new();
    let read = File::open(log).and_then(|mut file| {
        let from = since.max(file.metadata()?.len().saturating_sub(8192));
        file.seek(SeekFrom::Start(from))?;
        file.read_to_end(&mut bytes)
    });
    if let Err(error) = read {
        return format!("(unreadable: {error})");
    }
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(LINES)..].join("\n")
}
