//! What a product is given: the page that asks, and the one that lists what was agreed to.

use super::{Allowed, Form, Item, Owner, Says, Tile, answer, initial, name_of};
use crate::http::awaited::CONTINUE;
use crate::http::openid::{CONSENT, PRODUCTS};
use crate::http::requester::RequestContext;
use crate::http::state::AppState;
use app::Sign;
use axum::http::StatusCode;
use axum::response::Response;
use portaria::openid::{Agreed, Consent, Share};
use portaria::session::Token;
use portaria::value::Gender;
use portaria::view::AccountView;
use text::Texts;
use text::moment::Moment;

pub fn consent(state: &AppState, context: &RequestContext, asked: &Consent, kept: &Token) -> Response {
    let texts = context.language.texts();
    let words = &texts.openid;
    let (request, account) = (name_of(kept), asked.account.id.to_string());
    let says = Says {
        title: words.consent_title,
        tile: Some(Tile::of(&asked.product)),
        heading: words.consent_heading(&asked.product.name),
        lead: words.consent_lead(&asked.product.name, &asked.place),
        owner: Some(owner(texts, asked)),
        form: Some(Form {
            action: CONSENT,
            hidden: vec![("request", &request), ("account", &account)],
            yes: words.consent_yes,
            no: words.consent_no,
        }),
        source: asked.source.clone(),
        again: Some(CONTINUE.to_owned()),
        ..Says::default()
    };
    answer(state, texts, StatusCode::OK, says)
}

fn owner<'a>(texts: &'a Texts, asked: &'a Consent) -> Owner<'a> {
    let (words, account) = (&texts.openid, &asked.account);
    let items: Vec<_> = asked.shares.iter().map(|share| item(texts, account, *share)).collect();
    let lacks = items.iter().any(|item| item.sign == Sign::Add);
    let in_part = asked.shares.iter().any(|share| share.is_shown_in_part() && share.value_of(account).is_some());
    let hints = [(lacks, words.consent_later), (in_part, words.consent_whole), (true, words.consent_hint)];
    Owner {
        words: words.consent_as,
        name: account.shown_name(),
        signs_in_as: account.signs_in_as().or(account.phone.as_deref()).unwrap_or_default(),
        photo: account.photo.as_deref(),
        initial: initial(account.shown_name()),
        another: asked.may_be_another.then_some(words.consent_another),
        gets: words.consent_gets,
        items,
        hint: hints.into_iter().filter(|(is_so, _)| *is_so).map(|(_, hint)| hint).collect::<Vec<_>>().join(" "),
    }
}

/// What is given, by its value: as the person reads it, or that there is none yet.
fn item<'a>(texts: &'a Texts, account: &AccountView, share: Share) -> Item<'a> {
    let label = texts.share(account.kind, share);
    let value = share.value_of(account);
    let (sign, value) = match (share, value) {
        // A number says nothing, and the photo is shown beside the name.
        (Share::Number | Share::Connection, _) | (Share::Photo, Some(_)) => (Sign::Good, None),
        (_, None) => (Sign::Add, Some(texts.openid.consent_not_yet.to_owned())),
        (Share::Gender, Some(letter)) => (Sign::Good, Gender::parse(&letter).ok().map(|gender| texts.gender(gender).to_owned())),
        (_, value) => (Sign::Good, value),
    };
    Item { sign, label, value }
}

/// What the person agreed to.
pub fn products(state: &AppState, context: &RequestContext, account: &AccountView, agreed: &[Agreed]) -> Response {
    let texts = context.language.texts();
    let words = &texts.openid;
    let shown = agreed.iter().enumerate().map(|(nth, agreed)| Allowed {
        id: format!("product-{nth}"),
        tile: Tile::of(&agreed.product),
        name: &agreed.product.name,
        client: &agreed.client_id,
        since: Moment::of_unix(agreed.given_at).map(|at| words.products_since(at.date(), at.time())).unwrap_or_default(),
        items: agreed
            .scopes
            .shares(account.kind, |field| account.has(field))
            .into_iter()
            .map(|share| texts.share(account.kind, share))
            .collect(),
        take_back: words.products_take_back(&agreed.product.name),
    });
    let lead = if agreed.is_empty() { words.products_none } else { words.products_lead };
    let says = Says {
        title: words.products_title,
        has_ways: true,
        back: Some((app::paths::PROFILE, texts.pages.profile.back)),
        heading: words.products_title.to_owned(),
        lead: lead.to_owned(),
        products: shown.collect(),
        again: Some(PRODUCTS.to_owned()),
        ..Says::default()
    };
    answer(state, texts, StatusCode::OK, says)
}
