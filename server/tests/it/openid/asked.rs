//! What a product asks for beyond a sign-in: whom, as what, and in which language.

use super::{OTHERS, PAGE, Product, RIDERS, SCHOOL, browser, claims, clients, follow, parameter, sign_in, signed_in, start};
use crate::support::people::{EMAIL, OTHER_EMAIL, PASSWORD, PHONE, teacher};
use crate::support::{Actor, Answer, TestApp};
use jsonwebtoken::Algorithm;
use serde_json::Value;
use time::Duration;

const MIXED: Product = Product { id: "mixed", callback: "https://mixed.example/cb", has_secret: false };
const CREATE: (&str, &str) = ("prompt", "create");

/// A product for riders and teachers, besides the usual ones.
fn with_mixed(kinds: &str) -> String {
    let mixed = "[[clients]]\nid = \"mixed\"\nname = \"Misto\"\nredirect_uris = [\"https://mixed.example/cb\"]\ntrusted = true\n\
                 kinds = [\"caronista\", \"professor\"]\nid_token_alg = \"EdDSA\"\n";
    [&clients(Algorithm::EdDSA), mixed, kinds].concat()
}

/// The kinds that a page offers.
fn offered(page: &Answer) -> Vec<&'static str> {
    let slugs = ["client", "teacher", "carona", "company"];
    slugs.into_iter().filter(|slug| page.text.contains(&format!("href=\"/register/{slug}\""))).collect()
}

#[tokio::test]
async fn whoever_is_to_sign_up_chooses_among_the_kinds_that_the_product_lets_in() {
    let app = TestApp::start_with_file(&with_mixed("")).await;
    let ana = browser(&app);
    assert_eq!(ana.get(&MIXED.address(&[CREATE])).await.expect(303).location(), "/register");
    assert_eq!(offered(&ana.get("/register").await.expect(200)), ["teacher", "carona"]);
    let stranger = browser(&app);
    assert_eq!(offered(&stranger.get("/register").await.expect(200)).len(), 4, "the page of everybody is as it was");
    assert_eq!(offered(&ana.get("/register").await.expect(200)), ["teacher", "carona"]);
    assert_eq!(browser(&app).get(&RIDERS.address(&[CREATE])).await.expect(303).location(), "/register/carona");
    assert_eq!(browser(&app).get(&SCHOOL.address(&[CREATE])).await.expect(303).location(), "/register");
    // Whoever signs in instead finds the same choice behind the link to it.
    let rian = browser(&app);
    rian.get(&MIXED.address(&[])).await.expect(303);
    assert_eq!(offered(&rian.get("/register").await.expect(200)), ["teacher", "carona"]);
}

#[tokio::test]
async fn a_kind_that_is_closed_is_not_offered() {
    let app = TestApp::start_with_file(&with_mixed("[kinds.caronista]\nopen = false\n")).await;
    let ana = browser(&app);
    assert_eq!(ana.get(&MIXED.address(&[CREATE])).await.expect(303).location(), "/register/teacher", "the one that is left");
    assert_eq!(offered(&ana.get("/register").await.expect(200)), ["teacher"]);
    let rian = browser(&app);
    assert_eq!(rian.get(&RIDERS.address(&[CREATE])).await.expect(303).location(), "/register", "none is left");
    let page = rian.get("/register").await.expect(200);
    assert!(offered(&page).is_empty() && page.text.contains("href=\"/login\""), "{}", page.text);
}

#[tokio::test]
async fn a_hint_fills_the_field_of_the_sign_in_and_no_other_browsers() {
    let app = start().await;
    app.proved_teacher(EMAIL).await;
    let browser = browser(&app);
    let hinted = |hint: &str| format!("value=\"{hint}\"");
    browser.get(&SCHOOL.address(&[("login_hint", EMAIL)])).await.expect(303);
    let page = browser.raw("GET", "/login").header("accept-encoding", "gzip, br");
    let page = browser.send_raw(page).await.expect(200);
    assert!(page.text.contains(&hinted(EMAIL)), "{}", page.text);
    assert_eq!(page.header("content-encoding"), "", "it says something of the person");
    assert!(!browser.get("/login?by=code").await.expect(200).text.contains(EMAIL), "it is no phone");
    assert!(!super::browser(&app).get("/login").await.expect(200).text.contains(EMAIL));
    // What was typed counts more.
    let wrong = browser.form("/login", "sign_in", &[("identifier", OTHER_EMAIL), ("password", "errada")]).await.expect(401);
    assert!(wrong.text.contains(&hinted(OTHER_EMAIL)) && !wrong.text.contains(EMAIL));
    let back = follow(&browser, sign_in(&browser).await).await;
    assert!(parameter(back.location(), "code").is_some(), "{}", back.location());
    browser.form("/dashboard", "sign_out", &[]).await.expect(303);
    assert!(!browser.get("/login").await.expect(200).text.contains(EMAIL), "it was for that request");
    // Whatever it is, it is a text in a field.
    browser.get(&SCHOOL.address(&[("login_hint", "\"><script>alert(1)</script>")])).await.expect(303);
    let page = browser.get("/login").await.expect(200);
    assert!(!page.text.contains("<script>alert") && page.text.contains("&lt;script&gt;alert(1)"), "{}", page.text);
    browser.get(&SCHOOL.address(&[("login_hint", PHONE)])).await.expect(303);
    assert!(browser.get("/login?by=code").await.expect(200).text.contains(&hinted(PHONE)));
}

#[tokio::test]
async fn the_pages_speak_the_language_that_the_product_asks_for_as_long_as_it_waits() {
    let app = start().await;
    let is_english = |page: &Answer| page.text.contains("<html lang=\"en\"");
    let browser = signed_in(&app).await;
    browser.form("/dashboard", "sign_out", &[]).await.expect(303);
    for (list, english) in [("en-US pt-BR", true), ("fr en", true), ("pt-BR en", false), ("fr", false), ("", false)] {
        browser.get(&OTHERS.address(&[("ui_locales", list), ("scope", "openid email")])).await.expect(303);
        for path in ["/login", "/register", "/register/teacher"] {
            assert_eq!(is_english(&browser.get(path).await.expect(200)), english, "{list}: {path}");
        }
    }
    // The person may choose another one.
    browser.get(&OTHERS.address(&[("ui_locales", "en"), ("scope", "openid email")])).await.expect(303);
    browser.form("/login", "choose_language", &[("language", "pt-BR"), ("next", "/login")]).await.expect(303);
    assert!(!is_english(&browser.get("/login").await.expect(200)));
    // The page of consent, at once and after a sign-in; afterwards everything is as before.
    browser.get(&OTHERS.address(&[("ui_locales", "en"), ("scope", "openid email")])).await.expect(303);
    let page = follow(&browser, sign_in(&browser).await).await;
    assert!(is_english(&page) && page.text.contains("Confirmed email"), "{}", page.text);
    let page = browser.get(&OTHERS.address(&[("ui_locales", "en"), ("scope", "openid email")])).await.expect(200);
    assert!(is_english(&page), "{}", page.text);
    let account = app.count("select id from accounts").await.to_string();
    let form = [("request", super::journeys::hidden(&page.text)), ("account", account), ("answer", "yes".to_owned())];
    let yes = browser.raw("POST", "/oauth/consent").header("sec-fetch-site", "same-origin").form(&form);
    let back = browser.send_raw(yes).await.expect(303);
    assert!(parameter(back.location(), "code").is_some());
    assert!(back.cookie("portaria_asked_language").contains("Max-Age=0"), "{:?}", back.cookies());
    assert!(!is_english(&browser.get("/dashboard").await.expect(200)));
    let other = browser.get(&RIDERS.address(&[("ui_locales", "en")])).await.expect(403);
    assert!(is_english(&other), "{}", other.text);
    let asked = browser.get("/oauth/logout?client_id=school&ui_locales=en").await.expect(200);
    assert!(is_english(&asked), "{}", asked.text);
}

async fn id_token(app: &TestApp, browser: &Actor<'_>, product: Product) -> String {
    let tokens = product.tokens(app, browser, &[]).await;
    tokens["id_token"].as_str().expect("an ID token").to_owned()
}

fn error(answer: &Answer) -> Option<String> {
    parameter(answer.location(), "error")
}

/// OpenID Connect Core §3.1.2.1: whom the product means is answered for, and nobody else.
#[tokio::test]
async fn a_product_that_means_somebody_gets_nobody_else() {
    let app = start().await;
    let ana = signed_in(&app).await;
    let of_ana = id_token(&app, &ana, SCHOOL).await;
    let sub = claims(&app, &of_ana, Algorithm::EdDSA).await["sub"].clone();
    app.post("/api/auth/register/teacher", teacher(OTHER_EMAIL)).await.expect(201);
    app.open_link_to(OTHER_EMAIL).await.expect(200);
    let bia = browser(&app);
    bia.form("/login", "sign_in", &[("identifier", OTHER_EMAIL), ("password", PASSWORD)]).await.expect(303);
    let meant = [("id_token_hint", of_ana.as_str())];
    let unseen = [("id_token_hint", of_ana.as_str()), ("prompt", "none")];
    // Whoever is meant goes on, also when the hint has lapsed.
    app.advance(Duration::hours(2));
    for more in [&meant[..], &unseen[..]] {
        let back = ana.get(&SCHOOL.address(more)).await.expect(303);
        assert!(parameter(back.location(), "code").is_some(), "{}", back.location());
    }
    // Another person is asked to sign in, and unseen is no answer.
    assert_eq!(error(&bia.get(&SCHOOL.address(&unseen)).await.expect(303)).as_deref(), Some("login_required"));
    assert_eq!(bia.get(&SCHOOL.address(&meant)).await.expect(303).location(), "/login");
    let back = follow(&bia, sign_in(&bia).await).await;
    let code = parameter(back.location(), "code").unwrap_or_else(|| panic!("{}", back.location()));
    let tokens: Value = SCHOOL.exchange(&app, &code, &[]).await.expect(200).json();
    assert_eq!(claims(&app, tokens["id_token"].as_str().expect("a token"), Algorithm::EdDSA).await["sub"], sub);
    // Whoever signs in as somebody else all the same: the product is told.
    let eve = browser(&app);
    eve.get(&SCHOOL.address(&meant)).await.expect(303);
    let back = eve.form("/login", "sign_in", &[("identifier", OTHER_EMAIL), ("password", PASSWORD)]).await;
    let back = follow(&eve, back).await;
    assert_eq!(error(&back).as_deref(), Some("login_required"), "{}", back.location());
    eve.get("/dashboard").await.expect(200);
    // Nobody is signed in.
    assert_eq!(error(&browser(&app).get(&SCHOOL.address(&unseen)).await.expect(303)).as_deref(), Some("login_required"));
    // What is none of the product's ID tokens says nothing, and unseen nobody is answered for.
    let of_others = id_token(&app, &ana, PAGE).await;
    let access = SCHOOL.tokens(&app, &ana, &[]).await["access_token"].as_str().expect("a token").to_owned();
    let forged = of_ana.rsplit_once('.').map(|(signed, _)| format!("{signed}.AAAA")).expect("a JWT");
    for hint in ["x", "a.b.c", &of_others, &access, &forged] {
        let back = ana.get(&SCHOOL.address(&[("id_token_hint", hint)])).await.expect(303);
        assert!(parameter(back.location(), "code").is_some(), "{hint}: {}", back.location());
        let back = ana.get(&SCHOOL.address(&[("id_token_hint", hint), ("prompt", "none")])).await.expect(303);
        assert_eq!(error(&back).as_deref(), Some("login_required"), "{hint}");
    }
}

/// At the logout the hint says whom the product means: nobody else is signed out unasked.
#[tokio::test]
async fn at_the_logout_a_hint_of_somebody_else_asks_first() {
    let app = start().await;
    let ana = signed_in(&app).await;
    let of_ana = id_token(&app, &ana, SCHOOL).await;
    app.post("/api/auth/register/teacher", teacher(OTHER_EMAIL)).await.expect(201);
    app.open_link_to(OTHER_EMAIL).await.expect(200);
    let bia = browser(&app);
    bia.form("/login", "sign_in", &[("identifier", OTHER_EMAIL), ("password", PASSWORD)]).await.expect(303);
    let address = format!("/oauth/logout?id_token_hint={of_ana}&post_logout_redirect_uri=https%3A%2F%2Fescola.example%2Fbye&state=s");
    let asked = bia.get(&address).await.expect(200);
    assert!(asked.text.contains("Escola Aurora"), "{}", asked.text);
    bia.get("/dashboard").await.expect(200);
    assert_eq!(ana.get(&address).await.expect(303).location(), "https://escola.example/bye?state=s");
    ana.get("/dashboard").await.expect(303);
}
