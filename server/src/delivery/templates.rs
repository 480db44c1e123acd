//! What a message says, in every shape that it may leave in.
//!
//! A message is a list of blocks, and text and HTML are two renderings of it, so that neither says what the other does not.
//! Whatever was typed by somebody (a name, a User-Agent) is cleaned of control characters and, in HTML, escaped.

use portaria::message::{Content, Purpose};
use portaria::text::messages::{CodeTexts, LinkTexts, Messages, NoticeTexts};
use portaria::text::{Texts, fill};
use std::fmt::{self, Write};
use time::{Duration, OffsetDateTime};
use url::Url;

/// A message, ready for any carrier.
#[derive(Clone, PartialEq, Eq)]
pub struct Rendered {
    /// Subject of the e-mail.
    pub subject: String,
    /// The e-mail as text.
    pub text: String,
    /// The e-mail as HTML.
    pub html: String,
    /// The SMS: ASCII; a code ends in its `WebOTP` line.
    pub sms: String,
    /// The WhatsApp message as the person sees it; only a code can go that way (Meta's authentication template).
    pub whatsapp: Option<String>,
    /// The code in it.
    pub code: Option<String>,
    /// The link in it, where it is more than the way to a page.
    pub link: Option<String>,
}

impl fmt::Debug for Rendered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rendered").field("subject", &self.subject).finish_non_exhaustive()
    }
}

/// Words a message. `secret` is the code or token of its verification, `valid_for` what remains of its life.
pub fn render(content: &Content, secret: Option<&str>, valid_for: Duration, public_url: &Url, texts: &Texts) -> Rendered {
    let words = Words { texts, m: &texts.messages, public_url };
    match content {
        Content::Proof { purpose, name } => {
            let (name, secret) = (name.as_deref(), secret.unwrap_or_default());
            match words.proof(*purpose) {
                ProofTexts::Code(code) => words.code(code, name, secret, valid_for),
                ProofTexts::Link(link, page) => words.link(link, page, name, secret, valid_for),
            }
        }
        Content::AlreadyRegistered { name } => words.already_registered(name),
        Content::NewDevice { name, device, address, at } => {
            let facts = vec![
                fill(words.m.device, &[("device", &one_line(device))]),
                fill(words.m.address, &[("address", &one_line(address))]),
                fill(words.m.at, &[("at", &words.moment(*at))]),
            ];
            words.notice(&words.m.new_device, name, &[], Some(facts), &words.recovery())
        }
        Content::Locked { name, minutes } => {
            let locked = Duration::minutes(i64::from(*minutes));
            let time = ("time", &*words.span(locked), &*words.short_span(locked));
            words.notice(&words.m.locked, name, &[time], None, &words.recovery())
        }
        Content::PasswordChanged { name, at } => {
            let at = words.moment(*at);
            words.disputable(&words.m.password_changed, name, &at, secret)
        }
        Content::PhoneChanged { name, at } => {
            let at = words.moment(*at);
            words.disputable(&words.m.phone_changed, name, &at, secret)
        }
        Content::EmailChanged { name, at } => words.disputable(&words.m.email_changed, name, &words.moment(*at), secret),
        Content::DocumentAdded { name, at } => words.disputable(&words.m.document_added, name, &words.moment(*at), secret),
    }
}

enum Block<'a> {
    Paragraph(String),
    /// Lines that belong together.
    Facts(Vec<String>),
    /// Big, and selected as a whole.
    Code(&'a str),
    /// A sentence with `{link}`, and the same link as a button.
    Link {
        sentence: &'static str,
        action: &'static str,
        link: &'a str,
    },
    /// In small print.
    Note(&'static str),
}

enum ProofTexts<'a> {
    Code(&'a CodeTexts),
    /// With the page that takes its token.
    Link(&'a LinkTexts, &'static str),
}

struct Words<'a> {
    texts: &'a Texts,
    m: &'a Messages,
    public_url: &'a Url,
}

impl Words<'_> {
    /// A notice of what only the owner may do, with the way to undo it. Without its token the way to a new password remains.
    fn disputable(&self, texts: &NoticeTexts, name: &str, at: &str, token: Option<&str>) -> Rendered {
        let not_me = token.map(|token| self.link_to("not-me", token));
        let link = not_me.clone().unwrap_or_else(|| self.recovery());
        Rendered { link: not_me, ..self.notice(texts, name, &[("at", at, "")], None, &link) }
    }

    fn proof(&self, purpose: Purpose) -> ProofTexts<'_> {
        match purpose {
            Purpose::SignupPhone => ProofTexts::Code(&self.m.signup_phone),
            Purpose::SignupEmail => ProofTexts::Code(&self.m.signup_email),
            Purpose::LoginPhone => ProofTexts::Code(&self.m.login_phone),
            Purpose::Recovery => ProofTexts::Code(&self.m.recovery),
            Purpose::PhoneChange => ProofTexts::Code(&self.m.phone_change),
            Purpose::EmailChange => ProofTexts::Code(&self.m.email_change),
            Purpose::Reauthentication => ProofTexts::Code(&self.m.reauthentication),
            Purpose::EmailLink => ProofTexts::Link(&self.m.email_link, "verify"),
            // no message of its own: it travels in the notice
            Purpose::ResetLink | Purpose::NotMe => ProofTexts::Link(&self.m.reset_link, "reset-password"),
        }
    }

    fn code(&self, texts: &CodeTexts, name: Option<&str>, code: &str, valid_for: Duration) -> Rendered {
        let blocks = [
            Block::Paragraph(self.greeting(name)),
            Block::Paragraph(texts.intro.to_owned()),
            Block::Code(code),
            Block::Paragraph(fill(self.m.valid_for, &[("time", &self.span(valid_for))])),
            Block::Paragraph(self.m.keep_code.to_owned()),
            Block::Note(self.m.ignore_code),
        ];
        let sms = fill(self.m.code_sms, &[("code", code), ("time", &self.short_span(valid_for))]);
        // WebOTP: the last line counts, `@host`, one space, `#code`; the host without its port (WICG)
        let host = self.public_url.host_str().unwrap_or_default();
        Rendered {
            sms: format!("{sms}\n\n@{host} #{code}"),
            whatsapp: Some(fill(self.m.code_whatsapp, &[("code", code)])),
            code: Some(code.to_owned()),
            ..self.rendered(texts.subject, &blocks)
        }
    }

    fn link(&self, texts: &LinkTexts, page: &str, name: Option<&str>, token: &str, valid_for: Duration) -> Rendered {
        let link = self.link_to(page, token);
        let blocks = [
            Block::Paragraph(self.greeting(name)),
            Block::Link { sentence: texts.sentence, action: texts.action, link: &link },
            Block::Paragraph(fill(self.m.valid_for, &[("time", &self.span(valid_for))])),
            Block::Note(texts.ignore),
        ];
        Rendered { sms: fill(texts.sms, &[("link", &link)]), ..self.rendered(texts.subject, &blocks) }.with_link(link.clone())
    }

    fn already_registered(&self, name: &str) -> Rendered {
        let texts = &self.m.already_registered;
        let (sign_in, recover) = (String::from(self.page("login")), String::from(self.page("forgot-password")));
        let blocks = [
            Block::Paragraph(self.greeting(Some(name))),
            Block::Paragraph(texts.body.to_owned()),
            Block::Link { sentence: self.m.sign_in, action: self.m.sign_in_action, link: &sign_in },
            Block::Link { sentence: texts.not_you, action: texts.action, link: &recover },
        ];
        Rendered { sms: fill(texts.sms, &[("link", &sign_in)]), ..self.rendered(texts.subject, &blocks) }
    }

    /// `values`: name, as in the e-mail, as in the SMS. `link`: for whom it was not.
    fn notice(&self, texts: &NoticeTexts, name: &str, values: &[(&str, &str, &str)], facts: Option<Vec<String>>, link: &str) -> Rendered {
        let (mut long, mut short): (Vec<_>, Vec<_>) = values.iter().map(|(name, long, short)| ((*name, *long), (*name, *short))).unzip();
        long.push(("link", link));
        short.push(("link", link));
        let mut blocks = vec![Block::Paragraph(self.greeting(Some(name))), Block::Paragraph(fill(texts.body, &long))];
        blocks.extend(facts.map(Block::Facts));
        blocks.push(Block::Link { sentence: texts.not_you, action: texts.action, link });
        Rendered { sms: fill(texts.sms, &short), ..self.rendered(texts.subject, &blocks) }
    }

    fn rendered(&self, subject: &str, blocks: &[Block<'_>]) -> Rendered {
        Rendered {
            subject: subject.to_owned(),
            text: self.text(blocks),
            html: self.html(subject, blocks),
            sms: String::new(),
            whatsapp: None,
            code: None,
            link: None,
        }
    }

    /// Where a new password is asked for.
    fn recovery(&self) -> String {
        self.page("forgot-password").into()
    }

    fn link_to(&self, page: &str, token: &str) -> String {
        let mut link = self.page(page);
        link.query_pairs_mut().append_pair("token", token);
        link.into()
    }

    fn page(&self, path: &str) -> Url {
        let mut url = self.public_url.clone();
        url.set_path(&format!("{}/{path}", self.public_url.path().trim_end_matches('/')));
        url
    }

    fn greeting(&self, name: Option<&str>) -> String {
        match name.map(one_line).filter(|name| !name.is_empty() && !leads_away(name)) {
            Some(name) => fill(self.m.greeting, &[("name", &name)]),
            None => self.m.greeting_unnamed.to_owned(),
        }
    }

    /// In whole units, rounded down so that no more is promised than there is, and never nothing.
    fn span(&self, span: Duration) -> String {
        let time = &self.m.time;
        let (n, one, many) = match units(span) {
            Units::Hours(n) => (n, time.hour, time.hours),
            Units::Minutes(n) => (n, time.minute, time.minutes),
            Units::Seconds(n) => (n, time.second, time.seconds),
        };
        fill(if n == 1 { one } else { many }, &[("n", &n.to_string())])
    }

    fn short_span(&self, span: Duration) -> String {
        let time = &self.m.time;
        let (n, sentence) = match units(span) {
            Units::Hours(n) => (n, time.short_hours),
            Units::Minutes(n) => (n, time.short_minutes),
            Units::Seconds(n) => (n, time.short_seconds),
        };
        fill(sentence, &[("n", &n.to_string())])
    }

    /// In the time of Brasília: UTC−3, without daylight saving since 2019.
    fn moment(&self, at: OffsetDateTime) -> String {
        let at = at.to_offset(time::UtcOffset::UTC).saturating_sub(Duration::hours(3));
        fill(
            self.m.moment,
            &[
                ("day", &format!("{:02}", at.day())),
                ("month", &format!("{:02}", u8::from(at.month()))),
                ("year", &at.year().to_string()),
                ("hour", &format!("{:02}", at.hour())),
                ("minute", &format!("{:02}", at.minute())),
            ],
        )
    }

    fn text(&self, blocks: &[Block<'_>]) -> String {
        let mut text = String::new();
        for block in blocks {
            match block {
                Block::Paragraph(words) => text.push_str(words),
                Block::Facts(lines) => text.push_str(&lines.join("\n")),
                Block::Code(code) => text.push_str(code),
                Block::Link { sentence, link, .. } => text.push_str(&fill(sentence, &[("link", link)])),
                Block::Note(words) => text.push_str(words),
            }
            text.push_str("\n\n");
        }
        // "-- ": where mail programs see a signature begin (RFC 3676 §4.3)
        let _ = writeln!(text, "-- \n{}", self.m.automatic);
        text
    }

    fn html(&self, subject: &str, blocks: &[Block<'_>]) -> String {
        let mut body = String::new();
        for block in blocks {
            // writing to a String cannot fail
            let _ = match block {
                Block::Paragraph(words) => writeln!(body, "<p>{}</p>", escape(words)),
                Block::Facts(lines) => {
                    let lines: Vec<_> = lines.iter().map(|line| format!("<li>{}</li>", escape(line))).collect();
                    writeln!(body, "<ul>\n{}\n</ul>", lines.join("\n"))
                }
                Block::Code(code) => writeln!(body, "<p class=\"code\" style=\"{CODE_STYLE}\">{}</p>", escape(code)),
                Block::Link { sentence, action, link } => {
                    let link = escape(link);
                    let sentence = fill(&escape(sentence), &[("link", &format!("<a href=\"{link}\">{link}</a>"))]);
                    writeln!(
                        body,
                        "<p><a class=\"button\" style=\"{BUTTON_STYLE}\" href=\"{link}\">{}</a></p>\n<p>{sentence}</p>",
                        escape(action)
                    )
                }
                Block::Note(words) => writeln!(body, "<p class=\"note\">{}</p>", escape(words)),
            };
        }
        let (lang, brand, subject, automatic) =
            (self.texts.language.tag(), escape(self.m.brand), escape(subject), escape(self.m.automatic));
        format!(
            "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <meta name=\"supported-color-schemes\" content=\"light dark\">\n\
             <title>{subject}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
             <div class=\"page\" role=\"article\" lang=\"{lang}\" aria-label=\"{subject}\">\n<p class=\"brand\">{brand}</p>\n\
             <h1>{subject}</h1>\n{body}<p class=\"note\">{automatic}</p>\n</div>\n</body>\n</html>\n"
        )
    }
}

impl Rendered {
    fn with_link(self, link: String) -> Self {
        Self { link: Some(link), ..self }
    }
}

/// Inline, because some mail programs throw the style sheet away. The button's colours serve on light and dark ground.
const BUTTON_STYLE: &str = "display:inline-block;padding:12px 20px;border-radius:8px;background:#0b5cad;color:#ffffff;\
                            font-weight:600;text-decoration:none";
const CODE_STYLE: &str = "font-family:ui-monospace,Consolas,monospace;font-size:32px;font-weight:700;letter-spacing:4px;\
                          -webkit-user-select:all;user-select:all";

const STYLE: &str = "\
:root { color-scheme: light dark; supported-color-schemes: light dark; }
body { margin: 0; padding: 24px 16px; background: #ffffff; color: #1b1f24; font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, Arial, sans-serif; }
.page { max-width: 560px; margin: 0 auto; overflow-wrap: anywhere; }
.brand { font-weight: 700; color: #0b5cad; }
h1 { font-size: 24px; line-height: 1.25; }
a { color: #0b5cad; }
.note { color: #4a5361; }
@media (prefers-color-scheme: dark) {
body { background: #14181d; color: #e8eaed; }
.brand, a { color: #8cc4ff; }
.button { color: #ffffff; }
.note { color: #b4bcc7; }
}
";

enum Units {
    Hours(i64),
    Minutes(i64),
    Seconds(i64),
}

fn units(span: Duration) -> Units {
    match span.whole_seconds() {
        seconds if seconds >= 3600 => Units::Hours(seconds / 3600),
        seconds if seconds >= 60 => Units::Minutes(seconds / 60),
        seconds => Units::Seconds(seconds.max(1)),
    }
}

/// On one line and without what turns the reading direction around: nobody's name or User-Agent may move our words.
fn one_line(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    text.replace(|c: char| c.is_control() || turns(c), " ").trim().to_owned()
}

/// Whether a mail program would make a link of a name. Anybody can register somebody else's address under any name; without
/// this a sign-up would be a free way to send advertising in our name.
fn leads_away(name: &str) -> bool {
    let name = name.to_lowercase();
    let dotted = |word: &str| {
        word.split_once('.').is_some_and(|(before, after)| {
            let run = |chars: &mut dyn Iterator<Item = char>| chars.take_while(|c| c.is_alphanumeric()).count() >= 2;
            run(&mut before.chars().rev()) && run(&mut after.chars())
        })
    };
    name.contains("://") || name.contains("www.") || name.split_whitespace().any(dotted)
}

/// For text and attributes of HTML.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use portaria::text::Language;

    const TOKEN: &str = "Zk1mq7xWq0u5cJ0X9n3l2b8vTtRrPpLlKkJjHhGgFf4";

    fn public_url() -> Url {
        Url::parse("https://portaria.example/").expect("a URL")
    }

    fn rendered(content: &Content, secret: Option<&str>, valid_for: Duration) -> Rendered {
        render(content, secret, valid_for, &public_url(), Language::PtBr.texts())
    }

    fn proof(purpose: Purpose, name: Option<&str>) -> Content {
        Content::Proof { purpose, name: name.map(str::to_owned) }
    }

    /// Every content, every purpose; with what goes into it.
    fn every() -> Vec<(String, Content, Option<&'static str>, Duration)> {
        let at = OffsetDateTime::from_unix_timestamp(1_795_000_000).expect("an instant");
        let name = || "João".to_owned();
        // the token of `NotMe` travels in a notice
        let proofs = Purpose::ALL.into_iter().filter(|purpose| *purpose != Purpose::NotMe).map(|purpose| {
            let (secret, lifetime) = match purpose {
                Purpose::EmailLink => (TOKEN, Duration::hours(24)),
                Purpose::ResetLink => (TOKEN, Duration::hours(1)),
                Purpose::SignupEmail => ("01234567", Duration::minutes(1)),
                _ => ("012345", Duration::minutes(5)),
            };
            (format!("proof {}", purpose.as_str()), proof(purpose, Some("João")), Some(secret), lifetime)
        });
        let notices = [
            ("already_registered", Content::AlreadyRegistered { name: name() }, None),
            ("new_device", Content::NewDevice { name: name(), device: "Firefox no Linux".into(), address: "203.0.113.7".into(), at }, None),
            ("locked", Content::Locked { name: name(), minutes: 15 }, None),
            ("password_changed", Content::PasswordChanged { name: name(), at }, Some(TOKEN)),
            ("password_changed, its link wiped", Content::PasswordChanged { name: name(), at }, None),
            ("phone_changed", Content::PhoneChanged { name: name(), at }, Some(TOKEN)),
            ("email_changed", Content::EmailChanged { name: name(), at }, Some(TOKEN)),
            ("document_added", Content::DocumentAdded { name: name(), at }, Some(TOKEN)),
        ];
        proofs.chain(notices.map(|(label, content, secret)| (label.to_owned(), content, secret, Duration::hours(24)))).collect()
    }

    #[test]
    fn every_message_on_every_channel() {
        let mut all = String::new();
        for language in [Language::PtBr, Language::En] {
            for (label, content, secret, valid_for) in every() {
                let r = render(&content, secret, valid_for, &public_url(), language.texts());
                let _ = writeln!(all, "######## {} · {label}\n==== e-mail\n{}\n\n{}", language.tag(), r.subject, r.text);
                if language == Language::PtBr {
                    // the style sheet is the same in all
                    let _ = writeln!(all, "==== e-mail, HTML\n{}", r.html.replace(STYLE, "…\n"));
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
        for language in [Language::PtBr, Language::En] {
            for (label, content, secret, valid_for) in every() {
                let sms = render(&content, secret, valid_for, &public_url(), language.texts()).sms;
                assert!(sms.bytes().all(|c| (c == b'\n' || (b' '..=b'~').contains(&c)) && !b"[]{}\\^|~`".contains(&c)), "{label}: {sms}");
                assert!(sms.len() <= 160, "{label}: {}", sms.len());
            }
        }
    }

    #[test]
    fn the_last_line_of_a_code_is_what_a_browser_reads() {
        let code = proof(Purpose::LoginPhone, None);
        for (url, last) in [("https://app.com/", "@app.com #012345"), ("http://127.0.0.1:3000/", "@127.0.0.1 #012345")] {
            let url = Url::parse(url).expect("a URL");
            let sms = render(&code, Some("012345"), Duration::minutes(5), &url, Language::PtBr.texts()).sms;
            assert_eq!(sms, format!("Portaria: seu codigo e 012345. Vale por 5 min. Nao compartilhe.\n\n{last}"));
        }
    }

    #[test]
    fn what_is_told_is_what_remains_and_never_nothing() {
        let code = proof(Purpose::SignupPhone, None);
        let cases = [
            (Duration::minutes(5), "5 min", "5 minutos"),
            (Duration::seconds(299), "4 min", "4 minutos"),
            (Duration::seconds(60), "1 min", "1 minuto"),
            (Duration::seconds(59), "59 s", "59 segundos"),
            (Duration::milliseconds(1), "1 s", "1 segundo"),
            (Duration::seconds(-1), "1 s", "1 segundo"),
            (Duration::minutes(90), "1 h", "1 hora"),
            (Duration::hours(24), "24 h", "24 horas"),
        ];
        for (valid_for, short, long) in cases {
            let r = rendered(&code, Some("012345"), valid_for);
            assert!(r.sms.contains(&format!("Vale por {short}.")), "{}", r.sms);
            assert!(r.text.contains(&format!("Vale por {long}.")), "{}", r.text);
        }
    }

    #[test]
    fn the_verification_email_is_that_of_the_document() {
        let r = rendered(&proof(Purpose::EmailLink, Some("João")), Some(TOKEN), Duration::hours(24));
        assert_eq!(r.subject, "Verifique sua conta");
        let sentence = format!("Clique no link para ativar sua conta: https://portaria.example/verify?token={TOKEN}");
        assert!(r.text.lines().any(|line| line == sentence), "{}", r.text);
        let reset = rendered(&proof(Purpose::ResetLink, None), Some(TOKEN), Duration::hours(1));
        assert_eq!(reset.link, Some(format!("https://portaria.example/reset-password?token={TOKEN}")));
    }

    #[test]
    fn a_name_is_shown_as_it_is_and_does_nothing() {
        for name in ["<img src=x onerror=alert(1)>", "{{7*7}}", "{link}", "O'Neil & \"Cia\"", "Ünïcödé 名前"] {
            let r = rendered(&proof(Purpose::EmailLink, Some(name)), Some(TOKEN), Duration::hours(24));
            assert!(r.text.starts_with(&format!("Olá, {name}!\n")), "{}", r.text);
            assert!(r.html.contains(&format!("<p>Olá, {}!</p>", escape(name))), "{}", r.html);
            assert!(!r.html.contains("<img") && !r.html.contains("49"), "{}", r.html);
        }
        let device = "Mozilla\r\nBcc: x\u{202E}</li><script>";
        let at = OffsetDateTime::UNIX_EPOCH;
        let content = Content::NewDevice { name: "Ana".into(), device: device.into(), address: "::1".into(), at };
        let r = rendered(&content, None, Duration::ZERO);
        assert!(r.text.contains("Dispositivo: Mozilla  Bcc: x </li><script>\n"), "{}", r.text);
        assert!(!r.html.contains("<script"), "{}", r.html);
    }

    #[test]
    fn a_name_that_would_become_a_link_is_left_out() {
        for name in ["Ganhe em https://x.example", "www.x", "Visite ganhe.example agora", "a@premio.com"] {
            let r = rendered(&proof(Purpose::EmailLink, Some(name)), Some(TOKEN), Duration::hours(24));
            assert!(r.text.starts_with("Olá!\n"), "{}", r.text);
        }
        for name in ["J. R. Silva", "Sr. João", "Acme S.A.", "João S. Neto"] {
            let r = rendered(&proof(Purpose::EmailLink, Some(name)), Some(TOKEN), Duration::hours(24));
            assert!(r.text.starts_with(&format!("Olá, {name}!\n")), "{}", r.text);
        }
    }

    #[test]
    fn it_cannot_be_printed() {
        let r = rendered(&proof(Purpose::Recovery, Some("João")), Some("012345"), Duration::minutes(5));
        let shown = format!("{r:?}");
        assert!(!shown.contains("012345") && !shown.contains("João"), "{shown}");
    }
}
