//! A product that signs people in by OpenID Connect, as its server and their browsers ask.

use crate::Outcome;
use crate::client::{Asked, Connection, get, post_form};
use crate::people::Person;
use hyper::StatusCode;
use hyper::header::LOCATION;
use hyper::http::response::Parts;
use serde_json::Value;
use std::net::SocketAddr;
use url::Url;

/// Settings of the measured program: a product of the operator's own, so that nobody is asked whether it may.
pub const SETTINGS: &str = r#"[[clients]]
id = "bench"
name = "Bench"
redirect_uris = ["https://bench.example/callback"]
scopes = ["openid", "profile"]
trusted = true
"#;
const CALLBACK: &str = "https://bench.example/callback";
/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const AUTHORIZE: &str = "/oauth/authorize?response_type=code&client_id=bench&redirect_uri=https%3A%2F%2Fbench.example%2Fcallback\
    &scope=openid+profile&state=s&nonce=n&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";
pub const USERINFO: &str = "/oauth/userinfo";

pub fn authorize(cookie: &str) -> Outcome<Asked> {
    get(AUTHORIZE, &[("cookie", cookie)])
}

pub fn exchange(code: &str) -> Outcome<Asked> {
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", "bench"),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    post_form("/oauth/token", &form)
}

/// The code in the address that an answer leads to.
pub fn code_of(head: &Parts) -> Outcome<String> {
    let address = head.headers.get(LOCATION).ok_or("the answer leads nowhere")?.to_str()?;
    let address = Url::parse(address)?;
    let code = address.query_pairs().find(|(name, _)| name == "code").map(|(_, code)| code.into_owned());
    code.ok_or_else(|| format!("no code in {address}").into())
}

/// The value of `Authorization` for the access token of an answer.
pub fn bearer_of(body: &[u8]) -> Outcome<String> {
    let tokens: Value = serde_json::from_slice(body)?;
    Ok(format!("Bearer {}", tokens["access_token"].as_str().ok_or("no access token")?))
}

/// Enters the product as each of these people.
pub async fn enter(address: SocketAddr, people: &[Person]) -> Outcome<Vec<String>> {
    let mut connection = Connection::open(address).await?;
    let mut tokens = Vec::new();
    for person in people {
        let code = code_of(&connection.send(authorize(&person.cookie)?).await?)?;
        tokens.push(bearer_of(connection.fetch(exchange(&code)?, StatusCode::OK).await?.body())?);
    }
    Ok(tokens)
}
