//! `portaria doctor` (SPEC §14, §17).

use super::program;
use crate::support::carrier::{Answer, Carrier};
use crate::support::people::RESPONSIBLE;
use crate::support::{TestApp, database};
use serde_json::{Value, json};
use server::config::Config;
use server::db::MIGRATOR;
use server::delivery::CarrierTimeouts;
use server::run::doctor::{self, Health, Part, Report};
use std::time::Duration;
use text::Language;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

const TIMEOUTS: CarrierTimeouts = CarrierTimeouts { connect: Duration::from_secs(2), overall: Duration::from_secs(2) };

/// An address where nobody listens.
async fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    listener.local_addr().expect("an address").to_string()
}

/// A mail server that greets, takes this answer to AUTH, and must be given no message. Returns its address.
async fn mail_server(auth: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (reader, mut writer) = stream.into_split();
            let mut lines = BufReader::new(reader).lines();
            let _ = writer.write_all(b"220 mail.example\r\n").await;
            while let Ok(Some(line)) = lines.next_line().await {
                let command = line.split(' ').next().unwrap_or_default().to_uppercase();
                let answer = match command.as_str() {
                    "EHLO" => "250-mail.example\r\n250 AUTH PLAIN\r\n",
                    "AUTH" => auth,
                    "NOOP" | "QUIT" | "RSET" => "250 OK\r\n",
                    // MAIL, RCPT, DATA: no mail may be sent.
                    other => panic!("a mail server was told {other}"),
                };
                let _ = writer.write_all(answer.as_bytes()).await;
            }
        }
    });
    address
}

fn carriers(smtp: &str, http: &str) -> Vec<(String, String)> {
    [
        ("SMTP_URL", format!("smtp://portaria:senha@{smtp}")),
        ("MAIL_FROM", "Portaria <nao-responda@portaria.example>".to_owned()),
        ("TWILIO_ACCOUNT_SID", "AC1".to_owned()),
        ("TWILIO_AUTH_TOKEN", "a-token".to_owned()),
        ("TWILIO_FROM", "+15005550006".to_owned()),
        ("TWILIO_BASE_URL", http.to_owned()),
        ("WHATSAPP_TOKEN", "a-token".to_owned()),
        ("WHATSAPP_PHONE_NUMBER_ID", "1065".to_owned()),
        ("WHATSAPP_TEMPLATE", "codigo".to_owned()),
        ("WHATSAPP_BASE_URL", http.to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

/// Examines what a program with these settings over this test's database stands on.
async fn examined(app: &TestApp, changed: &[(String, String)]) -> Report {
    let mut settings = app.program_settings();
    for (name, value) in changed {
        settings.retain(|(known, _)| known != name);
        settings.push((name.clone(), value.clone()));
    }
    let config = Config::from_parts(RESPONSIBLE, settings).expect("settings");
    Box::pin(doctor::examine(&config, TIMEOUTS, Language::PtBr.texts())).await
}

#[tokio::test]
async fn a_production_that_nobody_else_reaches_may_tell_less_and_is_warned() {
    let app = TestApp::start().await;
    let mut settings = app.program_settings();
    settings.push(set("PORTARIA_ENV", "production"));
    let config = Config::from_parts("[brand]\nhelp = \"ajuda@a.example\"", settings).expect("settings");
    let report = Box::pin(doctor::examine(&config, TIMEOUTS, Language::PtBr.texts())).await;
    let told = report.checks.iter().find(|check| check.part == Part::Told).expect("looked at");
    assert_eq!(told.health, Health::Warning);
    assert!(told.found.ends_with("controller, officer, officer_contact") && told.advice.is_some(), "{told:?}");
    assert_eq!(health(&examined(&app, &[set("PORTARIA_ENV", "production")]).await, Part::Told), Health::Well);
}

fn set(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

fn health(report: &Report, part: Part) -> Health {
    let check = report.checks.iter().find(|check| check.part == part).expect("a check");
    // Whatever is not well says what to do, unless something else has to be done first.
    assert_eq!(check.advice.is_some(), !matches!(check.health, Health::Well | Health::Unchecked), "{check:?}");
    check.health
}

#[tokio::test]
async fn a_healthy_installation_is_well_and_nothing_was_sent_or_written() {
    let app = TestApp::start().await;
    let carrier = Carrier::always(Answer::json(200, json!({ "sid": "AC1", "status": "active", "id": "1065" }))).await;
    let mail = mail_server("235 OK\r\n").await;
    let rows = "select (select count(*) from data_keys) + (select count(*) from signing_keys) + (select count(*) from outbox) \
                + (select count(*) from audit)";
    let before = app.count(rows).await;
    let mut settings = app.program_settings();
    settings.extend(carriers(&mail, carrier.url.as_str()));
    let ran = program(settings.clone(), &["doctor"], "").await;
    assert!(ran.code == 0 && ran.out.ends_with("Tudo bem.\n"), "{ran:?}");
    assert_eq!(ran.out.lines().filter(|line| line.starts_with("bem ")).count(), 9, "{}", ran.out);
    let told = program(settings, &["doctor", "--json"], "").await;
    let json = told.json();
    let parts: Vec<_> = json["checks"].as_array().expect("checks").iter().map(|check| check["part"].as_str().expect("a part")).collect();
    assert_eq!(parts, ["database", "schema", "clock", "keys", "email", "sms", "whatsapp", "address", "told"]);
    assert_eq!((told.code, &json["health"]), (0, &json!("well")));
    assert!(carrier.requests().iter().all(|request| request.method == "GET"), "nothing was sent");
    assert_eq!(app.count(rows).await, before);
}

#[tokio::test]
async fn what_is_broken_is_told_apart_from_what_only_hangs_on_it() {
    let app = TestApp::start().await;
    let closed = nobody().await;
    let gone = [set("DATABASE_URL", &format!("postgres://portaria:senha-do-banco@{closed}/portaria"))];
    let report = examined(&app, &gone).await;
    assert_eq!(report.health.exit_code(), 2);
    assert_eq!(health(&report, Part::Database), Health::Broken);
    assert_eq!([Part::Schema, Part::Clock, Part::Keys].map(|part| health(&report, part)), [Health::Unchecked; 3]);
    assert!(!format!("{report:?}").contains("senha-do-banco"), "no secret is told");

    // Carriers: one that refuses us, and one that is not there.
    let refusing = Carrier::always(Answer::json(401, json!({ "code": 20_003, "error": { "code": 190 } }))).await;
    let report = examined(&app, &carriers(&mail_server("535 5.7.8 no\r\n").await, refusing.url.as_str())).await;
    for part in [Part::Email, Part::Sms, Part::WhatsApp] {
        assert_eq!(health(&report, part), Health::Broken);
        let check = report.checks.iter().find(|check| check.part == part).expect("a check");
        assert!(check.found.contains("recusa nossas credenciais"), "{check:?}");
    }
    assert_eq!((health(&report, Part::Database), report.health.exit_code()), (Health::Well, 2));
    let report = examined(&app, &carriers(&closed, &format!("http://{closed}"))).await;
    for check in report.checks.iter().filter(|check| [Part::Email, Part::Sms, Part::WhatsApp].contains(&check.part)) {
        assert!(check.health == Health::Broken && check.found.contains("não responde"), "{check:?}");
    }

    // Another secret; and the address of another installation, which has other keys.
    let other = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, [8; 32]);
    assert_eq!(health(&examined(&app, &[set("PORTARIA_SECRET", &other)]).await, Part::Keys), Health::Broken);
    let elsewhere = TestApp::start().await;
    assert_eq!(health(&examined(&app, &[set("PUBLIC_URL", &elsewhere.url)]).await, Part::Address), Health::Broken);
}

#[tokio::test]
async fn production_asks_for_more_and_what_may_be_missing_is_a_warning() {
    let app = TestApp::start().await;
    let production = set("PORTARIA_ENV", "production");
    let report = examined(&app, std::slice::from_ref(&production)).await;
    assert_eq!(report.health.exit_code(), 1, "{report:?}");
    assert_eq!([Part::Email, Part::Sms, Part::WhatsApp, Part::Address].map(|part| health(&report, part)), [Health::Warning; 4]);
    assert_eq!([Part::Database, Part::Schema, Part::Clock, Part::Keys].map(|part| health(&report, part)), [Health::Well; 4]);

    // A node that is not up yet: in development to be expected, else nobody gets in.
    let down = set("PUBLIC_URL", &format!("http://{}", nobody().await));
    assert_eq!(health(&examined(&app, std::slice::from_ref(&down)).await, Part::Address), Health::Warning);
    assert_eq!(health(&examined(&app, &[production.clone(), down]).await, Part::Address), Health::Broken);
    let nameless = [production.clone(), set("PUBLIC_URL", "https://portaria.invalid")];
    assert_eq!(health(&examined(&app, &nameless).await, Part::Address), Health::Broken);

    // A schema that lacks the newest migration, one with more, and one that another program made.
    let newest = MIGRATOR.iter().last().expect("a migration").version;
    let run = async |sql: &'static str| sqlx::query(sql).bind(newest).execute(&app.pool).await.expect("changed");
    run("update _sqlx_migrations set version = 9999 where version = $1").await;
    let old = examined(&app, std::slice::from_ref(&production)).await;
    assert_eq!(health(&old, Part::Schema), Health::Broken);
    assert!(old.checks.iter().any(|check| check.advice.as_deref().is_some_and(|advice| advice.contains("portaria migrate"))));
    assert_eq!(health(&examined(&app, &[]).await, Part::Schema), Health::Well, "development brings it up to date by itself");
    run("insert into _sqlx_migrations (version, description, installed_on, success, checksum, execution_time) \
         select $1, description, installed_on, success, checksum, execution_time from _sqlx_migrations where version = 9999")
    .await;
    assert_eq!(health(&examined(&app, std::slice::from_ref(&production)).await, Part::Schema), Health::Warning);
    run("update _sqlx_migrations set checksum = 'x'::bytea where version = $1").await;
    assert_eq!(health(&examined(&app, &[production]).await, Part::Schema), Health::Broken);
}

#[tokio::test]
async fn a_database_that_was_never_started_on_is_no_fault_in_development() {
    let app = TestApp::start().await;
    let empty = database::empty().await;
    let url = sqlx::ConnectOptions::to_url_lossy(&*empty.connect_options()).to_string();
    let report = examined(&app, &[set("DATABASE_URL", &url)]).await;
    assert_eq!([Part::Database, Part::Schema, Part::Keys].map(|part| health(&report, part)), [Health::Well; 3]);
    let tables: Value = sqlx::query_scalar("select to_jsonb(count(*)) from pg_stat_user_tables").fetch_one(&empty).await.expect("a count");
    assert_eq!(tables, json!(0), "looking makes nothing");
}
