//! "Check your e-mail": a link is on its way, and a code beside it in the same mail.

use super::code::{Blocked, CodeForm};
use super::current::Current;
use super::waiting::{DeliveryState, DeliveryTrouble, GiveUp, OtherDevice, SendAgain, Waits};
use crate::components::{Heading, PageTitle, SubmitButton};
use crate::paths;
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::journey::Journey;
use portaria::purpose::CodeFor;
use time::Duration;

#[component]
pub fn CheckEmail(journey: &'static Journey) -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.check_email;
    let current = Current::get();
    let signup = current.signup.as_ref();
    let lead = signup.map(|signup| texts.lead(signup.whole_destination()));
    let lasts = signup.and_then(|signup| signup.expires_in).map(|left| texts.lasts(ui.texts.duration.span(Duration::seconds(left.into()))));
    let is_blocked = signup.is_some_and(|signup| signup.blocked_for.is_some());
    view! {
        <PageTitle text=texts.title />
        <Heading text=texts.heading.to_owned() />
        <div data-part="news">
            <p class="lead">
                {lead} " " <a href=paths::correction_of(journey.kind, &current.id())>{texts.correct}</a>
            </p>
            {signup
                .and_then(|signup| signup.domain_meant.clone())
                .map(|domain| view! { <p class="hint">{texts.meant(domain)}</p> })}
            <p>{texts.next} " " {lasts}</p>
            <DeliveryState journey />
            <DeliveryTrouble failed=texts.failed.to_owned() lapsed=texts.lapsed dead=texts.lapsed />
            <Waits hint=texts.waits_here />
        </div>
        <Blocked />
        {(!is_blocked)
            .then(|| {
                view! {
                    <CodeForm purpose=CodeFor::SignupEmail hint=texts.or_code>
                        <SubmitButton text=ui.texts.pages.code.submit class="button button-secondary" />
                    </CodeForm>
                }
            })}
        <SendAgain journey />
        <OtherDevice journey />
        <GiveUp />
    }
}
