//! `impl Accounts`, a file a subject: each use case begins a turn, takes its step and ends it, after what is counted first.

/// A use case that is one step of one turn.
macro_rules! one_turn {
    ($self:ident, $who:ident, $step:ident($($given:expr),*)) => {{
        let mut turn = $self.turn($who).await?;
        let done = turn.$step($($given),*).await;
        turn.end(done).await
    }};
}

/// The same of an attempt (SPEC §9): a refusal that no step has audited is audited as this event.
macro_rules! attempt {
    ($self:ident, $who:ident, $event:ident, $step:ident($($given:expr),*)) => {{
        let mut turn = $self.turn($who).await?;
        let done = turn.$step($($given),*).await;
        turn.end_attempt(portaria::audit::Event::$event, done).await
    }};
}

mod data_rights;
mod disputes;
mod email_proofs;
mod new_passwords;
mod profiles;
mod sessions;
mod sign_ins;
mod signups;

use super::Service;
use async_trait::async_trait;
use portaria::accounts::Accounts;
use portaria::audit::Event;
use portaria::kinds::Kinds;
use portaria::message::Channel;
use portaria::session::Requester;

#[async_trait]
impl Accounts for Service {
    fn channels(&self) -> &[Channel] {
        self.reach.all()
    }

    fn kinds(&self) -> &Kinds {
        &self.rules.kinds
    }

    async fn note_unread(&self, who: &Requester, event: Event, outcome: &'static str) {
        // A failed write is logged where it failed: it must not turn a refusal into a fault.
        let _ = self.note_refused(who, event, outcome).await;
    }
}
