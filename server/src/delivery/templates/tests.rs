use super::samples::{Sample, TOKEN, every, proof};
use super::*;
use crate::html::escape;
use portaria::brand::{Article, Name};
use std::collections::HashSet;
use std::fmt::Write;
use std::mem::discriminant;
use strum::EnumCount as _;
use text::Language;
use time::OffsetDateTime;

fn public_url() -> Url {
    Url::parse("https://portaria.example/").expect("a URL")
}

fn rendered(content: &Content, secret: Option<&str>, valid_for: Duration) -> Rendered {
    render(content, secret, valid_for, &public_url(), &Brand::default(), Language::PtBr.texts())
}

#[test]
fn every_message_on_every_channel() {
    let mut all = String::new();
    for language in Language::ALL.iter().copied() {
        for Sample { label, content, secret, valid_for } in every() {
            let r = render(&content, secret, valid_for, &public_url(), &Brand::default(), language.texts());
            let _ = writeln!(all, "######## {} · {label}\n==== e-mail\n{}\n\n{}", language.tag(), r.subject, r.text);
            if language == Language::PtBr {
                // The style sheet is the same in all.
                let (before, rest) = r.html.split_once("<style>\n").expect("a style sheet");
                let (_, after) = rest.split_once("</style>").expect("its end");
                let _ = writeln!(all, "==== e-mail, HTML\n{before}<style>\n…\n</style>{after}");
            }
            let _ = writeln!(all, "==== SMS ({})\n{}\n", r.sms.len(), r.sms);
            if let Some(whatsapp) = &r.whatsapp {
                let body = super::super::whatsapp::body("template", "+5511987654321", r.code.as_deref().unwrap_or_default());
                let _ = writeln!(all, "==== WhatsApp\n{whatsapp}\n{body}\n");
            }
        }
    }
    insta::assert_snapshot!(all);
}

#[test]
fn a_text_message_is_ascii_and_a_code_fits_one_segment() {
    for language in Language::ALL.iter().copied() {
        for Sample { label, content, secret, valid_for } in every() {
            let sms = render(&content, secret, valid_for, &public_url(), &Brand::default(), language.texts()).sms;
            assert!(sms.bytes().all(|c| (c == b'\n' || (b' '..=b'~').contains(&c)) && !b"[]{}\\^|~`".contains(&c)), "{label}: {sms}");
            assert!(sms.len() <= 160, "{label}: {}", sms.len());
        }
    }
}

#[test]
fn the_last_line_of_a_code_is_what_a_browser_reads() {
    let code = proof(CodeFor::LoginPhone, None);
    for (url, last) in [("https://app.com/", "@app.com #012345"), ("http://127.0.0.1:3000/", "@127.0.0.1 #012345")] {
        let url = Url::parse(url).expect("a URL");
        let sms = render(&code, Some("012345"), Duration::minutes(5), &url, &Brand::default(), Language::PtBr.texts()).sms;
        assert_eq!(sms, format!("Portaria: seu codigo para entrar na sua conta e 012345. Vale por 5 min. Nao compartilhe.\n\n{last}"));
    }
}

#[test]
fn every_code_ends_with_that_line_and_can_be_copied_under_any_brand() {
    let long = Brand { name: Name::new("Cooperativa Escolar do Vale", Some("Cooperativa"), Article::A), ..Brand::default() };
    for brand in [Brand::default(), long] {
        for language in Language::ALL.iter().copied() {
            for purpose in CodeFor::ALL.iter().copied() {
                let digits: String = "012345678".chars().take(purpose.digits().into()).collect();
                let r = render(&proof(purpose, None), Some(&digits), Duration::minutes(5), &public_url(), &brand, language.texts());
                assert!(r.sms.ends_with(&format!("\n\n@portaria.example #{digits}")), "{purpose:?}: {}", r.sms);
                assert!(r.sms.len() <= 160 && r.sms.starts_with(brand.name.sms()), "{purpose:?}: {}", r.sms);
                assert_eq!(r.code.as_deref(), Some(digits.as_str()), "{purpose:?}");
                // The button of the template copies it.
                let body = super::super::whatsapp::body("template", "+5511987654321", &digits);
                let button = &body["template"]["components"][1];
                assert_eq!((&button["type"], &button["parameters"][0]["text"]), (&"button".into(), &digits.as_str().into()), "{body}");
            }
        }
    }
}

#[test]
fn what_is_told_is_what_remains_and_never_nothing() {
    let code = proof(CodeFor::SignupPhone, None);
    let cases = [
        (Duration::minutes(5), "5 min", "5 minutos"),
        (Duration::seconds(299), "4 min", "4 minutos"),
        (Duration::seconds(60), "1 min", "1 minuto"),
        (Duration::seconds(59), "59 s", "59 segundos"),
        (Duration::milliseconds(1), "1 s", "1 segundo"),
        (Duration::seconds(-1), "1 s", "1 segundo"),
        (Duration::minutes(90), "1 h", "1 hora"),
        (Duration::hours(24), "24 h", "24 horas"),
        (Duration::hours(71), "71 h", "71 horas"),
        (Duration::days(7), "7 dias", "7 dias"),
    ];
    for (valid_for, short, long) in cases {
        let r = rendered(&code, Some("012345"), valid_for);
        assert!(r.sms.contains(&format!("Vale por {short}.")), "{}", r.sms);
        assert!(r.text.contains(&format!("Este código vale por {long}.")), "{}", r.text);
    }
}

#[test]
fn the_verification_email_is_that_of_the_document() {
    let r = rendered(&proof(LinkFor::EmailProof, Some("João")), Some(TOKEN), Duration::hours(24));
    assert_eq!(r.subject, "Verifique sua conta");
    let sentence = format!("Clique no link para ativar sua conta: https://portaria.example/verify?token={TOKEN}");
    assert!(r.text.lines().any(|line| line == sentence), "{}", r.text);
    let reset = rendered(&proof(LinkFor::PasswordReset, None), Some(TOKEN), Duration::hours(1));
    assert_eq!(reset.link, Some(format!("https://portaria.example/reset-password?token={TOKEN}")));
}

#[test]
fn a_name_is_shown_as_it_is_and_does_nothing() {
    for name in ["<img src=x onerror=alert(1)>", "{{7*7}}", "{link}", "O'Neil & \"Cia\"", "Ünïcödé 名前"] {
        let r = rendered(&proof(LinkFor::PasswordReset, Some(name)), Some(TOKEN), Duration::hours(24));
        assert!(r.text.starts_with(&format!("Olá, {name}!\n")), "{}", r.text);
        assert!(r.html.contains(&format!("<p>Olá, {}!</p>", escape(name))), "{}", r.html);
        assert!(!r.html.contains("<img src=x") && !r.html.contains("49"), "{}", r.html);
    }
    let device = "Mozilla\r\nBcc: x\u{202E}</li><script>";
    let at = OffsetDateTime::UNIX_EPOCH;
    let content = Content::NewDevice { name: "Ana".into(), device: device.into(), address: "::1".into(), at };
    let r = rendered(&content, None, Duration::ZERO);
    assert!(r.text.contains("Aparelho: Mozilla  Bcc: x </li><script>\n"), "{}", r.text);
    assert!(!r.html.contains("<script"), "{}", r.html);
}

#[test]
fn nobody_is_named_to_a_contact_that_nobody_proved() {
    for purpose in Purpose::all() {
        let r = rendered(&proof(purpose, Some("Joaquina")), Some("012345"), Duration::minutes(5));
        let named = [&r.subject, &r.text, &r.html, &r.sms].iter().any(|part| part.contains("Joaquina"));
        assert_eq!(named, purpose.facts().to_proved, "{purpose:?}");
    }
}

#[test]
fn each_purpose_has_an_sms_of_its_own() {
    for language in Language::ALL.iter().copied() {
        let codes = CodeFor::ALL.iter().copied();
        let mut sentences: Vec<_> = codes
            .map(|purpose| {
                render(&proof(purpose, None), Some("0"), Duration::minutes(5), &public_url(), &Brand::default(), language.texts()).sms
            })
            .collect();
        let all = sentences.len();
        sentences.sort();
        sentences.dedup();
        assert_eq!(sentences.len(), all, "{sentences:?}");
    }
}

#[test]
fn a_name_that_would_become_a_link_is_left_out() {
    for name in
        ["Ganhe em https://x.example", "www.x", "Visite ganhe.example agora", "a@premio.com", "t.co/abc", "evil。com", "Ligue 0800 123"]
    {
        let r = rendered(&proof(LinkFor::PasswordReset, Some(name)), Some(TOKEN), Duration::hours(24));
        assert!(r.text.starts_with("Olá!\n"), "{}", r.text);
    }
    for name in ["J. R. Silva", "Sr. João", "Acme S.A.", "João S. Neto"] {
        let r = rendered(&proof(LinkFor::PasswordReset, Some(name)), Some(TOKEN), Duration::hours(24));
        assert!(r.text.starts_with(&format!("Olá, {name}!\n")), "{}", r.text);
    }
}

#[test]
fn it_cannot_be_printed() {
    let r = rendered(&proof(CodeFor::Recovery, Some("João")), Some("012345"), Duration::minutes(5));
    let shown = format!("{r:?}");
    assert!(!shown.contains("012345") && !shown.contains("João"), "{shown}");
}

#[test]
fn every_notice_is_among_the_samples() {
    let all: HashSet<_> = every().iter().map(|sample| discriminant(&sample.content)).collect();
    assert_eq!(all.len(), Content::COUNT);
}
