//! A span for each statement of SQL, made of what sqlx tells the log about it when it is done.

use super::TRACER;
use opentelemetry::trace::{Span, SpanKind, TraceContextExt, Tracer};
use opentelemetry::{Context, KeyValue};
use std::fmt;
use std::time::{Duration, SystemTime};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;

/// Reads along in the log: it is to be given the events of [`STATEMENTS`](crate::db::STATEMENTS), and no others. Statements outside of a
/// trace, such as those of a worker that looks for messages, make no span.
#[derive(Debug, Clone, Copy)]
pub struct Statements;

impl<S: Subscriber> Layer<S> for Statements {
    fn on_event(&self, event: &Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        let parent = Context::current();
        let Some(tracer) = TRACER.get().filter(|_| parent.span().span_context().is_sampled()) else { return };
        let mut told = Told::default();
        event.record(&mut told);
        #[expect(clippy::disallowed_methods, reason = "spans are compared with those of other programs, whatever our clock says")]
        let end = SystemTime::now();
        let took = Duration::try_from_secs_f64(told.seconds).unwrap_or_default();
        let text = if told.text.trim().is_empty() { told.summary.clone() } else { told.text.trim().to_owned() };
        let builder = tracer
            .span_builder(told.summary)
            .with_kind(SpanKind::Client)
            .with_start_time(end.checked_sub(took).unwrap_or(end))
            .with_attributes([KeyValue::new("db.system.name", "postgresql"), KeyValue::new("db.query.text", text)]);
        tracer.build_with_context(builder, &parent).end_with_timestamp(end);
    }
}

/// What an event of sqlx says. Values are bound apart, so that they stand in none of it.
#[derive(Default)]
struct Told {
    /// The first words.
    summary: String,
    /// The whole, if there are more.
    text: String,
    seconds: f64,
}

impl Visit for Told {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "summary" => value.clone_into(&mut self.summary),
            "db.statement" => value.clone_into(&mut self.text),
            _ => {}
        }
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        if field.name() == "elapsed_secs" {
            self.seconds = value;
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}
