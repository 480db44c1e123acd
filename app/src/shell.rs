//! The HTML document around the pages.

use crate::door::{Assets, Door};
use crate::root::App;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;

/// Renders the document. Takes [`Assets`] and the language of [`Door`] from context.
#[must_use]
pub fn shell() -> impl IntoView {
    let version = use_context::<Assets>().unwrap_or_default().version;
    let language = use_context::<Door>().map(|door| door.language).unwrap_or_default();
    let script = include_str!("waking.js").replace("VERSION", &version);
    let texts = language.texts();
    view! {
        <!DOCTYPE html>
        <html lang=language.tag()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="description" content=texts.pages.frame.description />
                <meta name="color-scheme" content="light dark" />
                // Pages with a token in their address have the header `no-referrer`. With it browsers send `Origin: null` for our
                // own forms, and without Fetch Metadata those look like another site's. `strict-origin` does not leak the token.
                <meta name="referrer" content="strict-origin" />
                <meta name="format-detection" content="telephone=no" />
                <link rel="icon" href="/icon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=format!("/pkg/{version}/portaria.css") />
                <MetaTags />
            </head>
            <body>
                <App />
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
                // Loads the WASM once the page is painted, and wakes it. Leptos' own component is not used: it writes the nonce into
                // `crossorigin`, where CSS selectors can read it (leptos#4843).
                <script type="module" nonce=use_nonce()>
                    {script}
                </script>
            </body>
        </html>
    }
}
