//! A code for an address whose sign-up this browser does not hold: another product registered it (004).

use crate::components::{Alert, Field, PostForm, SubmitButton, Tone};
use crate::forms::Form;
use crate::pages::code_entry::Sent;
use crate::pages::recover::{ChooseNew, granted};
use crate::paths;
use crate::server_fns::ProveEmail;
use crate::ui::Ui;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use portaria::error::Field as Named;
use portaria::purpose::CodeFor;

/// Address and code. The answers are the same for every address. 004 redirects to `/verify-email` with the e-mail ("Registro
/// inicial").
#[component]
pub fn ByCode() -> impl IntoView {
    let ui = Ui::get();
    let all = ui.texts;
    let texts = &all.pages.code;
    // The address was registered in another browser, so the password from the sign-up was removed.
    if let Some(granted) = granted::<ProveEmail>(&ui) {
        return view! {
            <Alert tone=Tone::Success>{all.pages.links.verify_new_password_lead}</Alert>
            <ChooseNew granted start_over=(paths::FORGOT_PASSWORD.to_owned(), all.pages.recovery.by_email) />
        }
        .into_any();
    }
    let email = use_query_map().with_untracked(|query| query.get("email").unwrap_or_default());
    view! {
        <section class="panel">
            <h2>{texts.by_email_title}</h2>
            <p>{texts.by_email_lead}</p>
            <PostForm form=ProveEmail::ROUTE proof=CodeFor::SignupEmail class="form">
                <Sent text=all.carona.code_sent_if_waiting />
                <Field field=Named::Email label=all.field_name(Named::Email) value=email />
                <Field field=Named::Code label=all.field_name(Named::Code) hint=texts.by_email_hint />
                <div class="actions">
                    <SubmitButton text=texts.submit />
                    <SubmitButton text=texts.send_another class="button button-secondary" name="again" value="true" />
                </div>
            </PostForm>
        </section>
    }
    .into_any()
}
