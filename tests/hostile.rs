//! Trees that want to hurt: detection ends, soon, with what it could see and a word about the rest.
#![expect(clippy::unwrap_used, reason = "a test ends at its first surprise")]
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};

use camino::Utf8Path;
use stagewright::detect::{self, View};
use stagewright::image::Catalogue;
use stagewright::language;

fn look(root: &Path) -> View {
    detect::look(Utf8Path::from_path(root).unwrap(), BTreeSet::new())
}

/// Reads the tree as every language.
fn read(root: &Path) -> View {
    let view = look(root);
    for language in language::load_all().unwrap() {
        let day = (&Catalogue::embedded(), "2026-11-23");
        detect::read(&view, &language, &BTreeMap::new(), day);
    }
    let _ = detect::candidates(&view, language::load_all().unwrap());
    view
}

fn write(root: &Path, path: &str, text: impl AsRef<[u8]>) {
    let path = root.join(path);
    fs_err::create_dir_all(path.parent().unwrap()).unwrap();
    fs_err::write(path, text).unwrap();
}

/// Every manifest that a rule may read.
const MANIFESTS: [&str; 16] = [
    "go.mod",
    "go.work",
    "pyproject.toml",
    "uv.lock",
    "poetry.lock",
    "Pipfile",
    "Pipfile.lock",
    "requirements.txt",
    "setup.py",
    "mise.toml",
    "compose.yaml",
    ".goreleaser.yaml",
    "Dockerfile",
    "Procfile",
    ".python-version",
    "main.py",
];

#[test]
fn manifests_of_rubbish_are_noted() {
    let texts: [&[u8]; 10] = [
        b"\xff\xfe\x00bad",
        b"\0\0\0\0",
        b"[[[[[[[[",
        b"{\"a\": [",
        b"a: &a [*a, *a]\nb: {",
        b"<a><b></a>",
        b"= = =\n\"",
        b"\xef\xbb\xbf",
        b"FROM\nCMD [\nEXPOSE\n\\\n",
        b"",
    ];
    for text in texts {
        let folder = tempfile::tempdir().unwrap();
        for name in MANIFESTS {
            write(folder.path(), name, text);
        }
        read(folder.path());
    }
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "pyproject.toml", "[project\nname = 'x'\n");
    write(folder.path(), "Pipfile.lock", "{\"default\": ");
    let notes = read(folder.path()).notes().join("\n");
    assert!(notes.contains("pyproject.toml: not TOML"), "{notes}");
    assert!(notes.contains("Pipfile.lock: not JSON"), "{notes}");
}

#[test]
fn data_that_nests_without_end_is_cut() {
    let folder = tempfile::tempdir().unwrap();
    let deep = |open: &str| open.repeat(200_000);
    write(
        folder.path(),
        "pyproject.toml",
        format!("a = {}", deep("[")),
    );
    write(folder.path(), "Pipfile.lock", deep("{\"a\":"));
    write(folder.path(), "compose.yaml", deep("- "));
    write(folder.path(), ".goreleaser.yaml", deep("["));
    read(folder.path());
}

#[test]
fn a_lock_file_without_end_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let entry = "[[package]]\nname = 'a'\nversion = '1'\n";
    write(folder.path(), "uv.lock", entry.repeat(400_000));
    let notes = read(folder.path()).notes().join("\n");
    assert!(notes.contains("uv.lock: too large"), "{notes}");
}

#[test]
fn aliases_do_not_multiply() {
    let folder = tempfile::tempdir().unwrap();
    let mut bomb = String::from("a0: &a0 [x, x]\n");
    for level in 1..60 {
        let below = level - 1;
        bomb.push_str(&format!("a{level}: &a{level} [*a{below}, *a{below}]\n"));
    }
    write(folder.path(), "compose.yaml", bomb);
    read(folder.path());
}

#[cfg(unix)]
#[test]
fn a_file_of_a_gigabyte_costs_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["requirements.txt", "main.py", "huge.go"] {
        let file = fs_err::File::create(folder.path().join(name)).unwrap();
        file.set_len(1 << 30).unwrap();
    }
    let start = Instant::now();
    let notes = read(folder.path()).notes().join("\n");
    assert!(notes.contains("requirements.txt: too large"), "{notes}");
    assert!(start.elapsed() < Duration::from_secs(20));
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    let outside = tempfile::tempdir().unwrap();
    write(outside.path(), "go.mod", "module example.com/secret\n");
    symlink(folder.path(), folder.path().join("loop")).unwrap();
    symlink(outside.path(), folder.path().join("out")).unwrap();
    symlink(outside.path().join("go.mod"), folder.path().join("go.mod")).unwrap();
    symlink("b", folder.path().join("a")).unwrap();
    symlink("a", folder.path().join("b")).unwrap();
    write(folder.path(), "main.go", "package main\n");
    let view = read(folder.path());
    assert_eq!(view.len(), 1);
}

#[cfg(unix)]
#[test]
fn names_that_are_no_text_are_noted() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().unwrap();
    let name = std::ffi::OsStr::from_bytes(b"bad\xff.go");
    fs_err::write(folder.path().join(name), "package main\n").unwrap();
    write(folder.path(), "line\nbreak/go.mod", "module x\n");
    let view = read(folder.path());
    let notes = view.notes().join("\n");
    assert!(notes.contains("not UTF-8"), "{notes}");
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_read_is_noted() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "closed/go.mod", "module x\n");
    write(folder.path(), "main.go", "package main\n");
    let closed = folder.path().join("closed");
    fs_err::set_permissions(&closed, std::fs::Permissions::from_mode(0o0)).unwrap();
    let is_closed = fs_err::read_dir(&closed).is_err();
    let notes = read(folder.path()).notes().join("\n");
    fs_err::set_permissions(&closed, std::fs::Permissions::from_mode(0o755)).unwrap();
    // Root may read everything.
    assert!(!is_closed || notes.contains("closed"), "{notes}");
}

#[test]
fn folders_forty_deep_are_cut_with_a_note() {
    let folder = tempfile::tempdir().unwrap();
    let deep = "d/".repeat(40);
    write(folder.path(), &format!("{deep}go.mod"), "module x\n");
    let notes = read(folder.path()).notes().join("\n");
    assert!(notes.contains("too deep"), "{notes}");
}

#[test]
fn two_hundred_thousand_files_are_walked() {
    let folder = tempfile::tempdir().unwrap();
    for index in 0..400 {
        let below = folder.path().join(format!("d{index}"));
        fs_err::create_dir(&below).unwrap();
        for file in 0..500 {
            fs_err::File::create(below.join(format!("f{file}.txt"))).unwrap();
        }
    }
    write(folder.path(), "go.mod", "module example.com/x\n");
    let start = Instant::now();
    let view = read(folder.path());
    assert_eq!(view.len(), 200_001);
    assert!(start.elapsed() < Duration::from_secs(60));
}

#[test]
fn the_same_tree_gives_the_same_result() {
    let folder = tempfile::tempdir().unwrap();
    for index in 0..200 {
        let text = "package main\n\nfunc main() { http.ListenAndServe(\":8080\", nil) }\n";
        write(folder.path(), &format!("p{index}/main.go"), text);
    }
    write(folder.path(), "go.mod", "module example.com/x\n");
    let once = || {
        let view = look(folder.path());
        let language = language::load("go").unwrap().unwrap();
        let day = (&Catalogue::embedded(), "2026-11-23");
        let reading = detect::read(&view, &language, &BTreeMap::new(), day);
        format!("{:?}", reading.decisions)
    };
    assert_eq!(once(), once());
}
