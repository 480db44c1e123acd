//! How many connections the limit of open files allows.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// The most connections, whatever the limit of files. Each costs memory, and more are never needed.
const MOST: u64 = 8192;
/// Files reserved for the database, the carriers and the log.
const OTHERS: u64 = 200;

/// Raises the soft limit to the hard one, and returns how many connections there is room for.
pub fn room() -> usize {
    let limit = getrlimit(Resource::Nofile);
    if limit.current != limit.maximum {
        // Where the soft limit may not be raised, it stays.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
    }
    let files = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    usize::try_from(connections(files)).unwrap_or(usize::MAX)
}

/// The number of connections that a limit of `files` leaves room for.
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
