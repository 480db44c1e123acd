//! What a waiting page is answered when it asks whether it would look different.

use super::carriers::Carriers;
use super::orders::form;
use crate::holding::hand_off;
use crate::support::people::{OTHER_PHONE, PHONE};
use crate::support::{Actor, TestApp};
use time::Duration;

const WIZARD: &str = "/register/client";

/// The number of the page as it is drawn, and the id of its sign-up.
async fn drawn(browser: &Actor<'_>) -> (String, String) {
    let page = browser.get(WIZARD).await.expect(200).text;
    let (_, rest) = page.split_once("data-live=\"waiting\"").unwrap_or_else(|| panic!("no part that waits: {page}"));
    let (_, props) = rest.split_once("data-props=\"").expect("what it is told");
    let mut lines = props.split('"').next().unwrap_or_default().lines().map(str::to_owned);
    let (id, state) = (lines.next().expect("an id"), lines.next().expect("a state"));
    (state, id)
}

async fn asked(browser: &Actor<'_>, id: &str) -> String {
    let request = browser.raw("POST", "/sf/signup_state").header("sec-fetch-site", "same-origin").form(&[("signup", id)]);
    browser.send_raw(request).await.expect(200).text
}

/// The number of the page, which is the one that it is answered now, and another than before.
async fn moved(browser: &Actor<'_>, before: &mut Vec<String>, what: &str) {
    let (state, id) = drawn(browser).await;
    assert_eq!(asked(browser, &id).await, state, "{what}: a page that is drawn now is not drawn again");
    assert!(!before.contains(&state), "{what}: a page from before is drawn again");
    before.push(state);
}

#[tokio::test]
async fn the_answer_is_another_as_soon_as_the_page_would_look_different_and_else_the_same() {
    let it = Carriers::start(&[]).await;
    let (browser, mut before) = (it.app.anonymous(), Vec::new());
    browser.form(WIZARD, "sign_up", &form(PHONE)).await.expect(303);
    moved(&browser, &mut before, "begun").await;
    it.app.advance(Duration::seconds(2));
    let (state, id) = drawn(&browser).await;
    assert_eq!(Some(&state), before.last(), "time alone changes nothing");
    it.deliver().await;
    moved(&browser, &mut before, "handed over").await;
    it.report("wamid.0", "failed").await;
    moved(&browser, &mut before, "by another channel").await;
    it.deliver().await;
    moved(&browser, &mut before, "handed over again").await;
    it.app.advance(Duration::seconds(31));
    browser.form(WIZARD, "resend", &[("channel", "whatsapp")]).await.expect(303);
    moved(&browser, &mut before, "asked for again").await;
    it.deliver().await;
    it.report("wamid.1", "delivered").await;
    moved(&browser, &mut before, "delivered").await;
    let code = it.codes().0;
    for _ in 0..5 {
        browser.form(WIZARD, "prove_code", &[("code", &TestApp::other_than(&code))]).await;
    }
    moved(&browser, &mut before, "blocked").await;
    it.app.advance(Duration::minutes(20));
    moved(&browser, &mut before, "lapsed, and not blocked any more").await;
    browser.form(WIZARD, "resend", &[("channel", "whatsapp")]).await.expect(303);
    it.deliver().await;
    moved(&browser, &mut before, "another code").await;
    // Nobody else learns anything.
    let nobody = asked(&it.app.anonymous(), &id).await;
    assert!(!before.contains(&nobody));
    let other = it.app.anonymous();
    other.form(WIZARD, "sign_up", &form(OTHER_PHONE)).await.expect(303);
    for odd in [id.as_str(), "", "x", "00000000-0000-4000-8000-000000000000", "' or 1=1 --"] {
        assert_eq!(asked(&other, odd).await, nobody, "{odd}");
    }
    // Proved: it is another page.
    browser.form(WIZARD, "prove_code", &[("code", &it.codes().0)]).await.expect(303);
    let proved = asked(&browser, &id).await;
    assert!(!before.contains(&proved) && proved != nobody);
    it.app.ignore_messages();
}

#[tokio::test]
async fn who_corrects_takes_the_page_from_the_other_device_and_it_is_told() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    browser.form(WIZARD, "sign_up", &form(PHONE)).await.expect(303);
    let other = hand_off(&app, &browser).await;
    let ((one, id), (two, _)) = (drawn(&browser).await, drawn(&other).await);
    assert_eq!((asked(&browser, &id).await, asked(&other, &id).await), (one.clone(), two.clone()));
    app.advance(Duration::seconds(1));
    other.form("/register/client?step=details", "sign_up", &form(OTHER_PHONE)).await.expect(303);
    let gone = asked(&browser, &id).await;
    assert!(gone != one && gone == asked(&app.anonymous(), &id).await, "its page says so when it is fetched anew");
    assert_eq!(asked(&other, &id).await, drawn(&other).await.0);
    app.ignore_messages();
}

#[tokio::test]
async fn the_question_waits_for_nobody_who_writes() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    browser.form(WIZARD, "sign_up", &form(PHONE)).await.expect(303);
    let (state, id) = drawn(&browser).await;
    let mut writing = app.pool.begin().await.expect("a transaction");
    for locked in ["select from signups for update", "select from verifications for update", "lock table tallies in row exclusive mode"] {
        sqlx::query(locked).execute(&mut *writing).await.expect("locked");
    }
    let answer = tokio::time::timeout(std::time::Duration::from_secs(5), asked(&browser, &id)).await;
    assert_eq!(answer.expect("without a wait"), state);
    app.ignore_messages();
}

#[tokio::test]
async fn a_domain_that_looks_like_a_slip_is_noticed_and_never_forced() {
    let app = TestApp::start().await;
    for (page, form) in [("/forgot-password", "forgot_password"), ("/resend-verification", "resend_link")] {
        let noticed = app.anonymous().form(page, form, &[("email", "ana@gmial.com")]).await.expect(200).text;
        assert!(noticed.contains("Você quis dizer gmail.com?") && noticed.contains("Se houver uma"), "{page}: {noticed}");
        app.anonymous().form(page, form, &[("email", "ana@gmail.com")]).await.expect(303);
    }
    let browser = app.anonymous();
    let beside: Vec<_> = form(PHONE).into_iter().filter(|(name, _)| *name != "email").chain([("email", "ana@gmial.com")]).collect();
    browser.form(WIZARD, "sign_up", &beside).await.expect(303);
    let page = browser.get(WIZARD).await.expect(200).text;
    assert!(page.contains("No seu e-mail, você quis dizer gmail.com?"), "{page}");
    let code = app.code_to(PHONE).await;
    browser.form(WIZARD, "prove_code", &[("code", &code)]).await.expect(303);
    app.ignore_messages();
}

/// The channel that the first form has ticked when somebody comes back to it.
async fn ticked(browser: &Actor<'_>) -> String {
    let page = browser.get("/register/client?step=details").await.expect(200).text;
    let radios = page.split("<input").filter_map(|rest| rest.split('>').next()).filter(|input| input.contains("name=\"channel\""));
    let ticked: Vec<_> = radios.filter(|input| input.contains(" checked")).collect();
    assert_eq!(ticked.len(), 1, "{page}");
    ticked[0].split_once("value=\"").and_then(|(_, rest)| rest.split_once('"')).map_or(String::new(), |(value, _)| value.to_owned())
}

#[tokio::test]
async fn a_channel_to_which_a_code_climbed_is_not_taken_for_the_persons_choice_when_the_number_is_corrected() {
    let it = Carriers::start(&[]).await;
    let browser = it.app.anonymous();
    browser.form(WIZARD, "sign_up", &form(PHONE)).await.expect(303);
    it.deliver().await;
    it.report("wamid.0", "failed").await;
    it.deliver().await;
    assert_eq!((it.asked(), ticked(&browser).await.as_str()), ((1, 1), ""), "the system's choice");
    it.app.advance(Duration::seconds(31));
    browser.form(WIZARD, "resend", &[("channel", "sms")]).await.expect(303);
    assert_eq!(ticked(&browser).await, "sms", "the person's");
    it.deliver().await;
}
