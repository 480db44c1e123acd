//! What this node has counted and measured since it started, for Prometheus (SPEC §14 "Metrics"; docs/operations.md#metrics).
//!
//! Each node has its own registry, so that several of them can run in one process, as they do in tests. No label holds what anybody
//! typed: every value is one of a set that the program knows, as a route's template, or the name of an event.
//!
//! What happens in a transaction is collected in [`Counts`] and told when it has committed.
//!
//! Rejected: the crate `metrics-exporter-prometheus`. Its histograms keep every sample until somebody asks for them, so that a node that
//! nobody asks would grow without end, or need a task that empties them.

use portaria::account_event::AccountEvent;
use portaria::audit::Event;
use portaria::journey::Kind;
use portaria::message::Channel;
use portaria::spending::Rest;
use prometheus::core::Collector;
use prometheus::{GaugeVec, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, Opts, Registry, TextEncoder};
use std::fmt;
use std::time::Duration;

/// Upper bounds in seconds. 003 grants a sign-in one second, so they are close around it.
const SECONDS: [f64; 13] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.5, 5.0, 10.0];
/// The status of a request whose client left before the answer: no status was sent.
const LEFT: &str = "client-left";

/// The steps of a sign-up that are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Its first form was accepted.
    Begun,
    /// A carrier has accepted its first code or link.
    Sent,
    /// The contact of its account was proved.
    Proved,
    /// Nothing that its kind needs is missing any more.
    Completed,
}

impl Step {
    const ALL: [Self; 4] = [Self::Begun, Self::Sent, Self::Proved, Self::Completed];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Begun => "begun",
            Self::Sent => "sent",
            Self::Proved => "proved",
            Self::Completed => "completed",
        }
    }
}

/// What becomes of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageState {
    /// It was left in the outbox.
    Queued,
    /// A carrier has accepted it.
    Handed,
    /// A try failed, and another follows.
    Retried,
    /// A carrier refused it for good.
    Refused,
    /// Its time was over before a carrier took it.
    Dropped,
    /// Its carrier reported that it arrived.
    Delivered,
    /// Its carrier reported that it failed.
    Failed,
}

impl MessageState {
    const ALL: [Self; 7] = [Self::Queued, Self::Handed, Self::Retried, Self::Refused, Self::Dropped, Self::Delivered, Self::Failed];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Handed => "handed",
            Self::Retried => "retried",
            Self::Refused => "refused",
            Self::Dropped => "dropped",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }
}

/// Something that counts as soon as its transaction has committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Count {
    Event(Event, &'static str),
    Message(Channel, MessageState),
    Signup(Kind, Step),
    Rested(Rest),
}

/// What a transaction did, in its order. Nothing of it counts before [`Metrics::committed`].
#[derive(Debug, Default)]
pub struct Counts(Vec<Count>);

impl Counts {
    /// An attempt that was audited, with its outcome.
    pub fn event(&mut self, event: Event, outcome: &'static str) {
        self.0.push(Count::Event(event, outcome));
    }

    pub fn message(&mut self, channel: Channel, state: MessageState) {
        self.0.push(Count::Message(channel, state));
    }

    pub fn signup(&mut self, kind: Kind, step: Step) {
        self.0.push(Count::Signup(kind, step));
    }

    /// An SMS was turned away by this limit.
    pub fn rested(&mut self, rest: Rest) {
        self.0.push(Count::Rested(rest));
    }

    /// The steps of its sign-up that an account has gone through with these events.
    pub fn account(&mut self, kind: Kind, events: &[AccountEvent]) {
        for event in events {
            match event {
                AccountEvent::Proved => self.signup(kind, Step::Proved),
                AccountEvent::Completed => self.signup(kind, Step::Completed),
                _ => {}
            }
        }
    }

    /// How much there is; for [`Counts::undo`].
    pub fn so_far(&self) -> usize {
        self.0.len()
    }

    /// Forgets what was added since there was so much: it was rolled back.
    pub fn undo(&mut self, so_far: usize) {
        self.0.truncate(so_far);
    }
}

/// The counters, histograms and gauges of a node.
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    seconds: HistogramVec,
    events: IntCounterVec,
    messages: IntCounterVec,
    signups: IntCounterVec,
    rested: IntCounterVec,
    oldest: GaugeVec,
    retention: GaugeVec,
    password_queue: IntGauge,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

impl Default for Metrics {
    #[expect(clippy::expect_used, reason = "names and labels are constants, and every start makes them: a bad one starts nowhere")]
    fn default() -> Self {
        Self::registered().expect("names and labels that Prometheus allows")
    }
}

/// Makes a metric and registers it.
fn add<M: Collector + Clone + 'static>(to: &Registry, made: prometheus::Result<M>) -> prometheus::Result<M> {
    let metric = made?;
    to.register(Box::new(metric.clone()))?;
    Ok(metric)
}

impl Metrics {
    fn registered() -> prometheus::Result<Self> {
        let registry = Registry::new();
        let counter = |name: &str, help: &str, labels: &[&str]| add(&registry, IntCounterVec::new(Opts::new(name, help), labels));
        let requests =
            counter("portaria_http_requests_total", "Requests that were answered, or whose client left.", &["route", "method", "status"])?;
        let events = counter("portaria_events_total", "Audited attempts by their outcome.", &["event", "outcome"])?;
        let messages = counter("portaria_messages_total", "What became of messages.", &["channel", "state"])?;
        let signups = counter("portaria_signups_total", "Sign-ups that reached a step.", &["kind", "step"])?;
        let rested = counter("portaria_sms_rested_total", "SMS that a limit of spending turned away.", &["limit"])?;
        let seconds = HistogramOpts::new("portaria_http_request_seconds", "Time to the head of the answer.").buckets(SECONDS.to_vec());
        let seconds = add(&registry, HistogramVec::new(seconds, &["route", "method"]))?;
        let oldest = Opts::new("portaria_outbox_oldest_seconds", "Age of the oldest message that waits; 0 if none does.");
        let oldest = add(&registry, GaugeVec::new(oldest, &["channel"]))?;
        let retention = Opts::new("portaria_retention_lag_seconds", "How long ago the row that waits longest should have been swept.");
        let retention = add(&registry, GaugeVec::new(retention, &["table"]))?;
        let queue = IntGauge::new("portaria_password_queue", "Passwords that wait to be hashed or compared.");
        let password_queue = add(&registry, queue)?;
        // What is there from the start: a counter that appears with its first event has no rate before the second.
        for channel in Channel::ALL {
            for state in MessageState::ALL {
                messages.with_label_values(&[channel.as_str(), state.as_str()]);
            }
        }
        for rest in Rest::ALL {
            rested.with_label_values(&[rest.setting()]);
        }
        for kind in Kind::ALL {
            for step in Step::ALL {
                signups.with_label_values(&[kind.as_str(), step.as_str()]);
            }
        }
        Ok(Self { registry, requests, seconds, events, messages, signups, rested, oldest, retention, password_queue })
    }

    /// Counts a request. `route` is a template, `method` a known name, `status` what was answered, if anything was.
    pub fn request(&self, route: &str, method: &'static str, status: Option<&str>, took: Duration) {
        self.requests.with_label_values(&[route, method, status.unwrap_or(LEFT)]).inc();
        self.seconds.with_label_values(&[route, method]).observe(took.as_secs_f64());
    }

    /// Counts an audited attempt whose row was written.
    pub fn event(&self, event: Event, outcome: &'static str) {
        self.events.with_label_values(&[event.as_str(), outcome]).inc();
    }

    pub fn message(&self, channel: Channel, state: MessageState) {
        self.messages.with_label_values(&[channel.as_str(), state.as_str()]).inc();
    }

    pub fn signup(&self, kind: Kind, step: Step) {
        self.signups.with_label_values(&[kind.as_str(), step.as_str()]).inc();
    }

    /// Counts what a transaction did, now that it has committed.
    pub fn committed(&self, counts: &Counts) {
        for count in &counts.0 {
            match *count {
                Count::Event(event, outcome) => self.event(event, outcome),
                Count::Message(channel, state) => self.message(channel, state),
                Count::Signup(kind, step) => self.signup(kind, step),
                Count::Rested(rest) => self.rested.with_label_values(&[rest.setting()]).inc(),
            }
        }
    }

    /// Sets what is looked at when somebody asks. `oldest`: seconds, for each channel in which a message waits; `None` if the database
    /// did not say, and then nothing is said of any channel.
    pub fn look(&self, password_queue: usize, oldest: Option<&[(Channel, f64)]>) {
        self.password_queue.set(i64::try_from(password_queue).unwrap_or(i64::MAX));
        let Some(oldest) = oldest else { return self.oldest.reset() };
        for channel in Channel::ALL {
            let waits = oldest.iter().find(|(of, _)| of == channel).map_or(0.0, |(_, seconds)| *seconds);
            self.oldest.with_label_values(&[channel.as_str()]).set(waits);
        }
    }

    /// Sets how late the sweep of each table is, in seconds; `None` if the database did not say, and then nothing is said of any.
    pub fn look_at_retention(&self, late: Option<&[(&'static str, f64)]>) {
        let Some(late) = late else { return self.retention.reset() };
        for (table, seconds) in late {
            self.retention.with_label_values(&[table]).set(*seconds);
        }
    }

    /// All of it in Prometheus' text format, version 0.0.4.
    ///
    /// # Errors
    /// If a metric cannot be written so.
    pub fn text(&self) -> Result<String, prometheus::Error> {
        TextEncoder::new().encode_to_string(&self.registry.gather())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_rolled_back_is_not_counted() {
        let metrics = Metrics::default();
        let mut counts = Counts::default();
        counts.event(Event::UserCreated, "ok");
        let before = counts.so_far();
        counts.message(Channel::Sms, MessageState::Queued);
        counts.signup(Kind::Cliente, Step::Begun);
        counts.undo(before);
        counts.account(Kind::Professor, &[AccountEvent::Created, AccountEvent::Proved, AccountEvent::Completed]);
        assert!(!metrics.text().expect("a text").contains("user_created"), "nothing counts before the commit");
        metrics.committed(&counts);
        let text = metrics.text().expect("a text");
        for line in [
            "portaria_events_total{event=\"user_created\",outcome=\"ok\"} 1",
            "portaria_messages_total{channel=\"sms\",state=\"queued\"} 0",
            "portaria_signups_total{kind=\"cliente\",step=\"begun\"} 0",
            "portaria_signups_total{kind=\"professor\",step=\"proved\"} 1",
            "portaria_signups_total{kind=\"professor\",step=\"completed\"} 1",
        ] {
            assert!(text.lines().any(|it| it == line), "{line} in {text}");
        }
    }

    #[test]
    fn of_a_database_that_does_not_answer_nothing_is_said() {
        let metrics = Metrics::default();
        metrics.look(7, Some(&[(Channel::Sms, 12.5)]));
        let text = metrics.text().expect("a text");
        assert!(text.contains("portaria_outbox_oldest_seconds{channel=\"sms\"} 12.5"), "{text}");
        assert!(text.contains("portaria_outbox_oldest_seconds{channel=\"email\"} 0"), "{text}");
        metrics.look(7, None);
        let text = metrics.text().expect("a text");
        assert!(text.contains("portaria_password_queue 7") && !text.contains("portaria_outbox_oldest_seconds{"), "{text}");
    }
}
