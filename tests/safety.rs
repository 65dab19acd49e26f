//! What must never happen: a value that becomes an instruction, a byte outside the target, a tree that is half of
//! something, a question to nobody.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test ends at its first surprise"
)]

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use proptest::prelude::*;
use stagewright::image::Catalogue;
use stagewright::plan::{Inputs, Plan, Resolved, plan};
use stagewright::report::Document;
use stagewright::spec::{Spec, Value};
use stagewright::{language, render};

fn scaffold(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_scaffold"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

/// All files and links below a folder with their contents.
fn tree(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut pending = vec![root.to_owned()];
    while let Some(folder) = pending.pop() {
        for entry in fs_err::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.is_symlink() {
                pending.push(path);
            } else {
                files.insert(path.clone(), fs_err::read(&path).unwrap_or_default());
            }
        }
    }
    files
}

fn write(path: &Path, text: &str) {
    fs_err::File::create(path)
        .and_then(|mut file| std::io::Write::write_all(&mut file, text.as_bytes()))
        .unwrap();
}

// --- values ----------------------------------------------------------------------------------------------------

fn planned(id: &str, spec: &str) -> Result<Plan, String> {
    let language = language::load(id).unwrap().unwrap();
    let fields = language::fields(Some(&language));
    plan(Inputs {
        language,
        spec: Spec::read(&[Document::file("scaffold.toml", spec)], &fields),
        lock: Resolved::default(),
        catalogue: &Catalogue::embedded(),
        folder: "shop",
        today: "2026-11-23",
        with_sample: false,
        service: None,
    })
    .map_err(|diagnostics| diagnostics[0].message.clone())
}

/// The Dockerfile's instructions by name, with the words of its start command.
fn instructions(dockerfile: &str) -> (Vec<String>, Vec<String>) {
    let parsed =
        parse_dockerfile::parse(dockerfile).unwrap_or_else(|error| panic!("{error}\n{dockerfile}"));
    let mut names = Vec::new();
    let mut command = Vec::new();
    for instruction in &parsed.instructions {
        let debug = format!("{instruction:?}");
        names.push(debug.split('(').next().unwrap_or_default().to_owned());
        let arguments = match instruction {
            parse_dockerfile::Instruction::Cmd(cmd) => &cmd.arguments,
            parse_dockerfile::Instruction::Entrypoint(entry) => &entry.arguments,
            _ => continue,
        };
        if let parse_dockerfile::Command::Exec(words) = arguments {
            command = words
                .value
                .iter()
                .map(|word| word.value.to_string())
                .collect();
        }
    }
    (names, command)
}

fn with_values(value: &str) -> String {
    let quoted = Value::Text(value.to_owned()).to_toml();
    format!(
        "lang = \"go\"\nruntime = \"slim\"\ncommand = [\"/app/shop\", {quoted}]\n[build]\nenv = {{ A = {quoted} }}\n[production]\nenv = {{ A = {quoted}, B = {quoted} }}\nlabels = {{ a = {quoted} }}\n"
    )
}

fn value_stays_a_value(value: &str) {
    let (baseline, _) = instructions(&dockerfile(&planned("go", &with_values("plain")).unwrap()));
    let Ok(plan) = planned("go", &with_values(value)) else {
        assert!(
            value.chars().any(|c| c.is_control() || !c.is_ascii()),
            "refused: {value:?}"
        );
        return;
    };
    let text = dockerfile(&plan);
    let (names, command) = instructions(&text);
    assert_eq!(names, baseline, "{text}");
    assert_eq!(command, ["/app/shop", value], "{text}");
}

fn dockerfile(plan: &Plan) -> String {
    let files = render::render(std::slice::from_ref(plan), false).unwrap();
    String::from_utf8(files.get("Dockerfile").unwrap().bytes.clone()).unwrap()
}

#[test]
fn known_tricks_stay_values() {
    for value in [
        "\"",
        "'",
        "\\",
        "\\\\",
        "$HOME",
        "${HOME}",
        "`id`",
        "$(id)",
        "{{ 7 * 7 }}",
        "{% raw %}",
        "{# x #}",
        "--",
        "-rf",
        "\" RUN id",
        "\\\" RUN id",
        "x\\",
        "x\" \\",
        "# syntax=evil",
        "<<EOF",
        "a b",
        "",
        " ",
        "[\"a\"]",
        "a=b",
        "RUN id",
        "${x:-y}",
        "\\$x",
        "é",
        "日本",
        "🦀",
        "%s",
        "&&",
        "|| true",
        "; id",
        "!x",
        "*",
        "?",
        "[a]",
        "~",
    ] {
        value_stays_a_value(value);
    }
}

#[test]
fn line_breaks_and_control_characters_are_refused() {
    for value in [
        "a\nRUN id",
        "a\r\nb",
        "\u{0}",
        "\u{1b}[31m",
        "a\u{2028}b",
        "\u{85}",
        "\u{202e}abc",
    ] {
        assert!(planned("go", &with_values(value)).is_err(), "{value:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_printable_value_stays_a_value(value in "[ -~]{0,60}") {
        value_stays_a_value(&value);
    }

    #[test]
    fn any_text_is_read_or_refused_without_a_panic(text in "\\PC{0,200}") {
        let _ = planned("go", &text);
    }

    #[test]
    fn toml_of_our_keys_with_any_values_never_panics(key in "(name|version|port|health|command|runtime|production\\.user|options\\.cgo|build\\.env)", value in "[ -~]{0,30}") {
        let _ = planned("go", &format!("{key} = {value}"));
        let _ = planned("go", &format!("{key} = {}", Value::Text(value).to_toml()));
    }
}

// --- values in the files beside the Dockerfile -------------------------------------------------------------------

const FURTHER: &str = "lang = \"go\"\nneeds = [\"postgres\", \"redis\"]\n[files]\ncompose = true\ngithub = true\ngitlab = true\nbake = true\nreadme = true\n";

/// The names of all keys and how many items each list has: what a value must not change.
fn shape(node: &stagewright::detect::node::Node, out: &mut Vec<String>) {
    use stagewright::detect::node::Kind;
    match &node.kind {
        Kind::Text(_) => out.push("text".to_owned()),
        Kind::List(items) => items.iter().for_each(|item| {
            out.push("item".to_owned());
            shape(item, out);
        }),
        Kind::Map(entries) => entries.iter().for_each(|entry| {
            out.push(entry.key.clone());
            shape(&entry.node, out);
        }),
    }
}

/// The shapes of all YAML files of a plan; `None` when the value is refused.
fn shapes(key: &str, value: &str) -> Option<Vec<String>> {
    use stagewright::detect::data::{Format, parse};
    let value = match key {
        "build.secrets" | "production.writable" => Value::List(vec![Value::Text(value.to_owned())]),
        _ => Value::Text(value.to_owned()),
    };
    let plan = planned("go", &format!("{key} = {}\n{FURTHER}", value.to_toml())).ok()?;
    let files = render::render(std::slice::from_ref(&plan), false).unwrap();
    let mut out = Vec::new();
    for (path, entry) in files.iter() {
        if ![Some("yaml"), Some("yml")].contains(&camino::Utf8Path::new(path).extension()) {
            continue;
        }
        let text = String::from_utf8(entry.bytes.clone()).unwrap();
        let (node, fault) = parse(Format::Yaml, &text);
        assert_eq!(fault, None, "{text}");
        out.push(path.to_owned());
        shape(&node.unwrap(), &mut out);
    }
    // A volume is named after its folder.
    out.retain(|name| !name.starts_with("app-"));
    Some(out)
}

const REACHING: [(&str, &str); 5] = [
    ("name", "plain"),
    ("health", "/plain"),
    ("images.registry", "registry.example.com/plain"),
    ("production.writable", "/plain"),
    ("syntax", "docker/dockerfile:1"),
];

#[test]
fn known_tricks_do_not_change_the_further_files() {
    for (key, plain) in REACHING {
        let baseline = shapes(key, plain).unwrap();
        for value in [
            "null",
            "on",
            "1.5",
            "0x1",
            "1e3",
            "a: b",
            "a #b",
            "- a",
            "*a",
            "&a",
            "!a",
            "{a",
            "[a",
            "'a",
            "\"a",
            "$a",
            "${A}",
            "${{ github.token }}",
            "%a",
            "@a",
            "`a",
            "/a/b/*",
            "/.x",
            "/on",
            "a.b",
            "<<",
            ">>",
            "<% x %>",
            "<< name >>",
            "a\\",
            "~",
            "=",
            "|",
            ">",
            "?",
            ":",
            "::add-mask::x",
        ] {
            if let Some(found) = shapes(key, value) {
                assert_eq!(found, baseline, "{key} = {value}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_value_leaves_the_further_files_as_they_are(index in 0..REACHING.len(), value in "[ -~]{0,40}") {
        let (key, plain) = REACHING[index];
        if let Some(found) = shapes(key, &value) {
            prop_assert_eq!(found, shapes(key, plain).unwrap());
        }
    }

    #[test]
    fn any_value_that_is_taken_leaves_the_further_files_as_they_are(index in 0..4_usize, tail in "[a-z0-9._/~?&=%-]{0,40}") {
        let (key, plain) = REACHING[index];
        for value in [tail.clone(), format!("/{tail}")] {
            if let Some(found) = shapes(key, &value) {
                prop_assert_eq!(found, shapes(key, plain).unwrap());
            }
        }
    }
}

// --- names and paths -------------------------------------------------------------------------------------------

#[test]
fn a_name_of_ten_kilobytes_is_cut_and_one_that_is_not_utf_8_is_refused() {
    let work = tempfile::tempdir().unwrap();
    let long = "n".repeat(10_000);
    let output = scaffold(work.path(), &["new", "ok", "--lang", "go", "--name", &long]);
    assert_eq!(code(&output), 0);
    assert_eq!(
        code(&scaffold(work.path(), &["new", &long, "--lang", "go"])),
        3
    );
    let bad = Command::new(env!("CARGO_BIN_EXE_scaffold"))
        .args([
            OsStr::new("new"),
            OsStr::from_bytes(b"a\xff"),
            OsStr::new("--lang=go"),
        ])
        .current_dir(work.path())
        .output()
        .unwrap();
    assert_eq!(code(&bad), 2);
    assert_eq!(fs_err::read_dir(work.path()).unwrap().count(), 1);
}

#[test]
fn a_target_that_is_a_file_is_refused() {
    let work = tempfile::tempdir().unwrap();
    write(&work.path().join("shop"), "mine");
    assert_eq!(
        code(&scaffold(work.path(), &["new", "shop", "--lang", "go"])),
        3
    );
    assert_eq!(
        fs_err::read_to_string(work.path().join("shop")).unwrap(),
        "mine"
    );
    assert_eq!(
        code(&scaffold(work.path(), &["new", "shop/sub", "--lang", "go"])),
        3
    );
}

#[test]
fn links_out_of_the_target_are_not_followed() {
    let work = tempfile::tempdir().unwrap();
    let outside = work.path().join("outside");
    let project = work.path().join("project");
    fs_err::create_dir(&outside).unwrap();
    fs_err::create_dir(&project).unwrap();
    write(&outside.join("precious"), "mine");
    for (link, target) in [
        ("Dockerfile", "precious"),
        ("scaffold.lock", "precious"),
        ("project", "."),
    ] {
        let path = project.join(link);
        std::os::unix::fs::symlink(outside.join(target), &path).unwrap();
        let before = tree(work.path());
        for conflict in ["fail", "overwrite", "merge", "new"] {
            let output = scaffold(
                &project,
                &["new", ".", "--lang", "python", "--on-conflict", conflict],
            );
            assert_eq!(
                code(&output),
                3,
                "{link}: {}",
                String::from_utf8_lossy(&output.stderr)
            );
            assert_eq!(tree(work.path()), before, "{link}");
        }
        fs_err::remove_file(path).unwrap();
    }
}

#[test]
fn a_folder_where_a_file_should_be_is_refused_and_nothing_is_written() {
    let work = tempfile::tempdir().unwrap();
    fs_err::create_dir(work.path().join("Dockerfile")).unwrap();
    let output = scaffold(work.path(), &["new", ".", "--lang", "go"]);
    assert_eq!(code(&output), 3);
    assert!(tree(work.path()).is_empty());
}

#[test]
fn what_is_in_the_folder_already_is_not_touched() {
    let work = tempfile::tempdir().unwrap();
    write(&work.path().join("notes.txt"), "mine");
    assert_eq!(
        code(&scaffold(
            work.path(),
            &["new", ".", "--lang", "go", "--name", "x"]
        )),
        0
    );
    assert_eq!(
        fs_err::read_to_string(work.path().join("notes.txt")).unwrap(),
        "mine"
    );
}

// --- failures on the way ---------------------------------------------------------------------------------------

/// A file-size limit makes a write fail in its middle, as a full disk does.
#[test]
fn a_full_disk_leaves_nothing_behind() {
    let work = tempfile::tempdir().unwrap();
    let script = format!(
        "trap '' XFSZ; ulimit -f 1; exec {} new shop --lang go",
        env!("CARGO_BIN_EXE_scaffold")
    );
    let output = Command::new("bash")
        .args(["-c", &script])
        .current_dir(work.path())
        .output()
        .unwrap();
    assert_eq!(
        code(&output),
        3,
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        fs_err::read_dir(work.path()).unwrap().next().is_none(),
        "{:?}",
        tree(work.path()).keys()
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_written_is_refused() {
    let work = tempfile::tempdir().unwrap();
    assert_eq!(
        code(&scaffold(
            work.path(),
            &["new", "/proc/shop", "--lang", "go"]
        )),
        3
    );
}

fn reference() -> BTreeMap<PathBuf, Vec<u8>> {
    let work = tempfile::tempdir().unwrap();
    let project = work.path().join("shop");
    assert_eq!(
        code(&scaffold(work.path(), &["new", "shop", "--lang", "go"])),
        0
    );
    relative(&project)
}

fn relative(project: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let files = tree(project).into_iter();
    files
        .map(|(path, bytes)| (path.strip_prefix(project).unwrap().to_owned(), bytes))
        .collect()
}

/// Leftovers of a killed run are temporary files, which a later run does not mind.
fn without_leavings(files: BTreeMap<PathBuf, Vec<u8>>) -> BTreeMap<PathBuf, Vec<u8>> {
    let kept = files
        .into_iter()
        .filter(|(path, _)| !path.to_string_lossy().contains(".scaffold-"));
    kept.collect()
}

#[test]
fn the_next_run_completes_a_killed_one() {
    let whole = reference();
    for step in 0..40_u64 {
        let work = tempfile::tempdir().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_scaffold"))
            .args(["new", "shop", "--lang", "go", "--quiet"])
            .current_dir(work.path())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_micros(step * 700));
        let _ = child.kill();
        let _ = child.wait();
        let output = scaffold(work.path(), &["new", "shop", "--lang", "go"]);
        assert_eq!(
            code(&output),
            0,
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert_eq!(without_leavings(relative(&work.path().join("shop"))), whole);
    }
}

/// Every prefix of the renames, which happen in the order of the paths with the lock last.
#[test]
fn a_run_that_stopped_between_two_files_is_completed() {
    let whole = reference();
    for written in 0..whole.len() {
        let work = tempfile::tempdir().unwrap();
        let project = work.path().join("shop");
        fs_err::create_dir(&project).unwrap();
        let files = whole
            .iter()
            .filter(|(path, _)| *path != Path::new("scaffold.lock"));
        for (path, bytes) in files.take(written) {
            write(&project.join(path), &String::from_utf8_lossy(bytes));
        }
        assert_eq!(
            code(&scaffold(work.path(), &["new", "shop", "--lang", "go"])),
            0
        );
        assert_eq!(relative(&project), whole);
    }
}

#[test]
fn two_runs_at_once_make_one_project() {
    let whole = reference();
    let work = tempfile::tempdir().unwrap();
    let run = || {
        Command::new(env!("CARGO_BIN_EXE_scaffold"))
            .args(["new", "shop", "--lang", "go", "--quiet"])
            .current_dir(work.path())
            .spawn()
            .unwrap()
    };
    let runs: Vec<_> = (0..8).map(|_| run()).collect();
    for mut child in runs {
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }
    assert_eq!(relative(&work.path().join("shop")), whole);
}

// --- what the user edited --------------------------------------------------------------------------------------

#[test]
fn an_edited_file_is_kept_until_there_is_something_new_and_then_merged_on_request() {
    let work = tempfile::tempdir().unwrap();
    assert_eq!(
        code(&scaffold(work.path(), &["new", "shop", "--lang", "go"])),
        0
    );
    let project = work.path().join("shop");
    let dockerfile = project.join("Dockerfile");
    let edited = fs_err::read_to_string(&dockerfile)
        .unwrap()
        .replace("WORKDIR /src", "# mine\nWORKDIR /src");
    write(&dockerfile, &edited);

    let output = scaffold(&project, &["generate"]);
    assert_eq!(code(&output), 0);
    assert!(String::from_utf8_lossy(&output.stderr).contains("edited by you"));
    assert_eq!(fs_err::read_to_string(&dockerfile).unwrap(), edited);

    assert_eq!(
        code(&scaffold(&project, &["generate", "--set", "port=9000"])),
        3
    );
    assert_eq!(fs_err::read_to_string(&dockerfile).unwrap(), edited);

    let merged = scaffold(
        &project,
        &["generate", "--set", "port=9000", "--on-conflict", "merge"],
    );
    assert_eq!(
        code(&merged),
        0,
        "{}",
        String::from_utf8_lossy(&merged.stderr)
    );
    let text = fs_err::read_to_string(&dockerfile).unwrap();
    assert!(
        text.contains("# mine\n") && text.contains("ENV PORT=9000"),
        "{text}"
    );

    let clash = text.replace("ENV PORT=9000", "ENV PORT=7000");
    write(&dockerfile, &clash);
    let output = scaffold(
        &project,
        &["generate", "--set", "port=9001", "--on-conflict", "merge"],
    );
    assert_eq!(code(&output), 1);
    assert!(
        fs_err::read_to_string(&dockerfile)
            .unwrap()
            .contains("<<<<<<< yours")
    );
}

#[test]
fn line_ends_that_a_checkout_turned_are_no_edit() {
    let work = tempfile::tempdir().unwrap();
    assert_eq!(
        code(&scaffold(work.path(), &["new", "shop", "--lang", "go"])),
        0
    );
    let dockerfile = work.path().join("shop/Dockerfile");
    let text = fs_err::read_to_string(&dockerfile)
        .unwrap()
        .replace('\n', "\r\n");
    write(&dockerfile, &text);
    let output = scaffold(work.path(), &["generate", "shop"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("nothing to do"));
}

#[test]
fn a_broken_lock_stops_the_run() {
    let work = tempfile::tempdir().unwrap();
    assert_eq!(
        code(&scaffold(work.path(), &["new", "shop", "--lang", "go"])),
        0
    );
    let lock = work.path().join("shop/scaffold.lock");
    for text in ["nonsense", "schema = 99\ntool = 'x'\n", "\u{0}"] {
        write(&lock, text);
        assert_eq!(
            code(&scaffold(work.path(), &["generate", "shop"])),
            4,
            "{text:?}"
        );
    }
}

#[test]
fn what_an_earlier_run_resolved_is_kept() {
    let work = tempfile::tempdir().unwrap();
    assert_eq!(
        code(&scaffold(work.path(), &["new", "shop", "--lang", "go"])),
        0
    );
    let lock = work.path().join("shop/scaffold.lock");
    let text = fs_err::read_to_string(&lock).unwrap().replacen(
        "version = \"1.27\"",
        "version = \"1.26\"",
        1,
    );
    write(&lock, &text);
    assert_eq!(code(&scaffold(work.path(), &["generate", "shop"])), 0);
    let dockerfile = fs_err::read_to_string(work.path().join("shop/Dockerfile")).unwrap();
    assert!(dockerfile.contains("golang:1.26-trixie"), "{dockerfile}");
}

/// The same bytes whatever the machine says about itself.
#[test]
fn the_output_does_not_depend_on_the_surroundings() {
    let whole = reference();
    let work = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_scaffold"))
        .args(["new", "shop", "--lang", "go"])
        .current_dir(work.path())
        .env_clear()
        .envs([
            ("LANG", "tr_TR.UTF-8"),
            ("TZ", "Asia/Tokyo"),
            ("SOURCE_DATE_EPOCH", "4102444800"),
            ("HOME", "/nonexistent"),
        ])
        .output()
        .unwrap();
    assert_eq!(code(&output), 0);
    assert_eq!(relative(&work.path().join("shop")), whole);
}
