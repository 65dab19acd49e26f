//! How containers are run here: with everything taken away that a careful operator takes away.
use std::time::{Duration, Instant};

use crate::engine::claims::Claims;
use crate::engine::error::{Result, ensure, refuted};
use crate::engine::made::{Container, GRACE};
use crate::engine::proof::Subject;

/// A user that no image names; platforms that pick one at random put it into group 0.
pub(super) const OTHER_USER: &str = "12345";

/// A read-only root, no capabilities, no way to gain any, few processes, little memory.
const HARDENED: [&str; 7] = [
    "--read-only",
    "--tmpfs=/tmp",
    "--cap-drop=ALL",
    "--security-opt=no-new-privileges",
    "--pids-limit=128",
    "--memory=256m",
    "--memory-swap=256m",
];

/// The options for a hardened container.
pub fn hardened(subject: &Subject<'_>) -> Vec<String> {
    let claims = subject.claims;
    let limits = subject.engine.kind.limits();
    let mut options: Vec<String> = HARDENED
        .iter()
        .chain(limits)
        .map(ToString::to_string)
        .collect();
    options.extend(claims.env.iter().map(|pair| format!("--env={pair}")));
    options.extend(
        claims
            .writable
            .iter()
            .map(|path| format!("--volume={path}")),
    );
    options
}

/// The same as any other user.
pub(super) fn as_anybody(subject: &Subject<'_>) -> Vec<String> {
    let mut options = hardened(subject);
    options.push(format!("--user={OTHER_USER}:0"));
    options
}

/// Whether its process 1 is still there.
pub(super) fn is_running(container: &Container<'_>) -> Result<bool> {
    Ok(container.inspect(".State.Running")? == "true")
}

/// SIGTERM, as `docker stop` and every orchestrator send it. 0: it ended itself; 143: it died of exactly that signal.
/// Whoever takes too long is killed by the engine, by the engine's own clock, and ends with 137: what the call itself
/// takes also holds the work of a busy machine, so that time is told and nothing is judged by it.
pub(super) fn stops(container: &Container<'_>) -> Result<Duration> {
    let took = container.stop()?;
    let code = container.inspect(".State.ExitCode")?;
    let killed = container.inspect(".State.OOMKilled")? == "true";
    let seen = format!(
        "exit code {code} after {:.1} s{}",
        took.as_secs_f64(),
        if killed { ", out of memory" } else { "" }
    );
    let good = (code == "0" || code == "143") && !killed;
    ensure(
        good,
        format!("exit code 0 or 143 within {} s of SIGTERM", GRACE.as_secs()),
        seen,
    )?;
    Ok(took)
}

/// Waits until the image's own health check says that all is well.
pub(super) fn healthy(container: &Container<'_>, claims: &Claims) -> Result<()> {
    let go_on = patience(container, claims);
    while go_on() {
        if container.is_healthy()? {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    let log = container.inspect("json .State.Health.Log")?;
    Err(refuted(
        format!("healthy within {} s", claims.patience),
        log,
    ))
}

/// Tells whether it is worth waiting any longer: until the patience ends, or the container.
pub fn patience(container: &Container<'_>, claims: &Claims) -> impl Fn() -> bool {
    let deadline = Instant::now() + Duration::from_secs(claims.patience);
    move || Instant::now() < deadline && is_running(container).unwrap_or(false)
}

/// What it said last, and where it would have written: most often that is why it ended.
pub(super) fn last_words(subject: &Subject<'_>, container: &Container<'_>) -> String {
    let logs = container.logs().unwrap_or_default();
    let lines: Vec<_> = logs.trim().lines().collect();
    let end = lines[lines.len().saturating_sub(20)..].join("\n");
    let wanted = if end.contains("ead-only file system") {
        wanted(subject)
    } else {
        Vec::new()
    };
    if wanted.is_empty() {
        return end;
    }
    format!(
        "{end}\nwith a writable root it changes {}",
        wanted.join(", ")
    )
}

/// The paths that it changes when its root is not read-only.
fn wanted(subject: &Subject<'_>) -> Vec<String> {
    let mut options = hardened(subject);
    options.retain(|option| option != "--read-only");
    let Ok(container) = subject.engine.start(&subject.first.image, &options) else {
        return Vec::new();
    };
    std::thread::sleep(Duration::from_secs(2));
    let mut paths = container.changed().unwrap_or_default();
    let all = paths.clone();
    // A folder is told for what is in it.
    paths.retain(|path| {
        !all.iter()
            .any(|other| other.starts_with(&format!("{path}/")))
    });
    paths.truncate(5);
    paths
}
