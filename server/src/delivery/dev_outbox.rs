//! Development only: shows messages that would have been sent, on `/dev/outbox` and `/dev/outbox.json` (SPEC §7).

use super::dev_brand::MAIL_LOADS;
use super::fault;
use super::templates::Rendered;
use crate::db::captured;
use crate::html;
use crate::seal::Sealer;
use crate::this_machine::names_this_machine;
use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, Request, State};
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
use text::moment::Moment;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

/// As many as anybody scrolls through.
const SHOWN: i64 = 200;
const NO_STORE: [(HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];
/// The page frames the e-mails, and its script looks for new ones.
const OF_PAGE: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; \
                       base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const SCRIPT: &str = include_str!("dev_outbox.js");
const STYLE: &str = include_str!("dev_outbox.css");

#[derive(Debug, Clone)]
pub struct DevOutbox {
    pub pool: PgPool,
    /// Decrypts the messages.
    pub sealer: Sealer,
    /// The product's style sheets; a style of its own would break the Content-Security-Policy.
    pub stylesheets: Vec<String>,
}

/// Its routes, to be mounted in development alone.
pub fn router(state: DevOutbox) -> Router {
    let of_type = |media: &'static str| [(header::CONTENT_TYPE, media)];
    let routes = Router::new()
        .route("/dev/outbox", get(page))
        .route("/dev/outbox/{id}/mail", get(mail))
        .route("/dev/outbox.json", get(json))
        .route("/dev/outbox.js", get(async move || (NO_STORE, of_type("text/javascript; charset=utf-8"), SCRIPT)))
        .route("/dev/outbox.css", get(async move || (NO_STORE, of_type("text/css; charset=utf-8"), STYLE)))
        .with_state(state);
    routes.route_layer(from_fn(only_here))
}

/// Answers only requests to an address of this machine. Otherwise another site could point its name here (DNS rebinding), and its
/// pages could read a developer's codes.
pub(crate) async fn only_here(request: Request, next: Next) -> Response {
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

    const fn channel_in(&self, words: &OutboxTexts) -> &'static str {
        match self.channel {
            Channel::Email => words.email,
            Channel::Sms => words.sms,
            Channel::WhatsApp => words.whatsapp,
        }
    }

    /// What stands in a list of messages: the subject, or how the message begins.
    fn headline(&self) -> &str {
        self.subject.as_deref().or_else(|| self.body.lines().next()).unwrap_or_default()
    }

    pub(super) async fn keep(&self, pool: &PgPool, sealer: &Sealer, now: OffsetDateTime) -> Result<Uuid, sqlx::Error> {
        captured::keep(pool, sealer, now, &self.to, self).await
    }
}

#[derive(Serialize)]
struct Shown {
    id: Uuid,
    at: String,
    /// The same by the clock of Brasília, and its time alone.
    #[serde(skip)]
    moment: String,
    #[serde(skip)]
    clock: String,
    #[serde(flatten)]
    captured: Captured,
}

impl Shown {
    fn new(id: Uuid, at: OffsetDateTime, captured: Captured) -> Option<Self> {
        let moment = Language::PtBr.texts().moment.tell(at);
        Some(Self { id, at: at.format(&Rfc3339).ok()?, moment, clock: Moment::new(at).time(), captured })
    }
}

async fn newest(state: &DevOutbox) -> Result<Vec<Shown>, sqlx::Error> {
    let newest = captured::newest(&state.pool, &state.sealer, SHOWN).await?;
    Ok(newest.into_iter().filter_map(|(id, at, captured)| Shown::new(id, at, captured)).collect())
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

/// Which message is read.
#[derive(Deserialize)]
struct Asked {
    m: Option<Uuid>,
}

async fn page(State(state): State<DevOutbox>, asked: Result<Query<Asked>, QueryRejection>) -> Result<Response, StatusCode> {
    let shown = newest(&state).await.map_err(broken)?;
    let asked = asked.ok().and_then(|Query(asked)| asked.m);
    Ok((NO_STORE, [(header::CONTENT_SECURITY_POLICY, OF_PAGE)], Html(html(&shown, asked, &state.stylesheets))).into_response())
}

/// An e-mail as its recipient would see it. What it links to opens in a window of its own.
async fn mail(State(state): State<DevOutbox>, Path(id): Path<Uuid>) -> Result<Response, StatusCode> {
    let shown = newest(&state).await.map_err(broken)?;
    let html = shown.into_iter().find(|message| message.id == id).and_then(|message| message.captured.html);
    let Some(html) = html else { return Err(StatusCode::NOT_FOUND) };
    let html = html.replacen("<head>", "<head>\n<base target=\"_blank\">", 1);
    let policy = [(header::CONTENT_SECURITY_POLICY, [MAIL_LOADS, "; sandbox allow-popups allow-popups-to-escape-sandbox"].concat())];
    Ok((NO_STORE, policy, Html(html)).into_response())
}

/// `asked`: the message that somebody chose; else the newest is open.
fn html(shown: &[Shown], asked: Option<Uuid>, stylesheets: &[String]) -> String {
    let texts = Language::PtBr.texts();
    let chosen = asked.and_then(|id| shown.iter().find(|message| message.id == id));
    html::page(&Page {
        lang: texts.language.tag(),
        words: &texts.messages.outbox,
        stylesheets,
        shown,
        open: chosen.or_else(|| shown.first()),
        is_chosen: chosen.is_some(),
    })
}

#[derive(Template)]
#[template(path = "dev_outbox.html")]
struct Page<'a> {
    lang: &'a str,
    words: &'a OutboxTexts,
    stylesheets: &'a [String],
    shown: &'a [Shown],
    open: Option<&'a Shown>,
    is_chosen: bool,
}

impl Page<'_> {
    fn is_open(&self, message: &Shown) -> bool {
        self.open.is_some_and(|open| open.id == message.id)
    }
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
        let at = time::macros::datetime!(2026-11-20 12:00 UTC);
        let captured = Captured::of(channel, "joao@example.com", rendered).expect("it can go that way");
        Shown::new(Uuid::from_u128(7), at, captured).expect("a message")
    }

    #[test]
    fn the_page_shows_everything_and_runs_nothing() {
        let link = stub::link_message("<img src=x onerror=alert(1)>", "abc");
        let page = html(&[shown(Channel::Email, &link)], None, &["/pkg/portaria.css".to_owned()]);
        assert!(page.contains(
            "<a href=\"https://portaria.example/reset-password?token=abc\">https://portaria.example/reset-password?token=abc</a>"
        ));
        assert!(page.contains("Olá, &lt;img src=x onerror=alert(1)&gt;!"));
        assert!(page.contains("<link rel=\"stylesheet\" href=\"/pkg/portaria.css\">"));
        for forbidden in ["<img", "<style", " style=", " onerror="] {
            assert!(!page.replace("&lt;img src=x onerror=", "").contains(forbidden), "{forbidden}");
        }
        assert_eq!(page.matches("<script").count(), 1, "our own");
        let page = html(&[shown(Channel::Sms, &stub::code_message("012345"))], None, &[]);
        assert!(page.contains("<strong class=\"code\">012345</strong>"));
    }

    #[test]
    fn the_newest_is_open_unless_another_was_chosen() {
        let at = time::macros::datetime!(2026-11-20 12:00 UTC);
        let message = |id: u128, code: &str| {
            let captured = Captured::of(Channel::Sms, "+5511987654321", &stub::code_message(code)).expect("an SMS");
            Shown::new(Uuid::from_u128(id), at, captured).expect("a message")
        };
        let shown = [message(2, "222222"), message(1, "111111")];
        for (asked, open, chosen) in [(None, "222222", false), (Some(1), "111111", true), (Some(9), "222222", false)] {
            let page = html(&shown, asked.map(Uuid::from_u128), &[]);
            assert!(page.contains(&format!("<strong class=\"code\">{open}</strong>")), "{asked:?}");
            assert_eq!(page.contains(" data-chosen"), chosen, "{asked:?}");
            assert_eq!(page.matches("aria-current").count(), 1, "{asked:?}");
        }
        assert!(html(&[], None, &[]).contains(Language::PtBr.texts().messages.outbox.empty));
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
