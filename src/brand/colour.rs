//! Colours, and how well one is read on another (WCAG 2.2, "contrast ratio" and "relative luminance").

use std::fmt;

/// A colour of sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Colour {
    red: u8,
    green: u8,
    blue: u8,
}

/// A contrast ratio, from 1 to 21.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Contrast(f64);

impl Contrast {
    /// Of text (WCAG 1.4.3).
    pub const OF_TEXT: Self = Self(4.5);
    /// Of borders that show where to type, and of the focus (WCAG 1.4.11).
    pub const OF_EDGES: Self = Self(3.0);
    /// Of text that is read with ease (WCAG 1.4.6).
    pub const EASY: Self = Self(7.0);
}

impl fmt::Display for Contrast {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Rounded down: 4.499 is not enough, and must not look as if it were.
        let hundredths = (self.0 * 100.0).floor() / 100.0;
        write!(f, "{hundredths}:1")
    }
}

impl Colour {
    /// Black and white are the last resort for what must be read.
    pub const WHITE: Self = Self { red: 255, green: 255, blue: 255 };

    /// A colour by its parts.
    pub const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }

    /// Reads `#rrggbb`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let part = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
        Some(Self::new(part(0)?, part(2)?, part(4)?))
    }

    /// This colour with so many hundredths of another in it.
    #[must_use]
    pub fn mixed(self, other: Self, hundredths: u16) -> Self {
        let mix = |own: u8, other: u8| {
            let sum = u16::from(own) * (100 - hundredths.min(100)) + u16::from(other) * hundredths.min(100);
            u8::try_from((sum + 50) / 100).unwrap_or(u8::MAX)
        };
        Self::new(mix(self.red, other.red), mix(self.green, other.green), mix(self.blue, other.blue))
    }

    fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.0722f64.mul_add(linear(self.blue), 0.2126f64.mul_add(linear(self.red), 0.7152 * linear(self.green)))
    }

    /// How well one is read on the other; it does not matter which is which.
    pub fn against(self, other: Self) -> Contrast {
        let (a, b) = (self.luminance() + 0.05, other.luminance() + 0.05);
        Contrast(if a > b { a / b } else { b / a })
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(text: &str) -> Colour {
        Colour::parse(text).expect("a colour")
    }

    #[test]
    fn a_colour_is_six_digits() {
        assert_eq!(colour("#0B5cad").to_string(), "#0b5cad");
        for bad in ["", "#", "#fff", "0b5cad", "#0b5cag", "#0b5cad0", "red", "#0b5c\u{e9}", "rgb(1,2,3)"] {
            assert_eq!(Colour::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        // The figures of WebAIM's checker.
        let cases = [("#000000", "#ffffff", "21:1"), ("#777777", "#ffffff", "4.47:1"), ("#0000ff", "#ffffff", "8.59:1")];
        for (a, b, told) in cases {
            assert_eq!(colour(a).against(colour(b)).to_string(), told);
            assert_eq!(colour(b).against(colour(a)).to_string(), told);
        }
        assert!(colour("#777777").against(Colour::WHITE) < Contrast::OF_TEXT);
    }

    #[test]
    fn a_mixture_lies_between() {
        let black = colour("#000000");
        assert_eq!(black.mixed(Colour::WHITE, 0), black);
        assert_eq!(black.mixed(Colour::WHITE, 50).to_string(), "#808080");
        assert_eq!(black.mixed(Colour::WHITE, 100), Colour::WHITE);
    }
}
