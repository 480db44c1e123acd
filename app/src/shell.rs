//! The HTML document around the pages. Only the server renders it.

use crate::door::{Assets, Door};
use crate::root::App;
use leptos::config::LeptosOptions;
use leptos::hydration::AutoReload;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;

/// What the document needs besides the contexts [`Door`] and [`Assets`].
#[derive(Debug, Clone, Default)]
pub struct ShellOptions {
    /// Set in development only, so that `cargo leptos watch` reloads the page.
    pub watch: Option<LeptosOptions>,
}

/// Renders the document. Takes [`Assets`] and the language of [`Door`] from context.
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
                // Pages with a token in their address have the header `no-referrer`. With it browsers send `Origin: null` for our
                // own forms, and without Fetch Metadata those look like another site's. `strict-origin` does not leak the token.
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

/// The script that hydrates the page. Leptos' own component is not used: it writes the nonce into `crossorigin`, where CSS selectors
/// can read it (leptos#4843).
///
/// If the WASM cannot be loaded, or panics, the page must still work with the browser's own links and forms. So the script does this:
/// - Nodes that extensions (password managers) have added to the document are taken out while Leptos walks through it node by node,
///   and put back afterwards. The scripts of extensions run in a world of their own, so our wrappers do not affect them.
/// - All listeners and timers of this page belong to the WASM. They are wrapped, and after a panic none of them is called any more. A
///   click or a form that was lost in the panic is handed to the browser.
/// - The server is told once: the path, and where it happened. The script waits a second first, because a page that is being left has
///   not failed.
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
