//! The shares as bars, each with a mark where it must end at least.

use crate::Outcome;
use crate::limits::{Row, Unit};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::fs;
use std::path::Path;

const WIDTH: u32 = 900;
const LINE: i32 = 34;
const TOP: i32 = 16;
/// Where bars begin, and how long one is that stands for 1.
const LEFT: i32 = 430;
const UNIT: f64 = 220.0;
const BAR: RGBColor = RGBColor(0x2f, 0x81, 0xc7);
const MARK: RGBColor = RGBColor(0xd9, 0x7a, 0x1f);
/// Texts are black, unless whoever looks prefers a dark page.
const DARK: &str = "<style>@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } }</style>";

pub fn draw(rows: &[Row], path: &Path) -> Outcome<()> {
    let shares: Vec<&Row> = rows.iter().filter(|row| row.limit.unit == Unit::Share).collect();
    let height = TOP * 2 + LINE * (i32::try_from(shares.len())? + 1);
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (WIDTH, u32::try_from(height)?)).into_drawing_area();
        let style = |horizontal| ("sans-serif", 15).into_font().color(&BLACK).pos(Pos::new(horizontal, VPos::Center));
        let at = |share: f64| LEFT + (share.min(2.0) * UNIT) as i32;
        let mut middle = TOP + LINE / 2;
        for row in shares {
            area.draw(&Text::new(row.what.replace('`', ""), (LEFT - 10, middle), style(HPos::Right)))?;
            area.draw(&Rectangle::new([(LEFT, middle - 10), (at(row.measured), middle + 10)], BAR.filled()))?;
            let must = at(row.limit.must);
            area.draw(&Rectangle::new([(must - 2, middle - 14), (must + 2, middle + 14)], MARK.filled()))?;
            let end = at(row.measured.max(row.limit.must)) + 8;
            area.draw(&Text::new(row.limit.unit.write(row.measured), (end, middle), style(HPos::Left)))?;
            middle += LINE;
        }
        area.draw(&Rectangle::new([(LEFT - 2, middle - 8), (LEFT + 2, middle + 8)], MARK.filled()))?;
        area.draw(&Text::new("what it must reach", (LEFT + 10, middle), style(HPos::Left)))?;
        area.present()?;
    }
    fs::write(path, svg.replacen('>', &format!(">\n{DARK}"), 1))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::{HASHING, MEMORY_AT_REST};

    #[test]
    fn shares_are_drawn_and_sizes_are_not() {
        let path = std::env::temp_dir().join(format!("portaria-bench-chart-{}.svg", std::process::id()));
        draw(&[Row::new("sign-ins", 0.9, HASHING), Row::new("memory", 20.0, MEMORY_AT_REST)], &path).expect("drawn");
        let svg = fs::read_to_string(&path).expect("a chart");
        fs::remove_file(&path).expect("removed");
        assert!(svg.contains("sign-ins") && !svg.contains("memory"), "{svg}");
        assert!(svg.find("<svg").expect("an image") < svg.find("<style>").expect("a style"), "{svg}");
    }
}
