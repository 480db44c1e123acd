//! The terms of service: reading any version that was in force, and accepting the one that is (SPEC §13).

use super::Service;
use super::turn::{Done, Turn};
use crate::db::{audit, terms};
use crate::fault::Fault;
use portaria::audit::Event;
use portaria::brand::Brand;
use portaria::error::{Field, Refusal};
use portaria::session::Requester;
use portaria::terms::{Accepted, TermsVersion, TermsView};
use portaria::view::AccountView;
use sqlx::PgPool;
use text::Language;
use time::OffsetDateTime;

/// Keeps what the version in force says, in every language, when a node starts. What was kept first stays; that this node would say
/// something else is logged, because nobody is shown it.
pub async fn keep_texts(pool: &PgPool, now: OffsetDateTime, version: &TermsVersion, brand: &Brand) -> Result<(), sqlx::Error> {
    for language in Language::ALL {
        let sections = language.texts().terms_sections(brand);
        if !terms::keep_text(pool, now, version, language.tag(), &sections).await? {
            let (version, language) = (version.as_str(), language.tag());
            tracing::warn!(
                version,
                language,
                "another text of these terms was in force before, and is shown: a new text needs a new TERMS_VERSION"
            );
        }
    }
    Ok(())
}

impl Service {
    /// Returns the text of a version, in this language if it was kept in it; `None`: the version in force. With it, what the requester
    /// accepted.
    pub(super) async fn read_terms(&self, who: &Requester, version: Option<&str>, language: &str) -> Done<TermsView> {
        let in_force = &self.rules.terms;
        let version = match version {
            Some(typed) => TermsVersion::parse(typed).map_err(|_| Refusal::NotFound)?,
            None => in_force.clone(),
        };
        let kept = terms::text(&self.pool, &version, language).await?;
        let in_force = version == *in_force;
        // A node that starts keeps its text; one that could not still shows it.
        let own = || in_force.then(|| Language::from_tag(language).texts().terms_sections(&self.rules.brand));
        let Some(sections) = kept.or_else(own) else { return Err(Refusal::NotFound.into()) };
        Ok(TermsView { version: version.as_str().to_owned(), in_force, sections, accepted: self.accepted_by(who).await? })
    }

    /// What the requester accepted; nothing, if nobody is signed in.
    async fn accepted_by(&self, who: &Requester) -> Result<Vec<Accepted>, Fault> {
        match self.account_id_of(who).await? {
            Some(id) => terms::accepted(&self.pool, id).await,
            None => Ok(Vec::new()),
        }
    }
}

impl Turn<'_> {
    /// Accepts the version in force. Accepting it again changes nothing.
    pub(super) async fn accept_terms(&mut self, typed: &str) -> Done<AccountView> {
        let session = self.session().await?;
        let in_force = self.rules.terms.clone();
        in_force.accept(typed).map_err(|error| Refusal::field(Field::TermsVersion, error))?;
        // Behind the row of the account, two presses of the button are one acceptance.
        self.locked(session.account_id).await?;
        // Read again: the statement that waited for the row does not see what was accepted meanwhile.
        let account = self.account(session.account_id).await?;
        if in_force.pending(account.terms.as_ref()).is_none() {
            return Ok(account.view(&in_force));
        }
        terms::accept(&mut self.tx, account.id, &Accepted::new(in_force.clone(), self.now, self.who.client_ip)).await?;
        self.audit(audit::Entry { account: Some(account.id), ..audit::Entry::of(Event::TermsAccepted, "ok") }).await?;
        Ok(self.account(account.id).await?.view(&in_force))
    }
}
