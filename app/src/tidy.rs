//! The last walk over a drawn page: what nobody reads goes, and words that a line should not break keep together: "e-mail", and numbers such
//! as "(11) *****-4321" and "***.982.247-**"; long addresses are broken behind their @.
//!
//! Browsers break a line behind every hyphen, and CSS cannot forbid it but for a whole element. So each such word of the main part gets an
//! element of its own (`style/base.css`). Rejected: U+2011, which some voices spell out and no search finds. An address that is too long for
//! its line they break anywhere, unless they are told of a better place.

const OPENS: &str = "<one-word>";
const CLOSES: &str = "</one-word>";
/// The same for what is masked, whose asterisks stand in line with its digits.
const OPENS_MASKED: &str = "<masked-word>";
const CLOSES_MASKED: &str = "</masked-word>";
const BREAK: &str = "<wbr>";

/// Of what is longer, a line may be broken: it would not fit into a narrow window.
const LONGEST: usize = 24;

/// Elements whose text takes no elements.
const PLAIN: [&str; 5] = ["option", "script", "style", "template", "title"];

/// The comments by which Leptos would find its nodes again. Nothing is hydrated here, and what people write has no `<` (it is escaped).
const MARKS: [&str; 2] = ["<!--<() />-->", "<!>"];

/// What ends an option before the next one may be left out (HTML, 13.1.2.4). A page of a session is not compressed, and there are 27 states.
const OPTION_ENDS: &str = "</option>";
const NEXT_OPTION: &str = "<option";

/// The page without what nobody reads, and with such words of its main part marked.
#[must_use]
pub fn tidy(html: &str) -> String {
    let mut page = String::with_capacity(html.len() + 512);
    let (mut in_main, mut plain) = (false, false);
    let mut rest = html;
    while !rest.is_empty() {
        if let Some(after) = MARKS.iter().find_map(|mark| rest.strip_prefix(mark)) {
            rest = after;
        } else if let Some(after) = rest.strip_prefix(OPTION_ENDS).filter(|after| after.starts_with(NEXT_OPTION)) {
            rest = after;
        } else {
            let ends = if rest.starts_with('<') { rest.find('>').map_or(rest.len(), |at| at + 1) } else { 0 };
            let (tag, after) = rest.split_at(ends);
            let (text, next) = after.split_at(after.find('<').unwrap_or(after.len()));
            match tag.trim_start_matches('<').split(|c: char| !c.is_ascii_alphanumeric() && c != '/').next() {
                None | Some("") => {}
                Some("main") => in_main = true,
                Some("/main") => in_main = false,
                Some(name) => plain = PLAIN.contains(&name),
            }
            page.push_str(tag);
            if in_main && !plain {
                mark(text, &mut page);
            } else {
                page.push_str(text);
            }
            rest = next;
        }
    }
    page
}

fn mark(text: &str, page: &mut String) {
    let mut words = text.split(' ').peekable();
    while let Some(word) = words.next() {
        let number = words.peek().copied().filter(|number| is_area_code(word) && is_hyphenated(number));
        if let Some(number) = number {
            words.next();
            as_one(&[word, " ", number].concat(), page);
        } else if let Some((user, domain)) = address(word) {
            side(user, page);
            page.push('@');
            page.push_str(BREAK);
            side(domain, page);
        } else {
            short(word, page);
        }
        if words.peek().is_some() {
            page.push(' ');
        }
    }
}

/// A word that keeps together if it is short enough for it.
fn short(word: &str, page: &mut String) {
    if word.len() <= LONGEST && (is_hyphenated(word) || is_masked(word)) { as_one(word, page) } else { page.push_str(word) }
}

fn as_one(word: &str, page: &mut String) {
    let (opens, closes) = if is_masked(word) { (OPENS_MASKED, CLOSES_MASKED) } else { (OPENS, CLOSES) };
    for part in [opens, word, closes] {
        page.push_str(part);
    }
}

/// A side of an address. One that is long may be broken behind its dots.
fn side(text: &str, page: &mut String) {
    if text.len() <= LONGEST {
        return short(text, page);
    }
    for piece in text.split_inclusive('.') {
        page.push_str(piece);
        if piece.ends_with('.') {
            page.push_str(BREAK);
        }
    }
}

/// The two sides of an e-mail address that is long; a short one finds room in the next line.
fn address(word: &str) -> Option<(&str, &str)> {
    let sides = word.split_once('@').filter(|_| word.len() > LONGEST && !is_masked(word));
    sides.filter(|(user, domain)| user.ends_with(is_inside) && domain.starts_with(is_inside) && domain.contains('.'))
}

/// Whether something of a word is not shown.
fn is_masked(word: &str) -> bool {
    word.contains("**")
}

fn is_inside(c: char) -> bool {
    c.is_alphanumeric() || c == '*'
}

/// Whether a word has a hyphen inside.
fn is_hyphenated(word: &str) -> bool {
    let mut parts = word.split('-');
    let first = parts.next().unwrap_or_default();
    let rest = parts.next().unwrap_or_default();
    first.ends_with(is_inside) && rest.starts_with(is_inside) && !word.contains('\n')
}

/// `(11)`
fn is_area_code(word: &str) -> bool {
    let digits = word.rsplit('(').next().and_then(|rest| rest.strip_suffix(')'));
    digits.is_some_and(|digits| digits.len() == 2 && digits.bytes().all(|c| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::tidy;

    #[test]
    fn a_word_with_a_hyphen_is_one_and_so_is_a_phone() {
        for (text, marked) in [
            ("Confirme seu e-mail.", "Confirme seu <one-word>e-mail.</one-word>"),
            ("<b>E-mail</b> ou celular", "<b><one-word>E-mail</one-word></b> ou celular"),
            ("para (11) 98765-4321.", "para <one-word>(11) 98765-4321.</one-word>"),
        ] {
            let page = |text: &str| ["<body>e-mail<main id=\"a-b\" class=\"c\">", text, "</main>e-mail</body>"].concat();
            assert_eq!(tidy(&page(text)), page(marked));
        }
    }

    #[test]
    fn what_is_masked_is_one_and_marked_as_such() {
        for (text, marked) in [
            ("para (11) *****-4321 e", "para <masked-word>(11) *****-4321</masked-word> e"),
            ("CPF ***.982.247-**", "CPF <masked-word>***.982.247-**</masked-word>"),
            ("CNPJ **.ABC.345/01DE-**, sim", "CNPJ <masked-word>**.ABC.345/01DE-**,</masked-word> sim"),
            ("para j***@e***.br.", "para <masked-word>j***@e***.br.</masked-word>"),
            ("**/**/1990", "<masked-word>**/**/1990</masked-word>"),
        ] {
            assert_eq!(tidy(&["<main>", text, "</main>"].concat()), ["<main>", marked, "</main>"].concat());
        }
    }

    #[test]
    fn a_long_address_is_broken_behind_its_at_and_a_long_side_of_it_behind_its_dots() {
        for (text, marked) in [
            ("para ana.beatriz.souza@exemplo.com.br.", "para ana.beatriz.souza@<wbr>exemplo.com.br."),
            ("como nome@exemplo.com.br.", "como nome@exemplo.com.br."),
            ("ana.souza@minha-escola.com.br", "ana.souza@<wbr><one-word>minha-escola.com.br</one-word>"),
            ("ana@departamento.de.botanica.ufmg.br", "ana@<wbr>departamento.<wbr>de.<wbr>botanica.<wbr>ufmg.<wbr>br"),
            ("como @, # ou @nome, a@b", "como @, # ou @nome, a@b"),
        ] {
            assert_eq!(tidy(&["<main>", text, "</main>"].concat()), ["<main>", marked, "</main>"].concat());
        }
    }

    #[test]
    fn what_nobody_reads_goes() {
        for (page, left) in [
            ("<title>a<!></title><main>e<!--<() />--><b>c</b></main><!>", "<title>a</title><main>e<b>c</b></main>"),
            ("<select><option>A</option><option>B</option></select>", "<select><option>A<option>B</option></select>"),
            ("<main><option>e-mail</option><option>E-mail</option></main>", "<main><option>e-mail<option>E-mail</option></main>"),
        ] {
            assert_eq!(tidy(page), left);
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
            assert_eq!(tidy(page), page);
        }
    }
}
