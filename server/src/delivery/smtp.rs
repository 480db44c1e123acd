//! E-mail by SMTP.

use super::{Accepted, CarrierError, CarrierTimeouts, Failure, Outgoing};
use crate::config;
use lettre::address::Address;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{self, AsyncSmtpTransport};
use lettre::{AsyncTransport, Tokio1Executor};
use std::error::Error;
use std::fmt;
use std::time::SystemTime;
use url::Url;

pub(crate) struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    timeouts: CarrierTimeouts,
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The transport would print its password.
        f.debug_struct("Smtp").field("from", &self.from).finish_non_exhaustive()
    }
}

/// Says that no person wrote this, so that no vacation notice answers it (RFC 3834 §5).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".into())
    }
}

impl Smtp {
    pub(super) fn new(settings: config::Smtp, timeouts: CarrierTimeouts) -> Result<Self, CarrierError> {
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(settings.url.expose()).map_err(|_| CarrierError::SmtpUrl)?;
        // Some relays refuse the default, [127.0.0.1]. A path in the URL is the name to greet with.
        let named = Url::parse(settings.url.expose()).is_ok_and(|url| !matches!(url.path(), "" | "/"));
        let builder = if named { builder } else { builder.hello_name(ClientId::Domain(settings.from.email.domain().to_owned())) };
        // The timeout is per command, connecting included. A connection serves one message (`server/Cargo.toml` says why).
        let transport = builder.timeout(Some(timeouts.connect)).build();
        Ok(Self { transport, from: settings.from, timeouts })
    }

    pub(super) async fn hand_over(&self, message: &Outgoing<'_>) -> Result<Accepted, Failure> {
        let (message, id) = self.compose(message)?;
        let ascii = message.envelope().to().iter().all(|to| AsRef::<str>::as_ref(to).is_ascii());
        match tokio::time::timeout(self.timeouts.overall, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(Accepted { provider_id: Some(id), wa_id: None }),
            Ok(Err(error)) => Err(judge(&error, ascii)),
            Err(_) => Err(Failure::retry("timeout")),
        }
    }

    /// Connects, greets, encrypts and signs in as for a message, and leaves.
    pub(super) async fn try_out(&self) -> Result<(), Failure> {
        match tokio::time::timeout(self.timeouts.overall, self.transport.test_connection()).await {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err(Failure::retry("smtp-left")),
            Ok(Err(error)) => Err(judge(&error, true)),
            Err(_) => Err(Failure::retry("timeout")),
        }
    }

    /// Every header is a typed value, so that an address with a line break is refused.
    fn compose(&self, message: &Outgoing<'_>) -> Result<(Message, String), Failure> {
        let to: Address = message.recipient.parse().map_err(|_| Failure::refused("bad-address"))?;
        // The same at every try, so that duplicates are recognised.
        let id = format!("<{}@{}>", message.id, self.from.email.domain());
        let composed = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(message.rendered.subject.clone())
            .date(SystemTime::from(message.now))
            .message_id(Some(id.clone()))
            .header(AutoSubmitted)
            .multipart(MultiPart::alternative_plain_html(message.rendered.text.clone(), message.rendered.html.clone()))
            .map_err(|_| Failure::refused("not-composed"))?;
        Ok((composed, id))
    }
}

fn judge(error: &smtp::Error, ascii: bool) -> Failure {
    if let Some(status) = error.status() {
        let code = format!("smtp-{status}");
        return match u16::from(status) {
            // Our user or password is wrong (RFC 4954 §6).
            530 | 534 | 535 | 538 => Failure::retry(code).loud(),
            500.. => Failure::refused(code),
            _ => Failure::retry(code),
        };
    }
    if error.is_timeout() {
        Failure::retry("timeout")
    } else if error.is_client() && !ascii {
        // An address that is not ASCII, and a server without SMTPUTF8.
        Failure::refused("smtp-utf8")
    } else if error.is_client() {
        // The server lacks the encryption or the authentication that SMTP_URL asks for.
        Failure::retry("smtp-client").loud()
    } else if error.is_tls() {
        Failure::retry("smtp-tls").loud()
    } else {
        Failure::retry("network")
    }
}

#[cfg(test)]
mod tests {
    use super::super::stub;
    use super::*;
    use crate::config::Secret;
    use crate::delivery::templates::Rendered;
    use mail_parser::{MessageParser, MimeHeaders};
    use mailin::{Action, Handler, Response, SessionBuilder, response};
    use std::io::{BufRead, BufReader, Write};
    use std::net::{IpAddr, Ipv4Addr, TcpListener, TcpStream};
    use std::sync::{Arc, Mutex};
    use std::time::Duration;
    use time::OffsetDateTime;

    #[derive(Debug, Clone, Default)]
    struct Received {
        greeted: String,
        from: String,
        to: Vec<String>,
        data: Vec<u8>,
    }

    /// A real SMTP session machine; `rcpt` is what it answers to a recipient.
    #[derive(Clone)]
    struct Inbox {
        rcpt: fn() -> Response,
        open: Received,
        received: Arc<Mutex<Vec<Received>>>,
    }

    impl Handler for Inbox {
        fn rcpt(&mut self, _to: &str) -> Response {
            (self.rcpt)()
        }

        fn data_start(&mut self, domain: &str, from: &str, _is8bit: bool, to: &[String]) -> Response {
            self.open = Received { greeted: domain.to_owned(), from: from.to_owned(), to: to.to_vec(), data: Vec::new() };
            response::OK
        }

        fn data(&mut self, line: &[u8]) -> std::io::Result<()> {
            self.open.data.extend_from_slice(line);
            Ok(())
        }

        fn data_end(&mut self) -> Response {
            self.received.lock().expect("no panic holds it").push(self.open.clone());
            response::OK
        }
    }

    fn converse(stream: TcpStream, inbox: Inbox) -> std::io::Result<()> {
        let mut session = SessionBuilder::new("mail.example").build(IpAddr::V4(Ipv4Addr::LOCALHOST), inbox);
        let mut writer = stream.try_clone()?;
        writer.write_all(&session.greeting().buffer()?)?;
        let mut reader = BufReader::new(stream);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line)? > 0 {
            let answer = session.process(&line);
            writer.write_all(&answer.buffer()?)?;
            if answer.action == Action::Close {
                break;
            }
            line.clear();
        }
        Ok(())
    }

    fn server(rcpt: fn() -> Response) -> (String, Arc<Mutex<Vec<Received>>>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("smtp://{}", listener.local_addr().expect("an address"));
        let received = Arc::<Mutex<Vec<Received>>>::default();
        let inbox = Inbox { rcpt, open: Received::default(), received: Arc::clone(&received) };
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let inbox = inbox.clone();
                std::thread::spawn(move || converse(stream, inbox));
            }
        });
        (url, received)
    }

    fn smtp(url: &str) -> Smtp {
        let settings = config::Smtp {
            url: Secret::new(url.to_owned()),
            from: "Portaria São João <nao-responda@portaria.example>".parse().expect("a mailbox"),
        };
        Smtp::new(settings, CarrierTimeouts { connect: Duration::from_millis(500), overall: Duration::from_millis(700) })
            .expect("a transport")
    }

    async fn send(url: &str, recipient: &str, rendered: &Rendered) -> Result<Accepted, Failure> {
        let message = Outgoing {
            id: uuid::Uuid::from_u128(7),
            recipient,
            rendered,
            valid_for: time::Duration::hours(24),
            now: OffsetDateTime::from_unix_timestamp(1_795_000_000).expect("an instant"),
        };
        smtp(url).hand_over(&message).await
    }

    #[tokio::test]
    async fn an_email_arrives_with_both_parts_and_every_header() {
        let (url, received) = server(|| response::OK);
        let rendered = stub::link_message("João Ação <img src=x onerror=alert(1)>", "abc-123_XYZ");
        let handed = send(&url, "joao@example.com", &rendered).await.expect("accepted");
        let id = "<00000000-0000-0000-0000-000000000007@portaria.example>";
        assert_eq!(handed.provider_id.as_deref(), Some(id));

        let received = received.lock().expect("no panic holds it").clone();
        let [mail] = received.as_slice() else { panic!("one e-mail, not {}", received.len()) };
        assert_eq!(mail.greeted, "portaria.example");
        assert_eq!(mail.from, "nao-responda@portaria.example");
        assert_eq!(mail.to, ["joao@example.com"]);
        assert!(mail.data.is_ascii(), "everything is encoded: no relay has to know 8BITMIME");

        let parsed = MessageParser::new().parse(&mail.data).expect("an e-mail");
        assert_eq!(parsed.subject(), Some("Redefina sua senha"));
        let from = parsed.from().and_then(|from| from.first()).expect("a sender");
        assert_eq!((from.name(), from.address()), (Some("Portaria São João"), Some("nao-responda@portaria.example")));
        let to: Vec<_> = parsed.to().expect("a recipient").iter().map(mail_parser::Addr::address).collect();
        assert_eq!(to, [Some("joao@example.com")]);
        assert_eq!(parsed.message_id().map(|id| format!("<{id}>")).as_deref(), Some(id));
        assert_eq!(parsed.date().map(mail_parser::DateTime::to_timestamp), Some(1_795_000_000));
        assert_eq!(parsed.header_raw("Auto-Submitted").map(str::trim), Some("auto-generated"));
        assert!(parsed.is_content_type("multipart", "alternative"));
        assert_eq!((parsed.text_body_count(), parsed.html_body_count()), (1, 1));
        let text = parsed.body_text(0).expect("a text part");
        assert_eq!(text.replace("\r\n", "\n").trim_end(), rendered.text.trim_end());
        assert!(text.contains("Clique no link para criar uma nova senha: https://portaria.example/reset-password?token=abc-123_XYZ"));
        assert!(text.contains("Olá, João Ação <img src=x onerror=alert(1)>!"));
        let html = parsed.body_html(0).expect("an HTML part");
        assert_eq!(html.replace("\r\n", "\n").trim_end(), rendered.html.trim_end());
    }

    #[tokio::test]
    async fn where_tls_is_required_a_server_without_it_is_given_nothing() {
        let (url, received) = server(|| response::OK);
        let refused = send(&format!("{url}?tls=required"), "joao@example.com", &stub::notice()).await;
        assert_eq!(refused, Err(Failure::retry("smtp-client")));
        assert!(received.lock().expect("no panic holds it").is_empty());
    }

    #[tokio::test]
    async fn the_url_may_say_by_which_name_to_greet() {
        let (url, received) = server(|| response::OK);
        send(&format!("{url}/node-1.example"), "joao@example.com", &stub::notice()).await.expect("accepted");
        assert_eq!(received.lock().expect("no panic holds it")[0].greeted, "node-1.example");
    }

    #[tokio::test]
    async fn a_line_break_in_an_address_is_no_header() {
        let (url, received) = server(|| response::OK);
        for recipient in ["joao@example.com\r\nBcc: maria@example.com", "joao@example.com\nSubject: x", "a@b.c>\r\nDATA", "joao", ""] {
            assert_eq!(send(&url, recipient, &stub::notice()).await, Err(Failure::refused("bad-address")), "{recipient:?}");
        }
        assert!(received.lock().expect("no panic holds it").is_empty());
    }

    #[tokio::test]
    async fn a_transient_answer_is_tried_again_and_a_permanent_one_is_refused() {
        let cases: [(fn() -> Response, _); 4] = [
            (|| response::NO_MAILBOX, Failure::refused("smtp-550")),
            (|| response::OUT_OF_SPACE, Failure::retry("smtp-452")),
            (|| response::INTERNAL_ERROR, Failure::retry("smtp-451")),
            (|| response::AUTHENTICATION_REQUIRED, Failure::retry("smtp-530")),
        ];
        for (rcpt, expected) in cases {
            let (url, received) = server(rcpt);
            assert_eq!(send(&url, "joao@example.com", &stub::notice()).await, Err(expected));
            assert!(received.lock().expect("no panic holds it").is_empty());
        }
    }

    #[tokio::test]
    async fn a_server_that_hangs_or_is_not_there_is_tried_again() {
        let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("smtp://{}", silent.local_addr().expect("an address"));
        assert_eq!(send(&url, "joao@example.com", &stub::notice()).await, Err(Failure::retry("timeout")));
        drop(silent);
        assert_eq!(send(&url, "joao@example.com", &stub::notice()).await, Err(Failure::retry("network")));
    }

    #[tokio::test]
    async fn encryption_that_was_asked_for_is_never_done_without() {
        let (url, received) = server(|| response::OK);
        assert_eq!(send(&format!("{url}?tls=required"), "joao@example.com", &stub::notice()).await, Err(Failure::retry("smtp-client")));
        assert!(received.lock().expect("no panic holds it").is_empty());
    }

    #[test]
    fn the_password_cannot_be_printed() {
        let shown = format!("{:?}", smtp("smtps://user:pass-word@mail.example"));
        assert!(!shown.contains("pass-word") && !shown.contains("user"), "{shown}");
    }
}
