//! `crane`, of go-containerregistry.
use super::{Client, words};

/// The client.
pub(super) struct Crane;

impl Client for Crane {
    fn name(&self) -> &'static str {
        "crane"
    }

    fn command(&self, reference: &str) -> Vec<String> {
        words(&["crane", "digest", reference])
    }

    fn digest(&self, printed: &str) -> Option<String> {
        Some(printed.trim().to_owned())
    }
}
