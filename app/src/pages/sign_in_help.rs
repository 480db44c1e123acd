//! "Não consigo entrar": the one door for whoever stands outside. It says what each way back in needs, and leads there.

use crate::components::{Heading, PageTitle};
use crate::paths;
use crate::ui::Ui;
use leptos::prelude::*;

#[component]
pub fn SignInHelp() -> impl IntoView {
    let ui = Ui::get();
    let pages = &ui.texts.pages;
    let (texts, login) = (&pages.sign_in_help, &pages.login);
    let by_link = texts.forgot(ui.reset_link_lasts());
    let ways = [
        (texts.forgot_title, by_link, paths::FORGOT_PASSWORD, login.forgot),
        (texts.recover_title, texts.recover.to_owned(), paths::RECOVER_PASSWORD, login.recover),
        (texts.code_title, texts.code.to_owned(), paths::LOGIN_BY_CODE, login.by_code),
        (texts.locked_title, texts.locked.to_owned(), paths::FORGOT_PASSWORD, pages.form.taken_recover),
        (texts.unverified_title, texts.unverified.to_owned(), paths::RESEND_VERIFICATION, pages.links.ask_another),
        (texts.taken_title, texts.taken.to_owned(), paths::CONTEST, ui.texts.contest.title),
    ];
    let ways: Vec<_> = ways
        .into_iter()
        .map(|(title, what, href, action)| {
            view! {
                <section class="panel">
                    <h2>{title}</h2>
                    <p>{what}</p>
                    <p>
                        <a href=href>{action}</a>
                    </p>
                </section>
            }
        })
        .collect();
    let help = ui.brand().help.as_ref().map(|help| view! { <p><a href=help.link()>{pages.frame.help}</a></p> });
    view! {
        <PageTitle text=texts.title />
        <div class="page narrow">
            <a class="back" href=paths::LOGIN>
                {pages.recovery.to_sign_in}
            </a>
            <Heading text=texts.title.to_owned() />
            <p class="lead">{texts.lead}</p>
            {ways}
            {help}
        </div>
    }
    .into_any()
}
