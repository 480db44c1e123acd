//! A form that may contain a photo. With WASM it is sent by `XMLHttpRequest`, because `fetch` reports no upload progress; it can be
//! cancelled. Without WASM the browser posts it to the page's own path. The server gets the same request either way ([`PhotoForm`]).

use super::post_form::{FormState, Outcome, Sending, form as post_form};
use crate::forms::{AppError, PhotoForm, Reply, Submitted};
use crate::ui::Ui;
use leptos::__reexports::send_wrapper::SendWrapper;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use portaria::error::{Field, Refusal};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{FormData, HtmlElement, HtmlFormElement, ProgressEvent, XmlHttpRequest};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Stage {
    #[default]
    Idle,
    /// Per cent sent.
    Sending(u8),
    Working,
    Cancelled,
}

struct Running {
    request: XmlHttpRequest,
    _progress: Closure<dyn Fn(ProgressEvent)>,
    _end: Closure<dyn Fn()>,
}

impl Running {
    /// Aborts the request. No handler is called any more.
    fn cancel(&self) {
        self.request.set_onloadend(None);
        if let Ok(upload) = self.request.upload() {
            upload.set_onprogress(None);
        }
        let _ = self.request.abort();
    }
}

/// The upload of a form. Its signals belong to the page: an answer that arrives after the page is gone is dropped.
#[derive(Clone, Copy)]
struct Upload {
    stage: RwSignal<Stage>,
    answer: RwSignal<Option<Outcome>>,
    running: StoredValue<Option<SendWrapper<Running>>>,
}

impl Upload {
    fn end(self, stage: Stage) -> Option<SendWrapper<Running>> {
        self.stage.try_set(stage);
        self.running.try_update_value(Option::take).flatten()
    }

    fn cancel(self) {
        if let Some(running) = self.end(Stage::Cancelled) {
            running.cancel();
        }
    }

    fn start(self, event: &SubmitEvent) -> Option<()> {
        let form: HtmlFormElement = event.target()?.dyn_into().ok()?;
        let body = FormData::new_with_form(&form).ok()?;
        let request = XmlHttpRequest::new().ok()?;
        request.open("POST", &form.get_attribute("action")?).ok()?;
        request.set_request_header("Accept", "application/json").ok()?;
        let progress = Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| {
            self.stage.try_set(if event.loaded() < event.total() {
                Stage::Sending(percent(event.loaded(), event.total()))
            } else {
                Stage::Working
            });
        });
        let end = Closure::<dyn Fn()>::new({
            let request = request.clone();
            move || {
                let outcome = read(&request);
                // `running` owns this closure, which must not be dropped while it runs: so it is dropped in a later task.
                let running = self.end(Stage::Idle);
                set_timeout(move || drop(running), std::time::Duration::ZERO);
                self.answer.try_set(Some(outcome));
            }
        });
        request.upload().ok()?.set_onprogress(Some(progress.as_ref().unchecked_ref()));
        request.set_onloadend(Some(end.as_ref().unchecked_ref()));
        request.send_with_opt_form_data(Some(&body)).ok()?;
        self.stage.set(Stage::Sending(0));
        self.running.set_value(Some(SendWrapper::new(Running { request, _progress: progress, _end: end })));
        Some(())
    }
}

fn percent(loaded: f64, total: f64) -> u8 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 100")]
    let percent = (loaded * 100.0 / total.max(1.0)).clamp(0.0, 100.0) as u8;
    percent
}

fn read(request: &XmlHttpRequest) -> Outcome {
    match request.status() {
        Ok(200) => {
            let text = request.response_text().ok().flatten().unwrap_or_default();
            serde_json::from_str(&text).map_err(|_| AppError::Failed)
        }
        Ok(0) | Err(_) => Err(AppError::Offline),
        Ok(_) => Err(AppError::Failed),
    }
}

#[component]
pub fn UploadForm(
    form: PhotoForm,
    #[prop(optional, into)] on_reply: Option<Callback<Reply>>,
    #[prop(optional)] class: &'static str,
    children: Children,
) -> impl IntoView {
    let upload = Upload { stage: RwSignal::default(), answer: RwSignal::new(None), running: StoredValue::new(None) };
    // Without notification: subscribers are still on the page, and the other signals that they read are being disposed of.
    on_cleanup(move || {
        if let Some(running) = upload.running.try_update_value(Option::take).flatten() {
            running.cancel();
        }
    });
    let send = move |event: &SubmitEvent, state: FormState| {
        // A photo that the server would refuse unread is not sent.
        if let Some(Err(error)) = untrack(|| state.found(Field::Photo)) {
            upload.answer.set(Some(Ok(Submitted::refused(Refusal::field(Field::Photo, error)))));
            return true;
        }
        upload.start(event).is_some()
    };
    let sending = Sending {
        send: Box::new(send),
        pending: Signal::derive(move || matches!(upload.stage.try_get(), Some(Stage::Sending(_) | Stage::Working))),
        answer: upload.answer.into(),
        enctype: Some("multipart/form-data"),
    };
    let children = move || view! { {children()} <Progress upload /> }.into_any();
    post_form(form.name(), sending, None, None, on_reply, class, Box::new(children))
}

/// The progress of the upload, with a button to cancel it.
#[component]
fn Progress(upload: Upload) -> impl IntoView {
    let texts = &Ui::get().texts.pages.photo;
    let said = Memo::new(move |_| match upload.stage.get() {
        // Not even an empty text: the region would count as not empty.
        Stage::Idle => None,
        Stage::Sending(_) => Some(texts.sending),
        Stage::Working => Some(texts.working),
        Stage::Cancelled => Some(texts.cancelled),
    });
    let under_way = Memo::new(move |_| matches!(upload.stage.get(), Stage::Sending(_) | Stage::Working));
    let part = Memo::new(move |_| match upload.stage.get() {
        Stage::Sending(percent) => percent,
        _ => 100,
    });
    let cancel = move |_| {
        upload.cancel();
        // The button that was pressed is gone.
        let button = document().query_selector("form[enctype] button[type=submit]").ok().flatten();
        if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
            let _ = button.focus();
        }
    };
    view! {
        <div class="upload">
            <p class="hint" role="status">
                {move || said.get()}
            </p>
            {move || {
                under_way
                    .get()
                    .then(|| {
                        view! {
                            <div class="upload-bar">
                                <progress max="100" value=move || part.get().to_string() aria-label=texts.sending></progress>
                                <span class="hint" aria-hidden="true">
                                    {move || texts.percent(part.get())}
                                </span>
                                <button type="button" class="quiet" on:click=cancel>
                                    {texts.cancel}
                                </button>
                            </div>
                        }
                    })
            }}
        </div>
    }
}
