//! Alterar Senha (003, "Alteração de Senha").

use super::Back;
use crate::components::{
    Alert, AnotherCode, Heading, Owner, PageTitle, PasswordField, PostForm, StepUpFields, SubmitButton, Tone, Username,
};
use crate::forms::Form;
use crate::server_fns::{ChangePassword, ConfirmOwner, SetPassword};
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::error::Field as Named;
use portaria::view::AccountView;

#[component]
pub fn ProfilePassword() -> impl IntoView {
    let ui = Ui::get();
    let texts = ui.texts;
    // Whoever has none sets the first.
    let sets = ui.me().is_some_and(|account| !account.has_password);
    let title = if sets { texts.access.create_password_submit } else { texts.pages.profile.change_password_title };
    view! {
        <PageTitle text=title />
        <div class="page narrow">
            <Back />
            <Heading text=title.to_owned() />
            <Owner draw=form />
        </div>
    }
    .into_any()
}

fn form(ui: &Ui, account: &AccountView) -> AnyView {
    let all = ui.texts;
    let texts = &all.pages.profile;
    if !account.has_password {
        // Whoever took so long to choose one is asked beside it.
        let is_asked = ui.posted::<SetPassword>().is_some();
        return if account.fresh || is_asked { first(ui, account) } else { confirm(ui) };
    }
    let policy = account.kind.journey().password;
    let known = account.signs_in_as().unwrap_or_default().to_owned();
    view! {
        <p class="lead">{texts.password_lead}</p>
        <PostForm form=ChangePassword::ROUTE class="form">
            <Username value=known />
            <PasswordField field=Named::CurrentPassword label=all.field_name(Named::CurrentPassword) />
            <PasswordField field=Named::NewPassword label=all.field_name(Named::NewPassword) policy=policy />
            <PasswordField field=Named::PasswordConfirmation label=all.pages.recovery.confirmation_label />
            <SubmitButton text=texts.password_submit />
        </PostForm>
    }
    .into_any()
}

/// Who it is comes first: a password that was typed would be lost while its owner reads a code.
fn confirm(ui: &Ui) -> AnyView {
    let all = ui.texts;
    let is_sent = ui.posted::<ConfirmOwner>().is_some_and(|posted| posted.reply.step_up.is_some());
    let submit = if is_sent { all.pages.code.submit } else { all.pages.complete.phone_submit };
    view! {
        <p class="lead">{all.pages.profile.no_password} " " {all.access.create_password}</p>
        {(!is_sent).then(|| view! { <p>{all.access.confirm_first}</p> })}
        <PostForm form=ConfirmOwner::ROUTE class="form">
            <StepUpFields />
            <SubmitButton text=submit />
            <AnotherCode />
        </PostForm>
    }
    .into_any()
}

/// The form of an account that has no password yet.
fn first(ui: &Ui, account: &AccountView) -> AnyView {
    let all = ui.texts;
    let policy = account.kind.journey().password;
    let known = account.signs_in_as().unwrap_or_default().to_owned();
    let confirmed = ui.posted::<ConfirmOwner>().is_some();
    view! {
        {confirmed.then(|| view! { <Alert tone=Tone::Success>{all.access.confirmed}</Alert> })}
        <p class="lead">{all.pages.profile.no_password} " " {all.access.create_password}</p>
        <PostForm form=SetPassword::ROUTE class="form">
            <Username value=known />
            <PasswordField field=Named::NewPassword label=all.field_name(Named::NewPassword) policy=policy />
            <PasswordField field=Named::PasswordConfirmation label=all.pages.recovery.confirmation_label />
            <StepUpFields />
            <SubmitButton text=all.access.create_password_submit />
            <AnotherCode />
        </PostForm>
    }
    .into_any()
}
