//! How many files the process may have open: every connection is one.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// As many connections are never needed: behind each is some memory.
const MOST: u64 = 8192;
/// Files that are no connection of a client: the database's, the carriers', the log.
const OTHERS: u64 = 200;

/// Room for how many connections there is, once the soft limit is raised to the hard one.
pub fn room() -> usize {
    let limit = getrlimit(Resource::Nofile);
    if limit.current != limit.maximum {
        // where it may not be raised it stays
        let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
    }
    let files = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    usize::try_from(connections(files)).unwrap_or(usize::MAX)
}

/// How many of so many files may be connections.
const fn connections(files: u64) -> u64 {
    let others = if files / 2 < OTHERS { files / 2 } else { OTHERS };
    let left = files - others;
    if left < MOST { left } else { MOST }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_always_room_for_other_files() {
        for (files, room) in [(64, 32), (256, 128), (1024, 824), (4096, 3896), (1 << 20, MOST), (u64::MAX, MOST)] {
            assert_eq!(connections(files), room, "{files}");
        }
    }
}
