//! The table of the pages: one row for each page of the application (`app/src/root.rs`).

use portaria::kinds::Kinds;

/// What the address of a page may reveal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Nothing secret.
    Nothing,
    /// A token: it must not travel in `Referer`.
    Token,
    /// A token that is the only credential of the page's form (`http/layers/own_forms.rs`).
    TokenOfItsForm,
}

/// How a request to the path of a page is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    /// The page is rendered, and its forms are accepted.
    AsPage,
    /// It is a link of a mail (`links.rs`). The page is rendered when the link proves nothing.
    AsLink,
    /// The same, but routed by a row of the API's table (`http/routes.rs`).
    ByTheApi,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// The path, with its parameters in braces.
    pub path: &'static str,
    /// Whether it needs a session. Without one it is not rendered.
    pub guarded: bool,
    pub holds: Holds,
    pub answered: Answered,
}

const fn open(path: &'static str) -> Page {
    Page { path, guarded: false, holds: Holds::Nothing, answered: Answered::AsPage }
}

const fn guarded(path: &'static str) -> Page {
    Page { guarded: true, ..open(path) }
}

const fn holds(path: &'static str, holds: Holds) -> Page {
    Page { holds, ..open(path) }
}

const fn link(path: &'static str, answered: Answered) -> Page {
    Page { answered, ..holds(path, Holds::TokenOfItsForm) }
}

pub const PAGES: [Page; 28] = [
    open("/"),
    open("/register"),
    open("/register/{slug}"),
    open("/verify-email"),
    link("/verify", Answered::AsLink),
    link("/api/auth/verify-email", Answered::ByTheApi),
    open("/resend-verification"),
    // Not `TokenOfItsForm`: it sets a cookie that grants something.
    holds("/continue", Holds::Token),
    open("/login"),
    open("/sign-in-help"),
    open("/recover-password"),
    open("/forgot-password"),
    holds("/reset-password", Holds::TokenOfItsForm),
    holds("/not-me", Holds::TokenOfItsForm),
    open("/contest"),
    holds("/document-mine", Holds::TokenOfItsForm),
    holds("/undo-deletion", Holds::TokenOfItsForm),
    guarded("/profile"),
    guarded("/profile/password"),
    guarded("/profile/phone"),
    guarded("/profile/email"),
    guarded("/profile/data"),
    guarded("/profile/document"),
    guarded("/complete-profile"),
    guarded("/dashboard"),
    open("/terms"),
    guarded("/terms/accept"),
    open("/accessibility"),
];

impl Page {
    /// Returns whether a path is this page's; a segment in braces matches any that is not empty.
    fn is_at(&self, path: &str) -> bool {
        let (mut own, mut asked) = (self.path.split('/'), path.split('/'));
        loop {
            match (own.next(), asked.next()) {
                (None, None) => return true,
                (Some(name), Some(segment)) if name == segment || (name.starts_with('{') && !segment.is_empty()) => {}
                _ => return false,
            }
        }
    }
}

/// The addresses at which a developer looks at the pages: each kind that is open has its own.
pub fn of_preview(kinds: &Kinds) -> Vec<String> {
    let shown = PAGES.iter().filter(|page| page.answered != Answered::ByTheApi);
    let slugs: Vec<_> = kinds.open().map(|kind| kind.journey().slug).collect();
    shown
        .flat_map(|page| match page.path.split_once("{slug}") {
            Some((before, _)) => slugs.iter().map(|slug| [before, slug].concat()).collect(),
            None => vec![page.path.to_owned()],
        })
        .collect()
}

/// Says what the address of the page at this path may reveal.
pub fn holds_at(path: &str) -> Holds {
    PAGES.iter().find(|page| page.is_at(path)).map_or(Holds::Nothing, |page| page.holds)
}

/// The page at this path, if its row has no parameter: its path as the table has it.
pub(super) fn fixed(path: &str) -> Option<&'static str> {
    PAGES.iter().map(|page| page.path).find(|row| *row == path)
}

/// Returns whether a page has this path. A path of the contracts does not count, even where a link opened there shows a page.
pub fn is_page(path: &str) -> bool {
    PAGES.iter().any(|page| page.answered != Answered::ByTheApi && page.is_at(path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_sign_in_leads_back_to_every_page_of_a_session() {
        let guarded = PAGES.iter().filter(|page| page.guarded).map(|page| page.path);
        let of_a_session: BTreeSet<_> = guarded.chain([app::paths::PROFILE_PRODUCTS]).collect();
        assert_eq!(of_a_session, app::paths::OF_A_SESSION.into());
    }

    #[test]
    fn the_table_has_the_pages_of_the_application_and_no_other() {
        let of_the_application: BTreeSet<_> =
            leptos_axum::generate_route_list(app::App).iter().map(|listing| listing.path().to_owned()).collect();
        let of_the_table: BTreeSet<_> = PAGES.iter().map(|page| page.path.to_owned()).collect();
        assert_eq!(of_the_table, of_the_application);
        assert_eq!(of_the_table.len(), PAGES.len(), "a path stands twice");
    }
}
