//! All that a run found out.

use crate::limits::Row;
use crate::measure::Measured;

#[derive(Default)]
pub struct Figures {
    pub machine: String,
    pub rows: Vec<Row>,
    pub measured: Vec<Measured>,
    /// What has no limit: a name and a figure.
    pub others: Vec<(&'static str, String)>,
    /// Why something was left out.
    pub skipped: Vec<String>,
}

/// What the first side does of what another does.
pub fn share(measured: &[Measured], of: usize) -> f64 {
    match (measured.first(), measured.get(of)) {
        (Some(one), Some(other)) => one.sample.per_second() / other.sample.per_second(),
        _ => 0.0,
    }
}
