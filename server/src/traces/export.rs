//! The way of spans to a collector: OTLP over HTTP, as protobuf, by the HTTPS client that carriers use.

use super::TRACER;
use crate::config::Otlp;
use async_trait::async_trait;
use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{ExporterBuildError, Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use reqwest::redirect::Policy;
use std::time::Duration;
use tokio::runtime::Handle;

/// How long a collector may take for a batch.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a stopping program waits for the last batch.
const AT_THE_END: Duration = Duration::from_secs(5);

/// Why traces cannot be exported.
#[derive(Debug, thiserror::Error)]
pub enum NotExported {
    #[error("no HTTPS client can be made for traces: are the system's root certificates installed?")]
    Https,
    #[error("traces cannot be exported: {0}")]
    Otlp(#[from] ExporterBuildError),
}

/// The export of a program's spans, to be ended with it.
#[derive(Debug)]
pub struct Export(SdkTracerProvider);

/// Begins to make spans and to export them, in batches, on a thread of its own. Within a runtime, which carries the connections.
///
/// # Errors
/// When no client or exporter can be made. A collector that does not answer is none: it is tried with each batch.
pub fn start(settings: &Otlp) -> Result<Export, NotExported> {
    // The process has one provider; an error means that it is already installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut client = reqwest::Client::builder().timeout(PATIENCE).redirect(Policy::none()).no_proxy().user_agent("Portaria");
    if settings.endpoint.scheme() == "http" {
        // Loading the system's certificates takes a while, and there may be none.
        client = client.tls_certs_only([]);
    }
    let client = Client { client: client.build().map_err(|_| NotExported::Https)?, runtime: Handle::current() };
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(client)
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(settings.endpoint.as_str())
        .with_headers(settings.headers.expose().iter().cloned().collect())
        .build()?;
    let resource = Resource::builder()
        .with_service_name(settings.service.clone())
        .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
        .build();
    let provider = SdkTracerProvider::builder().with_resource(resource).with_batch_exporter(exporter).build();
    // A second start in one process would be a second collector: the first one stays.
    let _ = TRACER.set(provider.tracer("portaria"));
    Ok(Export(provider))
}

impl Export {
    /// Sends what is left.
    pub async fn end(self) {
        let ended = tokio::task::spawn_blocking(move || self.0.shutdown_with_timeout(AT_THE_END)).await;
        if !matches!(ended, Ok(Ok(()))) {
            tracing::warn!("the last traces did not reach their collector");
        }
    }
}

/// Sends on the program's runtime what the exporter's thread waits for.
#[derive(Debug)]
struct Client {
    client: reqwest::Client,
    runtime: Handle,
}

#[async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = self.client.clone();
        let sent = self.runtime.spawn(async move {
            let mut answer = client.execute(request.try_into()?).await?;
            let mut response = Response::builder().status(answer.status());
            if let Some(headers) = response.headers_mut() {
                *headers = std::mem::take(answer.headers_mut());
            }
            // What a collector says is not read: only its status counts, and its wish to be left alone for a while.
            Ok::<_, HttpError>(response.body(Bytes::new())?)
        });
        sent.await?
    }
}
