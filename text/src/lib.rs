//! The catalogue: every sentence that a person reads, Portuguese first, English second.
//!
//! A table per subject, in which each sentence stands beside its translation (its form: `text/src/table.rs`). A sentence
//! without arguments is a field, one with arguments a method: `texts.pages.wizard.step(k, n)`. A sentence that lacks its
//! translation, or a place for one of its arguments, does not compile.

#![warn(missing_docs)]

#[macro_use]
pub mod table;

pub mod access;
pub mod api;
pub mod api_docs;
pub mod carona;
pub mod contest;
pub mod deletion;
pub mod doctor;
pub mod duration;
pub mod messages;
pub mod moment;
pub mod moving;
pub mod openid;
pub mod own_data;
pub mod pages;
pub mod refusals;
pub mod support;

pub use pages::frame::PageNotice;

use access::Access;
use api::Api;
use carona::Carona;
use contest::ContestTexts;
use deletion::DeletionTexts;
use doctor::DoctorTexts;
use duration::DurationTexts;
use messages::Messages;
use moment::MomentTexts;
use moving::MovingTexts;
use openid::OpenIdTexts;
use own_data::OwnDataTexts;
use pages::Pages;
use portaria::brand::Name;
use portaria::kinds::Said;
use refusals::Refusals;
use serde::{Deserialize, Serialize};
use strum::VariantArray;
use support::SupportTexts;

/// A language of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, VariantArray)]
pub enum Language {
    /// Brazilian Portuguese: what is shown unless a person chose otherwise.
    #[default]
    #[serde(rename = "pt-BR")]
    PtBr,
    /// English.
    #[serde(rename = "en")]
    En,
}

static PT_BR: Texts = Texts::of(Language::PtBr);
static EN: Texts = Texts::of(Language::En);

catalogue! {
    /// Every sentence of one language.
    pub struct Texts {
        /// Which language this is.
        language: Language;
        /// Re-authentication, and the owner's contacts.
        access: Access;
        /// The JSON contracts.
        api: Api;
        /// The Via Carona contract (004).
        carona: Carona;
        /// Contesting a document.
        contest: ContestTexts;
        /// Deleting an account, and taking it back.
        deletion: DeletionTexts;
        /// `portaria doctor`.
        doctor: DoctorTexts;
        /// How long something lasts.
        duration: DurationTexts;
        /// E-mails, SMS and WhatsApp.
        messages: Messages;
        /// When something was.
        moment: MomentTexts;
        /// The report of an import.
        moving: MovingTexts;
        /// Products that sign people in by us.
        openid: OpenIdTexts;
        /// Meus dados.
        own_data: OwnDataTexts;
        /// Pages.
        pages: Pages;
        /// What is said when the answer is no.
        refusals: Refusals;
        /// The commands of support.
        support: SupportTexts;
    }
}

impl Texts {
    /// The product's name at the head of a sentence: "A Portaria", "Portaria". A sentence that names the product says in which of
    /// these forms it takes it.
    pub fn brand(&self, name: &Name) -> String {
        if self.language == Language::PtBr { name.first() } else { name.as_str().to_owned() }
    }

    /// The same within a sentence: "a Portaria", "Portaria".
    pub fn brand_within(&self, name: &Name) -> String {
        if self.language == Language::PtBr { name.within() } else { name.as_str().to_owned() }
    }

    /// "da Portaria", "Portaria".
    pub fn of_brand(&self, name: &Name) -> String {
        if self.language == Language::PtBr { name.of() } else { name.as_str().to_owned() }
    }

    /// An operator's own words.
    pub fn said<'a>(&self, said: &'a Said) -> &'a str {
        let english = said.english.as_deref().filter(|_| self.language == Language::En);
        english.unwrap_or(&said.portuguese)
    }
}

impl Language {
    /// What a table writes for a field that tells its language.
    pub(crate) const fn of(language: Self) -> Self {
        language
    }

    /// Every language.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// Its catalogue.
    pub const fn texts(self) -> &'static Texts {
        match self {
            Self::PtBr => &PT_BR,
            Self::En => &EN,
        }
    }

    /// What it calls itself, where it is chosen.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::PtBr => "Português",
            Self::En => "English",
        }
    }

    /// The BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::PtBr => "pt-BR",
            Self::En => "en",
        }
    }

    /// Returns the first of our languages in a list of BCP 47 tags between spaces, the best first; `None`: none is ours.
    pub fn preferred(list: &str) -> Option<Self> {
        let ours = |tag: &str| {
            let primary = tag.split(['-', '_']).next().unwrap_or_default();
            Self::ALL.iter().copied().find(|language| language.tag().split('-').next().is_some_and(|own| own.eq_ignore_ascii_case(primary)))
        };
        list.split(' ').find_map(ours)
    }

    /// Reads a tag; anything else is Portuguese.
    pub fn from_tag(tag: &str) -> Self {
        if tag == Self::En.tag() { Self::En } else { Self::PtBr }
    }
}
