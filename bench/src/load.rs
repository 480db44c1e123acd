//! Requests over several connections at once, and how long each took.

use crate::Outcome;
use crate::client::{Asked, Connection};
use crate::openid;
use hyper::StatusCode;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

/// Connections of a flood.
pub const CONNECTIONS: usize = 16;
/// How often a person who is not part of the flood asks for a page.
const EVERY: Duration = Duration::from_millis(5);

/// Codes that the answers of one work brought, for another one to spend.
#[derive(Clone, Default)]
pub struct Codes(Arc<Mutex<Vec<String>>>);

impl Codes {
    fn all(&self) -> MutexGuard<'_, Vec<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets those that nobody spent: they lapse.
    pub fn clear(&self) {
        self.all().clear();
    }
}

/// Requests of one kind: the next one of each call, and the status that each must be answered with.
#[derive(Clone)]
pub struct Work {
    /// `None`: there is nothing left to ask for.
    requests: Arc<dyn Fn(u64) -> Outcome<Option<Asked>> + Send + Sync>,
    expected: StatusCode,
    /// Counts on over all slices, so that no sign-up comes twice.
    next: Arc<AtomicU64>,
    earned: Option<Codes>,
}

impl Work {
    pub fn new(expected: StatusCode, requests: impl Fn(u64) -> Outcome<Asked> + Send + Sync + 'static) -> Self {
        Self { requests: Arc::new(move |n| requests(n).map(Some)), expected, next: Arc::default(), earned: None }
    }

    /// Keeps the codes of the addresses that the answers lead to.
    pub fn earning(self, codes: &Codes) -> Self {
        Self { earned: Some(codes.clone()), ..self }
    }

    /// A request with each code, as long as there is one.
    pub fn spending(codes: &Codes, expected: StatusCode, request: impl Fn(&str) -> Outcome<Asked> + Send + Sync + 'static) -> Self {
        let codes = codes.clone();
        let requests = move |_| {
            let code = codes.all().pop();
            code.map(|code| request(&code)).transpose()
        };
        Self { requests: Arc::new(requests), expected, next: Arc::default(), earned: None }
    }

    /// Sends the next request and returns how long it took; `None`: there was none left.
    async fn send(&self, connection: &mut Connection) -> Outcome<Option<u32>> {
        let Some(request) = (self.requests)(self.next.fetch_add(1, Ordering::Relaxed))? else { return Ok(None) };
        let path = request.uri().path().to_owned();
        let asked = Instant::now();
        let head = connection.send(request).await?;
        let micros = u32::try_from(asked.elapsed().as_micros())?;
        if head.status != self.expected {
            return Err(format!("{path} answered {}, not {}", head.status, self.expected).into());
        }
        if let Some(codes) = &self.earned {
            codes.all().push(openid::code_of(&head)?);
        }
        Ok(Some(micros))
    }
}

/// How long requests took, in microseconds.
#[derive(Debug, Default)]
pub struct Sample {
    micros: Vec<u32>,
    elapsed: Duration,
}

impl Sample {
    pub fn count(&self) -> usize {
        self.micros.len()
    }

    pub fn per_second(&self) -> f64 {
        self.count() as f64 / self.elapsed.as_secs_f64()
    }

    pub fn add(&mut self, other: Self) {
        self.micros.extend(other.micros);
        self.elapsed += other.elapsed;
    }

    pub fn sort(&mut self) {
        self.micros.sort_unstable();
    }

    /// The time, in milliseconds, that this part of the requests took at most. The sample must be sorted.
    pub fn quantile(&self, part: f64) -> f64 {
        let last = self.count().saturating_sub(1);
        self.micros.get((last as f64 * part).round() as usize).map_or(0.0, |micros| f64::from(*micros) / 1e3)
    }
}

/// As many requests as are answered in this time, or as there are, over [`CONNECTIONS`] connections.
pub async fn flood(address: SocketAddr, lasting: Duration, work: &Work) -> Outcome<Sample> {
    let mut opened = Vec::new();
    for _ in 0..CONNECTIONS {
        opened.push(Connection::open(address).await?);
    }
    let started = Instant::now();
    let mut tasks = JoinSet::new();
    for mut connection in opened {
        let work = work.clone();
        tasks.spawn(async move {
            let mut micros = Vec::new();
            while started.elapsed() < lasting {
                let Some(taken) = work.send(&mut connection).await? else { break };
                micros.push(taken);
            }
            Outcome::Ok(micros)
        });
    }
    let mut all = Vec::new();
    while let Some(task) = tasks.join_next().await {
        all.extend(task??);
    }
    Ok(Sample { micros: all, elapsed: started.elapsed() })
}

/// One request after another over one connection, each a while after the one before.
pub async fn stroll(address: SocketAddr, lasting: Duration, work: &Work) -> Outcome<Sample> {
    let mut connection = Connection::open(address).await?;
    let started = Instant::now();
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut micros = Vec::new();
    while started.elapsed() < lasting {
        ticks.tick().await;
        let Some(taken) = work.send(&mut connection).await? else { break };
        micros.push(taken);
    }
    Ok(Sample { micros, elapsed: started.elapsed() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_the_time_that_this_part_took_at_most() {
        let mut sample = Sample { micros: (1..=1000).rev().map(|n| n * 1000).collect(), elapsed: Duration::from_secs(10) };
        sample.sort();
        assert!((sample.quantile(0.5) - 501.0).abs() < 1.1, "{}", sample.quantile(0.5));
        assert!((sample.quantile(0.99) - 990.0).abs() < 1.1, "{}", sample.quantile(0.99));
        assert!((sample.quantile(1.0) - 1000.0).abs() < f64::EPSILON);
        assert!((sample.per_second() - 100.0).abs() < f64::EPSILON);
    }
}
