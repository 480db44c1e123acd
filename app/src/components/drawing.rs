//! Drawings that carry the name. They take the colours of the brand, and are hidden from screen readers: they say nothing that words do not.

use leptos::prelude::*;

/// The gatehouse at dusk: its door ajar, the light on, a lantern at either side.
#[component]
pub fn Gatehouse() -> impl IntoView {
    view! {
        <svg class="drawing" viewBox="0 0 360 300" width="360" height="300" aria-hidden="true">
            <path class="art-wall" d="M24 264V156a156 156 0 0 1 312 0v108z" />
            <path class="art-sheet" d="M84 264V152a96 96 0 0 1 192 0v112z" />
            <path class="art-line" d="M84 264V152a96 96 0 0 1 192 0v112M106 264V154a74 74 0 0 1 148 0v110" />
            <path class="art-light" d="M126 264V156a54 54 0 0 1 108 0v108zM126 272h108l36 28H90z" />
            <path class="art-stone" d="M10 264h340v8H10zM52 216h8v48h-8zM300 216h8v48h-8z" />
            <path class="art-light" d="M56 182a17 17 0 1 0 0 34 17 17 0 0 0 0-34zM304 182a17 17 0 1 0 0 34 17 17 0 0 0 0-34z" />
            <path
                class="art-door"
                d="M126 264V156a54 54 0 0 1 54-54l22 26v124zM56 191a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM304 191a8 8 0 1 0 0 16 8 8 0 0 0 0-16z"
            />
            <path class="art-sheet" d="M190 184a4 4 0 1 0 0 8 4 4 0 0 0 0-8z" />
        </svg>
    }
}

/// A wall that has no door: only where one could be.
#[component]
pub fn NoDoor() -> impl IntoView {
    view! {
        <svg class="drawing" viewBox="0 0 360 180" width="360" height="180" aria-hidden="true">
            <path class="art-wall" d="M10 20h340v152H10z" />
            <path class="art-sheet" d="M10 12h340v16H10z" />
            <path
                class="art-line"
                d="M10 12h340v16H10zM40 62h28v14H40zM54 76h28v14H54zM286 56h28v14h-28zM272 126h28v14h-28zM286 140h28v14h-28zM46 132h28v14H46z"
            />
            <path class="art-line" stroke-dasharray="3 9" stroke-linecap="round" d="M138 172V96a42 42 0 0 1 84 0v76" />
            <path class="art-light" d="M248 78a17 17 0 1 0 0 34 17 17 0 0 0 0-34z" />
            <path class="art-door" d="M248 87a8 8 0 1 0 0 16 8 8 0 0 0 0-16z" />
            <path class="art-stone" d="M0 172h360v8H0z" />
        </svg>
    }
}
