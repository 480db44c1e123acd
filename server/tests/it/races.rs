//! Concurrent requests (ASVS 15.4.2): exactly one wins, and every one is counted.

use crate::support::people::{EMAIL, OTHER_PHONE, PASSWORD, PHONE, WRONG_PASSWORD, client_form, registration};
use crate::support::{Answer, TestApp};
use futures::future::join_all;
use serde_json::json;
use std::collections::BTreeMap;
use time::Duration;

/// How often each status came.
fn tally(answers: &[Answer]) -> BTreeMap<u16, usize> {
    let mut statuses = BTreeMap::new();
    for answer in answers {
        *statuses.entry(answer.status).or_default() += 1;
    }
    statuses
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_200_identical_registrations_one_makes_the_account() {
    let app = TestApp::start().await;
    let client = app.anonymous();
    let answers = join_all((0..200).map(|_| client.post("/api/register", registration(EMAIL)))).await;
    // One address gets twenty "taken" answers (SPEC §16).
    assert_eq!(tally(&answers), BTreeMap::from([(201, 1), (409, 20), (429, 179)]));
    assert_eq!(app.count("select count(*) from accounts").await, 1);
    assert_eq!(app.messages_to(EMAIL).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_identical_registrations_at_two_nodes_one_makes_the_account() {
    let app = TestApp::start().await;
    let other = app.second_node().await;
    let nodes = [&app, &other];
    let answers = join_all((0..40).map(|n| nodes[n % 2].post("/api/register", registration(EMAIL)))).await;
    // A request at the other node may have looked before the account existed. The unique index refuses it, and that answer is not
    // counted.
    let told = tally(&answers);
    assert!(told[&201] == 1 && (20..=21).contains(&told[&409]) && told[&429] == 39 - told[&409], "{told:?}");
    assert_eq!(app.count("select count(*) from accounts").await, 1);
    assert_eq!(app.messages_to(EMAIL).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_fifty_right_codes_at_once_one_wins() {
    let app = TestApp::start().await;
    let code = app.ask_code(PHONE).await;
    let answers = join_all((0..50).map(|_| app.verify(PHONE, &code))).await;
    assert_eq!(tally(&answers), BTreeMap::from([(201, 1), (400, 49)]));
    assert_eq!(app.count("select count(*) from accounts").await, 1);
    assert_eq!(app.count("select count(*) from sessions").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_wrong_codes_at_once_are_fifty_and_not_one() {
    let app = TestApp::start().await;
    let code = app.ask_code(PHONE).await;
    let wrong = TestApp::other_than(&code);
    let answers = join_all((0..50).map(|_| app.verify(PHONE, &wrong))).await;
    assert_eq!(tally(&answers), BTreeMap::from([(400, 50)]));
    assert_eq!(app.count("select count(*) from audit where event = 'proof_failed'").await, 50);
    app.verify(PHONE, &code).await.expect(400);
    assert_eq!(app.count("select count(*) from verifications where dead_at is not null").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_right_code_among_many_wrong_ones_at_two_nodes_comes_too_late_or_in_time_but_never_twice() {
    let app = TestApp::start().await;
    let other = app.second_node().await;
    let nodes = [&app, &other];
    let code = app.ask_code(PHONE).await;
    let wrong = TestApp::other_than(&code);
    let answers = join_all((0..30).map(|n| nodes[n % 2].verify(PHONE, if n % 3 == 0 { &code } else { &wrong }))).await;
    // If five wrong codes are counted first, none wins and there is no account.
    let won = tally(&answers).get(&201).copied().unwrap_or_default();
    assert!(won <= 1, "{:?}", tally(&answers));
    assert_eq!(tally(&answers).get(&400).copied().unwrap_or_default(), 30 - won);
    assert_eq!(app.count("select count(*) from accounts").await, i64::try_from(won).expect("one at most"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn twenty_failures_at_once_lock_the_login_at_the_fifth() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let answers = join_all((0..20).map(|_| app.login(EMAIL, WRONG_PASSWORD))).await;
    assert_eq!(tally(&answers), BTreeMap::from([(401, 5), (429, 15)]));
    app.expect_message(EMAIL, "Acesso bloqueado por algum tempo").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn refreshing_many_times_at_once_gives_one_successor() {
    let app = TestApp::start().await;
    let other = app.second_node().await;
    let nodes = [&app, &other];
    app.proved_teacher(EMAIL).await;
    let login = app.login(EMAIL, PASSWORD).await.expect(200).json();
    let body = json!({ "refreshToken": login["refreshToken"] });
    let answers = join_all((0..20).map(|n| nodes[n % 2].post("/api/auth/refresh-token", body.clone()))).await;
    assert_eq!(tally(&answers), BTreeMap::from([(200, 20)]));
    let first = &answers[0].json()["refreshToken"];
    assert!(answers.iter().all(|answer| answer.json()["refreshToken"] == *first), "one successor");
    assert_eq!(app.count("select count(*) from refresh_tokens").await, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn asking_many_times_at_once_sends_one_code() {
    let app = TestApp::start().await;
    let other = app.second_node().await;
    let nodes = [&app, &other];
    app.proved_client(PHONE).await;
    app.advance(Duration::hours(1));
    let answers = join_all((0..20).map(|n| nodes[n % 2].post("/api/auth/login/code", json!({ "phone": PHONE })))).await;
    assert_eq!(tally(&answers), BTreeMap::from([(202, 20)]));
    assert_eq!(app.count("select count(*) from verifications where purpose = 'login_phone'").await, 1);
    assert_eq!(app.codes_to(PHONE).await.len(), 2, "the sign-up's and one to sign in");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_sends_again_at_once_one_goes_out() {
    let app = TestApp::start().await;
    app.ask_code(PHONE).await;
    app.advance(Duration::seconds(30));
    let answers = join_all((0..20).map(|_| app.post("/api/auth/phone/resend", json!({ "phone": PHONE })))).await;
    assert_eq!(tally(&answers), BTreeMap::from([(202, 1), (429, 19)]));
    assert_eq!(app.codes_to(PHONE).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn opening_a_link_many_times_at_once_is_success_each_time() {
    let app = TestApp::start().await;
    app.pending_teacher(EMAIL).await;
    let token = app.token_to(EMAIL).await;
    let path = format!("/api/auth/verify-email?token={token}");
    let answers = join_all((0..20).map(|_| app.get(&path))).await;
    assert_eq!(tally(&answers), BTreeMap::from([(200, 20)]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_sign_ups_with_one_email_prove_it_once() {
    let app = TestApp::start().await;
    // The winner gets a message, and the test does not know which of them wins.
    app.ignore_messages();
    let register = async |phone: &str| {
        let body = json!({ "fullName": "Ana Souza", "phone": phone, "email": EMAIL });
        app.post("/api/auth/register/client", body).await.expect(202);
        let code = app.code_to(phone).await;
        app.verify(phone, &code).await.expect(201);
        app.token_to(EMAIL).await
    };
    let first = register(PHONE).await;
    app.advance(Duration::minutes(2));
    let second = register(OTHER_PHONE).await;
    assert_ne!(first, second);
    let paths = [first, second].map(|token| format!("/api/auth/verify-email?token={token}"));
    let answers = join_all(paths.iter().map(|path| app.get(path))).await;
    assert_eq!(tally(&answers), BTreeMap::from([(200, 1), (409, 1)]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hand_over_link_is_taken_up_once() {
    let app = TestApp::start().await;
    let computer = app.anonymous();
    let form = client_form(PHONE);
    computer.form("/register/client", "sign_up", &form).await.expect(303);
    let page = computer.form("/register/client", "hand_off", &[]).await.expect(200);
    let token: String = page.text.split("/continue?token=").nth(1).expect("a link").chars().take(43).collect();
    let devices: Vec<_> = (0..10).map(|_| app.anonymous()).collect();
    let fields = [("token", token.as_str())];
    let answers = join_all(devices.iter().map(|device| device.form("/continue", "take_over", &fields))).await;
    assert_eq!(tally(&answers), BTreeMap::from([(303, 1), (400, 9)]));
    app.expect_message(PHONE, "seu codigo para criar sua conta").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn each_message_is_handed_over_once_by_two_couriers() {
    let app = TestApp::start().await;
    let other = app.second_node().await;
    for n in 0..12 {
        app.post("/api/auth/register/client", json!({ "fullName": "Ana", "phone": format!("119876543{n:02}") })).await.expect(202);
    }
    let (one, two) = tokio::join!(app.worker.deliver_due(), other.worker.deliver_due());
    assert_eq!(one.expect("delivered") + two.expect("delivered"), 12);
    assert_eq!(app.messages().await.len(), 12);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn right_passwords_at_once_are_no_failures() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    for _ in 0..4 {
        app.login(EMAIL, "errada").await.expect(401);
    }
    let answers = join_all((0..12).map(|_| app.login(EMAIL, PASSWORD))).await;
    assert_eq!(tally(&answers), BTreeMap::from([(200, 12)]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_wrong_passwords_at_once_five_are_heard_and_no_wait_is_told_too_long() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let answers = join_all((0..15).map(|_| app.login(EMAIL, "errada"))).await;
    assert_eq!(tally(&answers), BTreeMap::from([(401, 5), (429, 10)]));
    for locked in answers.iter().filter(|answer| answer.status == 429) {
        assert!(locked.header("retry-after").parse::<u32>().expect("seconds") <= 900, "{}", locked.header("retry-after"));
    }
    app.expect_message(EMAIL, "Acesso bloqueado por algum tempo").await;
}
