//! Repositories of others against `trees.toml`, which says what a person decided that each is. `SCAFFOLD_TEST_TREES=DIR`
//! holds a checkout of each at its commit, in a folder `OWNER+NAME`; without it, nothing runs. A value that is asked, or
//! that stands beside a reason not to go on, is no wrong one: it is counted as not sure.
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test ends at its first surprise, says what it counted, and has a switch of its own"
)]
use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8PathBuf;
use serde::Deserialize;
use stagewright::detect::services::{self, Standing, Wishes};
use stagewright::detect::{self, Finding, Reading};
use stagewright::image::Catalogue;
use stagewright::language::{self, rules::Confidence};

#[derive(Deserialize)]
struct File {
    tree: Vec<Tree>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tree {
    repository: String,
    #[serde(rename = "commit")]
    _commit: String,
    #[serde(default)]
    folder: String,
    lang: String,
    version: Vec<String>,
    #[serde(default)]
    manager: Vec<String>,
    framework: Vec<String>,
    start: Vec<String>,
    port: Vec<String>,
}

/// Right, not sure, wrong.
type Counts = BTreeMap<&'static str, [usize; 3]>;

/// How many of a hundred may be wrong, by what is asked.
const AIMS: [(&str, usize); 6] = [
    ("lang", 0),
    ("version", 2),
    ("manager", 2),
    ("framework", 10),
    ("start", 10),
    ("port", 10),
];

#[test]
fn what_others_made_is_read_as_they_meant_it() {
    let Ok(trees) = std::env::var("SCAFFOLD_TEST_TREES") else {
        return;
    };
    let file: File = toml::from_str(include_str!("trees.toml")).expect("trees.toml");
    let mut counts = Counts::new();
    for tree in &file.tree {
        let folder = tree.repository.replace('/', "+");
        let root = Utf8PathBuf::from(&trees).join(folder);
        assert!(root.is_dir(), "{root} is not there");
        compare(tree, &root, &mut counts);
    }
    println!("what: right, not sure, wrong");
    for (what, [right, unsure, wrong]) in &counts {
        println!("{what}: {right}, {unsure}, {wrong}");
    }
    for (what, aim) in AIMS {
        let [right, unsure, wrong] = counts.get(what).copied().expect("a count");
        let all = right + unsure + wrong;
        assert!(
            wrong * 100 <= aim * all,
            "{what}: {wrong} of {all} are wrong"
        );
    }
}

/// The language, what was read, and what follows from where it lies: of the whole repository, or of the service in a
/// folder of it.
fn read(tree: &Tree, root: &Utf8PathBuf) -> (String, Reading, BTreeMap<String, String>) {
    let view = detect::look(root, BTreeSet::new());
    let languages = language::load_all().expect("the languages");
    let (catalogue, today) = (Catalogue::embedded(), "2026-11-23");
    if !tree.folder.is_empty() {
        let proposals = services::find(&view, &languages, &Wishes::default(), today);
        let mut proposals = proposals.into_iter();
        let one = proposals.find(|one| one.folder == tree.folder && one.standing == Standing::Sure);
        let one = one.expect("a service in the folder");
        let settled = one.values.into_iter();
        let settled = settled.map(|(key, sourced)| (key, sourced.value.display()));
        return (one.language.id, one.reading, settled.collect());
    }
    let candidates = detect::candidates(&view, languages);
    let first = candidates.first().expect("a candidate");
    let day = (&catalogue, today);
    let reading = detect::read(&view, &first.language, &BTreeMap::new(), day);
    (first.language.id.clone(), reading, BTreeMap::new())
}

fn compare(tree: &Tree, root: &Utf8PathBuf, counts: &mut Counts) {
    let (lang, reading, settled) = read(tree, root);
    let mut judge = |what: &'static str, wanted: &[String], found: String, sure: bool| {
        let fits = |one: &String| match what {
            "version" => found.starts_with(one.as_str()),
            "start" => found == *one || one.contains([':', '.', ' ']) && found.contains(one),
            _ => found == *one,
        };
        let at = if sure {
            usize::from(!wanted.iter().any(fits)) * 2
        } else {
            1
        };
        counts.entry(what).or_default()[at] += 1;
        if at > 0 {
            let how = ["", "not sure", "wrong"][at];
            let wanted = wanted.join(" or ");
            println!(
                "{}: {what}: {how}: {found}; wanted {wanted}",
                tree.repository
            );
        }
    };
    judge("lang", std::slice::from_ref(&tree.lang), lang, true);
    let goes_on = reading.needs.iter().all(|need| need.key.is_some());
    for (what, key, wanted) in [
        ("version", "version", &tree.version),
        ("manager", "options.manager", &tree.manager),
        ("framework", "framework", &tree.framework),
        ("port", "port", &tree.port),
    ] {
        if !wanted.is_empty() {
            let (found, sure) = match settled.get(key) {
                Some(settled) => (settled.clone(), true),
                None => value(&reading, key),
            };
            judge(what, wanted, found, sure && goes_on);
        }
    }
    let (found, sure) = start(&reading);
    judge("start", &tree.start, found, sure && goes_on);
}

/// A value, and whether it is taken without a question.
fn value(reading: &Reading, key: &str) -> (String, bool) {
    let needed = reading
        .needs
        .iter()
        .any(|need| need.key.as_deref() == Some(key));
    let Some(decision) = reading.decision(key) else {
        return ("none".to_owned(), !needed);
    };
    let shown = |finding: &Finding| match finding.value.display().as_str() {
        "false" => "none".to_owned(),
        text => text.to_owned(),
    };
    match &decision.finding {
        Some(finding) => (shown(finding), finding.confidence > Confidence::Guess),
        None if decision.alternatives.is_empty() => ("none".to_owned(), !needed),
        None => (shown(&decision.alternatives[0]), false),
    }
}

/// What starts: a package and the words behind the program, else a command, an application object or a module.
fn start(reading: &Reading) -> (String, bool) {
    let (package, is_package_sure) = value(reading, "options.package");
    let (command, is_command_sure) = value(reading, "command");
    if package.starts_with('.') {
        let words = command.split_once(' ').map_or("", |(_, words)| words);
        let found = format!("{package} {words}");
        return (found.trim().to_owned(), is_package_sure && is_command_sure);
    }
    if command != "none" {
        return (command, is_command_sure);
    }
    let (app, is_app_sure) = value(reading, "options.app");
    if app != "none" {
        return (app, is_app_sure && is_command_sure);
    }
    let (module, is_module_sure) = value(reading, "options.module");
    (format!("-m {module}"), is_module_sure)
}
