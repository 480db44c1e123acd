//! Comma-separated values (RFC 4180), or separated by semicolons as spreadsheets in Brazil write them. The first line names the keys.

use super::{Item, LONGEST_LINE, Sink, unreadable};
use csv::{ByteRecord, ReaderBuilder, Trim};
use portaria::moving::{Given, Key, Reason, Value};
use std::io::BufRead;

pub(super) fn read(mut file: impl BufRead, sink: &mut Sink<'_>) -> Result<(), String> {
    let delimiter = delimiter(file.fill_buf().map_err(unreadable)?);
    let mut csv = ReaderBuilder::new().delimiter(delimiter).flexible(true).trim(Trim::All).from_reader(file);
    let keys = keys(csv.byte_headers().map_err(|error| format!("cannot be read: {error}"))?)?;
    let mut record = ByteRecord::new();
    loop {
        if !csv.read_byte_record(&mut record).map_err(|error| format!("cannot be read: {error}"))? {
            return Ok(());
        }
        let line = record.position().map_or(0, csv::Position::line);
        if !sink(Item { line, given: given(&keys, &record) }) {
            return Ok(());
        }
    }
}

/// The separator is whichever stands more often in the first line.
fn delimiter(start: &[u8]) -> u8 {
    let first = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |sign| first.split(|byte| *byte == sign).count();
    if count(b';') > count(b',') { b';' } else { b',' }
}

fn keys(names: &ByteRecord) -> Result<Vec<Key>, String> {
    let mut keys: Vec<Key> = Vec::new();
    for name in names {
        let name = String::from_utf8_lossy(name);
        let known = || Key::ALL.iter().map(|key| key.name()).collect::<Vec<_>>().join(", ");
        let key = Key::parse(&name).ok_or_else(|| format!("has the column \"{name}\" in its first line; allowed: {}", known()))?;
        if keys.contains(&key) {
            return Err(format!("has the column \"{name}\" twice in its first line"));
        }
        keys.push(key);
    }
    Ok(keys)
}

fn given(keys: &[Key], record: &ByteRecord) -> Result<Given, Reason> {
    if record.as_slice().len() > LONGEST_LINE {
        return Err(Reason::LineTooLong);
    }
    let mut given = Given::default();
    for (key, value) in keys.iter().zip(record) {
        // What is no UTF-8 is of no type that any key takes.
        let value = std::str::from_utf8(value).map_or(Value::Other, |text| Value::Text(text.to_owned()));
        given.give(*key, value);
    }
    for extra in record.iter().skip(keys.len()).filter(|value| !value.is_empty()) {
        given.give_unknown(&String::from_utf8_lossy(extra));
    }
    Ok(given)
}
