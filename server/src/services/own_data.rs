//! What is kept of an account, for its owner (SPEC §13 "Export").

use super::Service;
use super::turn::{Done, Stop, Turn};
use crate::client::Client;
use crate::db::{account_changes, audit, own_data, photos, sessions, tallies};
use portaria::accounts::Answer;
use portaria::audit::Event;
use portaria::error::Refusal;
use portaria::own_data::{EXPORT_WINDOW, EXPORTS_PER_ACCOUNT, OwnData, OwnList, OwnOverview, OwnRecord, Place};
use portaria::session::Requester;

/// Scope of the files that an account has taken.
pub(super) const EXPORTS: &str = "export";
/// Events on a page of Meus dados.
const SHOWN: u16 = 30;

impl Service {
    /// What the page shows: no transaction, and for whoever has no session nothing.
    pub(super) async fn overview(&self, who: &Requester, after: Option<Place>) -> Done<OwnOverview> {
        let now = self.now();
        let Some(named) = self.named_session(who).await? else { return Err(Refusal::NotSignedIn.into()) };
        let session = sessions::find(&mut *self.pool.acquire().await?, now, &named).await?;
        let Some(session) = session else { return Err(Refusal::NotSignedIn.into()) };
        let fresh = session.authenticated_at + self.rules.fresh_authentication > now;
        let (consents, products) = own_data::consents(&self.pool, session.account_id).await?;
        let mut events = own_data::page(&self.pool, session.account_id, OwnList::Events, after, SHOWN + 1).await?;
        let more = events.len() > usize::from(SHOWN);
        events.truncate(SHOWN.into());
        let next = events.last().filter(|_| more).map(|event| event.place);
        Ok(OwnOverview { fresh, consents, products: self.named_products(products), events, next })
    }

    pub(super) async fn count_and_export(&self, who: &Requester) -> Answer<OwnData> {
        let mut turn = self.turn(who).await?;
        let done = turn.count_export().await;
        turn.end_attempt(Event::DataExported, done).await?;
        let mut turn = self.turn(who).await?;
        let done = turn.export().await;
        turn.end(done).await
    }

    pub(super) async fn own_page(&self, who: &Requester, list: OwnList, after: Option<Place>, limit: u16) -> Answer<Vec<OwnRecord>> {
        // Asked for each page: an export that is under way when its session ends, ends too.
        let account = self.account_of(who).await.map_err(Stop::log_and_refuse)?;
        own_data::page(&self.pool, account.id, list, after, limit).await.map_err(|fault| fault.log_and_refuse())
    }
}

impl Turn<'_> {
    pub(super) async fn may_export(&mut self) -> Done<()> {
        self.fresh().await?;
        Ok(())
    }

    /// Counts and audits the file. In a transaction of its own: of many at once each waits for the count of those before it, and for no more.
    pub(super) async fn count_export(&mut self) -> Done<()> {
        let (session, _) = self.fresh().await?;
        let id = session.account_id;
        let mut taken = tallies::lock(&mut self.tx, EXPORTS, &id.to_be_bytes(), self.now).await?;
        let entry = |outcome| audit::Entry { account: Some(id), ..audit::Entry::of(Event::DataExported, outcome) };
        if let Err(retry_after) = taken.hit(self.now, EXPORTS_PER_ACCOUNT, EXPORT_WINDOW) {
            self.service.refusals.note_in_passing(Client::of(self.who.client_ip), EXPORTS);
            return Err(Refusal::TooMany { retry_after }.into());
        }
        tallies::save(&mut self.tx, EXPORTS, &id.to_be_bytes(), &taken).await?;
        self.audit(entry("ok")).await?;
        Ok(())
    }

    /// Reads what comes at once.
    pub(super) async fn export(&mut self) -> Done<OwnData> {
        let (session, _) = self.fresh().await?;
        let id = session.account_id;
        let account = self.account(id).await?;
        let photo = match &account.photo {
            Some(photo) => photos::by_id(&mut self.tx, photo).await?,
            None => None,
        };
        let (consents, products) = own_data::consents(&mut *self.tx, id).await?;
        let mut beside = own_data::beside(&mut self.tx, id).await?;
        beside.replaced = account_changes::replaced(&mut self.tx, self.sealer, id).await?;
        Ok(OwnData {
            at: self.now,
            created_at: account.created_at,
            email_proved_at: account.email_proved_at,
            phone_proved_at: account.phone_proved_at,
            account: account.whole(&self.rules.terms),
            photo,
            consents,
            products: self.service.named_products(products),
            beside,
        })
    }
}
