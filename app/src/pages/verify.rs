//! `/verify?token=`, the link of a verification mail. In a browser that holds the sign-up the server proves the address at once and
//! redirects. In any other browser this page names the account and asks (SPEC §16): the reader of the mailbox may not be the person who
//! registered, and the choices of that person must not take effect without the reader's consent.

use super::recover::ChooseNew;
use crate::components::{Alert, Heading, HiddenField, PageTitle, PostForm, SubmitButton, Tone, answered};
use crate::first::Answer;
use crate::forms::{Reply, Secret};
use crate::server_fns::{DisownLink, ProveLink, look_at_link};
use crate::ui::Ui;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use portaria::error::Refusal;
use portaria::view::LinkView;

#[component]
pub fn Verify() -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.links;
    // Read once: the token does not change while the page is open.
    let token = StoredValue::new(use_query_map().with_untracked(|query| query.get("token").unwrap_or_default()));
    // The grant in a form that was posted without WASM. A refused password does not spend it.
    let granted = ui.posted("prove_link").and_then(|posted| posted.reply.grant).map(|grant| grant.0);
    let kept = ui.posted("reset_by_grant").and_then(|posted| posted.values.into_iter().find(|(name, _)| name == "grant"));
    let grant = RwSignal::new(granted.or(kept.map(|(_, grant)| grant)));
    let first = ui.answer().and_then(|answer| if let Answer::Link(looked) = answer { Some(looked) } else { None });
    view! {
        <PageTitle text=texts.verify_title />
        <div class="page narrow">
            {answered(
                first,
                move || async move {
                    look_at_link(Secret(token.get_value())).await.unwrap_or(Err(Refusal::Unavailable))
                },
                move |looked: Result<LinkView, Refusal>| {
                    (move || match (grant.get(), looked.clone()) {
                        (Some(grant), _) => {
                            view! {
                                <Alert tone=Tone::Success>{texts.verify_new_password_lead}</Alert>
                                <ChooseNew grant start_over=("/forgot-password", ui.texts.pages.recovery.by_email) />
                            }
                                .into_any()
                        }
                        (None, Ok(link)) => view! { <Ask token=token.get_value() link grant /> }.into_any(),
                        (None, Err(refusal)) => view! { <NoLink refusal /> }.into_any(),
                    })
                        .into_any()
                },
            )}
        </div>
    }
    .into_any()
}

#[component]
fn Ask(token: String, link: LinkView, grant: RwSignal<Option<String>>) -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.links;
    let token = StoredValue::new(token);
    let prove = ServerAction::<ProveLink>::new();
    let disown = ServerAction::<DisownLink>::new();
    let on_reply = Callback::new(move |reply: Reply| {
        if let Some(secret) = reply.grant {
            grant.set(Some(secret.0));
        }
    });
    let kind = ui.texts.kind(link.kind).name;
    let about = match &link.phone {
        Some(phone) => texts.verify_about_phone(&link.email, kind, phone),
        None => texts.verify_about(&link.email, kind),
    };
    // The button is made by a closure, because it must be rendered inside the form that provides its state.
    let another = link.has_password.then(|| view! { <p>{texts.verify_has_password}</p> });
    let set_another = move || {
        let button = || {
            view! { <SubmitButton text=texts.verify_new_password class="button button-secondary" name="password" value="new" /> }
        };
        link.has_password.then(button)
    };
    let not_me = (!link.used || link.phone.is_some()).then(|| {
        view! {
            <section class="panel">
                <h2>{texts.verify_not_me_title}</h2>
                <p>{texts.verify_not_me_lead}</p>
                <PostForm name="disown_link" action=disown>
                    <HiddenField name="token" value=token.get_value() />
                    <SubmitButton text=texts.verify_not_me_submit class="button button-secondary" />
                </PostForm>
            </section>
        }
    });
    view! {
        <Heading text=texts.verify_heading.to_owned() />
        <p class="lead">{about}</p>
        <PostForm name="prove_link" action=prove on_reply class="form">
            <HiddenField name="token" value=token.get_value() />
            {another.clone()}
            <div class="actions">
                <SubmitButton text=texts.verify_submit />
                {set_another()}
            </div>
        </PostForm>
        {not_me}
    }
}

#[component]
fn NoLink(refusal: Refusal) -> impl IntoView {
    let texts = Ui::get().texts;
    let links = &texts.pages.links;
    let heading = match refusal {
        Refusal::LinkLapsed => links.lapsed_heading,
        Refusal::LinkUnknown => links.unknown_heading,
        // Any other refusal says nothing about the link.
        _ => links.verify_heading,
    };
    view! {
        <Heading text=heading.to_owned() />
        <p class="lead">{texts.refusal(&refusal)}</p>
        <p>
            <a class="button" href="/resend-verification">
                {links.ask_another}
            </a>
        </p>
    }
}
