//! `POST /api/auth/account/export`: all that is kept of an account, as a file (SPEC §13). The page's button asks for the same by GET.
//!
//! The file is written while it is read, a page of a list at a time: an account of any size takes the memory of one page, and no
//! transaction stays open while a slow client reads. If something breaks on the way, the connection ends before the file does, so that
//! half a file never looks whole.

use super::bodies::{
    DeletionAsked, ExportConsent, ExportedAccount, ExportedEvent, ExportedMessage, ExportedPhoto, ExportedSession, Message, written_at,
};
use crate::http::contract::Contract;
use crate::http::onward::go;
use crate::http::requester::RequestContext;
use crate::http::state::AppState;
use app::forms::Onward;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Json};
use futures::stream::{self, Stream};
use portaria::accounts::{Accounts, Answer};
use portaria::error::Refusal;
use portaria::own_data::{OwnData, OwnList, OwnRecord, Place, Recorded, SCHEMA};
use portaria::session::Requester;
use serde::Serialize;
use serde_json::json;
use std::sync::Arc;
use text::Language;

/// Records that are read by one statement.
const PAGE: u16 = 500;

pub async fn export(State(state): State<AppState>, Extension(context): Extension<RequestContext>) -> Response {
    match state.accounts.export(&context.who).await {
        Ok(data) => file(&state, context.who, &data),
        Err(refusal) => Contract::Problem.refuse(&refusal),
    }
}

pub async fn block(State(state): State<AppState>, Extension(context): Extension<RequestContext>) -> Response {
    match state.accounts.block(&context.who).await {
        Ok(()) => Json(Message { message: Language::PtBr.texts().deletion.blocked }).into_response(),
        Err(refusal) => Contract::Problem.refuse(&refusal),
    }
}

pub async fn ask_deletion(State(state): State<AppState>, Extension(context): Extension<RequestContext>) -> Response {
    match state.accounts.ask_deletion(&context.who).await {
        Ok(deletes_at) => {
            let body = DeletionAsked { message: Language::PtBr.texts().deletion.asked, deletes_at };
            (StatusCode::ACCEPTED, Json(body)).into_response()
        }
        Err(refusal) => Contract::Problem.refuse(&refusal),
    }
}

/// The page's button: a browser gets the file, or the page that says what is missing.
pub async fn download(State(state): State<AppState>, Extension(context): Extension<RequestContext>) -> Response {
    match state.accounts.export(&context.who).await {
        Ok(data) => file(&state, context.who, &data),
        Err(Refusal::NotSignedIn) => go(&state, &app::paths::session_ended(app::paths::PROFILE_DATA)),
        Err(Refusal::ReauthenticationRequired) => Redirect::to(app::paths::PROFILE_DATA).into_response(),
        Err(_) => go(&state, &Onward::saying(app::paths::PROFILE_DATA, text::PageNotice::TryLater)),
    }
}

fn file(state: &AppState, who: Requester, data: &OwnData) -> Response {
    let name = format!("attachment; filename=\"meus-dados-{}.json\"", data.at.date());
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CONTENT_DISPOSITION, &name), (header::CACHE_CONTROL, "no-store")];
    (headers, Body::from_stream(written(state.accounts.clone(), who, head(&state.public_url, data)))).into_response()
}

/// The beginning of the file, up to its first list.
fn head(public_url: &str, data: &OwnData) -> String {
    let of_terms = data.consents.iter().map(ExportConsent::of);
    let consents: Vec<_> = of_terms.chain(data.products.iter().map(ExportConsent::to_product)).collect();
    let members = [
        ("schema", json!(SCHEMA)),
        ("exportedAt", json!(written_at(data.at))),
        ("account", json!(ExportedAccount::of(public_url, data))),
        ("photo", json!(data.photo.as_ref().map(ExportedPhoto::of))),
        ("consents", json!(consents)),
    ];
    let members: Vec<_> = members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
    format!("{{{},", members.join(","))
}

const fn name(list: OwnList) -> &'static str {
    match list {
        OwnList::Sessions => "sessions",
        OwnList::Messages => "messages",
        OwnList::Events => "events",
    }
}

/// What is still to be written.
enum Step {
    Begin(String),
    Page(usize, Option<Place>),
    End,
}

/// The export ended before its file did.
#[derive(Debug, thiserror::Error)]
#[error("the export was interrupted: {0}")]
struct Interrupted(Refusal);

fn written(accounts: Arc<dyn Accounts>, who: Requester, head: String) -> impl Stream<Item = Result<Bytes, Interrupted>> + Send {
    stream::try_unfold(Step::Begin(head), move |step| {
        let (accounts, who) = (accounts.clone(), who.clone());
        async move {
            let (text, next) = match step {
                Step::Begin(head) => (head, Step::Page(0, None)),
                Step::Page(nth, after) => page(&*accounts, &who, nth, after).await.map_err(Interrupted)?,
                Step::End => return Ok(None),
            };
            Ok(Some((Bytes::from(text), next)))
        }
    })
}

/// A page of a list, with what stands before and after it in the file.
async fn page(accounts: &dyn Accounts, who: &Requester, nth: usize, after: Option<Place>) -> Answer<(String, Step)> {
    let list = OwnList::ALL[nth];
    let records = accounts.own_records(who, list, after, PAGE).await?;
    let mut text = if after.is_none() { format!("\"{}\":[", name(list)) } else { String::new() };
    for (index, record) in records.iter().enumerate() {
        if after.is_some() || index > 0 {
            text.push(',');
        }
        text.push_str(&line(record));
    }
    if records.len() == usize::from(PAGE) {
        return Ok((text, Step::Page(nth, records.last().map(|record| record.place))));
    }
    let is_last = nth + 1 == OwnList::ALL.len();
    text.push_str(if is_last { "]}\n" } else { "]," });
    Ok((text, if is_last { Step::End } else { Step::Page(nth + 1, None) }))
}

fn line(record: &OwnRecord) -> String {
    fn json(line: &impl Serialize) -> String {
        json!(line).to_string()
    }
    match &record.what {
        Recorded::Session { .. } => json(&ExportedSession::of(record)),
        Recorded::Message { channel, kind } => {
            json(&ExportedMessage { at: written_at(record.place.at), channel: channel.clone(), kind: kind.clone() })
        }
        Recorded::Event { event, outcome, address, user_agent } => json(&ExportedEvent {
            at: written_at(record.place.at),
            event: event.clone(),
            outcome: outcome.clone(),
            address: address.clone(),
            user_agent: user_agent.clone(),
        }),
    }
}
