use super::current::{Current, Which};
use super::waiting::{DeliveryState, DeliveryTrouble, GiveUp, OtherDevice, SendAgain, Waits};
use crate::components::{Alert, Field, Heading, PageTitle, PostForm, SubmitButton, TimeLeft, Tone, fill_in_code};
use crate::forms::Form;
use crate::paths;
use crate::server_fns::ProveCode;
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::error::Field as Named;
use portaria::journey::Journey;
use portaria::purpose::CodeFor;
use portaria::view::Delivery;

#[component]
pub fn EnterCode(journey: &'static Journey, purpose: CodeFor) -> impl IntoView {
    let all = Ui::get().texts;
    let texts = &all.pages.code;
    let current = Current::get();
    let digits = purpose.digits();
    let correct = if journey.contact_is_email() { texts.correct_email } else { texts.correct_phone };
    let signup = current.signup.as_ref();
    let channel = signup.map(|signup| all.channel(signup.channel)).unwrap_or_default();
    let lead = signup.map(|signup| texts.lead(digits, channel, &signup.destination));
    let failed = if journey.contact_is_email() { all.pages.check_email.failed.to_owned() } else { texts.failed(channel) };
    let delivery = signup.map(|signup| signup.delivery);
    let time_left = signup.and_then(|signup| signup.expires_in).filter(|_| !matches!(delivery, Some(Delivery::Lapsed | Delivery::Dead)));
    let trouble = match signup.and_then(|signup| signup.blocked_for) {
        Some(seconds) => view! { <Alert tone=Tone::Warning>{texts.blocked(all.duration.wait(seconds))}</Alert> }.into_any(),
        None => view! { <DeliveryTrouble failed lapsed=texts.lapsed dead=texts.dead /> }.into_any(),
    };
    view! {
        <PageTitle text=texts.title />
        <Heading text=texts.title.to_owned() />
        <div data-part="news">
            <p class="lead">
                {lead} " " <a href=paths::correction_of(journey.kind, &current.id())>{correct}</a>
            </p>
            {signup
                .and_then(|signup| signup.phone_completed.clone())
                .map(|phone| view! { <p class="hint">{texts.phone_completed(phone)}</p> })}
            {signup
                .and_then(|signup| signup.domain_meant.clone())
                .map(|domain| view! { <p class="hint">{all.pages.check_email.meant(domain)}</p> })}
            {trouble}
            <DeliveryState journey />
            <Waits hint="" />
        </div>
        <PostForm form=ProveCode::ROUTE proof=purpose class="form">
            <Which />
            <Field field=Named::Code label=all.field_name(Named::Code) hint=all.pages.hints.code />
            {fill_in_code("prove_code-code".to_owned())}
            <div data-part="time">{time_left.map(|seconds| view! { <TimeLeft seconds /> })}</div>
            <SubmitButton text=texts.submit />
        </PostForm>
        <SendAgain journey />
        <OtherDevice />
        <GiveUp text=texts.start_over />
    }
}
