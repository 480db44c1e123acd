//! Accounts that move in and out (SPEC §14 "Import", §17): the whole way, over a real Postgres.

use crate::support::people::{CPF, EMAIL, OTHER_EMAIL, PASSWORD, PHONE};
use crate::support::{SECRET, TestApp, database, sealer_of};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use portaria::journey::Kind;
use serde_json::{Value, json};
use server::moving::batch::Common;
use server::moving::import::{Counts, Stopped};
use server::moving::progress::Progress;
use server::moving::{Format, export, import};
use server::services::webhooks::{self, Filter};
use sqlx::{ConnectOptions as _, PgPool};
use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::{Child, Command, Stdio};
use time::{Duration, OffsetDateTime};

/// [`PASSWORD`] by PBKDF2-SHA256, as Keycloak keeps it.
const VALUE: &str = "hm1vgr8vwkqJp+HwOIiL+WqZYeMx9KTCYI4KC7StFhBNiGN4nj5SLzi/3smEAIaeepTepMnDhQ9ISaEVOvDTSQ==";
const SALT: &str = "AAECAwQFBgcICQoLDA0ODw==";

fn lines(lines: &[Value]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect::<Vec<_>>().concat()
}

/// Imports into a database. Returns the counts and the report.
async fn import_into(pool: &PgPool, now: OffsetDateTime, format: Format, dry_run: bool, file: &str) -> (Counts, Vec<Value>) {
    let sealer = sealer_of(pool).await;
    let common = Common { sealer, keys: None, now, kind: Some(Kind::Professor), dry_run, webhooks: Vec::new() };
    let mut report = Vec::new();
    let file = std::io::Cursor::new(file.to_owned());
    let counts = import::run(pool, common, format, file, &mut report, &mut Progress::silent()).await.expect("imported");
    let report = String::from_utf8(report).expect("UTF-8");
    (counts, report.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect())
}

async fn export_of(pool: &PgPool) -> String {
    let mut out = Vec::new();
    export::run(pool, &sealer_of(pool).await, &mut out, &mut Progress::silent()).await.expect("exported");
    String::from_utf8(out).expect("UTF-8")
}

impl TestApp {
    async fn import(&self, format: Format, file: &str) -> (Counts, Vec<Value>) {
        import_into(&self.pool, self.now(), format, false, file).await
    }
}

fn counts(lines: u64, imported: u64, known: u64, refused: u64) -> Counts {
    Counts { lines, imported, known, refused }
}

#[tokio::test]
async fn whoever_moved_in_signs_in_with_the_old_password_and_is_rehashed_and_what_is_personal_is_sealed() {
    let app = TestApp::start().await;
    let bcrypt = bcrypt_of(PASSWORD);
    let ana = json!({
        "kind": "cliente", "name": "Ana Souza", "email": EMAIL, "emailVerified": true, "phone": PHONE, "phoneVerified": true, "cpf": CPF,
        "birthDate": "2000-01-15", "passwordHash": bcrypt, "createdAt": "2020-05-06T07:08:09-03:00", "externalId": "a-1",
    });
    let pending = json!({ "kind": "professor", "name": "Bia", "email": OTHER_EMAIL, "passwordHash": bcrypt, "externalId": "b-2" });
    assert_eq!(app.import(Format::Ndjson, &lines(&[ana, pending])).await, (counts(2, 2, 0, 0), vec![]));
    for identifier in [EMAIL, PHONE, CPF] {
        app.login(identifier, PASSWORD).await.expect(200);
    }
    app.login(OTHER_EMAIL, PASSWORD).await.expect(403);
    assert_eq!(app.count("select count(*) from accounts where password_hash like '$argon2id$%'").await, 1, "made anew at the sign-in");
    assert_eq!(app.count("select count(*) from audit where event = 'account_imported' and user_agent = 'portaria import'").await, 2);
    let row: String =
        sqlx::query_scalar("select accounts::text from accounts where external_id = 'a-1'").fetch_one(&app.pool).await.expect("a row");
    for personal in ["98765", "52998224725", "2000-01-15"] {
        assert!(!row.contains(personal), "{personal} in {row}");
    }
    // Nobody proved the second one; a week later it is gone, as every claim.
    app.advance(Duration::days(6));
    server::janitor::sweep(&app.pool, &[], app.now()).await.expect("swept");
    assert_eq!(app.count("select count(*) from accounts").await, 2);
    app.advance(Duration::days(2));
    server::janitor::sweep(&app.pool, &[], app.now()).await.expect("swept");
    assert_eq!(app.count("select count(*) from accounts").await, 1);
    app.ignore_messages();
}

fn bcrypt_of(password: &str) -> String {
    bcrypt::hash(password, 4).expect("bcrypt")
}

#[tokio::test]
async fn bad_and_taken_lines_are_told_with_every_reason_and_stop_nothing_in_a_dry_run_too() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let file = [
        json!({ "name": "Ana", "email": EMAIL, "emailVerified": true, "cpf": "529.982.247-24", "apelido": "Aninha", "externalId": "1" })
            .to_string(),
        json!({ "name": "Bia", "email": OTHER_EMAIL, "cpf": CPF, "passwordHash": "md5", "externalId": "2" }).to_string(),
        json!({ "name": "Bia", "email": OTHER_EMAIL, "cpf": CPF, "externalId": "2" }).to_string(),
        json!({ "name": "Caio", "email": "caio@example.com", "cpf": CPF, "externalId": "3" }).to_string(),
        json!({ "name": "Bia", "email": "bia2@example.com", "externalId": "2" }).to_string(),
        "{".to_owned(),
        json!({ "name": "Davi", "email": "davi@example.com" }).to_string(),
    ];
    let file = file.join("\n");
    let expected = [
        json!({ "line": 1, "externalId": "1", "errors": {
            "apelido": ["Este campo não existe. Os que existem: kind, name, email, emailVerified, username, phone, phoneVerified, cpf, cnpj, birthDate, \
                         gender, state, city, institution, fieldOfWork, passwordHash, createdAt, externalId"],
            "cpf": ["CPF inválido. Confira os dígitos"], "email": ["Email já cadastrado"],
        } }),
        json!({ "line": 2, "externalId": "2", "errors": {
            "passwordHash": ["Este hash não pode ser verificado aqui. Podem: bcrypt ($2b$…), PBKDF2, scrypt e Argon2 na forma PHC ($pbkdf2-sha256$…)"],
        } }),
        json!({ "line": 4, "externalId": "3", "errors": { "cpf": ["CPF já cadastrado"] } }),
        json!({ "line": 5, "externalId": "2", "errors": { "externalId": ["Este externalId já apareceu antes neste arquivo"] } }),
        json!({ "line": 6, "externalId": null, "errors": { "line": ["Não é um objeto JSON"] } }),
    ];
    for dry_run in [true, false] {
        let (counted, report) = import_into(&app.pool, app.now(), Format::Ndjson, dry_run, &file).await;
        assert_eq!((counted, report.as_slice()), (counts(7, 2, 0, 5), expected.as_slice()), "dry run: {dry_run}");
        assert_eq!(app.count("select count(*) from accounts").await, if dry_run { 1 } else { 3 });
    }
    app.ignore_messages();
}

#[tokio::test]
async fn out_and_in_again_is_the_identity_and_doubles_nothing_where_it_came_from() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    app.proved_client(PHONE).await;
    app.pending_teacher(OTHER_EMAIL).await;
    let rider = json!({
        "kind": "caronista", "name": "Rian Lucas", "email": "rian@example.com", "emailVerified": true, "username": "rian.lucas",
        "phone": "+5521998877665", "phoneVerified": false, "cpf": "52998224725", "cnpj": "12ABC34501DE35", "birthDate": "2000-01-15",
        "gender": "M", "state": "SP", "city": "São Paulo", "institution": "Escola Livre", "fieldOfWork": "Física",
        "passwordHash": "$2b$04$L6Bc/AlTQHyd9liGgGEZyOFLPHNgyxeEPfgYfBCVxJ7JIlwxyVU3u", "createdAt": "2020-05-06T07:08:09.123456Z",
        "externalId": "auth0|5f7c",
    });
    app.import(Format::Ndjson, &lines(std::slice::from_ref(&rider))).await;
    let out = export_of(&app.pool).await;
    assert_eq!(out.lines().count(), 4);
    let first: Value = serde_json::from_str(out.lines().next().expect("a line")).expect("JSON");
    assert_eq!(first, rider, "what came in goes out, before our own");
    assert!(out.lines().skip(1).all(|line| line.contains("\"externalId\":\"portaria:")));
    // The clock of the tests stands still, and an import knows by its instant what it brought in itself.
    app.advance(Duration::seconds(1));
    assert_eq!(app.import(Format::Ndjson, &out).await, (counts(4, 0, 4, 0), vec![]));
    let empty = database().await;
    assert_eq!(import_into(&empty, app.now(), Format::Ndjson, false, &out).await, (counts(4, 4, 0, 0), vec![]));
    assert_eq!(export_of(&empty).await, out);
    app.ignore_messages();
}

#[tokio::test]
async fn a_realm_of_keycloak_moves_in_and_its_people_sign_in() {
    let app = TestApp::start().await;
    let credential = json!({
        "type": "password", "secretData": json!({ "value": VALUE, "salt": SALT, "additionalParameters": {} }).to_string(),
        "credentialData": json!({ "hashIterations": 1000, "algorithm": "pbkdf2-sha256", "additionalParameters": {} }).to_string(),
    });
    let user = |id: &str, email: &str| json!({ "id": id, "username": email, "email": email, "emailVerified": true, "firstName": "Ana", "credentials": [credential] });
    let realm = json!({ "realm": "escola", "users": [user("k-1", EMAIL), user("k-2", "no address")] });
    let (counted, report) = app.import(Format::Keycloak, &realm.to_string()).await;
    assert_eq!((counted, &report[0]["line"], &report[0]["externalId"]), (counts(2, 1, 0, 1), &json!(2), &json!("k-2")));
    app.login(EMAIL, PASSWORD).await.expect(200);
    app.ignore_messages();
}

/// `portaria`, with the settings of the tests.
fn portaria(pool: &PgPool, arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_portaria"))
        .args(arguments)
        .env_clear()
        .env("DATABASE_URL", pool.connect_options().to_url_lossy().as_str())
        .env("PORTARIA_SECRET", STANDARD.encode(SECRET))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("portaria")
}

#[tokio::test]
async fn an_import_that_was_killed_is_run_again_and_goes_on() {
    let pool = database().await;
    let count = async |query: &'static str| sqlx::query_scalar::<_, i64>(query).fetch_one(&pool).await.expect("a count");
    let line = |n: usize| json!({ "kind": "professor", "name": "Ana", "email": format!("p{n}@example.com"), "externalId": n.to_string() });
    let all = (0..import::BATCH + 300).map(|n| format!("{}\n", line(n))).collect::<Vec<_>>().concat();
    let half = all.lines().take(import::BATCH + 100).map(|line| format!("{line}\n")).collect::<Vec<_>>().concat();
    let mut killed = portaria(&pool, &["import", "-"]);
    let mut input = killed.stdin.take().expect("its input");
    input.write_all(half.as_bytes()).expect("written");
    // The rest is still to come: it waits, and dies when the first batch is in.
    while count("select count(*) from accounts").await == 0 {
        assert!(killed.try_wait().expect("a state").is_none(), "it still runs");
        tokio::task::yield_now().await;
    }
    killed.kill().expect("killed");
    killed.wait().expect("dead");
    let (batch, rest) = (import::BATCH as u64, 300);
    assert_eq!(count("select count(*) from accounts").await, i64::try_from(batch).expect("small"));
    let now = OffsetDateTime::UNIX_EPOCH + Duration::days(30_000);
    assert_eq!(import_into(&pool, now, Format::Ndjson, false, &all).await, (counts(batch + rest, rest, batch, 0), vec![]));
    assert_eq!(count("select count(*) from audit where event = 'account_imported'").await, count("select count(*) from accounts").await);
}

#[tokio::test]
async fn the_exit_code_tells_whether_all_is_in_and_a_bad_header_begins_nothing() {
    let pool = database().await;
    let run = |arguments: &[&str], input: &str| {
        let mut child = portaria(&pool, arguments);
        child.stdin.take().expect("its input").write_all(input.as_bytes()).expect("written");
        let output = child.wait_with_output().expect("ended");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    let csv = ["import", "-", "--from", "csv", "--kind", "professor"];
    let (code, _, told) = run(&csv, "name,mail\nAna,ana@example.com\n");
    assert!(code == Some(2) && told.contains("\"mail\""), "{code:?} {told}");
    let (code, report, told) = run(&csv, "name;email;emailVerified\nAna;ana@example.com;true\nBia;;\n");
    assert!(code == Some(1) && report.contains("\"line\":3") && told.contains("1 came in"), "{code:?} {report} {told}");
    let (code, out, told) = run(&["export"], "");
    assert!(code == Some(0) && out.contains("\"email\":\"ana@example.com\",\"emailVerified\":true"), "{code:?} {out} {told}");
    let (code, report, _) = run(&["import", "-"], &out);
    assert_eq!((code, report.as_str()), (Some(0), ""));
    assert_eq!(run(&["import", "/nowhere"], "").0, Some(2));
    let broken = import::run(
        &pool,
        Common {
            sealer: sealer_of(&pool).await,
            keys: None,
            now: OffsetDateTime::UNIX_EPOCH,
            kind: None,
            dry_run: false,
            webhooks: Vec::new(),
        },
        Format::Keycloak,
        "{\"users\":[{}".as_bytes(),
        &mut Vec::new(),
        &mut Progress::silent(),
    )
    .await;
    assert!(matches!(broken, Err(Stopped::Midway { line: 1, .. })), "the first user was read");
}

#[tokio::test]
async fn webhooks_are_told_of_who_came_in_only_where_that_is_asked_for() {
    let pool = database().await;
    let file = std::env::temp_dir().join(format!("portaria-{}.toml", uuid::Uuid::new_v4()));
    let webhook = "[[webhooks]]\nurl = \"http://127.0.0.1:9/\"\nsecret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"\n\
                   events = [\"account.created\", \"account.proved\", \"account.completed\"]\n";
    std::fs::write(&file, webhook).expect("written");
    let person = |id: &str, proved: bool| {
        json!({ "kind": "professor", "name": "Ana", "email": format!("{id}@example.com"), "emailVerified": proved, "institution": "Escola",
                "fieldOfWork": "Física", "externalId": id })
    };
    let run = |more: &[&str], lines: String| {
        let mut child = portaria(&pool, &[&["import", "-", "--config", file.to_str().expect("a path")], more].concat());
        child.stdin.take().expect("its input").write_all(lines.as_bytes()).expect("written");
        let output = child.wait_with_output().expect("ended");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    let told = async || {
        let listed = webhooks::list(&pool, Filter { status: None, event: None, limit: 100 }).await.expect("a list");
        listed.into_iter().map(|it| it.event).collect::<BTreeSet<_>>()
    };
    run(&[], lines(&[person("a", true)]));
    assert_eq!(told().await, BTreeSet::new());
    run(&["--tell-webhooks", "--dry-run"], lines(&[person("b", true)]));
    assert_eq!(told().await, BTreeSet::new());
    run(&["--tell-webhooks"], lines(&[person("a", true), person("c", false)]));
    assert_eq!(told().await, BTreeSet::from(["account.created".to_owned()]), "who was there is not told again");
    run(&["--tell-webhooks"], lines(&[person("b", true)]));
    assert_eq!(told().await, ["account.created", "account.proved", "account.completed"].map(str::to_owned).into());
    std::fs::remove_file(&file).expect("removed");
}
