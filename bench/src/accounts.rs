//! Databases of a run, and accounts to fill them with: rows of the right size, by SQL. Sealed columns and indexes hold bytes of the
//! right length that nothing opens.

use crate::Outcome;
use crate::people::{PASSWORD, PEOPLE, phone};
use server::passwords::argon2id::Argon2id;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

/// How many accounts one statement makes.
const BATCH: u64 = 100_000;

/// Numbers become ids below 2^53, no two the same, because the factor is odd. A sealed value has 49 bytes more than what is sealed.
const FILL: [&str; 4] = [
    "insert into accounts (id, kind, name, phone_sealed, phone_index, phone_proved_at, cpf_sealed, cpf_index, password_hash, created_at, \
     updated_at, signed_in_before) \
     select mod(n::numeric * 5127902309481239, 9007199254740992)::bigint, 'cliente', 'Ana Souza', \
     substring(sha256(int8send(n)) || sha256(int8send(-n)) from 1 for 63), sha256(int8send(n)), now(), \
     substring(sha256(int8send(-n)) || sha256(int8send(n)) from 1 for 60), sha256(int8send(-n)), \
     '$argon2id$v=19$m=19456,t=2,p=1$' || repeat('A', 22) || '$' || repeat('A', 43), now(), now(), true \
     from generate_series($1, $2) as n",
    "insert into sessions (id, account_id, presentation, token_hash, remembered, access_seconds, created_at, last_used_at, expires_at, \
     address, user_agent) \
     select md5(n::text)::uuid, mod(n::numeric * 5127902309481239, 9007199254740992)::bigint, 'browser', sha256(int8send(n)), false, 0, \
     now(), now(), now() + interval '30 days', '192.0.2.1', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' \
     from generate_series($1, $2) as n",
    "insert into devices (account_id, token_hash, name, first_seen_at, last_seen_at) \
     select mod(n::numeric * 5127902309481239, 9007199254740992)::bigint, sha256(int8send(n)), 'Firefox, Linux', now(), now() \
     from generate_series($1, $2) as n",
    "insert into verifications (id, purpose, account_id, destination_index, channel, channel_chosen, secret_hash, secret_sealed, \
     lifetime, asked_at, handed_at, expires_at) \
     select md5('v' || n)::uuid, 'sign_in', mod(n::numeric * 5127902309481239, 9007199254740992)::bigint, sha256(int8send(n)), 'sms', \
     false, sha256(int8send(-n)), substring(sha256(int8send(n)) || sha256(int8send(-n)) from 1 for 55), interval '1 day', now(), now(), \
     now() + interval '1 day' \
     from generate_series($1, $2) as n",
];

/// Makes an empty database and returns its address.
pub async fn create(url: &str, name: &str) -> Outcome<String> {
    let mut conn = PgConnection::connect(url).await?;
    conn.execute(AssertSqlSafe(format!("drop database if exists {name} with (force)"))).await?;
    conn.execute(AssertSqlSafe(format!("create database {name}"))).await?;
    let mut url = url::Url::parse(url)?;
    url.set_path(name);
    Ok(url.into())
}

pub async fn drop_database(url: &str, name: &str) -> Outcome<()> {
    PgConnection::connect(url).await?.execute(AssertSqlSafe(format!("drop database {name} with (force)"))).await?;
    Ok(())
}

/// Fills a database of the product with accounts, each with a session, a device and a code that waits.
pub async fn fill(url: &str, count: u64) -> Outcome<()> {
    let mut conn = PgConnection::connect(url).await?;
    for from in (1..=count).step_by(usize::try_from(BATCH)?) {
        for statement in FILL {
            sqlx::query(statement)
                .bind(i64::try_from(from)?)
                .bind(i64::try_from((from + BATCH - 1).min(count))?)
                .execute(&mut conn)
                .await?;
        }
        println!("bench: {} of {count} accounts", (from + BATCH - 1).min(count));
    }
    // Else autovacuum does it while something is measured.
    conn.execute("vacuum analyze accounts, sessions, devices, verifications").await?;
    Ok(())
}

/// The table of the bare server: the same people, then as many others.
pub async fn fill_bare(url: &str, count: u64) -> Outcome<()> {
    let mut conn = PgConnection::connect(url).await?;
    conn.execute(
        "create table accounts (id bigint generated always as identity primary key, phone text not null unique, name text not null, \
         password_hash text not null)",
    )
    .await?;
    conn.execute("create table codes (code text primary key, account_id bigint not null)").await?;
    let hash = Argon2id::new(crate::bare::COST).hash(PASSWORD.as_bytes())?;
    for number in 0..PEOPLE {
        sqlx::query("insert into accounts (phone, name, password_hash) values ($1, 'Ana Souza', $2)")
            .bind(phone(number))
            .bind(&hash)
            .execute(&mut conn)
            .await?;
    }
    sqlx::query(
        "insert into accounts (phone, name, password_hash) select 'filled ' || n, 'Ana Souza', $2 from generate_series(1, $1) as n",
    )
    .bind(i64::try_from(count)?)
    .bind(&hash)
    .execute(&mut conn)
    .await?;
    conn.execute("vacuum analyze accounts").await?;
    Ok(())
}

/// The process of Postgres above all others.
pub async fn postmaster(url: &str) -> Outcome<u32> {
    let mut conn = PgConnection::connect(url).await?;
    let own: i32 = sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut conn).await?;
    crate::proc_files::parent(u32::try_from(own)?)
}

pub async fn version(url: &str) -> Outcome<String> {
    Ok(sqlx::query_scalar("show server_version").fetch_one(&mut PgConnection::connect(url).await?).await?)
}

/// Writes out what the filling left to be written, so that it is not written while something is measured. The private Postgres gives its
/// owner the same password.
pub async fn checkpoint(url: &str) -> Outcome<()> {
    let mut url = url::Url::parse(url)?;
    url.set_username("postgres").map_err(|()| "no user in the address of Postgres")?;
    url.set_path("postgres");
    PgConnection::connect(url.as_str()).await?.execute("checkpoint").await?;
    Ok(())
}
