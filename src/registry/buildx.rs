//! `docker buildx imagetools`: comes with Docker, and asks the registry without pulling.
use super::{Client, words};

/// The client.
pub(super) struct Buildx;

impl Client for Buildx {
    fn name(&self) -> &'static str {
        "docker buildx"
    }

    fn command(&self, reference: &str) -> Vec<String> {
        let inspect = ["docker", "buildx", "imagetools", "inspect"];
        let rest = ["--format", "{{json .Manifest}}", reference];
        words(&[&inspect[..], &rest[..]].concat())
    }

    fn digest(&self, printed: &str) -> Option<String> {
        let manifest: serde_json::Value = serde_json::from_str(printed).ok()?;
        Some(manifest.get("digest")?.as_str()?.to_owned())
    }
}
