//! Password hashes: two implementations of Argon2id, one tag.

use server::fuzzing::argon2id_tags;

/// The first bytes choose cost, length and how the rest is split into salt and password.
pub fn argon2id(bytes: &[u8]) {
    let Some(([memory, passes, lanes, length, split], rest)) = bytes.split_first_chunk() else { return };
    let cost = (u32::from(*memory) * 2, u32::from(passes % 4), u32::from(lanes % 5));
    let (salt, password) = rest.split_at(usize::from(*split).min(rest.len()));
    let (one, other) = argon2id_tags(cost, password, salt, usize::from(*length));
    assert_eq!(one, other, "of {cost:?}");
}
