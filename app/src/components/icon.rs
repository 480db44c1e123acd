//! Icons: one family, drawn on 24 units with round lines of 2, in the colour of the text. None speaks: words stand beside each.

use leptos::prelude::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    Good,
    Attention,
}

#[component]
pub fn Icon(sign: Sign) -> impl IntoView {
    let (class, path) = match sign {
        Sign::Good => ("icon icon-good", "M8 12.5l3 3 5.5-6.5"),
        Sign::Attention => ("icon icon-attention", "M12 7v6m0 4v.01"),
    };
    view! {
        <svg class=class viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">
            <circle cx="12" cy="12" r="10" />
            <path d=path />
        </svg>
    }
}
