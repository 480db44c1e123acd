//! How a part is told what it needs: texts, one a line, in the attribute `data-props` of its element.

/// A part: its name, and what the server tells it. Made by `part!`.
pub trait Part: Sized {
    /// The value of `data-live`.
    const NAME: &'static str;

    /// Writes the value of `data-props`. A value has no lines: a line break becomes a space, as in the fields of a form.
    fn write(&self) -> String;

    /// Reads what [`write`](Self::write) wrote. `None`: another build wrote it.
    fn read(props: &str) -> Option<Self>;
}

/// Where a number or a time goes in a sentence: a character that no text has.
pub const PLACE: char = '\u{fffc}';

pub(crate) fn fill(words: &str, value: &str) -> String {
    words.replace(PLACE, value)
}

pub(crate) fn join(values: &[&str]) -> String {
    let mut joined = String::new();
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            joined.push('\n');
        }
        joined.extend(value.chars().map(|c| if matches!(c, '\n' | '\r') { ' ' } else { c }));
    }
    joined
}

/// The lines of `data-props`. Not an iterator: a value that is missing is noticed once, at the end, which is less code for each part.
pub struct Lines<'a> {
    rest: Option<&'a str>,
    missing: bool,
}

impl<'a> Lines<'a> {
    pub fn of(props: &'a str) -> Self {
        Self { rest: Some(props), missing: false }
    }

    #[inline(never)]
    pub fn next(&mut self) -> String {
        let Some(rest) = self.rest else {
            self.missing = true;
            return String::new();
        };
        let (line, rest) = rest.split_once('\n').map_or((rest, None), |(line, rest)| (line, Some(rest)));
        self.rest = rest;
        line.to_owned()
    }

    /// Whether there were as many lines as were asked for.
    pub fn are_over(&self) -> bool {
        !self.missing && self.rest.is_none()
    }
}

/// A text or attribute that changes. The one reactive type of all parts: each type that is rendered is code of its own in the WASM.
/// Reference-counted, not in Leptos' arena, which would come along for it alone.
pub type Said = leptos::prelude::ArcRwSignal<Option<String>>;

/// What changes by itself, told only when it is something else.
#[cfg(feature = "browser")]
pub fn say(said: &Said, now: Option<&str>) {
    use leptos::prelude::{Set, WithUntracked};
    if said.with_untracked(|before| before.as_deref() != now) {
        said.set(now.map(str::to_owned));
    }
}

/// Defines a part: its name, and the texts that it is given.
macro_rules! part {
    ($(#[$about:meta])* $Name:ident = $name:literal { $($(#[$doc:meta])* $field:ident),* $(,)? }) => {
        $(#[$about])*
        #[derive(Clone, Default, PartialEq, Eq)]
        pub struct $Name { $($(#[$doc])* pub $field: String),* }

        impl $crate::part::Part for $Name {
            const NAME: &'static str = $name;

            fn write(&self) -> String {
                $crate::part::join(&[$(&self.$field),*])
            }

            fn read(props: &str) -> Option<Self> {
                let mut lines = $crate::part::Lines::of(props);
                let read = Self { $($field: lines.next()),* };
                lines.are_over().then_some(read)
            }
        }
    };
}
pub(crate) use part;

/// Draws the element of a part, with what stands there until it wakes.
#[cfg(feature = "ssr")]
pub fn draw<P: Part>(part: &P, meanwhile: impl leptos::prelude::IntoAny) -> leptos::prelude::AnyView {
    use leptos::prelude::*;
    view! {
        <live-part data-live=P::NAME data-props=part.write()>
            {meanwhile.into_any()}
        </live-part>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::Part;

    part! {
        Sample = "sample" { one, two }
    }

    #[test]
    fn what_is_written_is_read_again() {
        for (one, two) in [("", ""), ("a", ""), ("", "b"), ("a b", "é\u{fffc}\t")] {
            let sample = Sample { one: one.to_owned(), two: two.to_owned() };
            assert!(Sample::read(&sample.write()).as_ref() == Some(&sample));
        }
    }

    #[test]
    fn a_line_break_does_not_become_another_value() {
        let sample = Sample { one: "a\r\nb".to_owned(), two: "c".to_owned() };
        let read = Sample::read(&sample.write()).unwrap_or_default();
        assert_eq!((read.one.as_str(), read.two.as_str()), ("a  b", "c"));
    }

    #[test]
    fn what_another_build_wrote_is_not_read() {
        assert!(Sample::read("a").is_none() && Sample::read("a\nb\nc").is_none());
    }
}
