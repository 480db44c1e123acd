//! What Linux says of a process in `/proc`: processor time and memory.

use crate::Outcome;
use std::fs;
use std::time::Duration;

/// `USER_HZ`, in which `/proc` counts processor time: 100 on every processor that Rust's tier 1 has.
const TICKS_PER_SECOND: u64 = 100;

/// What is needed of `/proc/PID/stat` (proc(5)).
struct Stat {
    parent: u32,
    /// User and system time of the process.
    own: u64,
    /// The same of its children that have ended.
    ended_children: u64,
}

impl Stat {
    /// The name of the program, in brackets, may hold anything; the rest are numbers.
    fn parse(text: &str) -> Option<Self> {
        let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
        let number = |nth: usize| fields.get(nth)?.parse::<u64>().ok();
        Some(Self { parent: u32::try_from(number(1)?).ok()?, own: number(11)? + number(12)?, ended_children: number(13)? + number(14)? })
    }

    fn read(pid: u32) -> Outcome<Self> {
        let path = format!("/proc/{pid}/stat");
        let text = fs::read_to_string(&path).map_err(|error| format!("{path}: {error} (the bench needs Linux)"))?;
        Self::parse(&text).ok_or_else(|| format!("{path} is not as expected: {text}").into())
    }
}

fn time(ticks: u64) -> Duration {
    Duration::from_millis(ticks * 1000 / TICKS_PER_SECOND)
}

pub fn parent(pid: u32) -> Outcome<u32> {
    Ok(Stat::read(pid)?.parent)
}

/// Processor time of a process so far.
pub fn processor_time(pid: u32) -> Outcome<Duration> {
    Ok(time(Stat::read(pid)?.own))
}

/// Processor time so far of a process and all children that it ever had.
pub fn processor_time_with_children(pid: u32) -> Outcome<Duration> {
    let stat = Stat::read(pid)?;
    let mut ticks = stat.own + stat.ended_children;
    for entry in fs::read_dir("/proc")? {
        // What is no process, or ended meanwhile, has nothing to say.
        if let Some(stat) = entry?.file_name().to_str().and_then(|name| name.parse().ok()).and_then(|pid| Stat::read(pid).ok())
            && stat.parent == pid
        {
            ticks += stat.own;
        }
    }
    Ok(time(ticks))
}

/// Memory in MB (10^6 bytes).
#[derive(Debug, Clone, Copy)]
pub struct Memory {
    /// What the process holds now (`VmRSS`).
    pub now: f64,
    /// The most that it ever held (`VmHWM`).
    pub most: f64,
}

impl Memory {
    fn parse(status: &str) -> Option<Self> {
        let megabytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.split_whitespace().next()?.parse::<f64>().ok().map(|kib| kib * 1024.0 / 1e6)
        };
        Some(Self { now: megabytes("VmRSS:")?, most: megabytes("VmHWM:")? })
    }
}

pub fn memory(pid: u32) -> Outcome<Memory> {
    let path = format!("/proc/{pid}/status");
    Memory::parse(&fs::read_to_string(&path)?).ok_or_else(|| format!("{path} says nothing of memory").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_program_does_not_shift_the_numbers_behind_it() {
        let stat = Stat::parse("7 (a) b (c) S 3 7 7 0 -1 4194560 500 0 0 0 12 30 4 5 20 0 1 0 99 0 0").expect("parsed");
        assert_eq!((stat.parent, stat.own, stat.ended_children), (3, 42, 9));
        assert!(Stat::parse("7 (a) S 3").is_none());
    }

    #[test]
    fn memory_is_read_in_megabytes() {
        let memory = Memory::parse("Name:\tx\nVmHWM:\t   20000 kB\nVmRSS:\t   10000 kB\n").expect("parsed");
        assert!((memory.now - 10.24).abs() < 1e-9 && (memory.most - 20.48).abs() < 1e-9, "{memory:?}");
    }
}
