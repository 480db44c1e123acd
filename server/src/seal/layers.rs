//! The keyed hashes under which a phone, CPF or CNPJ is unique and found among the accounts, and whatever was typed is found everywhere else;
//! and how their key changes (SPEC §13).
//!
//! Such a hash has a layer for each key. The first is [`super::Sealer::index`]; a key that comes later lays one over what stands there. So a
//! hash is brought to the newest key without anybody knowing its value, and nobody makes one who does not have the newest key, whatever
//! earlier keys they have.
//!
//! A hash of the first layer is 32 bytes; a later one is the number of its layer (1 byte) and 32 bytes.

use super::DataKey;
use chacha20poly1305::aead::KeyInit;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::ops::Deref;

pub(super) const HASH: usize = 32;

/// How far the change to the newest key is. Whatever a node believes, what it writes is unique beside what all others write: either the
/// hash by the key before or that by the newest stands in the same column of both.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Stage {
    /// Every hash is by the newest key.
    #[default]
    Settled,
    /// Every hash is by the key before, and beside it is the one by the newest.
    Filling,
    /// The one by the newest takes the place of the one before, and still stands beside it.
    Moving,
}

/// The keys after the first, and the stage of the last of them.
#[derive(Debug, Clone, Default)]
pub struct Layers {
    pub keys: Vec<DataKey>,
    pub stage: Stage,
}

/// A hash as it is written and looked for now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unique {
    /// What the column `…_index` gets.
    pub index: Vec<u8>,
    /// What the column `…_next` gets.
    pub next: Option<Vec<u8>>,
    /// By what else it is found in `…_index`, while the key changes.
    pub other: Option<Vec<u8>>,
}

impl Unique {
    /// Every hash by which the value is found in the column `…_index`.
    pub fn any(&self) -> Vec<&[u8]> {
        std::iter::once(self.index.as_slice()).chain(self.other.as_deref()).collect()
    }
}

/// A keyed hash anywhere but among the accounts: of a destination, a document, or what somebody signs in with. It is the bytes that are
/// written now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    written: Vec<u8>,
    /// By what else it is found, while the key changes.
    other: Option<Vec<u8>>,
}

impl Index {
    /// Every hash by which it is found.
    pub fn any(&self) -> Vec<&[u8]> {
        std::iter::once(self.written.as_slice()).chain(self.other.as_deref()).collect()
    }

    /// Whether a stored hash is of the same value.
    pub fn is(&self, stored: &[u8]) -> bool {
        self.any().contains(&stored)
    }

    /// The hash by the newest key, by which two nodes agree while it changes.
    pub fn newest(&self) -> &[u8] {
        self.any().into_iter().max_by_key(|hash| number(hash)).unwrap_or_default()
    }
}

impl Deref for Index {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.written
    }
}

impl From<Unique> for Index {
    fn from(Unique { index, other, .. }: Unique) -> Self {
        Self { written: index, other }
    }
}

/// The layer of a hash; 0: it is none.
fn number(stored: &[u8]) -> usize {
    match stored {
        [number, hash @ ..] if hash.len() == HASH => usize::from(*number),
        hash => usize::from(hash.len() == HASH),
    }
}

impl Layers {
    /// The number of the newest layer.
    pub const fn newest(&self) -> usize {
        self.keys.len() + 1
    }

    /// Brings a stored hash to a layer.
    fn lifted(&self, stored: &[u8], to: usize) -> Option<Vec<u8>> {
        let from = number(stored);
        let over = self.keys.get(from.checked_sub(1)?..to.checked_sub(1)?)?;
        let mut hash = stored.to_vec();
        for (key, number) in over.iter().zip(from + 1..) {
            hash = [&[u8::try_from(number).ok()?][..], &layer(key, &hash)].concat();
        }
        Some(hash)
    }

    /// Brings a stored hash to the newest layer. `None`: it is of a layer that is unknown here.
    pub fn newest_of(&self, stored: &[u8]) -> Option<Vec<u8>> {
        self.lifted(stored, self.newest())
    }

    /// Whether a stored hash of a later layer is that of this one of the first, in constant time.
    pub fn matches(&self, first: &[u8], stored: &[u8]) -> bool {
        let Some((at, hash)) = stored.split_first().map(|(at, hash)| (usize::from(*at), hash)) else { return false };
        let (Some(below), Some(key)) = (at.checked_sub(1), at.checked_sub(2).and_then(|nth| self.keys.get(nth))) else { return false };
        self.lifted(first, below).is_some_and(|below| keyed(key, &below).verify_slice(hash).is_ok())
    }

    /// A hash as it is written and looked for now, of the first layer or of any that was stored.
    pub fn unique(&self, first: &[u8]) -> Unique {
        let at = |layer| self.lifted(first, layer).unwrap_or_else(|| first.to_vec());
        let newest = at(self.newest());
        match self.stage {
            Stage::Settled => Unique { index: newest, next: None, other: None },
            Stage::Filling => Unique { index: at(self.newest() - 1), next: Some(newest.clone()), other: Some(newest) },
            Stage::Moving => Unique { index: newest.clone(), next: Some(newest), other: Some(at(self.newest() - 1)) },
        }
    }
}

#[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
fn keyed(key: &DataKey, below: &[u8]) -> Hmac<Sha256> {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&key.0).expect("any key length");
    mac.update(b"portaria/layer/1");
    mac.update(below);
    mac
}

fn layer(key: &DataKey, below: &[u8]) -> [u8; HASH] {
    keyed(key, below).finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layers(keys: &[DataKey], stage: Stage) -> Layers {
        Layers { keys: keys.to_vec(), stage }
    }

    #[test]
    fn whatever_stage_two_nodes_believe_in_a_value_is_unique_and_found() {
        let (second, third) = (DataKey::random(), DataKey::random());
        let keys = [second.clone(), third];
        let before = layers(&[second], Stage::Settled);
        let stages = [before, layers(&keys, Stage::Filling), layers(&keys, Stage::Moving), layers(&keys, Stage::Settled)];
        let first = vec![7; 32];
        // Nodes are at most one stage apart: each waits until all have heard of it.
        for (one, other) in stages.iter().zip(&stages).chain(stages.iter().zip(&stages[1..])) {
            let (one, other) = (one.unique(&first), other.unique(&first));
            assert!(one.index == other.index || (one.next.is_some() && one.next == other.next), "{one:?} {other:?}");
        }
        // Where it need not be unique, each finds what the other wrote, and knows it for the same.
        for (one, other) in stages.iter().zip(&stages).chain(stages.iter().zip(&stages[1..])) {
            let (one, other) = (Index::from(one.unique(&first)), Index::from(other.unique(&first)));
            assert!(one.is(&other) && other.is(&one), "{one:?} {other:?}");
        }
        let [filling, moving] = [&stages[1], &stages[2]].map(|layers| Index::from(layers.unique(&first)));
        assert!(filling.newest() == moving.newest() && moving.newest() == &moving[..] && filling.newest() != &filling[..]);
        // Who fills and who moves find what the other wrote.
        let (filling, moving) = (stages[1].unique(&first), stages[2].unique(&first));
        assert!(filling.any().contains(&moving.index.as_slice()) && moving.any().contains(&filling.index.as_slice()));
    }

    #[test]
    fn a_hash_is_brought_to_the_newest_key_from_any_layer_and_no_other_key_makes_it() {
        let keys = [DataKey::random(), DataKey::random()];
        let both = layers(&keys, Stage::Settled);
        let first = vec![7; 32];
        let newest = both.unique(&first).index;
        assert!(newest.len() == 33 && newest[0] == 3);
        let second = layers(&keys[..1], Stage::Settled).unique(&first).index;
        assert_eq!(both.newest_of(&second).expect("a hash"), newest);
        assert_eq!(both.newest_of(&newest).expect("a hash"), newest);
        let others = layers(&[keys[0].clone(), DataKey::random()], Stage::Settled);
        assert_ne!(others.unique(&first).index, newest);
        assert!(both.matches(&first, &newest) && both.matches(&first, &second));
        assert!(!both.matches(&[8; 32], &newest) && !others.matches(&first, &newest) && !both.matches(&first, &[1; 33]));
        assert!(both.newest_of(&[9; 33]).is_none() && both.newest_of(&[]).is_none());
    }
}
