//! Every answer of the API that any test sees is as the OpenAPI document says.

use super::Answer;
use jsonschema::Validator;
use reqwest::{Method, Url};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use text::{Language, api_docs};

/// The document, as it is served over http.
pub static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let words = api_docs::texts(Language::PtBr);
    serde_json::to_value(server::http::openapi::document(words, &app::Site::default(), "http://127.0.0.1", false)).expect("JSON")
});

/// The schemas of answers, closed: a member that the document does not name is found.
static COMPONENTS: LazyLock<Value> = LazyLock::new(|| {
    let mut components = DOCUMENT["components"].clone();
    close(&mut components);
    components
});

fn close(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            if object.get("properties").is_some_and(Value::is_object) && !object.contains_key("additionalProperties") {
                object.insert("additionalProperties".to_owned(), json!(false));
            }
            object.values_mut().for_each(close);
        }
        Value::Array(list) => list.iter_mut().for_each(close),
        _ => {}
    }
}

/// A validator for a schema that may refer to those of the document.
pub fn validator(schema: &Value, components: &Value) -> Validator {
    jsonschema::draft202012::new(&json!({ "components": components, "allOf": [schema] }))
        .unwrap_or_else(|error| panic!("{error}: {schema}"))
}

/// Expects a value to be valid.
#[track_caller]
pub fn expect_valid(validator: &Validator, value: &Value, what: &str) {
    let errors: Vec<_> = validator.iter_errors(value).map(|error| format!("{} at {}", error, error.instance_path())).collect();
    assert!(errors.is_empty(), "{what} is not as the OpenAPI document says: {errors:#?} in {value:#}");
}

/// The operation of a request; `None`: it is for no route of the document.
fn operation(method: &Method, path: &str) -> Option<(&'static str, &'static Map<String, Value>)> {
    let method = if *method == Method::HEAD { "get".to_owned() } else { method.as_str().to_lowercase() };
    let is_at = |template: &str| {
        let (mut own, mut asked) = (template.split('/'), path.split('/'));
        loop {
            match (own.next(), asked.next()) {
                (None, None) => return true,
                (Some(own), Some(asked)) if own == asked || (own.starts_with('{') && !asked.is_empty()) => {}
                _ => return false,
            }
        }
    };
    let (template, item) = DOCUMENT["paths"].as_object()?.iter().find(|(template, _)| is_at(template))?;
    Some((template, item.get(&method)?.as_object()?))
}

/// Compares an answer with the document: its status, media type, body and what its refusal is called.
#[track_caller]
pub fn expect_described(method: &Method, url: &Url, answer: &Answer) {
    let Some((template, operation)) = operation(method, url.path()) else { return };
    let what = format!("{method} {template} → {} {}", answer.status, answer.text.chars().take(400).collect::<String>());
    let response = &operation["responses"][answer.status.to_string()];
    assert!(response.is_object(), "the OpenAPI document does not know this status: {what}");
    if *method == Method::HEAD || answer.text.is_empty() {
        return;
    }
    let media = answer.header("content-type").split(';').next().unwrap_or_default().to_owned();
    let content = &response["content"][&media];
    assert!(content.is_object(), "the OpenAPI document does not know this media type: {media}, {what}");
    if !media.ends_with("json") {
        return;
    }
    let body = answer.json();
    expect_valid(&kept(template, method, answer.status, &media, &content["schema"]), &body, &what);
    // A refusal is one of the examples of its status, by its code.
    if answer.status >= 400 {
        let code = |body: &Value| [&body["type"], &body["error"]["code"]].into_iter().find_map(Value::as_str).map(str::to_owned);
        let known: Vec<_> = content["examples"].as_object().into_iter().flatten().map(|(_, example)| code(&example["value"])).collect();
        assert!(known.contains(&code(&body)), "the OpenAPI document does not know this refusal: {what}");
    }
    if answer.status == 429 {
        assert!(response["headers"]["Retry-After"].is_object() && !answer.header("retry-after").is_empty(), "{what}");
    }
}

/// Validators take long to make, so that each is made once.
fn kept(template: &str, method: &Method, status: u16, media: &str, schema: &Value) -> Arc<Validator> {
    static KEPT: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);
    let key = format!("{method} {template} {status} {media}");
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    let make = || {
        let mut schema = schema.clone();
        close(&mut schema);
        Arc::new(validator(&schema, &COMPONENTS))
    };
    kept.entry(key).or_insert_with(make).clone()
}
