//! What is wrong with a language folder.
use super::files::{self, Files};
use super::folder::MANIFEST;
use crate::report::Place;

/// What is wrong with a language folder: always a fault of whoever wrote it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file of it does not have its form.
    #[error("{}: {message}", place.short())]
    Form {
        /// Where.
        place: Place,
        /// What is wrong.
        message: String,
    },
    /// The folder has no manifest.
    #[error(
        "{id}: there is no {MANIFEST}, so this is no language folder{}",
        told(below)
    )]
    NoManifest {
        /// The folder.
        id: String,
        /// Folders below it that have one.
        below: Vec<String>,
    },
    /// The directory holds what no language folder may hold.
    #[error("{id}: {source}")]
    Files {
        /// The folder.
        id: String,
        /// What, and why.
        source: files::Error,
    },
}

/// How many folders are named that might have been meant.
const NAMED: usize = 5;

pub(super) fn no_manifest(id: &str, files: &Files) -> Error {
    let paths = files.paths().into_iter();
    let folder = |path: String| {
        let folder = path.strip_suffix(MANIFEST)?.strip_suffix('/')?;
        Some(folder.escape_debug().to_string())
    };
    let (id, below) = (id.to_owned(), paths.filter_map(folder).take(NAMED));
    Error::NoManifest {
        id,
        below: below.collect(),
    }
}

fn told(below: &[String]) -> String {
    if below.is_empty() {
        return String::new();
    }
    format!("; these below it are: {}", below.join(", "))
}
