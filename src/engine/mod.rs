//! The proof of a project on a real container engine.
//!
//! A linter says that a Dockerfile looks right; only a container that was built, run with everything taken away,
//! stopped and rebuilt says that it *is* right. This room alone starts an engine, and leaves nothing behind.
//!
//! - [`client`]: the engine; [`kind`]: where docker, podman and buildah differ; [`build`], [`made`]: what it makes,
//!   removed again; [`records`](Engine): its build cache, given back;
//! - [`claims`]: what must be so of a project; [`copy`]: where changes are tried;
//! - [`image`]: an image read without starting it: layers, programs, libraries;
//! - [`survey`]: what a Dockerfile says of all that;
//! - [`steps`]: the proofs themselves, each with a name; [`proof`]: walks a project through them; [`report`]: what held.
//!
//! [`command`], [`progress`] and [`http`] know one foreign thing each: a child process, what a build tells, a plain
//! HTTP answer.
pub mod build;
pub mod claims;
mod cleanup;
pub mod client;
pub mod command;
pub mod contents;
pub mod copy;
pub mod error;
pub mod http;
pub mod image;
pub mod kind;
pub mod made;
pub mod progress;
pub mod proof;
mod records;
pub mod report;
pub mod steps;
pub mod survey;

pub use claims::Claims;
pub use client::Engine;
pub use error::{Error, Result};
pub use proof::{Project, Subject};
pub use report::Report;
