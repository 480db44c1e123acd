//! How long something lasts, in words: one vocabulary for refusals, messages and the clocks of pages.

use time::Duration;

catalogue! {
    /// How long something lasts.
    pub struct DurationTexts {
        second: "1 segundo" | "1 second";
        seconds(n): "{n} segundos" | "{n} seconds";
        minute: "1 minuto" | "1 minute";
        minutes(n): "{n} minutos" | "{n} minutes";
        hour: "1 hora" | "1 hour";
        hours(n): "{n} horas" | "{n} hours";
        days(n): "{n} dias" | "{n} days";
        /// In an SMS and on a clock.
        short_seconds(n): "{n} s" | "{n} s";
        /// In an SMS and on a clock.
        short_minutes(n): "{n} min" | "{n} min";
        /// In an SMS.
        short_hours(n): "{n} h" | "{n} h";
        /// In an SMS.
        short_days(n): "{n} dias" | "{n} days";
    }
}

/// So many whole units.
enum Units {
    /// Three and more: people say "24 horas" and "48 horas".
    Days(i64),
    Hours(i64),
    Minutes(i64),
    Seconds(i64),
}

impl Units {
    /// Rounds down, so that no more time is promised than there is, but never to zero.
    fn within(span: Duration) -> Self {
        match span.whole_seconds() {
            seconds if seconds >= 3 * 86_400 => Self::Days(seconds / 86_400),
            seconds if seconds >= 3600 => Self::Hours(seconds / 3600),
            seconds if seconds >= 60 => Self::Minutes(seconds / 60),
            seconds => Self::Seconds(seconds.max(1)),
        }
    }
}

impl DurationTexts {
    /// Returns a wait in words: seconds below two minutes, then minutes, then hours. Rounded up, so that nobody comes back too early.
    pub fn wait(&self, seconds: u32) -> String {
        self.long(&match seconds {
            0..120 => Units::Seconds(seconds.max(1).into()),
            120..7_200 => Units::Minutes(seconds.div_ceil(60).into()),
            _ => Units::Hours(seconds.div_ceil(3_600).into()),
        })
    }

    /// How long something is still good, rounded down.
    pub fn span(&self, span: Duration) -> String {
        self.long(&Units::within(span))
    }

    /// The same in an SMS.
    pub fn short_span(&self, span: Duration) -> String {
        match Units::within(span) {
            Units::Days(n) => self.short_days(n),
            Units::Hours(n) => self.short_hours(n),
            Units::Minutes(n) => self.short_minutes(n),
            Units::Seconds(n) => self.short_seconds(n),
        }
    }

    /// Returns the text of a countdown: `4 min 32 s`, `32 s`, with a non-breaking space between a number and its unit.
    pub fn clock(&self, seconds: u32) -> String {
        let (minutes, rest) = (seconds / 60, seconds % 60);
        let told = match (minutes, rest) {
            (0, _) => [None, Some(self.short_seconds(rest))],
            (_, 0) => [Some(self.short_minutes(minutes)), None],
            _ => [Some(self.short_minutes(minutes)), Some(self.short_seconds(rest))],
        };
        told.into_iter().flatten().map(|part| part.replace(' ', "\u{a0}")).collect::<Vec<_>>().join(" ")
    }

    fn long(&self, units: &Units) -> String {
        match *units {
            Units::Seconds(1) => self.second.to_owned(),
            Units::Seconds(n) => self.seconds(n),
            Units::Minutes(1) => self.minute.to_owned(),
            Units::Minutes(n) => self.minutes(n),
            Units::Hours(1) => self.hour.to_owned(),
            Units::Hours(n) => self.hours(n),
            Units::Days(n) => self.days(n),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::Language;
    use time::Duration;

    #[test]
    fn a_wait_is_told_so_that_nobody_comes_back_too_early() {
        let texts = &Language::PtBr.texts().duration;
        let told = [0, 1, 30, 119, 120, 121, 900, 7_199, 7_200, 86_400].map(|seconds| texts.wait(seconds));
        let expected = [
            "1 segundo",
            "1 segundo",
            "30 segundos",
            "119 segundos",
            "2 minutos",
            "3 minutos",
            "15 minutos",
            "120 minutos",
            "2 horas",
            "24 horas",
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn a_span_is_told_so_that_no_more_is_promised_than_there_is() {
        let texts = &Language::PtBr.texts().duration;
        let told = [-1, 0, 59, 119, 3_599, 3_600, 259_199, 259_200].map(|seconds| texts.span(Duration::seconds(seconds)));
        assert_eq!(told, ["1 segundo", "1 segundo", "59 segundos", "1 minuto", "59 minutos", "1 hora", "71 horas", "3 dias"]);
        let told = [1, 60, 3_600, 604_800].map(|seconds| texts.short_span(Duration::seconds(seconds)));
        assert_eq!(told, ["1 s", "1 min", "1 h", "7 dias"]);
    }

    #[test]
    fn a_clock_tells_minutes_and_seconds() {
        for language in Language::ALL {
            let told = [0, 32, 60, 61, 299, 300].map(|seconds| language.texts().duration.clock(seconds));
            assert_eq!(told, ["0\u{a0}s", "32\u{a0}s", "1\u{a0}min", "1\u{a0}min 1\u{a0}s", "4\u{a0}min 59\u{a0}s", "5\u{a0}min"]);
        }
    }
}
