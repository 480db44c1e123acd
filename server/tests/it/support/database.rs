//! A fresh, migrated database per test, copied from a template.

use server::config::Environment;
use server::db::{self, keys};
use server::entropy;
use server::seal::{DataKey, Sealer};
use sqlx::{Connection, Executor, PgConnection, PgPool};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};
use tokio::sync::OnceCell;

/// The `PORTARIA_SECRET` of the tests. It also wraps the keys in the template database.
pub const SECRET: [u8; 32] = [7; 32];

/// The template's name is unique to this run, because another run may share the Postgres.
fn template_name() -> String {
    format!("portaria_template_{}", std::process::id())
}

/// Returns the folder of the tests' Postgres: in memory where there is room, because most of its time goes into making and removing files;
/// or else under `target`.
fn folder() -> PathBuf {
    const ROOM_KIB: u64 = 3 << 20;
    let own = env!("CARGO_TARGET_TMPDIR");
    // A Postgres that has to be downloaded runs from there.
    let mounts = std::fs::read_to_string("/proc/mounts").unwrap_or_default();
    if mounts.lines().any(|mount| mount.contains(" /dev/shm ") && mount.contains("noexec")) {
        return PathBuf::from(own).join("postgres");
    }
    let told = Command::new("df").args(["-Pk", "/dev/shm"]).output().map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    // The second line: file system, blocks, used, available, …
    let available = told.ok().and_then(|told| told.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok());
    if available.is_some_and(|kib: u64| kib >= ROOM_KIB) {
        return PathBuf::from(format!("/dev/shm/portaria-tests{}", own.replace('/', "-")));
    }
    PathBuf::from(own).join("postgres")
}

/// Returns the URL of the tests' Postgres: `TEST_DATABASE_URL`, or a private one.
async fn server_url() -> &'static str {
    static URL: OnceCell<String> = OnceCell::const_new();
    URL.get_or_init(async || {
        #[expect(clippy::disallowed_methods, reason = "a test's own setting")]
        if let Ok(url) = std::env::var("TEST_DATABASE_URL") {
            return url;
        }
        // On a thread of its own, because the runtime of the first test ends with that test.
        let (url, folder) = tokio::task::spawn_blocking(|| {
            let folder = folder();
            let runtime = Box::leak(Box::new(tokio::runtime::Runtime::new().expect("a runtime")));
            let postgres = runtime.block_on(db::private::start(&folder, Environment::Development)).expect("a private Postgres");
            let url = postgres.url().to_owned();
            std::mem::forget(postgres);
            (url, folder)
        })
        .await
        .expect("no panic");
        stop_with_us(&folder);
        url
    })
    .await
}

/// There is no hook for the end of all tests. So a shell waits for this process to end, then stops Postgres and deletes its
/// databases, unless another run uses them. It takes the same locks as the crate `private-postgres`.
fn stop_with_us(folder: &std::path::Path) {
    let script = r#"
        while kill -0 "$1" 2>/dev/null; do sleep 1; done
        cd "$2/postgres" && exec 8>>start.lock 9>>users.lock && flock 8 && flock -n 9 || exit
        # at once: nobody wants the minutes in which it would write everything to disk first
        postmaster=$(head -n 1 data/postmaster.pid) && kill -QUIT "$postmaster" || exit
        while kill -0 "$postmaster" 2>/dev/null; do sleep 0.2; done
        # aside first: the next run need not wait
        mv data "gone.$1" && exec 8>&- 9>&-
        rm -rf gone.*
    "#;
    let _ = Command::new("sh")
        .args(["-c", script, "watch", &std::process::id().to_string()])
        .arg(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
}

fn url_of(database: &str, server: &str) -> String {
    let mut url = url::Url::parse(server).expect("a URL");
    url.set_path(database);
    url.to_string()
}

async fn template() {
    static MADE: OnceLock<tokio::sync::Mutex<bool>> = OnceLock::new();
    let mut made = MADE.get_or_init(Default::default).lock().await;
    if *made {
        return;
    }
    let server = server_url().await;
    let mut admin = PgConnection::connect(server).await.expect("Postgres");
    let template = template_name();
    admin.execute(format!("drop database if exists {template} with (force)").leak() as &'static str).await.expect("dropped");
    admin.execute(format!("create database {template}").leak() as &'static str).await.expect("created");
    // Nobody needs the data after a crash of the tests' Postgres.
    admin.execute(format!("alter database {template} set synchronous_commit = off").leak() as &'static str).await.expect("altered");
    let pool = db::connect(&url_of(&template, server)).await.expect("the template");
    db::MIGRATOR.run(&pool).await.expect("migrated");
    pool.close().await;
    *made = true;
}

/// The databases of tests that have ended. The next test drops them: all of them together fill a small disk.
static ENDED: Mutex<Vec<String>> = Mutex::new(Vec::new());

thread_local! {
    /// The databases of the test that runs on this thread. Each test has a thread of its own, which ends with it.
    static MINE: RefCell<Mine> = const { RefCell::new(Mine(Vec::new())) };
}

struct Mine(Vec<String>);

impl Drop for Mine {
    fn drop(&mut self) {
        ENDED.lock().unwrap_or_else(PoisonError::into_inner).append(&mut self.0);
    }
}

async fn drop_ended(admin: &mut PgConnection) {
    let ended = std::mem::take(&mut *ENDED.lock().unwrap_or_else(PoisonError::into_inner));
    for name in ended {
        let dropped = admin.execute(format!("drop database if exists {name} with (force)").leak() as &'static str).await;
        // Autovacuum, which is not ours to end, may be in it for a moment: the next test tries again.
        if dropped.is_err() {
            ENDED.lock().unwrap_or_else(PoisonError::into_inner).push(name);
        }
    }
}

/// A database without any table.
pub async fn empty() -> PgPool {
    let server = server_url().await;
    let name = format!("test_{}", entropy::uuid().simple());
    let mut admin = PgConnection::connect(server).await.expect("Postgres");
    MINE.with_borrow_mut(|mine| mine.0.push(name.clone()));
    admin.execute(format!("create database {name}").leak() as &'static str).await.expect("created");
    db::connect(&url_of(&name, server)).await.expect("the database")
}

pub async fn database() -> PgPool {
    static ONE_COPY: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    template().await;
    let server = server_url().await;
    let name = format!("test_{}", entropy::uuid().simple());
    let mut admin = PgConnection::connect(server).await.expect("Postgres");
    drop_ended(&mut admin).await;
    MINE.with_borrow_mut(|mine| mine.0.push(name.clone()));
    {
        let _one = ONE_COPY.lock().await;
        admin.execute(format!("create database {name} template {}", template_name()).leak() as &'static str).await.expect("copied");
    }
    admin.execute(format!("alter database {name} set synchronous_commit = off").leak() as &'static str).await.expect("altered");
    db::connect(&url_of(&name, server)).await.expect("the copy")
}

/// Random keys, for tests without a server.
pub fn sealer() -> Sealer {
    Sealer::new(BTreeMap::from([(1, DataKey::random())]), DataKey::random())
}

pub async fn sealer_of(pool: &PgPool) -> Sealer {
    keys::load(pool, &SECRET, time::OffsetDateTime::UNIX_EPOCH).await.expect("the keys")
}
