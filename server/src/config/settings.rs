//! The table of settings, where each value comes from, and everything that is wrong with them.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::path::Path;

/// One setting.
struct Setting {
    /// As in the environment; small letters in the file.
    name: &'static str,
    /// The value when none is given.
    default: Option<&'static str>,
    /// Whether the value must not be shown.
    secret: bool,
    /// Whether an empty value is one; otherwise it counts as none.
    empty: bool,
    /// What is allowed, for who wrote something else.
    allowed: &'static str,
}

const DURATION: &str = "a whole number and its unit, s, m, h or d, such as 30s, 5m, 24h; at most 3650d";
const COUNT: &str = "a whole number from 1 to 1000";
const BASE_URL: &str = "an http or https URL without user, query and fragment";
const WORD: &str = "printable ASCII without spaces";
const SEGMENT: &str = "letters, digits, _ and -";

const fn plain(name: &'static str, default: Option<&'static str>, allowed: &'static str) -> Setting {
    Setting { name, default, secret: false, empty: false, allowed }
}

const fn hidden(name: &'static str, allowed: &'static str) -> Setting {
    Setting { name, default: None, secret: true, empty: false, allowed }
}

/// One whose empty value says something.
const fn emptiable(name: &'static str, default: &'static str, allowed: &'static str) -> Setting {
    Setting { name, default: Some(default), secret: false, empty: true, allowed }
}

/// Everything that can be set, in the order in which it is shown.
const SETTINGS: &[Setting] = &[
    plain("PORTARIA_ENV", Some("development"), "development or production"),
    plain("LEPTOS_SITE_ADDR", Some("127.0.0.1:3000"), "an IP address and port, such as 127.0.0.1:3000 or [::]:3000"),
    plain("PUBLIC_URL", None, "an origin such as https://portaria.example, without a path; https in production"),
    plain("PORTARIA_DATA_DIR", Some(".portaria"), "a folder"),
    hidden("PORTARIA_SECRET", "32 bytes in base64, such as `openssl rand -base64 32` prints"),
    hidden("DATABASE_URL", "postgres://user:password@host:port/database"),
    plain("TRUSTED_PROXIES", None, "IP addresses and CIDRs between commas, such as 10.0.0.0/8, 2001:db8::1"),
    emptiable("PORTARIA_ALLOWED_PREFIXES", "+55", "country prefixes between commas, such as +55, +351; empty: no phone is sent to"),
    plain("PORTARIA_LOG", Some("info"), "a level or filter, such as info or info,server=debug"),
    hidden("SMTP_URL", "smtps://user:password@host:port, or smtp://… with ?tls=required (STARTTLS)"),
    plain("MAIL_FROM", None, "an address such as Portaria <nao-responda@portaria.example>"),
    plain("TWILIO_ACCOUNT_SID", None, SEGMENT),
    hidden("TWILIO_AUTH_TOKEN", WORD),
    plain("TWILIO_FROM", None, "the sending number or name, on one line"),
    plain("TWILIO_BASE_URL", Some("https://api.twilio.com"), BASE_URL),
    hidden("WHATSAPP_TOKEN", WORD),
    plain("WHATSAPP_PHONE_NUMBER_ID", None, SEGMENT),
    plain("WHATSAPP_TEMPLATE", None, WORD),
    plain("WHATSAPP_BASE_URL", Some("https://graph.facebook.com/v23.0"), BASE_URL),
    plain("CODE_LIFETIME_PHONE", Some("5m"), DURATION),
    plain("CODE_LIFETIME_CARONA", Some("1m"), DURATION),
    plain("CODE_LIFETIME_RECOVERY", Some("5m"), DURATION),
    plain("LINK_LIFETIME_EMAIL", Some("24h"), DURATION),
    plain("LINK_LIFETIME_RESET", Some("1h"), DURATION),
    plain("RESEND_WAIT", Some("30s"), DURATION),
    plain("CODE_ATTEMPTS", Some("5"), COUNT),
    plain("LOCKOUT_FAILURES", Some("5"), COUNT),
    plain("LOCKOUT_WINDOW", Some("30m"), DURATION),
    plain("LOCKOUT_DURATION", Some("15m"), DURATION),
    plain("ACCESS_TOKEN_LIFETIME", Some("24h"), DURATION),
    plain("ACCESS_TOKEN_LIFETIME_CARONA", Some("2h"), DURATION),
    plain("FRESH_AUTHENTICATION", Some("10m"), DURATION),
];

/// The names that are ours whoever wrote them; all others in the environment may be anybody's.
const OURS: &str = "PORTARIA_";

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Nobody set it.
    Default,
    /// `portaria.toml`.
    File,
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

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The setting, as it was written.
    pub name: String,
    pub wrong: String,
    /// What would be right.
    pub allowed: String,
}

/// Everything that is wrong, together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// Never empty.
    pub problems: Vec<Problem>,
}

impl ConfigError {
    pub(super) fn unreadable(path: &Path, error: &std::io::Error) -> Self {
        let allowed = "a readable TOML file".to_owned();
        Self { problems: vec![Problem { name: path.display().to_string(), wrong: format!("cannot be read: {error}"), allowed }] }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the settings do not allow a start:")?;
        for Problem { name, wrong, allowed } in &self.problems {
            write!(f, "\n  {name} {wrong}\n    allowed: {allowed}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {}

/// What was given, as text, by name.
pub(super) struct Values {
    given: BTreeMap<&'static str, (String, Origin)>,
    problems: Vec<Problem>,
}

impl Values {
    /// The environment over the file. An empty value is none, except where it says something.
    pub(super) fn collect(toml: &str, environment: impl Iterator<Item = (String, String)>) -> Self {
        let mut values = Self { given: BTreeMap::new(), problems: Vec::new() };
        values.take_file(toml);
        values.take_environment(environment);
        values
    }

    fn take_file(&mut self, toml: &str) {
        let table = match toml.parse::<toml::Table>() {
            Ok(table) => table,
            Err(error) => {
                // Only the place and the reason: the error's own text shows the line, which may hold a secret.
                let line = error.span().map_or(1, |span| toml[..span.start.min(toml.len())].lines().count().max(1));
                let wrong = format!("cannot be read: line {line}: {}", error.message());
                self.problems.push(Problem { name: super::FILE.into(), wrong, allowed: "TOML, one `name = \"value\"` a line".into() });
                return;
            }
        };
        for (key, value) in table {
            let Some(setting) = SETTINGS.iter().find(|setting| setting.name.to_lowercase() == key) else {
                let names: Vec<_> = SETTINGS.iter().map(|setting| setting.name.to_lowercase()).collect();
                self.unknown(&key, Origin::File, &names);
                continue;
            };
            match flat(&value) {
                Some(text) => self.take(setting, &text, Origin::File),
                None => self.problems.push(Problem {
                    name: key,
                    wrong: format!("is of the wrong type ({})", value.type_str()),
                    allowed: setting.allowed.into(),
                }),
            }
        }
    }

    fn take_environment(&mut self, environment: impl Iterator<Item = (String, String)>) {
        for (name, value) in environment {
            if let Some(setting) = SETTINGS.iter().find(|setting| setting.name == name) {
                self.take(setting, &value, Origin::Environment);
            } else if name.starts_with(OURS) {
                let names: Vec<_> =
                    SETTINGS.iter().filter(|setting| setting.name.starts_with(OURS)).map(|setting| setting.name.to_owned()).collect();
                self.unknown(&name, Origin::Environment, &names);
            }
        }
    }

    fn take(&mut self, setting: &Setting, text: &str, origin: Origin) {
        let text = text.trim();
        if text.contains(char::REPLACEMENT_CHARACTER) {
            self.problems.push(Problem { name: setting.name.into(), wrong: "is not UTF-8".into(), allowed: setting.allowed.into() });
        } else if !text.is_empty() || setting.empty {
            self.given.insert(setting.name, (text.to_owned(), origin));
        }
    }

    fn unknown(&mut self, name: &str, origin: Origin, names: &[String]) {
        let nearest = names.iter().min_by_key(|known| distance(&name.to_lowercase(), &known.to_lowercase()));
        let wrong = match nearest {
            Some(known) => format!("({origin}) is no setting; did you mean {known}?"),
            None => format!("({origin}) is no setting"),
        };
        self.problems.push(Problem { name: name.to_owned(), wrong, allowed: names.join(", ") });
    }

    /// Whether anybody set it.
    pub(super) fn has(&self, name: &str) -> bool {
        self.given.contains_key(name)
    }

    fn origin(&self, name: &str) -> Origin {
        self.given.get(name).map_or(Origin::Default, |(_, origin)| *origin)
    }

    fn text(&self, setting: &Setting) -> Option<&str> {
        self.given.get(setting.name).map(|(text, _)| text.as_str()).or(setting.default)
    }

    /// Every setting on a line: name, value, origin. `derived` values stand for what has no default of its own.
    pub(super) fn table(&self, derived: &[(&str, String)]) -> String {
        let rows: Vec<_> = SETTINGS
            .iter()
            .map(|setting| {
                let derived = derived.iter().find(|(name, text)| *name == setting.name && !text.is_empty());
                let value = match (setting.secret, derived, self.text(setting)) {
                    (true, _, Some(_)) => "set",
                    (_, Some((_, text)), _) => text,
                    (false, None, Some("")) => "empty",
                    (false, None, Some(text)) => text,
                    (_, None, None) => "not set",
                };
                (setting.name, value, self.origin(setting.name))
            })
            .collect();
        let name_width = rows.iter().map(|(name, ..)| name.len()).max().unwrap_or_default();
        let value_width = rows.iter().map(|(_, value, _)| value.chars().count()).max().unwrap_or_default();
        let mut text = String::new();
        for (name, value, origin) in rows {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{name:name_width$}  {value:value_width$}  {origin}");
        }
        text
    }
}

/// A TOML value as the environment would have it; a list with commas between.
fn flat(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Array(items) => {
            let items: Option<Vec<_>> = items.iter().map(|item| item.as_str()).collect();
            items.map(|items| items.join(","))
        }
        _ => None,
    }
}

/// Reads values one after another and remembers what was wrong.
pub(super) struct Reader<'a> {
    values: &'a Values,
    problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(values: &'a Values) -> Self {
        Self { values, problems: values.problems.clone() }
    }

    /// The value given, else the default; none when there is neither, or when it is bad.
    pub(super) fn value<T>(&mut self, name: &'static str, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let setting = setting(name);
        let text = self.values.text(setting)?;
        match parse(text) {
            Ok(value) => Some(value),
            Err(wrong) => {
                let origin = self.values.origin(name);
                let shown = if setting.secret { String::new() } else { format!(" = \"{}\"", text.escape_debug()) };
                let (name, allowed) = (format!("{name}{shown} ({origin})"), setting.allowed.to_owned());
                self.problems.push(Problem { name, wrong, allowed });
                None
            }
        }
    }

    /// The value in force if it can be read; what is wrong with one that cannot be is told by [`Reader::value`] alone.
    pub(super) fn peek<T>(&self, name: &str, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        parse(self.values.text(setting(name))?).ok()
    }

    /// Whether anybody set it.
    pub(super) fn has(&self, name: &str) -> bool {
        self.values.has(name)
    }

    /// All of them or none.
    pub(super) fn together(&mut self, names: &[&'static str]) {
        let (given, missing): (Vec<&str>, Vec<&str>) = names.iter().copied().partition(|name| self.has(name));
        if given.is_empty() {
            return;
        }
        for name in missing {
            self.problem(name, format!("is missing beside {}", given.join(" and ")));
        }
    }

    pub(super) fn problem(&mut self, name: &str, wrong: String) {
        self.problems.push(Problem { name: name.to_owned(), wrong, allowed: setting(name).allowed.to_owned() });
    }

    /// A value that can be read and must not be; `instead`: what to do.
    pub(super) fn refuse(&mut self, name: &str, wrong: String, instead: &str) {
        let setting = setting(name);
        let shown = match self.values.text(setting) {
            Some(text) if !setting.secret => format!(" = \"{}\"", text.escape_debug()),
            _ => String::new(),
        };
        let name = format!("{name}{shown} ({})", self.values.origin(name));
        self.problems.push(Problem { name, wrong, allowed: instead.to_owned() });
    }

    pub(super) fn is_clean(&self) -> bool {
        self.problems.is_empty()
    }

    pub(super) fn into_error(self) -> ConfigError {
        ConfigError { problems: self.problems }
    }
}

/// The value of a setting that nobody set.
pub(super) fn standard<T>(name: &str, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
    parse(standard_text(name)).ok()
}

/// The same as it is written.
pub(super) fn standard_text(name: &str) -> &'static str {
    setting(name).default.unwrap_or_default()
}

fn setting(name: &str) -> &'static Setting {
    const NONE: Setting = plain("", None, "");
    SETTINGS.iter().find(|setting| setting.name == name).unwrap_or(&NONE)
}

/// Levenshtein's distance.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}
