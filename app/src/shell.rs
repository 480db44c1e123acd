//! The HTML document around the pages.

use crate::components::{Footer, Header, Notice};
use crate::door::{Assets, Door, Site};
use crate::first::First;
use crate::forms::Posted;
use crate::paths;
use crate::root::Main;
use crate::tidy::tidy;
use crate::ui::Ui;
use leptos::either::Either;
use leptos::html;
use leptos::prelude::*;
use leptos_router::components::Router;
use leptos_router::location::RequestUrl;
use portaria::brand::{Role, Scheme};

/// The script at the head of each page, for the assets of this version. It asks for the WASM at low priority, which is compiled while it
/// comes, and wakes the page with it once it is painted. Each step is a task of its own, so that a slow processor can answer in between.
/// A page that links to the script asks once it is painted: its browser has been here, and mostly has the WASM already.
///
/// If the WASM cannot be loaded, or panics, the page works with the browser's own links and forms. So all listeners and timers of the WASM
/// are wrapped: after a panic none of them is called any more, a click or a form that was lost in it is handed to the browser, and the
/// server is told once (the path, and where it happened; a page that is being left has not failed, so a second is waited).
///
/// It is the same in every page, so that the page's policy names it by its hash, and a page that tells nothing of anybody is the same for
/// everybody. Leptos' own component is not used: it writes a nonce into `crossorigin`, where CSS selectors can read it (leptos#4843).
#[must_use]
pub fn script(version: &str) -> String {
    let lines: Vec<_> = include_str!("waking.js").lines().map(str::trim_start).collect();
    lines.join("\n").replace("VERSION", version)
}

/// A page as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    pub html: String,
    /// Whether there is such a page; otherwise the HTML says that there is none.
    pub exists: bool,
}

/// Where a page has its style sheet and its script.
#[derive(Debug, Clone, Copy)]
pub enum Files<'a> {
    /// Within it, so that it needs nothing else to be painted.
    Within { style_sheet: &'a str },
    /// At their own addresses, where a browser keeps them.
    Linked,
}

/// Draws the page at an address, which is a path with its query. `provide` provides the contexts [`Door`], [`Assets`], [`Site`],
/// [`First`], [`Posted`] and [`Told`](crate::forms::Told); each may be missing.
#[must_use]
pub fn draw(address: &str, files: Files<'_>, provide: impl FnOnce()) -> Drawn {
    let owner = Owner::new();
    owner.with(|| {
        // With a host before it, which nobody reads: of `//x` the router would take `x` for one.
        provide_context(RequestUrl::new(&["http://here", address].concat()));
        provide();
        let Assets { version } = use_context().unwrap_or_default();
        let Posted(posted) = use_context().unwrap_or_default();
        let language = use_context::<Door>().map(|door| door.language).unwrap_or_default();
        let ui = Ui::new(language, use_context::<Site>().unwrap_or_default(), use_context::<First>().unwrap_or_default(), posted);
        provide_context(ui.clone());
        // What is drawn first says the title.
        let body = body(&ui, &version).to_html();
        let head = head(&ui, &version, files).to_html();
        let html = ["<!DOCTYPE html><html lang=\"", language.tag(), "\">", &head, &body, "</html>"].concat();
        Drawn { html: tidy(&html), exists: !ui.is_missing() }
    })
}

fn head(ui: &Ui, version: &str, files: Files<'_>) -> impl IntoView + use<> {
    let theme = |media, scheme| {
        let sheet = ui.brand().palette.of(scheme, Role::Sheet).to_string();
        html::meta().name("theme-color").attr("media", media).attr("content", sheet)
    };
    // What a message shows of a page whose address is sent by it (Open Graph).
    let shared = |property, content: String| html::meta().attr("property", property).attr("content", content);
    let files = match files {
        // The script first: what it asks for comes while the rest of the page does.
        Files::Within { style_sheet } => Either::Left((html::script().child(script(version)), html::style().child(style_sheet.to_owned()))),
        Files::Linked => Either::Right(view! {
            <script src=["/pkg/", version, "/waking.js"].concat() async></script>
            <link rel="stylesheet" href=["/pkg/", version, "/portaria.css"].concat() />
            // After it, because it sets the colours anew.
            {ui.brand().style_sheet().map(|colours| view! { <link rel="stylesheet" href=colours /> })}
        }),
    };
    // Nobody is sent a page of somebody else's account.
    let preview = ui.me().is_none().then(|| {
        view! {
            {shared("og:site_name", ui.brand().name.as_str().to_owned())}
            {shared("og:title", ui.title())}
            {shared("og:description", ui.texts.pages.frame.description.to_owned())}
            {shared("og:type", "website".to_owned())}
        }
    });
    view! {
        <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <meta name="description" content=ui.texts.pages.frame.description />
            {preview}
            <meta name="color-scheme" content="light dark" />
            {theme("(prefers-color-scheme: light)", Scheme::Light)}
            {theme("(prefers-color-scheme: dark)", Scheme::Dark)}
            // Pages with a token in their address have the header `no-referrer`. With it browsers send `Origin: null` for our own forms,
            // and without Fetch Metadata those look like another site's. `strict-origin` does not leak the token.
            <meta name="referrer" content="strict-origin" />
            <meta name="format-detection" content="telephone=no" />
            <link rel="icon" href=ui.brand().icon() type="image/svg+xml" />
            <link rel="apple-touch-icon" href=ui.brand().touch_icon() />
            <link rel="manifest" href=paths::MANIFEST />
            {files}
            <title>{ui.title()}</title>
        </head>
    }
}

fn body(ui: &Ui, version: &str) -> impl IntoView + use<> {
    let texts = ui.texts;
    // The navigator (`live`) tells a page that answers a form from one that the form led on to.
    let answers = ui.answers();
    view! {
        <body data-build=version.to_owned()>
            <Router>
                <Header />
                <main id="main" class="main" tabindex="-1" data-answers=answers>
                    <Notice />
                    <Main />
                </main>
                // Drawn last, because it has to know which form the page has.
                {|| view! { <Footer /> }}
            </Router>
            // What the navigator (`live`) says by itself: its sentences, and how a summary of errors looks.
            <template
                id="words"
                data-offline=texts.pages.frame.offline
                data-failed=texts.pages.frame.failed
                data-error=texts.pages.form.error_prefix
            >
                <div class="summary" role="alert" tabindex="-1">
                    <h2>{texts.pages.form.error_title}</h2>
                    <div></div>
                </div>
            </template>
            <p id="announcer" class="visually-hidden" role="status"></p>
        </body>
    }
}
