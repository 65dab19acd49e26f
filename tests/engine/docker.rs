//! The engine, in its own words. All that is made here carries this run's label.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError, RwLock};
use std::time::Duration;

use super::case::Case;
use super::cleanup::LABEL;
use super::command::{Call, Output};
use super::error::{Error, Result, ensure};
use super::made::{CacheSpace, Container, Image};
use super::progress::Progress;

/// A build that downloads its dependencies on a slow line.
pub(crate) const BUILD_LIMIT: Duration = Duration::from_secs(15 * 60);

/// A container engine that answers, and this run's name in it.
pub(crate) struct Docker {
    program: String,
    run: String,
    bases: Option<String>,
    providing: Mutex<()>,
    building: RwLock<()>,
    built: AtomicUsize,
}

/// What to build.
#[derive(Clone)]
pub(crate) struct Build<'a> {
    /// The context, with its Dockerfile.
    pub(crate) folder: &'a Path,
    /// Another Dockerfile than the context's own.
    pub(crate) file: Option<&'a Path>,
    /// Cache mounts live apart under this name, so that no earlier build can help.
    pub(crate) space: &'a str,
    /// A stage instead of the last one.
    pub(crate) target: Option<&'a str>,
    /// Another platform than this machine's.
    pub(crate) platform: Option<&'a str>,
    /// Every step anew.
    pub(crate) cold: bool,
    /// Further arguments: images in the place of others, build arguments.
    pub(crate) further: &'a [String],
}

/// A finished build.
pub(crate) struct Built<'a> {
    /// The image.
    pub(crate) image: Image<'a>,
    /// Which steps ran.
    pub(crate) progress: Progress,
    /// Wall time.
    pub(crate) took: Duration,
}

impl Docker {
    /// The engine behind `program`. `bases` is a command that makes the base images of a Dockerfile exist locally;
    /// without it the engine pulls them.
    pub(crate) fn new(program: String, run: String, bases: Option<String>) -> Result<Self> {
        let docker = Self {
            program,
            run,
            bases,
            providing: Mutex::new(()),
            building: RwLock::new(()),
            built: AtomicUsize::new(1),
        };
        docker
            .call(["version", "--format", "{{.Server.Version}}"])
            .stdout()?;
        Ok(docker)
    }

    /// A command of the engine's client.
    pub(crate) fn call<S: Into<std::ffi::OsString>>(
        &self,
        args: impl IntoIterator<Item = S>,
    ) -> Call {
        Call::new(&self.program).args(args)
    }

    /// Whether base images come from a command rather than from their registries.
    pub(crate) fn has_own_bases(&self) -> bool {
        self.bases.is_some()
    }

    /// Makes the base images of a Dockerfile exist, one Dockerfile at a time: two would build the same image twice.
    pub(crate) fn provide_bases(&self, dockerfile: &Path) -> Result<()> {
        let Some(command) = &self.bases else {
            return Ok(());
        };
        let _one_at_a_time = self
            .providing
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let call = Call::new(command)
            .args(["--of".as_ref(), dockerfile.as_os_str()])
            .limit(BUILD_LIMIT);
        call.stdout().map(drop)
    }

    /// Cache mounts for a case: its own, or those that all cases of its file share until the run ends.
    pub(crate) fn cache_space(&self, case: &Case) -> CacheSpace<'_> {
        let file = case.name.split(':').next().unwrap_or_default();
        let name = if case.fresh_caches { &case.name } else { file };
        CacheSpace {
            docker: self,
            name: self.shared_space(name),
            own: case.fresh_caches,
        }
    }

    /// The name of things of this run that have to do with `what`.
    pub(crate) fn shared_space(&self, what: &str) -> String {
        format!("proof-{}-{}", self.run, slug(what))
    }

    /// Builds, and says which steps ran. A cold build has the engine to itself: its time is a figure, and a builder
    /// that is told to forget its cache forgets it for the same steps of other builds under way, too.
    pub(crate) fn build(&self, build: &Build<'_>) -> Result<Built<'_>> {
        let image = Image {
            docker: self,
            tag: self.new_tag(build.space),
        };
        let output = if build.cold {
            let _alone = self
                .building
                .write()
                .unwrap_or_else(PoisonError::into_inner);
            self.try_build(build, &image.tag)?
        } else {
            let _among_others = self.building.read().unwrap_or_else(PoisonError::into_inner);
            self.try_build(build, &image.tag)?
        };
        let progress = Progress::parse(&output.stderr);
        if !output.status.success() {
            return Err(Error::Failed {
                command: format!("{} build {}", self.program, build.folder.display()),
                status: output.status.to_string(),
                output: format!(":\n{}", progress.complaint()),
            });
        }
        Ok(Built {
            image,
            progress,
            took: output.took,
        })
    }

    fn try_build(&self, build: &Build<'_>, tag: &str) -> Result<Output> {
        let space = format!("BUILDKIT_CACHE_MOUNT_NS={}", build.space);
        let label = format!("{LABEL}={}", self.run);
        let mut call = self.call([
            "build",
            "--progress=rawjson",
            "--build-arg",
            &space,
            "--label",
            &label,
            "--tag",
            tag,
        ]);
        if build.cold {
            call = call.args(["--no-cache"]);
        }
        for (flag, value) in [("--target", build.target), ("--platform", build.platform)] {
            call = call.args(value.into_iter().flat_map(|value| [flag, value]));
        }
        if let Some(file) = build.file {
            call = call.args(["--file".as_ref(), file.as_os_str()]);
        }
        call.args(build.further)
            .args([build.folder])
            .limit(BUILD_LIMIT)
            .output()
    }

    /// A name for each build: a name used twice would leave the first image behind without one.
    fn new_tag(&self, space: &str) -> String {
        let number = self.built.fetch_add(1, Ordering::Relaxed);
        format!("{space}:{number}")
    }

    /// Starts a container in the background.
    pub(crate) fn start(&self, image: &Image<'_>, options: &[String]) -> Result<Container<'_>> {
        let id = self.create(image, "run", &[&["--detach".to_owned()], options].concat())?;
        Ok(Container { docker: self, id })
    }

    /// Makes a container of an image without running it, to look inside.
    pub(crate) fn lay_out(&self, image: &Image<'_>) -> Result<Container<'_>> {
        let id = self.create(image, "create", &[])?;
        Ok(Container { docker: self, id })
    }

    /// Runs a container to its end and returns what it left.
    pub(crate) fn run(
        &self,
        image: &Image<'_>,
        options: &[String],
        args: &[&str],
        input: &str,
    ) -> Result<Output> {
        let label = format!("--label={LABEL}={}", self.run);
        let call = self
            .call(["run", "--rm", "--interactive", &label])
            .args(options)
            .args([&image.tag])
            .args(args);
        call.input(input).output()
    }

    fn create(&self, image: &Image<'_>, verb: &str, options: &[String]) -> Result<String> {
        let label = format!("--label={LABEL}={}", self.run);
        let output = self
            .call([verb, &label])
            .args(options)
            .args([&image.tag])
            .stdout()?;
        // Warnings, as of another platform, may stand before the id.
        Ok(output.lines().last().unwrap_or_default().to_owned())
    }

    /// The size of any local image, in bytes.
    pub(crate) fn size(&self, reference: &str) -> Result<u64> {
        let size = self
            .call(["image", "inspect", "--format", "{{.Size}}", reference])
            .stdout()?;
        ensure(
            size.parse::<u64>().is_ok(),
            format!("the size of {reference}"),
            size.as_str(),
        )?;
        Ok(size.parse().unwrap_or_default())
    }
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
