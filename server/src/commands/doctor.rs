//! `portaria doctor`: what was found, a line for each part, and what to do.

use server::config::Config;
use server::delivery::CarrierTimeouts;
use server::run::doctor::{self, Health, Report};
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;
use text::{Language, Texts};

pub async fn run(config: &Config, json: bool) -> ExitCode {
    let texts = Language::default().texts();
    let report = doctor::examine(config, CarrierTimeouts::USUAL, texts).await;
    // If this fails, nobody reads the output.
    let _ = if json {
        // A report is made of texts alone.
        writeln!(std::io::stdout(), "{}", serde_json::to_string(&report).unwrap_or_default())
    } else {
        write!(std::io::stdout(), "{}", shown(texts, &report))
    };
    ExitCode::from(report.health.exit_code())
}

fn shown(texts: &Texts, report: &Report) -> String {
    let says = &texts.doctor;
    let mut text = String::new();
    for check in &report.checks {
        let health = match check.health {
            Health::Well => says.well,
            Health::Warning => says.warning,
            Health::Unchecked => says.unchecked,
            Health::Broken => says.broken,
        };
        let line = format!("{health:9}  {:14}  {}", check.part.name(says), check.found);
        text += line.trim_end();
        text += "\n";
        if let Some(advice) = &check.advice {
            let _ = writeln!(text, "{:29}{}", "", says.to_do(advice));
        }
    }
    text += match report.health {
        Health::Well => says.all_well,
        Health::Warning => says.some_warnings,
        Health::Unchecked | Health::Broken => says.some_broken,
    };
    text + "\n"
}
