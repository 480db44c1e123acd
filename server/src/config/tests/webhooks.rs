//! `[[webhooks]]`: what is wrong names its entry and its key, and says what is allowed.

use super::*;
use base64::Engine as _;
use portaria::account_event::AccountEvent;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn entry(url: &str, secret: &str, events: &str) -> String {
    format!("[[webhooks]]\nurl = \"{url}\"\nsecret = \"{secret}\"\nevents = {events}\n")
}

fn at(url: &str) -> Result<Config, Problems> {
    file(&entry(url, SECRET, "[\"account.created\"]"))
}

#[test]
fn each_entry_is_a_webhook() {
    let toml = entry("https://um.example/ganchos?t=1", SECRET, "[\"account.created\", \"account.deleted\"]")
        + &entry("http://127.0.0.1:8080/", SECRET, "[\"password.changed\"]");
    let config = file(&toml).unwrap();
    let [first, second] = config.webhooks.as_slice() else { panic!("two") };
    assert_eq!(
        (first.url().as_str(), first.host(), second.host()),
        ("https://um.example/ganchos?t=1", "um.example".into(), "127.0.0.1:8080".into())
    );
    assert!(first.wants(AccountEvent::Deleted) && !first.wants(AccountEvent::Changed) && second.wants(AccountEvent::PasswordChanged));
    assert_eq!(first.secret().len(), 24);
    assert!(first.key() != second.key() && !format!("{config:?}").contains("49, 242, 144"));
    assert!(file("").unwrap().webhooks.is_empty());
}

#[test]
fn a_url_is_https_or_leads_to_this_machine() {
    for url in ["https://um.example", "http://127.0.0.1:9", "http://[::1]:9/x", "http://localhost:9", "http://127.1", "https://localhost"] {
        assert!(at(url).is_ok(), "{url}");
    }
    for (url, wrong) in [
        ("http://um.example", "would send in clear over a network"),
        ("http://10.0.0.1", "would send in clear over a network"),
        ("http://localhost.um.example", "would send in clear over a network"),
        ("ftp://um.example", "does not begin with https://"),
        ("um.example", "is no URL"),
        ("https://", "is no URL"),
        ("https://u:p@um.example", "has a user or password in it"),
        ("https://um.example/#x", "has a fragment"),
    ] {
        let told = problem(at(url));
        assert!(told.contains(&format!("[[webhooks]] 1: url = \"{url}\" (file) {wrong}")), "{told}");
        assert!(told.contains("allowed: an https URL"), "{told}");
    }
}

#[test]
fn an_address_that_is_not_public_is_refused_however_it_is_written_unless_it_is_allowed() {
    for url in [
        "https://10.0.0.1",
        "https://167772161",
        "https://0x0a000001",
        "https://012.0.0.1",
        "https://[::ffff:10.0.0.1]",
        "https://0",
        "https://192.168.1.1:8443/x",
        "https://169.254.169.254/latest",
        "https://100.64.0.1",
        "https://[fd00::1]",
        "https://[fe80::1]",
        "https://224.0.0.1",
        "https://[64:ff9b::a00:1]",
    ] {
        let told = problem(at(url));
        assert!(told.contains("[[webhooks]] 1: url") && told.contains("not public") && told.contains("WEBHOOK_PRIVATE_NETWORKS"), "{told}");
    }
    let allowed = [("WEBHOOK_PRIVATE_NETWORKS", "10.0.0.0/8")];
    let config = Config::from_parts(&entry("https://10.0.0.1", SECRET, "[\"account.created\"]"), allowed).unwrap();
    assert_eq!(config.webhook_networks, ["10.0.0.0/8".parse().unwrap()]);
    assert!(at("https://1.1.1.1").is_ok());
    assert!(problem(Config::from_parts("", [("WEBHOOK_PRIVATE_NETWORKS", "intranet")])).contains("neither an IP address nor a CIDR"));
}

#[test]
fn a_secret_is_one_of_standard_webhooks_and_is_never_repeated() {
    let with = |secret: &str| file(&entry("https://um.example", secret, "[\"account.created\"]"));
    let encoded = |bytes: usize| format!("whsec_{}", base64::engine::general_purpose::STANDARD.encode(vec![7; bytes]));
    for bytes in [24, 32, 64] {
        assert_eq!(with(&encoded(bytes)).unwrap().webhooks[0].secret().len(), bytes);
    }
    for (secret, wrong) in [
        (encoded(23), "holds 23 bytes, not 24 to 64"),
        (encoded(65), "holds 65 bytes, not 24 to 64"),
        ("hunter2hunter2hunter2hunter2hunter2".into(), "does not begin with whsec_"),
        ("whsec_hunter2!hunter2!hunter2!hunter2!".into(), "is not base64"),
    ] {
        let told = problem(with(&secret));
        assert!(
            told.contains(&format!("[[webhooks]] 1: secret (file) {wrong}")) && told.contains("allowed: whsec_ and 24 to 64"),
            "{told}"
        );
        assert!(!told.contains(&secret), "{told}");
    }
}

#[test]
fn an_event_is_one_of_the_list_and_the_list_is_whole() {
    for event in AccountEvent::ALL {
        assert!(table::EVENTS.line.allowed.contains(event.as_str()), "{event:?}");
    }
    for (events, wrong) in [
        ("[\"account.renamed\"]", "has \"account.renamed\" in it, which is no event"),
        ("[\"account.created\", \"account.created\"]", "has \"account.created\" in it twice"),
        ("[]", "is missing"),
        ("7", "which is no event"),
        ("[7]", "is of the wrong type (array)"),
    ] {
        let told = problem(file(&entry("https://um.example", SECRET, events)));
        assert!(told.contains("[[webhooks]] 1: events") && told.contains(wrong), "{told}");
        assert!(told.contains("account.completed"), "{told}");
    }
}

#[test]
fn what_is_missing_doubled_or_unknown_is_told_with_its_entry() {
    let told = file("[[webhooks]]\nurl = \"https://um.example\"\nsecrets = \"x\"").unwrap_err().to_string();
    for part in ["[[webhooks]] 1: secrets (file) is no setting; did you mean secret?", "1: secret is missing", "1: events is missing"] {
        assert!(told.contains(part), "{told}");
    }
    let twice =
        entry("https://um.example", SECRET, "[\"account.created\"]") + &entry("https://UM.example:443/", SECRET, "[\"account.deleted\"]");
    let told = problem(file(&twice));
    assert!(told.contains("[[webhooks]] 2: url") && told.contains("stands in [[webhooks]] 1 too"), "{told}");
    assert!(problem(file("webhooks = \"https://um.example\"")).contains("[[webhooks]], once for each, with url, secret, events"));
    assert!(problem(file("[webhook]\nurl = \"x\"")).contains("did you mean webhooks?"));
}

#[test]
fn portaria_config_shows_them_without_their_secrets() {
    let shown = TABLE.collect(&entry("https://um.example", SECRET, "[\"account.created\", \"account.changed\"]"), []).shown(&[]);
    let line = |name: &str| shown.lines().find(|line| line.starts_with(name)).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(line("[[webhooks]] 1: url"), "[[webhooks]] 1: url https://um.example file");
    assert_eq!(line("[[webhooks]] 1: secret"), "[[webhooks]] 1: secret (set) file");
    assert_eq!(line("[[webhooks]] 1: events"), "[[webhooks]] 1: events account.created,account.changed file");
    assert!(!shown.contains("whsec_Mf"), "{shown}");
}
