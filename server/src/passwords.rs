//! Password hashing (Argon2id at OWASP's parameters, SPEC §5) and the check for guessable passwords, in a bounded pool off
//! the async threads. A flood of sign-ins waits in a short, fairly shared queue ([`Admission`]). When it is full, nothing
//! is tried and the requester is told to come back (503). So neither memory (19 MiB a hash) nor the other pages suffer
//! (ASVS 15.2.2).

pub mod argon2id;
pub mod foreign;
mod opaque;
mod strength;
mod threads;

use crate::admission::{Admission, Load, Permit};
use crate::client::Client;
use crate::fault::Fault;
use argon2::PasswordVerifier;
use argon2::password_hash::phc::PasswordHash;
use argon2id::{Argon2id, Cost};
use portaria::accounts::Answer;
use portaria::value::Strength;
use std::sync::Arc;
use strength::strength;
use threads::HashingThreads;

/// The cost in production (SPEC §5; OWASP's minimum, ASVS 11.4.2).
const PRODUCTION: Cost = Cost { memory_kib: 19_456, passes: 2, lanes: 1 };
/// The lowest cost that Argon2id allows, for tests.
#[cfg(debug_assertions)]
const CHEAP: Cost = Cost { memory_kib: 8, passes: 1, lanes: 1 };
/// How many requests a core has in hand: one is hashed, while the other asks the database what it has to ask before.
const IN_HAND_PER_CORE: usize = 2;
/// Queue length per core: about two seconds' work.
const QUEUE_PER_CORE: usize = 32;
/// `Retry-After` when the queue is full.
const BUSY_SECONDS: u32 = 2;

#[derive(Clone)]
pub struct Passwords {
    admission: Admission,
    threads: HashingThreads,
    cost: Cost,
    /// A hash that is verified if there is no account, so that the time is the same (ASVS 6.3.8).
    nobody: Arc<str>,
}

/// The result of comparing a password with a hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verified {
    /// Wrong, or there is no account.
    No,
    Yes {
        /// The password's hash under today's scheme and parameters, if the stored hash uses others (SPEC §5).
        rehashed: Option<String>,
    },
}

impl Cost {
    /// Returns whether a hash uses today's scheme and this cost.
    fn is_of(self, stored: &str) -> bool {
        PasswordHash::new(stored).is_ok_and(|hash| {
            let number = |name| hash.params.get_decimal(name);
            hash.algorithm.as_str() == "argon2id"
                && number("m") == Some(self.memory_kib)
                && number("t") == Some(self.passes)
                && number("p") == Some(self.lanes)
        })
    }
}

fn hash(engine: &mut Argon2id, password: &str) -> Result<String, Fault> {
    engine.hash(opaque::opaque(password).as_bytes())
}

/// Compares each spelling of a password. If the old spelling is right, the new one is hashed.
fn verify_spelled(engine: &mut Argon2id, cost: Cost, password: &str, stored: Option<&str>, nobody: &str) -> Result<Verified, Fault> {
    let hashed = stored.unwrap_or(nobody);
    let right = opaque::spellings(password).iter().position(|spelling| verify(engine, spelling, hashed));
    let (Some(spelling), Some(_)) = (right, stored) else { return Ok(Verified::No) };
    let rehashed = if spelling == 0 && cost.is_of(hashed) { None } else { Some(hash(engine, password)?) };
    Ok(Verified::Yes { rehashed })
}

/// Compares under the hash's own scheme. Imported accounts have bcrypt (`$2b$…`), PBKDF2 or scrypt (PHC strings) and are
/// rehashed at their next sign-in.
fn verify(engine: &mut Argon2id, password: &str, stored: &str) -> bool {
    if stored.starts_with("$2") {
        // Not the truncating variant: a password that agrees only in its first 72 bytes is another password (ASVS 6.2.8).
        return bcrypt::non_truncating_verify(password, stored).unwrap_or(false);
    }
    let Ok(hash) = PasswordHash::new(stored) else { return false };
    let password = password.as_bytes();
    match hash.algorithm.as_str() {
        "argon2id" | "argon2i" | "argon2d" => engine.verify(password, &hash),
        algorithm if foreign::is_pbkdf2(algorithm) => foreign::verify_pbkdf2(password, &hash),
        "scrypt" => scrypt::Scrypt::default().verify_password(password, &hash).is_ok(),
        _ => false,
    }
}

impl Passwords {
    /// A pool with one hashing thread per core.
    pub fn new() -> Result<Self, Fault> {
        Self::of(PRODUCTION)
    }

    /// A pool with almost free hashes, for tests that are not about hashing. No release build has it.
    #[cfg(debug_assertions)]
    pub fn cheap() -> Result<Self, Fault> {
        Self::of(CHEAP)
    }

    fn of(cost: Cost) -> Result<Self, Fault> {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Ok(Self {
            admission: Admission::new(u32::try_from(cores * IN_HAND_PER_CORE).unwrap_or(u32::MAX), cores * QUEUE_PER_CORE, BUSY_SECONDS),
            threads: HashingThreads::start(cores, cost)?,
            cost,
            nobody: hash(&mut Argon2id::new(cost), "nobody has this password")?.into(),
        })
    }

    /// Waits for a permit. Callers take it before they count anything: if the queue is full, nothing was tried.
    ///
    /// # Errors
    /// [`portaria::error::Refusal::Busy`] at once if too many already wait, in total or for this client.
    pub async fn permit(&self, client: Client) -> Answer<Permit> {
        self.admission.admit(client, Load::ONE).await
    }

    /// How many passwords wait for a permit.
    pub fn waiting(&self) -> usize {
        self.admission.waiting()
    }

    /// Returns how hard a password is to guess by somebody who has all of `known`, and the permit for what follows.
    pub async fn judge(&self, permit: Permit, password: String, known: Vec<String>) -> Result<(Permit, Strength), Fault> {
        self.threads
            .run(move |_| {
                let known: Vec<_> = known.iter().map(String::as_str).collect();
                (permit, strength(&password, &known))
            })
            .await
    }

    pub async fn hash(&self, permit: Permit, password: String) -> Result<String, Fault> {
        self.threads
            .run(move |engine| {
                let _permit = permit;
                hash(engine, &password)
            })
            .await?
    }

    /// Compares a password with a stored hash, or with the dummy hash if there is none.
    pub async fn verify(&self, permit: Permit, password: String, stored: Option<String>) -> Result<Verified, Fault> {
        let verified = self.verify_each(permit, password, vec![stored]).await?;
        Ok(verified.into_iter().next().unwrap_or(Verified::No))
    }

    /// Compares a password with the hash of each candidate account, one after the other under one permit. It compares all, even
    /// after a match, so that the time does not tell how many accounts there are.
    pub async fn verify_each(&self, permit: Permit, password: String, stored: Vec<Option<String>>) -> Result<Vec<Verified>, Fault> {
        let (cost, nobody) = (self.cost, self.nobody.clone());
        self.threads
            .run(move |engine| {
                // Returned after the work, even if nobody waits for the answer any more.
                let _permit = permit;
                stored.iter().map(|stored| verify_spelled(engine, cost, &password, stored.as_deref(), &nobody)).collect()
            })
            .await?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version};

    fn client() -> Client {
        Client::V4([192, 0, 2, 1])
    }

    #[tokio::test]
    async fn a_hash_has_the_contracts_parameters_and_verifies_the_whole_password() {
        let pool = Passwords::new().expect("a pool");
        let long = format!("{}A1@", "x".repeat(80));
        let stored = pool.hash(pool.permit(client()).await.expect("a permit"), long.clone()).await.expect("a hash");
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        let verify = async |password: &str, stored: Option<&str>| {
            pool.verify(pool.permit(client()).await.expect("a permit"), password.to_owned(), stored.map(str::to_owned))
                .await
                .expect("no fault")
        };
        assert_eq!(verify(&long, Some(&stored)).await, Verified::Yes { rehashed: None });
        assert_eq!(verify(&long[..82], Some(&stored)).await, Verified::No);
        assert_eq!(verify("nobody has this password", None).await, Verified::No);
        assert_eq!(verify("x", Some("not a hash")).await, Verified::No);
    }

    #[tokio::test]
    async fn hashes_of_other_schemes_verify_and_are_made_anew() {
        let pool = Passwords::new().expect("a pool");
        let password = "Umbrella#92x";
        let bcrypt = bcrypt::hash(password, 4).expect("bcrypt");
        let params = pbkdf2::Params::new(1_000).expect("rounds");
        let pbkdf2 = pbkdf2::Pbkdf2::new(pbkdf2::Algorithm::Pbkdf2Sha256, params).hash_password(password.as_bytes()).expect("pbkdf2");
        let params = scrypt::Params::new(4, 8, 1).expect("params");
        let scrypt = scrypt::Scrypt::new_with_params(params).hash_password(password.as_bytes()).expect("scrypt");
        let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(64, 1, 1, None).expect("params"));
        let weak = weak.hash_password(password.as_bytes()).expect("argon2");
        for stored in [bcrypt, pbkdf2.to_string(), scrypt.to_string(), weak.to_string()] {
            let verify = async |password: &str| {
                let permit = pool.permit(client()).await.expect("a permit");
                pool.verify(permit, password.to_owned(), Some(stored.clone())).await.expect("no fault")
            };
            let Verified::Yes { rehashed: Some(rehashed) } = verify(password).await else { panic!("refused: {stored}") };
            assert!(PRODUCTION.is_of(&rehashed), "{rehashed}");
            assert_eq!(verify("Umbrella#92y").await, Verified::No, "{stored}");
        }
    }

    #[tokio::test]
    async fn a_password_is_the_same_in_every_form_of_unicode_and_an_old_hash_still_verifies() {
        let pool = Passwords::new().expect("a pool");
        let verify = async |password: &str, stored: &str| {
            let permit = pool.permit(client()).await.expect("a permit");
            pool.verify(permit, password.to_owned(), Some(stored.to_owned())).await.expect("no fault")
        };
        let (composed, decomposed, spaced) = ("Café com pão #1", "Cafe\u{301} com pa\u{303}o #1", "Café\u{a0}com\u{3000}pão #1");
        for set in [composed, decomposed, spaced] {
            let stored = pool.hash(pool.permit(client()).await.expect("a permit"), set.to_owned()).await.expect("a hash");
            for typed in [composed, decomposed, spaced] {
                assert_eq!(verify(typed, &stored).await, Verified::Yes { rehashed: None }, "{set:?}, {typed:?}");
            }
            assert_eq!(verify("Cafe com pao #1", &stored).await, Verified::No);
        }
        // As it was hashed earlier: exactly as typed.
        let old = bcrypt::hash(decomposed, 4).expect("bcrypt");
        let Verified::Yes { rehashed: Some(rehashed) } = verify(decomposed, &old).await else { panic!("refused") };
        assert_eq!(verify(composed, &rehashed).await, Verified::Yes { rehashed: None });
        let params = Params::new(PRODUCTION.memory_kib, PRODUCTION.passes, PRODUCTION.lanes, None).expect("params");
        let old =
            Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password(decomposed.as_bytes()).expect("a hash").to_string();
        let Verified::Yes { rehashed: Some(rehashed) } = verify(decomposed, &old).await else { panic!("refused") };
        assert_eq!(verify(composed, &rehashed).await, Verified::Yes { rehashed: None });
    }

    #[test]
    fn bcrypt_does_not_cut_a_long_password() {
        let stored = bcrypt::hash("x".repeat(72), 4).expect("bcrypt");
        assert!(!verify(&mut Argon2id::new(PRODUCTION), &"x".repeat(73), &stored));
    }
}
