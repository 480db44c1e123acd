//! The person's own data, by several hands at once: files, deletions, and what becomes of a phone whose messages still wait.

use super::deletion::erase;
use crate::support::TestApp;
use crate::support::people::{EMAIL, NEW_PASSWORD, PASSWORD, PHONE};
use serde_json::json;
use time::Duration;

const EXPORT: &str = "/api/auth/account/export";
const DELETION: &str = "/api/auth/account/deletion";
const GRACE: Duration = Duration::days(14);

#[tokio::test]
async fn files_taken_at_once_are_each_whole_and_no_more_than_ten() {
    let app = TestApp::start().await;
    let teacher = app.teacher().await;
    let answers = futures::future::join_all((0..14).map(|_| teacher.method("POST", EXPORT))).await;
    let mut statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [[200; 10].as_slice(), &[429; 4]].concat());
    for file in answers.iter().filter(|answer| answer.status == 200) {
        assert_eq!(file.json()["account"]["email"], EMAIL);
    }
}

#[tokio::test]
async fn a_file_beside_a_deletion_is_whole_or_refused_and_a_sign_in_beside_both_leaves_no_session() {
    let app = TestApp::start().await;
    app.ignore_messages();
    let teacher = app.teacher().await;
    let files = futures::future::join_all((0..4).map(|_| teacher.raw("POST", EXPORT).send()));
    let (files, asked, beside) = futures::join!(files, teacher.method("POST", DELETION), app.login(EMAIL, PASSWORD));
    asked.expect(202);
    assert!([200, 403].contains(&beside.status), "{beside:?}");
    for answer in files {
        let answer = answer.expect("an answer");
        let status = answer.status().as_u16();
        // One that was under way when its session ended breaks off, and is not taken for a whole one.
        match (status, answer.text().await) {
            (200, Ok(text)) => {
                let file: serde_json::Value = serde_json::from_str(&text).expect("a whole file");
                assert_eq!(file["account"]["email"], EMAIL);
            }
            (200, Err(_)) | (401, _) => {}
            other => panic!("{other:?}"),
        }
    }
    teacher.method("POST", EXPORT).await.expect_problem(401);
    assert_eq!(app.count("select count(*) from sessions where ended_at is null").await, 0);
}

#[tokio::test]
async fn of_an_undoing_and_an_erasure_in_the_last_second_one_wins_and_nothing_is_half() {
    for _ in 0..4 {
        let app = TestApp::start().await;
        app.ignore_messages();
        let client = app.client_with_password().await;
        client.method("POST", DELETION).await.expect(202);
        app.advance(Duration::seconds(1));
        let link = app.tokens_to(EMAIL, "/undo-deletion").await.into_iter().next().expect("a link");
        // The link is opened while there is time, and its answer comes when there is none.
        app.advance(GRACE - Duration::milliseconds(1500));
        let page = app.anonymous();
        let path = format!("/undo-deletion?token={link}");
        let token = [("token", link.as_str())];
        let undone = page.form(&path, "undo_deletion", &token);
        let late = async {
            app.advance(Duration::milliseconds(500));
            erase(&app).await
        };
        let (undone, erased) = futures::join!(undone, late);
        match (undone.status, erased) {
            (303, 0) => {
                app.login(EMAIL, PASSWORD).await.expect(200);
            }
            (400 | 410, 1) => {
                app.login(EMAIL, PASSWORD).await.expect_problem(401);
                assert_eq!(app.count("select count(*) from accounts").await, 0);
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn whoever_has_the_phone_next_is_sent_none_of_the_messages_that_still_waited_for_the_one_before() {
    let app = TestApp::start().await;
    app.ignore_messages();
    let before = app.client_with_password().await;
    before.method("POST", DELETION).await.expect(202);
    app.messages().await;
    app.advance(GRACE - Duration::minutes(1));
    // These wait: no worker comes by before the account is gone.
    app.post("/api/auth/login/code", json!({ "phone": PHONE })).await.expect(202);
    app.post("/api/auth/login", json!({ "email": EMAIL, "password": NEW_PASSWORD })).await.expect(401);
    let waiting = "select count(*) from outbox where status = 'queued'";
    assert!(app.count(waiting).await > 0);
    app.advance(Duration::minutes(1));
    assert_eq!(erase(&app).await, 1);
    assert_eq!(app.count(waiting).await, 0, "nothing waits for the person before");
    let sent = app.messages_to(PHONE).await.len();
    let anew = app.whoever_got(&app.proved_client(PHONE).await);
    assert_eq!(app.messages_to(PHONE).await.len(), sent + 1, "their own code, and nothing else");
    assert!(anew.profile().await["email"].is_null());
    let file = anew.method("POST", EXPORT).await.expect(200).json();
    assert_eq!(file["messages"].as_array().map(Vec::len), Some(1), "{file}");
}
