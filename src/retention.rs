//! How long rows are kept (SPEC §13 "Retention"): the one table. The server sweeps by it (`server/src/db/retention.rs`), the documents print
//! it (docs/limits.md#retention), and the page Meus dados tells each person what concerns them.

use strum::VariantArray;
use time::Duration;

/// What is kept for some time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, VariantArray)]
#[expect(missing_docs, reason = "its row of the table says what each is")]
pub enum Kept {
    Audit,
    EndedSessions,
    ExpiredSessions,
    UnprovedAccounts,
    Deletions,
    UndoGrants,
    Messages,
    WebhookDeliveries,
    Verifications,
    CarrierReports,
    PhoneSpending,
    AbandonedSignups,
    FinishedSignups,
    SignupDevices,
    Tallies,
    Successors,
    RecoveryGrants,
    CompletionGrants,
    OpenIdRequests,
    OpenIdGrants,
    OpenIdSuccessors,
    OpenIdLogouts,
    ReplacedContacts,
    FormerContacts,
    UnprovedContests,
    DecidedContests,
    Devices,
    CapturedMessages,
}

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// The table of the database.
    pub table: &'static str,
    /// Which rows, and from when the time counts.
    pub what: &'static str,
    /// How long they are kept.
    pub kept: Duration,
}

const fn days(table: &'static str, what: &'static str, days: i64) -> Facts {
    Facts { table, what, kept: Duration::days(days) }
}

impl Kept {
    /// Every row, in the order of the table.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// Returns its row.
    pub const fn facts(self) -> Facts {
        match self {
            // Six months, by law as well (Marco Civil da Internet, art. 15).
            Self::Audit => days("audit", "attempts and refusals, from when they happened", 183),
            Self::EndedSessions => days("sessions", "sessions, from their end", 30),
            Self::ExpiredSessions => days("sessions", "sessions, from when they expired", 30),
            Self::UnprovedAccounts => {
                days("accounts", "accounts that nothing was ever proved of, from when their last proof lapsed, or they were imported", 7)
            }
            Self::Deletions => Facts {
                table: "accounts",
                what: "accounts whose owner asked for their deletion, from then: erased with all that tells of them",
                kept: crate::deletion::GRACE,
            },
            Self::UndoGrants => days("undo_grants", "rights to undo a deletion after a sign-in, from when they lapsed", 0),
            Self::Messages => days("outbox", "messages that were delivered or given up, without content, from when they were written", 30),
            Self::WebhookDeliveries => {
                days("webhook_deliveries", "events for webhooks that were delivered or given up, from when they were", 30)
            }
            Self::CarrierReports => days("carrier_reports", "reports and hand-overs by the carrier's id, from the last of them", 1),
            Self::PhoneSpending => days("phone_spending", "what codes to phones cost, by day and DDD, from that day", 8),
            Self::Verifications => days("verifications", "codes and links as keyed hashes, from when they lapsed", 30),
            Self::AbandonedSignups => days("signups", "sign-ups that came to nothing, from when they lapsed", 0),
            // Longer, so that a waiting browser sees how it ended.
            Self::FinishedSignups => days("signups", "sign-ups that came to an account, from when they lapsed", 7),
            Self::SignupDevices => days("signup_devices", "the browsers that hold a sign-up, from when they lapsed", 0),
            Self::Tallies => days("tallies", "counts, from when they count no more", 0),
            Self::Successors => Facts {
                table: "refresh_tokens",
                what: "sealed copies of successors, from when they were given (the row stays)",
                // Well past the 30 s in which it may be given again.
                kept: Duration::minutes(10),
            },
            Self::RecoveryGrants => days("recovery_grants", "rights to set a new password, from when they lapsed", 0),
            // Reported as lapsed for this long (004 `AUTH_004`).
            Self::CompletionGrants => days("proofs", "rights to complete a profile, from when they lapsed", 1),
            Self::OpenIdRequests => days("openid_requests", "requests of products that wait for a person, from when they lapsed", 0),
            Self::OpenIdGrants => days(
                "openid_grants",
                "what products got, from when it can be of use no more: a code that nobody exchanged a minute after it was given",
                0,
            ),
            Self::OpenIdSuccessors => Facts {
                table: "openid_refresh_tokens",
                what: "sealed copies of successors of products' refresh tokens, from when they were given (the row stays)",
                kept: Duration::minutes(10),
            },
            // They are tried for a day: these are for products that are told no more.
            Self::OpenIdLogouts => days("openid_logouts", "ends of sessions that products were to be told of, from then", 2),
            // A little longer than the change can be undone.
            Self::ReplacedContacts => days("account_changes", "contacts that were replaced, sealed, from when they were", 8),
            // As long as the audit may name them.
            Self::FormerContacts => days("former_contacts", "contacts that were replaced, as keyed hashes, from when they were", 183),
            Self::UnprovedContests => Facts {
                table: "contests",
                what: "contests of a document whose contact was never proved, from when they were asked for",
                kept: crate::contest::UNPROVED_KEPT,
            },
            // Longer than the same contact is kept from contesting again.
            Self::DecidedContests => days("contests", "contests of a document, from their decision", 60),
            // As long as browsers keep its cookie.
            Self::Devices => Facts {
                table: "devices",
                what: "devices that an account signed in from, from the last time",
                kept: crate::session::DEVICE_LIFETIME,
            },
            Self::CapturedMessages => days("captured_messages", "in development: messages at /dev/outbox, from when they were captured", 1),
        }
    }
}
