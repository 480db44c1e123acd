//! The bounded run: every input of the corpus, then some thousand mutations of them, the same ones each time. `make fuzz` is the
//! long run.
#![allow(missing_docs, reason = "tests are named as sentences")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should say where")]

use fuzz_targets::{TARGETS, Target};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Fragments that parsers often fail at; the mutations insert them.
const FRAGMENTS: [&[u8]; 40] = [
    b"\0",
    b"\n",
    b"\r\n",
    b"\t",
    b" ",
    b"  ",
    b"\xff",
    b"\xc3\x28",
    b"\xef\xbb\xbf",
    "\u{a0}".as_bytes(),
    "\u{200b}".as_bytes(),
    "\u{202e}".as_bytes(),
    "é".as_bytes(),
    "１".as_bytes(),
    "ı".as_bytes(),
    "\u{212a}".as_bytes(),
    "😀".as_bytes(),
    b"+55",
    b"0",
    b"00",
    b"-",
    b".",
    b"/",
    b"@",
    b"\"",
    b"\\",
    b";",
    b"=",
    b",",
    b"%00",
    b"%2e",
    b"{}",
    b"[]",
    b"null",
    b"--",
    b"__Host-",
    b"Bearer ",
    b"\xff\xd8\xff",
    b"\xff\xd9",
    b"IEND",
];

#[derive(Debug, Clone)]
enum Edit {
    Set(Index, u8),
    Flip(Index, u8),
    Insert(Index, Vec<u8>),
    Fragment(Index, Index),
    Remove(Index, usize),
    Repeat(Index, usize, usize),
    Cut(Index),
    Splice(Index, Index),
}

fn edit() -> impl Strategy<Value = Edit> {
    let place = any::<Index>;
    prop_oneof![
        (place(), any::<u8>()).prop_map(|(at, byte)| Edit::Set(at, byte)),
        (place(), 0_u8..8).prop_map(|(at, bit)| Edit::Flip(at, 1 << bit)),
        (place(), prop::collection::vec(any::<u8>(), 1..16)).prop_map(|(at, bytes)| Edit::Insert(at, bytes)),
        (place(), place()).prop_map(|(at, which)| Edit::Fragment(at, which)),
        (place(), 1_usize..8).prop_map(|(at, length)| Edit::Remove(at, length)),
        (place(), 1_usize..32, 1_usize..12).prop_map(|(at, length, times)| Edit::Repeat(at, length, times)),
        place().prop_map(Edit::Cut),
        (place(), place()).prop_map(|(at, other)| Edit::Splice(at, other)),
    ]
}

fn made_of(kept: &[Vec<u8>], seed: Index, edits: &[Edit]) -> Vec<u8> {
    let mut bytes = seed.get(kept).clone();
    for edit in edits {
        let length = bytes.len();
        let place = |at: &Index| at.index(length + 1);
        match edit {
            Edit::Set(at, byte) if length > 0 => bytes[at.index(length)] = *byte,
            Edit::Flip(at, bit) if length > 0 => bytes[at.index(length)] ^= bit,
            Edit::Set(..) | Edit::Flip(..) => {}
            Edit::Insert(at, more) => drop(bytes.splice(place(at)..place(at), more.iter().copied())),
            Edit::Fragment(at, which) => drop(bytes.splice(place(at)..place(at), which.get(&FRAGMENTS).iter().copied())),
            Edit::Remove(at, count) => drop(bytes.drain(place(at)..(place(at) + count).min(length))),
            Edit::Repeat(at, count, times) => {
                let part = bytes[place(at)..(place(at) + count).min(length)].repeat(*times);
                bytes.splice(place(at)..place(at), part);
            }
            Edit::Cut(at) => bytes.truncate(place(at)),
            Edit::Splice(at, other) => {
                let other = other.get(kept);
                bytes.truncate(place(at));
                bytes.extend_from_slice(&other[at.index(other.len() + 1)..]);
            }
        }
    }
    bytes
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus").join(name)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())).map(|file| file.unwrap().path()).collect();
    files.sort();
    files
}

fn holds(name: &str) {
    let Target { run, cases, .. } = *TARGETS.iter().find(|target| target.name == name).expect("a target");
    let kept: Vec<_> = files(&folder(name)).iter().map(|file| fs::read(file).unwrap()).collect();
    assert!(!kept.is_empty(), "nothing is kept for {name}");
    for bytes in &kept {
        run(bytes);
    }
    run(b"");
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 2_000, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let inputs = (any::<Index>(), prop::collection::vec(edit(), 0..6)).prop_map(|(seed, edits)| made_of(&kept, seed, &edits));
    let outcome = runner.run(&inputs, |bytes| {
        run(&bytes);
        Ok::<(), TestCaseError>(())
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(why, bytes)) => {
            panic!("{name}: {why}\nof the input (keep it in fuzz/corpus/{name}): b\"{}\"", bytes.escape_ascii())
        }
        Err(TestError::Abort(why)) => panic!("{name}: {why}"),
    }
}

macro_rules! hold {
    ($($sentence:ident: $target:literal,)*) => {
        $(#[test]
        fn $sentence() {
            holds($target);
        })*

        const TESTED: &[&str] = &[$($target),*];
    };
}

hold! {
    a_phone_is_one_number_however_it_is_written: "phone",
    a_document_is_a_cpf_or_a_cnpj_and_reads_back: "document",
    an_email_that_is_taken_can_be_sent_to: "email",
    a_name_that_is_taken_is_tidy_and_ends_no_line: "name",
    a_username_is_one_however_it_is_written: "username",
    a_date_has_one_spelling: "date",
    a_code_is_as_many_digits_as_were_asked_for: "code",
    a_password_is_taken_as_typed_by_the_rules_that_are_shown: "password",
    a_form_that_is_taken_is_taken_again: "form",
    a_cookie_is_read_as_it_was_set_and_no_siblings_is: "cookie",
    nobody_chooses_the_own_address: "forwarded",
    two_implementations_of_argon2id_give_one_tag: "argon2id",
    no_token_is_taken_but_ours_unchanged: "token",
    a_multipart_body_says_the_same_however_it_is_cut_up: "multipart",
    a_bared_photo_is_bare_and_the_same_picture: "photo_header",
    a_kept_photo_is_a_small_picture_and_nothing_else: "photo",
    whatever_is_asked_the_door_answers_properly: "door",
}

#[test]
fn every_target_is_run_here_and_by_libfuzzer_and_keeps_inputs() {
    let targets: BTreeSet<_> = TARGETS.iter().map(|target| target.name.to_owned()).collect();
    assert_eq!(TESTED.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>(), targets);
    let stem = |path: &PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    assert_eq!(files(&here.join("../fuzz_targets")).iter().map(stem).collect::<BTreeSet<_>>(), targets);
    assert_eq!(files(&here.join("../corpus")).iter().map(stem).collect::<BTreeSet<_>>(), targets);
    for name in &targets {
        let kept: u64 = files(&folder(name)).iter().map(|file| file.metadata().unwrap().len()).sum();
        assert!(kept < 64 * 1024, "{name} keeps {kept} bytes: a corpus is small");
    }
}
