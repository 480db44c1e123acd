//! The figures as tables in Markdown, in the terminal and in README.md between two markers.

use crate::figures::Figures;
use crate::measure::Measured;
use crate::settings::Settings;
use crate::{Outcome, chart};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

const BEGIN: &str = "<!-- figures: begin -->";
const END: &str = "<!-- figures: end -->";
/// The folder whose README.md keeps the figures.
const KEPT: &str = "bench";

fn limits(figures: &Figures) -> String {
    let mut text = String::from("| what | measured | must | aim | |\n|---|---|---|---|---|\n");
    for row in &figures.rows {
        let write = |value| row.limit.unit.write(value);
        let aim = row.limit.aim.map(write).unwrap_or_default();
        writeln!(text, "| {} | {} | {} | {aim} | {} |", row.what, write(row.measured), write(row.limit.must), row.verdict()).ok();
    }
    text
}

fn line(measured: &Measured) -> String {
    let Measured { what, side, sample, program, postgres } = measured;
    format!(
        "| {what} | {side} | {:.0} | {:.2} | {:.2} | {:.2} | {:.3} | {:.3} |",
        sample.per_second(),
        sample.quantile(0.5),
        sample.quantile(0.99),
        sample.quantile(0.999),
        measured.milliseconds_each(*program),
        measured.milliseconds_each(*postgres)
    )
}

fn tables(figures: &Figures) -> String {
    let lines: Vec<String> = figures.measured.iter().map(line).collect();
    let others: Vec<String> = figures.others.iter().map(|(what, figure)| format!("| {what} | {figure} |")).collect();
    let skipped: Vec<String> = figures.skipped.iter().map(|why| format!("\n**Skipped:** {why}\n")).collect();
    let skipped = skipped.concat();
    format!(
        "{}\n\n{}{skipped}\n| requests | of | a second | p50 ms | p99 ms | p99.9 ms | CPU ms each | CPU ms each in Postgres |\n\
         |---|---|---|---|---|---|---|---|\n{}\n\n| what else | |\n|---|---|\n{}\n",
        figures.machine,
        limits(figures),
        lines.join("\n"),
        others.join("\n")
    )
}

/// Puts a text between the markers.
fn between_markers(document: &str, text: &str) -> Option<String> {
    let (before, rest) = document.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n\n{text}\n{END}{after}"))
}

/// Prints the figures. A whole run keeps them in README.md and the chart; a shorter one leaves both in the run's own folder.
pub fn write(settings: &Settings, figures: &Figures, own: &Path) -> Outcome<()> {
    let text = tables(figures);
    println!("\n{text}");
    let whole = settings.is_whole();
    let folder = if whole { Path::new(KEPT) } else { own };
    chart::draw(&figures.rows, &folder.join("chart.svg"))?;
    let readme = fs::read_to_string(Path::new(KEPT).join("README.md"))?;
    let text = format!("![What the product does of what the bare server does](chart.svg)\n\n{text}");
    let readme = between_markers(&readme, &text).ok_or("bench/README.md has lost its markers")?;
    fs::write(folder.join("README.md"), readme)?;
    if !whole {
        println!("bench: a trial: its figures stand in {}, and bench/README.md is as it was", folder.display());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stood_between_the_markers_is_replaced_and_nothing_else() {
        let document = format!("before\n{BEGIN}\nold\n{END}\nafter\n");
        let written = between_markers(&document, "new").expect("markers");
        assert_eq!(written, format!("before\n{BEGIN}\n\nnew\n{END}\nafter\n"));
        assert_eq!(between_markers(&written, "new").expect("markers"), written);
        assert!(between_markers("no markers", "new").is_none());
    }
}
