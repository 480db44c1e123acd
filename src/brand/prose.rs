//! The text of an operator's own terms: headings, paragraphs and lists. Not Markdown, and no markup at all: what stands in the file is
//! what people read.

/// A part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Passage {
    /// A line that began with `#`.
    Heading(String),
    /// Lines up to the next empty one.
    Paragraph(String),
    /// Lines that began with `- `.
    List(Vec<String>),
}

/// A text in parts; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prose(Vec<Passage>);

/// The longest text, in bytes.
pub const LONGEST: usize = 256 * 1024;

impl Prose {
    /// Reads a text. `None`: there is nothing to read in it.
    pub fn parse(text: &str) -> Option<Self> {
        let mut passages = Vec::new();
        let mut broken = true;
        for line in text.trim_start_matches('\u{feff}').lines().map(str::trim) {
            let heading = line.trim_start_matches('#');
            match passages.last_mut() {
                _ if line.is_empty() => {
                    broken = true;
                    continue;
                }
                _ if heading.len() < line.len() => passages.push(Passage::Heading(heading.trim().to_owned())),
                Some(Passage::List(items)) if !broken && line.starts_with("- ") => items.push(line[2..].trim().to_owned()),
                _ if line.starts_with("- ") => passages.push(Passage::List(vec![line[2..].trim().to_owned()])),
                Some(Passage::Paragraph(words)) if !broken => {
                    words.push(' ');
                    words.push_str(line);
                }
                Some(Passage::List(items)) if !broken => {
                    if let Some(item) = items.last_mut() {
                        item.push(' ');
                        item.push_str(line);
                    }
                }
                _ => passages.push(Passage::Paragraph(line.to_owned())),
            }
            broken = false;
        }
        passages.retain(|passage| !matches!(passage, Passage::Heading(words) if words.is_empty()));
        (!passages.is_empty()).then_some(Self(passages))
    }

    /// Title and text of each of its sections; no title before the first heading. Paragraphs are parted by an empty line.
    pub fn sections(&self) -> Vec<(String, String)> {
        let mut sections: Vec<(String, String)> = Vec::new();
        for passage in &self.0 {
            let words = match passage {
                Passage::Heading(title) => {
                    sections.push((title.clone(), String::new()));
                    continue;
                }
                Passage::Paragraph(words) => words.clone(),
                Passage::List(items) => items.iter().map(|item| format!("• {item}")).collect::<Vec<_>>().join("\n\n"),
            };
            if sections.is_empty() {
                sections.push((String::new(), String::new()));
            }
            if let Some((_, text)) = sections.last_mut() {
                if !text.is_empty() {
                    text.push_str("\n\n");
                }
                text.push_str(&words);
            }
        }
        sections
    }

    /// Its parts.
    pub fn passages(&self) -> &[Passage] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_headings_paragraphs_and_lists() {
        let text = "\u{feff}# Termos\nUm texto\nem duas linhas.\n\nOutro.\n- um\n- dois,\n  ainda dois\n\n## Fim\n#\n<b>cru</b>\n";
        let passage = |words: &str| Passage::Paragraph(words.to_owned());
        assert_eq!(
            Prose::parse(text).expect("a text").passages(),
            [
                Passage::Heading("Termos".into()),
                passage("Um texto em duas linhas."),
                passage("Outro."),
                Passage::List(vec!["um".into(), "dois, ainda dois".into()]),
                Passage::Heading("Fim".into()),
                passage("<b>cru</b>"),
            ]
        );
        let section = |title: &str, text: &str| (title.to_owned(), text.to_owned());
        assert_eq!(
            Prose::parse("Antes.\n# Uso\nUm.\n\nDois.\n- a\n- b").expect("a text").sections(),
            [section("", "Antes."), section("Uso", "Um.\n\nDois.\n\n• a\n\n• b")]
        );
        for nothing in ["", " \n\n", "#\n##"] {
            assert_eq!(Prose::parse(nothing), None);
        }
    }
}
