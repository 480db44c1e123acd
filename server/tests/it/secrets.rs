//! What a dump of the database, a page and an answer must not reveal (SPEC §9).

use crate::support::dump::{every_row, hex};
use crate::support::people::{EMAIL, OTHER_PHONE, PASSWORD, PHONE, TYPED_PHONE, WHATSAPP_CODE, client_form, company_form};
use crate::support::{TestApp, code_in};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use server::janitor;
use sha2::{Digest, Sha256};
use time::Duration;

const CNPJ: &str = "12ABC34501DE35";
const COMPANY: &str = "contato@aurora.example";

/// Every row after a run of journeys.
async fn dump(app: &TestApp) -> Vec<(String, String)> {
    let rows = every_row(app).await;
    assert!(rows.len() > 20, "a run of journeys leaves rows");
    rows
}

/// The forms in which a secret could be in a dump: plain text or bytes, base64, or a hash without a key.
fn traces(secret: &str) -> Vec<String> {
    let digest = Sha256::digest(secret.as_bytes());
    let forms = [
        secret.to_owned(),
        hex(secret.as_bytes()),
        STANDARD.encode(secret),
        URL_SAFE_NO_PAD.encode(secret),
        hex(&digest),
        STANDARD.encode(digest),
        URL_SAFE_NO_PAD.encode(digest),
    ];
    forms.iter().map(|form| form.to_lowercase()).collect()
}

/// Returns whether a row contains a secret. Six digits may be part of a timestamp or an id by chance, so they count only as a
/// whole value.
fn stands_in(row: &str, trace: &str) -> bool {
    if trace.len() == 6 && trace.bytes().all(|byte| byte.is_ascii_digit()) {
        return row.contains(&format!("\"{trace}\""));
    }
    row.contains(trace)
}

/// Registers a client and a company and uses their accounts. Returns every secret that arose.
async fn journeys(app: &TestApp) -> Vec<String> {
    let mut secrets = vec![PASSWORD.to_owned(), PHONE.to_owned(), PHONE[1..].to_owned(), PHONE[3..].to_owned(), TYPED_PHONE.to_owned()];
    secrets.extend([OTHER_PHONE.to_owned(), OTHER_PHONE[3..].to_owned(), CNPJ.to_owned(), "12.ABC.345/01DE-35".to_owned()]);

    // By the pages: a sign-up that is left waiting, one that is finished, and a company.
    let waiting = app.anonymous();
    waiting.form("/register/client", "sign_up", &client_form(OTHER_PHONE)).await.expect(303);
    secrets.push(app.code_to(OTHER_PHONE).await);
    let browser = app.anonymous();
    let mut form = client_form(TYPED_PHONE);
    form[3].1 = EMAIL;
    form[4].1 = PASSWORD;
    form[5].1 = PASSWORD;
    let started = browser.form("/register/client", "sign_up", &form).await.expect(303);
    let code = app.code_to(PHONE).await;
    let proved = browser.form("/register/client", "prove_code", &[("code", &code)]).await.expect(303);
    for (answer, cookie) in [(&started, "portaria_signup"), (&proved, "portaria_session")] {
        secrets.push(answer.cookie(cookie).split(['=', ';']).nth(1).expect("a value").to_owned());
    }
    let page = waiting.form("/register/client", "hand_off", &[]).await.expect(200);
    secrets.push(page.text.split("/continue?token=").nth(1).expect("a link").chars().take(43).collect());
    app.anonymous().form("/register/company", "sign_up", &company_form(CNPJ, COMPANY)).await.expect(303);
    secrets.push(app.token_to(COMPANY).await);
    app.open_link_to(COMPANY).await.expect(200);

    // By the API: tokens, a refreshed one, wrong tries, a sign-in by code, a taken phone.
    app.advance(Duration::minutes(10));
    let login = app.login(EMAIL, PASSWORD).await;
    assert_eq!(login.status, 401, "the address is not proved yet");
    secrets.push(app.token_to(EMAIL).await);
    app.open_link_to(EMAIL).await.expect(200);
    // Reads the notice about the address that went to the phone.
    app.messages().await;
    app.advance(Duration::seconds(1));
    let login = app.login(EMAIL, PASSWORD).await.expect(200).json();
    let refreshed = app.post("/api/auth/refresh-token", json!({ "refreshToken": login["refreshToken"] })).await.expect(200).json();
    for answer in [&login, &refreshed] {
        secrets.extend(["accessToken", "refreshToken"].map(|name| answer[name].as_str().expect("a token").to_owned()));
    }
    let canary = "Canario#77 errado";
    app.login(EMAIL, canary).await.expect(401);
    app.login("52998224725", canary).await.expect(401);
    secrets.extend([canary.to_owned(), "52998224725".to_owned()]);
    app.post("/api/auth/login/code", json!({ "phone": PHONE })).await.expect(202);
    let code = app.code_to(PHONE).await;
    app.post("/api/auth/login/code/verify", json!({ "phone": PHONE, "code": code })).await.expect(200);
    app.post("/api/auth/register/client", json!({ "fullName": "Mallory", "phone": PHONE })).await.expect(409);
    app.post("/api/auth/phone/resend", json!({ "phone": "11912345678" })).await.expect(202);
    secrets.push("11912345678".to_owned());
    // Every code that was sent.
    secrets.extend(app.messages().await.iter().filter(|message| message["code"].is_string()).map(code_in));
    secrets
}

#[tokio::test]
async fn no_secret_stands_in_the_database_in_clear_or_under_a_plain_hash() {
    let app = TestApp::start().await;
    let secrets = journeys(&app).await;
    let rows = dump(&app).await;
    for secret in &secrets {
        for trace in traces(secret) {
            let found = rows.iter().find(|(_, row)| stands_in(row, &trace));
            assert!(found.is_none(), "{secret} stands in {found:?}");
        }
    }
}

#[tokio::test]
async fn what_was_typed_does_not_stand_in_a_message_that_left() {
    let app = TestApp::start().await;
    journeys(&app).await;
    app.messages().await;
    assert_eq!(app.count("select count(*) from outbox where status = 'queued'").await, 0);
    assert_eq!(app.count("select count(*) from outbox where octet_length(recipient) > 0 or octet_length(content) > 0").await, 0);
}

#[tokio::test]
async fn a_spent_code_or_link_keeps_no_copy() {
    let app = TestApp::start().await;
    app.proved_client_with(PHONE, EMAIL).await;
    assert_eq!(app.count("select count(*) from verifications where spent_at is not null").await, 2);
    // Only the "não fui eu" link of the notice about the address is still open.
    assert_eq!(app.count("select count(*) from verifications where secret_sealed is not null and purpose <> 'not_me'").await, 0);
}

#[tokio::test]
async fn a_lapsed_code_or_link_keeps_no_copy_after_the_sweep() {
    let app = TestApp::start().await;
    app.ask_code(PHONE).await;
    app.pending_teacher(EMAIL).await;
    // A code whose message is never delivered.
    app.post("/api/auth/register/client", json!({ "fullName": "Ana", "phone": OTHER_PHONE })).await.expect(202);
    app.advance(Duration::minutes(4));
    janitor::sweep(&app.pool, &[], app.now()).await.expect("swept");
    assert_eq!(app.count("select count(*) from verifications where secret_sealed is not null").await, 3);
    app.advance(Duration::hours(25));
    janitor::sweep(&app.pool, &[], app.now()).await.expect("swept");
    assert_eq!(app.count("select count(*) from verifications where secret_sealed is not null").await, 0);
}

#[tokio::test]
async fn a_replaced_code_keeps_no_copy() {
    let app = TestApp::start().await;
    app.ask_code(PHONE).await;
    app.advance(Duration::minutes(5));
    app.post("/api/auth/phone/resend", json!({ "phone": PHONE })).await.expect(202);
    assert_eq!(app.count("select count(*) from verifications where secret_sealed is not null").await, 1);
    app.expect_message(PHONE, WHATSAPP_CODE).await;
}

#[tokio::test]
async fn the_other_codes_of_a_proved_phone_keep_no_copy() {
    let app = TestApp::start().await;
    let first = app.ask_code(PHONE).await;
    app.advance(Duration::seconds(30));
    app.post("/api/auth/register/client", json!({ "fullName": "Outra Pessoa", "phone": PHONE })).await.expect(202);
    app.messages().await;
    app.verify(PHONE, &first).await.expect(201);
    app.advance(Duration::minutes(5));
    janitor::sweep(&app.pool, &[], app.now()).await.expect("swept");
    assert_eq!(app.count("select count(*) from verifications where secret_sealed is not null").await, 0);
}

#[tokio::test]
async fn a_forgotten_sign_up_leaves_nothing() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    browser.form("/register/client", "sign_up", &client_form(PHONE)).await.expect(303);
    app.messages().await;
    app.advance(Duration::days(8));
    janitor::sweep(&app.pool, &[], app.now()).await.expect("swept");
    for query in [
        "select count(*) from signups",
        "select count(*) from signup_devices",
        "select count(*) from verifications",
        "select count(*) from outbox",
        "select count(*) from tallies",
        "select count(*) from captured_messages",
    ] {
        assert_eq!(app.count(query).await, 0, "{query}");
    }
}

#[tokio::test]
async fn passwords_are_kept_as_argon2id_of_the_contracts_cost() {
    let app = TestApp::start_with_real_passwords(&[]).await;
    app.pending_teacher(EMAIL).await;
    let hash: String = sqlx::query_scalar("select password_hash from accounts").fetch_one(&app.pool).await.expect("a hash");
    assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    app.expect_message(EMAIL, "Verifique sua conta").await;
}

#[tokio::test]
async fn answers_and_pages_mask_phone_and_cnpj() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let mut form = client_form(TYPED_PHONE);
    form[3].1 = EMAIL;
    form[4].1 = PASSWORD;
    form[5].1 = PASSWORD;
    browser.form("/register/client", "sign_up", &form).await.expect(303);
    let code = app.code_to(PHONE).await;
    browser.form("/register/client", "prove_code", &[("code", &code)]).await.expect(303);
    app.anonymous().form("/register/company", "sign_up", &company_form(CNPJ, COMPANY)).await.expect(303);
    app.open_link_to(COMPANY).await.expect(200);
    let company = app.anonymous();
    company.form("/login", "sign_in", &[("identifier", CNPJ), ("password", PASSWORD)]).await.expect(303);
    let mut seen = vec![browser.get("/dashboard").await.expect(200), company.get("/dashboard").await.expect(200)];
    seen.push(browser.get("/api/auth/profile").await.expect(200));
    seen.push(company.get("/api/auth/profile").await.expect(200));
    for answer in seen {
        for secret in ["98765-4321", "987654321", "12ABC34501DE35", "12.ABC.345/01DE-35", "argon2"] {
            assert!(!answer.text.contains(secret), "{secret}: {}", answer.text);
        }
    }
    app.expect_message(EMAIL, "Confirme seu e-mail").await;
}

#[tokio::test]
async fn the_first_form_of_one_browser_is_nobody_elses() {
    let app = TestApp::start().await;
    app.anonymous().form("/register/client", "sign_up", &client_form(PHONE)).await.expect(303);
    let stranger = app.anonymous().get("/register/client?step=details").await.expect(200);
    assert!(!stranger.text.contains("Ana Souza"), "{}", stranger.text);
    let guessed =
        app.anonymous().header("cookie", "portaria_signup=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").get("/register/client").await;
    assert!(!guessed.text.contains("Ana Souza"), "{}", guessed.text);
    app.expect_message(PHONE, "seu codigo para criar sua conta").await;
}

#[tokio::test]
async fn a_fresh_database_has_no_accounts() {
    let app = TestApp::start().await;
    assert_eq!(app.count("select count(*) from accounts").await, 0);
}

#[tokio::test]
async fn sealed_values_open_only_with_the_secret_that_sealed_them() {
    let app = TestApp::start().await;
    app.proved_client(PHONE).await;
    let (id, sealed): (i64, Vec<u8>) = sqlx::query_as("select id, phone_sealed from accounts").fetch_one(&app.pool).await.expect("sealed");
    let ours = crate::support::sealer_of(&app.pool).await;
    assert_eq!(ours.open_text_in(&sealed, "accounts.phone", &id).as_deref(), Ok(PHONE));
    assert!(ours.open_text_in(&sealed, "accounts.phone", &(id + 1)).is_err(), "in the row of somebody else");
    assert!(crate::support::sealer().open_text_in(&sealed, "accounts.phone", &id).is_err());
    let wrong = server::db::keys::load(&app.pool, &[8; 32], app.now()).await;
    assert!(wrong.is_err(), "another PORTARIA_SECRET does not start");
}

#[tokio::test]
async fn messages_in_the_development_outbox_are_sealed_at_rest() {
    let app = TestApp::start().await;
    let code = app.ask_code(PHONE).await;
    let rows: Vec<Value> = sqlx::query_scalar("select to_jsonb(c) from captured_messages c").fetch_all(&app.pool).await.expect("rows");
    assert_eq!(rows.len(), 1);
    let row = rows[0]["sealed"].as_str().expect("bytes").to_owned();
    for clear in [code.as_str(), PHONE] {
        assert!(!row.contains(&hex(clear.as_bytes())), "{clear}");
    }
}
