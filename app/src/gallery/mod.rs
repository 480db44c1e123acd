//! `/dev/components`: every component of the pages in every state, for whoever changes one. It draws the components themselves, for made-up
//! people; what it is laid out with is in `server/src/http/pages/components.css`.

mod fields;
mod look;
mod said;
mod samples;
mod tokens;

pub use tokens::scheme_style;

use crate::components::{Contents, Footer, Header, Notice, PageTitle, Section};
use crate::door::Site;
use crate::forms::Told;
use crate::shell::script;
use crate::ui::Ui;
use leptos::prelude::*;
use leptos_router::components::Router;
use leptos_router::location::RequestUrl;
use portaria::brand::Scheme;
use text::{Language, PageNotice};

/// Where it is.
pub const COMPONENTS: &str = "/dev/components";
/// Two of it beside each other, light and dark.
pub const COMPONENTS_BOTH: &str = "/dev/components/both";
/// What it is laid out with, and the colours of a scheme for a page that names one.
pub const COMPONENTS_STYLE: &str = "/dev/components.css";

/// Draws the page. `scheme`: as if the device were set so; `None`: as it is.
#[must_use]
pub fn draw_components(site: &Site, version: &str, scheme: Option<Scheme>) -> String {
    document(site, version, scheme, |ui| body(ui, version).to_html())
}

/// Draws the page that holds two of it.
#[must_use]
pub fn draw_both(site: &Site, version: &str) -> String {
    document(site, version, None, |ui| {
        let texts = &ui.texts.pages.components;
        ui.set_title(texts.both.to_owned());
        let frame = |scheme, title| view! { <iframe src=[COMPONENTS, "?scheme=", name_of(scheme)].concat() title=title></iframe> };
        view! {
            <body>
                <main class="both">
                    <h1 class="visually-hidden">{texts.both}</h1>
                    {frame(Scheme::Light, texts.light)}
                    {frame(Scheme::Dark, texts.dark)}
                </main>
            </body>
        }
        .to_html()
    })
}

/// The name of a scheme in an address, and in the attribute that the style of the page looks at.
#[must_use]
pub const fn name_of(scheme: Scheme) -> &'static str {
    match scheme {
        Scheme::Light => "light",
        Scheme::Dark => "dark",
    }
}

fn document(site: &Site, version: &str, scheme: Option<Scheme>, body: impl FnOnce(&Ui) -> String) -> String {
    Owner::new().with(|| {
        provide_context(RequestUrl::new(&["http://here", COMPONENTS].concat()));
        provide_context(Told(Some(PageNotice::ProfileSaved)));
        let ui = Ui::new(Language::default(), site.clone(), samples::first(), None);
        provide_context(ui.clone());
        let body = body(&ui);
        let head = head(&ui, version).to_html();
        let scheme = scheme.map(|scheme| [" data-scheme=\"", name_of(scheme), "\""].concat()).unwrap_or_default();
        let html = ["<!DOCTYPE html><html lang=\"", ui.texts.language.tag(), "\"", &scheme, ">", &head, &body, "</html>"].concat();
        // Each would have the focus on a page of its own; here the page begins at its top.
        html.replace(" autofocus", "")
    })
}

fn head(ui: &Ui, version: &str) -> impl IntoView + use<> {
    let brand = ui.brand();
    view! {
        <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <meta name="color-scheme" content="light dark" />
            <meta name="robots" content="noindex" />
            <link rel="icon" href=brand.icon() type="image/svg+xml" />
            <link rel="stylesheet" href=["/pkg/", version, "/portaria.css"].concat() />
            {brand.style_sheet().map(|colours| view! { <link rel="stylesheet" href=colours /> })}
            <link rel="stylesheet" href=COMPONENTS_STYLE />
            <title>{ui.title()}</title>
        </head>
    }
}

fn body(ui: &Ui, version: &str) -> impl IntoView + use<> {
    let main = ui.clone();
    view! {
        <body data-build=version.to_owned()>
            <Router>
                <Header />
                <main id="main" class="main" tabindex="-1">
                    <Notice />
                    {page(&main)}
                </main>
                {|| view! { <Footer /> }}
            </Router>
            <script type="module">{script(version)}</script>
        </body>
    }
}

/// A section of the page: the id of its heading, the heading, and what it shows.
type Shown = (&'static str, &'static str, fn(&Ui) -> AnyView);

fn page(ui: &Ui) -> AnyView {
    let texts = &ui.texts.pages.components;
    let sections: [Shown; 17] = [
        ("colours", texts.colours, tokens::colours),
        ("measures", texts.measures, tokens::measures),
        ("icons", texts.icons, look::icons),
        ("drawings", texts.drawings, look::drawings),
        ("buttons", texts.buttons, look::buttons),
        ("fields", texts.fields, fields::fields),
        ("choices", texts.choices, fields::choices),
        ("passwords", texts.passwords, fields::passwords),
        ("photo", texts.photo, fields::photo),
        ("code", texts.code, fields::code),
        ("again", texts.again, fields::again),
        ("messages", texts.messages, said::messages),
        ("cards", texts.cards, said::cards),
        ("steps", texts.steps, said::steps),
        ("lists", texts.lists, said::lists),
        ("folded", texts.folded, said::folded),
        ("transfer", texts.transfer, said::transfer),
    ];
    let contents = sections.iter().map(|(id, title, _)| Section::new(*id, *title)).collect();
    let drawn = sections.into_iter().map(|(id, title, draw)| {
        view! {
            <section class="column" aria-labelledby=id>
                <h2 id=id>{title}</h2>
                {draw(ui)}
            </section>
        }
    });
    view! {
        <PageTitle text=texts.title />
        <div class="page sectioned">
            // Not `Heading`, whose id is that of the one which is shown.
            <h1>{texts.title}</h1>
            <Contents sections=contents />
            <div class="column">
                <p class="lead">{texts.intro}</p>
                <p>{texts.how}</p>
                <p>
                    <a href=COMPONENTS_BOTH>{texts.both}</a>
                </p>
                {drawn.collect_view()}
            </div>
        </div>
    }
    .into_any()
}

/// A state of a component, under its name.
fn state(name: &'static str, drawn: impl IntoView + 'static) -> AnyView {
    view! {
        <div class="specimen">
            <h3>{name}</h3>
            {drawn.into_any()}
        </div>
    }
    .into_any()
}
