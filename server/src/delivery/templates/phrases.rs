//! How long and when, in words, and what strangers wrote, made harmless.

use super::Words;
use time::{Duration, OffsetDateTime};

impl Words<'_> {
    /// In whole units, rounded down so that no more is promised than there is, and never nothing.
    pub(super) fn span(&self, span: Duration) -> String {
        let time = &self.m.time;
        match units(span) {
            Units::Days(n) => time.days(n),
            Units::Hours(1) => time.hour.to_owned(),
            Units::Hours(n) => time.hours(n),
            Units::Minutes(1) => time.minute.to_owned(),
            Units::Minutes(n) => time.minutes(n),
            Units::Seconds(1) => time.second.to_owned(),
            Units::Seconds(n) => time.seconds(n),
        }
    }

    pub(super) fn short_span(&self, span: Duration) -> String {
        let time = &self.m.time;
        match units(span) {
            Units::Days(n) => time.short_days(n),
            Units::Hours(n) => time.short_hours(n),
            Units::Minutes(n) => time.short_minutes(n),
            Units::Seconds(n) => time.short_seconds(n),
        }
    }

    /// In the time of Brasília: UTC−3, without daylight saving since 2019.
    pub(super) fn moment(&self, at: OffsetDateTime) -> String {
        let at = at.to_offset(time::UtcOffset::UTC).saturating_sub(Duration::hours(3));
        let two = |n: u8| format!("{n:02}");
        self.m.moment(two(at.day()), two(at.month().into()), at.year(), two(at.hour()), two(at.minute()))
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
