//! Sign-in: by password, or by a one-time code to a proved phone.

use super::code_entry::{AskAgain, CodeField, Ended, SentTo};
use crate::components::{
    Alert, CheckboxField, Field, Heading, HiddenField, Notice, PageTitle, PasswordField, PostForm, SubmitButton, Tone,
};
use crate::forms::Reply;
use crate::server_fns::{AskCode, SignIn, SignInByCode};
use crate::ui::Ui;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use portaria::error::Field as Named;
use portaria::purpose::CodeFor as Purpose;
use portaria::view::CodeSent;

/// `/login`, and `/login?by=code`.
#[component]
pub fn Login() -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.login;
    let query = use_query_map();
    let by_code = Memo::new(move |_| query.with(|query| query.get_str("by") == Some("code")));
    view! {
        <PageTitle text=texts.title />
        <div class="page narrow">
            <Notice />
                // Read once: after a sign-in the page is left, so it need not follow the signal.
                {ui
                    .me
                    .with_untracked(Option::is_some)
                    .then(|| {
                        view! {
                            <Alert tone=Tone::Info>
                                {texts.already} " " <a href="/dashboard">{ui.texts.pages.done.to_dashboard}</a>
                            </Alert>
                        }
                    })}
            {move || if by_code.get() { view! { <ByCode /> }.into_any() } else { view! { <ByPassword /> }.into_any() }}
            <hr />
            <p>
                {texts.no_account} " " <a href="/register">{texts.create}</a>
            </p>
            <p>
                <a href="/resend-verification">{texts.resend_verification}</a>
            </p>
        </div>
    }
    .into_any()
}

#[component]
fn ByPassword() -> impl IntoView {
    let ui = Ui::get();
    let all = ui.texts;
    let texts = &all.pages.login;
    let action = ServerAction::<SignIn>::new();
    // An address that was just proved is filled in.
    let named = use_query_map().with_untracked(|query| query.get("signup"));
    let known = ui.signups.with_untracked(|signups| {
        let mut proved = signups.iter().filter(|it| named.as_ref().is_none_or(|id| *id == it.id)).filter_map(|it| it.sign_in_as.as_ref());
        // If there are several, none is filled in: the wrong address would be worse.
        match (proved.next(), proved.next()) {
            (Some(one), None) => one.clone(),
            _ => String::new(),
        }
    });
    view! {
        <Heading text=texts.heading.to_owned() />
        <PostForm name="sign_in" action class="form">
            <Field field=Named::Identifier label=all.field_name(Named::Identifier) value=known />
            <PasswordField field=Named::Password label=all.field_name(Named::Password) />
            <CheckboxField name="remember" label=texts.remember />
            <SubmitButton text=texts.submit />
        </PostForm>
        <p>
            <a href="/forgot-password">{texts.forgot}</a>
        </p>
        <p>
            <a href="/recover-password">{texts.recover}</a>
        </p>
        <p>
            <a href="/login?by=code">{texts.by_code}</a>
        </p>
    }
}

#[component]
fn ByCode() -> impl IntoView {
    let ui = Ui::get();
    let all = ui.texts;
    let texts = &all.pages.login;
    // The phone stands in the form, never in a URL.
    let asked = ui.posted("ask_code").map(|posted| posted.reply).unwrap_or_default();
    let entered = ui.posted("sign_in_by_code");
    let ended = RwSignal::new(entered.as_ref().and_then(|entered| entered.reply.refusal.as_ref().and_then(Ended::by)));
    let sent = RwSignal::new(asked.sent);
    let phone = RwSignal::new(asked.info.or_else(|| entered.and_then(|entered| entered.value("phone"))));
    let on_reply = Callback::new(move |reply: Reply| {
        if reply.refusal.is_none() {
            sent.set(reply.sent);
            ended.set(None);
            if phone.with_untracked(|phone| *phone != reply.info) {
                phone.set(reply.info);
            }
        }
    });
    let ask = ServerAction::<AskCode>::new();
    view! {
        <Heading text=texts.code_heading.to_owned() />
        {move || match phone.get() {
            None => {
                view! {
                    <p class="lead">{texts.code_lead}</p>
                    <PostForm name="ask_code" action=ask on_reply class="form">
                        <Field field=Named::Phone label=all.field_name(Named::Phone) />
                        <SubmitButton text=texts.code_submit />
                    </PostForm>
                }
                    .into_any()
            }
            Some(number) => view! { <EnterLoginCode number sent ended phone on_reply /> }.into_any(),
        }}
        <p>
            <a href="/login">{texts.by_password}</a>
        </p>
    }
}

#[component]
fn EnterLoginCode(
    number: String,
    sent: RwSignal<Option<CodeSent>>,
    ended: RwSignal<Option<Ended>>,
    phone: RwSignal<Option<String>>,
    on_reply: Callback<Reply>,
) -> impl IntoView {
    let all = Ui::get().texts;
    let texts = &all.pages.login;
    let typed = number.clone();
    let enter = ServerAction::<SignInByCode>::new();
    let again = ServerAction::<AskCode>::new();
    let lead = Signal::derive(move || {
        sent.with(|sent| match sent {
            Some(sent) => texts.code_sent(&sent.destination),
            None => texts.code_entry.to_owned(),
        })
    });
    let expires_in = Signal::derive(move || sent.with(|sent| sent.as_ref().map(|sent| sent.expires_in)));
    let resend_in = Signal::derive(move || sent.with(|sent| sent.as_ref().map(|sent| sent.resend_in)));
    let on_entry = Callback::new(move |reply: Reply| {
        if let Some(end) = reply.refusal.as_ref().and_then(Ended::by) {
            ended.set(Some(end));
        }
    });
    let begin_anew = move |_| {
        ended.set(None);
        phone.set(None);
    };
    view! {
        <SentTo text=lead focus=true />
        <PostForm name="sign_in_by_code" action=enter proof=Purpose::LoginPhone on_reply=on_entry class="form">
            <HiddenField name="phone" value=typed />
            <CodeField label=all.field_name(Named::Code) expires_in ended />
            <CheckboxField name="remember" label=texts.remember />
            <SubmitButton text=texts.submit />
        </PostForm>
        <AskAgain name="ask_code" action=again of=("phone", number) resend_in text=texts.resend on_reply>
            <a href="/login?by=code" rel="external" on:click=begin_anew>
                {texts.other_phone}
            </a>
        </AskAgain>
    }
}
