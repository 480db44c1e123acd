//! The OpenID provider (SPEC §15), as products and people use it. Where a check of the OpenID conformance plans says the same, it stands
//! in docs/openid.md with the name of its module.

mod asked;
mod attacks;
mod conformance;
mod consent;
mod cors;
mod ended;
mod journeys;
mod keys;
mod lost;
mod narrowed;
mod one_connection;
mod protocol;
mod tokens;

use crate::support::people::{EMAIL, PASSWORD};
use crate::support::{Actor, Answer, TestApp};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::Value;
use url::Url;

/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const SECRET: &str = "um segredo: com & sinais=";
const CALLBACK: &str = "https://escola.example/cb";

/// An operator's own product with a secret, one of another operator, a page without a secret, and one for riders alone.
fn clients(algorithm: Algorithm) -> String {
    let hash = URL_SAFE_NO_PAD.encode(<sha2::Sha256 as sha2::Digest>::digest(SECRET));
    format!(
        r#"
[[clients]]
id = "school"
name = "Escola Aurora"
redirect_uris = ["{CALLBACK}", "https://escola.example/cb?x=1", "http://127.0.0.1/cb"]
secret_hash = "sha256:{hash}"
post_logout_redirect_uris = ["https://escola.example/bye"]
scopes = ["openid", "profile", "email", "phone", "cpf", "offline_access"]
trusted = true
id_token_alg = "{algorithm:?}"

[[clients]]
id = "others"
name = "Loja do Zé"
redirect_uris = ["https://loja.example/cb"]
secret_hash = "sha256:{hash}"
scopes = ["openid", "email", "cpf"]
id_token_alg = "EdDSA"

[[clients]]
id = "page"
name = "Página"
redirect_uris = ["https://pagina.example/cb", "com.example.pagina:/cb"]
trusted = true
id_token_alg = "EdDSA"
audience = "https://api.pagina.example"
token_lifetime = "5m"

[[clients]]
id = "riders"
name = "Caronas"
redirect_uris = ["https://caronas.example/cb"]
trusted = true
kinds = ["caronista"]
id_token_alg = "EdDSA"
"#
    )
}

async fn start() -> TestApp {
    start_signing(Algorithm::EdDSA).await
}

/// An RSA key takes a while to make, so that few tests begin with one.
async fn start_signing(algorithm: Algorithm) -> TestApp {
    let app = TestApp::start_with_file(&clients(algorithm)).await;
    app.ignore_messages();
    app
}

/// A product that asks for a sign-in.
#[derive(Clone, Copy)]
struct Product {
    id: &'static str,
    callback: &'static str,
    has_secret: bool,
}

const SCHOOL: Product = Product { id: "school", callback: CALLBACK, has_secret: true };
const OTHERS: Product = Product { id: "others", callback: "https://loja.example/cb", has_secret: true };
const PAGE: Product = Product { id: "page", callback: "https://pagina.example/cb", has_secret: false };
const RIDERS: Product = Product { id: "riders", callback: "https://caronas.example/cb", has_secret: false };

impl Product {
    /// The address to which it sends a person. A value of `-` leaves a parameter out.
    fn address(&self, more: &[(&str, &str)]) -> String {
        let mut all = vec![
            ("client_id", self.id),
            ("redirect_uri", self.callback),
            ("response_type", "code"),
            ("scope", "openid"),
            ("state", "estado 1&2"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        for (name, value) in more {
            all.retain(|(known, _)| known != name);
            if *value != "-" {
                all.push((name, value));
            }
        }
        format!("/oauth/authorize?{}", url::form_urlencoded::Serializer::new(String::new()).extend_pairs(all).finish())
    }

    /// Exchanges a code as the product would. A value of `-` leaves a parameter out.
    async fn exchange(&self, app: &TestApp, code: &str, more: &[(&str, &str)]) -> Answer {
        let mut all = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", self.callback),
            ("code_verifier", VERIFIER),
            ("client_id", self.id),
        ];
        if self.has_secret {
            all.push(("client_secret", SECRET));
        }
        for (name, value) in more {
            all.retain(|(known, _)| known != name);
            if *value != "-" {
                all.push((name, value));
            }
        }
        let client = app.anonymous();
        client.send_raw(client.raw("POST", "/oauth/token").form(&all)).await
    }

    /// A code for somebody who is signed in.
    async fn code(&self, browser: &Actor<'_>, more: &[(&str, &str)]) -> String {
        let answer = browser.get(&self.address(more)).await.expect(303);
        parameter(answer.location(), "code").unwrap_or_else(|| panic!("no code: {}", answer.location()))
    }

    async fn tokens(&self, app: &TestApp, browser: &Actor<'_>, more: &[(&str, &str)]) -> Value {
        let code = self.code(browser, more).await;
        self.exchange(app, &code, &[]).await.expect(200).json()
    }
}

/// A parameter of an address.
fn parameter(address: &str, name: &str) -> Option<String> {
    let address = Url::parse(address).unwrap_or_else(|_| panic!("no address: {address}"));
    address.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}

/// A browser as a person without a script has it.
fn browser(app: &TestApp) -> Actor<'_> {
    app.anonymous().header("accept", "text/html")
}

async fn sign_in(browser: &Actor<'_>) -> Answer {
    browser.form("/login", "sign_in", &[("identifier", EMAIL), ("password", PASSWORD)]).await.expect(303)
}

/// A teacher's browser, signed in.
async fn signed_in(app: &TestApp) -> Actor<'_> {
    app.proved_teacher(EMAIL).await;
    let browser = browser(app);
    sign_in(&browser).await;
    browser
}

/// Follows redirects until one leaves for a product, or a page comes. A page that goes on to a product by itself leaves for it, too.
async fn follow(browser: &Actor<'_>, first: Answer) -> Answer {
    let mut answer = first;
    for _ in 0..6 {
        if answer.status != 303 || !answer.location().starts_with('/') {
            return leaving(answer);
        }
        answer = browser.get(answer.location()).await;
    }
    panic!("it goes round: {}", answer.location())
}

/// A page that goes on by itself, with the address to which it goes.
fn leaving(mut page: Answer) -> Answer {
    let target = page.text.split("http-equiv=\"refresh\" content=\"0;url=").nth(1).and_then(|rest| rest.split('"').next());
    if let Some(address) = target.filter(|_| page.status == 200).map(|address| address.replace("&amp;", "&")) {
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        page.headers.insert("location", address.parse().expect("an address"));
    }
    page
}

/// Where the forms of a page may lead.
fn form_action(page: &Answer) -> &str {
    let policy = page.header("content-security-policy").split("; ").find_map(|part| part.strip_prefix("form-action "));
    policy.unwrap_or_else(|| panic!("{:?}", page.headers))
}

/// The claims of a token, after its signature was checked by what the JWKS says.
async fn claims(app: &TestApp, token: &str, algorithm: Algorithm) -> Value {
    let keys: JwkSet = serde_json::from_value(app.get("/.well-known/jwks.json").await.expect(200).json()).expect("a JWKS");
    let header = jsonwebtoken::decode_header(token).expect("a header");
    assert_eq!(header.alg, algorithm);
    let key = keys.find(&header.kid.expect("a kid")).expect("a published key");
    let mut validation = Validation::new(algorithm);
    validation.validate_exp = false;
    validation.validate_aud = false;
    jsonwebtoken::decode(token, &DecodingKey::from_jwk(key).expect("a key"), &validation).expect("a signature").claims
}

async fn userinfo(app: &TestApp, access: &str) -> Answer {
    app.anonymous().bearer(access).get("/oauth/userinfo").await
}

fn basic(id: &str, secret: &str) -> String {
    let encode = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    format!("Basic {}", STANDARD.encode(format!("{}:{}", encode(id), encode(secret))))
}
