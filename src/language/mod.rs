//! Languages as folders: manifests, templates, samples. No language is named here or anywhere else in `src/`.
mod embedded;
mod extend;
pub mod fields;
pub mod files;
pub mod folder;
pub mod further;
pub mod manifest;
pub mod needs;
mod part;
pub mod rules;
pub mod workspace;

pub use fields::{fields, service_fields};
pub use folder::{
    DOCKERFILE, Error, IGNORE, Language, Origin, common_ignore, from_files, ids, load, load_all,
    read, shared, skeleton,
};
pub use further::{Further, actions, further, further_templates};
pub use manifest::Manifest;
pub use needs::{Need, needs};
