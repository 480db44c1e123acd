//! The rules for a new password, ticked while it is typed, and how strong it is.

use crate::part::{Said, part};
use leptos::prelude::*;
use portaria::value::PasswordPolicy;

part! {
    /// The rules for a new password.
    Rules = "rules" {
        /// The id of the field.
        field,
        /// The id of the list, which describes the field.
        id,
        /// Which rules: [`code`] of the policy.
        policy,
        /// "The password needs:"
        title,
        /// One sentence for each rule, with tabs between, in the order of the policy.
        rules,
        /// "done"
        met,
        /// "Password strength:"
        strength,
        /// "weak", "fair" and "strong", with tabs between.
        grades,
    }
}

const POLICIES: [(&str, PasswordPolicy); 3] =
    [("strict", PasswordPolicy::Strict), ("length-only", PasswordPolicy::LengthOnly), ("recovery", PasswordPolicy::Recovery)];

/// The name of a policy.
pub fn code(policy: PasswordPolicy) -> &'static str {
    POLICIES.iter().find(|(_, it)| *it == policy).map_or("", |(code, _)| code)
}

#[cfg(any(feature = "browser", test))]
fn policy(code: &str) -> Option<PasswordPolicy> {
    POLICIES.iter().find(|(it, _)| *it == code).map(|(_, policy)| *policy)
}

/// What changes while the password is typed.
#[derive(Clone)]
pub struct Marks {
    /// For each rule: its mark, and the same in words.
    met: Vec<(Said, Said)>,
    level: Said,
    about: Said,
    grade: Said,
}

impl Marks {
    /// Nothing is typed.
    pub fn of(part: &Rules) -> Self {
        let none = || Said::new(None);
        Self { met: part.rules.split('\t').map(|_| (none(), none())).collect(), level: none(), about: none(), grade: none() }
    }
}

/// The list, and below it the strength of what was typed. Hints only: the server decides what is easy to guess, because zxcvbn (900 KB)
/// is too large for the browser.
#[component]
pub fn RulesList(part: Rules, marks: Marks) -> impl IntoView {
    let items: Vec<_> = part
        .rules
        .split('\t')
        .zip(marks.met)
        .map(|(sentence, (mark, note))| {
            view! {
                <li data-met=mark>
                    {sentence.to_owned()} <span class="visually-hidden">{note}</span>
                </li>
            }
        })
        .collect();
    view! {
        <div class="rules" id=part.id>
            <p>{part.title}</p>
            <ul>{items}</ul>
        </div>
        <p class="strength" role="status" data-strength=marks.level>
            {marks.about}
            <strong>{marks.grade}</strong>
        </p>
    }
}

#[cfg(feature = "browser")]
mod browser {
    use super::{Marks, Rules, RulesList, policy};
    use crate::dom::{input, on_here};
    use crate::part::say;
    use crate::wake::{Mounted, mount};
    use leptos::prelude::*;
    use portaria::value::PasswordPolicy;
    use web_sys::Element;

    pub fn live(host: &Element, part: Rules) -> Mounted {
        mount(host, move || {
            let marks = Marks::of(&part);
            if let Some(field) = input(&part.field) {
                // It may have been typed before the page woke.
                judge(&part, &marks, &field.value());
                let (rules, marks, target) = (part.clone(), marks.clone(), field.clone());
                on_here(&target, "input", Box::new(move |_| judge(&rules, &marks, &field.value())));
            }
            view! { <RulesList part marks /> }
        })
    }

    fn judge(part: &Rules, marks: &Marks, typed: &str) {
        let demands = policy(&part.policy).map(PasswordPolicy::demands).unwrap_or_default();
        let note = [" (", &part.met, ")"].concat();
        let mut all = true;
        for (demand, (mark, words)) in demands.iter().zip(&marks.met) {
            let is_met = demand.is_met_by(typed);
            all &= is_met;
            say(mark, is_met.then_some("true"));
            say(words, is_met.then_some(&note));
        }
        let grade = match typed.chars().count() {
            0 => None,
            _ if !all => Some((0, "weak")),
            1..12 => Some((1, "fair")),
            _ => Some((2, "strong")),
        };
        let about = [&part.strength, " "].concat();
        say(&marks.level, grade.map(|(_, level)| level));
        say(&marks.about, grade.map(|_| about.as_str()));
        say(&marks.grade, grade.and_then(|(index, _)| part.grades.split('\t').nth(index)));
    }
}

#[cfg(feature = "browser")]
pub(crate) use browser::live;

#[cfg(test)]
mod tests {
    use super::{POLICIES, code, policy};

    #[test]
    fn a_policy_is_read_as_it_was_written() {
        for (_, it) in POLICIES {
            assert_eq!(policy(code(it)), Some(it));
        }
        assert_eq!(policy("nothing"), None);
    }
}
