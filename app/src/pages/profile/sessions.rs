//! The sessions of the account: device, address, last use. The person can end one, or all others (ASVS 7.5.2).

use crate::components::{NoAnswer, PostForm};
use crate::first::Answer;
use crate::forms::{EndedSessions, Form, OTHER_SESSIONS};
use crate::server_fns::EndSession;
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::check_up::Openings;
use portaria::view::SessionView;
use text::moment::Moment;

/// The id of its heading.
pub const HEADING: &str = "sessions";

#[component]
pub fn Sessions() -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.profile;
    let said = ui.posted::<EndSession>().and_then(|posted| posted.reply.ended).map(|ended| match ended {
        EndedSessions::One => ui.texts.api.session_ended,
        EndedSessions::Others => ui.texts.api.other_sessions_ended,
    });
    let list = match ui.answer() {
        Some(Answer::Openings(Some(Openings { sessions: listed, .. })) | Answer::OwnData(Some((_, listed)))) => {
            view! { <List listed=listed.clone() said /> }.into_any()
        }
        _ => view! { <NoAnswer /> }.into_any(),
    };
    view! {
        <section class="panel" aria-labelledby=HEADING>
            // The button that was pressed is gone, so the heading takes the focus.
            <h2 id=HEADING tabindex="-1" autofocus=said.is_some()>
                {texts.sessions}
            </h2>
            <p>{texts.sessions_lead}</p>
            {list}
        </section>
    }
    .into_any()
}

/// One form for all sessions. `said`: the result of the button that was pressed.
#[component]
pub fn List(listed: Vec<SessionView>, said: Option<&'static str>) -> impl IntoView {
    let texts = &Ui::get().texts.pages.profile;
    let several = listed.len() > 1;
    let items: Vec<_> = listed.into_iter().map(|session| view! { <li><Session session /></li> }).collect();
    let end = if several {
        view! { <EndButton id=OTHER_SESSIONS.to_owned() text=texts.end_others label=None /> }.into_any()
    } else {
        view! { <p class="hint">{texts.only_session}</p> }.into_any()
    };
    view! {
        <PostForm form=EndSession::ROUTE class="form">
            <div role="status">{said.map(|said| view! { <p class="alert alert-success">{said}</p> })}</div>
            <ul class="entries">{items}</ul>
            {end}
        </PostForm>
    }
}

#[component]
fn Session(session: SessionView) -> impl IntoView {
    let texts = &Ui::get().texts.pages.profile;
    let address = if session.local { texts.local_address(&session.address) } else { texts.address(&session.address) };
    // The address tells two sessions with the same kind of device apart.
    let label = texts.end_of(&session.device, &session.address);
    view! {
        <p>
            <strong>{session.device}</strong>
            {session.api.then(|| view! { " " <span class="tag">{texts.api_session}</span> })}
            {session.current.then(|| view! { " " <span class="tag">{texts.this_session}</span> })}
        </p>
        <p class="hint">{Moment::of_unix(session.last_used_at).map(|at| texts.last_used(at.date(), at.time()))} " · " {address}</p>
        <p class="hint">{Moment::of_unix(session.created_at).map(|at| texts.since(at.date(), at.time()))}</p>
        {(!session.current).then(|| view! { <EndButton id=session.id text=texts.end label=Some(label) /> })}
    }
}

#[component]
fn EndButton(id: String, text: &'static str, label: Option<String>) -> impl IntoView {
    view! {
        <button type="submit" class="button button-secondary" name="id" value=id aria-label=label>
            {text}
        </button>
    }
}
