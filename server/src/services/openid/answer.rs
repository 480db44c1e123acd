//! What a browser is answered that brings a product's request, or carries one.

use super::Provided;
use crate::db::audit;
use crate::db::openid::{self, NewGrant, Waiting};
use crate::db::sessions::Session;
use crate::services::throttle::Allowance;
use crate::services::turn::{Caught, Done, Turn};
use portaria::account::Account;
use portaria::audit::Event;
use portaria::error::Refusal;
use portaria::openid::{
    Ask, AuthorizationRequest, Client, Consent, Error, ErrorCode, Kept, Meant, Next, Person, Scopes, Situation, Step, acr, decide,
};
use portaria::session::Token;
use url::form_urlencoded::Serializer;

impl Turn<'_> {
    /// Goes on with a request that waits. `said`: which account's owner was asked, and agreed or not.
    pub(super) async fn resume(&mut self, provided: &Provided, kept: &Token, said: Option<(i64, bool)>) -> Done<Step> {
        let Some(mut waiting) = openid::waiting(&mut self.tx, self.sealer, self.now, kept).await? else { return Ok(Step::Lapsed) };
        let mut request = waiting.request.clone();
        // The settings may have changed since.
        let Some(client) = provided.clients.find(&request.client_id).filter(|client| client.knows(&request.redirect_uri)) else {
            openid::forget(&mut self.tx, waiting.id).await?;
            return Ok(Step::Lapsed);
        };
        request.scopes = client.still_gives(&request.scopes);
        let session = self.session().await.caught()?.ok();
        // Somebody else may have signed in meanwhile, in another window: nobody is asked on another's behalf.
        let said = said.filter(|(account, _)| session.as_ref().is_some_and(|session| session.account_id == *account));
        match said {
            Some((_, false)) => {
                openid::forget(&mut self.tx, waiting.id).await?;
                let error = Error::new(ErrorCode::AccessDenied, "the person said no");
                return Ok(Step::Back(provided.told(&request.redirect_uri, request.state.as_deref(), error)));
            }
            Some((account, true)) => {
                let before = openid::consented(&mut self.tx, account, client.id.as_str()).await?;
                let shown = given_of(&self.account(account).await?, client, &request.scopes);
                let scopes = before.with(&shown);
                openid::consent(&mut self.tx, self.now, account, client.id.as_str(), &scopes).await?;
                openid::agreed(&mut self.tx, self.now, waiting.id).await?;
                let entry = audit::Entry { account: Some(account), ..audit::Entry::of(Event::ClientConsented, "ok") };
                self.audit(entry).await?;
                waiting.agreed_at = Some(self.now);
            }
            None => {}
        }
        self.answer_product(provided, &request, Some(&waiting)).await
    }

    /// Goes on with the request that the account signed up for in another browser. This browser has its own copy from now on, so that
    /// the other one, where the product waits, can go on as well.
    pub(super) async fn resume_sign_up(&mut self, provided: &Provided) -> Done<Step> {
        let Some(session) = self.session().await.caught()?.ok() else { return Ok(Step::Lapsed) };
        let Some(first) = openid::take_of_sign_up(&mut self.tx, self.sealer, self.now, session.account_id).await? else {
            return Ok(Step::Lapsed);
        };
        let token = openid::keep(&mut self.tx, self.sealer, self.now, &first.request, first.session_before).await?;
        let step = self.resume(provided, &token, None).await?;
        let kept = Some(Kept { token, ui_locales: first.request.ui_locales });
        match step {
            Step::Ask { ask, kind, .. } => Ok(Step::Ask { ask, kind, kept }),
            Step::Consent { consent, .. } => Ok(Step::Consent { consent, kept }),
            step => Ok(step),
        }
    }

    /// Lets the request wait for a new sign-in. The form of the page before is not about it any more.
    pub(super) async fn begin_again(&mut self, kept: &Token) -> Done<Option<Token>> {
        let Some(waiting) = openid::waiting(&mut self.tx, self.sealer, self.now, kept).await? else { return Ok(None) };
        let session = self.session().await.caught()?.ok();
        openid::forget(&mut self.tx, waiting.id).await?;
        let request = waiting.request.for_another_account();
        Ok(Some(openid::keep(&mut self.tx, self.sealer, self.now, &request, session.map(|session| session.id)).await?))
    }

    /// Answers a request, by what is known of the browser that brings it.
    pub(super) async fn answer_product(
        &mut self,
        provided: &Provided,
        request: &AuthorizationRequest,
        waiting: Option<&Waiting>,
    ) -> Done<Step> {
        let client = provided.clients.find(&request.client_id).ok_or(Refusal::NotFound)?;
        let session = self.session().await.caught()?.ok();
        let account = match &session {
            Some(session) => Some(self.account(session.account_id).await?),
            None => None,
        };
        let both = session.as_ref().zip(account.as_ref());
        // What waits stays whole: another account may go on with it.
        let asked = request;
        let request = &match &account {
            Some(account) => AuthorizationRequest { scopes: given_of(account, client, &asked.scopes), ..asked.clone() },
            None => asked.clone(),
        };
        let agreed = match both {
            Some((session, _)) if !client.trusted => openid::consented(&mut self.tx, session.account_id, client.id.as_str()).await?,
            _ => Scopes::default(),
        };
        let situation = Situation {
            person: both.map(|(session, account)| self.person(session, account, waiting)),
            agreed,
            // Whoever signed in after that may be somebody else.
            agreed_now: session.as_ref().is_some_and(|session| {
                waiting.and_then(|waiting| waiting.agreed_at).is_some_and(|agreed_at| agreed_at >= session.authenticated_at)
            }),
            now: self.now,
        };
        let state = request.state.as_deref();
        let ask = match (decide(request, client, &situation), both) {
            (Next::Grant, Some((session, _))) => {
                if let Some(waiting) = waiting {
                    openid::forget(&mut self.tx, waiting.id).await?;
                }
                let code = self.grant(request, session).await?;
                return Ok(Step::Back(provided.back(&request.redirect_uri, state, &[("code", code.expose())])));
            }
            (Next::Refuse(error), _) => {
                if let Some(waiting) = waiting {
                    openid::forget(&mut self.tx, waiting.id).await?;
                }
                return Ok(Step::Back(provided.told(&request.redirect_uri, state, error)));
            }
            (Next::Ask(Ask::OtherKind), _) => {
                if let Some(waiting) = waiting {
                    openid::forget(&mut self.tx, waiting.id).await?;
                }
                let error = Error::new(ErrorCode::AccessDenied, "the client does not let in this kind of account");
                let back = provided.told(&request.redirect_uri, state, error);
                let query = |request: &AuthorizationRequest| Serializer::new(String::new()).extend_pairs(request.again()).finish();
                let (again, another) = (query(asked), query(&asked.for_another_account()));
                return Ok(Step::OtherKind { product: client.product(), back, again, another });
            }
            (Next::Ask(ask), _) => ask,
            // Nobody gets a code without a session.
            (Next::Grant, None) => Ask::SignIn,
        };
        let kept = match waiting {
            Some(_) => None,
            None => {
                self.count(Allowance::Requests).await?;
                let token = openid::keep(&mut self.tx, self.sealer, self.now, asked, session.as_ref().map(|it| it.id)).await?;
                Some(Kept { token, ui_locales: request.ui_locales.clone() })
            }
        };
        Ok(match (ask, &account) {
            (Ask::Consent, Some(account)) => {
                let (place, source) = (place_of(&request.redirect_uri), client.source_of(&request.redirect_uri));
                let consent = Consent {
                    product: client.product(),
                    place,
                    source,
                    shares: request.scopes.shares(account.kind, |field| account.has(field)),
                    account: account.view(&self.rules.terms),
                    may_be_another: !matches!(request.meant, Some(Meant::Account(_))),
                };
                Step::Consent { consent: Box::new(consent), kept }
            }
            _ => Step::Ask { ask, kind: if let [only] = self.service.offered_for(client).as_slice() { Some(*only) } else { None }, kept },
        })
    }

    fn person(&self, session: &Session, account: &Account, waiting: Option<&Waiting>) -> Person {
        Person {
            account: account.id,
            kind: account.kind,
            authenticated_at: session.authenticated_at,
            since_the_request: waiting
                .is_some_and(|waiting| waiting.session_before != Some(session.id) || session.authenticated_at > waiting.created_at),
            admitted: account.may_sign_in().is_ok(),
            complete: account.missing().is_empty(),
            terms_accepted: self.rules.terms.pending(account.terms.as_ref()).is_none(),
        }
    }

    /// Gives a code to the product.
    async fn grant(&mut self, request: &AuthorizationRequest, session: &Session) -> Done<Token> {
        let by_code = openid::session_by_code(&mut self.tx, session.id).await?;
        let new = NewGrant {
            request,
            account_id: session.account_id,
            session_id: session.id,
            acr: acr(by_code),
            auth_time: session.authenticated_at,
        };
        let code = openid::grant(&mut self.tx, self.sealer, self.now, &new).await?;
        let entry = audit::Entry { account: Some(session.account_id), ..audit::Entry::of(Event::ClientEntered, "ok") };
        self.audit(entry).await?;
        Ok(code)
    }
}

/// What is given of an account to a client. The operator's own product gets whatever it asks for, also what the account comes to have later.
fn given_of(account: &Account, client: &Client, asked: &Scopes) -> Scopes {
    if client.trusted { asked.clone() } else { asked.that_give(account.kind, |field| account.has(field)) }
}

/// Where an address leads, for people: the host, or the scheme of an app.
fn place_of(redirect_uri: &str) -> String {
    match redirect_uri.split_once("://") {
        Some((_, rest)) => rest.split(['/', '?']).next().unwrap_or_default().to_owned(),
        None => redirect_uri.split(':').next().unwrap_or_default().to_owned(),
    }
}
