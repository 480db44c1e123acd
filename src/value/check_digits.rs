//! What CPF and CNPJ share: the weighted sum modulo 11 (Receita Federal; docs/standards.md#cpf-and-cnpj).

/// The check digit (as ASCII) by what is left of the sum modulo 11: `r < 2 ? 0 : 11 - r`.
const DIGIT_BY_REMAINDER: [u8; 11] = *b"00987654321";

/// The check digit, as ASCII, of `chars` (ASCII, `0-9A-Z`; their value is the byte less 48, so `A` is 17 and not 10).
///
/// Weights run from the right: 2, 3, … up to `highest`, then 2 again. A CPF (11) never wraps around, a CNPJ wraps at 9.
fn check_digit(chars: &[u8], highest: usize) -> u8 {
    let sum: usize = chars.iter().rev().zip((2..=highest).cycle()).map(|(c, weight)| usize::from(c.saturating_sub(b'0')) * weight).sum();
    DIGIT_BY_REMAINDER[sum % 11]
}

/// Returns whether the last two characters are the check digits of the rest. `highest` is the highest weight: CPF 11, CNPJ 9.
pub(super) fn are_right(chars: &[u8], highest: usize) -> bool {
    // The second digit covers the first as well.
    matches!(chars, [body @ .., first, second]
        if check_digit(body, highest) == *first && check_digit(&chars[..chars.len() - 1], highest) == *second)
}

/// Returns whether all characters are equal. The ten such CPFs and the CNPJ of zeros have right check digits but belong to nobody.
pub(super) fn is_one_repeated(chars: &[u8]) -> bool {
    chars.windows(2).all(|pair| pair[0] == pair[1])
}

/// Writes characters in the places of `#`. Not by slices: what they say when they panic would weigh 9 kB in the browser.
pub(super) fn on_paper(characters: &str, pattern: &str) -> String {
    let mut characters = characters.chars();
    pattern.chars().filter_map(|c| if c == '#' { characters.next() } else { Some(c) }).collect()
}

/// Removes white space and the given punctuation.
pub(super) fn without(typed: &str, punctuation: &[char]) -> String {
    typed.chars().filter(|c| !c.is_whitespace() && !punctuation.contains(c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worked_examples_of_the_facts_come_out() {
        assert_eq!(check_digit(b"529982247", 11), b'2');
        assert_eq!(check_digit(b"5299822472", 11), b'5');
        assert_eq!(check_digit(b"12ABC34501DE", 9), b'3');
        assert_eq!(check_digit(b"12ABC34501DE3", 9), b'5');
    }

    #[test]
    fn repeated_digits_pass_the_sum_and_so_need_their_own_rule() {
        for digit in b'0'..=b'9' {
            assert!(are_right(&[digit; 11], 11), "CPF of {digit}");
            assert_eq!(are_right(&[digit; 14], 9), digit == b'0', "CNPJ of {digit}");
            assert!(is_one_repeated(&[digit; 11]));
        }
        assert!(!is_one_repeated(b"00000000191"));
    }

    #[test]
    fn too_short_is_never_right() {
        for chars in [&b""[..], b"0"] {
            assert!(!are_right(chars, 11));
        }
    }
}
