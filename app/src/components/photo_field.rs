//! A file field for a photo. In the browser it shows the photo and lets the person choose the square that is kept (`live`).

use super::field::{FieldErrorText, Label, described_by};
use super::post_form::FormState;
use super::sentence::closed;
use crate::ui::Ui;
use leptos::prelude::*;
use live::parts::Photo;
use portaria::error::{Field as Named, FieldError};

const NAME: &str = Named::Photo.name();
/// A filter for the file dialog only; the type is not checked here. For a JPEG without an extension, or with `.jpg_large`, the browser
/// knows no type. The server looks at the content.
const TYPES: &str = "image/jpeg,image/png";

/// The photo field of an [`super::UploadForm`]. `current` is the URL of the photo that the account has.
#[component]
pub fn PhotoField(#[prop(default = None)] current: Option<String>) -> impl IntoView {
    let state: FormState = expect_context();
    let all = Ui::get().texts;
    let texts = &all.pages.photo;
    let id = state.id(NAME);
    let (current_id, again_id) = ([&id, "-current"].concat(), [&id, "-again"].concat());
    let wrong = state.is_wrong(Named::Photo);
    let part = Photo {
        field: id.clone(),
        current: current_id.clone(),
        again: again_id.clone(),
        too_large: closed(all.field_error(Named::Photo, FieldError::PhotoTooLarge)),
        unreadable: closed(all.field_error(Named::Photo, FieldError::PhotoUnreadable)),
        preview: texts.preview.to_owned(),
        legend: texts.legend.to_owned(),
        drag: texts.drag.to_owned(),
        zoom: texts.zoom.to_owned(),
        across: texts.across.to_owned(),
        down: texts.down.to_owned(),
        remove: texts.remove.to_owned(),
    };
    // A browser loses the chosen file when the page comes back.
    let again = state.posted_value(NAME).is_some();
    view! {
        <div class="field" data-wrong=wrong.then_some("true")>
            <Label id=id.clone() text=all.field_name(Named::Photo) optional=true />
            <div id=[&id, "-hint"].concat()>
                <p class="hint">{texts.hint}</p>
                {again.then(|| view! { <p class="hint" id=again_id>{texts.again}</p> })}
            </div>
            <div class="told" aria-live="polite">
                <FieldErrorText field=Named::Photo />
            </div>
            {current
                .map(|url| view! { <img class="avatar" id=current_id src=url alt=texts.current width="96" height="96" fetchpriority="high" /> })}
            <div class="file">
                // The browser's own button speaks the browser's language.
                <label for=id.clone() class="button button-secondary">
                    {texts.choose}
                </label>
                <span class="hint drop" aria-hidden="true">
                    {texts.drop}
                </span>
                <input
                    type="file"
                    id=id.clone()
                    name=NAME
                    accept=TYPES
                    aria-invalid=wrong.then_some("true")
                    aria-describedby=described_by(&id, true, wrong)
                />
            </div>
            {live::draw(&part, ())}
        </div>
    }
    .into_any()
}
