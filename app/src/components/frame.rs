//! Header and footer of every page.

use super::post_form::{MAIN_FORM, PostForm, SubmitButton, own_address};
use crate::forms::Form;
use crate::paths;
use crate::server_fns::SignOut;
use crate::ui::Ui;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use text::Language;

/// The logo: the operator's, or ours, a portico with its door ajar.
#[component]
fn Mark() -> impl IntoView {
    if let Some(logo) = Ui::get().brand().logo_address() {
        return view! { <img src=logo alt="" width="32" height="32" /> }.into_any();
    }
    view! {
        <svg viewBox="0 0 32 32" width="32" height="32" aria-hidden="true">
            <path class="art-stone" d="M4 29V14a12 12 0 0 1 24 0v15z" />
            <path class="art-light" d="M10 29V14.5a6 6 0 0 1 12 0V29z" />
            <path class="art-door" d="M10 29V14.5a6 6 0 0 1 6-6l3 3.2V26z" />
        </svg>
    }
    .into_any()
}

/// Says of a link in the header whether it leads to the page that is shown, or to the one above it.
fn current(path: &'static str) -> Option<&'static str> {
    let shown = use_location().pathname.get_untracked();
    match shown.strip_prefix(path) {
        Some("") => Some("page"),
        Some(below) if below.starts_with('/') => Some("true"),
        _ => None,
    }
}

/// Brand, and the links to sign in or out.
#[component]
pub fn Header() -> impl IntoView {
    let ui = Ui::get();
    let frame = &ui.texts.pages.frame;
    let signed_in = ui.me().is_some();
    let links = move || {
        if signed_in {
            view! {
                <a href=paths::DASHBOARD aria-current=current(paths::DASHBOARD)>{frame.dashboard}</a>
                <a href=paths::PROFILE aria-current=current(paths::PROFILE)>{frame.profile}</a>
                <PostForm form=SignOut::ROUTE class="inline">
                    <SubmitButton text=frame.sign_out class="quiet" />
                </PostForm>
            }
            .into_any()
        } else {
            view! {
                <a href=paths::LOGIN aria-current=current(paths::LOGIN)>
                    {frame.sign_in}
                </a>
            }
            .into_any()
        }
    };
    view! {
        <a class="skip" href="#main">
            {frame.skip}
        </a>
        <header class="header">
            <div class="bar">
                <a class="brand" href=paths::HOME aria-label=frame.tagline(&ui.brand().name)>
                    <Mark />
                    <span>{ui.brand().name.as_str().to_owned()}</span>
                </a>
                <nav aria-label=frame.nav>
                    {links()}
                </nav>
            </div>
        </header>
    }
}

/// What is promised, where help is, and the language.
#[component]
pub fn Footer() -> impl IntoView {
    let ui = Ui::get();
    let frame = &ui.texts.pages.frame;
    let address = own_address();
    let next = address.clone();
    let of_form = ui.has_form().then_some(MAIN_FORM);
    let choices: Vec<_> = Language::ALL
        .iter()
        .copied()
        .map(|language| {
            view! {
                <button
                    type="submit"
                    form=of_form
                    class="quiet"
                    name="language"
                    value=language.tag()
                    lang=language.tag()
                    aria-current=(language == ui.texts.language).then_some("true")
                >
                    {language.own_name()}
                </button>
            }
        })
        .collect();
    view! {
        <footer class="footer">
            <div class="bar">
                <p>{frame.privacy}</p>
                <ul class="ways">
                    {ui.brand().help.as_ref().map(|help| view! { <li><a href=help.link()>{frame.help}</a></li> })}
                    <li><a href=paths::TERMS>{frame.terms}</a></li>
                    <li><a href=paths::ACCESSIBILITY>{frame.accessibility}</a></li>
                </ul>
                <form method="post" action=address class="inline" aria-label=frame.language>
                    <input type="hidden" name="_form" value="choose_language" />
                    <input type="hidden" name="next" value=next />
                    {choices}
                </form>
            </div>
        </footer>
    }
}
