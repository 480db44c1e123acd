//! Which pages of other sites may read an answer.

use super::{PAGE, browser, sign_in, signed_in, start};
use crate::support::people::{EMAIL, OTHER_EMAIL, PASSWORD};
use crate::support::{Actor, Answer, TestApp};
use serde_json::json;

const OF_PRODUCT: &str = "https://pagina.example";

/// Origins that belong to nobody who is registered, however much they look like it.
const STRANGERS: [&str; 13] = [
    "https://evil.example",
    "https://escola.example.evil.example",
    "https://evilescola.example",
    "https://www.escola.example",
    "https://escola.example:444",
    "https://escola.example/",
    "https://escola.example/cb",
    "http://escola.example",
    "https://ESCOLA.example",
    "https://escola.example, https://evil.example",
    "com.example.pagina:",
    "com.example.pagina://",
    "null",
];

fn may_read(answer: &Answer, origin: &str) -> bool {
    let names: Vec<_> = answer.headers.keys().filter(|name| name.as_str().starts_with("access-control-")).collect();
    assert_eq!(answer.header("access-control-allow-credentials"), "", "never with cookies");
    let varies = answer.headers.get_all("vary").iter().any(|it| it.to_str().expect("text").to_ascii_lowercase().contains("origin"));
    assert!(varies, "{:?}", answer.headers);
    match answer.header("access-control-allow-origin") {
        "" => {
            assert!(names.is_empty(), "{names:?}");
            false
        }
        allowed => {
            assert_eq!(allowed, origin);
            for name in ["x-request-id", "retry-after", "www-authenticate"] {
                assert!(answer.header("access-control-expose-headers").contains(name));
            }
            true
        }
    }
}

async fn preflight(asked: &Actor<'_>, path: &str, method: &str) -> Answer {
    let request = asked.raw("OPTIONS", path).header("access-control-request-method", method);
    asked.send_raw(request.header("access-control-request-headers", "authorization,content-type")).await.expect(204)
}

#[tokio::test]
async fn pages_of_products_may_read_the_answers_and_no_others() {
    let app = start().await;
    let methods = [
        ("/oauth/token", "POST", "POST"),
        ("/oauth/userinfo", "POST", "GET, POST"),
        ("/oauth/revoke", "POST", "POST"),
        ("/api/register", "POST", "POST"),
        ("/api/auth/login", "POST", "POST"),
        ("/api/auth/profile", "PATCH", "GET, PATCH"),
        ("/api/auth/sessions/1", "DELETE", "DELETE"),
        ("/api/email-verification/verify", "POST", "POST"),
        ("/auth/login", "POST", "POST"),
        ("/auth/registerComplete/ana@example.com", "POST", "POST"),
    ];
    for (path, method, allowed) in methods {
        for origin in ["https://escola.example", OF_PRODUCT, "http://127.0.0.1"] {
            let asked = app.anonymous().header("origin", origin).header("sec-fetch-site", "cross-site");
            let answer = preflight(&asked, path, method).await;
            assert!(may_read(&answer, origin), "{origin} {path}");
            assert_eq!(answer.header("access-control-allow-methods"), allowed, "{path}");
            for name in ["authorization", "content-type"] {
                assert!(answer.header("access-control-allow-headers").contains(name));
            }
            let answer = asked.send_raw(asked.raw(method, path).body("")).await;
            assert!(may_read(&answer, origin), "{origin} {path}");
            // `registerComplete` refuses whoever has not proved the address by the same status as another site's form.
            assert!((400..500).contains(&answer.status) && (answer.status != 403 || path.contains('@')), "{path}: {}", answer.text);
        }
    }
    for origin in STRANGERS {
        let asked = app.anonymous().header("origin", origin).header("sec-fetch-site", "cross-site");
        for (path, method, _) in methods {
            assert!(!may_read(&preflight(&asked, path, method).await, origin), "{origin} {path}");
            let answer = asked.send_raw(asked.raw(method, path).body("")).await;
            assert!(!may_read(&answer, origin) && answer.status >= 400, "{origin} {path}");
        }
        for path in ["/api/auth/profile", "/oauth/userinfo"] {
            assert!(!may_read(&asked.get(path).await, origin), "{origin} {path}");
        }
    }
    let two = app.anonymous().header("origin", OF_PRODUCT).header("origin", "https://evil.example");
    assert!(!may_read(&two.get("/api/auth/profile").await, OF_PRODUCT));
    // Nor is anything else shared with a product.
    let asked = app.anonymous().header("origin", OF_PRODUCT).header("accept", "text/html");
    for path in ["/login", "/oauth/authorize", "/oauth/logout", "/oauth/introspect", "/profile", "/metrics", "/sf/cities"] {
        for answer in [asked.get(path).await, asked.method("OPTIONS", path).await] {
            assert_eq!(answer.header("access-control-allow-origin"), "", "{path}");
        }
    }
}

#[tokio::test]
async fn what_is_public_is_read_from_anywhere() {
    let app = start().await;
    for path in ["/.well-known/openid-configuration", "/.well-known/jwks.json"] {
        for origin in ["https://evil.example", OF_PRODUCT, "null", "com.example.pagina://"] {
            let asked = app.anonymous().header("origin", origin).header("sec-fetch-site", "cross-site");
            for answer in [preflight(&asked, path, "GET").await, asked.get(path).await.expect(200)] {
                assert_eq!(answer.header("access-control-allow-origin"), "*", "{origin} {path}");
                assert_eq!(answer.header("access-control-allow-credentials"), "");
            }
        }
    }
}

/// A page of a product does what the API lets a client do that is no browser.
#[tokio::test]
async fn a_page_of_a_product_signs_in_and_acts_by_its_tokens() {
    let app = start().await;
    app.proved_teacher(EMAIL).await;
    let page = app.anonymous().header("origin", OF_PRODUCT).header("sec-fetch-site", "cross-site");
    let signed_in = page.post("/api/auth/login", json!({ "email": EMAIL, "password": PASSWORD })).await.expect(200);
    assert!(may_read(&signed_in, OF_PRODUCT));
    let own = app.anonymous().header("origin", OF_PRODUCT).header("sec-fetch-site", "cross-site").bearer(&signed_in.token("accessToken"));
    own.patch("/api/auth/profile", json!({ "fullName": "Carla Dias Lima" })).await.expect(200);
    assert!(may_read(&own.get("/api/auth/profile").await.expect(200), OF_PRODUCT));
    let late = page.get("/api/auth/profile").await.expect(401);
    assert!(may_read(&late, OF_PRODUCT), "a refusal is read, too");
    let code = PAGE.code(&signed_in_browser(&app).await, &[]).await;
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", PAGE.callback),
        ("code_verifier", super::VERIFIER),
        ("client_id", "page"),
    ];
    assert!(may_read(&page.send_raw(page.raw("POST", "/oauth/token").form(&form)).await.expect(200), OF_PRODUCT));
}

async fn signed_in_browser(app: &TestApp) -> Actor<'_> {
    let browser = browser(app);
    sign_in(&browser).await;
    browser
}

/// RFC 9700 leaves it to CORS: a product, or whoever can run a script in its page, is not the person who is signed in here.
#[tokio::test]
async fn a_page_of_a_product_does_nothing_by_the_cookies_of_whoever_is_signed_in() {
    let app = start().await;
    let ana = signed_in(&app).await;
    ana.get("/api/auth/profile").await.expect(200);
    for site in ["cross-site", "same-site"] {
        let by_product = |method: &str, path: &str| ana.raw(method, path).header("origin", OF_PRODUCT).header("sec-fetch-site", site);
        for (method, path) in
            [("GET", "/api/auth/profile"), ("GET", "/api/auth/sessions"), ("DELETE", "/api/auth/sessions"), ("POST", "/api/auth/logout")]
        {
            assert!(may_read(&ana.send_raw(by_product(method, path)).await.expect(401), OF_PRODUCT), "{method} {path}");
        }
        let by_stranger = ana.raw("POST", "/api/auth/logout").header("origin", "https://evil.example").header("sec-fetch-site", site);
        assert_eq!(ana.send_raw(by_stranger).await.expect(403).header("access-control-allow-origin"), "");
    }
    // Nor does it leave one in the browser.
    let rider = json!({ "email": OTHER_EMAIL, "password": PASSWORD, "name": "Rian Lucas", "username": "rianlucas" });
    app.post("/auth/register", rider).await.expect(201);
    let code = app.code_to(OTHER_EMAIL).await;
    let page = app.anonymous().header("origin", OF_PRODUCT).header("sec-fetch-site", "cross-site");
    let proved = page.post("/api/email-verification/verify", json!({ "email": OTHER_EMAIL, "code": code })).await.expect(200);
    assert!(proved.cookies().is_empty() && may_read(&proved, OF_PRODUCT), "{:?}", proved.cookies());
    assert!(proved.json()["data"]["signupToken"].is_string(), "{}", proved.text);
    // Our own pages are no product's, whatever is registered.
    let own = ana.raw("POST", "/api/auth/logout").header("origin", app.url.clone()).header("sec-fetch-site", "same-origin");
    ana.send_raw(own).await.expect(200);
}
