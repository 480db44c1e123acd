//! Lighthouse's medians, by `bench/lighthouse/run.mjs`.

use crate::Outcome;
use crate::bare::STILL;
use crate::figures::Figures;
use crate::limits::{AWAKE, LARGEST_PAINT, OTHER_CATEGORY, PERFORMANCE, Row, TOTAL_BLOCKING_TIME};
use crate::people::Person;
use crate::settings::Settings;
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use tokio::process::Command;

const FOLDER: &str = "bench/lighthouse";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    path: String,
    performance: f64,
    accessibility: f64,
    best_practices: f64,
    seo: f64,
    total_blocking_time: f64,
    largest_contentful_paint: f64,
    /// The tasks that blocked it, in words.
    blocking: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Answer {
    Skipped(String),
    Looked {
        pages: Vec<Page>,
        /// The page of the bare server without style and script.
        still: Page,
        /// How long `/register/client` takes to wake, in milliseconds.
        awake: f64,
    },
}

async fn ask(settings: &Settings, product: SocketAddr, bare: SocketAddr, person: &Person) -> Outcome<Answer> {
    if !Path::new(FOLDER).join("node_modules").exists() {
        return Ok(Answer::Skipped(format!("Lighthouse: {FOLDER}/node_modules is not there (`make bench` installs it)")));
    }
    let mut command = Command::new("node");
    command.arg(format!("{FOLDER}/run.mjs")).arg(format!("http://{product}")).arg(settings.lighthouse_runs.to_string());
    command.arg(&person.cookie).arg(format!("http://{bare}{STILL}"));
    let output = command.stderr(Stdio::inherit()).output().await?;
    // What was measured before it is kept: a browser may fail on a machine where all else went well.
    if !output.status.success() {
        return Ok(Answer::Skipped(format!("Lighthouse: it ended with {}", output.status)));
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// `product` and `bare` are where the two servers listen.
pub async fn measure(settings: &Settings, product: SocketAddr, bare: SocketAddr, person: &Person, figures: &mut Figures) -> Outcome<()> {
    println!("bench: Lighthouse …");
    match ask(settings, product, bare, person).await? {
        Answer::Skipped(why) => {
            println!("bench: SKIPPED: {why}");
            figures.skipped.push(why);
        }
        Answer::Looked { pages, still, awake } => {
            figures.rows.push(Row::new("`/register/client` awake on slow 4G, processor ×4", awake, AWAKE));
            for page in pages {
                let row = |what: &str, measured, limit| Row::new(format!("Lighthouse, `{}`: {what}", page.path), measured, limit);
                figures.rows.extend([
                    row("performance", page.performance, PERFORMANCE),
                    row("accessibility", page.accessibility, OTHER_CATEGORY),
                    row("best practices", page.best_practices, OTHER_CATEGORY),
                    row("SEO", page.seo, OTHER_CATEGORY),
                    row("TBT", page.total_blocking_time, TOTAL_BLOCKING_TIME),
                    row("LCP", page.largest_contentful_paint, LARGEST_PAINT),
                ]);
                let tasks = if page.blocking.is_empty() { "none".to_owned() } else { page.blocking.join("; ") };
                figures.note(format!("Lighthouse, `{}`: tasks of more than 50 ms after its first paint", page.path), tasks);
            }
            let Page { total_blocking_time, largest_contentful_paint, .. } = still;
            let figures_of_still = format!("{total_blocking_time:.0} ms; {largest_contentful_paint:.0} ms");
            figures.note("Lighthouse, a bare page without style and script: TBT; LCP", figures_of_still);
        }
    }
    Ok(())
}
