//! Suggests the cities of the state that was chosen. Any city is accepted.

use crate::part::part;

part! {
    /// Suggestions for the city.
    Cities = "cities" {
        /// The id of the list of states.
        state,
        /// The id of the `datalist`.
        list,
    }
}

#[cfg(feature = "browser")]
mod browser {
    use super::Cities;
    use crate::dom::{alive, argument, ask, by_id, on_here};
    use crate::wake::{Mounted, mount};
    use leptos::prelude::document;
    use std::cell::Cell;
    use std::rc::Rc;
    use wasm_bindgen::JsCast;
    use web_sys::{Element, HtmlSelectElement};

    pub fn live(host: &Element, part: Cities) -> Mounted {
        mount(host, move || {
            let states = by_id(&part.state).and_then(|it| it.dyn_into::<HtmlSelectElement>().ok());
            let (Some(states), Some(list)) = (states, by_id(&part.list)) else { return };
            let alive = alive();
            // A state that was chosen before the page woke fires no event any more.
            if list.child_element_count() == 0 {
                suggest(&states, &list, &alive);
            }
            let target = states.clone();
            on_here(&target, "change", Box::new(move |_| suggest(&states, &list, &alive)));
        })
    }

    /// Fetches the cities of the chosen state. Without a state there is no request.
    fn suggest(states: &HtmlSelectElement, list: &Element, alive: &Rc<Cell<bool>>) {
        list.replace_children_with_node_0();
        let state = states.value();
        if state.is_empty() {
            return;
        }
        let (states, list, alive) = (states.clone(), list.clone(), alive.clone());
        let asked = state.clone();
        let answered = move |answer: Option<String>| {
            if alive.get() && states.value() == asked {
                fill(&list, &answer.unwrap_or_default());
            }
        };
        ask("/sf/cities", &argument("state", &state), Box::new(answered));
    }

    fn fill(list: &Element, answer: &str) {
        let Ok(cities) = js_sys::JSON::parse(answer) else { return };
        for city in js_sys::Array::from(&cities).iter().filter_map(|city| city.as_string()) {
            if let Ok(option) = document().create_element("option") {
                let _ = option.set_attribute("value", &city);
                let _ = list.append_child(&option);
            }
        }
    }
}

#[cfg(feature = "browser")]
pub(crate) use browser::live;
