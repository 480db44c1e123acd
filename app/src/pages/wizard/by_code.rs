//! A code for an address whose sign-up this browser does not hold: another product registered it (004).

use crate::components::{Alert, Field, FormState, PostForm, SubmitButton, Tone};
use crate::forms::Reply;
use crate::pages::recover::ChooseNew;
use crate::server_fns::ProveEmail;
use crate::ui::Ui;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use portaria::error::Field as Named;
use portaria::purpose::CodeFor as Purpose;

/// Address and code. The answers are the same for every address. 004 redirects to `/verify-email` with the e-mail ("Registro
/// inicial").
#[component]
pub fn ByCode() -> impl IntoView {
    let ui = Ui::get();
    let all = ui.texts;
    let texts = &all.pages.code;
    let action = ServerAction::<ProveEmail>::new();
    let email = use_query_map().with_untracked(|query| query.get("email").unwrap_or_default());
    // A grant comes back if the password of the sign-up was removed, because this browser does not hold the sign-up.
    let granted = ui.posted("prove_email").and_then(|posted| posted.reply.grant).map(|grant| grant.0);
    let kept = ui.posted("reset_by_grant").and_then(|posted| posted.values.into_iter().find(|(name, _)| name == "grant"));
    let grant = RwSignal::new(granted.or(kept.map(|(_, grant)| grant)));
    let on_reply = Callback::new(move |reply: Reply| {
        if let Some(secret) = reply.grant {
            grant.set(Some(secret.0));
        }
    });
    let ask = move || {
        let email = email.clone();
        view! {
        <section class="panel">
            <h2>{texts.by_email_title}</h2>
            <p>{texts.by_email_lead}</p>
            <PostForm name="prove_email" action on_reply proof=Purpose::SignupEmail class="form">
                <Sent />
                <Field field=Named::Email label=all.field_name(Named::Email) value=email />
                <Field field=Named::Code label=all.field_name(Named::Code) hint=texts.by_email_hint />
                <div class="actions">
                    <SubmitButton text=texts.submit />
                    <SubmitButton text=texts.send_another class="button button-secondary" name="again" value="true" />
                </div>
            </PostForm>
        </section>
        }
    };
    move || match grant.get() {
        Some(grant) => view! {
            <Alert tone=Tone::Success>{all.pages.links.verify_new_password_lead}</Alert>
            <ChooseNew grant start_over=("/forgot-password", all.pages.recovery.by_email) />
        }
        .into_any(),
        None => ask().into_any(),
    }
}

/// Says that a code is on its way, if one was requested.
#[component]
fn Sent() -> impl IntoView {
    let state: FormState = expect_context();
    let texts = Ui::get().texts;
    let sent = Memo::new(move |_| state.reply.with(|reply| reply.sent.is_some()));
    view! {
        <div role="status">{move || sent.get().then(|| view! { <p>{texts.carona.code_sent_if_waiting}</p> })}</div>
    }
}
