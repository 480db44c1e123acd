//! `/api/openapi.json` and `/api/docs`. That the answers of the API are as the document says, every test shows
//! (`support/described.rs`).
//!
//! `openapi/oas-3.1.json` is the schema of OpenAPI 3.1 documents (<https://spec.openapis.org/oas/3.1/schema/2022-10-07>), by the
//! OpenAPI Initiative, under the Apache License 2.0.

use crate::support::TestApp;
use crate::support::described::{DOCUMENT, expect_valid, validator};
use serde_json::{Value, json};
use server::http::openapi;
use server::http::routes;
use std::collections::BTreeSet;
use text::{Language, api_docs};

/// Every operation, as `METHOD /path`.
fn operations() -> Vec<(String, &'static Value)> {
    let paths = DOCUMENT["paths"].as_object().expect("paths");
    let of_path = |(path, item): (&String, &'static Value)| {
        let operations = item.as_object().expect("operations").iter();
        operations.map(|(method, operation)| (format!("{} {path}", method.to_uppercase()), operation)).collect::<Vec<_>>()
    };
    paths.iter().flat_map(of_path).collect()
}

#[test]
fn the_document_is_a_valid_openapi_document() {
    let schema: Value = serde_json::from_str(include_str!("openapi/oas-3.1.json")).expect("JSON");
    let schema = jsonschema::draft202012::new(&schema).expect("a schema");
    expect_valid(&schema, &DOCUMENT, "the document");
    for (name, schema) in DOCUMENT["components"]["schemas"].as_object().expect("schemas") {
        assert!(jsonschema::draft202012::meta::is_valid(schema), "{name}");
    }
    assert_eq!(DOCUMENT["openapi"].as_str().map(|version| &version[..4]), Some("3.1."));
}

#[test]
fn every_route_of_the_table_is_in_the_document_and_no_other() {
    let told: BTreeSet<_> = operations().into_iter().map(|(name, _)| name).collect();
    let there: BTreeSet<_> = routes().iter().map(|route| format!("{} {}", route.method, route.path)).collect();
    assert_eq!(told, there);
}

/// The router answers every operation, and no other method at its path.
#[tokio::test]
async fn what_the_router_answers_is_what_the_document_names() {
    let app = TestApp::start().await;
    app.ignore_messages();
    for (path, item) in DOCUMENT["paths"].as_object().expect("paths") {
        let address = path.replace("{email}", "ana@example.com").replace("{id}", &"a".repeat(43));
        let told: BTreeSet<_> = item.as_object().expect("operations").keys().map(|method| method.to_uppercase()).collect();
        let refused = app.anonymous().method("PUT", &address).await.expect(405);
        let allowed: BTreeSet<_> = refused.header("allow").split(',').map(|it| it.trim().to_owned()).filter(|it| it != "HEAD").collect();
        assert_eq!(allowed, told, "{path}");
    }
}

/// Each schema of the document with the examples that stand beside it.
fn examples() -> Vec<(String, &'static Value, &'static Value)> {
    let mut all = Vec::new();
    for (name, operation) in operations() {
        let responses = operation["responses"].as_object().expect("responses");
        let answers = responses.iter().map(|(status, response)| (format!("{name} {status}"), &response["content"]));
        for (what, content) in answers.chain([(name.clone(), &operation["requestBody"]["content"])]) {
            for (media, content) in content.as_object().into_iter().flatten() {
                for (example, value) in content["examples"].as_object().into_iter().flatten() {
                    all.push((format!("{what} {media} {example}"), &content["schema"], &value["value"]));
                }
            }
        }
    }
    all
}

#[test]
fn every_example_is_a_valid_instance_of_its_schema() {
    let examples = examples();
    let of_documents = examples.iter().filter(|(what, ..)| what.contains("documento-") || what.contains("mensagem-")).count();
    assert!(examples.len() > 300 && of_documents >= 13, "{} {of_documents}", examples.len());
    for (what, schema, value) in examples {
        expect_valid(&validator(schema, &DOCUMENT["components"]), value, &what);
    }
}

#[test]
fn the_examples_of_the_documents_are_theirs_word_for_word() {
    let has = |what: &str, value: Value| {
        assert!(examples().iter().any(|(name, _, known)| name.starts_with(what) && **known == value), "{what}: {value}");
    };
    has(
        "POST /api/register",
        json!({ "nome": "João Silva", "email": "joao@example.com", "senha": "plaintext", "tipo_usuario": "cliente" }),
    );
    has("POST /api/register 201", json!({ "mensagem": "Verifique seu email para ativar sua conta", "user_id": 456 }));
    has("POST /api/register 409", json!({ "error": "Email já cadastrado" }));
    has("POST /auth/login 403", json!({ "success": false, "message": "Email não verificado", "error": { "code": "AUTH_001" } }));
    let rider = "usuario@email.com";
    has("POST /auth/register", json!({ "email": rider, "password": "senha12345", "name": "Rian Lucas", "username": "rianlucas" }));
    let sent = "Usuário registrado com sucesso. Código de verificação enviado para o email.";
    let registered = json!({ "message": sent, "email": rider, "emailVerificationRequired": true });
    has("POST /auth/register 201", json!({ "success": true, "message": "Cadastro realizado com sucesso", "data": registered }));
    has("POST /api/email-verification/verify", json!({ "email": rider, "code": "12345678" }));
    let verified = json!({ "success": true, "message": "Email verificado com sucesso!", "email": rider });
    has("POST /api/email-verification/verify 200", json!({ "success": true, "message": "Email verificado", "data": verified }));
    has("POST /api/email-verification/resend-code", json!({ "email": rider }));
    let token = json!({ "token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9..." });
    has("POST /auth/registerComplete/{email} 200", json!({ "success": true, "message": "Cadastro completo com sucesso", "data": token }));
    has("POST /auth/login", json!({ "email": rider, "password": "senha12345" }));
    has("POST /auth/login 200", json!({ "success": true, "message": "Login realizado com sucesso", "data": token }));
    let detail = |what: &str, status: u16, sentence: &str| {
        let told = examples().into_iter().any(|(name, _, value)| {
            name.starts_with(&format!("{what} {status}")) && [&value["detail"], &value["message"]].iter().any(|it| **it == sentence)
        });
        assert!(told, "{what} {status}: {sentence}");
    };
    detail("POST /api/auth/recovery/reset", 200, "Senha alterada com sucesso!");
    detail("POST /api/auth/recovery/verify", 400, "Código inválido ou expirado! Por favor, solicite um novo código.");
    detail("POST /api/auth/recovery", 404, "CPF/CNPJ inválido ou não cadastrado. Por favor, verifique os dados informados.");
    let refused = "As senhas não coincidem ou não atendem aos requisitos de segurança. Tente novamente.";
    detail("POST /api/auth/recovery/reset", 400, refused);
}

#[tokio::test]
async fn the_document_is_served_to_anybody_kept_and_compressed() {
    let app = TestApp::start().await;
    let plain = app.get("/api/openapi.json").await.expect(200);
    assert_eq!(plain.header("content-type"), "application/json");
    assert_eq!(plain.header("access-control-allow-origin"), "*");
    assert_eq!(plain.header("cache-control"), "public, max-age=600");
    assert_eq!(plain.json()["servers"], json!([{ "url": app.url }]));
    assert_eq!(plain.json()["paths"], DOCUMENT["paths"]);
    let client = app.anonymous();
    let known = client.raw("GET", "/api/openapi.json").header("if-none-match", plain.header("etag"));
    assert_eq!(client.send_raw(known).await.expect(304).text, "");
    let packed = client.raw("GET", "/api/openapi.json").header("accept-encoding", "br, gzip;q=0.5").send().await.expect("an answer");
    assert_eq!(packed.headers()["content-encoding"], "gzip");
    let packed = packed.bytes().await.expect("a body");
    assert!(packed.len() * 5 < plain.text.len(), "{} of {}", packed.len(), plain.text.len());
    let mut text = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&packed[..]), &mut text).expect("gzip");
    assert_eq!(text, plain.text);
    client.method("POST", "/api/openapi.json").await.expect_problem(405);
}

#[tokio::test]
async fn the_page_shows_every_route_loads_only_our_own_and_speaks_both_languages() {
    let app = TestApp::start().await;
    let page = app.get("/api/docs").await.expect(200);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    let policy = page.header("content-security-policy");
    assert!(policy.contains("script-src 'self';") && policy.contains("default-src 'none'"), "{policy}");
    for (name, operation) in operations() {
        let id = operation["operationId"].as_str().expect("an id");
        let (_, path) = name.split_once(' ').expect("a path");
        assert!(page.text.contains(&format!("id=\"{id}\"")) && page.text.contains(path), "{name}");
    }
    assert!(page.text.contains("<code>data.signupToken</code>") && page.text.contains("Segundos de validade"), "what answers hold");
    for forbidden in ["http://", "https://www", "//cdn", " onclick=", " style=\"", "<style"] {
        assert!(!page.text.contains(&format!("src=\"{forbidden}")) && !page.text.contains(&format!("href=\"{forbidden}")), "{forbidden}");
    }
    for own in ["/api-docs.js", "/api-docs.css"] {
        assert!(page.text.contains(own) && !app.get(own).await.expect(200).text.is_empty(), "{own}");
    }
    let english = app.anonymous().header("cookie", "portaria_language=en").get("/api/docs").await.expect(200);
    assert!(english.text.contains("lang=\"en\"") && english.text.contains("Skip to content"));
    let document = openapi::document(api_docs::texts(Language::En), &app::Site::default(), &app.url, true);
    let document = serde_json::to_value(document).expect("JSON");
    assert_eq!(document["components"]["securitySchemes"]["session"]["name"], "__Host-portaria_session");
}
