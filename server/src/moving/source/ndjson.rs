//! A JSON object a line.

use super::{Item, LONGEST_LINE, Sink, unreadable};
use portaria::moving::{Given, Reason};
use serde_json::{Map, Value};
use std::io::{self, BufRead};

/// Reads lines one by one. `given`: what an object means in this format.
pub(super) fn read(mut file: impl BufRead, given: &dyn Fn(&Map<String, Value>) -> Given, sink: &mut Sink<'_>) -> Result<(), String> {
    let mut line = Vec::new();
    for number in 1.. {
        let Some(whole) = next_line(&mut file, &mut line).map_err(unreadable)? else { return Ok(()) };
        if whole && line.trim_ascii().is_empty() {
            continue;
        }
        let given = if whole { object(&line).map(|object| given(&object)) } else { Err(Reason::LineTooLong) };
        if !sink(Item { line: number, given }) {
            return Ok(());
        }
    }
    Ok(())
}

fn object(line: &[u8]) -> Result<Map<String, Value>, Reason> {
    serde_json::from_slice(line).map_err(|_| Reason::NotAnObject)
}

/// Reads a line into `line`. `None`: the file has ended. `Some(false)`: it is too long, and was skipped.
fn next_line(file: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<Option<bool>> {
    line.clear();
    let mut whole = true;
    let mut begun = false;
    loop {
        let buffer = file.fill_buf()?;
        if buffer.is_empty() {
            return Ok(begun.then_some(whole));
        }
        begun = true;
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let part = &buffer[..end.unwrap_or(buffer.len())];
        whole &= line.len() + part.len() <= LONGEST_LINE;
        if whole {
            line.extend_from_slice(part);
        }
        let used = part.len() + usize::from(end.is_some());
        file.consume(used);
        if end.is_some() {
            return Ok(Some(whole));
        }
    }
}
