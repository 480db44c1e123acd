//! Access tokens: JWT signed with Ed25519 (docs/standards.md#tokens, RFC 8725). There is one algorithm. Keys come from our
//! own table by `kid`; no URL or key in the token is used. Each use asks the database whether the session is still alive.

use crate::db::signing_keys::{self, SigningKey};
use crate::entropy;
use crate::fault::Fault;
use crate::seal::Sealer;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::pkcs8::EncodePrivateKey;
use jsonwebtoken::jwk::{
    AlgorithmParameters, CommonParameters, EllipticCurve, Jwk, JwkSet, KeyAlgorithm, OctetKeyPairParameters, OctetKeyPairType, PublicKeyUse,
};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use portaria::journey::Kind;
use portaria::session::Token;
use quick_cache::sync::Cache;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::PgPool;
use std::sync::{Arc, PoisonError, RwLock};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;
use zeroize::Zeroizing;

/// A key signs for this long; then a new key takes over.
const KEY_AGE: Duration = Duration::days(30);
/// A retired key is kept as long as the longest-lived token that it may have signed. No token outlives its session.
pub const KEY_KEPT: Duration = Duration::days(31);
/// How long anybody may keep the JWKS, in seconds.
pub const JWKS_CACHE: i64 = 600;
/// A new key is published this long before it signs: one life of the JWKS in a cache, and the reload of a slow node (SPEC §13).
const PUBLISHED_BEFORE: Duration = Duration::seconds(JWKS_CACHE + 60);
/// Keys that were loaded longer ago are loaded again before they sign.
const STALE: Duration = Duration::minutes(1);
/// An unknown `kid` makes a node reload the keys, at most this often.
const LOOK_AGAIN: Duration = Duration::seconds(5);
/// An explicit type, so that no other JWT is accepted as an access token (RFC 8725 §3.11).
const TYPE: &str = "at+jwt";
const AUDIENCE: &str = "portaria";

/// The claims of an access token. No e-mail, phone or document.
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    kind: String,
    sid: String,
    jti: String,
    iat: i64,
    exp: i64,
}

struct Keys {
    loaded_at: OffsetDateTime,
    signing: Vec<SigningKey>,
}

impl Keys {
    fn key(&self, kid: &str) -> Option<&SigningKey> {
        self.signing.iter().find(|key| key.kid == kid)
    }

    /// The key that signs: the newest one whose time has come.
    fn signing(&self, now: OffsetDateTime) -> Option<&SigningKey> {
        self.signing.iter().find(|key| key.signs_from <= now)
    }
}

/// Issues and verifies access tokens.
#[derive(Clone)]
pub struct Tokens {
    pool: PgPool,
    sealer: Sealer,
    issuer: Arc<str>,
    keys: Arc<RwLock<Arc<Keys>>>,
    /// Tokens by their SHA-256, whose signature was found right: to check it takes longer than the rest of a request.
    checked: Arc<Cache<[u8; 32], Checked>>,
}

/// How many tokens are remembered as checked.
const CHECKED: usize = 10_000;

/// What a token says that we signed.
#[derive(Clone)]
struct Checked {
    /// It counts only as long as this key is kept.
    kid: Arc<str>,
    session: Uuid,
    /// Unix seconds.
    issued_at: i64,
    /// Unix seconds.
    expires_at: i64,
}

fn fault(error: impl std::fmt::Display) -> Fault {
    Fault::Token(error.to_string())
}

impl Tokens {
    /// Loads the keys; the first start creates one. `issuer`: `PUBLIC_URL` without its final slash.
    pub async fn load(pool: PgPool, sealer: Sealer, issuer: &str, now: OffsetDateTime) -> Result<Self, Fault> {
        let keys = Arc::new(RwLock::new(Arc::new(Keys { loaded_at: now, signing: Vec::new() })));
        let tokens = Self { pool, sealer, issuer: issuer.trim_end_matches('/').into(), keys, checked: Arc::new(Cache::new(CHECKED)) };
        tokens.rotate(now).await?;
        Ok(tokens)
    }

    /// Creates a signing key when the newest one is old. Keys that may still have valid tokens are kept, so nobody is
    /// signed out. Called at the start and periodically. Nodes that call it at once create one key.
    pub async fn rotate(&self, now: OffsetDateTime) -> Result<(), Fault> {
        self.renew(now, false).await.map(drop)
    }

    /// Creates the next signing key, if the newest one is old or if it is asked for `at_once`. It is published now, and signs once nobody
    /// has an older JWKS. Returns from when it signs; `None`: nothing was due, or a key waits already.
    pub async fn renew(&self, now: OffsetDateTime, at_once: bool) -> Result<Option<OffsetDateTime>, Fault> {
        let mut tx = self.pool.begin().await?;
        let signs_from = match signing_keys::lock_newest(&mut tx).await? {
            // Nobody has a JWKS yet.
            None => Some(now),
            Some((_, signs_from)) if signs_from > now => None,
            Some((created_at, _)) => (at_once || created_at + KEY_AGE <= now).then_some(now + PUBLISHED_BEFORE),
        };
        if let Some(signs_from) = signs_from {
            let key = ed25519_dalek::SigningKey::from_bytes(&Zeroizing::new(entropy::bytes()));
            let private = key.to_pkcs8_der().map_err(fault)?;
            let public = key.verifying_key();
            signing_keys::add(&mut tx, &self.sealer, private.as_bytes(), public.as_bytes(), now, signs_from).await?;
        }
        tx.commit().await?;
        self.reload_keys(now).await?;
        Ok(signs_from)
    }

    /// Takes over the keys that other nodes created.
    pub async fn reload(&self, now: OffsetDateTime) -> Result<(), Fault> {
        self.reload_keys(now).await.map(drop)
    }

    async fn reload_keys(&self, now: OffsetDateTime) -> Result<Arc<Keys>, Fault> {
        let signing = signing_keys::kept(&self.pool, &self.sealer, now - KEY_KEPT).await?;
        let fresh = Arc::new(Keys { loaded_at: now, signing });
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = fresh.clone();
        Ok(fresh)
    }

    fn cached(&self) -> Arc<Keys> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads the keys again, if they are of long ago, or if `shown` names one that another node may have made. What issues and checks does
    /// not ask the database itself: it is called where a connection is held, and a second one may be waited for by all who hold the first.
    pub async fn keep_fresh(&self, shown: Option<&Token>, now: OffsetDateTime) -> Result<(), Fault> {
        let keys = self.cached();
        let is_old = || keys.loaded_at + STALE <= now || keys.signing(now).is_none();
        let is_unknown = |token| kid_of(token).is_some_and(|kid| keys.key(&kid).is_none());
        if shown.map_or_else(is_old, |token| keys.loaded_at + LOOK_AGAIN <= now && is_unknown(token)) {
            self.reload_keys(now).await?;
        }
        Ok(())
    }

    /// Issues an access token for a session.
    pub fn issue(&self, account: i64, kind: Kind, session: Uuid, now: OffsetDateTime, lifetime: Duration) -> Result<Token, Fault> {
        let keys = self.cached();
        let key = keys.signing(now).ok_or_else(|| fault("no signing key in force"))?;
        let header = Header { typ: Some(TYPE.to_owned()), kid: Some(key.kid.clone()), ..Header::new(Algorithm::EdDSA) };
        let claims = Claims {
            iss: self.issuer.to_string(),
            aud: AUDIENCE.to_owned(),
            sub: account.to_string(),
            kind: kind.as_str().to_owned(),
            sid: session.to_string(),
            jti: entropy::uuid().to_string(),
            iat: now.unix_timestamp(),
            exp: (now + lifetime).unix_timestamp(),
        };
        jsonwebtoken::encode(&header, &claims, &EncodingKey::from_ed_der(&key.private)).map(Token::new).map_err(fault)
    }

    /// The session that a token names, if the token is ours and has not expired.
    pub fn verify(&self, token: &Token, now: OffsetDateTime) -> Result<Option<Uuid>, Fault> {
        let digest: [u8; 32] = Sha256::digest(token.expose()).into();
        let known = self.checked.get(&digest).filter(|known| self.cached().key(&known.kid).is_some());
        let checked = match known {
            Some(checked) => checked,
            None => {
                let Some(checked) = self.check(token)? else { return Ok(None) };
                self.checked.insert(digest, checked.clone());
                checked
            }
        };
        // Against our own clock: the library would use the system's, with a minute's leeway.
        let in_force = checked.expires_at > now.unix_timestamp() && checked.issued_at <= now.unix_timestamp() + 30;
        Ok(in_force.then_some(checked.session))
    }

    /// What a token says, if one of our keys signed it. Whether it is in force is another question.
    fn check(&self, token: &Token) -> Result<Option<Checked>, Fault> {
        let Some(kid) = kid_of(token) else { return Ok(None) };
        let keys = self.cached();
        let Some(key) = keys.key(&kid) else { return Ok(None) };
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&[AUDIENCE]);
        validation.set_issuer(&[&*self.issuer]);
        // [`Tokens::verify`] does.
        validation.validate_exp = false;
        let public = DecodingKey::from_jwk(&public(key)).map_err(fault)?;
        let Ok(data) = jsonwebtoken::decode::<Claims>(token.expose(), &public, &validation) else { return Ok(None) };
        let Ok(session) = Uuid::parse_str(&data.claims.sid) else { return Ok(None) };
        Ok(Some(Checked { kid: kid.into(), session, issued_at: data.claims.iat, expires_at: data.claims.exp }))
    }

    /// The public keys, as `/.well-known/jwks.json` shows them (RFC 7517, RFC 8037).
    pub fn jwks(&self) -> JwkSet {
        JwkSet { keys: self.cached().signing.iter().map(public).collect() }
    }
}

/// The key that a token names, if it looks like one of ours.
fn kid_of(token: &Token) -> Option<String> {
    let header = jsonwebtoken::decode_header(token.expose()).ok()?;
    header.kid.filter(|_| header.alg == Algorithm::EdDSA && header.typ.as_deref() == Some(TYPE))
}

fn public(key: &SigningKey) -> Jwk {
    Jwk {
        common: CommonParameters {
            public_key_use: Some(PublicKeyUse::Signature),
            key_algorithm: Some(KeyAlgorithm::EdDSA),
            key_id: Some(key.kid.clone()),
            ..CommonParameters::default()
        },
        algorithm: AlgorithmParameters::OctetKeyPair(OctetKeyPairParameters {
            key_type: OctetKeyPairType::OctetKeyPair,
            curve: EllipticCurve::Ed25519,
            x: URL_SAFE_NO_PAD.encode(&key.public),
        }),
    }
}
