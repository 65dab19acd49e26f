//! What was made through the engine: images, containers, cache mounts. Each goes when its value goes, also after a
//! failure or a panic.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use super::command::Call;
use super::docker::{BUILD_LIMIT, Docker};
use super::error::{Error, Result, refuted};

/// An image that goes when this value goes.
pub(crate) struct Image<'a> {
    pub(super) docker: &'a Docker,
    /// Its name.
    pub(crate) tag: String,
}

/// A container that goes when this value goes, with its volumes.
pub(crate) struct Container<'a> {
    pub(super) docker: &'a Docker,
    pub(super) id: String,
}

/// Cache mounts. A case's own go when this value goes, shared ones when the run ends.
pub(crate) struct CacheSpace<'a> {
    pub(super) docker: &'a Docker,
    /// The prefix of their ids.
    pub(crate) name: String,
    pub(super) own: bool,
}

impl Image<'_> {
    /// Its configuration, as the engine keeps it.
    pub(crate) fn config(&self) -> Result<Value> {
        let text = self
            .docker
            .call([
                "image",
                "inspect",
                "--format",
                "{{json .Config}}",
                &self.tag,
            ])
            .stdout()?;
        json("the image's configuration", &text)
    }
}

impl Container<'_> {
    /// One part of its state, by the engine's path for it.
    pub(crate) fn inspect(&self, path: &str) -> Result<String> {
        let format = format!("{{{{{path}}}}}");
        self.docker
            .call(["container", "inspect", "--format", &format, &self.id])
            .stdout()
    }

    /// The address on this machine behind which its port is published.
    pub(crate) fn address(&self, port: u16) -> Result<SocketAddr> {
        let text = self
            .docker
            .call(["port", &self.id, &format!("{port}/tcp")])
            .stdout()?;
        let line = text.lines().next().unwrap_or_default();
        line.parse()
            .map_err(|_| refuted(format!("an address for port {port}"), line))
    }

    /// What it has printed so far, both streams.
    pub(crate) fn logs(&self) -> Result<String> {
        let output = self.docker.call(["logs", &self.id]).output()?;
        Ok(format!("{}{}", output.stdout, output.stderr))
    }

    /// Asks it to stop as an orchestrator does, and returns how long that took.
    pub(crate) fn stop(&self) -> Result<Duration> {
        let output = self
            .docker
            .call(["stop", "--timeout", "10", &self.id])
            .output()?;
        Ok(output.took)
    }

    /// Copies one file out of it.
    pub(crate) fn copy(&self, from: &str, to: &Path) -> Result<()> {
        let from = format!("{}:{from}", self.id);
        self.docker
            .call([
                "cp".as_ref(),
                "--follow-link".as_ref(),
                from.as_ref(),
                to.as_os_str(),
            ])
            .stdout()
            .map(drop)
    }

    /// All paths of its file system.
    pub(crate) fn paths(&self) -> Result<Vec<String>> {
        let folder = tempfile::tempdir()?;
        let archive = folder.path().join("files.tar");
        let export = self.docker.call([
            "export".as_ref(),
            "--output".as_ref(),
            archive.as_os_str(),
            self.id.as_ref(),
        ]);
        export.limit(BUILD_LIMIT).stdout()?;
        let listing = Call::new("tar")
            .args(["-tf".as_ref(), archive.as_os_str()])
            .stdout()?;
        Ok(listing.lines().map(|line| format!("/{line}")).collect())
    }
}

impl Drop for Image<'_> {
    fn drop(&mut self) {
        let _ = self
            .docker
            .call(["image", "rm", "--force", &self.tag])
            .output();
    }
}

impl Drop for Container<'_> {
    fn drop(&mut self) {
        let _ = self
            .docker
            .call(["rm", "--force", "--volumes", &self.id])
            .output();
    }
}

impl Drop for CacheSpace<'_> {
    fn drop(&mut self) {
        if !self.own {
            return;
        }
        let filter = format!("description~={}", self.name);
        let _ = self
            .docker
            .call(["buildx", "prune", "--force", "--filter", &filter])
            .output();
    }
}

/// Reads the engine's JSON.
fn json(what: &str, text: &str) -> Result<Value> {
    serde_json::from_str(text).map_err(|source| Error::Json {
        what: what.to_owned(),
        source,
    })
}
