//! Icons: one family, drawn on 24 units with round lines of 2, in the colour of the text. None speaks: words stand beside each.

use leptos::prelude::*;
use portaria::journey::Kind;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    Good,
    Attention,
    Add,
    Shield,
    Person,
    Teacher,
    Company,
    Rider,
}

impl Sign {
    pub const ALL: [Self; 8] =
        [Self::Good, Self::Attention, Self::Add, Self::Shield, Self::Person, Self::Teacher, Self::Company, Self::Rider];

    /// What stands for a kind of account.
    pub const fn of(kind: Kind) -> Self {
        match kind {
            Kind::Cliente => Self::Person,
            Kind::Professor => Self::Teacher,
            Kind::Empresa => Self::Company,
            Kind::Caronista => Self::Rider,
        }
    }

    pub const fn class(self) -> &'static str {
        match self {
            Self::Good => "icon icon-good",
            Self::Attention => "icon icon-attention",
            _ => "icon",
        }
    }

    /// What is drawn, on 24 units.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Good => "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zM8 12.5l3 3 5.5-6.5",
            Self::Attention => "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zM12 7v6m0 4v.01",
            Self::Add => "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zM12 8v8M8 12h8",
            Self::Shield => "M12 2.5l8 3V12c0 4.5-3.2 8-8 9.5-4.8-1.5-8-5-8-9.5V5.5zM8.5 12l2.5 2.5 4.5-5",
            Self::Person => "M12 12a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM3.5 21a8.5 8.5 0 0 1 17 0",
            Self::Teacher => "M2 9.5l10-5 10 5-10 5zM6 12v4.5c3 3 9 3 12 0V12M22 9.5V16",
            Self::Company => "M4 21V3h10v18M14 9h6v12M2 21h20M8 7.5h2M8 12h2M8 16.5h2",
            Self::Rider => {
                "M3.5 17v-5l2-5.5C5.8 5.6 6.6 5 7.5 5h9c.9 0 1.7.6 2 1.5l2 5.5v5zM3.5 12h17M6 17v2.5M18 17v2.5M7.5 14.5h.01M16.5 14.5h.01"
            }
        }
    }
}

#[component]
pub fn Icon(sign: Sign) -> impl IntoView {
    view! {
        <svg class=sign.class() viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
            <path d=sign.path() />
        </svg>
    }
}

/// The eye over the button that shows a password (`live`). It is struck through while the password is shown.
#[component]
pub fn Eye() -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
            <path d="M2 12s3.5-7 10-7 10 7 10 7-3.5 7-10 7S2 12 2 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z" />
            <path class="slash" d="M4 3l16 18" />
        </svg>
    }
}
