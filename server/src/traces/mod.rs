//! Traces for OpenTelemetry (SPEC §14 "Traces and logs"; docs/operations.md#traces): a span for each request, for each statement that
//! it asks of the database, and for the delivery of each message that it left. Without a collector none of it is made.
//!
//! ```text
//!   POST /api/auth/register/client ─┬─ select … ─ insert … ─ commit
//!        (a caller's trace is linked) │  outbox.traceparent
//!                                     └─► deliver sms ─── update …      later, at any node
//! ```
//!
//! A caller's `traceparent` becomes a link and not the parent: whoever sends it is a stranger, who would else decide whether we sample
//! and join what has nothing in common.
//!
//! Nothing personal stands in a span: routes are templates, statements have their values apart, and no log line becomes an event.
//!
//! Rejected: the crate `tracing-opentelemetry`. The name and kind of a span would be fields of its `tracing` span, and so stand in each
//! line of the log.

mod export;
mod statements;

pub use export::{Export, NotExported, start};
pub use statements::Statements;

use axum::http::HeaderMap;
use axum::response::Response;
use opentelemetry::context::FutureExt;
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::{Link, SpanKind, Status, TraceContextExt, Tracer};
use opentelemetry::{Context, KeyValue};
use opentelemetry_http::HeaderExtractor;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracer;
use portaria::message::Channel;
use std::collections::HashMap;
use std::future::Future;
use std::sync::OnceLock;
use uuid::Uuid;

/// The name under which W3C Trace Context travels.
const TRACEPARENT: &str = "traceparent";

/// Set once, by a program that has a collector.
static TRACER: OnceLock<SdkTracer> = OnceLock::new();

/// Begins the span of a request, the first of a trace; `None` without a collector. `method` is as the request log names it.
pub fn request(method: &'static str, route: &str, id: Uuid, headers: &HeaderMap) -> Option<Context> {
    let tracer = TRACER.get()?;
    let mut builder = tracer.span_builder(format!("{method} {route}")).with_kind(SpanKind::Server).with_attributes([
        KeyValue::new("http.request.method", method),
        KeyValue::new("http.route", route.to_owned()),
        KeyValue::new("request_id", id.to_string()),
    ]);
    let caller = TraceContextPropagator::new().extract_with_context(&Context::new(), &HeaderExtractor(headers));
    if caller.span().span_context().is_valid() {
        builder = builder.with_links(vec![Link::with_context(caller.span().span_context().clone())]);
    }
    Some(Context::new().with_span(tracer.build_with_context(builder, &Context::new())))
}

/// Answers a request within its span, if it has one. A client that leaves ends it without a status.
pub async fn answered(here: Option<Context>, answering: impl Future<Output = Response>) -> Response {
    let Some(here) = here else { return answering.await };
    let response = answering.with_context(here.clone()).await;
    let (span, status) = (here.span(), response.status());
    span.set_attribute(KeyValue::new("http.response.status_code", i64::from(status.as_u16())));
    if status.is_server_error() {
        span.set_status(Status::error(""));
    }
    span.end();
    response
}

/// Delivers a message within a span of its own, in the trace in which the message was left; its own trace, if that was not traced.
pub async fn delivery<T>(channel: Channel, attempts: u32, left_in: Option<&str>, delivering: impl Future<Output = T>) -> T {
    let Some(tracer) = TRACER.get() else { return delivering.await };
    let builder = tracer.span_builder(format!("deliver {}", channel.as_str())).with_kind(SpanKind::Consumer).with_attributes([
        KeyValue::new("messaging.system", "portaria.outbox"),
        KeyValue::new("messaging.destination.name", channel.as_str()),
        KeyValue::new("attempts", i64::from(attempts)),
    ]);
    let carrier: HashMap<_, _> = left_in.map(|left_in| (TRACEPARENT.to_owned(), left_in.to_owned())).into_iter().collect();
    let parent = TraceContextPropagator::new().extract_with_context(&Context::new(), &carrier);
    let here = Context::new().with_span(tracer.build_with_context(builder, &parent));
    let done = delivering.with_context(here.clone()).await;
    here.span().end();
    done
}

/// The trace that goes on here, as it is kept beside a message (W3C Trace Context); `None` outside of one.
pub fn here() -> Option<String> {
    TRACER.get()?;
    let here = Context::current();
    if !here.span().span_context().is_valid() {
        return None;
    }
    let mut carrier = HashMap::new();
    TraceContextPropagator::new().inject_context(&here, &mut carrier);
    carrier.remove(TRACEPARENT)
}
