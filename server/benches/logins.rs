//! `make bench`: sign-ins over HTTP beside bare Argon2id hashes, on the same machine in the same run. What counts is the
//! ratio: machines are noisy.
#![expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few thousand measurements")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, reason = "a measurement that fails should say where")]

use server::client::Client;
use server::clock::Clock;
use server::config::{Config, Environment};
use server::db;
use server::entropy;
use server::http::router::router;
use server::passwords::Passwords;
use server::run::Node;
use sqlx::{Connection, Executor, PgConnection};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const PASSWORD: &str = "Umbrella#92x";
const ACCOUNTS: usize = 20;
const MEASURED: Duration = Duration::from_secs(10);

#[tokio::main]
async fn main() {
    // `cargo test --benches` only wants to know that it builds
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let _ = rustls::crypto::ring::default_provider().install_default();
    let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let bare = bare_hashes(cores).await;
    println!("bare Argon2id (19 MiB, 2 passes, 1 lane), {cores} at once: {bare:.1} hashes/s");

    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench");
    let postgres = db::private::start(&folder, Environment::Development).await.expect("a private Postgres");
    let name = format!("bench_{}", entropy::uuid().simple());
    let mut admin = PgConnection::connect(postgres.url()).await.expect("Postgres");
    admin.execute(format!("create database {name}").leak() as &'static str).await.expect("a database");
    let mut url = url::Url::parse(postgres.url()).expect("a URL");
    url.set_path(&name);
    let base = serve(url.as_str()).await;
    let people = Arc::new(sign_up(&base).await);
    for at_once in [1, cores, cores * 4] {
        let (mut times, elapsed) = sign_ins(&base, &people, at_once).await;
        times.sort_unstable();
        let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize].as_secs_f64() * 1e3;
        let rate = times.len() as f64 / elapsed.as_secs_f64();
        println!(
            "sign-ins, {at_once} at once: {rate:.1}/s ({:.0} % of bare), p50 {:.0} ms, p99 {:.0} ms",
            rate / bare * 100.0,
            at(0.5),
            at(0.99)
        );
    }
    postgres.stop().await.expect("stopped");
}

async fn bare_hashes(at_once: usize) -> f64 {
    let pool = Passwords::new().expect("a pool");
    let done = Arc::new(AtomicUsize::new(0));
    let started = Instant::now();
    let tasks: Vec<_> = (0..at_once)
        .map(|_| {
            let (pool, done) = (pool.clone(), done.clone());
            let client = Client::of(std::net::Ipv4Addr::LOCALHOST.into());
            tokio::spawn(async move {
                while started.elapsed() < MEASURED / 2 {
                    pool.hash(pool.permit(client).await.expect("a permit"), PASSWORD.to_owned()).await.expect("a hash");
                    done.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("no panic");
    }
    done.load(Ordering::Relaxed) as f64 / started.elapsed().as_secs_f64()
}

async fn serve(database: &str) -> String {
    let pool = db::connect(database).await.expect("the database");
    db::MIGRATOR.run(&pool).await.expect("migrated");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    let settings = [("PUBLIC_URL", base.as_str()), ("TRUSTED_PROXIES", "127.0.0.1")];
    let config = Config::from_parts("", settings).expect("settings");
    let Node { site, worker, wake, .. } =
        Node::build(&config, pool, Clock::system(), Passwords::new().expect("a pool")).await.expect("a node");
    tokio::spawn(worker.run(wake, std::future::pending()));
    tokio::spawn(async move { axum::serve(listener, router(site).into_make_service_with_connect_info::<SocketAddr>()).await });
    base
}

/// Each request from an address of its own: limits are not what is measured.
fn address() -> String {
    let [a, b, c] = entropy::bytes::<3>();
    format!("10.{a}.{b}.{c}")
}

async fn sign_up(base: &str) -> Vec<String> {
    let client = reqwest::Client::new();
    let mut phones = Vec::new();
    for n in 0..ACCOUNTS {
        let phone = format!("119{:08}", 10_000_000 + n);
        let body = serde_json::json!({"fullName": "Ana Souza", "phone": phone, "password": PASSWORD});
        let post = |path: &str, body: serde_json::Value| {
            client.post(format!("{base}{path}")).header("x-forwarded-for", address()).json(&body).send()
        };
        let answer = post("/api/auth/register/client", body).await.expect("registered");
        assert_eq!(answer.status(), 202);
        let code = loop {
            let messages: serde_json::Value =
                client.get(format!("{base}/dev/outbox.json")).send().await.expect("the outbox").json().await.expect("JSON");
            let list = messages.as_array().expect("a list");
            if let Some(code) =
                list.iter().find(|message| message["to"] == format!("+55{phone}")).and_then(|message| message["code"].as_str())
            {
                break code.to_owned();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        let answer = post("/api/auth/phone/verify", serde_json::json!({"phone": phone, "code": code})).await.expect("proved");
        assert_eq!(answer.status(), 201);
        phones.push(phone);
    }
    phones
}

async fn sign_ins(base: &str, people: &Arc<Vec<String>>, at_once: usize) -> (Vec<Duration>, Duration) {
    let started = Instant::now();
    let tasks: Vec<_> = (0..at_once)
        .map(|worker| {
            let (base, people) = (base.to_owned(), people.clone());
            tokio::spawn(async move {
                let client = reqwest::Client::new();
                let mut times = Vec::new();
                for n in 0.. {
                    if started.elapsed() > MEASURED {
                        break;
                    }
                    let phone = &people[(worker * 7 + n) % people.len()];
                    let asked = Instant::now();
                    let body = serde_json::json!({"email": phone, "password": PASSWORD});
                    let request = client.post(format!("{base}/api/auth/login")).header("x-forwarded-for", address()).json(&body);
                    let answer = request.send().await.expect("an answer");
                    assert_eq!(answer.status(), 200);
                    times.push(asked.elapsed());
                }
                times
            })
        })
        .collect();
    let mut all = Vec::new();
    for task in tasks {
        all.extend(task.await.expect("no panic"));
    }
    (all, started.elapsed())
}
