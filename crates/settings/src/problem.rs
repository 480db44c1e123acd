//! What is wrong with what was given.

use std::fmt;
use std::path::Path;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The setting, as it was written.
    pub name: String,
    /// What is wrong with it.
    pub wrong: String,
    /// What would be right.
    pub allowed: String,
}

/// Everything that is wrong, together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems {
    /// Never empty.
    pub problems: Vec<Problem>,
}

impl Problems {
    /// The settings file cannot be read.
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
