use std::fs;
use std::time::Duration;

use sqlx::Executor as _;
use tokio::time::sleep;

use super::user::User;
use super::*;

const SETTINGS: Settings = Settings {
    name: "porta-1",
    elsewhere: "/var/lib/private-postgres-tests",
    oldest: 15,
    download: Download::Allowed(17),
    instead: "set DATABASE_URL",
    random,
};

/// Differs from folder to folder, because tests run in parallel.
fn random() -> [u8; 32] {
    use std::hash::{BuildHasher as _, RandomState};
    let mut bytes = [0; 32];
    for part in bytes.chunks_exact_mut(8) {
        part.copy_from_slice(&RandomState::new().hash_one(0).to_le_bytes());
    }
    bytes
}

#[test]
fn a_process_file_is_read_even_when_it_is_young() {
    let parse = postmaster::parse;
    let whole = "4711\n/data\n1700000000\n54321\n\n127.0.0.1\n  1234  5\nready   \n";
    assert_eq!(parse(whole), Some(postmaster::Postmaster { pid: 4711, port: Some(54321) }));
    assert_eq!(parse("4711\n/data\n"), Some(postmaster::Postmaster { pid: 4711, port: None }));
    for text in ["", "x\n", "-1\n", "0\n"] {
        assert_eq!(parse(text), None, "{text:?}");
    }
}

#[test]
fn versions_are_read_as_the_systems_write_them() {
    assert_eq!(binaries::major("postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)"), Some(15));
    assert_eq!(binaries::major("postgres (PostgreSQL) 18beta2"), Some(18));
    assert_eq!(binaries::major("postgres"), None);
}

#[test]
fn the_newest_version_of_a_place_comes_first() {
    let dir = std::env::temp_dir().join(format!("private-postgres-places-{}", std::process::id()));
    for name in ["9.6", "15", "17.4.0", "other"] {
        fs::create_dir_all(dir.join(name)).unwrap();
    }
    let found = binaries::expand(&format!("{}/*/bin", dir.display()));
    assert_eq!(found, ["17.4.0", "15", "9.6"].map(|name| dir.join(name).join("bin")));
    fs::remove_dir_all(dir).unwrap();
}

#[test]
fn root_becomes_postgres_else_nobody_and_never_another_root() {
    let users = "root:x:0:0::/:/bin/sh\nnobody:x:65534:65533::/:/bin/false\npostgres:x:101:104::/:/bin/bash\n";
    assert_eq!(user::unprivileged(users), Some(User::Other { uid: 101, gid: 104 }));
    assert_eq!(user::unprivileged("nobody:*:-2:-2::/:/"), Some(User::Other { uid: u32::MAX - 1, gid: u32::MAX - 1 }));
    assert_eq!(user::unprivileged("postgres:x:0:0::/:/\nroot:x:0:0::/:/"), None);
}

#[test]
fn a_number_that_another_process_has_is_not_our_postgres() {
    let own = i32::try_from(std::process::id()).unwrap();
    assert!(postmaster::is_alive(own));
    assert!(!postmaster::runs_on(own, &std::env::temp_dir()));
}

/// A data folder that is removed at the end, with its Postgres.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("private-postgres-{name}-{}", std::process::id())))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let data = self.0.join("postgres/data");
        if let Some(found) = postmaster::read(&data).filter(|found| postmaster::runs_on(found.pid, &data)) {
            let _ = postmaster::interrupt(found.pid);
        }
        let _ = fs::remove_dir_all(&self.0);
    }
}

async fn open(postgres: &PrivatePostgres) -> PgConnection {
    PgConnection::connect(postgres.url()).await.unwrap()
}

#[tokio::test]
async fn data_outlives_a_stop_a_dead_server_and_a_dead_postgres() {
    let folder = Folder::new("life");
    let dir = folder.0.as_path();

    // The first start creates everything.
    let postgres = PrivatePostgres::start(dir, &SETTINGS).await.unwrap();
    assert!(!format!("{postgres:?}").contains("postgres://"));
    let mut connection = open(&postgres).await;
    connection.execute("CREATE TABLE kept (name text); INSERT INTO kept VALUES ('São João')").await.unwrap();
    let superuser: bool =
        sqlx::query_scalar("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetch_one(&mut connection).await.unwrap();
    assert!(!superuser);
    connection.close().await.unwrap();
    postgres.stop().await.unwrap();
    assert!(!dir.join("postgres/data/postmaster.pid").exists());

    // The second finds it again.
    let postgres = PrivatePostgres::start(dir, &SETTINGS).await.unwrap();
    let kept: String = sqlx::query_scalar("SELECT name FROM kept").fetch_one(&mut open(&postgres).await).await.unwrap();
    assert_eq!(kept, "São João");
    let url = postgres.url().to_owned();

    // A second process joins, and leaves without shutting it down.
    let beside = PrivatePostgres::start(dir, &SETTINGS).await.unwrap();
    assert_eq!(beside.url(), url);
    beside.stop().await.unwrap();
    open(&postgres).await.ping().await.unwrap();

    // A server that was killed leaves it running; the next start adopts it.
    drop(postgres);
    let postgres = PrivatePostgres::start(dir, &SETTINGS).await.unwrap();
    assert_eq!(postgres.url(), url);
    assert!(postgres.child.is_none());

    // A Postgres that was killed leaves its process file behind; the next start repairs the data.
    let pid = postmaster::read(&postgres.cluster.data()).unwrap().pid;
    drop(postgres);
    rustix::process::kill_process(rustix::process::Pid::from_raw(pid).unwrap(), rustix::process::Signal::KILL).unwrap();
    while postmaster::runs_on(pid, &dir.join("postgres/data")) {
        sleep(Duration::from_millis(20)).await;
    }
    let postgres = PrivatePostgres::start(dir, &SETTINGS).await.unwrap();
    let kept: i64 = sqlx::query_scalar("SELECT count(*) FROM kept").fetch_one(&mut open(&postgres).await).await.unwrap();
    assert_eq!(kept, 1);
    postgres.stop().await.unwrap();

    // A process file that names another program's process does not keep it from starting.
    fs::write(dir.join("postgres/data/postmaster.pid"), format!("{}\n/elsewhere\n1\n1\n", std::process::id())).unwrap();
    let postgres = PrivatePostgres::start(dir, &SETTINGS).await.unwrap();
    open(&postgres).await.ping().await.unwrap();
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn two_first_starts_at_once_share_one_postgres() {
    let folder = Folder::new("race");
    let (one, other) = tokio::join!(PrivatePostgres::start(&folder.0, &SETTINGS), PrivatePostgres::start(&folder.0, &SETTINGS));
    let (one, other) = (one.unwrap(), other.unwrap());
    assert_eq!(one.url(), other.url());
    one.stop().await.unwrap();
    open(&other).await.ping().await.unwrap();
    other.stop().await.unwrap();
}

#[tokio::test]
async fn where_nothing_may_be_downloaded_the_start_says_what_to_set() {
    let folder = Folder::new("bare");
    let user = User::choose(&SETTINGS).unwrap();
    // No machine has this version.
    let settings = Settings { download: Download::Refused("production runs no downloaded programs"), ..SETTINGS };
    let refused = Binaries::find_or_download(&folder.0, &user, Some(9999), &settings).await.unwrap_err().to_string();
    assert!(refused.contains("DATABASE_URL") && refused.contains("production"), "{refused}");
    assert!(!folder.0.exists(), "nothing was made");
}
