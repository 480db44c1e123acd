//! HTML outside the pages of `app`: e-mails, refusals before any page runs, the captured messages. Their templates stand in
//! `server/templates/`, their escaping here (`server/askama.toml`).

use askama::Template;
use askama::filters::Escaper;
use std::fmt::{self, Write};

/// Escapes for HTML content and quoted attributes. By name, where the library's own would write numbers: what people were
/// sent before stays as it is.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Escaping;

impl Escaper for Escaping {
    fn write_escaped_str<W: Write>(&self, mut to: W, text: &str) -> fmt::Result {
        for c in text.chars() {
            match c {
                '&' => to.write_str("&amp;")?,
                '<' => to.write_str("&lt;")?,
                '>' => to.write_str("&gt;")?,
                '"' => to.write_str("&quot;")?,
                '\'' => to.write_str("&#39;")?,
                other => to.write_char(other)?,
            }
        }
        Ok(())
    }
}

/// Renders a template, with the newline at its end that the library takes off.
#[expect(clippy::expect_used, reason = "writing to a String cannot fail, and no value of ours refuses to be shown")]
pub(crate) fn page(template: &impl Template) -> String {
    template.render().expect("a String takes everything") + "\n"
}

/// Escapes a text as a template does.
#[cfg(test)]
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::new();
    Escaping.write_escaped_str(&mut escaped, text).expect("a String takes everything");
    escaped
}
