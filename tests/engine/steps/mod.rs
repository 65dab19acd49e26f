//! The proofs, one file for each thing that is asked of a project.

pub(crate) mod cache;
pub(crate) mod container;
pub(crate) mod context;
pub(crate) mod foreign;
pub(crate) mod image;
pub(crate) mod probe;
pub(crate) mod process;
pub(crate) mod server;
pub(crate) mod tool;
pub(crate) mod worker;
