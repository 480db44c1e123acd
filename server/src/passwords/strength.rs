//! How hard a password is to guess (SPEC §5, ASVS 6.1.2).

use portaria::value::Strength;
use std::collections::BTreeSet;

/// The product's name with digits and signs around it is the first password that people try (ASVS 6.1.2).
const PRODUCT: &str = "portaria";

/// How many characters zxcvbn judges at once: its time grows with the square of the length. 40 characters decide.
const JUDGED: usize = 40;
/// The same for a password with many different signs that may stand for letters. zxcvbn tries every reading of them, and
/// each reading over every stretch of the password.
const JUDGED_OF_MANY_SIGNS: usize = 12;
/// Above this number of different signs, the shorter limit applies. A word with more signs replaced is not among the first
/// that people try.
const MANY_SIGNS: usize = 5;
/// The signs that zxcvbn reads as letters.
const SIGNS: &str = "4@8({[<3691!|70$5+%2";

/// How many letters and digits of something known make a stretch of it: a phone without its DDD, the half of a CPF.
const STRETCH: usize = 6;
/// A whole word is known from this length on. Shorter ones stand in too many other words.
const WORD: usize = 4;

/// Returns how hard a password is to guess, by the zxcvbn score of what is left of it when all that is known of its owner is taken out.
///
/// A longer password is as hard as the harder of its first and its last part. An attacker has to guess all of it, so one hard
/// part makes it hard. A repetition of easy parts is refused at any length. Rejected: judging only the beginning, which
/// would refuse a hard password with an easy start.
pub fn strength(password: &str, known: &[&str]) -> Strength {
    let characters = unknown(password, known);
    let letters: String = characters.iter().filter(|c| c.is_alphabetic()).flat_map(|c| c.to_lowercase()).collect();
    if letters == PRODUCT {
        return Strength::Guessable;
    }
    let mut inputs = vec![PRODUCT];
    inputs.extend(known.iter().flat_map(|it| it.split_whitespace().chain([*it])));
    let judge = |part: &[char]| match zxcvbn::zxcvbn(&part.iter().collect::<String>(), &inputs).score() {
        zxcvbn::Score::Zero | zxcvbn::Score::One => Strength::Guessable,
        zxcvbn::Score::Two => Strength::Fair,
        _ => Strength::Strong,
    };
    let signs = SIGNS.chars().filter(|sign| characters.contains(sign)).count();
    let judged = if signs > MANY_SIGNS { JUDGED_OF_MANY_SIGNS } else { JUDGED };
    let start = &characters[..characters.len().min(judged)];
    let end = &characters[characters.len().saturating_sub(judged)..];
    match judge(start) {
        Strength::Strong => Strength::Strong,
        first if start.len() < characters.len() => first.max(judge(end)),
        first => first,
    }
}

/// Returns the password without each stretch that stands in something known, however it is written: signs within it and the case of
/// letters do not count. zxcvbn does not see such a stretch where it begins before the part that it judges, or where dots are in it.
fn unknown(password: &str, known: &[&str]) -> Vec<char> {
    let characters: Vec<char> = password.chars().collect();
    // Each letter or digit, and its place.
    let read: Vec<(usize, char)> =
        characters.iter().enumerate().filter(|(_, c)| c.is_alphanumeric()).map(|(place, c)| (place, lower(*c))).collect();
    let wholes: Vec<Vec<char>> = known.iter().map(|it| letters(it)).collect();
    let words: BTreeSet<Vec<char>> = known.iter().flat_map(|it| it.split_whitespace()).map(letters).filter(|it| it.len() >= WORD).collect();
    let mut cut = vec![false; characters.len()];
    let mut from = 0;
    while from < read.len() {
        let rest = &read[from..];
        let stretch = wholes.iter().map(|whole| longest(rest, whole)).filter(|length| *length >= STRETCH);
        let word = words.iter().filter(|word| begins(rest, word)).map(Vec::len);
        let Some(length) = stretch.chain(word).max() else {
            from += 1;
            continue;
        };
        let last = from + length - 1;
        cut[read[from].0..=read[last].0].fill(true);
        from = last + 1;
    }
    characters.into_iter().zip(cut).filter(|(_, is_cut)| !is_cut).map(|(c, _)| c).collect()
}

fn lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

fn letters(text: &str) -> Vec<char> {
    text.chars().filter(|c| c.is_alphanumeric()).map(lower).collect()
}

fn begins(read: &[(usize, char)], word: &[char]) -> bool {
    read.len() >= word.len() && read.iter().zip(word).all(|((_, read), of_word)| read == of_word)
}

/// How many characters from the start of `read` stand in `whole`, one after the other.
fn longest(read: &[(usize, char)], whole: &[char]) -> usize {
    let alike = |from: usize| read.iter().zip(&whole[from..]).take_while(|((_, read), of_whole)| read == *of_whole).count();
    (0..whole.len()).map(alike).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_guessable(password: &str, known: &[&str]) -> bool {
        strength(password, known) == Strength::Guessable
    }

    #[test]
    fn the_most_guessable_are_refused_and_what_is_known_counts() {
        assert!(is_guessable("password1", &[]));
        assert!(is_guessable("Portaria@12345", &[]));
        assert!(!is_guessable("Senha@1234x", &[]));
        assert!(is_guessable("anasouza1", &["anasouza"]));
        assert!(!is_guessable("Pão de queijo às 7, com café #forte", &[]));
    }

    #[test]
    fn what_is_known_is_no_part_of_a_hard_password_wherever_and_however_it_is_written() {
        let known = ["Ana Júlia Souza", "ana.souza.rj", "+5521987654321", "52998224725", "12ABC34501DE35"];
        for guessable in [
            "52998224725Aa@!",
            "Aa@!52998224725",
            "Aa@!529.982.247-25",
            "X529982247-25#",
            "@A529982a!",
            "A5z@52998224725",
            "+55 (21) 98765-4321 Aa",
            "Aa@98765-4321",
            "5521987654321Ab!",
            "12.ABC.345/01DE-35@a",
            "12abc34501de35@A",
            "Ana.Souza.RJ@1",
            "AnaSouzaRj!2",
            "Souza@2024",
            "@Júlia#1987",
            "52998224725-21987654321",
        ] {
            assert!(is_guessable(guessable, &known), "{guessable}");
        }
        for hard in ["v7Kq!uD2#xLw9Tz 52998224725", "Souza, o cavalo: bateria e grampo", "92847251038aQ!x"] {
            assert!(!is_guessable(hard, &known), "{hard}");
        }
    }

    #[test]
    fn of_a_long_password_one_hard_part_makes_it_hard_and_repeating_the_guessable_does_not() {
        for guessable in ["a".repeat(256), "password".repeat(30), "12345678".repeat(32)] {
            assert!(is_guessable(&guessable, &[]), "{guessable}");
        }
        let hard = "v7Kq!uD2#xLw9Tz";
        for hard in [format!("{}{hard}", "a".repeat(100)), format!("{hard}{}", "a".repeat(100)), hard.repeat(10)] {
            assert!(!is_guessable(&hard, &[]), "{hard}");
        }
    }

    /// The worst known case for zxcvbn: every character may be read as a letter, or as two (security review, H7).
    #[test]
    fn no_password_is_judged_for_long() {
        let leet = "4@8({[<369!1|70$5+%2";
        let repeated = "21987654".repeat(32);
        for password in [leet.repeat(13)[..256].to_owned(), leet.repeat(2), "1!|".repeat(80), "4@(8{3[6<9".repeat(25), repeated] {
            let started = std::time::Instant::now();
            is_guessable(&password, &["Ana Souza", "ana.souza", "21987654321"]);
            assert!(started.elapsed() < std::time::Duration::from_millis(500), "{:?} {password}", started.elapsed());
        }
    }
}
