//! English.

mod access;
mod api;
mod carona;
mod contest;
mod messages;
mod pages;
mod refusals;

use crate::{Language, Texts};

/// The catalogue in English.
pub static TEXTS: Texts = Texts {
    language: Language::En,
    access: access::ACCESS,
    api: api::API,
    carona: carona::CARONA,
    contest: contest::CONTEST,
    messages: messages::MESSAGES,
    pages: pages::PAGES,
    refusals: refusals::REFUSALS,
};
