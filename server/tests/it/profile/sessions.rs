//! The list of sessions.

use crate::support::TestApp;
use crate::support::people::{self, EMAIL, PASSWORD, PHONE};
use serde_json::{Value, json};
use time::Duration;

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
    // Ending the current session signs out.
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

#[tokio::test]
async fn the_profile_says_how_each_way_into_the_account_stands() {
    let app = TestApp::start().await;
    app.ignore_messages();
    app.proved_teacher(EMAIL).await;
    let teacher = app.anonymous();
    teacher.form("/login", "sign_in", &[("identifier", EMAIL), ("password", PASSWORD)]).await.expect(303);
    let told = teacher.get("/profile").await.expect(200).text;
    for words in ["Definida.", "A conta está aberta só neste aparelho.", "Nenhum serviço de terceiros tem acesso à sua conta."] {
        assert!(told.contains(words), "{words}: {told}");
    }
    app.login(EMAIL, PASSWORD).await.expect(200);
    assert!(teacher.get("/profile").await.expect(200).text.contains("A conta está aberta em 2 aparelhos."));
    let client = app.anonymous();
    client.form("/register/client", "sign_up", &people::client_form(PHONE)).await.expect(303);
    let code = app.code_to(PHONE).await;
    client.form("/register/client", "prove_code", &[("code", &code)]).await.expect(303);
    let told = client.get("/profile").await.expect(200).text;
    assert!(told.contains("Ainda não definida.") && told.contains("Criar senha"), "{told}");
}
