//! The process file that a running Postgres keeps, and the process that it names.

use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;

use rustix::process::{Pid, Signal};

/// The file's name in the data folder.
pub(super) const FILE: &str = "postmaster.pid";

/// What the process file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Postmaster {
    /// The process id.
    pub(super) pid: i32,
    /// `None` until Postgres has started far enough to write it.
    pub(super) port: Option<u16>,
}

/// Reads the process file of a data folder.
pub(super) fn read(data: &Path) -> Option<Postmaster> {
    parse(&fs::read_to_string(data.join(FILE)).ok()?)
}

/// Lines: process, data folder, time of start, port, …
pub(super) fn parse(text: &str) -> Option<Postmaster> {
    let mut lines = text.lines();
    let pid = lines.next()?.trim().parse().ok().filter(|pid| *pid > 0)?;
    Some(Postmaster { pid, port: lines.nth(2).and_then(|port| port.trim().parse().ok()) })
}

/// Returns whether any process has this id.
pub(super) fn is_alive(pid: i32) -> bool {
    Pid::from_raw(pid).is_some_and(|pid| rustix::process::test_kill_process(pid) != Err(rustix::io::Errno::SRCH))
}

/// Returns whether the process is a live Postgres of this data folder. Process ids are reused; in a container that happens soon.
pub(super) fn runs_on(pid: i32, data: &Path) -> bool {
    let Ok(data) = data.canonicalize() else { return false };
    if Path::new("/proc/self").exists() {
        // The working directory of Postgres is its data folder. A zombie process has none.
        return fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|dir| dir == data);
    }
    let output = Command::new("ps").args(["-ww", "-o", "command=", "-p", &pid.to_string()]).output();
    output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains(&*data.to_string_lossy()))
}

/// Asks Postgres for a fast shutdown.
pub(super) fn interrupt(pid: i32) -> io::Result<()> {
    let pid = Pid::from_raw(pid).ok_or(io::ErrorKind::InvalidInput)?;
    Ok(rustix::process::kill_process(pid, Signal::INT)?)
}
