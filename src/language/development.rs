//! The stage that serves a project while somebody edits it: what a container of it is given beside its image.
use serde::{Deserialize, Serialize};

use crate::spec::field::When;

/// How the source gets into a container of the stage `development`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Development {
    /// Only then is there such a stage. Of several, the first that holds is meant.
    #[serde(skip_serializing)]
    pub when: When,
    /// Where in the container the project lies.
    pub folder: String,
    /// Folders below that which the image brings and the project does not: a mount over `folder` must not hide them.
    #[serde(default)]
    pub keep: Vec<String>,
    /// Files that are no source: after a change of one the stage is built anew.
    #[serde(default)]
    pub rebuild: Vec<String>,
}
