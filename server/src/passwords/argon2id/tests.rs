use super::*;
use proptest::prelude::*;

const PASSWORD: &[u8] = b"Umbrella#92x";

/// Tags of the reference implementation (`phc-winner-argon2`, `src/test.c`): memory in KiB, passes, lanes, password, salt, tag.
const REFERENCE: [(u32, u32, u32, &str, &str, &str); 7] = [
    (65_536, 2, 1, "password", "somesalt", "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7"),
    (256, 2, 1, "password", "somesalt", "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe"),
    (256, 2, 2, "password", "somesalt", "6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037"),
    (65_536, 1, 1, "password", "somesalt", "f6a5adc1ba723dddef9b5ac1d464e180fcd9dffc9d1cbf76cca2fed795d9ca98"),
    (65_536, 4, 1, "password", "somesalt", "9025d48e68ef7395cca9079da4c4ec3affb3c8911fe4f86d1a2520856f63172c"),
    (65_536, 2, 1, "differentpassword", "somesalt", "0b84d652cf6b0c4beaef0dfe278ba6a80df6696281d7e0d2891b817d8c458fde"),
    (65_536, 2, 1, "password", "diffsalt", "bdf32b05ccc42eb15d58fd19b1f856b113da1e9a5874fdcc544308565aa8141c"),
];

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

#[test]
fn both_crates_give_the_tags_of_the_reference() {
    for (memory_kib, passes, lanes, password, salt, expected) in REFERENCE {
        let tags = both(Cost { memory_kib, passes, lanes }, password.as_bytes(), salt.as_bytes(), TAG);
        for tag in [tags.0, tags.1] {
            assert_eq!(tag.map(|tag| hex(&tag)).as_deref(), Some(expected), "m={memory_kib},t={passes},p={lanes}");
        }
    }
}

/// With a secret and associated data, which no stored hash has: the crate's code is the same.
#[test]
fn both_crates_give_the_tag_of_rfc_9106() {
    let (password, salt, secret, data) = ([1; 32], [2; 16], [3; 8], [4; 12]);
    let expected = "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659";
    let params =
        argon2_rust::Params::builder().memory(Memory::kib(32)).passes(3).lanes(4).tag_len(TagLen::bytes(32)).build().expect("params");
    let mut tag = [0; TAG];
    argon2_rust::Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hasher()
        .hash_into_with_ad(&password, &salt, &secret, &data, &mut tag)
        .expect("a tag");
    assert_eq!(hex(&tag), expected);
    let mut params = argon2::ParamsBuilder::new();
    params.m_cost(32).t_cost(3).p_cost(4).data(argon2::AssociatedData::new(&data).expect("data"));
    Argon2::new_with_secret(&secret, argon2::Algorithm::Argon2id, argon2::Version::V0x13, params.build().expect("params"))
        .expect("a secret")
        .hash_password_into(&password, &salt, &mut tag)
        .expect("a tag");
    assert_eq!(hex(&tag), expected);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn both_crates_agree(
        password in prop::collection::vec(any::<u8>(), 0..300),
        salt in prop::collection::vec(any::<u8>(), 0..65),
        (memory_kib, passes, lanes, length) in (0_u32..300, 0_u32..4, 0_u32..5, 0_usize..130),
    ) {
        let (one, other) = both(Cost { memory_kib, passes, lanes }, &password, &salt, length);
        prop_assert_eq!(one, other);
    }

    #[test]
    fn memory_that_was_used_before_changes_no_tag(passwords in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 1..8)) {
        let cost = Cost { memory_kib: 128, passes: 2, lanes: 1 };
        let mut engine = Argon2id::new(cost);
        for password in passwords {
            let stored = engine.hash(&password).expect("a hash");
            let hash = PasswordHash::new(&stored).expect("a PHC string");
            prop_assert!(Argon2::default().verify_password(&password, &hash).is_ok());
            prop_assert!(engine.verify(&password, &hash));
            let wrong = [&password[..], b"x"].concat();
            prop_assert!(!engine.verify(&wrong, &hash));
        }
    }
}

#[test]
fn what_rustcrypto_hashed_verifies_whatever_the_variant_version_cost_and_length() {
    let mut engine = Argon2id::new(Cost { memory_kib: 64, passes: 1, lanes: 1 });
    for algorithm in [argon2::Algorithm::Argon2id, argon2::Algorithm::Argon2i, argon2::Algorithm::Argon2d] {
        for version in [argon2::Version::V0x13, argon2::Version::V0x10] {
            for (memory_kib, passes, lanes, length) in [(64, 1, 1, 32), (64, 1, 1, 16), (128, 3, 2, 64)] {
                let params = Params::new(memory_kib, passes, lanes, Some(length)).expect("params");
                let argon2 = Argon2::new(algorithm, version, params);
                let hash = argon2::PasswordHasher::hash_password(&argon2, PASSWORD).expect("a hash");
                assert!(engine.verify(PASSWORD, &hash), "{hash}");
                assert!(!engine.verify(b"Umbrella#92y", &hash), "{hash}");
            }
        }
    }
}

#[test]
fn a_hash_without_salt_tag_or_a_possible_cost_is_of_no_password() {
    let mut engine = Argon2id::new(Cost { memory_kib: 64, passes: 1, lanes: 1 });
    for stored in [
        "$argon2id$v=19$m=64,t=1,p=1",
        "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ",
        "$argon2id$v=19$m=1,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=64,t=0,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=64,t=1,p=0$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
    ] {
        assert!(!engine.verify(PASSWORD, &PasswordHash::new(stored).expect("a PHC string")), "{stored}");
    }
}
