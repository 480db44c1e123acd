//! The bare server: what the machine gives to a program that only hashes, asks one question or sends a page. It knows no limits,
//! sessions, messages or log.

use crate::Outcome;
use crate::bare_openid::{self, Signer};
use crate::settings::Bare;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;
use server::passwords::argon2id::{Argon2id, Cost};
use sqlx::{PgPool, Row};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::oneshot;

/// The cost of the product's hashes, which is also the default of the crate `argon2`.
pub const COST: Cost = Cost { memory_kib: 19_456, passes: 2, lanes: 1 };
/// No page is larger.
const LARGEST_PAGE: usize = 1 << 20;
/// Where the page stands that has words and nothing else: neither style nor script.
pub const STILL: &str = "/still";

type Job = Box<dyn FnOnce(&mut Argon2id) + Send>;

#[derive(Clone)]
pub struct Shared {
    pub pool: PgPool,
    hashing: Sender<Job>,
    page: &'static [u8],
    pub signer: Arc<Signer>,
}

#[derive(Deserialize)]
struct Typed {
    phone: String,
    password: String,
}

/// Which crate hashes.
#[derive(Clone, Copy)]
enum By {
    /// The fastest sound one, as the product hashes.
    Fastest,
    /// The crate `argon2` by `RustCrypto`.
    RustCrypto,
}

/// What failed, as an answer that the bench takes for a failure.
pub struct Failed(Box<dyn std::error::Error + Send + Sync>);

impl<E: Into<Box<dyn std::error::Error + Send + Sync>>> From<E> for Failed {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        (StatusCode::INTERNAL_SERVER_ERROR, self.0.to_string()).into_response()
    }
}

pub async fn serve(bare: &Bare) -> Outcome<()> {
    let cores = std::thread::available_parallelism()?.get();
    let (hashing, jobs) = channel::<Job>();
    let jobs = Arc::new(Mutex::new(jobs));
    for _ in 0..cores {
        let jobs = jobs.clone();
        std::thread::spawn(move || work_on(&jobs));
    }
    let page: &'static [u8] = vec![b'x'; LARGEST_PAGE].leak();
    let shared = Shared { pool: server::db::connect(&bare.database).await?, hashing, page, signer: Arc::new(Signer::new()?) };
    let router = Router::new()
        .route("/readyz", get(|| async { "ready" }))
        .route("/sign-up", post(async |State(shared), Json(typed)| sign_up(shared, typed, By::Fastest).await))
        .route("/sign-in", post(async |State(shared), Json(typed)| sign_in(shared, typed, By::Fastest).await))
        .route("/rustcrypto/sign-up", post(async |State(shared), Json(typed)| sign_up(shared, typed, By::RustCrypto).await))
        .route("/rustcrypto/sign-in", post(async |State(shared), Json(typed)| sign_in(shared, typed, By::RustCrypto).await))
        .route("/profile", get(profile))
        .route("/authorize", get(bare_openid::authorize))
        .route("/token", post(bare_openid::exchange))
        .route("/userinfo", get(bare_openid::userinfo))
        .route("/page/{bytes}", get(page_of))
        .route(STILL, get(async || Html(still())))
        .with_state(shared);
    let listener = tokio::net::TcpListener::bind(bare.address).await?;
    Ok(axum::serve(listener, router).await?)
}

fn work_on(jobs: &Mutex<Receiver<Job>>) {
    let mut engine = Argon2id::new(COST);
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        job(&mut engine);
    }
}

async fn on_a_hashing_thread<T: Send + 'static>(shared: &Shared, work: impl FnOnce(&mut Argon2id) -> T + Send + 'static) -> Outcome<T> {
    let (done, answer) = oneshot::channel();
    let job: Job = Box::new(move |engine| {
        // Nobody waits any more when the client went away.
        done.send(work(engine)).ok();
    });
    shared.hashing.send(job).map_err(|_| "the hashing threads have ended")?;
    Ok(answer.await?)
}

async fn sign_up(shared: Shared, typed: Typed, by: By) -> Result<StatusCode, Failed> {
    let hash = on_a_hashing_thread(&shared, move |engine| match by {
        By::Fastest => engine.hash(typed.password.as_bytes()).map_err(|error| error.to_string()),
        By::RustCrypto => {
            Argon2::default().hash_password(typed.password.as_bytes()).map(|hash| hash.to_string()).map_err(|error| error.to_string())
        }
    })
    .await??;
    sqlx::query("insert into accounts (phone, name, password_hash) values ($1, 'Ana Souza', $2)")
        .bind(&typed.phone)
        .bind(hash)
        .execute(&shared.pool)
        .await?;
    Ok(StatusCode::ACCEPTED)
}

async fn sign_in(shared: Shared, typed: Typed, by: By) -> Result<Response, Failed> {
    let row =
        sqlx::query("select id, name, password_hash from accounts where phone = $1").bind(&typed.phone).fetch_one(&shared.pool).await?;
    let stored: String = row.try_get("password_hash")?;
    let right = on_a_hashing_thread(&shared, move |engine| {
        let Ok(hash) = PasswordHash::new(&stored) else { return false };
        let password = typed.password.as_bytes();
        match by {
            By::Fastest => engine.verify(password, &hash),
            By::RustCrypto => Argon2::default().verify_password(password, &hash).is_ok(),
        }
    })
    .await?;
    if !right {
        return Ok(StatusCode::UNAUTHORIZED.into_response());
    }
    Ok(Json(json!({"id": row.try_get::<i64, _>("id")?, "name": row.try_get::<String, _>("name")?})).into_response())
}

pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

/// The id of the account stands for an access token.
async fn profile(State(shared): State<Shared>, headers: HeaderMap) -> Result<Response, Failed> {
    let Some(id) = bearer(&headers).and_then(|id| id.parse::<i64>().ok()) else { return Ok(StatusCode::UNAUTHORIZED.into_response()) };
    let row = sqlx::query("select id, name, phone from accounts where id = $1").bind(id).fetch_one(&shared.pool).await?;
    let (name, phone): (String, String) = (row.try_get("name")?, row.try_get("phone")?);
    Ok(Json(json!({"id": row.try_get::<i64, _>("id")?, "name": name, "phone": phone})).into_response())
}

async fn page_of(State(shared): State<Shared>, Path(bytes): Path<usize>) -> Response {
    let page = &shared.page[..bytes.min(LARGEST_PAGE)];
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
}

/// A heading and a dozen sentences: what a browser itself costs on this machine.
fn still() -> String {
    let sentences = "<p>Some words that stand here to be read by somebody who has time.</p>".repeat(12);
    let head = "<meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Still</title>";
    format!("<!doctype html><html lang=\"en\"><head>{head}</head><body><h1>Still</h1>{sentences}</body></html>")
}
