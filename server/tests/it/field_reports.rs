//! What people met with in the field on comparable products, tried here: values out of clipboards, addresses of many countries,
//! digits that are two things at once, devices, photos.

mod devices;
mod identifiers;
mod pasted;

use crate::support::{Answer, TestApp};
use serde_json::Value;

/// Changes something of the account of an access token.
async fn patch(app: &TestApp, access: &str, path: &str, body: Value) -> Answer {
    let client = app.anonymous().bearer(access);
    client.send_raw(client.raw("PATCH", path).json(&body)).await
}
