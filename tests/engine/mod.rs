//! The cases of the proof on a real container engine. The proof itself is the product's (`stagewright::engine`); here
//! stands what it is put to:
//!
//! - [`case`]: what to prove, read from `cases/*.toml`; a new language is a new file there and no new code;
//! - [`project`]: the folder under proof, made by `scaffold new`, taken from `examples/`, or damaged on purpose;
//! - [`bases`]: the base images, from their registries or from a local provider;
//! - [`elsewhere`]: of several services, that the edit of another one builds nothing again;
//! - [`request`]: what a server answers besides the one thing that every server is asked;
//! - [`reworded`]: that the development stage serves an edit, and the test stage fails by it;
//! - [`probe`], [`foreign`], [`own_tests`]: what only a test can ask: HTTPS and time zones from inside, an emulator, the
//!   sample's own tests;
//! - [`interrupted`]: a proof that is told to end leaves nothing;
//! - [`several`]: `scaffold verify` of two services, one of them damaged;
//! - [`shared`]: layers and cache mounts that the cases of one file share;
//! - [`proof`]: walks one case through all of it.

pub(crate) mod bases;
pub(crate) mod case;
pub(crate) mod elsewhere;
pub(crate) mod foreign;
pub(crate) mod interrupted;
pub(crate) mod own_tests;
pub(crate) mod probe;
pub(crate) mod project;
pub(crate) mod proof;
pub(crate) mod request;
pub(crate) mod reworded;
pub(crate) mod several;
pub(crate) mod shared;
