//! The keys that sign for products take turns, and nobody notices.

use super::{PAGE, Product, signed_in, start, userinfo};
use crate::support::database::SECRET;
use crate::support::{Actor, TestApp};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use portaria::openid::Algorithm;
use serde_json::Value;
use server::db::keys;
use server::openid_tokens::OpenIdTokens;
use time::Duration;

/// The keys of products that the JWKS shows, the newest first.
async fn published(app: &TestApp) -> Vec<String> {
    let shown = app.get("/.well-known/jwks.json").await.expect(200).json();
    let shown: Vec<String> = shown["keys"].as_array().expect("keys").iter().map(|key| key["kid"].as_str().expect("a kid").into()).collect();
    let all: Vec<String> =
        sqlx::query_scalar("select kid from openid_keys order by created_at desc").fetch_all(&app.pool).await.expect("keys");
    all.into_iter().filter(|kid| shown.contains(kid)).collect()
}

/// What a product gets now: which key signed it, the access token, the ID token.
async fn given(app: &TestApp, browser: &Actor<'_>, product: Product) -> (String, String, String) {
    let tokens = product.tokens(app, browser, &[]).await;
    let [access, id] = ["access_token", "id_token"].map(|name| tokens[name].as_str().expect("a token").to_owned());
    let head = URL_SAFE_NO_PAD.decode(id.split('.').next().expect("a head")).expect("base64");
    let kid = serde_json::from_slice::<Value>(&head).expect("JSON")["kid"].as_str().expect("a kid").to_owned();
    (kid, access, id)
}

#[tokio::test]
async fn a_key_of_products_is_published_before_it_signs_and_what_the_one_before_signed_holds_until_it_lapses() {
    let app = start().await;
    let sealer = keys::read(&app.pool, &SECRET, app.now()).await.expect("keys");
    let other = OpenIdTokens::load(app.pool.clone(), sealer, vec![Algorithm::EdDsa], app.now()).await.expect("another node's");
    let first = published(&app).await;
    assert_eq!(first.len(), 1, "both have one");
    app.advance(Duration::days(30) - Duration::SECOND);
    other.rotate(app.now()).await.expect("looked at");
    assert_eq!(published(&app).await, first, "it is not old yet");
    app.advance(Duration::SECOND);
    other.rotate(app.now()).await.expect("rotated");
    app.advance(Duration::minutes(1));
    let both = published(&app).await;
    assert!(both.len() == 2 && both[1] == first[0], "{both:?}");
    let at_once = other.renew(app.now(), true).await.expect("looked at");
    assert_eq!((at_once, published(&app).await), (vec![(Algorithm::EdDsa, None)], both.clone()), "one that waits is enough");

    let browser = signed_in(&app).await;
    assert_eq!(given(&app, &browser, PAGE).await.0, first[0], "somebody may have a JWKS without the new one");
    app.advance(Duration::minutes(14) - Duration::SECOND);
    let (kid, access, id) = given(&app, &browser, PAGE).await;
    assert_eq!(kid, first[0]);
    app.advance(Duration::SECOND);
    assert_eq!(given(&app, &browser, PAGE).await.0, both[0], "a quarter of an hour is over");
    userinfo(&app, &access).await.expect(200);
    let hint = PAGE.address(&[("prompt", "none"), ("id_token_hint", &id)]);
    assert!(browser.get(&hint).await.expect(303).location().contains("code="), "its ID token is still one of ours");
    app.advance(Duration::days(1));
    userinfo(&app, &access).await.expect(401);

    app.advance(Duration::days(31));
    assert_eq!(published(&app).await, both[..1], "none of its tokens is of use");
}
