//! Sign-in: by password, or by a one-time code to a proved phone.

use super::code_entry::{AskAgain, CodeField, CodeSubmit, Ended, code_of, has_lapsed, sent_to, whole};
use super::undo_deletion::OneChoice;
use crate::components::{
    CheckboxField, Field, Heading, HiddenField, PageTitle, PasswordField, PostForm, ResendForm, Split, SubmitButton, Unfinished,
};
use crate::forms::Form;
use crate::paths;
use crate::server_fns::{AskCode, SignIn, SignInByCode};
use crate::ui::Ui;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use portaria::error::Field as Named;
use portaria::journey::Kind;
use portaria::purpose::CodeFor;
use portaria::value::Phone;
use portaria::view::CodeSent;

/// `/login`, and `/login?by=code`.
#[component]
pub fn Login() -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.login;
    let mut replies = [ui.posted::<SignIn>(), ui.posted::<SignInByCode>()].into_iter().flatten().map(|posted| &posted.reply);
    let pending = replies.find_map(|reply| reply.pending.zip(reply.grant.clone()));
    if let Some((at, grant)) = pending {
        return view! {
            <PageTitle text=ui.texts.deletion.choice_title />
            <Split>
                <OneChoice at grant=grant.0 />
            </Split>
        }
        .into_any();
    }
    let query = |name: &str| use_query_map().with_untracked(|query| query.get(name)).unwrap_or_default();
    let (by_code, next) = (query("by") == "code", query("next"));
    let form = match ui.me() {
        // A product may ask whoever is in to sign in again.
        Some(account) if query("other").is_empty() && !ui.is_awaited() => {
            let name = account.greeted_as().to_owned();
            return view! {
                <PageTitle text=texts.title />
                <Split>
                    <AlreadyIn name next />
                </Split>
            }
            .into_any();
        }
        _ if by_code => view! { <ByCode next /> }.into_any(),
        _ => view! { <ByPassword next /> }.into_any(),
    };
    view! {
        <PageTitle text=texts.title />
        <Split>
            <Unfinished />
            {form}
            <hr />
            <p>
                {texts.no_account} " " <a href=paths::REGISTER>{texts.create}</a>
            </p>
        </Split>
    }
    .into_any()
}

/// Whoever is in already is told so, and goes on.
#[component]
fn AlreadyIn(name: String, next: String) -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.login;
    let onward = paths::wanted(&next).unwrap_or(paths::DASHBOARD).to_owned();
    view! {
        <Heading text=texts.already_title.to_owned() />
        <p class="lead">{texts.already(name)}</p>
        <div class="actions">
            <a class="button" href=onward>
                {ui.texts.pages.done.to_dashboard}
            </a>
            <a class="button button-secondary" href=paths::LOGIN_OTHER>
                {texts.other_account}
            </a>
        </div>
    }
}

#[component]
fn ByPassword(next: String) -> impl IntoView {
    let ui = Ui::get();
    let all = ui.texts;
    let texts = &all.pages.login;
    // An address that was just proved is filled in.
    let named = use_query_map().with_untracked(|query| query.get("signup"));
    let mut proved = ui.signups().iter().filter(|it| named.as_ref().is_none_or(|id| *id == it.id)).filter_map(|it| it.sign_in_as.as_ref());
    // If there are several, none is filled in: the wrong address would be worse.
    let known = match (proved.next(), proved.next()) {
        (Some(one), None) => one.clone(),
        (None, _) => ui.login_hint().unwrap_or_default().to_owned(),
        (Some(_), Some(_)) => String::new(),
    };
    let by_code = paths::leading_to(paths::LOGIN_BY_CODE, &next);
    view! {
        <Heading text=texts.heading.to_owned() />
        <PostForm form=SignIn::ROUTE class="form">
            <HiddenField name="next" value=next />
            <Field field=Named::Identifier label=all.field_name(Named::Identifier) value=known />
            <PasswordField field=Named::Password label=all.field_name(Named::Password) />
            <CheckboxField name="remember" label=texts.remember />
            <SubmitButton text=texts.submit />
        </PostForm>
        <ResendForm />
        <p>
            <a class="button button-secondary" href=by_code>
                {texts.by_code}
            </a>
        </p>
        <ul class="links">
            <li>
                <a href=paths::FORGOT_PASSWORD>{texts.forgot}</a>
                " "
                <span class="hint">{texts.forgot_how}</span>
            </li>
            <li>
                <a href=paths::RECOVER_PASSWORD>{texts.recover}</a>
                " "
                <span class="hint">{texts.recover_how}</span>
            </li>
        </ul>
    }
}

#[component]
fn ByCode(next: String) -> impl IntoView {
    let ui = Ui::get();
    let all = ui.texts;
    let texts = &all.pages.login;
    // The phone stands in the form, never in a URL.
    let by_password = paths::leading_to(paths::LOGIN, &next);
    let reply = ui.posted::<AskCode>().map(|posted| posted.reply.clone()).unwrap_or_default();
    let step = match reply.asked.or_else(|| ui.posted_value::<SignInByCode>("phone")) {
        None => view! {
            <p class="lead">{texts.code_lead}</p>
            <PostForm form=AskCode::ROUTE class="form">
                <Field field=Named::Phone label=all.field_name(Named::Phone) value=expected_phone(&ui) />
                <SubmitButton text=texts.code_submit />
            </PostForm>
        }
        .into_any(),
        Some(number) => {
            let (sent, ended) = (code_of::<AskCode, SignInByCode>(&ui), Ended::by_form::<SignInByCode>(&ui));
            view! { <EnterLoginCode number sent ended next /> }.into_any()
        }
    };
    view! {
        <Heading text=texts.code_heading.to_owned() />
        {step}
        <p>
            <a href=by_password>{texts.by_password}</a>
        </p>
    }
}

/// The phone that a product expects. It may expect an e-mail as well.
fn expected_phone(ui: &Ui) -> String {
    ui.login_hint().filter(|hint| Phone::parse(hint).is_ok()).unwrap_or_default().to_owned()
}

#[component]
fn EnterLoginCode(number: String, sent: Option<CodeSent>, ended: Option<Ended>, next: String) -> impl IntoView {
    let ui = Ui::get();
    let all = ui.texts;
    let texts = &all.pages.login;
    let mut ways = ui.set_up(Kind::Cliente.journey().channels).into_iter();
    // The system's choice needs no button of its own.
    let first = ways.next();
    let ways: Vec<_> = ways.collect();
    let went = sent.as_ref().map(|sent| sent.channel).or(first);
    let lead = texts.code_sent(whole(&number), went.map(|channel| all.channel(channel)).unwrap_or_default());
    let lapsed = has_lapsed(sent.as_ref());
    let (expires_in, resend_in) = (sent.as_ref().map(|sent| sent.expires_in), sent.as_ref().map(|sent| sent.resend_in));
    let again = vec![("phone", number.clone())];
    let by_code = paths::leading_to(paths::LOGIN_BY_CODE, &next);
    view! {
        {sent_to(&lead, ended)}
        <PostForm form=SignInByCode::ROUTE proof=CodeFor::LoginPhone lapsed class="form">
            <HiddenField name="phone" value=number />
            <HiddenField name="next" value=next.clone() />
            <CodeField label=all.field_name(Named::Code) expires_in ended />
            <CheckboxField name="remember" label=texts.remember />
            <CodeSubmit text=texts.submit ended />
        </PostForm>
        <AskAgain form=AskCode::ROUTE fields=again resend_in text=texts.resend ways ended>
            <a href=paths::anew(&by_code)>{texts.other_phone}</a>
        </AskAgain>
    }
}
