//! The page that asks whether a product may: what it gets of this very account, as whom, and in which language.

use super::journeys::hidden;
use super::{OTHERS, Product, RIDERS, clients, follow, parameter, sign_in, signed_in, start, userinfo};
use crate::support::people::{CPF, EMAIL, OTHER_EMAIL, PASSWORD};
use crate::support::{Actor, Answer, TestApp};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::Algorithm;
use serde_json::json;
use sha2::{Digest, Sha256};
use time::Duration;

const SHOP: Product = Product { id: "shop", callback: "https://feira.example/cb", has_secret: false };
const ALL: &[(&str, &str)] = &[("scope", "openid profile email phone cpf cnpj offline_access")];
/// A logo as an operator has it.
const LOGO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/brand/logo.svg");

/// A product of others with a logo that may ask for everything, besides the usual ones.
async fn with_shop() -> TestApp {
    let shop = format!(
        "[[clients]]\nid = \"shop\"\nname = \"feira livre\"\nredirect_uris = [\"{}\"]\nlogo = \"{LOGO}\"\nid_token_alg = \"EdDSA\"\n\
         scopes = [\"openid\", \"profile\", \"email\", \"phone\", \"cpf\", \"cnpj\", \"offline_access\"]\n",
        SHOP.callback
    );
    let app = TestApp::start_with_file(&[clients(Algorithm::EdDSA), shop].concat()).await;
    app.ignore_messages();
    app
}

async fn in_browser(app: &TestApp) -> Actor<'_> {
    app.sign_in_by_page(EMAIL, PASSWORD).await.header("accept", "text/html")
}

/// Answers the page as its form does.
async fn says(browser: &Actor<'_>, page: &Answer, answer: &str) -> Answer {
    let account = page.text.split("name=\"account\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("an account");
    let form = [("request", hidden(&page.text)), ("account", account.to_owned()), ("answer", answer.to_owned())];
    browser.send_raw(browser.raw("POST", "/oauth/consent").header("sec-fetch-site", "same-origin").form(&form)).await
}

/// What a page says of each thing that is given: its name, and its value.
fn given(page: &str) -> Vec<(String, String)> {
    let list = page.split("<ul class=\"checks\">").nth(1).and_then(|rest| rest.split("</ul>").next()).expect("a list");
    let texts =
        |item: &str, before: &str| item.split(before).nth(1).and_then(|rest| rest.split("</p>").next()).unwrap_or_default().to_owned();
    list.split("<li>").skip(1).map(|item| (texts(item, "<p>"), texts(item, "<p class=\"hint\">"))).collect()
}

#[tokio::test]
async fn a_person_sees_what_leaves_of_their_account_and_of_a_cnpj_no_word() {
    let app = with_shop().await;
    let teacher = app.teacher().await;
    let browser = in_browser(&app).await;
    let none = "Ainda não consta na sua conta";
    let listed = |page: &Answer| given(&page.text).into_iter().filter(|(name, _)| name != "A foto do seu perfil").collect::<Vec<_>>();
    let line = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mut expected = vec![
        line("Um número que identifica sua conta", ""),
        line("Nome", "Carla Dias"),
        line("E-mail confirmado", EMAIL),
        line("Celular confirmado", none),
        line("CPF", none),
        line("Continuar conectado sem pedir de novo", ""),
    ];
    let page = browser.get(&SHOP.address(ALL)).await.expect(200);
    assert_eq!(listed(&page), expected);
    assert!(!page.text.contains("CNPJ") && !page.text.contains("por inteiro"), "{}", page.text);
    teacher.give_document("cpf", CPF).await;
    let page = browser.get(&SHOP.address(ALL)).await.expect(200);
    expected[4] = line("CPF", "***.982.247-**");
    assert_eq!(listed(&page), expected);
    assert!(page.text.contains("o serviço os recebe por inteiro"), "{}", page.text);

    // What was not shown is not given, and is asked for when it is there.
    let back = says(&browser, &page, "yes").await.expect(303);
    let code = parameter(back.location(), "code").expect("a code");
    let tokens = SHOP.exchange(&app, &code, &[]).await.expect(200).json();
    assert_eq!(tokens["scope"], "openid profile email phone cpf offline_access");
    SHOP.code(&browser, ALL).await;
    teacher.change(json!({ "cnpj": crate::support::people::CNPJ })).await.expect(200);
    let told = userinfo(&app, tokens["access_token"].as_str().expect("a token")).await.expect(200).json();
    assert!(told["cpf"] == "52998224725" && told["cnpj"].is_null(), "{told}");
    let page = browser.get(&SHOP.address(ALL)).await.expect(200);
    assert!(given(&page.text).contains(&line("CNPJ", "**.ABC.345/01DE-**")), "{}", page.text);
}

#[tokio::test]
async fn a_company_is_asked_for_its_cnpj_and_of_a_cpf_no_word_anywhere() {
    let app = with_shop().await;
    app.company().await;
    let browser = in_browser(&app).await;
    let page = browser.get(&SHOP.address(ALL)).await.expect(200);
    let lines = given(&page.text);
    assert!(lines.contains(&("CNPJ".to_owned(), "**.ABC.345/01DE-**".to_owned())), "{lines:?}");
    assert!(lines.contains(&("Nome da empresa".to_owned(), "Padaria Aurora".to_owned())), "{lines:?}");
    says(&browser, &page, "yes").await.expect(303);
    let listed = browser.get("/profile/products").await.expect(200);
    let own = browser.get("/profile/data").await.expect(200);
    for page in [page, listed, own] {
        let list = page.text.split("<main").nth(1).and_then(|rest| rest.split("</main>").next()).expect("a page");
        // The word stands in the paragraph on the file of all data.
        let list = list.replace("Ele traz seu CPF", "");
        assert!(list.contains("CNPJ") && !list.contains("CPF") && !list.contains("Data de nascimento"), "{list}");
    }
}

#[tokio::test]
async fn the_page_says_as_whom_and_whoever_has_another_account_goes_on_with_that() {
    let app = start().await;
    app.proved_teacher(OTHER_EMAIL).await;
    let browser = signed_in(&app).await;
    let asked = OTHERS.address(&[("scope", "openid email"), ("login_hint", EMAIL), ("ui_locales", "en")]);
    let page = browser.get(&asked).await.expect(200);
    assert!(page.text.contains("<strong>Carla Dias</strong>") && page.text.contains(EMAIL), "{}", page.text);
    // No other site, and no form of an earlier page, takes anybody out of the account or the request.
    let account = app.count("select min(id) from accounts").await.to_string();
    let form = |request: &str| [("request", request.to_owned()), ("account", account.clone()), ("answer", "another".to_owned())];
    let foreign = browser.raw("POST", "/oauth/consent").header("sec-fetch-site", "cross-site").form(&form(&hidden(&page.text)));
    browser.send_raw(foreign).await.expect(403);
    let stale = browser.raw("POST", "/oauth/consent").header("sec-fetch-site", "same-origin").form(&form("stale"));
    assert_eq!(hidden(&browser.send_raw(stale).await.expect(200).text), hidden(&page.text));

    let requests = async || app.count("select count(*) from openid_requests").await;
    let before = requests().await;
    let again = says(&browser, &page, "another").await.expect(303);
    assert_eq!((again.location(), requests().await), ("/login", before), "the same request waits");
    let sign_in_page = browser.get("/login").await.expect(200);
    assert!(sign_in_page.text.contains("name=\"identifier\"") && !sign_in_page.text.contains(EMAIL), "{}", sign_in_page.text);
    assert!(sign_in_page.text.contains("<html lang=\"en\""), "as the product asked");
    browser.get("/profile/products").await.expect(200);
    // The page of before says nothing of the request any more.
    assert_eq!(says(&browser, &page, "yes").await.expect(303).location(), "/login");
    let other = browser.form("/login", "sign_in", &[("identifier", OTHER_EMAIL), ("password", PASSWORD)]).await;
    let page = follow(&browser, other).await.expect(200);
    assert!(page.text.contains(OTHER_EMAIL) && !page.text.contains(EMAIL), "{}", page.text);
    let code = parameter(says(&browser, &page, "yes").await.expect(303).location(), "code").expect("a code");
    let tokens = OTHERS.exchange(&app, &code, &[]).await.expect(200).json();
    let told = userinfo(&app, tokens["access_token"].as_str().expect("a token")).await.expect(200).json();
    assert_eq!(told["email"], OTHER_EMAIL);

    // Whom the product means is nobody else.
    let hint = tokens["id_token"].as_str().expect("an ID token");
    let meant = browser.get(&OTHERS.address(&[("id_token_hint", hint), ("prompt", "consent")])).await.expect(200);
    assert!(!meant.text.contains("value=\"another\""), "{}", meant.text);
    // What waited is gone: there is nothing to go on with.
    let lapsed = browser.get(&asked).await.expect(303);
    assert!(parameter(lapsed.location(), "code").is_some(), "it agreed before");
}

#[tokio::test]
async fn every_page_is_there_in_the_other_language_and_stays_what_it_was() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let asked = [("scope", "openid email"), ("ui_locales", "pt-BR")];
    for (path, status, heading) in [
        (OTHERS.address(&asked), 200, "Sign in to Loja do Zé?"),
        (RIDERS.address(&asked[1..]), 403, "Caronas is for another kind of account"),
        ("/profile/products".to_owned(), 200, "Services with access to your account"),
        ("/oauth/logout?client_id=school&ui_locales=pt-BR".to_owned(), 200, "Sign out of your account?"),
        (OTHERS.address(&[("client_id", "nobody"), ("ui_locales", "pt-BR")]), 400, "There is no going on from here"),
    ] {
        let page = browser.get(&path).await.expect(status);
        assert!(page.text.contains("<html lang=\"pt-BR\"") && page.text.contains("aria-label=\"Idioma\""), "{path}: {}", page.text);
        let next = page.text.split("name=\"next\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a way");
        let fields = [("language", "en"), ("next", &next.replace("&amp;", "&"))];
        let chosen = browser.form("/", "choose_language", &fields).await.expect(303);
        let page = browser.get(chosen.location()).await.expect(status);
        assert!(page.text.contains("<html lang=\"en\"") && page.text.contains(heading), "{path}: {}", page.text);
        browser.form("/", "choose_language", &[("language", "pt-BR"), ("next", "/")]).await.expect(303);
    }
}

#[tokio::test]
async fn the_ways_of_an_account_are_at_the_head_of_its_pages_and_not_where_a_product_waits() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let ways = ["href=\"/dashboard\"", "href=\"/profile\"", "value=\"sign_out\""];
    for (path, status, has_ways) in [
        ("/profile/products".to_owned(), 200, true),
        ("/oauth/logout".to_owned(), 200, false),
        (RIDERS.address(&[]), 403, true),
        (OTHERS.address(&[]), 200, false),
        (OTHERS.address(&[("client_id", "nobody")]), 400, false),
    ] {
        let page = browser.get(&path).await.expect(status);
        let head = page.text.split("<main").next().expect("a head");
        assert!(ways.iter().all(|way| head.contains(way) == has_ways), "{path}: {head}");
        assert!(head.contains("class=\"skip\" href=\"#main\""), "{path}: {head}");
        let style = head.split("href=\"/oauth/page.css").nth(1).and_then(|rest| rest.split('"').next()).expect("a style sheet");
        let style = app.get(&format!("/oauth/page.css{style}")).await.expect(200);
        assert_eq!(style.header("cache-control"), "public, max-age=31536000, immutable");
    }
}

/// The address of the logo on a page.
fn logo(page: &Answer) -> Option<String> {
    let address = page.text.split("src=\"/logos/").nth(1)?.split('"').next()?;
    Some(format!("/logos/{address}"))
}

#[tokio::test]
async fn a_product_is_shown_by_its_logo_or_by_its_first_letter() {
    let app = with_shop().await;
    let browser = signed_in(&app).await;
    let page = browser.get(&SHOP.address(&[])).await.expect(200);
    let address = logo(&page).expect("a logo");
    let policy = page.header("content-security-policy");
    assert!(policy.contains("img-src 'self'"), "{policy}");
    says(&browser, &page, "yes").await.expect(303);
    let none = browser.get(&OTHERS.address(&[])).await.expect(200);
    assert_eq!(logo(&none), None);
    assert!(none.text.contains("aria-hidden=\"true\">L</span>"), "{}", none.text);
    let listed = browser.get("/profile/products").await.expect(200);
    assert_eq!(logo(&listed).as_ref(), Some(&address));

    // It is a picture, for whoever has its address.
    let drawn = app.anonymous().get(&address).await.expect(200);
    assert_eq!((drawn.header("content-type"), drawn.header("x-content-type-options")), ("image/svg+xml", "nosniff"));
    assert_eq!(drawn.header("cache-control"), "public, max-age=31536000, immutable");
    let policy = drawn.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.ends_with("sandbox"), "{policy}");
    assert_eq!(drawn.header("cross-origin-resource-policy"), "same-origin");
    assert!(drawn.text.contains("Colégio Aurora"), "{}", drawn.text);
    assert_eq!(app.second_node().await.get(&address).await.expect(200).text, drawn.text, "on each node");
}

/// Whoever knows what a product's logo looks like does not find out by it whether the product is one of ours. That the address is made of
/// the secret, too: `server/src/config/tests/clients.rs`.
#[tokio::test]
async fn no_logo_is_found_by_what_is_known_of_its_product() {
    let app = with_shop().await;
    let browser = signed_in(&app).await;
    let address = logo(&browser.get(&SHOP.address(&[])).await.expect(200)).expect("a logo");
    let drawn = app.get(&address).await.expect(200).text;
    let by_itself = URL_SAFE_NO_PAD.encode(&Sha256::digest(&drawn)[..16]);
    let stranger = app.anonymous();
    for path in ["/logos/shop.svg", "/logos/", "/logos/x", &format!("/logos/{by_itself}.svg"), &address.to_uppercase()] {
        stranger.get(path).await.expect(404);
    }
    TestApp::start().await.get(&address).await.expect(404);
}

#[tokio::test]
async fn whoever_signs_in_again_for_a_product_is_not_asked_as_somebody_else() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let page = browser.get(&OTHERS.address(&[])).await.expect(200);
    says(&browser, &page, "another").await.expect(303);
    // The same person after all: shown who they are, they are asked as before.
    let page = follow(&browser, sign_in(&browser).await).await.expect(200);
    assert!(page.text.contains("Entrar em Loja do Zé?") && page.text.contains(EMAIL), "{}", page.text);
    says(&browser, &page, "no").await.expect(303);
    assert_eq!(app.count("select count(*) from openid_requests").await, 0);
}

/// Who agreed too late for `max_age` signs in first; if somebody else does, they have agreed to nothing.
#[tokio::test]
async fn nobody_agrees_on_behalf_of_whoever_signs_in_after_them() {
    let app = start().await;
    app.proved_teacher(OTHER_EMAIL).await;
    let browser = signed_in(&app).await;
    let page = browser.get(&OTHERS.address(&[("scope", "openid email"), ("max_age", "60")])).await.expect(200);
    app.advance(Duration::seconds(61));
    assert_eq!(says(&browser, &page, "yes").await.expect(303).location(), "/login");
    app.advance(Duration::seconds(1));
    let other = browser.form("/login", "sign_in", &[("identifier", OTHER_EMAIL), ("password", PASSWORD)]).await;
    let asked = follow(&browser, other).await.expect(200);
    assert!(asked.text.contains("Entrar em Loja do Zé?") && asked.text.contains(OTHER_EMAIL), "{}", asked.text);
    assert_eq!(app.count("select count(*) from openid_grants").await, 0);
}
