use crate::components::{Gatehouse, Heading, PageTitle, unfinished_page};
use crate::paths;
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::journey::Kind;

#[component]
pub fn Home() -> impl IntoView {
    let ui = Ui::get();
    let texts = &ui.texts.pages.home;
    // Whoever is in goes on from here, and needs no other account.
    let me = ui.me();
    let lead = me.map_or_else(|| texts.lead.to_owned(), |account| texts.signed_in(account.greeted_as()));
    let onward = me.map(|account| {
        let is_whole = account.profile_complete;
        let (page, words) = if is_whole { (paths::DASHBOARD, texts.to_dashboard) } else { (paths::COMPLETE_PROFILE, texts.go_on) };
        view! { <a class="button" href=page>{words}</a> }
    });
    let sign_in = me.is_none().then(|| view! { <a class="button button-secondary" href=paths::LOGIN>{texts.sign_in}</a> });
    // Shown only if a sign-up waits. Then it is the one thing to do.
    let pending = unfinished_page(&ui).filter(|_| ui.me().is_none());
    let begin = if pending.is_some() { "button button-secondary" } else { "button" };
    let any_open = me.is_none() && ui.kinds().open().next().is_some();
    let teacher = (any_open && ui.kinds().of(Kind::Professor).open).then(|| {
        let own = ui.kinds().of(Kind::Professor).label.is_some();
        let words = if own { ui.kind(Kind::Professor).title.into_owned() } else { texts.teacher.to_owned() };
        view! {
            <a class="button button-secondary" href=paths::wizard(Kind::Professor)>
                {words}
            </a>
        }
    });
    let trust: Vec<_> = texts
        .trust
        .iter()
        .map(|(title, text)| {
            view! {
                <li>
                    <h3>{*title}</h3>
                    <p>{*text}</p>
                </li>
            }
        })
        .collect();
    view! {
        <PageTitle text=texts.title />
        <div class="page home">
            <section class="hero">
                <div class="column">
                <Heading text=texts.heading.to_owned() />
                <p class="lead">{lead}</p>
                <div class="actions">
                    {onward}
                    {pending
                        .map(|page| {
                            view! {
                                <a class="button" href=page>
                                    {texts.go_on}
                                </a>
                            }
                        })}
                    {any_open
                        .then(|| {
                            view! {
                                <a class=begin href=paths::REGISTER>
                                    {texts.create}
                                </a>
                            }
                        })}
                    {teacher}
                    {sign_in}
                </div>
                </div>
                <Gatehouse />
            </section>
            <section class="column trust" aria-labelledby="trust">
                <h2 id="trust">{texts.trust_title}</h2>
                <ul>{trust}</ul>
            </section>
        </div>
    }
    .into_any()
}
