//! Dates and times, always in the time of Brasília, wherever the server runs.

use portaria::brasilia::in_brasilia;
use time::OffsetDateTime;

catalogue! {
    /// A moment in a message.
    pub struct MomentTexts {
        whole(day, month, year, hour, minute): "{day}/{month}/{year} às {hour}:{minute} (horário de Brasília)"
            | "{year}-{month}-{day} at {hour}:{minute} (Brasília time)";
    }
}

/// An instant, as a clock in Brasília shows it.
#[derive(Debug, Clone, Copy)]
pub struct Moment(OffsetDateTime);

impl Moment {
    /// Of an instant.
    pub fn new(at: OffsetDateTime) -> Self {
        Self(in_brasilia(at))
    }

    /// Of seconds since 1970.
    pub fn of_unix(seconds: i64) -> Option<Self> {
        OffsetDateTime::from_unix_timestamp(seconds).ok().map(Self::new)
    }

    /// `20/11/2025`.
    pub fn date(self) -> String {
        [two(self.0.day()), two(self.0.month().into()), self.0.year().to_string()].join("/")
    }

    /// `11:46`.
    pub fn time(self) -> String {
        [two(self.0.hour()), two(self.0.minute())].join(":")
    }
}

impl MomentTexts {
    /// Day and time.
    pub fn tell(&self, at: OffsetDateTime) -> String {
        let Moment(at) = Moment::new(at);
        self.whole(two(at.day()), two(at.month().into()), at.year(), two(at.hour()), two(at.minute()))
    }
}

fn two(n: u8) -> String {
    if n < 10 { ["0", &n.to_string()].concat() } else { n.to_string() }
}

#[cfg(test)]
mod tests {
    use super::Moment;
    use crate::Language;
    use time::OffsetDateTime;

    #[test]
    fn a_moment_is_told_by_the_clock_of_brasilia() {
        let told = |seconds| Moment::of_unix(seconds).map(|at| [at.date(), at.time()].join(" "));
        assert_eq!(told(1_763_650_000).as_deref(), Some("20/11/2025 11:46"));
        assert_eq!(told(0).as_deref(), Some("31/12/1969 21:00"));
        assert_eq!(told(i64::MAX), None);
    }

    #[test]
    fn a_message_tells_it_whole() {
        let told = [Language::PtBr, Language::En].map(|language| language.texts().moment.tell(OffsetDateTime::UNIX_EPOCH));
        assert_eq!(told, ["31/12/1969 às 21:00 (horário de Brasília)", "1969-12-31 at 21:00 (Brasília time)"]);
    }
}
