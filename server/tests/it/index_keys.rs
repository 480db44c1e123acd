//! The key under which phone, CPF and CNPJ are unique and found changes while nodes serve (SPEC §13).

use crate::own_data::deletion::erase;
use crate::support::TestApp;
use crate::support::database::SECRET;
use crate::support::dump::{SCOPES, as_written_now, by_the_first_key, every_row, hex};
use crate::support::people::{
    self, CPF, EMAIL, NEW_PASSWORD, OTHER_CPF, OTHER_EMAIL, OTHER_PHONE, PASSWORD, PHONE, UNKNOWN_CPF, WRONG_PASSWORD,
};
use serde_json::json;
use server::db::keys::{self, Begun, KeysError, Purpose};
use server::db::reindex::{self, Step};
use server::db::reseal::Locked;
use server::janitor;
use server::metrics::Metrics;
use server::seal::Sealer;
use server::services::contest::{self, Decider};
use server::services::index_keys::finish;
use server::services::keys as seal_keys;
use server::services::support::operator;
use std::collections::BTreeSet;
use std::path::Path;
use time::Duration;

const HALF_A_MINUTE: Duration = Duration::seconds(30);

async fn begin(app: &TestApp) -> Begun {
    keys::begin_rotation(&app.pool, &SECRET, Purpose::Index, app.now(), app.now() + HALF_A_MINUTE).await.expect("begun")
}

async fn sealer(app: &TestApp) -> Sealer {
    keys::read(&app.pool, &SECRET, app.now()).await.expect("the keys")
}

/// The same value is wanted through two nodes at once, by two people: one gets it. And both nodes find who has what.
async fn one_gets_it(nodes: [&TestApp; 2], cpf: &str, phone: &str) {
    let [one, two] = nodes;
    let digits = &phone[3..];
    let of_one = one.client_with(phone, &format!("um{digits}@example.com")).await;
    let of_two = two.teacher_at(&format!("dois{digits}@example.com")).await;
    let (first, second) = tokio::join!(of_one.change(json!({ "cpf": cpf })), of_two.change(json!({ "cpf": cpf })));
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409], "{cpf}");
    what_one_sends_the_other_takes(nodes, &digits[2..]).await;
    for node in nodes {
        node.post("/api/auth/register/client", json!({ "fullName": "Mallory", "phone": PHONE })).await.expect(409);
        node.sign_in(PHONE, PASSWORD).await;
        node.sign_in(CPF, PASSWORD).await;
    }
}

/// Codes and links that one node sent prove at the other, and entries that one counted the other has counted too.
async fn what_one_sends_the_other_takes([one, two]: [&TestApp; 2], digits: &str) {
    for (asks, takes, ddd) in [(one, two, "61"), (two, one, "48")] {
        let phone = format!("+55{ddd}{digits}");
        let code = asks.ask_code(&phone).await;
        takes.verify(&phone, &code).await.expect(201);
        let email = format!("link{ddd}{digits}@example.com");
        asks.pending_teacher(&email).await;
        takes.open_link_to(&email).await.expect(200);
        asks.post("/api/auth/forgot-password", json!({ "email": email })).await.expect(202);
        let link = asks.tokens_to(&email, "/reset-password").await.into_iter().next().expect("a link");
        let new = json!({ "token": link, "password": NEW_PASSWORD, "passwordConfirmation": NEW_PASSWORD });
        takes.post("/api/auth/reset-password", new).await.expect(200);
    }
    // One address causes thirty messages an hour.
    one.advance(Duration::hours(1));
}

#[tokio::test]
async fn whatever_two_nodes_believe_a_value_is_unique_and_found_and_a_killed_rotation_goes_on() {
    let one = TestApp::start().await;
    let two = one.second_node().await;
    one.ignore_messages();
    one.client_with(PHONE, EMAIL).await.give_document("cpf", CPF).await;
    one.teacher_at(OTHER_EMAIL).await;
    let before = every_row(&one).await;

    let begun = begin(&one).await;
    one.keys.reload().await.expect("keys");
    one_gets_it([&one, &two], OTHER_CPF, OTHER_PHONE).await;
    two.keys.reload().await.expect("keys");

    // Killed after its first accounts, and begun again.
    one.advance(HALF_A_MINUTE);
    let filled = sealer(&one).await;
    let to_fill = "select count(*) from accounts where (phone_index is not null and phone_next is null) or (cpf_index is not null and cpf_next is null)";
    let left = u64::try_from(one.count(to_fill).await).expect("a count");
    let killed = reindex::page(&one.pool, &filled, Step::Fill, i64::MIN, Locked::Skipped, 2).await.expect("a page").expect("accounts");
    let again = begin(&two).await;
    assert!(again.resumed && again.id == begun.id && again.moves_from.is_none());
    assert!(left > 0);
    assert_eq!(finish(&two.pool, &filled, Step::Fill).await.expect("filled"), left - killed.done, "it goes on where it was");
    assert_eq!(finish(&two.pool, &filled, Step::Fill).await.expect("filled"), 0);
    let moves_from = keys::move_from(&one.pool, begun.id, one.now() + HALF_A_MINUTE).await.expect("settled");
    assert_eq!(keys::move_from(&two.pool, begun.id, two.now() + Duration::DAY).await.expect("settled"), moves_from, "two runs are one");

    // One moves already, and the other not yet.
    one.advance(HALF_A_MINUTE);
    one.keys.reload().await.expect("keys");
    one_gets_it([&one, &two], UNKNOWN_CPF, "+5531987650001").await;
    two.keys.reload().await.expect("keys");
    let moved = sealer(&one).await;
    reindex::page(&one.pool, &moved, Step::Move, i64::MIN, Locked::Skipped, 2).await.expect("a page").expect("accounts");
    one_gets_it([&one, &two], "168.995.350-09", "+5531987650002").await;
    finish(&two.pool, &moved, Step::Move).await.expect("moved");
    keys::finish_rotation(&one.pool, begun.id, one.now()).await.expect("done");

    // One is done, and the other moves still.
    one.keys.reload().await.expect("keys");
    one_gets_it([&one, &two], "153.509.460-56", "+5531987650003").await;
    two.keys.reload().await.expect("keys");
    two.recover(CPF).await.expect(200);
    let by_the_key_before = "select count(*) from accounts where octet_length(phone_index) <> 33 or octet_length(cpf_index) <> 33";
    assert_eq!(one.count(by_the_key_before).await, 0);
    let hash = hex(&moved.index("accounts.phone", PHONE));
    assert!(before.iter().any(|(table, row)| table == "accounts" && row.contains(&hash)));
    assert!(!every_row(&one).await.iter().any(|(_, row)| row.contains(&hash)), "whoever has the first key finds nobody");
    let next = begin(&one).await;
    assert!(!next.resumed && next.id != begun.id, "and it can be changed again");
}

#[tokio::test]
async fn after_both_rotations_and_an_erasure_no_byte_of_the_dump_tells_of_the_person() {
    let app = TestApp::start().await;
    app.ignore_messages();
    app.teacher_at(OTHER_EMAIL).await;
    let owner = app.client_with(PHONE, EMAIL).await;
    owner.give_document("cpf", CPF).await;
    let first = sealer(&app).await;

    let begun = begin(&app).await;
    app.advance(HALF_A_MINUTE);
    finish(&app.pool, &sealer(&app).await, Step::Fill).await.expect("filled");
    keys::move_from(&app.pool, begun.id, app.now()).await.expect("settled");
    app.keys.reload().await.expect("keys");
    finish(&app.pool, &sealer(&app).await, Step::Move).await.expect("moved");
    keys::finish_rotation(&app.pool, begun.id, app.now()).await.expect("done");
    let begun = seal_keys::begin(&app.pool, &SECRET, app.now()).await.expect("begun");
    app.advance(HALF_A_MINUTE);
    let last = sealer(&app).await;
    app.keys.reload().await.expect("keys");
    seal_keys::finish(&app.pool, &last, &mut |_| ()).await.expect("sealed again");
    keys::finish_rotation(&app.pool, begun.id, app.now()).await.expect("done");

    let of_person = [PHONE, &PHONE[3..], EMAIL, "52998224725"];
    let by_the_first: Vec<String> = of_person.iter().flat_map(|value| by_the_first_key(&first, value)).collect();
    let rows = every_row(&app).await;
    for trace in &by_the_first {
        assert!(!rows.iter().any(|(_, row)| row.contains(trace)), "whoever has the first key finds nothing of the person anywhere");
    }
    // As long as they live, everything goes on, and is written by the newest key alone.
    app.login(CPF, WRONG_PASSWORD).await.expect(401);
    app.post("/api/auth/recovery", json!({ "document": CPF })).await.expect(200);
    app.post("/api/auth/recovery/verify", json!({ "document": CPF, "code": "000000" })).await.expect(400);
    app.post("/api/auth/login/code", json!({ "phone": PHONE })).await.expect(202);
    app.post("/api/auth/contest", json!({ "document": CPF, "email": EMAIL })).await.expect(202);
    let mut traces = by_the_first;
    traces.extend(of_person.iter().flat_map(|value| as_written_now(&last, value)));
    traces.extend([EMAIL, PHONE, &PHONE[3..], "52998224725"].iter().flat_map(|it| [(*it).to_owned(), hex(it.as_bytes())]));
    let newest = hex(&last.unique("accounts.phone", PHONE).index);
    assert!(every_row(&app).await.iter().any(|(_, row)| row.contains(&newest)), "the search finds what is there");
    owner.elsewhere().await.method("POST", "/api/auth/account/deletion").await.expect(202);
    app.messages().await;
    app.advance(Duration::days(14));
    assert_eq!(erase(&app).await, 1);
    let rows = every_row(&app).await;
    for trace in &traces {
        let found = rows.iter().find(|(_, row)| row.contains(trace));
        assert!(found.is_none(), "{trace} stands in {found:?}");
    }
}

#[tokio::test]
async fn neither_an_import_nor_a_new_index_key_begins_beside_the_other() {
    let app = TestApp::start().await;
    let importing = async || app.pool.acquire().await.expect("a connection").detach();
    let new_key = async || keys::begin_rotation(&app.pool, &SECRET, Purpose::Index, app.now(), app.now() + HALF_A_MINUTE).await;
    let mut one = importing().await;
    assert!(keys::let_import(&mut one).await.expect("asked"));
    assert!(keys::let_import(&mut importing().await).await.expect("asked"), "several share it");
    assert!(matches!(new_key().await, Err(KeysError::Importing)));
    let rotated = app.run(&["keys", "rotate", "--index"], "").await;
    assert!(rotated.code != 0 && rotated.err.contains("an import is under way"), "{rotated:?}");
    assert_eq!(app.count("select count(*) from data_keys").await, 2, "nothing has begun");
    seal_keys::begin(&app.pool, &SECRET, app.now()).await.expect("the data key is another matter");
    sqlx::Connection::close(one).await.expect("closed");

    let begun = loop {
        // The lock goes with its connection, which the server notices in its own time.
        match new_key().await {
            Ok(begun) => break begun,
            Err(KeysError::Importing) => tokio::time::sleep(std::time::Duration::from_millis(20)).await,
            Err(error) => panic!("{error}"),
        }
    };
    let line = json!({ "kind": "professor", "name": "Bia", "email": OTHER_EMAIL, "externalId": "b-1" }).to_string();
    let refused = app.run(&["import", "-"], &line).await;
    assert!(refused.code == 2 && refused.err.contains("the index key is changing"), "{refused:?}");
    assert_eq!(app.count("select count(*) from accounts").await, 0);
    keys::finish_rotation(&app.pool, begun.id, app.now()).await.expect("done");
    let taken = app.run(&["import", "-"], &line).await;
    assert_eq!((taken.code, app.count("select count(*) from accounts").await), (0, 1), "{taken:?}");
}

/// Every file of the program.
fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|it| it == "rs") {
            found.push(std::fs::read_to_string(path).expect("a file"));
        }
    }
}

#[test]
fn the_searches_know_every_scope_of_a_hash_that_somebody_could_guess() {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let calls = files.iter().flat_map(|file| [".found(", ".unique("].into_iter().flat_map(|call| file.split(call).skip(1)));
    let is_name = |it: &&str| !it.is_empty() && it.chars().all(|sign| sign.is_alphanumeric() || "_.\"".contains(sign));
    let mut scopes = BTreeSet::new();
    // What is left out is the hash of a code, which is of its row alone.
    for named in calls.filter_map(|rest| rest.split_once(", ")).map(|(named, _)| named).filter(is_name) {
        let value = named.strip_prefix('"').and_then(|it| it.strip_suffix('"')).or_else(|| {
            let constant = format!("const {named}: &str = \"");
            files.iter().find_map(|file| file.split_once(&constant)?.1.split('"').next())
        });
        scopes.insert(value.unwrap_or_else(|| panic!("{named}")));
    }
    assert_eq!(scopes.into_iter().collect::<Vec<_>>(), SCOPES);
}

/// The whole change, while the node serves.
async fn change(app: &TestApp) {
    let begun = begin(app).await;
    app.keys.reload().await.expect("keys");
    app.advance(HALF_A_MINUTE);
    app.keys.reload().await.expect("keys");
    finish(&app.pool, &sealer(app).await, Step::Fill).await.expect("filled");
    keys::move_from(&app.pool, begun.id, app.now() + HALF_A_MINUTE).await.expect("settled");
    app.advance(HALF_A_MINUTE);
    app.keys.reload().await.expect("keys");
    finish(&app.pool, &sealer(app).await, Step::Move).await.expect("moved");
    keys::finish_rotation(&app.pool, begun.id, app.now()).await.expect("done");
    app.keys.reload().await.expect("keys");
}

#[tokio::test]
async fn a_new_key_forgets_no_limit_ends_no_code_and_no_contest_and_misses_no_former_contact() {
    const OWNER: &str = "dona@example.com";
    let app = TestApp::start().await;
    app.ignore_messages();
    let ana = app.client_with(PHONE, EMAIL).await;
    ana.give_document("cpf", CPF).await;
    ana.give_email(OTHER_EMAIL).await;
    app.login(EMAIL, WRONG_PASSWORD).await.expect(401);
    // Begun before: four wrong passwords for nobody, a sign-up, a recovery, and a contest that is proved.
    for _ in 0..4 {
        app.login("nobody@example.com", WRONG_PASSWORD).await.expect(401);
    }
    app.post("/api/auth/register/client", people::client(OTHER_PHONE)).await.expect(202);
    let code = app.code_to(OTHER_PHONE).await;
    // So that the code of the recovery is the newest to that address.
    app.advance(Duration::seconds(1));
    app.post("/api/auth/recovery", json!({ "document": CPF, "channel": "email" })).await.expect(200);
    let recovery = app.code_to(OTHER_EMAIL).await;
    let contest = json!({ "document": CPF, "email": OWNER });
    app.post("/api/auth/contest", contest.clone()).await.expect(202);
    let mut proof = contest.clone();
    proof["code"] = app.code_to(OWNER).await.into();
    app.post("/api/auth/contest/verify", proof).await.expect(200);

    let first = sealer(&app).await;
    let values = [EMAIL, OTHER_EMAIL, OWNER, "nobody@example.com", PHONE, OTHER_PHONE, "52998224725"];
    let by_the_first: Vec<String> = values.iter().flat_map(|value| by_the_first_key(&first, value)).collect();
    let found =
        async || every_row(&app).await.into_iter().filter(|(_, row)| by_the_first.iter().any(|it| row.contains(it))).collect::<Vec<_>>();
    let mut tables: Vec<_> = found().await.into_iter().map(|(table, _)| table).collect();
    tables.dedup();
    for table in ["accounts", "audit", "contests", "former_contacts", "signups", "tallies", "verifications"] {
        assert!(tables.iter().any(|it| it == table), "{table}: {tables:?}");
    }
    change(&app).await;
    assert_eq!(found().await, [], "whoever has the first key finds nobody, in no table");
    app.login("nobody@example.com", WRONG_PASSWORD).await.expect(401);
    app.login("nobody@example.com", WRONG_PASSWORD).await.expect(429);
    app.post("/api/auth/phone/verify", json!({ "phone": OTHER_PHONE, "code": code })).await.expect(201);
    app.post("/api/auth/recovery/verify", json!({ "document": CPF, "code": recovery })).await.expect(200);
    app.advance(Duration::minutes(1));
    app.post("/api/auth/contest", contest.clone()).await.expect(202);
    let mut again = contest;
    again["code"] = app.code_to(OWNER).await.into();
    app.post("/api/auth/contest/verify", again).await.expect(200);
    let open = "select count(*) from contests where proved_at is not null and decided_at is null";
    assert_eq!(app.count(open).await, 1, "one in thirty days, whatever the key");
    change(&app).await;
    app.advance(Duration::days(7));
    let sealer = sealer(&app).await;
    let by = Decider { sealer: &sealer, webhooks: &app.told, now: app.now() };
    assert_eq!(contest::decide_due(&app.pool, by, &Metrics::default()).await.expect("a sweep"), 1);
    assert_eq!(app.count("select count(*) from accounts where cpf_index is not null").await, 0, "it left the account");

    // The address of before is forgotten, and what names it in the audit goes with the account all the same.
    app.advance(Duration::days(2));
    janitor::sweep(&app.pool, &[], app.now()).await.expect("swept");
    let trace = hex(&sealer.found("login.identifier", EMAIL));
    let named = async || every_row(&app).await.into_iter().filter(|(_, row)| row.contains(&trace)).count();
    assert!(named().await > 0);
    let id = app.count("select id from accounts order by created_at limit 1").await;
    app.service.delete_account(&operator("delete"), id).await.expect("deleted");
    assert_eq!(named().await, 0);
}
