//! What the OpenAPI document says of each route beyond its row in the table: a function a route, which the row names. So a
//! route without its description does not compile.
//!
//! Names of fields come from the table of fields, bodies of success from the types that are sent (`http/api/bodies.rs`),
//! refusals from the catalogue of the domain. What follows from the row (who may call it, what it reads) is added by
//! `http/openapi/document.rs`.

mod auth;
mod carona;
mod links;
mod own;
mod profile;
mod recovery;
mod registration;
mod samples;

pub use auth::*;
pub use carona::*;
pub use links::*;
pub use own::*;
pub use profile::*;
pub use recovery::*;
pub use registration::*;
pub(super) use samples::TOKEN;

use super::api::bodies::Envelope;
use axum::http::StatusCode;
use portaria::error::{Field, Refusal};
use portaria::journey::{Ask, Journey, Kind};
use portaria::kinds::Kinds;
use portaria::message::Channel;
use serde::Serialize;
use serde_json::{Value, json};
use text::api_docs::{HeaderWords, OperationWords, TagWords};
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// What a route is about: a heading of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    Client,
    Registration,
    Recovery,
    Teacher,
    Carona,
    Profile,
    Contest,
    Public,
}

impl Tag {
    /// In the order of the document.
    pub const ALL: [Self; 8] =
        [Self::Teacher, Self::Client, Self::Recovery, Self::Registration, Self::Carona, Self::Profile, Self::Contest, Self::Public];

    /// The heading, and a sentence.
    pub const fn words(self, words: &TagWords) -> (&'static str, &'static str) {
        match self {
            Self::Client => (words.client, words.client_about),
            Self::Registration => (words.registration, words.registration_about),
            Self::Recovery => (words.recovery, words.recovery_about),
            Self::Teacher => (words.teacher, words.teacher_about),
            Self::Carona => (words.carona, words.carona_about),
            Self::Profile => (words.profile, words.profile_about),
            Self::Contest => (words.contest, words.contest_about),
            Self::Public => (words.public, words.public_about),
        }
    }
}

/// The channels of a code to a phone.
fn by_phone() -> &'static [Channel] {
    Kind::Cliente.journey().channels
}

/// A field that a route takes.
#[derive(Debug, Clone, Copy)]
pub struct Takes {
    pub field: Field,
    pub required: bool,
    /// Whether it is a password that is being chosen, so that its rules hold.
    pub chosen: bool,
    /// Which ones it may be, if it is a channel.
    pub channels: &'static [Channel],
}

impl Takes {
    pub const fn new(field: Field, required: bool) -> Self {
        Self { field, required, chosen: false, channels: &[] }
    }
}

/// A named example, from the document of this number; `None`: of our own.
#[derive(Debug, Clone)]
pub struct Sample {
    pub name: &'static str,
    pub of: Option<&'static str>,
    pub value: Value,
}

/// What a header is for, in the words of a language.
pub type HeaderAbout = fn(&HeaderWords) -> &'static str;

/// A successful answer.
#[must_use]
pub struct Answer {
    pub status: StatusCode,
    /// Media type and schema; empty: no body.
    pub bodies: Vec<(&'static str, RefOr<Schema>)>,
    /// The schemas that it refers to, by name.
    pub components: Vec<(String, RefOr<Schema>)>,
    pub samples: Vec<Sample>,
    pub headers: Vec<(&'static str, HeaderAbout)>,
}

impl Answer {
    /// An answer without a described body.
    pub fn new(status: StatusCode) -> Self {
        Self { status, bodies: Vec::new(), components: Vec::new(), samples: Vec::new(), headers: Vec::new() }
    }

    /// A JSON answer; the sample is what is sent.
    pub fn json<T: ToSchema + Serialize>(status: StatusCode, sample: &T) -> Self {
        let mut answer = Self::new(status);
        answer.component::<T>();
        answer.bodies.push(("application/json", Ref::from_schema_name(T::name()).into()));
        answer.sample("exemplo", None, json!(sample))
    }

    /// An answer of 004; the sample is what is sent. An envelope has no name of its own, so it stands where it is used.
    pub fn enveloped<T: ToSchema + Serialize>(status: StatusCode, sample: &Envelope<T>) -> Self {
        let mut answer = Self::new(status);
        answer.component::<T>();
        answer.bodies.push(("application/json", Envelope::<T>::schema()));
        answer.sample("exemplo", None, json!(sample))
    }

    /// Names a type, and those that it refers to.
    fn component<T: ToSchema>(&mut self) {
        self.components.push((T::name().into_owned(), T::schema()));
        T::schemas(&mut self.components);
    }

    /// One more media type.
    pub fn or(mut self, media: &'static str, schema: impl Into<RefOr<Schema>>) -> Self {
        self.bodies.push((media, schema.into()));
        self
    }

    pub fn sample(mut self, name: &'static str, of: Option<&'static str>, value: Value) -> Self {
        self.samples.push(Sample { name, of, value });
        self
    }

    pub fn header(mut self, name: &'static str, about: HeaderAbout) -> Self {
        self.headers.push((name, about));
        self
    }
}

/// A refusal that a route gives, with its own sentence or body where it has one.
#[derive(Debug, Clone)]
pub struct Refused {
    pub refusal: Refusal,
    pub sentence: Option<String>,
    pub body: Option<Value>,
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, sentence: None, body: None }
    }
}

/// The description of a route.
#[must_use]
pub struct Operation {
    /// Names it in generated clients.
    pub id: &'static str,
    pub tag: Tag,
    pub summary: fn(&OperationWords) -> &'static str,
    pub takes: Vec<Takes>,
    /// The journey that it begins, if it begins one.
    pub begins: Option<&'static Journey>,
    /// Fields of the query.
    pub query: Vec<Takes>,
    pub samples: Vec<Sample>,
    pub answers: Vec<Answer>,
    pub refusals: Vec<Refused>,
    /// Whether a browser that asks for HTML is answered with a page, whatever the status.
    pub pages: bool,
}

impl Operation {
    fn new(id: &'static str, tag: Tag, summary: fn(&OperationWords) -> &'static str) -> Self {
        Self {
            id,
            tag,
            summary,
            takes: Vec::new(),
            begins: None,
            query: Vec::new(),
            samples: Vec::new(),
            answers: Vec::new(),
            refusals: Vec::new(),
            pages: false,
        }
    }

    fn takes(mut self, fields: impl IntoIterator<Item = Field>) -> Self {
        self.takes.extend(fields.into_iter().map(|field| Takes::new(field, true)));
        self
    }

    fn may_take(mut self, fields: impl IntoIterator<Item = Field>) -> Self {
        self.takes.extend(fields.into_iter().map(|field| Takes::new(field, false)));
        self
    }

    /// Takes the choice of a channel.
    fn by(mut self, channels: &'static [Channel]) -> Self {
        self.takes.push(Takes { channels, ..Takes::new(Field::Channel, false) });
        self
    }

    /// Takes a password that is being chosen.
    fn takes_chosen(mut self, field: Field) -> Self {
        self.takes.push(Takes { chosen: true, ..Takes::new(field, true) });
        self
    }

    /// Takes the fields of a form as a journey asks for them.
    fn form(mut self, asks: &[Ask]) -> Self {
        self.takes.extend(asks.iter().map(|ask| Takes { chosen: true, ..Takes::new(ask.field, !ask.optional) }));
        self
    }

    /// Takes the first form of a journey, and begins it.
    fn begins(mut self, journey: &'static Journey) -> Self {
        self.begins = Some(journey);
        self.form(journey.details).refuses([Refusal::KindClosed])
    }

    /// The same operation where an operator decided what a first form asks for.
    pub fn as_decided(mut self, kinds: &Kinds) -> Self {
        let Some(journey) = self.begins else { return self };
        let asked = kinds.details(journey);
        if asked != journey.details {
            let further: Vec<_> = self.takes.into_iter().filter(|taken| journey.ask(taken.field).is_none()).collect();
            self.takes = Vec::new();
            self = self.form(asked);
            self.takes.extend(further);
            // The document's example may lack what is needed here.
            self.samples.clear();
        }
        self
    }

    /// An example of the request, from the document of that number.
    fn sample(mut self, name: &'static str, of: &'static str, value: Value) -> Self {
        self.samples.push(Sample { name, of: Some(of), value });
        self
    }

    fn answers(mut self, answer: Answer) -> Self {
        self.answers.push(answer);
        self
    }

    fn refuses(mut self, refusals: impl IntoIterator<Item = Refusal>) -> Self {
        self.refusals.extend(refusals.into_iter().map(Refused::from));
        self
    }

    fn refuses_as(mut self, refusal: Refusal, sentence: impl Into<String>) -> Self {
        self.refusals.push(Refused { sentence: Some(sentence.into()), ..refusal.into() });
        self
    }

    /// Refuses with a body of its own.
    fn refuses_with(mut self, refusal: Refusal, body: Value) -> Self {
        self.refusals.push(Refused { body: Some(body), ..refusal.into() });
        self
    }

    /// The channel that is asked for may rest.
    fn may_rest(self) -> Self {
        self.refuses([Refusal::ChannelResting { channels: vec![Channel::WhatsApp] }])
    }

    /// It guesses or sends, so it is limited by client address.
    fn limited(self) -> Self {
        self.refuses([Refusal::TooMany { retry_after: 600 }])
    }

    /// It hashes a password, too.
    fn hashes(self) -> Self {
        self.limited().refuses([Refusal::Busy { retry_after: 2 }])
    }

    /// It sends again, and waits between.
    fn resends(self) -> Self {
        self.limited().refuses([Refusal::TooSoon { retry_after: 30 }])
    }
}
