//! E-mail addresses.

use super::misspelt::domain_meant;
use super::pasted;
use crate::error::FieldError;
use std::borrow::Cow;

/// The longest address in octets: RFC 5321 §4.5.3.1.3 gives a path 256, two of them the angle brackets (erratum 1690).
const MAX: u16 = 254;

/// The longest local part in octets (RFC 5321 §4.5.3.1.1).
const MAX_LOCAL: usize = 64;

/// An e-mail address. Canonical form: lower-cased, the domain in the ASCII form that mail and DNS carry, without a dot at its end.
///
/// The shape is the `Dot-string "@" Domain` of RFC 5321 §4.1.2 with a domain of two labels or more: no quoted local part
/// and no address literal, which nobody types and which are where header injection hides. Lower-casing the local part
/// as well goes beyond the RFC: SPEC §1 makes it unique that way, and a provider that tells `Ana@` from `ana@` is not to be found.
/// Dots and `+tag` stay: removing them would be a guess about other people's servers (OWASP e-mail validation).
///
/// A domain beyond ASCII is the same however it is typed: `ana@Café.com.br` is `ana@xn--caf-dma.com.br` (UTS 46), which is what
/// browsers make of it. The tables for that weigh more than the rest of this crate and stay on the server (feature `service`);
/// the browser only looks whether it can be one. A local part beyond ASCII is refused: few carriers take it (RFC 6531).
/// Source: seeds 000, 001, 003, 004.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

redacted!(Email);
serde_as_text!(Email, as_str, parse);

impl Email {
    /// The longest, in characters.
    pub const LONGEST: u16 = MAX;

    /// Reads an address.
    ///
    /// # Errors
    /// [`FieldError::Required`] when blank, [`FieldError::TooLong`] above 254 characters,
    /// [`FieldError::EmailShape`] otherwise.
    pub fn parse(typed: &str) -> Result<Self, FieldError> {
        let typed = pasted::read(typed);
        if typed.is_empty() {
            return Err(FieldError::Required);
        }
        if typed.chars().count() > usize::from(MAX) {
            return Err(FieldError::TooLong { max: MAX });
        }
        let (local, domain) = typed.split_once('@').ok_or(FieldError::EmailShape)?;
        // A dot at the end names the DNS root, which nobody means.
        let domain = domain.strip_suffix(DOTS).unwrap_or(domain);
        if !is_local(local) {
            return Err(FieldError::EmailShape);
        }
        let domain = in_ascii(domain).filter(|domain| is_domain(domain)).ok_or(FieldError::EmailShape)?;
        let address = [&local.to_ascii_lowercase(), "@", &domain].concat();
        if address.len() > usize::from(MAX) { Err(FieldError::TooLong { max: MAX }) } else { Ok(Self(address)) }
    }

    /// Returns whether it can be an address, as far as a page looks while it is typed: what [`Email::parse`] takes passes, and most of what it
    /// refuses does not.
    pub fn is_likely(typed: &str) -> bool {
        let (mut ats, mut before, mut dotted) = (0, b'@', false);
        for c in pasted::read(typed).bytes() {
            match c {
                b'@' if matches!(before, b'@' | b'.') => return false,
                b'@' => ats += 1,
                b'.' if before == b'@' => return false,
                b' ' => return false,
                // What is beyond ASCII may be a dot, too.
                _ if ats == 1 && (before == b'.' || !c.is_ascii()) => dotted = true,
                _ => {}
            }
            before = c;
        }
        ats == 1 && dotted
    }

    /// The address. To send to and to look up by, never for a log.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the part before the `@`. Passwords must not be built from it (ASVS 6.2.11).
    pub fn local(&self) -> &str {
        self.0.split_once('@').map_or("", |(local, _)| local)
    }

    /// Returns the address without the tag after a `+`. Only for counting the sends to one mailbox, never for comparing addresses.
    /// Dots stay, because only some servers ignore them.
    pub fn untagged(&self) -> String {
        let mailbox = self.local().split('+').next().filter(|mailbox| !mailbox.is_empty()).unwrap_or(self.local());
        format!("{mailbox}@{}", self.domain())
    }

    /// Returns the part after the `@`.
    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, domain)| domain)
    }

    /// Returns the usual domain that was probably meant, if this one looks like a slip of the finger.
    pub fn domain_meant(&self) -> Option<&'static str> {
        domain_meant(self.domain())
    }

    /// Returns the same of what was typed, if it is an address.
    pub fn domain_meant_by(typed: &str) -> Option<&'static str> {
        Self::parse(typed).ok().and_then(|email| email.domain_meant())
    }

    /// Returns the same as far as it is seen at a glance, without judging the address: a page does so in the browser, whose part stays
    /// small.
    pub fn domain_meant_at_a_glance(typed: &str) -> Option<&'static str> {
        pasted::read(typed).rsplit_once('@').and_then(|(_, domain)| domain_meant(&domain.to_ascii_lowercase()))
    }

    /// Returns `j***@e***.com`: first letters and last label, without revealing the lengths (OWASP, docs/standards.md#masks).
    pub fn masked(&self) -> String {
        let first = |text: &str| text.chars().next().unwrap_or('*');
        let top = self.domain().rsplit('.').next().unwrap_or_default();
        format!("{}***@{}***.{top}", first(self.local()), first(self.domain()))
    }
}

/// RFC 5322 §3.2.3 `dot-atom-text`.
fn is_local(local: &str) -> bool {
    local.len() <= MAX_LOCAL && local.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(is_atext))
}

/// RFC 5322 §3.2.3 `atext`.
fn is_atext(c: u8) -> bool {
    c.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&c)
}

/// The separators of domain labels in all scripts (UTS 46 §4.5).
const DOTS: [char; 4] = ['.', '\u{3002}', '\u{FF0E}', '\u{FF61}'];

/// Returns the domain in its ASCII form, lower-cased; `None`: it is no valid domain.
///
/// By the `idna` crate: UTS 46, non-transitional, as browsers do it. Hyphens are judged by [`is_label`]: `r3---sn` is a name in use.
#[cfg(feature = "service")]
fn in_ascii(domain: &str) -> Option<Cow<'_, str>> {
    use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
    Uts46::new().to_ascii(domain.as_bytes(), AsciiDenyList::URL, Hyphens::Allow, DnsLength::Ignore).ok()
}

/// The browser's version, without the tables: each non-ASCII letter becomes an `x`, which is enough to check the shape.
#[cfg(not(feature = "service"))]
#[expect(clippy::unnecessary_wraps, reason = "the other one may refuse")]
fn in_ascii(domain: &str) -> Option<Cow<'_, str>> {
    let letter = |c: char| match c {
        c if DOTS.contains(&c) => '.',
        c if c.is_ascii() => c.to_ascii_lowercase(),
        _ => 'x',
    };
    Some(domain.chars().map(letter).collect())
}

/// Returns whether there are two or more labels of letters, digits and inner hyphens (RFC 1123 §2.1). The last must not be a
/// number, because that would be an IP address.
fn is_domain(domain: &str) -> bool {
    let top = domain.rsplit('.').next().unwrap_or_default();
    domain.contains('.') && domain.split('.').all(is_label) && !top.bytes().all(|c| c.is_ascii_digit())
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_tag_is_left_out_where_a_mailbox_is_counted_and_dots_are_not() {
        for (typed, counted) in
            [("Ana+loja@example.com", "ana@example.com"), ("a.n.a@gmail.com", "a.n.a@gmail.com"), ("+x@example.com", "+x@example.com")]
        {
            assert_eq!(Email::parse(typed).expect("an address").untagged(), counted);
        }
    }

    #[test]
    fn a_slip_is_seen_at_a_glance_as_it_is_in_an_address() {
        for typed in ["ana@gmial.com", " Ana@GMIAL.com ", "\u{2068}ana@gmial.com\u{2069}", "ana@gmail.com", "ana@example.com"] {
            assert_eq!(Email::domain_meant_at_a_glance(typed), Email::domain_meant_by(typed), "{typed}");
        }
        for typed in ["", "ana", "gmial.com", "@"] {
            assert_eq!(Email::domain_meant_at_a_glance(typed), None, "{typed}");
        }
    }

    #[test]
    fn addresses_are_trimmed_and_lower_cased() {
        assert_eq!(Email::parse(" Usuario@Email.COM \n").unwrap().as_str(), "usuario@email.com");
    }

    #[test]
    fn ordinary_and_odd_addresses_are_taken() {
        for valid in [
            "usuario@email.com",
            "a@b.co",
            "ana.maria+portaria@sub.exemplo.com.br",
            "o'brien@example.org",
            "!#$%&'*+-/=?^_`{|}~@example.org",
            "1234567890@example.org",
            "ana@123.com",
            "ana@xn--caf-dma.com.br",
            "ana@exemplo.xn--p1ai",
        ] {
            assert_eq!(Email::parse(valid).expect(valid).as_str(), valid);
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for invalid in [
            "ana",
            "@",
            "ana@",
            "@exemplo.com",
            "ana@exemplo",
            "ana@@exemplo.com",
            "ana@b@exemplo.com",
            ".ana@exemplo.com",
            "ana.@exemplo.com",
            "ana..maria@exemplo.com",
            "ana maria@exemplo.com",
            "ana@exem plo.com",
            "ana@.exemplo.com",
            "ana@exemplo..com",
            "ana@-exemplo.com",
            "ana@exemplo-.com",
            "ana@exem_plo.com",
            "ana@127.0.0.1",
            "ana@[127.0.0.1]",
            "\"ana maria\"@exemplo.com",
            "Ana <ana@exemplo.com>",
            "ana(x)@exemplo.com",
            "ana,bia@exemplo.com",
            "ana@exemplo.com,bia@exemplo.com",
            "ana@exemplo.com\r\nBcc: bia@exemplo.com",
            "ana\r\n@exemplo.com",
            "ana\0@exemplo.com",
            "ana\t@exemplo.com",
            "joão@exemplo.com",
            "ana@exemplo.com..",
            "ana@.",
            "ana@exem\u{301}",
            "ana@\u{301}exemplo.com",
            "ana@exem\u{2028}plo.com",
            "ana@exemplo．１２７",
            "ana@exem℀plo.com",
            "ana@xn--a.com",
        ] {
            assert_eq!(Email::parse(invalid), Err(FieldError::EmailShape), "{invalid:?}");
        }
    }

    /// Pairs of spellings, the canonical one last.
    const SPELLINGS: [(&str, &str); 12] = [
        ("ana@café.com.br", "ana@xn--caf-dma.com.br"),
        ("ANA@CAFÉ.COM.BR", "ana@xn--caf-dma.com.br"),
        ("ana@cafe\u{301}.com.br", "ana@xn--caf-dma.com.br"),
        ("ana@XN--CAF-DMA.com.br", "ana@xn--caf-dma.com.br"),
        ("ana@café.com.br.", "ana@xn--caf-dma.com.br"),
        ("ana@münchen.example", "ana@xn--mnchen-3ya.example"),
        ("ana@straße.example", "ana@xn--strae-oqa.example"),
        ("ana@пример.рф", "ana@xn--e1afmkfd.xn--p1ai"),
        ("ana@例え。jp", "ana@xn--r8jz45g.jp"),
        ("ana@exemplo．com", "ana@exemplo.com"),
        ("ana@ｅｘｅｍｐｌｏ.com", "ana@exemplo.com"),
        ("Ana@Exemplo.COM.", "ana@exemplo.com"),
    ];

    #[test]
    fn an_international_domain_is_one_address_however_it_is_typed() {
        for (typed, canonical) in SPELLINGS {
            assert!(Email::is_likely(typed), "{typed}");
            assert_eq!(Email::parse(typed).expect(typed).as_str(), canonical);
            assert_eq!(Email::parse(canonical).expect(canonical).as_str(), canonical);
        }
    }

    #[test]
    fn an_address_is_read_without_what_cannot_be_seen() {
        for typed in ["\u{200b}ana-maria@exemplo.com", "ana\u{2011}maria@exemplo.com\u{feff}", "\u{a0}ana–maria@exem\u{ad}plo.com\u{2009}"]
        {
            assert_eq!(Email::parse(typed).expect(typed).as_str(), "ana-maria@exemplo.com");
        }
    }

    #[test]
    fn lengths_end_where_the_rfcs_end_them() {
        assert!(Email::parse(&format!("{}@exemplo.com", "a".repeat(64))).is_ok());
        assert_eq!(Email::parse(&format!("{}@exemplo.com", "a".repeat(65))), Err(FieldError::EmailShape));
        assert!(Email::parse(&format!("a@{}.com", "b".repeat(63))).is_ok());
        assert_eq!(Email::parse(&format!("a@{}.com", "b".repeat(64))), Err(FieldError::EmailShape));

        let longest = format!("{}@{}.{}.{}.br", "a".repeat(64), "b".repeat(63), "c".repeat(63), "d".repeat(58));
        assert_eq!(longest.len(), 254);
        assert!(Email::parse(&longest).is_ok());
        assert_eq!(Email::parse(&longest.replace(".br", ".com")), Err(FieldError::TooLong { max: 254 }));
    }

    #[test]
    fn a_page_sees_at_a_glance_what_is_no_address() {
        for typed in [
            "",
            "ana",
            "ana@",
            "@exemplo.com",
            "ana@exemplo",
            "ana@exemplo.",
            "ana@.com",
            "ana@@exemplo.com",
            "ana b@exemplo.com",
            ".ana@x.br",
            "ana.@x.br",
        ] {
            assert!(!Email::is_likely(typed) && Email::parse(typed).is_err(), "{typed}");
        }
        for typed in [
            "ana@café.com.br",
            "\u{200b}ana@exemplo.com\u{feff}",
            "\u{200b} ana@exemplo.com",
            "ana@\u{ad}exemplo.com",
            "ana@exemplo。com",
            " ana@exemplo.com. ",
        ] {
            assert!(Email::is_likely(typed) && Email::parse(typed).is_ok(), "{typed}");
        }
    }

    #[test]
    fn a_mask_leaves_first_letters_and_the_last_label() {
        assert_eq!(Email::parse("joao@exemplo.com").unwrap().masked(), "j***@e***.com");
        assert_eq!(Email::parse("a@b.exemplo.com.br").unwrap().masked(), "a***@b***.br");
    }

    #[test]
    fn the_two_halves_can_be_had() {
        let email = Email::parse("Ana.Maria@Exemplo.com.br").unwrap();
        assert_eq!((email.local(), email.domain()), ("ana.maria", "exemplo.com.br"));
    }

    proptest! {
        #[test]
        fn the_canonical_form_is_a_fixed_point_in_any_case(typed in "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,20}(\\.[A-Za-z0-9+_-]{1,10}){0,2}@([A-Za-z0-9][A-Za-z0-9-]{0,10}[a-z0-9]\\.){1,3}[A-Za-z]{2,6}") {
            // Such a label is Punycode, and seldom right by chance.
            prop_assume!(!typed.to_ascii_lowercase().contains("xn--"));
            let email = Email::parse(&typed).unwrap();
            prop_assert!(Email::is_likely(&typed) && Email::is_likely(email.as_str()));
            prop_assert_eq!(Email::parse(email.as_str()), Ok(email.clone()));
            prop_assert_eq!(Email::parse(&typed.to_ascii_uppercase()), Ok(email.clone()));
            prop_assert_eq!(format!("{}@{}", email.local(), email.domain()), email.as_str());
        }

        #[test]
        fn whatever_is_taken_is_one_line_of_plain_ascii(typed in "[ -~\r\n\u{e3}\u{200b}]{1,6}@([ -~\r\n\u{e3}]{1,8}|\\PC{1,8})[.。．][a-z0-9\r\n]{1,4}") {
            if let Ok(email) = Email::parse(&typed) {
                prop_assert!(Email::is_likely(&typed), "{:?}", typed);
                prop_assert_eq!(Email::parse(email.as_str()), Ok(email.clone()));
                prop_assert!(email.as_str().bytes().all(|c| c.is_ascii_graphic()));
                prop_assert_eq!(email.as_str().matches('@').count(), 1);
            }
        }
    }
}
