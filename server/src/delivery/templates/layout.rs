//! Renders a list of blocks as text and as HTML.

use super::{Rendered, Words};
use crate::html::page;
use askama::Template;
use portaria::brand::{Brand, Colour, Role, Scheme};
use std::fmt::Write;

pub(super) enum Block<'a> {
    Paragraph(String),
    /// Lines that belong together.
    Facts(Vec<String>),
    /// Big, and selected as a whole.
    Code(&'a str),
    /// A sentence with the link in it. As HTML the first is a button, a later one a link by its name.
    Link {
        sentence: String,
        action: &'static str,
        link: &'a str,
    },
    /// In small print.
    Note(&'static str),
}

impl Words<'_> {
    pub(super) fn rendered(&self, subject: &str, blocks: &[Block<'_>]) -> Rendered {
        Rendered {
            subject: subject.to_owned(),
            text: self.text(blocks),
            html: self.html(subject, blocks),
            sms: String::new(),
            whatsapp: None,
            code: None,
            link: None,
        }
    }

    fn text(&self, blocks: &[Block<'_>]) -> String {
        let mut text = String::new();
        for block in blocks {
            match block {
                Block::Paragraph(words) => text.push_str(words),
                Block::Facts(lines) => text.push_str(&lines.join("\n")),
                Block::Code(code) => text.push_str(code),
                Block::Link { sentence, .. } => text.push_str(sentence),
                Block::Note(words) => text.push_str(words),
            }
            text.push_str("\n\n");
        }
        // Mail programs see a signature begin at "-- " (RFC 3676 §4.3).
        let _ = writeln!(text, "-- \n{}", self.automatic());
        if let Some(help) = self.help() {
            let _ = writeln!(text, "{help}");
        }
        text
    }

    fn html(&self, subject: &str, blocks: &[Block<'_>]) -> String {
        page(&Email {
            lang: self.texts.language.tag(),
            brand: self.brand.name.as_str(),
            subject,
            preheader: preheader(blocks),
            logo: self.page(self.brand.picture().trim_start_matches('/')).into(),
            blocks,
            raw_link: self.m.raw_link,
            automatic: self.automatic(),
            help: self.help(),
            link: self.brand.help.as_ref().map(|help| (help.shown(), help.link())),
            light: Colours::of(self.brand, Scheme::Light),
            dark: Colours::of(self.brand, Scheme::Dark),
        })
    }

    fn automatic(&self) -> String {
        self.m.automatic(self.texts.of_brand(&self.brand.name))
    }

    fn help(&self) -> Option<String> {
        self.brand.help.as_ref().map(|help| self.m.help(help.shown()))
    }
}

/// An e-mail as HTML. Its style sheet stands in `server/templates/email.css`.
#[derive(Template)]
#[template(path = "email.html")]
struct Email<'a> {
    lang: &'a str,
    brand: &'a str,
    subject: &'a str,
    /// What a list of messages shows after the subject.
    preheader: &'a str,
    /// The address of the logo, whole: one for everybody, so that it tells nothing of who looks.
    logo: String,
    blocks: &'a [Block<'a>],
    /// Before the address that the button leads to.
    raw_link: &'static str,
    automatic: String,
    /// Where to find help: the sentence; the address in it, and where that leads.
    help: Option<String>,
    link: Option<(&'a str, String)>,
    light: Colours,
    dark: Colours,
}

impl Email<'_> {
    /// Whether this is the link of the button: of several, the first.
    fn is_main(&self, link: &str) -> bool {
        let links = self.blocks.iter().filter_map(|block| if let Block::Link { link, .. } = block { Some(*link) } else { None });
        links.take(1).any(|first| first == link)
    }
}

/// A sentence without the address at its end.
fn before<'a>(sentence: &'a str, link: &str) -> &'a str {
    sentence.split_once(link).map_or(sentence, |(before, _)| before.trim_end())
}

/// What the message is about, without the greeting before it and the address in it.
fn preheader<'a>(blocks: &'a [Block<'_>]) -> &'a str {
    let told = blocks.iter().skip(1).find_map(|block| match block {
        Block::Paragraph(words) => Some(words.as_str()),
        Block::Link { sentence, link, .. } => Some(before(sentence, link)),
        Block::Facts(_) | Block::Code(_) | Block::Note(_) => None,
    });
    told.unwrap_or_default().trim_end_matches([' ', ':'])
}

/// The colours of an e-mail: those of the pages.
struct Colours {
    paper: Colour,
    sheet: Colour,
    wash: Colour,
    line: Colour,
    ink: Colour,
    ink_soft: Colour,
    accent: Colour,
    on_accent: Colour,
}

impl Colours {
    const fn of(brand: &Brand, scheme: Scheme) -> Self {
        let palette = &brand.palette;
        Self {
            paper: palette.of(scheme, Role::Paper),
            sheet: palette.of(scheme, Role::Sheet),
            wash: palette.of(scheme, Role::Wash),
            line: palette.of(scheme, Role::Line),
            ink: palette.of(scheme, Role::Ink),
            ink_soft: palette.of(scheme, Role::InkSoft),
            accent: palette.of(scheme, Role::Accent),
            on_accent: palette.of(scheme, Role::OnAccent),
        }
    }
}

/// Replaces control characters and direction marks by spaces, so that no name or User-Agent can rearrange our text.
pub(super) fn one_line(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    text.replace(|c: char| c.is_control() || turns(c), " ").trim().to_owned()
}
