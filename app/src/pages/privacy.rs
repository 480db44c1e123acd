//! Below the terms in force: who answers for personal data, which it is, why, with whom and for how long. What the product does is printed
//! from its own tables, so that this page cannot say otherwise.

use crate::components::{Section, closed};
use crate::paths;
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::brand::{Help, Responsible};
use portaria::retention::Kept;

/// Where it begins, for links.
pub const PRIVACY: &str = "privacy";

/// A part of it: the id of its heading, the heading, and what it says.
type Part = (&'static str, &'static str, fn(&Ui) -> AnyView);

/// An operator's own words stand above: then here follow facts alone.
fn parts(ui: &Ui) -> Vec<Part> {
    let texts = &ui.texts.pages.privacy;
    let ours = ui.brand().terms.privacy.is_none();
    let parts: [(bool, Part); 7] = [
        (true, ("who", texts.who, who)),
        (true, ("data", texts.data, data)),
        (ours, ("why", texts.why, why)),
        (ours, ("shared", texts.shared, |ui| view! { <p>{ui.texts.pages.privacy.shared_text}</p> }.into_any())),
        (true, ("kept", texts.kept, kept)),
        (ours, ("cookies", texts.cookies, |ui| view! { <p>{ui.texts.pages.privacy.cookies_text}</p> }.into_any())),
        (ours, ("rights", texts.rights, rights)),
    ];
    parts.into_iter().filter(|(shown, _)| *shown).map(|(_, part)| part).collect()
}

/// Its place among the contents of the page.
pub fn section(ui: &Ui) -> Section {
    let within = parts(ui).into_iter().map(|(id, title, _)| Section::new(id, title)).collect();
    Section { within, ..Section::new(PRIVACY, ui.texts.pages.privacy.title) }
}

pub fn privacy(ui: &Ui) -> AnyView {
    let parts = parts(ui).into_iter().map(|(id, title, says)| {
        view! {
            <h3 id=id>{title}</h3>
            {says(ui)}
        }
    });
    view! {
        <h2 id=PRIVACY>{ui.texts.pages.privacy.title}</h2>
        {parts.collect_view()}
    }
    .into_any()
}

fn row(name: &str, value: impl IntoView + 'static) -> AnyView {
    view! {
        <div>
            <dt>{name.to_owned()}</dt>
            <dd>{value}</dd>
        </div>
    }
    .into_any()
}

fn who(ui: &Ui) -> AnyView {
    let texts = &ui.texts.pages.privacy;
    let Responsible { controller, officer, officer_contact } = ui.brand().responsible.clone();
    let or_unfilled = |value: Option<String>, setting| value.unwrap_or_else(|| texts.unfilled(setting));
    view! {
        <dl class="facts">
            {row(texts.controller, view! { <p>{or_unfilled(controller, "controller")}</p> })}
            {row(
                texts.officer,
                view! {
                    <p>{or_unfilled(officer, "officer")}</p>
                    {reach(ui, officer_contact.as_ref(), "officer_contact")}
                },
            )}
            {row(texts.help, reach(ui, ui.brand().help.as_ref(), "help"))}
        </dl>
    }
    .into_any()
}

/// An address to write to. Until the operator has filled it in, its setting.
pub fn reach(ui: &Ui, address: Option<&Help>, setting: &str) -> AnyView {
    match address {
        Some(help) => view! { <p><a href=help.link()>{help.shown().to_owned()}</a></p> }.into_any(),
        None => view! { <p>{ui.texts.pages.privacy.unfilled(setting)}</p> }.into_any(),
    }
}

fn why(ui: &Ui) -> AnyView {
    let texts = &ui.texts.pages.privacy;
    let rows = texts.purposes.iter().map(|(what, ground)| row(what, view! { <p>{*ground}</p> })).collect_view();
    view! {
        <dl class="facts">{rows}</dl>
        <p>{texts.never}</p>
    }
    .into_any()
}

fn rights(ui: &Ui) -> AnyView {
    view! {
        <p>{ui.texts.pages.privacy.rights_text}</p>
        <p>
            <a href=paths::PROFILE_DATA>{ui.texts.own_data.open}</a>
        </p>
    }
    .into_any()
}

/// By kind, what its forms and Meu Perfil take.
fn data(ui: &Ui) -> AnyView {
    let all = ui.texts;
    let texts = &all.pages.privacy;
    let of_kinds = ui.kinds().open().map(|kind| {
        let names: Vec<_> = ui.kinds().collected(kind).into_iter().map(|field| all.label(kind, field)).collect();
        row(ui.kind(kind).name, view! { <p>{closed(names.join(", "))}</p> })
    });
    view! {
        <p>{texts.data_lead}</p>
        <dl class="facts">
            {of_kinds.collect_view()}
            {row(texts.of_all, view! { <p>{texts.of_all_data}</p> })}
        </dl>
    }
    .into_any()
}

/// The rows of the one table of retention that are about a person.
fn kept(ui: &Ui) -> AnyView {
    let all = ui.texts;
    let texts = &all.pages.privacy;
    let account = row(texts.kept_account, view! { <p>{texts.kept_account_time}</p> });
    let swept = Kept::ALL.iter().filter_map(|rule| {
        let what = match rule {
            Kept::Deletions => texts.kept_deleted,
            Kept::UnprovedAccounts => texts.kept_unproved,
            Kept::DecidedContests => texts.kept_contest,
            rule => all.kept(*rule)?.0,
        };
        Some(row(what, view! { <p>{all.own_data.kept_for(all.duration.span(rule.facts().kept))}</p> }))
    });
    view! { <dl class="facts">{account} {swept.collect_view()}</dl> }.into_any()
}
