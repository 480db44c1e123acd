//! What stands beside a page on a wide screen, and below it on a narrow one: the steps by their names, why they are, and help.

use super::icon::{Icon, Sign};
use crate::paths;
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::journey::{Journey, Step};

/// A page with its side.
#[component]
pub fn Split(#[prop(optional)] journey: Option<(&'static Journey, Step)>, children: Children) -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.side;
    let steps = journey.map(|(journey, step)| {
        let (current, _) = journey.position(step);
        let marks = journey.steps.iter().zip(1..).map(|(named, nth)| {
            view! {
                <li aria-current=(nth == current).then_some("step")>
                    {ui.texts.step_name(*named)}
                </li>
            }
        });
        let why = ui.texts.step_why(step);
        view! {
            <ol class="side-steps">{marks.collect_view()}</ol>
            {(!why.is_empty()).then(|| view! { <p>{why}</p> })}
        }
    });
    // Whoever is in needs no way in.
    let own = ui.me().is_none().then(|| match journey {
        Some(_) => (paths::LOGIN.to_owned(), texts.have_account),
        None => (paths::SIGN_IN_HELP.to_owned(), ui.texts.pages.login.cannot),
    });
    let help = ui.brand().help.as_ref().map(|help| (help.link(), texts.write));
    let ways: Vec<_> = own.into_iter().chain(help).map(|(href, words)| view! { <li><a href=href>{words}</a></li> }).collect();
    view! {
        <div class="split">
            <div class="page narrow">{children()}</div>
            <aside class="side" aria-labelledby="side">
                {steps}
                <h2 id="side">
                    <Icon sign=Sign::Shield />
                    {texts.help}
                </h2>
                <p>{texts.never}</p>
                {(!ways.is_empty()).then(|| view! { <ul>{ways}</ul> })}
            </aside>
        </div>
    }
    .into_any()
}
