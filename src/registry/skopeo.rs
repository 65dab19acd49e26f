//! `skopeo`, which often comes with Podman and Buildah. The manifest as the registry gives it is its own digest.
use super::{Client, words};

/// The client.
pub(super) struct Skopeo;

impl Client for Skopeo {
    fn name(&self) -> &'static str {
        "skopeo"
    }

    fn command(&self, reference: &str) -> Vec<String> {
        let image = format!("docker://{reference}");
        words(&["skopeo", "inspect", "--raw", &image])
    }

    fn digest(&self, printed: &str) -> Option<String> {
        Some(crate::workspace::lock::digest(printed.as_bytes()))
    }
}
