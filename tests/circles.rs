//! No file of the source imports another that leads back to it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Module path of each file, from the crate's root.
type Modules = BTreeMap<Vec<String>, PathBuf>;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn modules_in(folder: &Path, found: &mut Modules) {
    for entry in fs::read_dir(folder).expect("is a folder") {
        let path = entry.expect("is readable").path();
        if path.is_dir() {
            modules_in(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let inside = path.strip_prefix(root()).expect("is inside").with_extension("");
            let names = inside.iter().map(|name| name.to_str().expect("is UTF-8").to_owned());
            let names = names.filter(|name| !["mod", "lib"].contains(&name.as_str())).collect();
            found.insert(names, path);
        }
    }
}

/// Code of a file without comments and without its tests.
fn code_of(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("is text");
    let lines = text.lines().map(|line| line.split("//").next().unwrap_or_default());
    lines.take_while(|line| line.trim() != "#[cfg(test)]").collect::<Vec<_>>().join("\n")
}

/// Paths that a tree of `use` names: `a::{b, c::d}` is `a::b` and `a::c::d`.
fn leaves(tree: &str) -> Vec<String> {
    let tree = tree.trim();
    let Some((prefix, group)) = tree.split_once('{') else {
        return vec![tree.split(" as ").next().unwrap_or_default().trim().to_owned()];
    };
    let group = group.rsplit_once('}').map_or(group, |(group, _)| group);
    let (mut depth, mut start, mut branches) = (0, 0, Vec::new());
    for (place, sign) in group.char_indices() {
        match sign {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                branches.push(&group[start..place]);
                start = place + 1;
            }
            _ => {}
        }
    }
    branches.push(&group[start..]);
    let branches = branches.into_iter().filter(|branch| !branch.trim().is_empty());
    branches.flat_map(leaves).map(|leaf| format!("{}{leaf}", prefix.trim())).collect()
}

/// Paths into this crate that the code names, in `use` and elsewhere.
fn paths_in(code: &str) -> Vec<String> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut paths = Vec::new();
    for prefix in ["crate::", "super::", "self::"] {
        for (place, _) in code.match_indices(prefix) {
            if code[..place].ends_with(|c: char| is_word(c) || c == ':') {
                continue;
            }
            let is_use = code[..place].trim_end().ends_with("use");
            let end = match is_use {
                true => code[place..].find(';'),
                false => code[place..].find(|c: char| !is_word(c) && c != ':'),
            };
            paths.extend(leaves(&code[place..place + end.unwrap_or(code.len() - place)]));
        }
    }
    for (place, _) in code.match_indices("use ") {
        // `use child::Name` in the file of the folder.
        let tree = &code[place + 4..place + code[place..].find(';').unwrap_or(4)];
        let is_outside = ["crate::", "super::", "self::"].iter().any(|prefix| tree.starts_with(prefix));
        if !is_outside && !code[..place].ends_with(is_word) {
            paths.extend(leaves(tree).into_iter().map(|path| format!("self::{path}")));
        }
    }
    paths
}

/// The file that a path in `module` leads into.
fn file_of<'a>(path: &str, module: &[String], modules: &'a Modules) -> Option<&'a PathBuf> {
    let mut names: Vec<String> = module.to_vec();
    for (place, part) in path.split("::").map(str::trim).enumerate() {
        match part {
            "crate" if place == 0 => names.clear(),
            "self" => {}
            "super" => drop(names.pop()),
            name => names.push(name.to_owned()),
        }
    }
    (0..=names.len()).rev().find_map(|length| modules.get(&names[..length]))
}

/// Imports from file to file. A folder's own file may know its children, and they may use what it
/// has for all of them.
fn imports(modules: &Modules) -> BTreeMap<&PathBuf, BTreeSet<&PathBuf>> {
    let of = |(module, path): (&Vec<String>, &PathBuf)| {
        let paths = paths_in(&code_of(path));
        let files = paths.iter().filter_map(|named| file_of(named, module, modules));
        let is_above = |file: &&PathBuf| {
            let folder = file.file_name().is_some_and(|name| name == "mod.rs").then(|| file.parent());
            let holds = folder.flatten().is_some_and(|folder| path.starts_with(folder));
            holds || file.ends_with("lib.rs")
        };
        files.filter(|file| *file != path && !is_above(file)).collect()
    };
    modules.iter().map(|(module, path)| (path, of((module, path)))).collect()
}

fn reachable<'a>(
    from: &'a PathBuf,
    imports: &BTreeMap<&'a PathBuf, BTreeSet<&'a PathBuf>>,
) -> BTreeSet<&'a PathBuf> {
    let (mut found, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(next) = open.pop() {
        open.extend(imports[next].iter().filter(|file| found.insert(**file)));
    }
    found
}

#[test]
fn no_import_leads_back_to_where_it_came_from() {
    let mut modules = Modules::new();
    modules_in(&root(), &mut modules);
    modules.retain(|_, path| !path.ends_with("tests.rs"));

    let imports = imports(&modules);
    let reached: BTreeMap<_, _> = imports.keys().map(|file| (*file, reachable(file, &imports))).collect();
    let in_circles = imports.iter().flat_map(|(from, files)| {
        let back = files.iter().filter(|to| reached[**to].contains(from));
        back.map(|to| format!("{} -> {}", from.display(), to.display()))
    });

    let in_circles: Vec<String> = in_circles.collect();
    assert!(imports.values().map(BTreeSet::len).sum::<usize>() > 500, "imports are found");
    assert!(in_circles.is_empty(), "{}", in_circles.join("\n"));
}

#[test]
fn trees_of_imports_are_read_to_their_leaves() {
    assert_eq!(
        leaves("crate::a::{self, B, c::{D, e as F}}"),
        ["crate::a::self", "crate::a::B", "crate::a::c::D", "crate::a::c::e"]
    );
    let code = "use super::{a, b::C};\nlet x = crate::d::E::new();";
    assert_eq!(paths_in(code), ["crate::d::E::new", "super::a", "super::b::C"]);
}
