//! The use cases. Each loads, decides (in the domain), saves and enqueues in one transaction. Passwords are hashed before it;
//! messages are sent after it. `accounts.rs` and the files below it list them: `impl Accounts`.

mod accesses;
mod accounts;
mod block;
mod codes;
mod completion;
pub mod contest;
mod deletion;
mod disown;
mod email_codes;
mod entries;
pub mod erasure;
mod fresh;
pub mod index_keys;
pub mod keys;
mod known;
mod last_counts;
mod links;
mod login;
mod new_password;
mod notices;
mod openid;
mod own_data;
mod own_email;
mod own_phone;
mod profile;
mod recovery;
mod reminders;
mod sessions;
mod signups;
pub mod support;
pub mod terms;
mod throttle;
mod turn;
pub mod webhooks;

use crate::client::Client;
use crate::clock::Clock;
use crate::config::{LogoutReceiver, Rules, Webhook};
use crate::db::accounts::InSession;
use crate::db::audit;
use crate::db::sessions::Named;
use crate::delivery::lanes::Bells;
use crate::fault::Fault;
use crate::gather::Gather;
use crate::metrics::Metrics;
use crate::passwords::Passwords;
use crate::photos::Photos;
use crate::refusals::Refusals;
use crate::seal::Sealer;
use crate::seen;
use crate::services::keys::KeyRing;
use crate::tokens::Tokens;
use portaria::accounts::Answer;
use portaria::audit::Event;
use portaria::error::Refusal;
use portaria::message::Channel;
use portaria::reaching::Reach;
use portaria::session::Requester;
use sqlx::PgPool;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use time::OffsetDateTime;

/// The use cases, over one database.
pub struct Service {
    pub(crate) pool: PgPool,
    pub(crate) sealer: Sealer,
    /// Reads the keys of `sealer` again.
    keys: Option<KeyRing>,
    pub(crate) clock: Clock,
    pub(crate) passwords: Passwords,
    pub(crate) tokens: Tokens,
    pub(crate) rules: Rules,
    /// By which channels codes go.
    pub(crate) reach: Reach,
    /// The channels that have a carrier: notices go by them.
    pub(crate) texts: Vec<Channel>,
    /// Who is told what happens to accounts.
    pub(crate) webhooks: Arc<[Webhook]>,
    /// Products that are told that a session ended.
    pub(crate) receivers: Arc<[LogoutReceiver]>,
    /// Wakes the lanes of the worker after a commit that left messages.
    pub(crate) bells: Arc<Bells>,
    /// Where requests gather that show a session.
    in_sessions: Gather<Named, InSession>,
    resting: throttle::Resting,
    last_counts: last_counts::LastCounts,
    pub(crate) locks: throttle::KeyedLocks,
    pub(crate) photos: Photos,
    pub(crate) refusals: Arc<Refusals>,
    pub(crate) metrics: Arc<Metrics>,
    /// What products get; `None`: there are no products.
    openid: Option<openid::Provided>,
}

impl Service {
    pub fn new(pool: PgPool, sealer: Sealer, clock: Clock, passwords: Passwords, tokens: Tokens, rules: Rules, bells: Arc<Bells>) -> Self {
        let metrics = Arc::<Metrics>::default();
        let refusals = Arc::new(Refusals::new(pool.clone(), clock.clone(), metrics.clone()));
        let (locks, photos) = (throttle::KeyedLocks::default(), Photos::default());
        Self {
            pool,
            sealer,
            keys: None,
            clock,
            passwords,
            tokens,
            rules,
            reach: Reach::default(),
            texts: Vec::new(),
            webhooks: Arc::default(),
            receivers: Arc::default(),
            bells,
            in_sessions: Gather::default(),
            resting: throttle::Resting::default(),
            last_counts: last_counts::LastCounts::default(),
            locks,
            photos,
            refusals,
            metrics,
            openid: None,
        }
    }

    /// With keys that change while it serves; without this, they stay as they are.
    #[must_use]
    pub fn renewing(self, keys: KeyRing) -> Self {
        Self { keys: Some(keys), ..self }
    }

    /// Whoever begins something asks first, so that nothing is sealed, opened or indexed with keys of long ago.
    async fn fresh_keys(&self) -> Result<(), Fault> {
        match &self.keys {
            Some(keys) => keys.keep_fresh().await,
            None => Ok(()),
        }
    }

    /// Whoever opens a session, or holds a connection for as long as a turn takes, asks for all keys before.
    async fn fresh_keys_for(&self, who: &Requester) -> Result<(), Fault> {
        let now = self.now();
        self.fresh_keys().await?;
        self.tokens.keep_fresh(None, now).await?;
        if let Some(bearer) = &who.bearer {
            self.tokens.keep_fresh(Some(bearer), now).await?;
        }
        match &self.openid {
            Some(provided) => provided.tokens.keep_fresh(now).await,
            None => Ok(()),
        }
    }

    /// With these channels set up; without this, none is.
    #[must_use]
    pub fn offering(self, channels: Vec<Channel>) -> Self {
        Self { reach: Reach::new(&self.rules.phone_channels, &channels), texts: channels, ..self }
    }

    /// With these webhooks; without this, there is none.
    #[must_use]
    pub fn telling(self, webhooks: Arc<[Webhook]>) -> Self {
        Self { webhooks, ..self }
    }

    /// With these products told that a session ended; without this, none is.
    #[must_use]
    pub fn telling_products(self, receivers: Arc<[LogoutReceiver]>) -> Self {
        Self { receivers, ..self }
    }

    /// With what happens counted here; without this, nobody reads the counts.
    #[must_use]
    pub fn counting(self, metrics: Arc<Metrics>) -> Self {
        let refusals = Arc::new(Refusals::new(self.pool.clone(), self.clock.clone(), metrics.clone()));
        Self { refusals, metrics, ..self }
    }

    /// The counts of refused clients. The janitor writes them to the database from time to time.
    pub fn refusals(&self) -> Arc<Refusals> {
        self.refusals.clone()
    }

    /// Audits a refused attempt that no transaction has audited yet (SPEC §9). Accepted attempts are audited where they
    /// happen. An attempt refused by a limit gets no row of its own. Nor does a client that is refused more often than a
    /// person would be: one row a minute counts its refusals (SPEC §16).
    async fn audited<T>(&self, who: &Requester, event: Event, answer: Answer<T>) -> Answer<T> {
        let Err(refusal) = &answer else { return answer };
        let client = Client::of(who.client_ip);
        match refusal {
            // Already noted where the limit was met.
            Refusal::TooMany { .. } | Refusal::Busy { .. } => {}
            Refusal::TooSoon { .. } => self.refusals.note(client, event.as_str()).await,
            refusal => self.note_refused(who, event, refusal.code()).await?,
        }
        answer
    }

    /// The same of a change of a profile. What another account has was noted where it was found, with the account.
    async fn audited_unless_taken<T>(&self, who: &Requester, answer: Answer<T>) -> Answer<T> {
        match answer {
            Err(taken @ Refusal::Taken(_)) => Err(taken),
            answer => self.audited(who, Event::UserUpdated, answer).await,
        }
    }

    /// Writes a refused attempt, or counts it.
    async fn note_refused(&self, who: &Requester, event: Event, outcome: &'static str) -> Answer<()> {
        if !self.refusals.may_stand_alone(Client::of(who.client_ip), event.as_str()) {
            return Ok(());
        }
        let entry = audit::Entry { account: seen::known(), ..audit::Entry::of(event, outcome) };
        let noted = async {
            let mut conn = self.pool.acquire().await?;
            Ok::<_, Fault>(audit::record(&mut conn, self.now(), who, entry).await?)
        };
        noted.await.map_err(|fault| fault.log_and_refuse())?;
        self.metrics.event(event, outcome);
        Ok(())
    }

    fn now(&self) -> OffsetDateTime {
        self.clock.now()
    }
}

/// The requester in the audit when nobody asked from outside: time, or an operator at the command line.
pub(crate) fn ourselves(by: &str) -> Requester {
    Requester { user_agent: by.to_owned(), ..Requester::stranger(IpAddr::V4(Ipv4Addr::LOCALHOST)) }
}
