//! What operators do at the command line, by the program itself and by its use cases.

mod accounts;
mod clients;
mod doctor;
mod files;
mod keeping;
mod keys;

use crate::support::{SECRET, TestApp};
use base64::Engine;
use serde_json::Value;
use sqlx::ConnectOptions;
use std::process::Stdio;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

/// What a command came to.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("JSON: {self:?}"))
    }
}

impl TestApp {
    /// The settings of a program over this test's database. Its address is this node's.
    pub fn program_settings(&self) -> Vec<(String, String)> {
        let secret = base64::engine::general_purpose::STANDARD.encode(SECRET);
        let database = self.pool.connect_options().to_url_lossy().to_string();
        let folder = format!("{}/operator", env!("CARGO_TARGET_TMPDIR"));
        [
            ("DATABASE_URL", database),
            ("PORTARIA_SECRET", secret),
            ("PUBLIC_URL", self.url.clone()),
            ("PORTARIA_DATA_DIR", folder),
            ("PORTARIA_LOG", "error".to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }

    /// Runs the program, and types this.
    pub async fn run(&self, arguments: &[&str], typed: &str) -> Ran {
        program(self.program_settings(), arguments, typed).await
    }
}

/// Runs the program with these settings and no others, and types this.
pub async fn program(settings: Vec<(String, String)>, arguments: &[&str], typed: &str) -> Ran {
    let mut child = Command::new(env!("CARGO_BIN_EXE_portaria"))
        .args(arguments)
        .env_clear()
        .envs(settings)
        .current_dir(env!("CARGO_TARGET_TMPDIR"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program");
    // A command that asks nothing may be gone before.
    let _ = child.stdin.take().expect("a pipe").write_all(typed.as_bytes()).await;
    let output = child.wait_with_output().await.expect("an end");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Ran { code: output.status.code().expect("a code"), out: text(output.stdout), err: text(output.stderr) }
}
