//! Checks that SECURITY.md cites tests that exist and figures that are in force.

use portaria::limits::{
    ENTRY_BLOCK, ENTRY_WINDOW, GUESS_WINDOW, GUESSES_PER_CLIENT, PHOTO_BYTES, SEND_WINDOW, SENDS_PER_CLIENT, SENDS_PER_WINDOW,
    TAKEN_PER_CLIENT, TAKEN_WINDOW,
};
use portaria::recovery::{MISS_WINDOW, MISSES_PER_CLIENT};
use portaria::rotation::REFRESH_GRACE;
use portaria::session::{COMPLETION_GRANT_LIFETIME, NOT_REMEMBERED, REMEMBERED};
use portaria::signup::{HANDOFF_LIFETIME, SIGNUP_LIFETIME};
use server::config::Config;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use time::Duration;

/// The rows of the checklist. One row may name several requirements of ASVS 5.0.0 that the same tests prove.
const ROWS: &str = "1.1.1 1.2.1/1.3.7 1.2.2 1.2.4 1.3.11 2.1.1/2.2.1 2.2.2 2.2.3 2.3.1 2.3.2/2.4.1 2.3.3 3.2.1/3.5.8 3.2.2 3.3.1/3.3.3 3.3.2 \
    3.3.4 3.4.1 3.4.2 3.4.3 3.4.4/3.4.6 3.4.5 3.4.8 3.5.1/3.5.2 3.5.3 3.7.2 4.1.1/4.1.4 4.1.3/15.3.4 5.1.1/5.2.1 5.2.2 5.2.6 5.3.1/5.3.2 14.2.8 \
    6.1.1 6.1.2/6.2.11 6.1.3/6.3.4 6.2.1/6.2.9 6.2.2/6.2.3/6.2.10 6.2.4/6.2.12 6.2.5 6.2.6/6.2.7 6.2.8 6.3.1/6.6.3 6.3.3 6.3.5/6.3.7 6.3.6 6.3.8 \
    6.4.1 6.4.2 6.4.3 6.5.1 6.5.2 6.5.3/6.5.4 6.5.5 6.6.1 6.6.2 7.1.1/7.3.1/7.3.2 7.1.2 7.2.1/7.2.2/7.2.3 7.2.4 7.4.1 7.4.2/7.4.3 7.4.4/7.5.2 \
    7.5.1 7.6.2 8.2.1/8.2.2/8.3.1 8.2.3/15.3.3 9.1.1/9.1.2 9.1.3 9.2.1 9.2.2/9.2.3/9.2.4 10.4.5 10.4.8 11.2.4 11.4.2 11.5.1 11.2.2 12.2.1 13.3.1 \
    6.3.2/13.4.2/15.2.3 14.2.1 14.2.6/15.3.1 14.2.7 14.3.1/14.3.2/14.3.3 15.1.3/15.2.2 15.4.2 16.2.1/16.2.5/16.4.1 16.3.1/16.3.3 \
    16.5.1/16.5.2/16.5.3";

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn paper() -> String {
    fs::read_to_string(root().join("SECURITY.md")).expect("SECURITY.md")
}

/// The rows of a table, by the name in their first cell.
fn rows(paper: &str) -> Vec<Vec<&str>> {
    paper.lines().filter(|line| line.starts_with("| ")).map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect()).collect()
}

/// The citations of a text: `file::name`, in backquotes.
fn citations(text: &str) -> Vec<(&str, &str)> {
    text.split('`').skip(1).step_by(2).filter_map(|quoted| quoted.split_once("::")).filter(|(file, _)| file.contains('.')).collect()
}

fn is_there(file: &str, name: &str) -> bool {
    let Ok(source) = fs::read_to_string(root().join(file)) else { return false };
    if Path::new(file).extension().is_some_and(|extension| extension == "rs") {
        source.contains(&format!("fn {name}(")) || source.contains(&format!("    {name}: \""))
    } else {
        source.contains(&format!("test('{name}'")) || source.contains(&format!("test(`{name}`"))
    }
}

#[test]
fn every_test_that_is_cited_exists() {
    let paper = paper();
    let cited = citations(&paper);
    assert!(cited.len() > 100, "{} tests are cited", cited.len());
    let missing: BTreeSet<_> = cited.into_iter().filter(|(file, name)| !is_there(file, name)).collect();
    assert!(missing.is_empty(), "cited, but not there: {missing:#?}");
}

#[test]
fn every_row_of_the_checklist_is_proved_or_says_why_not() {
    let paper = paper();
    let rows = rows(&paper);
    for id in ROWS.split_whitespace() {
        let named: Vec<_> = rows.iter().filter(|row| row[0] == id).collect();
        assert_eq!(named.len(), 1, "{id} stands there once");
        let proof = named[0].last().expect("a proof");
        let proved = !citations(proof).is_empty();
        let honest = ["Not met, because", "Met in part, because", "Not asked of it, because"].iter().any(|words| proof.contains(words));
        assert!(proved || honest, "{id}: neither a test nor a reason: {proof}");
    }
}

fn told(duration: Duration) -> String {
    let (seconds, unit) = match duration.whole_seconds() {
        s if s % 86_400 == 0 => (s / 86_400, "d"),
        s if s % 3_600 == 0 => (s / 3_600, "h"),
        s if s % 60 == 0 => (s / 60, "min"),
        s => (s, "s"),
    };
    format!("{seconds} {unit}")
}

#[test]
fn the_figures_that_are_told_are_those_in_force() {
    let config = Config::from_parts("", Vec::<(String, String)>::new()).expect("the defaults");
    let rules = &config.rules;
    let figures = [
        ("CODE_ATTEMPTS", rules.entries.failures.to_string()),
        ("ENTRY_WINDOW", told(ENTRY_WINDOW)),
        ("ENTRY_BLOCK", told(ENTRY_BLOCK)),
        ("LOCKOUT_FAILURES", rules.lockout.failures.to_string()),
        ("LOCKOUT_WINDOW", told(rules.lockout.window)),
        ("LOCKOUT_DURATION", told(rules.lockout.duration)),
        ("GUESSES_PER_CLIENT", GUESSES_PER_CLIENT.to_string()),
        ("GUESS_WINDOW", told(GUESS_WINDOW)),
        ("SENDS_PER_CLIENT", SENDS_PER_CLIENT.to_string()),
        ("SENDS_PER_WINDOW", SENDS_PER_WINDOW.to_string()),
        ("SEND_WINDOW", told(SEND_WINDOW)),
        ("RESEND_WAIT", told(rules.resend_wait)),
        ("TAKEN_PER_CLIENT", TAKEN_PER_CLIENT.to_string()),
        ("TAKEN_WINDOW", told(TAKEN_WINDOW)),
        ("MISSES_PER_CLIENT", MISSES_PER_CLIENT.to_string()),
        ("MISS_WINDOW", told(MISS_WINDOW)),
        ("CODE_LIFETIME_PHONE", told(rules.code_phone)),
        ("CODE_LIFETIME_CARONA", told(rules.code_carona)),
        ("CODE_LIFETIME_RECOVERY", told(rules.code_recovery)),
        ("LINK_LIFETIME_EMAIL", told(rules.link_email)),
        ("LINK_LIFETIME_RESET", told(rules.link_reset)),
        ("COMPLETION_GRANT_LIFETIME", told(COMPLETION_GRANT_LIFETIME)),
        ("HANDOFF_LIFETIME", told(HANDOFF_LIFETIME)),
        ("SIGNUP_LIFETIME", told(SIGNUP_LIFETIME)),
        ("ACCESS_TOKEN_LIFETIME", told(rules.access_token)),
        ("ACCESS_TOKEN_LIFETIME_CARONA", told(rules.access_token_carona)),
        ("NOT_REMEMBERED", told(NOT_REMEMBERED)),
        ("REMEMBERED", told(REMEMBERED)),
        ("REFRESH_GRACE", told(REFRESH_GRACE)),
        ("PHOTO_BYTES", format!("{} MiB", PHOTO_BYTES / 1024 / 1024)),
    ];
    let paper = paper();
    let rows = rows(&paper);
    for (name, value) in figures {
        let quoted = format!("`{name}`");
        let named: Vec<_> = rows.iter().filter(|row| row[0] == quoted).collect();
        assert_eq!(named.len(), 1, "{name} stands there once");
        assert_eq!(named[0][1], value, "{name}");
    }
}
