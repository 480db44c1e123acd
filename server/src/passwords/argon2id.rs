//! Argon2id tags, computed as fast as the processor allows.
//!
//! The crate `argon2-rust` picks AVX-512, AVX2 or NEON when the program runs, and takes about half the time of `RustCrypto`'s
//! `argon2`. It is young and nobody has audited it. So `RustCrypto`'s checks it at start ([`is_trusted`]) and replaces it where
//! the processor has no SIMD or the two disagree; tests and a fuzz target compare the two over random inputs. Only whole
//! tags come from it: PHC strings are read, written and compared by `RustCrypto`'s.
//!
//! Kept by the author of napi-rs, whose Node binding uses it. Read before it was taken: how it chooses its SIMD code (by
//! `is_x86_feature_detected!` alone, cached), how it takes and returns memory (`mmap`, always initialised, unmapped on drop),
//! and its comparison, which is not used here. The SIMD code itself is trusted by comparing, not by reading. Its feature
//! `parallel` stays off, so it starts no thread.
//!
//! **Memory.** A hash fills 19 MiB. Each hashing thread keeps its own and returns it after a while without work. The blocks
//! are not wiped between two hashes: the next one overwrites them, and wiping costs a tenth of a hash. What is returned goes
//! straight back to the system, which clears it before anybody else gets it.

use crate::fault::Fault;
use argon2::password_hash::phc::{Output, PasswordHash, Salt};
use argon2::{Argon2, Params, PasswordVerifier};
use argon2_rust::params::{Memory, TagLen};
use argon2_rust::{Algorithm, Backend, Hasher, Version};
use std::sync::OnceLock;

/// Length of a new tag.
const TAG: usize = 32;
/// Length of a new salt.
const SALT: usize = 16;

/// The cost of one hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    pub memory_kib: u32,
    pub passes: u32,
    pub lanes: u32,
}

/// Computes tags, and keeps the memory of the cost that it was made for.
pub struct Argon2id {
    cost: Cost,
    memory: Option<Hasher>,
}

impl Cost {
    fn params(self) -> Result<Params, Fault> {
        Params::new(self.memory_kib, self.passes, self.lanes, Some(TAG)).map_err(fault)
    }
}

impl Argon2id {
    pub const fn new(cost: Cost) -> Self {
        Self { cost, memory: None }
    }

    /// Hashes a password with a new salt, as a PHC string.
    pub fn hash(&mut self, password: &[u8]) -> Result<String, Fault> {
        let params = self.cost.params()?;
        let salt = crate::entropy::bytes::<SALT>();
        let mut tag = [0; TAG];
        self.tag(self.cost, password, &salt, &mut tag)?;
        let hash = PasswordHash {
            algorithm: argon2::Algorithm::Argon2id.ident(),
            version: Some(argon2::Version::V0x13.into()),
            params: (&params).try_into().map_err(fault)?,
            salt: Some(Salt::new(&salt).map_err(fault)?),
            hash: Some(Output::new(&tag).map_err(fault)?),
        };
        Ok(hash.to_string())
    }

    /// Compares a password with a hash of any Argon2 variant, in constant time.
    pub fn verify(&mut self, password: &[u8], hash: &PasswordHash) -> bool {
        let (Some(cost), Some(salt), Some(expected)) = (common(hash), &hash.salt, &hash.hash) else {
            return Argon2::default().verify_password(password, hash).is_ok();
        };
        let mut tag = [0; Output::MAX_LENGTH];
        let tag = &mut tag[..expected.len()];
        // `Output` compares in constant time.
        self.tag(cost, password, salt, tag).is_ok() && Output::new(tag).is_ok_and(|tag| tag == *expected)
    }

    fn tag(&mut self, cost: Cost, password: &[u8], salt: &[u8], tag: &mut [u8]) -> Result<(), Fault> {
        if !is_trusted() {
            return by_rustcrypto(cost, password, salt, tag);
        }
        if cost != self.cost || tag.len() != TAG {
            return by_simd(&mut hasher_of(cost, tag.len())?, password, salt, tag);
        }
        let hasher = match &mut self.memory {
            Some(hasher) => hasher,
            none => none.insert(hasher_of(cost, TAG)?),
        };
        by_simd(hasher, password, salt, tag)
    }

    /// Returns the memory to the system. The next hash takes it anew.
    pub fn return_memory(&mut self) {
        self.memory = None;
    }

    pub const fn keeps_memory(&self) -> bool {
        self.memory.is_some()
    }
}

fn fault(error: impl std::fmt::Display) -> Fault {
    Fault::PasswordHash(error.to_string())
}

/// The cost of an Argon2id hash of today's version without a key id and associated data. `None`: another kind of hash, left
/// to `RustCrypto`'s.
fn common(hash: &PasswordHash) -> Option<Cost> {
    let number = |name| hash.params.get_decimal(name);
    if hash.algorithm != argon2::Algorithm::Argon2id.ident() || hash.version != Some(argon2::Version::V0x13.into()) {
        return None;
    }
    if hash.params.iter().count() != 3 {
        return None;
    }
    Some(Cost { memory_kib: number("m")?, passes: number("t")?, lanes: number("p")? })
}

/// Whether `argon2-rust` is used. It has to find SIMD, and to agree with `RustCrypto`'s about hashes that pass through each of
/// its steps: several passes and lanes, data-dependent and independent blocks, a tag longer than one `BLAKE2b` output.
fn is_trusted() -> bool {
    static TRUSTED: OnceLock<bool> = OnceLock::new();
    *TRUSTED.get_or_init(|| {
        let simd = !matches!(argon2_rust::detected_backend(), Backend::Scalar);
        let agrees = [(Cost { memory_kib: 64, passes: 2, lanes: 1 }, 32), (Cost { memory_kib: 48, passes: 3, lanes: 3 }, 80)]
            .into_iter()
            .all(|(cost, length)| {
                let (one, other) = both(cost, b"Umbrella#92x", b"salt of the self-test", length);
                one.is_some() && one == other
            });
        if simd && !agrees {
            tracing::error!("argon2-rust computes wrong tags here; the slower crate argon2 is used");
        }
        simd && agrees
    })
}

/// The tags of both crates, to compare them; `None` where one refuses.
pub(crate) fn both(cost: Cost, password: &[u8], salt: &[u8], length: usize) -> (Option<Vec<u8>>, Option<Vec<u8>>) {
    let (mut one, mut other) = (vec![0; length], vec![0; length]);
    let simd = hasher_of(cost, length).and_then(|mut hasher| by_simd(&mut hasher, password, salt, &mut one));
    let rustcrypto = by_rustcrypto(cost, password, salt, &mut other);
    (simd.ok().map(|()| one), rustcrypto.ok().map(|()| other))
}

fn hasher_of(cost: Cost, length: usize) -> Result<Hasher, Fault> {
    let length = u64::try_from(length).map_err(fault)?;
    let params = argon2_rust::Params::builder()
        .memory(Memory::kib(cost.memory_kib.into()))
        .passes(cost.passes)
        .lanes(cost.lanes)
        .tag_len(TagLen::bytes(length))
        .build()
        .map_err(fault)?;
    Ok(argon2_rust::Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hasher())
}

fn by_simd(hasher: &mut Hasher, password: &[u8], salt: &[u8], tag: &mut [u8]) -> Result<(), Fault> {
    hasher.hash_into(password, salt, tag).map_err(fault)
}

fn by_rustcrypto(cost: Cost, password: &[u8], salt: &[u8], tag: &mut [u8]) -> Result<(), Fault> {
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(tag.len())).map_err(fault)?;
    Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params).hash_password_into(password, salt, tag).map_err(fault)
}

#[cfg(test)]
mod tests;
