//! Contesting a document that another account has (SPEC §16).

use crate::support::people::{CPF, EMAIL, OTHER_PHONE, PASSWORD, PHONE, UNKNOWN_CPF};
use crate::support::{Actor, Answer, TestApp, sealer_of};
use portaria::contest::Outcome;
use portaria::value::Document;
use serde_json::{Value, json};
use server::metrics::Metrics;
use server::services::contest::{self, Decider};
use time::Duration;

const OWNER: &str = "dona@example.com";
const BEGUN: &str = "Recebemos sua contestação. Se o documento sair da conta em que está, avisaremos por este contato em 7 dias.";

impl TestApp {
    /// Signs up a person with a proved phone, a proved e-mail and that CPF.
    async fn holder(&self) -> Actor<'_> {
        let holder = self.client_with_password().await;
        holder.give_document("cpf", CPF).await;
        self.advance(Duration::minutes(1));
        holder
    }

    async fn contest(&self, document: &str, email: &str) -> Answer {
        self.post("/api/auth/contest", json!({ "document": document, "email": email })).await
    }

    async fn prove_contest(&self, document: &str, email: &str, code: &str) -> Answer {
        self.post("/api/auth/contest/verify", json!({ "document": document, "email": email, "code": code })).await
    }

    /// Contests a document and proves the contact.
    async fn contested(&self, document: &str, email: &str) -> Answer {
        self.contest(document, email).await.expect(202);
        let code = self.code_to(email).await;
        self.prove_contest(document, email, &code).await.expect(200)
    }

    async fn decide_due(&self) -> u64 {
        let by = Decider { sealer: &sealer_of(&self.pool).await, webhooks: &self.told, now: self.now() };
        contest::decide_due(&self.pool, by, &Metrics::default()).await.expect("a sweep")
    }

    async fn decide(&self, outcome: Outcome) -> usize {
        let document = Document::parse(CPF).expect("a CPF");
        let by = Decider { sealer: &sealer_of(&self.pool).await, webhooks: &self.told, now: self.now() };
        contest::decide_by_operator(&self.pool, by, &document, outcome).await.expect("decided")
    }

    /// Returns the paths of the "este documento é meu" links that were sent to a contact.
    async fn mine(&self, to: &str) -> Vec<String> {
        self.tokens_to(to, "/document-mine").await.iter().map(|token| format!("/document-mine?token={token}")).collect()
    }

    /// Returns whether a contact was told that the document is free.
    async fn told_free(&self, to: &str) -> bool {
        let free = |message: &Value| message["subject"] == "O documento que você contestou está livre";
        self.messages_to(to).await.iter().any(free)
    }
}

fn token(link: &str) -> &str {
    link.split_once("token=").expect("a token").1
}

#[tokio::test]
async fn after_seven_days_without_an_answer_the_document_leaves_and_the_contester_is_told() {
    let app = TestApp::start().await;
    app.holder().await;
    assert_eq!(app.contested(CPF, OWNER).await.json(), json!({ "message": BEGUN }));
    // The holder is told at every proved contact, but not who contests.
    let links = app.mine(EMAIL).await;
    assert_eq!((links.len(), app.mine(PHONE).await), (1, links));
    let mail = app.newest_to(EMAIL).await.to_string();
    assert!(!mail.contains(OWNER) && !mail.contains("dona"), "{mail}");
    app.advance(Duration::days(7) - Duration::seconds(1));
    assert_eq!(app.decide_due().await, 0);
    assert!(!app.told_free(OWNER).await);
    app.advance(Duration::seconds(1));
    assert_eq!((app.decide_due().await, app.decide_due().await), (1, 0), "once");
    let rows = app.count("select count(*) from accounts where cpf_index is null and cpf_sealed is null").await;
    assert_eq!(rows, 1);
    assert!(app.told_free(OWNER).await);
    // The link comes too late.
    let link = app.mine(EMAIL).await.remove(0);
    app.post("/api/auth/contest/keep", json!({ "token": token(&link) })).await.expect_problem(410);
    // The contestant registers with it, and the earlier holder cannot take it back.
    app.login(EMAIL, PASSWORD).await.expect(200);
    app.whoever_got(&app.proved_client(OTHER_PHONE).await).change(json!({ "cpf": CPF })).await.expect(200);
    app.expect_message(OTHER_PHONE, "CPF ou CNPJ incluido").await;
}

#[tokio::test]
async fn this_document_is_mine_ends_the_contest_and_it_stays() {
    let app = TestApp::start().await;
    app.holder().await;
    app.contested(CPF, OWNER).await;
    let link = app.mine(EMAIL).await.remove(0);
    // Opening the link, as a mail scanner does, changes nothing.
    let page = app.anonymous().header("accept", "text/html").get(&link).await.expect(200);
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    assert!(page.text.contains("Este documento é meu"), "{}", page.text);
    assert_eq!(app.count("select count(*) from contests where decided_at is not null").await, 0);
    let pressed = app.anonymous().form(&link, "keep_document", &[("token", token(&link))]).await.expect(303);
    assert_eq!(pressed.goes(), "/login, document_kept");
    // A second time, perhaps from the other contact's message: the contest is already ended, so it succeeds.
    app.post("/api/auth/contest/keep", json!({ "token": token(&link) })).await.expect(200);
    app.advance(Duration::days(8));
    assert_eq!(app.decide_due().await, 0);
    assert!(!app.told_free(OWNER).await);
    assert_eq!(app.count("select count(*) from accounts where cpf_index is not null").await, 1);
    for wrong in ["", "x"] {
        assert!([400, 404, 410].contains(&app.post("/api/auth/contest/keep", json!({ "token": wrong })).await.status), "{wrong:?}");
    }
    app.expect_message(PHONE, "contestam seu documento").await;
}

#[tokio::test]
async fn nobody_learns_whether_anybody_has_a_document() {
    let app = TestApp::start().await;
    app.holder().await;
    let mut heard = Vec::new();
    for (document, email) in [(CPF, "um@example.com"), (UNKNOWN_CPF, "ne@example.com")] {
        let asked = app.contest(document, email).await.expect(202);
        let code = app.code_to(email).await;
        let soon = app.contest(document, email).await.expect_problem(429);
        let wrong = app.prove_contest(document, email, &TestApp::other_than(&code)).await.expect_problem(400);
        let proved = app.prove_contest(document, email, &code).await.expect(200);
        let mut sent = asked.json();
        sent["destination"] = Value::Null;
        heard.push([sent, json!(soon.header("retry-after")), wrong.json(), proved.json()].map(|it| it.to_string()));
    }
    assert_eq!(heard[0], heard[1]);
    assert!(heard[0][3].contains("contestação"));
    // Seven days later both contestants are told that it is free: one holder did not answer, the other document had no holder.
    app.advance(Duration::days(7));
    assert_eq!(app.decide_due().await, 2);
    assert!(app.told_free("um@example.com").await && app.told_free("ne@example.com").await);
    app.expect_message(EMAIL, "Alguém contesta o documento").await;
    app.expect_message(PHONE, "contestam seu documento").await;
}

#[tokio::test]
async fn a_contact_contests_a_document_once_in_thirty_days() {
    let app = TestApp::start().await;
    app.ignore_messages();
    app.holder().await;
    app.contested(CPF, OWNER).await;
    let link = app.mine(EMAIL).await.remove(0);
    app.post("/api/auth/contest/keep", json!({ "token": token(&link) })).await.expect(200);
    app.advance(Duration::days(29));
    assert_eq!(app.contested(CPF, OWNER).await.json(), json!({ "message": BEGUN }), "the answer is the same");
    app.advance(Duration::minutes(1));
    assert_eq!(app.contested(CPF, "dona+outra@example.com").await.json(), json!({ "message": BEGUN }), "a tag makes no other contact");
    assert_eq!(app.mine(EMAIL).await.len(), 1, "and nobody is asked again");
    app.advance(Duration::days(1));
    app.contested(CPF, OWNER).await;
    assert_eq!(app.mine(EMAIL).await.len(), 2);
}

#[tokio::test]
async fn a_code_of_one_document_begins_no_contest_of_another() {
    let app = TestApp::start().await;
    app.holder().await;
    app.contest(UNKNOWN_CPF, OWNER).await.expect(202);
    let code = app.code_to(OWNER).await;
    app.prove_contest(CPF, OWNER, &code).await.expect_problem(400);
    assert_eq!(app.mine(EMAIL).await.len(), 0);
    assert_eq!(app.count("select count(*) from contests where proved_at is not null").await, 0);
}

#[tokio::test]
async fn five_wrong_entries_end_a_code_and_a_refused_send_leaves_nothing() {
    let app = TestApp::start().await;
    app.contest(CPF, OWNER).await.expect(202);
    let code = app.code_to(OWNER).await;
    for _ in 0..5 {
        app.prove_contest(CPF, OWNER, &TestApp::other_than(&code)).await.expect_problem(400);
    }
    app.prove_contest(CPF, OWNER, &code).await.expect_problem(400);
    // It is also too early for another document, because sends are counted by the contact.
    app.contest(UNKNOWN_CPF, OWNER).await.expect_problem(429);
    assert_eq!(app.count("select count(*) from contests").await, 1);
}

#[tokio::test]
async fn a_mobile_contests_as_well_and_is_told_by_sms() {
    let app = TestApp::start().await;
    app.holder().await;
    let body = json!({ "document": CPF, "phone": OTHER_PHONE, "channel": "sms" });
    let asked = app.post("/api/auth/contest", body.clone()).await.expect(202).json();
    assert!(asked["destination"].as_str().is_some_and(|to| to.contains("7665") && to.contains('*')), "{asked}");
    let message = app.newest_to(OTHER_PHONE).await;
    assert!(message["body"].as_str().is_some_and(|body| body.contains("contestar um documento")), "{message}");
    let mut entry = body;
    entry["code"] = message["code"].clone();
    app.post("/api/auth/contest/verify", entry).await.expect(200);
    app.advance(Duration::days(7));
    app.decide_due().await;
    assert!(app.newest_to(OTHER_PHONE).await["body"].as_str().is_some_and(|body| body.contains("esta livre")));
}

#[tokio::test]
async fn what_is_wrong_is_told_at_its_field() {
    let app = TestApp::start().await;
    let errors = |answer: Answer, field: &str| answer.errors(field).len();
    assert_eq!(errors(app.contest("529.982.247-26", OWNER).await.expect_problem(400), "document"), 1);
    assert_eq!(errors(app.post("/api/auth/contest", json!({ "document": CPF })).await.expect_problem(400), "email"), 1);
    assert_eq!(
        errors(app.post("/api/auth/contest", json!({ "document": CPF, "phone": "1133334444" })).await.expect_problem(400), "phone"),
        1
    );
    let chosen = json!({ "document": CPF, "email": OWNER, "channel": "sms" });
    assert_eq!(errors(app.post("/api/auth/contest", chosen).await.expect_problem(400), "channel"), 1);
    assert_eq!(errors(app.prove_contest(CPF, OWNER, "12").await.expect_problem(400), "code"), 1);
}

#[tokio::test]
async fn an_operator_decides_earlier_and_each_act_is_audited() {
    let app = TestApp::start().await;
    let holder = app.holder().await;
    assert_eq!(app.decide(Outcome::Freed).await, 0, "nobody contests it");
    app.contested(CPF, OWNER).await;
    assert_eq!(app.decide(Outcome::Kept).await, 1);
    assert!(holder.profile().await["cpf"].is_string() && !app.told_free(OWNER).await);
    app.contested(CPF, "outra@example.com").await;
    assert_eq!(app.decide(Outcome::Freed).await, 1);
    assert!(!holder.profile().await["cpf"].is_string() && app.told_free("outra@example.com").await);
    let events: Vec<(String, String)> = sqlx::query_as("select event, outcome from audit where event like 'contest%' order by at, id")
        .fetch_all(&app.pool)
        .await
        .expect("rows");
    let count = |event: &str, outcome: &str| events.iter().filter(|it| (it.0.as_str(), it.1.as_str()) == (event, outcome)).count();
    assert_eq!((count("contest_requested", "ok"), count("contest_proved", "ok")), (2, 2), "{events:?}");
    assert_eq!((count("contest_decided", "kept"), count("contest_decided", "freed")), (1, 1), "{events:?}");
}

#[tokio::test]
async fn who_takes_the_document_after_the_contest_began_keeps_it() {
    let app = TestApp::start().await;
    app.contested(CPF, OWNER).await;
    let holder = app.holder().await;
    app.advance(Duration::hours(23));
    assert!(holder.profile().await["cpf"].is_string());
    app.advance(Duration::days(7));
    assert_eq!(app.decide_due().await, 1);
    assert_eq!(app.count("select count(*) from accounts where cpf_index is not null").await, 1);
    assert!(!app.told_free(OWNER).await, "it is not");
}

#[tokio::test]
async fn the_page_works_without_javascript_and_a_refusal_of_a_taken_document_leads_there() {
    let app = TestApp::start().await;
    app.holder().await;
    let visitor = app.anonymous();
    visitor.get("/contest").await.expect(200);
    let bad = visitor.form("/contest", "ask_contest", &[("document", "1"), ("identifier", "x")]).await.expect(400);
    assert!(bad.text.contains("value=\"x\""), "what was typed stays: {}", bad.text);
    let asked = visitor.form("/contest", "ask_contest", &[("document", CPF), ("identifier", OWNER)]).await.expect(200);
    assert!(asked.text.contains("name=\"identifier\"") && asked.text.contains(OWNER), "{}", asked.text);
    let code = app.code_to(OWNER).await;
    let wrong = TestApp::other_than(&code);
    let entry = |code| [("document", CPF), ("identifier", OWNER), ("code", code)];
    let refused = visitor.form("/contest", "prove_contest", &entry(wrong.as_str())).await.expect(400);
    assert!(refused.text.contains(OWNER) && !refused.text.contains(&wrong), "{}", refused.text);
    let done = visitor.form("/contest", "prove_contest", &entry(code.as_str())).await.expect(303);
    assert_eq!(done.goes(), "/contest, contest_begun");
    let page = visitor.get("/contest").await.expect(200);
    assert!(page.text.contains("Recebemos sua contestação"), "{}", page.text);

    let taken = app.teacher_at("prof@example.com").await.change(json!({ "cpf": CPF })).await.expect_problem(409);
    assert!(taken.json()["detail"].as_str().is_some_and(|detail| detail.contains("/contest")), "{}", taken.text);
    app.expect_message(PHONE, "contestam seu documento").await;
    app.expect_message(EMAIL, "Alguém contesta o documento").await;
}
