//! Entries of recovery codes.

use super::expect_refused_code;
use crate::support::TestApp;
use crate::support::people::{CPF, EMAIL, OTHER_CPF, OTHER_EMAIL, OTHER_PHONE, PHONE, UNKNOWN_CPF};
use time::Duration;

#[tokio::test]
async fn five_wrong_entries_kill_the_code_and_the_sixth_is_not_looked_at() {
    let app = TestApp::start().await;
    app.ignore_messages();
    app.ana().await;
    let code = app.recovery_code(CPF, EMAIL).await;
    for _ in 0..5 {
        expect_refused_code(app.enter_recovery_code(CPF, &TestApp::other_than(&code)).await);
    }
    expect_refused_code(app.enter_recovery_code(CPF, &code).await);
    assert_eq!(
        app.count("select count(*) from verifications where purpose = 'recovery' and dead_at is not null and secret_sealed is null").await,
        2,
        "that of the phone too"
    );
    // A new code does not reset the count; fifteen minutes do.
    app.advance(Duration::minutes(12));
    let second = app.recovery_code(CPF, EMAIL).await;
    expect_refused_code(app.enter_recovery_code(CPF, &second).await);
    app.advance(Duration::minutes(3));
    app.enter_recovery_code(CPF, &second).await.expect(200);
}

#[tokio::test]
async fn entries_are_counted_by_the_document_known_or_not() {
    let app = TestApp::start().await;
    app.ana().await;
    app.person(OTHER_PHONE, OTHER_EMAIL, OTHER_CPF).await;
    let (code, others) = (app.recovery_code(CPF, EMAIL).await, app.recovery_code(OTHER_CPF, OTHER_EMAIL).await);
    for document in [UNKNOWN_CPF, "11144477735"] {
        for _ in 0..4 {
            expect_refused_code(app.enter_recovery_code(document, &code).await);
        }
    }
    assert_eq!(app.count("select count(*) from tallies where scope = 'entry/recovery' and blocked_until is not null").await, 1);
    // Entries for another document are not affected.
    app.enter_recovery_code(OTHER_CPF, &others).await.expect(200);
    app.enter_recovery_code(CPF, &code).await.expect(200);
    app.expect_message(OTHER_PHONE, "é o seu código de verificação").await;
    app.expect_message(PHONE, "é o seu código de verificação").await;
}

#[tokio::test]
async fn of_twenty_right_entries_at_once_one_wins() {
    let app = TestApp::start().await;
    app.ana().await;
    let code = app.recovery_code(CPF, EMAIL).await;
    let answers = futures::future::join_all((0..20).map(|_| app.enter_recovery_code(CPF, &code))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    assert_eq!(app.count("select count(*) from recovery_grants").await, 1);
    app.expect_message(PHONE, "é o seu código de verificação").await;
}
