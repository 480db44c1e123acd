//! The terms of service by their versions (SPEC §13).

use crate::support::TestApp;
use crate::support::people::{CNPJ, EMAIL, OTHER_EMAIL, PASSWORD, PHONE, company_form, registration};
use serde_json::{Value, json};

const NEW: &str = "2027-01";

/// A node of the same product whose terms have a new version.
async fn later(app: &TestApp) -> TestApp {
    app.node_with(&[("PUBLIC_URL", &app.url), ("TERMS_VERSION", NEW)]).await
}

async fn recorded(app: &TestApp) -> Vec<(String, String)> {
    let recorded = sqlx::query_as("select version, host(address) from consents where document = 'terms' order by given_at, version");
    recorded.fetch_all(&app.pool).await.expect("consents")
}

#[tokio::test]
async fn every_kind_accepts_the_version_in_force_at_sign_up_with_time_and_address() {
    let app = TestApp::start().await;
    app.ignore_messages();
    app.teacher().await;
    app.proved_client(PHONE).await;
    app.post("/api/register", registration(OTHER_EMAIL)).await.expect(201);
    let rider = json!({ "name": "Rian Lucas", "username": "rianlucas", "email": "rian@example.com", "password": "senha12345" });
    app.post("/auth/register", rider).await.expect(201);
    app.anonymous().form("/register/company", "sign_up", &company_form(CNPJ, "loja@example.com")).await.expect(303);
    assert_eq!(recorded(&app).await, vec![("2026-12".to_owned(), "127.0.0.1".to_owned()); 5]);
    assert_eq!(
        app.count("select count(*) from accounts a join consents c on c.account_id = a.id and c.given_at <= now() + '1 day'").await,
        5
    );

    let form = |path: &'static str| async { app.get(path).await.expect(200).text };
    for path in ["/register/client", "/register/carona"] {
        assert!(form(path).await.contains("Ao continuar, você aceita os"), "{path}");
    }
    assert!(!form("/register/teacher").await.contains("Ao continuar"), "there is a box");
}

#[tokio::test]
async fn a_client_accepts_what_was_in_force_when_the_form_was_sent_from_where_it_was() {
    let app = TestApp::start().await;
    let code = app.ask_code(PHONE).await;
    let later = later(&app).await;
    let signed_in = later.verify(PHONE, &code).await.expect(201).json();
    assert_eq!(recorded(&app).await, [("2026-12".to_owned(), "127.0.0.1".to_owned())]);
    assert_eq!(signed_in["user"]["termsPending"], NEW);
    app.ignore_messages();
}

#[tokio::test]
async fn a_new_version_is_pending_until_it_is_accepted_and_no_other_is_taken() {
    let app = TestApp::start().await;
    assert!(app.teacher().await.profile().await["termsPending"].is_null());
    let later = later(&app).await;
    let user = later.login(EMAIL, PASSWORD).await.expect(200).json()["user"].clone();
    assert_eq!(user["termsPending"], NEW);
    let teacher = later.sign_in(EMAIL, PASSWORD).await;
    for wrong in [json!("2026-12"), json!("versão"), json!(""), json!(2027), Value::Null] {
        let refused = teacher.post("/api/auth/terms", json!({ "version": wrong })).await.expect_problem(400);
        assert_eq!(refused.errors("version").len(), 1, "{wrong}");
    }
    teacher.post("/api/auth/terms", json!({})).await.expect_problem(400);
    later.post("/api/auth/terms", json!({ "version": NEW })).await.expect_problem(401);
    assert_eq!(teacher.profile().await["termsPending"], NEW, "nothing was accepted");

    let accept = || teacher.post("/api/auth/terms", json!({ "version": NEW }));
    let (one, other) = tokio::join!(accept(), accept());
    for answer in [one, other, accept().await] {
        assert_eq!(answer.expect(200).json()["message"], "Termos aceitos.");
    }
    assert!(teacher.profile().await["termsPending"].is_null());
    let rows = recorded(&app).await;
    assert_eq!(rows.len(), 2, "two presses are one acceptance: {rows:?}");
    assert_eq!(rows[1], (NEW.to_owned(), "127.0.0.1".to_owned()));
    assert_eq!(
        app.count("select count(*) from audit where event = 'terms_accepted' and outcome = 'ok' and account_id is not null").await,
        1
    );
}

#[tokio::test]
async fn pages_ask_for_it_before_the_dashboard_and_then_go_on() {
    let app = TestApp::start().await;
    app.ignore_messages();
    app.teacher().await;
    let later = later(&app).await;
    let browser = later.anonymous();
    let entered = browser.form("/login", "sign_in", &[("identifier", EMAIL), ("password", PASSWORD)]).await.expect(303);
    assert_eq!(entered.location(), "/terms/accept?next=%2Fdashboard");
    assert_eq!(browser.get("/dashboard").await.expect(303).location(), "/terms/accept?next=%2Fdashboard");
    browser.get("/profile").await.expect(200);
    let page = browser.get("/terms/accept?next=%2Fprofile").await.expect(200).text;
    assert!(page.contains("Aceitar e continuar") && page.contains(NEW) && page.contains("Seus direitos"), "{page}");

    // A page that was opened before the version changed again accepts nothing.
    let stale = browser.form("/terms/accept", "accept_terms", &[("version", "2026-12"), ("next", "/profile")]).await;
    assert!(stale.status == 400 && stale.text.contains("não é a que está em vigor"), "{} {}", stale.status, stale.text);
    let accepted = browser.form("/terms/accept", "accept_terms", &[("version", NEW), ("next", "/profile")]).await.expect(303);
    assert_eq!(accepted.location(), "/profile");
    browser.get("/dashboard").await.expect(200);
    assert!(browser.get("/terms/accept").await.expect(200).text.contains("Você já aceitou"));
    let elsewhere = browser.form("/terms/accept", "accept_terms", &[("version", NEW), ("next", "//evil.example")]).await.expect(303);
    assert_eq!(elsewhere.location(), "/dashboard");
    assert_eq!(app.anonymous().get("/terms/accept").await.expect(303).location(), "/login?next=%2Fterms%2Faccept");
}

#[tokio::test]
async fn every_version_that_was_in_force_can_be_read_and_who_is_signed_in_sees_what_was_accepted() {
    let app = TestApp::start().await;
    app.ignore_messages();
    app.teacher().await;
    sqlx::query("update terms_texts set sections = '[[\"Antes\", \"Assim era.\"]]'").execute(&app.pool).await.expect("an older text");
    let later = later(&app).await;
    let current = later.get("/terms").await.expect(200).text;
    assert!(current.contains("Versão 2027-01, em vigor.") && current.contains("Seus direitos") && !current.contains("Assim era."));
    let old = later.get("/terms?version=2026-12").await.expect(200).text;
    assert!(old.contains("Já não está em vigor") && old.contains("Assim era."), "{old}");
    for unknown in ["2020-01", "%3Cb%3E"] {
        let answer = later.get(&format!("/terms?version={unknown}")).await.expect(404);
        assert!(answer.text.contains("Não encontramos essa versão dos termos."));
    }
    let browser = later.sign_in_by_page(EMAIL, PASSWORD).await;
    let own = browser.get("/terms").await.expect(200).text;
    assert!(own.contains("O que você aceitou") && own.contains("/terms?version=2026-12"), "{own}");
    assert!(!current.contains("O que você aceitou"));
}
