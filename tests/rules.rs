//! Our own rules are silent on everything that we write: every golden Dockerfile and every example.
#![expect(clippy::unwrap_used, reason = "a test ends at its first surprise")]
use std::path::{Path, PathBuf};

use stagewright::dockerfile::{Surroundings, View, rules};
use stagewright::report::{Document, human};

fn dockerfiles(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs_err::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            dockerfiles(&path, found);
        } else if path.file_name().is_some_and(|name| name == "Dockerfile") {
            found.push(path);
        }
    }
}

#[test]
fn what_we_write_is_clean_by_our_own_rules() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    dockerfiles(&root.join("tests/golden"), &mut files);
    dockerfiles(&root.join("examples"), &mut files);
    assert!(files.len() > 50);
    let mut told = String::new();
    let golden = root.join("tests/golden");
    for path in files {
        let folder = path.parent().unwrap().to_owned();
        // What the project brings itself lies beside its spec, what was made below `out`.
        let read = |name: &str| {
            // An ignore file of one Dockerfile wins over that of the folder.
            let own = fs_err::read_to_string(format!("{}{name}", path.display()));
            let own = own.ok().filter(|_| name == ".dockerignore");
            if own.is_some() {
                return own;
            }
            // A service's folder lies below its context.
            let mut above = folder.ancestors().take_while(|above| **above != golden);
            above.find_map(|above| fs_err::read_to_string(above.join(name)).ok())
        };
        let document = Document::file(
            path.strip_prefix(root).unwrap().to_string_lossy(),
            fs_err::read_to_string(&path).unwrap(),
        );
        let around = Surroundings {
            today: "2026-11-23",
            read: &read,
            has_context: true,
        };
        let view = View::new(&document, around).unwrap();
        // A project that names its version itself may have an old one, and is told so.
        let spec = read("scaffold.toml").unwrap_or_default();
        let is_asked = spec.lines().any(|line| line.starts_with("version = "));
        let skip = is_asked.then(|| "end-of-life".to_owned());
        told.extend(
            rules::check(&view, skip.as_slice())
                .iter()
                .map(|found| format!("[{}] {}", found.code, human::render(found, false))),
        );
    }
    assert!(told.is_empty(), "{told}");
}

/// What other people wrote and a rule once took for a fault.
#[test]
fn what_was_a_false_alarm_is_none() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules/silent");
    let mut told = String::new();
    let mut seen = 0;
    for entry in fs_err::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs_err::read_to_string(&path).unwrap();
        let document = Document::file(path.file_name().unwrap().to_string_lossy(), text);
        let around = Surroundings {
            today: "2026-11-23",
            read: &|_| None,
            has_context: false,
        };
        let found = View::new(&document, around)
            .map_or_else(|broken| vec![*broken], |view| rules::check(&view, &[]));
        told.extend(
            found
                .iter()
                .map(|found| format!("[{}] {}", found.code, human::render(found, false))),
        );
        seen += 1;
    }
    assert!(seen > 5 && told.is_empty(), "{told}");
}
