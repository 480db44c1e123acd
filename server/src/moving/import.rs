//! `portaria import`: from a file to accounts and a report.

use super::batch::{self, Became, Common, Prepared, Why};
use super::progress::Progress;
use super::source::{self, Format, Item, Position};
use crate::db::keys;
use crate::fault::Fault;
use futures::StreamExt as _;
use portaria::moving::Reason;
use serde::Serialize;
use serde_json::{Map, Value};
use sqlx::{PgConnection, PgPool};
use std::borrow::Cow;
use std::io::{Read, Write};
use std::sync::Arc;
use std::thread;
use text::Language;
use tokio::sync::mpsc;
use tokio::task;

/// Lines a transaction.
pub const BATCH: usize = 500;
/// Batches that wait to be judged.
const WAITING: usize = 2;
/// How often a batch is written, if its locks cross those of people who sign up meanwhile.
const TRIES: usize = 5;

/// What became of the lines so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub lines: u64,
    /// Accounts that came in; in a dry run, that would.
    pub imported: u64,
    /// Lines that came in by an earlier import.
    pub known: u64,
    /// Lines in the report.
    pub refused: u64,
}

/// Why an import stopped.
#[derive(Debug, thiserror::Error)]
pub enum Stopped {
    /// Before any line was read.
    #[error("{0}")]
    NothingBegan(String),
    #[error("stopped after line {line}: {cause}; what came in stays, run it again to go on")]
    Midway { line: u64, cause: String },
}

/// A line of the report (SPEC §17).
#[derive(Serialize)]
struct Refused<'a> {
    line: u64,
    #[serde(rename = "externalId")]
    external_id: Option<&'a str>,
    /// By key, every reason in a sentence.
    errors: Map<String, Value>,
}

fn errors(why: &[(Cow<'static, str>, Why)]) -> Map<String, Value> {
    let texts = Language::default().texts();
    let mut errors = Map::new();
    for (key, why) in why {
        let sentence = match why {
            Why::Wrong(reason) => texts.moving_reason(key, *reason),
            Why::Taken(field) => texts.moving_taken(*field),
        };
        if let Value::Array(all) = errors.entry(key.as_ref()).or_insert_with(|| Value::Array(Vec::new())) {
            all.push(sentence.into());
        }
    }
    errors
}

/// Reads a file in batches, on a thread of its own. The thread ends with the file, or when nobody takes what it reads.
fn read(
    format: Format,
    file: impl Read + Send + 'static,
    position: Position,
) -> (mpsc::Receiver<Vec<Item>>, thread::JoinHandle<Result<(), String>>) {
    let (batches, taken) = mpsc::channel(WAITING);
    let reader = thread::spawn(move || {
        let mut batch = Vec::with_capacity(BATCH);
        let read = source::read(format, file, position, &mut |item| {
            batch.push(item);
            batch.len() < BATCH || batches.blocking_send(std::mem::replace(&mut batch, Vec::with_capacity(BATCH))).is_ok()
        });
        // What was read before the file broke counts.
        if !batch.is_empty() {
            let _ = batches.blocking_send(batch);
        }
        read
    });
    (taken, reader)
}

/// Imports a file. The report gets a line for each line that did not come in and had not before.
///
/// # Errors
/// The file, the database or the report failed. Whole batches are in, or not at all.
pub async fn run(
    pool: &PgPool,
    common: Common,
    format: Format,
    file: impl Read + Send + 'static,
    report: &mut (impl Write + Send),
    progress: &mut Progress,
) -> Result<Counts, Stopped> {
    let nothing_began = |error: sqlx::Error| Stopped::NothingBegan(format!("the database cannot be reached: {error}"));
    // Its own to the end, whatever becomes of it: then nothing keeps the index key from changing any more.
    let mut conn = pool.acquire().await.map_err(nothing_began)?.detach();
    if !keys::let_import(&mut conn).await.map_err(nothing_began)? {
        let why = "the index key is changing (portaria keys rotate --index): begin when that is done";
        return Err(Stopped::NothingBegan(why.to_owned()));
    }
    batch::begin(&mut conn, &common).await.map_err(nothing_began)?;
    let position = Position::default();
    let (mut batches, reader) = read(format, file, position.clone());
    let common = Arc::new(common);
    let cores = thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let mut prepared = futures::stream::poll_fn(move |context| batches.poll_recv(context))
        .map(|items| {
            let common = common.clone();
            async move {
                if let Some(keys) = &common.keys {
                    keys.keep_fresh().await.map_err(|fault| fault.to_string())?;
                }
                let prepared = task::spawn_blocking(move || batch::prepare(items, &common)).await;
                prepared.map_err(|error| error.to_string())?.map_err(|fault| fault.to_string())
            }
        })
        .buffered(cores);
    let (mut counts, mut line) = (Counts::default(), 0);
    while let Some(batch) = prepared.next().await {
        let stopped = |cause: String| Stopped::Midway { line, cause };
        let batch = batch.map_err(stopped)?;
        let became = write(&mut conn, &common, &batch).await.map_err(|fault| stopped(fault.to_string()))?;
        tell(&batch, &became, report, &mut counts).map_err(|error| stopped(format!("the report cannot be written: {error}")))?;
        line = batch.last().map_or(line, |last| last.line);
        progress.at(position.bytes(), &counts);
    }
    progress.end(&counts);
    let ended = reader.join().unwrap_or_else(|_| Err("cannot be read".to_owned()));
    match ended {
        Ok(()) => Ok(counts),
        Err(cause) if counts.lines == 0 => Err(Stopped::NothingBegan(format!("the file {cause}"))),
        Err(cause) => {
            let why = [(Cow::Borrowed("line"), Why::Wrong(Reason::Unreadable))];
            let refused = Refused { line: line + 1, external_id: None, errors: errors(&why) };
            // Whether or not the report takes it, the command says it too.
            let _ = put(report, &refused);
            Err(Stopped::Midway { line, cause: format!("the file {cause}") })
        }
    }
}

async fn write(conn: &mut PgConnection, common: &Common, batch: &[Prepared]) -> Result<Vec<Became>, Fault> {
    let mut tries = 1;
    loop {
        match batch::write(conn, common, batch).await {
            Err(fault) if tries < TRIES && batch::may_go_in_again(&fault) => {
                tracing::debug!(%fault, "the batch is written again");
                tries += 1;
            }
            done => return done,
        }
    }
}

fn tell(batch: &[Prepared], became: &[Became], report: &mut impl Write, counts: &mut Counts) -> std::io::Result<()> {
    for (line, became) in batch.iter().zip(became) {
        counts.lines += 1;
        match became {
            Became::In => counts.imported += 1,
            Became::Known => counts.known += 1,
            Became::Refused(why) => {
                counts.refused += 1;
                put(report, &Refused { line: line.line, external_id: line.keys.external_id(), errors: errors(why) })?;
            }
        }
    }
    report.flush()
}

fn put(report: &mut impl Write, refused: &Refused<'_>) -> std::io::Result<()> {
    serde_json::to_writer(&mut *report, refused)?;
    report.write_all(b"\n")
}
