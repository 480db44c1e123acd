//! The allowed dependencies (docs/architecture.md), checked in manifests and sources.

#![expect(clippy::expect_used, reason = "tests")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use support::{files, tree};

/// Returns the dependencies in a manifest, including optional ones.
fn dependencies(manifest: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(tree().join(manifest)).expect("a manifest");
    let section = text.split("\n[dependencies]\n").nth(1).unwrap_or_default();
    let lines = section.lines().take_while(|line| !line.starts_with('['));
    lines
        .filter_map(|line| line.split(['=', '.', ' ']).next())
        .filter(|name| !name.is_empty() && !name.starts_with('#'))
        .map(str::to_owned)
        .collect()
}

fn expect_none_of(manifest: &str, forbidden: &[&str]) {
    let dependencies = dependencies(manifest);
    assert!(!dependencies.is_empty(), "{manifest} was read");
    for name in forbidden {
        assert!(!dependencies.contains(*name), "{manifest} may not depend on {name}");
    }
}

/// Returns path and text of every source file below a folder.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    files(folder, &["rs"])
}

/// Returns a source without comments and without the tests at its end.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let text = text.split("#[cfg(all(test").next().unwrap_or_default();
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_domain_depends_on_nobody_here_and_does_nothing_itself() {
    let others = ["text", "app", "live", "server", "frontend", "photo", "private-postgres"];
    expect_none_of("Cargo.toml", &others);
    expect_none_of("Cargo.toml", &["tokio", "axum", "sqlx", "argon2", "lettre", "reqwest", "leptos", "getrandom", "rand"]);
}

#[test]
fn the_catalogue_and_the_pages_know_no_server() {
    expect_none_of("text/Cargo.toml", &["app", "live", "server", "sqlx", "axum", "leptos", "tokio"]);
    expect_none_of("app/Cargo.toml", &["server", "sqlx", "argon2", "lettre", "reqwest"]);
    expect_none_of("live/Cargo.toml", &["app", "text", "server", "serde", "serde_json", "server_fn", "leptos_router", "axum"]);
    expect_none_of("frontend/Cargo.toml", &["app", "text", "server", "portaria", "sqlx", "axum"]);
}

/// Each of these brings more into the WASM than it does there (docs/architecture.md, "What lives in a page").
#[test]
fn what_lives_in_a_page_is_written_to_be_small() {
    for (path, text) in sources("live/src") {
        for heavy in ["format!", "serde", ".clamp(", " on:"] {
            assert!(!code(&text).contains(heavy), "{}: {heavy}", path.display());
        }
    }
}

#[test]
fn what_is_not_the_product_knows_nothing_of_it() {
    for manifest in ["crates/photo/Cargo.toml", "crates/private-postgres/Cargo.toml", "crates/settings/Cargo.toml"] {
        expect_none_of(manifest, &["portaria", "text", "app", "server"]);
    }
}

#[test]
fn all_sql_stands_in_one_folder() {
    for (path, text) in sources("server/src") {
        if !path.starts_with("server/src/db") {
            assert!(!code(&text).contains("sqlx::query"), "{} speaks SQL", path.display());
        }
    }
}

/// The table of the API is compared with the OpenAPI document (`server/tests/it/openapi.rs`), so that no route of a contract may stand
/// elsewhere.
#[test]
fn the_routes_of_the_contracts_stand_in_one_table() {
    let mut added = BTreeSet::new();
    for (path, text) in sources("server/src") {
        let code = code(&text);
        for other in [".nest(", ".nest_service(", ".route_service(", ".typed_get("] {
            assert!(!code.contains(other), "{} adds routes by {other}", path.display());
        }
        let first = |call: &str| call.split(',').next().unwrap_or_default().trim().to_owned();
        added.extend(code.split(".route(").skip(1).map(|call| format!("{}: {}", path.display(), first(call))));
    }
    let known = [
        "server/src/delivery/dev_brand.rs: \"/dev/brand\"",
        "server/src/delivery/dev_brand.rs: \"/dev/brand/mail/{nth}\"",
        "server/src/delivery/dev_outbox.rs: \"/dev/outbox\"",
        "server/src/delivery/dev_outbox.rs: \"/dev/outbox.css\"",
        "server/src/delivery/dev_outbox.rs: \"/dev/outbox.js\"",
        "server/src/delivery/dev_outbox.rs: \"/dev/outbox.json\"",
        "server/src/delivery/dev_outbox.rs: \"/dev/outbox/{id}/mail\"",
        "server/src/http/brand.rs: \"/brand/{version}/{file}\"",
        "server/src/http/brand.rs: \"/logos/{file}\"",
        "server/src/http/openapi/mod.rs: \"/api-docs.css\"",
        "server/src/http/openapi/mod.rs: \"/api-docs.js\"",
        "server/src/http/openapi/mod.rs: \"/api/docs\"",
        "server/src/http/openapi/mod.rs: \"/api/openapi.json\"",
        // What products ask: told by the standards and by the discovery document.
        "server/src/http/openid/mod.rs: AUTHORIZE",
        "server/src/http/openid/mod.rs: CONSENT",
        "server/src/http/openid/mod.rs: CONTINUE",
        "server/src/http/openid/mod.rs: DISCOVERY",
        "server/src/http/openid/mod.rs: INTROSPECT",
        "server/src/http/openid/mod.rs: LOGOUT",
        "server/src/http/openid/mod.rs: PRODUCTS",
        "server/src/http/openid/mod.rs: REVOKE",
        "server/src/http/openid/mod.rs: SIGN_OUT",
        "server/src/http/openid/mod.rs: STYLE_SHEET",
        "server/src/http/openid/mod.rs: TOKEN",
        "server/src/http/openid/mod.rs: USERINFO",
        "server/src/http/page_failures.rs: \"/page-failure\"",
        "server/src/http/pages/components.rs: COMPONENTS",
        "server/src/http/pages/components.rs: COMPONENTS_BOTH",
        "server/src/http/pages/components.rs: COMPONENTS_STYLE",
        "server/src/http/pages/mod.rs: CHANGE_PASSWORD",
        // The file of a person's own data, for the button of the page.
        "server/src/http/pages/mod.rs: app::paths::PROFILE_DATA_FILE",
        "server/src/http/pages/mod.rs: row.path",
        "server/src/http/router.rs: \"/healthz\"",
        "server/src/http/router.rs: \"/metrics\"",
        "server/src/http/router.rs: \"/pkg/{version}/waking.js\"",
        "server/src/http/router.rs: \"/pkg/{version}/{*file}\"",
        "server/src/http/router.rs: \"/readyz\"",
        "server/src/http/router.rs: &format!(\"/{file}\")",
        "server/src/http/router.rs: app::paths::MANIFEST",
        "server/src/http/router.rs: hooks::TWILIO",
        "server/src/http/router.rs: hooks::WHATSAPP",
        "server/src/http/routes.rs: path",
        "server/src/http/routes.rs: route.path",
    ];
    assert_eq!(added, known.map(str::to_owned).into(), "a route of a contract stands in server/src/http/routes.rs, another one here");
}

#[test]
fn randomness_has_one_source() {
    for (path, text) in sources("server/src") {
        if !path.ends_with("entropy.rs") {
            assert!(!code(&text).contains("getrandom"), "{} asks the system's generator itself", path.display());
        }
    }
}

/// Returns the module below `folder` that a source belongs to.
fn module(path: &Path, folder: &str) -> Option<String> {
    let below = path.strip_prefix(folder).ok()?;
    let first = below.components().next()?.as_os_str().to_str()?;
    Some(first.trim_end_matches(".rs").to_owned())
}

/// Returns the names that follow a prefix, including those in braces after `use`.
fn named_after(code: &str, prefix: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for rest in code.split(prefix).skip(1) {
        let list = match rest.strip_prefix('{') {
            Some(list) => list.split(';').next().unwrap_or_default().to_owned(),
            None => rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default().to_owned(),
        };
        let mut depth = 0_usize;
        let mut name = String::new();
        for c in list.chars().chain([',']) {
            match c {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                ',' if depth == 0 => {
                    let first = name.trim().split("::").next().unwrap_or_default();
                    names.insert(first.to_owned());
                    name.clear();
                }
                c if depth == 0 => name.push(c),
                _ => {}
            }
        }
    }
    names
}

/// Returns, for each module below a folder, the modules that it names.
fn imports(folder: &str, prefix: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut imports: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, text) in sources(folder) {
        let helps_tests =
            path.components().any(|part| ["tests", "tests.rs", "stub", "stub.rs"].iter().any(|name| part.as_os_str() == *name));
        if helps_tests {
            continue;
        }
        if let Some(module) = module(&path, folder) {
            let names = named_after(&code(&text), prefix);
            imports.entry(module).or_default().extend(names);
        }
    }
    imports
}

/// Returns the modules of a circular import, if there is one.
fn circle(imports: &BTreeMap<String, BTreeSet<String>>) -> Option<Vec<String>> {
    fn walk(imports: &BTreeMap<String, BTreeSet<String>>, way: &mut Vec<String>, done: &mut BTreeSet<String>) -> bool {
        let here = way.last().expect("somewhere").clone();
        for next in imports.get(&here).into_iter().flatten().filter(|next| **next != here) {
            if let Some(begin) = way.iter().position(|module| module == next) {
                way.drain(..begin);
                return true;
            }
            if imports.contains_key(next) && !done.contains(next) {
                way.push(next.clone());
                if walk(imports, way, done) {
                    return true;
                }
                way.pop();
            }
        }
        done.insert(here);
        false
    }
    let mut done = BTreeSet::new();
    imports.keys().find_map(|module| {
        let mut way = vec![module.clone()];
        (!done.contains(module) && walk(imports, &mut way, &mut done)).then_some(way)
    })
}

#[test]
fn the_modules_of_the_server_import_each_other_one_way() {
    for (folder, prefix) in [("server/src", "crate::"), ("server/src/http", "crate::http::")] {
        let mut imports = imports(folder, prefix);
        // The purpose of these files is to name the other modules.
        for whole in ["lib", "main", "mod"] {
            imports.remove(whole);
        }
        assert!(imports.values().flatten().count() > 20, "{folder}: imports were found");
        assert_eq!(circle(&imports), None, "{folder}");
    }
}

#[test]
fn a_circle_is_found_where_there_is_one() {
    let imports = |pairs: &[(&str, &str)]| {
        let mut imports: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (from, to) in pairs {
            imports.entry((*from).to_owned()).or_default().insert((*to).to_owned());
        }
        imports
    };
    assert_eq!(circle(&imports(&[("a", "b"), ("b", "c"), ("a", "c"), ("c", "d")])), None);
    assert_eq!(circle(&imports(&[("a", "b"), ("b", "c"), ("c", "b")])), Some(vec!["b".to_owned(), "c".to_owned()]));
    let named: Vec<_> = named_after("use crate::{db::{self, keys}, seal}; crate::run::x", "crate::").into_iter().collect();
    assert_eq!(named, ["db", "run", "seal"]);
}
