//! `portaria accounts` (SPEC §14, §17).

use crate::support::carrier::{Answer, Carrier};
use crate::support::people::{CPF, EMAIL, OTHER_EMAIL, OTHER_PHONE, PASSWORD, PHONE, WRONG_PASSWORD};
use crate::support::{Actor, TestApp};
use portaria::audit::Event;
use portaria::error::Refusal;
use portaria::message::Channel;
use portaria::support::{ContactState, Found, Sought};
use portaria::view::Delivery;
use serde_json::json;
use server::services::support::{NotDone, operator};
use time::Duration;

/// A valid CPF whose digits are a mobile too.
const CPF_LIKE_A_PHONE: &str = "119.123.456-84";
const PHONE_LIKE_A_CPF: &str = "+5511912345684";

fn sought(typed: &str) -> Sought {
    Sought::parse(typed).expect("somebody")
}

impl TestApp {
    async fn found(&self, typed: &str) -> Found {
        self.service.find_account(&operator("find"), &sought(typed)).await.expect("an answer")
    }

    async fn resend(&self, typed: &str) -> Result<(String, Channel), NotDone> {
        let resent = self.service.resend_proof(&operator("resend"), &sought(typed)).await?;
        Ok((resent.destination, resent.channel))
    }

    /// Outcome and command of each audit row of an event, the oldest first.
    async fn noted(&self, event: Event) -> Vec<(String, String, Option<i64>)> {
        sqlx::query_as("select outcome, user_agent, account_id from audit where event = $1 order by at, account_id")
            .bind(event.as_str())
            .fetch_all(&self.pool)
            .await
            .expect("rows")
    }

    /// Signs up two people: the phone of one is the CPF of the other.
    async fn look_alikes(&self) -> [Actor<'_>; 2] {
        let one = self.whoever_got(&self.proved_client(PHONE_LIKE_A_CPF).await);
        let other = self.client_with_password().await;
        other.give_document("cpf", CPF_LIKE_A_PHONE).await;
        [one, other]
    }
}

#[tokio::test]
async fn an_account_is_found_by_whatever_signs_in_by_its_number_and_by_what_is_not_proved_yet() {
    let app = TestApp::start().await;
    app.client_with_password().await.give_document("cpf", CPF).await;
    let id = app.count("select id from accounts").await;
    for typed in [EMAIL, " ANA@example.com", PHONE, "(11) 98765-4321", CPF, &id.to_string(), &format!("id:{id}")] {
        let found = app.found(typed).await;
        assert_eq!((found.accounts.len(), found.signups.len()), (1, 0), "{typed}");
        assert_eq!(found.accounts[0].id, id, "{typed}");
    }
    let ana = &app.found(EMAIL).await.accounts[0];
    assert_eq!((ana.cpf.as_deref(), ana.sessions, ana.locked_for, ana.failed_sign_ins), (Some("***.982.247-**"), 1, None, 0));
    assert_eq!(ana.email.as_ref().map(|it| (it.masked.as_str(), it.state)), Some(("a***@e***.com", ContactState::Proved)));
    assert!(app.found("ninguem@example.com").await.is_empty());

    // Nobody signs in with these yet, but they are who asks for help.
    app.pending_teacher(OTHER_EMAIL).await;
    let teacher = &app.found(OTHER_EMAIL).await.accounts[0];
    assert_eq!(teacher.proof.as_ref().map(|it| (it.purpose, it.delivery)), Some(("email_link", Delivery::OnItsWay)));
    app.token_to(OTHER_EMAIL).await;
    assert_eq!(app.found(OTHER_EMAIL).await.accounts[0].proof.as_ref().map(|it| it.delivery), Some(Delivery::Sent));
    app.ask_code(OTHER_PHONE).await;
    let found = app.found(OTHER_PHONE).await;
    assert_eq!((found.accounts.len(), found.signups.len()), (0, 1));
    assert_eq!(found.signups[0].phone, "(21) *****-7665");

    let noted = app.noted(Event::SupportFound).await;
    assert_eq!(noted.len(), 12);
    assert!(noted.iter().all(|(_, by, _)| by.starts_with("portaria accounts find (uid ")), "{noted:?}");
    let outcomes = |wanted: &str| noted.iter().filter(|(outcome, ..)| outcome == wanted).count();
    assert_eq!((outcomes("ok"), outcomes("nobody"), outcomes("signup")), (10, 1, 1));
}

#[tokio::test]
async fn unlocking_lets_the_owner_in_at_once() {
    let app = TestApp::start().await;
    let owner = app.client_with_password().await;
    for _ in 0..5 {
        app.login(EMAIL, WRONG_PASSWORD).await.expect(401);
    }
    app.login(EMAIL, PASSWORD).await.expect(429);
    let locked = &app.found(EMAIL).await.accounts[0];
    assert_eq!((locked.locked_for, locked.failed_sign_ins), (Some(900), 5));
    // Strangers have used up the code to that phone, too.
    app.advance(Duration::minutes(1));
    app.post("/api/auth/login/code", json!({ "phone": PHONE })).await.expect(202);
    let code = app.code_to(PHONE).await;
    let enter = |code: String| app.post("/api/auth/login/code/verify", json!({ "phone": PHONE, "code": code }));
    for _ in 0..5 {
        enter(TestApp::other_than(&code)).await;
    }
    assert_ne!(enter(code).await.status, 200);

    let unlocked = app.service.unlock_account(&operator("unlock"), &sought(EMAIL)).await.expect("unlocked");
    // Failed sign-ins, wrong codes of half an hour, and those of a day.
    assert_eq!((unlocked.was_locked, unlocked.cleared), (true, 3));
    app.login(EMAIL, PASSWORD).await.expect(200);
    app.advance(Duration::minutes(2));
    app.post("/api/auth/login/code", json!({ "phone": PHONE })).await.expect(202);
    let code = app.code_to(PHONE).await;
    app.post("/api/auth/login/code/verify", json!({ "phone": PHONE, "code": code })).await.expect(200);

    let again = app.service.unlock_account(&operator("unlock"), &sought(EMAIL)).await.expect("unlocked");
    assert_eq!((again.was_locked, again.cleared), (false, 0));
    assert_eq!(app.noted(Event::SupportUnlocked).await.len(), 2);
    owner.profile().await;
    app.expect_message(EMAIL, "bloqueado").await;
}

#[tokio::test]
async fn unlocking_clears_the_wrong_codes_of_a_recovery_too() {
    let app = TestApp::start().await;
    app.ignore_messages();
    app.client_with_password().await.give_document("cpf", CPF).await;
    let enter = async |code: &str| app.post("/api/auth/recovery/verify", json!({ "document": CPF, "code": code })).await;
    for _ in 0..5 {
        enter("000000").await;
    }
    app.post("/api/auth/recovery", json!({ "document": CPF })).await.expect(200);
    let code = app.code_to(PHONE).await;
    assert_ne!(enter(&code).await.status, 200, "they were used up");
    let unlocked = app.service.unlock_account(&operator("unlock"), &sought(EMAIL)).await.expect("unlocked");
    assert_eq!(unlocked.cleared, 2, "those of half an hour, and those of a day");
    enter(&code).await.expect(200);
}

#[tokio::test]
async fn what_unlocking_does_not_lift_is_shown_and_said() {
    let app = TestApp::start().await;
    app.ignore_messages();
    let owner = app.client_with_password().await;
    owner.method("POST", "/api/auth/account/deletion").await.expect(202);
    let told = app.run(&["accounts", "unlock", EMAIL], "").await;
    assert!(told.code == 0 && told.out.contains("não a desfaz"), "{told:?}");
    let found = app.run(&["accounts", "find", EMAIL], "").await;
    assert!(found.out.contains("Exclusão") && found.out.contains("pedida pelo titular"), "{}", found.out);
    sqlx::query("update accounts set deletion_asked_at = null, blocked_at = $1").bind(app.now()).execute(&app.pool).await.expect("blocked");
    let told = app.run(&["accounts", "unlock", EMAIL], "").await;
    assert!(told.code == 0 && told.out.contains("continua bloqueada pelo titular"), "{told:?}");
    let found = app.run(&["accounts", "find", EMAIL, "--json"], "").await.json();
    assert!(found["accounts"][0]["blockedAt"].is_number() && found["accounts"][0]["deletesAt"].is_null(), "{found}");
    let told = app.run(&["accounts", "unlock", EMAIL, "--json"], "").await.json();
    assert_eq!(told["still"], json!("blocked"));
}

#[tokio::test]
async fn ending_sessions_ends_every_one_and_says_how_many_there_were() {
    let app = TestApp::start().await;
    let teacher = app.teacher().await;
    let elsewhere = teacher.elsewhere().await;
    let end = async || app.service.end_account_sessions(&operator("end-sessions"), &sought(EMAIL)).await.expect("ended").sessions;
    assert_eq!(end().await, 2);
    teacher.expect_ended().await;
    elsewhere.expect_ended().await;
    assert_eq!(end().await, 0);
    let noted = app.noted(Event::SupportEndedSessions).await;
    assert_eq!(noted.iter().map(|(outcome, ..)| outcome.as_str()).collect::<Vec<_>>(), ["ok", "ok"]);
    app.login(EMAIL, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn a_proof_is_sent_again_within_the_limits_that_hold_for_everybody() {
    let app = TestApp::start().await;
    app.pending_teacher(EMAIL).await;
    let link = app.token_to(EMAIL).await;
    assert!(matches!(app.resend(EMAIL).await, Err(NotDone::Refused(Refusal::TooSoon { retry_after: 30 }))));
    app.advance(Duration::seconds(30));
    assert_eq!(app.resend(EMAIL).await.expect("queued"), ("a***@e***.com".to_owned(), Channel::Email));
    assert_eq!(app.tokens_to(EMAIL, "/verify").await, [link.clone(), link], "the same one, which is still good");
    app.open_link_to(EMAIL).await.expect(200);
    assert!(matches!(app.resend(EMAIL).await, Err(NotDone::NothingWaits)));

    // A sign-up by phone is no account yet.
    let code = app.ask_code(PHONE).await;
    app.advance(Duration::seconds(30));
    assert_eq!(app.resend("11 98765-4321").await.expect("queued"), ("(11) *****-4321".to_owned(), Channel::WhatsApp));
    assert_eq!(app.codes_to(PHONE).await, [code.clone(), code.clone()]);
    app.verify(PHONE, &code).await.expect(201);
    assert!(matches!(app.resend(PHONE).await, Err(NotDone::NothingWaits)));
    assert!(matches!(app.resend(OTHER_PHONE).await, Err(NotDone::Nobody)));

    // A rider's code has lapsed long before anybody asks for help: there is a new one.
    let rider = json!({ "name": "Rian Lucas", "username": "rian.lucas", "email": OTHER_EMAIL, "password": PASSWORD });
    app.post("/auth/register", rider).await.expect(201);
    let first = app.code_to(OTHER_EMAIL).await;
    app.advance(Duration::minutes(5));
    app.resend("rian.lucas").await.expect("queued");
    assert_ne!(app.code_to(OTHER_EMAIL).await, first);

    let mut outcomes: Vec<_> = app.noted(Event::SupportResent).await.into_iter().map(|(outcome, ..)| outcome).collect();
    outcomes.sort();
    assert_eq!(outcomes, ["nobody", "nothing-waits", "nothing-waits", "ok", "ok", "ok", "too-soon"]);
}

#[tokio::test]
async fn a_deleted_account_leaves_nothing_but_what_happened_and_products_are_told() {
    let receiver = Carrier::always(Answer::json(204, json!({}))).await;
    let file = format!(
        "[[webhooks]]\nurl = \"{}\"\nsecret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"\nevents = [\"account.deleted\"]\n",
        receiver.url
    );
    let app = TestApp::start_with_file(&file).await;
    let owner = app.client_with_password().await;
    owner.give_document("cpf", CPF).await;
    let id = app.count("select id from accounts").await;
    app.service.delete_account(&operator("delete"), id).await.expect("deleted");

    // Whatever table names an account, but those of what happened (more in `own_data/erasure.rs`).
    let tables: Vec<String> = sqlx::query_scalar(
        "select table_name::text from information_schema.columns where table_schema = 'public' and column_name = 'account_id' \
         and table_name not in ('audit', 'webhook_deliveries')",
    )
    .fetch_all(&app.pool)
    .await
    .expect("tables");
    assert!(tables.len() > 8, "{tables:?}");
    for table in tables.iter().map(String::as_str).chain(["accounts"]) {
        let rows = sqlx::query_scalar::<_, i64>(sqlx::AssertSqlSafe(format!("select count(*) from {table}")));
        assert_eq!(rows.fetch_one(&app.pool).await.expect("a count"), 0, "{table}");
    }
    owner.expect_ended().await;
    assert_eq!(app.noted(Event::SupportDeleted).await.first().map(|(outcome, _, of)| (outcome.as_str(), *of)), Some(("ok", None)));
    assert_eq!(app.count("select count(*) from audit where account_id is not null").await, 0);
    assert!(app.count("select count(*) from audit where event = 'authn_login_success'").await > 0);
    assert_eq!(app.webhooks.as_ref().expect("a webhook").deliver_due().await.expect("a pass"), 1);
    let told: serde_json::Value = serde_json::from_slice(&receiver.requests()[0].body).expect("JSON");
    assert_eq!((&told["type"], &told["data"]["id"]), (&json!("account.deleted"), &json!(id)));
    assert!(matches!(app.service.delete_account(&operator("delete"), id).await, Err(NotDone::Nobody)));
    // All that it had is free again.
    app.advance(Duration::hours(2));
    app.client_with_password().await.give_document("cpf", CPF).await;
}

#[tokio::test]
async fn the_audit_of_an_account_is_read_in_words_and_reading_it_is_recorded() {
    let app = TestApp::start().await;
    app.client_with_password().await;
    app.login(EMAIL, WRONG_PASSWORD).await.expect(401);
    app.ignore_messages();
    let read = app.run(&["accounts", "audit", EMAIL], "").await;
    assert_eq!((read.code, read.err.as_str()), (0, ""), "{read:?}");
    for part in ["QUANDO", "Cadastro", "Tentativa de entrar", "127.0.0.1", "feito"] {
        assert!(read.out.contains(part), "{part}: {}", read.out);
    }
    assert!(!read.out.contains(EMAIL), "nothing that was typed stands in it: {}", read.out);
    let again = app.run(&["accounts", "audit", PHONE, "--limit", "1", "--json"], "").await.json();
    let rows = again["rows"].as_array().expect("rows").clone();
    assert!(rows.len() == 1 && again["id"].is_number(), "{again}");
    assert_eq!(app.noted(Event::SupportAudited).await.len(), 2);
    let nobody = app.run(&["accounts", "audit", "ninguem@example.com"], "").await;
    assert!(nobody.code == 1 && nobody.err.contains("Ninguém"), "{nobody:?}");
}

#[tokio::test]
async fn a_change_that_is_refused_is_one_row_of_the_attempt_that_it_was() {
    let app = TestApp::start().await;
    app.ignore_messages();
    let owner = app.client_with_password().await;
    app.advance(Duration::minutes(11));
    for path in ["/api/auth/account/export", "/api/auth/account/deletion"] {
        owner.method("POST", path).await.expect(403);
        app.anonymous().method("POST", path).await.expect(401);
    }
    owner.post("/api/auth/profile/email", json!({ "email": OTHER_EMAIL })).await.expect(403);
    owner.post("/api/auth/terms", json!({ "version": "none" })).await.expect(400);
    for event in [Event::DataExported, Event::DeletionRequested, Event::TermsAccepted] {
        let noted = app.noted(event).await;
        assert!(noted.len() == 1 && noted[0].0 != "ok" && noted[0].2.is_some(), "{event:?}: {noted:?}");
    }
    let sent: Vec<_> =
        app.noted(Event::ProofSent).await.into_iter().filter(|(outcome, ..)| outcome == "reauthentication-required").collect();
    assert_eq!(sent.len(), 1, "{sent:?}");
}

#[tokio::test]
async fn the_command_line_says_it_in_portuguese_or_in_json_and_ends_with_what_came_of_it() {
    let app = TestApp::start().await;
    let [_, other] = app.look_alikes().await;
    let id = other.profile().await["id"].as_i64().expect("a number").to_string();

    let found = app.run(&["accounts", "find", EMAIL], "").await;
    assert_eq!((found.code, found.err.as_str()), (0, ""), "{found:?}");
    for part in [&format!("Conta {id} (cliente)"), "a***@e***.com (confirmado)", "(11) *****-4321", "***.123.456-**", "livre"] {
        assert!(found.out.contains(part), "{part}: {}", found.out);
    }
    assert!(!found.out.contains(EMAIL) && !found.out.contains("98765"), "{}", found.out);

    // Digits that are the phone of one and the CPF of another: nothing is done before it is said which.
    let several = app.run(&["accounts", "end-sessions", "11912345684", "--json"], "").await;
    assert_eq!((several.code, &several.json()["error"]), (1, &json!("several")));
    assert_eq!(several.json()["accounts"].as_array().map(Vec::len), Some(2));
    other.profile().await;
    let ended = app.run(&["accounts", "end-sessions", &format!("id:{id}"), "--json"], "").await;
    assert_eq!((ended.code, ended.json()), (0, json!({ "id": id.parse::<i64>().expect("a number"), "sessions": 1 })));
    other.expect_ended().await;

    for (arguments, words) in [
        (["accounts", "unlock", "ninguem@example.com"], "Ninguém foi encontrado."),
        (["accounts", "find", "não existe"], "Isto não é e-mail"),
        (["accounts", "resend", EMAIL], "não espera confirmação"),
    ] {
        let ran = app.run(&arguments, "").await;
        assert!(ran.code == 1 && ran.err.contains(words) && ran.out.is_empty(), "{ran:?}");
    }

    let mistyped = app.run(&["accounts", "delete", EMAIL], "sim\n").await;
    assert!(
        mistyped.code == 1 && mistyped.err.contains("Digite o número da conta") && mistyped.err.contains("nada foi apagado"),
        "{mistyped:?}"
    );
    assert_eq!(app.run(&["accounts", "delete", EMAIL, "--json"], &id).await.json()["error"], "not-confirmed");
    assert_eq!(app.count("select count(*) from accounts").await, 2);
    let deleted = app.run(&["accounts", "delete", EMAIL], &format!("{id}\n")).await;
    assert_eq!((deleted.code, deleted.out.trim()), (0, format!("Conta {id} apagada.").as_str()));
    let yes = app.run(&["accounts", "delete", PHONE_LIKE_A_CPF, "--yes", "--json"], "").await;
    assert_eq!((yes.code, app.count("select count(*) from accounts").await), (0, 0), "{yes:?}");
}
