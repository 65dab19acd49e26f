//! Nothing stays behind: neither after Ctrl-C, when no value is dropped, nor from a run that was killed.

use super::command::Call;

/// The label that says which run made a container or an image.
pub(crate) const LABEL: &str = "scaffold.proof.run";

/// A name for this run that tells whether its process is still there.
pub(crate) fn run_name() -> String {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    format!("{}-{:x}", std::process::id(), since.as_secs() & 0xff_ffff)
}

/// Removes what this run made when the user interrupts it, and ends as an interrupted program does.
pub(crate) fn on_interrupt(program: &str, run: &str) {
    let (program, run) = (program.to_owned(), run.to_owned());
    // A second handler in one process is refused; there is only this one.
    let _ = ctrlc::set_handler(move || {
        remove(&program, &run);
        // What was just being started is there by now.
        std::thread::sleep(std::time::Duration::from_secs(1));
        remove(&program, &run);
        end();
    });
}

/// Removes what a run made.
pub(crate) fn remove(program: &str, run: &str) {
    let label = format!("label={LABEL}={run}");
    remove_all(
        program,
        &["ps", "--all", "--quiet", "--filter", &label],
        &["rm", "--force", "--volumes"],
    );
    remove_all(
        program,
        &["images", "--quiet", "--filter", &label],
        &["image", "rm", "--force"],
    );
    let mounts = format!("description~=proof-{run}-");
    let _ = Call::new(program)
        .args(["buildx", "prune", "--force", "--filter", &mounts])
        .output();
}

/// Removes what earlier runs of this machine left when they were killed.
pub(crate) fn remove_leftovers(program: &str) {
    let format = format!("{{{{.Label \"{LABEL}\"}}}}");
    let containers = [
        "ps",
        "--all",
        "--filter",
        &format!("label={LABEL}"),
        "--format",
        &format,
    ];
    let images = [
        "images",
        "--filter",
        &format!("label={LABEL}"),
        "--format",
        "{{.Repository}}",
    ];
    let list = |args: &[&str]| Call::new(program).args(args).stdout().unwrap_or_default();
    let named = list(&images);
    let images = named.lines().filter_map(run_of_image);
    let mut runs: Vec<String> = list(&containers)
        .lines()
        .map(str::to_owned)
        .chain(images)
        .collect();
    runs.sort();
    runs.dedup();
    runs.iter()
        .filter(|run| !is_alive(run))
        .for_each(|run| remove(program, run));
}

/// Images are called `proof-PROCESS-TIME-CASE`.
fn run_of_image(name: &str) -> Option<String> {
    let mut parts = name.strip_prefix("proof-")?.splitn(3, '-');
    Some(format!("{}-{}", parts.next()?, parts.next()?))
}

fn remove_all(program: &str, list: &[&str], verb: &[&str]) {
    let Ok(ids) = Call::new(program).args(list).stdout() else {
        return;
    };
    if !ids.is_empty() {
        let _ = Call::new(program)
            .args(verb)
            .args(ids.split_whitespace())
            .output();
    }
}

/// Where processes cannot be seen, every run counts as alive.
fn is_alive(run: &str) -> bool {
    let process = run.split('-').next().unwrap_or_default();
    !std::path::Path::new("/proc/self").exists()
        || std::path::Path::new("/proc").join(process).exists()
}

#[expect(
    clippy::disallowed_methods,
    clippy::exit,
    reason = "an interrupted harness has nobody to return to"
)]
fn end() {
    std::process::exit(130);
}
