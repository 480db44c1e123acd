//! Finds the sign-up that a page of the wizard is about. The URL (`?signup=`) and every form on the page name it, so that two tabs can be
//! about two sign-ups. Without the parameter it is the newest sign-up that waits; the page then keeps that one.

use crate::components::HiddenField;
use crate::ui::Ui;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use portaria::carried::newest;
use portaria::journey::Kind;
use portaria::view::SignupView;

/// The sign-up that a page is about. Provided as context.
#[derive(Clone, Copy)]
pub struct Current {
    /// The current state; `None` if this browser does not hold the sign-up.
    pub signup: Memo<Option<SignupView>>,
    /// The id, empty if there was no sign-up. It stays when the sign-up is gone, for forms that are used while the page is disposed of.
    pub id: Memo<String>,
}

impl Current {
    /// Finds the sign-up for the current URL. With `kind`, only among those of this kind.
    pub fn of_page(kind: Option<Kind>) -> Self {
        let signups = Ui::get().signups;
        let query = use_query_map();
        let named = Memo::new(move |_| query.with(|query| query.get("signup")).filter(|id| !id.is_empty()));
        let signup = Memo::new(move |before: Option<&Option<SignupView>>| {
            let before = before.and_then(Option::as_ref).map(|it| it.id.clone());
            let id = named.get().or(before);
            signups.with(|signups| {
                let carried: Vec<_> = signups.iter().filter(|it| kind.is_none_or(|kind| it.kind == kind)).collect();
                let meant = match id {
                    Some(id) => carried.iter().find(|it| it.id == id),
                    None => newest(&carried, |it| it.waits()),
                };
                meant.copied().cloned()
            })
        });
        let id = Memo::new(move |before: Option<&String>| {
            let now = signup.with(|signup| signup.as_ref().map(|it| it.id.clone()));
            now.or_else(|| before.cloned()).unwrap_or_default()
        });
        Self { signup, id }
    }

    pub fn get() -> Self {
        expect_context()
    }

    /// Derives a memo from the sign-up. It notifies only when the derived value changes.
    pub fn watch<T>(self, read: impl Fn(&SignupView) -> T + Send + Sync + 'static) -> Memo<Option<T>>
    where
        T: PartialEq + Send + Sync + 'static,
    {
        Memo::new(move |_| self.signup.with(|signup| signup.as_ref().map(&read)))
    }
}

/// Returns the URL of a sign-up's page. `rest` is the rest of the query, with its leading `&`.
pub fn address_of(slug: &str, id: &str, rest: &str) -> String {
    ["/register/", slug, "?signup=", id, rest].concat()
}

/// The hidden field that names the sign-up in a form.
#[component]
pub fn Which() -> impl IntoView {
    view! { <HiddenField name="signup" value=Current::get().id /> }
}
