//! Keeps values secret in a dump of the database: sealing (XChaCha20-Poly1305) and keyed hashing (HMAC-SHA-256).
//!
//! `PORTARIA_SECRET` never seals a value itself: it wraps the data keys of table `data_keys`. So a new secret re-wraps only
//! a few rows. A new seal key seals what is written from then on, while the old one still opens earlier values.
//!
//! A sealed value is `version (1 byte) · key id (8 bytes, big endian) · nonce (24) · ciphertext and tag`. The associated
//! data names the column and the row. A sealed phone moved to the column of a CPF, or to another person's row, does not
//! open. So an attacker who can write to the database, but has no key, cannot swap two recipients to receive another
//! person's code.
//!
//! Older values have no version byte, and their associated data names only the column. They begin with the 0 of a key id,
//! which no version does, and still open. New values are always sealed for their row.

mod layers;

pub use layers::{Index, Layers, Stage, Unique};

use crate::entropy;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::Sha256;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use zeroize::{ZeroizeOnDrop, Zeroizing};

/// A sealed value did not open: wrong key, wrong column, or tampered with. The error does not tell which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a sealed value could not be opened")]
pub struct SealBroken;

const NONCE: usize = 24;
const KEY_ID: usize = 8;
/// The associated data's name of the column with wrapped keys.
const WRAPPED: &str = "data_keys.wrapped";
/// The length of a wrapped key: nonce, key and tag.
const WRAPPED_KEY: usize = NONCE + 32 + 16;
/// The version of values sealed for a column and a row. Never 0: an older value begins with 0, because its key id is below
/// 2^56.
const BOUND_TO_ROW: u8 = 1;

/// A 256-bit key. It cannot be printed and is wiped from memory when dropped.
#[derive(Clone, ZeroizeOnDrop)]
pub struct DataKey([u8; 32]);

/// Identifies a row within its table: its primary key as stored.
pub trait RowId {
    fn bytes(&self) -> Vec<u8>;
}

impl RowId for uuid::Uuid {
    fn bytes(&self) -> Vec<u8> {
        self.as_bytes().to_vec()
    }
}

/// A row together with the row that it refers to.
impl RowId for (uuid::Uuid, Option<uuid::Uuid>) {
    fn bytes(&self) -> Vec<u8> {
        [self.0.as_bytes().as_slice(), self.1.as_ref().map_or(&[], |other| other.as_bytes().as_slice())].concat()
    }
}

impl RowId for i64 {
    fn bytes(&self) -> Vec<u8> {
        self.to_be_bytes().to_vec()
    }
}

impl RowId for str {
    fn bytes(&self) -> Vec<u8> {
        self.as_bytes().to_vec()
    }
}

impl RowId for [u8] {
    fn bytes(&self) -> Vec<u8> {
        self.to_vec()
    }
}

/// The associated data of a value in a row. The length keeps ("a", "bc") and ("ab", "c") apart.
fn associated(column: &str, row: &(impl RowId + ?Sized)) -> Vec<u8> {
    [&(column.len() as u64).to_be_bytes()[..], column.as_bytes(), &row.bytes()].concat()
}

impl DataKey {
    pub fn random() -> Self {
        Self(entropy::bytes())
    }

    /// A key for wrapping, derived from the operator's secret (HKDF-SHA-256).
    #[expect(clippy::expect_used, reason = "HKDF gives 32 bytes; only more than 8160 would be refused")]
    pub fn from_secret(secret: &[u8; 32]) -> Self {
        let mut key = Self([0; 32]);
        hkdf::Hkdf::<Sha256>::new(None, secret).expand(b"portaria/wrap/1", &mut key.0).expect("32 bytes");
        key
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(<&Key>::from(&self.0))
    }

    #[expect(clippy::expect_used, reason = "encryption fails only past 256 GiB")]
    fn encrypt(&self, plain: &[u8], aad: &[u8]) -> Vec<u8> {
        let nonce: [u8; NONCE] = entropy::bytes();
        let sealed = self.cipher().encrypt(&XNonce::from(nonce), Payload { msg: plain, aad }).expect("a short plaintext");
        [nonce.as_slice(), &sealed].concat()
    }

    fn decrypt(&self, sealed: &[u8], aad: &[u8]) -> Result<Vec<u8>, SealBroken> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or(SealBroken)?;
        self.cipher().decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad }).map_err(|_| SealBroken)
    }

    /// Wraps another key for the row with this id of table `data_keys`.
    pub fn wrap(&self, key: &Self, id: i64) -> Vec<u8> {
        [&[BOUND_TO_ROW][..], &self.encrypt(&key.0, &associated(WRAPPED, &id))].concat()
    }

    /// Unwraps the key of that row. An older one is bound to the table alone, until the keys are changed next.
    pub fn unwrap_key(&self, wrapped: &[u8], id: i64) -> Result<Self, SealBroken> {
        let plain = match wrapped {
            [BOUND_TO_ROW, wrapped @ ..] if wrapped.len() == WRAPPED_KEY => self.decrypt(wrapped, &associated(WRAPPED, &id)),
            _ => self.decrypt(wrapped, b"data_keys"),
        };
        Zeroizing::new(plain?).as_slice().try_into().map(Self).map_err(|_| SealBroken)
    }

    /// Whether a key is wrapped for its row.
    pub const fn is_bound(wrapped: &[u8]) -> bool {
        wrapped.len() == WRAPPED_KEY + 1
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(***)")
    }
}

/// A row of table `data_keys` without its key: what tells a node that nothing has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyState {
    pub id: i64,
    pub is_retired: bool,
    /// Whether it seals, if it is a seal key.
    pub in_use: bool,
    /// How far the change to it is, if it is an index key.
    pub stage: Stage,
}

/// The keys in use, in memory once, however often it is cloned. They may be replaced while it is used.
#[derive(Debug, Clone)]
pub struct Sealer(Arc<RwLock<Arc<Keys>>>);

#[derive(Debug)]
struct Keys {
    /// Seal keys by id.
    seal: BTreeMap<i64, DataKey>,
    /// The id of the key that seals.
    seals: i64,
    index: DataKey,
    layers: Layers,
    /// The rows that they were read from (`server/src/db/keys.rs`).
    state: Vec<KeyState>,
}

impl Sealer {
    /// Builds a sealer from the unwrapped keys: all seal keys by id, and the index key. The highest id seals.
    pub fn new(seal: BTreeMap<i64, DataKey>, index: DataKey) -> Self {
        let seals = seal.last_key_value().map_or(0, |(id, _)| *id);
        Self::sealing_with(seals, seal, index)
    }

    /// The same, but the key with the id `seals` seals: a newer one is announced, so that it opens already.
    pub fn sealing_with(seals: i64, seal: BTreeMap<i64, DataKey>, index: DataKey) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(Keys { seal, seals, index, layers: Layers::default(), state: Vec::new() }))))
    }

    /// With index keys that came after the first, read from rows of this state.
    #[must_use]
    pub fn layered(self, layers: Layers, state: Vec<KeyState>) -> Self {
        let Keys { seal, seals, index, .. } = &*self.keys();
        Self(Arc::new(RwLock::new(Arc::new(Keys { seal: seal.clone(), seals: *seals, index: index.clone(), layers, state }))))
    }

    /// Whether it was read from rows of this state.
    pub fn is_of(&self, state: &[KeyState]) -> bool {
        self.keys().state == state
    }

    /// Takes over the keys of another sealer, for every clone of this one. What is being sealed meanwhile is sealed with either.
    pub fn replace(&self, by: &Self) {
        let keys = by.keys();
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = keys;
    }

    fn keys(&self) -> Arc<Keys> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How a value begins that is sealed for its row with the key that seals now: version and key id.
    pub fn prefix(&self) -> Vec<u8> {
        [&[BOUND_TO_ROW][..], &self.keys().seals.to_be_bytes()].concat()
    }

    #[expect(clippy::expect_used, reason = "a Sealer is loaded with the key that seals")]
    fn seal_with(&self, plain: &[u8], aad: &[u8]) -> Vec<u8> {
        let keys = self.keys();
        let key = keys.seal.get(&keys.seals).expect("a seal key");
        [&keys.seals.to_be_bytes()[..], &key.encrypt(plain, aad)].concat()
    }

    fn open_with(&self, sealed: &[u8], aad: &[u8]) -> Result<Vec<u8>, SealBroken> {
        let (id, sealed) = sealed.split_first_chunk::<KEY_ID>().ok_or(SealBroken)?;
        self.keys().seal.get(&i64::from_be_bytes(*id)).ok_or(SealBroken)?.decrypt(sealed, aad)
    }

    /// Seals bytes for one column of one row, such as `accounts.phone` of account 7.
    pub fn seal_in(&self, plain: &[u8], column: &str, row: &(impl RowId + ?Sized)) -> Vec<u8> {
        [&[BOUND_TO_ROW][..], &self.seal_with(plain, &associated(column, row))].concat()
    }

    /// Opens a value sealed for that column and row, or an older value sealed for that column alone.
    pub fn open_in(&self, sealed: &[u8], column: &str, row: &(impl RowId + ?Sized)) -> Result<Vec<u8>, SealBroken> {
        match sealed {
            [BOUND_TO_ROW, sealed @ ..] => self.open_with(sealed, &associated(column, row)),
            [0, ..] => self.open_with(sealed, column.as_bytes()),
            _ => Err(SealBroken),
        }
    }

    pub fn open_text_in(&self, sealed: &[u8], column: &str, row: &(impl RowId + ?Sized)) -> Result<String, SealBroken> {
        String::from_utf8(self.open_in(sealed, column, row)?).map_err(|_| SealBroken)
    }

    /// Seals a value as JSON.
    #[expect(clippy::expect_used, reason = "plain structs with string keys always serialise")]
    pub fn seal_json_in<T: Serialize>(&self, value: &T, column: &str, row: &(impl RowId + ?Sized)) -> Vec<u8> {
        self.seal_in(&serde_json::to_vec(value).expect("a serialisable value"), column, row)
    }

    /// Opens a value sealed as JSON.
    pub fn open_json_in<T: DeserializeOwned>(&self, sealed: &[u8], column: &str, row: &(impl RowId + ?Sized)) -> Result<T, SealBroken> {
        serde_json::from_slice(&self.open_in(sealed, column, row)?).map_err(|_| SealBroken)
    }

    /// The keyed hash of a token, and the first layer of all others. `scope` keeps a CPF and a phone of the same digits apart.
    pub fn index(&self, scope: &str, canonical: &str) -> Vec<u8> {
        self.keyed(scope, canonical).finalize().into_bytes().to_vec()
    }

    /// The keyed hash by which a canonical value is unique among the accounts, as it is written and looked for now.
    pub fn unique(&self, scope: &str, canonical: &str) -> Unique {
        self.unique_of(&self.index(scope, canonical))
    }

    /// The same of a value's [`Self::index`].
    pub fn unique_of(&self, index: &[u8]) -> Unique {
        self.keys().layers.unique(index)
    }

    /// The keyed hash of what somebody could guess, anywhere but among the accounts, as it is written and looked for now.
    pub fn found(&self, scope: &str, canonical: &str) -> Index {
        self.found_by(&self.index(scope, canonical))
    }

    /// The same of one that is stored.
    pub fn found_by(&self, stored: &[u8]) -> Index {
        self.unique_of(stored).into()
    }

    /// How a unique hash by the newest key begins, if there is more than one key.
    pub fn newest_layer(&self) -> Vec<u8> {
        self.keys().layers.newest().to_be_bytes().last().map(|number| vec![*number]).unwrap_or_default()
    }

    /// A unique hash by the newest key, of one by any.
    pub fn newest_of(&self, stored: &[u8]) -> Option<Vec<u8>> {
        self.keys().layers.newest_of(stored)
    }

    /// Compares a keyed hash, by whichever key, with that of a value, in constant time (ASVS 11.2.4).
    pub fn index_matches(&self, scope: &str, canonical: &str, expected: &[u8]) -> bool {
        let first = self.keyed(scope, canonical);
        if expected.len() == layers::HASH {
            return first.verify_slice(expected).is_ok();
        }
        self.keys().layers.matches(&first.finalize().into_bytes(), expected)
    }

    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    fn keyed(&self, scope: &str, canonical: &str) -> Hmac<Sha256> {
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&self.keys().index.0).expect("any key length");
        // The length keeps ("a", "bc") and ("ab", "c") apart.
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
    fn what_was_sealed_opens_only_in_its_column_and_row() {
        let sealer = sealer();
        let sealed = sealer.seal_in(b"+5511987654321", "accounts.phone", &7_i64);
        assert_eq!(sealer.open_in(&sealed, "accounts.phone", &7_i64).as_deref(), Ok(&b"+5511987654321"[..]));
        assert_eq!(sealer.open_in(&sealed, "accounts.cpf", &7_i64), Err(SealBroken));
        assert_eq!(sealer.open_in(&sealed, "accounts.phone", &8_i64), Err(SealBroken));
        assert_eq!(sealer.open_in(&sealer.seal_in(b"x", "ab", "c"), "a", "bc"), Err(SealBroken), "where one ends and the other begins");
    }

    #[test]
    fn what_was_sealed_for_its_column_alone_still_opens_there() {
        let sealer = sealer();
        let before = sealer.seal_with(b"52998224725", b"accounts.cpf");
        assert_eq!(sealer.open_in(&before, "accounts.cpf", &7_i64).as_deref(), Ok(&b"52998224725"[..]));
        assert_eq!(sealer.open_in(&before, "accounts.phone", &7_i64), Err(SealBroken));
        let bound = sealer.seal_in(b"52998224725", "accounts.cpf", &7_i64);
        assert_eq!(sealer.open_in(&bound[1..], "accounts.cpf", &7_i64), Err(SealBroken), "without its version it is none of before");
    }

    #[test]
    fn a_flipped_bit_anywhere_is_noticed() {
        let sealer = sealer();
        let sealed = sealer.seal_in(b"52998224725", "accounts.cpf", &7_i64);
        for byte in 0..sealed.len() {
            let mut tampered = sealed.clone();
            tampered[byte] ^= 1;
            assert_eq!(sealer.open_in(&tampered, "accounts.cpf", &7_i64), Err(SealBroken), "byte {byte}");
        }
        assert_eq!(sealer.open_in(&[], "accounts.cpf", &7_i64), Err(SealBroken));
    }

    #[test]
    fn a_new_key_seals_and_the_old_one_still_opens() {
        let (old, index) = (DataKey::random(), DataKey::random());
        let sealed = Sealer::new(BTreeMap::from([(1, old.clone())]), index.clone()).seal_in(b"x", "p", &7_i64);
        let rotated = Sealer::new(BTreeMap::from([(1, old), (2, DataKey::random())]), index);
        assert_eq!(rotated.open_in(&sealed, "p", &7_i64).as_deref(), Ok(&b"x"[..]));
        assert_ne!(rotated.seal_in(b"x", "p", &7_i64)[..=KEY_ID], sealed[..=KEY_ID]);
    }

    #[test]
    fn an_announced_key_opens_and_seals_only_once_its_time_has_come_for_every_clone() {
        let (old, new, index) = (DataKey::random(), DataKey::random(), DataKey::random());
        let both = || BTreeMap::from([(1, old.clone()), (2, new.clone())]);
        let sealer = Sealer::new(BTreeMap::from([(1, old.clone())]), index.clone());
        let clone = sealer.clone();
        let of_another_node = Sealer::new(both(), index.clone()).seal_in(b"x", "p", &7_i64);
        assert!(clone.open_in(&of_another_node, "p", &7_i64).is_err());
        sealer.replace(&Sealer::sealing_with(1, both(), index.clone()));
        assert_eq!(clone.open_in(&of_another_node, "p", &7_i64).as_deref(), Ok(&b"x"[..]));
        assert!(clone.seal_in(b"y", "p", &7_i64).starts_with(&[BOUND_TO_ROW, 0, 0, 0, 0, 0, 0, 0, 1]));
        sealer.replace(&Sealer::new(both(), index));
        assert!(clone.seal_in(b"y", "p", &7_i64).starts_with(&clone.prefix()) && clone.prefix().ends_with(&[2]));
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
        let wrapped = wrapping.wrap(&key, 7);
        assert_eq!(wrapping.unwrap_key(&wrapped, 7).expect("the same secret").0, key.0);
        assert!(DataKey::from_secret(&[8; 32]).unwrap_key(&wrapped, 7).is_err());
        assert_eq!(format!("{key:?}"), "DataKey(***)");
    }

    #[test]
    fn a_wrapped_key_opens_in_its_row_alone_and_one_of_before_still_opens() {
        let (wrapping, key) = (DataKey::from_secret(&[7; 32]), DataKey::random());
        let wrapped = wrapping.wrap(&key, 7);
        assert!(DataKey::is_bound(&wrapped) && wrapping.unwrap_key(&wrapped, 8).is_err());
        assert!(wrapping.unwrap_key(&wrapped[1..], 7).is_err(), "without its version it is none of before");
        let before = wrapping.encrypt(&key.0, b"data_keys");
        assert!(!DataKey::is_bound(&before));
        assert_eq!(wrapping.unwrap_key(&before, 8).expect("of the table").0, key.0);
    }
}
