//! The engine's client: one program, found once, and the commands that all engines share.
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, RwLock};
use std::time::Duration;

use tempfile::TempDir;

use super::cleanup;
use super::command::{Call, Output};
use super::error::Result;
use super::kind::Kind;
use super::made::{CacheSpace, Container, Image};
use super::records::Window;

/// The engines, in the order in which they are looked for.
pub const PROGRAMS: [&str; 3] = ["docker", "podman", "buildah"];

/// A container engine that answers, and this run's name in it.
pub struct Engine {
    /// The client's program.
    pub program: String,
    /// What it is.
    pub kind: Kind,
    /// Its version, as it says.
    pub version: String,
    pub(super) run: String,
    pub(super) work: TempDir,
    pub(super) building: RwLock<()>,
    pub(super) built: AtomicUsize,
    pub(super) windows: Mutex<Vec<Window>>,
    /// The names of the cache spaces that are in use, each as often as it is.
    pub(super) spaces: Mutex<Vec<String>>,
    /// The longest that a build may take.
    pub build_limit: Duration,
}

impl Engine {
    /// The first engine of [`PROGRAMS`] that answers, or why none does.
    pub fn find() -> std::result::Result<Self, Vec<String>> {
        let mut reasons = Vec::new();
        for program in PROGRAMS {
            match Self::open(program) {
                Ok(engine) => return Ok(engine),
                Err(error) => reasons.push(error.to_string()),
            }
        }
        Err(reasons)
    }

    /// The engine behind a program.
    pub fn open(program: &str) -> Result<Self> {
        let kind = Kind::of(program)?;
        let version = kind.version(program)?;
        let run = cleanup::run_name();
        Ok(Self {
            program: program.to_owned(),
            kind,
            version,
            work: tempfile::Builder::new()
                .prefix(&format!("{}{run}-", cleanup::PREFIX))
                .tempdir()?,
            run,
            building: RwLock::new(()),
            built: AtomicUsize::new(1),
            windows: Mutex::default(),
            spaces: Mutex::default(),
            build_limit: Duration::from_secs(15 * 60),
        })
    }

    /// A command of the engine's client.
    pub fn call<S: Into<std::ffi::OsString>>(&self, args: impl IntoIterator<Item = S>) -> Call {
        Call::new(&self.program).args(args)
    }

    /// A new folder of this run; all of them go with the engine, also when the run is interrupted.
    pub fn folder(&self) -> Result<TempDir> {
        Ok(tempfile::tempdir_in(self.work.path())?)
    }

    /// Where the builds of engines that keep cache mounts in a folder keep them.
    pub(super) fn mounts(&self) -> PathBuf {
        self.work.path().to_owned()
    }

    /// Cache mounts under a name; its `own` go when the value goes, those that builds share when the run ends.
    pub fn space(&self, name: &str, own: bool) -> CacheSpace<'_> {
        let name = self.name_of(name);
        if let Ok(mut spaces) = self.spaces.lock() {
            spaces.push(name.clone());
        }
        CacheSpace {
            engine: self,
            name,
            own,
        }
    }

    /// The name of things of this run that have to do with `what`.
    pub fn name_of(&self, what: &str) -> String {
        format!("{}{}-{}", cleanup::PREFIX, self.run, slug(what))
    }

    /// A name for each build: a name used twice would leave the first image behind without one.
    pub(super) fn new_tag(&self, space: &str) -> String {
        let number = self.built.fetch_add(1, Ordering::Relaxed);
        format!("{}{space}:{number}", self.kind.local())
    }

    /// The label of this run.
    pub(super) fn label(&self) -> String {
        format!("{}={}", cleanup::LABEL, self.run)
    }

    /// Starts a container in the background.
    pub fn start(&self, image: &Image<'_>, options: &[String]) -> Result<Container<'_>> {
        let id = self.create(image, "run", &[&["--detach".to_owned()], options].concat())?;
        Ok(Container { engine: self, id })
    }

    /// Makes a container of an image without running it, to look inside.
    pub fn lay_out(&self, image: &Image<'_>) -> Result<Container<'_>> {
        let id = self.create(image, "create", &[])?;
        Ok(Container { engine: self, id })
    }

    /// Runs a container to its end and returns what it left.
    pub fn run(
        &self,
        image: &Image<'_>,
        options: &[String],
        args: &[&str],
        input: &str,
    ) -> Result<Output> {
        let label = format!("--label={}", self.label());
        let call = self
            .call(["run", "--rm", "--interactive", &label])
            .args(options)
            .args([&image.tag])
            .args(args);
        call.input(input).output()
    }

    fn create(&self, image: &Image<'_>, verb: &str, options: &[String]) -> Result<String> {
        let label = format!("--label={}", self.label());
        let output = self
            .call([verb, &label])
            .args(options)
            .args([&image.tag])
            .stdout()?;
        // Warnings, as of another platform, may stand before the id.
        Ok(output.lines().last().unwrap_or_default().to_owned())
    }

    /// The digests of a local image's layers, uncompressed; `None` when the image is not there.
    pub(super) fn layers(&self, reference: &str) -> Option<Vec<String>> {
        let text = self.kind.layers(self, reference).stdout().ok()?;
        serde_json::from_str(text.lines().last()?).ok()
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        if self.kind == Kind::Docker {
            self.forget_records(|_| true);
        }
        cleanup::remove(&self.program, self.kind, &self.run);
    }
}

/// Whether programs for a platform run here by themselves.
pub fn is_native(platform: &str) -> bool {
    let own = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    platform.split('/').nth(1) == Some(own)
}

/// Only what an image's name may hold.
fn slug(text: &str) -> String {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '-'
        }
    };
    text.chars()
        .map(plain)
        .collect::<String>()
        .trim_matches('-')
        .to_owned()
}
