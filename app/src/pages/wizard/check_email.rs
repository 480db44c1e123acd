//! "Check your e-mail": a link is on its way, and a code beside it in the same mail.

use super::current::{Current, Which};
use super::waiting::{DeliveryState, DeliveryTrouble, GiveUp, OtherDevice, SendAgain, Waits};
use crate::components::{Alert, Field, Heading, PageTitle, PostForm, SubmitButton, Tone, fill_in_code};
use crate::forms::Form;
use crate::paths;
use crate::server_fns::ProveCode;
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::error::Field as Named;
use portaria::journey::Journey;
use portaria::purpose::CodeFor;

#[component]
pub fn CheckEmail(journey: &'static Journey) -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.check_email;
    let current = Current::get();
    let lead = current.signup.as_ref().map(|signup| texts.lead(&signup.destination));
    view! {
        <PageTitle text=texts.title />
        <Heading text=texts.heading.to_owned() />
        <div data-part="news">
            <p class="lead">
                {lead} " " <a href=paths::correction_of(journey.kind, &current.id())>{texts.correct}</a>
            </p>
            {current
                .signup
                .as_ref()
                .and_then(|signup| signup.domain_meant.clone())
                .map(|domain| view! { <p class="hint">{texts.meant(domain)}</p> })}
            <p>{texts.next}</p>
            <DeliveryState journey />
            {current
                .signup
                .as_ref()
                .and_then(|signup| signup.blocked_for)
                .map(|seconds| {
                    let wait = ui.texts.duration.wait(seconds);
                    view! { <Alert tone=Tone::Warning>{ui.texts.pages.code.blocked(wait)}</Alert> }
                })}
            <DeliveryTrouble failed=texts.failed.to_owned() lapsed=texts.lapsed dead=texts.lapsed />
            <Waits hint=texts.waits_here />
        </div>
        <PostForm form=ProveCode::ROUTE proof=CodeFor::SignupEmail class="form">
            <Which />
            <Field field=Named::Code label=ui.texts.field_name(Named::Code) hint=texts.or_code />
            {fill_in_code("prove_code-code".to_owned())}
            <SubmitButton text=ui.texts.pages.code.submit class="button button-secondary" />
        </PostForm>
        <p class="hint">{texts.spam}</p>
        <SendAgain journey />
        <OtherDevice />
        <GiveUp text=ui.texts.pages.code.start_over />
    }
}
