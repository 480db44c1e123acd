//! Detects text that reads like an address, a link or a phone number, even if disguised.
//!
//! Anybody can register under any name. A name that a mail program or a person reads as a link would be free advertising in our
//! messages (SPEC §16). Such a name is not refused; it is only left out of messages. A false positive costs just a greeting by
//! name, so the rule may be broad.

use super::printable::is_invisible;
use unicode_normalization::UnicodeNormalization;

/// More digits than names have ("3M", "Padaria 24 Horas"), and fewer than any useful phone number.
const DIGITS: usize = 4;
/// This many number words are a dictated phone number.
const NUMERALS: usize = 3;

/// Domain endings that make words an address even without a dot: "evil com", "evil com br".
const ENDINGS: &[&str] = &[
    "com", "net", "org", "br", "info", "biz", "app", "site", "online", "xyz", "io", "link", "shop", "store", "top", "click", "club", "live",
];
/// Words for a dot.
const DOTS: &[&str] = &["dot", "ponto", "punto", "point"];
/// Words of an invitation to visit, write or call.
const INVITATIONS: &[&str] = &[
    "arroba",
    "ftp",
    "ligue",
    "disque",
    "whatsapp",
    "whats",
    "wpp",
    "zap",
    "telegram",
    "instagram",
    "insta",
    "sms",
    "pix",
    "tel",
    "telefone",
    "fone",
    "clique",
    "click",
    "acesse",
    "visite",
    "oitocentos",
];
/// Beginnings of words that make them a link.
const STARTS: &[&str] = &["http", "hxxp", "www"];
/// An ending with its dot, written as one word.
const MASHED: &[&str] = &["dotcom", "pontocom"];
const NUMERAL_WORDS: &[&str] = &[
    "zero", "um", "dois", "tres", "três", "quatro", "cinco", "seis", "meia", "sete", "oito", "nove", "one", "two", "three", "four", "five",
    "six", "seven", "eight", "nine",
];

/// Returns whether a text reads like an address, a link or a phone number.
pub fn leads_away(text: &str) -> bool {
    // NFKC turns compatibility forms (fullwidth, circled, mathematical) into what they look like.
    let text: String = text.nfkc().flat_map(char::to_lowercase).filter(|c| !is_invisible(*c)).map(plain).collect();
    text.contains(['/', '\\', '@', ':', '_'])
        || text.contains("xn--")
        || dials(&text)
        || text.split_whitespace().any(is_dotted)
        || is_spelled_out(&text)
}

/// Maps lookalikes to one character, and brackets, which hide a dot ("evil[.]com"), to a space.
fn plain(c: char) -> char {
    match c {
        // Ideographic (NFKC has already mapped one to the other), Arabic, and dots drawn at half height.
        '\u{3002}' | '\u{06D4}' | '\u{00B7}' | '\u{2022}' | '\u{2219}' | '\u{22C5}' | '\u{A60E}' | '\u{0701}' | '\u{0702}' => '.',
        '\u{2044}' | '\u{2215}' | '\u{29F8}' | '\u{2571}' => '/',
        '\u{2236}' | '\u{A789}' | '\u{02D0}' => ':',
        '[' | ']' | '(' | ')' | '{' | '}' | '<' | '>' | '|' | '*' => ' ',
        other => other,
    }
}

/// Returns whether there is a phone number. Letters that pass for digits ("O8OO") count.
fn dials(text: &str) -> bool {
    let passes = |c: char| c.is_numeric() || matches!(c, 'o' | 'i' | 'l' | 's' | 'b');
    let disguised = |word: &str| word.chars().any(char::is_numeric) && word.chars().all(passes);
    let digits = |word: &str| if disguised(word) { word.chars().count() } else { word.chars().filter(|c| c.is_numeric()).count() };
    text.split(|c: char| !c.is_alphanumeric()).map(digits).sum::<usize>() >= DIGITS
}

/// Returns whether a word has a dot or comma where no abbreviation has one: true for "x.com" and ".com", false for "Sr.", "S.A."
/// and "J.R.".
fn is_dotted(word: &str) -> bool {
    let word = word.trim_matches(|c| matches!(c, '"' | '\'' | ';' | '!' | '?'));
    let core = word.trim_end_matches(['.', ',']);
    if core.is_empty() {
        // A lone dot between two words: "evil . com".
        return word.contains('.');
    }
    core.contains(['.', ',']) && !core.split(['.', ',']).all(|piece| piece.chars().count() == 1 && piece.chars().all(char::is_alphabetic))
}

/// Returns whether words replace the punctuation: "evil dot com", "http evil com", "zero oitocentos".
fn is_spelled_out(text: &str) -> bool {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let has = |list: &[&str], word: &str| list.contains(&word);
    let numerals = words.iter().filter(|word| has(NUMERAL_WORDS, word)).count();
    numerals >= NUMERALS
        || words.iter().enumerate().any(|(n, word)| {
            let (first, last) = (n == 0, n + 1 == words.len());
            has(INVITATIONS, word)
                || STARTS.iter().any(|start| word.starts_with(start))
                || MASHED.iter().any(|mashed| word.contains(mashed))
                || (has(DOTS, word) && !first && !last)
                || (has(ENDINGS, word) && !first && (last || words.get(n + 1) == Some(&"br")))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_and_links_however_disguised_lead_away() {
        for text in [
            "t.co/abc",
            "t.co",
            "x.com/promo",
            "x.com",
            "a.evil.com/x",
            "1.evil.com",
            "evil.com",
            "evil。com",
            "evil｡com",
            "evil．com",
            "ｅｖｉｌ．ｃｏｍ",
            "evil․com",
            "e\u{200b}vil.\u{200b}com",
            "evil[.]com",
            "evil(.)com",
            "evil (dot) com",
            "evil dot com",
            "evil ponto com",
            "evil-dot-com",
            "evil . com",
            "evil .com",
            "evil. com",
            "evil,com",
            "evil com",
            "evil com br",
            "http evil com",
            "https evil",
            "hxxp evil",
            "www evil",
            "www.x",
            "evil⁄promo",
            "Ganhe em https://x.example",
            "Visite ganhe.example agora",
            "a@premio.com",
            "@handle",
            "＠handle",
            "joao arroba evil",
            "xn--evil-1a",
            "evilpontocom",
            "127.0.0.1",
            "exemplo.中国",
        ] {
            assert!(leads_away(text), "{text}");
        }
    }

    #[test]
    fn phone_numbers_however_written_lead_away() {
        for text in [
            "0800 123 4567",
            "0800",
            "O8OO",
            "Ligue 190",
            "(11) 98765-4321",
            "0-8-0-0",
            "０８００",
            "⓪⑧⓪⓪",
            "0️⃣8️⃣0️⃣0️⃣",
            "٠٨٠٠",
            "zero oitocentos",
            "um nove dois",
            "tel: ana",
            "chama no zap",
        ] {
            assert!(leads_away(text), "{text}");
        }
    }

    #[test]
    fn names_of_people_and_companies_do_not() {
        for text in [
            "Ana",
            "J. R. Silva",
            "J.R. Silva",
            "Sr. João",
            "João S. Neto",
            "Acme S.A.",
            "Empresa & Cia. 3M Ltda.",
            "C&A Modas",
            "Padaria 24 Horas",
            "Pão com Queijo",
            "Maria da Conceição d'Ávila",
            "Ana-Clara",
            "O'Neil & \"Cia\"",
            "Ünïcödé 名前",
            "李小龍",
            "Владимир",
            "محمد علي",
            "Ponto Frio",
            "<img src=x onerror=alert(1)>",
            "{{7*7}}",
            "{link}",
        ] {
            assert!(!leads_away(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_around_it_an_address_leads_away(before in "\\p{L}{0,8} ?", after in " ?\\p{L}{0,8}") {
            let text = format!("{before}evil.com{after}");
            prop_assert!(leads_away(&text), "{}", text);
        }

        #[test]
        fn letters_alone_make_no_address(name in "[A-ZÀ-ÖØ-Ü][a-zà-öø-ü]{5,12}") {
            let word = name.to_lowercase();
            prop_assume!(!INVITATIONS.contains(&&*word));
            prop_assume!(!STARTS.iter().any(|start| word.starts_with(start)) && !MASHED.iter().any(|mashed| word.contains(mashed)));
            prop_assert!(!leads_away(&name));
        }
    }
}
