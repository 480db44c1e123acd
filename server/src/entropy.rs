//! The only source of randomness: the operating system's generator (ASVS 11.5.1).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use portaria::value::Code;
use std::sync::atomic::{AtomicU16, Ordering};
use time::OffsetDateTime;

/// `N` random bytes.
///
/// # Panics
/// When the operating system has no randomness to give: nothing here is safe without it.
#[expect(clippy::expect_used, reason = "a server without randomness must not answer")]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system's generator");
    bytes
}

/// A number uniform over `0..below`, by rejection: `%` alone would favour the small ones.
fn below(below: u64) -> u64 {
    let zone = u64::MAX - u64::MAX % below;
    loop {
        let number = u64::from_le_bytes(bytes());
        if number < zone {
            return number % below;
        }
    }
}

/// A code uniform over its digits, leading zeros kept (ASVS 6.5.3).
pub fn code(digits: u8) -> Code {
    Code::from_number(below(10_u64.pow(u32::from(digits))), digits)
}

/// A token of 256 bits, in URL-safe base64 (43 characters).
pub fn token() -> String {
    URL_SAFE_NO_PAD.encode(bytes::<32>())
}

/// An account's id: positive and below 2^53, so that JSON numbers hold it (docs/threats.md T18).
pub fn account_id() -> i64 {
    i64::try_from(1 + below((1 << 53) - 1)).unwrap_or(1)
}

/// A random UUID (v4).
pub fn uuid() -> uuid::Uuid {
    uuid::Builder::from_random_bytes(bytes()).into_uuid()
}

/// A UUID of this moment (v7), greater than those that this process made for it before: what happens at once is listed as it came.
pub fn uuid_at(at: OffsetDateTime) -> uuid::Uuid {
    static COUNT: AtomicU16 = AtomicU16::new(0);
    let millis = u64::try_from(at.unix_timestamp_nanos() / 1_000_000).unwrap_or_default();
    let mut rest: [u8; 10] = bytes();
    // Of the first two bytes the version takes four bits.
    [rest[0], rest[1]] = (COUNT.fetch_add(1, Ordering::Relaxed) & 0x0fff).to_be_bytes();
    uuid::Builder::from_unix_timestamp_millis(millis, &rest).into_uuid()
}

/// The system's generator, for the crate that makes RSA keys.
pub struct Generator;

impl rsa::rand_core::RngCore for Generator {
    fn next_u32(&mut self) -> u32 {
        u32::from_le_bytes(bytes())
    }

    fn next_u64(&mut self) -> u64 {
        u64::from_le_bytes(bytes())
    }

    #[expect(clippy::expect_used, reason = "a server without randomness must not answer")]
    fn fill_bytes(&mut self, to: &mut [u8]) {
        getrandom::fill(to).expect("the operating system's generator");
    }

    fn try_fill_bytes(&mut self, to: &mut [u8]) -> Result<(), rsa::rand_core::Error> {
        self.fill_bytes(to);
        Ok(())
    }
}

impl rsa::rand_core::CryptoRng for Generator {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happens_at_once_is_numbered_as_it_came() {
        let ids: Vec<_> = (0..50).map(|_| uuid_at(OffsetDateTime::UNIX_EPOCH)).collect();
        // Once in 4096 the count begins anew.
        assert!(ids.windows(2).filter(|pair| pair[0] >= pair[1]).count() <= 1, "{ids:?}");
        assert_eq!(ids[0].get_version_num(), 7);
    }
}
