//! Values that would be markup.

use super::{address, page, signed_in};
use crate::support::TestApp;
use crate::support::people::{EMAIL, PASSWORD, PHONE, client_form, teacher};
use server::http::PAGES;

const MARKUP: &str = "</script><img src=x onerror=alert(1)>\"'{{7*7}}";

#[tokio::test]
async fn a_name_full_of_markup_is_shown_as_it_is() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let mut form = client_form(PHONE);
    form[1].1 = MARKUP;
    form[3].1 = EMAIL;
    browser.form("/register/client", "sign_up", &form).await.expect(303);
    let code = app.code_to(PHONE).await;
    let details = browser.get("/register/client?step=details").await.expect(200);
    for page in [details.text, browser.get("/register/client").await.expect(200).text] {
        assert!(!page.contains("<img src=x") && !page.contains("</script><img"), "{page}");
    }
    browser.form("/register/client", "prove_code", &[("code", &code)]).await.expect(303);
    let dashboard = browser.get("/dashboard").await.expect(200);
    assert!(dashboard.text.contains("&lt;img src=x onerror=alert(1)&gt;"), "{}", dashboard.text);
    assert!(!dashboard.text.contains("<img src=x") && !dashboard.text.contains("</script><img"), "{}", dashboard.text);
    let mail = app.email_to(EMAIL).await;
    let html = mail["html"].as_str().expect("HTML");
    assert!(!html.contains("<img src=x") && !html.contains("</script>"), "{html}");
    let outbox = app.get("/dev/outbox").await.expect(200);
    assert!(!outbox.text.contains("<img src=x"), "{}", outbox.text);
}

#[tokio::test]
async fn a_refused_form_full_of_markup_is_shown_as_it_is() {
    let app = TestApp::start().await;
    let fields: Vec<_> = ["name", "phone", "email", "cnpj", "institution", "identifier", "channel", "username"]
        .iter()
        .map(|field| (*field, MARKUP))
        .collect();
    for (path, form, slug) in [
        ("/register/client", "sign_up", "client"),
        ("/register/company", "sign_up", "company"),
        ("/login", "sign_in", ""),
        ("/resend-verification", "resend_link", ""),
    ] {
        let mut all = vec![("slug", slug)];
        all.extend(&fields);
        let page = app.anonymous().form(path, form, &all).await;
        assert!(page.status == 400 || page.status == 401, "{path}: {}", page.status);
        assert!(!page.text.contains("<img src=x") && !page.text.contains("</script><img"), "{path}: {}", page.text);
    }
}

#[tokio::test]
async fn a_query_full_of_markup_is_shown_nowhere() {
    let app = TestApp::start().await;
    let query = "%3C%2Fscript%3E%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E";
    let owner = signed_in(&app).await;
    for page in &PAGES {
        let path = address(page.path);
        for name in ["token", "notice", "next", "step", "by"] {
            let asked = format!("{path}?{name}={query}");
            let page = if page.guarded { owner.get(&asked).await } else { self::page(&app, &asked).await };
            assert!(!page.text.contains("<img src=x") && !page.text.contains("</script><img"), "{path}?{name}: {}", page.text);
        }
    }
}

#[tokio::test]
async fn names_of_every_script_come_back_as_they_were() {
    let app = TestApp::start().await;
    for (n, name) in ["محمد علي", "李小龍", "Zoë 👩‍🚀 Ñandú", "Nguyễn Thị Ánh", "O'Brien-Dïaz"].into_iter().enumerate()
    {
        let email = format!("n{n}@example.com");
        let mut body = teacher(&email);
        body["fullName"] = name.into();
        app.post("/api/auth/register/teacher", body).await.expect(201);
        app.open_link_to(&email).await.expect(200);
        assert_eq!(app.login(&email, PASSWORD).await.expect(200).json()["user"]["fullName"], name);
    }
}
