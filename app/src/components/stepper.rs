//! The progress within a journey.

use crate::ui::Ui;
use leptos::prelude::*;
use portaria::journey::{Journey, Step};

/// "Step k of n", with a progress bar.
#[component]
pub fn Stepper(journey: &'static Journey, step: Step) -> impl IntoView {
    let texts = Ui::get().texts;
    let position = journey.position(step);
    let marks: Vec<_> = (1..=journey.steps.len()).map(|k| view! { <li data-reached=(k <= position.0).then_some("true")></li> }).collect();
    view! {
        <div class="stepper">
            <p role="status">{texts.step(position)}</p>
            <ol aria-hidden="true">{marks}</ol>
        </div>
    }
}
