//! Malformed requests, byte by byte.

use crate::support::TestApp;
use std::io::{Read, Write};
use std::net::TcpStream;

/// Sends these bytes and reads what comes back until the connection ends.
async fn sent(app: &TestApp, request: &'static str) -> String {
    let address = app.url.trim_start_matches("http://").to_owned();
    let answer = tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(address).expect("connected");
        stream.write_all(request.as_bytes()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    });
    answer.await.expect("no panic")
}

#[tokio::test]
async fn a_request_without_a_path_is_400_and_no_fault_of_ours() {
    let app = TestApp::start().await;
    for request in ["GET x HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n", "HEAD x:1 HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"] {
        let answer = sent(&app, request).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{request:?}: {answer:.200}");
    }
}
