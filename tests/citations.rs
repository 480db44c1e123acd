//! Everything that code and documents cite exists: rules ("SPEC" and a section), threats, contracts, documents and their headings, files,
//! tests, routes and the exact sentences of the contracts.
//!
//! In code, rules, threats and contracts are looked for in comments only, because numbers in strings may mean anything. The tests and
//! figures that SECURITY.md cites are checked by `server/tests/it/papers.rs`.

#![allow(missing_docs, reason = "tests are named as sentences")]
#![allow(clippy::expect_used, reason = "a test that cannot go on should say where")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Generated folders, which are skipped.
const MADE: [&str; 9] = ["target", ".git", "node_modules", "test-results", "playwright-report", "dist", "generated", ".tools", ".portaria"];
/// The extensions of the files that are read. Inputs of the fuzz targets are not read.
const READ: [&str; 9] = ["rs", "md", "sql", "ts", "js", "css", "py", "sh", "toml"];
/// How a quoted text in a document begins if it is a path.
const FOLDERS: [&str; 15] = [
    "src/",
    "text/src/",
    "app/",
    "server/",
    "crates/",
    "frontend/",
    "migrations/",
    "end2end/",
    "examples/",
    "fuzz/",
    "ops/",
    "style/",
    "docs/",
    "tests/",
    ".ci/",
];

/// The source tree, and everything in it that can be cited.
struct Tree {
    paths: BTreeSet<String>,
    /// The texts of the files that are read, by path.
    texts: BTreeMap<String, String>,
    /// The headings of each document, as links name them.
    anchors: BTreeMap<String, BTreeSet<String>>,
}

#[derive(Debug, PartialEq, Eq)]
struct Citation {
    what: String,
    found: bool,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn walk(folder: &Path, under: &str, tree: &mut Tree) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{under}{name}");
        tree.paths.insert(path.clone());
        if entry.file_type().expect("a type").is_dir() {
            if !MADE.contains(&name.as_str()) {
                walk(&entry.path(), &format!("{path}/"), tree);
            }
        } else if READ.contains(&extension(&path)) && !path.starts_with("fuzz/corpus/") {
            tree.texts.insert(path, fs::read_to_string(entry.path()).expect("a text"));
        }
    }
}

fn extension(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, extension)| extension)
}

/// Returns the lines of a document outside of fenced examples.
fn unfenced(text: &str) -> impl Iterator<Item = &str> {
    let mut fenced = false;
    text.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        !fenced && !fence
    })
}

/// Returns a heading as GitHub names it in links.
fn slug(heading: &str) -> String {
    let kept = heading.trim().chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.flat_map(char::to_lowercase).map(|c| if c == ' ' { '-' } else { c }).collect::<String>().trim_matches('-').to_owned()
}

fn headings(text: &str) -> impl Iterator<Item = &str> {
    unfenced(text).filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim())
}

impl Tree {
    fn read() -> Self {
        let mut tree = Self { paths: BTreeSet::new(), texts: BTreeMap::new(), anchors: BTreeMap::new() };
        walk(root(), "", &mut tree);
        let documents = tree.texts.iter().filter(|(path, _)| extension(path) == "md");
        tree.anchors = documents.map(|(path, text)| (path.clone(), headings(text).map(slug).collect())).collect();
        tree
    }

    /// Returns whether a document of `docs/` has a heading with this beginning.
    fn has_heading(&self, begins: &str) -> bool {
        let documents = self.texts.iter().filter(|(path, _)| path.starts_with("docs/") && extension(path) == "md");
        documents.flat_map(|(_, text)| headings(text)).any(|heading| heading.strip_prefix(begins).is_some_and(ends))
    }

    /// Returns the path that `cited` means in a file. It is relative to the folder of that file or to the root; without a folder, a file
    /// name alone is enough.
    fn resolve(&self, file: &str, cited: &str) -> Option<String> {
        let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
        for part in cited.trim_end_matches('/').split('/') {
            match part {
                "." => {}
                ".." => {
                    parts.pop();
                }
                name => parts.push(name),
            }
        }
        let named = |path: &&String| !cited.contains('/') && path.rsplit('/').next().is_some_and(|name| name.eq_ignore_ascii_case(cited));
        let beside = self.paths.get(&parts.join("/"));
        beside.or_else(|| self.paths.get(cited.trim_end_matches('/'))).or_else(|| self.paths.iter().find(named)).cloned()
    }

    fn has_document(&self, file: &str, cited: &str) -> bool {
        let (path, anchor) = cited.split_once('#').map_or((cited, None), |(path, anchor)| (path, Some(anchor)));
        let path = if path.is_empty() { Some(file.to_owned()) } else { self.resolve(file, path) };
        path.is_some_and(|path| anchor.is_none_or(|anchor| self.anchors.get(&path).is_some_and(|known| known.contains(anchor))))
    }

    fn citations(&self, file: &str, text: &str) -> Vec<Citation> {
        let comments = comments(file, text);
        let mut all = self.of_sections(&comments);
        all.extend(numbered(&comments, 'T').map(|n| cited(format!("T{n}"), self.has_heading(&format!("T{n}")))));
        all.extend(
            contracts(&comments)
                .into_iter()
                .map(|n| cited(format!("contract {n}"), self.paths.contains(&format!("docs/contracts/{n}.md")))),
        );
        let uc06 = self.texts.get("docs/contracts/003.md").map(String::as_str).unwrap_or_default();
        all.extend(ruled(&comments).into_iter().map(|rule| cited(format!("003 {rule}"), uc06.contains(&format!("| {rule} |")))));
        all.extend(documents(text).into_iter().map(|name| cited(name.to_owned(), self.has_document(file, name))));
        if extension(file) == "md" {
            let flat = unfenced(text).collect::<Vec<_>>().join(" ");
            // A link is relative to the folder of its own document only.
            let folder = root().join(file).parent().map(Path::to_owned).unwrap_or_default();
            let leads = |link: &str| folder.join(link.split('#').next().unwrap_or_default()).exists() && self.has_document(file, link);
            all.extend(links(&flat).map(|link| cited(format!("link {link}"), leads(link))));
            all.extend(flat.split('`').skip(1).step_by(2).filter_map(|quoted| self.of_backquotes(file, quoted)));
        }
        all
    }

    /// Citations of sections: of the rules, or of the document that is named before the section. Sections of RFCs are skipped.
    fn of_sections(&self, comments: &str) -> Vec<Citation> {
        let mut all = Vec::new();
        for (at, sign) in comments.match_indices('§') {
            let number: String = comments[at + sign.len()..].chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
            let number = number.trim_end_matches('.');
            // Sections of the rules have no subsections.
            if number.is_empty() || number.contains('.') {
                continue;
            }
            let (owner, before) = owner(&comments[..at]);
            if ["RFC", "UTS", "UAX"].contains(&before) && owner.chars().all(|c| c.is_ascii_digit()) {
                continue;
            }
            let found = if extension(owner) == "md" {
                let path = self.resolve("", owner).and_then(|path| self.texts.get(&path));
                path.is_some_and(|text| headings(text).any(|heading| heading.strip_prefix(&format!("§{number}")).is_some_and(ends)))
            } else {
                self.has_heading(&format!("§{number}"))
            };
            all.push(cited(format!("{owner} §{number}"), found));
        }
        all
    }

    /// A quoted test (`file::name`) or path. The tests that SECURITY.md cites are checked elsewhere.
    fn of_backquotes(&self, file: &str, quoted: &str) -> Option<Citation> {
        let (path, test) = quoted.split_once("::").map_or((quoted, None), |(path, test)| (path, Some(test)));
        let plain = path.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | '#'));
        if !plain || path.contains("NNNN") || !FOLDERS.iter().any(|folder| path.starts_with(folder)) {
            return None;
        }
        let found = match test {
            Some(_) if file == "SECURITY.md" => return None,
            Some(test) => self.texts.get(path).is_some_and(|text| text.contains(&format!("fn {test}("))),
            None => self.has_document(file, path),
        };
        Some(cited(quoted.to_owned(), found))
    }
}

const fn cited(what: String, found: bool) -> Citation {
    Citation { what, found }
}

fn ends(rest: &str) -> bool {
    rest.chars().next().is_none_or(|c| !c.is_ascii_alphanumeric())
}

/// Returns the comments of a file, joined into one line. Of a document it returns everything but the examples.
fn comments(file: &str, text: &str) -> String {
    let mark = match extension(file) {
        "md" => return unfenced(text).collect::<Vec<_>>().join(" "),
        "sql" => "--",
        "py" | "sh" | "toml" => "#",
        _ => "//",
    };
    let mut comments = String::new();
    for line in text.lines() {
        let from = line.match_indices(mark).map(|(at, _)| at).find(|at| line[..*at].ends_with(' ') || line[..*at].is_empty());
        let block = line.trim_start().starts_with(['*', '/']).then_some(0);
        if let Some(from) = from.or(block) {
            comments.push_str(line[from..].trim_start_matches(|c: char| c.is_whitespace() || "/!*-#".contains(c)));
            comments.push(' ');
        }
    }
    comments
}

/// Returns the two words before a section, nearest first, which name its document. Skips a list of other sections in between.
fn owner(before: &str) -> (&str, &str) {
    let mut before = before.trim_end();
    loop {
        let shorter = before.trim_end_matches(|c: char| c.is_ascii_digit());
        before = match shorter.strip_suffix('§').filter(|_| shorter != before) {
            Some(rest) => rest.trim_end(),
            None => match before.strip_suffix(',').or_else(|| before.strip_suffix(" and")) {
                Some(rest) => rest.trim_end(),
                None => break,
            },
        };
    }
    let mut words = before.rsplit(|c: char| c.is_whitespace() || "(`".contains(c)).filter(|word| !word.is_empty());
    (words.next().unwrap_or_default(), words.next().unwrap_or_default())
}

/// Returns the numbers of words such as `T16`.
fn numbered(comments: &str, letter: char) -> impl Iterator<Item = u32> + '_ {
    let words = comments.split(|c: char| c.is_whitespace() || "()[]`,;:.!?'\"".contains(c));
    words.filter_map(move |word| word.strip_prefix(letter).filter(|digits| matches!(digits.len(), 1 | 2))?.parse().ok())
}

/// Returns the rules of 003, such as `EX01` or `RN06`.
fn ruled(comments: &str) -> Vec<String> {
    let words = comments.split(|c: char| !c.is_ascii_alphanumeric());
    let is_rule = |word: &&str| {
        word.len() == 4 && (word.starts_with("EX") || word.starts_with("RN")) && word[2..].bytes().all(|c| c.is_ascii_digit())
    };
    words.filter(is_rule).map(str::to_owned).collect()
}

/// Returns the numbers of contracts: three digits that are no part of a longer number.
fn contracts(comments: &str) -> Vec<String> {
    let chars: Vec<char> = comments.chars().collect();
    let at = |n: usize| chars.get(n).copied().unwrap_or(' ');
    let mut found = Vec::new();
    for n in 0..chars.len() {
        if at(n) != '0' || at(n + 1) != '0' || !at(n + 2).is_ascii_digit() {
            continue;
        }
        let (before, after) = (n.checked_sub(1).map_or(' ', at), at(n + 3));
        let part = before.is_alphanumeric() || "._-/×".contains(before) || (before == ' ' && n > 1 && at(n - 2).is_ascii_digit());
        let goes_on = after.is_alphanumeric() || "_×".contains(after) || (".-/ ".contains(after) && at(n + 4).is_ascii_digit());
        if !part && !goes_on {
            found.push(chars[n..n + 3].iter().collect());
        }
    }
    found
}

/// Returns the names of documents, with the heading if there is one.
fn documents(text: &str) -> Vec<&str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "_./-#".contains(c);
    let words =
        text.split(|c: char| !is_part(c) && c != ':').map(|word| word.trim_end_matches(['.', ':', '-']).trim_start_matches([':', '-']));
    let is_document = |word: &&str| {
        let path = word.split('#').next().unwrap_or_default();
        extension(path) == "md" && path.rsplit('/').next() != Some(".md") && !path.contains(':')
    };
    words.filter(is_document).collect()
}

/// Returns the targets of a document's links, without those to other sites.
fn links(flat: &str) -> impl Iterator<Item = &str> {
    let targets = flat.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets.filter(|target| !target.contains("://") && !target.starts_with("mailto:"))
}

#[test]
fn whatever_is_cited_is_there() {
    let tree = Tree::read();
    let mut kinds = [("§", 0), ("T", 0), ("contract ", 0), ("link ", 0), (".md", 0), ("::", 0)];
    let mut missing = BTreeSet::new();
    for (file, text) in &tree.texts {
        for citation in tree.citations(file, text) {
            let is_of = |mark: &str| citation.what.starts_with(mark) || (mark != "T" && citation.what.contains(mark));
            kinds.iter_mut().filter(|(mark, _)| is_of(mark)).for_each(|(_, count)| *count += 1);
            if !citation.found {
                missing.insert(format!("{file}: {}", citation.what));
            }
        }
    }
    assert!(kinds.iter().all(|(_, count)| *count > 25), "a scanner that finds nothing proves nothing: {kinds:?}");
    assert!(missing.is_empty(), "cited, but not there: {missing:#?}");
}

#[test]
fn what_is_made_up_is_found_out() {
    let tree = Tree::read();
    let missing = |file: &str, text: &str| -> Vec<String> {
        tree.citations(file, text).into_iter().filter(|citation| !citation.found).map(|citation| citation.what).collect()
    };
    // Put together at run time, because otherwise this file would cite them.
    let (sign, none) = ('§', 99);
    assert_eq!(missing("src/x.rs", &format!("/// As the rules say (SPEC {sign}3, {sign}{none}).")), [format!("SPEC {sign}{none}")]);
    assert_eq!(missing("src/x.rs", &format!("// security.md {sign}3")), [format!("security.md {sign}3")]);
    assert_eq!(missing("src/x.rs", &format!("//! RFC 9113 {sign}{none}, UTS 46 {sign}4.5, SPEC {sign}1 and {sign}17")), [""; 0]);
    assert_eq!(missing("src/x.rs", &format!("/// T{none}, T4 and T16")), [format!("T{none}")]);
    assert_eq!(missing("migrations/x.sql", &format!("-- seed 00{} and 002, 000.000.001-91, 30 000", 7)), ["contract 007"]);
    assert_eq!(missing("src/x.rs", "let nobody = \"000 006 T98\"; // 003/EX01"), [""; 0]);
    assert_eq!(missing("src/x.rs", &format!("// 003 RN{none}")), [format!("003 RN{none}")]);
    let (limits, nowhere) = ("docs/limits.", "docs/nowhere.");
    assert_eq!(
        missing("src/x.rs", &format!("// {limits}md#retention, {limits}md#nothing, {nowhere}md")),
        [format!("{limits}md#nothing"), format!("{nowhere}md")]
    );
    let page = format!("[a](../README.{0}) [b](rules.{0}) [c](#here) `server/src/nobody.rs` `server/src/run.rs`", "md");
    assert_eq!(missing("docs/rules.md", &page), ["link #here", "server/src/nobody.rs"]);
    let test = "`src/limits.rs::nobody_tests_this`";
    assert_eq!(missing("docs/rules.md", test), [test.trim_matches('`')]);
}

/// Returns the routes of the API as `METHOD /path`.
fn routes(tree: &Tree) -> BTreeSet<String> {
    let table = &tree.texts["server/src/http/routes.rs"];
    let mut routes = BTreeSet::new();
    for row in table.split("row(M::").skip(1) {
        let (method, rest) = row.split_once(", \"").expect("a method and a path");
        let (path, _) = rest.split_once('"').expect("a path");
        routes.insert(format!("{method} {path}"));
    }
    routes
}

/// Returns the pages of the contracts, joined into one line.
fn told(tree: &Tree) -> String {
    let pages = tree.texts.iter().filter(|(path, _)| path.starts_with("docs/contracts/"));
    pages.map(|(path, text)| comments(path, text)).collect::<Vec<_>>().join(" ")
}

#[test]
fn every_route_is_told_and_every_route_that_is_told_is_there() {
    let tree = Tree::read();
    let (routes, pages) = (routes(&tree), told(&tree));
    let is_route = |quoted: &&str| {
        quoted.split_once(' ').is_some_and(|(method, path)| ["GET", "POST", "PATCH", "DELETE"].contains(&method) && path.starts_with('/'))
    };
    let told: BTreeSet<String> = pages.split('`').skip(1).step_by(2).filter(is_route).map(str::to_owned).collect();
    assert!(routes.len() > 30, "{routes:#?}");
    let untold: Vec<_> = routes.difference(&told).collect();
    assert!(untold.is_empty(), "in no page of docs/contracts: {untold:#?}");
    let elsewhere = |route: &&String| {
        let path = route.split_once(' ').map_or("", |(_, path)| path);
        let quoted = format!("\"{path}\"");
        !path.starts_with("/api/")
            && !path.starts_with("/auth/")
            && tree.texts.iter().any(|(file, text)| file.starts_with("server/src/") && text.contains(&quoted))
    };
    let made_up: Vec<_> = told.difference(&routes).filter(|route| !elsewhere(route)).collect();
    assert!(made_up.is_empty(), "told, but not there: {made_up:#?}");
}

/// Returns the Portuguese sentences of a text table: each is quoted, and a bar separates it from its translation.
fn portuguese(table: &str) -> impl Iterator<Item = &str> {
    let parts: Vec<_> = table.split('"').collect();
    let followed = |at: usize| parts.get(at + 1).is_some_and(|next| next.trim_start().starts_with('|'));
    let sentences: Vec<_> = (1..parts.len()).step_by(2).filter(|at| followed(*at)).map(|at| parts[at]).collect();
    sentences.into_iter()
}

#[test]
fn every_sentence_of_the_contracts_is_word_for_word_in_the_catalogue() {
    let tree = Tree::read();
    let catalogue: BTreeSet<&str> =
        tree.texts.iter().filter(|(path, _)| path.starts_with("text/src/")).flat_map(|(_, text)| portuguese(text)).collect();
    let pages = told(&tree);
    let sentences: BTreeSet<&str> = pages.split('“').skip(1).filter_map(|rest| rest.split('”').next()).collect();
    assert!(sentences.len() > 90, "{} sentences", sentences.len());
    let unsaid: Vec<_> = sentences.difference(&catalogue).collect();
    assert!(unsaid.is_empty(), "in no table of text/src: {unsaid:#?}");
}
