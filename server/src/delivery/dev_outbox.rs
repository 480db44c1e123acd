//! Development only: shows messages that would have been sent, on `/dev/outbox` and `/dev/outbox.json` (SPEC §7).

use super::fault;
use super::templates::Rendered;
use crate::db::captured;
use crate::html;
use crate::seal::Sealer;
use crate::this_machine::names_this_machine;
use askama::Template;
use axum::extract::{Request, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use portaria::message::Channel;
use serde::{Deserialize, Serialize};
use sqlx::PgPool;
use std::fmt;
use text::Language;
use text::messages::OutboxTexts;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

/// As many as anybody scrolls through.
const SHOWN: i64 = 200;
const NO_STORE: [(HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];

#[derive(Debug, Clone)]
pub struct DevOutbox {
    pub pool: PgPool,
    /// Decrypts the messages.
    pub sealer: Sealer,
    /// The product's style sheets; a style of its own would break the Content-Security-Policy.
    pub stylesheets: Vec<String>,
}

/// The two routes, to be mounted in development alone.
pub fn router(state: DevOutbox) -> Router {
    let routes = Router::new().route("/dev/outbox", get(page)).route("/dev/outbox.json", get(json)).with_state(state);
    routes.route_layer(from_fn(only_here))
}

/// Answers only requests to an address of this machine. Otherwise another site could point its name here (DNS rebinding), and its
/// pages could read a developer's codes.
pub(super) async fn only_here(request: Request, next: Next) -> Response {
    if names_this_machine(request.uri(), request.headers()) {
        return next.run(request).await;
    }
    StatusCode::NOT_FOUND.into_response()
}

/// A message that a carrier would have been given.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Captured {
    channel: Channel,
    to: String,
    subject: Option<String>,
    body: String,
    html: Option<String>,
    code: Option<String>,
    link: Option<String>,
}

impl fmt::Debug for Captured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Captured").field("channel", &self.channel).finish_non_exhaustive()
    }
}

impl Captured {
    /// The message as it would look on that channel; `None` if the channel cannot carry it.
    pub(super) fn of(channel: Channel, recipient: &str, rendered: &Rendered) -> Option<Self> {
        let (subject, body, html) = match channel {
            Channel::Email => (Some(rendered.subject.clone()), rendered.text.clone(), Some(rendered.html.clone())),
            Channel::Sms => (None, rendered.sms.clone(), None),
            Channel::WhatsApp => (None, rendered.whatsapp.clone()?, None),
        };
        Some(Self { channel, to: recipient.to_owned(), subject, body, html, code: rendered.code.clone(), link: rendered.link.clone() })
    }

    pub(super) async fn keep(&self, pool: &PgPool, sealer: &Sealer, now: OffsetDateTime) -> Result<Uuid, sqlx::Error> {
        captured::keep(pool, sealer, now, &self.to, self).await
    }
}

#[derive(Serialize)]
struct Shown {
    id: Uuid,
    at: String,
    #[serde(flatten)]
    captured: Captured,
}

async fn newest(state: &DevOutbox) -> Result<Vec<Shown>, sqlx::Error> {
    let newest = captured::newest(&state.pool, &state.sealer, SHOWN).await?;
    let shown = newest.into_iter().filter_map(|(id, at, captured)| Some(Shown { id, at: at.format(&Rfc3339).ok()?, captured }));
    Ok(shown.collect())
}

#[expect(clippy::needless_pass_by_value, reason = "it is given to map_err")]
fn broken(error: sqlx::Error) -> StatusCode {
    tracing::error!(code = fault(&error), "the captured messages cannot be read");
    StatusCode::INTERNAL_SERVER_ERROR
}

async fn json(State(state): State<DevOutbox>) -> Result<Response, StatusCode> {
    let shown = newest(&state).await.map_err(broken)?;
    Ok((NO_STORE, Json(shown)).into_response())
}

async fn page(State(state): State<DevOutbox>) -> Result<Response, StatusCode> {
    let shown = newest(&state).await.map_err(broken)?;
    let policy = [(header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'")];
    Ok((NO_STORE, policy, Html(html(&shown, &state.stylesheets))).into_response())
}

fn html(shown: &[Shown], stylesheets: &[String]) -> String {
    let texts = Language::PtBr.texts();
    html::page(&Page { lang: texts.language.tag(), words: &texts.messages.outbox, stylesheets, shown })
}

#[derive(Template)]
#[template(path = "dev_outbox.html")]
struct Page<'a> {
    lang: &'a str,
    words: &'a OutboxTexts,
    stylesheets: &'a [String],
    shown: &'a [Shown],
}

/// A piece of a text.
enum Piece<'a> {
    Words(&'a str),
    Link(&'a str),
}

/// Finds the web addresses in a text.
fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    text.split_inclusive(char::is_whitespace).flat_map(|piece| {
        let word = piece.trim_end();
        let is_link = word.starts_with("https://") || word.starts_with("http://");
        let (word, rest) = piece.split_at(word.len());
        [if is_link { Piece::Link(word) } else { Piece::Words(word) }, Piece::Words(rest)]
    })
}

#[cfg(test)]
mod tests {
    use super::super::stub;
    use super::*;

    fn shown(channel: Channel, rendered: &Rendered) -> Shown {
        Shown {
            id: Uuid::from_u128(7),
            at: "2026-11-20T12:00:00Z".into(),
            captured: Captured::of(channel, "joao@example.com", rendered).expect("it can go that way"),
        }
    }

    #[test]
    fn the_page_shows_everything_and_runs_nothing() {
        let link = stub::link_message("<img src=x onerror=alert(1)>", "abc");
        let page = html(&[shown(Channel::Email, &link)], &["/pkg/portaria.css".to_owned()]);
        assert!(page.contains(
            "<a href=\"https://portaria.example/reset-password?token=abc\">https://portaria.example/reset-password?token=abc</a>"
        ));
        assert!(page.contains("Olá, &lt;img src=x onerror=alert(1)&gt;!"));
        assert!(page.contains("<link rel=\"stylesheet\" href=\"/pkg/portaria.css\">"));
        for forbidden in ["<img", "<script", "<style", " style="] {
            assert!(!page.contains(forbidden), "{forbidden}");
        }
        let page = html(&[shown(Channel::Sms, &stub::code_message("012345"))], &[]);
        assert!(page.contains("<strong class=\"code\">012345</strong>"));
    }

    #[test]
    fn the_json_has_every_field() {
        let sms = serde_json::to_value(shown(Channel::Sms, &stub::code_message("012345"))).expect("JSON");
        assert_eq!(
            sms,
            serde_json::json!({
                "id": "00000000-0000-0000-0000-000000000007", "at": "2026-11-20T12:00:00Z", "channel": "sms",
                "to": "joao@example.com", "subject": null, "html": null, "code": "012345", "link": null,
                "body": "Portaria: seu codigo para criar sua conta e 012345. Vale por 5 min. Nao compartilhe.\n\n@portaria.example #012345",
            })
        );
        let email = serde_json::to_value(shown(Channel::Email, &stub::link_message("Ana", "abc"))).expect("JSON");
        assert_eq!(email["channel"], "email");
        assert_eq!(email["subject"], "Redefina sua senha");
        assert_eq!(email["link"], "https://portaria.example/reset-password?token=abc");
        assert_eq!(email["code"], serde_json::Value::Null);
        assert!(email["html"].as_str().is_some_and(|html| html.starts_with("<!doctype html>")));
    }

    #[test]
    fn whatsapp_takes_codes_only() {
        assert!(Captured::of(Channel::WhatsApp, "+5511987654321", &stub::notice()).is_none());
        assert!(Captured::of(Channel::WhatsApp, "+5511987654321", &stub::code_message("012345")).is_some());
    }
}
