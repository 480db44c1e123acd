//! What the overview tells of who signed in before (SPEC §9).

use crate::support::people::{EMAIL, PASSWORD, WRONG_PASSWORD};
use crate::support::{Actor, TestApp};
use portaria::check_up::MOST_FAILURES;
use server::janitor;
use time::Duration;

const FIREFOX: &str = "Mozilla/5.0 (Android 16; Mobile; rv:150.0) Gecko/150.0 Firefox/150.0";
const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36";

const SIGN_IN: [(&str, &str); 2] = [("identifier", EMAIL), ("password", PASSWORD)];

/// A browser that came from this address and is signed in.
async fn enter<'a>(app: &'a TestApp, agent: &str, address: &str) -> Actor<'a> {
    let browser = app.anonymous().header("user-agent", agent).header("x-forwarded-for", address);
    browser.form("/login", "sign_in", &SIGN_IN).await.expect(303);
    browser
}

async fn overview(browser: &Actor<'_>) -> String {
    browser.get("/dashboard").await.expect(200).text
}

#[tokio::test]
async fn the_sign_in_before_this_one_is_told_with_its_device_and_network_and_this_one_never() {
    let app = TestApp::start_with(&[("TRUSTED_PROXIES", "127.0.0.1")]).await;
    app.ignore_messages();
    app.proved_teacher(EMAIL).await;
    let first = enter(&app, FIREFOX, "203.0.113.7").await;
    assert!(overview(&first).await.contains("Este é o seu primeiro acesso."));
    app.advance(Duration::hours(3));
    let second = enter(&app, CHROME, "203.0.113.7").await;
    let told = overview(&second).await;
    assert!(told.contains("Firefox, Android, na mesma rede de agora") && !told.contains("Chrome, Windows,"), "{told}");
    assert!(told.contains("A conta está aberta em 2 aparelhos.") && told.contains("href=\"/profile/data#block\""), "{told}");
    app.advance(Duration::hours(3));
    let third = enter(&app, CHROME, "198.51.100.9").await;
    let told = overview(&third).await;
    assert!(told.contains("Chrome, Windows, de outra rede (endereço IP 203.0.113.7)"), "{told}");
    let told = overview(&first).await;
    assert!(told.contains("Este é o seu primeiro acesso."), "what came after is not before: {told}");
}

#[tokio::test]
async fn what_failed_since_the_sign_in_before_is_counted() {
    let app = TestApp::start().await;
    app.ignore_messages();
    app.proved_teacher(EMAIL).await;
    app.login(EMAIL, WRONG_PASSWORD).await.expect(401);
    app.advance(Duration::hours(1));
    enter(&app, FIREFOX, "").await;
    app.advance(Duration::hours(1));
    for (tries, words) in [(1, "uma tentativa de entrar não deu certo"), (2, "2 tentativas de entrar não deram certo")] {
        for _ in 0..tries {
            app.login(EMAIL, WRONG_PASSWORD).await.expect(401);
        }
        app.advance(Duration::minutes(1));
        let told = overview(&enter(&app, CHROME, "").await).await;
        assert!(told.contains(words), "{words}: {told}");
        app.advance(Duration::minutes(1));
    }
    app.login(EMAIL, WRONG_PASSWORD).await.expect(401);
    let many = "insert into audit (id, at, event, outcome, account_id, address, user_agent) \
                select gen_random_uuid(), max(at), 'authn_login_fail', 'bad-credentials', account_id, '203.0.113.9', '' \
                from audit cross join generate_series(1, 150) as n where event = 'authn_login_fail' and account_id is not null \
                group by account_id, n";
    sqlx::query(many).execute(&app.pool).await.expect("many failures");
    app.advance(Duration::minutes(1));
    let told = overview(&enter(&app, CHROME, "").await).await;
    assert!(told.contains(&format!("{MOST_FAILURES} ou mais tentativas")), "{told}");
}

#[tokio::test]
async fn what_the_audit_has_forgotten_is_not_told_as_a_first_visit() {
    let app = TestApp::start().await;
    app.ignore_messages();
    app.proved_teacher(EMAIL).await;
    enter(&app, FIREFOX, "").await;
    app.advance(Duration::days(200));
    janitor::sweep(&app.pool, &[], app.now()).await.expect("swept");
    let told = overview(&enter(&app, CHROME, "").await).await;
    assert!(told.contains("Nenhum outro acesso nos últimos seis meses.") && !told.contains("primeiro acesso"), "{told}");
}

#[tokio::test]
async fn the_overview_says_what_is_to_be_done_for_safety_and_what_the_profile_lacks() {
    let app = TestApp::start().await;
    app.ignore_messages();
    app.proved_teacher(EMAIL).await;
    let told = overview(&enter(&app, FIREFOX, "").await).await;
    for words in ["Um ponto pede atenção.", "Hoje sua conta depende só do seu e-mail.", "Adicionar um celular", "O que falta no seu perfil"]
    {
        assert!(told.contains(words), "{words}: {told}");
    }
    for page in ["/profile/document", "/profile/phone", "/profile", "/profile#sessions"] {
        assert!(told.contains(&format!("href=\"{page}\"")), "{page}: {told}");
    }
}
