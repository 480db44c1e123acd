//! How pages go on: where a sign-in leads, what is said once, which step outlives a reload, what a change of the language keeps, and what a
//! refusal offers.

use crate::support::people::{CPF, EMAIL, OTHER_PHONE, PASSWORD, PHONE, TYPED_PHONE, WRONG_PASSWORD};
use crate::support::{Actor, Answer, TestApp};
use time::Duration;

const SIGN_IN: [(&str, &str); 2] = [("identifier", EMAIL), ("password", PASSWORD)];

fn says(page: &Answer, notice: &str) -> bool {
    let region = page.text.split_once("<div role=\"status\" class=\"notice\">").expect("the region").1;
    region.split_once("</div>").expect("its end").0.contains(notice)
}

// ── where a sign-in leads

#[tokio::test]
async fn whoever_signs_in_comes_to_the_page_that_was_asked_for() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let browser = app.anonymous();
    let sent = browser.get("/profile/password").await.expect(303);
    assert_eq!(sent.goes(), "/login?next=%2Fprofile%2Fpassword, nothing");
    let page = browser.get(sent.location()).await.expect(200);
    assert!(page.text.contains("name=\"next\" value=\"/profile/password\""), "{}", page.text);
    assert!(page.text.contains("/login?by=code&amp;next=%2Fprofile%2Fpassword"), "the other way in leads there too: {}", page.text);
    let next = ("next", "/profile/password");
    let wrong = browser.form(sent.location(), "sign_in", &[("identifier", EMAIL), ("password", WRONG_PASSWORD), next]).await.expect(401);
    assert!(wrong.text.contains("name=\"next\" value=\"/profile/password\""), "a refusal does not forget it");
    let entered = browser.form(sent.location(), "sign_in", &[SIGN_IN[0], SIGN_IN[1], next]).await.expect(303);
    assert_eq!(entered.location(), "/profile/password");
}

#[tokio::test]
async fn a_code_leads_there_too() {
    let app = TestApp::start().await;
    app.proved_client(PHONE).await;
    app.ignore_messages();
    app.advance(Duration::minutes(1));
    let browser = app.anonymous();
    browser.form("/login?by=code", "ask_code", &[("phone", PHONE)]).await.expect(200);
    let code = app.code_to(PHONE).await;
    let fields = [("phone", PHONE), ("code", &*code), ("next", "/profile/data")];
    assert_eq!(browser.form("/login?by=code", "sign_in_by_code", &fields).await.expect(303).location(), "/profile/data");
}

#[tokio::test]
async fn a_strangers_address_leads_nowhere_else() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    app.ignore_messages();
    for next in ["https://evil.example/profile", "//evil.example", "/profile/data/file", "/verify?token=x", "/oauth/logout", "/\\evil"] {
        let fields = [SIGN_IN[0], SIGN_IN[1], ("next", next)];
        assert_eq!(app.anonymous().form("/login", "sign_in", &fields).await.expect(303).location(), "/dashboard", "{next}");
    }
}

#[tokio::test]
async fn an_ended_session_leads_back_by_a_link_and_by_a_form() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let browser = app.sign_in_by_page(EMAIL, PASSWORD).await;
    sqlx::query("update sessions set ended_at = $1").bind(app.now()).execute(&app.pool).await.expect("ended");
    assert_eq!(browser.get("/profile/data?after=1").await.expect(303).goes(), "/login?next=%2Fprofile%2Fdata%3Fafter%3D1, ended");
    let passwords = [("current_password", PASSWORD), ("new_password", "Limao#99 verde"), ("password_confirmation", "Limao#99 verde")];
    let sent = browser.form("/profile/password", "change_password", &passwords).await.expect(303);
    assert_eq!(sent.goes(), "/login?next=%2Fprofile%2Fpassword, ended_unsaved");
    assert!(says(&browser.get(sent.location()).await.expect(200), "Sua sessão terminou e nada foi salvo. Entre de novo para continuar."));
}

#[tokio::test]
async fn whoever_is_in_is_told_so_at_home_at_the_sign_in_and_at_a_sign_up() {
    let app = TestApp::start().await;
    app.company().await;
    let browser = app.sign_in_by_page(EMAIL, PASSWORD).await;
    let home = browser.get("/").await.expect(200).text;
    assert!(
        home.contains("href=\"/dashboard\"") && !home.contains("href=\"/register\"") && !home.contains("Registrar como Professor"),
        "{home}"
    );
    let login = browser.get("/login?next=%2Fprofile").await.expect(200).text;
    assert!(login.contains("Você já entrou") && login.contains("href=\"/profile\" class=\"button\""), "{login}");
    assert!(!login.contains("sign_in-password"), "{login}");
    assert!(browser.get("/login?other=true").await.expect(200).text.contains("sign_in-password"), "another account may sign in");
    for page in ["/register", "/register/teacher"] {
        assert!(browser.get(page).await.expect(200).text.contains("Este cadastro cria outra conta."), "{page}");
    }
    app.ignore_messages();
}

// ── what is said once

#[tokio::test]
async fn a_page_says_once_what_was_done_and_no_address_makes_it_say_so() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let browser = app.sign_in_by_page(EMAIL, PASSWORD).await;
    let out = browser.form("/dashboard", "sign_out", &[]).await.expect(303);
    assert_eq!(out.goes(), "/, signed_out");
    let home = browser.get("/").await.expect(200);
    assert!(says(&home, "Você saiu da sua conta.") && home.cookie("portaria_notice").contains("Max-Age=0"), "{}", home.text);
    assert!(!says(&browser.get("/").await.expect(200), "Você saiu"));
    assert!(!says(&browser.get("/login?notice=password_changed").await.expect(200), "Senha alterada"));
    for forged in ["nothing", "Ligue-0800", "verified2"] {
        let page = app.anonymous().header("cookie", &format!("portaria_notice={forged}")).get("/login").await.expect(200);
        let (_, body) = page.text.split_once("</head>").expect("a page");
        assert!(!body.contains("alert-success"), "{forged}");
    }
    // What is said to one browser is kept for no other.
    for _ in 0..3 {
        assert!(!says(&app.anonymous().get("/").await.expect(200), "Você saiu"));
    }
}

#[tokio::test]
async fn a_form_that_fails_says_nothing_of_one_that_did_not() {
    let app = TestApp::start().await;
    let browser = app.anonymous().header("cookie", "portaria_notice=profile_saved");
    assert!(says(&browser.get("/login").await.expect(200), "Perfil atualizado"));
    let refused = browser.form("/login", "sign_in", &SIGN_IN).await.expect(401);
    assert!(!says(&refused, "Perfil atualizado"), "{}", refused.text);
}

// ── steps

async fn recovering(app: &TestApp) -> Actor<'_> {
    let person = app.client_with(PHONE, EMAIL).await;
    person.give_document("cpf", CPF).await;
    app.advance(Duration::minutes(1));
    app.ignore_messages();
    let browser = app.anonymous();
    browser.form("/recover-password", "ask_recovery", &[("document", CPF), ("channel", "email")]).await.expect(200);
    browser
}

#[tokio::test]
async fn a_reload_stays_at_the_step_of_a_recovery_and_what_is_kept_tells_nothing() {
    let app = TestApp::start().await;
    let browser = recovering(&app).await;
    app.advance(Duration::seconds(20));
    let page = browser.get("/recover-password").await.expect(200);
    for shown in ["Código de Verificação", "name=\"document\" value=\"529.982.247-25\"", "a***@e***.com", "data-live=\"clock\""] {
        assert!(page.text.contains(shown), "{shown}: {}", page.text);
    }
    assert!(!page.text.contains("aria-invalid") && !page.text.contains("data-answers"), "it answers no form: {}", page.text);
    assert!(page.text.contains("data-props=\"10\n") || page.text.contains("data-props=\"10&#10;"), "its clocks went on: {}", page.text);
    // The wrong code does not lose it, and the right one leads on to a step that is kept as well.
    let code = app.code_to(EMAIL).await;
    let wrong = TestApp::other_than(&code);
    browser.form("/recover-password", "prove_recovery", &[("document", CPF), ("code", &wrong)]).await.expect(400);
    let again = browser.get("/recover-password").await.expect(200);
    assert!(again.text.contains("Código de Verificação") && !again.text.contains("Código inválido"), "{}", again.text);
    let entered = browser.form("/recover-password", "prove_recovery", &[("document", CPF), ("code", &code)]).await.expect(200);
    let kept = entered.cookie("portaria_step");
    assert!(kept.contains("HttpOnly") && !kept.contains("529"), "{kept}");
    let page = browser.get("/recover-password").await.expect(200);
    assert!(page.text.contains("Nova Senha") && crate::support::username_in(&page) == CPF, "{}", page.text);
    let grant = crate::support::grant_in(&page);
    let passwords = [("grant", &*grant), ("new_password", "Limao#99 verde"), ("password_confirmation", "Limao#99 verde")];
    let done = browser.form("/recover-password", "reset_by_grant", &passwords).await.expect(303);
    assert!(done.cookie("portaria_step").contains("Max-Age=0"), "and over it is over");
    assert!(!browser.get("/recover-password").await.expect(200).text.contains("Nova Senha"));
}

#[tokio::test]
async fn a_step_is_of_its_page_its_time_and_its_server_and_the_person_may_begin_anew() {
    let app = TestApp::start().await;
    let browser = recovering(&app).await;
    for other in ["/contest", "/login?by=code", "/forgot-password"] {
        assert!(!browser.get(other).await.expect(200).text.contains("529.982"), "{other}");
    }
    let forged = app.anonymous().header("cookie", "portaria_step=AQAAAAAAAAABforged");
    assert!(!forged.get("/recover-password").await.expect(200).text.contains("Código de Verificação"));
    // Too early.
    browser.form("/recover-password", "ask_recovery", &[("document", CPF)]).await;
    assert!(browser.get("/recover-password").await.expect(200).text.contains("Código de Verificação"), "a refusal does not lose the step");
    let anew = browser.get("/recover-password?start=over").await.expect(200);
    assert!(anew.text.contains("ask_recovery-document") && anew.cookie("portaria_step").contains("Max-Age=0"), "{}", anew.text);
    assert!(anew.text.contains("action=\"/recover-password\""), "and the next step is kept again: {}", anew.text);
    assert!(browser.get("/recover-password").await.expect(200).text.contains("ask_recovery-document"));
    app.advance(Duration::minutes(11));
    let late = app.anonymous();
    late.form("/recover-password", "ask_recovery", &[("document", CPF)]).await.expect(200);
    app.advance(Duration::minutes(10));
    assert!(late.get("/recover-password").await.expect(200).text.contains("ask_recovery-document"), "it lasts as long as its last step");
}

#[tokio::test]
async fn a_reload_stays_at_the_code_of_a_sign_in_and_of_a_new_phone() {
    let app = TestApp::start().await;
    let client = app.client_with_password().await;
    client.give_email(EMAIL).await;
    app.ignore_messages();
    app.advance(Duration::minutes(1));
    let browser = app.anonymous();
    browser.form("/login?by=code", "ask_code", &[("phone", TYPED_PHONE)]).await.expect(200);
    let page = browser.get("/login?by=code").await.expect(200);
    assert!(page.text.contains("sign_in_by_code-code") && page.text.contains("value=\"(11) 98765-4321\""), "{}", page.text);
    let owner = app.sign_in_by_page(EMAIL, PASSWORD).await;
    owner.form("/profile/phone", "ask_phone", &[("phone", OTHER_PHONE)]).await.expect(200);
    let page = owner.get("/profile/phone").await.expect(200);
    assert!(page.text.contains("prove_own_phone-code") && page.text.contains(OTHER_PHONE), "{}", page.text);
    let code = app.code_to(OTHER_PHONE).await;
    let fields = [("phone", OTHER_PHONE), ("code", &*code), ("next", "/profile")];
    assert_eq!(owner.form("/profile/phone", "prove_own_phone", &fields).await.expect(303).goes(), "/profile, phone_proved");
    assert!(!owner.get("/profile/phone").await.expect(200).text.contains("prove_own_phone-code"));
}

#[tokio::test]
async fn whoever_signs_in_next_does_not_find_the_step_of_whoever_went() {
    let app = TestApp::start().await;
    app.proved_teacher(EMAIL).await;
    let browser = app.sign_in_by_page(EMAIL, PASSWORD).await;
    app.ignore_messages();
    browser.form("/profile/phone", "ask_phone", &[("phone", OTHER_PHONE)]).await.expect(200);
    let out = browser.form("/profile/phone", "sign_out", &[]).await.expect(303);
    assert!(out.cookie("portaria_step").contains("Max-Age=0"));
}

// ── the language

#[tokio::test]
async fn another_language_keeps_what_was_typed_and_sends_nothing() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let typed =
        [("slug", "teacher"), ("name", "Ana Souza"), ("email", EMAIL), ("password", PASSWORD), ("terms", "true"), ("language", "en")];
    let page = browser.form("/register/teacher", "sign_up", &typed).await.expect(200);
    assert!(page.text.contains("<html lang=\"en\">") && page.cookie("portaria_language").contains("=en;"), "{}", page.text);
    for kept in ["value=\"Ana Souza\"", &format!("value=\"{EMAIL}\""), "checked"] {
        assert!(page.text.contains(kept), "{kept}: {}", page.text);
    }
    assert!(!page.text.contains(PASSWORD) && !page.text.contains("aria-invalid"), "{}", page.text);
    assert!(browser.get("/register/teacher").await.expect(200).text.contains("<html lang=\"en\">"));
    assert_eq!(app.count("select count(*) from accounts").await + app.count("select count(*) from signups").await, 0);
    let page = browser.get("/register/teacher").await.expect(200).text;
    let button = page.split("name=\"language\"").next().and_then(|before| before.rsplit_once("<button")).expect("the button").1;
    assert!(button.contains("form=\"page-form\"") && page.contains("<form id=\"page-form\""), "{button}");
    assert!(!browser.get("/").await.expect(200).text.contains("form=\"page-form\""), "a page without a form has none to keep");
}

// ── the way out

#[tokio::test]
async fn a_right_password_of_an_unproved_address_offers_the_link_where_it_says_no() {
    let app = TestApp::start().await;
    app.pending_teacher(EMAIL).await;
    app.token_to(EMAIL).await;
    app.advance(Duration::minutes(2));
    let browser = app.anonymous();
    let refused = browser.form("/login", "sign_in", &SIGN_IN).await.expect(403);
    assert!(refused.text.contains("Falta confirmar seu e-mail.") && refused.text.contains("form=\"resend-form\""), "{}", refused.text);
    assert!(refused.text.contains("<form id=\"resend-form\"") && refused.text.contains("Receber outro link"), "{}", refused.text);
    let sent = browser.form("/login", "resend_link", &[("email", EMAIL)]).await.expect(303);
    assert_eq!(sent.goes(), "/login, link_sent");
    app.expect_message(EMAIL, "Verifique sua conta").await;
}

#[tokio::test]
async fn an_expired_link_is_sent_again_by_one_press() {
    let app = TestApp::start().await;
    app.pending_teacher(EMAIL).await;
    let token = app.token_to(EMAIL).await;
    app.advance(Duration::hours(25));
    let browser = app.anonymous().header("accept", "text/html");
    let link = format!("/verify?token={token}");
    let page = browser.get(&link).await.expect(410);
    assert!(page.text.contains("value=\"resend_link\"") && !page.text.contains("resend_link-email"), "{}", page.text);
    let sent = browser.form(&link, "resend_link", &[("token", &token)]).await.expect(303);
    assert_eq!(sent.goes(), "/login, link_sent", "the old link is replaced: its page would call it invalid");
    assert!(says(&browser.get("/login").await.expect(200), "o link está a caminho"));
    let unknown = browser.form("/verify?token=x", "resend_link", &[("token", "x")]).await;
    assert!(unknown.status >= 400, "a token that was never sent sends nothing");
    app.ignore_messages();
}

#[tokio::test]
async fn a_hand_off_that_was_used_is_not_offered_again() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let begun = browser.form("/register/client", "sign_up", &crate::support::people::client_form(PHONE)).await.expect(303);
    app.ignore_messages();
    let page = browser.form(begun.location(), "hand_off", &[]).await.expect(200);
    let token: String = page.text.split("/continue?token=").nth(1).expect("a link").chars().take(43).collect();
    let link = format!("/continue?token={token}");
    // Whatever only opens it uses nothing up.
    for _ in 0..2 {
        let page = app.get(&link).await.expect(200);
        assert!(page.text.contains("value=\"take_over\""), "{}", page.text);
    }
    let other = app.anonymous();
    other.form(&link, "take_over", &[("token", &token)]).await.expect(303);
    let pages = [
        app.get(&link).await,
        app.get("/continue?token=never").await,
        app.anonymous().form("/continue?token=never", "take_over", &[("token", "never")]).await,
    ];
    for page in pages {
        let page = page.expect(400);
        assert!(page.text.contains("Link inválido") && page.text.contains("Crie outro link"), "{}", page.text);
        assert!(!page.text.contains("value=\"take_over\""), "{}", page.text);
    }
    let page = app.get("/continue").await.expect(200);
    assert!(page.text.contains("Link incompleto"), "{}", page.text);
}

#[tokio::test]
async fn a_wrong_code_keeps_where_the_code_went_and_how_long_it_is_good() {
    let app = TestApp::start().await;
    let browser = recovering(&app).await;
    app.advance(Duration::seconds(20));
    let wrong = TestApp::other_than(&app.code_to(EMAIL).await);
    let page = browser.form("/recover-password", "prove_recovery", &[("document", CPF), ("code", &wrong)]).await.expect(400);
    for said in [
        "Enviamos um código de 6 dígitos por",
        "a***@e***.com",
        "O código expira em 4",
        "data-live=\"clock\"",
        "Você pode pedir de novo em 10",
    ] {
        assert!(page.text.contains(said), "{said}: {}", page.text);
    }
    assert!(!page.text.contains("Restam"), "how often somebody has guessed is nobody else's: {}", page.text);
    // Of another document nothing is known.
    let other = [("document", "111.444.777-35"), ("code", &*wrong)];
    let page = browser.form("/recover-password", "prove_recovery", &other).await;
    assert!(!page.text.contains("a***@e***.com") && !page.text.contains("O código expira em"), "{}", page.text);
    // Whoever asks for another one too early stays where they are.
    let early = browser.form("/recover-password", "ask_recovery", &[("document", CPF), ("channel", "email")]).await;
    assert!(early.text.contains("prove_recovery-code"), "{}", early.text);
}

#[tokio::test]
async fn a_code_that_has_expired_is_told_of_once() {
    let app = TestApp::start().await;
    app.client().await;
    app.ignore_messages();
    app.advance(Duration::minutes(1));
    let browser = app.anonymous();
    let page = browser.form("/login?by=code", "ask_code", &[("phone", TYPED_PHONE)]).await.expect(200);
    assert!(page.text.contains("o código está a caminho por WhatsApp."), "{}", page.text);
    let code = app.code_to(PHONE).await;
    app.advance(Duration::minutes(6));
    let reloaded = browser.get("/login?by=code").await.expect(200);
    assert!(reloaded.text.contains("<p class=\"countdown\">O código expirou. Peça outro abaixo."), "{}", reloaded.text);
    let late = browser.form("/login?by=code", "sign_in_by_code", &[("phone", TYPED_PHONE), ("code", &code)]).await.expect(400);
    assert!(late.text.contains("Este código expirou. Peça outro."), "{}", late.text);
    assert!(!late.text.contains("<p class=\"countdown\">O código expirou"), "{}", late.text);
}

#[tokio::test]
async fn while_entries_rest_no_button_pretends_otherwise() {
    let app = TestApp::start().await;
    let browser = recovering(&app).await;
    let code = app.code_to(EMAIL).await;
    let wrong = TestApp::other_than(&code);
    for _ in 0..4 {
        browser.form("/recover-password", "prove_recovery", &[("document", CPF), ("code", &wrong)]).await.expect(400);
    }
    let page = browser.form("/recover-password", "prove_recovery", &[("document", CPF), ("code", &wrong)]).await.text;
    assert_eq!(page.matches("Foram muitos códigos errados").count(), 1, "{page}");
    assert!(!page.contains("prove_recovery-code") && !page.contains("Verificar código"), "{page}");
    assert!(page.contains("data-props=\"900\n") || page.contains("data-props=\"900&#10;"), "another code helps when entries do: {page}");
}

#[tokio::test]
async fn the_pages_have_a_manifest_of_the_brand() {
    let app = TestApp::start().await;
    let manifest = app.get("/site.webmanifest").await.expect(200);
    assert_eq!(manifest.header("content-type"), "application/manifest+json");
    assert_eq!((manifest.json()["name"].as_str(), manifest.json()["start_url"].as_str()), (Some("Portaria"), Some("/")));
    assert!(app.get("/").await.expect(200).text.contains("rel=\"manifest\" href=\"/site.webmanifest\""));
}
