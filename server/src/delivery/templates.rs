//! Renders a message for every channel.
//!
//! A message is a list of blocks. Text and HTML are two renderings of that list, so that both say the same; the HTML stands
//! in `server/templates/email.html`. User input (a name) is cleaned of control characters and, in HTML, escaped. [`Content::greeted`] decides whether a name appears at all.

mod layout;
pub mod samples;
#[cfg(test)]
mod tests;

use layout::{Block, one_line};
use portaria::brand::Brand;
use portaria::journey::Kind;
use portaria::message::{Asked, Content};
use portaria::purpose::{CodeFor, LinkFor, NoticeLinkFor, Purpose};
use std::fmt;
use text::Texts;
use text::messages::{CodeTexts, DisputableTexts, LinkTexts, Messages, NoticeTexts, OwnActTexts};
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
    pub code: Option<String>,
    /// The link, if it holds a token.
    pub link: Option<String>,
}

impl fmt::Debug for Rendered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rendered").field("subject", &self.subject).finish_non_exhaustive()
    }
}

/// Renders a message. `secret` is the code or token of its verification, `valid_for` its remaining lifetime.
pub fn render(content: &Content, secret: Option<&str>, valid_for: Duration, public_url: &Url, brand: &Brand, texts: &Texts) -> Rendered {
    render_beside(content, secret, None, valid_for, public_url, brand, texts)
}

/// The same with the code that stands beside a link, if there is one.
pub fn render_beside(
    content: &Content,
    secret: Option<&str>,
    beside: Option<&str>,
    valid_for: Duration,
    public_url: &Url,
    brand: &Brand,
    texts: &Texts,
) -> Rendered {
    let words = Words { texts, m: &texts.messages, brand, sms_name: brand.name.sms(), public_url, greeted: content.greeted() };
    match content {
        Content::Secret { purpose, asked, in_use, .. } => {
            let emails = if *in_use { &words.m.email_joins } else { &words.m.email_link };
            words.proof(*purpose, emails, secret.unwrap_or_default(), beside, valid_for, asked.as_ref())
        }
        Content::AlreadyRegistered { .. } => words.already_registered(),
        Content::NewDevice { device, address, at, .. } => {
            let facts = vec![words.m.device(one_line(device)), words.m.address(one_line(address))];
            words.disputable(&words.m.new_device, *at, facts, NoticeLinkFor::NotMyAccess, secret)
        }
        Content::Locked { minutes, .. } => {
            let locked = Duration::minutes(i64::from(*minutes));
            let (texts, link) = (&words.m.locked, words.recovery());
            words.notice(Notice {
                subject: texts.subject,
                body: texts.body(words.texts.duration.span(locked)),
                facts: Vec::new(),
                otherwise: texts.not_you(&link),
                action: texts.action,
                link: &link,
                sms: texts.sms(words.sms_name, words.texts.duration.short_span(locked), &link),
            })
        }
        Content::PasswordChanged { at, .. } => words.changed(&words.m.password_changed, *at, secret),
        Content::PhoneChanged { at, .. } => words.changed(&words.m.phone_changed, *at, secret),
        Content::EmailChanged { at, .. } => words.changed(&words.m.email_changed, *at, secret),
        Content::DocumentAdded { at, .. } => words.changed(&words.m.document_added, *at, secret),
        Content::AccountBlocked { at, .. } => {
            words.own_act(&words.m.account_blocked, &words.texts.moment.tell(*at), NoticeLinkFor::NotMe, secret)
        }
        Content::DeletionAsked { at, .. } => {
            words.own_act(&words.m.deletion_asked, &words.texts.moment.tell(*at), NoticeLinkFor::UndoDeletion, secret)
        }
        Content::SignupLeft { at, kind, page_of } => words.signup_left(*at, *kind, page_of.as_deref(), secret, valid_for),
        Content::DocumentFree => words.notice_of(&words.m.document_free, words.page("login").as_str()),
    }
}

/// What happened, and what a reader can do who did not do it.
struct Notice<'a> {
    subject: &'a str,
    body: String,
    facts: Vec<String>,
    otherwise: String,
    action: &'static str,
    link: &'a str,
    sms: String,
}

struct Words<'a> {
    texts: &'a Texts,
    m: &'a Messages,
    brand: &'a Brand,
    sms_name: &'a str,
    public_url: &'a Url,
    /// The name to greet, if any.
    greeted: Option<&'a str>,
}

impl Words<'_> {
    /// A notice of a change that only the owner may make, with a link to undo it.
    fn changed(&self, texts: &DisputableTexts, at: OffsetDateTime, token: Option<&str>) -> Rendered {
        self.disputable(texts, at, Vec::new(), NoticeLinkFor::NotMe, token)
    }

    /// A notice that its recipient may dispute. Without a token it links to password recovery.
    fn disputable(
        &self,
        texts: &DisputableTexts,
        at: OffsetDateTime,
        facts: Vec<String>,
        page: NoticeLinkFor,
        token: Option<&str>,
    ) -> Rendered {
        let not_me = token.map(|token| self.link_to(page.page(), token));
        let link = not_me.clone().unwrap_or_else(|| self.recovery());
        let notice = self.notice(Notice {
            subject: texts.subject,
            body: texts.body(self.texts.moment.tell(at)),
            facts,
            otherwise: self.m.disputed(&link),
            action: self.m.not_me_action,
            link: &link,
            sms: texts.sms(self.sms_name, &link),
        });
        Rendered { link: not_me, ..notice }
    }

    /// What the owner did to the whole account, with the link that takes it back. Without a token it links to the sign-in, which leads to
    /// the same.
    fn own_act(&self, texts: &OwnActTexts, at: &str, page: NoticeLinkFor, token: Option<&str>) -> Rendered {
        let back = token.map(|token| self.link_to(page.page(), token));
        let link = back.clone().unwrap_or_else(|| self.page("login").into());
        let notice = self.notice(Notice {
            subject: texts.subject,
            body: texts.body(at),
            facts: Vec::new(),
            otherwise: texts.back(&link),
            action: texts.action,
            link: &link,
            sms: texts.sms(self.sms_name, &link),
        });
        Rendered { link: back, ..notice }
    }

    /// `emails`: how the proof of an e-mail address is worded.
    fn proof(
        &self,
        purpose: Purpose,
        emails: &LinkTexts,
        secret: &str,
        beside: Option<&str>,
        valid_for: Duration,
        asked: Option<&Asked>,
    ) -> Rendered {
        match purpose {
            Purpose::Code(CodeFor::SignupPhone) => self.code(&self.m.signup_phone, secret, valid_for, asked),
            Purpose::Code(CodeFor::SignupEmail) => self.code(&self.m.signup_email, secret, valid_for, asked),
            Purpose::Code(CodeFor::LoginPhone) => self.code(&self.m.login_phone, secret, valid_for, asked),
            Purpose::Code(CodeFor::Recovery) => self.code(&self.m.recovery, secret, valid_for, asked),
            Purpose::Code(CodeFor::PhoneChange) => self.code(&self.m.phone_change, secret, valid_for, asked),
            Purpose::Code(CodeFor::EmailChange) => self.code(&self.m.email_change, secret, valid_for, asked),
            Purpose::Code(CodeFor::Reauthentication) => self.code(&self.m.reauthentication, secret, valid_for, asked),
            Purpose::Code(CodeFor::Contest) => self.code(&self.m.contest, secret, valid_for, asked),
            Purpose::Link(LinkFor::EmailProof) => self.verification(emails, secret, beside, valid_for, asked),
            Purpose::Link(link @ LinkFor::DocumentMine) => self.link(&self.m.document_mine, link, secret, valid_for),
            Purpose::Link(link @ LinkFor::PasswordReset) => self.link(&self.m.reset_link, link, secret, valid_for),
        }
    }

    /// The mail that proves an address (001, 003). The address is not proved yet, so the reader may not be the requester. So the mail
    /// says what was requested, when and from which device, and how to say "não fui eu" (SPEC §16).
    fn verification(&self, texts: &LinkTexts, token: &str, beside: Option<&str>, valid_for: Duration, asked: Option<&Asked>) -> Rendered {
        let link = self.link_to(LinkFor::EmailProof.page(), token);
        let not_me = format!("{link}&not_me=1");
        let mut blocks = vec![
            Block::Paragraph(self.greeting()),
            Block::Link { sentence: texts.sentence(&link), action: texts.action, link: &link },
            Block::Paragraph(self.m.link_valid_for(self.texts.duration.span(valid_for))),
        ];
        if let Some(code) = beside {
            blocks.insert(2, Block::Paragraph(self.m.or_code.to_owned()));
            blocks.insert(3, Block::Code(code));
        }
        let mut facts = vec![self.m.asked_address(self.texts.of_brand(&self.brand.name))];
        facts.extend(asked.map(|asked| self.facts(asked)).unwrap_or_default());
        blocks.push(Block::Facts(facts));
        blocks.push(Block::Link { sentence: self.m.not_me(&not_me), action: self.m.not_me_action, link: &not_me });
        blocks.push(Block::Note(texts.ignore));
        let rendered = self.rendered(texts.subject, &blocks).with_link(link.clone());
        Rendered { sms: texts.sms(self.sms_name, &link), code: beside.map(str::to_owned), ..rendered }
    }

    /// Device and time of a request.
    fn facts(&self, asked: &Asked) -> Vec<String> {
        let device = asked.device.as_deref().map(|device| self.m.device(one_line(device)));
        device.into_iter().chain([self.m.at(self.texts.moment.tell(asked.at))]).collect()
    }

    fn code(&self, texts: &CodeTexts, code: &str, valid_for: Duration, asked: Option<&Asked>) -> Rendered {
        let mut blocks = vec![
            Block::Paragraph(self.greeting()),
            Block::Paragraph(texts.intro.to_owned()),
            Block::Code(code),
            Block::Paragraph(self.m.code_valid_for(self.texts.duration.span(valid_for))),
        ];
        blocks.extend(asked.map(|asked| Block::Facts(self.facts(asked))));
        blocks.push(Block::Paragraph(self.m.keep_code(self.texts.of_brand(&self.brand.name))));
        blocks.push(Block::Note(self.m.ignore_code));
        let sms = texts.sms(self.sms_name, code, self.texts.duration.short_span(valid_for));
        // WebOTP reads the last line: `@host`, one space, `#code`; the host without its port (WICG).
        let host = self.public_url.host_str().unwrap_or_default();
        Rendered {
            sms: format!("{sms}\n\n@{host} #{code}"),
            whatsapp: Some(self.m.code_whatsapp(code)),
            code: Some(code.to_owned()),
            ..self.rendered(texts.subject, &blocks)
        }
    }

    fn link(&self, texts: &LinkTexts, purpose: LinkFor, token: &str, valid_for: Duration) -> Rendered {
        let link = self.link_to(purpose.page(), token);
        let blocks = [
            Block::Paragraph(self.greeting()),
            Block::Link { sentence: texts.sentence(&link), action: texts.action, link: &link },
            Block::Paragraph(self.m.link_valid_for(self.texts.duration.span(valid_for))),
            Block::Note(texts.ignore),
        ];
        Rendered { sms: texts.sms(self.sms_name, &link), ..self.rendered(texts.subject, &blocks) }.with_link(link.clone())
    }

    /// The one reminder of a sign-up. Its address is not proved, so that it says what the mail of the proof says, and no more.
    fn signup_left(&self, at: OffsetDateTime, kind: Kind, page_of: Option<&str>, token: Option<&str>, valid_for: Duration) -> Rendered {
        let texts = &self.m.signup_left;
        let proof = token.filter(|_| page_of.is_none()).map(|token| self.link_to(LinkFor::EmailProof.page(), token));
        let page = || {
            let mut page = self.page(&format!("register/{}", kind.journey().slug));
            page.query_pairs_mut().append_pair("signup", page_of.unwrap_or_default());
            String::from(page)
        };
        let link = proof.clone().unwrap_or_else(page);
        let not_me = format!("{link}&not_me=1");
        let mut blocks = vec![
            Block::Paragraph(self.greeting()),
            Block::Paragraph(texts.body(self.texts.of_brand(&self.brand.name))),
            Block::Facts(vec![self.m.at(self.texts.moment.tell(at))]),
        ];
        if proof.is_some() {
            blocks.push(Block::Link { sentence: texts.confirm(&link), action: texts.confirm_action, link: &link });
            blocks.push(Block::Paragraph(self.m.link_valid_for(self.texts.duration.span(valid_for))));
            blocks.push(Block::Link { sentence: self.m.not_me(&not_me), action: self.m.not_me_action, link: &not_me });
        } else {
            blocks.push(Block::Link { sentence: texts.go_on(&link), action: texts.go_on_action, link: &link });
        }
        blocks.push(Block::Note(texts.once));
        Rendered { link: proof, sms: texts.sms(self.sms_name, &link), ..self.rendered(texts.subject, &blocks) }
    }

    fn already_registered(&self) -> Rendered {
        let texts = &self.m.already_registered;
        let (sign_in, recover) = (String::from(self.page("login")), String::from(self.page("forgot-password")));
        let blocks = [
            Block::Paragraph(self.greeting()),
            Block::Paragraph(texts.body.to_owned()),
            Block::Link { sentence: self.m.sign_in(&sign_in), action: self.m.sign_in_action, link: &sign_in },
            Block::Link { sentence: texts.not_you(&recover), action: texts.action, link: &recover },
        ];
        Rendered { sms: texts.sms(self.sms_name, &sign_in), ..self.rendered(texts.subject, &blocks) }
    }

    /// A notice that says the same to everybody. `link`: for whom it was not.
    fn notice_of(&self, texts: &NoticeTexts, link: &str) -> Rendered {
        self.notice(Notice {
            subject: texts.subject,
            body: texts.body.to_owned(),
            facts: Vec::new(),
            otherwise: texts.not_you(link),
            action: texts.action,
            link,
            sms: texts.sms(self.sms_name, link),
        })
    }

    fn notice(&self, notice: Notice<'_>) -> Rendered {
        let Notice { subject, body, facts, otherwise, action, link, sms } = notice;
        let mut blocks = vec![Block::Paragraph(self.greeting()), Block::Paragraph(body)];
        blocks.extend((!facts.is_empty()).then_some(Block::Facts(facts)));
        blocks.push(Block::Link { sentence: otherwise, action, link });
        Rendered { sms, ..self.rendered(subject, &blocks) }
    }

    /// The link to password recovery.
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

    fn greeting(&self) -> String {
        match self.greeted.map(one_line) {
            Some(name) => self.m.greeting(name),
            None => self.m.greeting_unnamed.to_owned(),
        }
    }
}

impl Rendered {
    fn with_link(self, link: String) -> Self {
        Self { link: Some(link), ..self }
    }
}
