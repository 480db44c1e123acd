//! The pages between a product and a person. They work without a script, and no other page may hold them in a frame.

use super::{CONSENT, SIGN_OUT};
use crate::html;
use crate::http::assets;
use crate::http::brand::Foot;
use crate::http::requester::RequestContext;
use crate::http::state::AppState;
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use portaria::openid::{Agreed, Consent, Scope};
use portaria::session::Token;
use sha2::{Digest, Sha256};
use text::Texts;
use text::moment::Moment;
use text::pages::frame::FrameTexts;

/// The page loads our style sheet, and its form is our own. What is added at the end is where the form may lead on to: browsers apply
/// `form-action` to every redirect of a form (CSP 3 §6.4.1). No page names an address of a product but the one that it is about.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

#[derive(Template)]
#[template(path = "openid.html")]
struct Page<'a> {
    lang: &'a str,
    /// The version of the assets.
    version: &'a str,
    icon: String,
    /// The style sheet of the brand.
    colours: Option<String>,
    /// What the product is called that this is the front door of.
    brand: &'a str,
    /// What its link says.
    tagline: String,
    title: &'a str,
    /// The words of the ways of an account, where somebody is in it.
    nav: Option<&'a FrameTexts>,
    /// Whose part this page is, and what that link says.
    back: Option<(&'a str, &'a str)>,
    heading: String,
    lead: String,
    items: Vec<&'a str>,
    hint: Option<&'a str>,
    /// Folded, because it is for few: for whom, and what they are told.
    apart: Option<(&'a str, &'a str)>,
    form: Option<Form<'a>>,
    products: Vec<Product<'a>>,
    /// Where it leads, and what it says.
    link: Option<(String, String)>,
    /// The browser goes there by itself.
    goes_on: bool,
    /// Another way on.
    other: Option<(String, &'a str)>,
    foot: Foot<'a>,
}

/// A product that the person agreed to.
struct Product<'a> {
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
    /// The words of the ways of an account, where somebody is in it.
    nav: Option<&'a FrameTexts>,
    /// Whose part this page is, and what that link says.
    back: Option<(&'a str, &'a str)>,
    heading: String,
    lead: String,
    items: Vec<&'a str>,
    hint: Option<&'a str>,
    /// Folded, because it is for few: for whom, and what they are told.
    apart: Option<(&'a str, &'a str)>,
    form: Option<Form<'a>>,
    products: Vec<Product<'a>>,
    link: Option<(String, String)>,
    goes_on: bool,
    /// Another way on.
    other: Option<(String, &'a str)>,
    /// Where its form leads on to, as a policy of contents calls it.
    source: Option<String>,
}

fn answer(state: &AppState, texts: &Texts, status: StatusCode, says: Says<'_>) -> Response {
    let Says { title, nav, back, heading, lead, items, hint, apart, form, products, link, goes_on, other, source } = says;
    let lang = texts.language.tag();
    let (icon, colours) = (state.site.brand.icon(), state.site.brand.style_sheet());
    let (brand, tagline) = (state.site.brand.name.as_str(), texts.pages.frame.tagline(&state.site.brand.name));
    let version = &assets::VERSION;
    let page = html::page(&Page {
        lang,
        version,
        icon,
        colours,
        brand,
        tagline,
        title,
        nav,
        back,
        heading,
        lead,
        items,
        hint,
        apart,
        form,
        products,
        link,
        goes_on,
        other,
        foot: Foot::of(&state.site.brand, texts),
    });
    let policy = source.map_or_else(|| POLICY.to_owned(), |source| format!("{POLICY} {source}"));
    (status, [(header::CONTENT_SECURITY_POLICY, policy)], Html(page)).into_response()
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
    let (heading, lead) = (words.wrong_heading.to_owned(), words.wrong_lead.to_owned());
    let says = Says {
        title: words.wrong_title,
        heading,
        lead,
        apart: Some((words.wrong_for, words.wrong_developer)),
        link: Some(link),
        ..Says::default()
    };
    answer(state, texts, StatusCode::BAD_REQUEST, says)
}

pub fn other_kind(state: &AppState, context: &RequestContext, client: &str, back: String, again: String) -> Response {
    let texts = context.language.texts();
    let words = &texts.openid;
    let (heading, lead) = (words.other_kind_heading(client), words.other_kind_lead.to_owned());
    let says = Says {
        title: words.other_kind_title,
        heading,
        lead,
        link: Some((back, words.back(client))),
        other: Some((again, words.other_kind_again)),
        ..Says::default()
    };
    answer(state, texts, StatusCode::FORBIDDEN, says)
}

pub fn consent(state: &AppState, context: &RequestContext, asked: &Consent, kept: &Token) -> Response {
    let texts = context.language.texts();
    let words = &texts.openid;
    let (request, account) = (name_of(kept), asked.account.to_string());
    let says = Says {
        title: words.consent_title,
        heading: words.consent_heading(&asked.client),
        lead: words.consent_lead(&asked.client, &asked.place, &asked.name),
        items: Scope::ALL.iter().filter(|scope| asked.scopes.has(**scope)).map(|scope| texts.scope(*scope)).collect(),
        hint: Some(words.consent_hint),
        form: Some(Form {
            action: CONSENT,
            hidden: vec![("request", &request), ("account", &account)],
            yes: words.consent_yes,
            no: words.consent_no,
        }),
        source: asked.source.clone(),
        ..Says::default()
    };
    answer(state, texts, StatusCode::OK, says)
}

/// What the person agreed to.
pub fn products(state: &AppState, context: &RequestContext, agreed: &[Agreed]) -> Response {
    let texts = context.language.texts();
    let words = &texts.openid;
    let shown = agreed.iter().map(|agreed| Product {
        name: &agreed.client,
        client: &agreed.client_id,
        since: Moment::of_unix(agreed.given_at).map(|at| words.products_since(at.date(), at.time())).unwrap_or_default(),
        items: agreed.scopes.iter().map(|scope| texts.scope(scope)).collect(),
        take_back: words.products_take_back(&agreed.client),
    });
    let lead = if agreed.is_empty() { words.products_none } else { words.products_lead };
    let says = Says {
        title: words.products_title,
        heading: words.products_title.to_owned(),
        lead: lead.to_owned(),
        products: shown.collect(),
        nav: Some(&texts.pages.frame),
        back: Some((app::paths::PROFILE, texts.pages.profile.back)),
        ..Says::default()
    };
    answer(state, texts, StatusCode::OK, says)
}

/// Asks whether to sign out. `parameters` are those of the request, which is read again when the form comes.
pub fn sign_out(
    state: &AppState,
    context: &RequestContext,
    client: Option<&str>,
    source: Option<String>,
    parameters: &[(String, String)],
) -> Response {
    let texts = context.language.texts();
    let words = &texts.openid;
    let kept = ["id_token_hint", "client_id", "post_logout_redirect_uri", "state"];
    let hidden = parameters.iter().filter(|(name, _)| kept.contains(&name.as_str())).map(|(name, value)| (name.as_str(), value.as_str()));
    let says = Says {
        title: words.logout_title,
        heading: words.logout_heading.to_owned(),
        lead: client.map_or_else(|| words.logout_lead.to_owned(), |client| words.logout_lead_of(client)),
        form: Some(Form { action: SIGN_OUT, hidden: hidden.collect(), yes: words.logout_yes, no: words.logout_no }),
        source,
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
