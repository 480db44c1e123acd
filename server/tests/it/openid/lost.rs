//! Nobody gets lost, whatever the person has to do first: a recovery, an invitation to accept new terms, a code that lapsed.

use super::{SCHOOL, browser, clients, follow, parameter, sign_in, start};
use crate::support::people::{CNPJ, CPF, EMAIL, NEW_PASSWORD, OTHER_PHONE, PASSWORD, PHONE, client_form, company_form};
use crate::support::{Actor, Answer, TestApp, grant_in};
use jsonwebtoken::Algorithm;
use time::Duration;

/// Signs in with the new password, and expects to be sent to the product.
async fn expect_back(browser: &Actor<'_>, password: &str) {
    let signed_in = browser.form("/login", "sign_in", &[("identifier", EMAIL), ("password", password)]).await;
    expect_code(&follow(browser, signed_in).await);
}

fn expect_code(back: &Answer) {
    assert!(back.location().starts_with("https://escola.example/cb?code="), "{} {}", back.status, back.location());
    assert_eq!(parameter(back.location(), "state").as_deref(), Some("estado 1&2"));
}

#[tokio::test]
async fn whoever_recovers_the_access_by_a_link_or_a_document_comes_back() {
    let app = start().await;
    let owner = app.teacher().await;
    owner.give_document("cpf", CPF).await;
    let by_link = browser(&app);
    by_link.get(&SCHOOL.address(&[])).await.expect(303);
    by_link.form("/forgot-password", "forgot_password", &[("email", EMAIL)]).await.expect(303);
    let token = app.tokens_to(EMAIL, "/reset-password").await.remove(0);
    let form = [("token", token.as_str()), ("password", NEW_PASSWORD), ("password_confirmation", NEW_PASSWORD)];
    by_link.form(&format!("/reset-password?token={token}"), "reset_by_link", &form).await.expect(303);
    expect_back(&by_link, NEW_PASSWORD).await;

    let by_document = browser(&app);
    by_document.get(&SCHOOL.address(&[])).await.expect(303);
    by_document.form("/recover-password", "ask_recovery", &[("document", CPF), ("channel", "email")]).await.expect(200);
    let code = app.code_to(EMAIL).await;
    let page = by_document.form("/recover-password", "prove_recovery", &[("document", CPF), ("code", &code)]).await.expect(200);
    let grant = grant_in(&page);
    let form = [("grant", grant.as_str()), ("new_password", PASSWORD), ("password_confirmation", PASSWORD)];
    by_document.form("/recover-password", "reset_by_grant", &form).await.expect(303);
    expect_back(&by_document, PASSWORD).await;
}

#[tokio::test]
async fn whoever_opens_the_link_of_a_new_password_on_another_device_comes_back_on_the_first() {
    let app = start().await;
    app.proved_teacher(EMAIL).await;
    let (desk, phone) = (browser(&app), browser(&app));
    desk.get(&SCHOOL.address(&[])).await.expect(303);
    desk.form("/forgot-password", "forgot_password", &[("email", EMAIL)]).await.expect(303);
    let token = app.tokens_to(EMAIL, "/reset-password").await.remove(0);
    let form = [("token", token.as_str()), ("password", NEW_PASSWORD), ("password_confirmation", NEW_PASSWORD)];
    phone.form(&format!("/reset-password?token={token}"), "reset_by_link", &form).await.expect(303);
    // No product waits there: the link says whose password it is, and not what for.
    let home = phone.form("/login", "sign_in", &[("identifier", EMAIL), ("password", NEW_PASSWORD)]).await;
    assert_eq!(follow(&phone, home).await.status, 200);
    expect_back(&desk, NEW_PASSWORD).await;
}

#[tokio::test]
async fn a_company_signs_up_and_comes_back() {
    let app = start().await;
    let company = browser(&app);
    company.get(&SCHOOL.address(&[("prompt", "create")])).await.expect(303);
    company.form("/register/company", "sign_up", &company_form(CNPJ, EMAIL)).await.expect(303);
    let token = app.token_to(EMAIL).await;
    company.get(&format!("/verify?token={token}")).await.expect(303);
    expect_back(&company, PASSWORD).await;
}

#[tokio::test]
async fn whoever_lets_codes_lapse_and_changes_what_was_typed_comes_back() {
    let app = start().await;
    let ana = browser(&app);
    ana.get(&SCHOOL.address(&[("prompt", "create")])).await.expect(303);
    let waiting = ana.form("/register/client", "sign_up", &client_form(PHONE)).await.expect(303).location().to_owned();
    let lapsed = app.code_to(PHONE).await;
    let signup = waiting.split("signup=").nth(1).expect("an id");
    app.advance(Duration::hours(20));
    assert!(ana.form(&waiting, "prove_code", &[("signup", signup), ("code", &lapsed)]).await.status >= 400, "it has lapsed");
    // The number was wrong.
    let waiting = ana.form("/register/client?step=details", "sign_up", &client_form(OTHER_PHONE)).await.expect(303).location().to_owned();
    let signup = waiting.split("signup=").nth(1).expect("an id");
    let lapsed = app.code_to(OTHER_PHONE).await;
    // A request waits for a day. This one is older, and waits as long as the sign-up does that was changed.
    app.advance(Duration::hours(20));
    assert!(ana.form(&waiting, "prove_code", &[("signup", signup), ("code", &lapsed)]).await.status >= 400, "it has lapsed, too");
    assert!(ana.form(&waiting, "resend", &[("signup", signup), ("channel", "sms")]).await.status < 400);
    let code = app.code_to(OTHER_PHONE).await;
    app.advance(Duration::minutes(1));
    expect_code(&follow(&ana, ana.form(&waiting, "prove_code", &[("signup", signup), ("code", &code)]).await).await);
}

#[tokio::test]
async fn whoever_has_new_terms_to_accept_comes_back() {
    let app = start().await;
    app.proved_teacher(EMAIL).await;
    let later = app.node_with_terms("2031-01").await;
    let ana = browser(&later);
    ana.get(&SCHOOL.address(&[])).await.expect(303);
    let asked = follow(&ana, sign_in(&ana).await).await.expect(200);
    assert!(asked.text.contains("2031-01"), "{}", asked.text);
    let none = ana.get(&SCHOOL.address(&[("prompt", "none")])).await.expect(303);
    assert_eq!(parameter(none.location(), "error").as_deref(), Some("interaction_required"));
    let accepted = ana.form("/terms/accept?next=%2Fdashboard", "accept_terms", &[("version", "2031-01"), ("next", "/dashboard")]).await;
    expect_code(&follow(&ana, accepted).await);
}

impl TestApp {
    async fn node_with_terms(&self, version: &str) -> Self {
        self.node_with_file(&format!("terms_version = \"{version}\"\n{}", clients(Algorithm::EdDSA))).await
    }
}
