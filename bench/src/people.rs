//! People who sign up, prove their phone and sign in, so that there are real accounts and sessions to measure with.

use crate::Outcome;
use crate::client::{Connection, get, post_form, post_json};
use hyper::StatusCode;
use hyper::header::SET_COOKIE;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::time::Duration;

pub const PASSWORD: &str = "Umbrella#92x";
/// How many people sign in by turns.
///
/// So many that none signs in more often than an account has sessions: the oldest would end, and with it what is measured.
pub const PEOPLE: u64 = 256;
/// How often the outbox is asked for a code, every 20 ms.
const TRIES: u32 = 1500;

pub struct Person {
    /// The value of `Authorization`.
    pub bearer: String,
    /// The value of `Cookie`.
    pub cookie: String,
}

/// The phone of that number; those below [`PEOPLE`] are these people's.
pub fn phone(number: u64) -> String {
    format!("119{:08}", 10_000_000 + number)
}

pub fn registration(phone: &str) -> Value {
    json!({"fullName": "Ana Souza", "phone": phone, "password": PASSWORD, "termsAccepted": true})
}

pub async fn sign_up(address: SocketAddr) -> Outcome<Vec<Person>> {
    let mut connection = Connection::open(address).await?;
    let mut people = Vec::new();
    for number in 0..PEOPLE {
        people.push(person(&mut connection, &phone(number)).await?);
    }
    Ok(people)
}

async fn person(connection: &mut Connection, phone: &str) -> Outcome<Person> {
    connection.fetch(post_json("/api/auth/register/client", &registration(phone))?, StatusCode::ACCEPTED).await?;
    let code = code(connection, phone).await?;
    let proof = json!({"phone": phone, "code": code});
    connection.fetch(post_json("/api/auth/phone/verify", &proof)?, StatusCode::CREATED).await?;
    let login = post_json("/api/auth/login", &json!({"email": phone, "password": PASSWORD}))?;
    let tokens: Value = serde_json::from_slice(connection.fetch(login, StatusCode::OK).await?.body())?;
    let token = tokens["accessToken"].as_str().ok_or("no access token")?;
    let form = post_form("/login", &[("_form", "sign_in"), ("identifier", phone), ("password", PASSWORD)])?;
    let answer = connection.fetch(form, StatusCode::SEE_OTHER).await?;
    let cookies = answer.headers().get_all(SET_COOKIE).iter().filter_map(|cookie| cookie.to_str().ok()?.split(';').next());
    let cookie = cookies.collect::<Vec<_>>().join("; ");
    Ok(Person { bearer: format!("Bearer {token}"), cookie })
}

async fn code(connection: &mut Connection, phone: &str) -> Outcome<String> {
    for _ in 0..TRIES {
        let answer = connection.fetch(get("/dev/outbox.json", &[])?, StatusCode::OK).await?;
        let messages: Value = serde_json::from_slice(answer.body())?;
        let mut to_phone = messages.as_array().into_iter().flatten().filter(|message| message["to"] == format!("+55{phone}"));
        if let Some(code) = to_phone.find_map(|message| message["code"].as_str()) {
            return Ok(code.to_owned());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Err(format!("no code for {phone} at /dev/outbox").into())
}
