//! What attackers try (RFC 9700 §4).

use super::{
    CALLBACK, OTHERS, PAGE, RIDERS, SCHOOL, VERIFIER, browser, follow, form_action, parameter, sign_in, signed_in, start, userinfo,
};
use futures::StreamExt;
use futures::stream;
use portaria::limits::REQUESTS_PER_CLIENT;
use server::janitor;
use std::collections::{HashMap, HashSet};
use time::Duration;

/// RFC 9700 §4.1: nobody is sent to an address that is not the product's own, and the page does not tell which products there are.
#[tokio::test]
async fn a_wrong_client_or_address_is_a_page_and_leads_nowhere() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let mut pages = HashMap::new();
    let evil = |uri: &'static str| vec![("redirect_uri", uri)];
    for more in [
        vec![("client_id", "-")],
        vec![("client_id", "nobody")],
        vec![("client_id", "SCHOOL")],
        evil("-"),
        evil("https://evil.example/cb"),
        evil("https://escola.example/cb/"),
        evil("https://escola.example/cb?x=2"),
        evil("https://escola.example/cb#"),
        evil("https://escola.example/../cb"),
        evil("https://escola.example/cb/../evil"),
        evil("https://escola.example@evil.example/cb"),
        evil("https://escola.example.evil.example/cb"),
        evil("https://escola.example:444/cb"),
        evil("https://ESCOLA.example/cb"),
        evil("https://escola.example/%63b"),
        evil("https://escola.example\\@evil.example/cb"),
        evil("http://escola.example/cb"),
        evil("//escola.example/cb"),
        evil("/cb"),
        evil("javascript:alert(1)"),
        evil("http://127.0.0.1.evil.example/cb"),
        evil("http://127.0.0.1:80@evil.example/cb"),
        evil("http://localhost/cb"),
    ] {
        let answer = browser.get(&SCHOOL.address(&more)).await.expect(400);
        assert_eq!(answer.location(), "", "{more:?}");
        assert!(answer.header("content-type").starts_with("text/html"), "{more:?}");
        *pages.entry(answer.text).or_insert(0) += 1;
    }
    assert_eq!(pages.len(), 1, "one page, whatever is wrong");
    assert!(pages.keys().all(|page| !page.contains("evil") && !page.contains("Escola")));
    for twice in ["&client_id=school", "&client_id=", "&redirect_uri=https%3A%2F%2Fescola.example%2Fcb", "&redirect_uri="] {
        browser.get(&(SCHOOL.address(&[]) + twice)).await.expect(400);
    }
    let elsewhere = browser.get(&(SCHOOL.address(&[]) + "&scope=openid")).await.expect(303);
    assert_eq!(parameter(elsewhere.location(), "error").as_deref(), Some("invalid_request"));
    let loopback = browser.get(&SCHOOL.address(&[("redirect_uri", "http://127.0.0.1:51004/cb")])).await.expect(303);
    assert!(loopback.location().starts_with("http://127.0.0.1:51004/cb?code="), "{}", loopback.location());
}

/// RFC 6749 §4.1.2, RFC 9700 §4.5: a code is worth something once, for a minute, to its client with its verifier.
#[tokio::test]
async fn a_code_that_is_used_twice_takes_back_what_it_gave() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let code = PAGE.code(&browser, &[]).await;
    let stolen = OTHERS.exchange(&app, &code, &[("redirect_uri", PAGE.callback)]).await.expect(400);
    assert_eq!(stolen.token("error"), "invalid_grant", "another client's");
    let tokens = PAGE.exchange(&app, &code, &[]).await.expect(200).json();
    let access = tokens["access_token"].as_str().expect("a token");
    OTHERS.exchange(&app, &code, &[]).await.expect(400);
    userinfo(&app, access).await.expect(200);
    assert_eq!(PAGE.exchange(&app, &code, &[]).await.expect(400).token("error"), "invalid_grant");
    userinfo(&app, access).await.expect(401);
    let late = PAGE.code(&browser, &[]).await;
    app.advance(Duration::seconds(60));
    assert_eq!(PAGE.exchange(&app, &late, &[]).await.expect(400).token("error"), "invalid_grant", "a minute is over");
}

const TRIES: usize = 10_000;
/// As many as have a connection each; the others follow as soon as one is free.
const AT_ONCE: usize = 500;

/// RFC 9700 §4.5: of many at once exactly one gets tokens.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_exchanges_of_one_code_at_once_exactly_one_succeeds() {
    let app = start().await;
    let browser = signed_in(&app).await;
    let code = PAGE.code(&browser, &[]).await;
    let node = app.second_node().await;
    // On a busy machine some wait too long for a connection. They come again, as a product does that is told so.
    let exchange = async |n: usize| loop {
        let answer = PAGE.exchange(if n.is_multiple_of(2) { &app } else { &node }, &code, &[]).await;
        if answer.status != 503 {
            return answer.status;
        }
    };
    let answers: Vec<_> = stream::iter((0..TRIES).map(exchange)).buffer_unordered(AT_ONCE).collect().await;
    assert_eq!(answers.iter().filter(|status| **status == 200).count(), 1);
    assert_eq!(answers.iter().filter(|status| **status == 400).count(), TRIES - 1);
    // The first of the others ended what the one got, and that is what there is to tell.
    assert_eq!(app.count("select count(*) from audit where event = 'authn_token_reuse'").await, 1);
}

/// RFC 9700 §4.8: whoever takes PKCE out of a request, or a verifier out of an exchange, gets nothing.
#[tokio::test]
async fn pkce_cannot_be_left_out_on_either_side() {
    let app = start().await;
    let browser = signed_in(&app).await;
    for more in
        [[("code_challenge", "-"), ("code_challenge_method", "-")], [("code_challenge", VERIFIER), ("code_challenge_method", "plain")]]
    {
        let answer = browser.get(&SCHOOL.address(&more)).await.expect(303);
        assert_eq!(parameter(answer.location(), "error").as_deref(), Some("invalid_request"), "{more:?}");
    }
    let code = SCHOOL.code(&browser, &[]).await;
    for verifier in ["-", "", "x", CALLBACK] {
        SCHOOL.exchange(&app, &code, &[("code_verifier", verifier)]).await.expect(400);
    }
}

/// RFC 9700 §4.7: a request that an attacker began in another browser is worth nothing here, and one browser's request is nobody else's.
#[tokio::test]
async fn a_request_belongs_to_the_browser_that_brought_it() {
    let app = start().await;
    let (ana, eve) = (signed_in(&app).await, browser(&app));
    eve.get(&SCHOOL.address(&[])).await.expect(303);
    assert_eq!(ana.get("/oauth/continue").await.expect(303).location(), "/dashboard");
    ana.get("/dashboard").await.expect(200);
    let forged = app.anonymous().header("accept", "text/html").header("cookie", "portaria_request=forged");
    let answer = forged.get("/oauth/continue").await.expect(303);
    assert_eq!(answer.location(), "/dashboard");
    assert!(answer.cookie("portaria_request").contains("Max-Age=0"));
}

/// A product may send somebody who is signed in round as often as it likes: of a code that nobody exchanges nothing stays.
#[tokio::test]
async fn a_code_that_nobody_exchanges_leaves_nothing_behind() {
    let app = start().await;
    let browser = signed_in(&app).await;
    for scope in ["openid", "openid offline_access"] {
        SCHOOL.code(&browser, &[("scope", scope)]).await;
        let tokens = SCHOOL.tokens(&app, &browser, &[("scope", scope)]).await;
        app.advance(Duration::seconds(61));
        janitor::sweep(&app.pool, &[], app.now()).await.expect("swept");
        let kept = (
            app.count("select count(*) from openid_grants").await,
            app.count("select count(*) from openid_grants where spent_at is null").await,
        );
        assert_eq!(kept, (if scope == "openid" { 1 } else { 2 }, 0), "what was exchanged lives on");
        userinfo(&app, tokens["access_token"].as_str().expect("a token")).await.expect(200);
    }
}

/// No page tells a stranger where the products are: a policy names the address of one product alone, to whoever is asked about it.
#[tokio::test]
async fn no_policy_of_a_page_says_which_products_there_are() {
    let app = start().await;
    let forged = app.anonymous().header("accept", "text/html").header("cookie", "portaria_request=forged");
    for path in ["/", "/login", "/register", "/register/teacher", "/forgot-password"] {
        assert_eq!(form_action(&forged.get(path).await.expect(200)), "'self'", "{path}");
    }
    let waiting = browser(&app);
    waiting.get(&SCHOOL.address(&[])).await.expect(303);
    for path in ["/login", "/register/teacher", "/oauth/authorize?client_id=x"] {
        assert_eq!(form_action(&waiting.get(path).await), "'self'", "{path}");
    }
    let ana = signed_in(&app).await;
    let consent = ana.get(&OTHERS.address(&[])).await.expect(200);
    assert_eq!(form_action(&consent), "'self' https://loja.example");
    let bye = "/oauth/logout?client_id=school&post_logout_redirect_uri=https%3A%2F%2Fescola.example%2Fbye";
    assert_eq!(form_action(&ana.get(bye).await.expect(200)), "'self' https://escola.example");
    assert_eq!(form_action(&ana.get("/oauth/logout").await.expect(200)), "'self'");
}

/// Nor does the way out: without an address, an id that is a product's and one that is nobody's are answered the same.
#[tokio::test]
async fn whoever_tries_ids_at_the_logout_learns_nothing() {
    let app = start().await;
    let ana = signed_in(&app).await;
    let ids = ["school", "others", "nobody", "SCHOOL"];
    let mut pages = HashSet::new();
    for id in ids {
        let path = format!("/oauth/logout?client_id={id}");
        assert_eq!(app.anonymous().header("accept", "text/html").get(&path).await.expect(303).goes(), "/, signed_out", "{id}");
        let page = ana.get(&path).await.expect(200);
        assert!(page.text.contains("Sair da sua conta?") && !page.text.contains("Escola"), "{}", page.text);
        pages.insert((page.text.replace(id, "ID"), form_action(&page).to_owned()));
    }
    assert_eq!(pages.len(), 1, "{pages:?}");
    // Whoever knows the address knows the product.
    let bye = "&post_logout_redirect_uri=https%3A%2F%2Fescola.example%2Fbye";
    assert!(ana.get(&format!("/oauth/logout?client_id=school{bye}")).await.expect(200).text.contains("Escola Aurora"));
    for id in ["others", "nobody"] {
        ana.get(&format!("/oauth/logout?client_id={id}{bye}")).await.expect(400);
    }
}

/// RFC 9700 §4.16: a page on which something is pressed, or that says something of the person, is in nobody's frame.
#[tokio::test]
async fn no_page_between_a_product_and_a_person_is_held_in_a_frame() {
    let app = start().await;
    let ana = signed_in(&app).await;
    for (what, path, status) in [
        ("consent", OTHERS.address(&[]), 200),
        ("logout", "/oauth/logout".to_owned(), 200),
        ("products", "/profile/products".to_owned(), 200),
        ("another kind", RIDERS.address(&[]), 403),
        ("a wrong client", SCHOOL.address(&[("client_id", "nobody")]), 400),
    ] {
        let page = ana.get(&path).await.expect(status);
        assert!(page.header("content-security-policy").contains("frame-ancestors 'none'"), "{what}: {:?}", page.headers);
    }
    // The one that goes on by itself, which holds a code in its text.
    let waiting = browser(&app);
    waiting.get(&SCHOOL.address(&[])).await.expect(303);
    let back = follow(&waiting, sign_in(&waiting).await).await.expect(200);
    assert!(back.location().contains("code=") && back.header("content-security-policy").contains("frame-ancestors 'none'"));
    assert_eq!(back.header("cache-control"), "no-store");
}

/// RFC 9700 §4.2, §4.12: no page learns a code by the address that the browser came from, and no form is sent on.
#[tokio::test]
async fn on_the_way_back_nothing_is_told_but_the_address() {
    let app = start().await;
    let back = signed_in(&app).await.get(&SCHOOL.address(&[])).await.expect(303);
    assert!(back.location().contains("code="));
    assert_eq!((back.header("referrer-policy"), back.header("cache-control")), ("no-referrer", "no-store"));
}

/// A flood of requests is no flood of rows: each of them is kept for a day.
#[tokio::test]
async fn an_address_leaves_only_so_many_requests_waiting() {
    let app = start().await;
    for _ in 0..REQUESTS_PER_CLIENT {
        app.anonymous().get(&SCHOOL.address(&[])).await.expect(303);
    }
    let refused = app.anonymous().get(&SCHOOL.address(&[])).await.expect(429);
    assert!(!refused.header("retry-after").is_empty());
    let kept = app.count("select count(*) from openid_requests").await;
    assert_eq!(usize::try_from(kept), Ok(REQUESTS_PER_CLIENT));
}
