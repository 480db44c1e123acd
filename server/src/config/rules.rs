//! The numbers that an operator may set (SPEC §10), as the services use them.

use super::table::{
    ACCESS_TOKEN_LIFETIME, ACCESS_TOKEN_LIFETIME_CARONA, CODE_ATTEMPTS, CODE_LIFETIME_CARONA, CODE_LIFETIME_PHONE, CODE_LIFETIME_RECOVERY,
    DELIVERY_PATIENCE, FRESH_AUTHENTICATION, LINK_LIFETIME_EMAIL, LINK_LIFETIME_RESET, LOCKOUT_DURATION, LOCKOUT_FAILURES, LOCKOUT_WINDOW,
    PHONE_CHANNELS, PORTARIA_ALLOWED_PREFIXES, RESEND_WAIT, SIGNUP_REMINDER, SMS_DAILY_CEILING, TEST_PHONES, UNPROVED_BUDGET,
};
use portaria::brand::Brand;
use portaria::contest::DECIDED_AFTER;
use portaria::deletion::GRACE;
use portaria::kinds::Kinds;
use portaria::limits::{BlockPolicy, ENTRY_BLOCK, ENTRY_WINDOW};
use portaria::message::Channel;
use portaria::purpose::Lifetime;
use portaria::recovery::NOT_ME_LIFETIME;
use portaria::spending::Budgets;
use portaria::terms::TermsVersion;
use portaria::value::{Code, Phone};
use settings::Given;
use std::sync::Arc;
use time::Duration;

/// How long things live, how often they may be tried, and to whom is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// `CODE_LIFETIME_PHONE`.
    pub code_phone: Duration,
    /// `CODE_LIFETIME_CARONA`.
    pub code_carona: Duration,
    /// `CODE_LIFETIME_RECOVERY`.
    pub code_recovery: Duration,
    /// `LINK_LIFETIME_EMAIL`.
    pub link_email: Duration,
    /// `LINK_LIFETIME_RESET`.
    pub link_reset: Duration,
    /// `ACCESS_TOKEN_LIFETIME`.
    pub access_token: Duration,
    /// `ACCESS_TOKEN_LIFETIME_CARONA`.
    pub access_token_carona: Duration,
    /// `FRESH_AUTHENTICATION`: how long signing in counts for what later recovers.
    pub fresh_authentication: Duration,
    /// `RESEND_WAIT`: the first wait; the next ones double it.
    pub resend_wait: Duration,
    /// `LOCKOUT_FAILURES` within `LOCKOUT_WINDOW` lock a login for `LOCKOUT_DURATION`.
    pub lockout: BlockPolicy,
    /// `CODE_ATTEMPTS` kill a code, with the window and block of SPEC §11.
    pub entries: BlockPolicy,
    /// `PORTARIA_ALLOWED_PREFIXES`: the phones that are sent to, each `+` and digits; none: no phone at all.
    pub allowed_prefixes: Vec<String>,
    /// `TERMS_VERSION`: the terms in force.
    pub terms: TermsVersion,
    /// `UNPROVED_BUDGET` and `SMS_DAILY_CEILING`.
    pub budgets: Budgets,
    /// `TEST_PHONES`: phones that get a fixed code and no message.
    pub test_phones: Vec<(Phone, Code)>,
    /// `DELIVERY_PATIENCE`.
    pub delivery_patience: Duration,
    /// `SIGNUP_REMINDER`; `None`: nobody is reminded.
    pub signup_reminder: Option<Duration>,
    /// `PHONE_CHANNELS`: by which codes go to phones, the system's choice first.
    pub phone_channels: Vec<Channel>,
    /// `[kinds.…]`: as what people may sign up, and what they are asked.
    pub kinds: Arc<Kinds>,
    /// `[brand]`: whose terms they accept.
    pub brand: Arc<Brand>,
}

impl Rules {
    /// None when one of them is bad.
    pub(super) fn read(given: &Given, kinds: Kinds, brand: &Brand) -> Option<Self> {
        let failures = |count| usize::try_from(given.get(count)?).ok();
        Some(Self {
            code_phone: given.get(&CODE_LIFETIME_PHONE)?,
            code_carona: given.get(&CODE_LIFETIME_CARONA)?,
            code_recovery: given.get(&CODE_LIFETIME_RECOVERY)?,
            link_email: given.get(&LINK_LIFETIME_EMAIL)?,
            link_reset: given.get(&LINK_LIFETIME_RESET)?,
            access_token: given.get(&ACCESS_TOKEN_LIFETIME)?,
            access_token_carona: given.get(&ACCESS_TOKEN_LIFETIME_CARONA)?,
            fresh_authentication: given.get(&FRESH_AUTHENTICATION)?,
            resend_wait: given.get(&RESEND_WAIT)?,
            lockout: BlockPolicy {
                failures: failures(&LOCKOUT_FAILURES)?,
                window: given.get(&LOCKOUT_WINDOW)?,
                duration: given.get(&LOCKOUT_DURATION)?,
            },
            entries: BlockPolicy { failures: failures(&CODE_ATTEMPTS)?, window: ENTRY_WINDOW, duration: ENTRY_BLOCK },
            allowed_prefixes: given.get(&PORTARIA_ALLOWED_PREFIXES)?,
            terms: brand.terms.version.clone(),
            budgets: Budgets { unproved: given.get(&UNPROVED_BUDGET), sms: given.get(&SMS_DAILY_CEILING) },
            test_phones: given.get(&TEST_PHONES).unwrap_or_default(),
            delivery_patience: given.get(&DELIVERY_PATIENCE)?,
            signup_reminder: given.get(&SIGNUP_REMINDER),
            phone_channels: given.get(&PHONE_CHANNELS)?,
            kinds: Arc::new(kinds),
            brand: Arc::new(brand.clone()),
        })
    }

    /// How long a code or link lives.
    pub const fn lifetime(&self, lifetime: Lifetime) -> Duration {
        match lifetime {
            Lifetime::CodePhone => self.code_phone,
            Lifetime::CodeCarona => self.code_carona,
            Lifetime::CodeRecovery => self.code_recovery,
            Lifetime::LinkEmail => self.link_email,
            Lifetime::LinkReset => self.link_reset,
            Lifetime::LinkNotMe => NOT_ME_LIFETIME,
            Lifetime::LinkDocumentMine => DECIDED_AFTER,
            Lifetime::LinkUndoDeletion => GRACE,
        }
    }
}
