//! English.

mod api;
mod messages;
mod pages;
mod refusals;

use super::{Language, Texts};

/// The catalogue in English.
pub static TEXTS: Texts =
    Texts { language: Language::En, api: api::API, messages: messages::MESSAGES, pages: pages::PAGES, refusals: refusals::REFUSALS };
