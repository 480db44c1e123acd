//! Waits in small steps, and logs once what it waits for.

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// After this long, the log says what is being waited for.
const SILENCE: Duration = Duration::from_secs(3);

/// One wait, from when it was made.
pub(super) struct PollWait {
    since: Instant,
    what: Option<&'static str>,
}

impl PollWait {
    pub(super) fn new(what: &'static str) -> Self {
        Self { since: Instant::now(), what: Some(what) }
    }

    pub(super) fn waited(&self) -> Duration {
        self.since.elapsed()
    }

    pub(super) async fn wait(&mut self) {
        if self.waited() > SILENCE
            && let Some(what) = self.what.take()
        {
            tracing::info!("{what}");
        }
        sleep(Duration::from_millis(100)).await;
    }
}
