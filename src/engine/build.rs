//! One build: what is asked for, and what came of it.
use std::path::Path;
use std::sync::PoisonError;
use std::time::{Duration, SystemTime};

use super::client::Engine;
use super::command::Output;
use super::error::{Error, Result};
use super::kind::Kind;
use super::made::Image;
use super::progress::Progress;
use super::records::Window;

/// What to build.
#[derive(Clone)]
pub struct Build<'a> {
    /// The context, with its Dockerfile.
    pub folder: &'a Path,
    /// Another Dockerfile than the context's own.
    pub file: Option<&'a Path>,
    /// Cache mounts live apart under this name, so that no earlier build can help.
    pub space: &'a str,
    /// A stage instead of the last one.
    pub target: Option<&'a str>,
    /// Another platform than this machine's.
    pub platform: Option<&'a str>,
    /// Every step anew.
    pub cold: bool,
    /// Further arguments: secrets, build arguments, images in the place of others.
    pub further: &'a [String],
}

/// A finished build.
pub struct Built<'a> {
    /// The image.
    pub image: Image<'a>,
    /// Which steps ran.
    pub progress: Progress,
    /// Wall time.
    pub took: Duration,
}

impl Engine {
    /// Builds, and says which steps ran. A cold build has the engine to itself: its time is a figure, and a builder
    /// that is told to forget its cache forgets it for the same steps of other builds under way, too.
    pub fn build(&self, build: &Build<'_>) -> Result<Built<'_>> {
        let image = Image {
            engine: self,
            tag: self.new_tag(build.space),
        };
        let from = SystemTime::now();
        let (output, in_time) = if build.cold {
            let _alone = self
                .building
                .write()
                .unwrap_or_else(PoisonError::into_inner);
            self.try_build(build, &image.tag)?
        } else {
            let _among_others = self.building.read().unwrap_or_else(PoisonError::into_inner);
            self.try_build(build, &image.tag)?
        };
        let progress = match self.kind {
            Kind::Docker => Progress::parse(&output.stderr),
            Kind::Podman | Kind::Buildah => Progress::parse_lines(&output.stdout, &output.stderr),
        };
        self.remember(Window::new(build.space, from, &progress));
        let command = format!("{} build {}", self.program, build.folder.display());
        if !in_time {
            return Err(Error::TooSlow {
                command,
                limit: self.build_limit,
                output: format!(":\n{}", progress.standstill()),
            });
        }
        if !output.status.success() {
            return Err(Error::Failed {
                command,
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

    /// Returns when none of this program's builds is under way.
    pub(super) fn wait_for_others(&self) {
        drop(self.building.write());
    }

    fn try_build(&self, build: &Build<'_>, tag: &str) -> Result<(Output, bool)> {
        let label = self.label();
        let mut call = self.kind.build(self, build.space);
        call = call.args(["--label", &label, "--tag", tag]);
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
            .limit(self.build_limit)
            .ended()
    }
}
