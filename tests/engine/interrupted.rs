//! A proof that is told to end: nothing that it made stays behind, whichever signal says so.
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use libtest_mimic::Failed;
use stagewright::engine::Engine;

use super::bases::Provider;

/// It would run for a minute.
const DOCKERFILE: &str =
    "FROM debian:trixie-slim\nUSER 65532\nHEALTHCHECK NONE\nCMD [\"sleep\", \"60\"]\n";

/// Starts a proof, sends it the signal while its container runs, and looks for what is left.
pub(crate) fn leaves_nothing(
    engine: &Engine,
    provider: &Provider,
    signal: &str,
) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let dockerfile = folder.path().join("Dockerfile");
    fs_err::write(&dockerfile, DOCKERFILE)?;
    provider.provide(&dockerfile)?;
    let mut run = Command::new(env!("CARGO_BIN_EXE_scaffold"))
        .args(["verify", "--no-port", "--engine", &engine.program])
        .current_dir(folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let made = || left(&engine.program, run.id());
    let began = Instant::now();
    while !made()?.contains("container") {
        if began.elapsed() > Duration::from_secs(120) {
            return Err("no container within two minutes".into());
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    let process = run.id().to_string();
    Command::new("kill")
        .args(["-s", signal, &process])
        .status()?;
    let status = run.wait()?;
    assert_eq!(status.code(), Some(130), "{signal}");
    let left = left(&engine.program, run.id())?;
    assert!(left.is_empty(), "{signal}: {left}");
    Ok(())
}

/// The containers and images of the run of that process.
fn left(program: &str, process: u32) -> Result<String, Failed> {
    let label = "{{.Label \"scaffold.proof.run\"}}";
    let of_run = format!("{process}-");
    let containers = format!("container {label}");
    let list = [
        vec!["ps", "--all", "--format", &containers],
        vec!["images", "--format", "image {{.Repository}}"],
    ];
    let mut found = String::new();
    for words in list {
        let output = Command::new(program).args(words).output()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let own = text.lines().filter(|line| {
            let name = line.split(' ').nth(1).unwrap_or_default();
            name.trim_start_matches("proof-").starts_with(&of_run)
        });
        found.extend(own.map(|line| format!("{line}\n")));
    }
    Ok(found)
}
