//! Nobody gets lost: whoever a product sends comes back to it.

use super::{OTHERS, RIDERS, SCHOOL, browser, claims, follow, form_action, parameter, sign_in, signed_in, start, start_signing, userinfo};
use crate::carona::{Form, media};
use crate::support::TestApp;
use crate::support::people::{CPF, EMAIL, OTHER_PHONE, PASSWORD, PHONE, client_form};
use image::{DynamicImage, ImageFormat};
use jsonwebtoken::Algorithm;
use serde_json::json;
use std::io::Cursor;
use time::Duration;

#[tokio::test]
async fn a_teacher_signs_up_from_nothing_and_comes_back_to_the_product_signed_in() {
    let app = start_signing(Algorithm::RS256).await;
    let browser = browser(&app);
    let sent = browser.get(&SCHOOL.address(&[("scope", "openid profile email"), ("nonce", "n-1")])).await.expect(303);
    assert_eq!(sent.location(), "/login");
    assert_eq!(form_action(&browser.get("/login").await.expect(200)), "'self'", "which products there are is nobody's business");
    let form = [
        ("slug", "teacher"),
        ("name", "Carla Dias"),
        ("email", EMAIL),
        ("password", PASSWORD),
        ("password_confirmation", PASSWORD),
        ("terms", "true"),
    ];
    browser.form("/register/teacher", "sign_up", &form).await.expect(303);
    let token = app.token_to(EMAIL).await;
    // The node starts anew in between.
    let node = app.second_node().await;
    let browser = node.same_browser(&browser).header("accept", "text/html");
    let proved = browser.get(&format!("/verify?token={token}")).await.expect(303);
    assert!(proved.location().starts_with("/login"), "{}", proved.location());
    let back = follow(&browser, sign_in(&browser).await).await;
    assert!(back.location().starts_with("https://escola.example/cb?code="), "{}", back.location());
    assert_eq!(parameter(back.location(), "state").as_deref(), Some("estado 1&2"));
    assert_eq!(parameter(back.location(), "iss").as_deref(), Some(app.url.as_str()));
    assert!(back.cookie("portaria_request").contains("Max-Age=0"), "what waited is done");
    let code = parameter(back.location(), "code").expect("a code");
    let tokens = SCHOOL.exchange(&app, &code, &[]).await.expect(200);
    assert_eq!((tokens.header("cache-control"), tokens.header("content-type")), ("no-store", "application/json"));
    let tokens = tokens.json();
    let id = claims(&app, tokens["id_token"].as_str().expect("an ID token"), Algorithm::RS256).await;
    assert_eq!((&id["iss"], &id["aud"], &id["nonce"]), (&json!(app.url), &json!("school"), &json!("n-1")));
    assert_eq!((&id["acr"], &id["auth_time"]), (&json!("urn:portaria:pwd"), &json!(app.now().unix_timestamp())));
    let who = userinfo(&app, tokens["access_token"].as_str().expect("an access token")).await.expect(200).json();
    assert_eq!(who, json!({ "sub": id["sub"], "name": "Carla Dias", "email": EMAIL, "email_verified": true }));
    // Whoever comes again goes on at once, and the dashboard is a dashboard again.
    browser.get(&SCHOOL.address(&[])).await.expect(303);
    browser.get("/dashboard").await.expect(200);
}

#[tokio::test]
async fn a_client_signs_up_by_code_and_a_rider_completes_the_profile_and_both_come_back() {
    let app = start().await;
    let ana = browser(&app);
    ana.get(&SCHOOL.address(&[("prompt", "create"), ("scope", "openid phone")])).await.expect(303);
    let waiting = ana.form("/register/client", "sign_up", &client_form(PHONE)).await.expect(303).location().to_owned();
    let code = app.code_to(PHONE).await;
    let signup = waiting.split("signup=").nth(1).expect("an id");
    let back = follow(&ana, ana.form(&waiting, "prove_code", &[("signup", signup), ("code", &code)]).await).await;
    let code = parameter(back.location(), "code").unwrap_or_else(|| panic!("{} {}", back.status, back.location()));
    let tokens = SCHOOL.exchange(&app, &code, &[]).await.expect(200).json();
    let id = claims(&app, tokens["id_token"].as_str().expect("an ID token"), Algorithm::EdDSA).await;
    assert_eq!(id["acr"], "urn:portaria:code");
    let who = userinfo(&app, tokens["access_token"].as_str().expect("a token")).await.expect(200).json();
    assert_eq!((&who["phone_number"], &who["phone_number_verified"]), (&json!(PHONE), &json!(true)));

    let wizard = browser(&app).get(&RIDERS.address(&[("prompt", "create")])).await.expect(303);
    assert_eq!(wizard.location(), "/register/carona", "the only kind that it lets in");
    app.rider().await;
    let rian = browser(&app);
    rian.get(&RIDERS.address(&[])).await.expect(303);
    let step = follow(&rian, sign_in(&rian).await).await;
    assert!(step.status == 200 && step.text.contains("birth_date"), "the third step comes first: {}", step.text);
    let none = rian.get(&RIDERS.address(&[("prompt", "none")])).await.expect(303);
    assert_eq!(parameter(none.location(), "error").as_deref(), Some("interaction_required"));
    let mut photo = Vec::new();
    DynamicImage::new_rgb8(90, 60).write_to(&mut Cursor::new(&mut photo), ImageFormat::Png).expect("encoded");
    let profile = Form::default()
        .text("_form", "complete_profile")
        .text("username", "rian.lopes")
        .text("phone", OTHER_PHONE)
        .text("birth_date", "2000-01-15");
    let profile = profile.text("gender", "O").text("cpf", CPF).text("state", "SP").text("city", "São Paulo").photo(&photo);
    let sent = rian.raw("POST", "/complete-profile").header("sec-fetch-site", "same-origin").header("content-type", media());
    let back = follow(&rian, rian.send_raw(sent.body(profile.end())).await.expect(303)).await;
    assert!(back.location().starts_with("https://caronas.example/cb?code="), "{} {}", back.status, back.text);
}

#[tokio::test]
async fn an_account_of_another_kind_is_told_so_and_the_product_is_told_when_it_goes_back() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let page = browser.get(&RIDERS.address(&[])).await.expect(403);
    assert!(page.text.contains("Caronas é para outro tipo de conta") && page.text.contains("error=access_denied"), "{}", page.text);
    // Whoever has another account goes on with that, and comes to the product.
    let again = page.text.split("href=\"/oauth/authorize").nth(1).and_then(|rest| rest.split('"').next()).expect("another way");
    let again = format!("/oauth/authorize{}", again.replace("&#38;", "&").replace("&amp;", "&"));
    assert_eq!(browser.get(&again).await.expect(303).location(), "/login");
    assert!(browser.get("/login").await.expect(200).text.contains("name=\"identifier\""));
    let still = follow(&browser, sign_in(&browser).await).await;
    assert_eq!(still.status, 403, "still the same account: {}", still.location());
    browser.get("/dashboard").await.expect(200);
    let none = browser.get(&RIDERS.address(&[("prompt", "none")])).await.expect(303);
    assert_eq!(parameter(none.location(), "error").as_deref(), Some("access_denied"));
}

#[tokio::test]
async fn a_product_of_others_is_told_nothing_before_the_person_agreed_and_nothing_is_asked_twice() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let asked = OTHERS.address(&[("scope", "openid email")]);
    let none = browser.get(&OTHERS.address(&[("prompt", "none")])).await.expect(303);
    assert_eq!(parameter(none.location(), "error").as_deref(), Some("consent_required"));
    let page = browser.get(&asked).await.expect(200);
    for words in ["Entrar em Loja do Zé?", "loja.example", "Carla Dias", "E-mail confirmado"] {
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }
    assert!(!page.text.contains("CPF"), "only what is asked for");
    assert_eq!(form_action(&page), "'self' https://loja.example", "its form leads on to the product, and to no other");
    let request = hidden(&page.text);
    // Another site may not press the button.
    let account = app.count("select id from accounts").await.to_string();
    let answer = |answer| [("request", request.clone()), ("account", account.clone()), ("answer", answer)];
    let foreign = browser.raw("POST", "/oauth/consent").header("sec-fetch-site", "cross-site").form(&answer("yes".to_owned()));
    browser.send_raw(foreign).await.expect(403);
    let said = |said: &str| browser.raw("POST", "/oauth/consent").header("sec-fetch-site", "same-origin").form(&answer(said.to_owned()));
    let refused = browser.send_raw(said("no")).await.expect(303);
    assert_eq!(parameter(refused.location(), "error").as_deref(), Some("access_denied"));
    assert_eq!(app.count("select count(*) from openid_consents").await + app.count("select count(*) from openid_grants").await, 0);
    // What was agreed to is what was shown: the form of the request before says nothing of this one.
    let page = browser.get(&asked).await.expect(200);
    let stale = browser.send_raw(said("yes")).await.expect(200);
    assert_eq!(hidden(&stale.text), hidden(&page.text));
    // Nor does anybody agree on another's behalf, who was signed in when the page was drawn.
    let other = [("request", hidden(&page.text)), ("account", "7".to_owned()), ("answer", "yes".to_owned())];
    browser.send_raw(browser.raw("POST", "/oauth/consent").header("sec-fetch-site", "same-origin").form(&other)).await.expect(200);
    let yes = [("request", hidden(&page.text)), ("account", account.clone()), ("answer", "yes".to_owned())];
    let agreed = browser.send_raw(browser.raw("POST", "/oauth/consent").header("sec-fetch-site", "same-origin").form(&yes)).await;
    let code = parameter(agreed.expect(303).location(), "code").expect("a code");
    let tokens = OTHERS.exchange(&app, &code, &[]).await.expect(200).json();
    claims(&app, tokens["id_token"].as_str().expect("a token"), Algorithm::EdDSA).await;
    OTHERS.code(&browser, &[("scope", "openid email")]).await;
    // It is listed, and taken back: what the product has is worth nothing any more, and it has to ask again.
    let listed = browser.get("/profile/products").await.expect(200);
    assert!(listed.text.contains("Loja do Zé") && listed.text.contains("E-mail confirmado"), "{}", listed.text);
    let profile = async || browser.get("/profile").await.expect(200).text;
    assert!(profile().await.contains("Um serviço de terceiros tem acesso à sua conta."));
    let access = tokens["access_token"].as_str().expect("a token");
    userinfo(&app, access).await.expect(200);
    let take = |site: &str| browser.raw("POST", "/profile/products").header("sec-fetch-site", site).form(&[("client", "others")]);
    browser.send_raw(take("cross-site")).await.expect(403);
    assert_eq!(browser.send_raw(take("same-origin")).await.expect(303).location(), "/profile/products");
    userinfo(&app, access).await.expect(401);
    assert!(!browser.get("/profile/products").await.expect(200).text.contains("Loja do Zé"));
    assert!(profile().await.contains("Nenhum serviço de terceiros tem acesso à sua conta."));
    assert_eq!(app.get("/profile/products").await.expect(303).location(), "/login?next=%2Fprofile%2Fproducts");
    browser.get(&asked).await.expect(200);
    assert!(browser.get(&OTHERS.address(&[("scope", "openid cpf")])).await.expect(200).text.contains("<p>CPF</p>"));
    browser.get(&OTHERS.address(&[("prompt", "consent")])).await.expect(200);
}

/// Which request the form of a page is about.
pub(super) fn hidden(page: &str) -> String {
    page.split("name=\"request\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a form").to_owned()
}

#[tokio::test]
async fn who_is_to_sign_in_again_does_so_once_and_a_request_that_lapsed_leads_home() {
    let app = start().await;
    let browser = signed_in(&app).await;
    for more in [[("prompt", "login")], [("max_age", "0")]] {
        let sent = browser.get(&SCHOOL.address(&more)).await.expect(303);
        assert_eq!(sent.location(), "/login", "{more:?}");
        let still = browser.get("/oauth/continue").await.expect(303);
        assert_eq!(still.location(), "/login", "the session that was there is not enough");
        let back = follow(&browser, sign_in(&browser).await).await;
        assert!(back.location().starts_with("https://escola.example/cb?code="), "{more:?} {}", back.location());
    }
    app.advance(Duration::seconds(61));
    assert_eq!(browser.get(&SCHOOL.address(&[("max_age", "60")])).await.expect(303).location(), "/login");
    let none = browser.get(&SCHOOL.address(&[("max_age", "60"), ("prompt", "none")])).await.expect(303);
    assert_eq!(parameter(none.location(), "error").as_deref(), Some("login_required"));
    app.advance(Duration::hours(25));
    let late = follow(&browser, sign_in(&browser).await).await;
    assert_eq!(late.status, 200, "{}", late.location());
    assert!(late.text.contains("Carla"), "its own dashboard: {}", late.text);
}

#[tokio::test]
async fn a_script_that_fetches_the_way_back_spends_nothing_and_is_told_to_let_the_browser_go() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let fetched = browser.raw("GET", &SCHOOL.address(&[])).header("sec-fetch-mode", "cors");
    let page = browser.send_raw(fetched).await.expect(200);
    assert!(page.text.contains("/oauth/authorize?client_id=school"), "{}", page.text);
    assert_eq!(app.count("select count(*) from openid_grants").await, 0);
    let looked = browser.method("HEAD", &SCHOOL.address(&[])).await;
    assert_eq!((looked.status, app.count("select count(*) from openid_grants").await), (200, 0));
    let posted =
        browser.raw("POST", "/oauth/authorize").header("sec-fetch-site", "cross-site").form(&[("client_id", "school"), ("a", "é")]);
    let again = browser.send_raw(posted).await.expect(303);
    assert_eq!(again.location(), "/oauth/authorize?client_id=school&a=%C3%A9");
}

#[tokio::test]
async fn without_any_product_the_pages_are_as_before() {
    let app = TestApp::start().await;
    app.get(&SCHOOL.address(&[])).await.expect(400);
    assert_eq!(app.get("/oauth/continue").await.expect(303).location(), "/dashboard");
    assert_eq!(app.get("/.well-known/jwks.json").await.expect(200).json()["keys"].as_array().map(Vec::len), Some(1));
    assert_eq!(app.count("select count(*) from openid_keys").await, 0);
}

#[tokio::test]
async fn a_link_that_is_opened_on_another_device_leads_to_the_product_from_there_and_from_the_first_one_too() {
    let app = start().await;
    let first = browser(&app);
    first.get(&SCHOOL.address(&[("prompt", "create")])).await.expect(303);
    let form = [
        ("slug", "teacher"),
        ("name", "Carla Dias"),
        ("email", EMAIL),
        ("password", PASSWORD),
        ("password_confirmation", PASSWORD),
        ("terms", "true"),
    ];
    first.form("/register/teacher", "sign_up", &form).await.expect(303);
    let token = app.token_to(EMAIL).await;
    let phone = browser(&app);
    phone.get(&format!("/verify?token={token}")).await.expect(200);
    phone.form(&format!("/verify?token={token}"), "prove_link", &[("token", &token)]).await.expect(303);
    // The form led here from a page that names no product, so no redirect leaves from it: browsers would block it.
    let back = follow(&phone, sign_in(&phone).await).await.expect(200);
    assert!(back.location().starts_with("https://escola.example/cb?code="), "{}", back.text);
    phone.get("/dashboard").await.expect(200);
    let back = follow(&first, sign_in(&first).await).await;
    assert!(back.location().starts_with("https://escola.example/cb?code="), "{} {}", back.status, back.location());
    let stranger = browser(&app);
    assert_eq!(follow(&stranger, sign_in(&stranger).await).await.status, 200, "whoever signs in later is at home");
}
