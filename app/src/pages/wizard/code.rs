use super::current::{Current, Which};
use super::waiting::{DeliveryState, DeliveryTrouble, GiveUp, OtherDevice, SendAgain, Waits};
use crate::components::{Alert, Field, Heading, PageTitle, PostForm, SubmitButton, TimeLeft, Tone, fill_in_code};
use crate::forms::Form;
use crate::pages::code_entry::CODE_IS;
use crate::paths;
use crate::server_fns::ProveCode;
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::error::{Field as Named, Refusal};
use portaria::journey::Journey;
use portaria::purpose::CodeFor;
use portaria::view::{Delivery, SignupView};
use text::PageNotice;

#[component]
pub fn EnterCode(journey: &'static Journey, purpose: CodeFor) -> impl IntoView {
    let ui = Ui::get();
    let all = ui.texts;
    let texts = &all.pages.code;
    let current = Current::get();
    let correct = if journey.contact_is_email() { texts.correct_email } else { texts.correct_phone };
    let signup = current.signup.as_ref();
    let channel = signup.map(|signup| all.channel(signup.channel)).unwrap_or_default();
    let is_blocked = signup.is_some_and(|signup| signup.blocked_for.is_some());
    // No code is asked for while none is looked at.
    let lead = signup.filter(|_| !is_blocked).map(|signup| texts.lead(purpose.digits(), signup.whole_destination()));
    let failed = if journey.contact_is_email() { all.pages.check_email.failed.to_owned() } else { texts.failed(channel) };
    // Whoever has just entered it is told at its field that it has expired.
    let is_told = matches!(ui.refusal_of::<ProveCode>(), Some(Refusal::CodeRefused | Refusal::CodeLapsed))
        && signup.is_some_and(|signup| signup.delivery == Delivery::Lapsed);
    let trouble = (!is_blocked && !is_told).then(|| view! { <DeliveryTrouble failed lapsed=texts.lapsed dead=texts.dead /> });
    let title = if is_blocked { texts.blocked_title } else { texts.title };
    view! {
        <PageTitle text=title />
        <Heading text=title.to_owned() />
        <div data-part="news">
            <p class="lead" id="code-lead">
                {lead} " " <a href=paths::correction_of(journey.kind, &current.id())>{correct}</a>
            </p>
            {signup
                .and_then(|signup| signup.phone_completed.clone())
                .map(|phone| view! { <p class="hint">{texts.phone_completed(phone)}</p> })}
            {signup
                .and_then(|signup| signup.domain_meant.clone())
                .map(|domain| {
                    let words = &all.pages.check_email;
                    let words = if journey.contact_is_email() { words.meant(domain) } else { words.meant_too(domain) };
                    view! { <p class="hint">{words}</p> }
                })}
            {trouble}
            <DeliveryState journey />
            <Waits hint="" />
        </div>
        <Blocked />
        {(!is_blocked)
            .then(|| {
                view! {
                    <CodeForm purpose described=CODE_IS>
                        <SubmitButton text=texts.submit />
                    </CodeForm>
                }
            })}
        <SendAgain journey />
        <OtherDevice journey />
        <GiveUp />
    }
}

/// The field of a code that this browser holds, and what is said of the last entry. The children are what stands below it.
#[component]
pub fn CodeForm(
    purpose: CodeFor,
    #[prop(optional)] hint: &'static str,
    /// Only where the page is about the code: then it says how long it is good, too.
    #[prop(optional)]
    described: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    let ui = Ui::get();
    let lapsed = Current::get().signup.is_some_and(|signup| signup.delivery == Delivery::Lapsed);
    // What was typed belongs to what was sent before.
    let forget = matches!(ui.told(), Some(PageNotice::Resent | PageNotice::LinkResent));
    let label = ui.texts.field_name(Named::Code);
    let digits = described.map(|_| purpose.digits().into());
    let field = move || match described {
        Some(described) => view! { <Field field=Named::Code label hint forget described /> },
        None => view! { <Field field=Named::Code label hint forget /> },
    };
    view! {
        <PostForm form=ProveCode::ROUTE proof=purpose lapsed class="form">
            <Which />
            {field()}
            <div class="hint">
                {fill_in_code("prove_code-code".to_owned(), digits)}
                {described.map(|_| view! { <div data-part="time"><TimeAndTries /></div> })}
            </div>
            {children()}
        </PostForm>
    }
}

/// Instead of the form, while entries rest. What was just refused says so itself, and takes the focus.
#[component]
pub fn Blocked() -> impl IntoView {
    let ui = Ui::get();
    let seconds = Current::get().signup.and_then(|signup| signup.blocked_for)?;
    if matches!(ui.refusal_of::<ProveCode>(), Some(Refusal::CodeBlocked { .. })) {
        return Some(view! { <PostForm form=ProveCode::ROUTE>""</PostForm> }.into_any());
    }
    let wait = ui.texts.duration.wait(seconds);
    Some(
        view! {
            <div data-part="blocked">
                <Alert tone=Tone::Warning>{ui.texts.pages.code.blocked(wait)}</Alert>
            </div>
        }
        .into_any(),
    )
}

/// How long the code is still good, and how many wrong entries are left.
#[component]
fn TimeAndTries() -> impl IntoView {
    let texts = &Ui::get().texts.pages.code;
    let SignupView { expires_in, delivery, entries_left, .. } = Current::get().signup?;
    let seconds = expires_in.filter(|_| !matches!(delivery, Delivery::Lapsed | Delivery::Dead));
    let left = entries_left.map(|left| if left == 1 { texts.entry_left.to_owned() } else { texts.entries_left(left) });
    Some(view! {
        {left.map(|left| view! { <p>{left}</p> })}
        {seconds.map(|seconds| view! { <TimeLeft seconds /> })}
    })
}
