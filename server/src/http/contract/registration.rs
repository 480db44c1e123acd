//! Refusals as 001 has them: `{error, campos}`.

use serde_json::{Value, json};

pub(super) fn body(detail: &str, errors: Option<Value>) -> Value {
    let mut body = json!({ "error": detail });
    if let (Some(errors), Some(body)) = (errors, body.as_object_mut()) {
        body.insert("campos".to_owned(), errors);
    }
    body
}
