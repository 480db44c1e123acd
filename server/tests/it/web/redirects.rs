//! Where redirects lead, and the language that was chosen.

use super::server_functions;
use crate::support::TestApp;
use crate::support::people::{EMAIL, PASSWORD};

#[tokio::test]
async fn nothing_leads_away_from_us() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    for next in [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "http:evil.example",
        "",
    ] {
        let fields = [("language", "pt-BR"), ("next", next)];
        let answer = app.anonymous().form("/login", "choose_language", &fields).await.expect(303);
        assert_eq!(answer.location(), "/", "{next}");
        let fields = [("identifier", EMAIL), ("password", PASSWORD), ("next", next)];
        let answer = app.anonymous().form(&format!("/login?next={}", next.replace(['\\', '\t'], "")), "sign_in", &fields).await.expect(303);
        assert_eq!(answer.location(), "/dashboard", "{next}");
    }
    let fields = [("language", "en"), ("next", "/login?by=code")];
    assert_eq!(app.anonymous().form("/login", "choose_language", &fields).await.expect(303).location(), "/login?by=code");
    app.expect_message(EMAIL, "Novo acesso à sua conta").await;
}

#[tokio::test]
async fn a_server_function_called_by_a_plain_form_does_not_send_the_browser_to_its_referer() {
    let app = TestApp::start().await;
    for name in server_functions() {
        let client = app.anonymous();
        let request = client.raw("POST", name).header("accept", "text/html").header("referer", "https://evil.example/x?a=1");
        let answer = client.send_raw(request.header("content-type", "application/x-www-form-urlencoded").body("")).await;
        assert!(!answer.location().contains("evil.example"), "{name}: {}", answer.location());
    }
}

#[tokio::test]
async fn the_language_that_was_chosen_is_spoken() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    browser.form("/login", "choose_language", &[("language", "en"), ("next", "/login")]).await.expect(303);
    let page = browser.get("/login").await.expect(200);
    assert!(page.text.contains("<html lang=\"en\""), "{}", page.text);
    assert!(app.get("/login").await.text.contains("<html lang=\"pt-BR\""));
}
