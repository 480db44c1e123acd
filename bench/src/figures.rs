//! All that a run found out.

use crate::limits::Row;
use crate::measure::Measured;

#[derive(Default)]
pub struct Figures {
    pub machine: String,
    pub rows: Vec<Row>,
    pub measured: Vec<Measured>,
    /// What has no limit: a name and a figure.
    pub others: Vec<(String, String)>,
    /// Why something was left out.
    pub skipped: Vec<String>,
}

impl Figures {
    /// Adds a figure that has no limit.
    pub fn note(&mut self, what: impl Into<String>, figure: String) {
        self.others.push((what.into(), figure));
    }
}

/// What the first side does of what another does.
pub fn share(measured: &[Measured], of: usize) -> f64 {
    match (measured.first(), measured.get(of)) {
        (Some(one), Some(other)) => one.sample.per_second() / other.sample.per_second(),
        _ => 0.0,
    }
}
