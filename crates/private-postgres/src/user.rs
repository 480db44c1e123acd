//! The user that Postgres runs as: our own, unless that is root.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::Path;
use std::process::Stdio;

use tokio::process::Command;

use super::{Error, Settings, io_error};

/// The users that root may switch to, the best first; `_postgres` is macOS's.
const CANDIDATES: [&str; 3] = ["postgres", "_postgres", "nobody"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum User {
    /// Our own user.
    Own { uid: u32 },
    /// We are root, and switch to an unprivileged user.
    Other { uid: u32, gid: u32 },
}

impl User {
    pub(super) fn choose(settings: &Settings) -> Result<Self, Error> {
        let uid = rustix::process::geteuid();
        if !uid.is_root() {
            return Ok(Self::Own { uid: uid.as_raw() });
        }
        let users = fs::read_to_string("/etc/passwd").map_err(io_error("reading /etc/passwd"))?;
        unprivileged(&users).ok_or_else(|| Error::NoUser { advice: settings.advice() })
    }

    /// The user for a folder that exists. Root goes on as the folder's owner; anybody else must own it.
    pub(super) fn owning(self, dir: &Path, uid: u32, gid: u32, settings: &Settings) -> Result<Self, Error> {
        match self {
            Self::Other { .. } if uid != 0 => Ok(Self::Other { uid, gid }),
            Self::Other { .. } => self.own(dir, 0o700).map(|()| self),
            Self::Own { uid: own } if uid == own => Ok(self),
            Self::Own { .. } => Err(Error::Foreign { dir: dir.to_owned(), owner: uid, advice: settings.advice() }),
        }
    }

    /// Gives a file or folder to the user, with these permissions.
    pub(super) fn own(self, path: &Path, mode: u32) -> Result<(), Error> {
        let what = || format!("giving {} to the user of Postgres", path.display());
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).map_err(io_error(what()))?;
        match self {
            Self::Own { .. } => Ok(()),
            Self::Other { uid, gid } => chown(path, Some(uid), Some(gid)).map_err(io_error(what())),
        }
    }

    /// Returns whether the user can enter a folder, through every folder above it.
    pub(super) async fn can_enter(self, dir: &Path) -> Result<bool, Error> {
        if matches!(self, Self::Own { .. }) {
            return Ok(true);
        }
        let status = self.command(Path::new("test"), Path::new("/")).arg("-x").arg(dir).status().await;
        Ok(status.map_err(io_error("running `test`"))?.success())
    }

    /// A command that runs as the user. It does not inherit our environment, which holds secrets.
    pub(super) fn command(self, program: &Path, dir: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin").env("LC_ALL", "C");
        command.current_dir(dir).stdin(Stdio::null());
        if let Self::Other { uid, gid } = self {
            // Setting the user id and group id this way drops root's other groups as well.
            command.gid(gid).uid(uid);
        }
        command
    }
}

/// The best candidate in the text of `/etc/passwd`.
pub(super) fn unprivileged(passwd: &str) -> Option<User> {
    CANDIDATES.iter().find_map(|wanted| {
        passwd.lines().find_map(|line| {
            let mut fields = line.split(':');
            if fields.next() != Some(wanted) {
                return None;
            }
            let (uid, gid) = (number(fields.nth(1)?)?, number(fields.next()?)?);
            (uid != 0).then_some(User::Other { uid, gid })
        })
    })
}

/// macOS writes `nobody` as -2.
fn number(text: &str) -> Option<u32> {
    text.parse().ok().or_else(|| text.parse::<i32>().ok().map(i32::cast_unsigned))
}
