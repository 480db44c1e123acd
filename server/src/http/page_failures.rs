//! Reports of pages that did not wake, or crashed. The browser sends one for each page load. It becomes a line of the log and
//! nothing else.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use serde::Deserialize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The most lines that a node logs in a minute. More reports stem from one fault, or from abuse, and are dropped.
const LINES_PER_MINUTE: u32 = 60;
const MINUTE: Duration = Duration::from_mins(1);
const LONGEST: usize = 200;

#[derive(Deserialize, Default)]
struct Report {
    #[serde(default)]
    route: String,
    #[serde(default)]
    message: String,
}

#[derive(Default)]
struct Counted {
    since: Option<Instant>,
    count: u32,
}

/// Anybody may send a report, so its texts are cut to one short line of printable ASCII.
pub fn router() -> Router {
    Router::new().route("/page-failure", post(take)).with_state(Arc::default())
}

async fn take(State(counted): State<Arc<Mutex<Counted>>>, body: Bytes) -> StatusCode {
    let count = counted.lock().unwrap_or_else(PoisonError::into_inner).next(Instant::now());
    if let Some(count) = count {
        let report: Report = serde_json::from_slice(&body).unwrap_or_default();
        let (route, message) = (plain(&report.route), plain(&report.message));
        tracing::warn!(event = "page_failed", route, message, count, "a page did not wake");
    }
    StatusCode::NO_CONTENT
}

impl Counted {
    /// Counts a report. Returns its number within the minute; `None` if it is not to be logged.
    fn next(&mut self, now: Instant) -> Option<u32> {
        if self.since.is_none_or(|since| now - since >= MINUTE) {
            *self = Self { since: Some(now), count: 0 };
        }
        self.count += 1;
        (self.count <= LINES_PER_MINUTE).then_some(self.count)
    }
}

/// Of many slashes one is enough: in place of a library's path there are only those (`frontend/shorten.mjs`).
fn plain(text: &str) -> String {
    let mut plain: Vec<_> = text.chars().filter(|c| c.is_ascii_graphic() || *c == ' ').collect();
    plain.dedup_by(|next, before| *next == '/' && *before == '/');
    plain.into_iter().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_reports_is_no_flood_of_lines() {
        let mut counted = Counted::default();
        let now = Instant::now();
        assert_eq!((0..200).filter_map(|_| counted.next(now)).max(), Some(60));
        assert_eq!(counted.next(now + MINUTE), Some(1));
    }

    #[test]
    fn a_report_is_one_short_line() {
        assert_eq!(plain("a\nb\u{202e}c \u{1b}[31m"), "abc [31m");
        assert_eq!(plain(&"x".repeat(5_000)).len(), 200);
        assert_eq!(plain(&format!("panic {}:104 of a library", "/".repeat(300))), "panic /:104 of a library");
    }
}
