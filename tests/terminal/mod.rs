//! The program at a pseudo-terminal.
use std::path::{Path, PathBuf};
use std::process::Command;

use rexpect::session::{PtySession, spawn_command};

/// Milliseconds until a missing answer is a failure; generous, as machines are noisy.
pub(crate) const TIMEOUT: Option<u64> = Some(20_000);
/// What a terminal is sent to show its cursor.
pub(crate) const SHOW_CURSOR: &str = "\u{1b}[?25h";
pub(crate) const DOWN: &str = "\u{1b}[B";

/// The program in a folder, with more variables than the usual ones.
pub(crate) fn start(folder: &Path, arguments: &[&str], more: &[(&str, PathBuf)]) -> PtySession {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scaffold"));
    command
        .args(arguments)
        .args(["--color", "never"])
        .current_dir(folder)
        .envs(more.iter().map(|(name, value)| (name, value)))
        .env_remove("CI")
        .env("TERM", "xterm")
        .env("SOURCE_DATE_EPOCH", "1795392000");
    spawn_command(command, TIMEOUT).unwrap()
}

pub(crate) fn press(session: &mut PtySession, keys: &str) {
    session.send(keys).unwrap();
    session.flush().unwrap();
}

/// Waits for a question and answers it.
pub(crate) fn answer(session: &mut PtySession, question: &str, keys: &str) {
    session.exp_string(question).unwrap();
    // Below a menu comes the list: the cursor is hidden when the program reads keys.
    press(session, keys);
}

pub(crate) fn exit_code(mut session: PtySession) -> (i32, String) {
    let rest = session.exp_eof().unwrap();
    // The status is of a crate that is not ours to name; its text is `Exited(Pid(1), 0)`.
    let status = format!("{:?}", session.process().wait().unwrap());
    let code = status
        .rsplit(", ")
        .next()
        .and_then(|code| code.trim_end_matches(')').parse().ok());
    (code.unwrap_or(-1), rest)
}
