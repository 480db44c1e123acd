//! Several sign-ups in one browser: each is finished in its own tab, and none disturbs another.

use crate::support::people::{EMAIL, OTHER_PHONE, PASSWORD, PHONE, TYPED_PHONE, client_form};
use crate::support::{Actor, Answer, TestApp};
use time::Duration;

const OTHER_TYPED: &str = "(21) 99887-7665";
const MASKED: &str = "4321";
const OTHER_MASKED: &str = "7665";
const CODE_PAGE: &str = "Digite o código que enviamos";
const FIRST_FORM: &str = "name=\"phone\"";

/// The token of the form that a page shows.
fn form_token(page: &Answer) -> String {
    let (_, rest) = page.text.split_once("name=\"form\" value=\"").expect("a form with a token");
    rest.split('"').next().expect("its value").to_owned()
}

/// The id of the sign-up that a redirect leads to.
fn id_in(answer: &Answer) -> String {
    let (_, rest) = answer.location().split_once("?signup=").unwrap_or_else(|| panic!("no sign-up in {}", answer.location()));
    let id = rest.split('&').next().expect("an id").to_owned();
    assert_eq!(id.len(), 36, "{id}");
    id
}

/// The number of sign-ups in the cookie that an answer sets.
fn carried(answer: &Answer) -> usize {
    let cookie = answer.cookie("portaria_signup");
    let value = cookie.split(';').next().and_then(|pair| pair.split_once('=')).expect("a value").1;
    value.split('.').filter(|token| !token.is_empty()).count()
}

/// Opens an empty first form in a new tab. Returns the token of that form.
async fn open_form(browser: &Actor<'_>) -> String {
    let page = browser.get("/register/client?signup=new").await.expect(200);
    assert!(page.text.contains(FIRST_FORM), "{}", page.text);
    form_token(&page)
}

async fn send_form(browser: &Actor<'_>, token: &str, phone: &str) -> Answer {
    let mut fields = client_form(phone);
    fields.extend([("signup", ""), ("form", token)]);
    browser.form("/register/client", "sign_up", &fields).await
}

/// Begins a client's sign-up in a new tab. Returns its id.
async fn begin(browser: &Actor<'_>, phone: &str) -> String {
    let token = open_form(browser).await;
    id_in(&send_form(browser, &token, phone).await.expect(303))
}

/// Begins a teacher's sign-up in a new tab. Returns its id.
async fn begin_as_teacher(browser: &Actor<'_>, email: &str) -> String {
    let token = form_token(&browser.get("/register/teacher?signup=new").await.expect(200));
    let fields = [
        ("slug", "teacher"),
        ("form", &*token),
        ("name", "Carla Dias"),
        ("email", email),
        ("password", PASSWORD),
        ("password_confirmation", PASSWORD),
        ("terms", "true"),
    ];
    id_in(&browser.form("/register/teacher", "sign_up", &fields).await.expect(303))
}

/// The page of a client's sign-up.
async fn tab(browser: &Actor<'_>, id: &str) -> String {
    browser.get(&format!("/register/client?signup={id}")).await.expect(200).text
}

async fn enter_code(browser: &Actor<'_>, id: &str, code: &str) -> Answer {
    browser.form(&format!("/register/client?signup={id}"), "prove_code", &[("signup", id), ("code", code)]).await
}

async fn abandon(browser: &Actor<'_>, id: &str) -> Answer {
    browser.form("/register", "abandon", &[("signup", id)]).await
}

#[tokio::test]
async fn two_tabs_that_were_open_before_either_form_was_sent_are_two_sign_ups() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let (first, second) = (open_form(&browser).await, open_form(&browser).await);
    let a = id_in(&send_form(&browser, &first, TYPED_PHONE).await.expect(303));
    let before = tab(&browser, &a).await;
    let answer = send_form(&browser, &second, OTHER_TYPED).await.expect(303);
    let b = id_in(&answer);
    assert_ne!(a, b);
    assert_eq!(carried(&answer), 2);
    let after = tab(&browser, &a).await;
    for page in [&before, &after] {
        assert!(page.contains(CODE_PAGE) && page.contains(&format!("name=\"signup\" value=\"{a}\"")), "{page}");
    }
    assert!(after.split("</main>").next().is_some_and(|page| page.contains(MASKED) && !page.contains(OTHER_MASKED)), "{after}");
    assert_eq!(app.count("select count(*) from signups").await, 2);
    assert_eq!(app.codes_to(PHONE).await.len(), 1, "the first one's code stands");
    app.expect_message(OTHER_PHONE, "seu codigo para criar sua conta").await;
}

#[tokio::test]
async fn each_is_finished_by_its_own_code_in_any_order() {
    for first_begun_first in [true, false] {
        let app = TestApp::start().await;
        let browser = app.anonymous();
        let mut tabs = [(begin(&browser, TYPED_PHONE).await, PHONE), (begin(&browser, OTHER_TYPED).await, OTHER_PHONE)];
        if !first_begun_first {
            tabs.reverse();
        }
        for (id, phone) in &tabs {
            let code = app.code_to(phone).await;
            let answer = enter_code(&browser, id, &code).await.expect(303);
            assert_eq!(answer.location(), format!("/register/client?signup={id}"));
            assert!(tab(&browser, id).await.contains("Perfil criado com sucesso"));
        }
        assert_eq!(app.count("select count(*) from accounts where phone_proved_at is not null").await, 2);
    }
}

#[tokio::test]
async fn the_code_of_one_is_refused_for_the_other_and_counts_there_alone() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let (a, b) = (begin(&browser, TYPED_PHONE).await, begin(&browser, OTHER_TYPED).await);
    let (code_a, code_b) = (app.code_to(PHONE).await, app.code_to(OTHER_PHONE).await);
    assert_ne!(code_a, code_b);
    for _ in 0..5 {
        enter_code(&browser, &b, &code_a).await;
    }
    // Entries are blocked there: even the right code is refused. The other sign-up is not affected.
    enter_code(&browser, &b, &code_b).await.expect(400);
    assert_eq!(app.count("select count(*) from accounts").await, 0);
    enter_code(&browser, &a, &code_a).await.expect(303);
    assert_eq!(app.count("select count(*) from accounts where phone_proved_at is not null").await, 1);
}

#[tokio::test]
async fn a_client_and_a_teacher_wait_side_by_side() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let client = begin(&browser, TYPED_PHONE).await;
    let teacher = begin_as_teacher(&browser, EMAIL).await;
    assert!(browser.get("/register/client").await.text.contains(CODE_PAGE), "a bare address is about the one of its kind");
    let newest = browser.get("/verify-email").await.expect(200).text;
    // Whole, because this browser typed it.
    assert!(newest.contains(EMAIL) && !newest.contains(CODE_PAGE), "{newest}");
    let page = browser.get(&format!("/register/teacher?signup={client}")).await.expect(200);
    assert!(page.text.contains("name=\"institution\""), "of another kind it is as if there were none: {}", page.text);
    // The link proves at once, because this browser holds the sign-up, although another began after it.
    begin(&browser, OTHER_TYPED).await;
    let link = app.token_to(EMAIL).await;
    let opened = browser.get(&format!("/verify?token={link}")).await.expect(303);
    assert_eq!(opened.goes(), "/login, verified");
    let login = browser.get(&format!("/login?signup={teacher}")).await.expect(200);
    assert!(login.text.contains(&format!("value=\"{EMAIL}\"")), "{}", login.text);
    let code = app.code_to(PHONE).await;
    enter_code(&browser, &client, &code).await.expect(303);
    app.expect_message(OTHER_PHONE, "seu codigo para criar sua conta").await;
}

#[tokio::test]
async fn a_correction_touches_the_one_that_its_form_names() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let (a, b) = (begin(&browser, TYPED_PHONE).await, begin(&browser, OTHER_TYPED).await);
    app.advance(Duration::seconds(1));
    let address = format!("/register/client?signup={a}&step=details");
    let page = browser.get(&address).await.expect(200);
    assert!(page.text.contains(&format!("name=\"signup\" value=\"{a}\"")), "{}", page.text);
    let token = form_token(&page);
    let mut fields = client_form("(31) 98888-7777");
    fields.extend([("signup", a.as_str()), ("form", &token)]);
    for _ in 0..2 {
        assert_eq!(id_in(&browser.form(&address, "sign_up", &fields).await.expect(303)), a);
    }
    assert_eq!(app.count("select count(*) from signups").await, 2);
    enter_code(&browser, &b, &app.code_to(OTHER_PHONE).await).await.expect(303);
    enter_code(&browser, &a, &app.code_to("+5531988887777").await).await.expect(303);
}

#[tokio::test]
async fn a_form_sent_twice_is_one_sign_up_though_another_tab_is_open() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let other = begin(&browser, OTHER_TYPED).await;
    let token = open_form(&browser).await;
    let first = id_in(&send_form(&browser, &token, TYPED_PHONE).await.expect(303));
    assert_eq!(id_in(&send_form(&browser, &token, TYPED_PHONE).await.expect(303)), first);
    // The same form in another tab does not send the person a second code either.
    assert_eq!(begin(&browser, TYPED_PHONE).await, first);
    assert_ne!(first, other);
    assert_eq!(app.codes_to(PHONE).await.len(), 1);
    app.expect_message(OTHER_PHONE, "seu codigo para criar sua conta").await;
}

#[tokio::test]
async fn what_another_browser_began_is_not_taken_for_ones_own_by_its_contact() {
    let app = TestApp::start().await;
    let (stranger, owner) = (app.anonymous(), app.anonymous());
    let planted = begin(&stranger, TYPED_PHONE).await;
    let theirs = app.code_to(PHONE).await;
    let page = stranger.form("/register/client", "hand_off", &[("signup", &planted)]).await.expect(200);
    let (_, rest) = page.text.split_once("/continue?token=").expect("a link");
    let token: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
    let own = begin(&owner, OTHER_TYPED).await;
    let taken = owner.form(&format!("/continue?token={token}"), "take_over", &[("token", &token)]).await.expect(303);
    assert_eq!((id_in(&taken), carried(&taken)), (planted.clone(), 2), "it stands beside the owner's");
    assert!(tab(&owner, &own).await.contains(CODE_PAGE));
    app.advance(Duration::seconds(1));
    let hers = begin(&owner, TYPED_PHONE).await;
    assert_ne!(hers, planted);
    let codes = app.codes_to(PHONE).await;
    assert_eq!(codes.len(), 2);
    let own_code = codes.iter().find(|code| **code != theirs).expect("another code");
    enter_code(&owner, &hers, own_code).await.expect(303);
    stranger.form("/register/client", "enter", &[("signup", &planted)]).await;
    assert_ne!(stranger.get("/dashboard").await.status, 200);
    app.expect_message(OTHER_PHONE, "seu codigo para criar sua conta").await;
}

#[tokio::test]
async fn giving_one_up_leaves_the_other() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let (a, b) = (begin(&browser, TYPED_PHONE).await, begin(&browser, OTHER_TYPED).await);
    assert_eq!(carried(&abandon(&browser, &b).await.expect(303)), 1);
    assert!(tab(&browser, &b).await.contains(FIRST_FORM));
    assert!(tab(&browser, &a).await.contains(CODE_PAGE));
    enter_code(&browser, &b, &app.code_to(OTHER_PHONE).await).await.expect(410);
    // Giving up a sign-up that is gone leaves the others.
    assert_eq!(carried(&abandon(&browser, &b).await.expect(303)), 1);
    assert!(tab(&browser, &a).await.contains(CODE_PAGE));
    let last = abandon(&browser, &a).await.expect(303);
    assert!(last.cookie("portaria_signup").starts_with("portaria_signup=; "), "{:?}", last.cookies());
    app.expect_message(PHONE, "seu codigo para criar sua conta").await;
}

#[tokio::test]
async fn one_that_expired_leaves_the_cookie_and_the_other_stays() {
    let app = TestApp::start().await;
    app.ignore_messages();
    let browser = app.anonymous();
    let a = begin(&browser, TYPED_PHONE).await;
    app.advance(Duration::hours(23));
    let b = begin(&browser, OTHER_TYPED).await;
    app.advance(Duration::hours(2));
    assert!(tab(&browser, &a).await.contains(FIRST_FORM));
    assert!(tab(&browser, &b).await.contains(CODE_PAGE));
    let token = open_form(&browser).await;
    let third = send_form(&browser, &token, "(31) 98888-7777").await.expect(303);
    assert_eq!(carried(&third), 2);
}

#[tokio::test]
async fn of_six_the_oldest_falls_out_and_a_finished_one_before_it() {
    let app = TestApp::start().await;
    app.ignore_messages();
    let browser = app.anonymous();
    let phone = |n: usize| format!("(11) 98765-430{n}");
    let mut ids = Vec::new();
    for n in 0..5 {
        ids.push(begin(&browser, &phone(n)).await);
    }
    enter_code(&browser, &ids[2], &app.code_to("+5511987654302").await).await.expect(303);
    ids.push(begin(&browser, &phone(5)).await);
    assert!(tab(&browser, &ids[0]).await.contains(CODE_PAGE), "the finished one made room");
    assert!(tab(&browser, &ids[2]).await.contains(FIRST_FORM));
    let token = open_form(&browser).await;
    let seventh = send_form(&browser, &token, &phone(6)).await.expect(303);
    assert_eq!(carried(&seventh), 5);
    assert!(tab(&browser, &ids[0]).await.contains(FIRST_FORM));
    for id in [&ids[1], &ids[3], &ids[4], &ids[5]] {
        assert!(tab(&browser, id).await.contains(CODE_PAGE), "{id}");
    }
}

#[tokio::test]
async fn the_id_of_anothers_sign_up_opens_nothing() {
    let app = TestApp::start().await;
    let (owner, stranger) = (app.anonymous(), app.anonymous());
    let theirs = begin(&owner, TYPED_PHONE).await;
    let own = begin(&stranger, OTHER_TYPED).await;
    let page = tab(&stranger, &theirs).await;
    assert!(page.contains(FIRST_FORM) && !page.contains(CODE_PAGE), "not even the stranger's own: {page}");
    let code = app.code_to(PHONE).await;
    for (form, status) in [("resend", 410), ("hand_off", 410), ("enter", 410)] {
        stranger.form("/register/client", form, &[("signup", &theirs)]).await.expect(status);
    }
    enter_code(&stranger, &theirs, &code).await.expect(410);
    enter_code(&stranger, &theirs, &app.code_to(OTHER_PHONE).await).await.expect(410);
    abandon(&stranger, &theirs).await.expect(303);
    for nobody in ["new", "0", "00000000-0000-0000-0000-000000000000", "' or 1=1 --"] {
        enter_code(&stranger, nobody, &code).await.expect(410);
    }
    assert!(tab(&stranger, &own).await.contains(CODE_PAGE));
    enter_code(&owner, &theirs, &code).await.expect(303);
}

#[tokio::test]
async fn a_cookie_of_before_is_a_list_of_one_and_a_planted_one_holds_five_at_most() {
    let app = TestApp::start().await;
    app.ignore_messages();
    let mut cookies = Vec::new();
    for n in 0..6 {
        let browser = app.anonymous();
        let token = open_form(&browser).await;
        let cookie = send_form(&browser, &token, &format!("(11) 98765-430{n}")).await.expect(303).cookie("portaria_signup");
        let value = cookie.split(';').next().and_then(|pair| pair.split_once('=')).expect("a value").1.to_owned();
        assert!(value.len() == 43 && !value.contains('.'), "{value}");
        cookies.push(value);
    }
    let old = app.anonymous().header("cookie", &format!("portaria_signup={}", cookies[0]));
    assert!(old.get("/register/client").await.text.contains(CODE_PAGE));
    let planted = app.anonymous().header("cookie", &format!("portaria_signup={}", cookies.join(".")));
    let page = planted.get("/register").await.expect(200).text;
    assert_eq!(page.matches("name=\"_form\" value=\"abandon\"").count(), 5, "{page}");
    let twice = app.anonymous().header("cookie", &format!("portaria_signup={0}.{0}", cookies[0]));
    let page = twice.get("/register").await.expect(200).text;
    assert_eq!(page.matches("name=\"_form\" value=\"abandon\"").count(), 1, "{page}");
}

#[tokio::test]
async fn register_lists_those_that_wait() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let a = begin(&browser, TYPED_PHONE).await;
    let one = browser.get("/register").await.expect(200).text;
    assert!(one.contains("Você tem um cadastro em andamento"), "{one}");
    let b = begin_as_teacher(&browser, EMAIL).await;
    let both = browser.get("/register").await.expect(200).text;
    assert!(both.contains("Você tem cadastros em andamento") && both.contains("Iniciado em "), "{both}");
    for part in [
        format!("href=\"/register/client?signup={a}\""),
        format!("href=\"/register/teacher?signup={b}\""),
        "Conta de Cliente.".to_owned(),
        "Conta de Professor.".to_owned(),
        "a***@e***.com".to_owned(),
        "href=\"/register/client?signup=new\"".to_owned(),
        "href=\"/register/company\"".to_owned(),
    ] {
        assert!(both.contains(&part), "{part}: {both}");
    }
    enter_code(&browser, &a, &app.code_to(PHONE).await).await.expect(303);
    let left = browser.get("/register").await.expect(200).text;
    assert!(!left.contains(&format!("signup={a}\"")) && left.contains(&format!("signup={b}\"")), "{left}");
    let stranger = app.get("/register").await.expect(200).text;
    assert!(!stranger.contains("em andamento"));
    app.expect_message(EMAIL, "Verifique sua conta").await;
}

#[tokio::test]
async fn a_refused_form_of_a_second_tab_keeps_what_was_typed() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let token = form_token(&browser.get("/register/client").await.expect(200));
    begin(&browser, TYPED_PHONE).await;
    let page = send_form(&browser, &token, "(10) 1").await.expect(400);
    assert!(page.text.contains("value=\"(10) 1\"") && !page.text.contains(CODE_PAGE), "{}", page.text);
    app.expect_message(PHONE, "seu codigo para criar sua conta").await;
}
