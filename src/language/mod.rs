//! Languages as folders: manifests, templates, samples. No language is named here or anywhere else in `src/`.
mod base;
pub mod development;
mod embedded;
mod error;
mod extend;
pub mod fields;
pub mod files;
pub mod folder;
pub mod further;
pub mod manifest;
pub mod needs;
mod part;
mod proof;
mod reading;
pub mod rules;
mod shared;
pub mod workspace;

pub use base::Beside;
pub use development::Development;
pub use error::Error;
pub use fields::{fields, service_fields};
pub use folder::{DOCKERFILE, Language, Origin, from_files, ids, load, load_all, read};
pub use further::{Further, actions, further, further_templates};
pub use manifest::Manifest;
pub use needs::{Need, needs};
pub use proof::Proof;
pub use shared::{IGNORE, common_ignore, shared, shared_templates, skeleton};
