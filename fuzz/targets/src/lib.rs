//! Properties that hold for any input from a stranger (ASVS 2.1.1, 5.2.2, 15.3). Each target is a plain function over bytes that panics
//! when a property does not hold.
//!
//! `cargo test` runs the targets on every input of the corpus and on some thousand mutations of them (`tests/bounded.rs`). libFuzzer
//! runs the same functions (`make fuzz`; `fuzz/fuzz_targets`). An input that once broke something is kept in `fuzz/corpus`.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a target says by its panic what does not hold")]

mod cookies;
mod door;
mod forms;
mod forwarded;
mod hashes;
mod multipart;
mod photos;
mod tokens;
mod values;

/// One fuzz target.
#[derive(Clone, Copy)]
pub struct Target {
    /// The name of its file in `fuzz_targets` and of its folder in `corpus`.
    pub name: &'static str,
    /// Runs one input. Panics when a property does not hold.
    pub run: fn(&[u8]),
    /// The number of mutations in the bounded run: as many as take about a second without optimisation.
    pub cases: u32,
}

const fn target(name: &'static str, run: fn(&[u8]), cases: u32) -> Target {
    Target { name, run, cases }
}

/// Every target.
pub const TARGETS: [Target; 17] = [
    target("phone", values::phone, 5_000),
    target("document", values::document, 5_000),
    target("email", values::email, 5_000),
    target("name", values::name, 5_000),
    target("username", values::username, 5_000),
    target("date", values::date, 5_000),
    target("code", values::code, 5_000),
    target("password", values::password, 5_000),
    target("form", forms::form, 4_000),
    target("cookie", cookies::cookie, 5_000),
    target("forwarded", forwarded::forwarded, 5_000),
    target("argon2id", hashes::argon2id, 400),
    target("token", tokens::token, 300),
    target("multipart", multipart::multipart, 4_000),
    target("photo_header", photos::header, 5_000),
    target("photo", photos::photo, 3_000),
    target("door", door::door, 1_000),
];

/// Runs the target with this name on one input.
///
/// # Panics
/// When a property does not hold, or no target has this name.
pub fn run(name: &str, bytes: &[u8]) {
    let target = TARGETS.iter().find(|target| target.name == name).expect("a target of that name");
    (target.run)(bytes);
}

/// Decodes bytes as UTF-8; invalid bytes are replaced.
fn text(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}
