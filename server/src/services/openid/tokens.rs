//! What products exchange and show: codes, refresh tokens, access tokens.

use super::Provided;
use crate::db::openid::{self, Grant};
use crate::db::{accounts, audit};
use crate::entropy;
use crate::fault::Fault;
use crate::openid_tokens::{ACCESS, ID, at_hash};
use crate::services::Service;
use crate::services::sessions::period;
use crate::services::turn::{Done, Turn};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use portaria::account::Account;
use portaria::audit::Event;
use portaria::openid::{Challenge, Claims, Client, CodeExchange, Error, ErrorCode, Hint, Introspection, Scope, Scopes, Tokens, claims_of};
use portaria::rotation::Shown;
use portaria::session::{NOT_REMEMBERED, REMEMBERED, Token};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// The claims of an access token (RFC 9068 §2.2).
#[derive(Serialize, Deserialize)]
struct AccessClaims {
    iss: String,
    aud: String,
    sub: String,
    client_id: String,
    scope: String,
    sid: String,
    /// What it belongs to: it is in force as long as that.
    grant: Uuid,
    jti: String,
    iat: i64,
    exp: i64,
    auth_time: i64,
    acr: String,
}

/// The claims of an ID token. What is known of the person is told by userinfo alone: an ID token stands in addresses, as a hint.
#[derive(Serialize, Deserialize)]
struct IdClaims {
    iss: String,
    aud: String,
    sub: String,
    sid: String,
    iat: i64,
    exp: i64,
    auth_time: i64,
    acr: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<String>,
    at_hash: String,
}

/// What an ID token of ours says that is shown as a hint, whether it lapsed or not.
pub(super) async fn hint(provided: &Provided, token: &Token, now: OffsetDateTime) -> Result<Option<Hint>, Fault> {
    let claims = provided.tokens.read::<IdClaims>(ID, token, now).await?.filter(|claims| claims.iss == *provided.issuer);
    Ok(claims.and_then(|claims| Some(Hint { client_id: claims.aud, account: claims.sub.parse().ok()? })))
}

fn is_verifier(verifier: &Token, challenge: &str) -> bool {
    Challenge::may_verify(verifier.expose()) && URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.expose())) == challenge
}

/// An access token that is in force.
struct InForce<'a> {
    claims: AccessClaims,
    grant: Grant,
    client: &'a Client,
    /// What it still opens.
    scopes: Scopes,
}

/// Whether the owner of an account may sign in to a product, as the settings are now.
fn is_let_in(account: &Account, client: &Client) -> bool {
    account.may_sign_in().is_ok() && client.kinds.contains(&account.kind)
}

const REFUSED: Error = Error::new(ErrorCode::InvalidGrant, "the code or refresh token is wrong, spent, lapsed, or another client's");

/// The grant and the client of an access token, whether it lapsed or not.
pub(super) async fn grant_of(provided: &Provided, token: &Token, now: OffsetDateTime) -> Result<Option<(Uuid, String)>, Fault> {
    Ok(provided.tokens.read::<AccessClaims>(ACCESS, token, now).await?.map(|claims| (claims.grant, claims.client_id)))
}

impl Service {
    /// What an access token tells.
    pub(super) async fn claims_by(&self, provided: &Provided, access: &Token) -> Result<Result<Claims, Error>, Fault> {
        let refused = Err(Error::new(ErrorCode::InvalidToken, "the access token is wrong, has lapsed, or is not in force any more"));
        let Some(InForce { grant, scopes, client, .. }) = self.in_force(provided, access).await? else { return Ok(refused) };
        if !scopes.has(Scope::Openid) {
            return Ok(Err(Error::new(ErrorCode::InsufficientScope, "the access token is not good for openid")));
        }
        let mut conn = self.pool.acquire().await?;
        let account = accounts::by_id(&mut conn, &self.sealer, grant.account_id).await?;
        let Some(account) = account.filter(|account| is_let_in(account, client)) else { return Ok(refused) };
        Ok(Ok(claims_of(&account, &scopes, &provided.issuer)))
    }

    /// An access token and what it came of, if both are in force. A client that was taken out of the settings has none.
    async fn in_force<'a>(&self, provided: &'a Provided, access: &Token) -> Result<Option<InForce<'a>>, Fault> {
        let now = self.now();
        let claims = provided.tokens.read::<AccessClaims>(ACCESS, access, now).await?;
        let Some(claims) = claims.filter(|claims| claims.iss == *provided.issuer && claims.exp > now.unix_timestamp()) else {
            return Ok(None);
        };
        let grant = openid::find(&self.pool, now, claims.grant).await?.filter(|grant| grant.in_force && grant.spent_at.is_some());
        let found = grant.and_then(|grant| provided.clients.find(&grant.client_id).map(|client| (grant, client)));
        Ok(found.map(|(grant, client)| InForce { scopes: client.still_gives(&Scopes::known(&claims.scope)), claims, grant, client }))
    }

    /// What is said of a token to a client that it concerns.
    pub(super) async fn look_into(&self, provided: &Provided, client: &Client, token: &Token) -> Result<Option<Introspection>, Fault> {
        if let Some(InForce { claims, scopes, .. }) = self.in_force(provided, token).await? {
            let concerned = claims.client_id == client.id.as_str() || claims.aud == client.audience;
            return Ok(concerned.then_some(Introspection {
                active: true,
                scope: scopes.to_string(),
                client_id: claims.client_id,
                token_type: Some("Bearer"),
                exp: claims.exp,
                iat: Some(claims.iat),
                sub: claims.sub,
                aud: claims.aud,
                iss: claims.iss,
                sid: claims.sid,
                acr: claims.acr,
                auth_time: claims.auth_time,
            }));
        }
        let grant = openid::by_refresh(&self.pool, &self.sealer, self.now(), token).await?;
        let grant = grant.filter(|grant| grant.in_force && grant.client_id == client.id.as_str());
        let grant = grant.filter(|grant| client.still_gives(&grant.scopes()).has(Scope::OfflineAccess));
        Ok(grant.map(|grant| Introspection {
            active: true,
            scope: client.still_gives(&grant.scopes()).to_string(),
            token_type: None,
            exp: grant.lives_until.unix_timestamp(),
            iat: None,
            sub: grant.account_id.to_string(),
            aud: client.audience.clone(),
            iss: provided.issuer.to_string(),
            sid: grant.session_id.to_string(),
            acr: grant.acr.clone(),
            auth_time: grant.auth_time.unix_timestamp(),
            client_id: grant.client_id,
        }))
    }
}

impl Turn<'_> {
    /// Exchanges a code. The grant is locked: of many at once the first gets the tokens, and the second ends them.
    pub(super) async fn exchange_code(
        &mut self,
        provided: &Provided,
        client: &Client,
        asked: &CodeExchange,
    ) -> Done<Result<Tokens, Error>> {
        let grant = openid::of_code(&mut self.tx, self.sealer, self.now, &asked.code).await?;
        let Some(grant) = grant.filter(|grant| grant.client_id == client.id.as_str()) else { return Ok(Err(REFUSED)) };
        if grant.spent_at.is_some() {
            self.end_reused(&grant).await?;
            return Ok(Err(REFUSED));
        }
        let good = grant.in_force
            && grant.code_expires_at > self.now
            && grant.redirect_uri == asked.redirect_uri
            && is_verifier(&asked.verifier, &grant.challenge);
        if !good || !is_let_in(&self.account(grant.account_id).await?, client) {
            return Ok(Err(REFUSED));
        }
        let scopes = client.still_gives(&grant.scopes());
        // As long as its session, or by its refresh tokens beyond that.
        let offline = grant.scopes().has(Scope::OfflineAccess);
        let until = if offline { grant.created_at + period(grant.remembered) } else { grant.lives_until };
        openid::spend(&mut self.tx, self.now, grant.id, until).await?;
        let refresh = if scopes.has(Scope::OfflineAccess) {
            Some(openid::add_refresh(&mut self.tx, self.sealer, self.now, grant.id).await?)
        } else {
            None
        };
        let issued = Issued { scopes, nonce: grant.nonce.clone(), refresh, until };
        Ok(Ok(issue(provided, client, &grant, issued, self.now)?))
    }

    /// Exchanges a refresh token. For 30 s the same product may repeat it and gets the same successor. Any other reuse ends what it came
    /// of (SPEC §6).
    pub(super) async fn exchange_refresh(
        &mut self,
        provided: &Provided,
        client: &Client,
        token: &Token,
        asked: Option<&Scopes>,
    ) -> Done<Result<Tokens, Error>> {
        let found = openid::of_refresh(&mut self.tx, self.sealer, self.now, token).await?;
        let found = found.filter(|(grant, _)| grant.client_id == client.id.as_str() && grant.in_force);
        let Some((grant, used)) = found else { return Ok(Err(REFUSED)) };
        let given = client.still_gives(&grant.scopes());
        if !given.has(Scope::OfflineAccess) || !is_let_in(&self.account(grant.account_id).await?, client) {
            return Ok(Err(REFUSED));
        }
        let scopes = asked.cloned().unwrap_or_else(|| given.clone());
        if !given.hold(&scopes) {
            return Ok(Err(Error::new(ErrorCode::InvalidScope, "scope: not all of it was given, or it is not given any more")));
        }
        let most = grant.created_at + REMEMBERED;
        let until = if grant.remembered { most } else { most.min(self.now + NOT_REMEMBERED) };
        let refresh = match Shown::of(used, self.who, self.now) {
            Shown::First => openid::rotate(&mut self.tx, self.sealer, self.now, self.who, token, grant.id, until).await?,
            Shown::Again(successor) => successor,
            Shown::Reused => {
                self.end_reused(&grant).await?;
                return Ok(Err(REFUSED));
            }
        };
        let issued = Issued { scopes, nonce: None, refresh: Some(refresh), until };
        Ok(Ok(issue(provided, client, &grant, issued, self.now)?))
    }

    /// What was given for a code or token that somebody used twice ends. That is written once, however often it is tried again.
    async fn end_reused(&mut self, grant: &Grant) -> Done<()> {
        if !openid::end(&mut self.tx, self.now, grant.id).await? {
            return Ok(());
        }
        let entry = audit::Entry { account: Some(grant.account_id), ..audit::Entry::of(Event::TokenReused, "ended") };
        Ok(self.audit(entry).await?)
    }

    /// Ends what a token came of, if it is the client's own. `by_access`: what it is as an access token.
    pub(super) async fn revoke(&mut self, client: &Client, token: &Token, by_access: Option<(Uuid, String)>) -> Done<()> {
        let by_refresh = openid::of_refresh(&mut self.tx, self.sealer, self.now, token).await?;
        let of_token = by_refresh.map(|(grant, _)| (grant.id, grant.client_id)).or(by_access);
        if let Some((grant, _)) = of_token.filter(|(_, id)| *id == client.id.as_str()) {
            openid::end(&mut self.tx, self.now, grant).await?;
        }
        Ok(())
    }
}

/// What is issued for a grant, this time.
struct Issued {
    scopes: Scopes,
    nonce: Option<String>,
    refresh: Option<Token>,
    /// No access token outlives this.
    until: OffsetDateTime,
}

/// Issues what a grant is worth.
fn issue(provided: &Provided, client: &Client, grant: &Grant, issued: Issued, now: OffsetDateTime) -> Result<Tokens, Fault> {
    let Issued { scopes, nonce, refresh, until } = issued;
    let lifetime: Duration = client.token_lifetime.min(until - now);
    let (iss, sub, sid) = (provided.issuer.to_string(), grant.account_id.to_string(), grant.session_id.to_string());
    let (iat, exp, auth_time) = (now.unix_timestamp(), (now + lifetime).unix_timestamp(), grant.auth_time.unix_timestamp());
    let client_id = client.id.as_str().to_owned();
    let claims = AccessClaims {
        iss: iss.clone(),
        aud: client.audience.clone(),
        sub: sub.clone(),
        client_id: client_id.clone(),
        scope: scopes.to_string(),
        sid: sid.clone(),
        grant: grant.id,
        jti: entropy::uuid().to_string(),
        iat,
        exp,
        auth_time,
        acr: grant.acr.clone(),
    };
    let access = provided.tokens.sign(client.algorithm, ACCESS, &claims, now)?;
    let at_hash = at_hash(client.algorithm, &access);
    let claims = IdClaims { iss, aud: client_id, sub, sid, iat, exp, auth_time, acr: grant.acr.clone(), nonce, at_hash };
    let id = provided.tokens.sign(client.algorithm, ID, &claims, now)?;
    Ok(Tokens { access, id, refresh, expires_in: u32::try_from(lifetime.whole_seconds()).unwrap_or_default(), scopes })
}
