//! Forms that bring a photo, posted to their page as `multipart/form-data`.
//!
//! ```text
//! session? ─ none: redirect to /login, not a byte of the body read
//!     │   upload slot? ─ none free: 503, not a byte of the body read
//!     └─► the form, as it streams ─► its use case ─► Submitted ─► 303, or the page again with what was typed
//! ```
//!
//! A server function cannot take a body without a limit of its own.

use super::render::answer;
use crate::http::body::close;
use crate::http::contract::Contract;
use crate::http::media;
use crate::http::multipart::{self, Form, PHOTO, Unreadable};
use crate::http::requester::RequestContext;
use crate::http::state::AppState;
use app::Submitted;
use app::forms::{CROP, Onward, PhotoForm, STEP_AGAIN, STEP_CODE, STEP_SECRETS};
use app::paths;
use app::step_up::{self, Brought, as_owner};
use axum::body::Body;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::response::Response;
use portaria::accounts::{Answer, PhotoChange, Upload};
use portaria::error::{Field, FieldError, Refusal};
use portaria::profile::ProfileForm;
use portaria::session::Token;
use portaria::value::Crop;
use portaria::view::AccountView;
use text::PageNotice;

fn photo_form(path: &str) -> Option<PhotoForm> {
    PhotoForm::ALL.into_iter().find(|form| form.path() == path)
}

/// Returns whether the body of this request is read here, as it streams in, once the requester is known.
pub fn reads_own_body(path: &str, headers: &HeaderMap) -> bool {
    media::is_multipart(headers) && photo_form(path).is_some()
}

/// Handles a posted form with a photo.
pub(super) async fn receive(state: &AppState, context: &RequestContext, request: Request) -> Response {
    let Some(which) = photo_form(request.uri().path()) else {
        return Contract::of(request.extensions(), request.uri().path()).refuse(&Refusal::NotFound);
    };
    let (parts, body) = request.into_parts();
    let page = Request::from_parts(parts.clone(), Body::empty());
    let _admitted = match state.uploads.account_of(&*state.accounts, &context.who, &parts.headers).await {
        Ok((_, admitted)) => admitted,
        Err(refusal) => return close(tell(state, page, which, Form::default(), settled(which, Err(refusal), "/")).await),
    };
    let names: Vec<_> = ["_form", PHOTO]
        .into_iter()
        .chain(CROP)
        .chain(which.texts().iter().copied())
        .chain(which.fields().into_iter().map(Field::name))
        .collect();
    let (mut form, read) = multipart::read_of_page(Request::from_parts(parts, body), &names).await;
    match read {
        Ok(()) if form.text("_form") == which.name() => {
            let photo = photo_of(&mut form);
            let submitted = act(state, context, which, &form, photo).await;
            tell(state, page, which, form, submitted).await
        }
        Ok(()) => tell(state, page, which, form, Submitted::refused(Refusal::Malformed)).await,
        Err(error) => {
            let refusal = match error {
                Unreadable::TooLarge => Refusal::TooLarge,
                Unreadable::PhotoTooLarge => Refusal::field(Field::Photo, FieldError::PhotoTooLarge),
                Unreadable::Incomplete | Unreadable::TooSlow => Refusal::field(Field::Photo, FieldError::PhotoInterrupted),
                _ => Refusal::Malformed,
            };
            close(tell(state, page, which, form, Submitted::refused(refusal)).await)
        }
    }
}

/// The use case of a form.
async fn act(state: &AppState, context: &RequestContext, which: PhotoForm, form: &Form, photo: Option<Upload>) -> Submitted {
    let typed = form.typed(which.fields(), Field::name);
    let remove = form.text("remove_photo") == "true";
    match which {
        PhotoForm::CompleteProfile if !form.text(STEP_AGAIN).is_empty() => {
            step_up::again(&*state.accounts, &context.who, &form.text(STEP_AGAIN)).await
        }
        PhotoForm::CompleteProfile => {
            let brought = Brought { password: Token::new(form.text(Field::CurrentPassword.name())), code: form.text(STEP_CODE) };
            let completed = state.accounts.complete_profile(&context.who, typed, photo);
            match as_owner(&*state.accounts, &context.who, brought, completed).await {
                Ok(answer) => settled(which, answer, Onward::saying(paths::DASHBOARD, PageNotice::ProfileComplete)),
                Err(stays) => *stays,
            }
        }
        PhotoForm::SaveProfile => {
            // A version that is no number cannot be current.
            let version = typed.get(Field::Version).filter(|typed| !typed.is_empty()).map(|typed| typed.parse().unwrap_or(-1));
            let form = ProfileForm { typed, version };
            let photo = match photo {
                Some(photo) => PhotoChange::Replace(photo),
                None if remove => PhotoChange::Remove,
                None => PhotoChange::Keep,
            };
            settled(
                which,
                state.accounts.update_profile(&context.who, form, photo).await,
                Onward::saying(paths::PROFILE, PageNotice::ProfileSaved),
            )
        }
    }
}

/// Goes on to page `go`, or shows the refusal on this page.
fn settled(which: PhotoForm, answer: Answer<AccountView>, go: impl Into<Onward>) -> Submitted {
    match answer {
        Ok(_) => Submitted::go(go),
        Err(Refusal::NotSignedIn) => Submitted::go(paths::session_ended_unsaved(which.path())),
        Err(refusal) => Submitted::refused(refusal),
    }
}

fn photo_of(form: &mut Form) -> Option<Upload> {
    let [zoom, x, y] = CROP.map(|name| form.text(name));
    form.photo.take().map(|bytes| Upload { bytes, crop: Crop::parse(&zoom, &x, &y) })
}

/// The response. A browser loses the chosen file when the page comes back: the page is told that one was
/// chosen, so that it can ask for it again.
async fn tell(state: &AppState, page: Request, which: PhotoForm, form: Form, submitted: Submitted) -> Response {
    let mut values = form.texts;
    values.retain(|(name, _)| name != "_form" && !CROP.contains(&name.as_str()) && !STEP_SECRETS.contains(&name.as_str()));
    if form.chosen {
        values.push((PHOTO.to_owned(), "true".to_owned()));
    }
    answer(state, page, which.name(), values, submitted).await
}
