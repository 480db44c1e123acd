//! What a product asks for, of the bare server: a code is one `SELECT` and one `INSERT`, an exchange one `DELETE` and two signatures,
//! and userinfo a checked signature and one `SELECT`. It signs as the product does, RS256 by `ring`, and knows nothing else of OAuth.

use crate::Outcome;
use crate::bare::{Failed, Shared, bearer};
use crate::client::{Connection, get, post_form};
use crate::openid::{bearer_of, code_of};
use crate::people::PEOPLE;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Form, Json};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{KeyPair, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey};
use rsa::pkcs8::EncodePrivateKey;
use serde::Deserialize;
use serde_json::{Value, json};
use sqlx::Row;
use std::net::SocketAddr;

/// As the product's keys are.
const RSA_BITS: usize = 2048;

pub struct Signer {
    pair: RsaKeyPair,
    random: SystemRandom,
}

impl Signer {
    pub fn new() -> Outcome<Self> {
        let key = rsa::RsaPrivateKey::new(&mut server::entropy::Generator, RSA_BITS)?;
        let pair = RsaKeyPair::from_pkcs8(key.to_pkcs8_der()?.as_bytes()).map_err(|error| error.to_string())?;
        Ok(Self { pair, random: SystemRandom::new() })
    }

    fn sign(&self, claims: &Value) -> Outcome<String> {
        let head = URL_SAFE_NO_PAD.encode(r#"{"alg":"RS256","kid":"1"}"#);
        let message = format!("{head}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
        let mut signature = vec![0; self.pair.public().modulus_len()];
        self.pair.sign(&RSA_PKCS1_SHA256, &self.random, message.as_bytes(), &mut signature).map_err(|_| "it cannot sign")?;
        Ok(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    fn read(&self, token: &str) -> Option<Value> {
        let (message, signature) = token.rsplit_once('.')?;
        let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, self.pair.public_key());
        key.verify(message.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).ok()?).ok()?;
        let (_, claims) = message.split_once('.')?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
    }
}

#[derive(Deserialize)]
pub struct Shown {
    code: String,
}

/// The id of the account stands for a session.
pub async fn authorize(State(shared): State<Shared>, headers: HeaderMap) -> Result<Response, Failed> {
    let Some(id) = bearer(&headers).and_then(|id| id.parse::<i64>().ok()) else { return Ok(StatusCode::UNAUTHORIZED.into_response()) };
    let account: i64 = sqlx::query_scalar("select id from accounts where id = $1").bind(id).fetch_one(&shared.pool).await?;
    let code = server::entropy::token();
    sqlx::query("insert into codes (code, account_id) values ($1, $2)").bind(&code).bind(account).execute(&shared.pool).await?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, format!("https://bench.example/callback?code={code}"))]).into_response())
}

pub async fn exchange(State(shared): State<Shared>, Form(Shown { code }): Form<Shown>) -> Result<Response, Failed> {
    let account: Option<i64> =
        sqlx::query_scalar("delete from codes where code = $1 returning account_id").bind(&code).fetch_optional(&shared.pool).await?;
    let Some(account) = account else { return Ok(StatusCode::BAD_REQUEST.into_response()) };
    let access = shared.signer.sign(&json!({ "sub": account, "aud": "access" }))?;
    let id = shared.signer.sign(&json!({ "sub": account, "aud": "bench" }))?;
    Ok(Json(json!({ "access_token": access, "id_token": id })).into_response())
}

pub async fn userinfo(State(shared): State<Shared>, headers: HeaderMap) -> Result<Response, Failed> {
    let claims = bearer(&headers).and_then(|token| shared.signer.read(token));
    let Some(id) = claims.and_then(|claims| claims["sub"].as_i64()) else { return Ok(StatusCode::UNAUTHORIZED.into_response()) };
    let row = sqlx::query("select name from accounts where id = $1").bind(id).fetch_one(&shared.pool).await?;
    Ok(Json(json!({ "sub": id, "name": row.try_get::<String, _>("name")? })).into_response())
}

/// A value of `Authorization` for each of the people.
pub async fn enter(address: SocketAddr) -> Outcome<Vec<String>> {
    let mut connection = Connection::open(address).await?;
    let mut tokens = Vec::new();
    for id in 1..=PEOPLE {
        let code = code_of(&connection.send(get("/authorize", &[("authorization", &format!("Bearer {id}"))])?).await?)?;
        let exchange = post_form("/token", &[("code", &code)])?;
        tokens.push(bearer_of(connection.fetch(exchange, StatusCode::OK).await?.body())?);
    }
    Ok(tokens)
}
