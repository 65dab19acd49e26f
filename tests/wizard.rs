//! The wizard as a person meets it: driven in a pseudo-terminal.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test ends at its first surprise")]

use std::path::Path;
use std::process::Command;

use rexpect::session::{PtySession, spawn_command};

mod terminal;

use terminal::{DOWN, SHOW_CURSOR, TIMEOUT, answer, exit_code, press};

fn start(folder: &Path, arguments: &[&str]) -> PtySession {
    terminal::start(folder, arguments, &[])
}

/// Puts the menu of languages on the one that these tests choose, whichever come before it.
fn go_down_to_go(session: &mut PtySession) {
    let ids = stagewright::language::ids();
    let before = ids.iter().take_while(|id| **id != "go").count();
    if before > 0 {
        session.exp_string(&format!("> {}", ids[0])).unwrap();
        press(session, &DOWN.repeat(before));
    }
}

fn is_empty(folder: &Path) -> bool {
    fs_err::read_dir(folder).unwrap().next().is_none()
}

#[test]
fn five_answers_and_a_summary_make_a_project() {
    let work = tempfile::tempdir().unwrap();
    let mut session = start(work.path(), &[]);
    answer(&mut session, "Project name", "My Shop\r");
    go_down_to_go(&mut session);
    answer(&mut session, "> go", "\r");
    answer(&mut session, "> net-http", &format!("{DOWN}\r"));
    answer(&mut session, "> distroless", "\r");
    answer(&mut session, "Port the server listens on", "99999\r");
    answer(&mut session, "expected a whole number", "\u{15}3000\r");
    session.exp_regex(r"lang +go +\(your answer\)").unwrap();
    answer(&mut session, "> write", "\r");
    let (code, rest) = exit_code(session);
    assert_eq!(code, 0, "{rest}");
    assert!(rest.contains("docker build -t my-shop my-shop"), "{rest}");
    let dockerfile = fs_err::read_to_string(work.path().join("my-shop/Dockerfile")).unwrap();
    assert!(dockerfile.contains("ENV PORT=3000"), "{dockerfile}");
    let spec = fs_err::read_to_string(work.path().join("my-shop/scaffold.toml")).unwrap();
    assert!(
        spec.contains("framework = \"gin\"") && spec.contains("port = 3000"),
        "{spec}"
    );
}

/// A row that is longer than the line would stay on the screen in pieces when the menu is taken away.
#[test]
fn a_menu_fits_the_terminal_and_leaves_one_line() {
    let work = tempfile::tempdir().unwrap();
    let program = env!("CARGO_BIN_EXE_scaffold");
    let mut command = Command::new("sh");
    command
        .args([
            "-c",
            &format!("stty rows 24 cols 40; exec {program} new x --color never"),
        ])
        .current_dir(work.path())
        .env_remove("CI")
        .env("TERM", "xterm");
    let mut session = spawn_command(command, TIMEOUT).unwrap();
    go_down_to_go(&mut session);
    session.exp_string("> go").unwrap();
    let row = session.exp_string("\r\n").unwrap();
    assert!(row.contains("a static program") && row.len() < 40, "{row}");
    press(&mut session, "\r");
    session.exp_regex("Language[^\n]*: go\r\n").unwrap();
    press(&mut session, "\u{3}");
    session.exp_eof().unwrap();
    assert!(is_empty(work.path()));
}

#[test]
fn new_alone_in_a_terminal_is_the_wizard_and_what_was_said_is_not_asked() {
    let work = tempfile::tempdir().unwrap();
    let mut session = start(
        work.path(),
        &[
            "new",
            "--lang",
            "go",
            "--framework",
            "cli",
            "--runtime",
            "scratch",
        ],
    );
    answer(&mut session, "Project name", "\r");
    answer(&mut session, "> write", "\r");
    let (code, rest) = exit_code(session);
    assert_eq!(code, 0, "{rest}");
    assert!(work.path().join("my-app/Dockerfile").exists());
}

#[test]
fn the_summary_changes_one_value_and_shows_the_diff() {
    let work = tempfile::tempdir().unwrap();
    let mut session = start(
        work.path(),
        &["new", "shop", "--framework", "cli", "--runtime", "scratch"],
    );
    go_down_to_go(&mut session);
    answer(&mut session, "> go", "\r");
    answer(&mut session, "> write", &format!("{DOWN}{DOWN}\r"));
    session.exp_string("+FROM scratch AS production").unwrap();
    answer(&mut session, "> write", &format!("{DOWN}\r"));
    // The first row is the name, the second the version.
    answer(&mut session, "> name = shop", &format!("{DOWN}\r"));
    answer(&mut session, "Language version", "1.26\r");
    answer(&mut session, "> write", "\r");
    let (code, rest) = exit_code(session);
    assert_eq!(code, 0, "{rest}");
    let dockerfile = fs_err::read_to_string(work.path().join("shop/Dockerfile")).unwrap();
    assert!(dockerfile.contains("golang:1.26-trixie"), "{dockerfile}");
}

#[test]
fn an_answer_that_goes_with_nothing_is_told_and_asked_again() {
    let work = tempfile::tempdir().unwrap();
    let mut session = start(
        work.path(),
        &[
            "new",
            "shop",
            "--framework",
            "cli",
            "--set",
            "options.cgo=true",
        ],
    );
    go_down_to_go(&mut session);
    answer(&mut session, "> go", "\r");
    answer(&mut session, "> distroless", &format!("{DOWN}\r"));
    session.exp_string("cannot go with").unwrap();
    answer(&mut session, "> distroless", "\r");
    answer(&mut session, "> write", "\r");
    assert_eq!(exit_code(session).0, 0);
}

#[test]
fn ctrl_c_at_every_question_leaves_nothing_and_gives_the_cursor_back() {
    let questions = [
        "Project name",
        "> go",
        "> net-http",
        "> distroless",
        "Port the server",
        "> write",
    ];
    for stop in 0..questions.len() {
        let work = tempfile::tempdir().unwrap();
        let mut session = start(work.path(), &["new"]);
        for question in &questions[..stop] {
            if *question == "> go" {
                go_down_to_go(&mut session);
            }
            answer(&mut session, question, "\r");
        }
        if questions[stop] == "> go" {
            go_down_to_go(&mut session);
        }
        answer(&mut session, questions[stop], "\u{3}");
        let (code, rest) = exit_code(session);
        assert_eq!(code, 130, "{}: {rest}", questions[stop]);
        assert!(rest.contains(SHOW_CURSOR), "{}: {rest:?}", questions[stop]);
        assert!(is_empty(work.path()), "{}", questions[stop]);
    }
}

#[test]
fn escape_in_a_choice_and_cancel_at_the_summary_leave_nothing() {
    let work = tempfile::tempdir().unwrap();
    let mut session = start(work.path(), &["new", "shop"]);
    go_down_to_go(&mut session);
    answer(&mut session, "> go", "\u{1b}");
    let (code, rest) = exit_code(session);
    assert_eq!(code, 130, "{rest}");
    assert!(rest.contains(SHOW_CURSOR), "{rest:?}");

    let mut session = start(
        work.path(),
        &["new", "shop", "--framework", "cli", "--runtime", "scratch"],
    );
    go_down_to_go(&mut session);
    answer(&mut session, "> go", "\r");
    answer(&mut session, "> write", &format!("{DOWN}{DOWN}{DOWN}\r"));
    assert_eq!(exit_code(session).0, 130);
    assert!(is_empty(work.path()));
}

#[test]
fn a_file_in_the_way_is_asked_about_one_by_one() {
    let work = tempfile::tempdir().unwrap();
    let dockerfile = work.path().join("Dockerfile");
    fs_err::File::create(&dockerfile).unwrap();
    let mut session = start(
        work.path(),
        &[
            "new",
            ".",
            "--lang",
            "go",
            "--name",
            "shop",
            "--framework",
            "cli",
        ],
    );
    // The default leaves the file as it is.
    answer(&mut session, "Dockerfile is not written by scaffold", "\r");
    assert_eq!(exit_code(session).0, 0);
    assert_eq!(fs_err::read_to_string(&dockerfile).unwrap(), "");
    assert!(work.path().join("main.go").exists());
}

#[test]
fn flags_that_forbid_questions_forbid_them_in_a_terminal_too() {
    let work = tempfile::tempdir().unwrap();
    for flag in ["--no-input", "--yes", "--json"] {
        let (code, rest) = exit_code(start(work.path(), &["new", flag]));
        assert_eq!(code, 2, "{flag}: {rest}");
    }
    assert!(is_empty(work.path()));
}
