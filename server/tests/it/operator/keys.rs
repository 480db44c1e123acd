//! `portaria keys` (SPEC §13).

use crate::support::TestApp;
use crate::support::database::SECRET;
use crate::support::people::{EMAIL, PASSWORD};
use server::db::keys;
use server::services::keys::{ANNOUNCED, begin, finish};
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

#[tokio::test]
async fn keys_are_listed_without_secrets_and_a_signing_key_is_made_once() {
    let app = TestApp::start().await;
    let made = app.run(&["keys", "rotate", "--signing"], "").await;
    assert!(made.code == 0 && made.out.contains("signs from"), "{made:?}");
    let again = app.run(&["keys", "rotate", "--signing"], "").await;
    assert!(again.code == 0 && again.out.contains("nothing was done"), "{again:?}");
    let listed = app.run(&["keys", "list"], "").await;
    assert_eq!((listed.code, listed.err.as_str(), listed.out.lines().count()), (0, "", 5), "{listed:?}");
    for (purpose, state) in [("seal", "in force"), ("index", "in force"), ("signing", "announced"), ("signing", "in force")] {
        let has = |line: &str| line.contains(purpose) && line.contains(state);
        assert!(listed.out.lines().any(has), "{purpose} {state}: {}", listed.out);
    }
}

#[tokio::test]
async fn keys_of_products_are_listed_and_made_with_the_others() {
    let settings = |alg| {
        format!(
            "[[clients]]\nid = \"{alg}\"\nname = \"Escola\"\nredirect_uris = [\"https://escola.example/cb\"]\nid_token_alg = \"{alg}\"\n"
        )
    };
    let file = format!("{}/keys-of-products.toml", env!("CARGO_TARGET_TMPDIR"));
    let both = settings("EdDSA") + &settings("RS256");
    std::fs::write(&file, &both).expect("a file");
    let app = TestApp::start_with_file(&both).await;
    let made = app.run(&["--config", &file, "keys", "rotate", "--signing"], "").await;
    assert_eq!((made.code, made.out.lines().filter(|line| line.contains("signs from")).count()), (0, 3), "{made:?}");
    for alg in ["EdDSA", "RS256"] {
        assert!(made.out.contains(&format!("of products ({alg})")), "{made:?}");
    }
    let again = app.run(&["--config", &file, "keys", "rotate", "--signing"], "").await;
    assert_eq!(again.out.lines().filter(|line| line.contains("nothing was done")).count(), 3, "{again:?}");
    let listed = app.run(&["--config", &file, "keys", "list"], "").await;
    for state in ["announced", "in force"] {
        let of_products = listed.out.lines().filter(|line| line.contains("openid") && line.contains(state)).count();
        assert_eq!(of_products, 2, "{}", listed.out);
    }
}

#[tokio::test]
async fn a_rotation_killed_with_kill_9_is_told_by_doctor_and_the_next_one_goes_on_with_its_key() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let mut killed = Command::new(env!("CARGO_BIN_EXE_portaria"))
        .args(["keys", "rotate"])
        .env_clear()
        .envs(app.program_settings())
        .current_dir(env!("CARGO_TARGET_TMPDIR"))
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("the program");
    let mut said = BufReader::new(killed.stdout.take().expect("a pipe")).lines();
    let first = said.next_line().await.expect("a line").expect("a line");
    assert!(first.contains("is announced"), "{first}");
    killed.kill().await.expect("killed");
    let doctor = app.run(&["doctor"], "").await;
    assert!(doctor.out.contains("uma troca de chave não terminou"), "{doctor:?}");

    let begun = begin(&app.pool, &SECRET, app.now()).await.expect("begun");
    assert!(begun.resumed && first.contains(&begun.id.to_string()), "{first}");
    app.advance(ANNOUNCED * 2);
    let sealer = keys::read(&app.pool, &SECRET, app.now()).await.expect("keys");
    app.keys.reload().await.expect("keys");
    assert!(finish(&app.pool, &sealer, &mut |_| ()).await.expect("sealed again").resealed > 0);
    keys::finish_rotation(&app.pool, begun.id, app.now()).await.expect("done");
    app.sign_in(EMAIL, PASSWORD).await;
}
