//! The name by which people want to be addressed (SPEC §13).

use crate::support::TestApp;
use crate::support::people::{EMAIL, NEW_PASSWORD, OTHER_EMAIL, PASSWORD, PHONE};
use serde_json::{Value, json};

#[tokio::test]
async fn it_is_shown_and_mailed_wherever_a_name_is_and_the_registered_one_stays_in_the_profile() {
    let app = TestApp::start().await;
    let teacher = app.teacher().await;
    let profile = teacher.change(json!({ "socialName": "  Flor  Lima " })).await.expect(200).json();
    assert_eq!((&profile["fullName"], &profile["socialName"]), (&json!("Carla Dias"), &json!("Flor Lima")));
    let user = app.login(EMAIL, PASSWORD).await.expect(200).json()["user"].clone();
    assert_eq!((&user["fullName"], &user["socialName"]), (&json!("Carla Dias"), &json!("Flor Lima")));
    teacher.change_password(PASSWORD, NEW_PASSWORD, NEW_PASSWORD).await.expect(200);
    let mail = app.newest_to(EMAIL).await.to_string();
    assert!(mail.contains("Olá, Flor!") && !mail.contains("Carla"), "{mail}");

    let browser = app.sign_in_by_page(EMAIL, NEW_PASSWORD).await;
    let dashboard = browser.get("/dashboard").await.expect(200).text;
    assert!(dashboard.contains("Olá, Flor") && dashboard.contains("Flor Lima") && !dashboard.contains("Carla"), "{dashboard}");
    let form = browser.get("/profile").await.expect(200).text;
    assert!(form.contains("Nome social") && form.contains("Flor Lima") && form.contains("Carla Dias"), "{form}");
    app.ignore_messages();
}

#[tokio::test]
async fn null_or_nothing_takes_it_back_and_what_is_no_name_is_refused_at_its_field() {
    let app = TestApp::start().await;
    let teacher = app.teacher().await;
    assert!(teacher.profile().await["socialName"].is_null());
    for nothing in [Value::Null, json!(""), json!("  ")] {
        teacher.change(json!({ "socialName": "Flor" })).await.expect(200);
        let profile = teacher.change(json!({ "socialName": nothing })).await.expect(200).json();
        assert_eq!((&profile["socialName"], &profile["fullName"]), (&Value::Null, &json!("Carla Dias")));
    }
    assert!(teacher.change(json!({ "socialName": "ã".repeat(100) })).await.expect(200).json()["socialName"].is_string());
    for wrong in [json!("x".repeat(101)), json!("\u{202e}Flor"), json!(7)] {
        let answer = teacher.change(json!({ "socialName": wrong })).await.expect_problem(400);
        assert_eq!(answer.errors("socialName").len(), 1, "{wrong}");
    }
}

#[tokio::test]
async fn every_kind_has_one_and_a_company_trades_under_it() {
    let app = TestApp::start().await;
    app.ignore_messages();
    let client = app.client_with(PHONE, OTHER_EMAIL).await;
    for person in [client, app.company().await] {
        let profile = person.change(json!({ "socialName": "Flor" })).await.expect(200).json();
        assert_eq!(profile["socialName"], "Flor", "{profile}");
    }
    let company = app.sign_in_by_page(EMAIL, PASSWORD).await;
    assert!(company.get("/profile").await.text.contains("Nome fantasia"));
}
