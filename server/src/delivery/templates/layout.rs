//! Renders a list of blocks as text and as HTML.

use super::{Rendered, Words};
use std::fmt::Write;

pub(super) enum Block<'a> {
    Paragraph(String),
    /// Lines that belong together.
    Facts(Vec<String>),
    /// Big, and selected as a whole.
    Code(&'a str),
    /// A sentence with the link in it, and the same link as a button.
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
        let _ = writeln!(text, "-- \n{}", self.m.automatic(self.brand));
        text
    }

    fn html(&self, subject: &str, blocks: &[Block<'_>]) -> String {
        let mut body = String::new();
        for block in blocks {
            // Writing to a String cannot fail.
            let _ = match block {
                Block::Paragraph(words) => writeln!(body, "<p>{}</p>", escape(words)),
                Block::Facts(lines) => {
                    let lines: Vec<_> = lines.iter().map(|line| format!("<li>{}</li>", escape(line))).collect();
                    writeln!(body, "<ul>\n{}\n</ul>", lines.join("\n"))
                }
                Block::Code(code) => writeln!(body, "<p class=\"code\" style=\"{CODE_STYLE}\">{}</p>", escape(code)),
                Block::Link { sentence, action, link } => {
                    let link = escape(link);
                    let sentence = escape(sentence).replace(&link, &format!("<a href=\"{link}\">{link}</a>"));
                    writeln!(
                        body,
                        "<p><a class=\"button\" style=\"{BUTTON_STYLE}\" href=\"{link}\">{}</a></p>\n<p>{sentence}</p>",
                        escape(action)
                    )
                }
                Block::Note(words) => writeln!(body, "<p class=\"note\">{}</p>", escape(words)),
            };
        }
        let (lang, brand, subject, automatic) =
            (self.texts.language.tag(), escape(self.brand), escape(subject), escape(&self.m.automatic(self.brand)));
        format!(
            "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <meta name=\"supported-color-schemes\" content=\"light dark\">\n\
             <title>{subject}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
             <div class=\"page\" role=\"article\" lang=\"{lang}\" aria-label=\"{subject}\">\n<p class=\"brand\">{brand}</p>\n\
             <h1>{subject}</h1>\n{body}<p class=\"note\">{automatic}</p>\n</div>\n</body>\n</html>\n"
        )
    }
}

/// Inline, because some mail programs throw the style sheet away. The button's colours serve on light and dark ground.
const BUTTON_STYLE: &str = "display:inline-block;padding:12px 20px;border-radius:8px;background:#0b5cad;color:#ffffff;\
                            font-weight:600;text-decoration:none";
const CODE_STYLE: &str = "font-family:ui-monospace,Consolas,monospace;font-size:32px;font-weight:700;letter-spacing:4px;\
                          -webkit-user-select:all;user-select:all";

pub(super) const STYLE: &str = "\
:root { color-scheme: light dark; supported-color-schemes: light dark; }
body { margin: 0; padding: 24px 16px; background: #ffffff; color: #1b1f24; font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, Arial, sans-serif; }
.page { max-width: 560px; margin: 0 auto; overflow-wrap: anywhere; }
.brand { font-weight: 700; color: #0b5cad; }
h1 { font-size: 24px; line-height: 1.25; }
a { color: #0b5cad; }
.note { color: #4a5361; }
@media (prefers-color-scheme: dark) {
body { background: #14181d; color: #e8eaed; }
.brand, a { color: #8cc4ff; }
.button { color: #ffffff; }
.note { color: #b4bcc7; }
}
";

/// Escapes text for HTML content and attributes.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Replaces control characters and direction marks by spaces, so that no name or User-Agent can rearrange our text.
pub(super) fn one_line(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    text.replace(|c: char| c.is_control() || turns(c), " ").trim().to_owned()
}
