//! Cancelling a sign-up. It asks once: what was filled in is gone afterwards. A `details` asks without any script.

use super::field::HiddenField;
use super::post_form::{PostForm, SubmitButton};
use crate::forms::Form;
use crate::server_fns::Abandon;
use crate::ui::Ui;
use leptos::prelude::*;

#[component]
pub fn Discard(signup: String) -> impl IntoView {
    let texts = &Ui::get().texts.pages.code;
    view! {
        <details class="discard">
            <summary class="quiet">{texts.start_over}</summary>
            <p>{texts.start_over_lead}</p>
            <PostForm form=Abandon::ROUTE>
                <HiddenField name="signup" value=signup />
                <SubmitButton text=texts.start_over_submit class="button button-danger" />
            </PostForm>
        </details>
    }
}
