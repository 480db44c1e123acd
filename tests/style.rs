//! The style sheet and what it is for: each file in it is listed, tokens come first, and every class has a rule and somebody who says it.
//! Whether a whole selector matches anything is seen in a browser (`end2end/specs/components.spec.ts`).

#![expect(clippy::expect_used, reason = "tests")]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use support::{files, tree};

/// A style sheet without its comments.
fn bare(css: &str) -> String {
    let mut pieces = css.split("/*");
    let first = pieces.next().unwrap_or_default().to_owned();
    first + &pieces.filter_map(|piece| piece.split_once("*/")).map(|(_, after)| after).collect::<String>()
}

/// The names after a mark, such as the classes in a selector.
fn names_after(text: &str, mark: &str) -> BTreeSet<String> {
    let named =
        text.split(mark).skip(1).map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').next().unwrap_or_default());
    named.filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic())).map(str::to_owned).collect()
}

/// The classes that a style sheet has rules for.
fn classes(css: &str) -> BTreeSet<String> {
    let css = bare(css);
    // A selector stands before a brace, and after the end of what was before it.
    let selectors = css.split('{').map(|before| before.rsplit(['}', ';']).next().unwrap_or_default());
    selectors.flat_map(|selector| names_after(selector, ".")).collect()
}

/// The words in the strings of a text.
fn words(text: &str) -> BTreeSet<String> {
    text.split('"').skip(1).step_by(2).flat_map(|string| string.split_ascii_whitespace()).map(str::to_owned).collect()
}

/// The words of the classes that a view or a template gives an element.
fn given(text: &str) -> BTreeSet<String> {
    let marks = ["class=\"", "class: \"", "set_class_name(\""];
    let values = marks.iter().flat_map(|mark| text.split(mark).skip(1)).filter_map(|rest| rest.split('"').next());
    values.flat_map(str::split_ascii_whitespace).map(str::to_owned).collect()
}

/// What a person may look at: pages, parts of them, and pages that `app` does not draw.
fn views() -> Vec<(PathBuf, String)> {
    let mut all = files("app/src", &["rs"]);
    all.extend(files("live/src", &["rs"]));
    all.extend(files("server/templates", &["html"]));
    all
}

#[test]
fn every_file_of_the_style_sheet_is_listed_and_tokens_come_first() {
    let main = fs::read_to_string(tree().join("style/main.css")).expect("the list");
    let listed: Vec<_> = main.split("@import \"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(listed.first(), Some(&"tokens.css"));
    let there: BTreeSet<_> = files("style", &["css"]).into_iter().map(|(path, _)| path.file_name().expect("a name").to_owned()).collect();
    let named: BTreeSet<_> = listed.iter().copied().chain(["main.css"]).map(Into::into).collect();
    assert_eq!(named, there);
    assert_eq!(listed.len() + 1, there.len(), "none twice");
}

#[test]
fn every_class_of_the_style_sheet_is_said_by_a_page() {
    let said: BTreeSet<_> = views().iter().flat_map(|(_, text)| words(text)).collect();
    for (path, css) in files("style", &["css"]) {
        for class in classes(&css) {
            assert!(said.contains(&class), "{}: .{class}", path.display());
        }
    }
}

#[test]
fn every_class_that_a_page_says_has_a_rule() {
    let mut sheets = files("style", &["css"]);
    sheets.extend(files("server", &["css"]));
    let ruled: BTreeSet<_> = sheets.iter().flat_map(|(_, css)| classes(css)).collect();
    for (path, text) in views() {
        for class in given(&text) {
            // What a template puts in stands in braces.
            assert!(ruled.contains(&class) || class.contains(['{', '}', '%']), "{}: .{class}", path.display());
        }
    }
}

#[test]
fn every_token_is_used_every_token_that_is_used_exists_and_colours_stand_there_alone() {
    let tokens = bare(&fs::read_to_string(tree().join("style/tokens.css")).expect("the tokens"));
    let there = names_after(&tokens, "\n  --");
    assert!(there.contains("paper") && there.contains("radius"), "{there:?}");
    let mut sheets = files("style", &["css"]);
    sheets.extend(files("server/src", &["css"]));
    let mut used = BTreeSet::new();
    for (path, css) in sheets {
        let css = bare(&css);
        let here = names_after(&css, "var(--");
        let unknown: Vec<_> = here.difference(&there).collect();
        assert!(unknown.is_empty(), "{}: {unknown:?}", path.display());
        used.extend(here);
        let is_ours = path.starts_with("style") && !path.ends_with("tokens.css");
        assert!(!is_ours || !css.contains('#'), "{}: a colour without a name", path.display());
    }
    assert_eq!(there.difference(&used).collect::<Vec<_>>(), Vec::<&String>::new());
}

#[test]
fn the_icon_has_the_colours_of_the_pages() {
    let read = |path: &str| fs::read_to_string(tree().join(path)).expect("a file");
    let (tokens, icon) = (read("style/tokens.css"), read("style/assets/icon.svg"));
    let after = |text: &str, mark: &str| text.split(mark).nth(1).map(|rest| rest[..7].to_owned()).expect("a colour");
    for (class, token) in [("w", "accent"), ("i", "light"), ("d", "door")] {
        let halves = [&tokens, &icon].map(|text| text.split_once("prefers-color-scheme").expect("light, then dark"));
        let [tokens, icon] = halves.map(|(light, dark)| [light, dark]);
        for (tokens, icon) in tokens.into_iter().zip(icon) {
            assert_eq!(after(icon, &format!(".{class}{{fill:")), after(tokens, &format!("--{token}: ")), "{token}");
        }
    }
}
