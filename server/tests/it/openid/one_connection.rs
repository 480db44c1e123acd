//! A node whose pool has one connection: whoever holds it and waits for a second one waits for itself. In a larger pool the same happens
//! as soon as so many come at once, and then nobody is answered.

use super::*;
use crate::support::people::WRONG_PASSWORD;
use serde_json::json;
use time::Duration;

/// Longer than a node trusts that no other one has made a new key, and than it remembers that it does not know one.
const AGES: Duration = Duration::minutes(2);

#[tokio::test]
async fn nothing_waits_for_a_second_connection_while_it_holds_one() {
    let app = TestApp::start_with_one_connection(&clients(Algorithm::EdDSA)).await;
    app.ignore_messages();
    let browser = signed_in(&app).await;
    let offline = [("scope", "openid offline_access")];
    let code = SCHOOL.code(&browser, &offline).await;
    app.advance(Duration::seconds(59));
    let other = SCHOOL.code(&browser, &offline).await;
    app.advance(Duration::seconds(2));
    // The keys that sign are a minute old.
    SCHOOL.exchange(&app, &other, &[]).await.expect(200);
    SCHOOL.exchange(&app, &code, &[]).await.expect(400);
    app.advance(AGES);
    let signed_in = app.post("/api/auth/login", json!({ "email": EMAIL, "password": PASSWORD })).await.expect(200).json();
    app.advance(AGES);
    let refreshed = app.post("/api/auth/refresh-token", json!({ "refreshToken": signed_in["refreshToken"] })).await.expect(200).json();
    // A key that no node has made: in a turn, and for a product.
    let unknown = header(&json!({ "typ": "at+jwt", "alg": "EdDSA", "kid": "nobody's" })) + ".e30.x";
    app.advance(AGES);
    app.anonymous().bearer(&unknown).patch("/api/auth/change-password", json!({})).await.expect(401);
    app.advance(AGES);
    let client = app.anonymous();
    let asked = client.raw("POST", "/oauth/revoke").header("authorization", basic("school", SECRET)).form(&[("token", &unknown)]);
    client.send_raw(asked).await.expect(200);
    // A refusal that is written down.
    for _ in 0..12 {
        app.post("/api/auth/login", json!({ "email": EMAIL, "password": WRONG_PASSWORD })).await;
    }
    assert!(refreshed["accessToken"].is_string(), "{refreshed}");
    assert_eq!(app.pool.size(), 1);
}

fn header(header: &Value) -> String {
    URL_SAFE_NO_PAD.encode(header.to_string())
}
