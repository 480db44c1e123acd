//! Server functions, called by whoever likes.

use super::server_functions;
use crate::support::TestApp;

#[tokio::test]
async fn a_server_function_called_with_garbage_is_no_fault_of_ours() {
    let app = TestApp::start_with(&[("TRUSTED_PROXIES", "127.0.0.1")]).await;
    let mut faults = Vec::new();
    for (n, name) in server_functions().into_iter().enumerate() {
        for (b, body) in ["", "garbage", "a=%zz%00&&&=&==", "code[]=1&token[a]=2", "{\"token\":1}", "\u{0}\u{1}"].into_iter().enumerate() {
            for media in ["application/x-www-form-urlencoded", "application/json", "text/plain"] {
                let visitor = app.anonymous().header("x-forwarded-for", &format!("10.0.{n}.{b}"));
                let answer = visitor.post_raw(name, media, body).await;
                if answer.status >= 500 {
                    faults.push(format!("{name} ({media}, {body:?}): {}", answer.status));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} of them: {:#?}", faults.len(), &faults[..faults.len().min(12)]);
}

#[tokio::test]
async fn an_unknown_server_function_is_404() {
    let app = TestApp::start().await;
    let answer = app.anonymous().post_raw("/sf/nothing", "application/x-www-form-urlencoded", "").await;
    assert_eq!(answer.status, 404, "{}", answer.text);
}

#[tokio::test]
async fn an_unknown_form_is_400_and_a_page() {
    let app = TestApp::start().await;
    for form in ["nothing", "", "</script>"] {
        let page = app.anonymous().form("/login", form, &[]).await.expect(400);
        assert!(page.header("content-type").starts_with("text/html"));
    }
}
