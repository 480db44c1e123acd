//! Renders pages as the server does, with the data that a test gives.

use app::forms::Told;
use app::{App, Assets, First, Posted, PostedForm, Reply};
use leptos::prelude::provide_context;
use leptos_axum::generate_route_list;
use portaria::error::Refusal;
use std::sync::OnceLock;
use text::PageNotice;

/// The addresses of all pages: for each kind, with and without a token, and one that does not exist.
pub fn addresses() -> Vec<String> {
    let mut addresses = vec!["/nothing".to_owned(), "/login?by=code".to_owned()];
    for route in routes() {
        for slug in ["client", "teacher", "company", "carona", "nothing"] {
            let path = route.replace("{slug}", slug);
            for address in [format!("{path}?token=abc"), path] {
                if !addresses.contains(&address) {
                    addresses.push(address);
                }
            }
        }
    }
    addresses
}

/// The paths of the routes. Like the server, this must run before anything is rendered, because it starts the executor.
pub fn routes() -> &'static [String] {
    static ROUTES: OnceLock<Vec<String>> = OnceLock::new();
    ROUTES.get_or_init(|| generate_route_list(App).iter().map(|route| route.path().to_owned()).collect())
}

pub async fn page(path: &str, posted: impl Into<Option<PostedForm>>) -> String {
    page_with(path, posted.into(), First::ask(None, &path.parse().expect("a path")).await)
}

pub fn page_with(path: &str, posted: Option<PostedForm>, first: First) -> String {
    drawn(path, posted, first, Told(None))
}

/// The page that says what was just done.
#[allow(dead_code, reason = "one of the files of tests asks for it")]
pub fn page_saying(path: &str, notice: PageNotice) -> String {
    drawn(path, None, First::default(), Told(Some(notice)))
}

fn drawn(path: &str, posted: Option<PostedForm>, first: First, told: Told) -> String {
    routes();
    let app::Drawn { html, .. } = app::draw(path, app::Files::Linked, || {
        provide_context(told);
        provide_context(Assets { version: "v1".to_owned() });
        provide_context(Posted(posted));
        provide_context(first);
    });
    // Without the sentences that stand by for the navigator: the page does not say them.
    let (before, rest) = html.split_once("<template").expect("the navigator's words");
    let (_, after) = rest.split_once("</template>").expect("their end");
    // Nor what only tells where lines are broken.
    let marks = ["<one-word>", "</one-word>", "<masked-word>", "</masked-word>", "<wbr>"];
    marks.iter().fold([before, after].concat(), |html, mark| html.replace(mark, ""))
}

pub fn posted(form: &str, values: &[(&str, &str)], refusal: Refusal) -> PostedForm {
    PostedForm {
        form: form.to_owned(),
        values: values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        reply: Reply { refusal: Some(refusal), ..Reply::default() },
    }
}
