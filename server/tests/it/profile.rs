//! Seed 003, "Edição de Perfil": `GET` and `PATCH /api/auth/profile`, a phone by its proof, the list of sessions.

use crate::support::people::{CPF, EMAIL, OTHER_CPF, OTHER_PHONE, PASSWORD, PHONE};
use crate::support::pictures::picture;
use crate::support::{TestApp, hold, until_waiting};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use image::ImageFormat;
use serde_json::{Value, json};
use time::Duration;

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
    // what is not offered stays, a blank takes away; null too: see edge.rs
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
    // bytes after the end of a JPEG are allowed, and do not survive
    let mut largest = picture(64, 64, ImageFormat::Jpeg);
    largest.resize(5 * MIB, 0);
    teacher.change(json!({ "profilePicture": encoded(&largest) })).await.expect(200);
    largest.push(0);
    let answer = teacher.change(json!({ "profilePicture": encoded(&largest) })).await.expect_problem(400);
    assert_eq!(answer.errors("profilePicture").len(), 1, "{}", answer.text);
    teacher.change(json!({ "profilePicture": "A".repeat(8 * MIB) })).await.expect_problem(413);
    app.anonymous().change(json!({ "profilePicture": encoded(&largest) })).await.expect_problem(401);
    // elsewhere 64 KiB stay the limit
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

// ── what a rider by 001 still needs (SPEC §11)

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
    app.expect_message(EMAIL, "Novo documento na sua conta").await;
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

// ── concurrent edits

#[tokio::test]
async fn the_second_of_two_writers_is_told_and_overwrites_nothing() {
    let app = TestApp::start().await;
    let teacher = app.teacher().await;
    let version = teacher.profile().await["version"].clone();
    teacher.change(json!({ "institution": "UFMG", "version": version })).await.expect(200);
    let answer = teacher.change(json!({ "institution": "USP", "version": version })).await.expect_problem(409);
    assert_eq!(answer.json()["type"], format!("urn:portaria:problem:{STALE}"));
    assert_eq!(teacher.profile().await["institution"], "UFMG");
    // who looked again may write
    let version = teacher.profile().await["version"].clone();
    teacher.change(json!({ "institution": "USP", "version": version })).await.expect(200);
}

#[tokio::test]
async fn a_version_that_is_no_whole_number_is_told_at_its_field_beside_other_wrong_types() {
    let app = TestApp::start().await;
    let teacher = app.teacher().await;
    for version in [json!("1"), json!(""), json!(1.5), json!(-1), json!(true), json!([1]), json!(u64::MAX)] {
        let answer = teacher.change(json!({ "institution": "USP", "version": version })).await.expect_problem(400);
        assert_eq!(answer.errors("version"), ["O valor não é do tipo esperado"], "{version}: {}", answer.text);
        assert_eq!(answer.json()["type"], "urn:portaria:problem:invalid-fields");
    }
    let answer = teacher.change(json!({ "fullName": 7, "version": "1" })).await.expect_problem(400);
    assert_eq!(answer.errors("version"), answer.errors("fullName"));
    assert!(teacher.profile().await["institution"].is_null());
    teacher.change(json!({ "institution": "USP", "version": null })).await.expect(200);
}

#[tokio::test]
async fn who_changes_nothing_makes_no_other_form_stale() {
    let app = TestApp::start().await;
    let teacher = app.teacher().await;
    teacher.change(json!({ "cpf": CPF })).await.expect(200);
    let before = teacher.profile().await;
    for body in
        [json!({}), json!({ "institution": null, "profilePicture": null, "cnpj": null }), json!({ "cpf": CPF }), json!({ "foto": 1 })]
    {
        assert_eq!(teacher.change(body).await.expect(200).json(), before);
    }
    teacher.change(json!({ "institution": "USP", "version": before["version"] })).await.expect(200);
    // who names an older version is told all the same
    teacher.change(json!({ "version": before["version"] })).await.expect_problem(409);
    app.expect_message(EMAIL, "Novo documento na sua conta").await;
}

/// What the n-th of many writers writes: a field that some others write, and some do not.
fn writing(n: usize) -> (&'static str, Value) {
    (["fullName", "institution", "fieldOfWork"][n % 3], json!(format!("Valor {n}")))
}

#[tokio::test]
async fn of_many_who_read_the_same_version_one_writes_and_the_others_are_told() {
    let app = TestApp::start().await;
    let teacher = app.teacher().await;
    for named in [false, true] {
        let before = teacher.profile().await;
        let version = before["version"].as_i64().expect("a version");
        let bodies: Vec<_> = (0..6)
            .map(|n| {
                let (field, value) = writing(n + usize::from(named) * 6);
                let mut body = json!({ field: value });
                if named {
                    body["version"] = json!(version);
                }
                body
            })
            .collect();
        let held = hold(&app).await;
        let release = async {
            until_waiting(&app, 6).await;
            held.rollback().await.expect("a release");
        };
        let (answers, ()) = futures::join!(futures::future::join_all(bodies.iter().map(|body| teacher.change(body.clone()))), release);
        let kept: Vec<_> = answers.iter().zip(&bodies).filter(|(answer, _)| answer.status == 200).collect();
        assert_eq!(kept.len(), 1, "each other would have overwritten unseen; version named: {named}");
        for answer in answers.iter().filter(|answer| answer.status != 200) {
            assert_eq!((answer.status, &answer.json()["type"]), (409, &json!(format!("urn:portaria:problem:{STALE}"))), "{}", answer.text);
        }
        // the one that was answered 200 is there, whole, and nothing else is
        let mut expected = before.clone();
        let (answer, body) = kept[0];
        for field in ["fullName", "institution", "fieldOfWork"].into_iter().filter(|field| !body[*field].is_null()) {
            expected[field] = body[field].clone();
        }
        expected["version"] = json!(version + 1);
        assert_eq!(teacher.profile().await, expected);
        assert_eq!(answer.json(), expected);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_writes_at_once_none_that_was_answered_200_is_lost() {
    let app = TestApp::start().await;
    let teacher = app.teacher().await;
    let first = teacher.profile().await["version"].as_i64().expect("a version");
    // by version: what each that was answered 200 wrote
    let mut kept = std::collections::BTreeMap::new();
    for round in 0..3 {
        let writers = (0..8).map(async |n| {
            let (field, value) = writing(round * 8 + n);
            (field, value.clone(), teacher.change(json!({ field: value })).await)
        });
        for (field, value, answer) in futures::future::join_all(writers).await {
            assert!(matches!(answer.status, 200 | 409), "{}", answer.text);
            if answer.status == 200 {
                let version = answer.json()["version"].as_i64().expect("a version");
                assert!(kept.insert(version, (field, value)).is_none(), "two wrote version {version}");
            }
        }
    }
    // in the order of the versions, which has no gap, they lead to what is there
    let last = first + i64::try_from(kept.len()).expect("few");
    assert_eq!(kept.keys().copied().collect::<Vec<_>>(), (first + 1..=last).collect::<Vec<_>>());
    let after = teacher.profile().await;
    assert_eq!(after["version"], last);
    let expected: std::collections::BTreeMap<_, _> = kept.into_values().collect();
    for (field, value) in expected {
        assert_eq!(after[field], value, "{field}");
    }
}

// ── a phone, by its proof

#[tokio::test]
async fn a_phone_is_changed_only_with_a_new_proof_and_the_owner_is_told_where_the_account_was_reached() {
    let app = TestApp::start().await;
    let client = app.client().await;
    client.change(json!({ "phone": OTHER_PHONE })).await.expect(200);
    app.advance(Duration::seconds(1));
    client.post("/api/auth/profile/phone", json!({ "phone": OTHER_PHONE, "channel": "sms" })).await.expect(202);
    let code = app.code_to(OTHER_PHONE).await;
    let wrong = json!({ "phone": OTHER_PHONE, "code": TestApp::other_than(&code) });
    client.post("/api/auth/profile/phone/verify", wrong).await.expect_problem(400);
    let before = client.profile().await["phone"].clone();
    let body = json!({ "phone": OTHER_PHONE, "code": code });
    let after = client.post("/api/auth/profile/phone/verify", body.clone()).await.expect(200).json();
    assert_ne!(after["phone"], before);
    client.post("/api/auth/profile/phone/verify", body).await.expect_problem(400);
    let told = app.newest_to(PHONE).await;
    assert!(told["body"].as_str().is_some_and(|text| text.contains("sua conta tem um novo telefone")), "{told}");
    assert!(told["code"].is_null() && !app.messages_to(OTHER_PHONE).await.iter().any(|message| message["body"] == told["body"]));
}

#[tokio::test]
async fn a_recovery_code_sent_to_the_old_phone_is_dead_once_the_phone_is_another() {
    let app = TestApp::start().await;
    let client = app.client().await;
    client.change(json!({ "cpf": CPF })).await.expect(200);
    app.advance(Duration::seconds(31));
    let recovery = app.recovery_code(CPF, PHONE).await;
    client.give_phone(OTHER_PHONE).await;
    app.enter_recovery_code(CPF, &recovery).await.expect_problem(400);
}

// ── sessions

#[tokio::test]
async fn sessions_are_listed_with_device_address_and_last_use_the_own_one_first() {
    let app = TestApp::start().await;
    let teacher = app.teacher().await;
    app.advance(Duration::minutes(5));
    let firefox = "Mozilla/5.0 (Windows NT 10.0; rv:150.0) Gecko/20100101 Firefox/150.0";
    let browser = app.anonymous().header("user-agent", firefox);
    browser.form("/login", "sign_in", &[("identifier", EMAIL), ("password", PASSWORD)]).await.expect(303);
    let sessions = teacher.sessions().await;
    let told: Vec<_> = sessions.iter().map(|it| (it["current"].clone(), it["device"].clone(), it["client"].clone())).collect();
    assert_eq!(told, [(json!(true), json!("tests"), json!("api")), (json!(false), json!("Firefox, Windows"), json!("browser"))]);
    assert_eq!(sessions[0]["address"], "127.0.0.1");
    assert_eq!(sessions[0]["lastUsedAt"], app.now().unix_timestamp(), "asking is using");
    assert_eq!(sessions[0]["createdAt"], (app.now() - Duration::minutes(5)).unix_timestamp());
    app.get("/api/auth/sessions").await.expect_problem(401);
    app.expect_message(EMAIL, "Novo acesso à sua conta").await;
}

#[tokio::test]
async fn one_session_is_ended_and_refused_at_once() {
    let app = TestApp::start().await;
    let teacher = app.teacher().await;
    let other = teacher.elsewhere().await;
    let id = |current: bool, sessions: &[Value]| {
        let session = sessions.iter().find(|it| it["current"] == current).expect("a session");
        session["id"].as_str().expect("an id").to_owned()
    };
    let path = format!("/api/auth/sessions/{}", id(false, &teacher.sessions().await));
    teacher.delete(&path).await.expect(200);
    other.expect_ended().await;
    teacher.delete(&path).await.expect_problem(404);
    // its own: out
    let own = format!("/api/auth/sessions/{}", id(true, &teacher.sessions().await));
    teacher.delete(&own).await.expect(200);
    teacher.expect_out().await;
}

#[tokio::test]
async fn nobody_ends_or_sees_anothers_session() {
    let app = TestApp::start().await;
    let teacher = app.teacher().await;
    let client = app.client().await;
    let id = teacher.sessions().await[0]["id"].as_str().expect("an id").to_owned();
    for id in [id.as_str(), "00000000-0000-0000-0000-000000000000", "x", "%27%20or%201=1"] {
        client.delete(&format!("/api/auth/sessions/{id}")).await.expect_problem(404);
    }
    assert_eq!(client.sessions().await.len(), 1);
    teacher.profile().await;
}

#[tokio::test]
async fn all_other_sessions_are_ended_together() {
    let app = TestApp::start().await;
    let teacher = app.teacher().await;
    let others = [teacher.elsewhere().await, teacher.elsewhere().await];
    teacher.delete("/api/auth/sessions").await.expect(200);
    for other in &others {
        other.expect_ended().await;
    }
    assert_eq!(teacher.sessions().await.len(), 1);
    app.anonymous().delete("/api/auth/sessions").await.expect_problem(401);
}
