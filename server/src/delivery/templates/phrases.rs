//! How long and when, in words, and what strangers wrote, made harmless.

use super::Words;
use text::fill;
use time::{Duration, OffsetDateTime};

impl Words<'_> {
    /// In whole units, rounded down so that no more is promised than there is, and never nothing.
    pub(super) fn span(&self, span: Duration) -> String {
        let time = &self.m.time;
        let (n, one, many) = match units(span) {
            Units::Days(n) => (n, time.days, time.days),
            Units::Hours(n) => (n, time.hour, time.hours),
            Units::Minutes(n) => (n, time.minute, time.minutes),
            Units::Seconds(n) => (n, time.second, time.seconds),
        };
        fill(if n == 1 { one } else { many }, &[("n", &n.to_string())])
    }

    pub(super) fn short_span(&self, span: Duration) -> String {
        let time = &self.m.time;
        let (n, sentence) = match units(span) {
            Units::Days(n) => (n, time.short_days),
            Units::Hours(n) => (n, time.short_hours),
            Units::Minutes(n) => (n, time.short_minutes),
            Units::Seconds(n) => (n, time.short_seconds),
        };
        fill(sentence, &[("n", &n.to_string())])
    }

    /// In the time of Brasília: UTC−3, without daylight saving since 2019.
    pub(super) fn moment(&self, at: OffsetDateTime) -> String {
        let at = at.to_offset(time::UtcOffset::UTC).saturating_sub(Duration::hours(3));
        fill(
            self.m.moment,
            &[
                ("day", &format!("{:02}", at.day())),
                ("month", &format!("{:02}", u8::from(at.month()))),
                ("year", &at.year().to_string()),
                ("hour", &format!("{:02}", at.hour())),
                ("minute", &format!("{:02}", at.minute())),
            ],
        )
    }
}

enum Units {
    /// Three and more: people say "24 horas" and "48 horas".
    Days(i64),
    Hours(i64),
    Minutes(i64),
    Seconds(i64),
}

fn units(span: Duration) -> Units {
    match span.whole_seconds() {
        seconds if seconds >= 3 * 86_400 => Units::Days(seconds / 86_400),
        seconds if seconds >= 3600 => Units::Hours(seconds / 3600),
        seconds if seconds >= 60 => Units::Minutes(seconds / 60),
        seconds => Units::Seconds(seconds.max(1)),
    }
}

/// On one line and without what turns the reading direction around: nobody's name or User-Agent may move our words.
pub(super) fn one_line(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    text.replace(|c: char| c.is_control() || turns(c), " ").trim().to_owned()
}
