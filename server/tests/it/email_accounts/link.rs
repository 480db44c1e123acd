//! The link that proves an address.

use crate::support::people::{EMAIL, teacher};
use crate::support::{Actor, TestApp};
use server::http::PAGES;
use server::http::pages::Answered;
use time::Duration;

/// The paths at which links of mails are opened.
fn link_paths() -> impl Iterator<Item = &'static str> {
    PAGES.iter().filter(|page| page.answered != Answered::AsPage).map(|page| page.path)
}

/// The headers of a link that was clicked in a mail program or typed into the address bar.
fn person(app: &TestApp) -> Actor<'_> {
    app.anonymous()
        .header("accept", "text/html")
        .header("sec-fetch-mode", "navigate")
        .header("sec-fetch-user", "?1")
        .header("sec-fetch-dest", "document")
}

fn html(app: &TestApp) -> Actor<'_> {
    app.anonymous().header("accept", "text/html,application/xhtml+xml")
}

async fn is_proved(app: &TestApp) -> bool {
    app.count("select count(*) from accounts where email_proved_at is not null").await == 1
}

#[tokio::test]
async fn an_api_client_is_told_that_the_address_is_proved() {
    for path in ["/api/auth/verify-email"] {
        let app = TestApp::start().await;
        app.pending_teacher(EMAIL).await;
        let token = app.token_to(EMAIL).await;
        let answer = app.anonymous().header("accept", "application/json").get(&format!("{path}?token={token}")).await.expect(200);
        assert_eq!(answer.keys(), ["message"], "{path}");
        assert!(is_proved(&app).await, "{path}");
        assert!(!answer.cookies().iter().any(|cookie| cookie.starts_with("portaria_session")), "a link never creates a session");
    }
}

#[tokio::test]
async fn a_persons_own_navigation_elsewhere_is_asked_before_anything_is_proved() {
    for path in link_paths() {
        let app = TestApp::start().await;
        app.pending_teacher(EMAIL).await;
        let token = app.token_to(EMAIL).await;
        let link = format!("{path}?token={token}");
        person(&app).get(&link).await.expect(200);
        assert!(!is_proved(&app).await, "{path}");
        let answer = person(&app).form(&link, "prove_link", &[("token", &token)]).await.expect(303);
        assert_eq!(answer.goes(), "/login, verified", "{path}");
        assert!(is_proved(&app).await, "{path}");
        assert!(!answer.cookies().iter().any(|cookie| cookie.starts_with("portaria_session")), "a link never creates a session");
        let page = html(&app).header("cookie", "portaria_notice=verified").get("/login").await.expect(200);
        assert!(page.text.contains("E-mail confirmado. Agora você pode entrar."), "{}", page.text);
    }
}

#[tokio::test]
async fn a_scanner_changes_nothing_and_finds_a_page_with_one_button() {
    for path in link_paths() {
        let app = TestApp::start().await;
        app.pending_teacher(EMAIL).await;
        let token = app.token_to(EMAIL).await;
        let link = format!("{path}?token={token}");
        for visitor in [
            html(&app),
            html(&app).header("sec-fetch-mode", "navigate"),
            person(&app).header("sec-purpose", "prefetch"),
            person(&app).header("purpose", "prefetch"),
        ] {
            let page = visitor.get(&link).await.expect(200);
            assert!(page.text.contains("Confirme seu e-mail") && page.text.contains("value=\"prove_link\""), "{path}: {}", page.text);
            assert_eq!(page.header("referrer-policy"), "no-referrer", "{path}");
        }
        html(&app).method("HEAD", &link).await.expect(200);
        app.anonymous().method("HEAD", &link).await.expect(200);
        assert!(!is_proved(&app).await, "{path}");
    }
}

#[tokio::test]
async fn the_button_of_that_page_posts_to_the_same_path_and_proves() {
    for path in link_paths() {
        let app = TestApp::start().await;
        app.pending_teacher(EMAIL).await;
        let token = app.token_to(EMAIL).await;
        let link = format!("{path}?token={token}");
        let page = html(&app).get(&link).await.expect(200);
        assert!(page.text.contains(&format!("action=\"{link}\"")), "{path}: {}", page.text);
        let answer = app.anonymous().form(&link, "prove_link", &[("token", &token)]).await.expect(303);
        assert_eq!(answer.goes(), "/login, verified", "{path}");
        assert!(is_proved(&app).await, "{path}");
    }
}

#[tokio::test]
async fn a_used_link_opened_again_in_its_lifetime_is_success_again() {
    let app = TestApp::start().await;
    app.pending_teacher(EMAIL).await;
    let token = app.token_to(EMAIL).await;
    let api = format!("/api/auth/verify-email?token={token}");
    for _ in 0..2 {
        app.get(&api).await.expect(200);
        person(&app).form(&format!("/verify?token={token}"), "prove_link", &[("token", &token)]).await.expect(303);
    }
    app.advance(Duration::hours(23));
    app.get(&api).await.expect(200);
    person(&app).get(&format!("/verify?token={token}")).await.expect(200);
    app.advance(Duration::hours(1));
    app.get(&api).await.expect_problem(410);
    person(&app).get(&format!("/verify?token={token}")).await.expect(410);
}

#[tokio::test]
async fn an_expired_link_is_410_and_offers_another() {
    for path in link_paths() {
        let app = TestApp::start().await;
        app.pending_teacher(EMAIL).await;
        let token = app.token_to(EMAIL).await;
        app.advance(Duration::hours(24));
        let link = format!("{path}?token={token}");
        if path != "/verify" {
            app.get(&link).await.expect_problem(410);
        }
        for visitor in [person(&app), html(&app)] {
            let page = visitor.get(&link).await.expect(410);
            assert!(page.text.contains("Link expirado") && page.text.contains("href=\"/resend-verification\""), "{path}: {}", page.text);
        }
        assert!(!is_proved(&app).await, "{path}");
    }
}

#[tokio::test]
async fn an_unknown_or_mangled_link_is_400_and_offers_another() {
    let app = TestApp::start().await;
    app.pending_teacher(EMAIL).await;
    let token = app.token_to(EMAIL).await;
    for path in link_paths() {
        for mangled in
            [format!("?token={}", &token[1..]), format!("?token={token}x"), "?token=".into(), String::new(), "?token=%00%ff".into()]
        {
            let link = format!("{path}{mangled}");
            if path != "/verify" {
                app.get(&link).await.expect_problem(400);
            }
            let page = person(&app).get(&link).await.expect(400);
            assert!(page.text.contains("Link inválido") && page.text.contains("href=\"/resend-verification\""), "{link}: {}", page.text);
        }
    }
    assert!(!is_proved(&app).await);
}

#[tokio::test]
async fn a_link_with_two_tokens_is_refused_in_the_contracts_shape() {
    let app = TestApp::start().await;
    app.get("/api/auth/verify-email?token=a&token=b").await.expect_problem(400);
    app.get("/verify?token=a&token=b").await.expect(400);
}

#[tokio::test]
async fn a_link_that_lapsed_while_its_page_was_open_is_told_on_the_page() {
    let app = TestApp::start().await;
    app.pending_teacher(EMAIL).await;
    let token = app.token_to(EMAIL).await;
    app.advance(Duration::hours(24));
    let page = app.anonymous().form(&format!("/verify?token={token}"), "prove_link", &[("token", &token)]).await.expect(410);
    assert!(page.text.contains("/resend-verification"), "{}", page.text);
}

#[tokio::test]
async fn a_forged_host_never_reaches_a_link() {
    let app = TestApp::start().await;
    let request =
        app.anonymous().raw("POST", "/api/auth/register/teacher").header("x-forwarded-host", "evil.example").header("host", "evil.example");
    app.anonymous().send_raw(request.json(&teacher(EMAIL))).await.expect(201);
    let mail = app.email_to(EMAIL).await;
    assert!(!mail.to_string().contains("evil.example"), "{mail}");
}
