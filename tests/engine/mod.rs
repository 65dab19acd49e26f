//! The proof of a project folder on a real container engine.
//!
//! A linter says that a Dockerfile looks right; only a container that was built, run with everything taken away,
//! stopped and rebuilt says that it *is* right. The rooms, in the order in which a project walks through them:
//!
//! - [`case`]: what to prove, read from `cases/*.toml`; a new language is a new file there and no new code;
//! - [`project`]: the folder under proof, made by `scaffold new`, taken from `examples/`, or damaged on purpose;
//! - [`bases`]: the base images, from their registries or from a local provider;
//! - [`docker`]: the engine's own words for build, run, look, stop; [`made`]: what came of them, removed again;
//! - [`steps`]: the proofs themselves, each with a name and a reason;
//! - [`proof`]: walks one case through the steps that apply to it;
//! - [`report`]: what held, what did not, and the figures.
//!
//! [`command`], [`progress`], [`http`] and [`elf`] know one foreign thing each: a child process, BuildKit's progress
//! stream, a plain HTTP answer, a program file's header.

pub(crate) mod bases;
pub(crate) mod case;
pub(crate) mod cleanup;
pub(crate) mod command;
pub(crate) mod docker;
pub(crate) mod dockerfile;
pub(crate) mod elf;
pub(crate) mod error;
pub(crate) mod http;
pub(crate) mod made;
pub(crate) mod progress;
pub(crate) mod project;
pub(crate) mod proof;
pub(crate) mod report;
pub(crate) mod steps;
