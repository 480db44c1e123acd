//! `[kinds.…]`.

use super::table::{ASK, LABEL, LABEL_EN, LEAD, LEAD_EN, NEED, OPEN};
use portaria::field::Field;
use portaria::journey::Kind;
use portaria::kinds::{Decided, Kinds, Said, Unfit, fixed, free};
use settings::{Given, Setting};

/// What is decided of every kind. What is wrong is added as a problem.
pub(in crate::config) fn read(given: &mut Given) -> Kinds {
    let decided: Vec<_> = Kind::ALL.iter().map(|kind| given.section_mut(&section(*kind)).map(|of| one(*kind, of))).collect();
    Kinds::decided(|kind| decided.get(kind as usize).cloned().flatten().unwrap_or_default())
}

fn section(kind: Kind) -> String {
    format!("kinds.{}", kind.as_str())
}

fn one(kind: Kind, of: &mut Given) -> Decided {
    let mut decided = Decided::default();
    decided.open = of.get(&OPEN).unwrap_or(true);
    decided.label = said(of, &LABEL, &LABEL_EN);
    decided.lead = said(of, &LEAD, &LEAD_EN);
    let (asked, needed) = (of.get(&ASK), of.get(&NEED).unwrap_or_default());
    if let Err((field, unfit)) = decided.ask(kind, asked.as_deref(), &needed) {
        let name = field.name();
        let always = names(fixed(kind).filter(|field| *field != Field::PasswordConfirmation));
        let possible = format!("{always}, which are always asked for, and {}", names(free(kind)));
        match unfit {
            Unfit::Fixed => {
                let wrong = format!("leaves out {name}, which the document or the proof of this kind needs");
                of.refuse(&ASK, wrong, &possible);
            }
            Unfit::NotCarried => {
                let wrong = format!("has \"{name}\" in it, which the form of this kind cannot ask for");
                let setting = if asked.is_some_and(|asked| asked.contains(&field)) { &ASK } else { &NEED };
                of.refuse(setting, wrong, &possible);
            }
            Unfit::NotAsked => {
                of.refuse(
                    &NEED,
                    format!("has \"{name}\" in it, which is not asked for"),
                    &format!("what stands in ask too; there may stand {possible}"),
                );
            }
        }
    }
    decided
}

/// An operator's words. Those in English alone would leave Portuguese without any.
fn said(of: &mut Given, portuguese: &Setting<String>, english: &Setting<String>) -> Option<Said> {
    let said = of.get(portuguese);
    if said.is_none() && of.has(english) {
        of.problem(portuguese, format!("is missing beside {}", english.name().to_lowercase()));
    }
    Some(Said { portuguese: said?, english: of.get(english) })
}

fn names(fields: impl IntoIterator<Item = Field>) -> String {
    fields.into_iter().map(Field::name).collect::<Vec<_>>().join(", ")
}
