//! Keys that change while nodes serve (SPEC §13).

use crate::support::database::SECRET;
use crate::support::people::{CPF, EMAIL, OTHER_EMAIL, OTHER_PHONE, PASSWORD, PHONE};
use crate::support::{Actor, TestApp};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use portaria::value::Phone;
use serde_json::{Value, json};
use server::db::keys::{self, KeysError};
use server::db::reseal::{self, Locked, PLACES};
use server::seal::{DataKey, Sealer};
use server::services::keys::{ANNOUNCED, Told, begin, finish};
use sha2::Sha256;
use sqlx::AssertSqlSafe;
use std::collections::{BTreeMap, BTreeSet};
use time::Duration;

const NEW_SECRET: [u8; 32] = [11; 32];

/// A sealer of the keys that are there now, as whoever took a dump and the secret would have them.
async fn stolen(app: &TestApp, secret: &[u8; 32]) -> Sealer {
    let rows: Vec<(i64, Vec<u8>)> =
        sqlx::query_as("select id, wrapped from data_keys where purpose = 'seal'").fetch_all(&app.pool).await.expect("keys");
    let wrapping = DataKey::from_secret(secret);
    let keys: BTreeMap<_, _> = rows.into_iter().map(|(id, wrapped)| (id, wrapping.unwrap_key(&wrapped, id).expect("a key"))).collect();
    Sealer::new(keys, DataKey::random())
}

/// The id of the key of every sealed value.
async fn key_ids(app: &TestApp) -> BTreeSet<Vec<u8>> {
    let mut ids = BTreeSet::new();
    for place in &PLACES {
        let prefixes = format!("select distinct substring({0} from 1 for 9) from {1} where {0} <> ''", place.column, place.table);
        ids.extend(sqlx::query_scalar::<_, Vec<u8>>(AssertSqlSafe(prefixes)).fetch_all(&app.pool).await.expect("values"));
    }
    ids
}

async fn reload(nodes: &[&TestApp]) {
    for node in nodes {
        node.keys.reload().await.expect("keys");
        node.tokens.reload(node.now()).await.expect("signing keys");
    }
}

/// Binary columns that hold neither a sealed value nor a keyed hash: wrapped keys, public keys, the cleaned photo, and the hash of a
/// webhook's address.
const PLAIN: [&str; 4] = ["data_keys.wrapped", "signing_keys.public", "photos.bytes", "webhook_deliveries.endpoint"];

/// Columns of keyed hashes, by which values are found and compared.
const HASHED: [&str; 30] = [
    "accounts.cnpj_index",
    "accounts.cnpj_next",
    "accounts.cpf_index",
    "accounts.cpf_next",
    "accounts.phone_index",
    "accounts.phone_next",
    "audit.subject",
    "captured_messages.recipient_index",
    "contests.contact_index",
    "contests.counted_index",
    "contests.document_index",
    "devices.token_hash",
    "former_contacts.subject",
    "openid_grants.code_hash",
    "openid_refresh_tokens.token_hash",
    "openid_requests.token_hash",
    "proofs.token_hash",
    "recovery_grants.token_hash",
    "recovery_grants.via_index",
    "refresh_tokens.token_hash",
    "sessions.token_hash",
    "signup_devices.form_hash",
    "signup_devices.token_hash",
    "signups.phone_index",
    "tallies.key",
    "undo_grants.token_hash",
    "verifications.destination_index",
    "verifications.disputes_index",
    "verifications.secret_hash",
    "verifications.via_index",
];

#[tokio::test]
async fn every_binary_column_of_the_schema_is_known_to_the_rotation_or_to_hold_no_secret() {
    let app = TestApp::start().await;
    let of_the_schema: Vec<String> = sqlx::query_scalar(
        "select table_name || '.' || column_name from information_schema.columns where table_schema = 'public' and data_type = 'bytea' and table_name <> '_sqlx_migrations'",
    )
    .fetch_all(&app.pool)
    .await
    .expect("columns");
    let sealed = PLACES.iter().map(|place| format!("{}.{}", place.table, place.column));
    let known: BTreeSet<_> = sealed.chain(PLAIN.iter().chain(&HASHED).map(|it| (*it).to_owned())).collect();
    assert_eq!(known, of_the_schema.into_iter().collect::<BTreeSet<_>>());
}

#[tokio::test]
async fn a_data_key_is_rotated_while_two_nodes_serve_and_a_killed_rotation_goes_on() {
    let one = TestApp::start().await;
    let two = one.second_node().await;
    one.ignore_messages();
    let owner = one.client_with(PHONE, EMAIL).await;
    owner.give_document("cpf", CPF).await;
    let waiting = two.ask_code(OTHER_PHONE).await;
    let old = stolen(&one, &SECRET).await;
    let before = key_ids(&one).await;

    let begun = begin(&one.pool, &SECRET, one.now()).await.expect("begun");
    assert!(!begun.resumed);
    // One node has heard of the key and the other has not: nothing is sealed with it yet.
    reload(&[&one]).await;
    one.sign_in(EMAIL, PASSWORD).await;
    assert_eq!(key_ids(&one).await, before);
    reload(&[&two]).await;
    one.advance(ANNOUNCED);
    // The one seals with it already, the other not yet; both open both.
    reload(&[&one]).await;
    one.teacher_at(OTHER_EMAIL).await;
    two.sign_in(OTHER_EMAIL, PASSWORD).await;
    two.recover(CPF).await.expect(200);
    reload(&[&two]).await;

    // Killed after its first batch.
    let sealer = keys::read(&one.pool, &SECRET, one.now()).await.expect("keys");
    let first = reseal::batch(&one.pool, &sealer, &PLACES[0], None, Locked::Skipped, 50).await.expect("a batch").expect("a page");
    assert!(first.resealed > 0);
    assert!(keys::is_half_rotated(&mut one.pool.acquire().await.expect("a connection")).await.expect("an answer"));
    let again = begin(&two.pool, &SECRET, two.now()).await.expect("begun");
    assert!(again.resumed && again.id == begun.id, "two rotations at one moment are one");

    // While it goes on, people sign up, in and recover, on both nodes.
    let mut told = Vec::new();
    let mut note = |it: Told| told.push(it);
    let serve = async {
        for node in [&one, &two, &one, &two] {
            node.sign_in(EMAIL, PASSWORD).await;
            node.get("/").await.expect(200);
        }
        two.recover(CPF).await.expect(200);
        one.verify(OTHER_PHONE, &waiting).await.expect(201);
    };
    // A row that somebody has locked is waited for: it is not done before.
    let mut locked = two.pool.begin().await.expect("a transaction");
    sqlx::query("select from signing_keys for update").execute(&mut *locked).await.expect("a lock");
    let unlock = async {
        serve.await;
        assert!(key_ids(&one).await.len() > 1, "the locked row is left");
        locked.rollback().await.expect("an end");
    };
    let (finished, ()) = tokio::join!(finish(&one.pool, &sealer, &mut note), unlock);
    let finished = finished.expect("done");
    assert!(finished.resealed > 3 && finished.broken == 0, "{finished:?} {told:?}");
    keys::finish_rotation(&one.pool, begun.id, one.now()).await.expect("done");
    assert_eq!(key_ids(&one).await, BTreeSet::from([sealer.prefix()]), "nothing is left of the old key");
    assert!(!keys::is_half_rotated(&mut one.pool.acquire().await.expect("a connection")).await.expect("an answer"));

    // Everybody is who they were: found, unique, and shown.
    let profile = two.sign_in(EMAIL, PASSWORD).await.profile().await;
    assert!(profile["phone"].as_str().is_some_and(|phone| phone.ends_with("4321")) && profile["cpf"].is_string(), "{profile}");
    one.post("/api/auth/register/client", json!({ "fullName": "Ana", "phone": PHONE })).await.expect(409);

    // Whoever has an old dump and the secret opens nothing of a new one.
    let (id, sealed): (i64, Vec<u8>) = sqlx::query_as("select id, phone_sealed from accounts where cpf_sealed is not null")
        .fetch_one(&one.pool)
        .await
        .expect("an account");
    assert!(old.open_in(&sealed, "accounts.phone", &id).is_err());
    assert!(sealer.open_in(&sealed, "accounts.phone", &id).is_ok());
    assert!(sealer.open_in(&sealed, "accounts.phone", &(id + 1)).is_err(), "in another row it opens with no key");
    assert!(Phone::parse(&sealer.open_text_in(&sealed, "accounts.phone", &id).expect("text")).is_ok());
}

#[tokio::test]
async fn a_value_that_was_moved_to_another_row_stays_broken_and_is_told() {
    let app = TestApp::start().await;
    app.ignore_messages();
    app.client_with(PHONE, EMAIL).await;
    app.client_with(OTHER_PHONE, OTHER_EMAIL).await;
    let swap = "update accounts as a set phone_sealed = b.phone_sealed from accounts as b where a.id <> b.id and a.email = $1";
    sqlx::query(swap).bind(EMAIL).execute(&app.pool).await.expect("moved");
    begin(&app.pool, &SECRET, app.now()).await.expect("begun");
    app.advance(ANNOUNCED);
    let sealer = keys::read(&app.pool, &SECRET, app.now()).await.expect("keys");
    let mut told = Vec::new();
    finish(&app.pool, &sealer, &mut |it| told.push(it)).await.expect("done");
    assert!(told.contains(&Told::Broken { table: "accounts", column: "phone_sealed", values: 1 }), "{told:?}");
}

#[tokio::test]
async fn a_new_secret_wraps_the_keys_anew_and_the_old_one_opens_nothing() {
    let app = TestApp::start().await;
    app.ignore_messages();
    app.teacher().await;
    let secrets = [("PORTARIA_SECRET", NEW_SECRET), ("PORTARIA_SECRET_OLD", SECRET)].map(|(name, secret)| (name, STANDARD.encode(secret)));
    let settings: Vec<_> = secrets.iter().map(|(name, value)| (*name, value.as_str())).chain([("PUBLIC_URL", app.url.as_str())]).collect();
    let both = app.node_with(&settings).await;
    both.sign_in(EMAIL, PASSWORD).await;
    // A node that is not started again yet serves on.
    app.sign_in(EMAIL, PASSWORD).await;
    app.keys.reload().await.expect("nothing but the wrapping has changed");
    app.sign_in(EMAIL, PASSWORD).await;

    let wrapped: Vec<(i64, Vec<u8>)> = sqlx::query_as("select id, wrapped from data_keys").fetch_all(&app.pool).await.expect("keys");
    let (old, new) = (DataKey::from_secret(&SECRET), DataKey::from_secret(&NEW_SECRET));
    assert!(wrapped.iter().all(|(id, key)| old.unwrap_key(key, *id).is_err() && new.unwrap_key(key, *id).is_ok()));
    assert!(matches!(keys::load(&app.pool, &SECRET, app.now()).await, Err(KeysError::WrongSecret)));
    assert!(matches!(begin(&app.pool, &SECRET, app.now()).await, Err(KeysError::WrongSecret)), "it makes no key either");
    assert_eq!(keys::rewrap(&app.pool, &NEW_SECRET, &SECRET).await.expect("again"), 0);
    // With neither secret nothing is changed.
    assert!(matches!(keys::rewrap(&app.pool, &[1; 32], &[2; 32]).await, Err(KeysError::WrongSecret)));
    keys::load(&app.pool, &NEW_SECRET, app.now()).await.expect("the keys");
    // Once there are keys that it cannot open, the node of the old secret does not go on as if nothing were.
    begin(&app.pool, &NEW_SECRET, app.now()).await.expect("begun");
    assert!(app.keys.reload().await.is_err());
    both.keys.reload().await.expect("the keys");
}

/// A key as a version before wrapped it: bound to the table alone.
fn wrapped_as_before(key: &[u8; 32]) -> Vec<u8> {
    let mut wrapping = [0; 32];
    hkdf::Hkdf::<Sha256>::new(None, &SECRET).expand(b"portaria/wrap/1", &mut wrapping).expect("32 bytes");
    let nonce = [7; 24];
    let sealed = XChaCha20Poly1305::new(&wrapping.into()).encrypt(&XNonce::from(nonce), Payload { msg: key, aad: b"data_keys" });
    [nonce.as_slice(), &sealed.expect("sealed")].concat()
}

#[tokio::test]
async fn a_wrapped_key_opens_in_its_row_alone_and_one_of_before_is_bound_by_the_next_change() {
    let app = TestApp::start().await;
    let swap = "update data_keys as a set wrapped = b.wrapped from data_keys as b where a.id <> b.id";
    sqlx::query(swap).execute(&app.pool).await.expect("moved");
    assert!(matches!(keys::load(&app.pool, &SECRET, app.now()).await, Err(KeysError::WrongSecret)));
    let moved = app.run(&["doctor"], "").await;
    assert!(moved.code == 2, "{moved:?}");
    sqlx::query(swap).execute(&app.pool).await.expect("moved back");

    for key in [1, 2] {
        let before = wrapped_as_before(&[key; 32]);
        let update = "update data_keys set wrapped = $1 where id = (select id from data_keys order by id limit 1 offset $2)";
        sqlx::query(update).bind(before).bind(i64::from(key) - 1).execute(&app.pool).await.expect("as before");
    }
    keys::load(&app.pool, &SECRET, app.now()).await.expect("the keys");
    begin(&app.pool, &SECRET, app.now()).await.expect("begun");
    assert_eq!(app.count("select count(*) from data_keys where octet_length(wrapped) <> 73").await, 0);
    keys::load(&app.pool, &SECRET, app.now()).await.expect("the keys");
}

async fn kids(node: &TestApp) -> Vec<String> {
    let keys = node.get("/.well-known/jwks.json").await.expect(200).json();
    keys["keys"].as_array().expect("keys").iter().map(|key| key["kid"].as_str().expect("a kid").to_owned()).collect()
}

fn kid(actor: &Actor<'_>) -> String {
    let head = URL_SAFE_NO_PAD.decode(actor.access.split('.').next().expect("a head")).expect("base64");
    serde_json::from_slice::<Value>(&head).expect("JSON")["kid"].as_str().expect("a kid").to_owned()
}

#[tokio::test]
async fn a_signing_key_is_published_one_life_of_the_cache_before_it_signs_and_stays_as_long_as_its_tokens() {
    let app = TestApp::start().await;
    app.ignore_messages();
    let other = app.second_node().await;
    let first = kid(&app.teacher().await);
    app.tokens.rotate(app.now()).await.expect("looked at");
    assert_eq!(kids(&app).await, std::slice::from_ref(&first), "it is not old yet");

    app.advance(Duration::days(30));
    app.tokens.rotate(app.now()).await.expect("rotated");
    reload(&[&other]).await;
    let published = kids(&app).await;
    assert!(published.len() == 2 && published[1] == first && kids(&other).await == published, "{published:?}");
    app.tokens.rotate(app.now()).await.expect("looked at");
    assert_eq!(kids(&app).await, published, "one that waits is enough");
    for wait in [0, 600] {
        app.advance(Duration::seconds(wait));
        assert_eq!(kid(&app.sign_in(EMAIL, PASSWORD).await), first, "somebody may have a JWKS without the new one");
    }
    let last = other.sign_in(EMAIL, PASSWORD).await;
    app.advance(Duration::seconds(60));
    let signed = app.sign_in(EMAIL, PASSWORD).await;
    assert_eq!(kid(&signed), published[0]);
    assert_eq!(kid(&other.sign_in(EMAIL, PASSWORD).await), published[0]);
    last.profile().await;

    app.advance(Duration::days(31) + Duration::SECOND);
    reload(&[&app]).await;
    assert_eq!(kids(&app).await, [published[0].clone()], "none of its tokens is in force");
}
