//! The photo of the third step: what is accepted, what is kept, how it is served (SPEC §3; ASVS 3.2.1, 5.2, 14.2.8).

use super::{CPF, EMAIL, Form, OTHER_PHONE, PHONE, USERNAME, complete, completed, expect_error, profile, proved, token_of, wrong_fields};
use crate::support::pictures::picture;
use crate::support::{Answer, TestApp};
use image::ImageFormat;

const MIB: usize = 1024 * 1024;

async fn upload(app: &TestApp, token: &str, form: Form) -> Answer {
    complete(app.anonymous().bearer(token), EMAIL, form).await
}

/// The path of the only photo in the database.
async fn photo_path(app: &TestApp) -> String {
    let id: String = sqlx::query_scalar("select id from photos").fetch_one(&app.pool).await.expect("one photo");
    format!("/photos/{id}")
}

async fn fetch(app: &TestApp, path: &str) -> (reqwest::header::HeaderMap, Vec<u8>) {
    let client = app.anonymous();
    let response = client.raw("GET", path).send().await.expect("an answer");
    assert_eq!(response.status(), 200);
    (response.headers().clone(), response.bytes().await.expect("a body").to_vec())
}

#[tokio::test]
async fn a_photo_is_kept_small_clean_and_served_so_that_nothing_in_it_can_run() {
    for (format, media, name) in [(ImageFormat::Jpeg, "image/jpeg", "foto.jpg"), (ImageFormat::Png, "image/png", "foto.png")] {
        let app = TestApp::start().await;
        let token = proved(&app, EMAIL, USERNAME).await;
        // The name and the media type that a client gives do not count.
        let form = profile(CPF, PHONE).file("photo", "../../x.html", "text/html", &picture(1200, 900, format));
        upload(&app, &token, form).await.expect(200);
        let path = photo_path(&app).await;
        assert_eq!(path.len(), "/photos/".len() + 43, "256 bits");
        let (headers, bytes) = fetch(&app, &path).await;
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        assert_eq!(header("content-type"), media);
        assert_eq!(header("content-disposition"), format!("inline; filename=\"{name}\""));
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("content-security-policy"), "default-src 'none'; sandbox");
        assert_eq!(header("cross-origin-resource-policy"), "cross-origin", "another product may show it");
        assert_eq!(header("cache-control"), "private, max-age=31536000, immutable");
        let image = image::load_from_memory_with_format(&bytes, format).expect("a photo");
        assert_eq!((image.width(), image.height()), (512, 384));
        app.get("/photos/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").await.expect(404);
        app.anonymous().method("DELETE", &path).await.expect(405);
    }
}

#[tokio::test]
async fn without_a_photo_there_is_none() {
    let app = TestApp::start().await;
    completed(&app, EMAIL, USERNAME, CPF, PHONE).await;
    assert_eq!(app.count("select count(*) from photos").await, 0);
}

#[tokio::test]
async fn profile_and_photo_are_written_together_or_not_at_all() {
    let app = TestApp::start().await;
    completed(&app, "primeira@email.com", "primeira", CPF, PHONE).await;
    let token = proved(&app, EMAIL, USERNAME).await;
    let photo = picture(80, 60, ImageFormat::Png);
    expect_error(upload(&app, &token, profile(CPF, OTHER_PHONE).photo(&photo)).await, 409, "USER_004");
    assert_eq!(app.count("select count(*) from photos").await, 0);
    expect_error(upload(&app, &token, profile("11144477735", OTHER_PHONE).photo(b"none")).await, 400, "VALIDATION_ERROR");
    assert_eq!(app.count("select count(*) from accounts where cpf_index is not null").await, 1);
    sqlx::query("alter table photos add constraint broken check (bytes is null)").execute(&app.pool).await.expect("broken");
    expect_error(upload(&app, &token, profile("11144477735", OTHER_PHONE).photo(&photo)).await, 503, "AUTH_003");
    assert_eq!(app.count("select count(*) from accounts where cpf_index is not null").await, 1);
}

#[tokio::test]
async fn a_zoo_of_uploads_is_refused_at_the_field() {
    let app = TestApp::start().await;
    let token = proved(&app, EMAIL, USERNAME).await;
    let jpeg = picture(200, 150, ImageFormat::Jpeg);
    let mut bomb = picture(8, 8, ImageFormat::Png);
    bomb[16..24].copy_from_slice(&[0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]);
    for (what, bytes) in [
        ("SVG", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec()),
        ("HTML", b"<!doctype html><script>alert(1)</script>".to_vec()),
        ("GIF", b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;".to_vec()),
        ("PHP that begins like a JPEG", b"\xff\xd8\xff\xe0<?php system('id'); ?>".to_vec()),
        ("cut short", jpeg[..jpeg.len() / 2].to_vec()),
        ("30 000×30 000", bomb),
        ("an empty file", Vec::new()),
    ] {
        let answer = expect_error(upload(&app, &token, profile(CPF, PHONE).photo(&bytes)).await, 400, "VALIDATION_ERROR");
        assert_eq!(wrong_fields(&answer), ["photo"], "{what}");
    }
    assert_eq!(app.count("select count(*) from photos").await, 0);
}

#[tokio::test]
async fn a_picture_of_too_many_pixels_is_told_how_many_there_may_be() {
    let app = TestApp::start().await;
    let token = proved(&app, EMAIL, USERNAME).await;
    for (width, height) in [(4097, 4096), (20_001, 1)] {
        let photo = picture(width, height, ImageFormat::Png);
        let answer = expect_error(upload(&app, &token, profile(CPF, PHONE).photo(&photo)).await, 400, "VALIDATION_ERROR");
        let told = "A foto tem pixels demais. Envie uma de até 16 megapixels, com no máximo 20000 pixels no lado maior";
        assert_eq!(answer.json()["error"]["fields"]["photo"], serde_json::json!([told]), "{width}×{height}");
    }
}

#[tokio::test]
async fn an_address_that_is_none_is_not_found() {
    let app = TestApp::start().await;
    let me = completed(&app, EMAIL, USERNAME, CPF, PHONE).await;
    for id in ["%00", "%FF", "x", &"%00".repeat(43), &"é".repeat(21), &"A".repeat(42), &"A".repeat(44), &"+".repeat(43)] {
        app.get(&format!("/photos/{id}")).await.expect_problem(404);
    }
    for id in ["%00", "%FF", "x"] {
        let path = format!("/api/auth/sessions/{id}");
        app.anonymous().bearer(&me).method("DELETE", &path).await.expect_problem(404);
        app.anonymous().method("DELETE", &path).await.expect_problem(401);
    }
    for email in ["%00", "%FF", "x"] {
        expect_error(complete(app.anonymous(), email, Form::default()).await, 403, "AUTH_001");
    }
}

#[tokio::test]
async fn a_picture_that_is_also_something_else_becomes_a_picture() {
    let app = TestApp::start().await;
    let token = proved(&app, EMAIL, USERNAME).await;
    let polyglot = [picture(300, 200, ImageFormat::Jpeg), b"PK\x03\x04<?php system('id'); ?><script>alert(1)</script>".to_vec()].concat();
    upload(&app, &token, profile(CPF, PHONE).photo(&polyglot)).await.expect(200);
    let (_, bytes) = fetch(&app, &photo_path(&app).await).await;
    assert!(image::load_from_memory_with_format(&bytes, ImageFormat::Jpeg).is_ok());
    assert!(!bytes.windows(5).any(|part| part == b"<?php") && bytes.ends_with(&[0xFF, 0xD9]));
}

#[tokio::test]
async fn five_mebibytes_are_taken_and_a_byte_more_is_not() {
    let app = TestApp::start().await;
    let token = proved(&app, EMAIL, USERNAME).await;
    let mut bytes = picture(300, 200, ImageFormat::Jpeg);
    for size in [5 * MIB + 1, 6 * MIB] {
        bytes.resize(size, 0);
        let answer = expect_error(upload(&app, &token, profile(CPF, PHONE).photo(&bytes)).await, 413, "REQUEST_001");
        assert!(answer.json()["message"].as_str().expect("a text").contains("5 MB"), "{}", answer.text);
    }
    bytes.truncate(5 * MIB);
    upload(&app, &token, profile(CPF, PHONE).photo(&bytes)).await.expect(200);
}

#[tokio::test]
async fn the_other_routes_still_take_sixty_four_kibibytes() {
    let app = TestApp::start().await;
    let token = completed(&app, EMAIL, USERNAME, CPF, PHONE).await;
    let body = format!("{{\"currentPassword\":\"{}\"}}", "1".repeat(70_000));
    let client = app.anonymous().bearer(&token);
    let request = client.raw("PATCH", "/api/auth/change-password").header("content-type", "application/json").body(body);
    client.send_raw(request).await.expect(413);
    assert!(!token_of(&super::login(&app, EMAIL, super::PASSWORD).await.expect(200)).is_empty());
}
