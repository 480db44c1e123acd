//! The table as people read it: on a terminal and in a document.

use crate::{Given, Line, Table, Unset};
use std::fmt::Write as _;

impl Given {
    /// Every setting: its name, the value in force and its origin, then what it is for and what is allowed. `derived` holds values
    /// of settings that have no default but follow from others.
    pub fn shown(&self, derived: &[(&Line, String)]) -> String {
        let rows: Vec<_> = self
            .table
            .lines
            .iter()
            .map(|line| {
                let derived = derived.iter().find(|(of, text)| of.name == line.name && !text.is_empty());
                let value = match (line.is_secret(), derived, self.text(line)) {
                    (true, _, Some(_)) => "(set)",
                    (_, Some((_, text)), _) => text,
                    (false, None, Some("")) => "(empty)",
                    (false, None, Some(text)) => text,
                    (_, None, None) => "(not set)",
                };
                (line, value, self.origin(line))
            })
            .collect();
        let name_width = rows.iter().map(|(line, ..)| line.name.len()).max().unwrap_or_default();
        let value_width = rows.iter().map(|(_, value, _)| value.chars().count()).max().unwrap_or_default();
        let mut text = String::new();
        for (Line { name, allowed, help, .. }, value, origin) in rows {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{name:name_width$}  {value:value_width$}  {origin}\n    {help}\n    allowed: {allowed}");
        }
        text
    }
}

impl Table {
    /// The table of a document, in Markdown.
    pub fn markdown(self) -> String {
        let mut text = "| name | what | allowed | unless set |\n|---|---|---|---|\n".to_owned();
        for Line { name, unset, allowed, help, .. } in self.lines {
            let unless = match unset {
                Unset::Default(value) | Unset::DefaultOrEmpty(value) => format!("`{value}`"),
                Unset::Nothing(words) | Unset::Secret(words) => (*words).to_owned(),
            };
            let _ = writeln!(text, "| `{name}` | {help} | {} | {unless} |", allowed.replace('|', "\\|"));
        }
        text
    }
}
