//! Shared by the pages that request a code and then wait for it: sign-in, recovery, own phone, own e-mail, contest.

use crate::components::{
    AnotherCode, Countdown, DeliveryAlert, DeliveryLine, Field, FormState, Heading, HiddenField, PostForm, StepUpFields, SubmitButton,
    TimeLeft, begins_anew, fill_in_code,
};
use crate::first::Answer;
use crate::forms::{Form, FormRoute};
use crate::ui::Ui;
use leptos::prelude::*;
use live::parts::Waiting;
use portaria::contact::{Contact, ContactKind};
use portaria::error::{Field as Named, Refusal};
use portaria::message::Channel;
use portaria::standing;
use portaria::view::{CodeSent, CodeState};

/// Why a code is void before it expires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Too many wrong entries. Another code does not help until entries are accepted again, in so many seconds.
    Blocked(u32),
    /// The code was right, but its purpose could not be fulfilled.
    Spent,
}

impl Ended {
    /// Returns why the code is void after this refusal; `None` if it can still be entered.
    pub const fn by(refusal: &Refusal) -> Option<Self> {
        match refusal {
            Refusal::CodeBlocked { retry_after } => Some(Self::Blocked(*retry_after)),
            Refusal::Taken(_) => Some(Self::Spent),
            _ => None,
        }
    }

    /// Returns why the code is void if the form of this server function was refused.
    pub fn by_form<F: Form>(ui: &Ui) -> Option<Self> {
        ui.refusal_of::<F>().and_then(Self::by)
    }
}

/// What describes the field of a code: the heading, and where the code went.
pub const CODE_IS: &str = "heading code-lead";

/// A contact as its page says it: whole, because it was typed in this browser a page ago, and a slip of the finger shows only so.
pub fn whole(typed: &str) -> String {
    Contact::parse(typed).map_or_else(|| typed.to_owned(), |contact| contact.whole())
}

/// Returns what is known of the code that one form asks for and another one takes: it stays known when an entry is refused.
pub fn code_of<Ask: Form, Take: Form>(ui: &Ui) -> Option<CodeSent> {
    [ui.posted::<Ask>(), ui.posted::<Take>()].into_iter().flatten().find_map(|posted| posted.reply.sent.clone())
}

/// Returns whether the code has expired, as far as the page knows.
pub fn has_lapsed(sent: Option<&CodeSent>) -> bool {
    sent.is_some_and(|sent| sent.expires_in == 0)
}

/// Whether the page of a contact is about the one that the account has and has yet to confirm, and not about another one.
pub fn is_to_confirm(ui: &Ui, contact: ContactKind) -> bool {
    !begins_anew() && ui.me().is_some_and(|account| account.is_confirmed(contact) == Some(false))
}

/// That contact, for the form that sends it a code; nothing where it is not said whole.
pub fn to_confirm(ui: &Ui, contact: ContactKind) -> String {
    let known = ui.me().and_then(|account| account.to_confirm(contact));
    known.filter(|_| is_to_confirm(ui, contact)).unwrap_or_default().to_owned()
}

/// Says where the code went, while one can be entered.
pub fn sent_to(text: &str, ended: Option<Ended>) -> impl IntoView + use<> {
    let lead = (!is_blocked(ended)).then(|| text.to_owned());
    view! {
        <div role="status">
            {lead
                .map(|text| {
                    view! {
                        <p class="lead" id="code-lead">
                            {text}
                        </p>
                    }
                })}
        </div>
    }
}

/// The heading of the page, while a code can be entered, and instead of it while none can.
pub fn heading(text: &'static str, ended: Option<Ended>) -> impl IntoView {
    let text = if is_blocked(ended) { Ui::get().texts.pages.code.blocked_title } else { text };
    view! { <Heading text=text.to_owned() /> }
}

const fn is_blocked(ended: Option<Ended>) -> bool {
    matches!(ended, Some(Ended::Blocked(_)))
}

/// Says that what was asked for is on its way, where the page of the form stays.
#[component]
pub fn Sent(text: &'static str) -> impl IntoView {
    let state: FormState = expect_context();
    let sent = state.reply().is_some_and(|reply| reply.sent.is_some() || reply.asked.is_some());
    view! {
        <div role="status">
            {sent
                .then(|| {
                    view! {
                        <p tabindex="-1" autofocus>
                            {text}
                        </p>
                    }
                })}
        </div>
    }
}

/// The field for the code, filled in from an SMS if the browser can, and the time until the code expires. It has the focus: the page is about
/// it, and a phone offers the code of an SMS to the field that has it.
#[component]
pub fn CodeField(
    label: &'static str,
    /// Seconds, if the code was requested just now.
    expires_in: Option<u32>,
    ended: Option<Ended>,
) -> impl IntoView {
    let state: FormState = expect_context();
    let pages = &Ui::get().texts.pages;
    // Nothing can be entered: the summary says why, this what to do.
    if is_blocked(ended) {
        return view! { <p>{pages.code.dead_blocked}</p> }.into_any();
    }
    let end = ended.map(|_| pages.code.dead);
    // That it has expired is said once: where it was entered, or by its clock.
    let is_told = expires_in == Some(0) && state.is_wrong(Named::Code);
    // What was typed belongs to the code before.
    let forget = expires_in.is_some() && state.refusal().is_none();
    view! {
        <Field field=Named::Code label forget described=CODE_IS />
        <div class="hint">
            {fill_in_code(state.id(Named::Code.name()), state.digits())}
            {expires_in.filter(|_| ended.is_none() && !is_told).map(|seconds| view! { <TimeLeft seconds /> })}
        </div>
        <div role="status">{end.map(|text| view! { <p class="alert alert-warning">{text}</p> })}</div>
    }
    .into_any()
}

/// The button below the code, while one can be entered.
#[component]
pub fn CodeSubmit(text: &'static str, ended: Option<Ended>) -> impl IntoView {
    (!is_blocked(ended)).then(|| view! { <SubmitButton text /> })
}

/// What became of the message with a code of one's own, by a name of [`OWN_CODES`](crate::server_fns::OWN_CODES). `shown`: its code is entered
/// here. Otherwise it is out of sight: a page that waits fetches itself anew by its address, and takes over this part alone.
#[component]
pub fn CodeNews(name: &'static str, failed: &'static str, shown: bool) -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.code;
    let state = own_code(&ui);
    let news = state.map(|CodeState { delivery, channel, .. }| {
        let failed = if failed.is_empty() { texts.failed(ui.texts.channel(channel)) } else { failed.to_owned() };
        let waits =
            Waiting { signup: name.to_owned(), state: standing::of_code(Some((delivery, channel))).to_string(), hint: String::new() };
        view! {
            <DeliveryAlert delivery failed lapsed=texts.lapsed dead=texts.dead />
            <DeliveryLine delivery channel />
            {live::draw(&waits, ())}
        }
    });
    view! {
        <div hidden=!shown>
            <div data-part="news">{news}</div>
            {(!shown).then(|| view! { <Wait seconds=None /> })}
        </div>
    }
}

/// How the code of this page stands, if it has one.
pub fn own_code(ui: &Ui) -> Option<CodeState> {
    match ui.answer() {
        Some(Answer::OwnCode(state)) => *state,
        _ => None,
    }
}

/// The time until a resend, as a code of one's own stands now.
#[component]
fn Wait(seconds: Option<u32>) -> impl IntoView {
    let left = own_code(&Ui::get()).map(|state| state.resend_in).or(seconds);
    view! { <div data-part="wait"><Countdown seconds=left /></div> }
}

/// Requests the code again, for what the hidden `fields` say. The children lead to another phone or document.
#[component]
pub fn AskAgain(
    form: FormRoute,
    fields: Vec<(&'static str, String)>,
    resend_in: Option<u32>,
    text: &'static str,
    /// The channel that was chosen before; `None`: the system's choice.
    #[prop(default = None)]
    chosen: Option<Channel>,
    /// Other channels, by which the same code may be asked for.
    #[prop(optional)]
    ways: Vec<Channel>,
    /// Whether it is a code of one's own, whose page says how it stands.
    #[prop(optional)]
    own: bool,
    /// Where whoever has confirmed on another device goes on; without WASM nothing else leads there.
    #[prop(optional, into)]
    confirmed: Option<String>,
    /// Why the code is void: while entries rest, another one does not help.
    #[prop(default = None)]
    ended: Option<Ended>,
    children: Children,
) -> impl IntoView {
    let all = Ui::get().texts;
    let rests = match ended {
        Some(Ended::Blocked(seconds)) => Some(seconds),
        _ => None,
    };
    let resend_in = rests.max(resend_in);

    let title = if rests.is_some() { all.pages.code.rest_title } else { all.pages.code.resend_title };
    let ways: Vec<_> = ways
        .into_iter()
        .filter(|channel| Some(*channel) != chosen)
        .map(|channel| {
            let words = all.pages.code.receive_by(all.channel(channel));
            view! {
                <button type="submit" class="button button-secondary" name="channel" value=channel.as_str()>
                    {words}
                </button>
            }
        })
        .collect();
    let fields: Vec<_> = fields.into_iter().map(|(name, value)| view! { <HiddenField name value /> }).collect();
    let wait = if own && rests.is_none() {
        view! { <Wait seconds=resend_in /> }.into_any()
    } else {
        view! { <Countdown seconds=resend_in /> }.into_any()
    };
    view! {
        <section class="panel">
            <h2>{title}</h2>
            <PostForm form>
                {fields}
                <StepUpFields />
                {wait}
                <div class="actions">
                    <SubmitButton text class="button button-secondary" name="channel" value=chosen.map_or("", Channel::as_str) />
                    {ways}
                    {own
                        .then(|| {
                            view! {
                                <button type="submit" class="quiet" name="look" value="true">
                                    {all.pages.code.see_again}
                                </button>
                            }
                        })}
                </div>
                <AnotherCode />
            </PostForm>
            {confirmed
                .map(|href| {
                    view! {
                        <p>
                            <a href=href>{all.pages.code.confirmed}</a>
                        </p>
                    }
                })}
            <p>{children()}</p>
        </section>
    }
}
