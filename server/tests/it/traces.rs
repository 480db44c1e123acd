//! Traces: a collector on this machine gets, from the program itself, the trace of a request, of its statements, and of the delivery of
//! the message that it left.

use crate::support::people::{self, PHONE};
use crate::support::{SECRET, database};
use axum::Router;
use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::routing::post;
use base64::Engine as _;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use prost::Message as _;
use rustix::process::{Pid, Signal, kill_process};
use sqlx::ConnectOptions as _;
use std::fmt::Write as _;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::net::TcpListener;
use tokio::process::{ChildStderr, Command};

const CALLERS_TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

#[derive(Clone, Default)]
struct Collector(Arc<Mutex<Vec<(HeaderMap, Bytes)>>>);

impl Collector {
    async fn start() -> (Self, String) {
        let collector = Self::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/otlp", listener.local_addr().expect("an address"));
        let kept = collector.clone();
        let take = async move |headers: HeaderMap, body: Bytes| kept.0.lock().expect("what came").push((headers, body));
        let router = Router::new().route("/otlp/v1/traces", post(take));
        tokio::spawn(async move { axum::serve(listener, router).await });
        (collector, url)
    }

    /// Every span, with the name of its service.
    fn spans(&self) -> Vec<Span> {
        let mut spans = Vec::new();
        for (headers, body) in self.0.lock().expect("what came").iter() {
            assert_eq!(headers["content-type"], "application/x-protobuf");
            assert_eq!(headers["authorization"], "Basic abc+d");
            for batch in ExportTraceServiceRequest::decode(body.clone()).expect("OTLP").resource_spans {
                let resource = format!("{:?}", batch.resource);
                assert!(resource.contains("the nodes"), "{resource}");
                spans.extend(batch.scope_spans.into_iter().flat_map(|scope| scope.spans));
            }
        }
        spans
    }
}

async fn until(log: &mut Lines<BufReader<ChildStderr>>, words: &str) {
    let mut before = Vec::new();
    while let Some(line) = log.next_line().await.expect("the log") {
        if line.contains(words) {
            return;
        }
        before.push(line);
    }
    panic!("it never said {words:?}: {before:#?}");
}

fn hex(id: &[u8]) -> String {
    id.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[tokio::test]
async fn a_trace_spans_the_request_its_statements_and_the_delivery_of_its_message() {
    let (collector, endpoint) = Collector::start().await;
    let pool = database().await;
    let port = TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("an address").port();
    let folder = std::env::temp_dir();
    let url = format!("http://127.0.0.1:{port}");
    let mut program = Command::new(env!("CARGO_BIN_EXE_portaria"))
        .arg("serve")
        .env_clear()
        .envs([
            ("LEPTOS_SITE_ADDR", format!("127.0.0.1:{port}")),
            ("DATABASE_URL", pool.connect_options().to_url_lossy().to_string()),
            ("PORTARIA_SECRET", base64::engine::general_purpose::STANDARD.encode(SECRET)),
            ("PORTARIA_DATA_DIR", folder.display().to_string()),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint),
            ("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Basic%20abc+d".to_owned()),
            ("OTEL_SERVICE_NAME", "the nodes".to_owned()),
        ])
        .current_dir(&folder)
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("the program");
    let mut log = BufReader::new(program.stderr.take().expect("its log")).lines();
    until(&mut log, "Portaria is open").await;
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().tls_certs_only([]).build().expect("a client");
    let request = client
        .post(format!("{url}/api/auth/register/client"))
        .header("traceparent", format!("00-{CALLERS_TRACE}-00f067aa0ba902b7-01"))
        .json(&people::client(PHONE));
    assert_eq!(request.send().await.expect("an answer").status(), 202);
    until(&mut log, "message handed over").await;
    // What is left goes out before the end.
    let id = i32::try_from(program.id().expect("it runs")).ok().and_then(Pid::from_raw).expect("its id");
    kill_process(id, Signal::TERM).expect("told to stop");
    until(&mut log, "stopping").await;
    assert!(program.wait().await.expect("it ended").success());

    let spans = collector.spans();
    let named = |name: &str| spans.iter().find(|span| span.name == name).unwrap_or_else(|| panic!("no {name} in {spans:#?}"));
    let children = |of: &Span| spans.iter().filter(|span| span.parent_span_id == of.span_id).map(|it| it.name.as_str()).collect::<Vec<_>>();
    let request = named("POST /api/auth/register/client");
    assert!(request.kind == SpanKind::Server as i32 && request.parent_span_id.is_empty());
    assert_ne!(hex(&request.trace_id), CALLERS_TRACE, "a stranger's trace is no trace of ours");
    assert_eq!(request.links.iter().map(|link| hex(&link.trace_id)).collect::<Vec<_>>(), [CALLERS_TRACE]);
    let delivery = named("deliver whatsapp");
    assert_eq!((&delivery.trace_id, &delivery.parent_span_id), (&request.trace_id, &request.span_id));
    for (of, statement) in [(request, "insert into outbox"), (delivery, "with before as")] {
        assert!(children(of).iter().any(|name| name.starts_with(statement)), "{statement}: {:?}", children(of));
    }
    for span in &spans {
        let is_first = span.name.starts_with("POST /");
        assert!(is_first || span.trace_id == request.trace_id, "a worker that looks for messages begins no trace: {span:?}");
    }
    let told = format!("{spans:?}");
    for personal in [PHONE, PHONE.trim_start_matches("+55"), "Ana Souza", "Souza"] {
        assert!(!told.contains(personal), "{personal} in {told}");
    }
    pool.close().await;
}
