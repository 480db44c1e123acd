//! `[brand]`, `[brand.light]`, `[brand.dark]` and `[kinds.…]`: whose product this is, and as what people may sign up (SPEC §14). Files
//! are read here, once, at the start; everything wrong is told as of every other setting.

mod kinds;
mod logo;
mod table;
#[cfg(test)]
pub(super) mod tests;

pub(super) use kinds::read as kinds;
pub(super) use logo::Cleaned;
pub(super) use table::{BRANDS, COLOURS, FILE_OF_LOGO, KINDS};

use super::table::TERMS_VERSION;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use portaria::brand::{
    Article, Brand, LONGEST_PROSE, LONGEST_SMS_NAME, Name, Palette, Prose, Responsible, Role, Scheme, Terms, Unreadable,
};
use portaria::terms::TermsVersion;
use settings::{Given, Setting};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use table::{ARTICLE, CONTROLLER, HELP, LOGO, NAME, OFFICER, OFFICER_CONTACT, PRIVACY, PRODUCT, SMS_NAME, TERMS, colour_setting};

const BRAND: &str = "brand";
/// The longest logo, in bytes: it is loaded with the first page.
const LONGEST_LOGO: usize = 64 * 1024;

/// The brand, and what the operator is told of its logo.
pub(super) struct Read {
    pub brand: Brand,
    pub warning: Option<String>,
}

/// What is wrong is added as a problem; then there is no brand, or the problem stops the start anyway.
pub(super) fn read(given: &mut Given, folder: &Path) -> Option<Read> {
    let palette = palette(given);
    let version = given.get(&TERMS_VERSION);
    let brand = given.section_mut(BRAND)?;
    let name = name(brand);
    let logo = logo(brand, folder, &LOGO).transpose().unwrap_or_else(|wrong| {
        brand.problem(&LOGO, wrong);
        None
    });
    let warning = logo.as_ref().and_then(Cleaned::warning).map(|warning| ["[brand]: ", &warning].concat());
    let logo = logo.map(|logo| logo.svg);
    let terms = terms(brand, folder, version);
    let (help, product) = (brand.get(&HELP), brand.get(&PRODUCT));
    let responsible =
        Responsible { controller: brand.get(&CONTROLLER), officer: brand.get(&OFFICER), officer_contact: brand.get(&OFFICER_CONTACT) };
    let digest = Sha256::new().chain_update(palette.css()).chain_update(logo.as_deref().unwrap_or_default()).finalize();
    let version = URL_SAFE_NO_PAD.encode(&digest[..12]);
    Some(Read { brand: Brand { name: name?, logo, palette, help, responsible, product, terms: terms?, version }, warning })
}

/// What strangers must be able to read before they are asked for their data (LGPD, art. 9 and 41), and where they find help.
pub(super) fn refuse_unfilled(given: &mut Given) {
    fn need<T>(brand: &mut Given, setting: &Setting<T>, what: &str) {
        if !brand.has(setting) {
            brand.problem(setting, format!("is needed in production: people are told {what}"));
        }
    }
    let Some(brand) = given.section_mut(BRAND) else { return };
    need(brand, &HELP, "where they find help");
    need(brand, &CONTROLLER, "who answers for their data");
    need(brand, &OFFICER, "who the data protection officer is");
    need(brand, &OFFICER_CONTACT, "where they write to the officer");
}

fn name(brand: &mut Given) -> Option<Name> {
    let full = brand.get(&NAME)?;
    let ours = if brand.has(&NAME) { Article::None } else { Article::A };
    let name = Name::new(&full, brand.get(&SMS_NAME).as_deref(), brand.get(&ARTICLE).unwrap_or(ours));
    let length = name.sms().len();
    if !(1..=LONGEST_SMS_NAME).contains(&length) && !brand.has(&SMS_NAME) {
        let wrong = format!("is needed beside name: \"{}\" has {length} characters in an SMS", name.sms());
        brand.problem(&SMS_NAME, wrong);
        return None;
    }
    Some(name)
}

/// The text of a file, up to so many bytes.
fn read_text(path: &Path, longest: usize) -> Result<String, String> {
    let file = std::fs::File::open(path).map_err(|error| format!("cannot be read: {error}"))?;
    if !file.metadata().is_ok_and(|about| about.is_file()) {
        return Err("is no file".to_owned());
    }
    let mut text = String::new();
    let most = u64::try_from(longest).unwrap_or(u64::MAX).saturating_add(1);
    file.take(most).read_to_string(&mut text).map_err(|error| format!("cannot be read: {error}"))?;
    if text.len() > longest { Err(format!("is longer than {longest} bytes")) } else { Ok(text) }
}

/// The text of a file that a setting names.
fn text(brand: &mut Given, folder: &Path, setting: &Setting<PathBuf>, longest: usize) -> Option<String> {
    let path = folder.join(brand.get(setting)?);
    read_text(&path, longest).map_err(|wrong| brand.problem(setting, wrong)).ok()
}

/// The logo that a setting names, clean; `Err`: what is wrong with it.
pub(super) fn logo(of: &Given, folder: &Path, setting: &Setting<PathBuf>) -> Option<Result<Cleaned, String>> {
    let path = folder.join(of.get(setting)?);
    Some(read_text(&path, LONGEST_LOGO).and_then(|text| logo::clean(&text)))
}

fn terms(brand: &mut Given, folder: &Path, version: Option<TermsVersion>) -> Option<Terms> {
    let mut prose = |setting: &Setting<PathBuf>| -> Option<Option<Prose>> {
        if !brand.has(setting) {
            return Some(None);
        }
        let text = text(brand, folder, setting, LONGEST_PROSE)?;
        let prose = Prose::parse(&text);
        if prose.is_none() {
            brand.problem(setting, "has nothing to read in it".to_owned());
        }
        prose.map(Some)
    };
    let (terms, privacy) = (prose(&TERMS), prose(&PRIVACY));
    let (terms, privacy) = (terms?, privacy?);
    let version = version.unwrap_or_else(|| version_of(terms.as_ref(), privacy.as_ref()));
    Some(Terms { version, terms, privacy })
}

/// The version of a text that nobody named: that of our own, or one that changes with the words, because an account keeps which version
/// it accepted. White space and broken lines do not change it.
fn version_of(terms: Option<&Prose>, privacy: Option<&Prose>) -> TermsVersion {
    if terms.is_none() && privacy.is_none() {
        return TermsVersion::own();
    }
    let mut digest = Sha256::new();
    for (part, prose) in [("terms", terms), ("privacy", privacy)] {
        for (title, text) in prose.map(Prose::sections).unwrap_or_default() {
            for words in [part, title.as_str(), text.as_str()] {
                digest = digest.chain_update(words).chain_update("\0");
            }
        }
    }
    TermsVersion::parse(&URL_SAFE_NO_PAD.encode(&digest.finalize()[..9])).unwrap_or_else(|_| TermsVersion::own())
}

/// The colours. Each that cannot be read is told at the setting that made it so.
fn palette(given: &mut Given) -> Palette {
    let set = |scheme: Scheme, role: Role| given.section(scheme.section())?.get(colour_setting(role));
    let palette = Palette::with(set);
    // Our own sentences in red, green and amber stand on the paper that was set.
    let mut told = BTreeSet::new();
    for Unreadable { scheme, role, what, on, colour, found, needed } in palette.unreadable() {
        let is_set = |given: &Given, scheme: Scheme, role: Role| {
            given.section(scheme.section()).is_some_and(|section| section.has(colour_setting(role)))
        };
        let own = role.filter(|role| is_set(given, scheme, *role));
        let (at, setting, wrong) = match own {
            Some(role) => (scheme, role, format!("has a contrast of {found} against {} ({colour})", on.name())),
            None if is_set(given, scheme, on) => (scheme, on, format!("leaves {what} a contrast of {found} on it")),
            // What follows from the accent.
            None => {
                let at = if is_set(given, scheme, Role::Accent) { scheme } else { Scheme::Light };
                (
                    at,
                    Role::Accent,
                    format!("makes {what} of {}, which has a contrast of {found} against {} ({colour})", scheme.section(), on.name()),
                )
            }
        };
        if told.insert((at as u8, setting as u8))
            && let Some(section) = given.section_mut(at.section())
        {
            section.refuse(colour_setting(setting), wrong, &format!("a contrast of {needed} or more"));
        }
    }
    palette
}
