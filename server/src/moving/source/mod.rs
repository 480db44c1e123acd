//! Where lines come from: a file in one of the formats becomes what lines give ([`Given`]), one after the other.

mod auth0;
mod csv;
mod hashes;
mod json;
mod keycloak;
mod ndjson;
#[cfg(test)]
mod tests;

use portaria::moving::{Given, Reason};
use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "lowercase")]
pub enum Format {
    /// A JSON object a line, as `portaria export` writes it.
    #[default]
    Ndjson,
    /// Commas or semicolons, the keys of a line in the first one.
    Csv,
    /// The export of a realm, or of its users.
    Keycloak,
    /// The export of users, NDJSON or an array.
    Auth0,
}

impl Format {
    pub const ALL: &[Self] = Self::VARIANTS;

    pub fn as_str(self) -> &'static str {
        self.into()
    }

    pub fn parse(name: &str) -> Option<Self> {
        name.parse().ok()
    }
}

/// A line, or a user of a realm.
#[derive(Debug)]
pub struct Item {
    /// Its number in the file, from 1: of a line, or of a user in a list.
    pub line: u64,
    pub given: Result<Given, Reason>,
}

/// Takes one item after the other. `false`: no more are wanted.
pub type Sink<'a> = dyn FnMut(Item) -> bool + 'a;

/// The longest line, in bytes. What is longer is no account.
const LONGEST_LINE: usize = 64 * 1024;

/// How many bytes were read so far.
#[derive(Debug, Clone, Default)]
pub struct Position(Arc<AtomicU64>);

impl Position {
    pub fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// A file, and how far it was read.
struct Counted<R> {
    inner: R,
    position: Position,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.position.0.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// Reads a file to its end, or until no more is wanted. It blocks: it wants a thread of its own.
///
/// # Errors
/// A sentence: the file is not in this format, or cannot be read any further. What came before was given to `sink`.
pub fn read(format: Format, file: impl Read, position: Position, sink: &mut Sink<'_>) -> Result<(), String> {
    let mut file = BufReader::with_capacity(256 * 1024, Counted { inner: file, position });
    // A byte order mark, which spreadsheets write.
    let starts_with_mark = file.fill_buf().map_err(unreadable)?.starts_with(b"\xef\xbb\xbf");
    if starts_with_mark {
        file.consume(3);
    }
    match format {
        Format::Ndjson => ndjson::read(file, &json::line, sink),
        Format::Csv => csv::read(file, sink),
        Format::Keycloak => keycloak::read(file, sink),
        Format::Auth0 => auth0::read(file, sink),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn unreadable(error: io::Error) -> String {
    format!("cannot be read: {error}")
}
