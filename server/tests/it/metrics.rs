//! `/metrics`: what is counted, who may read it, and that the dashboard and the alerts ask for what is there.

use crate::support::people::{CNPJ, EMAIL, OTHER_EMAIL, OTHER_PHONE, PASSWORD, PHONE, WRONG_PASSWORD, client, teacher};
use crate::support::{Answer, TestApp};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;
use time::Duration;

const ALERTS: &str = include_str!("../../../ops/prometheus/alerts.yml");
const DASHBOARD: &str = include_str!("../../../ops/grafana/portaria.json");

async fn told(app: &TestApp) -> String {
    let answer = app.get("/metrics").await.expect(200);
    assert_eq!(answer.header("content-type"), "text/plain; version=0.0.4");
    answer.text
}

/// The value of a series; 0 if there is none.
fn value<T: FromStr + Default>(text: &str, series: &str) -> T {
    let value = text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    value.map(|value| value.parse().unwrap_or_else(|_| panic!("{series} {value}"))).unwrap_or_default()
}

/// How many sign-ups of a kind have begun, were sent, were proved and are complete.
fn steps(text: &str, kind: &str) -> [u32; 4] {
    ["begun", "sent", "proved", "completed"].map(|step| value(text, &format!("portaria_signups_total{{kind=\"{kind}\",step=\"{step}\"}}")))
}

/// How many messages of a channel were left and handed over.
fn messages(text: &str, channel: &str) -> [u32; 2] {
    ["queued", "handed"].map(|state| value(text, &format!("portaria_messages_total{{channel=\"{channel}\",state=\"{state}\"}}")))
}

#[tokio::test]
async fn each_step_of_a_sign_up_is_counted_once() {
    let app = TestApp::start().await;
    app.post("/api/auth/register/teacher", teacher(EMAIL)).await.expect(201);
    let text = told(&app).await;
    assert_eq!((steps(&text, "professor"), messages(&text, "email")), ([1, 0, 0, 0], [1, 0]));
    for _ in 0..2 {
        app.open_link_to(EMAIL).await.expect(200);
        let text = told(&app).await;
        assert_eq!((steps(&text, "professor"), messages(&text, "email")), ([1; 4], [1; 2]), "a link that is opened again changes nothing");
    }

    app.ask_code(PHONE).await;
    app.advance(Duration::seconds(31));
    app.post("/api/auth/phone/resend", json!({ "phone": PHONE })).await.expect(202);
    let code = app.code_to(PHONE).await;
    let text = told(&app).await;
    assert_eq!((steps(&text, "cliente"), messages(&text, "whatsapp")), ([1, 1, 0, 0], [2; 2]), "a resend is no second sign-up");
    app.verify(PHONE, &code).await.expect(201);
    assert_eq!(steps(&told(&app).await, "cliente"), [1; 4]);

    // 001 asks a company for nothing but its name, so it is proved and not complete.
    let company = app.registered("empresa", "Padaria Aurora", OTHER_EMAIL).await;
    assert_eq!(steps(&told(&app).await, "empresa"), [1, 1, 1, 0]);
    company.give_document("cnpj", CNPJ).await;
    assert_eq!(steps(&told(&app).await, "empresa"), [1; 4]);
    app.ignore_messages();
}

#[tokio::test]
async fn what_was_rolled_back_is_not_counted() {
    let app = TestApp::start().await;
    let counted = |text: &str| {
        let sent = value(text, "portaria_events_total{event=\"proof_sent\",outcome=\"signup_phone\"}");
        [steps(text, "cliente")[0], messages(text, "whatsapp")[0], sent]
    };
    let rename = async |statement: &'static str| sqlx::query(statement).execute(&app.pool).await.map(drop).expect("renamed");
    rename("alter table audit rename to elsewhere").await;
    app.post("/api/auth/register/client", client(PHONE)).await.expect(503);
    rename("alter table elsewhere rename to audit").await;
    assert_eq!(counted(&told(&app).await), [0; 3], "a fault");
    let mut begun = 0;
    while app.post("/api/auth/register/client", client(PHONE)).await.status == 202 {
        begun += 1;
        assert!(begun < 20, "a phone has a limit");
    }
    let text = told(&app).await;
    assert_eq!(counted(&text), [begun; 3], "the last one was refused");
    app.ignore_messages();
}

/// Asks with a token and another line.
async fn from(app: &TestApp, token: &str, line: (&str, &str)) -> Answer {
    app.anonymous().bearer(token).header(line.0, line.1).get("/metrics").await
}

#[tokio::test]
async fn this_machine_may_read_it_and_whoever_has_the_token() {
    let app = TestApp::start_with(&[("TRUSTED_PROXIES", "127.0.0.1")]).await;
    let open = app.node_with(&[("TRUSTED_PROXIES", "127.0.0.1"), ("METRICS_TOKEN", "a-token-of-metrics")]).await;
    for line in [("x-forwarded-for", "203.0.113.9"), ("x-forwarded-for", "unknown"), ("via", "1.1 proxy"), ("host", "evil.example")] {
        from(&app, "", line).await.expect(404);
        from(&app, "a-token-of-metrics", line).await.expect(404);
        for wrong in ["", "a-token-of-metric", "a-token-of-metrics2", "A-token-of-metrics"] {
            assert_eq!(from(&open, wrong, line).await.expect(401).header("www-authenticate"), "Bearer", "{line:?} {wrong}");
        }
        from(&open, "a-token-of-metrics", line).await.expect(200);
    }
    for node in [&app, &open] {
        from(node, "", ("accept", "*/*")).await.expect(200);
        from(node, "wrong", ("x-forwarded-for", "127.0.0.1")).await.expect(200);
    }
    let behind = app.node_with(&[]).await;
    from(&behind, "", ("x-forwarded-for", "127.0.0.1")).await.expect(404);
}

#[tokio::test]
async fn it_tells_nothing_that_was_typed_and_all_that_the_dashboard_and_the_alerts_ask_for() {
    let app = TestApp::start().await;
    app.pending_teacher(EMAIL).await;
    app.advance(Duration::seconds(90));
    let oldest = |text: &str| value::<f64>(text, "portaria_outbox_oldest_seconds{channel=\"email\"}");
    let waits = oldest(&told(&app).await);
    assert!((waits - 90.0).abs() < 0.01, "{waits}");
    app.open_link_to(EMAIL).await.expect(200);
    app.login(EMAIL, WRONG_PASSWORD).await.expect(401);
    // The second one knows the account's device, and takes the short way.
    for _ in 0..2 {
        app.login(EMAIL, PASSWORD).await.expect(200);
    }
    app.get(&format!("/nothing/{EMAIL}")).await.expect(404);
    app.get(&format!("/register/{EMAIL}")).await.expect(404);
    app.get(&format!("/api/nothing/{OTHER_PHONE}")).await.expect(404);
    app.anonymous().method("ANA-EXAMPLE", "/login").await;
    let text = told(&app).await;
    assert!(oldest(&text).abs() < f64::EPSILON, "none waits any more");
    for (series, count) in [
        ("portaria_http_requests_total{method=\"POST\",route=\"/api/auth/login\",status=\"200\"}", 2),
        ("portaria_http_requests_total{method=\"POST\",route=\"/api/auth/login\",status=\"401\"}", 1),
        ("portaria_http_requests_total{method=\"GET\",route=\"none\",status=\"404\"}", 1),
        ("portaria_http_requests_total{method=\"GET\",route=\"/register/{slug}\",status=\"404\"}", 1),
        ("portaria_http_requests_total{method=\"other\",route=\"/login\",status=\"405\"}", 1),
        ("portaria_http_request_seconds_count{method=\"POST\",route=\"/api/auth/login\"}", 3),
        ("portaria_events_total{event=\"authn_login_fail\",outcome=\"bad-credentials\"}", 1),
        ("portaria_events_total{event=\"authn_login_success\",outcome=\"ok\"}", 2),
        ("portaria_password_queue", 0),
    ] {
        assert_eq!(value::<u32>(&text, series), count, "{series} in {text}");
    }
    for typed in [EMAIL, "ANA-EXAMPLE", OTHER_PHONE] {
        assert!(!text.contains(typed), "{typed} in {text}");
    }
    let known = known(&text);
    let asked = asked();
    assert!(asked.len() > 20, "{asked:?}");
    for (metric, labels) in &asked {
        let told = known.get(metric).unwrap_or_else(|| panic!("no node tells {metric}"));
        assert!(labels.is_subset(told), "{metric} has {told:?}, not {labels:?}");
    }
    let asked_of: BTreeSet<_> = asked.iter().map(|(metric, _)| family(metric)).collect();
    assert_eq!(asked_of, known.keys().map(|metric| family(metric)).collect(), "what nobody looks at need not be counted");
    app.pool.close().await;
    let text = told(&app).await;
    assert!(!text.contains("portaria_outbox_oldest_seconds{") && text.contains("portaria_http_requests_total{"), "{text}");
}

/// The metric without the endings of a histogram.
fn family(metric: &str) -> &str {
    ["_bucket", "_sum", "_count"].iter().find_map(|end| metric.strip_suffix(end)).unwrap_or(metric)
}

/// The labels of each metric of a text.
fn known(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut known: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (name, labels) = line.split_once('{').unwrap_or_else(|| (line.split(' ').next().expect("a name"), ""));
        let keys = labels.split("=\"").filter_map(|part| part.rsplit(['"', ',']).next()).filter(|key| is_name(key));
        known.entry(name.to_owned()).or_default().extend(keys.map(str::to_owned));
    }
    known
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

/// Each metric that the dashboard or an alert names, and the labels that it picks it by.
fn asked() -> Vec<(String, BTreeSet<String>)> {
    let dashboard: Value = serde_json::from_str(DASHBOARD).expect("JSON");
    let targets = dashboard["panels"].as_array().expect("panels").iter().flat_map(|panel| panel["targets"].as_array().expect("targets"));
    let expressions = targets.map(|target| target["expr"].as_str().expect("an expression").to_owned()).chain([ALERTS.to_owned()]);
    let mut asked = Vec::new();
    for text in expressions {
        for rest in text.split("portaria_").skip(1) {
            let end = rest.find(|c: char| !(c.is_ascii_lowercase() || c == '_')).unwrap_or(rest.len());
            let picked = rest[end..].strip_prefix('{').and_then(|labels| labels.split('}').next()).unwrap_or_default();
            let keys = picked.split(',').filter_map(|pair| pair.split(['=', '!']).next()).filter(|key| is_name(key));
            asked.push((format!("portaria_{}", &rest[..end]), keys.map(str::to_owned).collect()));
        }
    }
    asked
}
