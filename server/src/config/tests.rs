use std::os::unix::fs::PermissionsExt as _;

mod clients;
mod danger;
mod webhooks;

use super::*;
use time::Duration;

/// Written as in the README.
const KEY: &str = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=";

/// What people are told in production, filled in.
const RESPONSIBLE: &str = "[brand]\nhelp = \"ajuda@entrada.example\"\ncontroller = \"Entrada Ltda.\"\nofficer = \"Ana Lima\"\nofficer_contact = \"dados@entrada.example\"\n";

fn environment(pairs: &[(&str, &str)]) -> Result<Config, Problems> {
    Config::from_parts("", pairs.iter().copied())
}

fn file(toml: &str) -> Result<Config, Problems> {
    Config::from_parts::<String, String>(toml, [])
}

/// Everything that is wrong with a production start that lacks nothing else.
fn production(pairs: &[(&str, &str)]) -> Result<Config, Problems> {
    let base = [("PORTARIA_ENV", "production"), ("PORTARIA_SECRET", KEY), ("PUBLIC_URL", "https://entrada.example")];
    let kept = base.iter().filter(|(name, _)| !pairs.iter().any(|(given, _)| given == name));
    Config::from_parts(RESPONSIBLE, kept.chain(pairs).copied())
}

/// The one problem of settings that have one.
fn problem(result: Result<Config, Problems>) -> String {
    let error = result.unwrap_err();
    assert_eq!(error.problems.len(), 1, "{error}");
    error.to_string()
}

#[test]
fn nothing_set_is_a_good_development_start() {
    let config = environment(&[]).unwrap();
    assert_eq!(config.environment, Environment::Development);
    assert_eq!(config.site_addr, "127.0.0.1:3000".parse().unwrap());
    assert_eq!(config.public_url.as_str(), "http://127.0.0.1:3000/");
    assert!(config.data_dir.ends_with(".portaria"));
    assert!(config.database_url.is_none() && config.smtp.is_none() && config.twilio.is_none() && config.whatsapp.is_none());
    assert_eq!(config.rules.allowed_prefixes, ["+55"]);
    assert_eq!(config.rules.code_phone, Duration::minutes(5));
    assert_eq!(config.rules.code_carona, Duration::minutes(1));
    assert_eq!(config.rules.code_recovery, Duration::minutes(5));
    assert_eq!(config.rules.link_email, Duration::hours(24));
    assert_eq!(config.rules.link_reset, Duration::hours(1));
    assert_eq!(config.rules.access_token, Duration::hours(24));
    assert_eq!(config.rules.access_token_carona, Duration::hours(2));
    assert_eq!(config.rules.resend_wait, Duration::seconds(30));
    assert_eq!(config.rules.lockout.failures, 5);
    assert_eq!(config.rules.lockout.window, Duration::minutes(30));
    assert_eq!(config.rules.lockout.duration, Duration::minutes(15));
    assert_eq!(config.rules.entries.failures, 5);
    assert!(config.warnings.is_empty());
}

#[test]
fn the_environment_wins_over_the_file_and_an_empty_value_is_none() {
    let toml = "code_attempts = 7\nlockout_failures = 8\nresend_wait = \"1m\"";
    let config = Config::from_parts(toml, [("CODE_ATTEMPTS", "9"), ("RESEND_WAIT", "")]).unwrap();
    assert_eq!(config.rules.entries.failures, 9);
    assert_eq!(config.rules.lockout.failures, 8);
    assert_eq!(config.rules.resend_wait, Duration::minutes(1));
}

#[test]
fn the_file_may_write_lists_as_lists() {
    let config = file("trusted_proxies = [\"10.0.0.0/8\", \"::1\"]\nportaria_allowed_prefixes = \"+55, +351\"").unwrap();
    assert_eq!(config.trusted_proxies, ["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()]);
    assert_eq!(config.rules.allowed_prefixes, ["+55", "+351"]);
}

#[test]
fn an_unknown_name_is_told_with_the_nearest_one() {
    let told = problem(environment(&[("PORTARIA_SECRT", "x"), ("SOMETHING_ELSE", "y")]));
    assert!(told.contains("PORTARIA_SECRT (env) is no setting; did you mean PORTARIA_SECRET?"), "{told}");
    assert!(told.contains("PORTARIA_DATA_DIR"), "{told}");
    let told = problem(file("smtp_ur = \"smtp://x\""));
    assert!(told.contains("did you mean smtp_url?"), "{told}");
    assert!(problem(file("[smtp]\nurl = \"x\"")).contains("smtp_url"));
    // Names in the file are in small letters, only.
    assert!(problem(file("SMTP_URL = \"smtp://x\"")).contains("did you mean smtp_url?"));
}

#[test]
fn every_bad_value_is_told_at_once_with_what_is_allowed() {
    let bad = [
        ("PORTARIA_ENV", "staging", "development or production"),
        ("LEPTOS_SITE_ADDR", "here:80", "127.0.0.1:3000"),
        ("PUBLIC_URL", "https://a.example/entrar", "without a path"),
        ("TRUSTED_PROXIES", "10.0.0.0/8,proxy", "CIDR"),
        ("PORTARIA_ALLOWED_PREFIXES", "55", "+55"),
        ("MAIL_FROM", "nobody", "nao-responda@"),
        ("TWILIO_BASE_URL", "ftp://x", "https URL"),
        ("CODE_LIFETIME_PHONE", "30", "30s, 5m, 24h"),
        ("LOCKOUT_FAILURES", "0", "1 to 1000"),
    ];
    let error = environment(&bad.map(|(name, value, _)| (name, value))).unwrap_err();
    assert_eq!(error.problems.len(), bad.len(), "{error}");
    for (name, value, allowed) in bad {
        let problem = error.problems.iter().find(|problem| problem.name.starts_with(name)).unwrap();
        assert!(problem.name.contains(value), "{problem:?}");
        assert!(problem.allowed.contains(allowed), "{problem:?}");
    }
}

#[test]
fn a_bad_secret_is_told_without_its_value() {
    let bad = [
        ("PORTARIA_SECRET", "hunter2hunter2"),
        ("DATABASE_URL", "mysql://u:hunter2@h/d"),
        ("SMTP_URL", "http://u:hunter2@h"),
        ("TWILIO_AUTH_TOKEN", "hunter2 hunter2"),
        ("WHATSAPP_TOKEN", "hunter2\thunter2"),
    ];
    let error = environment(&bad).unwrap_err();
    for (name, _) in bad {
        assert!(error.problems.iter().any(|problem| problem.name.starts_with(name)), "{error}");
    }
    assert!(!error.to_string().contains("hunter2"), "{error}");
    let told = problem(file("portaria_env = \"development\"\nsmtp_url = \"smtp://u:hunter2@h\nresend_wait = \"1m\""));
    assert!(told.contains("line 2") && !told.contains("hunter2"), "{told}");
}

#[test]
fn secrets_do_not_print_themselves() {
    let config = environment(&[
        ("PORTARIA_SECRET", KEY),
        ("DATABASE_URL", "postgres://u:hunter2@h/d"),
        ("SMTP_URL", "smtp://u:hunter2@h"),
        ("TWILIO_ACCOUNT_SID", "AC1"),
        ("TWILIO_AUTH_TOKEN", "hunter2"),
        ("TWILIO_FROM", "+15550000000"),
    ]);
    let shown = format!("{:?}", config.unwrap());
    assert!(!shown.contains("hunter2") && !shown.contains("171, 205"), "{shown}");
}

#[test]
fn a_carrier_is_set_whole_or_not_at_all() {
    let told = environment(&[("TWILIO_ACCOUNT_SID", "AC1")]).unwrap_err();
    let names: Vec<_> = told.problems.iter().map(|problem| problem.name.as_str()).collect();
    assert_eq!(names, ["TWILIO_AUTH_TOKEN", "TWILIO_FROM"]);
    let told = problem(environment(&[("WHATSAPP_TOKEN", "t"), ("WHATSAPP_TEMPLATE", "codigo")]));
    assert!(told.contains("WHATSAPP_PHONE_NUMBER_ID is missing beside WHATSAPP_TOKEN and WHATSAPP_TEMPLATE"), "{told}");
    // A base URL alone turns nothing on.
    assert!(environment(&[("TWILIO_BASE_URL", "http://127.0.0.1:9")]).unwrap().twilio.is_none());
    let config = environment(&[
        ("WHATSAPP_TOKEN", "t"),
        ("WHATSAPP_PHONE_NUMBER_ID", "1"),
        ("WHATSAPP_TEMPLATE", "codigo"),
        ("WHATSAPP_BASE_URL", "http://127.0.0.1:9/v1"),
    ]);
    assert_eq!(config.unwrap().whatsapp.unwrap().base_url.as_str(), "http://127.0.0.1:9/v1");
}

#[test]
fn mail_has_a_sender_even_when_none_is_named() {
    let from = |pairs: &[(&str, &str)]| environment(pairs).unwrap().smtp.unwrap().from.to_string();
    let smtp = ("SMTP_URL", "smtp://127.0.0.1:25");
    let elsewhere = production(&[smtp, ("PUBLIC_URL", "https://entrada.example")]).unwrap();
    assert_eq!(elsewhere.smtp.unwrap().from.to_string(), "Portaria <nao-responda@entrada.example>");
    assert_eq!(from(&[smtp]), "Portaria <nao-responda@localhost>");
    assert_eq!(from(&[smtp, ("MAIL_FROM", "oi@entrada.example")]), "oi@entrada.example");
}

#[test]
fn production_asks_for_what_nobody_can_guess() {
    let told = environment(&[("PORTARIA_ENV", "production")]).unwrap_err().to_string();
    assert!(told.contains("PORTARIA_SECRET is required") && told.contains("PUBLIC_URL is required"), "{told}");

    let production = |url: &str| production(&[("PUBLIC_URL", url)]);
    assert!(problem(production("http://entrada.example")).contains("must be https"));
    for url in ["https://entrada.example", "http://127.0.0.1:3000", "http://localhost:3000", "http://[::1]:3000"] {
        let config = production(url).unwrap();
        assert_eq!(config.warnings.len(), 4, "{:?}", config.warnings);
    }
}

#[test]
fn durations_have_a_unit_and_an_end() {
    for (text, seconds) in [("30s", 30), ("5m", 300), ("24h", 86400), ("7d", 604_800)] {
        assert_eq!(parse::duration(text), Ok(Duration::seconds(seconds)));
    }
    for text in ["30", "s", "", "-5m", "+5m", "1.5h", "5 m", "5M", "0s", "99999999999999999999d", "3651d", "5µ"] {
        assert!(parse::duration(text).is_err(), "{text}");
    }
}

#[test]
fn the_secret_is_32_bytes_in_any_base64() {
    let standard = "+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/8=";
    let key = parse::secret_key(standard).unwrap();
    assert_eq!(parse::secret_key(standard.trim_end_matches('=')), Ok(key));
    assert_eq!(parse::secret_key(&standard.replace('+', "-").replace('/', "_")), Ok(key));
    for text in ["", "AAAA", &"A".repeat(43), "not base64 at all, but rather long text!!!!!"] {
        assert!(parse::secret_key(text).is_err(), "{text}");
    }
}

#[test]
fn development_keeps_the_secret_that_it_made() {
    let dir = std::env::temp_dir().join(format!("portaria-secret-{}", std::process::id()));
    let first = secret::kept(&dir).unwrap();
    assert_eq!(secret::kept(&dir), Ok(first));
    assert_eq!(std::fs::metadata(secret::file(&dir)).unwrap().permissions().mode() & 0o777, 0o600);
    std::fs::write(secret::file(&dir), "spoilt").unwrap();
    assert!(secret::kept(&dir).unwrap_err().contains("not base64"));
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn the_table_shows_origins_and_hides_secrets() {
    let given = TABLE.collect(
        "code_attempts = 7",
        [("SMTP_URL", "smtp://u:hunter2@h"), ("RESEND_WAIT", "9s")].map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    let table = given.shown(&[(&PUBLIC_URL.line, "http://127.0.0.1:3000".to_owned())]);
    let row = |name: &str| -> Vec<&str> {
        table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>()).find(|row| row[0] == name).unwrap()
    };
    assert_eq!(row("SMTP_URL"), ["SMTP_URL", "(set)", "env"]);
    assert_eq!(row("DATABASE_URL"), ["DATABASE_URL", "(not", "set)", "default"]);
    assert_eq!(row("CODE_ATTEMPTS"), ["CODE_ATTEMPTS", "7", "file"]);
    assert_eq!(row("RESEND_WAIT"), ["RESEND_WAIT", "9s", "env"]);
    assert_eq!(row("PUBLIC_URL"), ["PUBLIC_URL", "http://127.0.0.1:3000", "default"]);
    assert!(!table.contains("hunter2"));
}

#[test]
fn every_default_can_be_read() {
    assert!(TABLE.collect("", []).is_clean());
}

#[test]
fn the_readme_has_the_table_of_the_settings() {
    let readme = include_str!("../../../README.md");
    assert!(readme.contains(&format!("\n\n{}\n", table())), "put into README.md what `portaria config --table` prints:\n{}", table());
}
