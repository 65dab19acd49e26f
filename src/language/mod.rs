//! Languages as folders: manifests, templates, samples. No language is named here or anywhere else in `src/`.
mod embedded;
pub mod fields;
pub mod files;
pub mod folder;
pub mod further;
pub mod manifest;
pub mod needs;
mod part;
pub mod rules;

pub use fields::{fields, service_fields};
pub use folder::{Error, IGNORE, Language, common_ignore, ids, load, load_all, read, shared};
pub use further::{Further, actions, further, further_templates};
pub use manifest::Manifest;
pub use needs::{Need, needs};
