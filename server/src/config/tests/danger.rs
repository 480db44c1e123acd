//! What stops a start although every value can be read (SPEC §16).

use super::{KEY, RESPONSIBLE, environment, file, problem, production};
use crate::config::Config;

#[test]
fn development_starts_on_this_machine_alone() {
    for address in ["127.0.0.1:3000", "127.8.9.10:80", "[::1]:3000", "localhost:3000", "[::ffff:127.0.0.1]:3000"] {
        assert!(environment(&[("LEPTOS_SITE_ADDR", address)]).is_ok(), "{address}");
    }
    for address in ["0.0.0.0:3000", "[::]:3000", "192.168.0.7:3000", "[::ffff:10.0.0.1]:3000", "203.0.113.7:80"] {
        let told = problem(environment(&[("LEPTOS_SITE_ADDR", address)]));
        assert!(told.contains("LEPTOS_SITE_ADDR") && told.contains("PORTARIA_ENV=production"), "{told}");
        assert!(production(&[("LEPTOS_SITE_ADDR", address)]).is_ok(), "{address}");
    }
    for url in ["http://127.0.0.1:3000", "https://127.1.2.3", "http://localhost", "http://LOCALHOST:1", "https://[::1]:3000"] {
        assert!(environment(&[("PUBLIC_URL", url)]).is_ok(), "{url}");
    }
    for url in
        ["https://entrada.example", "http://10.0.0.7", "http://localhost.example", "http://127.0.0.1.example", "http://[2001:db8::1]"]
    {
        let told = problem(environment(&[("PUBLIC_URL", url)]));
        assert!(told.contains("PUBLIC_URL") && told.contains("PORTARIA_ENV=production"), "{told}");
    }
    // the file is no other way in
    assert!(problem(file("leptos_site_addr = \"0.0.0.0:3000\"")).contains("LEPTOS_SITE_ADDR"));
}

#[test]
fn production_sends_no_secret_in_clear_over_a_network() {
    for name in ["TWILIO_BASE_URL", "WHATSAPP_BASE_URL"] {
        for url in ["http://api.twilio.com", "http://10.0.0.7/v23.0", "http://localhost.example", "http://[2001:db8::1]"] {
            let told = problem(production(&[(name, url)]));
            assert!(told.contains(name) && told.contains("in clear"), "{told}");
            assert!(environment(&[(name, url)]).is_ok(), "development may");
        }
        for url in ["https://api.twilio.com", "http://127.0.0.1:9", "http://localhost:9", "http://[::1]:9"] {
            assert!(production(&[(name, url)]).is_ok(), "{url}");
        }
    }
    for url in [
        "smtp://u:hunter2@mail.example",
        "smtp://u:hunter2@mail.example:587?tls=opportunistic",
        "smtp://10.0.0.7",
        "smtp://localhost.example",
        "smtp://[2001:db8::1]",
    ] {
        let told = problem(production(&[("SMTP_URL", url)]));
        assert!(told.contains("SMTP_URL") && told.contains("smtps://") && !told.contains("hunter2"), "{told}");
    }
    for url in [
        "smtps://u:hunter2@mail.example",
        "smtp://u:hunter2@mail.example:587?tls=required",
        "smtp://127.0.0.1:25",
        "smtp://localhost",
        "smtp://[::1]:25",
    ] {
        assert!(production(&[("SMTP_URL", url)]).is_ok(), "{url}");
    }
}

#[test]
fn an_smtp_parameter_that_is_not_understood_is_refused_everywhere() {
    for query in ["tls=Required", "tls=yes", "TLS=required", "tls=required&tls=none", "tls=", "starttls=true"] {
        assert!(problem(environment(&[("SMTP_URL", &format!("smtp://mail.example?{query}"))])).contains("parameter"), "{query}");
    }
    assert!(problem(environment(&[("SMTP_URL", "smtps://mail.example?tls=required")])).contains("parameter"));
}

#[test]
fn production_believes_no_proxy_list_that_names_everybody() {
    for list in [
        "0.0.0.0/0",
        "::/0",
        "0.0.0.0/1,128.0.0.0/1",
        "10.0.0.0/8, 0.0.0.0/2, 64.0.0.0/2, 128.0.0.0/2, 192.0.0.0/2",
        "::/1,8000::/1",
        "2000::/3",
        "128.0.0.0/1",
        "::ffff:0:0/96",
        "::/64",
        "::ffff:128.0.0.0/97",
        "10.0.0.7/0",
    ] {
        let told = problem(production(&[("TRUSTED_PROXIES", list)]));
        assert!(told.contains("TRUSTED_PROXIES") && told.contains("trusts everybody"), "{list}: {told}");
    }
    for list in ["10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,127.0.0.1,::1", "fc00::/7", "2001:db8::/32", "::ffff:10.0.0.0/104"] {
        assert!(production(&[("TRUSTED_PROXIES", list)]).is_ok(), "{list}");
    }
}

#[test]
fn production_lets_nothing_live_or_be_guessed_longer_than_four_times_the_standard() {
    let limits = [
        ("CODE_LIFETIME_PHONE", "20m", "1201s"),
        ("CODE_LIFETIME_CARONA", "4m", "241s"),
        ("CODE_LIFETIME_RECOVERY", "20m", "21m"),
        ("LINK_LIFETIME_EMAIL", "96h", "97h"),
        ("LINK_LIFETIME_RESET", "4h", "241m"),
        ("ACCESS_TOKEN_LIFETIME", "4d", "5d"),
        ("ACCESS_TOKEN_LIFETIME_CARONA", "8h", "3650d"),
        ("CODE_ATTEMPTS", "20", "21"),
        ("LOCKOUT_FAILURES", "20", "1000"),
    ];
    for (name, most, more) in limits {
        assert!(production(&[(name, most)]).is_ok(), "{name}");
        let told = problem(production(&[(name, more)]));
        assert!(told.contains(name) && told.contains("4 times"), "{told}");
        assert!(environment(&[(name, more)]).is_ok(), "development may");
        for nothing in ["0", "-1", "0s", "-5m"] {
            assert!(environment(&[(name, nothing)]).is_err(), "{name} = {nothing}");
        }
    }
    let all = production(&limits.map(|(name, _, more)| (name, more))).unwrap_err();
    assert_eq!(all.problems.len(), limits.len(), "all at once: {all}");
}

#[test]
fn a_database_over_a_network_in_clear_is_told_in_production() {
    let warned = |url: &str| production(&[("DATABASE_URL", url)]).unwrap().warnings.iter().any(|line| line.contains("sslmode"));
    assert!(warned("postgres://u:p@db.example/d") && warned("postgres://u:p@10.0.0.7/d?sslmode=prefer"));
    for url in ["postgres://u:p@db.example/d?sslmode=verify-full", "postgres://u:p@127.0.0.1/d", "postgres://u:p@localhost/d"] {
        assert!(!warned(url), "{url}");
    }
}

#[test]
fn no_prefix_at_all_sends_to_no_phone() {
    let config = production(&[("PORTARIA_ALLOWED_PREFIXES", "")]).unwrap();
    assert!(config.rules.allowed_prefixes.is_empty());
    assert!(config.warnings.iter().any(|line| line.contains("no phone")), "{:?}", config.warnings);
    assert!(file("portaria_allowed_prefixes = []").unwrap().rules.allowed_prefixes.is_empty());
    assert!(environment(&[("PORTARIA_ALLOWED_PREFIXES", ",")]).is_err());
}

#[test]
fn production_has_no_phones_whose_codes_are_known() {
    assert!(environment(&[("TEST_PHONES", "+5511999990001=123456, (21) 99999-0002=000000")]).is_ok());
    for wrong in ["+5511999990001", "+5511999990001=12345", "1133334444=123456", "+351912345678=123456"] {
        assert!(problem(environment(&[("TEST_PHONES", wrong)])).contains("TEST_PHONES"), "{wrong}");
    }
    assert!(problem(production(&[("TEST_PHONES", "+5511999990001=123456")])).contains("TEST_PHONES"));
}

#[test]
fn production_tells_strangers_who_answers_for_their_data_or_does_not_start() {
    let base = [("PORTARIA_ENV", "production"), ("PORTARIA_SECRET", KEY)];
    let start = |toml: &str, url: &str| Config::from_parts(toml, base.into_iter().chain([("PUBLIC_URL", url)]));
    let (public, own) = ("https://entrada.example", "http://127.0.0.1:3000");
    let told = start("", public).unwrap_err().to_string();
    for name in ["help", "controller", "officer", "officer_contact"] {
        assert!(told.contains(&format!("[brand]: {name} is needed in production")), "{name}: {told}");
        let others = RESPONSIBLE.lines().filter(|line| !line.starts_with(&format!("{name} =")));
        let without = others.collect::<Vec<_>>().join("\n");
        let told = problem(start(&without, public));
        assert!(told.contains(&format!("{name} is needed")), "{told}");
    }
    assert!(start(RESPONSIBLE, public).is_ok());
    assert!(start("", own).is_ok(), "nobody else is told anything there");
    let example = RESPONSIBLE.replace("Entrada Ltda.", "<razão social, CNPJ e endereço>");
    for at in [start(&example, public), start(&example, own)] {
        assert!(problem(at).contains("is still that of the example"));
    }
}
