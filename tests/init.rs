//! `init` as a person meets it at a terminal: open values are asked, certain ones are not.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test ends at its first surprise")]

use std::path::Path;
use std::process::Command;

use rexpect::session::{PtySession, spawn_command};

const TIMEOUT: Option<u64> = Some(20_000);
const DOWN: &str = "\u{1b}[B";

fn start(folder: &Path, arguments: &[&str]) -> PtySession {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scaffold"));
    command
        .args(arguments)
        .args(["--color", "never"])
        .current_dir(folder)
        .env_remove("CI")
        .env("TERM", "xterm")
        .env("SOURCE_DATE_EPOCH", "1795392000");
    spawn_command(command, TIMEOUT).unwrap()
}

fn answer(session: &mut PtySession, question: &str, keys: &str) {
    session.exp_string(question).unwrap();
    session.send(keys).unwrap();
    session.flush().unwrap();
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs_err::create_dir_all(path.parent().unwrap()).unwrap();
    fs_err::write(path, text).unwrap();
}

/// Two main packages, and a server whose port nobody says.
fn unsure(root: &Path) {
    write(root, "go.mod", "module example.com/shop\n\ngo 1.26\n");
    write(
        root,
        "cmd/alpha/main.go",
        "package main\n\nfunc main() {}\n",
    );
    let server = "package main\n\nfunc main() { http.ListenAndServe(addr, nil) }\n";
    write(root, "cmd/beta/main.go", server);
}

#[test]
fn what_is_open_is_asked_and_what_follows_from_it_too() {
    let work = tempfile::tempdir().unwrap();
    unsure(work.path());
    let mut session = start(work.path(), &["init"]);
    session.exp_string("Found: Go").unwrap();
    answer(&mut session, "> ./cmd/alpha", &format!("{DOWN}\r"));
    answer(&mut session, "Port the server listens on", "\u{15}9000\r");
    session.exp_string("your answer").unwrap();
    answer(&mut session, "> write", "\r");
    let rest = session.exp_eof().unwrap();
    let spec = fs_err::read_to_string(work.path().join("scaffold.toml")).unwrap();
    assert!(spec.contains("package = \"./cmd/beta\""), "{spec}{rest}");
    assert!(spec.contains("port = 9000"), "{spec}");
    assert!(
        spec.contains("framework = \"net-http\"  # cmd/beta/main.go:3"),
        "{spec}"
    );
    assert!(work.path().join("Dockerfile").exists());
}

#[test]
fn cancelling_at_the_summary_writes_nothing() {
    let work = tempfile::tempdir().unwrap();
    write(
        work.path(),
        "go.mod",
        "module example.com/shop\n\ngo 1.26\n",
    );
    write(work.path(), "main.go", "package main\n\nfunc main() {}\n");
    let mut session = start(work.path(), &["init"]);
    answer(&mut session, "> write", &format!("{DOWN}{DOWN}{DOWN}\r"));
    let rest = session.exp_eof().unwrap();
    assert!(rest.contains("nothing was written"), "{rest}");
    assert!(!work.path().join("scaffold.toml").exists());
}
