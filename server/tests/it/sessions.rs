//! Sessions and tokens (SPEC §6): coming in, staying, going out.

use crate::support::people::{EMAIL, PASSWORD, PHONE, TYPED_PHONE, WRONG_PASSWORD, client_form};
use crate::support::{Answer, TestApp, sealer_of};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde_json::{Value, json};
use server::db::keys::{SigningKey, signing_keys};
use time::Duration;

async fn refresh(app: &TestApp, token: &str) -> Answer {
    app.post("/api/auth/refresh-token", json!({ "refreshToken": token })).await
}

// ── coming in

#[tokio::test]
async fn a_login_answers_as_the_document_has_it() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let answer = app.login(EMAIL, PASSWORD).await.expect(200);
    assert_eq!(answer.keys(), ["accessToken", "expiresIn", "refreshToken", "user"]);
    assert_eq!(answer.json()["expiresIn"], 86_400);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(answer.cookies().is_empty(), "an API client gets no cookie");
    assert_eq!(app.whoever_got(&answer).profile().await["email"], EMAIL);
}

#[tokio::test]
async fn wrong_and_unknown_look_alike() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let wrong = app.login(EMAIL, WRONG_PASSWORD).await.expect_problem(401);
    for unknown in ["nobody@example.com", "nobody", "11912345678", "529.982.247-25", "12.ABC.345/01DE-35", "' OR 1=1 --", "\u{0}"] {
        let answer = app.login(unknown, WRONG_PASSWORD).await.expect_problem(401);
        assert_eq!(answer.json(), wrong.json(), "{unknown:?}");
    }
}

#[tokio::test]
async fn what_is_missing_or_of_the_wrong_type_is_400_at_its_field() {
    let app = TestApp::start().await;
    for body in [
        json!({}),
        json!({ "email": " ", "password": "" }),
        json!({ "email": null, "password": null }),
        json!({ "email": 1, "password": [] }),
    ] {
        let answer = app.post("/api/auth/login", body).await.expect_problem(400);
        assert_eq!((answer.errors("email").len(), answer.errors("password").len()), (1, 1), "{}", answer.text);
    }
}

#[tokio::test]
async fn remember_me_of_the_wrong_type_is_400_at_its_field() {
    let app = TestApp::start().await;
    let answer =
        app.post("/api/auth/login", json!({ "email": EMAIL, "password": PASSWORD, "rememberMe": "sim" })).await.expect_problem(400);
    assert_eq!(answer.errors("rememberMe").len(), 1, "{}", answer.text);
}

#[tokio::test]
async fn far_too_long_values_are_400_and_cost_no_hash() {
    let app = TestApp::start().await;
    let answer = app.login(&"x".repeat(255), &"y".repeat(257)).await.expect_problem(400);
    assert_eq!((answer.errors("email").len(), answer.errors("password").len()), (1, 1), "{}", answer.text);
    assert_eq!(app.count("select count(*) from tallies").await, 0);
}

#[tokio::test]
async fn an_account_signs_in_by_email_and_by_phone() {
    let app = TestApp::start().await;
    app.proved_client_with(PHONE, EMAIL).await;
    for identifier in [EMAIL, " ANA@Example.com ", TYPED_PHONE, "11987654321", "+55 11 98765-4321"] {
        let answer = app.login(identifier, PASSWORD).await;
        assert_eq!(answer.status, 200, "{identifier}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_client_without_a_password_cannot_sign_in_by_one() {
    let app = TestApp::start().await;
    app.proved_client(PHONE).await;
    app.login(PHONE, PASSWORD).await.expect_problem(401);
    app.login(PHONE, "nobody has this password").await.expect_problem(401);
}

#[tokio::test]
async fn a_first_sign_in_from_another_device_is_told_to_the_owner() {
    let app = TestApp::start().await;
    app.teacher().await;
    let elsewhere = app.anonymous().header("user-agent", "curl/8.5.0");
    elsewhere.post("/api/auth/login", json!({ "email": EMAIL, "password": PASSWORD })).await.expect(200);
    let messages = app.messages_to(EMAIL).await;
    let notices: Vec<_> = messages.iter().filter(|message| message["subject"] == "Novo acesso à sua conta").collect();
    assert_eq!(notices.len(), 1, "{messages:?}");
    assert!(notices[0]["body"].as_str().is_some_and(|body| body.contains("curl")), "{notices:?}");
}

// ── access tokens

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

/// The key in force, as the server has it.
async fn signing_key(app: &TestApp) -> SigningKey {
    let sealer = sealer_of(&app.pool).await;
    signing_keys(&app.pool, &sealer, app.now()).await.expect("keys").into_iter().next().expect("a key")
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
    // the way these were made is right: the same claims under the right header open
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
    // a node that starts looks at the keys
    let other = app.second_node().await;
    before.profile().await;
    other.anonymous().bearer(&before.access).profile().await;
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

// ── refresh tokens

#[tokio::test]
async fn a_refresh_token_is_exchanged_for_a_new_pair() {
    let app = TestApp::start().await;
    let first = app.teacher().await;
    let answer = first.ask_refresh().await.expect(200);
    assert_eq!(answer.keys(), ["accessToken", "expiresIn", "refreshToken", "user"]);
    let second = app.whoever_got(&answer);
    assert_ne!(first.refresh, second.refresh);
    second.profile().await;
    second.ask_refresh().await.expect(200);
}

#[tokio::test]
async fn a_missing_or_mistyped_refresh_token_is_400_at_its_field() {
    let app = TestApp::start().await;
    for body in [json!({}), json!({ "refreshToken": "" }), json!({ "refreshToken": 5 })] {
        let answer = app.post("/api/auth/refresh-token", body).await.expect_problem(400);
        assert_eq!(answer.errors("refreshToken").len(), 1, "{}", answer.text);
    }
    refresh(&app, "unknown").await.expect_problem(401);
}

#[tokio::test]
async fn within_thirty_seconds_the_same_client_gets_the_same_successor() {
    let app = TestApp::start().await;
    let teacher = app.teacher().await;
    let successor = teacher.refreshed().await;
    app.advance(Duration::seconds(29));
    assert_eq!(teacher.refreshed().await.refresh, successor.refresh);
    successor.ask_refresh().await.expect(200);
}

#[tokio::test]
async fn a_reused_refresh_token_ends_the_family() {
    let app = TestApp::start().await;
    let first = app.teacher().await;
    let second = first.refreshed().await;
    app.advance(Duration::seconds(30));
    first.ask_refresh().await.expect_problem(401);
    second.expect_ended().await;
    first.expect_out().await;
    assert_eq!(app.count("select count(*) from audit where event = 'authn_token_reuse'").await, 1);
}

#[tokio::test]
async fn another_client_gets_no_grace() {
    let app = TestApp::start().await;
    let first = app.teacher().await;
    let second = first.refreshed().await;
    let thief = app.anonymous().header("user-agent", "curl/8.5.0");
    thief.post("/api/auth/refresh-token", json!({ "refreshToken": first.refresh })).await.expect_problem(401);
    second.expect_out().await;
}

#[tokio::test]
async fn one_familys_end_leaves_other_sessions_alone() {
    let app = TestApp::start().await;
    let first = app.teacher().await;
    let elsewhere = first.elsewhere().await;
    first.ask_refresh().await.expect(200);
    app.advance(Duration::minutes(1));
    first.ask_refresh().await.expect_problem(401);
    elsewhere.profile().await;
}

#[tokio::test]
async fn remembered_a_session_lives_thirty_days_and_no_longer() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let body = json!({ "email": EMAIL, "password": PASSWORD, "rememberMe": true });
    let mut teacher = app.whoever_got(&app.post("/api/auth/login", body).await.expect(200));
    for _ in 0..29 {
        app.advance(Duration::days(1));
        teacher = teacher.refreshed().await;
    }
    app.advance(Duration::days(1) - Duration::seconds(1));
    teacher = teacher.refreshed().await;
    app.advance(Duration::seconds(1));
    teacher.ask_refresh().await.expect_problem(401);
    teacher.expect_out().await;
}

#[tokio::test]
async fn not_remembered_a_session_ends_after_a_day_without_use() {
    let app = TestApp::start().await;
    let teacher = app.teacher().await;
    app.advance(Duration::hours(24) - Duration::seconds(1));
    let teacher = teacher.refreshed().await;
    app.advance(Duration::hours(24));
    teacher.ask_refresh().await.expect_problem(401);
}

// ── going out

#[tokio::test]
async fn signing_out_ends_the_session_at_once() {
    let app = TestApp::start().await;
    let teacher = app.teacher().await;
    let out = teacher.sign_out().await.expect(200);
    assert_eq!(out.keys(), ["message"]);
    teacher.expect_ended().await;
    teacher.sign_out().await.expect_problem(401);
}

// ── the browser

async fn browser_login(app: &TestApp, remember: bool) -> Answer {
    let mut fields = vec![("identifier", EMAIL), ("password", PASSWORD)];
    if remember {
        fields.push(("remember", "true"));
    }
    app.anonymous().form("/login", "sign_in", &fields).await.expect(303)
}

#[tokio::test]
async fn a_session_cookie_is_out_of_a_scripts_reach() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let answer = browser_login(&app, false).await;
    assert_eq!(answer.location(), "/dashboard");
    let cookie = answer.cookie("portaria_session");
    assert!(cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Lax") && cookie.contains("; Path=/"), "{cookie}");
    assert!(!cookie.contains("Max-Age") && !cookie.contains("Expires"), "until the browser is closed: {cookie}");
    let value = cookie.split(['=', ';']).nth(1).expect("a value");
    assert!(value.len() >= 22 && !value.contains('.'), "opaque: {cookie}");
}

#[tokio::test]
async fn remembered_the_cookie_stays_thirty_days() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let cookie = browser_login(&app, true).await.cookie("portaria_session");
    assert!(cookie.contains("; Max-Age=2592000"), "{cookie}");
}

#[tokio::test]
async fn over_https_every_cookie_is_secure_and_bound_to_the_host() {
    let app = TestApp::start_with(&[("PUBLIC_URL", "https://portaria.example")]).await;
    app.proved_teacher(EMAIL).await;
    let session = browser_login(&app, false).await;
    let signup = app.anonymous().form("/register/client", "sign_up", &client_form(PHONE)).await.expect(303);
    for cookie in [session.cookie("__Host-portaria_session"), signup.cookie("__Host-portaria_signup")] {
        for attribute in ["; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"] {
            assert!(cookie.contains(attribute), "{attribute}: {cookie}");
        }
        assert!(!cookie.to_lowercase().contains("domain="), "{cookie}");
    }
    assert!(session.header("strict-transport-security").starts_with("max-age="));
    // a cookie that a sibling host could plant is not looked at
    let value = session.cookie("__Host-portaria_session").split(['=', ';']).nth(1).expect("a value").to_owned();
    app.anonymous().header("cookie", &format!("portaria_session={value}")).get("/dashboard").await.expect(303);
    app.anonymous().header("cookie", &format!("__Host-portaria_session={value}")).get("/dashboard").await.expect(200);
    app.expect_message(PHONE, "seu codigo para criar sua conta").await;
}

#[tokio::test]
async fn signing_in_gives_a_new_token_each_time() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let value = |answer: &Answer| answer.cookie("portaria_session").split(['=', ';']).nth(1).expect("a value").to_owned();
    let (first, second) = (value(&browser_login(&app, false).await), value(&browser_login(&app, false).await));
    assert_ne!(first, second);
    // nor does it take up one that somebody planted
    for planted in ["planted", &*first] {
        let victim = app.anonymous().header("cookie", &format!("portaria_session={planted}"));
        let answer = victim.form("/login", "sign_in", &[("identifier", EMAIL), ("password", PASSWORD)]).await.expect(303);
        assert!(![planted, &*first, &*second].contains(&&*value(&answer)), "{planted}");
    }
    app.expect_message(EMAIL, "Novo acesso à sua conta").await;
}

#[tokio::test]
async fn an_ended_session_leads_from_the_dashboard_to_the_login_page() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let browser = app.sign_in_by_page(EMAIL, PASSWORD).await;
    browser.get("/dashboard").await.expect(200);
    sqlx::query("update sessions set ended_at = $1").bind(app.now()).execute(&app.pool).await.expect("ended");
    let answer = browser.get("/dashboard").await.expect(303);
    assert!(answer.location().starts_with("/login"), "{}", answer.location());
}

#[tokio::test]
async fn a_browser_session_ends_after_a_day_on_the_server_too() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let browser = app.sign_in_by_page(EMAIL, PASSWORD).await;
    app.advance(Duration::hours(24));
    browser.get("/dashboard").await.expect(303);
}

#[tokio::test]
async fn signing_out_of_the_browser_ends_the_session_on_the_server() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let browser = app.anonymous();
    let cookie =
        browser.form("/login", "sign_in", &[("identifier", EMAIL), ("password", PASSWORD)]).await.expect(303).cookie("portaria_session");
    let out = browser.form("/dashboard", "sign_out", &[]).await.expect(303);
    assert!(out.location().starts_with('/'), "{}", out.location());
    assert!(out.cookie("portaria_session").contains("Max-Age=0"));
    let value = cookie.split(';').next().expect("a pair").to_owned();
    app.anonymous().header("cookie", &value).get("/dashboard").await.expect(303);
}

#[tokio::test]
async fn a_wrong_password_comes_back_as_a_page_that_keeps_the_identifier_alone() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let page = app.anonymous().form("/login", "sign_in", &[("identifier", EMAIL), ("password", WRONG_PASSWORD)]).await.expect(401);
    assert!(page.text.contains(EMAIL) && !page.text.contains(WRONG_PASSWORD), "{}", page.text);
    assert!(page.text.contains("Dados de acesso incorretos"), "{}", page.text);
    app.pending_teacher("carla@example.com").await;
    let page = app.anonymous().form("/login", "sign_in", &[("identifier", "carla@example.com"), ("password", PASSWORD)]).await.expect(403);
    assert!(page.text.contains("/resend-verification"), "{}", page.text);
    app.expect_message("carla@example.com", "Verifique sua conta").await;
}

#[tokio::test]
async fn a_pages_cookie_serves_the_api_too_and_a_wrong_bearer_is_not_made_up_for_by_it() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let browser = app.sign_in_by_page(EMAIL, PASSWORD).await;
    browser.get("/api/auth/profile").await.expect(200);
    browser.bearer("abc").get("/api/auth/profile").await.expect_problem(401);
}

#[tokio::test]
async fn who_signs_in_again_in_the_same_browser_leaves_no_session_behind() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let browser = app.anonymous();
    let fields = [("identifier", EMAIL), ("password", PASSWORD)];
    for _ in 0..3 {
        browser.form("/login", "sign_in", &fields).await.expect(303);
    }
    assert_eq!(app.count("select count(*) from sessions where ended_at is null").await, 1);
    browser.get("/dashboard").await.expect(200);
    // another browser, and an API client, have theirs
    app.anonymous().form("/login", "sign_in", &fields).await.expect(303);
    app.login(EMAIL, PASSWORD).await.expect(200);
    assert_eq!(app.count("select count(*) from sessions where ended_at is null").await, 3);
    app.expect_message(EMAIL, "Novo acesso à sua conta").await;
}
