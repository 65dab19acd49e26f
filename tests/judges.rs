//! Every golden Dockerfile, put to judges that know nothing of us.
//!
//! `SCAFFOLD_TEST_JUDGES=COMMAND cargo test --test judges` switches it on. The command is called once with all folders,
//! for its start is what costs; it prints each finding as `FOLDER: FINDING` and ends with 0 (none), 1 (findings) or
//! anything else (it could not judge). Nothing may be found, and nothing is pardoned.

use std::env;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use libtest_mimic::{Arguments, Failed, Trial};

/// Said when there is nothing to do, so that nobody takes an empty run for a verdict.
const OFF: &str = "judges are off; SCAFFOLD_TEST_JUDGES=COMMAND switches them on\n";

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    match trials(arguments.list) {
        Ok(trials) => libtest_mimic::run(&arguments, trials).exit_code(),
        Err(error) => {
            say(&format!("the judges could not judge: {error}\n"));
            ExitCode::FAILURE
        }
    }
}

/// One named test a folder, so that one finding does not hide the others.
fn trials(only_list: bool) -> io::Result<Vec<Trial>> {
    let Some(judges) = judges() else {
        say(OFF);
        return Ok(Vec::new());
    };
    let folders = folders()?;
    let findings = if only_list {
        Vec::new()
    } else {
        judge(&judges, &folders)?
    };
    let trials = folders.into_iter().map(|folder| {
        let found = about(&folder, &findings);
        Trial::test(name(&folder), move || {
            if found.is_empty() {
                Ok(())
            } else {
                Err(Failed::from(found.join("\n")))
            }
        })
    });
    Ok(trials.collect())
}

/// All findings on all folders, a line each.
fn judge(judges: &str, folders: &[PathBuf]) -> io::Result<Vec<String>> {
    if folders.is_empty() {
        return Err(io::Error::other("no golden Dockerfile was found"));
    }
    let output = Command::new(judges).args(folders).output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    let findings: Vec<_> = said.lines().map(str::to_owned).collect();
    match output.status.code() {
        Some(0) if findings.is_empty() => Ok(findings),
        Some(1) if !findings.is_empty() => unclaimed(findings, folders),
        _ => Err(io::Error::other(format!(
            "{}: {said}{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        ))),
    }
}

/// A finding that belongs to no folder would otherwise be lost.
fn unclaimed(findings: Vec<String>, folders: &[PathBuf]) -> io::Result<Vec<String>> {
    let lost = findings
        .iter()
        .find(|finding| !folders.iter().any(|folder| is_about(folder, finding)));
    lost.map_or(Ok(()), |finding| {
        Err(io::Error::other(format!(
            "a finding on no folder: {finding}"
        )))
    })?;
    Ok(findings)
}

fn about(folder: &Path, findings: &[String]) -> Vec<String> {
    findings
        .iter()
        .filter(|finding| is_about(folder, finding))
        .cloned()
        .collect()
}

fn is_about(folder: &Path, finding: &str) -> bool {
    finding.starts_with(&format!("{}:", folder.display()))
}

/// `tests/golden/<language>/<case>/out` with the folders of its services, and `examples/<name>`: what has a Dockerfile.
fn folders() -> io::Result<Vec<PathBuf>> {
    let golden = below(&[repository().join("tests/golden")])?;
    let cases = below(&golden)?.into_iter().map(|case| case.join("out"));
    let examples = below(&[repository().join("examples")])?;
    let mut all: Vec<_> = cases.chain(examples).collect();
    let mut inner = all.clone();
    while !inner.is_empty() {
        inner = below(&inner)?;
        all.extend(inner.iter().cloned());
    }
    Ok(all
        .into_iter()
        .filter(|folder| folder.join("Dockerfile").is_file())
        .collect())
}

/// The folders in some folders, sorted; a folder that does not exist has none. Links are followed: the judges name
/// folders as the system knows them.
fn below(folders: &[PathBuf]) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for folder in folders.iter().filter(|folder| folder.is_dir()) {
        for entry in fs_err::read_dir(folder)? {
            found.push(fs_err::canonicalize(entry?.path())?);
        }
    }
    found.retain(|path| path.is_dir());
    found.sort();
    Ok(found)
}

/// Where the folder lies, without the word that all golden trees share.
fn name(folder: &Path) -> String {
    let inside = folder.strip_prefix(repository()).unwrap_or(folder);
    inside
        .display()
        .to_string()
        .replace('\\', "/")
        .replace("/out", "")
}

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test harness has no context.rs; this is its only setting"
)]
fn judges() -> Option<String> {
    env::var("SCAFFOLD_TEST_JUDGES")
        .ok()
        .filter(|command| !command.is_empty())
}

fn say(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
