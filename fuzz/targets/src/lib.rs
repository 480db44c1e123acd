//! What must hold for whatever a stranger sends (ASVS 2.1.1, 5.2.2, 15.3): each target is a plain function over bytes that
//! panics when something does not.
//!
//! The same functions are run by `cargo test` (`tests/bounded.rs`: every kept input, and some thousands made of them) and by
//! libFuzzer (`make fuzz`; `fuzz/fuzz_targets`). An input that once broke something is kept in `fuzz/corpus`.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a target says by its panic what does not hold")]

mod cookies;
mod door;
mod forms;
mod forwarded;
mod multipart;
mod photos;
mod tokens;
mod values;

/// One thing to be fuzzed.
#[derive(Clone, Copy)]
pub struct Target {
    /// Its name: of the file in `fuzz_targets`, of the folder in `corpus`.
    pub name: &'static str,
    /// Panics when something does not hold.
    pub run: fn(&[u8]),
    /// How many inputs the bounded run makes of the kept ones: as many as take about a second without optimisation.
    pub cases: u32,
}

const fn target(name: &'static str, run: fn(&[u8]), cases: u32) -> Target {
    Target { name, run, cases }
}

/// Every target.
pub const TARGETS: [Target; 16] = [
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
    target("token", tokens::token, 300),
    target("multipart", multipart::multipart, 4_000),
    target("photo_header", photos::header, 5_000),
    target("photo", photos::photo, 3_000),
    target("door", door::door, 1_000),
];

/// Runs the target of that name.
///
/// # Panics
/// When something does not hold, or no target has that name.
pub fn run(name: &str, bytes: &[u8]) {
    let target = TARGETS.iter().find(|target| target.name == name).expect("a target of that name");
    (target.run)(bytes);
}

/// Text out of bytes, whatever they are.
fn text(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}
