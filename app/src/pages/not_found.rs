use crate::components::{Heading, NoDoor, PageTitle};
use crate::paths;
use crate::ui::Ui;
use leptos::prelude::*;

#[component]
pub fn NotFound() -> impl IntoView {
    let ui = Ui::get();
    ui.set_missing();
    let texts = &ui.texts.pages.not_found;
    view! {
        <PageTitle text=texts.title />
        <div class="page narrow">
            <NoDoor />
            <Heading text=texts.heading.to_owned() />
            <p class="lead">{texts.lead}</p>
            <p><a class="button" href=paths::HOME>{texts.home}</a></p>
            <ul class="ways">
                <li><a href=paths::LOGIN>{ui.texts.pages.frame.sign_in}</a></li>
                <li><a href=paths::SIGN_IN_HELP>{ui.texts.pages.login.cannot}</a></li>
                {ui.brand().help.as_ref().map(|help| view! { <li><a href=help.link()>{ui.texts.pages.side.write}</a></li> })}
            </ul>
        </div>
    }
    .into_any()
}
