//! The table as people read it: on a terminal and in a document.

use crate::{Given, Line, Origin, Table, Unset};
use std::fmt::Write as _;

impl Given {
    /// Every setting: its name, the value in force and its origin, then what it is for and what is allowed. The entries of lists come
    /// last, and of the sections what is set. `derived` holds values of settings that have no default but follow from others.
    pub fn shown(&self, derived: &[(&Line, String)]) -> String {
        let mut rows = self.rows(derived);
        for list in self.table.lists {
            rows.extend(self.entries(list).iter().flat_map(|entry| entry.rows(&[])));
        }
        // A section is mostly defaults, so only what somebody set is shown of it.
        let sections = self.table.sections().filter_map(|(_, name)| self.section(name));
        rows.extend(sections.flat_map(|section| section.rows(&[])).filter(|row| row.origin != Origin::Default));
        let name_width = rows.iter().map(|row| row.name.len()).max().unwrap_or_default();
        let value_width = rows.iter().map(|row| row.value.chars().count()).max().unwrap_or_default();
        let mut text = String::new();
        for Row { name, value, origin, line: Line { allowed, help, .. } } in rows {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{name:name_width$}  {value:value_width$}  {origin}\n    {help}\n    allowed: {allowed}");
        }
        text
    }

    fn rows<'a>(&'a self, derived: &'a [(&Line, String)]) -> Vec<Row<'a>> {
        let row = |line: &'static Line| {
            let derived = derived.iter().find(|(of, text)| of.name == line.name && !text.is_empty());
            let value = match (line.is_secret(), derived, self.text(line)) {
                (true, _, Some(_)) => "(set)",
                (_, Some((_, text)), _) => text,
                (false, None, Some("")) => "(empty)",
                (false, None, Some(text)) => text,
                (_, None, None) => "(not set)",
            };
            Row { name: self.name(line), value, origin: self.origin(line), line }
        };
        self.table.lines.iter().map(row).collect()
    }
}

/// A setting on a terminal.
struct Row<'a> {
    name: String,
    value: &'a str,
    origin: Origin,
    line: &'static Line,
}

impl Table {
    /// The table of an entry, whose settings have names in small letters.
    fn markdown_in_small(self) -> String {
        let names = |line: &Line| format!("| `{}` |", line.name);
        self.lines.iter().fold(self.markdown(), |text, line| text.replace(&names(line), &names(line).to_lowercase()))
    }

    /// The table of a document, in Markdown, and after it one for each list.
    pub fn markdown(self) -> String {
        let mut text = "| name | what | allowed | unless set |\n|---|---|---|---|\n".to_owned();
        for Line { name, unset, allowed, help, .. } in self.lines {
            let unless = match unset {
                Unset::Default(value) | Unset::DefaultOrEmpty(value) => format!("`{value}`"),
                Unset::Nothing(words) | Unset::NothingOrEmpty(words) | Unset::Secret(words) => (*words).to_owned(),
            };
            let _ = writeln!(text, "| `{name}` | {help} | {} | {unless} |", allowed.replace('|', "\\|"));
        }
        for list in self.lists {
            let entry = list.entry.markdown_in_small();
            let _ = write!(text, "\n`[[{}]]`, in the file alone, once for each: {}.\n\n{entry}", list.name, list.help);
        }
        for section in self.sections {
            let names: Vec<_> = section.names.iter().map(|name| format!("`[{name}]`")).collect();
            let entry = section.entry.markdown_in_small();
            let _ = write!(text, "\n{}, in the file alone: {}.\n\n{entry}", names.join(", "), section.help);
        }
        text
    }
}
