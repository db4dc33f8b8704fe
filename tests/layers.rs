//! Rules of the source tree that no compiler checks: its dependencies.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A file of src: its path from there, and its text without whole-line comments.
struct Source {
    path: PathBuf,
    lines: usize,
    code: String,
}

impl Source {
    /// The folder, or the file at the top, that it belongs to.
    fn layer(&self) -> &str {
        let first = self.path.iter().next().expect("a name").to_str().expect("is UTF-8");
        first.trim_end_matches(".rs")
    }

    fn name(&self) -> String {
        self.path.to_string_lossy().replace('\\', "/")
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("is a folder").map(|entry| entry.expect("is readable").path());
    let mut files = Vec::new();
    for path in entries {
        if path.is_dir() { files.extend(files_in(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}

fn sources() -> Vec<Source> {
    let src = root().join("src");
    let rust =
        files_in(&src).into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "rs"));
    rust.map(|path| {
        let text = fs::read_to_string(&path).expect("is text");
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        Source {
            lines: text.lines().count(),
            code: code.collect::<Vec<_>>().join("\n"),
            path: path.strip_prefix(&src).expect("is inside").to_owned(),
        }
    })
    .collect()
}

/// The words that follow `prefix` anywhere in the code.
fn words_after(code: &str, prefix: &str) -> BTreeSet<String> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices(prefix) {
        if code[..at].ends_with(is_word) {
            continue;
        }
        let rest = &code[at + prefix.len()..];
        // `use crate::{a::b, c}` names several.
        let names = match rest.strip_prefix('{') {
            Some(group) => group.split('}').next().unwrap_or_default().split(',').map(str::trim).collect(),
            None => vec![rest],
        };
        let word = |name: &str| name.chars().take_while(|c| is_word(*c)).collect::<String>();
        found.extend(names.into_iter().map(word).filter(|word| !word.is_empty()));
    }
    found
}

/// Each layer, the layers it may know, and the crates it must not.
const LAYERS: &[(&str, &[&str], &[&str])] = &[
    ("domain", &[], &["leptos", "axum", "sqlx", "tokio", "chrono", "tracing", "serde_json"]),
    ("text", &["domain"], &["leptos", "axum", "sqlx", "tokio", "chrono", "tracing", "serde_json"]),
    ("store", &["domain"], &["leptos", "axum", "jsonwebtoken", "argon2"]),
    ("service", &["domain", "store", "text"], &["leptos", "axum", "rusqlite"]),
    ("http", &["domain", "pages", "service", "text", "ui"], &["sqlx", "rusqlite", "jsonwebtoken", "argon2"]),
    ("rpc", &["domain", "service"], &["sqlx"]),
    ("pages", &["domain", "rpc", "text", "ui"], &["axum", "sqlx", "tokio", "chrono"]),
    ("ui", &["domain", "rpc", "text"], &["axum", "sqlx", "tokio", "chrono"]),
    ("config", &["domain", "service"], &["leptos", "axum"]),
    ("cli", &["domain", "service", "store", "config", "http"], &["axum_extra", "jsonwebtoken"]),
];

#[test]
fn every_layer_knows_only_the_layers_below_it() {
    let mut strangers = Vec::new();
    for source in sources() {
        let Some((layer, known, _)) = LAYERS.iter().find(|(layer, ..)| *layer == source.layer()) else {
            continue;
        };
        let named = words_after(&source.code, "crate::");
        let is_module = |word: &&String| word.starts_with(|c: char| c.is_ascii_lowercase());
        let unknown =
            named.iter().filter(is_module).filter(|word| word != layer && !known.contains(&word.as_str()));
        strangers.extend(unknown.map(|word| format!("{} knows {word}", source.name())));
    }
    assert!(strangers.is_empty(), "{}", strangers.join("\n"));
}

#[test]
fn every_folder_of_the_source_has_its_rules_here() {
    for source in sources() {
        let layer = source.layer();
        let is_ruled = ["lib", "main"].contains(&layer) || LAYERS.iter().any(|(name, ..)| *name == layer);
        assert!(is_ruled, "{} belongs to no layer", source.name());
    }
}

#[test]
fn no_layer_uses_the_tools_of_another() {
    let mut misused = Vec::new();
    for source in sources() {
        let forbidden =
            LAYERS.iter().find(|(layer, ..)| *layer == source.layer()).map_or(&[][..], |rule| rule.2);
        for name in forbidden {
            let uses = [format!("use {name}::"), format!("use {name};"), format!("{name}::")];
            let found = uses.iter().any(|using| {
                source.code.match_indices(using.as_str()).any(|(at, _)| {
                    let before = source.code[..at].chars().next_back();
                    before.is_none_or(|c| !c.is_ascii_alphanumeric() && c != '_' && c != ':')
                })
            });
            if found {
                misused.push(format!("{} uses {name}", source.name()));
            }
        }
    }
    assert!(misused.is_empty(), "{}", misused.join("\n"));
}

#[test]
fn only_the_root_and_the_door_between_the_sides_know_which_side_is_built() {
    for source in sources() {
        let knows = source.code.contains("cfg(feature") || source.code.contains("cfg(target");
        let may = source.name() == "lib.rs" || source.layer() == "rpc";
        assert!(may || !knows, "{} asks for a feature", source.name());
    }
}

#[test]
fn a_view_looks_the_same_on_both_sides() {
    for source in sources().iter().filter(|source| ["pages", "ui"].contains(&source.layer())) {
        for differing in ["cfg!(", "#[cfg(", "SystemTime", "Instant::now", "HashMap", "js_sys"] {
            // This module draws nothing: it judges input of an existing page.
            let may = differing == "js_sys" && source.name() == "ui/browser/field_errors.rs";
            assert!(may || !source.code.contains(differing), "{} has {differing}", source.name());
        }
    }
}

/// Forbids code that would never run: pages are server-only.
#[test]
fn whatever_reacts_on_a_page_is_an_island() {
    for source in sources().iter().filter(|source| source.name().starts_with("pages/")) {
        for reaction in [" on:", "Effect::", "Signal", "Resource", "web_sys", "spawn"] {
            assert!(!source.code.contains(reaction), "{} has {reaction}", source.name());
        }
    }
}

#[test]
fn an_island_knows_nothing_of_the_page_around_it() {
    for source in sources().iter().filter(|source| source.name().starts_with("ui/islands/")) {
        for unknown in ["crate::pages", "address()"] {
            assert!(!source.code.contains(unknown), "{} has {unknown}", source.name());
        }
    }
}

/// Leptos finds routes by rendering all pages, and while it does, pages that others ask for wait for ever.
#[test]
fn routes_are_written_down_and_not_found_by_rendering() {
    for source in sources() {
        for finding in ["generate_route_list", "leptos_routes", "static_routes"] {
            assert!(!source.code.contains(finding), "{} has {finding}", source.name());
        }
    }
}

#[test]
fn only_one_component_writes_a_text_area() {
    for source in sources().iter().filter(|source| source.code.contains("<textarea")) {
        assert_eq!(source.name(), "ui/components/text_area.rs", "Leptos does not escape what is inside");
    }
}

#[test]
fn both_databases_have_the_same_migrations() {
    let names = |database: &str| -> Vec<String> {
        let files = files_in(&root().join("migrations").join(database));
        files.iter().map(|path| path.file_name().expect("a name").to_string_lossy().into_owned()).collect()
    };

    let (sqlite, postgres) = (names("sqlite"), names("postgres"));

    assert_eq!(sqlite, postgres);
    assert!(!sqlite.is_empty());
}

#[test]
fn no_file_is_too_long_to_keep_in_mind() {
    for source in sources() {
        assert!(source.lines <= 450, "{} has {} lines", source.name(), source.lines);
    }
}

#[test]
fn every_folder_says_what_it_is_for() {
    let src = root().join("src");
    for source in sources().iter().filter(|source| source.path.ends_with("mod.rs")) {
        let text = fs::read_to_string(src.join(&source.path)).expect("is text");
        assert!(text.starts_with("//!"), "{} says nothing about itself", source.name());
    }
}

#[test]
fn no_english_sentence_is_left_among_the_chinese_ones() {
    for file in files_in(&root().join("src/text/zh_cn")) {
        let text = fs::read_to_string(file).expect("is text");
        for literal in text.split('"').skip(1).step_by(2) {
            let words =
                literal.split_whitespace().filter(|word| word.bytes().all(|b| b.is_ascii_alphabetic()));
            assert!(!literal.is_ascii() || words.count() < 2, "{literal:?}");
        }
    }
}

/// Files and folders that the documents name, as `store/lists/plan.rs` or `bin/test`.
#[test]
fn every_file_that_the_documents_name_is_there() {
    let is_path = |word: &&str| {
        let is_sign = |c: char| c.is_ascii_alphanumeric() || "/._".contains(c);
        let begins = ["bench/", "bin/", "end2end/", "src/", "style/", "tests/"].iter();
        let begins = begins.copied().chain(LAYERS.iter().map(|(layer, ..)| *layer));
        let is_below = |folder: &str| {
            word.strip_prefix(folder).is_some_and(|rest| folder.ends_with('/') || rest.starts_with('/'))
        };
        word.chars().all(is_sign) && begins.into_iter().any(is_below)
    };
    let documents = fs::read_dir(root().join("docs")).expect("is a folder");
    let documents = documents.map(|entry| entry.expect("is readable").path());
    let mut named = 0;
    for document in documents.filter(|path| path.is_file()).chain([root().join("README.md")]) {
        // A picture is no text.
        let Ok(text) = fs::read_to_string(&document) else { continue };
        for path in text.split('`').skip(1).step_by(2).filter(is_path) {
            let places = [path.to_owned(), format!("src/{path}"), format!("src/{path}.rs")];
            let is_there = places.iter().any(|place| root().join(place).exists());
            assert!(is_there, "{} names {path}", document.display());
            named += 1;
        }
    }
    assert!(named > 100, "{named} are found");
}
