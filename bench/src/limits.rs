//! What must hold, and what is aimed at.

/// What a figure is, and which ones are better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A part of what another does: more is better.
    Share,
    /// So many times as long: less is better.
    Times,
    /// Less is better.
    Megabytes,
    /// Less is better.
    Milliseconds,
    /// A score of Lighthouse: more is better.
    Score,
}

#[derive(Debug, Clone, Copy)]
pub struct Limit {
    pub unit: Unit,
    pub must: f64,
    pub aim: Option<f64>,
}

/// A figure beside its limit.
#[derive(Debug)]
pub struct Row {
    pub what: String,
    pub measured: f64,
    pub limit: Limit,
}

pub const HASHING: Limit = Limit { unit: Unit::Share, must: 0.85, aim: Some(0.92) };
pub const HASHING_OF_PEERS: Limit = Limit { unit: Unit::Share, must: 1.4, aim: Some(1.7) };
pub const SESSION_CHECK: Limit = Limit { unit: Unit::Share, must: 0.6, aim: Some(0.8) };
pub const PAGE: Limit = Limit { unit: Unit::Share, must: 0.1, aim: Some(0.25) };
pub const BESIDE_A_FLOOD: Limit = Limit { unit: Unit::Times, must: 3.0, aim: Some(1.5) };
pub const MEMORY_AT_REST: Limit = Limit { unit: Unit::Megabytes, must: 40.0, aim: Some(25.0) };
pub const MEMORY_IN_A_FLOOD: Limit = Limit { unit: Unit::Megabytes, must: 150.0, aim: Some(100.0) };
pub const MANY_ACCOUNTS: Limit = Limit { unit: Unit::Share, must: 0.9, aim: None };
pub const AWAKE: Limit = Limit { unit: Unit::Milliseconds, must: 1200.0, aim: Some(1000.0) };
pub const PERFORMANCE: Limit = Limit { unit: Unit::Score, must: 97.0, aim: None };
pub const OTHER_CATEGORY: Limit = Limit { unit: Unit::Score, must: 100.0, aim: None };
pub const TOTAL_BLOCKING_TIME: Limit = Limit { unit: Unit::Milliseconds, must: 50.0, aim: None };
pub const LARGEST_PAINT: Limit = Limit { unit: Unit::Milliseconds, must: 1500.0, aim: None };

impl Unit {
    const fn more_is_better(self) -> bool {
        matches!(self, Self::Share | Self::Score)
    }

    pub fn write(self, value: f64) -> String {
        match self {
            Self::Share => format!("{value:.2}"),
            Self::Times => format!("{value:.1} ×"),
            Self::Megabytes => format!("{value:.0} MB"),
            Self::Milliseconds => format!("{value:.0} ms"),
            Self::Score => format!("{value:.0}"),
        }
    }
}

impl Row {
    pub fn new(what: impl Into<String>, measured: f64, limit: Limit) -> Self {
        Self { what: what.into(), measured, limit }
    }

    fn reaches(&self, bound: f64) -> bool {
        if self.limit.unit.more_is_better() { self.measured >= bound } else { self.measured <= bound }
    }

    pub fn verdict(&self) -> &'static str {
        match self.limit.aim {
            Some(aim) if self.reaches(aim) => "kept, the aim too",
            _ if self.reaches(self.limit.must) => "kept",
            _ => "**missed**",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_kept_from_its_limit_on_and_a_size_up_to_it() {
        let share = |measured| Row::new("", measured, HASHING).verdict();
        assert_eq!((share(0.84), share(0.85), share(0.92)), ("**missed**", "kept", "kept, the aim too"));
        let size = |measured| Row::new("", measured, MEMORY_AT_REST).verdict();
        assert_eq!((size(41.0), size(40.0), size(25.0)), ("**missed**", "kept", "kept, the aim too"));
        let score = |measured| Row::new("", measured, OTHER_CATEGORY).verdict();
        assert_eq!((score(99.0), score(100.0)), ("**missed**", "kept"));
    }
}
