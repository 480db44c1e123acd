//! "Não fui eu": the link in the notice of a changed password. Opening it changes nothing; only the button does.

use super::recover::ChooseNew;
use crate::components::{Alert, Heading, HiddenField, PageTitle, PostForm, SubmitButton, Tone, answered};
use crate::first::Answer;
use crate::forms::{Reply, Secret};
use crate::server_fns::{Disown, look_at_not_me};
use crate::ui::Ui;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use portaria::error::Refusal;

#[component]
pub fn NotMe() -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.not_me;
    // Read once: the token does not change while the page is open.
    let token = StoredValue::new(use_query_map().with_untracked(|query| query.get("token").unwrap_or_default()));
    // The grant in a form that was posted without WASM. A refused password does not spend it.
    let granted = ui.posted("disown").and_then(|posted| posted.reply.grant).map(|grant| grant.0);
    let kept = ui.posted("reset_by_grant").and_then(|posted| posted.values.into_iter().find(|(name, _)| name == "grant"));
    let grant = RwSignal::new(granted.or(kept.map(|(_, grant)| grant)));
    // Set if the link was used elsewhere while this page was open.
    let gone = RwSignal::new(None::<Refusal>);
    let first = ui.answer().and_then(|answer| if let Answer::NotMe(refusal) = answer { Some(refusal) } else { None });
    view! {
        <PageTitle text=texts.title />
        <div class="page narrow">
            {answered(
                first,
                move || async move { look_at_not_me(Secret(token.get_value())).await.ok().flatten() },
                move |refusal| {
                    (move || match (grant.get(), gone.get().or_else(|| refusal.clone())) {
                        (Some(grant), _) => {
                            view! {
                                <Alert tone=Tone::Success>{texts.done}</Alert>
                                <p>
                                    <a href="/login?by=code">{ui.texts.access.enter_by_code}</a>
                                </p>
                                <ChooseNew grant start_over=("/forgot-password", ui.texts.pages.recovery.by_email) />
                            }
                                .into_any()
                        }
                        (None, Some(refusal)) => view! { <NoLink refusal /> }.into_any(),
                        (None, None) => view! { <Ask token=token.get_value() grant gone /> }.into_any(),
                    })
                        .into_any()
                },
            )}
        </div>
    }
    .into_any()
}

#[component]
fn Ask(token: String, grant: RwSignal<Option<String>>, gone: RwSignal<Option<Refusal>>) -> impl IntoView {
    let texts = &Ui::get().texts.pages.not_me;
    let action = ServerAction::<Disown>::new();
    let on_reply = Callback::new(move |reply: Reply| {
        if let Some(secret) = reply.grant {
            grant.set(Some(secret.0));
        }
        if let Some(refusal @ (Refusal::LinkUnknown | Refusal::LinkLapsed)) = reply.refusal {
            gone.set(Some(refusal));
        }
    });
    view! {
        <Heading text=texts.heading.to_owned() />
        <p class="lead">{texts.lead}</p>
        <PostForm name="disown" action on_reply class="form">
            <HiddenField name="token" value=token />
            <SubmitButton text=texts.submit />
        </PostForm>
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
        _ => texts.pages.not_me.heading,
    };
    let sentence = match refusal {
        Refusal::Taken(_) => texts.access.held_elsewhere.to_owned(),
        refusal => texts.refusal(&refusal),
    };
    view! {
        <Heading text=heading.to_owned() />
        <p class="lead">{sentence}</p>
        <p>
            <a class="button" href="/forgot-password">
                {texts.pages.recovery.forgot_title}
            </a>
        </p>
        <p>
            <a href="/recover-password">{texts.pages.recovery.by_document}</a>
        </p>
    }
}
