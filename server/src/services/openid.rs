//! The OpenID provider (SPEC §15): `impl Provider`. What is decided stands in the domain (`portaria::openid`).

mod answer;
mod tokens;

use super::Service;
use super::turn::{Caught, Done, Turn};
use crate::db::audit;
use crate::db::openid;
use crate::fault::Fault;
use crate::openid_tokens::OpenIdTokens;
use async_trait::async_trait;
use portaria::accounts::Answer;
use portaria::audit::Event;
use portaria::error::Refusal;
use portaria::journey::Kind;
use portaria::openid::{
    AboutToken, Agreed, Asked, AuthorizationRequest, Claims, Client, Clients, Credentials, Error, ErrorCode, Exchange, Hint, Introspection,
    LogoutRequest, Product, Provider, Rejected, Scopes, SignOut, Step, TokenRequest, Tokens,
};
use portaria::session::{Requester, Token};
use portaria::view::AccountView;
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

    /// What `id_token_hint` says, if it is one of our ID tokens.
    async fn hint_in(&self, provided: &Provided, parameters: &[(String, String)]) -> Answer<Option<Hint>> {
        match parameters.iter().find(|(name, value)| name == "id_token_hint" && !value.is_empty()) {
            Some((_, token)) => {
                tokens::hint(provided, &Token::new(token.clone()), self.now()).await.map_err(|fault| fault.log_and_refuse())
            }
            None => Ok(None),
        }
    }

    /// What an account agreed to, with what people call the products.
    pub(super) fn named_products(&self, consents: Vec<(String, Scopes, OffsetDateTime)>) -> Vec<Agreed> {
        let named = |(client_id, scopes, at): (String, Scopes, OffsetDateTime)| {
            let known = self.openid.as_ref().and_then(|provided| provided.clients.find(&client_id));
            let product = known.map_or_else(|| Product { name: client_id.clone(), logo: None }, Client::product);
            Agreed { product, client_id, scopes, given_at: at.unix_timestamp() }
        };
        consents.into_iter().map(named).collect()
    }

    /// As what people can sign up for a product.
    fn offered_for(&self, client: &Client) -> Vec<Kind> {
        self.rules.kinds.open().filter(|kind| client.kinds.contains(kind)).collect()
    }
}

#[async_trait]
impl Provider for Service {
    fn clients(&self) -> Option<&Clients> {
        self.openid.as_ref().map(|provided| &provided.clients)
    }

    async fn authorize(&self, who: &Requester, parameters: &[(String, String)]) -> Answer<Step> {
        let provided = self.provided()?;
        let hint = self.hint_in(provided, parameters).await?;
        let request = match AuthorizationRequest::read(parameters, hint.as_ref(), &provided.clients) {
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

    async fn asked(&self, kept: &Token) -> Answer<Option<Asked>> {
        let Some(provided) = &self.openid else { return Ok(None) };
        let found = async {
            let mut conn = self.pool.acquire().await?;
            let waiting = openid::waiting(&mut conn, &self.sealer, self.now(), kept).await?;
            let of_client = waiting.and_then(|waiting| Some((provided.clients.find(&waiting.request.client_id)?, waiting.request)));
            Ok(of_client.map(|(client, request)| Asked { kinds: self.offered_for(client), login_hint: request.login_hint }))
        };
        found.await.map_err(|fault: Fault| fault.log_and_refuse())
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

    async fn begin_again(&self, who: &Requester, kept: &Token) -> Answer<Option<Token>> {
        let mut turn = self.turn(who).await?;
        let done = turn.begin_again(kept).await;
        turn.end(done).await
    }

    async fn agreed(&self, who: &Requester) -> Answer<(AccountView, Vec<Agreed>)> {
        let mut turn = self.turn(who).await?;
        let done = turn.agreed().await;
        turn.end(done).await
    }

    async fn take_back(&self, who: &Requester, client_id: &str) -> Answer<()> {
        let mut turn = self.turn(who).await?;
        let done = turn.take_back(client_id).await;
        turn.end(done).await
    }

    async fn sign_out(&self, who: &Requester, parameters: &[(String, String)], confirmed: bool) -> Answer<SignOut> {
        let provided = self.provided()?;
        let hint = self.hint_in(provided, parameters).await?;
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
        let by_access = tokens::grant_of(provided, &about.token, self.now()).await.map_err(|fault| fault.log_and_refuse())?;
        let mut turn = self.turn(who).await?;
        let done = turn.revoke(client, &about.token, by_access).await;
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
    async fn agreed(&mut self) -> Done<(AccountView, Vec<Agreed>)> {
        let session = self.session().await?;
        let account = self.account(session.account_id).await?.view(&self.rules.terms);
        let consents = openid::consents(&mut self.tx, session.account_id).await?;
        Ok((account, self.service.named_products(consents)))
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
            return Ok(SignOut::Ask { product: request.client.clone(), source: request.source.clone() });
        }
        if let Some(session) = &session {
            self.end_one_session(session.id, "sign_out").await?;
            let entry = audit::Entry { account: Some(session.account_id), ..audit::Entry::of(Event::SessionLogout, "ok") };
            self.audit(entry).await?;
        }
        let address = request.back.as_ref().map(|(uri, state)| with_state(uri, state.as_deref()));
        Ok(SignOut::Gone { address, ended: session.is_some() })
    }
}

/// An address with the state that came with it.
fn with_state(uri: &str, state: Option<&str>) -> String {
    let Some(state) = state else { return uri.to_owned() };
    let state = Serializer::new(String::new()).append_pair("state", state).finish();
    let before = if uri.contains('?') { '&' } else { '?' };
    format!("{uri}{before}{state}")
}
