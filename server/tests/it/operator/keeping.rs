//! What an operator keeps, and how a version follows another: backup and restore, and two versions of the schema side by side
//! (docs/operations.md).

use super::program;
use crate::support::people::{CPF, EMAIL, OTHER_EMAIL, PASSWORD, PHONE};
use crate::support::{TestApp, database};
use portaria::support::Sought;
use server::db::{MIGRATOR, keys};
use server::services::support::operator;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{ConnectOptions, PgPool};
use std::path::{Path, PathBuf};
use time::OffsetDateTime;
use tokio::process::Command;

fn url_of(pool: &PgPool) -> String {
    let mut url = pool.connect_options().to_url_lossy();
    // What the programs of Postgres understand of it.
    url.set_query(None);
    url.to_string()
}

/// A program of Postgres: of the newest version that Debian has installed, else by its name.
fn postgres_program(name: &str) -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions.filter_map(|entry| Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path()))).max();
    newest.map(|(_, folder)| folder.join("bin").join(name)).filter(|path| path.exists()).unwrap_or_else(|| Path::new(name).to_owned())
}

/// Runs a program of Postgres. `false`: the machine does not have it.
async fn run(name: &str, arguments: &[&str]) -> bool {
    let output = match Command::new(postgres_program(name)).args(arguments).output().await {
        Ok(output) => output,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return false,
        Err(error) => panic!("{name}: {error}"),
    };
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    true
}

#[tokio::test]
async fn a_backup_restored_elsewhere_signs_people_in_with_the_same_secret_and_no_other() {
    let app = TestApp::start().await;
    let owner = app.client_with_password().await;
    owner.give_document("cpf", CPF).await;
    let file = format!("{}/backup-{}", env!("CARGO_TARGET_TMPDIR"), std::process::id());
    if !run("pg_dump", &["--format=custom", "--no-owner", "--file", &file, &url_of(&app.pool)]).await {
        eprintln!("SKIPPED: this machine has no pg_dump");
        return;
    }
    let elsewhere = database::empty().await;
    assert!(run("pg_restore", &["--no-owner", "--exit-on-error", "--single-transaction", "--dbname", &url_of(&elsewhere), &file]).await);
    std::fs::remove_file(&file).expect("a file");

    let wrong = keys::load(&elsewhere, &[8; 32], OffsetDateTime::UNIX_EPOCH).await;
    assert!(matches!(wrong, Err(keys::KeysError::WrongSecret)), "another secret opens nothing, and adds no keys");
    let restored = app.over_too(elsewhere).await;
    restored.login(EMAIL, PASSWORD).await.expect(200);
    // What is sealed opens, and what is found by a keyed index is found.
    restored.login(CPF, PASSWORD).await.expect(200);
    let found = restored.service.find_account(&operator("find"), &Sought::parse(PHONE).expect("a phone")).await.expect("found");
    assert_eq!(found.accounts[0].cpf.as_deref(), Some("***.982.247-**"));
    // The session of before goes on, too: its token was signed with a key that came along.
    let mut moved = restored.anonymous();
    moved.access.clone_from(&owner.access);
    moved.profile().await;
    app.ignore_messages();
    restored.ignore_messages();
}

/// The migrations of this program but the newest.
fn all_but_the_newest() -> Migrator {
    let mut migrations: Vec<_> = MIGRATOR.iter().cloned().collect();
    migrations.pop();
    Migrator::with_migrations(migrations)
}

/// What a next version might bring: a column and a table.
fn with_one_more() -> Migrator {
    let sql = "alter table accounts add column of_next_version text; create table of_next_version (id uuid primary key)";
    let next = Migration::new(9999, "of next version".into(), MigrationType::Simple, sqlx::SqlSafeStr::into_sql_str(sql), false);
    Migrator::with_migrations(MIGRATOR.iter().cloned().chain([next]).collect())
}

#[tokio::test]
async fn nodes_keep_answering_while_the_schema_goes_on_to_the_next_version() {
    let app = TestApp::start().await;
    let pool = database::empty().await;
    all_but_the_newest().run(&pool).await.expect("migrated");
    let before = app.over_too(pool.clone()).await;

    // Production does not start on it by itself, and says what to do.
    let mut settings = before.program_settings();
    settings.extend(
        [("PORTARIA_ENV", "production"), ("LEPTOS_SITE_ADDR", "127.0.0.1:0")].map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    let refused = program(settings.clone(), &["serve"], "").await;
    assert!(refused.code == 1 && refused.err.contains("portaria migrate"), "{refused:?}");
    for _ in ["the first", "another that did not know"] {
        let migrated = program(settings.clone(), &["migrate"], "").await;
        assert_eq!(migrated.code, 0, "{migrated:?}");
    }
    let after = before.second_node().await;
    let owner = before.teacher().await;
    after.login(EMAIL, PASSWORD).await.expect(200);

    // The version after this one migrates first. These nodes have used their statements when the schema changes under them, and go on,
    // to be replaced one by one.
    with_one_more().run(&pool).await.expect("migrated");
    for node in [&before, &after] {
        node.get("/readyz").await.expect(200);
        node.login(EMAIL, PASSWORD).await.expect(200);
    }
    owner.profile().await;
    before.second_node().await.teacher_at(OTHER_EMAIL).await;
}
