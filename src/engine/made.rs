//! What was made through the engine: images, containers, cache mounts. Each goes when its value goes, also after a
//! failure or a panic.
use std::net::SocketAddr;
use std::time::Duration;

use super::client::Engine;
use super::error::{Result, refuted};

/// How long a container may take to stop before the engine kills it: what `docker stop` waits when nobody says otherwise
/// (<https://docs.docker.com/reference/cli/docker/container/stop/>).
pub(super) const GRACE: Duration = Duration::from_secs(10);

/// An image that goes when this value goes.
pub struct Image<'a> {
    pub(super) engine: &'a Engine,
    /// Its name.
    pub tag: String,
}

/// A container that goes when this value goes, with its volumes.
pub struct Container<'a> {
    pub(super) engine: &'a Engine,
    /// Its id.
    pub id: String,
}

/// Cache mounts, and what builds left in the engine's cache. A proof's own go when this value goes, shared cache mounts
/// when the run ends.
pub struct CacheSpace<'a> {
    pub(super) engine: &'a Engine,
    /// The prefix of their ids.
    pub name: String,
    pub(super) own: bool,
}

impl Container<'_> {
    /// One part of its state, by the engine's path for it.
    pub fn inspect(&self, path: &str) -> Result<String> {
        let format = format!("{{{{{path}}}}}");
        self.engine
            .call(["container", "inspect", "--format", &format, &self.id])
            .stdout()
    }

    /// The address on this machine behind which its port is published.
    pub fn address(&self, port: u16) -> Result<SocketAddr> {
        let text = self
            .engine
            .call(["port", &self.id, &format!("{port}/tcp")])
            .stdout()?;
        let line = text.lines().next().unwrap_or_default();
        line.parse()
            .map_err(|_| refuted(format!("an address for port {port}"), line))
    }

    /// What it has printed so far, both streams.
    pub fn logs(&self) -> Result<String> {
        let output = self.engine.call(["logs", &self.id]).output()?;
        Ok(format!("{}{}", output.stdout, output.stderr))
    }

    /// Asks it to stop as an orchestrator does, and returns how long that took.
    pub fn stop(&self) -> Result<Duration> {
        let grace = GRACE.as_secs().to_string();
        let output = self
            .engine
            .call(["stop", "-t", &grace, &self.id])
            .output()?;
        Ok(output.took)
    }

    /// Whether its own health check says that all is well.
    pub(super) fn is_healthy(&self) -> Result<bool> {
        self.engine.kind.is_healthy(self)
    }

    /// The paths that it has changed in its own root.
    pub fn changed(&self) -> Result<Vec<String>> {
        let text = self.engine.call(["diff", &self.id]).stdout()?;
        let paths = text
            .lines()
            .filter_map(|line| Some(line.split_once(' ')?.1));
        Ok(paths.map(str::to_owned).collect())
    }
}

impl Drop for Image<'_> {
    fn drop(&mut self) {
        let words = self.engine.kind.remove_image();
        let _ = self
            .engine
            .call(words.iter().copied())
            .args([&self.tag])
            .output();
    }
}

impl Drop for Container<'_> {
    fn drop(&mut self) {
        let _ = self
            .engine
            .call(["rm", "--force", "--volumes", &self.id])
            .output();
    }
}

impl CacheSpace<'_> {
    /// Ends this use and leaves what is cached to the next one of the same name; what is left in the end goes with the
    /// engine.
    pub fn keep(self) {
        self.engine.leave(&self.name);
        std::mem::forget(self);
    }
}

impl Drop for CacheSpace<'_> {
    fn drop(&mut self) {
        self.engine.forget(&self.name, self.own);
    }
}
