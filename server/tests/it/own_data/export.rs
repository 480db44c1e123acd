//! `POST /api/auth/account/export`, and the page Meus dados.

use crate::support::people::{CPF, EMAIL, OTHER_EMAIL, PASSWORD, PHONE};
use crate::support::pictures::picture;
use crate::support::{Actor, Answer, TestApp};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use image::ImageFormat;
use serde_json::{Value, json};
use time::Duration;

const EXPORT: &str = "/api/auth/account/export";

async fn export(actor: &Actor<'_>) -> Value {
    let answer = actor.method("POST", EXPORT).await.expect(200);
    assert_eq!(answer.header("content-type"), "application/json");
    assert!(answer.header("content-disposition").starts_with("attachment; filename=\"meus-dados-"), "{:?}", answer.headers);
    answer.json()
}

fn kinds(list: &Value, member: &str) -> Vec<String> {
    list.as_array().expect("a list").iter().map(|it| it[member].as_str().expect("a text").to_owned()).collect()
}

#[tokio::test]
async fn the_file_holds_every_value_whole_and_all_that_is_kept() {
    let app = TestApp::start().await;
    app.ignore_messages();
    let client = app.client_with_password().await;
    client.give_document("cpf", CPF).await;
    client.change(json!({ "profilePicture": STANDARD.encode(picture(64, 64, ImageFormat::Png)) })).await.expect(200);
    app.login(EMAIL, "Outra#Senha 9").await.expect(401);
    let file = export(&client).await;
    let members: Vec<_> = file.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(members, ["account", "consents", "events", "exportedAt", "messages", "photo", "schema", "sessions"]);
    let account = &file["account"];
    assert_eq!((&account["phone"], &account["cpf"], &account["email"]), (&json!(PHONE), &json!("52998224725"), &json!(EMAIL)));
    assert_eq!((&account["fullName"], &account["kind"]), (&json!("Ana Souza"), &json!("cliente")));
    assert!(account["createdAt"].as_str().is_some_and(|at| at.ends_with('Z')), "{account}");
    assert!(file["photo"].as_str().is_some_and(|photo| photo.len() > 100));
    // One of them was sent before there was an account.
    assert!(kinds(&file["messages"], "kind").contains(&"signup_phone".to_owned()), "{}", file["messages"]);
    assert!(kinds(&file["messages"], "kind").contains(&"document_added".to_owned()), "{}", file["messages"]);
    let events = kinds(&file["events"], "event");
    assert!(
        ["data_exported", "user_created", "authn_login_fail", "user_updated"].iter().all(|it| events.contains(&(*it).to_owned())),
        "{events:?}"
    );
    assert!(!file["sessions"].as_array().expect("a list").is_empty());
    for secret in ["argon2", "password_hash", "token_hash", PASSWORD] {
        assert!(!file.to_string().contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn consents_are_those_of_the_account_and_nobody_elses_data_stands_in_the_file() {
    let app = TestApp::start().await;
    let other = app.teacher_at(OTHER_EMAIL).await;
    let teacher = app.teacher().await;
    let file = export(&teacher).await;
    assert_eq!(file["consents"].as_array().map(Vec::len), Some(1));
    assert_eq!(file["consents"][0]["document"], "terms");
    assert_eq!(file["photo"], Value::Null);
    assert!(!file.to_string().contains(OTHER_EMAIL) && !file.to_string().contains(&other.profile().await["id"].to_string()));
}

#[tokio::test]
async fn it_needs_a_fresh_session_and_ten_an_hour_are_enough() {
    let app = TestApp::start().await;
    app.anonymous().method("POST", EXPORT).await.expect_problem(401);
    let teacher = app.teacher().await;
    app.advance(Duration::minutes(10));
    let refused = teacher.method("POST", EXPORT).await.expect_problem(403);
    assert_eq!(refused.json()["type"], "urn:portaria:problem:reauthentication-required");
    let attempts = "select count(*) from audit where event = 'data_exported' and outcome = 'reauthentication-required'";
    assert_eq!(app.count(attempts).await, 1, "an attempt, too");
    teacher.post("/api/auth/reauthenticate", json!({ "password": PASSWORD })).await.expect(200);
    for _ in 0..10 {
        export(&teacher).await;
    }
    let refused = teacher.method("POST", EXPORT).await.expect_problem(429);
    assert_eq!(refused.header("retry-after"), "3600");
    assert_eq!(app.count("select count(*) from audit where event = 'data_exported' and outcome = 'ok'").await, 10);
}

/// More than two pages of a list, and several events of one instant where two pages meet.
#[tokio::test]
async fn a_large_account_is_written_whole_and_in_order() {
    let app = TestApp::start().await;
    let teacher = app.teacher().await;
    sqlx::query(
        "insert into audit (id, at, event, outcome, account_id, address, user_agent) \
         select gen_random_uuid(), $1::timestamptz - (n / 7) * interval '1 minute', 'session_renewed', 'ok', id, '203.0.113.7', 'x' \
         from generate_series(1, 1200) as n, accounts",
    )
    .bind(app.now() - Duration::hours(1))
    .execute(&app.pool)
    .await
    .expect("rows");
    let file = export(&teacher).await;
    let events = file["events"].as_array().expect("a list");
    assert_eq!(events.iter().filter(|event| event["event"] == "session_renewed").count(), 1200);
    let at: Vec<_> = kinds(&file["events"], "at");
    assert!(at.is_sorted_by(|before, after| before >= after), "the newest first");
    app.ignore_messages();
    // The page shows thirty, and leads on to the others.
    let browser = app.sign_in_by_page(EMAIL, PASSWORD).await;
    let page = browser.get("/profile/data").await.expect(200).text;
    assert!(page.matches("Renovação de uma sessão").count() > 20, "{page}");
    let older = page.split("/profile/data?after=").nth(1).and_then(|rest| rest.split('#').next()).expect("a link");
    let next = browser.get(&format!("/profile/data?after={older}")).await.expect(200).text;
    assert_eq!(next.matches("Renovação de uma sessão").count(), 30);
    browser.get("/profile/data?after=x").await.expect(200);
}

// ── the page

async fn confirm(browser: &Actor<'_>, fields: &[(&str, &str)]) -> Answer {
    browser.form("/profile/data", "confirm_owner", fields).await
}

#[tokio::test]
async fn without_a_script_the_page_brings_the_file_or_asks_who_one_is_first() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    app.anonymous().get("/profile/data").await.expect(303);
    let browser = app.sign_in_by_page(EMAIL, PASSWORD).await;
    let page = browser.get("/profile/data").await.expect(200).text;
    for said in
        ["Meus dados", "Marco Civil da Internet, art. 15", "Por 183 dias.", "Termos de serviço e privacidade, versão", "Entrada na conta"]
    {
        assert!(page.contains(said), "{said}");
    }
    assert!(page.contains(r#"<form method="get" action="/profile/data/file""#));
    let file = browser.get("/profile/data/file").await.expect(200);
    assert_eq!(file.json()["account"]["email"], EMAIL);
    app.advance(Duration::minutes(10));
    let stale = browser.get("/profile/data/file").await.expect(303);
    assert_eq!(stale.header("location"), "/profile/data");
    assert!(!browser.get("/profile/data").await.expect(200).text.contains("/profile/data/file"));
    let asked = confirm(&browser, &[]).await.expect(403);
    assert!(asked.text.contains("confirm_owner-current_password"), "asked in place");
    confirm(&browser, &[("current_password", "Outra#Senha 9")]).await.expect(401);
    let confirmed = confirm(&browser, &[("current_password", PASSWORD)]).await.expect(200);
    assert!(confirmed.text.contains("Confirmamos que é você. Agora é só baixar o arquivo."));
    browser.get("/profile/data/file").await.expect(200);
    let ended = app.anonymous().get("/profile/data/file").await.expect(303);
    assert_eq!(ended.goes(), "/login?next=%2Fprofile%2Fdata, ended");
}

#[tokio::test]
async fn what_a_product_was_allowed_stands_in_the_file_and_on_the_page() {
    let file = "[[clients]]\nid = \"loja\"\nname = \"Loja do Zé\"\nredirect_uris = [\"https://loja.example/cb\"]\n\
                scopes = [\"openid\", \"email\"]\nid_token_alg = \"EdDSA\"\n";
    let app = TestApp::start_with_file(file).await;
    app.ignore_messages();
    let teacher = app.teacher().await;
    let page = async || {
        let browser = app.sign_in_by_page(EMAIL, PASSWORD).await;
        browser.header("accept", "text/html").get("/profile/data").await.expect(200).text
    };
    assert!(!page().await.contains("Loja do Zé"));
    sqlx::query(
        "insert into openid_consents (account_id, client_id, scopes, given_at) select id, 'loja', 'openid email', $1 from accounts",
    )
    .bind(app.now())
    .execute(&app.pool)
    .await
    .expect("a consent");
    let consents = export(&teacher).await["consents"].clone();
    let given_at = consents[1]["givenAt"].as_str().expect("an instant").to_owned();
    assert!(given_at.ends_with('Z'), "{given_at}");
    let allowed = json!({ "document": "product", "givenAt": given_at, "product": "Loja do Zé", "scopes": ["openid", "email"] });
    assert_eq!((consents.as_array().map(Vec::len), &consents[1]), (Some(2), &allowed));
    let page = page().await;
    for words in ["Loja do Zé", "E-mail confirmado", "/profile/products"] {
        assert!(page.contains(words), "{words}: {page}");
    }
}
