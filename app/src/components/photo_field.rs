//! A file field for a photo. With WASM it shows the photo and lets the person choose the square that is kept.

use super::choices::Range;
use super::field::{FieldErrorText, Label, described_by};
use super::post_form::FormState;
use crate::forms::CROP;
use crate::ui::Ui;
use js_sys::Uint8Array;
use leptos::ev::PointerEvent;
use leptos::html::{Img, Input};
use leptos::prelude::*;
use portaria::error::{Field as Named, FieldError};
use portaria::limits::{PHOTO_BYTES, PHOTO_SIGNATURES};
use portaria::value::Crop;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, HtmlElement, Url};

const NAME: &str = Named::Photo.name();
/// A filter for the file dialog only; the type is not checked here. For a JPEG without an extension, or with `.jpg_large`, the browser
/// knows no type. The server looks at the content.
const TYPES: &str = "image/jpeg,image/png";

/// Returns what is wrong with a file, as far as it can be told before the upload.
fn judge(file: &File) -> Option<FieldError> {
    #[expect(clippy::cast_precision_loss, reason = "five million")]
    let too_large = file.size() > PHOTO_BYTES as f64;
    too_large.then_some(FieldError::PhotoTooLarge)
}

/// Returns the chosen file; `None` also if the field is gone.
fn chosen(input: NodeRef<Input>) -> Option<File> {
    input.try_get_untracked().flatten()?.files()?.item(0)
}

/// Also returns true for a file that cannot be read here: the server decides.
async fn begins_like_a_photo(file: &File) -> bool {
    let Ok(head) = file.slice_with_i32_and_i32(0, 8) else { return true };
    let Ok(head) = JsFuture::from(head.array_buffer()).await else { return true };
    let head = Uint8Array::new(&head).to_vec();
    PHOTO_SIGNATURES.iter().any(|signature| head.starts_with(signature))
}

/// The photo field of an [`super::UploadForm`]. `current` is the URL of the photo that the account has.
#[component]
pub fn PhotoField(#[prop(optional)] hint: &'static str, #[prop(optional, into)] current: Signal<Option<String>>) -> impl IntoView {
    let state: FormState = expect_context();
    let all = Ui::get().texts;
    let texts = &all.pages.photo;
    let id = state.id(NAME);
    let input = NodeRef::<Input>::new();
    // An object URL of the file, revoked when the preview goes.
    let preview = RwSignal::new(None::<String>);
    let forget = move || {
        if let Some(url) = preview.try_update(Option::take).flatten() {
            let _ = Url::revoke_object_url(&url);
        }
    };
    // Without notification: subscribers are still on the page, and the other signals that they read are being disposed of.
    on_cleanup(move || {
        if let Some(url) = preview.try_update_untracked(Option::take).flatten() {
            let _ = Url::revoke_object_url(&url);
        }
    });
    let look = move || {
        forget();
        let file = chosen(input);
        let wrong = file.as_ref().and_then(judge);
        state.find(Named::Photo, wrong.map_or(Ok(()), Err));
        if let (Some(file), None) = (file, wrong) {
            preview.set(Url::create_object_url_with_blob(&file).ok());
        }
    };
    // A file that was chosen before hydration fires no event any more.
    Effect::new(move |_| {
        if input.get().and_then(|input| input.files()).is_some_and(|files| files.length() > 0) {
            look();
        }
    });
    // The chosen file was saved and is now the current photo.
    Effect::new(move |before: Option<Option<String>>| {
        let now = current.get();
        if before.is_some_and(|before| before != now)
            && let Some(input) = input.get_untracked()
        {
            input.set_value("");
            look();
        }
        now
    });
    let remove = move |()| {
        if let Some(input) = input.get_untracked() {
            input.set_value("");
            look();
            let _ = input.focus();
        }
    };
    // The browser cannot show the file. Its first bytes tell whether it is a photo all the same.
    let broken = move || {
        forget();
        let Some(file) = chosen(input) else { return };
        leptos::task::spawn_local(async move {
            let looks_like_one = begins_like_a_photo(&file).await;
            if !looks_like_one && chosen(input).is_some_and(|now| now == file) {
                state.find(Named::Photo, Err(FieldError::PhotoUnreadable));
            }
        });
    };
    let again = state.posted_value(NAME).is_some().then_some(texts.again);
    let wrong = Memo::new(move |_| !state.errors_of(Named::Photo).is_empty());
    let described = {
        let id = id.clone();
        move || described_by(&id, true, wrong.get())
    };
    let hint = if hint.is_empty() { texts.hint } else { hint };
    view! {
        <div class="field" data-wrong=move || wrong.get().then_some("true")>
            <Label id=id.clone() text=all.field_name(Named::Photo) optional=true />
            <div id=[&id, "-hint"].concat()>
                <p class="hint">{hint}</p>
                {again.map(|text| view! { <p class="hint">{text}</p> })}
            </div>
            <div class="told" aria-live="polite">
                <FieldErrorText field=Named::Photo />
            </div>
            {move || {
                current
                    .get()
                    .filter(|_| preview.with(Option::is_none))
                    .map(|url| view! { <img class="avatar" src=url alt=texts.current width="96" height="96" /> })
            }}
            <input
                class="file"
                type="file"
                id=id
                name=NAME
                accept=TYPES
                node_ref=input
                on:change=move |_| look()
                aria-invalid=move || wrong.get().then_some("true")
                aria-describedby=described
            />
            {move || preview.get().map(|url| view! { <Cropper url broken=Callback::new(move |()| broken()) remove=Callback::new(remove) /> })}
        </div>
    }
    .into_any()
}

/// Lets the person choose the square of the photo. Only with WASM: without it the photo is kept whole.
#[component]
fn Cropper(url: String, broken: Callback<()>, remove: Callback<()>) -> impl IntoView {
    let texts = &Ui::get().texts.pages.photo;
    let image = NodeRef::<Img>::new();
    let (zoom, x, y) = (RwSignal::new(Crop::MIDDLE.zoom()), RwSignal::new(Crop::MIDDLE.x()), RwSignal::new(Crop::MIDDLE.y()));
    let percent = |thousandths: u16| [&(f64::from(thousandths) / 10.0).to_string(), "%"].concat();
    // Position and scale have the same origin, so the preview shows exactly what `Crop::square` cuts: the room to move at a zoom is the
    // part of the picture outside of the square, plus what scaling the square adds.
    let place = move || [&percent(x.get()), " ", &percent(y.get())].concat();
    let scale = move || ["scale(", &(f64::from(zoom.get()) / 100.0).to_string(), ")"].concat();
    let held = StoredValue::new(None::<(i32, i32)>);
    let drag = move |event: PointerEvent| {
        let Some((from_x, from_y)) = held.get_value() else { return };
        let Some(image) = image.get_untracked() else { return };
        held.set_value(Some((event.client_x(), event.client_y())));
        // The side of the square window, and the scale of the picture in it.
        let side = f64::from(image.offset_width());
        let (width, height) = (f64::from(image.natural_width().max(1)), f64::from(image.natural_height().max(1)));
        let grown = side * f64::from(zoom.get_untracked()) / 100.0 / width.min(height);
        let shift = |at: RwSignal<u16>, pixels: i32, whole: f64| {
            let room = whole * grown - side;
            if room > 1.0 {
                let far = f64::from(Crop::FAR);
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1000")]
                at.update(|at| *at = (f64::from(*at) - f64::from(pixels) * far / room).clamp(0.0, far).round() as u16);
            }
        };
        shift(x, event.client_x() - from_x, width);
        shift(y, event.client_y() - from_y, height);
    };
    let hold = move |event: PointerEvent| {
        event.prevent_default();
        held.set_value(Some((event.client_x(), event.client_y())));
        if let Some(image) = image.get_untracked() {
            let _ = image.set_pointer_capture(event.pointer_id());
        }
    };
    // Set on the element, because the Content Security Policy forbids a style attribute in the markup.
    Effect::new(move |_| {
        if let Some(image) = image.get() {
            let style = HtmlElement::style(&image);
            let _ = style.set_property("object-position", &place());
            let _ = style.set_property("transform-origin", &place());
            let _ = style.set_property("transform", &scale());
        }
    });
    let [zoom_name, x_name, y_name] = CROP;
    view! {
        <div class="crop">
            <div class="crop-window">
                <img
                    src=url
                    alt=texts.preview
                    draggable="false"
                    node_ref=image
                    on:error=move |_| broken.run(())
                    on:pointerdown=hold
                    on:pointermove=drag
                    on:pointerup=move |_| held.set_value(None)
                    on:pointercancel=move |_| held.set_value(None)
                />
            </div>
            <fieldset class="crop-controls">
                <legend>{texts.legend}</legend>
                <p class="hint">{texts.drag}</p>
                <Range name=zoom_name label=texts.zoom value=zoom min=100 max=Crop::MAX_ZOOM />
                <Range name=x_name label=texts.across value=x min=0 max=Crop::FAR />
                <Range name=y_name label=texts.down value=y min=0 max=Crop::FAR />
                <button type="button" class="quiet" on:click=move |_| remove.run(())>
                    {texts.remove}
                </button>
            </fieldset>
        </div>
    }
}
