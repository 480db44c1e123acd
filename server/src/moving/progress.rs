//! How far an import or export is, for whoever waits: a bar at a terminal, a line now and then elsewhere.

use super::import::Counts;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::Write as _;
use std::time::{Duration, Instant};

/// How often a line is written where there is no terminal.
const EVERY: Duration = Duration::from_secs(5);

pub struct Progress {
    how: How,
    /// Of the file, in bytes; `None`: nobody knows.
    total: Option<u64>,
    started: Instant,
}

enum How {
    Silent,
    Bar(ProgressBar),
    Lines { told: Instant },
}

impl Progress {
    /// Says nothing.
    pub fn silent() -> Self {
        Self { how: How::Silent, total: None, started: Instant::now() }
    }

    /// On standard error. `total`: the size of the file in bytes, if it is known.
    pub fn new(total: Option<u64>, terminal: bool) -> Self {
        let started = Instant::now();
        let how = if terminal {
            let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr());
            let template = if total.is_some() { "{bar:30} {percent:>3} %  {msg}" } else { "{spinner} {msg}" };
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style);
            }
            How::Bar(bar)
        } else {
            How::Lines { told: started }
        };
        Self { how, total, started }
    }

    /// `bytes`: how far the file was read.
    pub fn at(&mut self, bytes: u64, counts: &Counts) {
        let message = || message(self.total, bytes, counts, self.started.elapsed());
        match &mut self.how {
            How::Bar(bar) => {
                bar.set_position(bytes);
                bar.set_message(message());
            }
            How::Lines { told } if told.elapsed() >= EVERY => {
                let percent = self.total.filter(|total| *total > 0).map(|total| format!("{} %  ", bytes.min(total) * 100 / total));
                // If this fails, nobody reads the output.
                let _ = writeln!(std::io::stderr(), "{}{}", percent.unwrap_or_default(), message());
                *told = Instant::now();
            }
            How::Lines { .. } | How::Silent => {}
        }
    }

    /// Nothing comes any more.
    pub fn end(&mut self, counts: &Counts) {
        let took = self.started.elapsed();
        match &self.how {
            How::Silent => return,
            How::Bar(bar) => bar.finish_and_clear(),
            How::Lines { .. } => {}
        }
        // If this fails, nobody reads the output.
        let _ = writeln!(std::io::stderr(), "{} lines in {:.1} s, {} a second", counts.lines, took.as_secs_f64(), rate(counts.lines, took));
    }
}

#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rate for people")]
fn rate(lines: u64, took: Duration) -> u64 {
    (lines as f64 / took.as_secs_f64().max(0.001)) as u64
}

/// How many lines so far, how fast, and how long it still takes, if what is left is like what was.
fn message(total: Option<u64>, bytes: u64, counts: &Counts, took: Duration) -> String {
    let Counts { lines, refused, .. } = counts;
    let left = total.filter(|total| bytes > 0 && *total > bytes).map(|total| {
        let seconds = took.as_millis() * u128::from(total - bytes) / u128::from(bytes) / 1_000;
        format!(", {}:{:02} left", seconds / 60, seconds % 60)
    });
    format!("{lines} lines, {} a second{}, {refused} refused", rate(*lines, took), left.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rate_and_time_left_follow_from_what_was_read() {
        let counts = Counts { lines: 5_000, imported: 4_990, known: 0, refused: 10 };
        let took = Duration::from_secs(2);
        assert_eq!(message(Some(1_000), 100, &counts, took), "5000 lines, 2500 a second, 0:18 left, 10 refused");
        assert_eq!(message(None, 100, &counts, took), "5000 lines, 2500 a second, 10 refused");
        assert_eq!(message(Some(1_000), 0, &Counts::default(), Duration::ZERO), "0 lines, 0 a second, 0 refused");
    }
}
