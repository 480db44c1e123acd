//! The document around the pages. Rendered by the server alone.

use crate::door::{Assets, Door};
use crate::root::App;
use leptos::config::LeptosOptions;
use leptos::hydration::AutoReload;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;

/// What the document needs besides its contexts ([`Door`], [`Assets`]).
#[derive(Debug, Clone, Default)]
pub struct ShellOptions {
    /// Given in development: `cargo leptos watch` reloads the page.
    pub watch: Option<LeptosOptions>,
}

/// The document. Takes [`Assets`] and the language of [`Door`] from context.
#[must_use]
pub fn shell(page: ShellOptions) -> impl IntoView {
    let version = use_context::<Assets>().unwrap_or_default().version;
    let language = use_context::<Door>().map(|door| door.language).unwrap_or_default();
    view! {
        <!DOCTYPE html>
        <html lang=language.tag()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                // Where the header says `no-referrer` (a token in the address), browsers would say `Origin: null` of our own forms,
                // and one without Fetch Metadata could not be told from another site's. The origin alone, so that the token goes nowhere.
                <meta name="referrer" content="strict-origin" />
                <meta name="format-detection" content="telephone=no" />
                <link rel="icon" href="/icon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=format!("/pkg/{version}/portaria.css") />
                {page.watch.map(|options| view! { <AutoReload options /> })}
                <HydrationScripts version />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// Wakes the page. Not Leptos' own: that writes the nonce into `crossorigin`, where CSS selectors can read it (leptos#4843).
///
/// If it cannot be loaded, or ever panics, the page is what it is without it: the browser's own links and forms. So the script
/// wakes the page with care:
/// - What others (password managers) put into the document since it was read is taken out for the moment in which Leptos goes
///   through it node by node, and put back. Their scripts live in a world of their own and do not see what follows.
/// - Whatever listens or waits in this page is the WASM's: it is wrapped, and after a panic none of it is called any more. A
///   click or a form that the panic swallowed is given to the browser.
/// - The server is told once, a second later (a page that is being left has not failed): the path, and where it happened.
#[component]
fn HydrationScripts(version: String) -> impl IntoView {
    let script = include_str!("waking.js").replace("VERSION", &version);
    view! {
        <link rel="modulepreload" href=format!("/pkg/{version}/portaria.js") crossorigin="" />
        <link rel="preload" href=format!("/pkg/{version}/portaria.wasm") r#as="fetch" r#type="application/wasm" crossorigin="" />
        <script type="module" nonce=use_nonce()>
            {script}
        </script>
    }
}
