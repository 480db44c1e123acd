//! `[brand]` and `[kinds.…]`: names, colours and kinds by every door.

use crate::support::TestApp;
use crate::support::people::{
    CNPJ, EMAIL, OTHER_EMAIL, OTHER_PHONE, PASSWORD, PHONE, client, client_form, company_form, registration, teacher,
};
use portaria::field::Field;
use portaria::journey::Kind;
use portaria::kinds::{fixed, free};
use serde_json::{Value, json};

const AURORA: &str = "[brand]\nname = \"Colégio Aurora & Cia\"\nhelp = \"https://ajuda.aurora.example/\"\n\
                      product = \"https://app.aurora.example/\"\n[brand.light]\naccent = \"#5b2a86\"\n\
                      [kinds.professor]\nlabel = \"Mestre\"\nlabel_en = \"Master\"\nlead = \"Para quem dá aulas na Aurora.\"";
const ALL_CLOSED: &str = "[kinds.cliente]\nopen = false\n[kinds.professor]\nopen = false\n[kinds.caronista]\nopen = false\n\
                          [kinds.empresa]\nopen = false";

#[tokio::test]
async fn pages_messages_and_the_api_have_the_name_the_colours_and_the_addresses_of_the_brand() {
    let app = TestApp::start_with_file(AURORA).await;
    let home = app.get("/").await.expect(200).text;
    assert!(home.contains("· Colégio Aurora &amp; Cia</title>") && home.contains("<span>Colégio Aurora &amp; Cia</span>"), "{home}");
    assert!(home.contains("href=\"https://ajuda.aurora.example/\"") && !home.contains("Portaria<"), "{home}");
    assert!(home.contains("Criar conta de Mestre") && !home.contains("Registrar como Professor"), "{home}");
    let choice = app.get("/register").await.expect(200).text;
    assert!(choice.contains(">Mestre</a>") && choice.contains("Para quem dá aulas na Aurora."), "{choice}");

    // Whoever comes for the first time may be sent the colours within the page.
    let linked = app.anonymous().header("sec-fetch-dest", "empty").get("/").await.expect(200).text;
    let from = linked.find("/brand/").expect("a style sheet");
    let address = linked[from..].split('"').next().expect("an address").to_owned();
    let colours = app.get(&address).await.expect(200);
    assert_eq!(colours.header("cache-control"), "public, max-age=31536000, immutable");
    assert!(colours.header("content-type").starts_with("text/css") && colours.text.contains("--accent:#5b2a86;"), "{}", colours.text);
    let older = app.get("/brand/older/colours.css").await.expect(200);
    assert_eq!(older.header("cache-control"), "no-cache");
    app.get("/brand/older/logo.svg").await.expect(404);

    let by_sms = json!({ "fullName": "Ana Souza", "phone": PHONE, "channel": "sms" });
    app.post("/api/auth/register/client", by_sms).await.expect(202);
    let sms = app.newest_to(PHONE).await["body"].as_str().expect("a text").to_owned();
    assert!(sms.starts_with("Colegio Aurora & Cia: seu codigo") && sms.is_ascii(), "{sms}");
    app.teacher().await;
    let mail = &app.messages_to(EMAIL).await[0];
    let (text, html) = (mail["body"].as_str().expect("a text"), mail["html"].as_str().expect("a page"));
    assert!(
        text.contains("automática de Colégio Aurora & Cia.") && text.contains("Precisa de ajuda? https://ajuda.aurora.example/"),
        "{text}"
    );
    assert!(html.contains("background:#5b2a86;color:#ffffff") && html.contains("Colégio Aurora &amp; Cia</p>"), "{html}");
    let browser = app.sign_in_by_page(EMAIL, PASSWORD).await;
    let dashboard = browser.get("/dashboard").await.expect(200).text;
    assert!(dashboard.contains("href=\"https://app.aurora.example/\"") && dashboard.contains("Mestre"), "{dashboard}");
    assert_eq!(app.get("/api/openapi.json").await.expect(200).json()["info"]["title"], "API de Colégio Aurora & Cia");
    app.ignore_messages();
}

#[tokio::test]
async fn a_closed_kind_is_refused_at_every_door_in_the_shape_of_each_contract() {
    let app = TestApp::start_with_file(ALL_CLOSED).await;
    for (path, body) in [("/api/auth/register/client", client(PHONE)), ("/api/auth/register/teacher", teacher(EMAIL))] {
        let problem = app.post(path, body).await.expect_problem(403);
        assert_eq!(problem.json()["type"], "urn:portaria:problem:kind-closed", "{path}");
        // What else is wrong does not matter.
        app.post(path, json!({})).await.expect_problem(403);
    }
    let registered = app.post("/api/register", registration(EMAIL)).await.expect(403);
    assert_eq!(registered.keys(), ["error"]);
    let rider = json!({ "name": "Rian", "username": "rian.lucas", "email": EMAIL, "password": PASSWORD });
    let carona = app.post("/auth/register", rider).await.expect(403).json();
    assert_eq!((&carona["success"], &carona["error"]["code"]), (&json!(false), &json!("REQUEST_001")));
    for slug in ["client", "teacher", "company", "carona"] {
        let page = app.get(&format!("/register/{slug}")).await.expect(404).text;
        assert!(page.contains("Página não encontrada") && !page.contains("sign_up"), "{page}");
    }
    let browser = app.anonymous();
    browser.form("/register/company", "sign_up", &company_form(CNPJ, EMAIL)).await.expect(404);
    let choice = app.get("/register").await.expect(200).text;
    assert!(!choice.contains("class=\"card\"") && choice.contains("Não estamos aceitando novos cadastros."), "{choice}");
    assert!(!app.get("/").await.expect(200).text.contains("href=\"/register"));
    assert_eq!(app.count("select count(*) from accounts").await + app.count("select count(*) from signups").await, 0);
    assert!(app.messages().await.is_empty());
}

#[tokio::test]
async fn what_was_begun_before_a_kind_closed_ends_and_its_people_sign_in() {
    let app = TestApp::start().await;
    app.proved_teacher(OTHER_EMAIL).await;
    let browser = app.anonymous();
    let begun = browser.form("/register/client", "sign_up", &client_form(PHONE)).await.expect(303);
    let code = app.code_to(PHONE).await;
    let closed = app.node_with_file(ALL_CLOSED).await;
    closed.sign_in(OTHER_EMAIL, PASSWORD).await.profile().await;
    let here = closed.same_browser(&browser);
    let page = here.get(begun.location()).await.expect(200).text;
    assert!(page.contains("name=\"code\""), "{page}");
    here.form(begun.location(), "prove_code", &[("code", &code)]).await.expect(303);
    here.get("/dashboard").await.expect(200);
    // Another one is not begun.
    closed.anonymous().form("/register/client", "sign_up", &client_form(PHONE)).await.expect(404);
    app.ignore_messages();
    closed.ignore_messages();
}

#[tokio::test]
async fn the_api_says_which_kinds_are_open_and_what_each_is_asked() {
    let file = "[kinds.caronista]\nopen = false\n[kinds.professor]\nneed = [\"institution\"]\n\
                [kinds.cliente]\nask = [\"name\", \"phone\", \"institution\"]";
    let app = TestApp::start_with_file(file).await;
    let document = app.get("/api/openapi.json").await.expect(200).json();
    let body = |path: &str| document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"].clone();
    assert_eq!(body("/api/register")["properties"]["tipo_usuario"]["enum"], json!(["cliente", "professor", "empresa"]));
    assert!(body("/api/auth/register/teacher")["required"].as_array().expect("a list").contains(&json!("institution")));
    let client_body = body("/api/auth/register/client");
    assert!(client_body["properties"]["institution"].is_object() && client_body["properties"]["password"].is_null(), "{client_body}");

    let refused = app.post("/api/auth/register/teacher", teacher(EMAIL)).await.expect_problem(400);
    assert_eq!(refused.errors("institution").len(), 1);
    let form = app.get("/register/client").await.expect(200).text;
    assert!(form.contains("name=\"institution\"") && !form.contains("name=\"password\"") && !form.contains("name=\"email\""), "{form}");
    let mut asked = client(PHONE);
    asked["institution"] = json!("UFMG");
    app.post("/api/auth/register/client", asked).await.expect(202);
    let code = app.code_to(PHONE).await;
    let owner = app.whoever_got(&app.verify(PHONE, &code).await.expect(201));
    assert_eq!(owner.profile().await["institution"], "UFMG");
    app.ignore_messages();
}

/// `[kinds.…]` where every kind asks for all that it may, and needs it or not.
fn asking_everything(needed: bool) -> String {
    let section = |kind: Kind| {
        let free: Vec<_> = free(kind).into_iter().map(Field::name).collect();
        let asked: Vec<_> =
            fixed(kind).filter(|field| *field != Field::PasswordConfirmation).map(Field::name).chain(free.clone()).collect();
        let need = if needed { free } else { Vec::new() };
        format!("[kinds.{}]\nask = {asked:?}\nneed = {need:?}\n", kind.as_str())
    };
    Kind::OFFERED.into_iter().map(section).collect()
}

/// The `<input>` of this name.
fn input(page: &str, name: &str) -> Option<String> {
    let named = format!("name=\"{name}\"");
    page.split("<input").skip(1).filter_map(|it| it.split('>').next()).find(|it| it.contains(&named)).map(str::to_owned)
}

#[tokio::test]
async fn every_field_that_may_be_asked_for_is_so_on_the_page_in_the_api_and_in_its_document() {
    for needed in [true, false] {
        let app = TestApp::start_with_file(&asking_everything(needed)).await;
        let document = app.get("/api/openapi.json").await.expect(200).json();
        for kind in Kind::OFFERED {
            let path = format!("/register/{}", kind.journey().slug);
            let blank = app.get(&path).await.expect(200).text;
            let refused = app.anonymous().form(&path, "sign_up", &[("slug", kind.journey().slug)]).await.expect(400).text;
            for field in free(kind) {
                assert!(input(&blank, field.name()).is_some(), "{kind:?} asks for {field:?}");
                let told = input(&refused, field.name()).is_some_and(|input| input.contains("aria-invalid=\"true\""));
                assert_eq!(told, needed, "{kind:?}: {field:?}");
            }
            let (route, of): (_, fn(Field) -> &'static str) = match kind {
                Kind::Cliente => ("/api/auth/register/client", Field::api_name),
                Kind::Professor => ("/api/auth/register/teacher", Field::api_name),
                Kind::Caronista => ("/auth/register", Field::carona_name),
                // Of 001, whose one form does not change.
                Kind::Empresa => continue,
            };
            let schema = &document["paths"][route]["post"]["requestBody"]["content"]["application/json"]["schema"];
            let answer = app.post(route, json!({})).await.expect(400).json();
            let told = if kind == Kind::Caronista { &answer["error"]["fields"] } else { &answer["errors"] };
            for field in free(kind) {
                let name = of(field);
                assert!(schema["properties"][name].is_object(), "{route}: {name} in {schema}");
                assert_eq!(schema["required"].as_array().is_some_and(|all| all.contains(&json!(name))), needed, "{route}: {name}");
                assert_eq!(told[name] != Value::Null, needed, "{route}: {name} in {answer}");
            }
        }
        app.ignore_messages();
    }
}

#[tokio::test]
async fn a_social_name_that_was_asked_for_is_the_one_that_is_shown() {
    let app = TestApp::start_with_file(&asking_everything(false)).await;
    let mut asked = client(PHONE);
    asked["socialName"] = json!("Flor Lima");
    app.post("/api/auth/register/client", asked).await.expect(202);
    let code = app.code_to(PHONE).await;
    let owner = app.whoever_got(&app.verify(PHONE, &code).await.expect(201));
    let profile = owner.profile().await;
    assert_eq!((&profile["socialName"], &profile["fullName"]), (&json!("Flor Lima"), &json!("Ana Souza")));
    let mut form = client_form(OTHER_PHONE);
    form.push(("social_name", "Rosa"));
    let browser = app.anonymous();
    let begun = browser.form("/register/client", "sign_up", &form).await.expect(303);
    let code = app.code_to(OTHER_PHONE).await;
    browser.form(begun.location(), "prove_code", &[("code", &code)]).await.expect(303);
    let dashboard = browser.get("/dashboard").await.expect(200).text;
    assert!(dashboard.contains("Olá, Rosa") && !dashboard.contains("Ana Souza"), "{dashboard}");
    app.ignore_messages();
}

#[tokio::test]
async fn a_developer_sees_every_page_and_message_in_the_brand() {
    let app = TestApp::start_with_file(AURORA).await;
    let page = app.get("/dev/brand").await.expect(200);
    assert!(
        page.text.contains("Colégio Aurora &amp; Cia: como fica</title>") && page.text.contains("href=\"/register/teacher\""),
        "{}",
        page.text
    );
    assert!(page.text.matches("<iframe").count() > 15 && page.text.contains("Colegio Aurora &amp; Cia: seu codigo"), "{}", page.text);
    let mail = app.get("/dev/brand/mail/0").await.expect(200);
    assert!(mail.text.contains("background:#5b2a86") || mail.text.contains("#5b2a86"), "{}", mail.text);
    app.get("/dev/brand/mail/999").await.expect(404);
    app.anonymous().header("host", "evil.example").get("/dev/brand").await.expect(404);
}
