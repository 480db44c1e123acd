//! Methods, media types, sizes, JSON, unknown paths, and hostile values.

use super::{address, every_field, expect_shape, json_routes, page};
use crate::support::TestApp;
use crate::support::people::{PHONE, client};
use serde_json::{Value, json};
use server::http::routes;

#[tokio::test]
async fn another_method_is_405_in_the_contracts_shape() {
    let app = TestApp::start().await;
    for route in routes() {
        let allowed: Vec<_> = routes().iter().filter(|it| it.path == route.path).map(|it| it.method.as_str()).collect();
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"].into_iter().filter(|method| !allowed.contains(method)) {
            let answer = app.anonymous().method(method, &address(route.path)).await;
            for allowed in &allowed {
                assert!(answer.header("allow").contains(allowed), "{method} {}: {:?}", route.path, answer.headers);
            }
            expect_shape(route.path, route.contract, answer, 405);
        }
    }
}

#[tokio::test]
async fn another_media_type_is_415_in_the_contracts_shape() {
    let app = TestApp::start().await;
    for route in json_routes() {
        let client = app.anonymous();
        for media in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", "jsonx"] {
            let request = client.raw(route.method.as_str(), route.path).header("content-type", media).body("{}");
            expect_shape(route.path, route.contract, client.send_raw(request).await, 415);
        }
        let answer = client.send_raw(client.raw(route.method.as_str(), route.path).body("{}")).await;
        expect_shape(route.path, route.contract, answer, 415);
    }
    // with parameters and in capitals it is JSON all the same
    app.anonymous().post_raw("/api/auth/login", "Application/JSON; charset=utf-8", "{}").await.expect_problem(400);
}

#[tokio::test]
async fn a_body_that_is_no_json_object_is_400_in_the_contracts_shape() {
    let app = TestApp::start().await;
    let deep = format!("{}{}", "{\"a\":".repeat(5000), "}".repeat(5000));
    for route in json_routes() {
        let mut bodies = ["", "{", "[]", "null", "1", "\"a\"", "{\"email\":\"\\ud800\"}", "{} {}"].map(str::as_bytes).to_vec();
        // a byte order mark may be passed over: what follows it is looked at
        bodies.extend([&b"\xef\xbb\xbf[]"[..], b"{\"email\":\"\xff\xfe\"}", deep.as_bytes()]);
        for body in bodies {
            let client = app.anonymous();
            let request = client.raw(route.method.as_str(), route.path).header("content-type", "application/json").body(body.to_vec());
            expect_shape(route.path, route.contract, client.send_raw(request).await, 400);
        }
    }
}

#[tokio::test]
async fn a_body_of_64_kib_is_read_and_one_byte_more_is_413_in_the_contracts_shape() {
    let app = TestApp::start().await;
    let body = |size: usize| format!("{{\"x\":\"{}\"}}", "y".repeat(size - 8));
    for route in json_routes() {
        let client = app.anonymous();
        let send = |size| {
            let request = client.raw(route.method.as_str(), route.path).header("content-type", "application/json");
            client.send_raw(request.body(body(size)))
        };
        assert_ne!(send(64 * 1024).await.status, 413, "{}", route.path);
        expect_shape(route.path, route.contract, send(64 * 1024 + 1).await, 413);
    }
}

#[tokio::test]
async fn a_body_without_a_length_is_refused_while_it_is_read() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let app = TestApp::start().await;
    let mut stream = tokio::net::TcpStream::connect(app.url.trim_start_matches("http://")).await.expect("connected");
    let head = "POST /api/auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).await.expect("written");
    let piece = format!("4000\r\n{}\r\n", "x".repeat(0x4000));
    // the body has no end: an answer comes all the same
    for _ in 0..5 {
        stream.write_all(piece.as_bytes()).await.expect("written");
    }
    let mut answer = vec![0; 4096];
    let read = stream.read(&mut answer).await.expect("an answer");
    let answer = String::from_utf8_lossy(&answer[..read]);
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert!(answer.contains("application/problem+json"), "{answer}");
}

#[tokio::test]
async fn whoever_sends_far_too_much_still_reads_the_answer() {
    let app = TestApp::start().await;
    for size in [100_000, 1_000_000, 8_000_000] {
        app.anonymous().post_raw("/api/auth/login", "application/json", "x".repeat(size)).await.expect_problem(413);
    }
}

#[tokio::test]
async fn a_form_too_large_is_413() {
    let app = TestApp::start().await;
    let long = "x".repeat(64 * 1024);
    app.anonymous().form("/login", "sign_in", &[("identifier", &long)]).await.expect(413);
    app.anonymous().post_raw("/sf/sign_in", "application/x-www-form-urlencoded", format!("{long}x")).await.expect(413);
}

#[tokio::test]
async fn an_unknown_path_is_404_in_the_shape_of_its_neighbours() {
    let app = TestApp::start().await;
    for path in ["/api/nothing", "/api/auth/nothing", "/api/auth/login/"] {
        app.anonymous().get(path).await.expect_problem(404);
        app.anonymous().post(path, json!({})).await.expect_problem(404);
    }
    for path in ["/auth/nothing", "/api/email-verification/nothing"] {
        let answer = app.anonymous().get(path).await.expect(404);
        assert_eq!((answer.json()["success"].as_bool(), answer.json()["error"]["code"].as_str()), (Some(false), Some("REQUEST_001")));
    }
}

#[tokio::test]
async fn an_unknown_page_is_a_404_page() {
    let app = TestApp::start().await;
    for path in ["/nowhere", "/register/carona/x", "/dashboard/x", "/.env", "/%2e%2e/etc/passwd", "/pkg/x/nothing.js"] {
        assert_eq!(page(&app, path).await.status, 404, "{path}");
    }
    let page = app.get("/nowhere").await.expect(404);
    assert!(page.text.contains("Página não encontrada") && page.text.contains("href=\"/\""), "{}", page.text);
}

#[tokio::test]
async fn a_kind_that_does_not_exist_is_a_404_page() {
    let app = TestApp::start().await;
    for path in ["/register/admin", "/register/%3Cb%3E"] {
        assert_eq!(page(&app, path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn unknown_json_fields_are_ignored() {
    let app = TestApp::start().await;
    let mut body = client(PHONE);
    for (field, value) in [("id", json!(1)), ("kind", json!("admin")), ("phoneProvedAt", json!("2020-01-01")), ("role", json!(["root"]))] {
        body[field] = value;
    }
    app.post("/api/auth/register/client", body).await.expect(202);
    let code = app.code_to(PHONE).await;
    assert_eq!(app.verify(PHONE, &code).await.expect(201).json()["user"]["kind"], "cliente");
}

#[tokio::test]
async fn hostile_values_are_never_a_fault() {
    let app = TestApp::start_with(&[("TRUSTED_PROXIES", "127.0.0.1")]).await;
    let long = "a".repeat(10_000);
    let values: [Value; 12] = [
        json!("\u{0}"),
        json!("a\u{0}b@example.com"),
        json!(long),
        json!("😀".repeat(2_000)),
        json!("\u{202e}moc.elpmaxe@ana"),
        json!("محمد علي"),
        json!("' OR 1=1; drop table accounts; --"),
        json!("{{7*7}}${7*7}<%= 7*7 %>"),
        json!("../../etc/passwd"),
        json!(1e308),
        json!({ "$ne": null }),
        json!([[[]]]),
    ];
    let fields: Vec<String> = every_field().as_object().expect("an object").keys().cloned().collect();
    for (r, route) in json_routes().enumerate() {
        for (v, value) in values.iter().enumerate() {
            let body: Value = fields.iter().map(|field| (field.clone(), value.clone())).collect::<serde_json::Map<_, _>>().into();
            let visitor = app.anonymous().header("x-forwarded-for", &format!("10.0.{r}.{v}"));
            let answer = visitor.send_raw(visitor.raw(route.method.as_str(), route.path).json(&body)).await;
            assert!((400..500).contains(&answer.status), "{} {value:.60}: {} {}", route.path, answer.status, answer.text);
            assert!(answer.text.len() < 4_000, "{}: what was typed is not repeated", route.path);
        }
    }
}

#[tokio::test]
async fn hostile_headers_are_never_a_fault() {
    let app = TestApp::start().await;
    let long = "a".repeat(5_000);
    for (name, value) in [
        ("cookie", "portaria_session=; portaria_signup==;;; =x; portaria_language=%00"),
        ("cookie", long.as_str()),
        ("authorization", "Bearer"),
        ("authorization", "Bearer "),
        ("authorization", "Basic abc"),
        ("user-agent", long.as_str()),
        ("x-forwarded-for", ",,, ::::, 999.1.1.1"),
        ("accept-language", "tlh;q=9,*;q=x"),
        ("accept", "*/*;q=zzz"),
    ] {
        for path in ["/", "/login", "/register/client", "/api/auth/profile"] {
            let answer = app.anonymous().header(name, value).get(path).await;
            assert!(answer.status < 500, "{name} {path}: {}", answer.text);
        }
    }
    let client = app.anonymous();
    let odd = reqwest::header::HeaderValue::from_bytes(b"caf\xe9").expect("a value");
    client
        .send_raw(client.raw("GET", "/login").header("cookie", odd.clone()).header("referer", odd.clone()).header("accept", odd))
        .await
        .expect(200);
}
