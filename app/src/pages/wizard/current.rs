//! Finds the sign-up that a page of the wizard is about. The URL (`?signup=`) and every form on the page name it, so that two tabs can be
//! about two sign-ups. Without the parameter it is the newest sign-up that waits.

use crate::components::HiddenField;
use crate::paths;
use crate::ui::Ui;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use portaria::carried::newest;
use portaria::journey::Kind;
use portaria::view::SignupView;

/// The sign-up that a page is about. Provided as context.
#[derive(Clone)]
pub struct Current {
    /// `None` if this browser does not hold the sign-up.
    pub signup: Option<SignupView>,
}

impl Current {
    /// Finds the sign-up for the current URL. With `kind`, only among those of this kind.
    pub fn of_page(kind: Option<Kind>) -> Self {
        let ui = Ui::get();
        let named = use_query_map().with_untracked(|query| query.get("signup")).filter(|id| !id.is_empty());
        let carried: Vec<_> = ui.signups().iter().filter(|it| kind.is_none_or(|kind| it.kind == kind)).collect();
        let meant = match named {
            Some(id) => carried.iter().find(|it| it.id == id),
            None => newest(&carried, |it| it.waits()),
        };
        Self { signup: meant.copied().cloned() }
    }

    /// Returns whether the address names a sign-up, and not a new one.
    pub fn is_named() -> bool {
        let named = use_query_map().with_untracked(|query| query.get("signup"));
        named.is_some_and(|id| !id.is_empty() && id != paths::NEW_SIGNUP)
    }

    pub fn get() -> Self {
        expect_context()
    }

    /// Returns the id; empty if there is no sign-up.
    pub fn id(&self) -> String {
        self.signup.as_ref().map(|signup| signup.id.clone()).unwrap_or_default()
    }
}

/// The hidden field that names the sign-up in a form.
#[component]
pub fn Which() -> impl IntoView {
    view! { <HiddenField name="signup" value=Current::get().id() /> }
}
