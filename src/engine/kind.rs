//! Where the engines differ; what this file does not say is the same for all.
use super::client::Engine;
use super::command::Call;
use super::error::{Result, unproven};
use super::made::Container;

/// Which engine a program is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Docker with `BuildKit`.
    Docker,
    /// Podman: the same words; another builder, another cache, health checks on request.
    Podman,
    /// Buildah: builds images, and starts nothing as an orchestrator would.
    Buildah,
}

impl Kind {
    /// Asks a program for its version, and thereby what it is. `docker` may be Podman under another name.
    pub(super) fn of(program: &str) -> Result<Self> {
        let said = Call::new(program).args(["--version"]).stdout()?;
        let said = said.to_ascii_lowercase();
        match ["podman", "buildah", "docker"]
            .into_iter()
            .find(|name| said.contains(name))
        {
            Some("podman") => Ok(Self::Podman),
            Some("buildah") => Ok(Self::Buildah),
            Some(_) => Ok(Self::Docker),
            None => Err(unproven(format!(
                "`{program}` is none of docker, podman, buildah"
            ))),
        }
    }

    /// The version; an engine without its daemon fails here.
    pub(super) fn version(self, program: &str) -> Result<String> {
        match self {
            Self::Docker => Call::new(program)
                .args(["version", "--format", "{{.Server.Version}}"])
                .stdout(),
            Self::Podman | Self::Buildah => {
                let info = Call::new(program).args(["info"]);
                info.stdout()?;
                let said = Call::new(program).args(["--version"]).stdout()?;
                Ok(said
                    .split_whitespace()
                    .nth(2)
                    .unwrap_or_default()
                    .to_owned())
            }
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Docker => "docker",
            Self::Podman => "podman",
            Self::Buildah => "buildah",
        }
    }

    /// Whether it can start a container with a read-only root, a published port and a health check.
    pub fn runs(self) -> bool {
        self != Self::Buildah
    }

    /// What stands before the names of images that were made here.
    pub(super) fn local(self) -> &'static str {
        match self {
            Self::Docker => "",
            Self::Podman | Self::Buildah => "localhost/",
        }
    }

    /// The beginning of a build: every step told, cache mounts apart from all others.
    pub(super) fn build(self, engine: &Engine, space: &str) -> Call {
        match self {
            Self::Docker => engine
                .call(["build", "--progress=rawjson", "--load", "--build-arg"])
                .args([format!("BUILDKIT_CACHE_MOUNT_NS={space}")])
                .variable("BUILDX_NO_DEFAULT_ATTESTATIONS", "1"),
            // Health checks are no part of the other format. Cache mounts lie below TMPDIR.
            Self::Podman | Self::Buildah => engine
                .call(["build", "--format=docker", "--layers"])
                .variable("TMPDIR", engine.mounts()),
        }
    }

    /// An image as a tar of its layers, on standard output.
    pub(super) fn save(self, engine: &Engine, tag: &str) -> Call {
        match self {
            Self::Docker => engine.call(["save", tag]),
            Self::Podman => engine.call(["save", "--quiet", "--format=docker-archive", tag]),
            Self::Buildah => engine.call(["push", "--quiet", tag, "docker-archive:/dev/stdout"]),
        }
    }

    /// The digests of an image's layers as JSON.
    pub(super) fn layers(self, engine: &Engine, reference: &str) -> Call {
        match self {
            Self::Docker | Self::Podman => engine.call([
                "image",
                "inspect",
                "--format",
                "{{json .RootFS.Layers}}",
                reference,
            ]),
            Self::Buildah => engine.call([
                "inspect",
                "--type=image",
                "--format",
                "{{json .OCIv1.RootFS.DiffIDs}}",
                reference,
            ]),
        }
    }

    /// The words that remove an image.
    pub(super) fn remove_image(self) -> &'static [&'static str] {
        match self {
            Self::Docker | Self::Podman => &["image", "rm", "--force"],
            Self::Buildah => &["rmi", "--force"],
        }
    }

    /// Options for a container whose health check is asked often: its own interval is meant for a life of months.
    /// Podman's timer needs systemd, so there it is off and the check is asked for.
    pub(super) fn quick_health(self) -> &'static [&'static str] {
        match self {
            Self::Docker => &["--health-interval=1s", "--health-start-period=1ms"],
            Self::Podman | Self::Buildah => &["--health-interval=disable"],
        }
    }

    /// Options that take further things away. Podman's default limits are above what a nested engine may set.
    pub(super) fn limits(self) -> &'static [&'static str] {
        match self {
            Self::Docker => &[],
            Self::Podman | Self::Buildah => {
                &["--ulimit=nofile=4096:4096", "--ulimit=nproc=4096:4096"]
            }
        }
    }

    /// Whether a container's own health check says that all is well.
    pub(super) fn is_healthy(self, container: &Container<'_>) -> Result<bool> {
        match self {
            Self::Docker => Ok(container.inspect(".State.Health.Status")? == "healthy"),
            Self::Podman | Self::Buildah => {
                let call = container.engine.call(["healthcheck", "run", &container.id]);
                Ok(call.output()?.status.success())
            }
        }
    }
}
