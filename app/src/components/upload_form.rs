//! A form that may contain a photo. In the browser its upload tells how far it is and can be cancelled (`live`).

use super::post_form::PostForm;
use crate::forms::PhotoForm;
use crate::ui::Ui;
use leptos::prelude::*;
use live::PLACE;
use live::parts::Upload;

#[component]
pub fn UploadForm(form: PhotoForm, #[prop(optional)] class: &'static str, children: Children) -> impl IntoView {
    let texts = &Ui::get().texts.pages.photo;
    let part = Upload {
        sending: texts.sending.to_owned(),
        working: texts.working.to_owned(),
        cancelled: texts.cancelled.to_owned(),
        percent: texts.percent(PLACE),
        cancel: texts.cancel.to_owned(),
    };
    view! {
        <PostForm form=form.route() class enctype="multipart/form-data">
            {children()}
            {live::draw(&part, ())}
        </PostForm>
    }
}
