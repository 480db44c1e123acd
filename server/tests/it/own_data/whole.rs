//! The file of a person's own data leaves nothing out (SPEC §13 "Export"): every column of every table that knows the account, as the schema
//! has them, is either a member of the file or stands here with the reason why it is not.

use crate::support::TestApp;
use crate::support::people::{CPF, EMAIL, OTHER_EMAIL, OTHER_PHONE};
use crate::support::pictures::picture;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use image::ImageFormat;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Where a column is told.
enum Told {
    /// At this place of the file: members with dots between them, `[]` the first of a list.
    At(&'static str),
    /// Nowhere, because of this.
    Not(Reason),
}

/// Why a column is not in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reason {
    /// What proves who somebody is, or a hash of it: in a file it would open the account.
    Secret,
    /// A keyed index, or the same value for another reader: the value itself is in the file.
    Again,
    /// The name or place of a row, which says nothing of the person.
    Key,
    /// How far our own work is.
    Ours,
    /// Other people's, or of no account yet.
    Others,
}

use Reason::{Again, Key, Others, Ours, Secret};
use Told::{At, Not};

/// Every table that knows the account, and its columns.
#[expect(clippy::too_many_lines, reason = "a table, a line a column")]
fn told() -> BTreeMap<(&'static str, &'static str), Told> {
    let mut told = BTreeMap::new();
    let mut of = |table: &'static str, columns: Vec<(&'static [&'static str], Told)>| {
        for (names, place) in columns {
            for name in names {
                let place = match &place {
                    At(at) => At(at),
                    Not(reason) => Not(*reason),
                };
                assert!(told.insert((table, *name), place).is_none(), "{table}.{name} stands here twice");
            }
        }
    };
    of(
        "accounts",
        vec![
            (&["id"], At("account.id")),
            (&["kind"], At("account.kind")),
            (&["name"], At("account.fullName")),
            (&["username"], At("account.username")),
            (&["email"], At("account.email")),
            (&["email_proved_at"], At("account.emailVerifiedAt")),
            (&["email_suspended_at"], At("account.emailSuspended")),
            (&["wanted_email"], At("account.requestedEmail")),
            (&["phone_sealed"], At("account.phone")),
            (&["phone_proved_at"], At("account.phoneVerifiedAt")),
            (&["phone_suspended_at"], At("account.phoneSuspended")),
            (&["cpf_sealed"], At("account.cpf")),
            (&["cnpj_sealed"], At("account.cnpj")),
            (&["birth_date_sealed"], At("account.birthDate")),
            (&["gender"], At("account.gender")),
            (&["state"], At("account.state")),
            (&["city"], At("account.city")),
            (&["texts", "institution"], At("account.institution")),
            (&["field_of_work"], At("account.fieldOfWork")),
            (&["created_at"], At("account.createdAt")),
            (&["last_sign_in_at", "signed_in_before"], At("account.lastLoginAt")),
            (&["version"], At("account.version")),
            (&["terms"], At("account.termsPending")),
            (&["photo_id"], At("account.profilePicture")),
            (&["external_id"], At("account.externalId")),
            (&["imported_at"], At("account.importedAt")),
            (&["password_hash"], Not(Secret)),
            (&["phone_index", "phone_next", "cpf_index", "cpf_next", "cnpj_index", "cnpj_next", "email_claimed"], Not(Again)),
            // Events of the account tell when; whoever takes the file is neither blocked nor leaving.
            (&["updated_at", "cpf_set_at", "cnpj_set_at", "deletion_asked_at", "blocked_at"], Not(Again)),
            (&["reminder_settled_at"], Not(Ours)),
        ],
    );
    of(
        "account_changes",
        vec![
            (&["sealed", "field"], At("account.replacedContacts.[].contact")),
            (&["proved_at"], At("account.replacedContacts.[].verifiedAt")),
            (&["replaced_at"], At("account.replacedContacts.[].replacedAt")),
            (&["id", "account_id", "undo_id"], Not(Key)),
        ],
    );
    of("former_contacts", vec![(&["account_id"], Not(Key)), (&["subject", "replaced_at"], Not(Again))]);
    of(
        "consents",
        vec![
            (&["document"], At("consents.[].document")),
            (&["version"], At("consents.[].version")),
            (&["given_at"], At("consents.[].givenAt")),
            (&["address"], At("consents.[].address")),
            (&["id", "account_id"], Not(Key)),
        ],
    );
    of(
        "devices",
        vec![
            (&["name"], At("account.devices.[].name")),
            (&["first_seen_at"], At("account.devices.[].firstSeenAt")),
            (&["last_seen_at"], At("account.devices.[].lastSeenAt")),
            (&["token_hash"], Not(Secret)),
            (&["account_id"], Not(Key)),
            (&["before_cookies"], Not(Ours)),
        ],
    );
    of(
        "sessions",
        vec![
            (&["presentation"], At("sessions.[].client")),
            (&["created_at"], At("sessions.[].createdAt")),
            (&["last_used_at"], At("sessions.[].lastUsedAt")),
            (&["expires_at", "remembered"], At("sessions.[].expiresAt")),
            (&["ended_at"], At("sessions.[].endedAt")),
            (&["address"], At("sessions.[].address")),
            (&["user_agent"], At("sessions.[].userAgent")),
            (&["token_hash"], Not(Secret)),
            (&["id", "account_id"], Not(Key)),
            // The events tell them.
            (&["end_reason", "authenticated_at", "by_code"], Not(Again)),
            (&["access_seconds"], Not(Ours)),
        ],
    );
    of(
        "outbox",
        vec![
            (&["created_at"], At("messages.[].at")),
            (&["channel"], At("messages.[].channel")),
            (&["kind"], At("messages.[].kind")),
            // A contact of the account, and a text that is wiped when it leaves; until then it may hold a link that lives.
            (&["recipient", "wa_id_sealed"], Not(Again)),
            (&["content"], Not(Secret)),
            (&["id", "account_id", "verification_id", "signup_id", "provider_id"], Not(Key)),
            (&["status", "attempts", "next_try_at", "drop_at", "leased_until", "handed_at", "last_error"], Not(Ours)),
            (&["reported", "reported_at", "report_due_at", "traceparent"], Not(Ours)),
        ],
    );
    of(
        "audit",
        vec![
            (&["at"], At("events.[].at")),
            (&["event"], At("events.[].event")),
            (&["outcome"], At("events.[].outcome")),
            (&["address"], At("events.[].address")),
            (&["user_agent"], At("events.[].userAgent")),
            (&["subject"], Not(Again)),
            (&["id", "account_id", "signup_id"], Not(Key)),
            (&["times", "request_id"], Not(Ours)),
        ],
    );
    of("photos", vec![(&["bytes"], At("photo")), (&["id", "account_id", "content_type", "created_at"], Not(Key))]);
    // Rights and codes of minutes to days: what became of them, the events tell.
    of("proofs", vec![(&["token_hash"], Not(Secret)), (&["account_id", "created_at", "expires_at"], Not(Key))]);
    of("undo_grants", vec![(&["token_hash"], Not(Secret)), (&["account_id", "expires_at", "remembered"], Not(Key))]);
    of(
        "recovery_grants",
        vec![
            (&["token_hash"], Not(Secret)),
            (&["via_index"], Not(Again)),
            (&["account_id", "created_at", "expires_at", "spent_at"], Not(Key)),
        ],
    );
    of(
        "verifications",
        vec![
            (&["secret_hash", "secret_sealed"], Not(Secret)),
            (&["destination_index", "via_index", "disputes_index", "purpose", "asked_at", "channel"], Not(Again)),
            (&["id", "signup_id", "account_id", "contest_id"], Not(Key)),
            (&["channel_chosen", "lifetime", "handed_at", "expires_at", "spent_at", "dead_at", "undeliverable_at"], Not(Ours)),
            (&["code_dead_at", "tried", "queued", "delivered_by", "late_at"], Not(Ours)),
        ],
    );
    of(
        "signups",
        vec![
            // The account was made of it.
            (&["draft_sealed", "phone_index", "kind"], Not(Again)),
            (&["id", "account_id", "begun_by", "openid_request"], Not(Key)),
            (&["created_at", "updated_at", "expires_at", "others_changed", "reminder_settled_at"], Not(Ours)),
        ],
    );
    of(
        "contests",
        vec![
            // Who contests is somebody else, and to the holder nobody; the events tell that there was one.
            (&["contact_sealed", "contact_index", "counted_index"], Not(Others)),
            (&["document_index"], Not(Again)),
            (&["id", "holder_id"], Not(Key)),
            (&["asked_at", "proved_at", "decided_at", "outcome"], Not(Others)),
        ],
    );
    of(
        "webhook_deliveries",
        vec![
            // That something happened, by the number of the account: the events tell what.
            (&["event", "happened_at", "kind"], Not(Again)),
            (&["id", "seq", "endpoint", "host", "account_id"], Not(Key)),
            (&["status", "attempts", "next_try_at", "give_up_at", "leased_until", "ended_at", "last_error"], Not(Ours)),
        ],
    );
    of(
        "openid_consents",
        vec![
            // Among the consents of the file: `server/tests/it/own_data/export.rs`.
            (&["client_id", "scopes", "given_at"], Not(Again)),
            (&["account_id"], Not(Key)),
        ],
    );
    of(
        "openid_logouts",
        vec![
            // That a session ended, which the sessions of the file say.
            (&["client_id", "happened_at"], Not(Again)),
            (&["account_id", "session_id"], Not(Key)),
            (&["attempts", "next_try_at", "give_up_at", "leased_until", "last_error"], Not(Ours)),
        ],
    );
    of(
        "openid_grants",
        vec![
            (&["code_hash", "challenge", "nonce"], Not(Secret)),
            (&["client_id", "scopes", "created_at"], Not(Again)),
            (&["id", "account_id", "session_id"], Not(Key)),
            (&["acr", "auth_time", "redirect_uri", "code_expires_at", "spent_at", "ended_at", "expires_at"], Not(Ours)),
        ],
    );
    told
}

/// The columns of every table that holds the number of an account: by its foreign key, or by its name.
async fn columns(app: &TestApp) -> BTreeSet<(String, String)> {
    let found: Vec<(String, String)> = sqlx::query_as(
        "with knowing as ( \
             select table_name from information_schema.columns where table_schema = 'public' and data_type = 'bigint' \
             and (column_name like '%account%' or column_name like '%holder%') \
             union select kcu.table_name from information_schema.table_constraints tc \
             join information_schema.key_column_usage kcu using (constraint_schema, constraint_name) \
             join information_schema.constraint_column_usage ccu using (constraint_schema, constraint_name) \
             where tc.constraint_type = 'FOREIGN KEY' and ccu.table_name = 'accounts' \
             union select 'accounts') \
         select table_name::text, column_name::text from information_schema.columns join knowing using (table_name) \
         where table_schema = 'public'",
    )
    .fetch_all(&app.pool)
    .await
    .expect("the columns");
    found.into_iter().collect()
}

fn member<'a>(file: &'a Value, place: &str) -> Option<&'a Value> {
    place.split('.').try_fold(file, |value, name| if name == "[]" { value.get(0) } else { value.get(name) })
}

#[tokio::test]
async fn every_column_that_knows_the_account_is_in_the_file_or_has_a_reason_not_to_be() {
    let app = TestApp::start().await;
    app.ignore_messages();
    let ana = app.client_with_password().await;
    ana.give_document("cpf", CPF).await;
    ana.give_email(OTHER_EMAIL).await;
    ana.give_phone(OTHER_PHONE).await;
    ana.change(json!({ "profilePicture": STANDARD.encode(picture(64, 64, ImageFormat::Png)) })).await.expect(200);
    ana.post("/api/auth/profile/email", json!({ "email": "quero@example.com" })).await.expect(202);
    let file = ana.method("POST", "/api/auth/account/export").await.expect(200).json();

    let told = told();
    let known: BTreeSet<_> = told.keys().map(|(table, column)| ((*table).to_owned(), (*column).to_owned())).collect();
    let columns = columns(&app).await;
    let untold: Vec<_> = columns.difference(&known).collect();
    assert!(untold.is_empty(), "these are kept of a person, and the file says nothing of them: {untold:?}");
    let gone: Vec<_> = known.difference(&columns).collect();
    assert!(gone.is_empty(), "these are no longer there: {gone:?}");
    for ((table, column), place) in &told {
        if let At(place) = place {
            assert!(member(&file, place).is_some(), "{table}.{column} should stand at {place}: {file}");
        }
    }
    let account = &file["account"];
    assert_eq!(account["requestedEmail"], "quero@example.com");
    let replaced: Vec<_> = account["replacedContacts"].as_array().expect("a list").iter().map(|it| it["contact"].clone()).collect();
    assert_eq!(replaced.len(), 2, "{account}");
    assert!(replaced.contains(&json!(EMAIL)), "{account}");
}
