//! The pages between a product and a person. They work without a script, and no other page may hold them in a frame.

mod given;

pub use given::{consent, products};

use super::{AUTHORIZE, LOGOUT, SIGN_OUT, STYLE_SHEET};
use crate::html;
use crate::http::assets;
use crate::http::brand::{FOR_EVER, Foot};
use crate::http::requester::RequestContext;
use crate::http::state::AppState;
use app::Sign;
use askama::Template;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use portaria::openid::Product;
use portaria::session::Token;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;
use text::Texts;
use text::pages::frame::FrameTexts;
use url::form_urlencoded::Serializer;

/// What these pages have beside the style sheet of all.
const STYLE: &str = include_str!("page.css");

/// Its address changes with it.
static STYLE_ADDRESS: LazyLock<String> =
    LazyLock::new(|| format!("{STYLE_SHEET}?{}", URL_SAFE_NO_PAD.encode(&Sha256::digest(STYLE)[..12])));

/// The page loads our style sheets, and its form is our own. What is added at the end is where the form may lead on to: browsers apply
/// `form-action` to every redirect of a form (CSP 3 §6.4.1). No page names an address of a product but the one that it is about.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

/// Serves [`STYLE`]. It is no part of the pages: the navigator (`live`) reads them under the policy of the page before, which knows no style
/// of theirs.
pub async fn style(uri: Uri) -> Response {
    let is_current = uri.path_and_query().is_some_and(|address| address.as_str() == *STYLE_ADDRESS);
    let cache = if is_current { FOR_EVER } else { "no-cache" };
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, cache)], STYLE).into_response()
}

#[derive(Template)]
#[template(path = "openid.html")]
struct Page<'a> {
    lang: &'a str,
    /// The version of the assets.
    version: &'a str,
    icon: String,
    /// The style sheet of the brand.
    colours: Option<String>,
    /// The address of what these pages have besides.
    style: &'a str,
    /// What the product is called that this is the front door of.
    brand: &'a str,
    /// What its link says.
    tagline: String,
    frame: &'a FrameTexts,
    says: Says<'a>,
    foot: Foot<'a>,
}

/// What stands for a product: its logo, or the first letter of its name.
struct Tile<'a> {
    logo: Option<&'a str>,
    initial: String,
}

impl<'a> Tile<'a> {
    fn of(product: &'a Product) -> Self {
        Self { logo: product.logo.as_deref(), initial: initial(&product.name) }
    }
}

/// The first letter or digit of a name, large.
fn initial(name: &str) -> String {
    name.chars().find(|c| c.is_alphanumeric()).map(|c| c.to_uppercase().collect()).unwrap_or_default()
}

/// Whose account a product asks for, and what it gets of it.
struct Owner<'a> {
    words: &'a str,
    name: &'a str,
    signs_in_as: &'a str,
    photo: Option<&'a str>,
    initial: String,
    /// What the button to another account says.
    another: Option<&'a str>,
    gets: &'a str,
    items: Vec<Item<'a>>,
    hint: String,
}

/// What is given, and what its value is.
struct Item<'a> {
    sign: Sign,
    label: &'a str,
    value: Option<String>,
}

/// A product that the person agreed to.
struct Allowed<'a> {
    /// Of its heading.
    id: String,
    tile: Tile<'a>,
    name: &'a str,
    client: &'a str,
    since: String,
    items: Vec<&'a str>,
    take_back: String,
}

struct Form<'a> {
    action: &'a str,
    /// What the form is about.
    hidden: Vec<(&'a str, &'a str)>,
    yes: &'a str,
    no: &'a str,
}

/// What a page says.
#[derive(Default)]
struct Says<'a> {
    title: &'a str,
    /// Whether the head has the ways of an account: somebody is in it, and no product waits for a yes or no.
    has_ways: bool,
    /// Whose part this page is, and what that link says.
    back: Option<(&'a str, &'a str)>,
    /// The product that it is about.
    tile: Option<Tile<'a>>,
    heading: String,
    lead: String,
    owner: Option<Owner<'a>>,
    /// Folded, because it is for few: for whom, and what they are told.
    apart: Option<(&'a str, &'a str)>,
    form: Option<Form<'a>>,
    products: Vec<Allowed<'a>>,
    /// Where it leads, and what it says.
    link: Option<(String, String)>,
    /// The browser goes there by itself.
    goes_on: bool,
    /// Another way on.
    other: Option<(String, &'a str)>,
    /// Where its form leads on to, as a policy of contents calls it.
    source: Option<String>,
    /// Where the same page is in another language; `None`: nobody stays on it.
    again: Option<String>,
}

fn answer(state: &AppState, texts: &Texts, status: StatusCode, says: Says<'_>) -> Response {
    let brand = &state.site.brand;
    let policy = says.source.as_ref().map_or_else(|| POLICY.to_owned(), |source| format!("{POLICY} {source}"));
    let foot = says.again.clone().map_or_else(|| Foot::of(brand, texts), |again| Foot::choosing(brand, texts, again));
    let page = app::tidy(&html::page(&Page {
        lang: texts.language.tag(),
        version: &assets::VERSION,
        icon: brand.icon(),
        colours: brand.style_sheet(),
        style: &STYLE_ADDRESS,
        brand: brand.name.as_str(),
        tagline: texts.pages.frame.tagline(&brand.name),
        frame: &texts.pages.frame,
        says,
        foot,
    }));
    (status, [(header::CONTENT_SECURITY_POLICY, policy)], Html(page)).into_response()
}

/// The same address without the language that a product asked for: the person chose another one there.
fn in_any_language(path: &str, parameters: impl IntoIterator<Item = (impl AsRef<str>, impl AsRef<str>)>) -> String {
    let own = parameters.into_iter().filter(|(name, _)| name.as_ref() != "ui_locales");
    format!("{path}?{}", Serializer::new(String::new()).extend_pairs(own).finish())
}

/// Says which request a form is about, without the token that the cookie holds.
pub fn name_of(kept: &Token) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(["consent ", kept.expose()].concat()))
}

/// Nobody is sent anywhere. It is the same page whatever is wrong, so that it does not tell which clients there are.
pub fn wrong(state: &AppState, context: &RequestContext) -> Response {
    let texts = context.language.texts();
    let words = &texts.openid;
    let link = ("/".to_owned(), texts.pages.refused.home.to_owned());
    let says = Says {
        title: words.wrong_title,
        heading: words.wrong_heading.to_owned(),
        lead: words.wrong_lead.to_owned(),
        apart: Some((words.wrong_for, words.wrong_developer)),
        link: Some(link),
        // What is wrong is left out: then it is wrong, too.
        again: Some(AUTHORIZE.to_owned()),
        ..Says::default()
    };
    answer(state, texts, StatusCode::BAD_REQUEST, says)
}

/// `again` and `another` are queries of the same request, for this account and for another.
pub fn other_kind(state: &AppState, context: &RequestContext, product: &Product, back: String, again: &str, another: &str) -> Response {
    let texts = context.language.texts();
    let words = &texts.openid;
    let again = in_any_language(AUTHORIZE, super::parameters(again.as_bytes()));
    let says = Says {
        title: words.other_kind_title,
        has_ways: true,
        tile: Some(Tile::of(product)),
        heading: words.other_kind_heading(&product.name),
        lead: words.other_kind_lead.to_owned(),
        link: Some((back, words.back(&product.name))),
        other: Some((format!("{AUTHORIZE}?{another}"), words.other_kind_again)),
        again: Some(again),
        ..Says::default()
    };
    answer(state, texts, StatusCode::FORBIDDEN, says)
}

/// Asks whether to sign out. `parameters` are those of the request, which is read again when the form comes.
pub fn sign_out(
    state: &AppState,
    context: &RequestContext,
    product: Option<&Product>,
    source: Option<String>,
    parameters: &[(String, String)],
) -> Response {
    let texts = context.language.texts();
    let words = &texts.openid;
    let kept = ["id_token_hint", "client_id", "post_logout_redirect_uri", "state"];
    let hidden = parameters.iter().filter(|(name, _)| kept.contains(&name.as_str())).map(|(name, value)| (name.as_str(), value.as_str()));
    let says = Says {
        title: words.logout_title,
        tile: product.map(Tile::of),
        heading: words.logout_heading.to_owned(),
        lead: product.map_or_else(|| words.logout_lead.to_owned(), |product| words.logout_lead_of(&product.name)),
        form: Some(Form { action: SIGN_OUT, hidden: hidden.clone().collect(), yes: words.logout_yes, no: words.logout_no }),
        source,
        again: Some(in_any_language(LOGOUT, hidden)),
        ..Says::default()
    };
    answer(state, texts, StatusCode::OK, says)
}

/// For a script that fetched the address: the browser itself is to go there.
pub fn go_on(state: &AppState, context: &RequestContext, address: String) -> Response {
    let texts = context.language.texts();
    let words = &texts.openid;
    let link = Some((address, words.go_on.to_owned()));
    answer(state, texts, StatusCode::OK, Says { title: words.go_on_title, heading: words.go_on_title.to_owned(), link, ..Says::default() })
}

/// Sends the browser back to the product from a page, not by a redirect: browsers apply `form-action` to the redirects of a form, and no
/// page of ours says which products there are.
pub fn leave(state: &AppState, context: &RequestContext, address: &str) -> Response {
    let texts = context.language.texts();
    let words = &texts.openid;
    let link = Some((address.to_owned(), words.go_on.to_owned()));
    let says = Says { title: words.go_on_title, heading: words.go_on_title.to_owned(), link, goes_on: true, ..Says::default() };
    let mut response = answer(state, texts, StatusCode::OK, says);
    response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}
