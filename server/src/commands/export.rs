//! `portaria export`: writes every account (docs/moving-in.md).

use clap::Args;
use server::config::Config;
use server::moving::progress::Progress;
use server::run;
use std::error::Error;
use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io::{self, BufWriter, IsTerminal as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// Writes every account with all its values, documents and hashes too: whoever has the file has them.
#[derive(Args)]
pub struct Export {
    /// Where to; otherwise standard output. The file is there when it is whole, and its owner alone may read it.
    file: Option<PathBuf>,
}

pub async fn run(config: Config, export: Export) -> Result<(), Box<dyn Error + Send + Sync>> {
    let progress = Progress::new(None, io::stderr().is_terminal());
    match export.file {
        None => run::export(config, &mut BufWriter::new(io::stdout()), progress).await.map(drop),
        Some(path) => {
            let unfinished = unfinished(&path);
            let written = write(config, &unfinished, progress).await;
            if written.is_err() {
                // The first failure is the one that is told.
                let _ = fs::remove_file(&unfinished);
            }
            written?;
            Ok(fs::rename(&unfinished, &path)?)
        }
    }
}

/// The file while it is written.
fn unfinished(path: &Path) -> PathBuf {
    let mut name = path.file_name().map(OsString::from).unwrap_or_default();
    name.push(".part");
    path.with_file_name(name)
}

async fn write(config: Config, path: &Path, progress: Progress) -> Result<(), Box<dyn Error + Send + Sync>> {
    let cannot = |error: io::Error| format!("cannot write {}: {error}", path.display());
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(cannot(error).into()),
        _ => {}
    }
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(cannot)?;
    let mut output = BufWriter::new(file);
    run::export(config, &mut output, progress).await?;
    output.flush().map_err(cannot)?;
    Ok(output.get_ref().sync_all().map_err(cannot)?)
}
