//! Domains of e-mail addresses that look like a slip of the finger. It is noticed, never forced: anybody may have such a domain.

/// Where most mailboxes of Brazil are.
const USUAL: [&str; 12] = [
    "gmail.com",
    "hotmail.com",
    "outlook.com",
    "outlook.com.br",
    "yahoo.com.br",
    "yahoo.com",
    "icloud.com",
    "live.com",
    "uol.com.br",
    "bol.com.br",
    "terra.com.br",
    "globo.com",
];
/// Providers whose own domain is one letter from a usual one.
const NO_SLIPS: [&str; 4] = ["mail.com", "ymail.com", "gmx.com", "love.com"];

/// Returns the usual domain that was probably meant; `None`: it is one itself, or near none.
pub fn domain_meant(domain: &str) -> Option<&'static str> {
    if USUAL.contains(&domain) || NO_SLIPS.contains(&domain) {
        return None;
    }
    // The country's ending is put where there is none.
    if domain == "gmail.com.br" {
        return Some("gmail.com");
    }
    USUAL.into_iter().find(|usual| is_slip(domain.as_bytes(), usual.as_bytes()))
}

/// Returns whether one letter was left out, added or mistaken, or two neighbours changed places.
fn is_slip(typed: &[u8], meant: &[u8]) -> bool {
    let same = typed.iter().zip(meant).take_while(|(a, b)| a == b).count();
    let (typed, meant) = (&typed[same..], &meant[same..]);
    match (typed, meant) {
        ([_, rest @ ..], _) if rest == meant => true,
        (_, [_, rest @ ..]) if rest == typed => true,
        ([_, a @ ..], [_, b @ ..]) if a == b => true,
        ([a, b, rest @ ..], [c, d, end @ ..]) => a == d && b == c && rest == end,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::domain_meant;

    #[test]
    fn a_slip_of_the_finger_is_noticed() {
        for slip in ["gmial.com", "gmai.com", "gmaill.com", "gnail.com", "gmail.con", "gmail.co", "gmail.com.br", "gmail.cm"] {
            assert_eq!(domain_meant(slip), Some("gmail.com"), "{slip}");
        }
        assert_eq!(domain_meant("hotmial.com"), Some("hotmail.com"));
        assert_eq!(domain_meant("yaho.com.br"), Some("yahoo.com.br"));
    }

    #[test]
    fn other_domains_are_left_alone() {
        for other in ["gmail.com", "mail.com", "ymail.com", "example.com", "empresa.com.br", "ufmg.br", "", "g"] {
            assert_eq!(domain_meant(other), None, "{other}");
        }
    }
}
