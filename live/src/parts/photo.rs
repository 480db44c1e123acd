//! Shows the photo that was chosen, and lets the person choose the square that is kept.

use crate::part::part;

part! {
    /// A preview of the photo.
    Photo = "photo" {
        /// The id of the field.
        field,
        /// The id of the picture that is shown while none is chosen.
        current,
        /// The id of the hint to choose the photo again.
        again,
        /// What is said of a file that is too large.
        too_large,
        /// What is said of a file that is no photo.
        unreadable,
        /// "Preview of your photo"
        preview,
        /// "Frame the photo"
        legend,
        /// "Drag the photo or move the controls."
        drag,
        /// "Zoom"
        zoom,
        /// "Horizontal position"
        across,
        /// "Vertical position"
        down,
        /// "Remove the photo"
        remove,
    }
}

/// The fields that say which square of a photo is kept: zoom, offset from the left, offset from the top (see [`portaria::value::Crop`]).
pub const CROP: [&str; 3] = ["crop_zoom", "crop_x", "crop_y"];

#[cfg(feature = "browser")]
mod browser {
    use super::{CROP, Photo};
    use crate::dom::{at_end, by_id, focus, input, is_on_button, is_told, on, on_here, set, tell, then};
    use crate::wake::{Mounted, mount};
    use js_sys::Uint8Array;
    use leptos::prelude::*;
    use portaria::limits::{PHOTO_BYTES, PHOTO_SIGNATURES};
    use portaria::value::Crop;
    use std::cell::{Cell, RefCell};
    use std::rc::Rc;
    use wasm_bindgen::JsCast;
    use web_sys::{Element, Event, File, HtmlElement, HtmlImageElement, HtmlInputElement, PointerEvent, Url};

    pub fn live(host: &Element, part: Photo) -> Mounted {
        let place = host.clone();
        mount(host, move || {
            let Some(field) = input(&part.field) else { return };
            let shown = Rc::new(Shown { place, field: field.clone(), part, preview: RefCell::default() });
            if let Some(again) = by_id(&shown.part.again).filter(|_| shown.chosen().is_some()) {
                // The navigator has kept the file.
                set(&again, "hidden", Some(""));
            }
            frame(&shown.place);
            let removed = shown.clone();
            let press = move |event: Event| {
                if is_on_button(&event) {
                    remove(&removed);
                }
            };
            on_here(&shown.place, "click", Box::new(press));
            // A file that was chosen before the page woke fires no event any more.
            look(&shown);
            let target = shown.clone();
            on_here(&field, "change", Box::new(move |_| choose(&target)));
            at_end(Box::new(move || drop(shown.preview.take())));
        })
    }

    struct Shown {
        place: Element,
        field: HtmlInputElement,
        part: Photo,
        preview: RefCell<Option<Preview>>,
    }

    /// An object URL of the file, revoked when the preview goes.
    struct Preview {
        url: String,
        _view: Mounted,
    }

    impl Drop for Preview {
        fn drop(&mut self) {
            let _ = Url::revoke_object_url(&self.url);
        }
    }

    impl Shown {
        fn chosen(&self) -> Option<File> {
            self.field.files()?.item(0)
        }

        /// The file is not sent while something is wrong with it: the server would only say the same.
        fn judged(&self, wrong: Option<&str>) {
            self.field.set_custom_validity(wrong.unwrap_or_default());
            if wrong.is_some() || is_told(&self.field) {
                tell(&self.field, wrong);
            }
        }

        fn show_current(&self, shown: bool) {
            if let Some(current) = by_id(&self.part.current) {
                set(&current, "hidden", (!shown).then_some(""));
            }
        }
    }

    /// Another file was chosen, or none: what was said is about the one before.
    fn choose(shown: &Rc<Shown>) {
        shown.judged(None);
        look(shown);
    }

    /// Shows the file that is chosen now, if there is one.
    fn look(shown: &Rc<Shown>) {
        drop(shown.preview.take());
        let file = shown.chosen();
        shown.show_current(file.is_none());
        let Some(file) = file else { return };
        #[expect(clippy::cast_precision_loss, reason = "five million")]
        if file.size() > PHOTO_BYTES as f64 {
            shown.show_current(true);
            shown.judged(Some(&shown.part.too_large));
            return;
        }
        if let Ok(url) = Url::create_object_url_with_blob(&file) {
            let (part, source) = (shown.part.clone(), url.clone());
            let view = mount(&shown.place, move || view! { <Cropper part url=source /> });
            shown.preview.replace(Some(Preview { url, _view: view }));
            watch(shown);
            if let Some(frame) = Frame::of(&shown.place) {
                frame.place();
            }
        }
    }

    /// Notices when the browser cannot show the file. The event does not bubble.
    fn watch(shown: &Rc<Shown>) {
        if let Ok(Some(image)) = shown.place.query_selector("img") {
            let shown = shown.clone();
            on(&image, "error", Box::new(move |_| broken(&shown)));
        }
    }

    fn remove(shown: &Rc<Shown>) {
        shown.field.set_value("");
        choose(shown);
        focus(&shown.field);
    }

    /// The browser cannot show the file. Its first bytes tell whether it is a photo all the same; of one that cannot be read here the
    /// server decides.
    fn broken(shown: &Rc<Shown>) {
        drop(shown.preview.take());
        shown.show_current(true);
        let Some(file) = shown.chosen() else { return };
        let Ok(head) = file.slice_with_i32_and_i32(0, 8) else { return };
        let shown = shown.clone();
        then(
            &head.array_buffer(),
            Box::new(move |head| {
                let head = Uint8Array::new(&head).to_vec();
                let is_photo = PHOTO_SIGNATURES.iter().any(|signature| head.starts_with(signature));
                if !is_photo && shown.chosen().as_ref() == Some(&file) {
                    shown.judged(Some(&shown.part.unreadable));
                }
            }),
        );
    }

    /// The square, and what moves it. Only with WASM: without it the photo is kept whole. The ranges hold the numbers.
    #[component]
    fn Cropper(part: Photo, url: String) -> impl IntoView {
        let form = part.field.rsplit_once('-').map_or("", |(form, _)| form).to_owned();
        let middle = Crop::MIDDLE;
        let numbers = [(middle.zoom(), 100, Crop::MAX_ZOOM), (middle.x(), 0, Crop::FAR), (middle.y(), 0, Crop::FAR)];
        let labels = [part.zoom, part.across, part.down];
        let ranges: Vec<_> = CROP
            .into_iter()
            .zip(numbers)
            .zip(labels)
            .map(|((name, (value, min, max)), label)| {
                let id = [&form, "-", name].concat();
                view! {
                    <div class="range">
                        <label for=id.clone()>{label}</label>
                        <input type="range" id=id name=name min=min.to_string() max=max.to_string() value=value.to_string() />
                    </div>
                }
            })
            .collect();
        view! {
            <div class="crop">
                <div class="crop-window">
                    <img src=url alt=part.preview draggable="false" />
                </div>
                <fieldset class="crop-controls">
                    <legend>{part.legend}</legend>
                    <p class="hint">{part.drag}</p>
                    {ranges}
                    <button type="button" class="quiet">
                        {part.remove}
                    </button>
                </fieldset>
            </div>
        }
    }

    /// The preview and its ranges, as they stand in the page.
    struct Frame {
        image: HtmlImageElement,
        ranges: [HtmlInputElement; 3],
    }

    impl Frame {
        fn of(place: &Element) -> Option<Self> {
            let range = |name: &str| -> Option<HtmlInputElement> {
                place.query_selector(&["[name=", name, "]"].concat()).ok().flatten()?.dyn_into().ok()
            };
            let [zoom, x, y] = CROP;
            let image = place.query_selector("img").ok().flatten()?.dyn_into().ok()?;
            Some(Self { image, ranges: [range(zoom)?, range(x)?, range(y)?] })
        }

        fn numbers(&self) -> [f64; 3] {
            [0, 1, 2].map(|index| self.ranges[index].value_as_number())
        }

        /// Position and scale have the same origin, so the preview shows exactly what `Crop::square` cuts: the room to move at a zoom is
        /// the part of the picture outside of the square, plus what scaling the square adds. Set on the element, because the policy of
        /// the page forbids a style attribute in the markup.
        fn place(&self) {
            let [zoom, x, y] = self.numbers();
            let at = [&text(x / 10.0), "% ", &text(y / 10.0), "%"].concat();
            let style = HtmlElement::style(&self.image);
            let _ = style.set_property("object-position", &at);
            let _ = style.set_property("transform-origin", &at);
            let _ = style.set_property("transform", &["scale(", &text(zoom / 100.0), ")"].concat());
        }

        /// Moves the picture by so many pixels, where there is room to move.
        fn pull(&self, by_x: i32, by_y: i32) {
            let [zoom, x, y] = self.numbers();
            let (width, height) = (f64::from(self.image.natural_width().max(1)), f64::from(self.image.natural_height().max(1)));
            // The side of the square window, and the scale of the picture in it.
            let side = f64::from(self.image.offset_width());
            let grown = side * zoom / 100.0 / width.min(height);
            for (range, at, pixels, whole) in [(&self.ranges[1], x, by_x, width), (&self.ranges[2], y, by_y, height)] {
                let (room, far) = (whole * grown - side, f64::from(Crop::FAR));
                if room > 1.0 {
                    // Not `clamp`: its assertion would bring the whole printing of floats.
                    range.set_value_as_number((at - f64::from(pixels) * far / room).max(0.0).min(far).round());
                }
            }
            self.place();
        }
    }

    /// Framing by pointer and by the ranges. The listeners stand on the place of the preview, which outlives it.
    fn frame(place: &Element) {
        let held = Rc::new(Cell::new(None::<(i32, i32)>));
        let moved = place.clone();
        on_here(
            place,
            "input",
            Box::new(move |_| {
                if let Some(frame) = Frame::of(&moved) {
                    frame.place();
                }
            }),
        );
        for event in ["pointerdown", "pointermove", "pointerup", "pointercancel"] {
            let (held, here) = (held.clone(), place.clone());
            on_here(
                place,
                event,
                Box::new(move |event| {
                    let (Some(pointer), Some(frame)) = (event.dyn_ref::<PointerEvent>(), Frame::of(&here)) else { return };
                    let at = (pointer.client_x(), pointer.client_y());
                    match (event.type_().as_str(), held.get()) {
                        ("pointerdown", _) if event.target().as_ref() == Some(frame.image.as_ref()) => {
                            event.prevent_default();
                            held.set(Some(at));
                            let _ = frame.image.set_pointer_capture(pointer.pointer_id());
                        }
                        ("pointermove", Some(from)) => {
                            held.set(Some(at));
                            frame.pull(at.0 - from.0, at.1 - from.1);
                        }
                        ("pointerup" | "pointercancel", _) => held.set(None),
                        _ => {}
                    }
                }),
            );
        }
    }

    /// A number as JavaScript writes it: Rust's own way would bring its tables of floats.
    fn text(number: f64) -> String {
        js_sys::Number::from(number).to_string_with_radix(10).ok().and_then(|text| text.as_string()).unwrap_or_default()
    }
}

#[cfg(feature = "browser")]
pub(crate) use browser::live;
