//! The municipalities of each state, suggested while a city is typed. A [`crate::value::City`] need not be one of them: the list
//! has no districts.
//!
//! One line per state: its UF, then the names in alphabetical order. Source: IBGE's territorial division (public data), as
//! listed by `@brazilian-utils/brazilian-utils` 2.4.0 (MIT): 5 571, the Distrito Federal and Fernando de Noronha included.

use crate::value::State;

static LINES: &str = include_str!("municipalities.txt");

/// Returns the names in alphabetical order.
pub fn of(state: State) -> impl Iterator<Item = &'static str> {
    let line = LINES.lines().find_map(|line| line.strip_prefix(state.code()));
    line.unwrap_or_default().split(';').skip(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::City;

    #[test]
    fn every_state_has_its_municipalities_and_each_is_a_city() {
        assert_eq!(State::ALL.iter().copied().flat_map(of).count(), 5571);
        for state in State::ALL.iter().copied() {
            assert!(of(state).next().is_some(), "{state:?}");
            assert!(of(state).all(|name| City::parse(name).is_ok_and(|city| city.as_str() == name)), "{state:?}");
        }
        assert_eq!(of(State::Df).collect::<Vec<_>>(), ["Brasília"]);
        assert_eq!(of(State::Sp).next(), Some("Adamantina"));
        assert!(of(State::Mg).any(|name| name == "São João del Rei"));
    }
}
