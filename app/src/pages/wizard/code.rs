use super::current::{Current, Which, address_of};
use super::waiting::{DeliveryTrouble, GiveUp, OtherDevice, SendAgain, keep_asking};
use crate::components::{Alert, Field, Heading, PageTitle, PostForm, SubmitButton, TimeLeft, Tone, fill_in_code};
use crate::server_fns::ProveCode;
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::error::Field as Named;
use portaria::journey::Journey;
use portaria::purpose::CodeFor;
use portaria::view::Delivery;

#[component]
pub fn EnterCode(journey: &'static Journey, purpose: CodeFor) -> impl IntoView {
    let ui = Ui::get();
    let all = ui.texts;
    let texts = &all.pages.code;
    let current = Current::get();
    keep_asking(current);
    fill_in_code("prove_code-code");
    let action = ServerAction::<ProveCode>::new();
    let digits = purpose.digits();
    let sent_to = current.watch(|signup| (signup.channel, signup.destination.clone()));
    let lead = move || sent_to.get().map(|(channel, destination)| texts.lead(digits, all.channel(channel), destination));
    let failed = Signal::derive(move || {
        if journey.contact_is_email() {
            return all.pages.check_email.failed.to_owned();
        }
        let channel = sent_to.with(|sent| sent.as_ref().map(|(channel, _)| all.channel(*channel)).unwrap_or_default());
        texts.failed(channel)
    });
    let on_its_way = current.watch(|signup| signup.delivery == Delivery::OnItsWay);
    let live = current.watch(|signup| signup.delivery == Delivery::Sent);
    let blocked = current.watch(move |signup| signup.blocked_for.map(|seconds| all.duration.wait(seconds)));
    let is_blocked = Memo::new(move |_| blocked.with(|blocked| matches!(blocked, Some(Some(_)))));
    let time_left = Signal::derive(move || current.signup.with(|signup| signup.as_ref().and_then(|signup| signup.expires_in)));
    let correct = if journey.contact_is_email() { texts.correct_email } else { texts.correct_phone };
    view! {
        <PageTitle text=texts.title />
        <Heading text=texts.title.to_owned() />
        <p class="lead">
            {lead} " " <a href=move || address_of(journey.slug, &current.id.get(), "&step=details")>{correct}</a>
        </p>
        {move || {
            is_blocked
                .get()
                .then(|| {
                    view! {
                        <Alert tone=Tone::Warning>
                            {move || blocked.get().flatten().map(|wait| texts.blocked(wait))}
                        </Alert>
                    }
                })
        }}
        {move || (!is_blocked.get()).then(|| view! { <DeliveryTrouble failed lapsed=texts.lapsed dead=texts.dead /> })}
        {move || (on_its_way.get() == Some(true)).then(|| view! { <p class="hint">{texts.on_its_way}</p> })}
        <PostForm name="prove_code" action proof=purpose class="form">
            <Which />
            <Field field=Named::Code label=all.field_name(Named::Code) hint=all.pages.hints.code />
            {move || (live.get() == Some(true)).then(|| view! { <TimeLeft seconds=time_left /> })}
            <SubmitButton text=texts.submit />
        </PostForm>
        <SendAgain journey />
        <OtherDevice />
        <GiveUp text=texts.start_over />
    }
}
