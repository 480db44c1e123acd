//! The colours of pages and e-mails, by what each is for. An operator sets some; what follows from them is made, and everything is
//! checked together: a colour is only good beside the others.

use super::{Colour, Contrast};
use strum::VariantArray;

/// Light or dark, as the person's device is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, VariantArray)]
pub enum Scheme {
    /// Dark text on light paper.
    Light,
    /// Light text on dark paper.
    Dark,
}

/// Declares the roles: the name of each in `portaria.toml`, which is that of its CSS property too but for the dashes, and our own
/// colour in each scheme.
macro_rules! roles {
    ($($(#[$doc:meta])* $role:ident $name:literal $light:literal $dark:literal;)*) => {
        /// What a colour is for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, VariantArray)]
        pub enum Role {
            $($(#[$doc])* $role,)*
        }

        impl Role {
            /// Its name among the settings.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$role => $name,)*
                }
            }

            const fn ours(self, scheme: Scheme) -> u32 {
                match (self, scheme) {
                    $((Self::$role, Scheme::Light) => $light, (Self::$role, Scheme::Dark) => $dark,)*
                }
            }
        }
    };
}

roles! {
    /// Behind everything.
    Paper "paper" 0x00fb_f9f4 0x0011_1816;
    /// Behind cards, panels and fields.
    Sheet "sheet" 0x00ff_ffff 0x0018_211e;
    /// Text.
    Ink "ink" 0x001b_2522 0x00e9_eee9;
    /// Text of lesser weight.
    InkSoft "ink_soft" 0x004d_5a55 0x00b2_beb8;
    /// Lines that only divide.
    Line "line" 0x00d9_d5c9 0x002f_3b37;
    /// Borders that show where to type.
    Edge "edge" 0x006f_7b76 0x0084_938d;
    /// The colour of the brand: links and buttons.
    Accent "accent" 0x0017_463f 0x008f_d3c1;
    /// The same, under a pointer.
    AccentStrong "accent_strong" 0x000e_332d 0x00b6_e6da;
    /// Text on the accent.
    OnAccent "on_accent" 0x00ff_ffff 0x000c_1f1b;
    /// A tint behind what is set off.
    Wash "wash" 0x00ea_f1ec 0x001c_2a26;
    /// The door of the drawings.
    Door "door" 0x00b8_651f 0x00e8_a15a;
    /// The light behind the door.
    Light "light" 0x00f6_e3c5 0x0033_281a;
    /// Around what the keyboard is at.
    Focus "focus" 0x00a3_4700 0x00ff_b86b;
}

impl Role {
    /// Its CSS property, without the dashes before it.
    pub fn property(self) -> String {
        self.name().replace('_', "-")
    }

    /// Every role.
    pub const ALL: &[Self] = Self::VARIANTS;

    const COUNT: usize = Self::VARIANTS.len();
}

impl Scheme {
    const fn index(self) -> usize {
        self as usize
    }

    /// The table of `portaria.toml` that sets its colours.
    pub const fn section(self) -> &'static str {
        match self {
            Self::Light => "brand.light",
            Self::Dark => "brand.dark",
        }
    }
}

/// What must be read on what. Sentences in red, green and amber keep our own colours.
const READ: &[(Role, &[Role], Contrast)] = &[
    (Role::Ink, &[Role::Paper, Role::Sheet, Role::Wash], Contrast::OF_TEXT),
    (Role::InkSoft, &[Role::Paper, Role::Sheet, Role::Wash], Contrast::OF_TEXT),
    (Role::Accent, &[Role::Paper, Role::Sheet, Role::Wash], Contrast::OF_TEXT),
    (Role::AccentStrong, &[Role::Paper, Role::Sheet, Role::Wash], Contrast::OF_TEXT),
    (Role::OnAccent, &[Role::Accent, Role::AccentStrong], Contrast::OF_TEXT),
    (Role::Edge, &[Role::Paper, Role::Sheet], Contrast::OF_EDGES),
    (Role::Focus, &[Role::Paper, Role::Sheet, Role::Wash], Contrast::OF_EDGES),
];
/// Red, green and amber, in each scheme: nobody sets them, but they stand on the paper that somebody sets.
const FIXED: [[(&str, Colour); 3]; 2] = [
    [("red", Colour::new(0xa3, 0x23, 0x1b)), ("green", Colour::new(0x1f, 0x62, 0x43)), ("amber", Colour::new(0x7a, 0x4b, 0x00))],
    [("red", Colour::new(0xff, 0x9d, 0x92)), ("green", Colour::new(0x8f, 0xdc, 0xb0)), ("amber", Colour::new(0xf3, 0xc2, 0x6b))],
];

/// Two colours that are too much alike.
#[derive(Debug, Clone, PartialEq)]
pub struct Unreadable {
    /// In which scheme.
    pub scheme: Scheme,
    /// What cannot be read there; `None`: red, green or amber, which nobody sets.
    pub role: Option<Role>,
    /// What cannot be read there, for people.
    pub what: String,
    /// On what.
    pub on: Role,
    /// The colour of that.
    pub colour: Colour,
    /// The ratio between them.
    pub found: Contrast,
    /// The ratio that is needed.
    pub needed: Contrast,
}

/// The colours of both schemes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Palette([[Colour; Role::COUNT]; 2]);

impl Default for Palette {
    fn default() -> Self {
        Self(std::array::from_fn(|scheme| {
            std::array::from_fn(|role| {
                let [_, red, green, blue] = Role::VARIANTS[role].ours(Scheme::VARIANTS[scheme]).to_be_bytes();
                Colour::new(red, green, blue)
            })
        }))
    }
}

impl Palette {
    /// Our own colours, with those of `set` instead, and with what follows from them:
    ///
    /// - the dark accent is the light one, as much lighter as it takes to be read;
    /// - what is under a pointer is the accent, nearer to the ink;
    /// - text on the accent is white or the ink, whichever is read better;
    /// - the tint is the paper with a little of the accent in it; drawings and the focus are of the accent;
    /// - lines that divide are the paper with a little of the ink.
    ///
    /// A scheme in which nothing is set, and nothing follows, is ours.
    pub fn with(set: impl Fn(Scheme, Role) -> Option<Colour>) -> Self {
        let mut palette = Self::default();
        for scheme in Scheme::VARIANTS {
            for role in Role::VARIANTS {
                if let Some(colour) = set(*scheme, *role) {
                    palette.put(*scheme, *role, colour);
                }
            }
            let accent = set(*scheme, Role::Accent).or_else(|| match scheme {
                Scheme::Dark => set(Scheme::Light, Role::Accent).map(|accent| palette.made_readable(Scheme::Dark, accent)),
                Scheme::Light => None,
            });
            let Some(accent) = accent else { continue };
            palette.put(*scheme, Role::Accent, accent);
            let (ink, paper) = (palette.of(*scheme, Role::Ink), palette.of(*scheme, Role::Paper));
            let dark_ink = Self::default().of(Scheme::Dark, Role::OnAccent);
            let strong = accent.mixed(ink, 30);
            let on = [Colour::WHITE, dark_ink].into_iter().max_by(|a, b| {
                let (a, b) = (a.against(accent), b.against(accent));
                a.partial_cmp(&b).unwrap_or(std::cmp::Ordering::Equal)
            });
            let made = [
                (Role::AccentStrong, strong),
                (Role::OnAccent, on.unwrap_or(Colour::WHITE)),
                (Role::Line, paper.mixed(ink, 15)),
                (Role::Wash, paper.mixed(accent, 8)),
                (Role::Door, accent.mixed(paper, 30)),
                (Role::Light, paper.mixed(accent, 16)),
                (Role::Focus, accent),
            ];
            for (role, colour) in made {
                if set(*scheme, role).is_none() {
                    palette.put(*scheme, role, colour);
                }
            }
        }
        palette
    }

    /// The colour, as much lighter as it takes to be read as text in a scheme.
    fn made_readable(&self, scheme: Scheme, colour: Colour) -> Colour {
        let is_read = |colour: Colour| [Role::Paper, Role::Sheet].iter().all(|on| colour.against(self.of(scheme, *on)) >= Contrast::EASY);
        let lighter = (0..=100).step_by(5).map(|part| colour.mixed(Colour::WHITE, part));
        lighter.into_iter().find(|colour| is_read(*colour)).unwrap_or(Colour::WHITE)
    }

    /// A colour.
    pub const fn of(&self, scheme: Scheme, role: Role) -> Colour {
        self.0[scheme.index()][role as usize]
    }

    const fn put(&mut self, scheme: Scheme, role: Role, colour: Colour) {
        self.0[scheme.index()][role as usize] = colour;
    }

    /// Everything that cannot be read.
    pub fn unreadable(&self) -> Vec<Unreadable> {
        let mut found = Vec::new();
        for scheme in Scheme::VARIANTS.iter().copied() {
            let mut look = |role: Option<Role>, what: &str, colour: Colour, grounds: &[Role], needed: Contrast| {
                for on in grounds.iter().copied() {
                    let ground = self.of(scheme, on);
                    let ratio = colour.against(ground);
                    if ratio < needed {
                        found.push(Unreadable { scheme, role, what: what.to_owned(), on, colour: ground, found: ratio, needed });
                    }
                }
            };
            for (role, grounds, needed) in READ.iter().copied() {
                look(Some(role), role.name(), self.of(scheme, role), grounds, needed);
            }
            for (what, colour) in FIXED[scheme.index()] {
                look(None, what, colour, &[Role::Paper, Role::Sheet], Contrast::OF_TEXT);
            }
        }
        found
    }

    /// As a style sheet: the properties that pages take their colours from.
    pub fn css(&self) -> String {
        let block = |scheme: Scheme| {
            let lines = Role::VARIANTS.iter().map(|role| format!("--{}:{};", role.property(), self.of(scheme, *role)));
            format!(":root{{{}}}", lines.collect::<String>())
        };
        format!("{}\n@media (prefers-color-scheme:dark){{{}}}\n", block(Scheme::Light), block(Scheme::Dark))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(colours: &'static [(Scheme, Role, &str)]) -> Palette {
        Palette::with(|scheme, role| {
            let (_, _, colour) = colours.iter().find(|(s, r, _)| *s == scheme && *r == role)?;
            Colour::parse(colour)
        })
    }

    #[test]
    fn our_own_colours_are_read_and_are_those_of_the_style_sheet() {
        let ours = Palette::default();
        assert_eq!(ours.unreadable(), []);
        assert_eq!(Palette::with(|_, _| None), ours);
        let css = include_str!("../../style/tokens.css");
        let (light, dark) = css.split_once("@media (prefers-color-scheme: dark)").expect("both");
        for role in Role::VARIANTS {
            for (scheme, text) in [(Scheme::Light, light), (Scheme::Dark, dark)] {
                let line = format!("--{}: {};", role.property(), ours.of(scheme, *role));
                assert!(text.contains(&line), "{line}");
            }
        }
        for (scheme, text) in [light, dark].into_iter().enumerate() {
            for ((_, colour), name) in FIXED[scheme].into_iter().zip(["danger", "good", "warn"]) {
                assert!(text.contains(&format!("--{name}: {colour};")), "{name}");
            }
        }
    }

    #[test]
    fn one_colour_makes_a_brand_that_is_read_in_both_schemes() {
        for accent in ["#5b2a86", "#8a1538", "#0b5cad", "#1a1a1a", "#7a4b00"] {
            let palette =
                Palette::with(|scheme, role| if (scheme, role) == (Scheme::Light, Role::Accent) { Colour::parse(accent) } else { None });
            assert_eq!(palette.unreadable(), [], "{accent}");
            assert_ne!(palette.of(Scheme::Dark, Role::Accent), Palette::default().of(Scheme::Dark, Role::Accent));
        }
    }

    #[test]
    fn what_cannot_be_read_is_named_with_both_ratios() {
        let palette = set(&[(Scheme::Light, Role::Accent, "#ffcc00")]);
        let found = palette.unreadable();
        let first = found.first().expect("yellow on white");
        assert_eq!((first.scheme, first.role, first.on), (Scheme::Light, Some(Role::Accent), Role::Paper));
        assert_eq!((first.found.to_string(), first.needed.to_string()), ("1.43:1".to_owned(), "4.5:1".to_owned()));
        // Nobody sets red, but it stands on the paper.
        let palette = set(&[(Scheme::Light, Role::Paper, "#a3231b"), (Scheme::Light, Role::Ink, "#ffffff")]);
        assert!(palette.unreadable().iter().any(|it| it.role.is_none() && it.what == "red"));
    }

    #[test]
    fn what_is_set_is_not_made() {
        let palette = set(&[(Scheme::Light, Role::Accent, "#5b2a86"), (Scheme::Light, Role::Focus, "#000000")]);
        assert_eq!(palette.of(Scheme::Light, Role::Focus).to_string(), "#000000");
        assert!(palette.css().starts_with(":root{--paper:#fbf9f4;--sheet:#ffffff;"), "{}", palette.css());
        assert!(palette.css().contains("--accent:#5b2a86;") && palette.css().contains("--ink-soft:#4d5a55;"));
    }
}
