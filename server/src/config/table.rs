//! Everything that can be set. README's table, `portaria config` and what is told of a bad value all come from here.

use super::brand::{BRANDS, COLOURS, KINDS};
use super::clients::CLIENTS;
use super::{Environment, parse, webhooks};
use ipnet::IpNet;
use lettre::message::Mailbox;
use portaria::account_event::AccountEvent;
use portaria::message::Channel;
use portaria::terms::TermsVersion;
use portaria::value::{Code, Phone};
use settings::{List, settings};
use std::net::SocketAddr;
use std::path::PathBuf;
use time::Duration;
use url::Url;

const DURATION: &str = "a whole number and its unit, s, m, h or d, such as 30s, 5m, 24h; at most 3650d";
const COUNT: &str = "a whole number from 1 to 1000";
const BUDGET: &str = "a whole number from 0 to 1000000";
const BASE_URL: &str = "an http or https URL without user, query and fragment";
const WORD: &str = "printable ASCII without spaces";
const SEGMENT: &str = "letters, digits, _ and -";
/// What carries messages without a carrier.
const CAPTURED: &str = "`/dev/outbox` in development, nothing in production";

settings! {
    /// What each `[[webhooks]]` sets.
    pub(super) WEBHOOK in super::FILE, ours "PORTARIA_";

    URL: Url = webhooks::url, Nothing("needed"), "an https URL without user and fragment; http:// only to 127.0.0.1, [::1] or localhost", "where events are posted";
    SECRET: Vec<u8> = webhooks::secret, Secret("needed"), "whsec_ and 24 to 64 bytes in base64, such as `echo whsec_$(openssl rand -base64 32)` prints", "signs them (Standard Webhooks)";
    EVENTS: Vec<AccountEvent> = webhooks::events, Nothing("needed"), "a list of account.created, account.proved, account.completed, account.changed, password.changed, account.deleted, each once", "which events it is told of";
}

/// Who is told what happens to accounts.
pub(super) const WEBHOOKS: List = List { name: "webhooks", entry: &WEBHOOK, help: "who is told what happens to accounts" };

settings! {
    /// In the order in which they are shown.
    pub(super) TABLE in super::FILE, ours "PORTARIA_", lists [WEBHOOKS, CLIENTS], sections [BRANDS, COLOURS, KINDS];

    PORTARIA_ENV: Environment = parse::environment, Default("development"), "development or production", "`development`, for this machine alone, or `production`";
    LEPTOS_SITE_ADDR: SocketAddr = parse::address, Default("127.0.0.1:3000"), "an IP address and port, such as 127.0.0.1:3000 or [::]:3000", "where to listen; in development a loopback address";
    PUBLIC_URL: Url = parse::public_url, Nothing("`http://{LEPTOS_SITE_ADDR}`; needed in production"), "an origin such as https://portaria.example, without a path; https in production", "where people reach it; links and cookies follow it. In development a loopback host";
    PORTARIA_DATA_DIR: PathBuf = parse::folder, Default(".portaria"), "a folder", "where the private Postgres and the secret of development are kept";
    PORTARIA_SECRET: [u8; 32] = parse::secret_key, Secret("made once in development; needed in production"), "32 bytes in base64, such as `openssl rand -base64 32` prints", "opens the keys in the database";
    PORTARIA_SECRET_OLD: [u8; 32] = parse::secret_key, Secret("none"), "32 bytes in base64", "the secret before `PORTARIA_SECRET`: at the start its keys are wrapped with the new one, and it opens nothing any more";
    DATABASE_URL: String = parse::database_url, Secret("a private one in the data folder, by the machine's programs; only development downloads them"), "postgres://user:password@host:port/database", "Postgres 15 or newer; over a network with `?sslmode=verify-full`";
    TRUSTED_PROXIES: Vec<IpNet> = parse::networks, Nothing("nobody"), "IP addresses and CIDRs between commas, such as 10.0.0.0/8, 2001:db8::1", "whose `X-Forwarded-For` is believed; together no wider than your own networks";
    PORTARIA_ALLOWED_PREFIXES: Vec<String> = parse::prefixes, DefaultOrEmpty("+55"), "country prefixes between commas, such as +55, +351; empty: no phone is sent to", "prefixes of the phones that are sent to, mobile and fixed; empty: no phone is sent anything, not even what waits";
    PHONE_CHANNELS: Vec<Channel> = parse::phone_channels, Default("whatsapp,sms"), "whatsapp and sms, one or both, between commas", "by which codes go to phones; the first that is set up is the system's choice";
    METRICS_TOKEN: String = parse::word, Secret("`/metrics` answers this machine alone"), WORD, "with it as a bearer token, `/metrics` answers anybody";
    OTEL_EXPORTER_OTLP_ENDPOINT: Url = parse::base_url, Nothing("no traces"), BASE_URL, "the collector that traces are sent to (OTLP over HTTP), at `/v1/traces`";
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: Url = parse::base_url, Nothing("by the setting above"), BASE_URL, "the same, as it is";
    OTEL_EXPORTER_OTLP_HEADERS: Vec<(String, String)> = parse::headers, Secret("none"), "name=value between commas, values percent-encoded", "headers for the collector, such as its token";
    OTEL_SERVICE_NAME: String = parse::line, Default("portaria"), "a name, on one line", "what the collector calls the nodes";
    PORTARIA_LOG: String = parse::log_filter, Default("info"), "a level or filter, such as info or info,server=debug", "what is logged (a `tracing` filter)";
    SMTP_URL: String = parse::smtp_url, Secret(CAPTURED), "smtps://user:password@host:port, or smtp://… with ?tls=required (STARTTLS)", "carries e-mails";
    MAIL_FROM: Mailbox = parse::mailbox, Nothing("`Portaria <nao-responda@…>`, with the name of the brand, at the host of `PUBLIC_URL`"), "an address such as Portaria <nao-responda@portaria.example>", "who e-mails are from";
    TWILIO_ACCOUNT_SID: String = parse::path_segment, Nothing(CAPTURED), SEGMENT, "carries SMS, with the next two: the account at Twilio";
    TWILIO_AUTH_TOKEN: String = parse::word, Secret(CAPTURED), WORD, "its password";
    TWILIO_FROM: String = parse::line, Nothing(CAPTURED), "the sending number or name, on one line", "who SMS are from";
    TWILIO_BASE_URL: Url = parse::base_url, Default("https://api.twilio.com"), BASE_URL, "where Twilio's API answers";
    WHATSAPP_TOKEN: String = parse::word, Secret(CAPTURED), WORD, "carries WhatsApp messages, with the next two: the token for Meta's API";
    WHATSAPP_PHONE_NUMBER_ID: String = parse::path_segment, Nothing(CAPTURED), SEGMENT, "the id of the sending number";
    WHATSAPP_TEMPLATE: String = parse::word, Nothing(CAPTURED), WORD, "the name of the approved authentication template";
    WHATSAPP_BASE_URL: Url = parse::base_url, Default("https://graph.facebook.com/v23.0"), BASE_URL, "where Meta's API answers, version included";
    WHATSAPP_VERIFY_TOKEN: String = parse::word, Secret("`GET /hooks/whatsapp` is not found"), WORD, "what Meta shows when it subscribes to reports";
    WHATSAPP_APP_SECRET: String = parse::word, Secret("`POST /hooks/whatsapp` is not found, and nothing waits for reports"), WORD, "the secret of the app at Meta, which signs its reports";
    UNPROVED_BUDGET: u32 = parse::budget, Nothing("the greater of 200 and twice the proved ones of the day before"), BUDGET, "codes to phones that are not proved, per DDD and day of São Paulo; past it SMS rests there";
    SMS_DAILY_CEILING: u32 = parse::budget, Nothing("none"), BUDGET, "SMS with a code a day; past it SMS rests everywhere";
    TEST_PHONES: Vec<(Phone, Code)> = parse::test_phones, Nothing("none"), "mobile=code between commas, such as +5511999990001=123456", "phones that get this code and no message, for tests of other products; refused in production";
    DELIVERY_PATIENCE: Duration = parse::duration, Default("20s"), DURATION, "how long the word of a delivery is waited for, where the carrier reports, before the code goes by the next channel";
    SIGNUP_REMINDER: Duration = parse::reminder, Nothing("none is sent"), "a duration from 1h to 23h, such as 3h", "after which time a sign-up that was left gets its one reminder, by e-mail";
    WEBHOOK_PRIVATE_NETWORKS: Vec<IpNet> = parse::networks, Nothing("none"), "IP addresses and CIDRs between commas, such as 10.1.0.0/16, fd00::/8", "networks that are not public and that `[[webhooks]]` and `backchannel_logout_uri` may lead to";
    TERMS_VERSION: TermsVersion = parse::terms_version, Nothing("2026-12, that of our terms; with `terms` or `privacy` of `[brand]` twelve characters made of the words"), "1 to 32 letters, digits, dots, underscores and hyphens", "the version of the terms of service in force; whoever accepted another is asked after the next sign-in";
    CODE_LIFETIME_PHONE: Duration = parse::duration, Default("5m"), DURATION, "how long a code for a phone lives from its hand-over";
    CODE_LIFETIME_CARONA: Duration = parse::duration, Default("1m"), DURATION, "how long the e-mail code of a sign-up lives (004)";
    CODE_LIFETIME_RECOVERY: Duration = parse::duration, Default("5m"), DURATION, "how long a code for a new password lives (002)";
    LINK_LIFETIME_EMAIL: Duration = parse::duration, Default("24h"), DURATION, "how long a link that proves an e-mail lives";
    LINK_LIFETIME_RESET: Duration = parse::duration, Default("1h"), DURATION, "how long a link to a new password lives";
    RESEND_WAIT: Duration = parse::duration, Default("30s"), DURATION, "until the first resend; then twice as long each time";
    CODE_ATTEMPTS: u32 = parse::count, Default("5"), COUNT, "wrong entries that kill a code";
    LOCKOUT_FAILURES: u32 = parse::count, Default("5"), COUNT, "failures that lock a sign-in";
    LOCKOUT_WINDOW: Duration = parse::duration, Default("30m"), DURATION, "the time within which they count";
    LOCKOUT_DURATION: Duration = parse::duration, Default("15m"), DURATION, "how long it stays locked";
    ACCESS_TOKEN_LIFETIME: Duration = parse::duration, Default("24h"), DURATION, "how long an access token lives";
    ACCESS_TOKEN_LIFETIME_CARONA: Duration = parse::duration, Default("2h"), DURATION, "how long an access token of a rider's app lives (004)";
    FRESH_AUTHENTICATION: Duration = parse::duration, Default("10m"), DURATION, "how long signing in counts for what later recovers: phone, e-mail, CPF/CNPJ, a first password";
}
