//! `portaria import`: brings accounts in (docs/moving-in.md).

use clap::Args;
use portaria::journey::Kind;
use server::config::Config;
use server::moving::Format;
use server::moving::import::{Counts, Stopped};
use server::moving::progress::Progress;
use server::run;
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal as _, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Exit code when lines stand in the report, or the import stopped midway.
const NOT_ALL: u8 = 1;
/// Exit code when nothing could begin.
const NOTHING_BEGAN: u8 = 2;

/// Brings accounts in from another system: each line becomes an account, stands in the report, or came in before.
#[derive(Args)]
pub struct Import {
    /// The file; `-` is standard input.
    file: PathBuf,
    /// How the file is written: ndjson (as `portaria export` writes it), csv, keycloak or auth0.
    #[arg(long, value_name = "FORMAT", default_value = "ndjson", value_parser = format)]
    from: Format,
    /// The kind of lines that name none: cliente, professor, caronista or empresa.
    #[arg(long, value_name = "KIND", value_parser = kind)]
    kind: Option<Kind>,
    /// Checks everything and writes nothing but the report.
    #[arg(long)]
    dry_run: bool,
    /// Where lines that cannot be taken are told of, as NDJSON; otherwise standard output.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Tells `[[webhooks]]` of each account that comes in.
    #[arg(long)]
    tell_webhooks: bool,
}

fn format(name: &str) -> Result<Format, String> {
    let names: Vec<_> = Format::ALL.iter().map(|format| format.as_str()).collect();
    Format::parse(name).ok_or_else(|| format!("allowed: {}", names.join(", ")))
}

fn kind(name: &str) -> Result<Kind, String> {
    let names: Vec<_> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
    Kind::parse(name).map_err(|_| format!("allowed: {}", names.join(", ")))
}

pub async fn run(config: Config, import: Import) -> ExitCode {
    match start(config, import).await {
        Ok(counts) => ExitCode::from(if counts.refused == 0 { 0 } else { NOT_ALL }),
        Err(stopped) => {
            // If this fails, nobody reads the output.
            let _ = writeln!(io::stderr(), "portaria: {stopped}");
            ExitCode::from(if matches!(stopped, Stopped::NothingBegan(_)) { NOTHING_BEGAN } else { NOT_ALL })
        }
    }
}

async fn start(config: Config, import: Import) -> Result<Counts, Stopped> {
    let Import { file, from, kind, dry_run, report, tell_webhooks } = import;
    let (source, total) = open(&file)?;
    let report: Box<dyn Write + Send> = match &report {
        Some(path) => Box::new(BufWriter::new(File::create(path).map_err(|error| cannot("write", path, &error))?)),
        None => Box::new(io::stdout()),
    };
    let progress = Progress::new(total, io::stderr().is_terminal());
    let asked = run::Import { format: from, kind, dry_run, tell_webhooks, file: source, report, progress };
    let counts = run::import(config, asked).await?;
    let Counts { lines, imported, known, refused } = counts;
    let verb = if dry_run { "would come in" } else { "came in" };
    // If this fails, nobody reads the output.
    let _ = writeln!(io::stderr(), "{lines} lines: {imported} {verb}, {known} were in before, {refused} are in the report");
    Ok(counts)
}

fn open(path: &Path) -> Result<(Box<dyn Read + Send>, Option<u64>), Stopped> {
    if path == Path::new("-") {
        return Ok((Box::new(io::stdin()), None));
    }
    let file = File::open(path).map_err(|error| cannot("read", path, &error))?;
    let about = file.metadata().map_err(|error| cannot("read", path, &error))?;
    if about.is_dir() {
        return Err(Stopped::NothingBegan(format!("{} is a folder", path.display())));
    }
    Ok((Box::new(file), about.is_file().then_some(about.len())))
}

fn cannot(act: &str, path: &Path, error: &io::Error) -> Stopped {
    Stopped::NothingBegan(format!("cannot {act} {}: {error}", path.display()))
}
