//! Hashes that other systems made: which can be verified here, and PBKDF2, which several of them use.
//!
//! | scheme | form |
//! |---|---|
//! | bcrypt | `$2a$`, `$2b$`, `$2x$`, `$2y$` |
//! | Argon2id, Argon2i, Argon2d | PHC string |
//! | scrypt | PHC string, `$scrypt$ln=…,r=…,p=…$salt$hash` |
//! | PBKDF2 with SHA-1, SHA-256, SHA-512 | PHC string, `$pbkdf2-sha256$i=…$salt$hash` (and `pbkdf2-sha1`, `pbkdf2-sha512`) |

use argon2::password_hash::phc::{Output, PasswordHash};
use pbkdf2::pbkdf2_hmac;
use portaria::moving::Reason;
use std::str::FromStr as _;

/// Anybody can have a hash verified, by trying to sign in. So a hash that takes seconds or hundreds of megabytes is not taken.
const BCRYPT_COST: u32 = 15;
const PBKDF2_ROUNDS: u32 = 3_000_000;
/// In KiB.
const MEMORY: u64 = 256 * 1024;
/// In KiB that are filled, all passes together.
const FILLED: u64 = 2 * 1024 * 1024;

const PBKDF2: [&str; 3] = ["pbkdf2-sha1", "pbkdf2-sha256", "pbkdf2-sha512"];

pub fn is_pbkdf2(algorithm: &str) -> bool {
    PBKDF2.contains(&algorithm)
}

/// Judges a hash that comes from another system.
///
/// # Errors
/// [`Reason::HashUnknown`]: no password could ever be compared with it. [`Reason::HashTooCostly`].
pub fn judge(stored: &str) -> Result<(), Reason> {
    if stored.starts_with("$2") {
        let parts = bcrypt::HashParts::from_str(stored).map_err(|_| Reason::HashUnknown)?;
        return within(u64::from(parts.get_cost()), u64::from(BCRYPT_COST));
    }
    let hash = PasswordHash::new(stored).map_err(|_| Reason::HashUnknown)?;
    if hash.salt.is_none() || hash.hash.is_none() {
        return Err(Reason::HashUnknown);
    }
    match hash.algorithm.as_str() {
        "argon2id" | "argon2i" | "argon2d" => {
            let params = argon2::Params::try_from(&hash).map_err(|_| Reason::HashUnknown)?;
            within(u64::from(params.m_cost()), MEMORY)?;
            within(u64::from(params.m_cost()) * u64::from(params.t_cost()), FILLED)
        }
        "scrypt" => {
            let params = scrypt::Params::try_from(&hash).map_err(|_| Reason::HashUnknown)?;
            let kib = params.n().saturating_mul(u64::from(params.r())) / 8;
            within(kib, MEMORY)?;
            within(kib.saturating_mul(u64::from(params.p())), FILLED)
        }
        algorithm if is_pbkdf2(algorithm) => {
            let rounds = rounds(&hash).ok_or(Reason::HashUnknown)?;
            within(u64::from(rounds), u64::from(PBKDF2_ROUNDS))
        }
        _ => Err(Reason::HashUnknown),
    }
}

const fn within(cost: u64, limit: u64) -> Result<(), Reason> {
    if cost <= limit { Ok(()) } else { Err(Reason::HashTooCostly) }
}

fn rounds(hash: &PasswordHash) -> Option<u32> {
    hash.params.get_decimal("i").filter(|rounds| *rounds > 0)
}

/// Compares a password with a hash by PBKDF2, in constant time. Not `pbkdf2::Pbkdf2`: that one knows no SHA-1 and refuses fewer than a
/// thousand rounds, which other systems have.
pub fn verify_pbkdf2(password: &[u8], hash: &PasswordHash) -> bool {
    let (Some(rounds), Some(salt), Some(expected)) = (rounds(hash), &hash.salt, &hash.hash) else { return false };
    let mut output = [0; Output::MAX_LENGTH];
    let output = &mut output[..expected.len()];
    match hash.algorithm.as_str() {
        "pbkdf2-sha1" => pbkdf2_hmac::<sha1::Sha1>(password, salt, rounds, output),
        "pbkdf2-sha256" => pbkdf2_hmac::<sha2::Sha256>(password, salt, rounds, output),
        "pbkdf2-sha512" => pbkdf2_hmac::<sha2::Sha512>(password, salt, rounds, output),
        _ => return false,
    }
    // `Output` compares in constant time.
    Output::new(output).is_ok_and(|output| output == *expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SALT: &str = "c2FsdFNBTFRzYWx0";

    #[test]
    fn every_scheme_that_is_verified_is_taken_and_no_other() {
        let bcrypt = "$2y$12$L6Bc/AlTQHyd9liGgGEZyOFLPHNgyxeEPfgYfBCVxJ7JIlwxyVU3u";
        let tag = "AAAAAAAAAAAAAAAAAAAAAA";
        let known = [
            bcrypt.to_owned(),
            format!("$argon2id$v=19$m=7168,t=5,p=1${SALT}${tag}"),
            format!("$argon2i$v=16$m=64,t=1,p=1${SALT}${tag}"),
            format!("$scrypt$ln=14,r=8,p=1${SALT}${tag}"),
            format!("$pbkdf2-sha1$i=20000${SALT}${tag}"),
            format!("$pbkdf2-sha512$i=1,l=16${SALT}${tag}"),
        ];
        for hash in &known {
            assert_eq!(judge(hash), Ok(()), "{hash}");
        }
        for unknown in [
            "",
            "5f4dcc3b5aa765d61d8327deb882cf99",
            "$2y$12$short",
            "{bcrypt}$2y$12$L6Bc/AlTQHyd9liGgGEZyOFLPHNgyxeEPfgYfBCVxJ7JIlwxyVU3u",
            "$argon2id$v=19$m=7168,t=5,p=1",
            "$pbkdf2-sha256$c2FsdFNBTFRzYWx0$AAAAAAAAAAAAAAAAAAAAAA",
            "$pbkdf2-md5$i=1000$c2FsdFNBTFRzYWx0$AAAAAAAAAAAAAAAAAAAAAA",
        ] {
            assert_eq!(judge(unknown), Err(Reason::HashUnknown), "{unknown}");
        }
        for costly in [
            bcrypt.replace("$12$", "$16$"),
            format!("$argon2id$v=19$m=1048576,t=1,p=1${SALT}${tag}"),
            format!("$argon2id$v=19$m=65536,t=100,p=1${SALT}${tag}"),
            format!("$scrypt$ln=20,r=8,p=1${SALT}${tag}"),
            format!("$pbkdf2-sha256$i=10000000${SALT}${tag}"),
        ] {
            assert_eq!(judge(&costly), Err(Reason::HashTooCostly), "{costly}");
        }
    }

    /// RFC 6070, the vector whose salt is long enough for a PHC string.
    #[test]
    fn pbkdf2_with_sha_1_computes_what_the_rfc_says() {
        let hash =
            PasswordHash::new("$pbkdf2-sha1$i=4096$c2FsdFNBTFRzYWx0U0FMVHNhbHRTQUxUc2FsdFNBTFRzYWx0$PS7sT+QchJuAyNg2YsDkSospGpZM8vBwOA")
                .expect("a PHC string");
        assert!(verify_pbkdf2(b"passwordPASSWORDpassword", &hash));
        assert!(!verify_pbkdf2(b"passwordPASSWORDpasswore", &hash));
    }
}
