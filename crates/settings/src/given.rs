//! The values that were given, by name, and everything that is wrong with them.

use crate::{Line, List, Problem, Problems, Section, Setting, Table, Unset};
use std::collections::BTreeMap;
use std::fmt;

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Nobody set it; the default holds.
    Default,
    /// The settings file.
    File,
    /// The environment.
    Environment,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Default => "default",
            Self::File => "file",
            Self::Environment => "env",
        })
    }
}

/// The values given, and what is wrong with them: first what cannot be read, then what [`Given::problem`] and [`Given::refuse`]
/// add.
#[derive(Debug, Clone)]
pub struct Given {
    pub(crate) table: Table,
    /// The place of an entry of a list, such as `[[hooks]] 2`. Nothing for the settings of the program itself.
    place: Option<String>,
    pub(crate) lists: BTreeMap<&'static str, Vec<Given>>,
    pub(crate) sections: BTreeMap<&'static str, Given>,
    texts: BTreeMap<&'static str, (String, Origin)>,
    problems: Vec<Problem>,
}

impl Section {
    fn names_of_lines(&self) -> Vec<String> {
        self.entry.lines.iter().map(|line| line.name.to_lowercase()).collect()
    }
}

impl Table {
    /// The sections of the file, each with its name.
    pub(crate) fn sections(self) -> impl Iterator<Item = (&'static Section, &'static str)> {
        self.sections.iter().flat_map(|section| section.names.iter().map(move |name| (section, *name)))
    }

    /// Reads both; the environment wins over the file. An empty value counts as not set, except for
    /// [`Unset::DefaultOrEmpty`](super::Unset).
    pub fn collect(self, toml: &str, environment: impl IntoIterator<Item = (String, String)>) -> Given {
        let mut given = Given::nothing(self, None);
        for (section, name) in self.sections() {
            given.sections.insert(name, Given::nothing(*section.entry, Some(format!("[{name}]"))));
        }
        given.take_file(toml);
        given.take_environment(environment);
        given.check();
        given.sections.values_mut().for_each(Given::check);
        given
    }
}

impl Given {
    const fn nothing(table: Table, place: Option<String>) -> Self {
        Self { table, place, lists: BTreeMap::new(), sections: BTreeMap::new(), texts: BTreeMap::new(), problems: Vec::new() }
    }

    fn take_file(&mut self, toml: &str) {
        let table = match toml.parse::<toml::Table>() {
            Ok(table) => table,
            Err(error) => {
                // The error's own text shows the line, which may hold a secret. So only the place and the reason are repeated.
                let line = error.span().map_or(1, |span| toml[..span.start.min(toml.len())].lines().count().max(1));
                let wrong = format!("cannot be read: line {line}: {}", error.message());
                self.add(self.table.file, wrong, "TOML, one `name = \"value\"` a line");
                return;
            }
        };
        self.take_table(table);
    }

    fn take_table(&mut self, table: toml::Table) {
        let Table { lines, lists, .. } = self.table;
        for (key, value) in table {
            if let Some(list) = lists.iter().find(|list| list.name == key) {
                self.take_list(list, value);
                continue;
            }
            if self.is_section(&key) || self.holds_sections(&key) {
                self.take_section(&key, value);
                continue;
            }
            let Some(line) = lines.iter().find(|line| line.name.to_lowercase() == key) else {
                let names = lines.iter().map(|line| line.name.to_lowercase()).chain(lists.iter().map(|list| list.name.to_owned()));
                let names = names.chain(self.table.sections().map(|(_, name)| name.to_owned()));
                self.unknown(&key, Origin::File, &names.collect::<Vec<_>>());
                continue;
            };
            match flat(&value, line.is_switch) {
                Some(text) => self.take(line, &text, Origin::File),
                None => self.add(&self.placed(&key), format!("is of the wrong type ({})", value.type_str()), line.allowed),
            }
        }
    }

    fn is_section(&self, name: &str) -> bool {
        self.sections.contains_key(name)
    }

    /// Returns whether there are sections within this table, such as `[outer.name]` within `[outer]`.
    fn holds_sections(&self, name: &str) -> bool {
        self.sections.keys().any(|section| section.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')))
    }

    fn take_section(&mut self, name: &str, value: toml::Value) {
        let wrong = format!("is of the wrong type ({})", value.type_str());
        let toml::Value::Table(table) = value else {
            let known = self.table.sections().find(|(_, section)| *section == name).map(|(section, _)| section.names_of_lines());
            let allowed = known.map_or_else(|| format!("[{name}.…]"), |lines| format!("[{name}], with {}", lines.join(", ")));
            return self.add(name, wrong, &allowed);
        };
        let mut own = toml::Table::new();
        for (key, value) in table {
            let inner = format!("{name}.{key}");
            if self.is_section(&inner) || self.holds_sections(&inner) {
                self.take_section(&inner, value);
            } else if self.is_section(name) {
                own.insert(key, value);
            } else {
                let within = self.sections.keys().filter(|section| section.starts_with(&format!("{name}.")));
                let names: Vec<_> = within.map(|section| (*section).to_owned()).collect();
                self.unknown(&inner, Origin::File, &names);
            }
        }
        if let Some(section) = self.sections.get_mut(name) {
            section.take_table(own);
        }
    }

    fn take_list(&mut self, list: &List, value: toml::Value) {
        let wrong = format!("is of the wrong type ({})", value.type_str());
        let tables = match value {
            toml::Value::Array(items) => items.into_iter().map(|item| item.try_into::<toml::Table>().ok()).collect::<Option<Vec<_>>>(),
            _ => None,
        };
        let Some(tables) = tables else {
            let names: Vec<_> = list.entry.lines.iter().map(|line| line.name.to_lowercase()).collect();
            return self.add(list.name, wrong, &format!("[[{}]], once for each, with {}", list.name, names.join(", ")));
        };
        let entries = tables.into_iter().enumerate().map(|(nth, table)| {
            let mut entry = Self::nothing(*list.entry, Some(format!("[[{}]] {}", list.name, nth + 1)));
            entry.take_table(table);
            entry.check();
            entry
        });
        self.lists.insert(list.name, entries.collect());
    }

    fn take_environment(&mut self, environment: impl IntoIterator<Item = (String, String)>) {
        let Table { lines, ours, .. } = self.table;
        for (name, value) in environment {
            if let Some(line) = lines.iter().find(|line| line.name == name) {
                self.take(line, &value, Origin::Environment);
            } else if name.starts_with(ours) {
                let names: Vec<_> = lines.iter().filter(|line| line.name.starts_with(ours)).map(|line| line.name.to_owned()).collect();
                self.unknown(&name, Origin::Environment, &names);
            }
        }
    }

    fn take(&mut self, line: &Line, text: &str, origin: Origin) {
        let text = text.trim();
        if text.contains(char::REPLACEMENT_CHARACTER) {
            self.add(&self.name(line), "is not UTF-8".to_owned(), line.allowed);
        } else if !text.is_empty() || matches!(line.unset, Unset::DefaultOrEmpty(_) | Unset::NothingOrEmpty(_)) {
            self.texts.insert(line.name, (text.to_owned(), origin));
        }
    }

    fn unknown(&mut self, name: &str, origin: Origin, names: &[String]) {
        let nearest = names.iter().min_by_key(|known| strsim::levenshtein(&name.to_lowercase(), &known.to_lowercase()));
        let wrong = match nearest {
            Some(known) => format!("({origin}) is no setting; did you mean {known}?"),
            None => format!("({origin}) is no setting"),
        };
        self.add(&self.placed(name), wrong, &names.join(", "));
    }

    /// Checks every value, whether or not the program reads it.
    fn check(&mut self) {
        for line in self.table.lines {
            if let Some(Err(wrong)) = self.text(line).map(line.check) {
                self.add(&self.written(line), wrong, line.allowed);
            }
        }
    }

    fn add(&mut self, name: &str, wrong: String, allowed: &str) {
        self.problems.push(Problem { name: name.to_owned(), wrong, allowed: allowed.to_owned() });
    }

    /// Name, value and origin, as a problem shows them. The value of a secret is left out.
    fn written(&self, line: &Line) -> String {
        let shown = match self.text(line) {
            Some(text) if !line.is_secret() => format!(" = \"{}\"", text.escape_debug()),
            _ => String::new(),
        };
        format!("{}{shown} ({})", self.name(line), self.origin(line))
    }

    /// The name of a setting as people read it. Those of an entry stand in small letters, as in the file, behind the entry's place.
    pub(crate) fn name(&self, line: &Line) -> String {
        if self.place.is_some() { self.placed(&line.name.to_lowercase()) } else { line.name.to_owned() }
    }

    fn placed(&self, name: &str) -> String {
        self.place.as_ref().map_or_else(|| name.to_owned(), |place| format!("{place}: {name}"))
    }

    pub(crate) fn origin(&self, line: &Line) -> Origin {
        self.texts.get(line.name).map_or(Origin::Default, |(_, origin)| *origin)
    }

    /// The text in force: the one given, else the default.
    pub(crate) fn text(&self, line: &Line) -> Option<&str> {
        self.texts.get(line.name).map(|(text, _)| text.as_str()).or(line.default())
    }

    /// The value given, else the default. `None` when there is neither, or when the value is bad; then it is already listed as a
    /// problem.
    pub fn get<T>(&self, setting: &Setting<T>) -> Option<T> {
        (setting.parse)(self.text(&setting.line)?).ok()
    }

    /// Returns whether anybody set it.
    pub fn has<T>(&self, setting: &Setting<T>) -> bool {
        self.is_set(&setting.line)
    }

    fn is_set(&self, line: &Line) -> bool {
        self.texts.contains_key(line.name)
    }

    /// The entries of a list, in the order of the file.
    pub fn entries(&self, list: &List) -> &[Self] {
        self.lists.get(list.name).map_or(&[], Vec::as_slice)
    }

    /// The entries of a list, for adding problems to them.
    pub fn entries_mut(&mut self, list: &List) -> &mut [Self] {
        self.lists.get_mut(list.name).map_or(&mut [], Vec::as_mut_slice)
    }

    /// The settings of a section of the file; those that are not set, if the file does not have it. `None`: no such section.
    pub fn section(&self, name: &str) -> Option<&Self> {
        self.sections.get(name)
    }

    /// The same, for adding problems to them.
    pub fn section_mut(&mut self, name: &str) -> Option<&mut Self> {
        self.sections.get_mut(name)
    }

    /// Demands that all of these settings are set.
    pub fn needed(&mut self, lines: &[Line]) {
        for line in lines {
            if !self.is_set(line) && !self.problems.iter().any(|problem| problem.name == self.name(line)) {
                self.add(&self.name(line), "is missing".to_owned(), line.allowed);
            }
        }
    }

    /// Demands that either all of these settings are set or none.
    pub fn together(&mut self, lines: &[Line]) {
        let (set, missing): (Vec<&Line>, Vec<&Line>) = lines.iter().partition(|line| self.is_set(line));
        let names: Vec<_> = set.iter().map(|line| line.name).collect();
        if names.is_empty() {
            return;
        }
        for line in missing {
            self.add(&self.name(line), format!("is missing beside {}", names.join(" and ")), line.allowed);
        }
    }

    /// Adds a problem that the setting's own text does not show.
    pub fn problem<T>(&mut self, setting: &Setting<T>, wrong: String) {
        self.add(&self.name(&setting.line), wrong, setting.line.allowed);
    }

    /// Adds a value that is readable but not allowed. `instead` says what to do.
    pub fn refuse<T>(&mut self, setting: &Setting<T>, wrong: String, instead: &str) {
        self.add(&self.written(&setting.line), wrong, instead);
    }

    /// Returns whether nothing is wrong so far.
    pub fn is_clean(&self) -> bool {
        self.problems.is_empty() && self.lists.values().flatten().chain(self.sections.values()).all(Self::is_clean)
    }

    /// Every problem, in the order in which they were found, then those of the lists and sections.
    pub fn into_problems(self) -> Problems {
        let mut problems = self.problems;
        for entry in self.lists.into_values().flatten().chain(self.sections.into_values()) {
            problems.extend(entry.into_problems().problems);
        }
        Problems { problems }
    }
}

/// Writes a TOML value as the environment would have it; a list is joined by commas.
fn flat(value: &toml::Value, is_switch: bool) -> Option<String> {
    match value {
        toml::Value::Boolean(on) if is_switch => Some(on.to_string()),
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Array(items) => {
            let items: Option<Vec<_>> = items.iter().map(|item| item.as_str()).collect();
            items.map(|items| items.join(","))
        }
        _ => None,
    }
}
