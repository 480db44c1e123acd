//! `portaria client`: the block of a product.

use super::program;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use server::config::Config;
use sha2::{Digest, Sha256};

#[tokio::test]
async fn a_new_client_is_a_block_that_the_settings_take_and_a_secret_that_is_shown_once() {
    let new =
        ["client", "new", "--id", "loja", "--name", "Loja \"do Zé\"", "--redirect-uri", "https://loja.example/cb", "--scope", "email"];
    let made = program(Vec::new(), &new, "").await.out;
    let (block, last) = made.trim_end().rsplit_once('\n').expect("lines");
    let secret = last.strip_prefix("client_secret = \"").and_then(|rest| rest.strip_suffix('"')).expect("the secret, last");
    assert!(secret.len() == 43 && !block.contains(secret), "{made}");
    let config = Config::from_parts::<String, String>(block, []).expect("settings");
    let client = config.clients.find("loja").expect("the client");
    assert_eq!((client.name.as_str(), client.scopes.to_string().as_str()), ("Loja \"do Zé\"", "openid email"));
    let hash: [u8; 32] = Sha256::digest(secret).into();
    assert_eq!(client.secret_hash, Some(hash));
    assert!(block.contains(&URL_SAFE_NO_PAD.encode(hash)) && !client.trusted);
    let new = ["client", "new", "--id", "app", "--name", "App", "--redirect-uri", "com.example.app:/cb", "--public", "--trusted"];
    let public = program(Vec::new(), &new, "").await.out;
    assert!(!public.contains("secret"), "{public}");
    let config = Config::from_parts::<String, String>(&public, []).expect("settings");
    assert!(config.clients.find("app").is_some_and(|client| client.trusted && client.secret_hash.is_none()));
    let wrong = program(Vec::new(), &["client", "new", "--id", "x", "--name", "X", "--redirect-uri", "http://x.example/cb"], "").await;
    assert!(wrong.code != 0 && wrong.out.is_empty() && wrong.err.contains("an https URL"), "{wrong:?}");
    let file = format!("{}/clients.toml", env!("CARGO_TARGET_TMPDIR"));
    std::fs::write(&file, format!("{block}\n{public}")).expect("a file");
    let list = program(Vec::new(), &["--config", &file, "client", "list"], "").await;
    assert_eq!(list.out.lines().count(), 2, "{list:?}");
    assert!(list.out.starts_with("loja\tLoja \"do Zé\"\tsecret\tasks\topenid email\thttps://loja.example/cb"), "{list:?}");
    let rotated = program(Vec::new(), &["--config", &file, "client", "rotate", "loja"], "").await;
    assert!(rotated.out.contains("secret_hash = \"sha256:") && rotated.out.contains("client_secret = \"") && !rotated.out.contains(secret));
    assert_ne!(program(Vec::new(), &["--config", &file, "client", "rotate", "app"], "").await.code, 0, "it has no secret");
}
