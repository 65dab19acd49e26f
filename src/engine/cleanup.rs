//! Nothing stays behind: neither after Ctrl-C, when no value is dropped, nor from a run that was killed.
use std::path::{Path, PathBuf};

use super::client::Engine;
use super::command::Call;
use super::kind::Kind;

/// The label that says which run made a container or an image.
pub(super) const LABEL: &str = "scaffold.proof.run";
/// What the names of images, cache mounts and folders begin with; then the run's name.
pub(super) const PREFIX: &str = "proof-";

/// A name for this run that tells whether its process is still there.
pub(super) fn run_name() -> String {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    format!(
        "{}-{:x}",
        std::process::id(),
        since.as_millis() & 0xfff_ffff
    )
}

impl Engine {
    /// Removes what this run made when the user interrupts it, and ends as an interrupted program does.
    pub fn on_interrupt(&self) {
        let (program, kind, run) = (self.program.clone(), self.kind, self.run.clone());
        let work = self.work.path().to_owned();
        crate::exit::on_interrupt(move || {
            remove(&program, kind, &run);
            // What was just being started is there by now.
            std::thread::sleep(std::time::Duration::from_secs(1));
            remove(&program, kind, &run);
            remove_folder(&work);
        });
    }

    /// Removes what earlier runs of this machine left when they were killed.
    pub fn remove_leftovers(&self) {
        let mut runs = self.labelled();
        let folders = folders();
        runs.extend(folders.iter().map(|(run, _)| run.clone()));
        runs.sort();
        runs.dedup();
        runs.retain(|run| !is_alive(run));
        for run in &runs {
            remove(&self.program, self.kind, run);
        }
        for (_, folder) in folders.iter().filter(|(run, _)| runs.contains(run)) {
            remove_folder(folder);
        }
    }

    /// The runs that containers and images of this engine are labelled with.
    fn labelled(&self) -> Vec<String> {
        let label = format!("label={LABEL}");
        let format = format!("{{{{.Label \"{LABEL}\"}}}}");
        let list = |args: &[&str]| self.call(args.iter().copied()).stdout().unwrap_or_default();
        let name = match self.kind {
            Kind::Docker | Kind::Podman => "{{.Repository}}",
            Kind::Buildah => "{{.Name}}",
        };
        let images = list(&["images", "--filter", &label, "--format", name]);
        let mut runs: Vec<_> = images.lines().filter_map(run_of).collect();
        if self.kind.runs() {
            let words = ["ps", "--all", "--filter", &label, "--format", &format];
            runs.extend(list(&words).lines().map(str::to_owned));
        }
        runs
    }
}

/// Removes what a run made.
pub(super) fn remove(program: &str, kind: Kind, run: &str) {
    let label = format!("label={LABEL}={run}");
    if kind.runs() {
        remove_all(
            program,
            &["ps", "--all", "--quiet", "--filter", &label],
            &["rm", "--force", "--volumes"],
        );
    }
    remove_all(
        program,
        &["images", "--quiet", "--filter", &label],
        kind.remove_image(),
    );
    if kind == Kind::Docker {
        let mounts = format!("description~={PREFIX}{run}-");
        let _ = Call::new(program)
            .args(["buildx", "prune", "--force", "--filter", &mounts])
            .output();
    }
}

/// Images and folders are called `proof-PROCESS-TIME-…`.
fn run_of(name: &str) -> Option<String> {
    let name = name.rsplit('/').next()?;
    let mut parts = name.strip_prefix(PREFIX)?.splitn(3, '-');
    let (process, time) = (parts.next()?, parts.next()?);
    process.parse::<u32>().ok()?;
    Some(format!("{process}-{time}"))
}

/// The folders of all runs of this machine.
fn folders() -> Vec<(String, PathBuf)> {
    let Ok(entries) = fs_err::read_dir(std::env::temp_dir()) else {
        return Vec::new();
    };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    paths
        .filter_map(|path| Some((run_of(path.file_name()?.to_str()?)?, path)))
        .collect()
}

fn remove_all(program: &str, list: &[&str], verb: &[&str]) {
    let Ok(ids) = Call::new(program).args(list.iter().copied()).stdout() else {
        return;
    };
    if !ids.is_empty() {
        let _ = Call::new(program)
            .args(verb.iter().copied())
            .args(ids.split_whitespace())
            .output();
    }
}

/// A folder of copies, below the place for temporary files and of a run's name.
fn remove_folder(folder: &Path) {
    let _ = fs_err::remove_dir_all(folder);
}

/// Where processes cannot be seen, every run counts as alive.
fn is_alive(run: &str) -> bool {
    let process = run.split('-').next().unwrap_or_default();
    !Path::new("/proc/self").exists() || Path::new("/proc").join(process).exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_its_run() {
        assert_eq!(run_of("proof-12-ab-go-gin"), Some("12-ab".to_owned()));
        assert_eq!(run_of("localhost/proof-12-ab-x"), Some("12-ab".to_owned()));
        assert_eq!(run_of("proof-of-work"), None);
        assert_eq!(run_of("shop"), None);
    }
}
