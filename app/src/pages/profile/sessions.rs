//! Where the account is open: device, address, last use; ending one, or all others (ASVS 7.5.2).

use super::super::dashboard::moment;
use crate::components::{Alert, FormState, PostForm, Tone, answered};
use crate::first::Answer;
use crate::forms::Reply;
use crate::server_fns::{EndSession, own_sessions};
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::text::fill;
use portaria::view::SessionView;

const FORM: &str = "end_session";

/// The section of `/profile`.
#[component]
pub fn Sessions() -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.profile;
    let first = ui.answer().and_then(|answer| if let Answer::Sessions(listed) = answer { Some(listed) } else { None });
    view! {
        <section class="panel" aria-labelledby="sessions">
            <h2 id="sessions">{texts.sessions}</h2>
            <p>{texts.sessions_lead}</p>
            {answered(
                first,
                || async { own_sessions().await.ok() },
                move |listed| match listed {
                    Some(listed) => view! { <List listed /> }.into_any(),
                    None => view! { <Alert tone=Tone::Warning>{ui.texts.pages.frame.failed}</Alert> }.into_any(),
                },
            )}
        </section>
    }
    .into_any()
}

/// What came of a button that was pressed without WASM: the page begins with it.
#[component]
pub fn SaidBefore() -> impl IntoView {
    let said = Ui::get().posted(FORM).and_then(|posted| posted.reply.info);
    said.map(|said| view! { <Alert tone=Tone::Success>{said}</Alert> })
}

/// One form for all of them: its buttons come and go, itself it stays.
#[component]
fn List(listed: Vec<SessionView>) -> impl IntoView {
    let texts = &Ui::get().texts.pages.profile;
    let listed = RwSignal::new(listed);
    let action = ServerAction::<EndSession>::new();
    let on_reply = Callback::new(move |reply: Reply| {
        if let Some(sessions) = reply.sessions {
            listed.set(sessions);
        }
    });
    let several = Memo::new(move |_| listed.with(|listed| listed.len() > 1));
    view! {
        <PostForm name=FORM action on_reply class="form">
            <Said />
            <ul class="sessions">
                {move || listed.get().into_iter().map(|session| view! { <li><Session session /></li> }).collect::<Vec<_>>()}
            </ul>
            {move || {
                if several.get() {
                    view! { <EndButton id="others".to_owned() text=texts.end_others label=None /> }.into_any()
                } else {
                    view! { <p class="hint">{texts.only_session}</p> }.into_any()
                }
            }}
        </PostForm>
    }
}

/// What came of the last button.
#[component]
fn Said() -> impl IntoView {
    let state: FormState = expect_context();
    let before = state.was_posted();
    move || {
        state
            .reply
            .with(|reply| reply.info.clone())
            .filter(|_| !before || state.stayed.get() > 0)
            .map(|said| view! { <Alert tone=Tone::Success>{said}</Alert> })
    }
}

#[component]
fn Session(session: SessionView) -> impl IntoView {
    let texts = &Ui::get().texts.pages.profile;
    let address = if session.local { texts.local_address } else { texts.address };
    let address = fill(address, &[("address", &session.address)]);
    // Two sessions of one kind of device are told apart by where they are.
    let label = fill(texts.end_of, &[("device", &session.device), ("address", &session.address)]);
    view! {
        <p class="device">
            <strong>{session.device}</strong>
            {session.api.then(|| view! { " " <span class="tag">{texts.api_session}</span> })}
            {session.current.then(|| view! { " " <span class="tag">{texts.this_session}</span> })}
        </p>
        <p class="hint">{address}</p>
        <p class="hint">{moment(texts.last_used, session.last_used_at)}</p>
        <p class="hint">{moment(texts.since, session.created_at)}</p>
        {(!session.current).then(|| view! { <EndButton id=session.id text=texts.end label=Some(label) /> })}
    }
}

#[component]
fn EndButton(id: String, text: &'static str, label: Option<String>) -> impl IntoView {
    let state: FormState = expect_context();
    view! {
        <button
            type="submit"
            class="button button-secondary"
            name="id"
            value=id
            aria-label=label
            aria-disabled=move || state.is_busy().then_some("true")
        >
            {text}
        </button>
    }
}
