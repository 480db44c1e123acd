//! A code for an address whose sign-up this browser does not carry: another product registered it (004).

use crate::components::{Field, FormState, PostForm, SubmitButton};
use crate::server_fns::ProveEmail;
use crate::ui::Ui;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use portaria::error::Field as Named;
use portaria::message::Purpose;

/// Address and code; the answers are the same for every address. The document sends people here "passing the e-mail".
#[component]
pub fn ByCode() -> impl IntoView {
    let all = Ui::get().texts;
    let texts = &all.pages.code;
    let action = ServerAction::<ProveEmail>::new();
    let email = use_query_map().with_untracked(|query| query.get("email").unwrap_or_default());
    view! {
        <section class="panel">
            <h2>{texts.by_email_title}</h2>
            <p>{texts.by_email_lead}</p>
            <PostForm name="prove_email" action proof=Purpose::SignupEmail class="form">
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
}

/// That a code is on its way, if one was asked for.
#[component]
fn Sent() -> impl IntoView {
    let state: FormState = expect_context();
    let texts = Ui::get().texts;
    let sent = Memo::new(move |_| state.reply.with(|reply| reply.sent.is_some()));
    view! {
        <div role="status">{move || sent.get().then(|| view! { <p>{texts.carona.code_sent_if_waiting}</p> })}</div>
    }
}
