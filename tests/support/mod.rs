//! The files of the source tree, for tests that read them.

use std::fs;
use std::path::{Path, PathBuf};

pub fn tree() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns path, from the root of the tree, and text of every file with one of these extensions below a folder.
pub fn files(folder: &str, extensions: &[&str]) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![tree().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extensions.iter().any(|it| extension == *it)) {
                let text = fs::read_to_string(&path).expect("a text");
                found.push((path.strip_prefix(tree()).expect("below the tree").to_owned(), text));
            }
        }
    }
    assert!(!found.is_empty(), "{folder} holds files");
    found
}
