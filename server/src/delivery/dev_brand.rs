//! Development only: shows the brand, on `/dev/brand`: its colours, a link to every page, and one of every message.

use super::dev_outbox::only_here;
use super::templates::samples::{Sample, every};
use super::templates::{Rendered, render};
use crate::html;
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::middleware::from_fn;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use portaria::brand::{Brand, Colour, Role, Scheme};
use std::sync::Arc;
use strum::VariantArray as _;
use text::Language;
use text::messages::PreviewTexts;
use url::Url;

/// The page frames our own e-mails, and loads our own files.
const OF_PAGE: &str = "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'";
/// An e-mail has its own style, which mail programs take as it is, and the logo.
pub(super) const MAIL_LOADS: &str =
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

#[derive(Debug, Clone)]
pub struct DevBrand {
    pub brand: Arc<Brand>,
    pub public_url: Arc<str>,
    pub stylesheets: Vec<String>,
    /// The paths of the pages.
    pub pages: Vec<String>,
}

/// The two routes, to be mounted in development alone.
pub fn router(state: DevBrand) -> Router {
    let routes = Router::new().route("/dev/brand", get(page)).route("/dev/brand/mail/{nth}", get(mail)).with_state(state);
    routes.route_layer(from_fn(only_here))
}

impl DevBrand {
    fn rendered(&self, sample: &Sample) -> Option<Rendered> {
        let url = Url::parse(&self.public_url).ok()?;
        Some(render(&sample.content, sample.secret, sample.valid_for, &url, &self.brand, Language::PtBr.texts()))
    }
}

async fn mail(State(state): State<DevBrand>, Path(nth): Path<usize>) -> Response {
    match every().get(nth).and_then(|sample| state.rendered(sample)) {
        Some(rendered) => ([(header::CONTENT_SECURITY_POLICY, [MAIL_LOADS, "; sandbox"].concat())], Html(rendered.html)).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn page(State(state): State<DevBrand>) -> Response {
    let texts = Language::PtBr.texts();
    let messages = every().iter().filter_map(|sample| Some((id_of(sample), state.rendered(sample)?))).collect();
    let palette = &state.brand.palette;
    let colours = Role::VARIANTS.iter().map(|role| (role.name(), palette.of(Scheme::Light, *role), palette.of(Scheme::Dark, *role)));
    let html = html::page(&Page {
        lang: texts.language.tag(),
        words: &texts.messages.preview,
        title: texts.messages.preview.title(&state.brand.name),
        icon: state.brand.icon(),
        stylesheets: &state.stylesheets,
        pages: &state.pages,
        colours: colours.collect(),
        components: app::gallery::COMPONENTS,
        components_title: texts.pages.components.title,
        messages,
    });
    ([(header::CONTENT_SECURITY_POLICY, OF_PAGE)], Html(html)).into_response()
}

#[derive(Template)]
#[template(path = "dev_brand.html")]
struct Page<'a> {
    lang: &'a str,
    words: &'a PreviewTexts,
    title: String,
    icon: String,
    stylesheets: &'a [String],
    pages: &'a [String],
    /// Name, in light, in dark.
    colours: Vec<(&'static str, Colour, Colour)>,
    /// Where what pages are made of is shown, and what its link says.
    components: &'static str,
    components_title: &'static str,
    /// Each with the id of its place.
    messages: Vec<(String, Rendered)>,
}

/// The label of a message, as an id of HTML.
fn id_of(sample: &Sample) -> String {
    let words: Vec<_> = sample.label.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join("-")
}
