//! The OpenID provider (SPEC §15): `impl Provider`. What is decided stands in the domain (`portaria::openid`).

mod tokens;

use super::Service;
use super::sessions::period;
use super::throttle::Allowance;
use super::turn::{Caught, Done, Turn};
use crate::db::audit;
use crate::db::openid::{self, NewGrant, Waiting};
use crate::db::sessions::{self, Session};
use crate::fault::Fault;
use crate::openid_tokens::OpenIdTokens;
use async_trait::async_trait;
use portaria::account::Account;
use portaria::accounts::Answer;
use portaria::audit::Event;
use portaria::error::Refusal;
use portaria::openid::{
    AboutToken, Agreed, Ask, AuthorizationRequest, Claims, Client, Clients, Consent, Credentials, Error, ErrorCode, Exchange,
    Introspection, LogoutRequest, Next, Person, Provider, Rejected, Scope, Scopes, SignOut, Situation, Step, TokenRequest, Tokens, acr,
    decide,
};
use portaria::session::{Requester, Token};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use time::OffsetDateTime;
use url::form_urlencoded::Serializer;

/// What a node provides to products.
#[derive(Clone)]
pub(crate) struct Provided {
    pub clients: Clients,
    pub tokens: OpenIdTokens,
    /// `PUBLIC_URL` without its final slash.
    pub issuer: Arc<str>,
}

impl Provided {
    /// The address of a client with an answer in it, and who answers (RFC 9207).
    fn back(&self, redirect_uri: &str, state: Option<&str>, answer: &[(&str, &str)]) -> String {
        let mut query = Serializer::new(String::new());
        query.extend_pairs(answer);
        if let Some(state) = state {
            query.append_pair("state", state);
        }
        query.append_pair("iss", &self.issuer);
        let before = if redirect_uri.contains('?') { '&' } else { '?' };
        format!("{redirect_uri}{before}{}", query.finish())
    }

    fn told(&self, redirect_uri: &str, state: Option<&str>, error: Error) -> String {
        self.back(redirect_uri, state, &[("error", error.code.as_str()), ("error_description", error.description)])
    }

    /// The client that shows who it is.
    fn client(&self, credentials: &Credentials) -> Result<&Client, Error> {
        let unknown = Error::new(ErrorCode::InvalidClient, "there is no such client, or its secret is wrong");
        let (id, secret) = match credentials {
            Credentials::Public(id) => (id, None),
            Credentials::Secret(id, secret) => (id, Some(secret)),
        };
        let client = self.clients.find(id).ok_or(unknown)?;
        // Hashes of 256 random bits: how long their comparison takes tells nothing of use.
        let shown: Option<[u8; 32]> = secret.map(|secret| Sha256::digest(secret.expose()).into());
        if shown == client.secret_hash { Ok(client) } else { Err(unknown) }
    }
}

impl Service {
    /// With these products; without this, there are none.
    #[must_use]
    pub fn providing(self, clients: Clients, tokens: OpenIdTokens, issuer: &str) -> Self {
        Self { openid: Some(Provided { clients, tokens, issuer: issuer.trim_end_matches('/').into() }), ..self }
    }

    fn provided(&self) -> Answer<&Provided> {
        self.openid.as_ref().ok_or(Refusal::NotFound)
    }
}

#[async_trait]
impl Provider for Service {
    fn clients(&self) -> Option<&Clients> {
        self.openid.as_ref().map(|provided| &provided.clients)
    }

    async fn authorize(&self, who: &Requester, parameters: &[(String, String)]) -> Answer<Step> {
        let provided = self.provided()?;
        let request = match AuthorizationRequest::read(parameters, &provided.clients) {
            Ok(request) => request,
            Err(Rejected::Page(wrong)) => return Ok(Step::Wrong(wrong)),
            Err(Rejected::Back { redirect_uri, state, error }) => {
                return Ok(Step::Back(provided.told(&redirect_uri, state.as_deref(), error)));
            }
        };
        let mut turn = self.turn(who).await?;
        let done = turn.answer_product(provided, &request, None).await;
        turn.end(done).await
    }

    async fn resume(&self, who: &Requester, kept: &Token) -> Answer<Step> {
        let provided = self.provided()?;
        let mut turn = self.turn(who).await?;
        let done = turn.resume(provided, kept, None).await;
        turn.end(done).await
    }

    async fn resume_sign_up(&self, who: &Requester) -> Answer<Step> {
        let provided = self.provided()?;
        let mut turn = self.turn(who).await?;
        let done = turn.resume_sign_up(provided).await;
        turn.end(done).await
    }

    async fn awaits(&self, who: &Requester) -> Answer<bool> {
        if self.openid.as_ref().is_none_or(|provided| provided.clients.is_empty()) {
            return Ok(false);
        }
        let found = async {
            let Some(named) = self.named_session(who).await? else { return Ok(false) };
            openid::is_signed_up_for(&self.pool, self.now(), &named).await
        };
        found.await.map_err(|fault: Fault| fault.log_and_refuse())
    }

    async fn agree(&self, who: &Requester, kept: &Token, account: i64, agrees: bool) -> Answer<Step> {
        let provided = self.provided()?;
        let mut turn = self.turn(who).await?;
        let done = turn.resume(provided, kept, Some((account, agrees))).await;
        turn.end(done).await
    }

    async fn agreed(&self, who: &Requester) -> Answer<Vec<Agreed>> {
        let provided = self.provided()?;
        let mut turn = self.turn(who).await?;
        let done = turn.agreed(provided).await;
        turn.end(done).await
    }

    async fn take_back(&self, who: &Requester, client_id: &str) -> Answer<()> {
        let mut turn = self.turn(who).await?;
        let done = turn.take_back(client_id).await;
        turn.end(done).await
    }

    async fn sign_out(&self, who: &Requester, parameters: &[(String, String)], confirmed: bool) -> Answer<SignOut> {
        let provided = self.provided()?;
        let shown = parameters.iter().find(|(name, value)| name == "id_token_hint" && !value.is_empty());
        let hint = match shown {
            Some((_, token)) => {
                tokens::hint(provided, &Token::new(token.clone()), self.now()).await.map_err(|fault| fault.log_and_refuse())?
            }
            None => None,
        };
        let request = match LogoutRequest::read(parameters, hint.as_ref(), &provided.clients) {
            Ok(request) => request,
            Err(wrong) => return Ok(SignOut::Wrong(wrong)),
        };
        let mut turn = self.turn(who).await?;
        let done = turn.sign_out_for(&request, confirmed).await;
        turn.end(done).await
    }

    async fn exchange(&self, who: &Requester, request: TokenRequest) -> Answer<Result<Tokens, Error>> {
        let provided = self.provided()?;
        let client = match provided.client(&request.client) {
            Ok(client) => client,
            Err(error) => return Ok(Err(error)),
        };
        let mut turn = self.turn(who).await?;
        let done = match &request.exchange {
            Exchange::Code(asked) => turn.exchange_code(provided, client, asked).await,
            Exchange::Refresh { token, scopes } => turn.exchange_refresh(provided, client, token, scopes.as_ref()).await,
        };
        turn.end(done).await
    }

    async fn revoke(&self, who: &Requester, about: AboutToken) -> Answer<Result<(), Error>> {
        let provided = self.provided()?;
        let client = match provided.client(&about.client) {
            Ok(client) => client,
            Err(error) => return Ok(Err(error)),
        };
        let mut turn = self.turn(who).await?;
        let done = turn.revoke(provided, client, &about.token).await;
        turn.end(done).await.map(Ok)
    }

    async fn introspect(&self, about: AboutToken) -> Answer<Result<Option<Introspection>, Error>> {
        let provided = self.provided()?;
        let client = match provided.client(&about.client) {
            Ok(client) if client.secret_hash.is_some() => client,
            Ok(_) => return Ok(Err(Error::new(ErrorCode::InvalidClient, "only a client with a secret may ask"))),
            Err(error) => return Ok(Err(error)),
        };
        self.look_into(provided, client, &about.token).await.map(Ok).map_err(|fault| fault.log_and_refuse())
    }

    async fn claims(&self, access: &Token) -> Answer<Result<Claims, Error>> {
        let provided = self.provided()?;
        self.claims_by(provided, access).await.map_err(|fault| fault.log_and_refuse())
    }

    async fn keys(&self) -> Vec<String> {
        match &self.openid {
            Some(provided) => provided.tokens.jwks(self.now()).await,
            None => Vec::new(),
        }
    }
}

impl Turn<'_> {
    /// What the account agreed to.
    async fn agreed(&mut self, provided: &Provided) -> Done<Vec<Agreed>> {
        let session = self.session().await?;
        let consents = openid::consents(&mut self.tx, session.account_id).await?;
        let shown = |(client_id, scopes, at): (String, Scopes, OffsetDateTime)| {
            let client = provided.clients.find(&client_id).map_or_else(|| client_id.clone(), |client| client.name.clone());
            Agreed { client, client_id, scopes, given_at: at.unix_timestamp() }
        };
        Ok(consents.into_iter().map(shown).collect())
    }

    /// Takes back what the account agreed to.
    async fn take_back(&mut self, client_id: &str) -> Done<()> {
        let session = self.session().await?;
        if openid::take_back(&mut self.tx, self.now, session.account_id, client_id).await? {
            let entry = audit::Entry { account: Some(session.account_id), ..audit::Entry::of(Event::ClientConsented, "taken-back") };
            self.audit(entry).await?;
        }
        Ok(())
    }

    /// Signs out at a product's wish. All that products got by the session ends with it.
    async fn sign_out_for(&mut self, request: &LogoutRequest, confirmed: bool) -> Done<SignOut> {
        let session = self.session().await.caught()?.ok();
        if session.as_ref().is_some_and(|session| !confirmed && request.asks(session.account_id)) {
            return Ok(SignOut::Ask { client: request.client.clone() });
        }
        if let Some(session) = &session {
            sessions::end(&mut self.tx, self.now, session.id, "sign_out").await?;
            let entry = audit::Entry { account: Some(session.account_id), ..audit::Entry::of(Event::SessionLogout, "ok") };
            self.audit(entry).await?;
        }
        let address = request.back.as_ref().map(|(uri, state)| with_state(uri, state.as_deref()));
        Ok(SignOut::Gone { address, ended: session.is_some() })
    }

    /// Goes on with a request that waits. `said`: which account's owner was asked, and agreed or not.
    async fn resume(&mut self, provided: &Provided, kept: &Token, said: Option<(i64, bool)>) -> Done<Step> {
        let Some(mut waiting) = openid::waiting(&mut self.tx, self.sealer, self.now, kept).await? else { return Ok(Step::Lapsed) };
        let request = waiting.request.clone();
        // The settings may have changed since.
        let Some(client) = provided.clients.find(&request.client_id).filter(|client| client.knows(&request.redirect_uri)) else {
            openid::forget(&mut self.tx, waiting.id).await?;
            return Ok(Step::Lapsed);
        };
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
                let scopes = before.with(&request.scopes);
                openid::consent(&mut self.tx, self.now, account, client.id.as_str(), &scopes).await?;
                openid::agreed(&mut self.tx, self.now, waiting.id).await?;
                let entry = audit::Entry { account: Some(account), ..audit::Entry::of(Event::ClientConsented, "ok") };
                self.audit(entry).await?;
                waiting.agreed = true;
            }
            None => {}
        }
        self.answer_product(provided, &request, Some(&waiting)).await
    }

    /// Goes on with the request that the account signed up for in another browser. This browser has its own copy from now on, so that
    /// the other one, where the product waits, can go on as well.
    async fn resume_sign_up(&mut self, provided: &Provided) -> Done<Step> {
        let Some(session) = self.session().await.caught()?.ok() else { return Ok(Step::Lapsed) };
        let Some(first) = openid::take_of_sign_up(&mut self.tx, self.sealer, self.now, session.account_id).await? else {
            return Ok(Step::Lapsed);
        };
        let kept = openid::keep(&mut self.tx, self.sealer, self.now, &first.request, first.session_before).await?;
        match self.resume(provided, &kept, None).await? {
            Step::Ask { ask, kind, .. } => Ok(Step::Ask { ask, kind, kept: Some(kept) }),
            Step::Consent { consent, .. } => Ok(Step::Consent { consent, kept: Some(kept) }),
            step => Ok(step),
        }
    }

    /// Answers a request, by what is known of the browser that brings it.
    async fn answer_product(&mut self, provided: &Provided, request: &AuthorizationRequest, waiting: Option<&Waiting>) -> Done<Step> {
        let client = provided.clients.find(&request.client_id).ok_or(Refusal::NotFound)?;
        let session = self.session().await.caught()?.ok();
        let account = match &session {
            Some(session) => Some(self.account(session.account_id).await?),
            None => None,
        };
        let both = session.as_ref().zip(account.as_ref());
        let agreed = match both {
            Some((session, _)) if !client.trusted => openid::consented(&mut self.tx, session.account_id, client.id.as_str()).await?,
            _ => Scopes::default(),
        };
        let situation = Situation {
            person: both.map(|(session, account)| self.person(session, account, waiting)),
            agreed,
            agreed_now: waiting.is_some_and(|waiting| waiting.agreed),
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
            (Next::Refuse(error), _) => return Ok(Step::Back(provided.told(&request.redirect_uri, state, error))),
            (Next::Ask(Ask::OtherKind), _) => {
                if let Some(waiting) = waiting {
                    openid::forget(&mut self.tx, waiting.id).await?;
                }
                let error = Error::new(ErrorCode::AccessDenied, "the client does not let in this kind of account");
                let back = provided.told(&request.redirect_uri, state, error);
                return Ok(Step::OtherKind { client: client.name.clone(), back });
            }
            (Next::Ask(ask), _) => ask,
            // Nobody gets a code without a session.
            (Next::Grant, None) => Ask::SignIn,
        };
        let kept = match waiting {
            Some(_) => None,
            None => {
                self.count(Allowance::Requests).await?;
                Some(openid::keep(&mut self.tx, self.sealer, self.now, request, session.as_ref().map(|it| it.id)).await?)
            }
        };
        Ok(match (ask, &account) {
            (Ask::Consent, Some(account)) => {
                let place = place_of(&request.redirect_uri);
                let name = account.shown_name().to_owned();
                let (client, scopes) = (client.name.clone(), request.scopes.clone());
                Step::Consent { consent: Consent { client, place, account: account.id, name, scopes }, kept }
            }
            _ => Step::Ask { ask, kind: if let [only] = client.kinds.as_slice() { Some(*only) } else { None }, kept },
        })
    }

    fn person(&self, session: &Session, account: &Account, waiting: Option<&Waiting>) -> Person {
        Person {
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
            expires_at: if request.scopes.has(Scope::OfflineAccess) { self.now + period(session.remembered) } else { session.expires_at },
            acr: acr(by_code),
            auth_time: session.authenticated_at,
        };
        let code = openid::grant(&mut self.tx, self.sealer, self.now, &new).await?;
        let entry = audit::Entry { account: Some(session.account_id), ..audit::Entry::of(Event::ClientEntered, "ok") };
        self.audit(entry).await?;
        Ok(code)
    }
}

/// An address with the state that came with it.
fn with_state(uri: &str, state: Option<&str>) -> String {
    let Some(state) = state else { return uri.to_owned() };
    let state = Serializer::new(String::new()).append_pair("state", state).finish();
    let before = if uri.contains('?') { '&' } else { '?' };
    format!("{uri}{before}{state}")
}

/// Where an address leads, for people: the host, or the scheme of an app.
fn place_of(redirect_uri: &str) -> String {
    match redirect_uri.split_once("://") {
        Some((_, rest)) => rest.split(['/', '?']).next().unwrap_or_default().to_owned(),
        None => redirect_uri.split(':').next().unwrap_or_default().to_owned(),
    }
}
