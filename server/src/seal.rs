//! What a dump of the database must not tell: sealing (XChaCha20-Poly1305) and keyed hashing (HMAC-SHA-256).
//!
//! `PORTARIA_SECRET` never touches a value: it wraps the data keys of table `data_keys`, so that a new secret re-wraps a
//! few rows, and a new seal key seals what is written from then on while the old one still opens what it sealed.
//!
//! A sealed value is `key id (8 bytes, big endian) · nonce (24) · ciphertext and tag`. The associated data names the
//! place it belongs to, so that a sealed phone moved into the column of a CPF does not open.

use crate::entropy;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::Sha256;
use std::collections::BTreeMap;
use std::fmt;

/// Could not be opened: wrong key, wrong place, or tampered with. Which one is not told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a sealed value could not be opened")]
pub struct SealBroken;

const NONCE: usize = 24;
const KEY_ID: usize = 8;

/// A key of 256 bits that cannot be printed.
#[derive(Clone, Copy)]
pub struct DataKey([u8; 32]);

impl DataKey {
    /// A new random key.
    pub fn random() -> Self {
        Self(entropy::bytes())
    }

    /// A key for wrapping, derived from the operator's secret (HKDF-SHA-256).
    #[expect(clippy::expect_used, reason = "HKDF gives 32 bytes; only more than 8160 would be refused")]
    pub fn from_secret(secret: &[u8; 32]) -> Self {
        let mut key = [0; 32];
        hkdf::Hkdf::<Sha256>::new(None, secret).expand(b"portaria/wrap/1", &mut key).expect("32 bytes");
        Self(key)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&Key::from(self.0))
    }

    #[expect(clippy::expect_used, reason = "encryption fails only past 256 GiB")]
    fn encrypt(&self, plain: &[u8], place: &str) -> Vec<u8> {
        let nonce: [u8; NONCE] = entropy::bytes();
        let sealed = self.cipher().encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: place.as_bytes() }).expect("a short plaintext");
        [nonce.as_slice(), &sealed].concat()
    }

    fn decrypt(&self, sealed: &[u8], place: &str) -> Result<Vec<u8>, SealBroken> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or(SealBroken)?;
        self.cipher().decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: place.as_bytes() }).map_err(|_| SealBroken)
    }

    /// Wraps another key for table `data_keys`.
    pub fn wrap(&self, key: &Self) -> Vec<u8> {
        self.encrypt(&key.0, "data_keys")
    }

    /// Unwraps a row of table `data_keys`.
    pub fn unwrap_key(&self, wrapped: &[u8]) -> Result<Self, SealBroken> {
        let plain = self.decrypt(wrapped, "data_keys")?;
        plain.try_into().map(Self).map_err(|_| SealBroken)
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(***)")
    }
}

/// The keys in force, in memory.
#[derive(Debug, Clone)]
pub struct Sealer {
    /// By id; the last one seals.
    seal: BTreeMap<i64, DataKey>,
    index: DataKey,
}

impl Sealer {
    /// From the unwrapped keys: every seal key by id, of which the highest seals, and the index key.
    pub fn new(seal: BTreeMap<i64, DataKey>, index: DataKey) -> Self {
        Self { seal, index }
    }

    /// Seals bytes for one place, such as `accounts.phone`.
    #[expect(clippy::expect_used, reason = "a Sealer is loaded with at least one key")]
    pub fn seal(&self, plain: &[u8], place: &str) -> Vec<u8> {
        let (id, key) = self.seal.last_key_value().expect("a seal key");
        [&id.to_be_bytes()[..], &key.encrypt(plain, place)].concat()
    }

    /// Opens what was sealed for that place.
    pub fn open(&self, sealed: &[u8], place: &str) -> Result<Vec<u8>, SealBroken> {
        let (id, sealed) = sealed.split_first_chunk::<KEY_ID>().ok_or(SealBroken)?;
        self.seal.get(&i64::from_be_bytes(*id)).ok_or(SealBroken)?.decrypt(sealed, place)
    }

    /// Opens text that was sealed for that place.
    pub fn open_text(&self, sealed: &[u8], place: &str) -> Result<String, SealBroken> {
        String::from_utf8(self.open(sealed, place)?).map_err(|_| SealBroken)
    }

    /// Seals a value as JSON.
    #[expect(clippy::expect_used, reason = "plain structs with string keys always serialise")]
    pub fn seal_json<T: Serialize>(&self, value: &T, place: &str) -> Vec<u8> {
        self.seal(&serde_json::to_vec(value).expect("a serialisable value"), place)
    }

    /// Opens a value sealed as JSON.
    pub fn open_json<T: DeserializeOwned>(&self, sealed: &[u8], place: &str) -> Result<T, SealBroken> {
        serde_json::from_slice(&self.open(sealed, place)?).map_err(|_| SealBroken)
    }

    /// The keyed hash by which a canonical value is unique and found, or a code or token is compared. `scope` keeps a CPF
    /// and a phone of the same digits apart, and binds a code to its verification.
    pub fn index(&self, scope: &str, canonical: &str) -> Vec<u8> {
        self.keyed(scope, canonical).finalize().into_bytes().to_vec()
    }

    /// Whether a keyed hash is that of the value, in constant time (ASVS 11.2.4).
    pub fn index_matches(&self, scope: &str, canonical: &str, expected: &[u8]) -> bool {
        self.keyed(scope, canonical).verify_slice(expected).is_ok()
    }

    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    fn keyed(&self, scope: &str, canonical: &str) -> Hmac<Sha256> {
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&self.index.0).expect("any key length");
        // the length keeps ("a", "bc") and ("ab", "c") apart
        mac.update(&(scope.len() as u64).to_be_bytes());
        mac.update(scope.as_bytes());
        mac.update(canonical.as_bytes());
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealer() -> Sealer {
        Sealer::new(BTreeMap::from([(1, DataKey::random())]), DataKey::random())
    }

    #[test]
    fn what_was_sealed_opens_only_in_its_place() {
        let sealer = sealer();
        let sealed = sealer.seal(b"+5511987654321", "accounts.phone");
        assert_eq!(sealer.open(&sealed, "accounts.phone").as_deref(), Ok(&b"+5511987654321"[..]));
        assert_eq!(sealer.open(&sealed, "accounts.cpf"), Err(SealBroken));
    }

    #[test]
    fn a_flipped_bit_anywhere_is_noticed() {
        let sealer = sealer();
        let sealed = sealer.seal(b"52998224725", "accounts.cpf");
        for byte in 0..sealed.len() {
            let mut tampered = sealed.clone();
            tampered[byte] ^= 1;
            assert_eq!(sealer.open(&tampered, "accounts.cpf"), Err(SealBroken), "byte {byte}");
        }
        assert_eq!(sealer.open(&[], "accounts.cpf"), Err(SealBroken));
    }

    #[test]
    fn a_new_key_seals_and_the_old_one_still_opens() {
        let (old, index) = (DataKey::random(), DataKey::random());
        let sealed = Sealer::new(BTreeMap::from([(1, old)]), index).seal(b"x", "p");
        let rotated = Sealer::new(BTreeMap::from([(1, old), (2, DataKey::random())]), index);
        assert_eq!(rotated.open(&sealed, "p").as_deref(), Ok(&b"x"[..]));
        assert_ne!(rotated.seal(b"x", "p")[..KEY_ID], sealed[..KEY_ID]);
    }

    #[test]
    fn keyed_hashes_keep_scopes_apart() {
        let sealer = sealer();
        assert_eq!(sealer.index("cpf", "1"), sealer.index("cpf", "1"));
        assert_ne!(sealer.index("cpf", "1"), sealer.index("phone", "1"));
        assert_ne!(sealer.index("a", "bc"), sealer.index("ab", "c"));
        assert!(sealer.index_matches("cpf", "1", &sealer.index("cpf", "1")));
        assert!(!sealer.index_matches("cpf", "1", &sealer.index("cpf", "2")));
    }

    #[test]
    fn keys_cannot_be_printed_and_another_secret_does_not_unwrap() {
        let (wrapping, key) = (DataKey::from_secret(&[7; 32]), DataKey::random());
        let wrapped = wrapping.wrap(&key);
        assert_eq!(wrapping.unwrap_key(&wrapped).expect("the same secret").0, key.0);
        assert!(DataKey::from_secret(&[8; 32]).unwrap_key(&wrapped).is_err());
        assert_eq!(format!("{key:?}"), "DataKey(***)");
    }
}
