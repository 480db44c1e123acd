//! Pages that links in messages lead to. Opening one changes nothing (mail scanners open everything): a button does.

use crate::components::{Field, Heading, HiddenField, Notice, PageTitle, PostForm, SubmitButton, answered};
use crate::first::Answer;
use crate::forms::Secret;
use crate::server_fns::{ProveLink, ResendLink, TakeOver, look_at_link};
use crate::ui::Ui;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use portaria::error::{Field as Named, Refusal};

/// The token in the query. Read once: a link is opened, not navigated to.
fn token() -> String {
    use_query_map().with_untracked(|query| query.get("token").unwrap_or_default())
}

/// `/verify?token=`: one button proves the address.
#[component]
pub fn Verify() -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.links;
    let token = StoredValue::new(token());
    let action = ServerAction::<ProveLink>::new();
    let first = ui.answer().and_then(|answer| if let Answer::Link(refusal) = answer { Some(refusal) } else { None });
    view! {
        <PageTitle text=texts.verify_title />
        <div class="page narrow">
            {answered(
                first,
                move || async move { look_at_link(Secret(token.get_value())).await.ok().flatten() },
                move |refusal| {
                    match refusal {
                        Some(refusal) => {
                            let heading = match refusal {
                                Refusal::LinkLapsed => texts.lapsed_heading,
                                Refusal::LinkUnknown => texts.unknown_heading,
                                // Nothing is known of the link.
                                _ => texts.verify_heading,
                            };
                            view! {
                                <Heading text=heading.to_owned() />
                                <p class="lead">{ui.texts.refusal(&refusal)}</p>
                                <p>
                                    <a class="button" href="/resend-verification">
                                        {texts.ask_another}
                                    </a>
                                </p>
                            }
                                .into_any()
                        }
                        None => {
                            view! {
                                <Heading text=texts.verify_heading.to_owned() />
                                <p class="lead">{texts.verify_lead}</p>
                                <PostForm name="prove_link" action class="form">
                                    <HiddenField name="token" value=token.get_value() />
                                    <SubmitButton text=texts.verify_submit />
                                </PostForm>
                                <p>
                                    <a href="/resend-verification">{texts.ask_another}</a>
                                </p>
                            }
                                .into_any()
                        }
                    }
                },
            )}
        </div>
    }
    .into_any()
}

/// `/resend-verification`: the answer is the same for every address.
#[component]
pub fn ResendVerification() -> impl IntoView {
    let texts = Ui::get().texts;
    let page = &texts.pages.links;
    let action = ServerAction::<ResendLink>::new();
    view! {
        <PageTitle text=page.resend_title />
        <div class="page narrow">
            <Notice />
            <Heading text=page.resend_heading.to_owned() />
            <p class="lead">{page.resend_lead}</p>
            <PostForm name="resend_link" action class="form">
                <Field field=Named::Email label=texts.field_name(Named::Email) />
                <SubmitButton text=page.resend_submit />
            </PostForm>
        </div>
    }
    .into_any()
}

/// `/continue?token=`: takes a sign-up over from another device.
#[component]
pub fn Continue() -> impl IntoView {
    let texts = &Ui::get().texts.pages.links;
    let token = token();
    let action = ServerAction::<TakeOver>::new();
    let body = if token.is_empty() {
        view! { <p class="lead">{texts.continue_missing}</p> }.into_any()
    } else {
        view! {
            <p class="lead">{texts.continue_lead}</p>
            <PostForm name="take_over" action class="form">
                <HiddenField name="token" value=token />
                <SubmitButton text=texts.continue_submit />
            </PostForm>
        }
        .into_any()
    };
    view! {
        <PageTitle text=texts.continue_title />
        <div class="page narrow">
            <Heading text=texts.continue_heading.to_owned() />
            {body}
            <p>
                <a href="/register">{texts.begin_anew}</a>
            </p>
        </div>
    }
    .into_any()
}
