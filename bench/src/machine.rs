//! What the figures were taken on.

use crate::Outcome;
use server::clock::Clock;
use std::fs;
use std::process::Command;

fn line_of(path: &str, name: &str) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with(name)).and_then(|line| line.split_once(':'));
    line.map_or_else(|| "unknown".to_owned(), |(_, value)| value.trim().to_owned())
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// One line in Markdown.
pub fn description(postgres: &str) -> Outcome<String> {
    let cores = std::thread::available_parallelism()?;
    let memory = line_of("/proc/meminfo", "MemTotal");
    let kib: f64 = memory.split_whitespace().next().and_then(|kib| kib.parse().ok()).unwrap_or_default();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease")?;
    let commit = git(&["rev-parse", "--short=10", "HEAD"]).unwrap_or_else(|| "unknown".to_owned());
    let changed = git(&["status", "--porcelain"]).is_some_and(|changes| !changes.is_empty());
    Ok(format!(
        "{}, {cores} cores, {:.0} GB of memory, Linux {}, Postgres {postgres}; on {}, commit {commit}{}.",
        line_of("/proc/cpuinfo", "model name"),
        kib * 1024.0 / 1e9,
        kernel.trim(),
        Clock::system().now().date(),
        if changed { " with changes" } else { "" }
    ))
}
