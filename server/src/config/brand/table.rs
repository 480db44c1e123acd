//! What `[brand]`, its colours and `[kinds.…]` may set, and how each is read.

use super::super::danger::is_loopback;
use super::super::{FILE, parse};
use portaria::brand::{Article, Colour, Help, LONGEST_NAME, LONGEST_SMS_NAME, Role, is_of_sms};
use portaria::field::Field;
use portaria::value::Email;
use settings::{Section, Setting, settings};
use std::path::PathBuf;

type Parsed<T> = Result<T, String>;

const COLOUR: &str = "a colour such as #5b2a86";
const FILE_OF_TEXT: &str = "a file with plain text, UTF-8, at most 256 KiB; its path begins at the folder of this file";
pub(in crate::config) const FILE_OF_LOGO: &str =
    "an SVG file of at most 64 KiB with a viewBox and without a DOCTYPE; its path begins at the folder of this file";
const FIELDS: &str = "names of fields: name, username, email, phone, cnpj, password, social_name, institution, field_of_work, terms";
/// The longest label and lead, in characters.
const LONGEST_LABEL: usize = 40;
const LONGEST_LEAD: usize = 300;
const FILLED_IN: &str = "1 to 200 characters, on one line, without < and >";
/// The longest name with address, in characters.
const LONGEST_RESPONSIBLE: usize = 200;
const LABEL_ALLOWED: &str = "1 to 40 characters, on one line";
const LEAD_ALLOWED: &str = "1 to 300 characters, on one line";

settings! {
    /// Whose product this is.
    pub(super) BRAND in FILE, ours "PORTARIA_";
    NAME: String = name, Default("Portaria"), "1 to 40 characters, on one line", "the product's name, on pages, in messages and in the API's document";
    ARTICLE: Article = article, Nothing("none; `a` for Portaria"), "a or o", "the name's article in Portuguese sentences: \"da Portaria\", \"do Portal\"";
    SMS_NAME: String = sms_name, Nothing("the name without its accents"), "1 to 20 letters, digits, spaces and marks that every SMS can hold; needed if the name has more of them", "the name in SMS";
    LOGO: PathBuf = parse::folder, Nothing("ours"), FILE_OF_LOGO, "stands beside the name, and is the icon of the pages; what runs or loads is left out of it";
    HELP: Help = help, Nothing("none is shown; needed in production"), "an e-mail address, or an https URL", "where people find help, at the foot of pages and e-mails";
    CONTROLLER: String = filled_in, Nothing("none is shown; needed in production"), FILLED_IN, "who answers for personal data (LGPD, art. 9): name, CNPJ and address, on `/terms`";
    OFFICER: String = filled_in, Nothing("none is shown; needed in production"), FILLED_IN, "the data protection officer, \"encarregado\" (LGPD, art. 41), on `/terms`";
    OFFICER_CONTACT: Help = help, Nothing("none is shown; needed in production"), "an e-mail address, or an https URL", "where people write to the officer, on `/terms`";
    PRODUCT: String = product, Nothing("no button"), "an https URL without user; http:// only to 127.0.0.1, [::1] or localhost", "where a person goes on after signing in: a button on the dashboard";
    TERMS: PathBuf = parse::folder, Nothing("ours"), FILE_OF_TEXT, "the terms that people accept, on `/terms`; `TERMS_VERSION` says which they are";
    PRIVACY: PathBuf = parse::folder, Nothing("within the terms"), FILE_OF_TEXT, "what is said of personal data, below the terms";
}

pub(in crate::config) const BRANDS: Section = Section { names: &["brand"], entry: &BRAND, help: "whose product this is" };

settings! {
    /// The colours of a scheme.
    pub(super) PALETTE in FILE, ours "PORTARIA_";
    ACCENT: Colour = colour, Nothing("ours; in the dark, the light one made lighter"), COLOUR, "the colour of the brand: links and buttons";
    ACCENT_STRONG: Colour = colour, Nothing("the accent, nearer to the ink"), COLOUR, "the same, under a pointer";
    ON_ACCENT: Colour = colour, Nothing("white or near black, whichever is read better"), COLOUR, "text on the accent";
    PAPER: Colour = colour, Nothing("ours"), COLOUR, "behind everything";
    SHEET: Colour = colour, Nothing("ours"), COLOUR, "behind cards, panels and fields";
    INK: Colour = colour, Nothing("ours"), COLOUR, "text";
    INK_SOFT: Colour = colour, Nothing("ours"), COLOUR, "text of lesser weight";
    LINE: Colour = colour, Nothing("the paper with a little of the ink"), COLOUR, "lines that only divide";
    EDGE: Colour = colour, Nothing("ours"), COLOUR, "borders that show where to type";
    WASH: Colour = colour, Nothing("the paper with a little of the accent"), COLOUR, "a tint behind what is set off";
    DOOR: Colour = colour, Nothing("the accent, nearer to the paper"), COLOUR, "the door of the drawings";
    LIGHT: Colour = colour, Nothing("the paper with some of the accent"), COLOUR, "the light behind it";
    FOCUS: Colour = colour, Nothing("the accent"), COLOUR, "around what the keyboard is at";
}

pub(in crate::config) const COLOURS: Section =
    Section { names: &["brand.light", "brand.dark"], entry: &PALETTE, help: "its colours on light and on dark paper" };

settings! {
    /// What is decided of a kind.
    pub(super) KIND in FILE, ours "PORTARIA_";
    OPEN: bool = switch, Default("true"), "true or false", "whether people may sign up as this kind; those who did still sign in";
    LABEL: String = label, Nothing("ours"), LABEL_ALLOWED, "what the kind is called";
    LABEL_EN: String = label, Nothing("the label"), LABEL_ALLOWED, "the same in English";
    LEAD: String = lead, Nothing("ours"), LEAD_ALLOWED, "what is said of it where it is chosen and above its form";
    LEAD_EN: String = lead, Nothing("the lead"), LEAD_ALLOWED, "the same in English";
    ASK: Vec<Field> = fields, NothingOrEmpty("those of its document"), FIELDS, "what its first form asks for";
    NEED: Vec<Field> = fields, Nothing("those of its document"), FIELDS, "what may not stay empty besides, of what is asked for";
}

pub(in crate::config) const KINDS: Section = Section {
    names: &["kinds.cliente", "kinds.professor", "kinds.caronista", "kinds.empresa"],
    entry: &KIND,
    help: "as what people may sign up, and what they are asked",
};

/// The setting of a role.
pub(super) const fn colour_setting(role: Role) -> &'static Setting<Colour> {
    match role {
        Role::Paper => &PAPER,
        Role::Sheet => &SHEET,
        Role::Ink => &INK,
        Role::InkSoft => &INK_SOFT,
        Role::Line => &LINE,
        Role::Edge => &EDGE,
        Role::Accent => &ACCENT,
        Role::AccentStrong => &ACCENT_STRONG,
        Role::OnAccent => &ON_ACCENT,
        Role::Wash => &WASH,
        Role::Door => &DOOR,
        Role::Light => &LIGHT,
        Role::Focus => &FOCUS,
    }
}

/// Words on one line, without what cannot be seen or turns its surroundings round.
fn words(text: &str, longest: usize) -> Parsed<String> {
    let text = parse::line(text)?;
    if text.chars().any(|c| matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')) {
        return Err("has an invisible character in it".into());
    }
    let length = text.chars().count();
    if length > longest { Err(format!("has {length} characters")) } else { Ok(text) }
}

fn name(text: &str) -> Parsed<String> {
    words(text, LONGEST_NAME)
}

/// What an operator fills in; examples have it in angle brackets.
fn filled_in(text: &str) -> Parsed<String> {
    if text.contains(['<', '>']) { Err("is still that of the example".into()) } else { words(text, LONGEST_RESPONSIBLE) }
}

fn label(text: &str) -> Parsed<String> {
    words(text, LONGEST_LABEL)
}

fn lead(text: &str) -> Parsed<String> {
    words(text, LONGEST_LEAD)
}

fn article(text: &str) -> Parsed<Article> {
    Article::parse(text).ok_or_else(|| "is no article".into())
}

fn sms_name(text: &str) -> Parsed<String> {
    match text.chars().find(|c| !is_of_sms(*c)) {
        Some(c) => Err(format!("has \"{}\" in it", c.escape_default())),
        None => words(text, LONGEST_SMS_NAME),
    }
}

fn help(text: &str) -> Parsed<Help> {
    if !text.contains("://") {
        return Email::parse(text).map(|email| Help::Email(email.as_str().to_owned())).map_err(|_| "is neither of the two".into());
    }
    let url = parse::url(text)?;
    match url.scheme() {
        "https" if url.username().is_empty() && url.password().is_none() => Ok(Help::Page(url.into())),
        "https" => Err("has a user or password in it".into()),
        _ => Err("does not begin with https://".into()),
    }
}

fn product(text: &str) -> Parsed<String> {
    let url = parse::url(text)?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("does not begin with https://".into());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("has a user or password in it".into());
    }
    if url.scheme() == "http" && !is_loopback(&url) { Err("would lead people over a network in clear".into()) } else { Ok(url.into()) }
}

fn colour(text: &str) -> Parsed<Colour> {
    Colour::parse(text).ok_or_else(|| "is no colour of six digits".into())
}

fn switch(text: &str) -> Parsed<bool> {
    text.parse().map_err(|_| "is neither true nor false".into())
}

fn fields(text: &str) -> Parsed<Vec<Field>> {
    let mut fields = Vec::new();
    for name in parse::items(text) {
        let field = Field::by_name(name).ok_or_else(|| format!("has \"{name}\" in it, which is no field"))?;
        if fields.contains(&field) {
            return Err(format!("has \"{name}\" in it twice"));
        }
        fields.push(field);
    }
    Ok(fields)
}
