//! The problems of the values that were given.

use std::fmt;
use std::path::Path;

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The setting, with the value and origin where those may be shown.
    pub name: String,
    /// What is wrong.
    pub wrong: String,
    /// What is allowed instead.
    pub allowed: String,
}

/// All problems together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems {
    /// Never empty.
    pub problems: Vec<Problem>,
}

impl Problems {
    /// The only problem: the settings file cannot be read.
    pub fn unreadable(path: &Path, error: &std::io::Error) -> Self {
        let allowed = "a readable TOML file".to_owned();
        Self { problems: vec![Problem { name: path.display().to_string(), wrong: format!("cannot be read: {error}"), allowed }] }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the settings do not allow a start:")?;
        for Problem { name, wrong, allowed } in &self.problems {
            write!(f, "\n  {name} {wrong}\n    allowed: {allowed}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}
