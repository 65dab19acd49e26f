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
const MANIFESTS: [&str; 31] = [
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
    "package.json",
    "package-lock.json",
    "pnpm-lock.yaml",
    "pnpm-workspace.yaml",
    "yarn.lock",
    "turbo.json",
    "Cargo.toml",
    "Cargo.lock",
    "pom.xml",
    "build.gradle",
    "setup.cfg",
    "Makefile",
    ".gitignore",
    ".git/index",
    ".env.example",
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
    write(folder.path(), "compose.yaml", "services: {\n");
    let server = "package main\n\nfunc main() { http.ListenAndServe(addr, nil) }\n";
    write(folder.path(), "main.go", server);
    let notes = read(folder.path()).notes().join("\n");
    assert!(notes.contains("pyproject.toml: not TOML"), "{notes}");
    assert!(notes.contains("Pipfile.lock: not JSON"), "{notes}");
    assert!(notes.contains("compose.yaml: not YAML"), "{notes}");
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
fn gigabyte(root: &Path, path: &str) {
    write(root, path, "");
    let file = fs_err::File::create(root.join(path)).unwrap();
    file.set_len(1 << 30).unwrap();
}

/// The program in 700 MB of address space: its exit code, and its output.
#[cfg(unix)]
fn in_little_memory(root: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let limited = "ulimit -v 700000; exec \"$0\" \"$@\"";
    let program = env!("CARGO_BIN_EXE_scaffold");
    let output = std::process::Command::new("sh")
        .args(["-c", limited, program])
        .args(arguments)
        .current_dir(root)
        .output()
        .unwrap();
    let (out, err) = (&output.stdout, &output.stderr);
    let text = [String::from_utf8_lossy(out), String::from_utf8_lossy(err)].concat();
    (output.status.code(), text)
}

#[cfg(unix)]
fn detect_in_little_memory(root: &Path) -> String {
    let (code, text) = in_little_memory(root, &["detect", "--json", "."]);
    assert!(code == Some(0), "{text}");
    text
}

#[cfg(target_os = "linux")]
#[test]
fn a_container_file_of_a_gigabyte_is_refused() {
    for name in [
        "Dockerfile",
        ".dockerignore",
        "scaffold.toml",
        "scaffold.lock",
    ] {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "go.mod", "module example.com/x\n");
        let server = "package main\n\nfunc main() { http.ListenAndServe(\":80\", nil) }\n";
        write(folder.path(), "main.go", server);
        gigabyte(folder.path(), name);
        let (code, text) = in_little_memory(folder.path(), &["init", "--no-input", "--dry-run"]);
        assert!(text.contains("a file too large to read"), "{name}: {text}");
        assert!(code.is_some(), "{name}: {text}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn memory_is_bounded_whatever_file_is_huge() {
    let folder = tempfile::tempdir().unwrap();
    for path in [".gitignore", ".git/index", "uv.lock", "go.sum", "x.go"] {
        gigabyte(folder.path(), path);
    }
    for path in ["package.json", "pom.xml", "Cargo.toml", "compose.yaml"] {
        gigabyte(folder.path(), path);
    }
    write(folder.path(), "go.mod", "module example.com/x\n");
    for index in 0..60 {
        let text = format!("package p\n{}", "// a line of Go\n".repeat(250_000));
        write(folder.path(), &format!("p{index}/p.go"), text);
    }
    let text = detect_in_little_memory(folder.path());
    assert!(text.contains(".gitignore: too large"), "{text}");
    assert!(text.contains("too much to read"), "{text}");
}

#[cfg(target_os = "linux")]
#[test]
fn ignore_files_without_end_are_not_read() {
    let folder = tempfile::tempdir().unwrap();
    gigabyte(folder.path(), "huge/.gitignore");
    write(folder.path(), "huge/a.py", "");
    write(folder.path(), "endless/a.py", "");
    let zero = folder.path().join("endless/.gitignore");
    std::os::unix::fs::symlink("/dev/zero", zero).unwrap();
    write(folder.path(), "pipe/a.py", "");
    let pipe = folder.path().join("pipe/.gitignore");
    let made = std::process::Command::new("mkfifo").arg(pipe).status();
    assert!(made.unwrap().success());
    write(folder.path(), "main.py", "print(1)\n");
    let text = detect_in_little_memory(folder.path());
    for name in ["huge", "endless", "pipe"] {
        let note = format!("{name}: its .gitignore cannot be read");
        assert!(text.contains(&note), "{text}");
    }
    assert!(text.contains("main.py"), "{text}");
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
