//! Access tokens.

use super::refresh;
use crate::support::people::{EMAIL, PASSWORD};
use crate::support::{TestApp, sealer_of};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde_json::{Value, json};
use server::db::signing_keys::{SigningKey, kept};
use time::Duration;

#[tokio::test]
async fn a_protected_route_needs_a_session() {
    let app = TestApp::start().await;
    let answer = app.get("/api/auth/profile").await.expect_problem(401);
    assert_eq!(answer.header("www-authenticate"), "Bearer");
    app.anonymous().sign_out().await.expect_problem(401);
}

#[tokio::test]
async fn the_published_keys_verify_the_token_and_its_claims_are_those_of_the_contract() {
    let app = TestApp::start().await;
    let teacher = app.teacher().await;
    let access = &teacher.access;
    let jwks = app.get("/.well-known/jwks.json").await.expect(200).json();
    let header = jsonwebtoken::decode_header(access).expect("a header");
    assert_eq!(header.alg, Algorithm::EdDSA);
    let key = jwks["keys"].as_array().expect("keys").iter().find(|key| key["kid"] == json!(header.kid)).expect("its key");
    assert_eq!((&key["kty"], &key["crv"], &key["alg"]), (&json!("OKP"), &json!("Ed25519"), &json!("EdDSA")));
    assert_eq!(key.get("d"), None, "never the private part");
    let public = DecodingKey::from_ed_components(key["x"].as_str().expect("x")).expect("a key");
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_issuer(&[&app.url]);
    validation.set_audience(&["portaria"]);
    let claims = jsonwebtoken::decode::<Value>(access, &public, &validation).expect("valid").claims;
    let mut names: Vec<_> = claims.as_object().expect("claims").keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["aud", "exp", "iat", "iss", "jti", "kind", "sid", "sub"]);
    assert_eq!(claims["sub"], teacher.profile().await["id"].to_string());
    assert_eq!(claims["kind"], "professor");
    assert_eq!(claims["exp"].as_i64().expect("exp") - claims["iat"].as_i64().expect("iat"), 86_400);
}

#[tokio::test]
async fn an_access_token_lives_as_long_as_it_says() {
    let app = TestApp::start_with(&[("ACCESS_TOKEN_LIFETIME", "10m")]).await;
    app.proved_teacher(EMAIL).await;
    let answer = app.login(EMAIL, PASSWORD).await.expect(200);
    assert_eq!(answer.json()["expiresIn"], 600);
    let teacher = app.whoever_got(&answer);
    app.advance(Duration::seconds(599));
    teacher.profile().await;
    app.advance(Duration::seconds(1));
    teacher.expect_out().await;
}

/// The signing key in force, as the server has it.
async fn signing_key(app: &TestApp) -> SigningKey {
    let sealer = sealer_of(&app.pool).await;
    kept(&app.pool, &sealer, app.now()).await.expect("keys").into_iter().next().expect("a key")
}

fn part(token: &str, n: usize) -> Value {
    let part = token.split('.').nth(n).expect("a part");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64")).expect("JSON")
}

fn encode(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

#[tokio::test]
async fn no_token_but_ours_opens_anything() {
    let app = TestApp::start().await;
    let access = app.teacher().await.access;
    let key = signing_key(&app).await;
    let (head, claims) = (part(&access, 0), part(&access, 1));
    let header = |typ: Option<&str>, kid: Option<&str>| Header {
        typ: typ.map(str::to_owned),
        kid: kid.map(str::to_owned),
        ..Header::new(Algorithm::EdDSA)
    };
    let right = header(Some("at+jwt"), Some(&key.kid));
    let private = EncodingKey::from_ed_der(&key.private);
    let with = |name: &str, value: Value| {
        let mut claims = claims.clone();
        claims[name] = value;
        jsonwebtoken::encode(&right, &claims, &private).expect("a token")
    };
    let now = app.now().unix_timestamp();
    let foreign = {
        use ed25519_dalek::pkcs8::EncodePrivateKey;
        let key = ed25519_dalek::SigningKey::from_bytes(&[9; 32]).to_pkcs8_der().expect("a key");
        jsonwebtoken::encode(&right, &claims, &EncodingKey::from_ed_der(key.as_bytes())).expect("a token")
    };
    let hmac_by_public_key = {
        let header = Header { typ: Some("at+jwt".into()), kid: Some(key.kid.clone()), ..Header::new(Algorithm::HS256) };
        jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(&key.public)).expect("a token")
    };
    let unsigned = |alg: &str| {
        let mut head = head.clone();
        head["alg"] = alg.into();
        format!("{}.{}.", encode(&head), encode(&claims))
    };
    let embedded = {
        use ed25519_dalek::pkcs8::EncodePrivateKey;
        let key = ed25519_dalek::SigningKey::from_bytes(&[9; 32]);
        let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(key.verifying_key().as_bytes()) });
        let mut header = Header { jwk: serde_json::from_value(jwk).ok(), ..right.clone() };
        header.jku = Some("https://evil.example/jwks.json".into());
        let private = key.to_pkcs8_der().expect("a key");
        jsonwebtoken::encode(&header, &claims, &EncodingKey::from_ed_der(private.as_bytes())).expect("a token")
    };
    let flipped = {
        let (message, signature) = access.rsplit_once('.').expect("a signature");
        let mut bytes = URL_SAFE_NO_PAD.decode(signature).expect("base64");
        bytes[5] ^= 1;
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(bytes))
    };
    let another_account = {
        let mut parts: Vec<_> = access.split('.').map(str::to_owned).collect();
        let mut claims = claims.clone();
        claims["sub"] = "1".into();
        parts[1] = encode(&claims);
        parts.join(".")
    };
    for (why, token) in [
        ("alg none", unsigned("none")),
        ("alg nOnE", unsigned("nOnE")),
        ("alg EdDSA without a signature", unsigned("EdDSA")),
        ("HS256 with the public key", hmac_by_public_key),
        ("another key under our kid", foreign),
        ("a key of its own", embedded),
        ("a flipped bit", flipped),
        ("changed claims", another_account),
        ("another audience", with("aud", json!("outro"))),
        ("another issuer", with("iss", json!("https://evil.example"))),
        ("expired", with("exp", json!(now))),
        ("issued tomorrow", with("iat", json!(now + 86_400))),
        ("no expiry", with("exp", Value::Null)),
        ("no session", with("sid", json!("x"))),
        ("another session", with("sid", json!("00000000-0000-4000-8000-000000000000"))),
        ("an unknown kid", jsonwebtoken::encode(&header(Some("at+jwt"), Some("x")), &claims, &private).expect("a token")),
        ("no kid", jsonwebtoken::encode(&header(Some("at+jwt"), None), &claims, &private).expect("a token")),
        ("another type", jsonwebtoken::encode(&header(Some("JWT"), Some(&key.kid)), &claims, &private).expect("a token")),
        ("nothing", String::new()),
        ("no JWT", "abc.def.ghi".to_owned()),
        ("braces", "{\"alg\":\"none\"}".to_owned()),
    ] {
        let answer = app.anonymous().header("authorization", &format!("Bearer {token}")).get("/api/auth/profile").await;
        assert_eq!(answer.status, 401, "{why}: {}", answer.text);
    }
    // The way the tokens were made is right: the same claims with the right header are accepted.
    let again = jsonwebtoken::encode(&right, &claims, &private).expect("a token");
    app.anonymous().bearer(&again).profile().await;
}

#[tokio::test]
async fn tokens_of_other_uses_are_no_access_tokens() {
    let app = TestApp::start().await;
    let teacher = app.teacher().await;
    let link = app.token_to(EMAIL).await;
    for token in [&teacher.refresh, &link] {
        app.anonymous().bearer(token).expect_out().await;
        refresh(&app, &format!("{token}x")).await.expect_problem(401);
    }
    refresh(&app, &teacher.access).await.expect_problem(401);
}

#[tokio::test]
async fn a_new_signing_key_signs_nobody_out() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    app.advance(Duration::days(30) - Duration::hours(1));
    let before = app.sign_in(EMAIL, PASSWORD).await;
    app.advance(Duration::hours(1));
    // A node looks at the age of the keys when it starts.
    let other = app.second_node().await;
    before.profile().await;
    other.anonymous().bearer(&before.access).profile().await;
    // It is published one life of the cached JWKS before.
    app.advance(Duration::minutes(11));
    let after = other.whoever_got(&refresh(&other, &before.refresh).await.expect(200));
    assert_ne!(part(&after.access, 0)["kid"], part(&before.access, 0)["kid"], "a new key signs");
    app.anonymous().bearer(&after.access).profile().await;
    let jwks = other.get("/.well-known/jwks.json").await.expect(200).json();
    assert_eq!(jwks["keys"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn a_token_of_one_node_is_good_at_another() {
    let app = TestApp::start().await;
    let other = app.second_node().await;
    let teacher = app.teacher().await;
    let there = other.anonymous().bearer(&teacher.access);
    there.profile().await;
    there.post("/api/auth/logout", json!({})).await.expect(200);
    teacher.expect_out().await;
}
