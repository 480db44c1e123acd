//! Which sign-up of this browser a page of the wizard is about: its address names it (`?signup=`), and so does every form on it, so
//! that two tabs are about two. An address that names none is about the newest that waits, and stays with that one.

use crate::components::HiddenField;
use crate::ui::Ui;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use portaria::carried::newest;
use portaria::journey::Kind;
use portaria::view::SignupView;

/// The sign-up that a page is about. By context.
#[derive(Clone, Copy)]
pub struct Current {
    /// As it is now; `None`: this browser carries no such sign-up.
    pub signup: Memo<Option<SignupView>>,
    /// Its id. It stays while the page is taken down, when nothing is known of the sign-up any more; empty: there was none.
    pub id: Memo<String>,
}

impl Current {
    /// Of the page that is being drawn; `kind`: one of that kind.
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

    /// That of this page.
    pub fn get() -> Self {
        expect_context()
    }

    /// Something of it, as it is now; changes only when that changes.
    pub fn watch<T>(self, read: impl Fn(&SignupView) -> T + Send + Sync + 'static) -> Memo<Option<T>>
    where
        T: PartialEq + Send + Sync + 'static,
    {
        Memo::new(move |_| self.signup.with(|signup| signup.as_ref().map(&read)))
    }
}

/// The page of a sign-up; `rest`: what else stands in its query, with the `&` before it.
pub fn address_of(slug: &str, id: &str, rest: &str) -> String {
    ["/register/", slug, "?signup=", id, rest].concat()
}

/// In each form of a page: which sign-up it is about.
#[component]
pub fn Which() -> impl IntoView {
    view! { <HiddenField name="signup" value=Current::get().id /> }
}
