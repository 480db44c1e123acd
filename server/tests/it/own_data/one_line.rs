//! An account never hangs on one line (SPEC §13): whoever has a single proved contact is told so on the dashboard.

use crate::support::TestApp;
use crate::support::people::{EMAIL, OTHER_EMAIL, PASSWORD, PHONE};
use serde_json::json;

const ONLY_PHONE: &str = "Hoje sua conta depende só do seu celular.";
const ONLY_EMAIL: &str = "Hoje sua conta depende só do seu e-mail.";

#[tokio::test]
async fn a_client_who_came_by_phone_is_told_until_there_is_an_e_mail_and_a_password() {
    let app = TestApp::start().await;
    app.ignore_messages();
    let client = app.client().await;
    let dashboard = async || client.get("/dashboard").await.expect(200).text;
    let page = dashboard().await;
    assert!(page.contains(ONLY_PHONE) && page.contains(r#"href="/profile/email""#) && page.contains(r#"href="/profile/password""#));
    let first = json!({ "newPassword": PASSWORD, "passwordConfirmation": PASSWORD });
    client.post("/api/auth/password", first).await.expect(200);
    assert!(!dashboard().await.contains(r#"href="/profile/password""#));
    client.give_email(EMAIL).await;
    assert!(!dashboard().await.contains(ONLY_PHONE));
    app.login(EMAIL, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn so_is_whoever_has_an_e_mail_alone() {
    let app = TestApp::start().await;
    app.ignore_messages();
    let teacher = app.teacher_at(OTHER_EMAIL).await;
    assert!(teacher.get("/dashboard").await.expect(200).text.contains(ONLY_EMAIL));
    teacher.give_phone(PHONE).await;
    assert!(!teacher.get("/dashboard").await.expect(200).text.contains(ONLY_EMAIL));
}
