//! Unusual but correct requests of real browsers, proxies and clients: foreign cookies, slashes, origins, charsets, numbers.

use crate::support::people::{EMAIL, PASSWORD, PHONE, WHATSAPP_CODE, client, teacher};
use crate::support::{Actor, Answer, TestApp, link_in};
use reqwest::header::HeaderValue;
use serde_json::{Value, json};

const FORM: &str = "application/x-www-form-urlencoded";

/// The `name=value` pair of a `Set-Cookie`.
fn pair(cookie: &str) -> String {
    cookie.split(';').next().expect("a pair").to_owned()
}

/// The session cookie of a teacher who signed in on the page.
async fn signed_in(app: &TestApp) -> String {
    app.proved_teacher(EMAIL).await;
    let form = [("identifier", EMAIL), ("password", PASSWORD)];
    pair(&app.anonymous().form("/login", "sign_in", &form).await.expect(303).cookie("portaria_session"))
}

// ── cookies

#[tokio::test]
async fn a_cookie_of_another_product_that_cannot_be_read_shuts_nobody_out() {
    let app = TestApp::start().await;
    let session = signed_in(&app).await;
    for foreign in [&b"nome=Jo\xc3\xa3o"[..], b"nome=Jo\xe3o", b"=;;; ", b"\xff\xfe", b"x=\"a, b\"", b"x={\"a\": 1}", b"portaria_session="]
    {
        let both = [[foreign, b"; ", session.as_bytes()].concat(), [session.as_bytes(), b"; ", foreign].concat()];
        for cookies in both {
            let cookies = HeaderValue::from_bytes(&cookies).expect("a header");
            let client = app.anonymous();
            // A page, and a contract's route.
            client.send_raw(client.raw("GET", "/dashboard").header("cookie", cookies.clone())).await.expect(200);
            client.send_raw(client.raw("GET", "/api/auth/profile").header("cookie", cookies)).await.expect(200);
        }
    }
}

#[tokio::test]
async fn a_sign_up_goes_on_beside_a_cookie_that_cannot_be_read() {
    let app = TestApp::start().await;
    let form = crate::support::people::client_form(PHONE);
    let device = pair(&app.anonymous().form("/register/client", "sign_up", &form).await.expect(303).cookie("portaria_signup"));
    let cookies = HeaderValue::from_bytes(&[b"nome=Jo\xe3o; ".as_slice(), device.as_bytes()].concat()).expect("a header");
    let code = app.code_to(PHONE).await;
    let client = app.anonymous();
    let request = client.raw("POST", "/register/client").header("cookie", cookies).header("content-type", FORM);
    client.send_raw(request.body(format!("_form=prove_code&code={code}"))).await.expect(303).cookie("portaria_session");
}

// ── addresses

#[tokio::test]
async fn every_page_has_one_address_and_the_others_lead_to_it_with_their_query() {
    let app = TestApp::start().await;
    for page in [
        "/login",
        "/register",
        "/register/client",
        "/register/nothing",
        "/verify",
        "/verify-email",
        "/resend-verification",
        "/continue",
        "/forgot-password",
        "/reset-password",
        "/recover-password",
        "/not-me",
        "/dashboard",
        "/profile",
        "/profile/password",
        "/profile/phone",
        "/complete-profile",
        "/terms",
    ] {
        for method in ["GET", "HEAD", "POST"] {
            for (asked, expected) in [("/", String::new()), ("//", String::new()), ("/?a=1&b=%2F", "?a=1&b=%2F".to_owned())] {
                let answer = app.anonymous().method(method, &format!("{page}{asked}")).await.expect(308);
                assert_eq!(answer.location(), format!("{page}{expected}"), "{method} {page}{asked}");
            }
        }
        assert_ne!(app.get(page).await.status, 308, "{page}");
    }
    app.get("/").await.expect(200);
    assert_ne!(app.anonymous().method("PUT", "/login/").await.status, 308);
}

#[tokio::test]
async fn a_path_of_the_contracts_or_nobodys_is_led_nowhere() {
    let app = TestApp::start().await;
    for path in ["/api/auth/login/", "/api/auth/verify-email/", "/api/auth/", "/api/"] {
        app.anonymous().post(path, json!({})).await.expect_problem(404);
    }
    for path in ["/api/register/", "/api/resend-verification/"] {
        let answer = app.anonymous().post(path, json!({})).await.expect(404);
        assert!(answer.json()["error"].is_string(), "{path}: {}", answer.text);
    }
    for path in ["/auth/login/", "/auth/", "/api/email-verification/verify/"] {
        let answer = app.anonymous().post(path, json!({})).await.expect(404);
        assert_eq!(answer.json()["error"]["code"], "REQUEST_001", "{path}: {}", answer.text);
    }
    for path in ["/nothing/", "/register/a/b/", "//evil.example/", "//", "/%2F/evil.example/", "/healthz/"] {
        let answer = app.anonymous().header("accept", "text/html").get(path).await;
        assert_eq!((answer.status, answer.location()), (404, ""), "{path}");
    }
}

#[tokio::test]
async fn a_password_manager_finds_where_a_password_is_changed() {
    let app = TestApp::start().await;
    assert_eq!(app.get("/.well-known/change-password").await.expect(303).location(), "/profile/password");
    app.get("/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200").await.expect(404);
}

#[tokio::test]
async fn visitors_by_ipv6_behind_a_proxy_have_a_limit_each() {
    let app = TestApp::start_with(&[("TRUSTED_PROXIES", "127.0.0.1")]).await;
    let by = |address: &str| app.anonymous().header("x-forwarded-for", address);
    let guess = json!({ "phone": PHONE, "code": "123456" });
    let mut guesses = 0;
    while by("[2001:db8:0:1::7]").post("/api/auth/phone/verify", guess.clone()).await.status != 429 {
        guesses += 1;
        assert!(guesses < 130);
    }
    for same in ["2001:db8:0:1::8", "[2001:db8:0:1::7]:4711", "\"[2001:db8:0:1::7]\""] {
        by(same).post("/api/auth/phone/verify", guess.clone()).await.expect(429);
    }
    for other in ["[2001:db8:0:2::7]", "[2001:db8:0:3::7]:4711", "198.51.100.7:80", "[2001:db8:0:1::7], [2001:db8:0:4::7]"] {
        assert_ne!(by(other).post("/api/auth/phone/verify", guess.clone()).await.status, 429, "{other}");
    }
}

// ── whose form it is

/// A browser without Fetch Metadata.
async fn old_form(by: &Actor<'_>, path: &str, origin: &str, fields: &[(&str, &str)]) -> Answer {
    by.send_raw(by.raw("POST", path).header("origin", origin).form(fields)).await
}

#[tokio::test]
async fn a_form_of_a_page_with_a_token_works_where_the_browser_says_null() {
    let app = TestApp::start().await;
    app.pending_teacher(EMAIL).await;
    let token = app.token_to(EMAIL).await;
    let browser = app.anonymous().header("accept", "text/html");
    let path = format!("/verify?token={token}");
    let page = browser.get(&path).await;
    assert!(page.text.contains("<meta name=\"referrer\" content=\"strict-origin\""), "{}", page.text);
    old_form(&browser, &path, "null", &[("_form", "prove_link"), ("token", &token)]).await.expect(303);

    app.advance(time::Duration::minutes(1));
    app.post("/api/auth/forgot-password", json!({ "email": EMAIL })).await.expect(202);
    let path = link_in(&app.newest_to(EMAIL).await);
    let token = path.split_once("token=").expect("a token").1.to_owned();
    let password = "Jabuticaba#77 roxa";
    let fields = [("_form", "reset_by_link"), ("token", token.as_str()), ("password", password), ("password_confirmation", password)];
    // A browser that never opened this page, or opened another link's page, is refused.
    old_form(&app.anonymous(), &path, "null", &fields).await.expect(403);
    old_form(&browser, &path, "null", &fields).await.expect(403);
    browser.get(&path).await.expect(200);
    old_form(&browser, "/login", "null", &[("_form", "sign_in"), ("identifier", EMAIL), ("password", PASSWORD)]).await.expect(403);
    old_form(&browser, &path, "https://evil.example", &fields).await.expect(403);
    let foreign = browser.raw("POST", &path).header("origin", "null").header("sec-fetch-site", "cross-site").form(&fields);
    browser.send_raw(foreign).await.expect(403);
    old_form(&browser, &path, "null", &fields).await.expect(303);
    app.login(EMAIL, password).await.expect(200);
    app.expect_message(EMAIL, "Sua senha foi alterada").await;
}

#[tokio::test]
async fn the_mark_of_an_opened_link_never_travels_with_another_sites_form() {
    let app = TestApp::start().await;
    for path in ["/verify?token=x", "/reset-password?token=x", "/not-me?token=x", "/document-mine?token=x"] {
        let cookie = app.anonymous().header("accept", "text/html").get(path).await.cookie("portaria_form");
        assert!(cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Strict") && cookie.contains("; Path=/"), "{cookie}");
        assert!(!cookie.contains("=x;"), "{cookie}");
    }
    assert!(app.get("/login?token=x").await.cookies().is_empty() && app.get("/continue?token=x").await.cookies().is_empty());
}

#[tokio::test]
async fn a_person_whose_form_is_refused_reads_a_page() {
    let app = TestApp::start().await;
    for (path, fields) in [("/login", "_form=sign_in"), ("/reset-password?token=x", "_form=reset_by_link"), ("/profile", "_form=sign_out")]
    {
        let page = app.anonymous().header("origin", "null").post_raw(path, FORM, fields).await.expect(403);
        assert!(page.header("content-type").starts_with("text/html"), "{path}");
        assert!(page.text.contains("<h1>") && page.text.contains(&format!("href=\"{path}\"")), "{}", page.text);
        assert!(page.cookies().is_empty() && page.header("content-security-policy").contains("default-src 'none'"));
        let json = app.anonymous().header("origin", "null").header("accept", "application/json").post_raw(path, FORM, fields).await;
        json.expect_problem(403);
    }
    let english = app.anonymous().header("cookie", "portaria_language=en").header("origin", "null").post_raw("/login", FORM, "").await;
    assert!(english.text.contains("lang=\"en\""), "{}", english.text);
    for page in [
        app.anonymous().post_raw("/login", "text/plain", "x").await.expect(415),
        app.anonymous().post_raw("/login", FORM, "x".repeat(70_000)).await.expect(413),
        app.anonymous().header("accept", "text/html").post_raw("/nothing", FORM, "x").await.expect(404),
    ] {
        assert!(page.header("content-type").starts_with("text/html"), "{}", page.text);
    }
    for path in ["/api/auth/login", "/sf/sign_in"] {
        app.anonymous().header("accept", "text/html").header("origin", "null").post_raw(path, FORM, "").await.expect_problem(403);
    }
}

#[tokio::test]
async fn who_signs_out_leaves_nothing_in_the_browser() {
    let app = TestApp::start().await;
    let session = signed_in(&app).await;
    let answer = app.anonymous().header("cookie", &session).form("/dashboard", "sign_out", &[]).await.expect(303);
    assert_eq!(answer.header("clear-site-data"), "\"cache\", \"storage\"");
    assert!(answer.cookie("portaria_session").contains("Max-Age=0"));
}

// ── what clients write

#[tokio::test]
async fn json_with_a_byte_order_mark_is_json() {
    let app = TestApp::start().await;
    let body = format!("\u{feff}{}", client(PHONE));
    app.anonymous().post_raw("/api/auth/register/client", "application/json", body).await.expect(202);
    app.anonymous().post_raw("/api/auth/register/client", "application/json", "\u{feff}\u{feff}{}").await.expect_problem(400);
    app.expect_message(PHONE, WHATSAPP_CODE).await;
}

#[tokio::test]
async fn a_whole_number_is_whole_however_it_is_written() {
    let app = TestApp::start().await;
    let teacher = app.teacher().await;
    let version = teacher.profile().await["version"].as_i64().expect("a number");
    let raw = async |number: String| {
        // The body changes nothing, so the version stays the same.
        let body = format!("{{\"version\":{number}}}");
        let request = teacher.raw("PATCH", "/api/auth/profile").header("content-type", "application/json").body(body);
        teacher.send_raw(request).await
    };
    for same in [format!("{version}.0"), format!("{version}.000"), format!("{version}e0"), format!("0.{version}e1")] {
        raw(same).await.expect(200);
    }
    for other in ["1.5", "-1.0", "1e400", "1e300", "\"1\"", "9007199254740993.5"] {
        raw(other.to_owned()).await.expect_problem(400);
    }
}

#[tokio::test]
async fn null_takes_away_what_may_be_taken_away_and_absent_leaves_it() {
    let app = TestApp::start().await;
    let teacher = app.teacher().await;
    teacher.change(json!({ "institution": "USP", "fieldOfWork": "Física" })).await.expect(200);
    let after = teacher.change(json!({ "institution": null })).await.expect(200).json();
    assert_eq!((&after["institution"], &after["fieldOfWork"]), (&Value::Null, &json!("Física")));
    let refused = teacher.change(json!({ "fullName": null, "fieldOfWork": null })).await.expect_problem(400);
    assert_eq!((refused.errors("fullName").len(), refused.errors("fieldOfWork").len()), (1, 0));
    let after = teacher.change(json!({})).await.expect(200).json();
    assert_eq!(after["fieldOfWork"], "Física", "nothing half written");
    // A client that sends the profile back sends null for whatever the account does not have.
    for absent in ["cpf", "cnpj", "institution", "profilePicture", "username", "birthDate"] {
        teacher.change(json!({ absent: null })).await.expect(200);
    }
    teacher.change(json!({ "cpf": "52998224725" })).await.expect(200);
    let refused = teacher.change(json!({ "cpf": null })).await.expect_problem(400);
    assert_eq!(refused.errors("cpf").len(), 1);
    app.expect_message(EMAIL, "Novo documento na sua conta").await;
}

#[tokio::test]
async fn a_photo_may_be_shown_by_another_product_and_nothing_else_may() {
    let app = TestApp::start().await;
    let teacher = app.teacher().await;
    let photo = crate::support::pictures::picture(40, 40, image::ImageFormat::Png);
    let photo = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, photo);
    let shown = teacher.change(json!({ "profilePicture": photo })).await.expect(200).json()["profilePicture"].clone();
    let path = shown.as_str().expect("an address").trim_start_matches(&app.url).to_owned();
    let answer = app.get(&path).await.expect(200);
    assert_eq!(answer.header("cross-origin-resource-policy"), "cross-origin");
    assert!(answer.header("content-security-policy").contains("sandbox"));
    assert_eq!(app.get("/photos/x").await.expect(404).header("cross-origin-resource-policy"), "same-origin");
    assert!(teacher.change(json!({ "profilePicture": null })).await.expect(200).json()["profilePicture"].is_null());
}

/// One part of a form, byte by byte as a client in another charset writes it.
fn part(name: &str, media: Option<&str>, value: &[u8]) -> Vec<u8> {
    let media = media.map(|media| format!("content-type: {media}\r\n")).unwrap_or_default();
    let head = format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"\r\n{media}\r\n");
    [head.as_bytes(), value, b"\r\n"].concat()
}

#[tokio::test]
async fn a_form_in_another_charset_is_read_in_it() {
    const LATIN: &[u8] = b"S\xe3o Paulo";
    type Case = (&'static str, Vec<u8>, Option<String>, &'static [u8]);
    let app = TestApp::start().await;
    let plain = |charset: &str| format!("text/plain; charset={charset}");
    // The media type of the whole form, the part before the city, the media type of the city, the city.
    let cases: [Case; 9] = [
        ("", vec![], Some(plain("ISO-8859-1")), LATIN),
        ("", vec![], Some(plain("\"iso-8859-1\"")), LATIN),
        ("", vec![], Some(plain("windows-1252")), LATIN),
        ("", vec![], Some(plain("UTF-8")), "São Paulo".as_bytes()),
        ("", vec![], Some(plain("nobody-knows")), "São Paulo".as_bytes()),
        ("; charset=ISO-8859-1", vec![], None, LATIN),
        ("; charset=ISO-8859-1", vec![], Some(plain("utf-8")), "São Paulo".as_bytes()),
        ("", part("_charset_", None, b"iso-8859-1"), None, LATIN),
        ("", b"--b\r\ncontent-disposition: form-data; name=\"observa\xe7\xe3o\"\r\n\r\nx\r\n".to_vec(), None, "São Paulo".as_bytes()),
    ];
    for (n, (whole, before, media, city)) in cases.into_iter().enumerate() {
        let email = format!("rider{n}@example.com");
        let rider = json!({ "email": email, "password": "senha12345", "name": "Rian Lucas", "username": format!("rider{n}") });
        app.post("/auth/register", rider).await.expect(201);
        let code = json!({ "email": email, "code": app.code_to(&email).await });
        let proved = app.post("/api/email-verification/verify", code).await.expect(200).json();
        let token = proved["data"]["signupToken"].as_str().expect("a token").to_owned();
        let cpf = [
            "52998224725",
            "11144477735",
            "15350946056",
            "12345678909",
            "98765432100",
            "00000000191",
            "39053344705",
            "86288366757",
            "45317828791",
        ][n];
        let mut body = before;
        let phone = format!("1198765{n:04}");
        for (name, value) in [("phone", phone.as_str()), ("birthDate", "2000-01-15"), ("gender", "M"), ("cpf", cpf), ("state", "SP")] {
            body.extend(part(name, None, value.as_bytes()));
        }
        body.extend(part("city", media.as_deref(), city));
        body.extend(b"--b--\r\n");
        let form = format!("multipart/form-data; boundary=b{whole}");
        let done =
            app.anonymous().bearer(&token).post_raw(&format!("/auth/registerComplete/{email}"), &form, body).await.expect(200).json();
        let access = done["data"]["token"].as_str().expect("a token").to_owned();
        let city = app.anonymous().bearer(&access).get("/api/auth/profile").await.expect(200).json()["city"].clone();
        assert_eq!(city, "São Paulo", "{n}");
    }
}

// ── development

#[tokio::test]
async fn the_outbox_answers_only_to_names_of_this_machine() {
    let app = TestApp::start().await;
    app.post("/api/auth/register/teacher", teacher(EMAIL)).await.expect(201);
    for path in ["/dev/outbox", "/dev/outbox.json"] {
        for host in ["127.0.0.1", "127.0.0.2:3000", "localhost", "LOCALHOST:3000", "[::1]:3000"] {
            app.anonymous().header("host", host).get(path).await.expect(200);
        }
        for host in ["evil.example", "evil.example:3000", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1", "0.0.0.0"] {
            let answer = app.anonymous().header("host", host).get(path).await.expect(404);
            assert!(!answer.text.contains(EMAIL), "{host}");
        }
    }
    app.expect_message(EMAIL, "Verifique sua conta").await;
}
