//! The rules for a new password, ticked while it is typed, and how strong it is. That the server says, as it will when the form is sent:
//! zxcvbn (900 KB) is too large for the browser. Until it has answered, and where it does not, nothing is said.

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
        /// Of a password that the server finds easy to guess, of a fair one and of a strong one, and of one that lacks something, with tabs
        /// between.
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

/// The list, and below it the strength of what was typed.
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
    use crate::dom::{alive, argument, ask, each, input, is_told, later, on_here, tell, when_released};
    use crate::part::say;
    use crate::wake::{Mounted, mount};
    use leptos::prelude::*;
    use portaria::value::PasswordPolicy;
    use std::cell::Cell;
    use std::rc::Rc;
    use wasm_bindgen::JsCast;
    use web_sys::{Element, HtmlInputElement};

    /// How long a password stays as it is before the server is asked, in milliseconds.
    const PAUSE: i32 = 400;
    /// What says whose password it would be: a grant, a link, or what a sign-up asks for. What is hidden is there for password managers.
    const BESIDE: &str = "[name=grant],[name=token],:is([name=name],[name=social_name],[name=username],[name=email],[name=phone],[name=cnpj]):not([aria-hidden])";
    /// The place of "it lacks something" among the grades.
    const LACKING: usize = 3;

    pub fn live(host: &Element, part: Rules) -> Mounted {
        mount(host, move || {
            let marks = Marks::of(&part);
            if let Some(field) = input(&part.field) {
                let meter = Rc::new(Meter { part: part.clone(), marks: marks.clone(), field: field.clone(), alive: alive() });
                // It may have been typed before the page woke.
                meter.judge();
                let typed = move |_| {
                    if meter.judge() && is_told(&meter.field) {
                        tell(&meter.field, None);
                    }
                };
                on_here(&field, "input", Box::new(typed));
            }
            view! { <RulesList part marks /> }
        })
    }

    struct Meter {
        part: Rules,
        marks: Marks,
        field: HtmlInputElement,
        alive: Rc<Cell<bool>>,
    }

    impl Meter {
        /// Ticks the rules. Returns whether all are met; then the server is asked.
        fn judge(self: &Rc<Self>) -> bool {
            let typed = self.field.value();
            let demands = policy(&self.part.policy).map(PasswordPolicy::demands).unwrap_or_default();
            let note = [" (", &self.part.met, ")"].concat();
            let mut all = true;
            for (demand, (mark, words)) in demands.iter().zip(&self.marks.met) {
                let is_met = demand.is_met_by(&typed);
                all &= is_met;
                say(mark, is_met.then_some("true"));
                say(words, is_met.then_some(&note));
            }
            self.show((!all && !typed.is_empty()).then_some(LACKING));
            if all {
                let meter = self.clone();
                later(PAUSE, Box::new(move || meter.ask(typed)));
            }
            all
        }

        /// Whether this is still what stands in the field.
        fn holds(&self, typed: &str) -> bool {
            self.alive.get() && self.field.value() == typed
        }

        /// Asks the server, with all by which it knows whose password it would be.
        fn ask(self: Rc<Self>, typed: String) {
            let Some(form) = self.field.form().filter(|_| self.holds(&typed)) else { return };
            let mut arguments = argument("password", &typed);
            for beside in each(form.query_selector_all(BESIDE)) {
                if let Some(beside) = beside.dyn_ref::<HtmlInputElement>() {
                    arguments.push_str(&argument(&beside.name(), &beside.value()));
                }
            }
            let answered = move |answer: Option<String>| {
                // One digit, or no grade.
                let grade = answer.and_then(|answer| usize::from(*answer.as_bytes().first()?).checked_sub(b'0'.into()));
                let show = move || {
                    if self.holds(&typed) {
                        self.show(grade.filter(|grade| *grade < LACKING));
                    }
                };
                when_released(Box::new(show));
            };
            ask("/sf/judge_password", &arguments, Box::new(answered));
        }

        fn show(&self, grade: Option<usize>) {
            let Marks { level, about, grade: words, .. } = &self.marks;
            let strength = [&self.part.strength, " "].concat();
            say(level, grade.map(|grade| ["weak", "fair", "strong", "weak"].get(grade).copied().unwrap_or_default()));
            say(about, grade.map(|_| strength.as_str()));
            say(words, grade.and_then(|grade| self.part.grades.split('\t').nth(grade)));
        }
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
