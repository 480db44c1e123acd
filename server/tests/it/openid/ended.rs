//! Products learn that a session ended in which they got tokens (OpenID Connect Back-Channel Logout 1.0).

use super::{Algorithm, EMAIL, PASSWORD, Product, browser, claims, sign_in};
use crate::support::carrier::{Answer as Said, Carrier, Request};
use crate::support::people::{NEW_PASSWORD, PHONE};
use crate::support::{Actor, TestApp};
use portaria::support::Sought;
use serde_json::{Value, json};
use server::metrics::Metrics;
use server::services::erasure::erase_due;
use server::services::support::operator;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use time::Duration;

const TOLD: Product = Product { id: "told", callback: "https://told.example/cb", has_secret: false };
const OTHER: Product = Product { id: "other", callback: "https://other.example/cb", has_secret: false };
const SILENT: Product = Product { id: "silent", callback: "https://silent.example/cb", has_secret: false };

/// Two products that are told at these addresses, and one that is not.
async fn start(told: &Carrier, other: &Carrier) -> TestApp {
    let client = |product: Product, more: &str| {
        let Product { id, callback, .. } = product;
        format!(
            "[[clients]]\nid = \"{id}\"\nname = \"{id}\"\nredirect_uris = [\"{callback}\"]\ntrusted = true\nid_token_alg = \"EdDSA\"\n\
             scopes = [\"openid\", \"offline_access\"]\n{more}\n"
        )
    };
    let at = |carrier: &Carrier| format!("backchannel_logout_uri = \"{}fim?x=1\"\nbackchannel_logout_session_required = true", carrier.url);
    let file = [client(TOLD, &at(told)), client(OTHER, &at(other)), client(SILENT, "")].concat();
    let app = TestApp::start_with_file(&file).await;
    app.ignore_messages();
    app.proved_teacher(EMAIL).await;
    app
}

async fn well() -> Carrier {
    Carrier::always(Said::json(200, json!({}))).await
}

/// The token in what a product was told, by what it says after its signature was checked.
async fn token(app: &TestApp, request: &Request) -> Value {
    assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/fim"));
    assert_eq!(request.headers["content-type"], "application/x-www-form-urlencoded");
    let form: Vec<(String, String)> = url::form_urlencoded::parse(&request.body).into_owned().collect();
    let [(name, token)] = form.as_slice() else { panic!("{form:?}") };
    assert_eq!(name, "logout_token");
    let header = jsonwebtoken::decode_header(token).expect("a header");
    assert_eq!(header.typ.as_deref(), Some("logout+jwt"));
    claims(app, token, Algorithm::EdDSA).await
}

/// Signs in and goes to a product. Returns the browser, and the session as the product knows it.
async fn entered(app: &TestApp, product: Product) -> (Actor<'_>, String) {
    let browser = browser(app);
    sign_in(&browser).await;
    let sid = enter(app, &browser, product).await;
    (browser, sid)
}

async fn enter(app: &TestApp, browser: &Actor<'_>, product: Product) -> String {
    let tokens = product.tokens(app, browser, &[]).await;
    let id = claims(app, tokens["id_token"].as_str().expect("a token"), Algorithm::EdDSA).await;
    id["sid"].as_str().expect("a session").to_owned()
}

impl TestApp {
    /// Tells products what is due. Returns how much they took.
    async fn tell_products(&self) -> usize {
        self.logouts.as_ref().expect("a product that is told").deliver_due().await.expect("a pass")
    }
}

async fn sids(app: &TestApp, carrier: &Carrier) -> Vec<String> {
    let mut sids = Vec::new();
    for request in carrier.requests() {
        sids.push(token(app, &request).await["sid"].as_str().expect("a session").to_owned());
    }
    sids
}

#[tokio::test]
async fn a_product_is_told_which_session_ended_and_nobody_else_is() {
    let (told, other) = (well().await, well().await);
    let app = start(&told, &other).await;
    let discovery = app.get("/.well-known/openid-configuration").await.json();
    assert_eq!(
        (&discovery["backchannel_logout_supported"], &discovery["backchannel_logout_session_supported"]),
        (&json!(true), &json!(true))
    );
    let (here, sid) = entered(&app, TOLD).await;
    // A code that was never exchanged gave nothing, and a product that does not ask for it is not told.
    OTHER.code(&here, &[]).await;
    assert_eq!(enter(&app, &here, SILENT).await, sid);
    let (_elsewhere, of_other) = entered(&app, OTHER).await;
    assert_ne!(of_other, sid);
    here.form("/dashboard", "sign_out", &[]).await.expect(303);
    assert_eq!(app.tell_products().await, 1);
    assert!(other.requests().is_empty());
    let said = token(&app, &told.requests()[0]).await;
    let account = app.count("select id from accounts").await.to_string();
    assert_eq!((&said["iss"], &said["aud"], &said["sub"], &said["sid"]), (&json!(app.url), &json!("told"), &json!(account), &json!(sid)));
    assert_eq!(said["events"], json!({ "http://schemas.openid.net/event/backchannel-logout": {} }));
    let now = app.now().unix_timestamp();
    assert_eq!((&said["iat"], &said["exp"], &said["nonce"]), (&json!(now), &json!(now + 120), &Value::Null));
    assert!(said["jti"].is_string());
    assert_eq!((app.tell_products().await, app.count("select count(*) from openid_logouts").await), (0, 0), "once");
}

#[tokio::test]
async fn whatever_ends_a_session_ends_it_at_the_product() {
    let (told, other) = (well().await, well().await);
    let app = start(&told, &other).await;
    let mut ended = Vec::new();
    // At the product's wish.
    let (browser, sid) = entered(&app, TOLD).await;
    let answer = browser.raw("POST", "/oauth/logout/answer").header("sec-fetch-site", "same-origin").form(&[("answer", "yes")]);
    browser.send_raw(answer).await.expect(303);
    ended.push(sid);
    // In the profile: one, and all others; the one that does it stays.
    let owner = app.sign_in(EMAIL, PASSWORD).await;
    let (_, sid) = entered(&app, TOLD).await;
    owner.delete(&format!("/api/auth/sessions/{sid}")).await.expect(200);
    ended.push(sid);
    let (_, sid) = entered(&app, TOLD).await;
    owner.delete("/api/auth/sessions").await.expect(200);
    ended.push(sid);
    // Another sign-in in the same browser.
    let (browser, sid) = entered(&app, TOLD).await;
    sign_in(&browser).await;
    ended.push(sid);
    ended.push(enter(&app, &browser, TOLD).await);
    owner.change_password(PASSWORD, NEW_PASSWORD, NEW_PASSWORD).await.expect(200);
    owner.change_password(NEW_PASSWORD, PASSWORD, PASSWORD).await.expect(200);
    // The operator.
    let (_, sid) = entered(&app, TOLD).await;
    app.service.end_account_sessions(&operator("test"), &Sought::id(account(&app).await)).await.expect("ended");
    ended.push(sid);
    // One more than an account may have: the oldest ends.
    let (_, sid) = entered(&app, TOLD).await;
    for _ in 0..portaria::session::SESSIONS_PER_ACCOUNT {
        app.advance(Duration::minutes(1));
        app.login(EMAIL, PASSWORD).await.expect(200);
    }
    ended.push(sid);
    // Blocked by its owner.
    let (browser, sid) = entered(&app, TOLD).await;
    browser.method("POST", "/api/auth/account/block").await.expect(200);
    ended.push(sid);
    assert_eq!(app.tell_products().await, ended.len());
    let mut sids = sids(&app, &told).await;
    sids.sort_unstable();
    ended.sort_unstable();
    assert_eq!(sids, ended, "each once");
}

async fn account(app: &TestApp) -> i64 {
    app.count("select id from accounts").await
}

#[tokio::test]
async fn of_an_account_that_goes_every_session_has_ended_before() {
    let (told, other) = (well().await, well().await);
    let app = start(&told, &other).await;
    let (browser, sid) = entered(&app, TOLD).await;
    browser.method("POST", "/api/auth/account/deletion").await.expect(202);
    assert_eq!((app.tell_products().await, sids(&app, &told).await), (1, vec![sid]));
    app.advance(Duration::days(15));
    let sealer = crate::support::sealer_of(&app.pool).await;
    erase_due(&app.pool, &sealer, &[], &[], app.now(), &Metrics::default()).await.expect("erased");
    assert_eq!((app.tell_products().await, app.count("select count(*) from accounts").await), (0, 0));
    // An operator erases at once, in the middle of a session.
    app.proved_client(PHONE).await;
    app.proved_teacher(EMAIL).await;
    let (_, sid) = entered(&app, TOLD).await;
    let id = app.count("select id from accounts where email_proved_at is not null").await;
    app.service.delete_account(&operator("test"), id).await.expect("erased");
    assert_eq!(app.count("select count(*) from openid_grants").await, 0);
    assert_eq!((app.tell_products().await, sids(&app, &told).await.pop()), (1, Some(sid)));
    let said = token(&app, told.requests().last().expect("a request")).await;
    assert_eq!(said["sub"], id.to_string());
    assert_eq!(app.count("select count(*) from openid_logouts").await, 0, "its number is gone, too");
}

#[tokio::test]
async fn a_product_that_is_down_hears_it_later_and_holds_up_nobody() {
    let up = Arc::new(AtomicBool::new(false));
    let open = Arc::clone(&up);
    let told = Carrier::start(move |_| Said::json(if open.load(Ordering::SeqCst) { 200 } else { 503 }, json!({}))).await;
    let other = well().await;
    let app = start(&told, &other).await;
    let (browser, sid) = entered(&app, TOLD).await;
    assert_eq!(enter(&app, &browser, OTHER).await, sid);
    browser.form("/dashboard", "sign_out", &[]).await.expect(303);
    assert_eq!((app.tell_products().await, other.requests().len()), (1, 1));
    for _ in 0..60 {
        app.advance(Duration::minutes(1));
        app.tell_products().await;
    }
    let in_vain = told.requests().len();
    assert!((2..40).contains(&in_vain), "{in_vain} tries in an hour");
    up.store(true, Ordering::SeqCst);
    for _ in 0..80 {
        app.advance(Duration::minutes(1));
        app.tell_products().await;
    }
    let all = told.requests();
    assert_eq!((all.len(), other.requests().len()), (in_vain + 1, 1), "each once");
    let (first, last) = (token(&app, &all[0]).await, token(&app, &all[in_vain]).await);
    assert_eq!((&first["sid"], &last["sid"]), (&json!(sid), &json!(sid)));
    assert_ne!(first["jti"], last["jti"], "no token is sent twice");
    assert!(last["exp"].as_i64() > first["exp"].as_i64());
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_after_a_day_it_is_given_up() {
    let (told, other) = (Carrier::always(Said::json(307, json!({}))).await, well().await);
    let app = start(&told, &other).await;
    let (browser, _) = entered(&app, TOLD).await;
    browser.form("/dashboard", "sign_out", &[]).await.expect(303);
    assert_eq!(app.tell_products().await, 0);
    assert_eq!(told.requests().iter().map(|it| it.path.clone()).collect::<Vec<_>>(), ["/fim"]);
    assert_eq!(app.count("select count(*) from openid_logouts where last_error = 'http-307'").await, 1);
    for _ in 0..26 {
        app.advance(Duration::hours(1));
        app.tell_products().await;
    }
    assert_eq!(app.count("select count(*) from openid_logouts").await, 0);
    let gone = Carrier::always(Said::json(410, json!({}))).await;
    let app = start(&gone, &other).await;
    let (browser, _) = entered(&app, TOLD).await;
    browser.form("/dashboard", "sign_out", &[]).await.expect(303);
    assert_eq!((app.tell_products().await, app.count("select count(*) from openid_logouts").await), (0, 0), "gone is gone");
}

/// What was claimed by a node that was killed is told by another one, and what a session's end would have told is undone with it.
#[tokio::test]
async fn whatever_is_killed_in_between_it_is_told() {
    let (told, other) = (well().await, well().await);
    let app = start(&told, &other).await;
    let (browser, sid) = entered(&app, TOLD).await;
    browser.form("/dashboard", "sign_out", &[]).await.expect(303);
    let mut conn = app.pool.acquire().await.expect("a connection");
    let claimed = server::db::openid::logouts::lease(&mut conn, app.now(), app.now(), "told", 8).await.expect("a claim");
    assert_eq!(claimed.len(), 1);
    drop((claimed, conn));
    let node = app.second_node().await;
    assert_eq!(node.tell_products().await, 0, "another node has it, as far as anybody knows");
    app.advance(Duration::seconds(31));
    assert_eq!((node.tell_products().await, sids(&app, &told).await), (1, vec![sid]));
    // A session whose end is rolled back has not ended.
    let (browser, _) = entered(&app, TOLD).await;
    sqlx::query("alter table audit rename to elsewhere").execute(&app.pool).await.expect("renamed");
    browser.form("/dashboard", "sign_out", &[]).await;
    sqlx::query("alter table elsewhere rename to audit").execute(&app.pool).await.expect("renamed");
    assert_eq!(app.count("select count(*) from openid_logouts").await, 0);
    browser.get("/dashboard").await.expect(200);
}

/// The end of a session and the exchange of a code that belongs to it exclude each other: whoever got tokens is told.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_an_exchange_and_an_end_at_once_none_is_forgotten() {
    let (told, other) = (well().await, well().await);
    let app = start(&told, &other).await;
    let mut given = 0;
    for _ in 0..12 {
        let browser = browser(&app);
        sign_in(&browser).await;
        let code = TOLD.code(&browser, &[]).await;
        let (answer, _) = tokio::join!(TOLD.exchange(&app, &code, &[]), browser.form("/dashboard", "sign_out", &[]));
        given += usize::from(answer.status == 200);
    }
    assert_eq!(app.tell_products().await, given);
}
