//! Sets the phone of the signed-in account, by a code: on `/complete-profile` and on `/profile/phone`.

use super::code_entry::{AskAgain, CodeField, CodeNews, CodeSubmit, Ended, code_of, has_lapsed, own_code, sent_to, to_confirm, whole};
use crate::components::{AnotherCode, Field, HiddenField, PostForm, RadioGroup, StepUpFields, SubmitButton, channel_options};
use crate::forms::Form;
use crate::paths;
use crate::server_fns::{AskPhone, OWN_PHONE, ProveOwnPhone};
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::contact::ContactKind;
use portaria::error::Field as Named;
use portaria::journey::Kind;
use portaria::message::Channel;
use portaria::purpose::CodeFor;
use portaria::view::CodeSent;

/// A code was asked for. The phone stands in the form, never in a URL.
struct Progress {
    phone: String,
    channel: String,
    sent: Option<CodeSent>,
    /// Seconds until the code may be sent again.
    wait: Option<u32>,
    ended: Option<Ended>,
}

impl Progress {
    fn of(ui: &Ui) -> Option<Self> {
        let reply = ui.posted::<AskPhone>().map(|posted| posted.reply.clone()).unwrap_or_default();
        let kept = |name: &str| ui.posted_value::<ProveOwnPhone>(name);
        let sent = code_of::<AskPhone, ProveOwnPhone>(ui);
        Some(Self {
            wait: reply.wait().or(sent.as_ref().map(|sent| sent.resend_in)),
            phone: reply.asked.or_else(|| kept("phone"))?,
            channel: kept("channel").unwrap_or(reply.channel),
            sent,
            ended: Ended::by_form::<ProveOwnPhone>(ui),
        })
    }
}

/// Asks for the phone, then for its code. `next` is the path afterwards; `here` is the page itself, to enter another number.
#[component]
pub fn OwnPhone(lead: &'static str, #[prop(into)] next: String, here: &'static str) -> impl IntoView {
    let ui = Ui::get();
    if let Some(progress) = Progress::of(&ui) {
        return view! { <EnterOwnCode progress next here /> }.into_any();
    }
    let all = ui.texts;
    let offered = ui.set_up(Kind::Cliente.journey().channels);
    let options = channel_options(all, &offered);
    view! {
        <p class="lead">{lead}</p>
        <CodeNews name=OWN_PHONE failed="" shown=false />
        <PostForm form=AskPhone::ROUTE class="form">
            <Field
                field=Named::Phone
                label=all.field_name(Named::Phone)
                hint=all.pages.hints.phone
                value=to_confirm(&ui, ContactKind::Phone)
            />
            <RadioGroup field=Named::Channel legend=all.field_name(Named::Channel) options chosen="" />
            <StepUpFields />
            <SubmitButton text=all.pages.complete.phone_submit />
            <AnotherCode />
        </PostForm>
    }
    .into_any()
}

#[component]
fn EnterOwnCode(progress: Progress, next: String, here: &'static str) -> impl IntoView {
    let ui = Ui::get();
    let all = ui.texts;
    let texts = &all.pages.complete;
    let Progress { phone, channel, sent, wait, ended } = progress;
    let again = vec![("phone", phone.clone()), ("again", "true".to_owned())];
    let confirmed = next.clone();
    // The channel that it went by last is the one of the first button.
    let ways = ui.set_up(Kind::Cliente.journey().channels);
    let chosen = own_code(&ui).map(|state| state.channel).or_else(|| Channel::parse(&channel).ok());
    let went = chosen.or(sent.as_ref().map(|sent| sent.channel)).or(ways.first().copied());
    let lead = went.map(|channel| all.code_went(channel, &whole(&phone))).unwrap_or_default();
    let lapsed = has_lapsed(sent.as_ref());
    view! {
        {sent_to(&lead, ended)}
        <CodeNews name=OWN_PHONE failed="" shown=true />
        <PostForm form=ProveOwnPhone::ROUTE proof=CodeFor::PhoneChange lapsed class="form">
            <HiddenField name="phone" value=phone />
            // It comes back with a refused code, for the next request of a code.
            <HiddenField name="channel" value=channel />
            <HiddenField name="next" value=next />
            <CodeField label=all.field_name(Named::Code) expires_in=sent.map(|sent| sent.expires_in) ended />
            <StepUpFields />
            <CodeSubmit text=all.pages.code.submit ended />
            <AnotherCode />
        </PostForm>
        <AskAgain form=AskPhone::ROUTE fields=again resend_in=wait text=all.pages.login.resend chosen ways own=true confirmed ended>
            <a href=paths::anew(here)>{texts.other_phone}</a>
        </AskAgain>
    }
}
