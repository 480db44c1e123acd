//! The plans Basic OP, Config OP and RP-Initiated Logout of the OpenID foundation's conformance suite: each test has the name of a module
//! and makes its hard checks; docs/openid.md has the results. The suite itself cannot run here. It sends PKCE in one module alone; here every
//! request has it, because it is required.

mod answers;
mod logout;
mod requests;

use super::claims;
use crate::support::TestApp;
use jsonwebtoken::Algorithm;
use serde_json::Value;

async fn id_token(app: &TestApp, tokens: &Value) -> Value {
    claims(app, tokens["id_token"].as_str().expect("an ID token"), Algorithm::EdDSA).await
}

fn access(tokens: &Value) -> &str {
    tokens["access_token"].as_str().expect("an access token")
}
