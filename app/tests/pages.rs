//! The pages as the server renders them, without a browser and without a database.

#![expect(clippy::expect_used, clippy::panic, reason = "tests")]

mod drawn;

use app::forms::Secret;
use app::{Answer, First, PostedForm, Reply};
use drawn::{addresses, page, page_saying, page_with, posted};
use portaria::error::{Field, FieldError, FieldErrors, Refusal};
use text::{Language, PageNotice};

fn errors(errors: &[(Field, FieldError)]) -> Refusal {
    let mut all = FieldErrors::new();
    for (field, error) in errors {
        all.push(*field, *error);
    }
    Refusal::Invalid(all)
}

fn tag<'a>(html: &'a str, mark: &str) -> &'a str {
    let at = html.find(mark).unwrap_or_else(|| panic!("{mark} in {html}"));
    let start = html[..at].rfind('<').expect("a tag");
    let end = at + html[at..].find('>').expect("its end");
    &html[start..=end]
}

#[tokio::test]
async fn every_page_has_one_heading_a_title_and_one_script() {
    for path in &addresses() {
        let html = page(path, None).await;
        assert_eq!(html.matches("<h1").count(), 1, "{path}");
        assert_eq!(html.matches("<title>").count(), 1, "{path}");
        assert!(html.contains(" · Portaria</title>") && html.contains(r#"<html lang="pt-BR">"#), "{path}");
        assert!(!html.contains(" style="), "{path}: style-src 'self' would block it");
        assert_eq!(html.split("<script").skip(1).collect::<Vec<_>>().len(), 1, "{path}");
        assert!(html.contains(r#"<script src="/pkg/v1/waking.js" async></script>"#) && html.contains("/pkg/v1/portaria.css"), "{path}");
    }
}

#[tokio::test]
async fn a_first_page_needs_no_other_file_to_be_painted() {
    let app::Drawn { html, .. } = app::draw("/login", app::Files::Within { style_sheet: ":root{--ink:#000}" }, || {});
    assert!(html.contains("<style>:root{--ink:#000}</style>") && !html.contains("rel=\"stylesheet\""), "{html}");
    assert!(html.contains(&["<script>", &app::script(""), "</script>"].concat()), "as the policy names it: {html}");
}

#[tokio::test]
async fn every_field_that_is_seen_has_a_label_and_every_id_is_there_once() {
    for path in &addresses() {
        let html = page(path, None).await;
        for input in html.split("<input").skip(1).map(|rest| rest.split('>').next().unwrap_or_default()) {
            if input.contains(r#"type="hidden""#) || input.contains(r#"aria-hidden="true""#) {
                continue;
            }
            let id = input.split(r#" id=""#).nth(1).and_then(|rest| rest.split('"').next()).expect("an id");
            assert!(html.contains(&format!(r#"<label for="{id}""#)), "{path}: {id}");
            assert_eq!(html.matches(&format!(r#" id="{id}""#)).count(), 1, "{path}: {id}");
        }
    }
}

#[tokio::test]
async fn a_form_posts_to_its_own_page_and_names_itself() {
    let html = page("/login?by=code", None).await;
    let form = tag(&html, r#"class="form""#);
    assert!(form.contains(r#"method="post""#) && form.contains(r#"action="/login?by=code""#) && form.contains("novalidate"), "{form}");
    assert!(html.contains(r#"<input type="hidden" name="_form" value="ask_code">"#));
}

#[tokio::test]
async fn an_error_stands_at_its_field_in_the_summary_and_in_the_title() {
    let refusal = errors(&[(Field::Phone, FieldError::PhoneInvalid), (Field::Terms, FieldError::TermsRequired)]);
    let html = page("/register/client", posted("sign_up", &[("name", "Ana"), ("phone", "119"), ("channel", "sms")], refusal)).await;
    let input = tag(&html, r#"id="sign_up-phone""#);
    assert!(input.contains(r#"aria-invalid="true""#), "{input}");
    assert!(input.contains(r#"aria-describedby="sign_up-phone-hint sign_up-phone-error""#), "{input}");
    assert!(input.contains(r#"value="119""#), "{input}");
    assert!(html.contains(r#"<p id="sign_up-phone-error" class="error">"#));
    assert!(html.contains("Número de telefone inválido"));
    assert!(tag(&html, r#"id="sign_up-name""#).contains(r#"value="Ana""#));
    assert!(!tag(&html, r#"id="sign_up-name""#).contains("aria-invalid"));
    assert!(tag(&html, r#"value="sms""#).contains("checked"));
    let summary = tag(&html, r#"class="summary""#);
    assert!(summary.contains(r#"role="alert""#) && summary.contains(r#"tabindex="-1""#) && summary.contains("autofocus"), "{summary}");
    assert!(html.contains("Confira os campos abaixo") && html.contains(r##"href="#sign_up-phone""##));
    assert!(html.contains("<title>Erro: "));
}

#[tokio::test]
async fn what_was_ticked_stays_ticked_and_what_was_not_does_not() {
    let refusal = || errors(&[(Field::Name, FieldError::Required)]);
    let ticked = page("/register/teacher", posted("sign_up", &[("terms", "true")], refusal())).await;
    assert!(tag(&ticked, r#"name="terms""#).contains("checked"));
    let not = page("/register/teacher", posted("sign_up", &[("name", "")], refusal())).await;
    assert!(!tag(&not, r#"name="terms""#).contains("checked"));
}

#[tokio::test]
async fn a_single_error_is_announced_as_one() {
    let refusal = errors(&[(Field::Email, FieldError::Required)]);
    let html = page("/forgot-password", posted("forgot_password", &[("email", "")], refusal)).await;
    assert!(html.contains("<h2>Confira o campo abaixo</h2>") && !html.contains("os campos"), "{html}");
}

#[tokio::test]
async fn a_sentence_of_ours_goes_on_behind_the_name_of_its_field() {
    let refusal = errors(&[(Field::Name, FieldError::TooLong { max: 100 })]);
    let html = page("/register/teacher", posted("sign_up", &[("name", "Ana")], refusal)).await;
    assert!(html.contains(">Nome completo: use no máximo 100 caracteres.<"), "{html}");
    assert!(html.contains("Use no máximo 100 caracteres"), "at the field: {html}");
}

#[tokio::test]
async fn a_summary_that_only_asks_to_wait_says_so() {
    for refusal in [Refusal::TooMany { retry_after: 60 }, Refusal::TooSoon { retry_after: 30 }, Refusal::Busy { retry_after: 5 }] {
        let html = page("/login", posted("sign_in", &[("identifier", "ana@example.com")], refusal)).await;
        assert!(html.contains("<h2>Aguarde</h2>") && !html.contains("Há um problema"), "{html}");
    }
    let locked = page("/login", posted("sign_in", &[("identifier", "ana@example.com")], Refusal::Locked { retry_after: 900 })).await;
    assert!(locked.contains("<h2>Não foi possível entrar</h2>"), "there is a way in, and it stands below: {locked}");
}

#[tokio::test]
async fn whoever_blocked_the_account_is_led_to_where_it_is_unblocked() {
    let html = page_saying("/login", PageNotice::Blocked);
    let notice = html.split(r#"class="notice""#).nth(1).and_then(|rest| rest.split("<h1").next()).expect("the notice");
    for page in ["/forgot-password", "/recover-password"] {
        assert!(notice.contains(&format!(r#"href="{page}""#)), "{page}: {notice}");
    }
}

#[tokio::test]
async fn a_page_that_sent_a_link_says_how_long_it_is_good_for() {
    for (path, notice, lasts) in [
        ("/resend-verification", PageNotice::LinkAsked, "O link vale por 24 horas."),
        ("/forgot-password", PageNotice::ResetLinkSent, "O link vale por 1 hora."),
    ] {
        let html = page_saying(path, notice);
        assert!(html.contains(lasts), "{html}");
    }
}

#[tokio::test]
async fn a_taken_address_offers_the_way_in() {
    let html = page("/register/teacher", posted("sign_up", &[("email", "ana@example.com")], Refusal::Taken(Field::Email))).await;
    assert!(html.contains("Email já cadastrado<") && html.contains("Entrar na minha conta"));
    assert!(html.contains(r#"href="/forgot-password""#) && html.contains("Criar nova senha"));
    assert!(tag(&html, r#"id="sign_up-email""#).contains(r#"aria-invalid="true""#));
}

#[tokio::test]
async fn a_refusal_of_one_form_leaves_the_others_alone() {
    let html = page("/login", posted("sign_up", &[("name", "Ana")], Refusal::Unavailable)).await;
    assert!(!html.contains(r#"class="summary""#));
}

#[tokio::test]
async fn a_wrong_sign_in_code_keeps_the_phone_and_words_itself() {
    let html = page("/login?by=code", posted("sign_in_by_code", &[("phone", "11987654321")], Refusal::CodeRefused)).await;
    assert!(html.contains(r#"<input type="hidden" name="phone" value="11987654321">"#));
    assert!(html.contains("Código incorreto. Confira os dígitos ou peça outro código."));
}

#[tokio::test]
async fn a_right_recovery_code_leads_to_the_new_password_and_only_a_hidden_field_holds_the_grant() {
    let proved = PostedForm {
        form: "prove_recovery".to_owned(),
        values: vec![("document".to_owned(), "52998224725".to_owned())],
        reply: Reply { grant: Some(Secret("the-grant".to_owned())), signs_in_as: "52998224725".to_owned(), ..Reply::default() },
    };
    let html = page("/recover-password", Some(proved)).await;
    assert!(tag(&html, r#"autocomplete="username""#).contains(r#"value="52998224725""#));
    assert!(html.contains(r#"<input type="hidden" name="grant" value="the-grant">"#));
    assert!(html.contains("Nova Senha") && html.contains("Confirme a Nova Senha"));
    assert!(!html.contains("grant=the-grant"));
}

#[tokio::test]
async fn an_expired_link_of_any_kind_says_so_and_leads_on() {
    let links = [
        ("/verify?token=abc", Answer::Link(Err(Refusal::LinkLapsed)), "/resend-verification"),
        ("/reset-password?token=abc", Answer::ResetLink(Err(Refusal::LinkLapsed)), "/forgot-password"),
        ("/not-me?token=abc", Answer::NotMe(Err(Refusal::LinkLapsed)), "/recover-password"),
        ("/document-mine?token=abc", Answer::DocumentMine(Some(Refusal::LinkLapsed)), "/login"),
        ("/undo-deletion?token=abc", Answer::UndoDeletion(Err(Refusal::LinkLapsed)), "/login"),
    ];
    let pages = links.map(|(path, answer, way)| (page_with(path, None, First { answer: Some(answer), ..First::default() }), way));
    let dead = First { answer: Some(Answer::HandOff(Some(Refusal::LinkUnknown))), ..First::default() };
    let unknown = page_with("/continue?token=abc", None, dead);
    assert!(unknown.contains("Link inválido") && !unknown.contains(r#"value="take_over""#), "{unknown}");
    let hand_off = page("/continue?token=abc", posted("take_over", &[("token", "abc")], Refusal::LinkLapsed)).await;
    for (html, way) in pages.into_iter().chain([(hand_off, "/register")]) {
        let (_, main) = html.split_once("<main").expect("a main part");
        let (main, _) = main.split_once("</main>").expect("its end");
        assert!(main.contains("Link expirado") && main.contains(&format!(r#"href="{way}""#)), "{main}");
    }
}

#[tokio::test]
async fn a_refused_new_password_keeps_the_grant_and_says_message_4_and_the_reasons() {
    let refusal =
        errors(&[(Field::NewPassword, FieldError::PasswordClassesRecovery), (Field::PasswordConfirmation, FieldError::PasswordMismatch)]);
    let html = page("/recover-password", posted("reset_by_grant", &[("grant", "the-grant")], refusal)).await;
    assert!(html.contains(r#"<input type="hidden" name="grant" value="the-grant">"#));
    assert!(html.contains("As senhas não coincidem ou não atendem aos requisitos de segurança. Tente novamente."));
    assert!(html.contains("A senha deve conter letras maiúsculas, números e caracteres especiais"));
    assert!(tag(&html, r#"id="reset_by_grant-new_password""#).contains(r#"aria-invalid="true""#));
}

#[tokio::test]
async fn a_refused_recovery_says_messages_3_and_2_and_keeps_the_document() {
    let unknown = page("/recover-password", posted("ask_recovery", &[("document", "123")], Refusal::DocumentUnknown)).await;
    assert!(unknown.contains("CPF/CNPJ inválido ou não cadastrado. Por favor, verifique os dados informados."));
    let field = tag(&unknown, r#"id="ask_recovery-document""#);
    assert!(field.contains(r#"value="123""#) && field.contains(r#"aria-invalid="true""#), "{field}");
    for refusal in [Refusal::CodeRefused, errors(&[(Field::Code, FieldError::CodeShape { digits: 6 })])] {
        let html = page("/recover-password", posted("prove_recovery", &[("document", "52998224725")], refusal)).await;
        assert!(html.contains("Código inválido ou expirado! Por favor, solicite um novo código."));
        assert!(tag(&html, r#"id="prove_recovery-code""#).contains(r#"aria-invalid="true""#));
        assert!(html.contains(r#"<input type="hidden" name="document" value="52998224725">"#) && html.contains("Código de Verificação"));
    }
}

#[tokio::test]
async fn a_code_that_was_blocked_is_not_said_to_be_good_and_another_is_offered() {
    let blocked = || Refusal::CodeBlocked { retry_after: 900 };
    for (path, form, field) in [
        ("/login?by=code", "sign_in_by_code", ("phone", "11987654321")),
        ("/recover-password", "prove_recovery", ("document", "52998224725")),
    ] {
        let html = page(path, posted(form, &[field], blocked())).await;
        assert!(html.contains("Este código não vale mais. Quando puder tentar de novo, peça outro abaixo."), "{path}");
        assert!(!html.contains("O código expira em"), "{path}");
        let wrong = page(path, posted(form, &[field], Refusal::CodeRefused)).await;
        assert!(!wrong.contains("Este código não vale mais"), "{path}");
    }
}

#[tokio::test]
async fn the_way_that_was_chosen_for_a_code_outlives_a_wrong_entry() {
    let values = [("document", "52998224725"), ("channel", "whatsapp")];
    let html = page("/recover-password", posted("prove_recovery", &values, Refusal::CodeRefused)).await;
    // Once in the form for the code, once at the button that requests it again.
    assert_eq!(html.matches(r#"name="channel" value="whatsapp""#).count(), 2, "{html}");
}

#[tokio::test]
async fn where_the_server_cannot_tell_a_page_says_so_and_nothing_false() {
    for path in ["/dashboard", "/profile", "/profile/password", "/profile/phone", "/profile/document", "/complete-profile", "/verify-email"]
    {
        let html = page_with(path, None, First::default());
        assert!(html.contains("Algo não funcionou do nosso lado. Tente de novo em instantes"), "{path}");
        for untrue in ["Entre na sua conta para ver esta página", "Este navegador não tem um cadastro em andamento"] {
            assert!(!html.contains(untrue), "{path}: {untrue}");
        }
        assert_eq!(html.matches("<h1").count(), 1, "{path}");
    }
}

#[tokio::test]
async fn what_was_typed_is_never_markup() {
    let evil = r#"</title></script><script>alert(1)</script><img src=x onerror=alert(1)>""#;
    let refusal = errors(&[(Field::Phone, FieldError::PhoneInvalid)]);
    let html = page("/register/client", posted("sign_up", &[("name", evil), ("phone", evil), ("email", evil)], refusal)).await;
    assert!(!html.contains("<script>alert") && !html.contains("<img src=x"), "{html}");
    assert_eq!(html.matches("</title>").count(), 1);
    for path in [
        "/verify?token=%3C/title%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "/continue?token=%22%3E%3Cimg%20src=x%3E",
        "/login?next=%2Fprofile%22%3E%3Cimg%20src=x%3E",
    ] {
        let html = page(path, None).await;
        assert!(!html.contains("<script>alert") && !html.contains("<img src=x"), "{path}");
    }
}

#[tokio::test]
async fn a_notice_is_told_by_the_page_before_and_by_no_address() {
    for address in ["/login?notice=verified", "/login?notice=password_changed", "/login?notice=Ligue+para+0800"] {
        assert!(!page(address, None).await.contains("alert-success"), "{address}");
    }
    for notice in PageNotice::ALL {
        let html = page_saying("/login", *notice);
        let region =
            html.split_once(r#"<div role="status" class="notice">"#).expect("the region").1.split_once("</div>").expect("its end").0;
        // What a page shows instead of its form says no other page.
        assert_eq!(region.contains(Language::PtBr.texts().notice(*notice)), !notice.replaces_the_form(), "{region}");
        if notice.replaces_the_form() {
            continue;
        }
        // What was done looks otherwise than what a person has to know.
        let done = !matches!(
            notice,
            PageNotice::Blocked | PageNotice::DeletionAsked | PageNotice::Ended | PageNotice::EndedUnsaved | PageNotice::TryLater
        );
        assert_eq!(region.contains("alert-success"), done, "{region}");
    }
}

#[tokio::test]
async fn every_page_has_the_region_of_notices_before_it_says_something() {
    for path in &addresses() {
        let html = page(path, None).await;
        let region =
            html.split_once(r#"<div role="status" class="notice">"#).expect("the region").1.split_once("</div>").expect("its end").0;
        assert!(region.is_empty() || region.starts_with("<!"), "{path}: {region}");
    }
}

/// These are not escaped: `inner_html`, children of `<textarea>` in Leptos 0.8, and `<Title text>` in `leptos_meta` 0.8.7.
#[test]
fn no_source_opens_a_way_for_markup() {
    fn walk(folder: &std::path::Path, found: &mut Vec<(String, String)>) {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, found);
            } else {
                found.push((path.display().to_string(), std::fs::read_to_string(&path).expect("a source")));
            }
        }
    }
    let mut sources = Vec::new();
    walk(std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut sources);
    assert!(sources.len() > 20);
    for (path, text) in sources {
        for forbidden in ["inner_html", "<textarea", "style:", "set_inner_html"] {
            assert!(!text.contains(forbidden), "{path}: {forbidden}");
        }
        assert!(
            !text.contains("<Title ") || path.ends_with("components/title.rs"),
            "{path}: titles go through PageTitle, which takes &'static str"
        );
    }
}
