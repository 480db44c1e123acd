//! Pages that everybody is sent alike are drawn once (`server/src/http/pages/kept.rs`).

use super::{page, signed_in};
use crate::support::people::EMAIL;
use crate::support::{Actor, Answer, TestApp};

/// A browser that reads brotli. What is compressed in passing has no length yet; what is kept has.
async fn until_kept(browser: &Actor<'_>, path: &str) -> Answer {
    loop {
        let answer = browser.get(path).await;
        assert_eq!(answer.header("content-encoding"), "br", "{path}");
        if !answer.header("content-length").is_empty() {
            return answer;
        }
    }
}

#[tokio::test]
async fn a_stranger_is_sent_the_kept_page_and_somebody_else_their_own() {
    let app = TestApp::start().await;
    app.ignore_messages();
    let drawn = page(&app, "/login").await;
    let browser = app.anonymous().header("accept-encoding", "gzip, br");
    let kept = until_kept(&browser, "/login").await;
    assert_eq!((kept.header("vary"), kept.header("cache-control")), ("accept-encoding", "no-store"));
    assert_eq!(kept.header("content-security-policy"), drawn.header("content-security-policy"));
    assert_ne!(kept.header("x-request-id"), drawn.header("x-request-id"));
    assert_eq!(page(&app, "/login").await.text, drawn.text, "the same, unpacked");
    let head = app.anonymous().method("HEAD", "/login").await;
    assert_eq!((head.status, head.text.as_str()), (200, ""));

    // Another language, another address, an answer to a form, and somebody with a session: none of them is that page.
    let english = app.anonymous().header("cookie", "portaria_language=en").get("/login").await;
    assert!(english.text.contains("<html lang=\"en\">") && drawn.text.contains("<html lang=\"pt-BR\">"));
    assert!(page(&app, "/login?signup=x").await.text.contains("value=\"/login?signup=x\""));
    let wrong = app.anonymous().form("/login", "sign_in", &[("identifier", EMAIL), ("password", "x")]).await;
    assert!(wrong.status == 401 && wrong.text.contains(EMAIL));
    let owner = signed_in(&app).await;
    assert_ne!(owner.get("/login").await.text, drawn.text);
    assert_eq!(page(&app, "/login").await.text, drawn.text);
}

#[tokio::test]
async fn a_form_with_a_token_of_its_own_is_not_kept() {
    let app = TestApp::start().await;
    let mut tokens = std::collections::BTreeSet::new();
    for _ in 0..5 {
        let page = page(&app, "/register/client").await;
        let token = page.text.split("name=\"form\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        assert!(tokens.insert(token.expect("a token").to_owned()), "it came before");
    }
}
