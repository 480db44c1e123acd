//! Settings as one table. Each line says a setting's name, how its text is read, what holds when it is not set, what is allowed and
//! what it is for. Everything else follows from the table: reading the settings from a TOML file and from the environment, which
//! wins; reporting every problem at once and suggesting the name that was probably meant; the list for an operator; and the table
//! for a document.
//!
//! ```
//! fn count(text: &str) -> Result<u32, String> {
//!     text.parse().map_err(|_| "is no whole number".to_owned())
//! }
//!
//! settings::settings! {
//!     /// Everything that can be set.
//!     TABLE in "kiosk.toml", ours "KIOSK_";
//!     KIOSK_DOORS: u32 = count, Default("2"), "a whole number", "how many doors are open";
//! }
//!
//! let given = TABLE.collect("kiosk_doors = 3", [("KIOSK_DOORS".to_owned(), "4".to_owned())]);
//! assert_eq!(given.get(&KIOSK_DOORS), Some(4));
//! ```
//!
//! A setting is named by its constant, so a misspelt name does not compile. The value of a secret is never shown.

mod given;
mod problem;
mod shown;
#[cfg(test)]
mod tests;

pub use given::{Given, Origin};
pub use problem::{Problem, Problems};

/// What holds when nobody sets it, and whether its value may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unset {
    /// This value. An empty text counts as not set.
    Default(&'static str),
    /// This value. An empty text is a value of its own.
    DefaultOrEmpty(&'static str),
    /// No value. The text tells readers of the document what that means.
    Nothing(&'static str),
    /// The same as `Nothing`, but an empty text is a value.
    NothingOrEmpty(&'static str),
    /// The same as `Nothing`, for a value that must not be shown.
    Secret(&'static str),
}

/// One line of the table: all that is known of a setting but its type.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    /// Its name in the environment; the file has it in lower case.
    pub name: &'static str,
    /// What holds when nobody sets it.
    pub unset: Unset,
    /// What is allowed. Shown to whoever wrote something else.
    pub allowed: &'static str,
    /// What it is for.
    pub help: &'static str,
    /// Whether TOML's `true` and `false` may stand for it.
    pub is_switch: bool,
    /// Says what is wrong with a text. The answer does not repeat the text, which may be a secret.
    pub check: fn(&str) -> Result<(), String>,
}

impl Line {
    const fn is_secret(&self) -> bool {
        matches!(self.unset, Unset::Secret(_))
    }

    const fn default(&self) -> Option<&'static str> {
        match self.unset {
            Unset::Default(text) | Unset::DefaultOrEmpty(text) => Some(text),
            Unset::Nothing(_) | Unset::NothingOrEmpty(_) | Unset::Secret(_) => None,
        }
    }
}

/// A setting: its line, and how its text becomes a value of its type.
#[derive(Debug, Clone, Copy)]
pub struct Setting<T> {
    /// Its line of the table.
    pub line: Line,
    /// Reads its text; the error does not repeat it.
    pub parse: fn(&str) -> Result<T, String>,
}

impl<T> Setting<T> {
    /// Its name.
    pub const fn name(&self) -> &'static str {
        self.line.name
    }

    /// The value that holds when nobody sets it.
    pub fn default(&self) -> Option<T> {
        (self.parse)(self.line.default()?).ok()
    }

    /// The default as text, as the table has it.
    pub const fn default_text(&self) -> Option<&'static str> {
        self.line.default()
    }
}

/// All settings of a program.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// In the order in which they are shown.
    pub lines: &'static [Line],
    /// The name of the settings file.
    pub file: &'static str,
    /// The prefix of the program's own names. A name with this prefix that is not in the table is a problem; other names in the
    /// environment are ignored.
    pub ours: &'static str,
    /// What the file, and the file alone, may set more than once.
    pub lists: &'static [List],
    /// The tables of the file that have settings of their own.
    pub sections: &'static [Section],
}

/// Tables of the settings file, such as `[name]` or `[outer.name]`. Several may have the same settings.
#[derive(Debug, Clone, Copy)]
pub struct Section {
    /// Their names in the file.
    pub names: &'static [&'static str],
    /// What each may set.
    pub entry: &'static Table,
    /// What they are for.
    pub help: &'static str,
}

/// Returns whether a type is `bool`, by its name: a table is made while it is compiled.
#[doc(hidden)]
pub const fn is_switch(name: &str) -> bool {
    matches!(name.as_bytes(), b"bool")
}

/// A list of the settings file: each `[[name]]` is one entry of it, and each entry has the settings of a table.
#[derive(Debug, Clone, Copy)]
pub struct List {
    /// Its name in the file.
    pub name: &'static str,
    /// What an entry may set.
    pub entry: &'static Table,
    /// What an entry is for.
    pub help: &'static str,
}

/// Declares a table, and a constant of type [`Setting`] for each of its lines: `NAME: Type = parser, unset, "what is allowed", "what it
/// is for";`, where `unset` is a variant of [`Unset`]. The lists and sections of the file, if there are any, follow the
/// prefix: `lists [LIST], sections [SECTION]`.
#[macro_export]
macro_rules! settings {
    (
        $(#[$meta:meta])* $vis:vis $table:ident in $file:expr, ours $ours:expr $(, lists [$($list:expr),*])? $(, sections [$($section:expr),*])?;
        $($name:ident: $type:ty = $parse:path, $unset:ident($text:expr), $allowed:expr, $help:expr;)*
    ) => {
        $(
            #[doc = concat!("`", stringify!($name), "`: ", $help, ".")]
            $vis const $name: $crate::Setting<$type> = $crate::Setting {
                line: $crate::Line {
                    name: stringify!($name),
                    unset: $crate::Unset::$unset($text),
                    allowed: $allowed,
                    help: $help,
                    is_switch: $crate::is_switch(stringify!($type)),
                    check: |text| $parse(text).map(drop),
                },
                parse: $parse,
            };
        )*
        $(#[$meta])*
        $vis const $table: $crate::Table =
            $crate::Table { lines: &[$($name.line),*], file: $file, ours: $ours, lists: &[$($($list),*)?], sections: &[$($($section),*)?] };
    };
}
