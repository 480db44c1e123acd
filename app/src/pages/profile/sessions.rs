//! The sessions of the account: device, address, last use. The person can end one, or all others (ASVS 7.5.2).

use crate::components::{Alert, FormState, NoAnswer, PostForm, Tone, answered};
use crate::first::Answer;
use crate::forms::{AppError, Reply};
use crate::server_fns::{EndSession, own_sessions};
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::view::SessionView;
use text::moment::Moment;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

const FORM: &str = "end_session";
const HEADING: &str = "sessions";

#[component]
pub fn Sessions() -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.profile;
    let first =
        ui.answer().and_then(|answer| if let Answer::Sessions(listed) = answer { Some(listed.ok_or(AppError::Failed)) } else { None });
    view! {
        <section class="panel" aria-labelledby=HEADING>
            <h2 id=HEADING tabindex="-1">
                {texts.sessions}
            </h2>
            <p>{texts.sessions_lead}</p>
            {answered(
                first,
                own_sessions,
                move |listed| match listed {
                    Ok(listed) => view! { <List listed /> }.into_any(),
                    Err(fault) => view! { <NoAnswer fault /> }.into_any(),
                },
            )}
        </section>
    }
    .into_any()
}

/// The result of a button that was pressed without WASM, at the top of the page.
#[component]
pub fn SaidBefore() -> impl IntoView {
    let said = Ui::get().posted(FORM).and_then(|posted| posted.reply.info);
    said.map(|said| view! { <Alert tone=Tone::Success>{said}</Alert> })
}

/// One form for all sessions: it stays while its buttons come and go.
#[component]
fn List(listed: Vec<SessionView>) -> impl IntoView {
    let texts = &Ui::get().texts.pages.profile;
    let listed = RwSignal::new(listed);
    let action = ServerAction::<EndSession>::new();
    let on_reply = Callback::new(move |reply: Reply| {
        if let Some(sessions) = reply.sessions {
            listed.set(sessions);
            // The button that was pressed is gone, so the heading takes the focus.
            request_animation_frame(focus_heading);
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

fn focus_heading() {
    if let Some(heading) = document().get_element_by_id(HEADING).and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
        let _ = heading.focus();
    }
}

/// The result of the last button. The live region is always there, otherwise its text would not be announced (WCAG 4.1.3). A second
/// result replaces the element even if the text is the same.
#[component]
fn Said() -> impl IntoView {
    let state: FormState = expect_context();
    let before = state.was_posted();
    let said = move || {
        let nth = state.stayed.get();
        state.reply.with(|reply| reply.info.clone()).filter(|_| !before || nth > 0).map(|said| (nth, said))
    };
    view! {
        <div role="status">
            <For each=said key=|(nth, _)| *nth let:said>
                <p class="alert alert-success">{said.1}</p>
            </For>
        </div>
    }
}

#[component]
fn Session(session: SessionView) -> impl IntoView {
    let texts = &Ui::get().texts.pages.profile;
    let address = if session.local { texts.local_address(&session.address) } else { texts.address(&session.address) };
    // The address tells two sessions with the same kind of device apart.
    let label = texts.end_of(&session.device, &session.address);
    view! {
        <p class="device">
            <strong>{session.device}</strong>
            {session.api.then(|| view! { " " <span class="tag">{texts.api_session}</span> })}
            {session.current.then(|| view! { " " <span class="tag">{texts.this_session}</span> })}
        </p>
        <p class="hint">{address}</p>
        <p class="hint">{Moment::of_unix(session.last_used_at).map(|at| texts.last_used(at.date(), at.time()))}</p>
        <p class="hint">{Moment::of_unix(session.created_at).map(|at| texts.since(at.date(), at.time()))}</p>
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
