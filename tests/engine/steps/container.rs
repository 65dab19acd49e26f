//! How containers are run here: with everything taken away that a careful operator takes away.

use std::time::{Duration, Instant};

use crate::engine::case::Case;
use crate::engine::error::{Result, ensure, refuted};
use crate::engine::made::Container;

/// Longer than this to stop means that nobody listened to the signal.
const STOP_LIMIT: Duration = Duration::from_secs(5);

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

/// The options for a hardened container of this case.
pub(crate) fn hardened(case: &Case) -> Vec<String> {
    let mut options: Vec<String> = HARDENED.iter().map(ToString::to_string).collect();
    options.extend(case.env.iter().map(|pair| format!("--env={pair}")));
    options.extend(case.volumes.iter().map(|path| format!("--volume={path}")));
    options
}

/// Whether its process 1 is still there.
pub(crate) fn is_running(container: &Container<'_>) -> Result<bool> {
    Ok(container.inspect(".State.Running")? == "true")
}

/// SIGTERM, as `docker stop` and every orchestrator send it. 0: it ended itself; 143: it died of exactly that signal.
pub(crate) fn stops(container: &Container<'_>) -> Result<Duration> {
    let took = container.stop()?;
    let code = container.inspect(".State.ExitCode")?;
    let killed = container.inspect(".State.OOMKilled")? == "true";
    let seen = format!(
        "exit code {code} after {:.1} s{}",
        took.as_secs_f64(),
        if killed { ", out of memory" } else { "" }
    );
    let good = (code == "0" || code == "143") && !killed && took <= STOP_LIMIT;
    ensure(
        good,
        format!(
            "exit code 0 or 143 within {} s of SIGTERM",
            STOP_LIMIT.as_secs()
        ),
        seen,
    )?;
    Ok(took)
}

/// Waits until the image's own health check says that all is well.
pub(crate) fn healthy(container: &Container<'_>, case: &Case) -> Result<()> {
    let go_on = patience(container, case);
    while go_on() {
        if container.inspect(".State.Health.Status")? == "healthy" {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    let log = container.inspect("json .State.Health.Log")?;
    Err(refuted(format!("healthy within {} s", case.patience), log))
}

/// Tells whether it is worth waiting any longer: until the case's patience ends, or the container.
pub(crate) fn patience(container: &Container<'_>, case: &Case) -> impl Fn() -> bool {
    let deadline = Instant::now() + Duration::from_secs(case.patience);
    move || Instant::now() < deadline && is_running(container).unwrap_or(false)
}
