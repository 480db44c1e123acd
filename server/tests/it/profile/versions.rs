//! Concurrent edits.

use super::STALE;
use crate::support::people::{CPF, EMAIL};
use crate::support::{TestApp, hold, until_waiting};
use serde_json::{Value, json};

#[tokio::test]
async fn the_second_of_two_writers_is_told_and_overwrites_nothing() {
    let app = TestApp::start().await;
    let teacher = app.teacher().await;
    let version = teacher.profile().await["version"].clone();
    teacher.change(json!({ "institution": "UFMG", "version": version })).await.expect(200);
    let answer = teacher.change(json!({ "institution": "USP", "version": version })).await.expect_problem(409);
    assert_eq!(answer.json()["type"], format!("urn:portaria:problem:{STALE}"));
    assert_eq!(teacher.profile().await["institution"], "UFMG");
    // After reading the profile again, the write is accepted.
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
    // An old version is refused even if the body changes nothing.
    teacher.change(json!({ "version": before["version"] })).await.expect_problem(409);
    app.expect_message(EMAIL, "Novo documento na sua conta").await;
}

/// What writer `n` writes. Some writers share a field, some do not.
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
        // The profile has exactly what the one accepted write contained.
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
    // What each accepted write wrote, by its version.
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
    // The versions have no gap, and applying the writes in their order gives the profile as it is.
    let last = first + i64::try_from(kept.len()).expect("few");
    assert_eq!(kept.keys().copied().collect::<Vec<_>>(), (first + 1..=last).collect::<Vec<_>>());
    let after = teacher.profile().await;
    assert_eq!(after["version"], last);
    let expected: std::collections::BTreeMap<_, _> = kept.into_values().collect();
    for (field, value) in expected {
        assert_eq!(after[field], value, "{field}");
    }
}
