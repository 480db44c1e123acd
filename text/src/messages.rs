//! E-mails, SMS and WhatsApp, and the page on which development reads them.
//!
//! The SMS sentences are plain ASCII: `ã õ ç é` are outside GSM-7, and one of them would cut a segment from 160 characters
//! to 70 (docs/standards.md#carriers).

/// A code by e-mail.
#[derive(Debug)]
pub struct CodeTexts {
    /// The subject; without the code, because subjects end up in logs and on lock screens.
    pub subject: &'static str,
    /// What to do with it.
    pub intro: &'static str,
    /// By SMS, so that who reads it out to a stranger knows what it opens; `{code}`, `{time}`. The `WebOTP` line follows it.
    pub sms: &'static str,
}

/// A link by e-mail.
#[derive(Debug)]
pub struct LinkTexts {
    /// The subject.
    pub subject: &'static str,
    /// What the link does; `{link}`.
    pub sentence: &'static str,
    /// On its button.
    pub action: &'static str,
    /// For whom did not ask.
    pub ignore: &'static str,
    /// By SMS; `{link}`, `{time}`.
    pub sms: &'static str,
}

/// Something that is told and needs no answer.
#[derive(Debug)]
pub struct NoticeTexts {
    /// The subject.
    pub subject: &'static str,
    /// What happened.
    pub body: &'static str,
    /// For whom it was not; `{link}` leads to a new password.
    pub not_you: &'static str,
    /// On the button of that link.
    pub action: &'static str,
    /// By SMS; `{link}` and what the body has.
    pub sms: &'static str,
}

/// How long something lasts; `{n}`.
#[derive(Debug)]
pub struct TimeTexts {
    /// 1 second.
    pub second: &'static str,
    /// Seconds.
    pub seconds: &'static str,
    /// 1 minute.
    pub minute: &'static str,
    /// Minutes.
    pub minutes: &'static str,
    /// 1 hour.
    pub hour: &'static str,
    /// Hours.
    pub hours: &'static str,
    /// Days.
    pub days: &'static str,
    /// Seconds, in an SMS.
    pub short_seconds: &'static str,
    /// Minutes, in an SMS.
    pub short_minutes: &'static str,
    /// Hours, in an SMS.
    pub short_hours: &'static str,
    /// Days, in an SMS.
    pub short_days: &'static str,
}

/// The page `/dev/outbox`.
#[derive(Debug)]
pub struct OutboxTexts {
    /// Its title.
    pub title: &'static str,
    /// What it is.
    pub intro: &'static str,
    /// When there is nothing.
    pub empty: &'static str,
    /// Before the recipient.
    pub to: &'static str,
    /// Before the instant.
    pub at: &'static str,
    /// Before the subject.
    pub subject: &'static str,
    /// Before the code.
    pub code: &'static str,
    /// Before the link.
    pub link: &'static str,
    /// The channel's name.
    pub email: &'static str,
    /// The channel's name.
    pub sms: &'static str,
    /// The channel's name.
    pub whatsapp: &'static str,
}

/// Everything that is said by message.
#[derive(Debug)]
pub struct Messages {
    /// Who writes.
    pub brand: &'static str,
    /// `{name}`.
    pub greeting: &'static str,
    /// When there is no name.
    pub greeting_unnamed: &'static str,
    /// `{time}`.
    pub valid_for: &'static str,
    /// Under a code.
    pub keep_code: &'static str,
    /// For whom did not ask for a code.
    pub ignore_code: &'static str,
    /// At the end of every e-mail.
    pub automatic: &'static str,
    /// `{day}`, `{month}`, `{year}`, `{hour}`, `{minute}`, in the time of Brasília.
    pub moment: &'static str,
    /// How long.
    pub time: TimeTexts,
    /// The phone of a sign-up.
    pub signup_phone: CodeTexts,
    /// The e-mail of a sign-up.
    pub signup_email: CodeTexts,
    /// Signing in.
    pub login_phone: CodeTexts,
    /// Recovery by CPF or CNPJ.
    pub recovery: CodeTexts,
    /// A changed phone.
    pub phone_change: CodeTexts,
    /// A changed e-mail.
    pub email_change: CodeTexts,
    /// Showing again who one is.
    pub reauthentication: CodeTexts,
    /// The contact of who contests a document.
    pub contest: CodeTexts,
    /// In the mail that proves an address: what was asked for.
    pub asked_address: &'static str,
    /// For whom did not ask; `{link}`.
    pub not_me: &'static str,
    /// On its button.
    pub not_me_action: &'static str,
    /// Any code by WhatsApp, as Meta words it; `{code}`. Shown in development only.
    pub code_whatsapp: &'static str,
    /// An e-mail address.
    pub email_link: LinkTexts,
    /// A new password.
    pub reset_link: LinkTexts,
    /// A document that somebody contests.
    pub document_mine: LinkTexts,
    /// A contested document is free.
    pub document_free: NoticeTexts,
    /// Somebody tried to register with what has an account.
    pub already_registered: NoticeTexts,
    /// Where to sign in; `{link}`.
    pub sign_in: &'static str,
    /// On its button.
    pub sign_in_action: &'static str,
    /// Signed in from a new device.
    pub new_device: NoticeTexts,
    /// `{device}`.
    pub device: &'static str,
    /// `{address}`.
    pub address: &'static str,
    /// `{at}`.
    pub at: &'static str,
    /// Signing in is locked; body and SMS: `{time}`.
    pub locked: NoticeTexts,
    /// The phone was changed; body: `{at}`.
    pub phone_changed: NoticeTexts,
    /// The e-mail was changed; body: `{at}`.
    pub email_changed: NoticeTexts,
    /// A CPF or CNPJ was added; body: `{at}`.
    pub document_added: NoticeTexts,
    /// The password was changed; body: `{at}`. Its `{link}` is the "não fui eu".
    pub password_changed: NoticeTexts,
    /// The page of development.
    pub outbox: OutboxTexts,
}
