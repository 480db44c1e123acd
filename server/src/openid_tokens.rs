//! What products are given: ID tokens (OpenID Connect Core §2) and access tokens (RFC 9068), signed with RS256 or `EdDSA` as the client
//! says. Keys of their own sign them, so that no token of a product is ever one of our API.
//!
//! **Which crates.** An RSA key is made by `rsa`, which `jsonwebtoken` brings anyway, and used by `ring`, which `rustls` brings anyway.
//! `ring` makes no RSA keys. `rsa` does not compute with a private key in constant time (RUSTSEC-2023-0071), which somebody who asks for
//! many signatures could measure; making a key asks nobody's question. `ring` signs in constant time and in half a millisecond.
//! Rejected: `aws-lc-rs`, which does both, for a second library of C in the build; `openidconnect`, whose types are those of a relying
//! party.

use crate::db::openid_keys::{self, OpenIdKey};
use crate::entropy;
use crate::fault::Fault;
use crate::seal::Sealer;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use portaria::openid::Algorithm;
use portaria::session::Token;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey};
use rsa::pkcs8::EncodePrivateKey;
use rsa::traits::PublicKeyParts;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sha2::{Digest, Sha256, Sha512};
use sqlx::PgPool;
use std::sync::{Arc, PoisonError, RwLock};
use time::{Duration, OffsetDateTime};
use zeroize::Zeroizing;

/// The length of an RSA key, in bits.
const RSA_BITS: usize = 2048;
/// A key signs for this long; then a new key takes over.
const KEY_AGE: Duration = Duration::days(30);
/// A key is published for this long before it signs: longer than anybody keeps the JWKS.
const PUBLISHED_BEFORE: Duration = Duration::minutes(15);
/// A retired key is kept as long as a token of it may be of use: an access token lives no longer than its session.
const KEY_KEPT: Duration = Duration::days(31);
/// A node looks at the keys again after this long.
const STALE: Duration = Duration::minutes(1);
/// An unknown `kid` makes a node look at the keys, at most this often.
const LOOK_AGAIN: Duration = Duration::seconds(5);

/// The types of our JWTs, so that none passes for another (RFC 8725 §3.11).
pub const ACCESS: &str = "at+jwt";
pub const ID: &str = "JWT";
pub const LOGOUT: &str = "logout+jwt";

struct Key {
    kid: String,
    alg: Algorithm,
    pair: Pair,
    public: String,
    signs_from: OffsetDateTime,
}

enum Pair {
    Rsa(Box<RsaKeyPair>),
    Ed(Ed25519KeyPair),
}

fn fault(error: impl std::fmt::Display) -> Fault {
    Fault::Token(error.to_string())
}

fn encoded(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Key {
    fn open(key: &OpenIdKey) -> Result<Self, Fault> {
        let pair = match key.alg {
            Algorithm::Rs256 => Pair::Rsa(Box::new(RsaKeyPair::from_pkcs8(&key.private).map_err(fault)?)),
            Algorithm::EdDsa => Pair::Ed(Ed25519KeyPair::from_seed_unchecked(&key.private).map_err(fault)?),
        };
        Ok(Self { kid: key.kid.clone(), alg: key.alg, pair, public: key.public.clone(), signs_from: key.signs_from })
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Fault> {
        match &self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                // Its randomness blinds the computation.
                let random = ring::rand::SystemRandom::new();
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).map_err(fault)?;
                Ok(signature)
            }
            Pair::Ed(pair) => Ok(pair.sign(message).as_ref().to_vec()),
        }
    }

    fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.pair {
            Pair::Rsa(pair) => UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pair.public_key()).verify(message, signature).is_ok(),
            Pair::Ed(pair) => UnparsedPublicKey::new(&ED25519, pair.public_key()).verify(message, signature).is_ok(),
        }
    }

    /// As the JWKS shows it (RFC 7517, RFC 7518 §6.3, RFC 8037).
    fn jwk(&self) -> Value {
        let (kid, alg) = (&self.kid, self.alg.as_str());
        match self.alg {
            Algorithm::Rs256 => {
                let (n, e) = self.public.split_once('.').unwrap_or_default();
                json!({ "kty": "RSA", "use": "sig", "alg": alg, "kid": kid, "n": n, "e": e })
            }
            Algorithm::EdDsa => json!({ "kty": "OKP", "use": "sig", "alg": alg, "kid": kid, "crv": "Ed25519", "x": self.public }),
        }
    }
}

/// A new key. It takes a while, so it is made on a thread that may.
fn make(alg: Algorithm, now: OffsetDateTime, signs_from: OffsetDateTime) -> Result<OpenIdKey, Fault> {
    let (private, public) = match alg {
        Algorithm::Rs256 => {
            let key = rsa::RsaPrivateKey::new(&mut entropy::Generator, RSA_BITS).map_err(fault)?;
            let public = format!("{}.{}", encoded(key.n().to_bytes_be()), encoded(key.e().to_bytes_be()));
            (Zeroizing::new(key.to_pkcs8_der().map_err(fault)?.as_bytes().to_vec()), public)
        }
        Algorithm::EdDsa => {
            let seed = Zeroizing::new(entropy::bytes::<32>().to_vec());
            let key = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(fault)?;
            (seed, encoded(key.public_key()))
        }
    };
    Ok(OpenIdKey { kid: entropy::uuid().simple().to_string(), alg, private, public, created_at: now, signs_from })
}

struct Keys {
    loaded_at: OffsetDateTime,
    keys: Vec<Key>,
}

/// Signs and reads what products are given.
#[derive(Clone)]
pub struct OpenIdTokens {
    pool: PgPool,
    sealer: Sealer,
    /// What the clients sign with; empty where there is no client.
    algorithms: Arc<[Algorithm]>,
    keys: Arc<RwLock<Arc<Keys>>>,
}

impl OpenIdTokens {
    /// Loads the keys. The first start with a client makes those that it needs.
    pub async fn load(pool: PgPool, sealer: Sealer, algorithms: Vec<Algorithm>, now: OffsetDateTime) -> Result<Self, Fault> {
        let keys = Arc::new(RwLock::new(Arc::new(Keys { loaded_at: now, keys: Vec::new() })));
        let tokens = Self { pool, sealer, algorithms: algorithms.into(), keys };
        tokens.rotate(now).await?;
        Ok(tokens)
    }

    /// Makes the keys that are missing or old. Called at the start and periodically. Nodes that call it at once make one key.
    pub async fn rotate(&self, now: OffsetDateTime) -> Result<(), Fault> {
        self.renew(now, false).await.map(drop)
    }

    /// Makes the next key of each algorithm, if the newest is old or if it is asked for `at_once`. It is published now, and signs once nobody
    /// has an older JWKS. Returns from when each signs; `None`: nothing was due, or a key waits already.
    pub async fn renew(&self, now: OffsetDateTime, at_once: bool) -> Result<Vec<(Algorithm, Option<OffsetDateTime>)>, Fault> {
        let mut renewed = Vec::new();
        if self.algorithms.is_empty() {
            return Ok(renewed);
        }
        for alg in self.algorithms.iter().copied() {
            let mut tx = self.pool.begin().await?;
            let signs_from = match openid_keys::lock_newest(&mut tx, alg).await? {
                // Nobody has a JWKS without it yet.
                None => Some(now),
                Some((_, signs_from)) if signs_from > now => None,
                Some((made, _)) => (at_once || made + KEY_AGE <= now).then_some(now + PUBLISHED_BEFORE),
            };
            renewed.push((alg, signs_from));
            let Some(signs_from) = signs_from else { continue };
            let key = tokio::task::spawn_blocking(move || make(alg, now, signs_from)).await.map_err(fault)??;
            openid_keys::add(&mut tx, &self.sealer, &key).await?;
            tx.commit().await?;
        }
        self.reload(now).await?;
        Ok(renewed)
    }

    async fn reload(&self, now: OffsetDateTime) -> Result<Arc<Keys>, Fault> {
        let stored = openid_keys::all(&self.pool, &self.sealer, now - KEY_KEPT).await?;
        let keys = stored.iter().map(Key::open).collect::<Result<_, _>>()?;
        let fresh = Arc::new(Keys { loaded_at: now, keys });
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = fresh.clone();
        Ok(fresh)
    }

    fn cached(&self) -> Arc<Keys> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The public keys, as the JWKS shows them.
    pub async fn jwks(&self, now: OffsetDateTime) -> Vec<String> {
        let mut keys = self.cached();
        if !self.algorithms.is_empty() && keys.loaded_at + STALE <= now {
            match self.reload(now).await {
                Ok(fresh) => keys = fresh,
                // Those that it knows still hold.
                Err(fault) => tracing::error!(%fault, "the keys of products could not be looked at"),
            }
        }
        keys.keys.iter().map(|key| key.jwk().to_string()).collect()
    }

    /// Reads the keys again, if they are of long ago. [`Self::sign`] does not: it is called where a connection is held, and a second one may
    /// be waited for by all who hold the first.
    pub async fn keep_fresh(&self, now: OffsetDateTime) -> Result<(), Fault> {
        let keys = self.cached();
        let lacks = |alg: &Algorithm| !keys.keys.iter().any(|key| key.alg == *alg && key.signs_from <= now);
        let is_old = keys.loaded_at + STALE <= now && !self.algorithms.is_empty();
        if is_old || self.algorithms.iter().any(lacks) {
            self.reload(now).await?;
        }
        Ok(())
    }

    /// Signs claims.
    pub fn sign(&self, alg: Algorithm, typ: &str, claims: &impl Serialize, now: OffsetDateTime) -> Result<Token, Fault> {
        let keys = self.cached();
        let key =
            keys.keys.iter().find(|key| key.alg == alg && key.signs_from <= now).ok_or_else(|| fault("no key of a product in force"))?;
        let header = json!({ "typ": typ, "alg": alg.as_str(), "kid": key.kid });
        let message = format!("{}.{}", encoded(header.to_string()), encoded(serde_json::to_vec(claims).map_err(fault)?));
        let signature = encoded(key.sign(message.as_bytes())?);
        Ok(Token::new(format!("{message}.{signature}")))
    }

    /// The claims of a JWT of this type that we signed, whether it lapsed or not. Not to be asked where a connection is held.
    pub async fn read<T: DeserializeOwned>(&self, typ: &str, token: &Token, now: OffsetDateTime) -> Result<Option<T>, Fault> {
        let Some((message, signature)) = token.expose().rsplit_once('.') else { return Ok(None) };
        let Some((header, claims)) = message.split_once('.') else { return Ok(None) };
        let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).ok();
        let Some(header) = decode(header).and_then(|header| serde_json::from_slice::<Value>(&header).ok()) else { return Ok(None) };
        let (Some(kid), Some(signature)) = (header["kid"].as_str(), decode(signature)) else { return Ok(None) };
        if header["typ"] != typ {
            return Ok(None);
        }
        let mut keys = self.cached();
        let known = |keys: &Keys| keys.keys.iter().any(|key| key.kid == kid);
        if !known(&keys) && keys.loaded_at + LOOK_AGAIN <= now {
            // Another node may have made it.
            keys = self.reload(now).await?;
        }
        // The key says the algorithm, not the token.
        let key = keys.keys.iter().find(|key| key.kid == kid && header["alg"] == key.alg.as_str());
        let signed = key.is_some_and(|key| key.signed(message.as_bytes(), &signature));
        Ok(decode(claims).filter(|_| signed).and_then(|claims| serde_json::from_slice(&claims).ok()))
    }
}

/// `at_hash`: the left half of the hash of an access token, by the hash of the ID token's algorithm (OpenID Connect Core §3.1.3.6).
pub fn at_hash(alg: Algorithm, access: &Token) -> String {
    match alg {
        Algorithm::Rs256 => encoded(&Sha256::digest(access.expose())[..16]),
        Algorithm::EdDsa => encoded(&Sha512::digest(access.expose())[..32]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ring::signature::RsaPublicKeyComponents;

    #[test]
    fn what_a_key_signs_it_knows_again_and_nothing_else() {
        let now = OffsetDateTime::UNIX_EPOCH;
        for alg in Algorithm::ALL {
            let made = make(alg, now, now).expect("a key");
            let key = Key::open(&made).expect("it opens");
            let signature = key.sign(b"message").expect("a signature");
            assert!(key.signed(b"message", &signature) && !key.signed(b"massage", &signature), "{alg:?}");
            let jwk = key.jwk();
            assert_eq!(jwk["alg"], alg.as_str());
            if alg == Algorithm::Rs256 {
                let decoded = |name: &str| URL_SAFE_NO_PAD.decode(jwk[name].as_str().expect("text")).expect("base64url");
                assert_eq!((decoded("n").len() * 8, decoded("e")), (RSA_BITS, vec![1, 0, 1]));
                let public = RsaPublicKeyComponents { n: decoded("n"), e: decoded("e") };
                public.verify(&RSA_PKCS1_2048_8192_SHA256, b"message", &signature).expect("by what the JWKS says");
            }
        }
    }

    #[test]
    fn the_hash_of_an_access_token_is_that_of_the_standard() {
        // The example of OpenID Connect Core, appendix A.3.
        let access = Token::new("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxK0c5M5MHJGn6Sd");
        assert_eq!(at_hash(Algorithm::Rs256, &access).len(), 22);
        assert_eq!(at_hash(Algorithm::EdDsa, &access).len(), 43);
    }
}
