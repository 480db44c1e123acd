//! Every form is rendered by some page, and the server knows every form that is rendered.

#![expect(clippy::expect_used, reason = "tests")]

mod drawn;

use app::forms::{PhotoForm, Secret, StepUp};
use app::{Answer, FORMS, First, Known, PostedForm, Reply};
use drawn::{addresses, page, page_with, posted};
use portaria::check_up::Openings;
use portaria::error::Refusal;
use portaria::field::Typed;
use portaria::journey::{Kind, Step};
use portaria::message::Channel;
use portaria::own_data::OwnOverview;
use portaria::terms::TermsView;
use portaria::view::{AccountView, Delivery, OwnerCode, SessionView, SignupView};
use std::collections::BTreeSet;

fn forms_in(html: &str) -> BTreeSet<String> {
    html.split(r#"name="_form" value=""#).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

fn known() -> Known {
    Known { channels: vec![Channel::Email, Channel::Sms, Channel::WhatsApp], ..Known::default() }
}

fn account(kind: Kind, has_password: bool) -> AccountView {
    AccountView {
        email: Some("ana@example.com".to_owned()),
        email_proved: true,
        profile_complete: kind == Kind::Professor,
        has_password,
        ..AccountView::made_up(kind, "Ana Souza")
    }
}

fn session(id: &str, current: bool) -> SessionView {
    SessionView {
        id: id.to_owned(),
        current,
        device: "Firefox".to_owned(),
        address: "127.0.0.1".to_owned(),
        local: true,
        api: false,
        created_at: 0,
        last_used_at: 0,
    }
}

/// The first data for a person who is signed in on two devices.
fn owner(account: AccountView) -> First {
    let sessions = vec![session("a", true), session("b", false)];
    let open = Openings { sessions, products: 2 };
    First { known: Some(Known { me: Some(account), ..known() }), answer: Some(Answer::Openings(Some(open))), ..First::default() }
}

/// The same for Meus dados, with a session that is not fresh.
fn owner_of_data(account: AccountView) -> First {
    let overview = OwnOverview { fresh: false, consents: Vec::new(), products: Vec::new(), events: Vec::new(), next: None };
    First { answer: Some(Answer::OwnData(Some((overview, vec![session("a", true)])))), ..owner(account) }
}

/// The same for an owner who has not accepted the terms in force.
fn owner_of_old_terms() -> First {
    let terms = TermsView { version: "2".to_owned(), in_force: true, sections: Vec::new(), accepted: Vec::new() };
    let account = AccountView { terms_pending: Some(terms.version.clone()), ..account(Kind::Professor, true) };
    First { answer: Some(Answer::Terms(Ok(terms))), ..owner(account) }
}

/// The first data for a browser that holds a sign-up.
fn waiting(kind: Kind, step: Step) -> First {
    let signup = SignupView {
        id: "00000000-0000-4000-8000-000000000000".to_owned(),
        begun_at: 0,
        kind,
        step,
        typed: Typed::default(),
        has_password: false,
        destination: "a***@e***.com".to_owned(),
        channel: Channel::Sms,
        chosen: None,
        channels: known().channels,
        sms_rests: false,
        phone_completed: None,
        domain_meant: None,
        delivery: Delivery::Sent,
        expires_in: Some(300),
        resend_in: 0,
        blocked_for: None,
        entries_left: None,
        enters: true,
        sign_in_as: None,
        state: 0,
    };
    First { known: Some(Known { signups: vec![signup], ..known() }), ..First::default() }
}

fn nobody() -> First {
    First { known: Some(known()), ..First::default() }
}

/// A posted form whose code was refused.
fn refused(form: &str, kept: &[(&str, &str)]) -> PostedForm {
    posted(form, kept, Refusal::CodeRefused)
}

/// A posted CPF whose sender is asked who they are, by a code.
fn asked_who_it_is(refusal: Refusal) -> PostedForm {
    let code = OwnerCode {
        destination: "(11) *****-4321".to_owned(),
        delivery: Delivery::Sent,
        channel: Channel::Sms,
        channels: vec![Channel::Sms, Channel::WhatsApp],
        expires_in: 272,
        resend_in: 29,
        entries_left: Some(3),
    };
    let mut posted = posted("add_document", &[("asked", "cpf"), ("cpf", "529.982.247-25")], refusal);
    posted.reply.step_up = Some(StepUp::Code(Some(code)));
    posted
}

/// Pages that show more than a stranger sees: address, first data, and the form that was posted to it.
fn scenes() -> Vec<(&'static str, First, Option<PostedForm>)> {
    let granted = PostedForm {
        form: "prove_recovery".to_owned(),
        values: Vec::new(),
        reply: Reply { grant: Some(Secret("the-grant".to_owned())), ..Reply::default() },
    };
    let leaving = PostedForm {
        form: "sign_in".to_owned(),
        values: Vec::new(),
        reply: Reply { pending: Some(1_795_000_000), grant: Some(Secret("the-grant".to_owned())), ..Reply::default() },
    };
    let too_soon = |form: &str, asked: &str| {
        let reply = Reply { refusal: Some(Refusal::TooSoon { retry_after: 30 }), asked: Some(asked.to_owned()), ..Reply::default() };
        Some(PostedForm { form: form.to_owned(), values: Vec::new(), reply })
    };
    let teacher = || owner(account(Kind::Professor, true));
    let client = || owner(account(Kind::Cliente, false));
    vec![
        ("/register/client", waiting(Kind::Cliente, Step::Code), None),
        ("/register/teacher", waiting(Kind::Professor, Step::CheckEmail), None),
        ("/register/client", waiting(Kind::Cliente, Step::Done), None),
        ("/login?by=code", nobody(), Some(refused("sign_in_by_code", &[("phone", "11987654321")]))),
        ("/recover-password", nobody(), Some(refused("prove_recovery", &[("document", "52998224725")]))),
        ("/recover-password", nobody(), Some(granted)),
        ("/login", nobody(), Some(leaving)),
        ("/contest", nobody(), Some(refused("prove_contest", &[("document", "52998224725"), ("identifier", "ana@example.com")]))),
        ("/profile", teacher(), None),
        ("/profile/data", owner_of_data(account(Kind::Professor, true)), None),
        ("/terms/accept", owner_of_old_terms(), None),
        ("/profile/password", teacher(), None),
        ("/profile/password", client(), None),
        ("/profile/password", owner(AccountView { fresh: true, ..account(Kind::Cliente, false) }), None),
        ("/profile/document", client(), Some(asked_who_it_is(Refusal::ReauthenticationRequired))),
        ("/profile/document", client(), Some(asked_who_it_is(Refusal::BadCredentials))),
        ("/profile/document", teacher(), None),
        ("/profile/phone", client(), None),
        ("/profile/phone", client(), Some(refused("prove_own_phone", &[("phone", "11987654321")]))),
        ("/profile/phone", client(), too_soon("ask_phone", "11987654321")),
        ("/profile/email", client(), too_soon("ask_email", "ana@example.com")),
        ("/profile/email", client(), None),
        ("/profile/email", client(), Some(refused("prove_own_email", &[("email", "ana@example.com")]))),
        ("/complete-profile", owner(account(Kind::Caronista, true)), None),
    ]
}

#[tokio::test]
async fn every_form_that_the_server_knows_is_drawn_and_no_other() {
    let mut drawn = BTreeSet::new();
    for path in &addresses() {
        drawn.append(&mut forms_in(&page(path, None).await));
    }
    for (path, first, posted) in scenes() {
        drawn.append(&mut forms_in(&page_with(path, posted, first)));
    }
    let known = FORMS.iter().map(|form| form.name).chain(PhotoForm::ALL.into_iter().map(PhotoForm::name));
    assert_eq!(drawn, known.map(str::to_owned).collect());
}

#[tokio::test]
async fn every_scene_draws_a_form_that_a_stranger_is_not_shown() {
    for (path, first, posted) in scenes() {
        let asked = posted.as_ref().map(|posted| posted.form.clone());
        let (strangers, drawn) = (forms_in(&page(path, None).await), forms_in(&page_with(path, posted, first)));
        assert!(drawn.difference(&strangers).next().is_some(), "{path} {asked:?}: {drawn:?}");
    }
}

#[tokio::test]
async fn whoever_is_in_is_offered_no_way_in() {
    for path in ["/login", "/register", "/register/client", "/recover-password", "/contest"] {
        let ways =
            |html: String| ["Não consigo entrar", "Já tenho conta", "Já tem conta?", "Ainda não tem conta?"].map(|way| html.contains(way));
        assert!(ways(page_with(path, None, nobody())).contains(&true), "{path}");
        assert_eq!(ways(page_with(path, None, owner(account(Kind::Professor, true)))), [false; 4], "{path}");
    }
}

/// The browser takes the first.
#[tokio::test]
async fn at_most_one_element_takes_the_focus_and_a_refusal_before_all_others() {
    for (path, first, posted) in scenes() {
        let refused = posted.as_ref().is_some_and(|posted| posted.reply.refusal.is_some());
        let html = page_with(path, posted, first);
        let focused: Vec<_> = html.split(" autofocus").collect();
        assert!(focused.len() <= 2, "{path}: {html}");
        let tag = focused.first().filter(|_| focused.len() == 2).and_then(|before| before.rsplit('<').next());
        assert_eq!(refused, tag.is_some_and(|tag| tag.contains(r#"role="alert""#)), "{path}: {tag:?}");
    }
}

#[tokio::test]
async fn a_code_that_shows_who_somebody_is_is_told_of_as_any_other() {
    let drawn = |refusal| page_with("/profile/document", Some(asked_who_it_is(refusal)), owner(account(Kind::Cliente, false)));
    let asked = drawn(Refusal::ReauthenticationRequired);
    assert!(asked.contains("<h2>Confirme que é você</h2>") && !asked.contains("<title>Erro"), "nothing is wrong: {asked}");
    assert!(asked.contains("O que você preencheu está guardado.") && asked.contains("529.982.247-25"), "{asked}");
    assert!(asked.contains("Enviamos um código por SMS para"), "{asked}");
    assert!(asked.contains("O código expira em 4") && asked.contains("Restam 3 tentativas."), "{asked}");
    // Enter presses the first button of a form.
    let (before, after) = asked.split_once("Salvar CPF").expect("the button of the form");
    assert!(!before.contains(r#"name="step_again""#), "{asked}");
    for (channel, words) in [("sms", ">Enviar de novo por SMS<"), ("whatsapp", ">Receber por WhatsApp<")] {
        let button = after.split("<button").find(|button| button.contains(words)).unwrap_or_default();
        assert!(button.contains(&format!(r#"name="step_again" value="{channel}""#)), "{channel}: {asked}");
    }
    let wrong = drawn(Refusal::BadCredentials);
    assert!(wrong.contains(r##"<a href="#add_document-step_code">Código incorreto."##), "{wrong}");
    assert!(wrong.contains(r#"aria-describedby="add_document-step_code-lead add_document-step_code-error""#), "{wrong}");
    assert!(wrong.contains(r#"id="add_document-step_code-error""#) && wrong.contains("<title>Erro"), "{wrong}");
    assert!(!wrong.contains("Não consigo entrar"), "whoever is asked is in: {wrong}");
}

/// The forms into which a code is typed that came by a message.
const OF_CODES: [&str; 6] = ["prove_code", "sign_in_by_code", "prove_recovery", "prove_contest", "prove_own_phone", "prove_own_email"];

/// The waiting pages of every kind.
fn waiting_pages() -> impl Iterator<Item = (String, String)> {
    Kind::OFFERED.into_iter().map(|kind| {
        let journey = kind.journey();
        let step = if journey.proof_purpose.digits().is_some() { Step::Code } else { Step::CheckEmail };
        let path = format!("/register/{}", journey.slug);
        let html = page_with(&path, None, waiting(kind, step));
        (path, html)
    })
}

#[tokio::test]
async fn a_code_is_typed_into_one_field_which_the_phone_may_fill_in() {
    let mut seen = BTreeSet::new();
    let scenes = scenes().into_iter().map(|(path, first, posted)| (path.to_owned(), page_with(path, posted, first)));
    for (path, html) in scenes.chain(waiting_pages()) {
        let forms = forms_in(&html);
        let of_codes: Vec<_> = OF_CODES.into_iter().filter(|form| forms.contains(*form)).collect();
        if of_codes.is_empty() {
            continue;
        }
        let fields: Vec<_> = html.split("<input").skip(1).filter_map(|rest| rest.split('>').next()).collect();
        let fields: Vec<_> = fields.into_iter().filter(|field| field.contains(r#"autocomplete="one-time-code""#)).collect();
        assert_eq!((of_codes.len(), fields.len()), (1, 1), "{path}: {of_codes:?} {fields:?}");
        assert!(fields[0].contains(r#"inputmode="numeric""#) && html.contains(r#"data-live="web-otp""#), "{path}: {fields:?}");
        seen.extend(of_codes);
    }
    assert_eq!(seen, OF_CODES.into_iter().collect());
}

#[tokio::test]
async fn who_waits_and_has_confirmed_elsewhere_goes_on_without_a_script() {
    for (path, html) in waiting_pages() {
        let link = format!(r#"href="{path}?signup=00000000-0000-4000-8000-000000000000">Já confirmei em outro aparelho</a>"#);
        assert!(html.contains(&link), "{path}: {html}");
    }
    let own = [
        ("/profile/phone", "prove_own_phone", ("phone", "11987654321")),
        ("/profile/email", "prove_own_email", ("email", "ana@example.com")),
    ];
    for (path, form, kept) in own {
        let html = page_with(path, Some(refused(form, &[kept])), owner(account(Kind::Cliente, false)));
        assert!(html.contains(r#"name="look" value="true""#), "{path}: {html}");
        assert!(html.contains(r#"<a href="/profile">Já confirmei em outro aparelho</a>"#), "{path}: {html}");
    }
    let html = page_with("/recover-password", Some(refused("prove_recovery", &[("document", "52998224725")])), nobody());
    assert!(html.contains(r#"<a href="/login">Já confirmei em outro aparelho</a>"#), "{html}");
}

#[tokio::test]
async fn a_domain_that_looks_like_a_slip_is_noticed_and_never_forced() {
    let asks = |html: &str| html.contains("você quis dizer gmail.com?") || html.contains("Você quis dizer gmail.com?");
    for kind in Kind::OFFERED {
        let mut first = waiting(kind, if kind.journey().proof_purpose.digits().is_some() { Step::Code } else { Step::CheckEmail });
        let path = format!("/register/{}", kind.journey().slug);
        assert!(!asks(&page_with(&path, None, first.clone())), "{path}");
        if let Some(known) = &mut first.known {
            known.signups[0].domain_meant = Some("gmail.com".to_owned());
        }
        assert!(asks(&page_with(&path, None, first)), "{path}");
    }
    for (typed, is_asked) in [("ana@gmial.com", true), ("ana@gmail.com", false), ("ana@example.com", false)] {
        let posted = refused("prove_own_email", &[("email", typed)]);
        assert_eq!(asks(&page_with("/profile/email", Some(posted), owner(account(Kind::Cliente, false)))), is_asked, "{typed}");
        for (path, form) in [("/forgot-password", "forgot_password"), ("/resend-verification", "resend_link")] {
            let reply = Reply { asked: Some(typed.to_owned()), ..Reply::default() };
            let posted = PostedForm { form: form.to_owned(), values: vec![("email".to_owned(), typed.to_owned())], reply };
            let html = page_with(path, Some(posted), nobody());
            assert_eq!(asks(&html), is_asked, "{path}: {typed}");
            assert!(html.contains(r#"tabindex="-1" autofocus>Se houver uma"#), "{path}: {html}");
        }
    }
}

#[tokio::test]
async fn an_address_is_asked_about_before_it_is_sent_wherever_one_is_typed() {
    for path in
        ["/register/client", "/register/teacher", "/register/company", "/register/carona", "/forgot-password", "/resend-verification"]
    {
        assert!(page(path, None).await.contains(r#"data-meant="Você quis dizer "#), "{path}");
    }
}

#[test]
fn every_form_has_a_server_function_at_a_stable_path() {
    let paths: Vec<_> = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path).collect();
    for form in FORMS {
        assert_eq!(form.endpoint, format!("/sf/{}", form.name));
        assert!(paths.contains(&form.endpoint), "{} in {paths:?}", form.endpoint);
    }
    for other in ["/sf/signup_state", "/sf/cities", "/sf/judge_password"] {
        assert!(paths.contains(&other), "{other} in {paths:?}");
    }
}
