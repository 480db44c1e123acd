//! Português do Brasil.

mod api;
mod messages;
mod pages;
mod refusals;

use super::{Language, Texts};

/// O catálogo em português.
pub static TEXTS: Texts =
    Texts { language: Language::PtBr, api: api::API, messages: messages::MESSAGES, pages: pages::PAGES, refusals: refusals::REFUSALS };
