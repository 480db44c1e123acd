//! Hashes as other systems keep them, in parts, become PHC strings, which is how they are kept here.

use argon2::password_hash::phc::{Ident, Output, ParamsString, PasswordHash, Salt};
use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Base64 with or without padding.
const BASE64: GeneralPurpose =
    GeneralPurpose::new(&STANDARD, GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent));

pub(super) fn from_base64(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text).ok()
}

pub(super) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text.chars().map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0)?;
    Some(digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

/// Puts a hash together. `None`: it does not fit into a PHC string.
pub(super) fn phc(algorithm: &str, version: Option<u32>, params: &[(&str, u32)], salt: &[u8], hash: &[u8]) -> Option<String> {
    let mut all = ParamsString::new();
    for (name, value) in params {
        all.add_decimal(*name, *value).ok()?;
    }
    let hash = PasswordHash {
        algorithm: Ident::new(algorithm).ok()?,
        version,
        params: all,
        salt: Some(Salt::new(salt).ok()?),
        hash: Some(Output::new(hash).ok()?),
    };
    Some(hash.to_string())
}
