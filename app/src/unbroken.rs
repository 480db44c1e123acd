//! Words that a line does not break: "e-mail", and numbers such as "(11) *****-4321" and "***.982.247-**".
//!
//! Browsers break a line behind every hyphen, and CSS cannot forbid it but for a whole element. So each such word of a drawn page gets an
//! element of its own (`style/base.css`). Rejected: U+2011, which some voices spell out and no search finds.

const OPENS: &str = "<one-word>";
const CLOSES: &str = "</one-word>";

/// Of what is longer, a line may be broken: it would not fit into a narrow window.
const LONGEST: usize = 24;

/// Elements whose text takes no elements.
const PLAIN: [&str; 5] = ["option", "script", "style", "template", "title"];

/// The page with such words of its main part marked.
pub fn unbroken(html: &str) -> String {
    let Some((before, rest)) = html.split_once("<main") else { return html.to_owned() };
    let (main, after) = rest.split_once("</main>").unwrap_or((rest, ""));
    let mut page = String::with_capacity(html.len() + 512);
    page.push_str(before);
    page.push_str("<main");
    let mut plain = false;
    for (index, piece) in main.split('<').enumerate() {
        // The first piece is what is left of the tag of the main part.
        let (tag, text) = piece.split_once('>').unwrap_or((piece, ""));
        if index > 0 {
            page.push('<');
            let name = tag.split(|c: char| !c.is_ascii_alphanumeric() && c != '/').next().unwrap_or_default();
            plain = PLAIN.contains(&name);
        }
        page.push_str(tag);
        if piece.len() > tag.len() {
            page.push('>');
        }
        if plain { page.push_str(text) } else { mark(text, &mut page) }
    }
    if html.contains("</main>") {
        page.push_str("</main>");
    }
    page.push_str(after);
    page
}

fn mark(text: &str, page: &mut String) {
    let mut words = text.split(' ').peekable();
    while let Some(word) = words.next() {
        let number = words.peek().copied().filter(|number| is_area_code(word) && is_hyphenated(number));
        if let Some(number) = number {
            words.next();
            for part in [OPENS, word, " ", number, CLOSES] {
                page.push_str(part);
            }
        } else if is_hyphenated(word) && word.len() <= LONGEST {
            for part in [OPENS, word, CLOSES] {
                page.push_str(part);
            }
        } else {
            page.push_str(word);
        }
        if words.peek().is_some() {
            page.push(' ');
        }
    }
}

/// Whether a word has a hyphen inside.
fn is_hyphenated(word: &str) -> bool {
    let inside = |c: char| c.is_alphanumeric() || c == '*';
    let mut parts = word.split('-');
    let first = parts.next().unwrap_or_default();
    let rest = parts.next().unwrap_or_default();
    first.ends_with(inside) && rest.starts_with(inside) && !word.contains('\n')
}

/// `(11)`
fn is_area_code(word: &str) -> bool {
    let digits = word.rsplit('(').next().and_then(|rest| rest.strip_suffix(')'));
    digits.is_some_and(|digits| digits.len() == 2 && digits.bytes().all(|c| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::unbroken;

    #[test]
    fn a_word_with_a_hyphen_is_one_and_so_is_a_phone() {
        for (text, marked) in [
            ("Confirme seu e-mail.", "Confirme seu <one-word>e-mail.</one-word>"),
            ("<b>E-mail</b> ou celular", "<b><one-word>E-mail</one-word></b> ou celular"),
            ("para (11) *****-4321 e o e-mail", "para <one-word>(11) *****-4321</one-word> e o <one-word>e-mail</one-word>"),
            ("CPF ***.982.247-**", "CPF <one-word>***.982.247-**</one-word>"),
            ("CNPJ **.ABC.345/01DE-**, sim", "CNPJ <one-word>**.ABC.345/01DE-**,</one-word> sim"),
        ] {
            let page = |text: &str| ["<body>e-mail<main id=\"a-b\" class=\"c\">", text, "</main>e-mail</body>"].concat();
            assert_eq!(unbroken(&page(text)), page(marked));
        }
    }

    #[test]
    fn all_else_stays_as_it_was_drawn() {
        for page in [
            "<p>no main part, e-mail</p>",
            "<main></main>",
            "<main><p class=\"a-b\" data-invalid=\"Confira o e-mail.\">Sem hífen - só um travessão — e (11) só</p><br/></main>",
            "<main><select><option value=\"a-b\">Guiné-Bissau</option></select></main><p>",
            "<main><code>https://portaria.example/continue?token=abc-def</code><!--a-b--></main>",
        ] {
            assert_eq!(unbroken(page), page);
        }
    }
}
