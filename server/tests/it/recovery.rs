//! Seed 002, step by step, and the ways to abuse it.

use crate::support::people::{CNPJ, CPF, EMAIL, NEW_PASSWORD, OTHER_CPF, OTHER_EMAIL, OTHER_PHONE, PASSWORD, PHONE, UNKNOWN_CPF};
use crate::support::{Actor, Answer, TestApp};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use time::Duration;

const MESSAGE_1: &str = "Senha alterada com sucesso!";
const MESSAGE_2: &str = "Código inválido ou expirado! Por favor, solicite um novo código.";
const MESSAGE_3: &str = "CPF/CNPJ inválido ou não cadastrado. Por favor, verifique os dados informados.";
const MESSAGE_4: &str = "As senhas não coincidem ou não atendem aos requisitos de segurança. Tente novamente.";

impl TestApp {
    /// Somebody with a proved phone, a proved e-mail, a password and a CPF.
    async fn person(&self, phone: &str, email: &str, cpf: &str) -> Actor<'_> {
        let person = self.client_with(phone, email).await;
        person.give_document("cpf", cpf).await;
        self.advance(Duration::minutes(1));
        person
    }

    async fn ana(&self) -> Actor<'_> {
        self.person(PHONE, EMAIL, CPF).await
    }

    async fn sent(&self) -> usize {
        self.messages().await.len()
    }
}

#[track_caller]
fn expect_detail(answer: Answer, status: u16, message: &str) -> Answer {
    let answer = answer.expect_problem(status);
    assert_eq!(answer.json()["detail"], message, "{}", answer.text);
    answer
}

/// A refused code says message 2, and nothing of why or of how long.
#[track_caller]
fn expect_refused_code(answer: Answer) -> Answer {
    let answer = expect_detail(answer, 400, MESSAGE_2);
    assert_eq!(answer.errors("code").len(), 1, "{}", answer.text);
    assert_eq!(answer.header("retry-after"), "");
    answer
}

/// A visitor with an address of their own, behind the trusted proxy.
fn from<'a>(app: &'a TestApp, address: &str) -> Actor<'a> {
    app.anonymous().header("x-forwarded-for", address)
}

const BEHIND_PROXY: &[(&str, &str)] = &[("TRUSTED_PROXIES", "127.0.0.1")];

// ── main flow

#[tokio::test]
async fn step_4_a_valid_document_sends_a_code_to_the_email_and_to_whatsapp() {
    let app = TestApp::start().await;
    app.ana().await;
    let answer = app.recover(CPF).await.expect(200);
    assert_eq!(answer.keys(), ["destinations", "expiresIn", "message"]);
    assert_eq!(answer.json()["destinations"], json!(["a***@e***.com", "(11) *****-4321"]));
    assert_eq!(answer.json()["expiresIn"], 300);
    let (mail, phone) = (app.newest_to(EMAIL).await, app.newest_to(PHONE).await);
    assert_eq!((&mail["channel"], &phone["channel"]), (&json!("email"), &json!("whatsapp")));
    // each its own, so that it is known who reset the password (SPEC §16)
    assert_eq!([&mail, &phone].map(|it| it["code"].as_str().map(str::len)), [Some(6), Some(6)]);
    app.enter_recovery_code(CPF, phone["code"].as_str().expect("a code")).await.expect(200);
    // they were for one thing: by the right one the other is spent too
    expect_refused_code(app.enter_recovery_code(CPF, mail["code"].as_str().expect("a code")).await);
}

#[tokio::test]
async fn step_6_the_right_code_opens_the_new_password() {
    let app = TestApp::start().await;
    app.ana().await;
    let code = app.recovery_code(CPF, EMAIL).await;
    let answer = app.enter_recovery_code("52998224725", &format!(" {} {} ", &code[..3], &code[3..])).await.expect(200);
    assert_eq!(answer.keys(), ["expiresIn", "resetToken"]);
    assert_eq!(answer.json()["expiresIn"], 600);
    assert_eq!(answer.json()["resetToken"].as_str().map(str::len), Some(43), "256 bits");
    assert!(answer.cookies().is_empty(), "no session comes of a code");
    app.expect_message(PHONE, "é o seu código de verificação").await;
}

#[tokio::test]
async fn step_8_the_new_password_is_in_force_and_message_1_says_so() {
    let app = TestApp::start().await;
    app.ana().await;
    let token = app.recovery_grant(CPF, EMAIL).await;
    let answer = app.reset_by_grant(&token, NEW_PASSWORD, NEW_PASSWORD).await.expect(200);
    assert_eq!(answer.json(), json!({ "message": MESSAGE_1 }));
    assert!(answer.cookies().is_empty(), "and nobody is signed in by it");
    app.login(EMAIL, PASSWORD).await.expect(401);
    app.login(EMAIL, NEW_PASSWORD).await.expect(200);
    app.expect_message(PHONE, "é o seu código de verificação").await;
    app.expect_message(EMAIL, "Sua senha foi alterada").await;
}

#[tokio::test]
async fn a_company_recovers_by_its_alphanumeric_cnpj_however_it_is_typed() {
    let app = TestApp::start().await;
    app.company().await;
    app.advance(Duration::minutes(1));
    for typed in ["12.abc.345/01de-35", "12ABC34501DE35", CNPJ] {
        let token = app.recovery_grant(typed, EMAIL).await;
        app.reset_by_grant(&token, NEW_PASSWORD, NEW_PASSWORD).await.expect(200);
        app.advance(Duration::minutes(31));
    }
    app.login(CNPJ, NEW_PASSWORD).await.expect(200);
    app.expect_message(EMAIL, "Sua senha foi alterada").await;
}

// ── alternative flows

#[tokio::test]
async fn flow_1_invalid_and_unknown_documents_are_told_alike() {
    let app = TestApp::start().await;
    app.ana().await;
    let before = app.sent().await;
    let unknown = expect_detail(app.recover(UNKNOWN_CPF).await, 404, MESSAGE_3);
    for invalid in ["12345678901", "00000000000", "123", "abc", "12.ABC.345/01DE-36", "ana@example.com"] {
        let answer = expect_detail(app.recover(invalid).await, 404, MESSAGE_3);
        assert_eq!(answer.text, unknown.text, "{invalid}");
    }
    assert_eq!(app.sent().await, before);
}

#[tokio::test]
async fn a_missing_document_is_told_at_its_field() {
    let app = TestApp::start().await;
    for body in [json!({}), json!({ "document": " " }), json!({ "document": 52_998_224_725_u64 })] {
        let answer = app.post("/api/auth/recovery", body).await.expect_problem(400);
        assert_eq!(answer.errors("document").len(), 1, "{}", answer.text);
    }
}

#[tokio::test]
async fn flow_2_wrong_lapsed_used_and_foreign_codes_look_alike() {
    let app = TestApp::start().await;
    app.ignore_messages();
    app.ana().await;
    app.person(OTHER_PHONE, OTHER_EMAIL, OTHER_CPF).await;
    let code = app.recovery_code(CPF, EMAIL).await;
    let wrong = expect_refused_code(app.enter_recovery_code(CPF, &TestApp::other_than(&code)).await);
    assert_eq!(expect_refused_code(app.enter_recovery_code(OTHER_CPF, &code).await).text, wrong.text, "another person's");
    assert_eq!(expect_refused_code(app.enter_recovery_code(UNKNOWN_CPF, &code).await).text, wrong.text, "nobody's");
    assert_eq!(expect_refused_code(app.enter_recovery_code("12345678901", &code).await).text, wrong.text, "an invalid document");
    app.enter_recovery_code(CPF, &code).await.expect(200);
    assert_eq!(expect_refused_code(app.enter_recovery_code(CPF, &code).await).text, wrong.text, "used");
    app.advance(Duration::minutes(1));
    let second = app.recovery_code(CPF, EMAIL).await;
    app.advance(Duration::minutes(5));
    assert_eq!(expect_refused_code(app.enter_recovery_code(CPF, &second).await).text, wrong.text, "lapsed");
}

#[tokio::test]
async fn a_code_of_another_shape_is_message_2_too_and_not_counted() {
    let app = TestApp::start().await;
    app.ana().await;
    let code = app.recovery_code(CPF, EMAIL).await;
    for typed in ["12345", "1234567", "abcdef", "", "１２３４５６"] {
        expect_refused_code(app.enter_recovery_code(CPF, typed).await);
    }
    app.enter_recovery_code(CPF, &code).await.expect(200);
    app.expect_message(PHONE, "é o seu código de verificação").await;
}

#[tokio::test]
async fn flow_3_a_refused_password_is_message_4_with_every_reason_at_its_field() {
    let app = TestApp::start().await;
    app.ana().await;
    let token = app.recovery_grant(CPF, EMAIL).await;
    for (password, confirmation, at_password, at_confirmation) in [
        ("", "", 1, 1),
        ("Curta#1", "Curta#1", 1, 0),
        ("laranja#77 doce", "laranja#77 doce", 1, 0),
        ("Laranja 77doce", "Laranja 77doces", 0, 1),
        ("Laranja77doce", "outra", 1, 1),
        ("Laranja# doce", "Laranja# doce", 1, 0),
        ("Ana Souza@1", "Ana Souza@1", 1, 0),
        ("Portaria@123", "Portaria@123", 1, 0),
    ] {
        let answer = app.reset_by_grant(&token, password, confirmation).await;
        assert_eq!(answer.status, 400, "{password}");
        let answer = expect_detail(answer, 400, MESSAGE_4);
        assert_eq!(answer.errors("newPassword").len(), at_password, "{password}: {}", answer.text);
        assert_eq!(answer.errors("passwordConfirmation").len(), at_confirmation, "{password}: {}", answer.text);
    }
    // none of them spent the token; and 002 asks for no lower-case letter
    app.reset_by_grant(&token, "LARANJA#77 DOCE", "LARANJA#77 DOCE").await.expect(200);
    app.expect_message(EMAIL, "Sua senha foi alterada").await;
    app.expect_message(PHONE, "é o seu código de verificação").await;
}

#[tokio::test]
async fn the_reason_names_what_002_asks_and_no_more() {
    let app = TestApp::start().await;
    app.ana().await;
    let token = app.recovery_grant(CPF, EMAIL).await;
    let answer = app.reset_by_grant(&token, "laranja#77 doce", "laranja#77 doce").await;
    assert_eq!(answer.errors("newPassword"), ["A senha deve conter letras maiúsculas, números e caracteres especiais"]);
    app.expect_message(PHONE, "é o seu código de verificação").await;
}

#[tokio::test]
async fn a_missing_token_is_told_beside_the_passwords_reasons() {
    let app = TestApp::start().await;
    let answer = expect_detail(app.post("/api/auth/recovery/reset", json!({})).await, 400, MESSAGE_4);
    for field in ["resetToken", "newPassword", "passwordConfirmation"] {
        assert_eq!(answer.errors(field).len(), 1, "{field}: {}", answer.text);
    }
    let body = json!({ "newPassword": NEW_PASSWORD, "passwordConfirmation": NEW_PASSWORD });
    assert_eq!(app.post("/api/auth/recovery/reset", body).await.expect_problem(400).errors("resetToken").len(), 1);
}

// ── who is sent to, and which way

#[tokio::test]
async fn only_proved_contacts_are_sent_to() {
    let app = TestApp::start().await;
    let code = app.ask_code_with_email(PHONE, EMAIL).await;
    app.whoever_got(&app.verify(PHONE, &code).await.expect(201)).give_document("cpf", CPF).await;
    app.advance(Duration::minutes(1));
    let mails = app.messages_to(EMAIL).await.len();
    assert_eq!(app.recover(CPF).await.expect(200).json()["destinations"], json!(["(11) *****-4321"]));
    assert_eq!(app.messages_to(EMAIL).await.len(), mails, "the address was never proved");
    let answer = app.recover_by(CPF, "email").await.expect_problem(400);
    assert_eq!(answer.errors("channel").len(), 1, "{}", answer.text);
    app.expect_message(PHONE, "é o seu código de verificação").await;
}

#[tokio::test]
async fn an_account_without_a_proved_contact_is_not_registered() {
    let app = TestApp::start().await;
    app.company().await;
    app.advance(Duration::minutes(1));
    sqlx::query("update accounts set email_proved_at = null").execute(&app.pool).await.expect("unproved");
    expect_detail(app.recover(CNPJ).await, 404, MESSAGE_3);
}

#[tokio::test]
async fn a_chosen_channel_is_the_only_one() {
    let app = TestApp::start().await;
    app.ana().await;
    let phone = app.messages_to(PHONE).await.len();
    assert_eq!(app.recover_by(CPF, "email").await.expect(200).json()["destinations"], json!(["a***@e***.com"]));
    assert_eq!(app.messages_to(PHONE).await.len(), phone);
    // the other contact's turn is its own, and so is its code
    assert_eq!(app.recover_by(CPF, "whatsapp").await.expect(200).json()["destinations"], json!(["(11) *****-4321"]));
    let code = app.code_to(PHONE).await;
    for unknown in ["sms", "pombo"] {
        assert_eq!(app.recover_by(CPF, unknown).await.expect_problem(400).errors("channel").len(), 1, "{unknown}");
    }
    app.enter_recovery_code(CPF, &code).await.expect(200);
    app.expect_message(EMAIL, "Seu código para recuperar a senha").await;
}

#[tokio::test]
async fn without_whatsapp_set_up_sms_carries_the_code() {
    let smtp_and_sms = [
        ("PORTARIA_ENV", "production"),
        ("TWILIO_ACCOUNT_SID", "AC1"),
        ("TWILIO_AUTH_TOKEN", "t"),
        ("TWILIO_FROM", "+15005550006"),
        ("TWILIO_BASE_URL", "http://127.0.0.1:9"),
    ];
    let development = TestApp::start().await;
    development.ana().await;
    let settings: Vec<_> = smtp_and_sms.into_iter().chain([("PUBLIC_URL", "https://portaria.example")]).collect();
    let production = development.node_with(&settings).await;
    production.recover(CPF).await.expect(200);
    let channels: Vec<String> = sqlx::query_scalar("select channel from outbox where status = 'queued' order by channel")
        .fetch_all(&development.pool)
        .await
        .expect("messages");
    assert_eq!(channels, ["sms"], "e-mail is not set up there either");
    development.expect_message(PHONE, "seu codigo para criar uma nova senha").await;
}

#[tokio::test]
async fn when_whatsapp_fails_sms_follows_with_the_same_code() {
    let refusal = json!({ "error": { "message": "undeliverable", "type": "OAuthException", "code": 131_026 } });
    let meta = axum::Router::new().fallback(move || {
        let body = refusal.clone();
        async move { (axum::http::StatusCode::BAD_REQUEST, axum::Json(body)) }
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, meta).await });
    let app = TestApp::start_with(&[
        ("WHATSAPP_TOKEN", "t"),
        ("WHATSAPP_PHONE_NUMBER_ID", "1"),
        ("WHATSAPP_TEMPLATE", "codigo"),
        ("WHATSAPP_BASE_URL", &url),
    ])
    .await;
    app.ana().await;
    app.recover(CPF).await.expect(200);
    let phone = app.newest_to(PHONE).await;
    assert_eq!(phone["channel"], "sms");
    app.enter_recovery_code(CPF, phone["code"].as_str().expect("a code")).await.expect(200);
    app.expect_message(EMAIL, "Seu código para recuperar a senha").await;
}

// ── entries

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
    // a new code does not reset the count; a quarter of an hour does
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
    // somebody else's document is not touched by it
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

// ── the token

#[tokio::test]
async fn a_reset_token_works_once() {
    let app = TestApp::start().await;
    app.ana().await;
    let token = app.recovery_grant(CPF, EMAIL).await;
    app.reset_by_grant(&token, NEW_PASSWORD, NEW_PASSWORD).await.expect(200);
    let answer = expect_detail(app.reset_by_grant(&token, "Terceira#55 vez", "Terceira#55 vez").await, 400, MESSAGE_2);
    assert_eq!(answer.errors("resetToken").len(), 1, "{}", answer.text);
    app.login(EMAIL, NEW_PASSWORD).await.expect(200);
    app.expect_message(EMAIL, "Sua senha foi alterada").await;
    app.expect_message(PHONE, "é o seu código de verificação").await;
}

#[tokio::test]
async fn of_twenty_resets_at_once_one_sets_its_password() {
    let app = TestApp::start().await;
    app.ana().await;
    let token = app.recovery_grant(CPF, EMAIL).await;
    let passwords: Vec<_> = (0..20).map(|n| format!("Laranja#77 doce {n}")).collect();
    let answers = futures::future::join_all(passwords.iter().map(|password| app.reset_by_grant(&token, password, password))).await;
    let won: Vec<_> = answers.iter().zip(&passwords).filter(|(answer, _)| answer.status == 200).collect();
    assert_eq!(won.len(), 1);
    assert!(
        answers.iter().all(|answer| matches!(answer.status, 200 | 400)),
        "{:?}",
        answers.iter().map(|it| it.status).collect::<Vec<_>>()
    );
    app.login(EMAIL, won[0].1).await.expect(200);
    app.expect_message(EMAIL, "Sua senha foi alterada").await;
    app.expect_message(PHONE, "é o seu código de verificação").await;
}

#[tokio::test]
async fn a_reset_token_lapses_after_ten_minutes_and_a_made_up_one_is_none() {
    let app = TestApp::start().await;
    app.ana().await;
    let token = app.recovery_grant(CPF, EMAIL).await;
    app.advance(Duration::minutes(10));
    let lapsed = expect_detail(app.reset_by_grant(&token, NEW_PASSWORD, NEW_PASSWORD).await, 400, MESSAGE_2);
    for made_up in ["x", &"A".repeat(43), &format!("{token}x")] {
        assert_eq!(expect_detail(app.reset_by_grant(made_up, NEW_PASSWORD, NEW_PASSWORD).await, 400, MESSAGE_2).text, lapsed.text);
    }
    app.login(EMAIL, PASSWORD).await.expect(200);
    app.expect_message(PHONE, "é o seu código de verificação").await;
}

#[tokio::test]
async fn a_dump_holds_no_reset_token_and_no_plain_hash_of_one() {
    let app = TestApp::start().await;
    app.ana().await;
    let token = app.recovery_grant(CPF, EMAIL).await;
    let stored: Vec<u8> = sqlx::query_scalar("select token_hash from recovery_grants").fetch_one(&app.pool).await.expect("a grant");
    let bytes = URL_SAFE_NO_PAD.decode(&token).expect("base64");
    assert!(stored != bytes && stored != token.as_bytes());
    let plain: bool = sqlx::query_scalar("select exists (select from recovery_grants where token_hash in (sha256($1), sha256($2)))")
        .bind(&bytes)
        .bind(token.as_bytes())
        .fetch_one(&app.pool)
        .await
        .expect("an answer");
    assert!(!plain, "keyed, or a dump could be searched for a token that was seen");
    app.expect_message(PHONE, "é o seu código de verificação").await;
}

#[tokio::test]
async fn a_token_of_one_kind_serves_no_other_route() {
    let app = TestApp::start().await;
    app.ana().await;
    let token = app.recovery_grant(CPF, EMAIL).await;
    let body = json!({ "token": token, "password": NEW_PASSWORD, "passwordConfirmation": NEW_PASSWORD });
    app.post("/api/auth/reset-password", body).await.expect_problem(400);
    app.anonymous().bearer(&token).get("/api/auth/profile").await.expect_problem(401);
    app.reset_by_grant(&token, NEW_PASSWORD, NEW_PASSWORD).await.expect(200);
    app.expect_message(EMAIL, "Sua senha foi alterada").await;
    app.expect_message(PHONE, "é o seu código de verificação").await;
}

// ── what a reset brings with it

#[tokio::test]
async fn a_reset_ends_every_session() {
    let app = TestApp::start().await;
    let ana = app.ana().await;
    let token = app.recovery_grant(CPF, EMAIL).await;
    ana.profile().await;
    app.reset_by_grant(&token, NEW_PASSWORD, NEW_PASSWORD).await.expect(200);
    ana.expect_ended().await;
    app.expect_message(PHONE, "é o seu código de verificação").await;
    app.expect_message(EMAIL, "Sua senha foi alterada").await;
}

#[tokio::test]
async fn a_reset_clears_the_login_lock() {
    let app = TestApp::start().await;
    app.ana().await;
    for _ in 0..5 {
        app.login(EMAIL, "Errada#123 x").await.expect(401);
    }
    app.login(EMAIL, PASSWORD).await.expect(429);
    // recovery works while the login is locked: nobody is shut out for good
    let token = app.recovery_grant(CPF, EMAIL).await;
    app.login(EMAIL, PASSWORD).await.expect(429);
    app.reset_by_grant(&token, NEW_PASSWORD, NEW_PASSWORD).await.expect(200);
    app.login(EMAIL, NEW_PASSWORD).await.expect(200);
    app.expect_message(PHONE, "é o seu código de verificação").await;
    app.expect_message(EMAIL, "Sua senha foi alterada").await;
}

#[tokio::test]
async fn the_owner_is_told_and_the_audit_knows() {
    let app = TestApp::start().await;
    app.ana().await;
    let token = app.recovery_grant(CPF, EMAIL).await;
    app.advance(Duration::seconds(1));
    app.reset_by_grant(&token, NEW_PASSWORD, NEW_PASSWORD).await.expect(200);
    assert_eq!(app.newest_to(EMAIL).await["subject"], "Sua senha foi alterada");
    let events: Vec<String> = sqlx::query_scalar(
        "select event || ' ' || outcome from audit where event like 'recovery%' or event like '%password%' order by at, event",
    )
    .fetch_all(&app.pool)
    .await
    .expect("rows");
    assert_eq!(events, ["recovery_proved ok", "recovery_requested ok", "authn_password_change ok"]);
    app.expect_message(PHONE, "é o seu código de verificação").await;
}

#[tokio::test]
async fn other_codes_and_tokens_of_the_account_die_with_the_old_password() {
    let app = TestApp::start().await;
    app.ignore_messages();
    app.ana().await;
    let first = app.recovery_grant(CPF, EMAIL).await;
    app.advance(Duration::minutes(1));
    let second = app.recovery_grant(CPF, EMAIL).await;
    app.advance(Duration::minutes(2));
    let third = app.recovery_code(CPF, EMAIL).await;
    app.reset_by_grant(&second, NEW_PASSWORD, NEW_PASSWORD).await.expect(200);
    expect_detail(app.reset_by_grant(&first, PASSWORD, PASSWORD).await, 400, MESSAGE_2);
    expect_refused_code(app.enter_recovery_code(CPF, &third).await);
}

// ── limits

#[tokio::test]
async fn asking_again_too_early_gives_the_usual_answer_and_sends_nothing() {
    let app = TestApp::start().await;
    app.ana().await;
    let usual = app.recover(CPF).await.expect(200);
    let sent = app.sent().await;
    let code = app.codes_to(EMAIL).await.remove(0);
    app.advance(Duration::seconds(29));
    assert_eq!(app.recover(CPF).await.expect(200).text, usual.text);
    assert_eq!(app.sent().await, sent);
    app.advance(Duration::seconds(1));
    assert_eq!(app.recover(CPF).await.expect(200).text, usual.text);
    assert_eq!(app.sent().await, sent + 2);
    assert_eq!(app.codes_to(EMAIL).await, [code.clone(), code], "the same live code again");
}

#[tokio::test]
async fn no_more_than_six_go_to_a_destination_in_an_hour() {
    let app = TestApp::start().await;
    app.ana().await;
    for _ in 0..20 {
        app.recover(CPF).await.expect(200);
        app.advance(Duration::minutes(2));
    }
    let codes = app.codes_to(EMAIL).await.len();
    assert!(codes <= 6, "{codes}");
}

#[tokio::test]
async fn over_the_limit_an_address_learns_nothing_of_who_is_registered() {
    let app = TestApp::start_with(BEHIND_PROXY).await;
    app.ana().await;
    let ask = async |address: &str, document: &str| from(&app, address).post("/api/auth/recovery", json!({ "document": document })).await;
    for _ in 0..10 {
        expect_detail(ask("198.51.100.7", UNKNOWN_CPF).await, 404, MESSAGE_3);
    }
    let before = app.sent().await;
    let known = ask("198.51.100.7", CPF).await.expect(200);
    assert_eq!(known.keys(), ["destinations", "expiresIn", "message"]);
    assert_eq!(known.json()["destinations"], json!([]));
    for document in [UNKNOWN_CPF, OTHER_CPF, "12345678901", CNPJ] {
        assert_eq!(ask("198.51.100.7", document).await.expect(200).text, known.text, "{document}");
    }
    assert_eq!(app.sent().await, before, "nothing is sent");
    // others are not held back by it, and an hour later it is over
    assert_eq!(ask("198.51.100.8", CPF).await.expect(200).json()["destinations"].as_array().map(Vec::len), Some(2));
    expect_detail(ask("198.51.100.8", UNKNOWN_CPF).await, 404, MESSAGE_3);
    app.advance(Duration::hours(1));
    expect_detail(ask("198.51.100.7", UNKNOWN_CPF).await, 404, MESSAGE_3);
}

#[tokio::test]
async fn misses_at_once_are_all_counted() {
    let app = TestApp::start().await;
    let answers = futures::future::join_all((0..30).map(|_| app.recover(UNKNOWN_CPF))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 404).count(), 10);
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 20);
}

#[tokio::test]
async fn an_address_that_has_sent_all_it_may_learns_nothing_either() {
    let app = TestApp::start_with(BEHIND_PROXY).await;
    app.ana().await;
    let ask = async |document: &str| from(&app, "198.51.100.9").post("/api/auth/recovery", json!({ "document": document })).await;
    for n in 0..30 {
        let body = json!({ "email": format!("nobody{n}@example.com") });
        from(&app, "198.51.100.9").post("/api/auth/forgot-password", body).await.expect(202);
    }
    let (known, unknown) = (ask(CPF).await.expect(200), ask(UNKNOWN_CPF).await.expect(200));
    assert_eq!(known.text, unknown.text);
}

#[tokio::test]
async fn mistyped_check_digits_are_no_misses() {
    let app = TestApp::start().await;
    app.ana().await;
    for _ in 0..12 {
        expect_detail(app.recover("529.982.247-24").await, 404, MESSAGE_3);
    }
    assert_eq!(app.recover(CPF).await.expect(200).json()["destinations"].as_array().map(Vec::len), Some(2));
    app.expect_message(EMAIL, "Seu código para recuperar a senha").await;
    app.expect_message(PHONE, "é o seu código de verificação").await;
}
