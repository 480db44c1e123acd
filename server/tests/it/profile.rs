//! Seed 003, "Edição de Perfil": `GET` and `PATCH /api/auth/profile`, a phone by its proof, the list of sessions.

mod contacts;
mod sessions;
mod social_name;
mod versions;

use crate::support::TestApp;
use crate::support::people::{CPF, EMAIL, OTHER_CPF, OTHER_PHONE, PASSWORD, PHONE};
use crate::support::pictures::picture;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use image::ImageFormat;
use serde_json::json;

const STALE: &str = "stale";

fn encoded(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

// ── the document's steps

#[tokio::test]
async fn step_2_the_profile_is_given_with_the_documents_fields() {
    let app = TestApp::start().await;
    let teacher = app.teacher().await;
    let profile = teacher.profile().await;
    assert_eq!(profile["fullName"], "Carla Dias");
    assert_eq!(profile["email"], EMAIL);
    assert_eq!(profile["kind"], "professor");
    for absent in ["institution", "fieldOfWork", "profilePicture"] {
        assert!(profile[absent].is_null(), "{profile}");
    }
    app.get("/api/auth/profile").await.expect_problem(401);
}

#[tokio::test]
async fn steps_3_to_6_what_is_changed_is_kept_and_answered() {
    let app = TestApp::start().await;
    let teacher = app.teacher().await;
    let body = json!({ "fullName": "  Carla  Dias Prado ", "institution": "UFMG", "fieldOfWork": "Física" });
    let changed = teacher.change(body).await.expect(200).json();
    assert_eq!(changed, teacher.profile().await);
    assert_eq!(changed["fullName"], "Carla Dias Prado");
    assert_eq!((&changed["institution"], &changed["fieldOfWork"]), (&json!("UFMG"), &json!("Física")));
    // A field that is left out stays; an empty text removes it. Null is tested in `edge.rs`.
    let changed = teacher.change(json!({ "institution": "" })).await.expect(200).json();
    assert!(changed["institution"].is_null(), "{changed}");
    assert_eq!(changed["fieldOfWork"], "Física");
    assert_eq!(app.count("select count(*) from audit where event = 'user_updated' and outcome = 'ok'").await, 2);
}

#[tokio::test]
async fn what_is_not_offered_is_ignored_and_never_assigned() {
    let app = TestApp::start().await;
    let teacher = app.teacher().await;
    let before = teacher.profile().await;
    let body = json!({
        "email": "outra@example.com", "emailVerified": false, "id": 7, "kind": "empresa", "phone": OTHER_PHONE, "username": "carla",
        "password": "x", "passwordHash": "x", "password_hash": "x", "profileComplete": false, "name": "Outra", "birthDate": "2000-01-15",
        "gender": "X", "state": 7, "city": ["x"],
    });
    let after = teacher.change(body).await.expect(200).json();
    assert_eq!(after, before, "not even a new version");
    app.login(EMAIL, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn every_wrong_field_is_told_at_once_and_nothing_is_written() {
    let app = TestApp::start().await;
    let teacher = app.teacher().await;
    let body = json!({
        "fullName": " ", "institution": "x".repeat(101), "fieldOfWork": "a\u{0}b", "cpf": "111.111.111-11", "cnpj": "1",
        "profilePicture": encoded(b"GIF89a no photo"),
    });
    let answer = teacher.change(body).await.expect_problem(400);
    for field in ["fullName", "institution", "fieldOfWork", "cpf", "cnpj", "profilePicture"] {
        assert_eq!(answer.errors(field).len(), 1, "{field}: {}", answer.text);
    }
    let answer = teacher.change(json!({ "fullName": 7, "profilePicture": ["x"], "institution": true })).await.expect_problem(400);
    for field in ["fullName", "institution", "profilePicture"] {
        assert_eq!(answer.errors(field).len(), 1, "{field}: {}", answer.text);
    }
    assert_eq!(teacher.profile().await["fullName"], "Carla Dias");
}

// ── the photo

#[tokio::test]
async fn a_picture_in_base64_becomes_a_photo_with_an_address() {
    let app = TestApp::start().await;
    let teacher = app.teacher().await;
    for (format, media) in [(ImageFormat::Jpeg, "image/jpeg"), (ImageFormat::Png, "image/png")] {
        let bytes = picture(900, 600, format);
        for text in [encoded(&bytes), encoded(&bytes).trim_end_matches('=').to_owned(), format!("data:{media};base64,{}", encoded(&bytes))]
        {
            let changed = teacher.change(json!({ "profilePicture": text })).await.expect(200).json();
            let url = changed["profilePicture"].as_str().expect("a URL").to_owned();
            let path = url.strip_prefix(&app.url).unwrap_or_else(|| panic!("{url}"));
            assert!(path.starts_with("/photos/"), "{path}");
            assert_eq!(app.get(path).await.expect(200).header("content-type"), media);
        }
    }
    assert_eq!(app.count("select count(*) from photos").await, 1, "the one before is gone");
    let changed = teacher.change(json!({ "profilePicture": "" })).await.expect(200).json();
    assert!(changed["profilePicture"].is_null());
    assert_eq!(app.count("select count(*) from photos").await, 0);
}

#[tokio::test]
async fn what_is_no_photo_is_told_at_its_field() {
    let app = TestApp::start().await;
    let teacher = app.teacher().await;
    let whole = picture(900, 600, ImageFormat::Jpeg);
    let cut = encoded(&whole[..whole.len() / 2]);
    for text in ["não é base64", "data:image/png;base64,", "data:text/html,<p>", &encoded(b"<svg onload=alert(1)>"), &cut] {
        let answer = teacher.change(json!({ "fullName": "Nova", "profilePicture": text })).await.expect_problem(400);
        assert_eq!(answer.errors("profilePicture").len(), 1, "{}", answer.text);
    }
    assert_eq!(teacher.profile().await["fullName"], "Carla Dias", "nothing half written");
}

#[tokio::test]
async fn five_mib_are_taken_more_are_refused_and_a_strangers_body_is_not_read() {
    const MIB: usize = 1024 * 1024;
    let app = TestApp::start().await;
    let teacher = app.teacher().await;
    // Bytes after the end of a JPEG are allowed, and are not kept.
    let mut largest = picture(64, 64, ImageFormat::Jpeg);
    largest.resize(5 * MIB, 0);
    teacher.change(json!({ "profilePicture": encoded(&largest) })).await.expect(200);
    largest.push(0);
    let answer = teacher.change(json!({ "profilePicture": encoded(&largest) })).await.expect_problem(400);
    assert_eq!(answer.errors("profilePicture").len(), 1, "{}", answer.text);
    teacher.change(json!({ "profilePicture": "A".repeat(8 * MIB) })).await.expect_problem(413);
    app.anonymous().change(json!({ "profilePicture": encoded(&largest) })).await.expect_problem(401);
    // Other routes keep the limit of 64 KiB.
    app.post("/api/auth/login", json!({ "email": "x".repeat(70_000), "password": "x" })).await.expect_problem(413);
}

// ── CPF and CNPJ

#[tokio::test]
async fn a_cpf_is_added_once_and_then_fixed() {
    let app = TestApp::start().await;
    let teacher = app.teacher().await;
    assert_eq!(teacher.change(json!({ "cpf": CPF })).await.expect(200).json()["cpf"], "***.982.247-**");
    teacher.change(json!({ "cpf": "52998224725" })).await.expect(200);
    let answer = teacher.change(json!({ "cpf": OTHER_CPF, "fullName": "Nova" })).await.expect_problem(400);
    assert_eq!(answer.errors("cpf").len(), 1, "{}", answer.text);
    assert_eq!(teacher.profile().await["fullName"], "Carla Dias", "nothing half written");
    app.expect_message(EMAIL, "Novo documento na sua conta").await;
}

#[tokio::test]
async fn a_cpf_of_another_account_is_409_and_ten_such_answers_are_enough() {
    let app = TestApp::start().await;
    let client = app.client().await;
    client.change(json!({ "cpf": CPF })).await.expect(200);
    let teacher = app.teacher().await;
    for _ in 0..10 {
        let answer = teacher.change(json!({ "cpf": CPF, "fullName": "Nova" })).await.expect_problem(409);
        assert!(answer.json()["detail"].as_str().is_some_and(|text| text.contains("CPF")), "{}", answer.text);
    }
    teacher.change(json!({ "cpf": CPF })).await.expect_problem(429);
    assert_eq!(teacher.profile().await["fullName"], "Carla Dias", "nothing half written");
    app.expect_message(PHONE, "CPF ou CNPJ incluido").await;
}

#[tokio::test]
async fn of_many_who_claim_one_cpf_at_once_one_gets_it() {
    let app = TestApp::start().await;
    app.ignore_messages();
    let mut owners = Vec::new();
    for n in 0..6 {
        owners.push(app.teacher_at(&format!("p{n}@example.com")).await);
    }
    let answers = futures::future::join_all(owners.iter().map(|owner| owner.change(json!({ "cpf": CPF })))).await;
    let mut statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409, 409, 409, 409, 409]);
}

// ── what a rider registered by 001 still needs (SPEC §11)

#[tokio::test]
async fn a_rider_by_001_gives_here_what_the_third_step_asks_and_the_phone_by_its_proof() {
    let app = TestApp::start().await;
    let rider = app.rider().await;
    let body = json!({
        "username": "Rian.Lucas", "birthDate": "2000-01-15", "gender": "M", "cpf": CPF, "state": "SP", "city": " São  Paulo ",
        "profilePicture": encoded(&picture(64, 64, ImageFormat::Jpeg)),
    });
    let changed = rider.change(body).await.expect(200).json();
    assert_eq!(changed, rider.profile().await);
    let given =
        ["username", "birthDate", "gender", "cpf", "state", "city"].map(|field| changed[field].as_str().expect("a text").to_owned());
    assert_eq!(given, ["rian.lucas", "**/**/2000", "M", "***.982.247-**", "SP", "São Paulo"]);
    assert!(changed["profilePicture"].is_string());
    assert_eq!(changed["profileComplete"], false, "the phone is missing");
    rider.give_phone(PHONE).await;
    let complete = rider.profile().await;
    assert_eq!(complete["profileComplete"], true, "{complete}");
    app.login("rian.lucas", PASSWORD).await.expect(200);
    let row: String = sqlx::query_scalar("select accounts::text from accounts").fetch_one(&app.pool).await.expect("a row");
    assert!(!row.contains("2000-01-15"), "sealed");
}

#[tokio::test]
async fn every_wrong_field_of_a_rider_is_told_at_once_and_nothing_is_written() {
    let app = TestApp::start().await;
    let rider = app.rider().await;
    let before = rider.profile().await;
    let fields = ["username", "birthDate", "gender", "cpf", "state", "city"];
    for body in [
        json!({ "username": "x", "birthDate": "15/01/2000", "gender": "X", "cpf": "1", "state": "sp", "city": "A", "fullName": "Nova" }),
        json!({ "username": "", "birthDate": "", "gender": " ", "cpf": "", "state": "", "city": "" }),
        json!({ "username": 1, "birthDate": 2000, "gender": true, "cpf": 529, "state": [], "city": {} }),
    ] {
        let answer = rider.change(body).await.expect_problem(400);
        for field in fields {
            assert_eq!(answer.errors(field).len(), 1, "{field}: {}", answer.text);
        }
    }
    assert_eq!(rider.profile().await, before);
}

#[tokio::test]
async fn user_name_and_birth_date_are_given_once_gender_and_place_may_change() {
    let app = TestApp::start().await;
    let rider = app.rider().await;
    let body = json!({ "username": "rian", "birthDate": "2000-01-15", "gender": "M", "state": "SP", "city": "Campinas" });
    rider.change(body).await.expect(200);
    let answer = rider.change(json!({ "username": "outro", "birthDate": "2000-01-16", "city": "Santos" })).await.expect_problem(400);
    assert_eq!((answer.errors("username").len(), answer.errors("birthDate").len()), (1, 1), "{}", answer.text);
    let body = json!({ "username": "RIAN", "birthDate": "2000-01-15", "gender": "O", "state": "RJ", "city": "Niterói" });
    let changed = rider.change(body).await.expect(200).json();
    let now = ["username", "gender", "state", "city"].map(|field| changed[field].as_str().expect("a text").to_owned());
    assert_eq!(now, ["rian", "O", "RJ", "Niterói"]);
}

#[tokio::test]
async fn a_user_name_of_another_is_409_and_ten_such_answers_are_enough() {
    let app = TestApp::start().await;
    app.registered("caronista", "Rian Lucas", "primeira@example.com").await.change(json!({ "username": "rian" })).await.expect(200);
    let rider = app.rider().await;
    for _ in 0..10 {
        rider.change(json!({ "username": "Rian", "city": "Santos" })).await.expect_problem(409);
    }
    rider.change(json!({ "username": "rian" })).await.expect_problem(429);
    let after = rider.profile().await;
    assert!(after["username"].is_null() && after["city"].is_null(), "nothing half written: {after}");
    rider.change(json!({ "city": "Santos" })).await.expect(200);
}
