//! The form of the catalogue: each sentence beside its translation, its arguments by name.
//!
//! ```text
//! catalogue! {
//!     /// What is said around every page.
//!     pub struct FrameTexts {
//!         skip: "Ir para o conteúdo" | "Skip to content";         // a sentence: the field `skip: &'static str`
//!         step(k, n): "Passo {k} de {n}" | "Step {k} of {n}";     // one with arguments: the method `step(k, n) -> String`
//!         trust: [("Um" | "One", "Uma frase." | "A sentence.")];  // a list of headings, each with its text
//!         login: CodeTexts { subject: "…" | "…"; sms(code): "…{code}…" | "…{code}…"; };
//!         hints: HintTexts;                                       // a struct of its own, filled by its own table
//!     }
//!
//!     /// What several have in common, each in its own words.
//!     pub shape CodeTexts {
//!         subject;
//!         sms(code);
//!     }
//! }
//! ```
//!
//! Portuguese first, English second: a sentence without its translation does not match the macro. What stands in braces is
//! checked while the catalogue is compiled: in each language a sentence has a place for every argument, and for nothing else.

use std::fmt::{Display, Write};

/// A sentence with arguments: whoever shows it calls the method of its name.
#[derive(Debug, Clone, Copy)]
pub struct Template(&'static str);

impl Template {
    /// A template with a placeholder for each argument, at least once, and for nothing else; otherwise it does not compile.
    pub(crate) const fn of(words: &'static str, arguments: &[&str]) -> Self {
        let template = Self(words);
        template.takes(arguments);
        template
    }

    pub(crate) const fn takes(self, arguments: &[&str]) {
        let mut found = 0_u32;
        let mut rest = self.0.as_bytes();
        while let Some((byte, after)) = rest.split_first() {
            rest = after;
            if *byte != b'{' {
                continue;
            }
            let Some(which) = first(rest, arguments) else { panic!("{}", self.0) };
            found |= 1 << which;
        }
        assert!(found.count_ones() as usize == arguments.len(), "{}", self.0);
    }

    /// Inserts the arguments. Inserted text is never scanned for placeholders.
    pub(crate) fn fill(self, arguments: &[(&str, &dyn Display)]) -> String {
        let mut filled = String::with_capacity(self.0.len() + 32);
        let mut rest = self.0;
        while let Some((before, (name, after))) = rest.split_once('{').and_then(|(before, from)| Some((before, from.split_once('}')?))) {
            filled.push_str(before);
            for (_, value) in arguments.iter().filter(|(argument, _)| *argument == name) {
                // Writing to a `String` cannot fail.
                let _ = write!(filled, "{value}");
            }
            rest = after;
        }
        filled.push_str(rest);
        filled
    }
}

/// Returns which of the names `text` starts with, followed by a closing brace.
const fn first(text: &[u8], names: &[&str]) -> Option<usize> {
    let mut which = 0;
    while which < names.len() {
        let name = names[which].as_bytes();
        let mut at = 0;
        while at < name.len() && at < text.len() && name[at] == text[at] {
            at += 1;
        }
        if at == name.len() && at < text.len() && text[at] == b'}' {
            return Some(which);
        }
        which += 1;
    }
    None
}

/// A sentence without arguments; one with a placeholder does not compile.
pub(crate) const fn whole(words: &'static str) -> &'static str {
    Template(words).takes(&[]);
    words
}

/// See the head of this file.
macro_rules! catalogue {
    () => {};
    ($(#[$about:meta])* pub struct $Group:ident { $($entries:tt)* } $($rest:tt)*) => {
        catalogue!(@entries [group [$(#[$about])*] $Group] [] [] [] [] $($entries)*);
        catalogue!($($rest)*);
    };
    ($(#[$about:meta])* pub shape $Shape:ident { $($entries:tt)* } $($rest:tt)*) => {
        catalogue!(@entries [shape [$(#[$about])*] $Shape] [] [] [] [] $($entries)*);
        catalogue!($($rest)*);
    };

    // Consumes one entry after the other: fields, methods, arguments of a shape, values by language.
    (@entries $of:tt [$($fields:tt)*] $methods:tt $arguments:tt [$($values:tt)*]
        $(#[$doc:meta])* $name:ident: $pt:literal | $en:literal; $($rest:tt)*) => {
        catalogue!(@entries $of [$($fields)* $(#[$doc])* pub $name: &'static str,] $methods $arguments
            [$($values)* ($name, crate::table::whole($pt), crate::table::whole($en))] $($rest)*);
    };
    (@entries $of:tt $fields:tt $methods:tt [$($arguments:tt)*] [$($values:tt)*]
        $(#[$doc:meta])* $name:ident($($arg:ident),+): $pt:literal | $en:literal; $($rest:tt)*) => {
        catalogue!(@entries $of $fields $methods [$($arguments)*]
            [$($values)* ($name,
                crate::table::Template::of($pt, &[$(stringify!($arg)),+]),
                crate::table::Template::of($en, &[$(stringify!($arg)),+]))]
            @said $(#[$doc])* $name($($arg),+); $($rest)*);
    };
    (@entries $of:tt $fields:tt $methods:tt $arguments:tt [$($values:tt)*]
        $(#[$doc:meta])* $name:ident: $Shape:ident {
            $($part:ident $(($($arg:ident),+))?: $pt:literal | $en:literal;)*
        }; $($rest:tt)*) => {
        catalogue!(@entries $of $fields $methods $arguments
            [$($values)* ($name,
                $Shape { $($part: catalogue!(@value $pt $(, $($arg),+)?)),* }.checked(),
                $Shape { $($part: catalogue!(@value $en $(, $($arg),+)?)),* }.checked())]
            @field $(#[$doc])* $name: $Shape; $($rest)*);
    };
    (@entries $of:tt [$($fields:tt)*] $methods:tt $arguments:tt [$($values:tt)*]
        $(#[$doc:meta])* $name:ident: [$(($pt:literal | $en:literal, $pt_text:literal | $en_text:literal)),+ $(,)?]; $($rest:tt)*) => {
        catalogue!(@entries $of [$($fields)* $(#[$doc])* pub $name: &'static [(&'static str, &'static str)],] $methods $arguments
            [$($values)* ($name,
                const { &[$((crate::table::whole($pt), crate::table::whole($pt_text))),+] },
                const { &[$((crate::table::whole($en), crate::table::whole($en_text))),+] })]
            $($rest)*);
    };
    (@entries $of:tt $fields:tt $methods:tt $arguments:tt [$($values:tt)*]
        $(#[$doc:meta])* $name:ident: $Group:ident; $($rest:tt)*) => {
        catalogue!(@entries $of $fields $methods $arguments
            [$($values)* ($name, $Group::of(crate::Language::PtBr), $Group::of(crate::Language::En))]
            @field $(#[$doc])* $name: $Group; $($rest)*);
    };
    (@entries $of:tt [$($fields:tt)*] $methods:tt $arguments:tt $values:tt $(#[$doc:meta])* $name:ident; $($rest:tt)*) => {
        catalogue!(@entries $of [$($fields)* $(#[$doc])* pub $name: &'static str,] $methods $arguments $values $($rest)*);
    };
    (@entries $of:tt $fields:tt $methods:tt [$($arguments:tt)*] $values:tt
        $(#[$doc:meta])* $name:ident($($arg:ident),+); $($rest:tt)*) => {
        catalogue!(@entries $of $fields $methods [$($arguments)* ($name $($arg)+)] $values
            @said $(#[$doc])* $name($($arg),+); $($rest)*);
    };
    (@entries $of:tt [$($fields:tt)*] $methods:tt $arguments:tt $values:tt
        @field $(#[$doc:meta])* $name:ident: $Type:ident; $($rest:tt)*) => {
        catalogue!(@entries $of [$($fields)* $(#[$doc])* pub $name: $Type,] $methods $arguments $values $($rest)*);
    };
    (@entries $of:tt [$($fields:tt)*] [$($methods:tt)*] $arguments:tt $values:tt
        @said $(#[$doc:meta])* $name:ident($($arg:ident),+); $($rest:tt)*) => {
        catalogue!(@entries $of
            [$($fields)* pub(crate) $name: crate::table::Template,]
            [$($methods)*
                $(#[$doc])*
                pub fn $name(&self, $($arg: impl std::fmt::Display),+) -> String {
                    self.$name.fill(&[$((stringify!($arg), &$arg)),+])
                }
            ]
            $arguments $values $($rest)*);
    };

    (@entries [group [$($about:tt)*] $Group:ident] [$($fields:tt)*] [$($methods:tt)*] [] [$(($name:ident, $pt:expr, $en:expr))*]) => {
        catalogue!(@define [$($about)*] $Group [$($fields)*] [$($methods)*]);
        impl $Group {
            pub(crate) const fn of(language: crate::Language) -> Self {
                match language {
                    crate::Language::PtBr => Self { $($name: $pt),* },
                    crate::Language::En => Self { $($name: $en),* },
                }
            }
        }
    };
    (@entries [shape [$($about:tt)*] $Shape:ident] [$($fields:tt)*] [$($methods:tt)*] [$(($name:ident $($arg:ident)+))*] []) => {
        catalogue!(@define [$($about)*] $Shape [$($fields)*] [$($methods)*]);
        impl $Shape {
            /// Every sentence takes what this shape gives it.
            pub(crate) const fn checked(self) -> Self {
                $(self.$name.takes(&[$(stringify!($arg)),+]);)*
                self
            }
        }
    };
    (@define [$($about:tt)*] $Name:ident [$($fields:tt)*] [$($methods:tt)*]) => {
        $($about)*
        #[derive(Debug)]
        #[allow(missing_docs, reason = "a sentence says itself what it is for")]
        pub struct $Name { $($fields)* }
        #[allow(missing_docs, reason = "a sentence says itself what it is for")]
        impl $Name { $($methods)* }
    };
    (@value $words:literal) => {
        crate::table::whole($words)
    };
    (@value $words:literal, $($arg:ident),+) => {
        crate::table::Template::of($words, &[$(stringify!($arg)),+])
    };
}

#[cfg(test)]
mod tests {
    use super::Template;
    use std::panic::catch_unwind;

    #[test]
    fn values_go_in_by_name_and_are_not_looked_at_again() {
        let template = Template::of("Olá, {name}: {n} min, {n}", &["name", "n"]);
        assert_eq!(template.fill(&[("name", &"{n}"), ("n", &5)]), "Olá, {n}: 5 min, 5");
    }

    #[test]
    fn a_sentence_whose_places_are_not_its_arguments_is_refused() {
        // In the catalogue the compiler evaluates this.
        let refused = |words: &'static str, arguments: &[&'static str]| {
            let arguments = arguments.to_vec();
            catch_unwind(move || Template::of(words, &arguments)).is_err()
        };
        assert!(!refused("{a} {b} {a}", &["b", "a"]));
        assert!(!refused("tudo", &[]));
        for (words, arguments) in
            [("{a}", &["a", "b"][..]), ("{a} {b}", &["a"]), ("{a}", &[]), ("{ab}", &["a"]), ("{a", &["a"]), ("{", &["a"]), ("a", &["a"])]
        {
            assert!(refused(words, arguments), "{words}");
        }
    }
}
