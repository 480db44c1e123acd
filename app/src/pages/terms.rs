//! The terms of service: reading any version that was in force, and accepting the one that is.

use super::privacy::{self, privacy};
use crate::components::{Alert, Contents, Heading, HiddenField, NoAnswer, Owner, PageTitle, PostForm, Section, SubmitButton, Tone};
use crate::first::Answer;
use crate::forms::{Form, is_own_path};
use crate::paths;
use crate::server_fns::AcceptTerms;
use crate::ui::Ui;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use portaria::error::Refusal;
use portaria::terms::TermsView;
use portaria::view::AccountView;
use text::Language;
use text::moment::Moment;

/// `/terms`, and `/terms?version=`.
#[component]
pub fn Terms() -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.terms;
    // Only what is written has sections.
    let (class, body) = match ui.answer() {
        Some(Answer::Terms(Ok(terms))) => ("page prose sectioned", written(&ui, terms)),
        Some(Answer::Terms(Err(Refusal::NotFound))) => ("page prose", unknown(&ui)),
        _ => ("page prose", view! { <NoAnswer /> }.into_any()),
    };
    view! {
        <PageTitle text=texts.title />
        <div class=class>
            <Heading text=texts.title.to_owned() />
            {body}
        </div>
    }
    .into_any()
}

fn unknown(ui: &Ui) -> AnyView {
    let texts = &ui.texts.pages.terms;
    view! {
        <p class="lead">{texts.unknown}</p>
        <p>
            <a class="button" href=paths::TERMS>
                {texts.to_current}
            </a>
        </p>
    }
    .into_any()
}

fn written(ui: &Ui, terms: &TermsView) -> AnyView {
    let texts = &ui.texts.pages.terms;
    let accepted: Vec<_> = terms
        .accepted
        .iter()
        .filter_map(|accepted| {
            let at = Moment::of_unix(accepted.at)?;
            let version = accepted.version.as_str();
            let told = texts.accepted(version, at.date(), at.time());
            Some(view! { <li><a href=paths::terms_of(version)>{told}</a></li> })
        })
        .collect();
    let version = if terms.in_force {
        view! { <p class="hint">{texts.version(&terms.version)}</p> }.into_any()
    } else {
        view! {
            <p class="hint">
                {texts.old_version(&terms.version)} " " <a href=paths::TERMS>{texts.to_current}</a>
            </p>
        }
        .into_any()
    };
    let titles = terms.sections.iter().map(|(title, _)| title).enumerate().filter(|(_, title)| !title.is_empty());
    let lang = lang_of(ui);
    let of_terms = titles.map(|(index, title)| Section { lang, ..Section::new(id_of(index), title) });
    let of_privacy = terms.in_force.then(|| privacy::section(ui));
    view! {
        <Contents sections=of_terms.chain(of_privacy).collect() />
        <div class="column">
            {version}
            {sections(ui, terms)}
            {terms.in_force.then(|| privacy(ui))}
            {(!accepted.is_empty())
                .then(|| view! { <h2>{texts.accepted_title}</h2> <ul>{accepted}</ul> })}
        </div>
    }
    .into_any()
}

/// The id of the heading of a section.
fn id_of(index: usize) -> String {
    format!("section-{index}")
}

/// An operator's own text is in Portuguese, whatever language the page is in.
fn lang_of(ui: &Ui) -> Option<&'static str> {
    let own = ui.brand().terms.terms.is_some() && ui.texts.language != Language::PtBr;
    own.then_some(Language::PtBr.tag())
}

fn sections(ui: &Ui, terms: &TermsView) -> impl IntoView + use<> {
    let sections: Vec<_> = terms
        .sections
        .iter()
        .enumerate()
        .map(|(index, (title, text))| {
            let title = (!title.is_empty()).then(|| view! { <h2 id=id_of(index)>{title.clone()}</h2> });
            let paragraphs: Vec<_> = text.split("\n\n").map(|words| view! { <p>{words.to_owned()}</p> }).collect();
            view! {
                {title}
                {paragraphs}
            }
        })
        .collect();
    view! { <div class="column" lang=lang_of(ui)>{sections}</div> }
}

/// `/terms/accept`: asked for after a sign-in, before anything else.
#[component]
pub fn AcceptTermsPage() -> impl IntoView {
    let texts = &Ui::get().texts.pages.terms;
    view! {
        <PageTitle text=texts.accept_title />
        <div class="page narrow">
            <Owner heading=texts.accept_title draw=accept />
        </div>
    }
    .into_any()
}

fn accept(ui: &Ui, account: &AccountView) -> AnyView {
    let texts = &ui.texts.pages.terms;
    let next = use_query_map().with_untracked(|query| query.get("next")).filter(|next| is_own_path(next));
    let next = next.unwrap_or_else(|| paths::DASHBOARD.to_owned());
    let shown = match ui.answer() {
        Some(Answer::Terms(Ok(terms))) => Some(terms.clone()),
        _ => None,
    };
    match (&account.terms_pending, shown) {
        (None, _) => view! {
            <Heading text=texts.accept_title.to_owned() />
            <Alert tone=Tone::Info>{texts.accept_nothing}</Alert>
            <p>
                <a class="button" href=next>
                    {texts.accept_go_on}
                </a>
            </p>
        }
        .into_any(),
        // The version is that of the text on this page: nobody accepts what they were not shown.
        (Some(_), Some(terms)) => view! {
            <Heading text=texts.accept_heading.to_owned() />
            <p class="lead">{texts.accept_lead(&terms.version)}</p>
            <div class="prose">{sections(ui, &terms)}</div>
            <PostForm form=AcceptTerms::ROUTE class="form">
                <HiddenField name="version" value=terms.version />
                <HiddenField name="next" value=next />
                <SubmitButton text=texts.accept_submit />
            </PostForm>
            <p class="hint">
                {texts.accept_refuse} " " <a href=paths::PROFILE>{ui.texts.pages.profile.title}</a> "."
            </p>
        }
        .into_any(),
        (Some(_), None) => view! {
            <Heading text=texts.accept_title.to_owned() />
            <NoAnswer />
        }
        .into_any(),
    }
}
