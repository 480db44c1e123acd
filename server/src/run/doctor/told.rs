//! What strangers are told: who answers for their data, and where they find help (`[brand]`).

use super::{Check, Part};
use crate::config::{Config, Environment};
use portaria::brand::Help;
use text::doctor::DoctorTexts;

/// A production that others reach does not start without them, so that only one behind a loopback address can lack them here.
pub(super) fn examine(config: &Config, says: &DoctorTexts) -> Check {
    let brand = &config.brand;
    let responsible = &brand.responsible;
    let all = [
        ("help", brand.help.as_ref().map(Help::shown)),
        ("controller", responsible.controller.as_deref()),
        ("officer", responsible.officer.as_deref()),
        ("officer_contact", responsible.officer_contact.as_ref().map(Help::shown)),
    ];
    let unset: Vec<_> = all.iter().filter(|(_, value)| value.is_none()).map(|(name, _)| *name).collect();
    let unset = unset.join(", ");
    match (unset.as_str(), config.environment) {
        ("", _) => Check::well(Part::Told, all.iter().filter_map(|(_, value)| *value).collect::<Vec<_>>().join("; ")),
        (unset, Environment::Development) => Check::well(Part::Told, says.told_unset(unset)),
        (unset, Environment::Production) => Check::warning(Part::Told, says.told_unset(unset), says.told_unset_advice),
    }
}
