//! `update` over the years: merges that agree with git's, histories in which no line of the user's is lost, and a tree
//! that a killed run leaves whole.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test ends at its first surprise")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use proptest::prelude::*;
use stagewright::workspace::merge::merge;

fn scaffold(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_scaffold"))
        .args(arguments)
        .current_dir(folder)
        .env("SOURCE_DATE_EPOCH", "1795392000")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn write(path: &Path, text: &str) {
    fs_err::File::create(path)
        .and_then(|mut file| std::io::Write::write_all(&mut file, text.as_bytes()))
        .unwrap();
}

fn read(path: &Path) -> String {
    fs_err::read_to_string(path).unwrap()
}

/// All files of a project by name, without the leavings of killed runs.
fn tree(root: &Path) -> BTreeMap<PathBuf, String> {
    let mut files = BTreeMap::new();
    for entry in fs_err::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_file() && !name.starts_with(".scaffold-") {
            files.insert(PathBuf::from(name), read(&path));
        }
    }
    files
}

/// In memory where that is possible: every run waits for the disk otherwise, thousands of times.
fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap()
}

/// A project with nothing but container files, and a version that has a newer patch.
fn project() -> tempfile::TempDir {
    let work = folder();
    write(
        &work.path().join("scaffold.toml"),
        "lang = \"go\"\nname = \"shop\"\nversion = \"1.26.3\" # pinned\n",
    );
    assert_eq!(code(&scaffold(work.path(), &["generate"])), 0);
    work
}

// --- merging ---------------------------------------------------------------------------------------------------

/// What `git merge-file` makes of three texts: the text, and how many conflicts.
fn git_merge(base: &str, yours: &str, ours: &str) -> (String, i32) {
    let work = folder();
    for (name, text) in [("base", base), ("yours", yours), ("ours", ours)] {
        write(&work.path().join(name), text);
    }
    let output = Command::new("git")
        .args([
            "merge-file",
            "-p",
            "--diff3",
            "-L",
            "yours",
            "-L",
            "written last time",
            "-L",
            "scaffold",
            "yours",
            "base",
            "ours",
        ])
        .current_dir(work.path())
        .output()
        .unwrap();
    let conflicts = code(&output);
    (String::from_utf8(output.stdout).unwrap(), conflicts)
}

fn text(lines: &[String]) -> String {
    lines
        .iter()
        .flat_map(|line| [line.as_str(), "\n"])
        .collect()
}

/// A text that came from `lines` by a few edits.
fn edited(lines: Vec<String>) -> impl Strategy<Value = Vec<String>> {
    let edit = (0..=lines.len(), 0..3_u8, "[A-Z]{1,3}");
    prop::collection::vec(edit, 0..4).prop_map(move |edits| {
        let mut lines = lines.clone();
        for (at, kind, word) in edits {
            let at = at.min(lines.len());
            match kind {
                0 => lines.insert(at, word),
                1 if at < lines.len() => lines[at] = word,
                _ if at < lines.len() => drop(lines.remove(at)),
                _ => {}
            }
        }
        lines
    })
}

fn triple() -> impl Strategy<Value = (Vec<String>, Vec<String>, Vec<String>)> {
    let base = prop::collection::vec("[a-z]{1,4}", 1..14);
    base.prop_flat_map(|base| (Just(base.clone()), edited(base.clone()), edited(base)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Where git merges without conflict and so do we, the texts are the same; and neither side's lines are lost.
    #[test]
    fn merges_agree_with_git((base, yours, ours) in triple()) {
        let (base_text, yours_text, ours_text) = (text(&base), text(&yours), text(&ours));
        let merged = merge(&base_text, &yours_text, &ours_text);
        let (git, conflicts) = git_merge(&base_text, &yours_text, &ours_text);
        if conflicts == 0 && merged.conflicts == 0 {
            prop_assert_eq!(&merged.text, &git);
        }
        for line in yours.iter().filter(|line| !base.contains(line)) {
            prop_assert!(merged.text.lines().any(|merged| merged == line), "lost {} in\n{}", line, merged.text);
        }
        for line in ours.iter().filter(|line| !base.contains(line)) {
            prop_assert!(merged.text.lines().any(|merged| merged == line), "lost {} in\n{}", line, merged.text);
        }
    }
}

// --- histories -------------------------------------------------------------------------------------------------

/// Settings between which a project's life goes to and fro.
const LIVES: [&str; 6] = [
    "version = \"1.26.3\"\n",
    "version = \"1.27\"\nport = 9000\n",
    "runtime = \"alpine\"\n",
    "runtime = \"slim\"\nversion = \"1.26.10\"\n[production]\nwritable = [\"/app/data\"]\n",
    "[options]\ncgo = true\n",
    "framework = \"worker\"\n[production.env]\nTZ = \"Europe/Berlin\"\n",
];

/// Chooses the wished side of every conflict: both, as a careful person would.
fn resolve(text: &str) -> String {
    let mut kept = String::new();
    let mut in_base = false;
    for line in text.lines() {
        match line {
            line if line.starts_with("||||||| ") => in_base = true,
            "=======" => in_base = false,
            line if line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> ") => {}
            _ if in_base => {}
            line => kept.push_str(&format!("{line}\n")),
        }
    }
    kept
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, max_shrink_iters: 20, ..ProptestConfig::default() })]

    #[test]
    fn no_line_of_the_users_is_lost(steps in prop::collection::vec((0..LIVES.len(), prop::option::of(0..60_usize)), 1..3)) {
        let work = project();
        let dockerfile = work.path().join("Dockerfile");
        let mut mine: Vec<String> = Vec::new();
        for (life, edit) in steps {
            if let Some(at) = edit {
                let line = format!("# mine {}", mine.len());
                let mut lines: Vec<_> = read(&dockerfile).lines().map(ToOwned::to_owned).collect();
                lines.insert(at.min(lines.len()), line.clone());
                write(&dockerfile, &text(&lines));
                mine.push(line);
            }
            write(&work.path().join("scaffold.toml"), &format!("lang = \"go\"\nname = \"shop\"\n{}", LIVES[life]));
            let output = scaffold(work.path(), &["update", "--quiet"]);
            prop_assert!([0, 1].contains(&code(&output)), "{}", said(&output));
            let merged = read(&dockerfile);
            prop_assert_eq!(code(&output) == 1, merged.contains("<<<<<<< yours"), "{}", merged);
            for line in &mine {
                prop_assert!(merged.lines().any(|merged| merged == line), "lost {}:\n{}", line, merged);
            }
            if code(&output) == 1 {
                write(&dockerfile, &resolve(&merged));
            }
        }
        let again = scaffold(work.path(), &["update"]);
        prop_assert!(said(&again).contains("nothing to do"), "{}", said(&again));
    }
}

#[test]
fn marks_of_an_earlier_merge_are_not_merged_again() {
    let work = project();
    let dockerfile = work.path().join("Dockerfile");
    write(
        &dockerfile,
        &read(&dockerfile).replace("golang:1.26.3-trixie", "golang:1.26.4-trixie"),
    );
    let output = scaffold(work.path(), &["update"]);
    assert_eq!(code(&output), 1, "{}", said(&output));
    let marked = read(&dockerfile);
    assert!(
        marked.contains("<<<<<<< yours")
            && marked.contains("golang:1.26.4")
            && marked.contains("golang:1.26.11")
    );
    let again = scaffold(work.path(), &["update"]);
    assert_eq!(code(&again), 1);
    assert!(
        said(&again).contains("still has the marks"),
        "{}",
        said(&again)
    );
    assert_eq!(read(&dockerfile), marked);
}

// --- killed runs -----------------------------------------------------------------------------------------------

#[test]
fn a_killed_update_leaves_a_tree_that_the_next_one_completes() {
    let begun = project();
    let edited =
        read(&begun.path().join("Dockerfile")).replace("WORKDIR /src", "# mine\nWORKDIR /src");
    write(&begun.path().join("Dockerfile"), &edited);
    let old = tree(begun.path());
    let finished = copy(&old);
    assert_eq!(code(&scaffold(finished.path(), &["update"])), 0);
    let new = tree(finished.path());
    assert_ne!(
        old["Dockerfile".as_ref() as &Path],
        new["Dockerfile".as_ref() as &Path]
    );
    for step in 0..60_u64 {
        let work = copy(&old);
        let mut child = Command::new(env!("CARGO_BIN_EXE_scaffold"))
            .args(["update", "--quiet"])
            .current_dir(work.path())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_micros(step * 600));
        let _ = child.kill();
        let _ = child.wait();
        for (path, text) in tree(work.path()) {
            let whole = old.get(&path) == Some(&text) || new.get(&path) == Some(&text);
            assert!(whole, "{} is neither old nor new", path.display());
        }
        assert_eq!(code(&scaffold(work.path(), &["update"])), 0);
        assert_eq!(
            without_backups(tree(work.path())),
            without_backups(new.clone())
        );
    }
}

/// Every prefix of the renames: files in their order, the lock last.
#[test]
fn an_update_that_stopped_between_two_files_is_completed() {
    let begun = project();
    let edited =
        read(&begun.path().join("Dockerfile")).replace("WORKDIR /src", "# mine\nWORKDIR /src");
    write(&begun.path().join("Dockerfile"), &edited);
    let old = tree(begun.path());
    let finished = copy(&old);
    assert_eq!(code(&scaffold(finished.path(), &["update"])), 0);
    let new = tree(finished.path());
    for done in [
        &["Dockerfile"][..],
        &["Dockerfile", "scaffold.toml"],
        &["scaffold.toml"],
    ] {
        let mut half = old.clone();
        for name in done {
            half.insert(PathBuf::from(name), new[Path::new(name)].clone());
        }
        let work = copy(&half);
        let output = scaffold(work.path(), &["update"]);
        assert_eq!(code(&output), 0, "{}", said(&output));
        assert_eq!(
            without_backups(tree(work.path())),
            without_backups(new.clone()),
            "{done:?}"
        );
    }
}

fn copy(files: &BTreeMap<PathBuf, String>) -> tempfile::TempDir {
    let work = tempfile::tempdir().unwrap();
    for (path, text) in files {
        write(&work.path().join(path), text);
    }
    work
}

fn without_backups(files: BTreeMap<PathBuf, String>) -> BTreeMap<PathBuf, String> {
    files
        .into_iter()
        .filter(|(path, _)| !path.to_string_lossy().ends_with(".before-update"))
        .collect()
}

// --- undo ------------------------------------------------------------------------------------------------------

fn undo(folder: &Path, output: &Output) {
    let text = said(output);
    let command = text.split("Undo:\n").nth(1).unwrap().trim();
    let status = Command::new("sh")
        .args(["-c", command])
        .current_dir(folder)
        .status()
        .unwrap();
    assert!(status.success(), "{command}");
}

fn git(folder: &Path, arguments: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "user.name=a", "-c", "user.email=a@example.com"])
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", said(&output));
}

#[test]
fn the_undo_command_is_true_with_and_without_git() {
    for versioned in [false, true] {
        let work = project();
        if versioned {
            git(work.path(), &["init", "-q"]);
            git(work.path(), &["add", "."]);
            git(work.path(), &["commit", "-qm", "x"]);
        }
        let before = tree(work.path());
        let output = scaffold(work.path(), &["update"]);
        assert_eq!(code(&output), 0);
        assert_eq!(
            said(&output).contains("git restore"),
            versioned,
            "{}",
            said(&output)
        );
        assert_ne!(tree(work.path()), before);
        undo(work.path(), &output);
        assert_eq!(tree(work.path()), before);
    }
}

/// An edit that was not committed is not given up to `git restore`.
#[test]
fn undo_keeps_what_was_not_committed() {
    let work = project();
    git(work.path(), &["init", "-q"]);
    git(work.path(), &["add", "."]);
    git(work.path(), &["commit", "-qm", "x"]);
    let dockerfile = work.path().join("Dockerfile");
    write(
        &dockerfile,
        &read(&dockerfile).replace("WORKDIR /src", "# mine\nWORKDIR /src"),
    );
    let before = tree(work.path());
    let output = scaffold(work.path(), &["update"]);
    assert!(!said(&output).contains("git restore"), "{}", said(&output));
    undo(work.path(), &output);
    assert_eq!(tree(work.path()), before);
}

// --- files that nothing makes any more -------------------------------------------------------------------------

#[test]
fn a_file_that_is_no_longer_made_is_removed_only_if_untouched() {
    for edit in [false, true] {
        let work = project();
        let lock = work.path().join("scaffold.lock");
        let text = "old\n";
        let digest = stagewright::workspace::lock::digest(text.as_bytes());
        write(
            &lock,
            &format!(
                "{}\n[[file]]\npath = \"gone.yaml\"\ndigest = \"{digest}\"\ntext = \"old\\n\"\n",
                read(&lock)
            ),
        );
        let gone = work.path().join("gone.yaml");
        write(&gone, if edit { "mine\n" } else { text });
        assert_eq!(code(&scaffold(work.path(), &["check"])), 1);
        assert_eq!(code(&scaffold(work.path(), &["diff"])), 1);
        let output = scaffold(work.path(), &["update"]);
        assert_eq!(code(&output), 0, "{}", said(&output));
        assert_eq!(gone.exists(), edit, "{}", said(&output));
        assert!(!read(&lock).contains("gone.yaml"));
    }
}
